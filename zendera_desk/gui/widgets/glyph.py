"""An icon as a widget: painted when it is shown, so that it follows the scheme and the screen."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from zendera_desk.gui import icons
from zendera_desk.gui.tokens import Tone


class Glyph(QWidget):
    """It only repeats what a word beside it says, and is silent to a screen reader."""

    def __init__(self, name: str, tone: Tone | None = None, size: int = icons.SIZE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)

    def tell(self, name: str, tone: Tone | None = None) -> None:
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, self._name, self._tone, self.rect(), self._size)
        painter.end()
