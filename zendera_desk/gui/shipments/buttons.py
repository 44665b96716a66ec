"""[Accept] [Fail…] in the rows that wait for an answer.

Widgets in cells do not scale to ten thousand rows, so the buttons are painted. They are a convenience for the mouse: the same actions
stand in toolbar, menus and keys, where assistive tools see them.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QTableView

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.standing import may_fail
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui import style
from zendera_desk.gui.shipments.cells import ACTIONS, LINE_ROLE
from zendera_desk.gui.style import RADIUS, SPACE, Tone
from zendera_desk.gui.words import tr

WIDTH: Final = 120
"""Pixels of both, with what is around them."""


class _Button(StrEnum):
    ACCEPT = "accept"
    FAIL = "fail"


class _Spot(NamedTuple):
    order_id: OrderId
    button: _Button


class RowButtons(QObject):
    """A click counts only if press and release meet the same order. The table hands its mouse events on."""

    accept_clicked = Signal(object)
    fail_clicked = Signal(object)

    def __init__(self, table: QTableView, *, read_only: bool = False) -> None:
        super().__init__(table)
        self._table, self._read_only = table, read_only
        self._hot: _Spot | None = None
        self._pressed: _Spot | None = None

    def paint(self, painter: QPainter, cells: Iterable[tuple[ShipmentLine, QRect]]) -> None:
        if self._read_only:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line, cell in cells:
            if cell.width() < WIDTH:
                painter.setClipRect(cell)
            for button, area in _areas(cell, line).items():
                self._paint_button(painter, _Spot(line.order_id, button), area)
        painter.restore()

    def _paint_button(self, painter: QPainter, spot: _Spot, area: QRect) -> None:
        hot, pressed = spot == self._hot, spot == self._pressed
        painter.setPen(QPen(style.token("edge" if hot else "line"), 1))
        painter.setBrush(style.token("pressed" if hot and pressed else "hover" if hot else "raised"))
        painter.drawRoundedRect(area.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 1, RADIUS - 1)
        accept = spot.button is _Button.ACCEPT
        painter.setPen(style.colour(Tone.ACCENT) if accept else style.token("text"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("Accept") if accept else tr("Fail…"))

    def hover(self, point: QPoint) -> None:
        hot = self._spot(point)
        if hot != self._hot:
            self._hot = hot
            self._table.viewport().update()

    def press(self, point: QPoint, button: Qt.MouseButton) -> bool:
        """True when it was a button's: the row is not selected by it."""
        self._pressed = self._spot(point) if button == Qt.MouseButton.LeftButton and not self._read_only else None
        if self._pressed is None:
            return False
        self._table.viewport().update()
        return True

    def release(self, point: QPoint) -> bool:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return False
        self._table.viewport().update()
        if self._spot(point) == pressed:
            (self.accept_clicked if pressed.button is _Button.ACCEPT else self.fail_clicked).emit(pressed.order_id)
        return True

    def _spot(self, point: QPoint) -> _Spot | None:
        index = self._table.indexAt(point)
        line: ShipmentLine | None = index.data(LINE_ROLE) if index.isValid() and index.column() == ACTIONS else None
        if line is None:
            return None
        areas = _areas(self._table.visualRect(index), line)
        return next((_Spot(line.order_id, button) for button, area in areas.items() if area.contains(point)), None)


def _areas(cell: QRect, line: ShipmentLine) -> dict[_Button, QRect]:
    """In the rows that wait for an answer."""
    if not may_fail(line):
        return {}
    height = min(22, cell.height() - 6)
    top = cell.y() + (cell.height() - height) // 2
    return {
        _Button.ACCEPT: QRect(cell.x() + SPACE, top, 60, height),
        _Button.FAIL: QRect(cell.x() + SPACE + 60 + SPACE, top, 48, height),
    }
