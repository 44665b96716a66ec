"""What this desk prefers. Each change counts at once: there is nothing to save and nothing to cancel."""

from typing import Final

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from zendera_desk.domain.views import Account
from zendera_desk.gui.settings.newkey import KeyDesk, NewKey
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import ROW, SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import mark, tr
from zendera_desk.settings import Settings

LANGUAGES: Final = (
    ("", mark("As the system")),
    ("nb", "Norsk bokmål"),
    ("en", "English"),
    ("da", "Dansk"),
    ("sv", "Svenska"),
    ("is", "Íslenska"),
)
"""Each language by its own name, so that it is found by those who read no other."""

SCHEMES: Final = (("system", mark("As the system")), ("light", mark("Light")), ("dark", mark("Dark")))
CURRENCIES: Final = ("NOK", "DKK", "SEK", "ISK", "EUR")


class Preferences(QWidget):
    changed = Signal(object)
    """Settings, whole."""

    def __init__(self, settings: Settings, account: Account | None, desk: KeyDesk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        self._settings = settings
        self._rows = 0
        self._new_key: NewKey | None = None
        self._grid = QGridLayout()
        self._made_by = named(QLineEdit(settings.made_by, maxLength=200), "yourName")
        self._at = named(QLineEdit(settings.desk, maxLength=200), "deskName")
        self._hold = _spin("hold", settings.hold_seconds, 0, 60, tr(" s"))
        self._currency = _combo("defaultCurrency", [(code, code) for code in _currencies(settings)], settings.currency)
        self._language = _combo("language", [(code, tr(name)) for code, name in LANGUAGES], settings.language)
        self._scheme = _combo("colours", [(code, tr(name)) for code, name in SCHEMES], settings.scheme)
        self._lay_out()
        if account is not None:
            self._new_key = NewKey(desk, spawn)
            self._lay_out_account(account, self._new_key)
        self._connect()
        self.setFocusProxy(self._made_by)

    def ask_key(self) -> None:
        """Somebody comes to replace the key, and to nothing else."""
        if self._new_key is not None:
            self._new_key.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, **values: object) -> None:
        changed = msgspec.structs.replace(self._settings, **values)
        if changed != self._settings:
            self._settings = changed
            self.changed.emit(changed)

    def _connect(self) -> None:
        self._made_by.editingFinished.connect(lambda: self._change(made_by=self._made_by.text().strip()))
        self._at.editingFinished.connect(lambda: self._change(desk=self._at.text().strip()))
        self._hold.valueChanged.connect(lambda value: self._change(hold_seconds=value))
        self._currency.currentIndexChanged.connect(lambda _index: self._change(currency=self._currency.currentData()))
        self._language.currentIndexChanged.connect(lambda _index: self._change(language=self._language.currentData()))
        self._scheme.currentIndexChanged.connect(lambda _index: self._change(scheme=self._scheme.currentData()))

    # Layout

    def _lay_out(self) -> None:
        self._grid.setHorizontalSpacing(4 * SPACE)
        self._grid.setVerticalSpacing(2 * SPACE)
        self._grid.setColumnStretch(2, 1)
        self._section(tr("This desk"))
        self._add(tr("Your name"), self._made_by, tr("Stands beside what you send."))
        self._add(tr("Desk name"), self._at)
        self._section(tr("Sending"))
        self._add(tr("Hold"), self._hold, tr("So long a send can be taken back before it goes."))
        self._add(tr("Default currency"), self._currency)
        self._section(tr("Appearance"))
        self._add(tr("Language"), self._language, tr("There is English alone so far. Your choice counts as soon as there is more."))
        self._add(tr("Colours"), self._scheme)
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * SPACE, 4 * SPACE, 6 * SPACE, 6 * SPACE)
        column.addLayout(self._grid)
        column.addStretch()

    def _lay_out_account(self, account: Account, new_key: NewKey) -> None:
        desks = _spin("desksOnKey", self._settings.desks_on_key, 1, 50)
        desks.valueChanged.connect(lambda value: self._change(desks_on_key=value))
        self._section(tr("Account {name}", name=account.name))
        self._add(tr("Desks on this key"), desks, tr("They share the calls that Zendera allows in an hour."))
        label = PlainLabel(tr("New key"), role="muted")
        label.setBuddy(new_key)
        label.setMinimumHeight(ROW)  # stands beside the field, not beside the whole
        self._grid.addWidget(label, self._rows, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(new_key, self._rows, 1, 1, 2)

    def _section(self, title: str) -> None:
        if self._rows:
            self._grid.setRowMinimumHeight(self._rows, 3 * SPACE)
            self._rows += 1
        self._grid.addWidget(PlainLabel(title, role="heading"), self._rows, 0, 1, 3)
        self._rows += 1

    def _add(self, title: str, field: QWidget, hint: str = "") -> None:
        label = PlainLabel(title, role="muted")
        label.setBuddy(field)
        field.setAccessibleName(title)
        field.setFixedWidth(60 * SPACE)
        self._grid.addWidget(label, self._rows, 0)
        self._grid.addWidget(field, self._rows, 1)
        if hint:
            self._grid.addWidget(PlainLabel(hint, role="small", wrap=True), self._rows, 2)
        self._rows += 1


def _currencies(settings: Settings) -> list[str]:
    """The currencies of our countries, and the one that is set, should it be another."""
    return list(dict.fromkeys((*CURRENCIES, settings.currency)))


def _spin(name: str, value: int, least: int, most: int, suffix: str = "") -> QSpinBox:
    spin = named(QSpinBox(minimum=least, maximum=most, suffix=suffix), name)
    spin.setValue(value)
    spin.setKeyboardTracking(False)
    return spin


def _combo(name: str, choices: list[tuple[str, str]], value: str) -> QComboBox:
    combo = named(QComboBox(), name)
    for code, words in choices:
        combo.addItem(words, code)
    combo.setCurrentIndex(max(0, combo.findData(value)))
    return combo
