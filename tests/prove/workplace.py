"""A real desk in a real folder, its engine driven step by step, and a simulated Zendera in process: no socket, no waiting."""

import contextlib
import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import httpx

from support.day import HandClock
from zendera_desk.api.client import ZenderaClient
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.outbox import Entry, State
from zendera_desk.settings import Settings
from zendera_desk.simulator.answers import Request
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import World

BASE: Final = "https://zendera.invalid/api/"
SETTINGS: Final = Settings(made_by="Kari", desk="front")
WAITING: Final = frozenset({State.HELD, State.DUE, State.SENDING, State.UNCLEAR})


class Wire(httpx.AsyncBaseTransport):
    """Hands each request over. `on_send` is called when the bytes of a send have left, `on_answer` before its answer is there."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self.on_send: Callable[[bytes], None] = lambda _body: None
        self.on_answer: Callable[[], None] = lambda: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        asked = Request(
            method=request.method,
            path=request.url.path,
            query=dict(request.url.params),
            headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers.raw),
            body=body,
        )
        if request.method == "POST":
            self.on_send(body)
        self._simulator.world.advance()
        answer = self._simulator.answer(asked)
        if request.method == "POST":
            self.on_answer()
        return httpx.Response(answer.status, headers=list(answer.headers), stream=httpx.ByteStream(answer.body))


class Workplace:
    """`open` it, drive it, `close` it. The world and the clock outlive a desk that is opened again."""

    def __init__(self, folder: Path, seed: int = 7, shipments: int = 6) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.simulator = Simulator(World(seed, clock=self.clock.now, shipments=shipments, history=0))
        self.wire = Wire(self.simulator)
        self.desk: Desk

    async def open(self) -> Desk:
        async def open_client(base_url: str, key: str, on_limits: Callable[[Limits], None]) -> ZenderaClient:
            return await ZenderaClient.open(base_url, key, on_limits=on_limits, transport=self.wire)

        self.desk = await plain_desk(self.folder, self.clock, open_client)
        await self.desk.open_passing_account("Nordlys", BASE, self.simulator.key)
        if self.desk.engine is not None:
            self.desk.engine.outbox._rng = random.Random(1)
        return self.desk

    async def walk(self) -> None:
        await self._engine.intake.step(self.clock.now())

    async def send(self, **later: float) -> None:
        await self._engine.outbox.step(self.clock.move(**(later or {"seconds": 11})))

    async def ask(self) -> None:
        await self._engine.verify.step(self.clock.now())

    async def tail(self) -> None:
        await self._engine.tail.step(self.clock.now())

    @property
    def _engine(self):  # noqa: ANN202
        if self.desk.engine is None:
            raise AssertionError("the account is not open")
        return self.desk.engine

    async def entries(self) -> list[Entry]:
        """All of them, the oldest first."""
        return sorted((line.entry for line in await self.desk.outbox()), key=lambda entry: entry.id)

    async def settle(self, rounds: int = 40) -> None:
        """The engine at work until nothing is on its way, and nobody looks for it any more."""
        for _ in range(rounds):
            for step in (self.walk, self.send, self.ask, self.tail):
                await step()
            if not any(entry.state in WAITING for entry in await self.entries()):
                return
            self.clock.move(minutes=2)

    def arrived(self) -> Counter[tuple[str, int, str]]:
        """What is in Zendera's books: kind, order and the hash of what came, how often."""
        return Counter((each.kind, each.order_id, each.sha256) for each in self.simulator.ledger.applied())


async def plain_desk(folder: Path, clock: HandClock, open_client: Callable[..., object] | None = None) -> Desk:
    """As the program opens it."""
    return await Desk.open(
        folder,
        SETTINGS,
        zone=ZoneInfo("Europe/Oslo"),
        keys=Keys(find=lambda: ()),
        clock=clock,
        open_client=open_client,  # type: ignore[arg-type]
        by_hand=True,
    )


def states(path: Path) -> dict[int, str]:
    """Of the entries, as the file says, read from outside."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as conn:
        return dict(conn.execute("select id, state from entry order by id"))


def orders_of(body: bytes) -> list[int]:
    document = json.loads(body)
    return [row["orderId"] for row in document["create"]] if "create" in document else [document["orderId"]]
