"""Pages a second of a stack of a hundred, as `desk.paper` reads it: drawn, prepared, kept, read, matched, written down.

Against the two libraries alone, on as many cores (libraries.py).
"""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Final
from zoneinfo import ZoneInfo

from bench import libraries
from bench.figure import Figure
from support import office
from support.notes import facts
from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, PaperChanged, ShipmentsChanged
from zendera_desk.domain.paper import documents
from zendera_desk.domain.views import View
from zendera_desk.settings import Settings
from zendera_desk.simulator.running import RunningSimulator

PAGES: Final = 100
PATIENCE: Final = 300.0


def figures(turns: int) -> Iterator[Figure]:
    warm, stack = office.stack(6, first=500), office.stack(PAGES)
    ours, floor = 0.0, 0.0
    for _turn in range(turns):
        floor = max(floor, libraries.pages_a_second(stack, PAGES))
        ours = max(ours, asyncio.run(_read(warm, stack)))
    yield Figure(f"pages a second of a {PAGES}-page stack", ours, floor, 0.8, least=True)


# The program


async def _read(warm: Path, stack: Path) -> float:
    """Pages a second, and every document on the right shipment, or there is no figure."""
    notes = [facts(seed) for seed, coded in office.leaves(PAGES) if coded]
    with tempfile.TemporaryDirectory() as place, office.zendera(notes) as simulator:
        desk = await Desk.open(Path(place), Settings(), zone=ZoneInfo("Europe/Oslo"))
        try:
            await _take_in(desk, simulator, len(notes))
            await _wait_for(desk, [warm])
            began = perf_counter()
            await _wait_for(desk, [stack])
            took = perf_counter() - began
            await _check(desk, stack, [note.order_id for note in notes])
            return PAGES / took
        finally:
            await desk.close()


async def _take_in(desk: Desk, simulator: RunningSimulator, number: int) -> None:
    with _Heard(desk, ShipmentsChanged) as heard:
        await desk.open_passing_account("Bench", simulator.base_url, simulator.key)
        while len(await desk.shipment_ids(View.ALL)) < number:
            await heard.next()


async def _wait_for(desk: Desk, files: list[Path]) -> None:
    with _Heard(desk, PaperChanged) as heard:
        await desk.paper.add(files)
        while (await desk.paper.counts()).waiting:
            await heard.next()


async def _check(desk: Desk, stack: Path, wanted: list[int]) -> None:
    found = (await desk.paper.stacks())[-1]
    if found.refused:
        raise SystemExit(f"refused: {found.refused}")
    orders = [document.order_id for document in documents(found.pages)]
    wrong = [order for order in orders if order is not None and order not in wanted]
    if len(found.pages) != PAGES or wrong or len(set(orders) & set(wanted)) < 0.95 * len(wanted):
        raise SystemExit(f"{len(found.pages)} pages, documents {orders}")


class _Heard:
    """Changes of one kind, awaited one after the other."""

    def __init__(self, desk: Desk, kind: type[Change]) -> None:
        self._told = asyncio.Event()
        self._kind, self._changes = kind, desk.changes

    def __enter__(self) -> "_Heard":
        self._leave = self._changes.subscribe(lambda change: self._told.set() if isinstance(change, self._kind) else None)
        return self

    def __exit__(self, *_error: object) -> None:
        self._leave()

    async def next(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._told.wait()
        self._told.clear()
