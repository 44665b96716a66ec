"""For how long personal data is kept. A shorter time deletes for good, so it asks first: in place, with how much would go."""

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout
from shiboken6 import isValid

from zendera_desk.gui.announce import announce
from zendera_desk.gui.format import count
from zendera_desk.gui.settings.rows import NumberField, Rows
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr
from zendera_desk.settings import Settings, bounds, is_shorter
from zendera_desk.store.retention import Leaving


class KeepDesk(Protocol):
    """What of the desk this calls."""

    async def leaving(self, proofs_days: int, shipments_days: int) -> Leaving: ...


class KeepTime(QObject):
    """Two fields and the question that stands under them while it is open."""

    decided = Signal(int, int)
    """Days for proofs and for shipments: they count now."""

    def __init__(self, settings: Settings, desk: KeepDesk, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._spawn = spawn
        self._counts = settings.keep_proofs_days, settings.keep_shipments_days
        self._asked = 0
        self.proofs = _days("keepProofs", settings.keep_proofs_days, "keep_proofs_days")
        self.shipments = _days("keepShipments", settings.keep_shipments_days, "keep_shipments_days")
        self.archives = named(QPushButton(tr("Archives…")), "archivesFromPreferences")
        self.question = named(QFrame(), "keepQuestion", role="notice")
        self._words = Statement(tr("Before anything goes"), "keepQuestionWords", wrap=True)
        self._keep = named(QPushButton(tr("Keep them")), "keepThem", tr("Keep them"))
        self._go = named(QPushButton(tr("Delete them now")), "letThemGo", tr("Delete them now"), role="danger")
        self._lay_out()
        for field in (self.proofs, self.shipments):
            field.valueChanged.connect(lambda _days: self._changed())
        self._keep.clicked.connect(self._back)
        self._go.clicked.connect(self._let_go)

    def lay_into(self, rows: Rows) -> None:
        rows.section(tr("Keeping"))
        of_proofs = tr(
            "Pictures, who signed, comments and drafts, counted from Zendera's confirmation. "
            "Which order, what, when and by whom stays. 0 keeps all for good."
        )
        rows.add(tr("Proofs"), self.proofs, of_proofs)
        of_shipments = tr(
            "Counted from the last thing that happened. They stay at least as long as their proofs, "
            "and a month past their time while a report is missing."
        )
        rows.add(tr("Shipments"), self.shipments, of_shipments)
        rows.add_note(self.question)
        of_archives = tr("Old shipments can go into a file of their own, before these times take them. The times hold for that file too.")
        rows.add(tr("Archives"), self.archives, of_archives)

    @property
    def _wanted(self) -> tuple[int, int]:
        return self.proofs.value(), self.shipments.value()

    def _changed(self) -> None:
        """Only the last change is asked about: an arrow that is held makes thirty."""
        self._asked += 1
        if any(is_shorter(days, than) for days, than in zip(self._wanted, self._counts, strict=True)):
            self._spawn(self._ask(self._asked, *self._wanted), "count what would go")
        else:
            self._count()

    async def _ask(self, number: int, proofs_days: int, shipments_days: int) -> None:
        anyway = await self._desk.leaving(*self._counts)
        leaving = await self._desk.leaving(proofs_days, shipments_days)
        if number != self._asked or not isValid(self):
            return
        proofs, shipments = max(0, leaving.proofs - anyway.proofs), max(0, leaving.shipments - anyway.shipments)
        if not proofs and not shipments:
            self._count()
            return
        self._words.say("triangle-alert", _question(proofs, shipments), Tone.WARN)
        self.question.show()
        announce(self.question, self._words.words)

    def _count(self) -> None:
        self.question.hide()
        if self._wanted != self._counts:
            self._counts = self._wanted
            self.decided.emit(*self._counts)

    def _let_go(self) -> None:
        self.proofs.setFocus()  # the button is about to be hidden, and would take the focus with it
        self._count()

    def _back(self) -> None:
        """To the days that count."""
        self._asked += 1
        for field, days in zip((self.proofs, self.shipments), self._counts, strict=True):
            field.blockSignals(True)
            field.setValue(days)
            field.blockSignals(False)
        self.proofs.setFocus()
        self.question.hide()

    def _lay_out(self) -> None:
        self.question.setProperty("tone", Tone.WARN.value)
        self.question.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        buttons.addWidget(self._keep)
        buttons.addWidget(self._go)
        buttons.addStretch()
        column = QVBoxLayout(self.question)
        column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(self._words)
        column.addLayout(buttons)


def _days(name: str, days: int, setting: str) -> NumberField:
    return NumberField(name, days, *bounds(setting), tr(" days"), zero=tr("for good"))


def _question(proofs: int, shipments: int) -> str:
    if not shipments:
        what = tr("{count} (proof|proofs)", n=proofs, count=count(proofs))
    elif not proofs:
        what = tr("{count} (shipment|shipments)", n=shipments, count=count(shipments))
    else:
        what = tr("{proofs} proofs and {shipments} shipments", proofs=count(proofs), shipments=count(shipments))
    return tr("{what} would go now, from the copies too. Nothing brings them back.", what=what)
