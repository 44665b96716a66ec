"""Programs that let a name go in the wrong way, each the real one with one thing left out: what canary.py must catch, and by what."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from unittest import mock

import msgspec

from zendera_desk.domain import errors
from zendera_desk.engine.keeping import Keeping
from zendera_desk.store import pictures, retention

Patches = contextlib.ExitStack


def _nothing_goes(patches: Patches) -> None:
    async def purge_rows(*_rest: object) -> set[int]:
        return set()

    patches.enter_context(mock.patch.object(Keeping, "_purge_rows", purge_rows))


def _rows_are_deleted_and_no_more(patches: Patches) -> None:
    """What "delete" does in a SQLite as it is built elsewhere."""
    _not_built_anew(patches)
    right = retention._owe

    def owe(conn: sqlite3.Connection, deleted: bool) -> None:
        conn.execute("pragma secure_delete = off")
        right(conn, deleted)

    patches.enter_context(mock.patch.object(retention, "_owe", owe))


def _not_built_anew(patches: Patches) -> None:
    """`secure_delete`, a merged index and a cut log are thought to be enough."""

    def compact(conn: sqlite3.Connection, _stopped: object) -> bool:
        return not conn.execute("pragma wal_checkpoint(truncate)").fetchone()[0]

    patches.enter_context(mock.patch.object(retention, "compact", compact))


def _log_not_cut(patches: Patches) -> None:
    def compact(conn: sqlite3.Connection, _stopped: object) -> bool:
        conn.execute("vacuum")
        conn.execute("pragma wal_checkpoint(passive)")
        return True

    patches.enter_context(mock.patch.object(retention, "compact", compact))


def _index_not_merged(patches: Patches) -> None:
    patches.enter_context(mock.patch.object(retention, "merge_index", return_value=False))


def _copies_forgotten(patches: Patches) -> None:
    async def next_copy(*_rest: object) -> bool:
        return False

    patches.enter_context(mock.patch.object(Keeping, "_next_copy", next_copy))


def _picture_rows_stay(patches: Patches) -> None:
    patches.enter_context(mock.patch.object(pictures, "forget_unnamed", return_value=0))


def _picture_files_stay(patches: Patches) -> None:
    patches.enter_context(mock.patch.object(pictures, "sweep", return_value=0))


def _strangers_stay(patches: Patches) -> None:
    """Rows that belong to no shipment: unreadable ones, and products that nobody here knows."""
    patches.enter_context(mock.patch.dict(retention._LOOSE, clear=True))


def _shipments_stay(patches: Patches) -> None:
    patches.enter_context(mock.patch.object(retention, "shipments_over", return_value=[]))


def _unreported_shipments_go(patches: Patches) -> None:
    """Nobody touched them for as long as the setting says: what they were planned for is not asked."""
    right = retention.before

    def before(now: datetime, proofs_days: int, shipments_days: int) -> retention.Before:
        return msgspec.structs.replace(right(now, proofs_days, shipments_days), unreported=datetime.max.replace(tzinfo=UTC))

    patches.enter_context(mock.patch.object(retention, "before", before))


def _answers_are_logged(patches: Patches) -> None:
    def told(error: errors.DeskError) -> str:
        return f"{error.code} {error.values}"

    patches.enter_context(mock.patch.object(errors.DeskError, "__str__", told))


def _drafts_name_nothing(patches: Patches) -> None:
    """Collecting too much: a draft loses its pictures."""
    patches.enter_context(mock.patch.object(pictures, "_FORMS", "select '{}' form where 0"))


WRONG: Final[dict[str, Callable[[Patches], Any]]] = {
    "nothing goes": _nothing_goes,
    "rows are deleted and no more": _rows_are_deleted_and_no_more,
    "secure_delete is thought to be enough": _not_built_anew,
    "the write-ahead log is not cut": _log_not_cut,
    "the index is not merged": _index_not_merged,
    "copies are forgotten": _copies_forgotten,
    "rows of pictures stay": _picture_rows_stay,
    "files of pictures stay": _picture_files_stay,
    "rows that belong to no shipment stay": _strangers_stay,
    "shipments stay": _shipments_stay,
    "unreported shipments go": _unreported_shipments_go,
    "Zendera's words are logged": _answers_are_logged,
    "drafts name no pictures": _drafts_name_nothing,
}

SEEN_AS: Final[dict[str, str]] = {
    "nothing goes": "name_in_database",
    "rows are deleted and no more": "name_in_database",
    "secure_delete is thought to be enough": "name_in_database",
    "the write-ahead log is not cut": "name_in_wal",
    "the index is not merged": "name_in_database",
    "copies are forgotten": "name_in_copies",
    "rows of pictures stay": "name_in_pictures",
    "files of pictures stay": "name_in_pictures",
    "rows that belong to no shipment stay": "name_in_database",
    "shipments stay": "name_in_database",
    "unreported shipments go": "gone_too_much",
    "Zendera's words are logged": "name_in_logs",
    "drafts name no pictures": "gone_too_much",
}
"""By what each must be caught."""


@contextlib.contextmanager
def mutated(name: str) -> Iterator[None]:
    with contextlib.ExitStack() as patches:
        if name:
            WRONG[name](patches)
        yield
