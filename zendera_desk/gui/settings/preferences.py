"""What this desk prefers. Each change counts at once: there is nothing to save and nothing to cancel.

But for what deletes: that asks first (keeptime.py).
"""

from typing import Final, Protocol

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from zendera_desk.domain.quoting import LANGUAGES as SPOKEN
from zendera_desk.domain.views import Account, DeskStatus
from zendera_desk.gui.format import count
from zendera_desk.gui.settings.certainty import Certainty
from zendera_desk.gui.settings.evidence import EvidenceRules
from zendera_desk.gui.settings.folder import FolderDesk, FolderRow
from zendera_desk.gui.settings.handscanner import HandScanner, ScanDesk
from zendera_desk.gui.settings.keeptime import KeepDesk, KeepTime
from zendera_desk.gui.settings.newkey import KeyDesk, NewKey
from zendera_desk.gui.settings.pictures import PictureRows
from zendera_desk.gui.settings.ready import ReadyCommentRows
from zendera_desk.gui.settings.rows import NumberField, Rows
from zendera_desk.gui.settings.separators import SeparatorRow
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.choice import ChoiceField
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
WIDEST: Final = 230 * SPACE
"""Lines that are longer are hard to read."""


class PreferencesDesk(KeyDesk, KeepDesk, FolderDesk, ScanDesk, Protocol):
    """What of the desk this calls."""

    settings: Settings
    account: Account | None

    async def recognised(self) -> int: ...
    async def status(self) -> DeskStatus: ...


