"""How one row of the product feed looks and is used: two lines, because the dock is narrow and its facts are long.

    14:31:02  ✓ not ready                   12345
    Pickup    PROD-PALLET-EUR  Euro pallet

The shipment's number is a link for the mouse; Enter on the row is the same for the keyboard.
"""

import contextlib
from collections.abc import Iterator
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from zendera_desk.domain.tailing import FeedMark
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui import icons, style
from zendera_desk.gui.feed import words as said
from zendera_desk.gui.feed.model import LINE, FeedModel
from zendera_desk.gui.format import visible
from zendera_desk.gui.letters import Letters
from zendera_desk.gui.words import tr

LINE_HEIGHT: Final = 11 * style.SPACE
DAY_HEIGHT: Final = 7 * style.SPACE
PADDING: Final = 3 * style.SPACE

_ICON_AND_GAP: Final = icons.SIZE + style.SPACE + 2
_BY_ROWS: Final = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class FeedRow(QStyledItemDelegate):
    """Paints a change, a day's heading, or the mark of what may be missing."""

    def __init__(self, model: FeedModel, table: QWidget) -> None:
        super().__init__(table)
        self._model, self._table = model, table
        self._body, self._small = Letters(style.font_body(), table), Letters(style.font_small(), table)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60 * style.SPACE, LINE_HEIGHT if isinstance(index.data(LINE), FeedLine) else DAY_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        row, area = index.data(LINE), option.rect
        if self._body.ratio != self._table.devicePixelRatioF():
            self._body, self._small = Letters(self._body.font, self._table), Letters(self._small.font, self._table)
        painter.save()
        if isinstance(row, date):
            self._paint_day(painter, area, said.day_words(row, self._model.today()))
        elif isinstance(row, FeedMark):
            self._paint_mark(painter, area, said.mark_words(row))
            _paint_bar(painter, option, QStyle.StateFlag.State_Selected)  # else nothing shows that it is chosen
        elif isinstance(row, FeedLine):
            style_ = option.widget.style()
            style_.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
            _paint_bar(painter, option, QStyle.StateFlag.State_HasFocus)
            upper, lower = _halves(area)
            painter.setFont(self._body.font)
            self._paint_upper(painter, upper, row)
            painter.setFont(self._small.font)
            self._paint_lower(painter, lower, row)
        painter.restore()

    def order_area(self, area: QRect, line: FeedLine) -> QRect:
        """Where the shipment's number stands; empty when the change is unmatched."""
        if line.order_id is None:
            return QRect()
        upper, _ = _halves(area)
        width = round(self._body.advance(_order(line)))
        return QRect(_right(upper) - width, upper.top(), width, upper.height())

    def _paint_day(self, painter: QPainter, area: QRect, words: str) -> None:
        painter.setFont(self._small.font)
        painter.setPen(style.token("muted"))
        _write(painter, self._small, area, area.left() + PADDING, words)
        left = area.left() + PADDING + round(self._small.advance(words)) + 2 * style.SPACE
        painter.fillRect(QRect(left, area.center().y(), area.right() - PADDING - left, 1), style.token("line"))

    def _paint_mark(self, painter: QPainter, area: QRect, text: str) -> None:
        painter.fillRect(area, style.background(style.Tone.WARN))
        left = area.left() + PADDING
        icons.paint(painter, "triangle-alert", style.Tone.WARN, QRect(left, area.top(), icons.SIZE, area.height()))
        painter.setFont(self._small.font)
        painter.setPen(style.colour(style.Tone.WARN))
        words = left + _ICON_AND_GAP
        _write(painter, self._small, area, words, self._small.fit(text, _right(area) - PADDING - words))

    def _paint_upper(self, painter: QPainter, area: QRect, line: FeedLine) -> None:
        """The time, what happened, and at the end the shipment."""
        body, label = self._body, said.status(line)
        painter.setPen(style.token("muted"))
        _write(painter, body, area, area.left(), said.clock(line.at, self._model.zone))
        left = self._facts(area)
        icons.paint(painter, label.icon, label.tone, QRect(left, area.top(), icons.SIZE, area.height()))
        words = left + _ICON_AND_GAP
        end = self._paint_order(painter, area, line, area.right() - words - body.advance(label.text) - 2 * style.SPACE)
        painter.setPen(style.colour(label.tone))
        painter.setFont(body.font)
        _write(painter, body, area, words, body.fit(visible(label.text), max(0, end - 2 * style.SPACE - words)))

    def _paint_order(self, painter: QPainter, area: QRect, line: FeedLine, room: float) -> int:
        """Where it begins. Of the status and "unmatched", which gets the room that is left, the status says more."""
        matched, words = line.order_id is not None, _order(line)
        letters = self._body if matched else self._small
        wanted = round(letters.advance(words))
        width = wanted if matched else min(wanted, max(0, int(room)))
        painter.setFont(letters.font)
        painter.setPen(style.token("focus" if matched else "muted"))
        _write(painter, letters, area, _right(area) - width, words if width == wanted else letters.fit(words, width))
        return _right(area) - width

    def _paint_lower(self, painter: QPainter, area: QRect, line: FeedLine) -> None:
        """The stop, and the product."""
        painter.setPen(style.token("muted"))
        _write(painter, self._small, area, area.left(), said.stop_words(line))
        painter.setPen(style.token("text"))
        left = self._facts(area)
        room = _right(area) - left
        _write(painter, self._small, area, left, self._small.fit(visible(product_in(line, room, self._small)), max(0, room)))

    def _facts(self, area: QRect) -> int:
        """Where they begin, to the right of the time."""
        return area.left() + round(self._body.advance("00:00:00")) + 3 * style.SPACE


