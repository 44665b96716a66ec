"""The small pictures of the strip: made when they come into sight, from the top, and kept for a while.

Five hundred pages scroll past faster than they can be decoded. So nothing is queued: whenever a decoder is free, the strip is
asked what is in sight now.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import PictureId
from zendera_desk.gui.images import image_of
from zendera_desk.gui.paper.ahead import PicturePixels
from zendera_desk.gui.spawn import Spawn

WIDE: Final = 96
HIGH: Final = 128
"""Pixels of the screen: a page of A4 fits."""

_MOST: Final = 600
"""Thumbnails that are kept: 30 MB, at most three times that on a sharp screen."""
_AT_ONCE: Final = 2
"""One for each core of an old PC."""


class Thumbnails(QObject):
    """`in_sight` gives the pictures that are visible, from the top."""

    arrived = Signal(object)
    """PictureId: it can be painted now."""

    def __init__(
        self, picture_pixels: PicturePixels, spawn: Spawn, in_sight: Callable[[], Iterable[PictureId]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._picture_pixels, self._spawn, self._in_sight = picture_pixels, spawn, in_sight
        self.ratio = 1.0
        """Of the screen's pixels."""
        self._made: OrderedDict[tuple[PictureId, float], QPixmap] = OrderedDict()
        self._failed: set[PictureId] = set()
        self._busy: set[PictureId] = set()
        self._workers = 0
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self._start)

    def of(self, picture: PictureId) -> QPixmap | None:
        """None while it is not there; it is made then, if it is still in sight."""
        found = self._made.get((picture, self.ratio))
        if found is not None:
            self._made.move_to_end((picture, self.ratio))
        elif picture not in self._failed and self._workers < _AT_ONCE and not self._soon.isActive():
            self._soon.start()
        return found

    def _start(self) -> None:
        for _worker in range(_AT_ONCE - self._workers):
            self._workers += 1
            self._spawn(self._work(), "make thumbnails")

    async def _work(self) -> None:
        try:
            while (picture := self._next()) is not None:
                await self._make(picture)
        finally:
            self._workers -= 1

    def _next(self) -> PictureId | None:
        done = self._busy | self._failed
        return next((each for each in self._in_sight() if each not in done and (each, self.ratio) not in self._made), None)

    async def _make(self, picture: PictureId) -> None:
        self._busy.add(picture)
        ratio = self.ratio
        try:
            pixels = await self._picture_pixels(picture, round(HIGH * ratio))
        except DeskError:
            self._failed.add(picture)  # the large picture says why, where it is looked at
            return
        finally:
            self._busy.discard(picture)
        size = round(WIDE * ratio), round(HIGH * ratio)
        whole = QPixmap.fromImage(image_of(pixels))
        made = whole.scaled(*size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        made.setDevicePixelRatio(ratio)
        self._made[picture, ratio] = made
        while len(self._made) > _MOST:
            self._made.popitem(last=False)
        self.arrived.emit(picture)
