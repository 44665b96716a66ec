"""The page that stands in the window until there is an account, and again when another is added.

Three things are asked: a name for it, where it is, and the key. Saving tries the account first; a failed try can be saved
all the same where only the line is at fault, because a PC may be set up before its network is.
"""

from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from zendera_desk.domain.access import PRODUCTION, STAGING
from zendera_desk.domain.errors import CredentialError, DeskError, LinkError
from zendera_desk.domain.views import Account
from zendera_desk.gui import icons
from zendera_desk.gui.settings.address import AddressChoice
from zendera_desk.gui.settings.errand import Errand
from zendera_desk.gui.settings.keyfield import KeyField
from zendera_desk.gui.settings.trial import LINE_AT_FAULT
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

WIDTH = 130 * SPACE


class AccountDesk(Protocol):
    """What of the desk this page calls."""

    async def test_account(self, base_url: str, key: str) -> None: ...
    async def add_account(self, name: str, base_url: str, key: str, keep_key: bool = ...) -> Account: ...


class FirstRun(QWidget):
    saved = Signal(object)
    """Account"""
    demo_asked = Signal()
    left = Signal()
    """Back, without an account made."""

    def __init__(self, desk: AccountDesk, spawn: Spawn, parent: QWidget | None = None, *, first: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("firstRun")
        self._desk = desk
        self._first = first
        self._passed: tuple[str, str] | None = None
        """The address and key that Zendera accepted."""
        self._excused: tuple[str, str] | None = None
        """The address and key that could not be tried, because of the line."""
        self._name = named(QLineEdit(), "accountName", tr("Account name"))
        self._address = AddressChoice()
        self._key = KeyField()
        self._errand = Errand(spawn)
        self._test = _button("test", tr("Test"))
        self._save = _button("save", tr("Save"), role="primary")
        self._session = _button("thisSessionOnly", tr("Use the key for this session only"))
        self._aside = _button("tryTheDemo", tr("Try the demo"), "quiet") if first else _button("back", tr("Back"), "quiet")
        self._lay_out()
        self._connect()
        self._edited()

    # What the buttons do

    def _try(self) -> None:
        self._errand.start(self._tried, "test the account", tr("Asking Zendera…"))

    async def _tried(self) -> None:
        address, key = self._asked()
        await self._desk.test_account(address, key)
        self._passed = (address, key)
        self._errand.say(tr("Zendera accepts the key. You can save."), Tone.GOOD)
        self._show_buttons()

    def _store(self) -> None:
        self._errand.start(self._stored, "add the account", tr("Asking Zendera…"))

    async def _stored(self) -> None:
        asked = self._asked()
        if asked not in {self._passed, self._excused}:
            await self._desk.test_account(*asked)
            self._passed = asked
        await self._add(keep_key=True)

    def _store_for_session(self) -> None:
        self._errand.start(lambda: self._add(keep_key=False), "add the account for this session", tr("Saving…"))

    async def _add(self, *, keep_key: bool) -> None:
        address, key = self._asked()
        account = await self._desk.add_account(self._account_name(), address, key, keep_key)
        self._key.forget()
        self.saved.emit(account)

    def _failed(self, error: DeskError) -> None:
        if isinstance(error, CredentialError) and error.code != "bad_key":
            self._session.show()
        if isinstance(error, LinkError) and error.code in LINE_AT_FAULT:
            self._excused = self._asked()
        self._show_buttons()
        if isinstance(error, CredentialError) and error.code == "bad_key":
            self._key.setFocus()

    # What is shown

    def _asked(self) -> tuple[str, str]:
        return self._address.url, self._key.key()

    def _account_name(self) -> str:
        typed: str = self._name.text().strip()
        return typed or self._name.placeholderText()

    def _edited(self) -> None:
        self._errand.clear()
        self._session.hide()
        usual = {PRODUCTION: "Zendera", STAGING: tr("Zendera staging")}
        self._name.setPlaceholderText(usual.get(self._address.url, tr("My Zendera")))
        self._show_buttons()

    def _show_buttons(self) -> None:
        address, key = self._asked()
        ready = bool(address and key) and not self._errand.busy
        self._test.setEnabled(ready)
        self._save.setEnabled(ready)
        anyway = self._excused == (address, key) and self._passed != (address, key)
        self._save.setText(tr("Save anyway") if anyway else tr("Save"))
        self._save.setAccessibleName(self._save.text())

    def _busy(self, busy: bool) -> None:
        for widget in (self._name, self._address, self._key, self._session, self._aside):
            widget.setEnabled(not busy)
        self._show_buttons()

    def _connect(self) -> None:
        self._name.returnPressed.connect(self._key.setFocus)
        self._address.field.returnPressed.connect(self._key.setFocus)
        self._address.changed.connect(self._edited)
        self._key.textEdited.connect(lambda _text: self._edited())
        self._key.returnPressed.connect(self._save.click)
        self._test.clicked.connect(self._try)
        self._save.clicked.connect(self._store)
        self._session.clicked.connect(self._store_for_session)
        self._errand.busy_changed.connect(self._busy)
        self._errand.failed.connect(self._failed)
        self._aside.clicked.connect(self.demo_asked if self._first else self.left)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setFixedWidth(WIDTH)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6 * SPACE, 0, 6 * SPACE)
        column.setSpacing(SPACE)
        column.addStretch(1)
        column.addWidget(_Mark())
        column.addSpacing(2 * SPACE)
        column.addWidget(PlainLabel(tr("Welcome to Zendera Desk") if self._first else tr("Add an account"), role="title"))
        promise = tr("Connect a Zendera organisation; its shipments then come in by themselves.")
        column.addWidget(PlainLabel(promise, role="muted", wrap=True))
        column.addSpacing(5 * SPACE)
        _add_field(column, tr("Name"), self._name, tr("What you call it at your desk."))
        _add_field(column, tr("Where"), self._address)
        _add_field(
            column,
            tr("Key"),
            self._key,
            tr(
                "An administrator makes it in Zendera: Settings > Integrations > API keys."
                " It is kept in the keyring of this PC and nowhere else."
            ),
        )
        column.addWidget(self._errand)
        column.addSpacing(3 * SPACE)
        column.addLayout(self._buttons())
        column.addStretch(2)
        self._lay_centred(page)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addWidget(self._save)
        row.addWidget(self._test)
        row.addWidget(self._session)
        row.addStretch()
        row.addWidget(self._aside)
        return row

    def _lay_centred(self, page: QWidget) -> None:
        """In the middle of a large window, and to be scrolled in a small one."""
        ground = QWidget()
        across = QHBoxLayout(ground)
        across.addStretch(1)
        across.addWidget(page)
        across.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(ground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        self.setFocusProxy(self._name)


class _Mark(QWidget):
    """The lorry of the first page."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(10 * SPACE, 10 * SPACE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, "truck", Tone.ACCENT, self.rect(), 10 * SPACE)
        painter.end()


def _button(name: str, words: str, role: str = "") -> QPushButton:
    return named(QPushButton(words), name, words, role=role)


def _add_field(column: QVBoxLayout, title: str, field: QWidget, hint: str = "") -> None:
    label: QLabel = PlainLabel(title, role="strong")
    label.setBuddy(field)
    column.addWidget(label)
    column.addWidget(field)
    if hint:
        column.addWidget(PlainLabel(hint, role="small", wrap=True))
    column.addSpacing(3 * SPACE)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft)
