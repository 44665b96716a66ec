"""Paper on a real desk: the simulator's shipments are accepted, and files are really read by the helper process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QPushButton

from support.day import Day, HandClock
from unit.pictures.made import pdf, says
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.paper import Stack
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.window import Window
from zendera_desk.settings import Settings
from zendera_desk.simulator.running import RunningSimulator

Until = Callable[[Callable[[], object]], Awaitable[None]]


async def undo(window: Window, until: Until) -> None:
    """By the button of what was told last."""

    def offered() -> list[QPushButton]:
        return [button for button in window.toasts.findChildren(QPushButton) if button.text() == "Undo" and button.isVisible()]

    await until(offered)
    offered()[0].click()


class PaperDay(Day):
    """A day with accepted shipments, and a scanner."""

    orders: list[OrderId]

    async def scan(self, *pages: OrderId | str | None, name: str = "scan_0421.pdf") -> Stack:
        """A PDF whose pages name these shipments, taken in and read. A text stands on its page as it is; None: a page that says nothing."""
        drawings = [says(page if isinstance(page, str) else f"Order {page}" if page else "a signature") for page in pages]
        folder = self.desk.folder / "scanner"
        folder.mkdir(exist_ok=True)
        file = folder / name
        file.write_bytes(pdf(*drawings))
        stack = await self.desk.paper.add([file])
        await self.read()
        return await self.desk.paper.stack(stack)

    async def read(self) -> None:
        while await self.desk.paper.reading.step(self.clock.now()) is not None:
            pass

    async def stacks(self) -> list[Stack]:
        return await self.desk.paper.stacks()


@pytest.fixture
async def day(tmp_path: Path, clock: HandClock, simulator: RunningSimulator) -> AsyncIterator[PaperDay]:
    async def reopen() -> Desk:
        settings = Settings(made_by="Kari", desk="front")
        keys = Keys(find=lambda: ())
        desk = await Desk.open(tmp_path, settings, zone=ZoneInfo("Europe/Oslo"), keys=keys, clock=clock, by_hand=True)
        await desk.open_passing_account("Nordlys", simulator.base_url, simulator.key)
        return desk

    one = PaperDay(await reopen(), clock, simulator, reopen)
    await one.walk()
    one.orders = await one.ids()
    await one.desk.accept(one.orders)
    await one.send()
    await one.walk()
    yield one
    await one.desk.close()


@pytest.fixture
async def window(day: PaperDay, show: Callable[[Window], Window], spawn: Spawn) -> AsyncIterator[Window]:
    made = Window(day.desk, spawn, lambda _settings: None, lambda: None)
    made.resize(1024, 700)
    show(made)
    made.show_account()
    await made.build_the_rest()
    made.activateWindow()
    yield made
    await made.let_go()
