"""How a row of a table is painted: words in line with their header, the ground under them, and the caret of the row.

Painted here, because what the style paints for a cell costs four times as much, and stands off the header's line.
"""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from zendera_desk.gui import icons, style
from zendera_desk.gui.style import SPACE

Index = QModelIndex | QPersistentModelIndex
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_DECORATION: Final = int(Qt.ItemDataRole.DecorationRole)
_FOREGROUND: Final = int(Qt.ItemDataRole.ForegroundRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
"""A plain number: this is asked of every cell."""
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
PAD: Final = 2 * SPACE
"""The same as in the headers: words stand under their title."""


class RowDelegate(QStyledItemDelegate):
    """Words, perhaps with an icon before them, in line with their header; and the caret at the head of the row."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        _paint_ground(painter, option)
        _paint_caret(painter, option, index)
        room = option.rect.adjusted(PAD, 0, -PAD, 0)
        drawing = index.data(_DECORATION)
        if isinstance(drawing, QIcon):
            drawing.paint(painter, QRect(room.x(), room.y(), icons.SIZE, room.height()))
            room.setLeft(room.left() + icons.SIZE + SPACE + 2)
        text = index.data(_DISPLAY)
        if text:
            ink = index.data(_FOREGROUND)
            painter.setPen(ink if isinstance(ink, QColor) else style.token("text"))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(index.data(_ALIGNMENT) or _LEFT), shown)


def _paint_caret(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    table = option.widget
    if not isinstance(table, QTableView) or not table.hasFocus() or index.row() != table.currentIndex().row():
        return
    if table.horizontalHeader().visualIndex(index.column()) == 0:
        painter.fillRect(option.rect.x(), option.rect.y() + 3, 3, option.rect.height() - 6, style.token("focus"))


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """What is under a cell that we paint ourselves. Without asking the style, which costs more than the whole cell."""
    if option.state.value & _SELECTED:
        painter.fillRect(option.rect, style.token("selection"))
