"""A new key for the open account: taken once, tried by the desk, and forgotten by the field."""

from typing import Protocol

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.errors import CredentialError, DeskError
from zendera_desk.gui.settings.errand import Errand
from zendera_desk.gui.settings.keyfield import KeyField
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr


class KeyDesk(Protocol):
    """What of the desk this calls."""

    async def replace_key(self, key: str, keep_key: bool = ...) -> None: ...


class NewKey(QWidget):
    def __init__(self, desk: KeyDesk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.field = KeyField()
        self._replace = named(QPushButton(tr("Replace key")), "replaceKey", tr("Replace key"))
        self._session = named(
            QPushButton(tr("Use the key for this session only")), "thisSessionOnly", tr("Use the key for this session only")
        )
        self._errand = Errand(spawn)
        self._lay_out()
        self.field.textEdited.connect(lambda _text: self._edited())
        self.field.returnPressed.connect(self._replace.click)
        self._replace.clicked.connect(lambda: self._start(keep_key=True))
        self._session.clicked.connect(lambda: self._start(keep_key=False))
        self._errand.failed.connect(self._failed)
        self._errand.busy_changed.connect(lambda _busy: self._show_buttons())
        self._show_buttons()

    def _start(self, *, keep_key: bool) -> None:
        self._errand.start(lambda: self._replaced(keep_key=keep_key), "replace the key", tr("Asking Zendera…"))

    async def _replaced(self, *, keep_key: bool) -> None:
        await self._desk.replace_key(self.field.key(), keep_key)
        self.field.forget()
        self._session.hide()
        kept, held = tr("The new key is in use and kept in the keyring."), tr("The new key is in use until the program ends.")
        self._errand.say(kept if keep_key else held, Tone.GOOD)

    def _failed(self, error: DeskError) -> None:
        self._session.setVisible(isinstance(error, CredentialError) and error.code != "bad_key")

    def _edited(self) -> None:
        self._errand.clear()
        self._session.hide()
        self._show_buttons()

    def _show_buttons(self) -> None:
        idle = not self._errand.busy
        self.field.setEnabled(idle)
        self._session.setEnabled(idle)
        self._replace.setEnabled(idle and bool(self.field.key()))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addWidget(self._replace)
        row.addWidget(self._session)
        row.addStretch()
        self._session.hide()
        self.field.setMaximumWidth(60 * SPACE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * SPACE)
        column.addWidget(self.field)
        column.addWidget(PlainLabel(tr("From Zendera: Settings > Integrations > API keys."), role="small", wrap=True))
        column.addLayout(row)
        column.addWidget(self._errand)
        self.setFocusProxy(self.field)
