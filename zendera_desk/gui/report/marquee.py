"""A part of the picture, chosen by a drag: what is left out is dimmed. With the arrows the frame moves, with Shift they size it."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QGraphicsView, QWidget

from zendera_desk.gui import style
from zendera_desk.gui.style import Tone
from zendera_desk.gui.words import tr

_SMALLEST: Final = 8
"""Pixels on the screen: less was no drag."""
_STEP: Final = 0.02
"""Of the picture, for an arrow key."""
_ARROWS: Final = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class Marquee(QWidget):
    """Lies over a view and its picture, and is kept in the picture's own measure: it stays where it is when that is zoomed."""

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view.viewport())
        self._view = view
        self._frame = QRectF()
        self._from: QPointF | None = None
        self.setAccessibleName(tr("Part of the picture"))
        self.setObjectName("partOfThePicture")
        self.setProperty("ownKeys", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.hide()

    def begin(self, *, whole: bool) -> None:
        """With most of the picture chosen, or with nothing: a signature is somewhere, and only the person knows where."""
        scene = self._view.sceneRect()
        keep = 0.9 if whole else 0.0
        size = QSizeF(scene.width() * keep, scene.height() * keep)
        self._frame = QRectF(QPointF(scene.center().x() - size.width() / 2, scene.center().y() - size.height() / 2), size)
        self.setGeometry(self._view.viewport().rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        self.hide()

    def part(self) -> tuple[float, float, float, float] | None:
        """Left, top, right, bottom as parts of the picture; None while nothing is chosen."""
        scene, frame = self._view.sceneRect(), self._frame
        if frame.width() <= 0 or frame.height() <= 0 or scene.isEmpty():
            return None
        return (
            (frame.left() - scene.left()) / scene.width(),
            (frame.top() - scene.top()) / scene.height(),
            (frame.right() - scene.left()) / scene.width(),
            (frame.bottom() - scene.top()) / scene.height(),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        drawn = QRect(self._from.toPoint(), event.position().toPoint()).normalized()
        if min(drawn.width(), drawn.height()) >= _SMALLEST:
            self._frame = self._view.mapToScene(drawn).boundingRect() & self._view.sceneRect()
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._from = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = _ARROWS.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        scene = self._view.sceneRect()
        across, down = way[0] * scene.width() * _STEP, way[1] * scene.height() * _STEP
        frame = self._frame
        if frame.isEmpty():
            frame = QRectF(scene.center() - QPointF(scene.width() / 8, scene.height() / 16), QSizeF(scene.width() / 4, scene.height() / 8))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            frame = frame.adjusted(0, 0, across, down)
        else:
            frame = frame.translated(across, down)
        if (kept := frame & scene).width() > 0 and kept.height() > 0:
            self._frame = kept
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = self._view.mapFromScene(self._frame).boundingRect() if not self._frame.isEmpty() else QRect()
        dim = QColor(style.token("sunken"))
        dim.setAlpha(190 if not frame.isNull() else 60)
        painter.setClipRegion(QRegion(self.rect()) - QRegion(frame))
        painter.fillRect(self.rect(), dim)
        painter.setClipping(False)
        if not frame.isNull():
            painter.setPen(QPen(style.colour(Tone.ACCENT), 2))
            painter.drawRect(frame.adjusted(0, 0, -1, -1))
        painter.end()

    def follow(self) -> None:
        """The view was sized anew."""
        self.setGeometry(QRect(QPoint(0, 0), self._view.viewport().size()))
