"""Says that something takes time: nothing below a second, then that it works, after ten how long it has been, always with Cancel."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from zendera_desk.gui import style
from zendera_desk.gui.format import seconds
from zendera_desk.gui.tokens import SPACE
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

_PATIENCE: Final = 1.0
"""Seconds that need no word."""

_LONG: Final = 10.0
"""Seconds after which the time is shown."""

_FRAME: Final = 80
"""Milliseconds between two pictures of the wheel."""


class Wheel(QWidget):
    """An arc that goes round while it is seen. Hidden, it costs nothing."""

    def __init__(self, parent: QWidget | None = None, size: int = 16) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME)
        self._timer.timeout.connect(self._step)

    def _step(self) -> None:
        self._angle = (self._angle + 30) % 360
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        circle = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        for name, start, span in (("line", 0, 360), ("focus", -self._angle, 100)):
            painter.setPen(QPen(style.token(name), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(circle, start * 16, span * 16)
        painter.end()


class Busy(QWidget):
    """`begin`, then `end`. In between it appears by itself when it is time."""

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._began: float | None = None
        self._words = ""
        self._cancel: Callable[[], None] | None = None
        self._wheel = Wheel(self)
        self._label = PlainLabel("", self, role="muted")
        self._button = QPushButton(tr("Cancel"), self)
        self._button.setProperty("role", "quiet")
        self._button.setAccessibleName(tr("Cancel"))
        self._button.clicked.connect(self._cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._wheel)
        layout.addWidget(self._label)
        layout.addWidget(self._button)
        layout.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self.look)
        self.hide()

    def begin(self, words: str, cancel: Callable[[], None] | None = None) -> None:
        self._began, self._words, self._cancel = self._clock(), words, cancel
        self._button.setVisible(cancel is not None)
        self.setAccessibleName(words)
        self._timer.start()
        self.look()

    def end(self) -> None:
        self._began = None
        self._timer.stop()
        self.hide()

    def look(self) -> None:
        if self._began is None:
            return
        passed = self._clock() - self._began
        self._label.setText(f"{self._words} {seconds(passed)}" if passed >= _LONG else self._words)
        self.setVisible(passed >= _PATIENCE)

    def _cancelled(self) -> None:
        cancel = self._cancel
        self.end()
        if cancel is not None:
            cancel()
