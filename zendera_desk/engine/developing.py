"""Makes pictures of files: takes a file in, has its pages developed by the helper process, and knows what is here already.

A file is kept first, as it came, under the hash of its bytes; the helper reads it there. What is refused, or turns out to be here
already, leaves nothing behind. Everything a person sees of a picture is made by the helper too: this program itself decodes nothing.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import msgspec

from zendera_desk.domain.errors import PictureError, StoreError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.paper import Code, Edits, PictureFacts
from zendera_desk.domain.report import Picture
from zendera_desk.pictures import Pixels, pieces
from zendera_desk.pictures.helper import PictureReader, Wanted
from zendera_desk.pictures.jobs import Open, Work, Worked
from zendera_desk.settings import Settings
from zendera_desk.store import pictures
from zendera_desk.store.database import Database
from zendera_desk.store.pictures import Come, Origin

MOST_PAGES: Final = 20
"""Of one file into one form. What has more is a stack of paper, and belongs to many shipments."""

LARGEST_ON_SCREEN: Final = 4096
"""Pixels of the longer side. More goes through no pipe."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A file that lies in the data folder now."""

    source: str
    name: str
    kind: str
    """JPEG, PNG, WebP, HEIC, TIFF or PDF."""
    pages: int
    facts: PictureFacts


class Developed(msgspec.Struct, frozen=True, kw_only=True):
    """A page, and what could be read on it."""

    picture: Picture
    codes: tuple[Code, ...] = ()
    separator: bool = False


