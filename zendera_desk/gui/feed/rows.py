"""How one row of the product feed looks and is used: two lines, because the dock is narrow and its facts are long.

    14:31:02  ✓ not ready                   12345
    Pickup    PROD-PALLET-EUR  Euro pallet

The shipment's number is a link for the mouse; Enter on the row is the same for the keyboard.
"""

import contextlib
from collections.abc import Iterator
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from zendera_desk.domain.tailing import FeedGap
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui import icons, style
from zendera_desk.gui.feed import words as said
from zendera_desk.gui.feed.model import LINE, FeedModel
from zendera_desk.gui.format import visible
from zendera_desk.gui.words import tr

LINE_HEIGHT: Final = 11 * style.SPACE
DAY_HEIGHT: Final = 7 * style.SPACE
PADDING: Final = 3 * style.SPACE

_BY_ROWS: Final = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_ONE_LINE: Final = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine


class FeedRow(QStyledItemDelegate):
    """Paints a change, a day's heading, or the mark of a gap."""

    def __init__(self, model: FeedModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60 * style.SPACE, LINE_HEIGHT if isinstance(index.data(LINE), FeedLine) else DAY_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        row = index.data(LINE)
        painter.save()
        if isinstance(row, date):
            self._paint_day(painter, option.rect, said.day_words(row, self._model.today()))
        elif isinstance(row, FeedGap):
            self._paint_gap(painter, option.rect)
        elif isinstance(row, FeedLine):
            style_ = option.widget.style()
            style_.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
            if option.state & QStyle.StateFlag.State_HasFocus:
                painter.fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()), style.token("accent"))
            self._paint_line(painter, option.rect, row)
        painter.restore()

    def order_area(self, area: QRect, line: FeedLine) -> QRect:
        """Where the shipment's number stands; empty when the change is unmatched."""
        if line.order_id is None:
            return QRect()
        width = QFontMetrics(style.font_body()).horizontalAdvance(_order(line))
        upper, _ = _halves(area)
        return _at_the_end(upper, width)

    def _paint_day(self, painter: QPainter, area: QRect, words: str) -> None:
        painter.setFont(style.font_small())
        painter.setPen(style.token("muted"))
        width = QFontMetrics(painter.font()).horizontalAdvance(words)
        painter.drawText(area.adjusted(PADDING, 0, -PADDING, 0), _ONE_LINE, words)
        left = area.left() + PADDING + width + 2 * style.SPACE
        painter.fillRect(QRect(left, area.center().y(), area.right() - PADDING - left, 1), style.token("line"))

    def _paint_gap(self, painter: QPainter, area: QRect) -> None:
        painter.fillRect(area, style.background(style.Tone.WARN))
        inner = area.adjusted(PADDING, 0, -PADDING, 0)
        icons.paint(painter, "triangle-alert", style.Tone.WARN, QRect(inner.left(), inner.top(), icons.SIZE, inner.height()))
        painter.setFont(style.font_small())
        painter.setPen(style.colour(style.Tone.WARN))
        _elided(painter, inner.adjusted(icons.SIZE + style.SPACE + 2, 0, 0, 0), said.gap_words())

    def _paint_line(self, painter: QPainter, area: QRect, line: FeedLine) -> None:
        label = said.status(line)
        upper, lower = _halves(area)
        body, small = style.font_body(), style.font_small()
        clock = said.clock(line.at, self._model.zone)
        painter.setFont(body)
        painter.setPen(style.token("muted"))
        painter.drawText(upper, _ONE_LINE, clock)
        left = upper.left() + QFontMetrics(body).horizontalAdvance("00:00:00") + 3 * style.SPACE

        words = left + icons.SIZE + style.SPACE + 2
        order = _order(line)
        width = QFontMetrics(body if line.order_id is not None else small).horizontalAdvance(order)
        room = upper.right() - words - QFontMetrics(body).horizontalAdvance(label.text) - 2 * style.SPACE
        fits = line.order_id is not None or width <= room  # of status and "unmatched" the status says more
        right = _at_the_end(upper, width if fits else max(0, room))
        painter.setFont(body if line.order_id is not None else small)
        painter.setPen(style.token("focus" if line.order_id is not None else "muted"))
        if fits:
            painter.drawText(right, _ONE_LINE, order)
        else:
            _elided(painter, right, order)

        icons.paint(painter, label.icon, label.tone, QRect(left, upper.top(), icons.SIZE, upper.height()))
        painter.setFont(body)
        painter.setPen(style.colour(label.tone))
        _elided(painter, QRect(words, upper.top(), right.left() - 2 * style.SPACE - words, upper.height()), label.text)
        painter.setFont(small)
        painter.setPen(style.token("muted"))
        painter.drawText(lower, _ONE_LINE, said.stop_words(line))
        painter.setPen(style.token("text"))
        room_of_product = lower.adjusted(left - lower.left(), 0, 0, 0)
        _elided(painter, room_of_product, product_in(line, room_of_product.width(), QFontMetrics(small)))


