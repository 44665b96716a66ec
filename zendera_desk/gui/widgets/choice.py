"""One of several, by a code, in a list that opens."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox

from zendera_desk.gui.widgets.named import named

_SHORTEST: Final = 8
"""Letters of a choice that can be read at least."""


class ChoiceField(QComboBox):
    """`choices`: code and words, which end in … where the field is narrow and are there in full in its list.

    The wheel scrolls the page unless the field has the focus.
    """

    def __init__(self, name: str, choices: list[tuple[str, str]], value: str) -> None:
        super().__init__()
        named(self, name)
        for code, words in choices:
            self.addItem(words, code)
        self.setCurrentIndex(max(0, self.findData(value)))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_SHORTEST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
