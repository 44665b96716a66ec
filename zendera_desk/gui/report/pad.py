"""White paper to sign on with the mouse, a finger or a pen. White and dark blue in both schemes, as it is sent."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from zendera_desk.gui.style import SPACE
from zendera_desk.gui.words import tr

_INK: Final = QColor(16, 24, 64)
_PEN: Final = 3.0
_SHARP: Final = 2
"""Pixels of the picture for one on the screen."""


class Pad(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[QPainterPath] = []
        self.setAccessibleName(tr("Sign here"))
        self.setObjectName("signHere")
        self.setProperty("ownKeys", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(160, 80)

    def sizeHint(self) -> QSize:
        return QSize(400, 200)

    def clear(self) -> None:
        self._lines = []
        self.update()

    def picture(self) -> QImage | None:
        """What was drawn, with a margin, on white; None while nothing is."""
        if not self._lines:
            return None
        drawn = QPainterPath()
        for line in self._lines:
            drawn.addPath(line)
        area = drawn.boundingRect().toAlignedRect().adjusted(-4 * SPACE, -4 * SPACE, 4 * SPACE, 4 * SPACE)
        image = QImage(area.size() * _SHARP, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        image.setText("name", tr("signature"))
        painter = QPainter(image)
        painter.scale(_SHARP, _SHARP)
        painter.translate(-area.topLeft())
        self._draw(painter)
        painter.end()
        return image

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            line = QPainterPath(event.position())
            line.lineTo(event.position() + QPointF(0.1, 0.1))  # a dot is seen as well
            self._lines.append(line)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._lines and event.buttons() & Qt.MouseButton.LeftButton:
            self._lines[-1].lineTo(event.position())
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        base = QRect(6 * SPACE, self.height() * 3 // 4, self.width() - 12 * SPACE, 1)
        painter.fillRect(base, QColor(190, 194, 202))
        self._draw(painter)
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_INK, _PEN, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for line in self._lines:
            painter.drawPath(line)
