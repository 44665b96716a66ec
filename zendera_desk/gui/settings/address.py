"""Where an account's Zendera is: production, staging, or an address that is typed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from zendera_desk.domain.access import PRODUCTION, STAGING
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr


class AddressChoice(QWidget):
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._production = named(QRadioButton(tr("Production")), "production", tr("Production"))
        self._staging = named(QRadioButton(tr("Staging")), "staging", tr("Staging"))
        self._another = named(QRadioButton(tr("Another address")), "anotherAddress", tr("Another address"))
        self.field = named(QLineEdit(), "address", tr("Address"))
        self.field.setPlaceholderText("https://…/api/")
        self.field.hide()
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(4 * SPACE)
        for button in (self._production, self._staging, self._another):
            group.addButton(button)
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(row)
        column.addWidget(self.field)
        self._production.setChecked(True)
        group.buttonToggled.connect(self._toggled)
        self.field.textEdited.connect(lambda _text: self.changed.emit())

    @property
    def url(self) -> str:
        if self._production.isChecked():
            return PRODUCTION
        return STAGING if self._staging.isChecked() else self.field.text().strip()

    def _toggled(self, button: QRadioButton, checked: bool) -> None:
        if not checked:
            return
        self.field.setVisible(button is self._another)
        if button is self._another:
            self.field.setFocus()
        self.changed.emit()
