"""A clock that the test moves, and a desk whose engine is driven step by step."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.views import View
from zendera_desk.engine.engine import Engine
from zendera_desk.settings import Settings
from zendera_desk.simulator.running import RunningSimulator


class HandClock:
    """Stands still until it is moved. `jump` moves the wall clock alone, as somebody who sets it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 6, 11, 9, 0, tzinfo=UTC)
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def jump(self, **duration: float) -> None:
        self._now += timedelta(**duration)

    def move(self, **duration: float) -> datetime:
        passed = timedelta(**duration)
        self._now += passed
        self._monotonic += passed.total_seconds()
        return self._now


class Day:
    """A desk whose engine is driven step by step."""

    def __init__(self, desk: Desk, clock: HandClock, simulator: RunningSimulator, reopen: Callable[[], Awaitable[Desk]]) -> None:
        self.desk = desk
        self.clock = clock
        self.simulator = simulator
        self._reopen = reopen

    @property
    def engine(self) -> Engine:
        assert self.desk.engine is not None
        return self.desk.engine

    async def walk(self) -> None:
        await self.engine.intake.step(self.clock.now())

    async def send(self, **later: float) -> None:
        """What the outbox does `later` than now: 11 s, after the hold, unless told otherwise."""
        await self.engine.outbox.step(self.clock.move(**(later or {"seconds": 11})))

    async def ask(self, **later: float) -> None:
        await self.engine.verify.step(self.clock.move(**later))

    async def tail(self, **later: float) -> None:
        await self.engine.tail.step(self.clock.move(**later))

    async def ids(self, view: View = View.ALL) -> list[OrderId]:
        return await self.desk.shipment_ids(view)

    async def entries(self) -> list[Entry]:
        """All of them, the oldest first."""
        return sorted((line.entry for line in await self.desk.outbox()), key=lambda entry: entry.id)

    async def entry(self) -> Entry:
        """The newest."""
        return (await self.entries())[-1]

    async def restart(self) -> None:
        """As after a kill: nothing is settled, the next desk opens the same folder."""
        if self.desk.engine is not None:
            await self.desk.engine.link.close()
        await self.desk._database.close()
        self.desk = await self._reopen()


@asynccontextmanager
async def day_in(folder: Path, clock: HandClock, simulator: RunningSimulator) -> AsyncIterator[Day]:
    """One in which two shipments are accepted, and the others are not. It is not opened again."""
    settings = Settings(made_by="Kari", desk="front")
    desk = await Desk.open(folder, settings, zone=ZoneInfo("Europe/Oslo"), keys=Keys(find=lambda: ()), clock=clock, by_hand=True)
    await desk.open_passing_account("Nordlys", simulator.base_url, simulator.key)

    async def reopen() -> Desk:
        return desk

    day = Day(desk, clock, simulator, reopen)
    await day.walk()
    await desk.accept((await day.ids(View.TO_ACCEPT))[:2])
    await day.send()
    yield day
    await desk.close()