class Developing:
    """All methods raise PictureError and StoreError."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        now: Callable[[], datetime],
        reader: PictureReader | None = None,
        preferred: Callable[[], Settings] = Settings,
    ) -> None:
        self._folder, self._database, self._now, self._preferred = folder, database, now, preferred
        self._reader = reader or PictureReader()
        self._taking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """The same bytes, given twice at once, are taken one after the other: the second finds what the first made."""
        self._preparing: WeakValueDictionary[PictureId, asyncio.Lock] = WeakValueDictionary()
        """So is the same page: what a row names is never written again, whatever the settings are by then."""

    def warm(self) -> None:
        """Pictures are likely to come: a form opened. Costs nothing, and waits for nothing."""
        self._reader.warm()

    async def close(self) -> None:
        await self._reader.close()

    # Into a form

    async def add_pages(self, source: Path | bytes, name: str = "", most: int = MOST_PAGES) -> list[Picture]:
        """Every page of a file as a picture, in their order; on disk when this returns. A page that cannot be read refuses the file."""
        async with self.taken(source, name) as taken:
            if taken.pages > most:
                raise PictureError("too_many_pages", name=taken.name, pages=taken.pages, most=most)
            return [(await self.develop(taken, page)).picture for page in range(taken.pages)]

    async def glimpse(self, source: Path | bytes, longest: int) -> Pixels:
        """The first page, small and soon: `add_pages` follows, and finds the file here."""
        async with self._kept(source, "", asked_again=True) as (kept, _name):
            return await self._look(pictures.original_path(self._folder, kept), longest, Wanted.SEEN)

    async def edit(self, picture: PictureId, edits: Edits) -> Picture:
        """Made anew from what came in: what an earlier edit did is gone, and nothing adds up. No edits: as it was."""
        before, origin = await self._origin(picture)
        changed = msgspec.structs.replace(origin, edits=edits)
        return (await self._developed(changed, before.name, Wanted.SEEN)).picture

    async def edits(self, picture: PictureId) -> Edits:
        return (await self._origin(picture))[1].edits

    async def facts(self, picture: PictureId) -> PictureFacts:
        """When and where the file of this picture says that it was taken."""
        _picture, origin = await self._origin(picture)
        path = str(pictures.original_path(self._folder, origin.source))
        return (await self._reader.ask(Open(path=path), Wanted.GIVEN)).facts

    # Page by page

    def fetch(self, pieces: Iterable[bytes]) -> Come:
        """What comes from outside, to be taken from here on. Runs in a thread."""
        return pictures.receive(self._folder, pieces)

    @contextlib.asynccontextmanager
    async def taken(self, source: Path | bytes | Come, name: str = "", wanted: Wanted = Wanted.GIVEN) -> AsyncIterator[Taken]:
        """Takes a file in. When this ends, it stays if a picture was made of it."""
        async with self._kept(source, name) as (kept, known_as):
            path = str(pictures.original_path(self._folder, kept))
            opened = await self._reader.ask(Open(path=path), wanted)
            yield Taken(source=kept, name=known_as, kind=opened.kind, pages=opened.pages, facts=opened.facts)

    async def develop(self, taken: Taken, page: int, wanted: Wanted = Wanted.GIVEN, *, codes: bool = False) -> Developed:
        """The page as a picture, on disk; with `codes` also what is read on it."""
        return await self._developed(Origin(source=taken.source, page=page), taken.name, wanted, codes=codes)

    async def page(self, origin: Origin, name: str, wanted: Wanted, *, codes: bool = False) -> Developed:
        """A page of a file that lies here already, with what a person changed about it; with `codes` also what is read on it."""
        return await self._developed(origin, name, wanted, codes=codes)

    # To look at, and to send

    async def pixels(
        self, picture: PictureId, longest: int | None = None, wanted: Wanted = Wanted.SEEN, edits: Edits | None = None
    ) -> Pixels:
        """What is sent, for a screen, as it would be with these edits. StoreError("io") when the file is gone."""
        path = pictures.prepared_path(self._folder, picture)
        try:
            return await self._look(path, longest or LARGEST_ON_SCREEN, wanted, edits)
        except PictureError as error:
            if error.code == "unreadable" and not await asyncio.to_thread(path.exists):
                raise StoreError("io") from error
            raise

    async def pixels_of(self, lying: Path, longest: int | None = None, edits: Edits | None = None) -> Pixels:
        """Of a JPEG that lies outside of the data folder: one out of an archive."""
        return await self._look(lying, longest or LARGEST_ON_SCREEN, Wanted.SEEN, edits)

    async def jpeg(self, picture: PictureId) -> bytes:
        """What is sent. StoreError("io") when the file is gone."""
        return await asyncio.to_thread(pictures.prepared, self._folder, picture)

    # Inside

    @contextlib.asynccontextmanager
    async def _kept(self, source: Path | bytes | Come, name: str, *, asked_again: bool = False) -> AsyncIterator[tuple[str, str]]:
        """The file's hash and name, while it lies in the data folder. It goes again if nothing was made of it."""
        come = source if isinstance(source, Come) else await asyncio.to_thread(self.fetch, pieces(source))
        kept = come.source
        async with self._taking.setdefault(kept, asyncio.Lock()):
            await asyncio.to_thread(pictures.put_original, self._folder, come)
            stays = False
            try:
                yield kept, name or (source.name if isinstance(source, Path) else "")
                stays = asked_again
            finally:
                if not stays:
                    await self._drop_unused(kept)

    async def _drop_unused(self, source: str) -> None:
        with contextlib.suppress(StoreError):  # the sweep finds it
            # Asked behind whatever is being written: who was cancelled while the file's rows were under way has them all the same.
            if not await self._database.write(pictures.is_source, source):
                await asyncio.to_thread(pictures.drop_original, self._folder, source)

    async def _developed(self, origin: Origin, name: str, wanted: Wanted, *, codes: bool = False) -> Developed:
        async with self._preparing.setdefault(origin.picture, asyncio.Lock()):
            here = await self._here(origin)
            if here is not None and not codes:
                return Developed(picture=here)
            made = await self._reader.ask(self._order(origin, jpeg=here is None, codes=codes), wanted)
            return Developed(picture=here or await self._put(origin, name, made), codes=made.codes, separator=made.separator)

    def _order(self, origin: Origin, *, jpeg: bool, codes: bool) -> Work:
        preferred = self._preferred()
        return Work(
            path=str(pictures.original_path(self._folder, origin.source)),
            page=origin.page,
            edits=origin.edits,
            jpeg=jpeg,
            longest=preferred.picture_longest,
            quality=preferred.picture_quality,
            most=preferred.picture_most,
            codes=codes,
        )

    async def _here(self, origin: Origin) -> Picture | None:
        """It was made before: what lies here is what is sent, whatever the settings are by now."""
        if not await asyncio.to_thread(pictures.renew_files, self._folder, origin):
            return None
        return await self._database.write(pictures.renew, origin.picture, self._now())

    async def _put(self, origin: Origin, name: str, made: Worked) -> Picture:
        # Nothing names what may lie there: other settings made it, and it was not swept yet.
        await asyncio.to_thread(pictures.drop_prepared, self._folder, origin.picture)
        await asyncio.to_thread(pictures.put_prepared, self._folder, origin.picture, made.jpeg)
        picture = Picture(id=origin.picture, name=name, width=made.width, height=made.height, size=len(made.jpeg))
        named = await self._database.write(pictures.put, picture, origin, hashlib.sha256(made.jpeg).hexdigest(), self._now())
        if named.id != picture.id:
            await asyncio.to_thread(pictures.drop_prepared, self._folder, picture.id)
        return named

    async def _look(self, path: Path, longest: int, wanted: Wanted, edits: Edits | None = None) -> Pixels:
        seen = await self._reader.ask(Work(path=str(path), edits=edits or Edits(), pixels=min(longest, LARGEST_ON_SCREEN)), wanted)
        return Pixels(rgb=seen.rgb, width=seen.rgb_width, height=seen.rgb_height)

    async def _origin(self, picture: PictureId) -> tuple[Picture, Origin]:
        found = await self._database.read(pictures.origin, picture)
        if found is None:
            raise StoreError("io")
        return found
