"""The facts of the entry that is chosen, under the table, and what may be done with it: no dialog, nothing to click away.

For an entry of which Zendera cannot tell whether it arrived, what we sent and what Zendera shows stand side by side,
because a person has to decide by just these two.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.outbox import Decision, State
from zendera_desk.domain.views import OutboxLine
from zendera_desk.gui import labels
from zendera_desk.gui.mend.buttons import MendButtons
from zendera_desk.gui.outbox import sentences
from zendera_desk.gui.outbox.offers import Offer, offers, waits
from zendera_desk.gui.paper.picker import FindsShipments
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE, set_role
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import mark, tr

_DECISIONS: Final = ((Decision.ARRIVED, "itArrived"), (Decision.SEND_AGAIN, "sendAgain"), (Decision.DROP, "dropIt"))
_OFFERS: Final = (
    (Offer.RETRY, "retryNow", mark("Retry now")),
    (Offer.TAKE_BACK, "takeBack", mark("Take back")),
    (Offer.DROP, "drop", mark("Drop")),
    (Offer.SEEN, "seenTwice", mark("I know")),
)


class EntryCard(QFrame):
    """Hidden while no entry is chosen."""

    decided = Signal(object)
    """Decision"""
    asked = Signal(object)
    """Offer"""
    copy_asked = Signal()
    shipment_asked = Signal()

    def __init__(
        self, now: Callable[[], datetime], zone: tzinfo, desk: FindsShipments, spawn: Spawn, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("entryCard")
        self.mend = MendButtons(desk, spawn, self)
        self._now = now
        self._zone = zone
        self._title = Statement(tr("Chosen entry"), "chosenEntry", role="strong")
        self._why = PlainLabel(wrap=True)
        self._why.setObjectName("whatIsKnown")
        self._why.setAccessibleName(tr("What is known"))
        self._facts = QWidget()
        self._sent = _Fact(tr("What we sent"), "whatWeSent")
        self._shown = _Fact(tr("What Zendera shows"), "whatZenderaShows")
        self._decisions = {decision: _button(name, labels.decision(decision)) for decision, name in _DECISIONS}
        self._offers = {offer: _button(name, tr(words)) for offer, name, words in _OFFERS}
        self._open = _button("openShipment", tr("Open shipment"), "quiet")
        self._copy = _button("copyDetails", tr("Copy details"), "quiet")
        self._lay_out()
        for decision, button in self._decisions.items():
            button.clicked.connect(lambda _checked, chosen=decision: self.decided.emit(chosen))
        for offer, button in self._offers.items():
            button.clicked.connect(lambda _checked, chosen=offer: self.asked.emit(chosen))
        self._copy.clicked.connect(self.copy_asked)
        self._open.clicked.connect(self.shipment_asked)
        self.hide()

    def show_line(self, line: OutboxLine | None) -> None:
        self.setVisible(line is not None)
        if line is None:
            self.mend.show_for(None)
            return
        entry, now = line.entry, self._now()
        offered = offers(line)
        undecided, doubled = Offer.DECIDE in offered, Offer.SEEN in offered
        decisions = entry.decisions if undecided else ()
        label = sentences.state(entry)
        warns = waits(line) and (undecided or doubled)
        self._title.say(label.icon, self._heading(line, label.text), Tone.WARN if warns else label.tone)
        self.setProperty("tone", Tone.WARN.value if warns else _TONES.get(entry.state, Tone.NEUTRAL.value))
        set_role(self, "notice")
        why = self._why_of(line, undecided, doubled)
        self._why.setText(why)
        self._why.setAccessibleDescription(why)
        self._why.setVisible(bool(why))
        self._facts.setVisible(undecided or doubled)
        self._sent.say(sentences.we_sent(line, now, self._zone))
        self._shown.say(sentences.zendera_shows(line, now, self._zone))
        for decision, button in self._decisions.items():
            button.setVisible(decision in decisions)
        for offer, button in self._offers.items():
            button.setVisible(offer in offered)
        self.mend.show_for(None if line.foreign else entry)

    def _why_of(self, line: OutboxLine, undecided: bool, doubled: bool) -> str:
        if undecided and line.entry.state is State.SENT:
            known = sentences.known(line, self._now(), self._zone)
            return f"{known} {_ASKED[True]()}" if doubled else known
        return _ASKED[doubled]() if undecided or doubled else sentences.reason(line)

    def _heading(self, line: OutboxLine, state: str) -> str:
        parts = (sentences.what(line.entry), sentences.order(line), sentences.receiver(line), state)
        return " · ".join(part for part in parts if part)

    def _lay_out(self) -> None:
        facts = QHBoxLayout(self._facts)
        facts.setContentsMargins(0, SPACE, 0, SPACE)
        facts.setSpacing(6 * SPACE)
        facts.addWidget(self._sent, 1)
        facts.addWidget(self._shown, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        for button in (*self._decisions.values(), *self._offers.values(), *self.mend.buttons.values()):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self._open)
        buttons.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 3 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self._title)
        column.addWidget(self._why)
        column.addWidget(self._facts)
        column.addSpacing(SPACE)
        column.addLayout(buttons)
        column.addWidget(self.mend.target)


_TONES: Final = {State.NEEDS_PERSON: Tone.WARN.value, State.REFUSED: Tone.BAD.value, State.UNCLEAR: Tone.WARN.value}


_ASKED: Final[dict[bool, Callable[[], str]]] = {
    False: lambda: tr("Did it arrive? Zendera cannot tell, so you decide. Ask Zendera's dispatchers if you are not sure."),
    True: lambda: tr(
        "It was sent again after a try of which nobody knew whether it had arrived, and both did."
        " Nothing can be taken back: tell Zendera's dispatchers if it matters."
    ),
}
"""Whether it is about something that Zendera shows twice."""


class _Fact(QWidget):
    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        self._words = PlainLabel(wrap=True)
        self._words.setObjectName(name)
        self._words.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(PlainLabel(title, role="small"))
        column.addWidget(self._words)
        column.addStretch()

    def say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setAccessibleDescription(words)


def _button(name: str, words: str, role: str = "") -> QPushButton:
    return named(QPushButton(words), name, words, role=role)