class FeedTable(QTableView):
    """The table named "Product feed": one column, its rows as FeedRow paints them."""

    shipment_asked = Signal(object)
    """OrderId, of the row whose shipment's number was clicked, or on which Enter was pressed."""
    end_asked = Signal()
    """The End key: to the newest, and on from there."""
    copy_asked = Signal(object)
    """FeedLine or FeedUnreadable, of the row on which Ctrl+C was pressed."""
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
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
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
        elif event.matches(QKeySequence.StandardKey.Copy):
            if self.selectionModel().hasSelection():
                self.copy_asked.emit(self.currentIndex().data(LINE))
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


def product_in(line: FeedLine, width: int, letters: Letters) -> str:
    """Where both do not fit, the number gives way in its middle: products are told apart by its end, and known by their names."""
    number, name, gap = visible(said.product_number(line)), visible(line.product_name), "  "
    if not (number and name):
        return said.product_words(line)
    of_name = min(round(letters.advance(name)) + 1, width // 2)
    return f"{letters.fit_ends(number, width - of_name - round(letters.advance(gap)))}{gap}{name}"


def _paint_bar(painter: QPainter, option: QStyleOptionViewItem, wanted: QStyle.StateFlag) -> None:
    if option.state & wanted:
        painter.fillRect(QRect(option.rect.left(), option.rect.top(), 2, option.rect.height()), style.token("accent"))


def _write(painter: QPainter, letters: Letters, area: QRect, left: int, text: str) -> None:
    """One line in the middle of the area's height."""
    painter.drawText(QPointF(left, area.top() + letters.baseline(area.height())), text)


def _halves(area: QRect) -> tuple[QRect, QRect]:
    inner = area.adjusted(PADDING, style.SPACE, -PADDING, -style.SPACE)
    half = inner.height() // 2
    return QRect(inner.left(), inner.top(), inner.width(), half), QRect(inner.left(), inner.top() + half, inner.width(), half)


def _right(area: QRect) -> int:
    """The first pixel behind it."""
    return area.left() + area.width()


def _order(line: FeedLine) -> str:
    """The number under which the list has it."""
    return str(line.order_id) if line.order_id is not None else tr("unmatched")
