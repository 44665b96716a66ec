"""What a page of settings is made of: headings, and rows of a label, a field and what is to be known about it."""

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from zendera_desk.gui.style import ROW, SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

FIELD: Final = 60 * SPACE
"""Wide enough for a name, and the same for all."""
_TENTH: Final = 100_000
_MEGABYTES: Final = re.compile(r"\d{0,2}\.?\d?")


class Rows(QGridLayout):
    def __init__(self) -> None:
        super().__init__()
        self._next = 0
        self.setHorizontalSpacing(4 * SPACE)
        self.setVerticalSpacing(2 * SPACE)
        self.setColumnStretch(2, 1)

    def section(self, title: str) -> None:
        if self._next:
            self.setRowMinimumHeight(self._next, 4 * SPACE)
            self._next += 1
        self.addWidget(PlainLabel(title, role="heading"), self._next, 0, 1, 3)
        self._next += 1

    def add(self, title: str, field: QWidget, hint: str = "") -> PlainLabel:
        """Returns the hint, to be changed with what it is about."""
        field.setAccessibleName(title)
        field.setFixedWidth(FIELD)
        said = PlainLabel(hint, role="small", wrap=True)
        self.addWidget(_label(title, field), self._next, 0)
        self.addWidget(field, self._next, 1)
        self.addWidget(said, self._next, 2)
        self._next += 1
        return said

    def add_note(self, note: QWidget) -> None:
        """What belongs to the rows above, under their fields."""
        self.addWidget(note, self._next, 1, 1, 2)
        self._next += 1

    def add_wide(self, title: str, content: QWidget) -> None:
        """Something of more than one line; its label stands beside the first."""
        self.addWidget(_label(title, content), self._next, 0, Qt.AlignmentFlag.AlignTop)
        self.addWidget(content, self._next, 1, 1, 2)
        self._next += 1


class NumberField(QSpinBox):
    """Counts when it is finished, not at each digit. The wheel scrolls the page unless the field has the focus."""

    def __init__(self, name: str, value: int, least: int, most: int, suffix: str = "", zero: str = "") -> None:
        super().__init__(minimum=least, maximum=most, suffix=suffix)
        named(self, name)
        self.setSpecialValueText(zero)
        self.setValue(value)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Qt takes neither the padding nor the height of the style sheet for what is inside a spin box.
        self.lineEdit().setTextMargins(SPACE + 1, 0, 0, 0)
        self.setFixedHeight(ROW - 2)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class MegabyteField(NumberField):
    """Bytes, told in tenths of a megabyte; its `value` counts those. A comma is as good as a point."""

    def __init__(self, name: str, size: int, least: int, most: int) -> None:
        super().__init__(name, size // _TENTH, least // _TENTH, most // _TENTH, tr(" MB"))

    @property
    def size_in_bytes(self) -> int:
        return self.value() * _TENTH

    def textFromValue(self, tenths: int) -> str:
        return f"{tenths / 10:.1f}"

    def valueFromText(self, text: str) -> int:
        return round(float(self._bare(text)) * 10)

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        bare = self._bare(text)
        if not _MEGABYTES.fullmatch(bare):
            return QValidator.State.Invalid, text, place
        done = bare.strip(".") and self.minimum() <= round(float(bare) * 10) <= self.maximum()
        return QValidator.State.Acceptable if done else QValidator.State.Intermediate, text, place

    def _bare(self, text: str) -> str:
        return text.removesuffix(self.suffix()).strip().replace(",", ".")


def _label(title: str, field: QWidget) -> PlainLabel:
    label = PlainLabel(title, role="muted")
    label.setBuddy(field)
    label.setMinimumHeight(ROW)
    return label
