"""A report on many shipments at once: its grid on disk, and one entry a row, each with a result of its own.

Reached as `desk.bulk`. Every row goes the way of a single report, through the same checks and the same lock: what is in the way of
one is no matter to the others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from zendera_desk.api import wire
from zendera_desk.domain.bulk import BulkDraft, BulkResult, BulkRow, draft_of
from zendera_desk.domain.changes import Changes, DraftsChanged, LinkChanged
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.views import Account, OpenShipment, Written
from zendera_desk.store import bulk_draft, listing, shipments
from zendera_desk.store.database import Database

Send = Callable[[OrderId, Draft, frozenset[str]], Awaitable[Written | list[Problem]]]


class Bulk:
    """All methods raise StoreError. `send` puts one report of a row into the outbox, as `desk.send_report` does."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        *,
        account: Callable[[], Account | None],
        now: Callable[[], datetime],
        make_way: Callable[[], None],
        send: Send,
    ) -> None:
        self._database, self._changes = database, changes
        self._account, self._now, self._make_way, self._send = account, now, make_way, send

    async def open(self, ids: Sequence[OrderId]) -> list[OpenShipment]:
        """What a row must know of its shipment, without its history; those that are not here are left out."""
        account = self._account()
        if account is None:
            return []
        lines = await self._database.read(listing.lines, account.id, ids)
        originals = await self._database.read(shipments.originals, account.id, ids)
        own = await self._database.read(bulk_draft.drafts_beside, account.id, ids)

        def read() -> list[OpenShipment]:
            return [
                OpenShipment(
                    line=line,
                    shipment=wire.read_shipment(originals[line.order_id]),
                    original=originals[line.order_id],
                    versions=(),
                    draft=own.get(line.order_id),
                )
                for line in lines
                if line.order_id in originals
            ]

        return await asyncio.to_thread(read)

    async def load(self) -> BulkDraft | None:
        """The grid that was not finished, with the rows that can still be taken back into it."""
        account = self._account()
        return None if account is None else await self._database.read(bulk_draft.load, account.id)

    async def save(self, draft: BulkDraft) -> None:
        """In the place of the grid that is there. One in which nothing was typed is none."""
        if (account := self._account()) is None:
            return
        self._make_way()
        self._tell(await self._database.write_anyway(bulk_draft.save, account.id, draft, self._now()))

    async def discard(self) -> None:
        if (account := self._account()) is not None:
            self._tell(await self._database.write(bulk_draft.discard, account.id))

    async def put_back(self, draft: BulkDraft) -> bool:
        """One that was discarded. False, and nothing is changed, where another was begun since."""
        if (account := self._account()) is None:
            return False
        orders = await self._database.write(bulk_draft.put_back, account.id, draft, self._now())
        self._tell(orders or ())
        return orders is not None

    async def send(self, shared: Draft, rows: Sequence[BulkRow], confirmed: Mapping[OrderId, frozenset[str]]) -> list[BulkResult]:
        """One entry a row, in their order. The rows must have been saved: a row that was sent is marked in the same transaction."""
        return [await self._send_row(row.order_id, draft_of(shared, row), confirmed.get(row.order_id, frozenset())) for row in rows]

    async def _send_row(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str]) -> BulkResult:
        match await self._send(order_id, draft, confirmed):
            case Written(entries=(entry,), held_until=held_until):
                return BulkResult(order_id=order_id, entry=entry, held_until=held_until)
            case Written(skipped=skipped):
                return BulkResult(order_id=order_id, skipped=skipped[0].code if skipped else "not_here")
            case problems:
                return BulkResult(order_id=order_id, problems=tuple(problems))

    def _tell(self, orders: Sequence[OrderId]) -> None:
        """Who came into the grid or left it has another mark in the list, and counts in another view."""
        if orders:
            self._changes.publish(DraftsChanged(frozenset(orders)), LinkChanged())
