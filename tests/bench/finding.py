"""From a key in the find field to the painted result, and what else a long list must not make anybody wait for.

In the real panel on a real store of years (`stored.py`). What is typed is what people have: the beginning of a name, a place, an
order's number, the end of a phone number or of a barcode. Each key is pressed when the one before it was answered and painted. At the
end some shipments are read as they are when somebody opens them.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench import stored
from bench.figure import Figure
from bench.office import opened
from zendera_desk.desk import Desk
from zendera_desk.domain.views import View
from zendera_desk.gui import loop, style
from zendera_desk.gui.shipments.panel import ShipmentsPanel

TYPED: Final = ("hansen oslo", "kari nord", "lysaker", "4710206", "99467", "7000000000060", "bryggen kaffe", "malmo", "0668", "pall")
OPENED: Final = 200
"""Shipments."""
PATIENCE: Final = 90.0


async def measured(folder: Path, name: str, aim: float) -> list[Figure]:
    async with opened(folder) as desk:
        panel = ShipmentsPanel(desk, desk.spawn)
        panel.build_the_rest()
        panel.resize(1280, 700)
        panel.show()
        try:
            async with asyncio.timeout(PATIENCE):
                return [*await _figures(panel, name, aim), *await _opened(desk, panel, name, aim)]
        finally:
            panel.hide()
            panel.deleteLater()


async def _figures(panel: ShipmentsPanel, name: str, aim: float) -> list[Figure]:
    painted = _Painted(panel)
    await painted.after(lambda: None)
    keys: list[float] = []
    for text in TYPED:
        for letter in text:
            if letter == " ":  # nothing new is looked for
                QTest.keyClicks(panel.find_field, letter)
                continue
            keys.append(await painted.after(lambda letter=letter: QTest.keyClicks(panel.find_field, letter)))  # type: ignore[misc]
            await asyncio.sleep(0.02)
        keys.append(await painted.after(lambda: QTest.keyClick(panel.find_field, Qt.Key.Key_Escape)))
    found = [Figure(f"key to painted result in Find, {name}, 95th percentile, ms", _most(keys), 0, aim, "value")]
    for view in (View.ALL, View.TO_REPORT, View.ALL):
        took = await painted.after(lambda view=view: panel.set_view(view))  # type: ignore[misc]
        found.append(Figure(f"view {view} painted, {name}, ms", took, 0, aim, "value"))
    for column in (1, 2, 6):
        took = await painted.after(lambda column=column: panel.model.sort(column, Qt.SortOrder.AscendingOrder))  # type: ignore[misc]
        found.append(Figure(f"sorted by column {column} and painted, {name}, ms", took, 0, aim, "value"))
    while len(panel.model.ids) < panel.model.found.count:  # noqa: ASYNC110 (as a person looks)
        await asyncio.sleep(0.01)
    return found


async def _opened(desk: Desk, panel: ShipmentsPanel, name: str, aim: float) -> list[Figure]:
    """What opening a shipment reads, of some from the newest to the oldest."""
    took: dict[str, list[float]] = {"shipment": [], "boards": [], "history": []}
    for order in panel.model.ids[:: max(1, len(panel.model.ids) // OPENED)]:
        began = perf_counter()
        shipment = await desk.shipment(order)
        took["shipment"].append((perf_counter() - began) * 1000)
        assert shipment is not None
        for part, reading in (("boards", desk.board(shipment)), ("history", desk.history(order))):
            began = perf_counter()
            await reading
            took[part].append((perf_counter() - began) * 1000)
    return [Figure(f"{part} read, {name}, 95th percentile, ms", _most(each), 0, aim, "value") for part, each in took.items()]


def _most(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


class _Painted(QObject):
    """When the table was painted after the next answer."""

    def __init__(self, panel: ShipmentsPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._answered = False
        self._at = 0.0
        panel.model.answered.connect(self._note)
        panel.table.viewport().installEventFilter(self)

    def _note(self) -> None:
        self._answered = self._panel.model.loaded
        self._panel.table.viewport().update()

    async def after(self, does: Callable[[], object]) -> float:
        """Milliseconds."""
        self._answered, self._at = False, 0.0
        began = perf_counter()
        does()
        while not self._at:  # noqa: ASYNC110 (as a person looks)
            await asyncio.sleep(0.001)
        return (self._at - began) * 1000

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._answered and not self._at and self._panel.table.updatesEnabled():
            watched.removeEventFilter(self)
            QApplication.sendEvent(watched, event)
            watched.installEventFilter(self)
            self._at = perf_counter()
            return True
        return super().eventFilter(watched, event)


def figures(folder: Path, name: str, aim: float) -> list[Figure]:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    style.apply(app, style.NAMED["light"])
    measure: Callable[[], Awaitable[list[Figure]]] = lambda: measured(folder, name, aim)  # noqa: E731
    return loop.run(app, measure())  # type: ignore[arg-type]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--folder", type=Path, help="made by stored.py; else one is made")
    options.add_argument("--shipments", type=int, default=100_000)
    options.add_argument("--aim", type=float, default=50.0)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = chosen.folder or Path(place)
        if chosen.folder is None:
            stored.make(folder, chosen.shipments, 0)
        for figure in figures(folder, f"{chosen.shipments} shipments", chosen.aim):
            print(json.dumps(figure.line()))


if __name__ == "__main__":
    main()
