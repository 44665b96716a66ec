"""Two thousand due reports, sent by the outbox to a Zendera in a process of its own.

Each is marked durably before its first byte leaves, has a fresh connection, and its answer is written down before the next of its shipment.
The floor posts the same bytes one after the other with httpx alone, on one connection, and forgets them.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import httpx

from bench.figure import Figure
from bench.startup import KEY, small_zendera
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.drafting import ASKS
from zendera_desk.domain.ids import EntryId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import View, Written
from zendera_desk.engine.engine import Engine
from zendera_desk.settings import Settings


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
        entries = await _due(desk, desk.engine)
        if len(entries) != reports:
            raise SystemExit(f"{len(entries)} reports are due instead of {reports}")
        began = perf_counter()
        await desk.engine.outbox.step(desk.now())
        took = perf_counter() - began
        states = [(await desk.story(entry)).entry.state for entry in entries]
        if any(state not in {State.SENT, State.CONFIRMED} for state in states):
            raise SystemExit(f"not all were sent: {set(states)}")
        return took, await _bare(base_url, [await desk.payload(entry) for entry in entries])
    finally:
        await desk.close()


async def _due(desk: Desk, engine: Engine) -> list[EntryId]:
    await engine.intake.step(desk.now())
    orders = await desk.shipment_ids(View.ALL)
    await desk.accept(orders)
    await engine.outbox.step(desk.now())
    draft = Draft(time=f"{desk.now().astimezone(desk.zone):%H%M}", signee="Kari Nordmann")
    found: list[EntryId] = []
    for order in orders:
        written = await desk.send_report(order, draft, ASKS)
        if not isinstance(written, Written):
            raise SystemExit(f"not written: {written}")
        found += written.entries
    return found


async def _bare(base_url: str, payloads: list[bytes]) -> float:
    headers = {"Authorization": f"apikey {KEY}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as client:
        began = perf_counter()
        for payload in payloads:
            (await client.post(f"{base_url}v1/exported-order/update", content=payload)).raise_for_status()
        return perf_counter() - began
