"""All fields of the original, also those this program does not know: nothing that Zendera sends is invisible."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from zendera_desk.api.wire import Field, all_fields
from zendera_desk.gui.shipment.tree import FieldsTree
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr


class AllFields(QWidget):
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._original = b""
        self._fields: tuple[Field, ...] = ()
        self._filter = QLineEdit(self)
        self._filter.setObjectName("filterFields")
        self._filter.setAccessibleName(tr("Filter fields"))
        self._filter.setPlaceholderText(tr("Filter fields"))
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(lambda _text: self._show())
        self._count = PlainLabel("", self, role="muted")
        self.tree = FieldsTree("allFields", tr("All fields"), self)
        self.tree.copied.connect(self.copied)
        top = QHBoxLayout()
        top.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 0)
        top.setSpacing(3 * SPACE)
        top.addWidget(self._filter, 1)
        top.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(top)
        layout.addWidget(self.tree, 1)

    def say(self, original: bytes) -> None:
        if original != self._original:
            self._original = original
            self._fields = all_fields(original)
            self._show()

    def _show(self) -> None:
        wanted = self._filter.text().strip().casefold()
        found = [each for each in self._fields if wanted in f"{each.path} {each.value}".casefold()]
        self.tree.show_fields(found)
        unknown = sum(not each.known for each in found)
        said = tr("{n} field(s)", n=len(found))
        self._count.setText(f"{said}, {tr('{n} not known to this program', n=unknown)}" if unknown else said)
