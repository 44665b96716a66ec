"""The line under the list where it is asked before something is done to very many. In place, no dialog; both Enter keys and Esc answer."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr


class Confirm(QFrame):
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confirmMany")
        self.setProperty("role", "notice")
        self._does: Callable[[], None] = lambda: None
        self._words = PlainLabel(parent=self, wrap=True)
        self._do = named(QPushButton(self), "doIt", role="primary")
        self._do.clicked.connect(self._answer)
        self._cancel = named(QPushButton(tr("Cancel"), self), "doNothing", tr("Cancel"))
        self._cancel.clicked.connect(self.close_bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._do)
        layout.addWidget(self._cancel)
        self.hide()

    def ask(self, words: str, deed: str, does: Callable[[], None]) -> None:
        self._does = does
        self._words.setText(words)
        self.setAccessibleName(words)
        self._do.setText(deed)
        self._do.setAccessibleName(deed)
        self._do.setAccessibleDescription(words)
        self.show()
        self._do.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Not left to the buttons: which keys press one differs from system to system."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.close_bar() if self._cancel.hasFocus() else self._answer()
        else:
            super().keyPressEvent(event)

    def _answer(self) -> None:
        does = self._does
        self.close_bar()
        does()
