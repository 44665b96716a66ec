"""The keys of the form, in one filter on every widget of it, because the fields would otherwise eat some of them.

Each key is claimed when Qt asks (ShortcutOverride), so that a shortcut of the window with the same key neither fires nor
makes it ambiguous while the form has the focus.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier


class FormKeys(QObject):
    """`paste` is asked first at Ctrl+V and says whether it took what the clipboard has."""

    send_and_next = Signal()
    save = Signal()
    left = Signal()

    def __init__(self, form: QWidget, paste: Callable[[], bool]) -> None:
        super().__init__(form)
        self._paste = paste
        for widget in (form, *form.findChildren(QWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._claimed(watched, event)
        return event.type() == QEvent.Type.KeyPress and self._pressed(watched, event)

    def _claimed(self, watched: QWidget, event: QKeyEvent) -> bool:
        if _is_own(watched, event):
            return False
        if event.matches(QKeySequence.StandardKey.Undo) and not _can_undo(watched):
            event.ignore()  # the window's "take back" gets it
            return True
        if self._wish(event) is not None:
            event.accept()
            return True
        return False

    def _pressed(self, watched: QWidget, event: QKeyEvent) -> bool:
        if _is_own(watched, event):
            return False
        wish = self._wish(event)
        if wish is not None:
            wish()
            return True
        if event.matches(QKeySequence.StandardKey.Paste):
            return self._paste()
        if event.key() in _ENTER and not event.modifiers() & _MODIFIERS:
            if isinstance(watched, QAbstractButton):
                watched.click()
            else:
                watched.focusNextChild()
            return True
        return False

    def _wish(self, event: QKeyEvent) -> Callable[[], None] | None:
        held = event.modifiers() & _MODIFIERS
        if held == Qt.KeyboardModifier.ControlModifier and event.key() in _ENTER:
            return self.send_and_next.emit
        if event.matches(QKeySequence.StandardKey.Save):
            return self.save.emit
        if event.key() == Qt.Key.Key_Escape and not held:
            return self.left.emit
        return None


def _is_own(watched: QWidget, event: QKeyEvent) -> bool:
    """Enter and Esc mean something else in it, as in a frame over the picture, until that is done or left."""
    if event.modifiers() & _MODIFIERS:
        return False
    if event.key() == Qt.Key.Key_Escape:
        return bool(watched.property("ownKeys") or watched.property("ownEscape"))
    return event.key() in _ENTER and bool(watched.property("ownKeys"))


def _can_undo(widget: QWidget) -> bool:
    match widget:
        case QLineEdit():
            return widget.isUndoAvailable()
        case QPlainTextEdit():
            return widget.document().isUndoAvailable()
        case _:
            return False
