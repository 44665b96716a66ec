"""The slim bar over the lane: how far it is, whose document this is and how that is known, and the ways out of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from zendera_desk.gui import icons
from zendera_desk.gui.announce import announce
from zendera_desk.gui.paper import words
from zendera_desk.gui.paper.course import Course, Outcome
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

    def tell(self, course: Course, lines: words.Lines) -> None:
        step, of = course.now, len(course.steps)
        self.setVisible(step is not None)
        if step is None:
            return
        self.count.setText(tr("{number} of {all}", number=course.place + 1, all=of))
        self._done.setMaximum(max(1, of))
        self._done.setValue(len(course.those(Outcome.SENT)))
        self.back.setEnabled(course.place > 0)
        self.other.setEnabled(step.order_id is not None)
        where = words.pages_title(step.document, step.stack_name)
        how = words.matched_by(step.document, lines) if step.order_id is not None else ""
        if step.order_id is None:
            label = words.document_label(step.document, lines)
            self.whose.say(label.icon, label.text)
        else:
            self.whose.say("package", words.shipment_title(step.order_id, lines))
        self.where.setText(f"{where} · {how}" if how else where)

    def announce(self) -> None:
        """Which document it is now, for who does not see it."""
        announce(self, f"{self.count.text()}. {self.whose.words}. {self.where.text()}")

    def _button(self, name: str, text: str, key: str) -> QPushButton:
        button = named(QPushButton(text, self), name, text.rstrip("…"), role="quiet")
        button.setToolTip(f"{text.rstrip('…')} ({key})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the caret where the person types
        return button

    def _lay_out(self) -> None:
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.whose)
        lines.addWidget(self.where)
        row = QHBoxLayout()
        row.setContentsMargins(3 * SPACE, SPACE + 2, 2 * SPACE, SPACE + 2)
        row.setSpacing(SPACE)
        row.addWidget(self.count)
        row.addSpacing(3 * SPACE)
        row.addLayout(lines, 1)
        for button in (self.other, self.back, self.skip, self.end):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._done)
