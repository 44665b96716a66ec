"""How the strip is painted: quiet headers, pages on the tint of their document, what a document is under its first page.

Every page has a cell of the same size, so that rows and columns stand in line; the gap between two documents is inside the
cells. Whatever a document says begins under its first page and runs on under the next ones of the same line.
"""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from zendera_desk.domain.ids import PageId
from zendera_desk.domain.paper import Cut, Page, PageState
from zendera_desk.gui import icons, style
from zendera_desk.gui.format import visible
from zendera_desk.gui.paper.model import ROW_ROLE, Head, Index, Leaf
from zendera_desk.gui.paper.thumbs import HIGH, WIDE, Thumbnails
from zendera_desk.gui.style import RADIUS, SPACE, Tone
from zendera_desk.gui.widgets.plain import plain_tip

LEAST: Final = WIDE + 6 * SPACE
"""Pixels: a cell is never narrower."""
_TOP: Final = 2 * SPACE
_LINE: Final = 16
_CELL: Final = _TOP + HIGH + SPACE + 2 * _LINE + 2 * SPACE
HEAD: Final = 34
_GAP: Final = 3
"""Pixels on either side of a cut."""
_ICON: Final = 14
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_MIDDLE: Final = int(Qt.AlignmentFlag.AlignCenter)


