"""Lets personal data go when the retention settings' time is over: in the database, in its copies, and the pictures beside it.

Once a day while the program is open, and soon after a start if that day has passed. The database does it in small steps, so that
nobody who works notices; only building the file anew takes seconds with a hundred thousand shipments, and that waits until
nobody has done anything for a while. It makes way for whoever comes meanwhile.

A clock that is years wrong would make everything too old at once, and nothing comes back. So after a long pause nothing goes
until Zendera has been reached: with such a clock its certificate would be refused.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from zendera_desk.domain.changes import Change, Changes, DraftsChanged, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.copies import Copy, CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.engine.clock import Clock
from zendera_desk.settings import Settings, is_shorter
from zendera_desk.store import archives, archiving, backups, pictures, purged_copies, retention
from zendera_desk.store.database import Database

AFTER_START: Final = timedelta(minutes=2)
OFTEN: Final = timedelta(minutes=30)
"""How often it is looked what was closed, from when its days count, and whether a day has passed."""
DAY: Final = timedelta(days=1)
PAUSE: Final = timedelta(days=14)
"""Of a program that was not open for longer nobody knows whether it was the clock that jumped."""
QUIET: Final = timedelta(minutes=5)
"""So long nobody typed or sent before the file is built anew."""
AGAIN: Final = timedelta(minutes=1)
"""After what was not quiet enough, had to make way, or had no room."""
SOON: Final = timedelta(minutes=1)
"""Between two copies: with many and large ones the disk is left to others most of the time."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Keeping:
    """`step` is a loop's step; everything else may be called at any time."""

    def __init__(self, folder: Path, database: Database, clock: Clock, changes: Changes, preferred: Callable[[], Settings]) -> None:
        self._folder = folder
        self._database = database
        self._clock = clock
        self._changes = changes
        self._preferred = preferred
        self._began: datetime | None = None
        self._asked = False
        self._acted = clock.monotonic()
        self._looked_through: set[Path] = set()
        self._way = threading.Event()
        self._end = threading.Event()
        self.when_asked: Callable[[], None] = _nobody
        """Wakes the loop."""
        changes.subscribe(self._heard)

    def prefer(self, before: Settings, after: Settings) -> None:
        """What is kept for a shorter time goes now: the page has asked whether that is meant."""
        pairs = (after.keep_proofs_days, before.keep_proofs_days), (after.keep_shipments_days, before.keep_shipments_days)
        if any(is_shorter(*days) for days in pairs):
            self._asked = True
            self.when_asked()

    def make_way(self) -> None:
        """Somebody is about to write what must not wait."""
        self._acted = self._clock.monotonic()
        self._way.set()

    def close(self) -> None:
        self._end.set()

    async def step(self, now: datetime) -> datetime | None:
        try:
            return await self._step(now)
        except StoreError as error:  # a full disk keeps what it has; the status line says that it is full
            _log.info("retention waits: %s", error)
            return now + OFTEN

    async def _step(self, now: datetime) -> datetime:
        if self._began is None or now < self._began:
            self._began = now
        if not self._asked and now - self._began < AFTER_START:
            return self._began + AFTER_START
        await self._database.write(retention.note_closed, now)
        ran_at = await self._database.read(retention.ran_at)
        overdue = not timedelta() <= now - ran_at < DAY
        since_yesterday = overdue and await self._database.read(retention.is_owed)
        if (self._asked or overdue) and await self._clock_is_right(now, ran_at):
            await self.purge(now)
            self._asked = False
        if not await self._compacted(since_yesterday):
            return now + AGAIN
        return now + (SOON if await self._next_copy(now) else OFTEN)

    async def _clock_is_right(self, now: datetime, ran_at: datetime) -> bool:
        if self._asked or abs(now - ran_at) <= PAUSE:
            return True
        reached_at = await self._database.read(retention.reached_at)
        return reached_at is not None and abs(now - reached_at) <= DAY

    async def purge(self, now: datetime) -> None:
        """What is over, in the database and beside it. What is left in its file goes with the next `compact`."""
        limits = self._limits(now)
        orders = await self._purge_rows(limits, now)
        while await self._database.write(pictures.forget_unnamed, now):
            pass
        kept = await self._database.read(pictures.named)
        await asyncio.to_thread(pictures.sweep, self._folder, kept, now)
        await asyncio.to_thread(purged_copies.drop_put_aside, self._folder, limits)
        await self._database.write(retention.note_run, now)
        self._looked_through.clear()
        if orders:
            self._changes.publish(ShipmentsChanged(frozenset(orders)), OutboxChanged(frozenset()), LinkChanged())

    async def _purge_rows(self, limits: retention.Before, now: datetime) -> set[OrderId]:
        orders: set[OrderId] = set()
        for entries in _few(await self._database.read(retention.entries_over, limits)):
            orders.update(await self._database.write(retention.purge_entries, entries, limits, now))
        for shipments in _few(await self._database.read(retention.shipments_over, limits)):
            orders.update(await self._database.write(retention.purge_shipments, shipments, limits))
        for table, rows in (await self._database.read(retention.loose_over, limits)).items():
            for some in _few(rows):
                await self._database.write(retention.purge_loose, table, some, limits)
        return orders

    def _limits(self, now: datetime) -> retention.Before:
        preferred = self._preferred()
        return retention.before(now, preferred.keep_proofs_days, preferred.keep_shipments_days)

    async def _compacted(self, since_yesterday: bool) -> bool:
        """Whether nothing deleted is left in the file. Where nobody was quiet `since_yesterday`, it has to be now."""
        if not await self._database.read(retention.is_owed):
            return True
        quiet = self._clock.monotonic() - self._acted >= QUIET.total_seconds()
        return (quiet or since_yesterday) and await self.compact()

    async def compact(self) -> bool:
        if self._database.whole.locked():
            return False  # a copy is being made: it is waited for here, and not by the writer
        async with self._database.whole:
            return await self._compact()

    async def _compact(self) -> bool:
        if not await asyncio.to_thread(retention.has_room, self._database.path):
            _log.info("what was deleted stays in the file: too little room to build it anew")
            return False
        first = True
        while await self._database.write(retention.merge_index, first=first):
            first = False
        self._way.clear()
        if not await self._database.apart(retention.compact, lambda: self._way.is_set() or self._end.is_set()):
            return False
        await self._database.write(retention.settle)
        return True

    async def _next_copy(self, now: datetime) -> bool:
        """Purges one copy of the database; says whether there may be another. Each is looked through once after each purge.

        The newest is never dropped: where it says less than the database, there is a newer one within the hour.
        """
        limits = self._limits(now)
        every = await asyncio.to_thread(backups.copies, self._folder)
        if await self._next_archive(limits, now):
            return True
        for copy in every:
            if copy.path in self._looked_through:
                continue
            try:
                left = await asyncio.to_thread(purged_copies.purge, copy, limits, now, self._end.is_set)
            except StoreError as error:  # the others have their turn; this one is tried again tomorrow
                _log.info("a copy is not purged: %s", error)
                self._looked_through.add(copy.path)
                continue
            if left is None:
                return True
            stale = await self._database.read(purged_copies.is_stale, left)
            if stale and copy == every[0]:
                continue
            if stale:
                await asyncio.to_thread(purged_copies.drop, copy)
            self._looked_through.add(copy.path)
            return True
        return False

    async def _next_archive(self, limits: retention.Before, now: datetime) -> bool:
        """The same with an archive. All that is in it is done, so nothing can be left; without a shipment it says no more than the audit
        rows that the database kept. A damaged one goes when all of it is over: nobody can purge inside it."""
        pending = await self._database.read(archiving.pending)
        for archive in await asyncio.to_thread(archives.archives, self._folder):
            if archive.path in self._looked_through or (pending is not None and archive.path.name == pending.file):
                continue
            self._looked_through.add(archive.path)
            copy = Copy(path=archive.path, at=archive.until, kind=CopyKind.BY_HAND, generation=0, size=archive.size)
            try:
                left = await asyncio.to_thread(purged_copies.purge, copy, limits, now, self._end.is_set)
                if left is not None and (left.whole or await asyncio.to_thread(archives.is_empty, archive.path)):
                    await asyncio.to_thread(archives.drop, archive.path)
            except StoreError as error:
                _log.info("an archive is not purged: %s", error)
                continue
            return True
        return False

    def _heard(self, change: Change) -> None:
        if isinstance(change, DraftsChanged | OutboxChanged):
            self._acted = self._clock.monotonic()


def _few(rows: Sequence[T]) -> list[Sequence[T]]:
    return [rows[start : start + retention.STEP] for start in range(0, len(rows), retention.STEP)]


def _nobody() -> None:
    """Until somebody runs it as a loop."""
