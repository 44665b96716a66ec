"""Ctrl+Right and Ctrl+Left go from document to document, also inside a field, as long as the caret has no word to go to.

In a field that is empty, or with the caret at that end of it, these keys do nothing; so nothing is taken from whoever types. Page Down
and Page Up with Ctrl do the same anywhere.
"""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

_ON: Final = frozenset({Qt.Key.Key_Right, Qt.Key.Key_PageDown})
_BACK: Final = frozenset({Qt.Key.Key_Left, Qt.Key.Key_PageUp})
_MODIFIERS: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier


class LaneKeys(QObject):
    skip = Signal()
    back = Signal()

    def __init__(self, lane: QWidget) -> None:
        super().__init__(lane)
        for widget in (lane, *lane.findChildren(QWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress} or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if event.modifiers() & _MODIFIERS != Qt.KeyboardModifier.ControlModifier or key not in _ON | _BACK:
            return False
        if key in {Qt.Key.Key_Right, Qt.Key.Key_Left} and not _at_its_end(watched, forward=key in _ON):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif key in _ON:
            self.skip.emit()
        else:
            self.back.emit()
        return True


def _at_its_end(widget: QObject, *, forward: bool) -> bool:
    match widget:
        case QLineEdit():
            return widget.cursorPosition() == (len(widget.text()) if forward else 0) and not widget.hasSelectedText()
        case QPlainTextEdit():
            cursor = widget.textCursor()
            return not cursor.hasSelection() and (cursor.atEnd() if forward else cursor.atStart())
        case _:
            return True
