"""The chosen picture, large: fitted or at 100 %, zoomed with the wheel, moved with the hand, turned for reading.

Turning and zooming are for the eye only; what is sent stays as it was prepared.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QHBoxLayout, QToolButton, QWidget

from zendera_desk.gui import icons, style
from zendera_desk.gui.report.parts import object_name
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.words import tr

_NOTCH: Final = 1.25
_SMALLEST, _LARGEST = 0.05, 8.0


class PictureViewer(QGraphicsView):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Picture"))
        self.setObjectName("picture")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setAcceptDrops(False)
        scene = QGraphicsScene(self)
        self.setScene(scene)
        self._item = scene.addPixmap(QPixmap())
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._fitted = True
        self._tools = QFrame(self)
        self._tools.setProperty("role", "card")
        layout = QHBoxLayout(self._tools)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(0)
        self.buttons = [
            self._button(tr("Fit"), "maximize", self.fit),
            self._button(tr("100 %"), "zoom-in", self.full_size),
            self._button(tr("Turn left"), "rotate-ccw", lambda: self.turn(-90)),
            self._button(tr("Turn right"), "rotate-cw", lambda: self.turn(90)),
        ]
        for button in self.buttons:
            layout.addWidget(button)
        self._tools.hide()

    def show_image(self, image: QImage | None) -> None:
        """Another picture, fitted and upright; None for none."""
        self._item.setPixmap(QPixmap.fromImage(image) if image is not None else QPixmap())
        self.scene().setSceneRect(self._item.boundingRect())
        self._tools.setVisible(image is not None)
        self.fit(upright=True)

    def fit(self, *, upright: bool = False) -> None:
        if upright:
            self.resetTransform()
        self._fitted = True
        if not self._item.pixmap().isNull():
            self.fitInView(self._item, Qt.AspectRatioMode.KeepAspectRatio)
            if self._scale() > 1:  # a small picture is not blown up
                self.scale(1 / self._scale(), 1 / self._scale())

    def full_size(self) -> None:
        self._fitted = False
        self.scale(1 / self._scale(), 1 / self._scale())

    def turn(self, degrees: int) -> None:
        self.rotate(degrees)
        if self._fitted:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        wanted = self._scale() * (_NOTCH if event.angleDelta().y() > 0 else 1 / _NOTCH)
        if event.angleDelta().y() and _SMALLEST <= wanted <= _LARGEST and not self._item.pixmap().isNull():
            self._fitted = False
            self.scale(wanted / self._scale(), wanted / self._scale())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._tools.sizeHint()
        self._tools.setGeometry(self.width() - size.width() - SPACE, SPACE, size.width(), size.height())
        if self._fitted:
            self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), style.token("sunken"))
        painter.end()
        super().paintEvent(event)

    def _scale(self) -> float:
        """How large it is shown, whatever way it is turned."""
        across = self.transform()
        return float((across.m11() ** 2 + across.m12() ** 2) ** 0.5)

    def _button(self, name: str, icon: str, do: Callable[[], None]) -> QToolButton:
        button = QToolButton(self._tools)
        button.setIcon(icons.icon(icon))
        button.setProperty("role", "quiet")
        button.setAccessibleName(name)
        button.setObjectName(object_name(icon.replace("-", " ")))
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(do)
        return button
