"""Pictures on their way into a draft: files, the clipboard or a drop. All are seen first, small, then prepared, two at a time.

What is given gets a ticket, which keeps its place among the pictures until it is one, or several (a PDF's pages), or is refused:
as many files as go in are shown.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from zendera_desk.domain.errors import DeskError, PictureError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Picture
from zendera_desk.gui.images import image_of
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.picture_strip import THUMBNAIL, Ticket
from zendera_desk.pictures import Pixels, from_screen

AddPages = Callable[[Path | bytes, str], Awaitable[list[Picture]]]
Glimpse = Callable[[Path | bytes, int], Awaitable[Pixels]]

AT_ONCE: Final = 2
"""One for each core of an old PC."""

SHARP: Final = 2 * THUMBNAIL
"""Pixels of a glimpse: enough for a thumbnail on a screen with small pixels."""


class _Given(Ticket):
    """Where it goes, and what it is."""

    def __init__(self, order: OrderId, source: Path | bytes | QImage, *, alone: bool) -> None:
        super().__init__(_name_of(source), alone=alone)
        self.order, self.source = order, source
        self.file: Path | bytes = b"" if isinstance(source, QImage) else source


def _name_of(source: Path | bytes | QImage) -> str:
    """A picture made here says what it is, as a drawn signature does."""
    match source:
        case Path():
            return source.name
        case QImage():
            return source.text("name")
        case _:
            return ""


class PictureIntake(QObject):
    """Every picture belongs to the order that was open when it was given, whatever is open when it is ready."""

    expected = Signal(object, object)
    """OrderId, Ticket: it was given."""
    seen = Signal(object, object)
    """OrderId, Ticket: it has an image."""
    ready = Signal(object, object, object)
    """OrderId, Ticket, list of Picture."""
    refused = Signal(object, object, object)
    """OrderId, Ticket, DeskError."""
    left_out = Signal(object, object)
    """OrderId, Ticket: it was cancelled."""
    progress = Signal(int, int)
    """Done, of. Both 0 when all is done."""

    def __init__(self, add_pages: AddPages, glimpse: Glimpse, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._add_pages, self._glimpse, self._spawn = add_pages, glimpse, spawn
        self._unseen: deque[_Given] = deque()
        self._unmade: deque[_Given] = deque()
        self._in_hand: list[_Given] = []
        self._done = 0
        self._workers = 0

    def take(self, order: OrderId, sources: Sequence[Path | bytes | QImage]) -> None:
        for source in sources:
            given = _Given(order, source, alone=len(sources) == 1)
            self._unseen.append(given)
            self.expected.emit(order, given)
        for _worker in range(min(AT_ONCE - self._workers, len(sources))):
            self._employ()
        self._tell()

    def on_their_way(self, order: OrderId | None) -> list[Ticket]:
        """What of this order's is still to come, in the order in which it was given."""
        return [given for given in (*self._in_hand, *self._unmade, *self._unseen) if given.order == order]

    def cancel(self) -> None:
        """What has not begun is left out; what is being prepared comes to its end."""
        given_up = [*self._unmade, *self._unseen]
        self._unmade.clear()
        self._unseen.clear()
        for given in given_up:
            self.left_out.emit(given.order, given)
        self._tell()

    def _employ(self) -> None:
        self._workers += 1
        self._spawn(self._work(), "prepare pictures")

    async def _work(self) -> None:
        try:
            while (step := self._next()) is not None:
                await step
                self._tell()
        except Exception:
            self._employ()  # for the others; whoever supervises says what happened to this one
            raise
        finally:
            self._workers -= 1
            if not self._workers:
                self._done = 0
                self.progress.emit(0, 0)

    def _next(self) -> Coroutine[object, object, None] | None:
        if self._unseen:
            return self._see(self._unseen.popleft())
        if self._unmade:
            return self._make(self._unmade.popleft())
        return None

    async def _see(self, given: _Given) -> None:
        with self._held(given):
            if isinstance(given.source, QImage):
                given.file = await _png(given.source)
            given.image = image_of(await self._glimpse(given.file, SHARP))
            self.seen.emit(given.order, given)
            self._unmade.append(given)

    async def _make(self, given: _Given) -> None:
        with self._held(given):
            pictures = await self._add_pages(given.file, given.name)
            self._done += 1
            self.ready.emit(given.order, given, pictures)

    @contextmanager
    def _held(self, given: _Given) -> Iterator[None]:
        """However the work on it ends, that is said: a send that waits for it must never go without it."""
        self._in_hand.append(given)
        try:
            yield
        except DeskError as error:
            self._refuse(given, error)
        except BaseException:  # our own fault, or the end of the program
            self._refuse(given, PictureError("unreadable"))
            raise
        finally:
            self._in_hand.remove(given)

    def _refuse(self, given: _Given, error: DeskError) -> None:
        self._done += 1
        self.refused.emit(given.order, given, error)

    def _tell(self) -> None:
        self.progress.emit(self._done, self._done + len(self._in_hand) + len(self._unmade) + len(self._unseen))


def carried(mime: QMimeData) -> list[Path | bytes | QImage]:
    """The pictures in a drop or on the clipboard: files, else picture bytes, else a bare image. Text is not ours."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if files:
        return list(files)
    for kind in _KINDS:
        if mime.hasFormat(kind):
            return [bytes(mime.data(kind).data())]
    # A bare image is the system's own. What has the name of a format would be decoded here, by Qt, on the interface's thread.
    if mime.hasImage() and not mime.hasText() and not any(kind.startswith("image/") for kind in mime.formats()):
        image = mime.imageData()
        return [image] if isinstance(image, QImage) and not image.isNull() else []
    return []


_KINDS: Final = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/tiff", "application/pdf")


def may_carry(mime: QMimeData) -> bool:
    """Cheap, for every move of a drag: nothing is fetched from the other program."""
    return any(url.isLocalFile() for url in mime.urls()) or mime.hasImage() or any(mime.hasFormat(kind) for kind in _KINDS)


async def _png(image: QImage) -> bytes:
    """The pixels are copied here, in some milliseconds; packing them takes long and is done in a thread."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return await asyncio.to_thread(from_screen, bytes(plain.constBits()), plain.width(), plain.height())
