"""One stop of the shipment: where, whom to ask there, when, and what the driver must know."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zendera_desk.domain.shipment import Address, Contact, Stop, StopKind
from zendera_desk.gui import labels
from zendera_desk.gui.format import full, window
from zendera_desk.gui.shipment.links import mailto, tel
from zendera_desk.gui.shipment.values import LineButton, Value
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr


def address_lines(address: Address) -> str:
    """As on an envelope."""
    place = " ".join(part for part in (address.postal_code, address.city) if part)
    return "\n".join(line for line in (address.line1, address.line2, place, address.country) if line)


def _degrees(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


class ContactRow(QWidget):
    """A contact and its buttons. What is no plain number or address can be read and copied, and has no button."""

    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._contact = Contact()
        self._call_button = LineButton("phone", tr("Call"), self)
        self._call_button.clicked.connect(lambda: _open(tel(self._contact.phone)))
        self._mail_button = LineButton("mail", tr("Mail"), self)
        self._mail_button.clicked.connect(lambda: _open(mailto(self._contact.email)))
        self._name = Value(tr("Contact"), self)
        self._phone = Value(tr("Phone"), self, beside=self._call_button)
        self._mail = Value(tr("E-mail"), self, beside=self._mail_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE, 0, 0)
        layout.setSpacing(0)
        for value in (self._name, self._phone, self._mail):
            value.copied.connect(self.copied)
            layout.addWidget(value)

    def say(self, contact: Contact) -> None:
        self._contact = contact
        self._name.say(contact.name)
        self._phone.say(contact.phone)
        self._mail.say(contact.email)
        whom = contact.name or contact.phone or contact.email
        self._call_button.setVisible(tel(contact.phone) is not None)
        self._call_button.setAccessibleName(tr("Call {whom}", whom=whom))
        self._mail_button.setVisible(mailto(contact.email) is not None)
        self._mail_button.setAccessibleName(tr("Mail {whom}", whom=whom))


def _open(link: str | None) -> None:
    """To the operating system, and only from a click: nothing in a shipment is a link by itself."""
    if link is not None:
        QDesktopServices.openUrl(QUrl(link, QUrl.ParsingMode.StrictMode))


class StopSection(QWidget):
    copied = Signal(str)

    def __init__(self, kind: StopKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Stop | None = None
        self._name = Value(tr("Name"), self, role="strong")
        self._address = Value(tr("Address"), self, missing=tr("no address given"))
        self._window = Value(tr("Window"), self, missing=tr("no time window given"))
        self._position = Value(tr("Position"), self)
        self._instructions = Value(tr("Instructions"), self)
        self._contacts: list[ContactRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(PlainLabel(labels.stop(kind).text, self, role="heading"))
        self._layout.addSpacing(SPACE)
        for value in (self._name, self._address, self._window, self._instructions, self._position):
            value.copied.connect(self.copied)
            self._layout.addWidget(value)
        self._layout.addStretch(1)

    def say(self, stop: Stop) -> None:
        if stop == self._shown:
            return
        self._shown = stop
        self._name.say(stop.address.name)
        self._address.say(address_lines(stop.address))
        self._window.say(window(stop.earliest, stop.latest))
        self._window.setToolTip("\n".join(full(each) for each in (stop.earliest, stop.latest) if each))
        self._instructions.say(stop.instructions)
        place = stop.address.coordinates
        self._position.say(f"{_degrees(place.latitude)}, {_degrees(place.longitude)}" if place else "")
        self._say_contacts(stop.contacts)

    def _say_contacts(self, contacts: tuple[Contact, ...]) -> None:
        while len(self._contacts) < len(contacts):
            row = ContactRow(self)
            row.copied.connect(self.copied)
            self._contacts.append(row)
            self._layout.insertWidget(self._layout.count() - 1, row)
        for place, row in enumerate(self._contacts):
            row.setVisible(place < len(contacts))
            if place < len(contacts):
                row.say(contacts[place])
