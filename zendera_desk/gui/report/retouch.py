"""Changes a picture of the form for good: what is sent is turned, cropped and brightened as it is seen.

Each change is made from what came in, so nothing adds up and all of it can be taken back. What is asked for while one is being made
joins it: turning twice is one picture, not two.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from PySide6.QtCore import QObject, Signal

from zendera_desk.domain.errors import DeskError, PictureError
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.paper import Edits
from zendera_desk.domain.report import Picture
from zendera_desk.gui.report.needs import RetouchDesk
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr

Change = Callable[[Edits], Edits]


class Retouch(QObject):
    made = Signal(object, object, object)
    """OrderId, Picture as it was, Picture in its place. The same where it could not be made, or nothing was changed."""
    cut_out = Signal(object, object)
    """OrderId, a second Picture."""
    refused = Signal(object, object, object)
    """OrderId, Picture, DeskError."""

    def __init__(self, desk: RetouchDesk, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._spawn = desk, spawn
        self._wanted: dict[tuple[OrderId | None, PictureId], list[Change]] = {}
        self.order: OrderId | None = None
        """Whose pictures are shown."""
        self._at_work: list[OrderId | None] = []

    def at_work(self, order: OrderId | None) -> int:
        """How many pictures of the order are being made."""
        return self._at_work.count(order)

    def is_changing(self, picture: Picture) -> bool:
        return (self.order, picture.id) in self._wanted

    def turn(self, picture: Picture, degrees: int) -> None:
        self.change(picture, lambda edits: edits.turned(degrees))

    def crop(self, picture: Picture, part: tuple[float, float, float, float]) -> None:
        self.change(picture, lambda edits: edits.cropped(part))

    def brighten(self, picture: Picture, brightness: int) -> None:
        self.change(picture, lambda edits: msgspec.structs.replace(edits, brightness=brightness))

    def restore(self, picture: Picture) -> None:
        """As it came."""
        self.change(picture, lambda _edits: Edits())

    def change(self, picture: Picture, how: Change) -> None:
        wanted = self._wanted.get((self.order, picture.id))
        if wanted is not None:
            wanted.append(how)
            return
        self._wanted[self.order, picture.id] = [how]
        self._at_work.append(self.order)
        self._spawn(self._change(self.order, picture), "change a picture")

    def take_part(self, picture: Picture, part: tuple[float, float, float, float]) -> None:
        """A part of it as a picture of its own, such as the signature; the whole stays as well."""
        self._at_work.append(self.order)
        self._spawn(self._take_part(self.order, picture, part), "cut out of a picture")

    async def _change(self, order: OrderId | None, picture: Picture) -> None:
        wanted, made = self._wanted[order, picture.id], picture
        try:
            with self._under_way(order, picture):
                edits = await self._desk.picture_edits(picture.id)
                while wanted:
                    while wanted:
                        edits = wanted.pop(0)(edits)
                    made = await self._desk.edit_picture(picture.id, edits)
        finally:
            del self._wanted[order, picture.id]
        self.made.emit(order, picture, msgspec.structs.replace(made, name=picture.name))

    async def _take_part(self, order: OrderId | None, picture: Picture, part: tuple[float, float, float, float]) -> None:
        made = None
        with self._under_way(order, picture):
            edits = await self._desk.picture_edits(picture.id)
            made = await self._desk.edit_picture(picture.id, edits.cropped(part))
        if made is not None:
            self.cut_out.emit(order, msgspec.structs.replace(made, name=tr("signature")))

    @contextmanager
    def _under_way(self, order: OrderId | None, picture: Picture) -> Iterator[None]:
        """However it ends, that is said: a send that waits for it must never go without it."""
        try:
            yield
        except DeskError as error:
            self.refused.emit(order, picture, error)
        except BaseException:  # our own fault, or the end of the program
            self.refused.emit(order, picture, PictureError("unreadable"))
            raise
        finally:
            self._at_work.remove(order)