class StripDelegate(QStyledItemDelegate):
    def __init__(self, view: QListView, thumbs: Thumbnails) -> None:
        super().__init__(view)
        self._view, self._thumbs = view, thumbs
        self._wide, self._columns = 0, 1
        self.target: PageId | None = None
        """First page of the document onto which pages are dragged."""

    def fit(self, width: int) -> bool:
        """As many columns as there is room for, which share it. Says whether the cells are others now."""
        before = self._wide, self._columns
        self._wide, self._columns = width, max(1, width // LEAST)
        return before != (self._wide, self._columns)

    @property
    def columns(self) -> int:
        return self._columns

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        if isinstance(index.data(ROW_ROLE), Head):
            return QSize(self._wide, HEAD)
        return QSize(self._wide // self._columns, _CELL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        painter.save()
        if isinstance(row, Head):
            _paint_head(painter, option.rect, row)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_leaf(painter, option, index, row)
        painter.restore()

    def _paint_leaf(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, leaf: Leaf) -> None:
        cell: QRect = option.rect
        _paint_block(painter, cell, leaf, is_target=leaf.document.pages[0].id == self.target)
        frame = QRect(cell.x() + (cell.width() - WIDE) // 2, cell.y() + _TOP, WIDE, HIGH)
        paper = self._paint_page(painter, frame, leaf)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        current = index.row() == self._view.currentIndex().row() and self._view.hasFocus()
        if chosen or current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.token("focus"), 3 if chosen else 1, Qt.PenStyle.SolidLine if chosen else Qt.PenStyle.DashLine))
            painter.drawRoundedRect(paper.adjusted(-2, -2, 2, 2), 3, 3)
        _paint_number(painter, paper, leaf.page)
        self._paint_words(painter, cell, index, leaf)

    def _paint_page(self, painter: QPainter, frame: QRect, leaf: Leaf) -> QRect:
        """The page itself, or a sheet that says why it cannot be seen. Returns where it lies."""
        picture = leaf.page.picture
        thumb = self._thumbs.of(picture.id) if picture is not None else None
        if thumb is None:
            size = QSize(WIDE - 6, HIGH) if picture is None else _fitted(picture.width, picture.height)
            paper = _within(frame, size)
            painter.setPen(QPen(style.token("line"), 1))
            painter.setBrush(style.token("raised"))
            painter.drawRect(paper)
            if picture is None:
                waits = leaf.page.state is PageState.WAITING
                icons.paint(painter, "loader" if waits else "triangle-alert", None if waits else Tone.WARN, paper, 20)
            return paper
        paper = _within(frame, thumb.deviceIndependentSize().toSize())
        faded = not leaf.page.is_open
        painter.setOpacity(0.45 if faded else 1.0)
        _draw(painter, paper, thumb)
        painter.setOpacity(1.0)
        painter.setPen(QPen(style.token("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(paper)
        if leaf.page.state is PageState.UNREADABLE:
            icons.paint(painter, "triangle-alert", Tone.WARN, QRect(paper.x() + 3, paper.y() + 3, 18, 18))
        return paper

    def _paint_words(self, painter: QPainter, cell: QRect, index: Index, leaf: Leaf) -> None:
        """Each cell paints its part of the line, so that it does not matter which of them are painted again."""
        first = index.row() - leaf.place
        begin = self._view.visualRect(index.sibling(first, 0)) if leaf.place else cell
        if begin.y() != cell.y():
            return
        on_line = min(leaf.of, max(1, (self._wide - begin.x()) // max(1, cell.width())))
        room = QRect(begin.x() + _GAP + SPACE, cell.y() + _TOP + HIGH + SPACE, on_line * cell.width() - 2 * _GAP - SPACE - 2, _LINE)
        painter.setClipRect(cell)
        icons.paint(painter, leaf.label.icon, leaf.label.tone, QRect(room.x(), room.y(), _ICON, room.height()), _ICON)
        waits = leaf.label.tone is Tone.INFO
        painter.setFont(style.font_body() if waits else style.font_strong())
        painter.setPen(style.colour(Tone.WARN) if leaf.label.tone is Tone.WARN else style.token("muted" if waits else "text"))
        _line(painter, room.adjusted(_ICON + SPACE, 0, 0, 0), leaf.label.text, Qt.TextElideMode.ElideMiddle)
        painter.setFont(style.font_small())
        painter.setPen(style.token("muted"))
        _line(painter, room.translated(0, _LINE), leaf.detail)

    def tip(self, index: Index) -> str:
        row = index.data(ROW_ROLE)
        return plain_tip(str(index.data())) if isinstance(row, Leaf) else ""


def _paint_head(painter: QPainter, area: QRect, head: Head) -> None:
    room = area.adjusted(_GAP, SPACE, -SPACE, 0)
    painter.setFont(style.font_strong())
    painter.setPen(style.token("text"))
    wide = min(painter.fontMetrics().horizontalAdvance(visible(head.name)) + 1, room.width() // 2)
    _line(painter, QRect(room.x(), room.y(), wide, room.height()), visible(head.name))
    painter.setFont(style.font_body())
    painter.setPen(style.token("muted"))
    _line(painter, room.adjusted(wide + 3 * SPACE, 0, 0, 0), head.text)


def _paint_block(painter: QPainter, cell: QRect, leaf: Leaf, *, is_target: bool) -> None:
    """The ground of a document: round where it begins and ends, through where it goes on."""
    area = cell.adjusted(_GAP if leaf.first else 0, SPACE // 2, -_GAP if leaf.last else 0, -SPACE // 2)
    path = QPainterPath()
    left, right = (0 if leaf.first else 2 * RADIUS), (0 if leaf.last else 2 * RADIUS)
    path.addRoundedRect(area.adjusted(-left, 0, right, 0).toRectF(), RADIUS, RADIUS)
    painter.setClipRect(cell)
    painter.fillPath(path, style.token("selection") if is_target else _ground(leaf))
    if leaf.first and leaf.page.cut is Cut.STARTS:
        painter.fillRect(QRect(cell.x(), area.y() + RADIUS, 2, area.height() - 2 * RADIUS), style.token("focus"))
    painter.setClipping(False)


def _ground(leaf: Leaf) -> QColor:
    if leaf.document.is_separator:
        return style.token("raised")
    return style.background(Tone.WARN if leaf.label.tone is Tone.WARN else Tone.NEUTRAL)


def _paint_number(painter: QPainter, paper: QRect, page: Page) -> None:
    painter.setFont(style.font_small())
    wide = painter.fontMetrics().horizontalAdvance(str(page.number)) + 2 * SPACE
    area = QRect(paper.right() - wide - 2, paper.bottom() - 19, wide, 17)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.token("raised"))
    painter.setOpacity(0.9)
    painter.drawRoundedRect(area, 3, 3)
    painter.setOpacity(1.0)
    painter.setPen(style.token("muted"))
    painter.drawText(area, _MIDDLE, str(page.number))


def _fitted(width: int, height: int) -> QSize:
    return QSize(max(1, width), max(1, height)).scaled(WIDE, HIGH, Qt.AspectRatioMode.KeepAspectRatio)


def _within(frame: QRect, size: QSize) -> QRect:
    """Standing at the bottom of its frame, in the middle."""
    return QRect(frame.x() + (frame.width() - size.width()) // 2, frame.y() + frame.height() - size.height(), size.width(), size.height())


def _draw(painter: QPainter, paper: QRect, thumb: QPixmap) -> None:
    painter.drawPixmap(paper.topLeft(), thumb)


def _line(painter: QPainter, area: QRect, text: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
    """Of a number the end tells more than the middle."""
    painter.drawText(area, _LEFT, painter.fontMetrics().elidedText(text, mode, area.width()))
