"""What happens to a report of which Zendera cannot tell whether it arrived: three choices in whole sentences."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from zendera_desk.engine.verify import TRUSTED_AFTER
from zendera_desk.gui.style import ROW, SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import mark, tr

_CHOICES: Final = (
    ("learned", "certaintyLearned", mark("Ask me at first, later send again by itself (recommended)")),
    ("strict", "certaintyStrict", mark("Always ask me")),
    ("auto", "certaintyAuto", mark("Always send again by itself")),
)


class Certainty(QWidget):
    chosen = Signal(str)
    """The setting's code."""

    def __init__(self, value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Unclear reports"))
        self._at_first = tr("“At first” is until Zendera has shown {all} of our own reports.", all=TRUSTED_AFTER)
        self._recognised = PlainLabel(self._at_first, role="small", wrap=True)
        self._recognised.setObjectName("recognised")
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        when = tr("When it is unclear whether a report arrived, and two looks at Zendera, minutes apart, do not show it:")
        said_first = PlainLabel(when, role="small", wrap=True)
        said_first.setMinimumHeight(ROW)
        column.addWidget(said_first)
        for code, name, words in _CHOICES:
            said = tr(words)
            button = named(QRadioButton(said), name, said)
            button.setChecked(code == value)
            button.toggled.connect(lambda on, code=code: self.chosen.emit(code) if on else None)
            self._group.addButton(button)
            column.addWidget(button)
        column.addSpacing(SPACE)
        column.addWidget(self._recognised)
        checked = self._group.checkedButton()
        if checked is not None:
            self.setFocusProxy(checked)

    def show_recognised(self, number: int) -> None:
        """How many of the account's own reports Zendera has shown so far."""
        if number >= TRUSTED_AFTER:
            words = tr("Zendera has shown {all} of them: what it does not show has not arrived.", all=TRUSTED_AFTER)
        else:
            words = f"{self._at_first} " + tr("So far it has shown {number} of {all}.", number=number, all=TRUSTED_AFTER)
        self._recognised.setText(words)
