"""The slim bar over the lane: how far it is, whose document this is and how that is known, and the ways out of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from zendera_desk.gui import icons
from zendera_desk.gui.announce import announce
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr


class LaneBar(QWidget):
    other_asked = Signal()
    skip_asked = Signal()
    back_asked = Signal()
    end_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.count = named(PlainLabel("", self, role="title"), "laneCount")
        self.whose = Statement(tr("Shipment"), "laneShipment", self, role="strong")
        self.where = named(ElidedLabel("", self, role="small"), "laneWhere")
        self._done = QProgressBar(self)
        self._done.setTextVisible(False)
        self._done.setAccessibleName(tr("Done"))
        self.other = self._button("notThisShipment", tr("Not this shipment…"), "F2")
        self.skip = self._button("skip", tr("Skip"), tr("Ctrl+Right"))
        self.back = self._button("backInLane", tr("Back"), tr("Ctrl+Left"))
        self.end = self._button("endLane", tr("End"), tr("Esc; what is typed is kept as a draft"))
        self.other.clicked.connect(self.other_asked)
        self.skip.clicked.connect(self.skip_asked)
        self.back.clicked.connect(self.back_asked)
        self.end.clicked.connect(self.end_asked)
        self.end.setIcon(icons.icon("x"))
        self.end.setIconSize(icons.BESIDE_WORDS)
        self._lay_out()

    def tell_place(self, number: int, of: int, done: int) -> None:
        self.count.setText(tr("{number} of {all}", number=number, all=of))
        self._done.setMaximum(max(1, of))
        self._done.setValue(done)
        self.back.setEnabled(number > 1)

    def tell_whose(self, icon: str, words: str, where: str) -> None:
        self.whose.say(icon, words)
        self.where.setText(where)

    def announce(self) -> None:
        """Which document it is now, for who does not see it."""
        announce(self, f"{self.count.text()}. {self.whose.words}. {self.where.text()}")

    def _button(self, name: str, text: str, key: str) -> QPushButton:
        button = named(QPushButton(text, self), name, text.rstrip("…"), role="quiet")
        button.setToolTip(f"{text.rstrip('…')} ({key})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the caret where the person types
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.whose)
        words.addWidget(self.where)
        row = QHBoxLayout()
        row.setContentsMargins(3 * SPACE, SPACE + 2, 2 * SPACE, SPACE + 2)
        row.setSpacing(SPACE)
        row.addWidget(self.count)
        row.addSpacing(3 * SPACE)
        row.addLayout(words, 1)
        for button in (self.other, self.back, self.skip, self.end):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._done)
