"""Makes an archive when a person asks for one, and goes on at the next start with one that something ended in the middle.

The file is written by a thread of its own; shipments leave the database in small steps, so that nobody who works notices. A
person may cancel at any time: before the file has its name nothing has happened, afterwards the archive keeps what was taken out
and gives up the rest, so that each shipment is in one of the two.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

from zendera_desk.domain.archives import Archived, ArchiveLine, ArchiveProgress, Stage, WouldGo
from zendera_desk.domain.changes import ArchivesChanged, Changes, LinkChanged, OutboxChanged, ShipmentsChanged, Trouble
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.supervise import to_the_end
from zendera_desk.store import archive_file, archives, archiving, places
from zendera_desk.store.archiving import Mark, Note
from zendera_desk.store.database import Database

_LOOKED_AT: Final = 500
"""Shipments that are compared in one read."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Archiving:
    """`step` is a loop's step, which ends what an earlier run began; `give_back` builds the database's file anew where it can."""

    def __init__(self, folder: Path, database: Database, clock: Clock, changes: Changes, give_back: Callable[[], Awaitable[bool]]) -> None:
        self._folder = folder
        self._database = database
        self._clock = clock
        self._changes = changes
        self._give_back = give_back
        self._one = asyncio.Lock()
        self._cancel = threading.Event()
        self._end = threading.Event()
        self.progress: ArchiveProgress | None = None
        """None: none is being made."""

    async def would_go(self, account: AccountId, until: datetime) -> WouldGo:
        """How much that is."""
        return await self._database.read_aside(archiving.would_go, account, archiving.limits_of(until, self._clock.now()))

    async def lines(self) -> list[ArchiveLine]:
        return await asyncio.to_thread(archives.lines, self._folder)

    def cancel(self) -> None:
        self._cancel.set()

    def close(self) -> None:
        """The program ends: what is half done is left as it is, and the next start goes on."""
        self._end.set()

    async def step(self, now: datetime) -> None:
        """Once, at the start. Raises StoreError."""
        async with self._one:
            await self._ended(now)

    async def make(self, account: AccountId, until: datetime, *, made_by: str = "", desk: str = "") -> Archived:
        """Raises StoreError when none could be made, or not all of it taken out: the rest is, at the next start."""
        async with self._one:
            self._cancel.clear()
            try:
                now = self._clock.now()
                await self._ended(now)
                wanted = archive_file.Writing(account, archiving.limits_of(until, now), until, now, made_by, desk)
                return await self._made(wanted)
            finally:
                self._tell(None)

    async def _made(self, wanted: archive_file.Writing) -> Archived:
        note = Note(await asyncio.to_thread(archives.new_name, self._folder, wanted.until, wanted.now), wanted.until)
        try:
            work = await self._written(wanted)
        except StoreError as error:
            if error.code == "closed" and self._cancel.is_set():
                return Archived(cancelled=True)
            raise
        if work is None:
            return Archived()
        await self._database.write(archiving.note, note.file, note.until)
        try:
            await asyncio.to_thread(archive_file.give_name, self._folder, work, note.file)
        except StoreError:
            await asyncio.to_thread(archives.sweep, self._folder)
            await self._database.write(archiving.settle)
            raise
        return await self._taken_out(note, wanted.now)

    async def _written(self, wanted: archive_file.Writing) -> Path | None:
        """Not while the database's file is built anew, nor the other way round."""
        loop = asyncio.get_running_loop()

        def told(done: int, of: int) -> None:
            loop.call_soon_threadsafe(self._tell, ArchiveProgress(stage=Stage.COPYING, done=done, of=of))

        self._tell(ArchiveProgress(stage=Stage.COPYING))
        async with self._database.whole:
            work = await _to_its_end(asyncio.to_thread(archive_file.write, self._folder, wanted, told, self._is_stopped))
        if work is not None:
            self._tell(ArchiveProgress(stage=Stage.CHECKING))
            await _to_its_end(asyncio.to_thread(archive_file.check, work, self._is_stopped))
        return work

    async def _ended(self, now: datetime) -> None:
        """Goes on with what an earlier run noted; without its file that one never had a name."""
        await asyncio.to_thread(archives.sweep, self._folder)
        note = await self._database.read(archiving.pending)
        if note is None:
            return
        path = self._folder / places.ARCHIVES / note.file
        try:
            await asyncio.to_thread(archives.look, path)
        except StoreError as error:
            if error.code == "archive_gone":
                _log.info("an archive was never finished; nothing was taken out for it")
            else:
                _log.error("an archive cannot be read: nothing more is taken out for it (%s)", error)
                self._changes.publish(Trouble(error))
            await self._database.write(archiving.settle)
            return
        try:
            await self._taken_out(note, now)
        finally:
            self._tell(None)

    async def _taken_out(self, note: Note, now: datetime) -> Archived:
        path = self._folder / places.ARCHIVES / note.file
        account = await asyncio.to_thread(archive_file.account_of, path)
        marked = await asyncio.to_thread(archive_file.marked, path)
        gone = await self._shipments_taken_out(account, marked, note, now)
        given_up = self._cancel.is_set()
        for some in [] if given_up else _some(await asyncio.to_thread(archive_file.loose, path), archiving.CHANGES):
            if not self._end.is_set():
                await self._database.write(archiving.take_out_changes, account, some)
        if self._end.is_set():
            raise StoreError("closed")
        left = [order for some in _some(marked, _LOOKED_AT) for order in await self._database.read(archiving.still_here, account, some)]
        if left or given_up:
            await asyncio.to_thread(archive_file.leave_out, path, left, loose_too=given_up)
        if await asyncio.to_thread(archives.is_empty, path):
            await asyncio.to_thread(archives.drop, path)
        await self._database.write(archiving.settle)
        self._changes.publish(ShipmentsChanged(frozenset(gone)), OutboxChanged(frozenset()), LinkChanged())
        if not given_up:
            self._tell(ArchiveProgress(stage=Stage.GIVING_BACK))
            await self._give_back()
        return Archived(archive=archives.named(path), shipments=len(marked) - len(left), cancelled=given_up)

    async def _shipments_taken_out(
        self, account: AccountId, marked: Sequence[tuple[OrderId, Mark]], note: Note, now: datetime
    ) -> set[OrderId]:
        limits = archiving.limits_of(note.until, now)
        gone: set[OrderId] = set()
        for place, some in enumerate(_some(marked, archiving.AT_ONCE)):
            if self._is_stopped():
                break
            self._tell(ArchiveProgress(stage=Stage.TAKING_OUT, done=place * archiving.AT_ONCE, of=len(marked)))
            gone.update(await self._database.write(archiving.take_out, account, some, limits, now))
        return gone

    def _is_stopped(self) -> bool:
        return self._cancel.is_set() or self._end.is_set()

    def _tell(self, progress: ArchiveProgress | None) -> None:
        self.progress = progress
        self._changes.publish(ArchivesChanged())


async def _to_its_end(work: Awaitable[T]) -> T:
    """A thread cannot be cancelled: whoever is, waits until it has noticed that it shall stop (`close` says so first)."""
    found: list[T] = []

    async def done() -> None:
        found.append(await work)

    await to_the_end(done())
    return found[0]


def _some(rows: Sequence[T], number: int) -> list[Sequence[T]]:
    return [rows[start : start + number] for start in range(0, len(rows), number)]
