"""Makes a copy of the database every hour in which something happened, whatever account is open.

A copy that could not be made is tried again soon; it is said on the page about copies and by `doctor`, and keeps nobody
from working. None is made while the file is built anew, nor the other way round; and whoever closes the program waits for none.
A copy that turns out damaged says that the database may be: that is found out at once.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import msgspec

from zendera_desk.domain.changes import Changes, CopiesChanged, Trouble
from zendera_desk.domain.copies import Copy, CopyKind, CopyLine, CopyState
from zendera_desk.domain.errors import StoreError
from zendera_desk.engine.clock import Clock
from zendera_desk.store import backups, care
from zendera_desk.store.database import Database

PACE: Final = timedelta(hours=1)
FIRST: Final = timedelta(minutes=2)
"""After the start: whoever has just sat down gets the disk for themselves."""
AFTER_FAILURE: Final = timedelta(minutes=10)
SHARE_OF_TIME: Final = 30
"""A copy that takes long, of a large database on a slow disk, is made more seldom: it takes a thirtieth of the time at most."""

P = ParamSpec("P")
T = TypeVar("T")
_log = logging.getLogger(__name__)


class Copying:
    def __init__(self, folder: Path, database: Database, clock: Clock, changes: Changes, zone: tzinfo) -> None:
        self._folder = folder
        self._database = database
        self._clock = clock
        self._changes = changes
        self._zone = zone
        self._not_before = clock.now() + FIRST
        self._pace = PACE
        self._state = CopyState()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="copies")
        self._end = threading.Event()

    def stop(self) -> None:
        """A copy that is being made is given up at its next step, and none is begun any more."""
        self._end.set()

    async def close(self) -> None:
        """Stops, and returns when nothing is left of a copy that was being made."""
        self.stop()
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    async def step(self, now: datetime) -> datetime | None:
        if self._end.is_set():
            return None
        due = await self._due(now)
        if due <= now and not self._database.damaged:
            with contextlib.suppress(StoreError):
                if await self._in_thread(backups.has_changed, self._folder):
                    await self.make(CopyKind.HOURLY)
            failed = bool(self._state.code)
            due = self._clock.now() + (AFTER_FAILURE if failed else self._pace)
        self._state = msgspec.structs.replace(self._state, next_at=due)
        return due

    async def make(self, kind: CopyKind) -> Copy:
        """Makes one now, or when the file is not being built anew. Raises StoreError, and says so in `state` until one was made."""
        try:
            async with self._database.whole:
                began = self._clock.monotonic()
                made = await self._in_thread(backups.make, self._folder, kind, self._clock.now(), stopped=self._end.is_set)
                await self._in_thread(backups.prune, self._folder, self._zone)
        except StoreError as error:
            if self._end.is_set():
                raise
            _log.warning("no copy of the database could be made: %s", error)
            self._state = msgspec.structs.replace(self._state, failed_at=self._clock.now(), code=error.code)
            await self._in_thread(backups.note_failure, self._folder, self._clock.now(), error.code)
            self._changes.publish(CopiesChanged())
            if error.code == "damaged":
                await self._look()
            raise
        self._pace = max(PACE, SHARE_OF_TIME * timedelta(seconds=self._clock.monotonic() - began))
        self._state = CopyState(made_at=made.at, next_at=made.at + self._pace)
        self._changes.publish(CopiesChanged())
        return made

    async def lines(self) -> list[CopyLine]:
        """Every copy that there is, the newest first."""
        return await self._in_thread(backups.lines, self._folder, stopped=self._end.is_set)

    async def state(self) -> CopyState:
        every = await self._in_thread(backups.copies, self._folder)
        return msgspec.structs.replace(self._state, made_at=every[0].at if every else None)

    async def _due(self, now: datetime) -> datetime:
        """An hour after the newest copy; soon, where another file has taken the database's place since: it has more than that copy.

        A copy that claims to be from the future is from before the clock was set back.
        """
        every = await self._in_thread(backups.copies, self._folder)
        if not every or every[0].at > now:
            return self._not_before
        replaced_at = await self._database.read(care.newest_notice)
        if replaced_at is not None and replaced_at > every[0].at:
            return self._not_before
        return max(every[0].at + self._pace, self._not_before)

    async def _look(self) -> None:
        """Whether the database itself is damaged: then nothing is sent from it any more."""
        try:
            await self._database.read(care.check, self._database.path.stat().st_size)
        except StoreError as error:
            self._changes.publish(Trouble(error))
        else:
            _log.info("the database is sound; only its copy was not")

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._end.is_set():
            raise StoreError("closed")
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*args, **kwargs))
