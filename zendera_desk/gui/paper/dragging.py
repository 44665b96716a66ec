"""Pages dragged in the strip onto another document: they belong to its shipment then. The keyboard does the same by typing the number.

By the mouse's own events and not as Qt's drag and drop, which runs a loop inside the loop while the button is held.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QListView

from zendera_desk.domain.ids import PageId
from zendera_desk.domain.paper import Page, PageState
from zendera_desk.gui.paper.model import Leaf

_NO_KEYS: Final = Qt.KeyboardModifier.NoModifier


class PageDrag(QObject):
    """`leaf_at` tells what lies at a place of the view, `selected` what is chosen."""

    dropped = Signal(object, object)
    """list[Page], and the Leaf they were let go on."""
    over = Signal(object)
    """PageId of the first page of the document that would get them; None: nobody would."""

    def __init__(self, view: QListView, leaf_at: Callable[[QPoint], Leaf | None], selected: Callable[[], list[Page]]) -> None:
        super().__init__(view)
        self._view, self._leaf_at, self._selected = view, leaf_at, selected
        self._pages: list[Page] = []
        self._from = QPoint()
        self._is_dragging = False
        view.viewport().installEventFilter(self)
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            escaped = self._is_dragging and event.key() == Qt.Key.Key_Escape
            if escaped and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # it ends the dragging, and is nobody's shortcut
            elif escaped and event.type() == QEvent.Type.KeyPress:
                self._end()
            return escaped
        if not isinstance(event, QMouseEvent):
            return False
        match event.type():
            case QEvent.Type.MouseButtonPress:
                self._begin(event)
            case QEvent.Type.MouseMove if self._pages:
                return self._move(event.position().toPoint())
            case QEvent.Type.MouseButtonRelease if self._is_dragging:
                self._let_go(event.position().toPoint())
                return True
            case QEvent.Type.MouseButtonRelease:
                self._pages = []
        return False

    def _begin(self, event: QMouseEvent) -> None:
        self._end()
        leaf = self._leaf_at(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or event.modifiers() != _NO_KEYS or leaf is None or not _can_move(leaf.page):
            return
        chosen = [page for page in self._selected() if _can_move(page)]
        self._pages = chosen if leaf.page in chosen else [leaf.page]
        self._from = event.position().toPoint()

    def _move(self, at: QPoint) -> bool:
        """True: it is a drag, and not a choice of pages."""
        if not self._is_dragging and (at - self._from).manhattanLength() >= QApplication.startDragDistance():
            self._is_dragging = True
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._is_dragging:
            target = self._target(at)
            self.over.emit(target.document.pages[0].id if target is not None else None)
        return self._is_dragging

    def _let_go(self, at: QPoint) -> None:
        pages, target = self._pages, self._target(at)
        self._end()
        if target is not None:
            self.dropped.emit(pages, target)

    def _target(self, at: QPoint) -> Leaf | None:
        """Another document, whose shipment is known."""
        leaf = self._leaf_at(at)
        if leaf is None or leaf.document.order_id is None:
            return None
        own: set[PageId] = {page.id for page in leaf.document.pages}
        return None if all(page.id in own for page in self._pages) else leaf

    def _end(self) -> None:
        self._pages = []
        if self._is_dragging:
            self._is_dragging = False
            self._view.viewport().unsetCursor()
            self.over.emit(None)


def _can_move(page: Page) -> bool:
    """What lies in a form is moved there; what parts documents belongs to none."""
    return page.filed is None and not page.separator and page.state is not PageState.DROPPED
