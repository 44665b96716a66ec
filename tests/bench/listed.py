"""The list of a store of years: how long a repaint of the full table takes, and which pictures are late while it is scrolled.

The floor is Qt's own: a QTableView of the same look over a QStandardItemModel, which is C++, that has the same cells as texts, icons and
colours lie in it ready. Both are painted into the same size, turn by turn. The wheel turns a notch for each picture; the thumb is dragged
from the top to the bottom and back in as many steps.
"""

import asyncio
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QApplication, QTableView

from bench.figure import Figure
from bench.office import opened
from zendera_desk.domain.views import View
from zendera_desk.gui import loop, style
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.style import ROW, quiet_table

REPAINTS: Final = 200
FRAMES: Final = 600
FRAME: Final = 0.016
_ROLES: Final = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.DecorationRole,
    Qt.ItemDataRole.ForegroundRole,
    Qt.ItemDataRole.TextAlignmentRole,
    Qt.ItemDataRole.FontRole,
)


def figures(folder: Path, name: str) -> Iterator[Figure]:
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
        panel.set_view(View.ALL)
        async with asyncio.timeout(120):
            while not panel.model.loaded or len(panel.model.ids) < panel.model.found.count:  # noqa: ASYNC110 (as a person looks)
                await asyncio.sleep(0.05)
        await _read(panel)
        bare = _bare(panel)
        await asyncio.sleep(0.2)  # a window is there when its loop has turned
        mine, least = _repaints(panel.table, bare)
        found = [Figure(f"repaint of a full table, {name}, ms", mine * 1000, least * 1000, 1.6)]
        for way, frames in (("wheel", _wheel), ("thumb", _thumb)):
            late = [await _late(frames, table) for table in (panel.table, bare)]
            found.append(Figure(f"pictures over 16 ms while scrolled by {way}, {name}, of 100", late[0], late[1], late[1] + 1, "value"))
        for widget in (panel, bare):
            widget.hide()
            widget.deleteLater()
        return found


async def _read(panel: ShipmentsPanel) -> None:
    """Until all that is in sight has its rows."""
    for _turn in range(20):
        panel.table.viewport().repaint()
        await asyncio.sleep(0.05)


def _bare(panel: ShipmentsPanel) -> QTableView:
    """The rows that are in sight, as often as there are rows."""
    source, model = panel.table.model(), QStandardItemModel(len(panel.model.ids), panel.model.columnCount())
    seen = panel.table.viewport().height() // ROW
    for row in range(seen):
        for column in range(panel.model.columnCount()):
            item, index = QStandardItem(), source.index(row, column)
            for role in _ROLES:
                if (value := index.data(role)) is not None:
                    item.setData(value, role)
            model.setItem(row, column, item)
    table = QTableView()
    model.setParent(table)
    table.setModel(model)
    quiet_table(table)
    for column in range(panel.model.columnCount()):
        table.setColumnWidth(column, panel.table.columnWidth(column))
        table.setColumnHidden(column, panel.table.isColumnHidden(column))
    table.resize(panel.table.size())
    table.show()
    return table


def _repaints(mine: QTableView, bare: QTableView) -> tuple[float, float]:
    """Seconds, the middle of many."""
    took: dict[QTableView, list[float]] = {mine: [], bare: []}
    for turn in range(REPAINTS + 10):
        for table, times in took.items():
            began = perf_counter()
            table.viewport().repaint()
            if turn >= 10:  # the first ones only warm up
                times.append(perf_counter() - began)
    return statistics.median(took[mine]), statistics.median(took[bare])


async def _late(frames, table: QTableView) -> float:  # type: ignore[no-untyped-def]  # noqa: ANN001 (one of the two below)
    """Of a hundred pictures."""
    over = 0
    for number in range(FRAMES):
        began = perf_counter()
        frames(table, number)
        table.viewport().repaint()
        await asyncio.sleep(0)
        over += perf_counter() - began > FRAME
    return 100 * over / FRAMES


def _wheel(table: QTableView, _number: int) -> None:
    centre = QPointF(table.viewport().rect().center())
    event = QWheelEvent(
        centre,
        table.viewport().mapToGlobal(centre),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(table.viewport(), event)


def _thumb(table: QTableView, number: int) -> None:
    bar, half = table.verticalScrollBar(), FRAMES // 2
    bar.setSliderPosition(bar.maximum() * (number if number < half else FRAMES - number) // half)
