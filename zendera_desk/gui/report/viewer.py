"""The chosen picture, large: fitted or at 100 %, zoomed with the wheel, moved with the hand, turned.

Zooming is for the eye only. A turn is seen at once; whoever hears of it has the picture itself made anew.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QHBoxLayout, QToolButton, QWidget

from zendera_desk.gui import icons, style
from zendera_desk.gui.report.parts import object_name
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.words import tr

_NOTCH: Final = 1.25
_SMALLEST, _LARGEST = 0.05, 8.0


class PictureViewer(QGraphicsView):
    turned = Signal(int)
    """Degrees clockwise, by a person."""
    resized = Signal()

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
        # Both made and held here: of an item that only `addPixmap` gave, Python's half went with a collection of garbage while the
        # scene still had it ("already deleted", or the end of the process; tests/prove/drafts.py).
        self._scene = QGraphicsScene(self)
        self._item = QGraphicsPixmapItem()
        self._scene.addItem(self._item)
        self.setScene(self._scene)
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._fitted = True
        self._tools = QFrame(self)
        self._tools.setProperty("role", "card")
        self._row = layout = QHBoxLayout(self._tools)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(0)
        self._full = QPixmap()
        self.buttons = [
            self._button(tr("Fit"), "maximize", self.fit),
            self._button(tr("100 %"), "zoom-in", self.full_size),
            self._button(tr("Turn left"), "rotate-ccw", lambda: self.turn_by_hand(-90)),
            self._button(tr("Turn right"), "rotate-cw", lambda: self.turn_by_hand(90)),
        ]
        for button in self.buttons:
            layout.addWidget(button)
        self._tools.hide()

    def show_image(self, image: QImage | None) -> None:
        """Another picture, fitted and upright; None for none."""
        self._full = QPixmap.fromImage(image) if image is not None else QPixmap()
        self._item.setScale(1)
        self._item.setPixmap(self._full)
        self._scene.setSceneRect(self._item.boundingRect())
        self._tools.setVisible(image is not None)
        self.fit(upright=True)

    def preview(self, image: QImage) -> None:
        """The same picture, as it would look, in whatever size: neither zoom nor place change."""
        if not self._full.isNull() and image.width():
            self._item.setPixmap(QPixmap.fromImage(image))
            self._item.setScale(self._full.width() / image.width())

    def end_preview(self) -> None:
        self._item.setScale(1)
        self._item.setPixmap(self._full)

    def pixels_in_sight(self) -> int:
        """Of the picture's longer side, as large as it is shown: more would not be seen."""
        return max(1, round(max(self._full.width(), self._full.height()) * min(1.0, self._scale() * self.devicePixelRatioF())))

    def show_tools(self, on: bool) -> None:
        """Not while they would lie over what is being cropped."""
        self._tools.setVisible(on and not self._full.isNull())

    def add_tool(self, name: str, icon: str, do: Callable[[], None], tip: str = "") -> QToolButton:
        """Beside those for looking."""
        button = self._button(name, icon, do)
        button.setToolTip(tip or name)
        self.buttons.append(button)
        self._row.addWidget(button)
        return button

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

    def turn_by_hand(self, degrees: int) -> None:
        if self._full.isNull():
            return
        self.turn(degrees)
        self.turned.emit(degrees)

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
        self.resized.emit()

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
