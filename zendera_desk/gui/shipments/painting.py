"""The rows of the list, painted in one go: words, the state as icons and words, and the buttons of a row.

Qt's own way from cell to cell takes three times as long: for each cell it asks style and sheet for a ground that is not there, and makes
an option and an index for a delegate. Here a row has one ground, and how much of a word fits into its column is remembered. A wheel that
turns, a shipment that leaves the list, a view that is turned to: each paints all that is in sight.
"""

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTableView

from zendera_desk.gui import icons, style
from zendera_desk.gui.columns import COLUMNS, Align
from zendera_desk.gui.labels import Label
from zendera_desk.gui.letters import Letters
from zendera_desk.gui.shipments.buttons import RowButtons
from zendera_desk.gui.shipments.cells import ACTIONS, DIFFERING, STATE, Row
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.style import ROW, SPACE, Tone
from zendera_desk.gui.widgets.cells import PAD

_ICON: Final = 14
_BEGINNING: Final = 72
"""Pixels of words."""
_LOUD: Final = frozenset({Tone.BAD, Tone.WARN})
"""Tones whose words are coloured too; the others leave it to their icon, or the list would be a carnival."""


class _Column(NamedTuple):
    place: int
    left: int
    width: int


class RowsPainter:
    def __init__(self, table: QTableView, model: ShipmentsModel, buttons: RowButtons) -> None:
        self._table, self._model, self._buttons = table, model, buttons
        self._letters = Letters(table.font(), table)
        self.hovered = -1
        """The row under the pointer: it is lit as a whole."""

    def paint(self, painter: QPainter, area: QRect) -> None:
        """What there is to see in this part of the table's viewport."""
        if (painter.font(), self._table.devicePixelRatioF()) != (self._letters.font, self._letters.ratio):
            self._letters = Letters(painter.font(), self._table)
        columns = self._columns(area)
        first, last = self._table.rowAt(max(0, area.top())), self._table.rowAt(area.bottom())
        if first < 0 or not columns:
            return
        rows = range(first, (last if last >= 0 else self._model.rowCount() - 1) + 1)
        tops = [self._table.rowViewportPosition(row) for row in rows]
        self._paint_grounds(painter, zip(rows, tops, strict=True), columns)
        seen = [(self._model.row_at(row), top) for row, top in zip(rows, tops, strict=True)]
        for column in columns:
            if column.place == ACTIONS:
                cells = ((row.line, QRect(column.left, top, column.width, ROW)) for row, top in seen if row.line)
                self._buttons.paint(painter, cells)
            elif column.place in _MARKED:
                for row, top in seen:
                    self._paint_marks(painter, row.marks_in(column.place), column, top)
            else:
                self._paint_texts(painter, seen, column)

    def _columns(self, area: QRect) -> list[_Column]:
        """From the first to the last that is seen of them."""
        header, table = self._table.horizontalHeader(), self._table
        places = (header.logicalIndex(visual) for visual in range(header.count()))
        found = [_Column(place, table.columnViewportPosition(place), table.columnWidth(place)) for place in places]
        return [each for each in found if each.width and each.left <= area.right() and each.left + each.width >= area.left()]

    def _paint_grounds(self, painter: QPainter, rows: Iterable[tuple[int, int]], columns: Sequence[_Column]) -> None:
        """What is under the words, and the caret at the head of its row."""
        table, chosen = self._table, self._table.selectionModel()
        left = min(column.left for column in columns)
        width = max(column.left + column.width for column in columns) - left
        caret = table.currentIndex().row() if table.hasFocus() else -1
        for row, top in rows:
            if chosen.isSelected(self._model.index(row, 0)):
                painter.fillRect(left, top, width, ROW, style.token("selection"))
            elif row == self.hovered:
                painter.fillRect(left, top, width, ROW, style.token("hover"))
            if row == caret:
                painter.fillRect(-table.horizontalHeader().offset(), top + 3, 3, ROW - 6, style.token("focus"))

    def _paint_texts(self, painter: QPainter, rows: Iterable[tuple[Row, int]], column: _Column) -> None:
        painter.setPen(style.token("text"))
        place, room, right = column.place, column.width - 2 * PAD, COLUMNS[column.place].align is Align.RIGHT
        fit, advance, left, baseline = self._letters.fit, self._letters.advance, column.left + PAD, self._letters.baseline(ROW)
        for row, top in rows:
            if text := row.texts[place]:
                shown = fit(text, room)
                painter.drawText(QPointF(left + room - advance(shown) if right else left, top + baseline), shown)

    def _paint_marks(self, painter: QPainter, marks: tuple[Label, ...], column: _Column, top: int) -> None:
        """Icons, each with its word."""
        left, room = column.left + PAD, column.width - PAD - SPACE
        icons_and_gaps = len(marks) * (_ICON + SPACE) + max(0, len(marks) - 1) * 2 * SPACE
        words = _MARKED[column.place]([ceil(self._letters.advance(mark.text)) for mark in marks], room - icons_and_gaps)
        for place, (mark, width) in enumerate(zip(marks, words, strict=True)):
            icons.paint(painter, mark.icon, mark.tone, QRect(left, top, _ICON, ROW), _ICON)
            left += _ICON + SPACE
            painter.setPen(style.colour(mark.tone) if mark.tone in _LOUD else style.token("muted" if place else "text"))
            painter.drawText(QPointF(left, top + self._letters.baseline(ROW)), self._letters.fit(mark.text, width))
            left += width + 2 * SPACE


def in_turn(widths: list[int], room: int) -> list[int]:
    """What comes first is said whole before anything is said of the next, which keeps room for its beginning."""
    least = [min(width, _BEGINNING) for width in widths]
    over = max(0, room) - sum(least)
    shared = []
    for width, beginning in zip(widths, least, strict=True):
        more = max(0, min(width - beginning, over))
        over -= more
        shared.append(max(0, beginning + more))
    return shared


def by_length(widths: list[int], room: int) -> list[int]:
    """Where there is too little room the longest word gives way, and the short ones stay whole."""
    shared = list(widths)
    while sum(shared) > max(0, room) and any(shared):
        longest = max(range(len(shared)), key=shared.__getitem__)
        second = max((width for place, width in enumerate(shared) if place != longest), default=0)
        over = sum(shared) - max(0, room)
        shared[longest] = max(0, shared[longest] - min(over, max(1, shared[longest] - second)))
    return shared


_MARKED: Final[dict[int, Callable[[list[int], int], list[int]]]] = {STATE: by_length, DIFFERING: in_turn}
"""How wide each word is, of the widths it wants and the room there is."""
