"""How a cell of the outbox is painted: as everywhere, with the header's margin, and the state's colour also in a chosen row."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from zendera_desk.gui import style
from zendera_desk.gui.style import SPACE

Index = QModelIndex | QPersistentModelIndex


class OutboxRow(QStyledItemDelegate):
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # the row shows where the caret is, not the cell
        brush = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(brush, QBrush):
            option.palette.setBrush(QPalette.ColorRole.HighlightedText, brush)
            option.palette.setBrush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, brush)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        whole = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(whole, style.token("selection"))
        if option.state & QStyle.StateFlag.State_HasFocus and index.column() == 0:
            painter.fillRect(whole.x(), whole.y(), 2, whole.height(), style.token("accent"))
        inner = QStyleOptionViewItem(option)
        inner.rect = whole.adjusted(SPACE + 2, 0, -SPACE, 0)
        super().paint(painter, inner, index)
