"""Who signed, with the names that are known at this stop: the rest of the name stands greyed behind what is typed, and is no text yet.

Tab and the right arrow take it, and the caret stays, so that it is seen before it is left; Enter, and everything else, does not. The
arrows up and down go through the names. What was typed is never changed unasked.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from zendera_desk.domain.suggestions import KnownName, completion
from zendera_desk.gui import style
from zendera_desk.gui.format import visible

_WAYS: Final = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class SigneeField(QLineEdit):
    offered = Signal()
    """Another name is offered, or none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[KnownName] = ()
        self._fitting: Sequence[KnownName] = ()
        self._place = 0
        self.textEdited.connect(lambda _text: self._look())
        self.textChanged.connect(lambda _text: self._drop_stale())

    def know(self, names: Sequence[KnownName]) -> None:
        self._names = names
        self._offer(())

    @property
    def names(self) -> Sequence[KnownName]:
        return self._names

    @property
    def offer(self) -> KnownName | None:
        """What Tab would take."""
        return self._fitting[self._place] if self._fitting else None

    def known(self) -> KnownName | None:
        """The name that stands in the field, if it is one of them."""
        typed = " ".join(self.text().split()).casefold()
        return next((known for known in self._names if known.name.casefold() == typed), None)

    def take(self) -> bool:
        known = self.offer
        if known is None:
            return False
        self.selectAll()
        self.insert(known.name)  # so that native undo brings back what was typed
        self._offer(())
        return True

    def event(self, event: QEvent) -> bool:
        """Tab and Esc never come as plain key presses: one leads on, the other is the form's, unless a name is offered."""
        if isinstance(event, QKeyEvent) and self.offer is not None and not _held(event):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
                return self.take()
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                self._offer(())
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at_end = self.cursorPosition() == len(self.text()) and not self.hasSelectedText()
        if event.key() == Qt.Key.Key_Right and not _held(event) and at_end and self.take():
            return
        if event.key() in _WAYS and not _held(event) and self._step(_WAYS[Qt.Key(event.key())]):
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.offered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._offer(())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        known = self.offer
        if known is None or self.cursorPosition() < len(self.text()):
            return
        rest = visible(known.name[len(self.text()) :])
        left = self.cursorRect().center().x() + 1
        room = QRect(left, 0, self.width() - left - 8, self.height())
        painter = QPainter(self)
        painter.setPen(style.token("muted"))
        shown = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()

    def _look(self) -> None:
        self._offer(completion(self._names, self.text()))

    def _step(self, way: int) -> bool:
        if self._fitting:
            self._place = (self._place + way) % len(self._fitting)
            self._tell()
            return True
        if not self.text() and self._names:
            self._offer(self._names)
            return True
        return False

    def _drop_stale(self) -> None:
        """The text was set by somebody else than the person who types."""
        known = self.offer
        if known is not None and not known.name.casefold().startswith(self.text().casefold()):
            self._offer(())
        self.offered.emit()

    def _offer(self, fitting: Sequence[KnownName]) -> None:
        self._fitting, self._place = fitting, 0
        self._tell()

    def _tell(self) -> None:
        self.setProperty("ownEscape", self.offer is not None)
        self.update()
        self.offered.emit()


def _held(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
