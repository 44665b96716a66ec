"""The page strip: all that lies here, as a list of small pictures that a person can walk through, cut, turn and put aside.

Qt's own list view, because it asks only for what is in sight and tells assistive tools what stands there; where the arrows
lead and what the keys do is ours.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip, QWidget

from zendera_desk.domain.ids import PageId, PictureId
from zendera_desk.domain.paper import Page
from zendera_desk.gui.paper.ahead import PicturePixels
from zendera_desk.gui.paper.delegate import StripDelegate
from zendera_desk.gui.paper.dragging import PageDrag
from zendera_desk.gui.paper.model import Leaf, Row, StripModel
from zendera_desk.gui.paper.thumbs import Thumbnails
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.words import tr

_Move = QAbstractItemView.CursorAction
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_HELD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class PageStrip(QListView):
    chosen = Signal()
    """Another page is the present one, or others are selected."""
    key_pressed = Signal(str)
    """One of "cut", "left", "right", "aside", "assign"."""
    dropped = Signal(object, object)
    """list[Page], and the Leaf of another document, which has a shipment."""
    typed = Signal(str)
    """A letter or digit that is no key of ours: it begins a search."""

    def __init__(self, picture_pixels: PicturePixels, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self.setAccessibleName(tr("Pages"))
        self._pages = StripModel(self)
        self._thumbs = Thumbnails(picture_pixels, spawn, self._in_sight, self)
        self._cells = StripDelegate(self, self._thumbs)
        self.setModel(self._pages)
        self.setItemDelegate(self._cells)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else cells and bar push each other about
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(48)
        self.setTabKeyNavigation(False)
        self.setViewportMargins(SPACE + 1, 0, 0, 0)  # so that the blocks begin where the row above them does
        self._thumbs.arrived.connect(self._paint_again)
        drag = PageDrag(self, self._leaf_at, self.selected)
        drag.dropped.connect(self.dropped)
        drag.over.connect(self._show_target)
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self.chosen.emit())
        self.selectionModel().currentChanged.connect(lambda _new, _old: self.chosen.emit())

    def show_rows(self, rows: Sequence[Row]) -> None:
        """What is chosen and what is in sight stay, whatever came above them."""
        anchor = QPersistentModelIndex(self._first_in_sight())
        offset = self.visualRect(anchor).y() if anchor.isValid() else 0
        at_top = self.verticalScrollBar().value() == 0
        self._pages.show(rows)
        self.doItemsLayout()
        if anchor.isValid() and not at_top:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.visualRect(anchor).y() - offset)
        if not self.currentIndex().isValid() or self.current() is None:
            self._choose_something()
        elif not self.selectionModel().hasSelection():
            self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.Select)
        self.chosen.emit()

    def current(self) -> Leaf | None:
        return self._pages.leaf(self.currentIndex().row())

    def selected(self) -> list[Page]:
        """In their order; the present one at least."""
        found = sorted(index.row() for index in self.selectedIndexes())
        leaves = [leaf for row in found if (leaf := self._pages.leaf(row)) is not None]
        current = self.current()
        if not leaves and current is not None:
            leaves = [current]
        return [leaf.page for leaf in leaves]

    def choose(self, page: PageId) -> bool:
        row = self._pages.row_of(page)
        if row is not None:
            self.setCurrentIndex(self._pages.index(row))
        return row is not None

    def choose_next_open(self) -> None:
        """After one was given its shipment: the next that waits for a person, so that Enter, Enter, Enter goes through them."""
        rows, here = self._pages.rowCount(), self.currentIndex().row()
        for row in [*range(here + 1, rows), *range(here)]:
            leaf = self._pages.leaf(row)
            if leaf is not None and leaf.first and leaf.document.order_id is None and leaf.page.is_open:
                self.setCurrentIndex(self._pages.index(row))
                return

    # Moving and keys

    def moveCursor(self, action: _Move, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        here = self.currentIndex().row()
        if here < 0:
            return self._step(-1, 1)
        page_lines = max(1, self.viewport().height() // max(1, self.visualRect(self.currentIndex()).height()))
        steps = {_Move.MoveLeft: -1, _Move.MovePrevious: -1, _Move.MoveRight: 1, _Move.MoveNext: 1}
        lines = {_Move.MoveUp: -1, _Move.MoveDown: 1, _Move.MovePageUp: -page_lines, _Move.MovePageDown: page_lines}
        if action in steps:
            return self._step(here, steps[action])
        if action in lines:
            return self._line(lines[action])
        return self._step(-1, 1) if action is _Move.MoveHome else self._step(self._pages.rowCount(), -1)

    def _step(self, row: int, by: int) -> QModelIndex:
        row += by
        while 0 <= row < self._pages.rowCount() and self._pages.leaf(row) is None:
            row += by
        return self._pages.index(row) if 0 <= row < self._pages.rowCount() else self.currentIndex()

    def _line(self, by: int) -> QModelIndex:
        """The page above or below; where a line is short, its last one."""
        found, step = self.currentIndex(), 1 if by > 0 else -1
        x = self.visualRect(found).x()
        for _each in range(abs(by)):
            y = self.visualRect(found).y()
            row = found.row()
            while 0 <= row < self._pages.rowCount() and (self.visualRect(self._pages.index(row)).y() == y or self._pages.leaf(row) is None):
                row += step
            if not 0 <= row < self._pages.rowCount():
                break
            found = self._nearest(row, x, step)
        return found

    def _nearest(self, row: int, x: int, step: int) -> QModelIndex:
        best = self._pages.index(row)
        y = self.visualRect(best).y()
        while self._pages.leaf(row) is not None and self.visualRect(self._pages.index(row)).y() == y:
            each = self._pages.index(row)
            if abs(self.visualRect(each).x() - x) <= abs(self.visualRect(best).x() - x):
                best = each
            row += step
        return best

    def keyPressEvent(self, event: QKeyEvent) -> None:
        done = _key(event)
        if done:
            self.key_pressed.emit(done)
        elif _is_text(event):
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A single letter is ours while the strip has the focus, whatever shortcut it is elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and (_key(event) or _is_text(event)):
            event.accept()
            return True
        return super().event(event)

    def keyboardSearch(self, _search: str) -> None:
        """Typing looks for a shipment, not for a page."""

    def _leaf_at(self, at: QPoint) -> Leaf | None:
        return self._pages.leaf(self.indexAt(at).row())

    def _show_target(self, document: PageId | None) -> None:
        self._cells.target = document
        self.viewport().update()

    # What is in sight

    def paintEvent(self, event: QPaintEvent) -> None:
        self._thumbs.ratio = self.devicePixelRatioF()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._cells.fit(self.viewport().width() - 2):
            self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            tip = self._cells.tip(index) if index.isValid() else ""
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().viewportEvent(event)

    def _first_in_sight(self) -> QModelIndex:
        for y in range(0, self.viewport().height(), 24):
            index = self.indexAt(QPoint(12, y))
            if index.isValid():
                return index
        return QModelIndex()

    def _in_sight(self) -> Iterator[PictureId]:
        if not self.isVisible():
            return
        row, bottom = max(0, self._first_in_sight().row()), self.viewport().height()
        while row < self._pages.rowCount() and self.visualRect(self._pages.index(row)).y() < bottom:
            leaf = self._pages.leaf(row)
            if leaf is not None and leaf.page.picture is not None:
                yield leaf.page.picture.id
            row += 1

    def _paint_again(self, picture: PictureId) -> None:
        row = max(0, self._first_in_sight().row())
        bottom = self.viewport().height()
        while row < self._pages.rowCount():
            index = self._pages.index(row)
            area = self.visualRect(index)
            if area.y() >= bottom:
                return
            leaf = self._pages.leaf(row)
            if leaf is not None and leaf.page.picture is not None and leaf.page.picture.id == picture:
                self.viewport().update(area)
            row += 1

    def _choose_something(self) -> None:
        index = self._step(-1, 1)
        if index.isValid():
            self.setCurrentIndex(index)


def _key(event: QKeyEvent) -> str:
    if event.modifiers() & _HELD:
        return ""
    if event.key() in _ENTER:
        return "assign"
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return ""
    return {Qt.Key.Key_S: "cut", Qt.Key.Key_L: "left", Qt.Key.Key_R: "right", Qt.Key.Key_Delete: "aside"}.get(Qt.Key(event.key()), "")


def _is_text(event: QKeyEvent) -> bool:
    text = event.text()
    return not event.modifiers() & _HELD and len(text) == 1 and text.isalnum()
