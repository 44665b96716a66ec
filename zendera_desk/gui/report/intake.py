"""Pictures on their way into a draft: taken from files, the clipboard or a drop, prepared one after the other, in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Picture
from zendera_desk.gui.spawn import Spawn
from zendera_desk.pictures import from_screen

AddPicture = Callable[[Path | bytes, str], Awaitable[Picture]]


class _Job(NamedTuple):
    order: OrderId
    source: Path | bytes | QImage
    name: str


class PictureIntake(QObject):
    """Every picture belongs to the order that was open when it was given, whatever is open when it is ready."""

    ready = Signal(object, object)
    """OrderId, Picture."""
    refused = Signal(object, str, object)
    """OrderId, file name, DeskError."""
    progress = Signal(int, int)
    """Done, of. Both 0 when all is done."""

    def __init__(self, add_picture: AddPicture, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._add_picture, self._spawn = add_picture, spawn
        self._jobs: deque[_Job] = deque()
        self._done = 0
        self._in_hand = 0
        self._working = False

    def take(self, order: OrderId, sources: Sequence[Path | bytes | QImage]) -> None:
        for source in sources:
            self._jobs.append(_Job(order, source, source.name if isinstance(source, Path) else ""))
        if self._jobs and not self._working:
            self._working = True
            self._spawn(self._work(), "prepare pictures")
        self._tell()

    def cancel(self) -> None:
        """What has not begun is left out; what is being prepared comes to its end."""
        self._jobs.clear()
        self._tell()

    async def _work(self) -> None:
        try:
            while self._jobs:
                job = self._jobs.popleft()
                self._in_hand = 1
                await self._one(job)
                self._done, self._in_hand = self._done + 1, 0
                self._tell()
        finally:
            self._working, self._done, self._in_hand = False, 0, 0
            self.progress.emit(0, 0)

    async def _one(self, job: _Job) -> None:
        try:
            source = await _png(job.source) if isinstance(job.source, QImage) else job.source
            picture = await self._add_picture(source, job.name)
        except DeskError as error:
            self.refused.emit(job.order, job.name, error)
        else:
            self.ready.emit(job.order, picture)

    def _tell(self) -> None:
        self.progress.emit(self._done, self._done + self._in_hand + len(self._jobs))


def carried(mime: QMimeData) -> list[Path | bytes | QImage]:
    """The pictures in a drop or on the clipboard: files, else picture bytes, else a bare image. Text is not ours."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return list(files)
    for kind in ("image/jpeg", "image/png"):
        if mime.hasFormat(kind):
            return [bytes(mime.data(kind).data())]
    if mime.hasImage() and not mime.hasText():
        image = mime.imageData()
        return [image] if isinstance(image, QImage) and not image.isNull() else []
    return []


def may_carry(mime: QMimeData) -> bool:
    """Cheap, for every move of a drag: nothing is fetched from the other program."""
    return any(url.isLocalFile() for url in mime.urls()) or mime.hasImage()


async def _png(image: QImage) -> bytes:
    """The pixels are copied here, in some milliseconds; packing them takes long and is done in a thread."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return await asyncio.to_thread(from_screen, bytes(plain.constBits()), plain.width(), plain.height())
