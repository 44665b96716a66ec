"""A real desk, its real store, and the simulator over a real socket, all on one clock that the test moves."""

import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.day import Day, HandClock
from zendera_desk.api.client import ZenderaClient
from zendera_desk.api.transport import Timeouts
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.limits import Limits
from zendera_desk.settings import Settings
from zendera_desk.simulator.running import RunningSimulator


@pytest.fixture
def timeouts() -> Timeouts:
    """As patient as the office: what a test means to lose is lost by a fault, and never because the machine has much to do."""
    return Timeouts()


@pytest.fixture
async def day(tmp_path: Path, clock: HandClock, simulator: RunningSimulator, timeouts: Timeouts) -> AsyncIterator[Day]:
    async def open_client(base_url: str, key: str, on_limits: Callable[[Limits], None]) -> ZenderaClient:
        return await ZenderaClient.open(base_url, key, on_limits=on_limits, timeouts=timeouts)

    async def reopen() -> Desk:
        desk = await Desk.open(
            tmp_path,
            Settings(made_by="Kari", desk="front"),
            zone=ZoneInfo("Europe/Oslo"),
            keys=Keys(find=lambda: ()),
            clock=clock,
            open_client=open_client,
            by_hand=True,
        )
        await desk.open_passing_account("Nordlys", simulator.base_url, simulator.key)
        assert desk.engine is not None
        desk.engine.outbox._rng = random.Random(1)
        return desk

    one = Day(await reopen(), clock, simulator, reopen)
    yield one
    await one.desk.close()
