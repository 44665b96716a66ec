"""The ready comments of each status, one on a line, as they are typed."""

from typing import Final

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from zendera_desk.domain.comments import MOST, ReadyComments, cleaned
from zendera_desk.domain.report import Status
from zendera_desk.gui import labels
from zendera_desk.gui.settings.rows import FIELD
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.choice import ChoiceField
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

_PAUSE: Final = 500
"""Milliseconds after the last key: the file is not written at each."""


class ReadyCommentRows(QWidget):
    changed = Signal(object)
    """ReadyComments, whole."""

    def __init__(self, comments: ReadyComments, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Ready comments"))
        self._comments = comments
        self._status = ChoiceField(
            "readyCommentsOf", [(status.value, labels.report_status(status).text) for status in Status], Status.COMPLETE.value
        )
        self._status.setAccessibleName(tr("Ready comments of"))
        self._status.setFixedWidth(FIELD)
        self._lines = named(QPlainTextEdit(), "readyCommentLines", tr("Ready comments, one on each line"))
        self._lines.setTabChangesFocus(True)
        self._lines.setFixedHeight(self._lines.fontMetrics().lineSpacing() * 6 + 3 * SPACE)
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self._keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._status)
        column.addWidget(self._lines)
        hint = tr("One on each line, {most} at most. In the form Ctrl+Space offers them, and a digit takes one.", most=MOST)
        column.addWidget(PlainLabel(hint, role="small", wrap=True))
        self._show()
        self._status.currentIndexChanged.connect(lambda _index: self._other())
        self._lines.textChanged.connect(self._pause.start)
        self.setFocusProxy(self._status)

    def _other(self) -> None:
        self._keep()
        self._show()

    def _show(self) -> None:
        self._of = self._status.currentData()
        with QSignalBlocker(self._lines):
            self._lines.setPlainText("\n".join(self._comments.get(self._of, ())))

    def _keep(self) -> None:
        self._pause.stop()
        changed = {**self._comments, self._of: cleaned(self._lines.toPlainText())}
        if changed != self._comments:
            self._comments = changed
            self.changed.emit(changed)
