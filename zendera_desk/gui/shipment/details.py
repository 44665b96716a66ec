"""The first page of the open shipment: both stops, what the order says, cash on delivery, parcels.

The widgets are made once and told new words: moving through the list by arrow keys fills this page at every step.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from zendera_desk.domain.shipment import CashOnDelivery, Shipment, StopKind
from zendera_desk.gui.format import money
from zendera_desk.gui.shipment.names import in_words
from zendera_desk.gui.shipment.parcels import Parcels
from zendera_desk.gui.shipment.stops import StopSection
from zendera_desk.gui.shipment.values import CAPTION, NARROW_CAPTION, Value
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

_WIDE = 820
"""Pixels of the page, from which on the captions have plenty of room."""


class Details(QScrollArea):
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setAccessibleName(tr("Details"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._order_id: int | None = None
        page = QWidget(self)
        page.setProperty("role", "raised")
        self._pickup = StopSection(StopKind.PICKUP, page)
        self._delivery = StopSection(StopKind.DELIVERY, page)
        self._order = OrderSection(page)
        self._cash = CashSection(page)
        self._parcels = Parcels(page)
        for part in (self._pickup, self._delivery, self._order, self._cash, self._parcels):
            part.copied.connect(self.copied)
        grid = QGridLayout()
        grid.setHorizontalSpacing(6 * SPACE)
        grid.setVerticalSpacing(4 * SPACE)
        grid.addWidget(self._pickup, 0, 0)
        grid.addWidget(self._delivery, 0, 1)
        grid.addWidget(self._order, 1, 0)
        grid.addWidget(self._cash, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(4 * SPACE, 3 * SPACE, 4 * SPACE, 4 * SPACE)
        layout.setSpacing(4 * SPACE)
        layout.addLayout(grid)
        layout.addWidget(self._parcels)
        layout.addStretch(1)
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._align_captions()

    def _align_captions(self) -> None:
        """All captions are equally wide; where there is little room the values get it."""
        wanted = CAPTION if self.viewport().width() >= _WIDE else NARROW_CAPTION
        for value in self.findChildren(Value):
            value.set_caption_width(wanted)

    def say(self, shipment: Shipment) -> None:
        """The scroll position stays for the shipment that is open, and is the top for another."""
        if shipment.order_id != self._order_id:
            self._order_id = shipment.order_id
            self.verticalScrollBar().setValue(0)
        self._pickup.say(shipment.pickup)
        self._delivery.say(shipment.delivery)
        self._order.say(shipment)
        self._cash.say(shipment.cash_on_delivery)
        self._parcels.say(shipment.parcels)
        self._align_captions()


class OrderSection(QWidget):
    """References, service and instructions of the order as a whole."""

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = Value(tr("Number"), self)
        self._service = Value(tr("Service"), self, missing=tr("no service given"))
        self._instructions = Value(tr("Instructions"), self)
        self._references: list[Value] = []
        self._shown: tuple[tuple[str, str], ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(PlainLabel(tr("Order"), self, role="heading"))
        self._layout.addSpacing(SPACE)
        for value in (self._number, self._service, self._instructions):
            value.copied.connect(self.copied)
            self._layout.addWidget(value)
        self._layout.addStretch(1)

    def say(self, shipment: Shipment) -> None:
        self._number.say(shipment.order_number)
        self._service.say(shipment.carrier_service)
        self._instructions.say(shipment.instructions)
        if shipment.references != self._shown:
            self._shown = shipment.references
            self._say_references()

    def _say_references(self) -> None:
        """Their names come from outside and differ from order to order, so these captions are made anew."""
        for old in self._references:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._references = [self._reference(name, text) for name, text in self._shown]
        for place, value in enumerate(self._references):
            self._layout.insertWidget(3 + place, value)

    def _reference(self, name: str, text: str) -> Value:
        value = Value(tr("Reference") if name in {"", "reference"} else in_words(name), self, named=name)
        value.copied.connect(self.copied)
        value.say(text)
        return value


class CashSection(QWidget):
    """Cash on delivery is money that a driver must bring back: it is the one large figure of the page."""

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._amount = PlainLabel("", self, role="title")
        self._amount.setAccessibleName(tr("Cash on delivery"))
        self._reference = Value(tr("Reference"), self)
        self._reference.copied.connect(self.copied)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(PlainLabel(tr("Cash on delivery"), self, role="heading"))
        layout.addSpacing(SPACE)
        layout.addWidget(self._amount)
        layout.addWidget(self._reference)
        layout.addStretch(1)

    def say(self, cash: CashOnDelivery | None) -> None:
        self.setVisible(cash is not None)
        if cash is not None:
            self._amount.setText(money(cash.amount, cash.currency))
            self._reference.say(cash.reference)
