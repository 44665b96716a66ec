"""The sheet that is laid between the papers of two deliveries: what it is for, and where to get it."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.gui.announce import announce
from zendera_desk.gui.separators import SeparatorSheet
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr


class SeparatorRow(QWidget):
    def __init__(self, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = SeparatorSheet(spawn, self)
        self._sheet.told.connect(self._tell)
        save = named(QPushButton(tr("Save and open…")), "saveSeparator", tr("Save and open the separator sheet"))
        save.clicked.connect(self._sheet.action.trigger)
        self._outcome = Statement(tr("Separator sheet"), "separatorOutcome", wrap=True)
        self._outcome.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(save)
        buttons.addStretch(1)
        hint = tr("A page to print. Laid between the papers of two deliveries, it begins a new document when all are scanned in one go.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE + 2, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(PlainLabel(hint, role="small", wrap=True))
        column.addSpacing(SPACE)
        column.addLayout(buttons)
        column.addWidget(self._outcome)
        self.setFocusProxy(save)

    def _tell(self, words: str, tone: Tone) -> None:
        self._outcome.say("circle-check" if tone is Tone.GOOD else "triangle-alert", words, tone)
        self._outcome.show()
        announce(self._outcome, words)
