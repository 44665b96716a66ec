"""How wide words are, and so much of them as there is room for: what a painter of rows asks of the same words again and again."""

from functools import lru_cache, partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

_REMEMBERED: Final = 4_000
"""Words, of some hundred bytes each."""


class Letters:
    """In one font, on a screen of so many pixels: measured once for each word and room."""

    def __init__(self, font: QFont, widget: QWidget) -> None:
        self.font, self.ratio = font, widget.devicePixelRatioF()
        metrics = QFontMetricsF(font, widget)
        self._height, self._ascent = metrics.height(), metrics.ascent()
        # Python's own functions: of one of Qt's lru_cache would ask for its description, for which PySide loads 30 ms of modules.
        self.fit = lru_cache(_REMEMBERED)(partial(_fitted, metrics, Qt.TextElideMode.ElideRight))
        """So much of a text, from its beginning, as there is room for: `fit(text, pixels)`."""
        self.fit_ends = lru_cache(_REMEMBERED)(partial(_fitted, metrics, Qt.TextElideMode.ElideMiddle))
        """The same of its beginning and its end."""
        self.advance = lru_cache(_REMEMBERED)(partial(_advance, metrics))
        """Pixels."""

    def baseline(self, height: float) -> float:
        """Of a line in the middle of so many pixels: how far below the top of them."""
        return (height - self._height) / 2 + self._ascent


def _fitted(metrics: QFontMetricsF, mode: Qt.TextElideMode, text: str, room: float) -> str:
    return metrics.elidedText(text, mode, room)


def _advance(metrics: QFontMetricsF, text: str) -> float:
    return metrics.horizontalAdvance(text)
