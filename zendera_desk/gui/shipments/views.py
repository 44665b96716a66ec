"""The views over the list as a row of chips with their counts. One is always chosen; arrow keys move between them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from zendera_desk.domain.views import View
from zendera_desk.gui import labels
from zendera_desk.gui.format import count
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.words import tr


class ViewBar(QWidget):
    chosen = Signal(object)
    """A `View`, by a person's hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("views")
        self.setAccessibleName(tr("Views"))
        self._group = QButtonGroup(self)
        self._chips = {view: self._chip(view) for view in View}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE // 2)
        for chip in self._chips.values():
            row.addWidget(chip)
        row.addStretch(1)

    def _chip(self, view: View) -> QPushButton:
        chip = QPushButton(labels.view(view), self)
        chip.setObjectName(f"view{''.join(part.title() for part in view.value.split('_'))}")
        chip.setAccessibleName(labels.view(view))
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setToolTip(f"Ctrl+{list(View).index(view) + 1}")
        chip.clicked.connect(lambda: self.chosen.emit(view))
        self._group.addButton(chip)
        return chip

    @property
    def chips(self) -> list[QPushButton]:
        return list(self._chips.values())

    def choose(self, view: View) -> None:
        self._chips[view].setChecked(True)

    def say_counts(self, counts: dict[View, int]) -> None:
        """What is not counted yet stands without a number. Nothing to do is told by there being none."""
        for view, chip in self._chips.items():
            number = counts.get(view, 0)
            chip.setText(f"{labels.view(view)}  {count(number)}" if number else labels.view(view))
            chip.setAccessibleDescription(tr("{n} shipment(s)", n=number))
