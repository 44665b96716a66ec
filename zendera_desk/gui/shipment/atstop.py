"""One stop of the colli board: what is said of it, and what can be done where something there differs."""

from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import labels
from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.labels import Label
from zendera_desk.gui.style import SPACE, set_role
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr

REPORT_KEYS: Final = {StopKind.PICKUP: "Ctrl+Shift+P", StopKind.DELIVERY: "Ctrl+Shift+D"}
"""What begins the report of what is missing at the stop."""
SEEN_KEY: Final = "Ctrl+Shift+E"
"""Of the first stop where something differs: seen, nothing to do."""


class StopLine(QFrame):
    """A sentence; where something differs it has a tone, and two buttons."""

    report_asked = Signal()
    seen_asked = Signal()

    def __init__(self, stop: StopKind, parent: QWidget) -> None:
        super().__init__(parent)
        name = labels.stop(stop).text
        self._said = Statement(name, f"board{stop.value.title()}", self, wrap=True)
        report, key = QAction(icon("message-square"), tr("Report it"), self), REPORT_KEYS[stop]
        report.setShortcut(QKeySequence(key))
        report.setToolTip(plain_tip(tr("Begins a report that names these products ({key})", key=key)))
        self._seen = QAction(icon("check"), tr("Seen, nothing to do"), self)
        self._buttons = (
            self._button(self._seen, f"seen{stop.value.title()}", tr("Seen, nothing to do: {stop}", stop=name), self.seen_asked),
            self._button(report, f"reportMissing{stop.value.title()}", tr("Report what is missing: {stop}", stop=name), self.report_asked),
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, SPACE + 2, 2 * SPACE, SPACE + 2)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._said, 1, Qt.AlignmentFlag.AlignVCenter)
        for button in self._buttons:
            row.addWidget(button)

    def _button(self, action: QAction, name: str, accessible: str, asked: SignalInstance) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIconSize(BESIDE_WORDS)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(asked)
        button.setDefaultAction(action)
        button.setAccessibleName(accessible)
        return button

    def say(self, label: Label, *, may_act: bool, has_key: bool) -> None:
        self._said.say(label.icon, label.text, None if label.tone is Tone.NEUTRAL else label.tone)
        self._seen.setShortcut(QKeySequence(SEEN_KEY if has_key else ""))
        tip = tr("It is no difference any more, until something changes there")
        self._seen.setToolTip(plain_tip(f"{tip} ({SEEN_KEY})" if has_key else tip))
        for button in self._buttons:
            button.defaultAction().setEnabled(may_act)
            button.setVisible(may_act)
        self.setProperty("tone", label.tone.value)
        set_role(self, "notice" if label.tone in {Tone.WARN, Tone.BAD} else "")
