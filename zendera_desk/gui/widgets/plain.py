"""Labels and tool tips for text that comes from outside: always plain, never guessed to be rich text.

Qt guesses: a consignee named `<img src=file:…>` would load a file in a QLabel or a tool tip. Here the format is fixed.
"""

import textwrap
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QStylePainter, QWidget

from zendera_desk.gui.format import visible

_TIP_COLUMNS: Final = 80
_NOTHING: Final = "\u200b"


def plain_tip(text: str) -> str:
    """A tool tip that shows exactly this text, its long lines broken.

    An invisible nothing after each `<` and `&` makes Qt's guess come out as plain, also where no guard is installed.
    """
    lines = (textwrap.fill(line, _TIP_COLUMNS) for line in visible(text, lines=True).split("\n"))
    return "\n".join(lines).replace("<", "<" + _NOTHING).replace("&", "&" + _NOTHING)


class PlainLabel(QLabel):
    """A QLabel that never guesses. Hidden characters are made visible."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, role: str = "", wrap: bool = False) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(visible(text, lines=True))

    def setTextFormat(self, _format: Qt.TextFormat) -> None:
        super().setTextFormat(Qt.TextFormat.PlainText)


class ElidedLabel(PlainLabel):
    """One line that ends in … where there is no room; the full text is its tool tip then, and its accessible name always."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: str = "",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        self._mode = mode
        super().__init__(text, parent, role=role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text.replace("\n", " "))
        self._tell()

    def minimumSizeHint(self) -> QSize:
        return QSize(min(super().minimumSizeHint().width(), self.fontMetrics().averageCharWidth() * 4), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOption()
        option.initFrom(self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._mode, room.width())
        self.style().drawItemText(painter, room, int(self.alignment()), self.palette(), self.isEnabled(), shown, self.foregroundRole())

    def _tell(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()
        self.setToolTip("" if fits else plain_tip(self.text()))
