"""Two thousand due reports, sent by the outbox to a Zendera in a process of its own.

Each is marked durably before its first byte leaves, has a fresh connection, and its answer is written down before the next of its shipment.
The floor posts the same bytes one after the other with httpx alone, on one connection a turn, and forgets them (bare_posts.py). Both in
short turns, because a shared machine is not equally fast from one second to the next.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final
from zoneinfo import ZoneInfo

from bench.figure import Figure
from bench.startup import KEY, small_zendera
from zendera_desk.app import settle_down
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.drafting import ASKS
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import View, Written
from zendera_desk.engine.engine import Engine
from zendera_desk.settings import Settings
from zendera_desk.store import outbox, projection

TURNS: Final = 5
"""A divisor of how many are sent."""


def figures(reports: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as place, small_zendera(reports) as base_url:
        mine, least = asyncio.run(_drained(Path(place), base_url, reports))
    yield Figure(f"drain of {reports:,} due reports, a second", reports / mine, reports / least, 0.7, least=True)


async def _drained(folder: Path, base_url: str, reports: int) -> tuple[float, float]:
    """Seconds: the outbox, and httpx alone."""
    desk = await Desk.open(folder, Settings(hold_seconds=0), zone=ZoneInfo("Europe/Oslo"), keys=Keys(find=lambda: ()), by_hand=True)
    try:
        await desk.open_passing_account("Bench", base_url, KEY)
        assert desk.engine is not None
        orders = await _accepted(desk, desk.engine)
        settle_down()  # as in the program
        mine, least, a_turn = 0.0, 0.0, reports // TURNS
        for turn in range(TURNS):
            entries = await _due(desk, desk.engine, orders[turn * a_turn : (turn + 1) * a_turn])
            if len(entries) != a_turn:
                raise SystemExit(f"{len(entries)} reports are due instead of {a_turn}")
            payloads, half = [await desk.payload(entry) for entry in entries], a_turn // 2
            least += await asyncio.to_thread(_bare, base_url, payloads[:half])
            began = perf_counter()
            await desk.engine.outbox.step(desk.now())
            mine += perf_counter() - began
            least += await asyncio.to_thread(_bare, base_url, payloads[half:])
            states = {(await desk.story(entry)).entry.state for entry in entries}
            if not states <= {State.SENT, State.CONFIRMED}:
                raise SystemExit(f"not all were sent: {states}")
        return mine, least
    finally:
        await desk.close()


async def _accepted(desk: Desk, engine: Engine) -> list[OrderId]:
    await engine.intake.step(desk.now())
    orders = await desk.shipment_ids(View.ALL)
    await desk.accept(orders)
    await engine.outbox.step(desk.now())
    return list(orders)


async def _due(desk: Desk, engine: Engine, orders: Sequence[OrderId]) -> list[EntryId]:
    draft = Draft(time=f"{desk.now().astimezone(desk.zone):%H%M}", signee="Kari Nordmann")
    found: list[EntryId] = []
    for order in orders:
        written = await desk.send_report(order, draft, ASKS)
        if not isinstance(written, Written):
            raise SystemExit(f"not written: {written}")
        found += written.entries
    while await desk._database.write(outbox.end_holds, engine.account.id, desk.now()):
        pass  # what is measured begins when all are due,
    while await desk._database.write(projection.find_one_by_reports):
        pass  # and can be found by what they say: that is work of the click
    return found


def _bare(base_url: str, payloads: list[bytes]) -> float:
    command = [sys.executable, str(Path(__file__).with_name("bare_posts.py")), f"{base_url}v1/exported-order/update", KEY]
    return float(subprocess.run(command, input=b"\n".join(payloads), stdout=subprocess.PIPE, check=True).stdout)
