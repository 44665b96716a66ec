"""Wrong versions of the real program, for the kills of a person who types. Imported in the program's process.

A harness that does not catch them proves nothing.
"""

import contextlib
import sqlite3
from datetime import datetime
from typing import Any, Final
from unittest import mock

import msgspec

from prove import kills_wrong
from prove.mutants import Mutation
from zendera_desk.bulk import Bulk
from zendera_desk.desk import Desk
from zendera_desk.domain import standing
from zendera_desk.domain.bulk import BulkDraft
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui.bulk.delegate import GridDelegate
from zendera_desk.store import bulk_draft, projection


def _one_field_at_a_time(patches: contextlib.ExitStack) -> None:
    """A save writes one field of those that were typed in since the one before."""
    right = Desk.save_draft
    given: dict[OrderId, Draft] = {}
    saved: dict[OrderId, Draft] = {}

    async def save_draft(desk: Desk, order: OrderId, draft: Draft) -> None:
        before, given[order] = given.get(order, Draft()), draft
        changed = [name for name in Draft.__struct_fields__ if getattr(draft, name) != getattr(before, name)]
        one = {name: getattr(draft, name) for name in changed[:1]}
        saved[order] = msgspec.structs.replace(saved.get(order, Draft()), **one)
        await right(desk, order, saved[order])

    patches.enter_context(mock.patch.object(Desk, "save_draft", save_draft))


def _needed_by_nobody(patches: contextlib.ExitStack) -> None:
    """A draft is marked in its row, and nobody finds that row."""
    right = standing.stand

    def stand(*entries: Any, has_draft: bool, **facts: Any) -> standing.Standing:  # noqa: ANN401
        return right(*entries, has_draft=False, **facts)

    patches.enter_context(mock.patch.object(projection, "stand", stand))


def _without_its_comment(patches: contextlib.ExitStack) -> None:
    """A draft comes back without what it is about."""
    right = Desk.shipment

    async def shipment(desk: Desk, order: OrderId) -> OpenShipment | None:
        opened = await right(desk, order)
        if opened is None or opened.draft is None:
            return opened
        return msgspec.structs.replace(opened, draft=msgspec.structs.replace(opened.draft, comment=""))

    patches.enter_context(mock.patch.object(Desk, "shipment", shipment))


def _grid_on_sending(patches: contextlib.ExitStack) -> None:
    async def save(_bulk: Bulk, _draft: BulkDraft) -> None:
        """Not yet."""

    patches.enter_context(mock.patch.object(Bulk, "save", save))


def _cell_on_leaving(patches: contextlib.ExitStack) -> None:
    """A cell is written when it is left, however long somebody types in it."""
    patches.enter_context(mock.patch.object(GridDelegate, "typed", return_value={}))


def _grid_with_old_shared(patches: contextlib.ExitStack) -> None:
    """What all rows share is written once, and rows as they come."""
    right = bulk_draft.save
    first: list[Draft] = []

    def save(conn: sqlite3.Connection, account: AccountId, draft: BulkDraft, now: datetime) -> list[OrderId]:
        first.append(draft.shared)
        return right(conn, account, msgspec.structs.replace(draft, shared=first[0]), now)

    patches.enter_context(mock.patch.object(bulk_draft, "save", save))


WRONG: Final[dict[str, Mutation]] = {
    **{name: kills_wrong.WRONG[name] for name in ("a draft is saved every five seconds", "the lock of one that was killed counts")},
    "a draft is saved field by field": _one_field_at_a_time,
    "the grid is saved when it is sent": _grid_on_sending,
    "a cell is saved when it is left": _cell_on_leaving,
    "a cell is saved with what was shared before": _grid_with_old_shared,
    "a draft needs nobody": _needed_by_nobody,
    "a draft comes back without its comment": _without_its_comment,
}