class Preferences(QScrollArea):
    changed = Signal(object)
    """Settings, whole."""
    archives_asked = Signal()

    def __init__(self, desk: PreferencesDesk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        settings, account = desk.settings, desk.account
        self._settings = settings
        self._changes: dict[str, object] = {}
        """What was changed on this page."""
        self._desk = desk
        self._new_key: NewKey | None = None
        self._calls = 0
        """An hour, for all desks on the key together; 0 while it is not known."""
        self._rows = Rows()
        self._made_by = named(QLineEdit(settings.made_by, maxLength=200), "yourName")
        self._at = named(QLineEdit(settings.desk, maxLength=200), "deskName")
        self._hold = NumberField("hold", settings.hold_seconds, 0, 60, tr(" s"))
        self._currency = ChoiceField("defaultCurrency", [(code, code) for code in _currencies(settings)], settings.currency)
        self._certainty = Certainty(settings.certainty)
        self._evidence = EvidenceRules(settings.rules)
        self._ready = ReadyCommentRows(settings.comments)
        self._language = ChoiceField("language", [(code, tr(name)) for code, name in LANGUAGES], settings.language)
        self._scheme = ChoiceField("colours", [(code, tr(name)) for code, name in SCHEMES], settings.scheme)
        self._share: PlainLabel | None = None
        self._pictures = PictureRows(settings, account, self)
        self._scanner: HandScanner | None = None
        self._keep = KeepTime(settings, desk, spawn, self)
        self._lay_out(account, spawn)
        self._connect()
        self.setFocusProxy(self._made_by)

    def ask_key(self) -> None:
        """Somebody comes to replace the key, and to nothing else."""
        if self._new_key is not None:
            self._new_key.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(self._new_key)

    def take_scan(self, text: str) -> bool:
        """The field that tries the scanner wants it."""
        return self._scanner is not None and self._scanner.take_scan(text)

    async def _look(self) -> None:
        recognised = await self._desk.recognised()
        status = await self._desk.status()
        if isValid(self):  # else somebody left meanwhile
            self._certainty.show_recognised(recognised)
            self._calls = status.calls_limit * self._settings.desks_on_key
            self._say_share()

    def _say_share(self) -> None:
        if self._share is None:
            return
        desks = self._settings.desks_on_key
        words = tr("They share the calls that Zendera allows in an hour.")
        if self._calls and desks == 1:
            words = tr("It has the {all} calls that Zendera allows in an hour for itself.", all=count(self._calls))
        elif self._calls:
            each = self._calls // desks
            words = tr(
                "They share the {all} calls that Zendera allows in an hour: {each} for each.", all=count(self._calls), each=count(each)
            )
        self._share.setText(words)

    def _change(self, **values: object) -> None:
        """Goes on from the desk's own settings: some are changed beside this page, as the watched folder is."""
        changed = msgspec.structs.replace(self._settings, **values)
        if changed != self._settings:
            self._settings = changed
            self._changes |= values
            self.changed.emit(msgspec.structs.replace(self._desk.settings, **self._changes))

    def _connect(self) -> None:
        self._made_by.editingFinished.connect(lambda: self._change(made_by=self._made_by.text().strip()))
        self._at.editingFinished.connect(lambda: self._change(desk=self._at.text().strip()))
        self._hold.valueChanged.connect(lambda value: self._change(hold_seconds=value))
        self._currency.currentIndexChanged.connect(lambda _index: self._change(currency=self._currency.currentData()))
        self._evidence.changed.connect(lambda rules: self._change(rules=rules))
        self._ready.changed.connect(lambda comments: self._change(comments=comments))
        self._certainty.chosen.connect(lambda code: self._change(certainty=code))
        self._language.currentIndexChanged.connect(lambda _index: self._change(language=self._language.currentData()))
        self._scheme.currentIndexChanged.connect(lambda _index: self._change(scheme=self._scheme.currentData()))
        self._pictures.changed.connect(lambda values: self._change(**values))
        self._keep.archives.clicked.connect(self.archives_asked)
        self._keep.decided.connect(lambda proofs, shipments: self._change(keep_proofs_days=proofs, keep_shipments_days=shipments))

    def _share_between(self, desks: int) -> None:
        self._change(desks_on_key=desks)
        self._say_share()

    def _speak(self, account: Account, language: str) -> None:
        self._change(languages=self._desk.settings.languages | {account.id: language})

    # Layout

    def _lay_out(self, account: Account | None, spawn: Spawn) -> None:
        rows = self._rows
        rows.section(tr("You"))
        rows.add(tr("Your name"), self._made_by, tr("Stands beside what you send."))
        rows.add(tr("Desk name"), self._at)
        rows.section(tr("Sending"))
        rows.add(tr("Hold"), self._hold, tr("So long a send can be taken back before it goes."))
        rows.add(tr("Default currency"), self._currency)
        rows.add_wide(tr("Unclear reports"), self._certainty)
        rows.section(tr("Reports"))
        rows.add_wide(tr("What a report needs"), self._evidence)
        rows.add_wide(tr("Ready comments"), self._ready)
        self._pictures.lay_into(rows)
        if account is not None:
            self._lay_out_paper(spawn)
            self._lay_out_account(account, spawn)
        self._keep.lay_into(rows)
        rows.section(tr("Appearance"))
        rows.add(tr("Language"), self._language, tr("There is English alone so far. Your choice counts as soon as there is more."))
        rows.add(tr("Colours"), self._scheme)
        page = QWidget()
        page.setMaximumWidth(WIDEST)
        column = QVBoxLayout(page)
        column.setContentsMargins(6 * SPACE, 4 * SPACE, 6 * SPACE, 6 * SPACE)
        column.addLayout(rows)
        column.addStretch()
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def _lay_out_paper(self, spawn: Spawn) -> None:
        self._scanner = HandScanner(self._settings.scanner_prefix, self._desk, spawn, self)
        self._scanner.prefix_chosen.connect(lambda prefix: self._change(scanner_prefix=prefix))
        self._rows.section(tr("Scanner and folder"))
        self._rows.add_wide(tr("Watched folder"), FolderRow(self._desk, spawn))
        self._scanner.lay_into(self._rows)
        self._rows.add_wide(tr("Separator sheets"), SeparatorRow(spawn))

    def _lay_out_account(self, account: Account, spawn: Spawn) -> None:
        self._new_key = NewKey(self._desk, spawn)
        self._rows.section(tr("Account {name}", name=account.name))
        desks = NumberField("desksOnKey", self._settings.desks_on_key, 1, 50)
        desks.valueChanged.connect(self._share_between)
        self._share = self._rows.add(tr("Desks on this key"), desks)
        self._say_share()
        names = dict(LANGUAGES)
        spoken = ChoiceField("dispatchLanguage", [(code, names[code]) for code in SPOKEN], self._settings.languages.get(account.id, ""))
        spoken.currentIndexChanged.connect(lambda _index: self._speak(account, spoken.currentData()))
        self._rows.add(tr("Dispatchers' language"), spoken, tr("What this program itself writes into reports, as of what is missing."))
        self._rows.add_wide(tr("New key"), self._new_key)
        spawn(self._look(), "look how the account stands")


def _currencies(settings: Settings) -> list[str]:
    """The currencies of our countries, and the one that is set, should it be another."""
    return list(dict.fromkeys((*CURRENCIES, settings.currency)))