class FeedTable(QTableView):
    """The table named "Product feed": one column, its rows as FeedRow paints them."""

    shipment_asked = Signal(object)
    """OrderId, of the row whose shipment's number was clicked, or on which Enter was pressed."""
    end_asked = Signal()
    """The End key: to the newest, and on from there."""
    resized = Signal()

    def __init__(self, model: FeedModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("productFeed")
        self.setAccessibleName(tr("Product feed"))
        self._model = model
        self._row = FeedRow(model, self)
        self.setModel(model)
        self.setItemDelegate(self._row)
        style.quiet_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setVisible(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setDefaultSectionSize(LINE_HEIGHT)
        self.verticalScrollBar().setSingleStep(LINE_HEIGHT)
        model.rowsInserted.connect(lambda _parent, first, last: self._set_heights(first, last))
        model.modelReset.connect(lambda: self._set_heights(0, model.rowCount() - 1))

    def sizeHint(self) -> QSize:
        return QSize(75 * style.SPACE, 120 * style.SPACE)

    @contextlib.contextmanager
    def steady(self) -> Iterator[None]:
        """Whatever is put in or taken out meanwhile, the rows that are seen stay where they are, to the pixel."""
        top = self.rowAt(0)
        while top >= 0 and self._model.line(top) is None and top < self._model.rowCount():
            top += 1
        line, offset = self._model.line(top), self.rowViewportPosition(top)
        yield
        self.updateGeometries()  # the scroll bar learns of the rows now: before it is painted, not after
        row = None if line is None else self._model.row_of(line.id)
        if row is not None:
            self.verticalScrollBar().setValue(self.verticalHeader().sectionPosition(row) - offset)

    def to_the_end(self) -> None:
        self.updateGeometries()
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _set_heights(self, first: int, last: int) -> None:
        for row in range(first, last + 1):
            if self._model.line(row) is None:
                self.setRowHeight(row, DAY_HEIGHT)

    def _ask_for(self, index: QModelIndex) -> None:
        line = self._model.line(index.row()) if index.isValid() else None
        if line is not None and line.order_id is not None:
            self.shipment_asked.emit(line.order_id)

    def _last_seen(self) -> QModelIndex:
        """The last change that stands whole on the screen."""
        bottom = self.rowAt(self.viewport().height() - 1)
        row = self._model.rowCount() - 1 if bottom < 0 else bottom
        while row > 0 and (self._model.line(row) is None or self.rowViewportPosition(row) + LINE_HEIGHT > self.viewport().height()):
            row -= 1
        return self._model.index(row, 0)

    def _to_the_oldest(self) -> None:
        """That is here; what is older comes in above it."""
        row = next((row for row in range(self._model.rowCount()) if self._model.line(row) is not None), None)
        if row is not None:
            self.setCurrentIndex(self._model.index(row, 0))
            self.scrollToTop()

    def _link_at(self, place: QPoint) -> QModelIndex | None:
        index = self.indexAt(place)
        line = self._model.line(index.row()) if index.isValid() else None
        return index if line is not None and self._row.order_area(self.visualRect(index), line).contains(place) else None

    # The number is used without selecting its row: selecting pauses the feed, and looking at a shipment should not.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._link_at(event.position().toPoint()) is None:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        link = self._link_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and link is not None:
            self._ask_for(link)
        else:
            super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        link = self._link_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if link is not None else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.viewport().unsetCursor()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._ask_for(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
        elif event.key() == Qt.Key.Key_End:
            self.end_asked.emit()
        elif event.key() == Qt.Key.Key_Home:
            self._to_the_oldest()
        elif event.key() in _BY_ROWS and not self.selectionModel().hasSelection():
            self.setCurrentIndex(self._last_seen())  # there the eyes are: Qt would begin with the oldest
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


def product_in(line: FeedLine, width: int, metrics: QFontMetrics) -> str:
    """Where both do not fit, the number gives way in its middle: products are told apart by its end, and known by their names."""
    number, name, gap = visible(said.product_number(line)), visible(line.product_name), "  "
    if not (number and name):
        return said.product_words(line)
    of_name = min(metrics.horizontalAdvance(name) + 1, width // 2)
    of_number = width - of_name - metrics.horizontalAdvance(gap)
    return f"{metrics.elidedText(number, Qt.TextElideMode.ElideMiddle, of_number)}{gap}{name}"


def _halves(area: QRect) -> tuple[QRect, QRect]:
    inner = area.adjusted(PADDING, style.SPACE, -PADDING, -style.SPACE)
    half = inner.height() // 2
    return QRect(inner.left(), inner.top(), inner.width(), half), QRect(inner.left(), inner.top() + half, inner.width(), half)


def _at_the_end(half: QRect, width: int) -> QRect:
    return QRect(half.left() + half.width() - width, half.top(), width, half.height())


def _order(line: FeedLine) -> str:
    """The number under which the list has it."""
    return str(line.order_id) if line.order_id is not None else tr("unmatched")


def _elided(painter: QPainter, area: QRect, text: str) -> None:
    metrics = QFontMetrics(painter.font())
    painter.drawText(area, _ONE_LINE, metrics.elidedText(visible(text), Qt.TextElideMode.ElideRight, max(0, area.width())))
