"""Pictures decoded before they are looked at, so that the next document is there when a person gets to it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import PictureId
from zendera_desk.gui.spawn import Spawn
from zendera_desk.pictures import Pixels

PicturePixels = Callable[[PictureId, int | None], Awaitable[Pixels]]

MOST: Final = 8
"""Decoded pictures that are kept, at 5 MB each: those of this document and of the next two."""


class Ahead:
    """Gives out whole pictures, and remembers the last of them. What is asked for twice at once is decoded once."""

    def __init__(self, picture_pixels: PicturePixels, spawn: Spawn) -> None:
        self._picture_pixels, self._spawn = picture_pixels, spawn
        self._kept: dict[PictureId, asyncio.Future[Pixels]] = {}

    async def pixels(self, picture: PictureId, longest: int | None = None) -> Pixels:
        """A small one is asked for as ever. Raises what the desk raises."""
        if longest is not None:
            return await self._picture_pixels(picture, longest)
        return await asyncio.shield(self._asked(picture))

    def at_once(self, picture: PictureId) -> Pixels | None:
        """If it is there already."""
        kept = self._kept.get(picture)
        done = kept is not None and kept.done() and not kept.cancelled() and kept.exception() is None
        return kept.result() if kept is not None and done else None

    def foresee(self, pictures: Sequence[PictureId]) -> None:
        """They will be looked at soon."""
        for picture in pictures[:MOST]:
            self._asked(picture)

    def _asked(self, picture: PictureId) -> asyncio.Future[Pixels]:
        kept = self._kept.pop(picture, None)
        if kept is None:
            kept = asyncio.get_running_loop().create_future()
            self._spawn(self._decode(picture, kept), "decode a picture ahead")
        self._kept[picture] = kept  # the one used last goes last
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return kept

    async def _decode(self, picture: PictureId, wanted: asyncio.Future[Pixels]) -> None:
        try:
            made = await self._picture_pixels(picture, None)
        except DeskError as error:
            self._kept.pop(picture, None)  # the next who asks tries again
            wanted.set_exception(error)
            wanted.exception()  # nobody may be waiting: then it is nobody's trouble yet
        except BaseException:
            self._kept.pop(picture, None)
            wanted.cancel()
            raise
        else:
            if not wanted.done():
                wanted.set_result(made)
