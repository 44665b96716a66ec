"""Walks the export page by page, stores what is new or changed in full, and learns from whole walks who is gone.

A walk and an acknowledgement exclude each other (`gate`): an order that leaves the feed in the middle of a walk would move
the pages under it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.api import wire
from zendera_desk.domain.changes import Changes, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import LinkError
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.shipment import Exported, ExportPage
from zendera_desk.domain.views import Difference
from zendera_desk.engine.budget import Purpose
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.link import Endpoint, Link, Waiting
from zendera_desk.engine.retry import SETTLE
from zendera_desk.store import outbox, shipments, walks
from zendera_desk.store.database import Database

PER_PAGE: Final = 50
"""The documented page size; the largest one is not documented."""
POLL: Final = timedelta(seconds=60)
AGAIN: Final = timedelta(seconds=5)
"""After a walk under which the pages moved."""
MOST_PAGES: Final = 1000

_log = logging.getLogger(__name__)


class Intake:
    def __init__(self, link: Link, database: Database, clock: Clock, changes: Changes, gate: asyncio.Lock) -> None:
        self._link = link
        self._database = database
        self._clock = clock
        self._changes = changes
        self._gate = gate
        self._pages = 1
        self._unclean = 0
        self.checking = False
        self.next_at: datetime | None = None
        self.on_decided: Callable[[], None] = _nobody
        """Called when a walk has decided about entries: they, or what stood behind them, may go out."""

    async def step(self, now: datetime) -> datetime:
        try:
            clean = await self._walk()
        except Waiting as waiting:
            due = waiting.until
        except LinkError:
            due = self._clock.now() + self._link.pace(Purpose.EXPORT, self._pages, POLL)
        else:
            self._unclean = 0 if clean else self._unclean + 1
            pause = self._link.pace(Purpose.EXPORT, self._pages, POLL)
            due = self._clock.now() + (AGAIN if 0 < self._unclean <= 3 else pause)
        return await self._sooner_for_accepts(due, now)

    async def _walk(self) -> bool:
        """One whole walk. Says whether it was clean: the same totals on every page, and every order once.

        A row that could not be read counts under its order id, if at least that could be read. One without even that leaves the
        walk clean if it is the row that the total misses; behind whom it may hide is the store's to say (store/walks.py).
        """
        async with self._gate:
            self._show_checking(checking=True)
            try:
                return await self._pages_of_walk()
            finally:
                self._show_checking(checking=False)

    async def _pages_of_walk(self) -> bool:
        await self._link.notice_jump()
        began, jumps = self._clock.now(), self._link.jumps
        seen: set[OrderId] = set()
        nameless: list[bytes] = []
        rows = 0
        totals: set[tuple[int | None, int | None]] = set()
        for number in range(1, MOST_PAGES + 1):
            page = await self._link.call(Endpoint.EXPORT, lambda client, number=number: client.export_page(number, PER_PAGE))  # type: ignore[misc]
            await self._store(page)
            seen |= {row.shipment.order_id for row in page.rows}
            seen |= {row.order_id for row in page.broken if row.order_id is not None}
            nameless += [row.original for row in page.broken if row.order_id is None]
            rows += len(page.rows) + len(page.broken)
            totals.add((None, -1) if page.is_silent else (page.total, page.total_pages))
            if _is_last(page, number):
                self._pages = number
                break
        else:
            totals.add((None, -1))  # it has no end: whoever was not seen may still come
        fits = len(totals) == 1 and (None, -1) not in totals and next(iter(totals))[0] in ({rows} if nameless else {None, rows})
        clean = fits and rows == len(seen) + len(nameless) and self._link.jumps == jumps
        changed = await self._database.write(
            walks.finish, self._link.account.id, seen, clean=clean, began=began, settle=SETTLE, now=self._clock.now(), nameless=nameless
        )
        self._publish(*changed)
        return clean or bool(nameless)

    async def _store(self, page: ExportPage) -> None:
        account = self._link.account.id
        known = await self._database.read(shipments.originals, account, [row.shipment.order_id for row in page.rows])
        arrived = await asyncio.to_thread(_what_arrived, page.rows, known)
        if arrived:
            await self._database.write(shipments.put, account, arrived, self._clock.now())
            self._publish({one.exported.shipment.order_id for one in arrived}, set())
        if page.broken:
            await self._database.write(shipments.set_aside, account, page.broken, self._clock.now())

    def _publish(self, orders: set[OrderId], entries: set[EntryId]) -> None:
        if orders:
            self._changes.publish(ShipmentsChanged(frozenset(orders)))
        if entries:
            self._changes.publish(OutboxChanged(frozenset(entries)))
            self.on_decided()

    def _show_checking(self, *, checking: bool) -> None:
        self.checking = checking
        self._changes.publish(LinkChanged())

    async def _sooner_for_accepts(self, due: datetime, now: datetime) -> datetime:
        """An accept that may have arrived is decided by a walk: one is due when it has settled."""
        unclear = await self._database.read(outbox.accepts, self._link.account.id, State.UNCLEAR)
        moments = [entry.next_at for entry in unclear if entry.next_at > now]
        self.next_at = min([due, *moments])
        self._changes.publish(LinkChanged())
        return self.next_at


def _nobody() -> None:
    """Until somebody wants to hear."""


def _is_last(page: ExportPage, number: int) -> bool:
    if page.total_pages is not None:
        return number >= page.total_pages
    return len(page.rows) + len(page.broken) < PER_PAGE


def _what_arrived(rows: Sequence[Exported], known: dict[OrderId, bytes]) -> list[shipments.Arrived]:
    """Rows that are new, or that say something else than what we have. Runs in a thread: a burst is a lot of JSON."""
    arrived = {}
    for row in rows:
        old = known.get(row.shipment.order_id)
        differences = None if old is None else _differences(row, old)
        if differences is None or differences:
            arrived[row.shipment.order_id] = shipments.Arrived(exported=row, differences=differences or ())
    return list(arrived.values())


def _differences(row: Exported, old: bytes) -> tuple[Difference, ...] | None:
    """None where ours is damaged: what Zendera says takes its place, and the walk goes on with the others."""
    try:
        return () if old == row.original else tuple(wire.differences(old, row.original))
    except wire.WireError as error:
        _log.warning("shipment %d was damaged on disk and is taken in anew: %s", row.shipment.order_id, error)
        return None
