"""Under the grid: the current row in sentences, then what can be done with all of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.rules import Problem
from zendera_desk.gui import icons, style
from zendera_desk.gui.report.parts import Beside
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel
from zendera_desk.gui.words import tr


class RowLine(QFrame):
    """What is to be said of the current row; what asks has a box to tick. As high with one sentence as with none."""

    ticked = Signal(object, bool)
    taken_over = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "rowLine", role="card")
        self.title = ElidedLabel("", self, role="strong")
        self.note = named(ElidedLabel("", self, role="small"), "rowNote")
        self.own = named(ElidedLabel("", self, role="small"), "ownDraft")
        self.take_over = quiet_button(tr("Take over"), "takeOver", self)
        self.take_over.setToolTip(tr("Fills the empty cells of this row with what stands in the shipment's own draft, which stays"))
        self.remove = quiet_button(tr("Remove rows"), "removeRows", self)
        self.remove.setToolTip(tr("Takes the chosen rows out of this report; the shipments stay as they are (Ctrl+−)"))
        self.beside = Beside(self)
        self.beside.ticked.connect(self.ticked)
        self.take_over.clicked.connect(self.taken_over)
        first = QHBoxLayout()
        first.setSpacing(2 * SPACE)
        first.addWidget(self.title)
        first.addWidget(self.note, 1)
        first.addWidget(self.remove)
        second = QHBoxLayout()
        second.setSpacing(2 * SPACE)
        second.addWidget(self.own, 1)
        second.addWidget(self.take_over)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, SPACE, 2 * SPACE, SPACE)
        layout.setSpacing(0)
        for row in (first, second):
            layout.addLayout(row)
        layout.addWidget(self.beside)
        self.setMinimumHeight(style.ROW + 2 * SPACE)

    def tell(self, title: str, note: str, own: str, problems: Sequence[Problem], confirmed: frozenset[str]) -> None:
        self.title.setText(title)
        self.note.setText(note)
        self.own.setText(tr("It has a draft of its own, which stays: {draft}", draft=own) if own else "")
        self.own.setVisible(bool(own))
        self.take_over.setVisible(bool(own))
        self.beside.tell(problems, confirmed)


class BulkBar(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.add = named(QLineEdit(self), "addShipment", tr("Add shipment"))
        self.add.setPlaceholderText(tr("Add order or reference"))
        self.add.setFixedWidth(44 * SPACE)
        self.mark = named(ElidedLabel("", self, role="small"), "gridMark")
        self.summary = named(ElidedLabel("", self, role="small"), "gridSummary")
        self.progress = named(QProgressBar(self), "gridProgress", tr("Sending"))
        self.progress.setFixedWidth(80)
        self.cancel = quiet_button(tr("Cancel"), "cancelSending", self)
        self.discard = quiet_button(tr("Discard"), "discardGrid", self)
        self.discard.setIcon(icons.icon("trash-2"))
        self.discard.setIconSize(icons.BESIDE_WORDS)
        self.send = quiet_button(tr("Send"), "sendGrid", self, role="primary")
        self.send.setToolTip(tr("Sends every row that is ready (Ctrl+Enter)"))
        self.send.setIcon(icons.icon("send", on_accent=True))
        self.send.setIconSize(icons.BESIDE_WORDS)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.add)
        layout.addWidget(self.mark)
        layout.addWidget(self.summary, 1)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.progress)
        for button in (self.cancel, self.discard, self.send):
            layout.addWidget(button)
        self.show_progress(0, 0)

    def say(self, words: str, *, trouble: bool = False) -> None:
        self.mark.setText(words)
        self.mark.setProperty("tone", "bad" if trouble else None)
        style.set_role(self.mark, "" if trouble else "small")

    def show_progress(self, done: int, of: int) -> None:
        """While it is sent; `of` 0 when it is not."""
        self.progress.setVisible(of > 0)
        self.cancel.setVisible(of > 0)
        self.progress.setRange(0, of or 1)
        self.progress.setValue(done)


def quiet_button(text: str, name: str, parent: QWidget, *, role: str = "quiet") -> QPushButton:
    button = named(QPushButton(text, parent), name, text, role=role)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
