"""Icons by name, tinted by tone and scheme while they are painted, sharp at any pixel ratio.

The drawings are Lucide's (ISC licence, beside them in resources/icons): one family, one stroke. An icon is painted from
its SVG at exactly the pixels it is shown with, once for each colour and size, and kept. Because the colour is asked for
at that moment, a change of scheme needs no new icons.
"""

import contextlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from zendera_desk.gui import style
from zendera_desk.gui.tokens import Tone
from zendera_desk.resources import resource

SIZE: Final = 16
"""Pixels: an icon in a row, a button, a menu."""
BESIDE_WORDS: Final = QSize(SIZE + 4, SIZE)
"""For a button with icon and words: the icon stands at the left of it, and the rest is the distance to the words."""


def icon(name: str, tone: Tone | None = None, *, on_accent: bool = False) -> QIcon:
    """The icon called `name` by Lucide. Without a tone it is as quiet as muted text; `on_accent` is for the primary button."""
    _place(name)
    return QIcon(_Engine(name, tone, on_accent))


def pixmap(name: str, tone: Tone | None = None, size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """The icon as pixels: `size` on the screen, for a screen (or widget) of that device pixel ratio."""
    made = QPixmap(_drawn(name, _colour_of(tone, on_accent=False), round(size * ratio)))
    made.setDevicePixelRatio(ratio)
    return made


def paint(painter: QPainter, name: str, tone: Tone | None, area: QRect, size: int = SIZE) -> None:
    """Into the middle of `area`: what a delegate uses."""
    made = pixmap(name, tone, size, painter.device().devicePixelRatioF())
    painter.drawPixmap(QPoint(area.x() + (area.width() - size) // 2, area.y() + (area.height() - size) // 2), made)


def _colour_of(tone: Tone | None, *, on_accent: bool) -> str:
    now = style.scheme()
    if on_accent:
        return now.on_accent
    return now.muted if tone is None else now.foreground[tone]


class _Engine(QIconEngine):
    """What Qt asks for pixels. Qt owns it; its copies are new ones of the same three values."""

    def __init__(self, name: str, tone: Tone | None, on_accent: bool) -> None:
        super().__init__()
        self._name, self._tone, self._on_accent = name, tone, on_accent

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._tone, self._on_accent)

    def key(self) -> str:
        return "lucide"

    def iconName(self) -> str:
        return self._name

    def isNull(self) -> bool:
        return False

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float) -> QPixmap:
        return self._made(size, mode, scale)

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        return self._made(size, mode, 1.0)

    def paint(self, painter: QPainter, area: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        side = min(area.width(), area.height())
        made = self._made(QSize(side, side), mode, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPoint(area.x() + (area.width() - side) // 2, area.y() + (area.height() - side) // 2), made)

    def _made(self, size: QSize, mode: QIcon.Mode, ratio: float) -> QPixmap:
        """Wider than high: at the left, and the rest is the distance to the words, of which Qt leaves too little."""
        disabled = mode is QIcon.Mode.Disabled
        value = style.scheme().disabled if disabled else _colour_of(self._tone, on_accent=self._on_accent)
        side = min(size.width(), size.height())
        made = QPixmap(_drawn(self._name, value, round(side * ratio)))
        made.setDevicePixelRatio(ratio)
        if size.width() <= size.height():
            return made
        wide = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        wide.setDevicePixelRatio(ratio)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        painter.drawPixmap(0, (size.height() - side) // 2, made)
        painter.end()
        return wide


@cache
def _place(name: str) -> Path:
    """It is read when it is drawn: most of them are not before the list is there. Raises FileNotFoundError at once."""
    place = resource("icons", f"{name}.svg")
    place.stat()
    return place


@cache
def _source(name: str) -> str:
    return _place(name).read_text(encoding="utf-8")


def read_ahead() -> None:
    """All of them, when the list is there: nothing that is painted later shall wait for a disk. In whatever thread."""
    for path in resource("icons").glob("*.svg"):
        with contextlib.suppress(OSError):  # then it is read again when it is drawn
            _source(path.stem)


@lru_cache(maxsize=1024)
def _drawn(name: str, value: str, pixels: int) -> QPixmap:
    # A thinner stroke than Lucide's 2 of 24: at 16 pixels it is as light as the letters beside it.
    drawing = _source(name).replace("currentColor", value).replace('stroke-width="2"', 'stroke-width="1.75"')
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return made
