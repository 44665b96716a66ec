"""Questions that are awaited. They open without a loop of their own, so that everything else goes on behind them.

Used only where `product.md` wants a real question (the last strike, cannot handle, deleting pages) and for choosing
files. A person's "no" is an answer, never an exception; when the waiting task is cancelled, the dialog goes with it.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from zendera_desk.gui.tokens import SPACE
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

_WIDTH = 400


async def ask(parent: QWidget, title: str, text: str, accept_label: str, danger: bool = False) -> bool:
    """A question with two answers. Of a dangerous one "Cancel" is the answer that Enter gives."""
    dialog = _Question(parent, title, text, accept_label, danger)
    return await _opened(dialog)


async def ask_text(parent: QWidget, title: str, text: str, accept_label: str, value: str = "", many_lines: bool = False) -> str | None:
    """What was typed, without blanks around it; None when it was called off. An empty answer cannot be given."""
    dialog = _TextQuestion(parent, title, text, accept_label, value, many_lines)
    return dialog.typed() if await _opened(dialog) else None


async def choose_files(parent: QWidget, title: str, filters: Sequence[str], start: Path | None = None) -> list[Path]:
    """Files that exist, with the system's own dialog; none when it was called off. `filters`: "Pictures (*.jpg *.png)"."""
    dialog = QFileDialog(parent, title, str(start) if start is not None else "")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters(list(filters))
    dialog.setObjectName("chooseFiles")
    return [Path(name) for name in dialog.selectedFiles()] if await _opened(dialog) else []


async def choose_save(parent: QWidget, title: str, filters: Sequence[str], name: str, start: Path | None = None) -> Path | None:
    """Where to save; the dialog itself asks before it replaces a file. None when it was called off."""
    dialog = QFileDialog(parent, title, str((start or Path()) / name))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters))
    dialog.setObjectName("chooseSave")
    return Path(dialog.selectedFiles()[0]) if await _opened(dialog) else None


async def _opened(dialog: QDialog) -> bool:
    """True when it was accepted. The dialog is gone afterwards, however it ended; its answers can be read until the caller returns."""
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def finish(result: int) -> None:
        if not answered.done():
            answered.set_result(result)

    dialog.finished.connect(finish)
    dialog.open()
    try:
        return await answered == QDialog.DialogCode.Accepted.value
    finally:
        dialog.hide()
        dialog.deleteLater()


class _Question(QDialog):
    def __init__(self, parent: QWidget, title: str, text: str, accept_label: str, danger: bool) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        heading = PlainLabel(title, self, role="heading", wrap=True)
        self.text = PlainLabel(text, self, wrap=True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.yes = QPushButton(accept_label, self)
        self.yes.setProperty("role", "danger" if danger else "primary")
        self.no = QPushButton(tr("Cancel"), self)
        for button, done in ((self.yes, self.accept), (self.no, self.reject)):
            button.setAccessibleName(button.text())
            button.setAutoDefault(True)
            button.clicked.connect(done)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        buttons.addStretch(1)
        buttons.addWidget(self.no)
        buttons.addWidget(self.yes)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(5 * SPACE, 5 * SPACE, 5 * SPACE, 4 * SPACE)
        self.body.setSpacing(2 * SPACE)
        self.body.addWidget(heading)
        self.body.addWidget(self.text)
        self.body.addSpacing(3 * SPACE)
        self.body.addLayout(buttons)
        (self.no if danger else self.yes).setDefault(True)
        (self.no if danger else self.yes).setFocus(Qt.FocusReason.PopupFocusReason)


class _TextQuestion(_Question):
    def __init__(self, parent: QWidget, title: str, text: str, accept_label: str, value: str, many_lines: bool) -> None:
        super().__init__(parent, title, text, accept_label, danger=False)
        self._field: QLineEdit | QPlainTextEdit = QPlainTextEdit(value, self) if many_lines else QLineEdit(value, self)
        self._field.setAccessibleName(title)
        self._field.textChanged.connect(self._check)
        if isinstance(self._field, QPlainTextEdit):
            self._field.setTabChangesFocus(True)
        self.body.insertWidget(2, self._field)
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._check()

    def typed(self) -> str:
        field = self._field
        return (field.text() if isinstance(field, QLineEdit) else field.toPlainText()).strip()

    def _check(self) -> None:
        self.yes.setEnabled(bool(self.typed()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.yes.isEnabled():
            self.accept()  # also out of a field that takes Enter for itself
            return
        super().keyPressEvent(event)
