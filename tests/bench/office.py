"""A desk over a store of years, on Qt's loop, without a line to Zendera."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from support.day import HandClock
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.settings import Settings


class BenchDesk(Desk):
    _tasks: set[asyncio.Task[None]]

    _over = False

    def spawn(self, work: Coroutine[object, object, None], _name: str) -> None:
        if self._over:
            work.close()
            return
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def let_go(self) -> None:
        """Of what is being read: the database that closes under it would be an error that nobody hears of."""
        self._over = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def opened(folder: Path, hold_seconds: int = 10) -> AsyncIterator[BenchDesk]:
    settings = Settings(made_by="Kari", desk="front", hold_seconds=hold_seconds)
    zone, keys = ZoneInfo("Europe/Oslo"), Keys(find=lambda: ())
    desk = await BenchDesk.open(folder, settings, zone=zone, keys=keys, clock=HandClock(), by_hand=True)
    assert isinstance(desk, BenchDesk)
    desk._tasks = set()
    try:
        await desk.open_account((await desk.accounts())[0], "a-key")
        yield desk
    finally:
        await desk.let_go()
        await desk.close()
