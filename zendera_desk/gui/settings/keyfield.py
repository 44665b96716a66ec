"""The field for a key: covered, with an eye that uncovers it, and cleared of the blanks that copying adds."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from zendera_desk.gui.icons import icon
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.searchfield import centre_buttons
from zendera_desk.gui.words import tr

_SECRET: Final = Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhSensitiveData


class KeyField(QLineEdit):
    """`text()` is the key. It is never put into a log, a repr or the session's state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key")
        self.setAccessibleName(tr("Key"))
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(_SECRET)
        self._show = QAction(icon("eye"), tr("Show the key"), self)
        self._show.setObjectName("showKey")
        self._show.setCheckable(True)
        self._show.toggled.connect(self._uncover)
        self.addAction(self._show, QLineEdit.ActionPosition.TrailingPosition)

    def key(self) -> str:
        return self.text().strip()

    def forget(self) -> None:
        """Empties the field and its undo history, so that the key is not brought back with Ctrl+Z."""
        self._show.setChecked(False)
        self.setText("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        centre_buttons(self)

    def _uncover(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.setInputMethodHints(_SECRET)  # Qt takes them away from what is uncovered; it is no less secret
        self._show.setIcon(icon("eye", Tone.ACCENT if shown else None))
        self._show.setText(tr("Hide the key") if shown else tr("Show the key"))
