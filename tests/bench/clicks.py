"""From a click until what it asked for lies durably on the disk and the list shows it: an accept, and a complete report."""

import asyncio
import statistics
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from bench.figure import Figure
from bench.office import BenchDesk, opened
from zendera_desk.domain.drafting import ASKS
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import View, Written
from zendera_desk.gui import loop, style
from zendera_desk.gui.shipments.panel import ShipmentsPanel

CLICKS: Final = 100
PATIENCE: Final = 60.0


def figures(folder: Path, name: str) -> Iterator[Figure]:
    """Writes into `folder`."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    style.apply(app, style.NAMED["light"])
    yield from loop.run(app, _measured(folder, name))


async def _measured(folder: Path, name: str) -> list[Figure]:
    async with opened(folder) as desk:
        panel = ShipmentsPanel(desk, desk.spawn)
        panel.build_the_rest()
        panel.resize(1280, 800)
        panel.show()
        leave = desk.changes.subscribe(panel.on_change)
        found = []
        for view, what, wish in ((View.TO_ACCEPT, "accept", _accept), (View.TO_REPORT, "send", _send)):
            panel.set_view(view)
            await _until(lambda: panel.model.loaded and len(panel.model.ids) > CLICKS)
            took = [await _clicked(desk, panel, wish) for _ in range(CLICKS)]
            found.append(Figure(f"{what} until durable and shown, {name}, 99th percentile, ms", _most(took), 0, 20, "value"))
        leave()
        panel.hide()
        panel.deleteLater()
        return found


async def _accept(desk: BenchDesk, order: OrderId) -> object:
    return await desk.accept([order])


async def _send(desk: BenchDesk, order: OrderId) -> object:
    return await desk.send_report(order, Draft(time="1000", signee="Kari Nordmann"), ASKS)


def _most(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[-1] * 1000


async def _clicked(desk: BenchDesk, panel: ShipmentsPanel, wish: Callable[[BenchDesk, OrderId], Awaitable[object]]) -> float:
    """Seconds until the row reads otherwise, or has left the list, and that is painted. It is durable before anybody hears of it."""
    order = panel.model.ids[0]
    await _until(lambda: panel.model.line(order) is not None)
    shown = _Shown(panel, order)
    began = perf_counter()
    written = await wish(desk, order)
    if not isinstance(written, Written) or not written.entries:
        raise SystemExit(f"nothing was written: {written}")
    await _until(lambda: shown.at)
    shown.leave()
    return shown.at - began


class _Shown(QObject):
    def __init__(self, panel: ShipmentsPanel, order: OrderId) -> None:
        super().__init__(panel)
        self.at = 0.0
        self._panel, self._order, self._before = panel, order, panel.model.line(order)
        panel.table.viewport().installEventFilter(self)

    def leave(self) -> None:
        self._panel.table.viewport().removeEventFilter(self)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self.at:
            line = self._panel.model.line(self._order)
            if self._panel.model.row_of(self._order) is None or (line is not None and line != self._before):
                watched.removeEventFilter(self)
                QApplication.sendEvent(watched, event)
                self.at = perf_counter()
                return True
        return super().eventFilter(watched, event)


async def _until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not seen():  # noqa: ASYNC110 (as a person looks)
            await asyncio.sleep(0.001)
