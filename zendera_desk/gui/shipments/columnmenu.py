"""Everything about the columns of the list in one menu, as the mouse does it at the headers: which are shown, in which order, how wide,
and by which of them the rows are sorted.

A place and a width are found by several steps: so their menu stays open until a person leaves it.
"""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu

from zendera_desk.gui.columns import COLUMNS
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.words import mark, tr

if TYPE_CHECKING:
    from zendera_desk.gui.shipments.table import ShipmentsTable

_WIDER: Final = 4 * SPACE
"""Pixels a step."""
_TRIGGER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})
_STEPS: Final = (
    (mark("Move left"), -1, 0),
    (mark("Move right"), 1, 0),
    (mark("Wider"), 0, _WIDER),
    (mark("Narrower"), 0, -_WIDER),
)


class ColumnMenu(QMenu):
    def __init__(self, table: "ShipmentsTable") -> None:
        super().__init__(table)
        self._table = table
        self.setAccessibleName(tr("Columns"))
        for place, column in enumerate(COLUMNS):
            if table.may_show(place):
                action = self.addAction(tr(column.title))
                action.setCheckable(True)
                action.setChecked(not table.isColumnHidden(place))
                action.setEnabled(column.key != "order")
                action.toggled.connect(lambda on, place=place: table.choose_column(place, shown=on))
        self.addSeparator()
        by_themselves = self.addAction(tr("Fit columns by themselves"))
        by_themselves.setCheckable(True)
        by_themselves.setChecked(table.fits_by_itself)
        by_themselves.triggered.connect(table.fit_by_itself)
        self._add_arranging(self.addMenu(tr("Move and size")))
        self._add_sorting(self.addMenu(tr("Sort by")))

    def _add_arranging(self, menu: QMenu) -> None:
        header = self._table.horizontalHeader()
        for place in (header.logicalIndex(seen) for seen in range(header.count())):
            if not self._table.isColumnHidden(place):
                menu.addMenu(_Arranging(self._table, place, menu))

    def _add_sorting(self, menu: QMenu) -> None:
        """Whoever chooses what it is sorted by already turns it round."""
        header = self._table.horizontalHeader()
        sorted_by, descending = header.sortIndicatorSection(), Qt.SortOrder.DescendingOrder
        turned = Qt.SortOrder.AscendingOrder if header.sortIndicatorOrder() is descending else descending
        titles = {-1: tr("Newest first")} | {place: tr(column.title) for place, column in enumerate(COLUMNS) if column.sort is not None}
        for place, title in titles.items():
            order = turned if place == sorted_by else Qt.SortOrder.AscendingOrder
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(place == sorted_by)
            action.triggered.connect(lambda _on, place=place, order=order: header.setSortIndicator(place, order))


class _Arranging(QMenu):
    """Of one column. Enter, Space and a click take a step and leave it open."""

    def __init__(self, table: "ShipmentsTable", place: int, parent: QMenu) -> None:
        super().__init__(tr(COLUMNS[place].title), parent)
        self._table, self._place = table, place
        self._moves: list[tuple[QAction, int]] = []
        for words, seats, pixels in _STEPS:
            action = self.addAction(tr(words))
            if seats:
                self._moves.append((action, seats))
                action.triggered.connect(lambda _on=False, seats=seats: self._move(seats))
            else:
                action.triggered.connect(lambda _on=False, pixels=pixels: self._widen(pixels))
        self._let_move()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() in _TRIGGER and action is not None:
            action.trigger()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None:
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def _seat(self, seats: int) -> int | None:
        """Of the next column that is seen, that way."""
        header = self._table.horizontalHeader()
        seat = header.visualIndex(self._place) + seats
        while 0 <= seat < header.count():
            if not header.isSectionHidden(header.logicalIndex(seat)):
                return seat
            seat += seats
        return None

    def _move(self, seats: int) -> None:
        header, seat = self._table.horizontalHeader(), self._seat(seats)
        if seat is not None:
            header.moveSection(header.visualIndex(self._place), seat)
            self._let_move()

    def _let_move(self) -> None:
        for action, seats in self._moves:
            action.setEnabled(self._seat(seats) is not None)

    def _widen(self, pixels: int) -> None:
        header = self._table.horizontalHeader()
        header.resizeSection(self._place, max(header.minimumSectionSize(), header.sectionSize(self._place) + pixels))
