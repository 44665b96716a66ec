"""Money to be collected from the receiver, large, and whether it was. That is for this desk alone: Zendera has no field for it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from zendera_desk.domain.shipment import CashOnDelivery
from zendera_desk.gui.format import money, visible
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel
from zendera_desk.gui.words import tr


class CashLine(QWidget):
    ticked = Signal()
    """By a person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.amount = named(ElidedLabel("", self, role="title"), "cashOnDelivery")
        self.collected = named(QCheckBox(tr("Collected"), self), "collected", tr("Collected"))
        self.collected.setToolTip(tr("Kept here and shown in the history; not sent to Zendera"))
        self.collected.clicked.connect(self.ticked)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 0)
        row.setSpacing(4 * SPACE)
        row.addWidget(self.amount)
        row.addWidget(self.collected)
        row.addStretch(1)
        self.hide()

    def show_cod(self, cod: CashOnDelivery | None) -> None:
        self.setVisible(cod is not None)
        if cod is not None:
            reference = tr("reference {text}", text=visible(cod.reference)) if cod.reference else ""
            self.amount.setText(tr("Collect {amount}", amount=money(cod.amount, cod.currency)) + (f" · {reference}" if reference else ""))
