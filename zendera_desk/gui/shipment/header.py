"""The head of the open shipment: which it is, where it goes, where it stands, and the answer that Zendera waits for."""

from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.views import OpenShipment, Phase
from zendera_desk.gui.columns import journey, marks, why_not
from zendera_desk.gui.labels import Label
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel, plain_tip
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr

_NONE = Label("", "", Tone.NEUTRAL)
_ASKS_WHY = frozenset({Phase.FAILED, Phase.GONE})
"""Phases in which a person looks for the buttons: they stay, disabled, and say why."""


class Header(QWidget):
    accept_clicked = Signal()
    fail_clicked = Signal()
    second_passed = Signal()
    """Something is held: what is said of it counts down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read_only = False
        """In an archive nothing is accepted or failed."""
        self._number = PlainLabel("", self, role="title")
        self._number.setAccessibleName(tr("Order"))
        self._whereto = ElidedLabel("", self, role="muted")
        self._states = [
            Statement(tr("State"), "shipmentState", self),
            Statement(tr("On its way"), "onItsWay", self),
            Statement(tr("Beside it"), "besideIt", self),
        ]
        self._draft = Statement(tr("Draft"), "draftMark", self)
        self.accept = self._button("acceptThisShipment", tr("Accept"), tr("Accept this shipment"))
        self.accept.clicked.connect(self.accept_clicked)
        self.fail = self._button("failThisShipment", tr("Fail…"), tr("Fail this shipment"))
        self.fail.clicked.connect(self.fail_clicked)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.second_passed)
        self._lay_out()

    def _button(self, name: str, text: str, accessible: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(accessible)
        return button

    def _lay_out(self) -> None:
        states = QHBoxLayout()
        states.setSpacing(3 * SPACE)
        states.addWidget(self._number)
        for statement in (*self._states, self._draft):
            states.addWidget(statement)
        states.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(states)
        words.addWidget(self._whereto)
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * SPACE, 2 * SPACE, 3 * SPACE, SPACE)
        row.setSpacing(2 * SPACE)
        row.addLayout(words, 1)
        row.addWidget(self.accept)
        row.addWidget(self.fail)

    def say(self, shown: OpenShipment, now: datetime) -> None:
        line = shown.line
        self._number.setText(str(line.order_id))
        self._whereto.setText(" · ".join(part for part in (line.delivery_name, journey(line), line.reference) if part))
        said = [mark for mark in marks(line, now) if mark.icon != "pencil"]
        for statement, mark in zip(self._states, [*said, _NONE, _NONE, _NONE], strict=False):
            statement.say(mark.icon, mark.text, mark.tone if mark.text else None)
            statement.setVisible(bool(mark.text))
        self._draft.say("pencil", tr("draft"), Tone.INFO)
        self._draft.setVisible(line.has_draft)
        for button, kind in ((self.accept, Kind.ACCEPT), (self.fail, Kind.FAIL)):
            why = why_not(line, kind)
            button.setVisible(not self.read_only and (not why or line.phase in _ASKS_WHY))
            button.setEnabled(not why)
            button.setToolTip(plain_tip(why))
        held = line.entry_state is State.HELD
        if held != self._second.isActive():
            self._second.start() if held else self._second.stop()

    def rest(self) -> None:
        """Nothing is open."""
        self._second.stop()
