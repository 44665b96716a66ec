"""A still world with a clock that stands, in process and over a socket."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import World

MORNING = datetime(2026, 6, 11, 6, 0, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return World(7, lambda: MORNING, shipments=8)


@pytest.fixture
def simulator(world: World) -> Simulator:
    return Simulator(world, key="the-key")


@pytest.fixture
async def carrier(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """A carrier's client, in process."""
    transport = httpx.ASGITransport(simulator)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://zendera/api/", headers={"Authorization": "apikey the-key"}
    ) as client:
        yield client


@pytest.fixture
def running(world: World) -> Iterator[RunningSimulator]:
    with RunningSimulator(world, key="the-key") as simulator:
        yield simulator


@pytest.fixture
def line(running: RunningSimulator) -> Iterator[httpx.Client]:
    """A carrier's client, over a real socket."""
    headers = {"Authorization": "apikey the-key"}
    with httpx.Client(base_url=running.base_url, headers=headers, trust_env=False, timeout=5) as client:
        yield client
