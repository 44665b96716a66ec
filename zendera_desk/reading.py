"""A desk over an archive: everything can be looked at, and nothing written or sent.

It is the desk of every day, on a database that takes no writes and without an engine, so that lists, find, boards, histories and
fields read as they always do. Nothing of the data folder is touched; what a person changes about the window is gone with it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Self

from zendera_desk import disk
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.archives import ArchiveFacts, SentPicture
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.paper import Edits
from zendera_desk.engine.clock import SystemClock
from zendera_desk.pictures import Pixels
from zendera_desk.settings import Settings
from zendera_desk.store import accounts, archives
from zendera_desk.store.database import Database

if TYPE_CHECKING:
    from zendera_desk.api.client import ZenderaClient


class ArchiveDesk(Desk):
    """Made by `open_archive`, ended by `close`."""

    facts: ArchiveFacts

    @classmethod
    async def open_archive(cls, path: Path, preferred: Settings, *, zone: tzinfo) -> Self:
        """Raises StoreError (store/archives.py: look)."""
        database = await Database.open_archive(path)
        try:
            facts, known = await database.read(archives.facts), await database.read(accounts.everyone)
        except BaseException:
            await database.close()
            raise
        desk = cls(path.parent, database, preferred, Keys(), SystemClock(), zone, _nobody)
        desk.archive = desk.facts = facts
        desk.account = known[0] if known else None
        return desk

    def go_online(self) -> None:
        """It never is."""

    # Pictures. They are in the file, as they were sent. All raise PictureError, StoreError

    async def sent_pictures(self, order_id: OrderId) -> list[SentPicture]:
        """All that went with a shipment's reports, the newest report first."""
        return [] if self.account is None else await self._database.read(archives.sent_pictures, self.account.id, order_id)

    async def picture_jpeg(self, picture: PictureId) -> bytes:
        """Raises StoreError("picture_not_kept") where the archive has only its name."""
        return await self._database.read(archives.picture_jpeg, picture)

    async def picture_pixels(self, picture: PictureId, longest: int | None = None, edits: Edits | None = None) -> Pixels:
        """Decoded by the helper process, as everywhere: for that moment it lies in a file of its own."""
        lying = await asyncio.to_thread(archives.laid_out, await self.picture_jpeg(picture))
        try:
            return await self.developing.pixels_of(lying, longest, edits)
        finally:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(lying.unlink)

    async def save_picture(self, picture: PictureId, path: Path) -> None:
        """A copy of it, where a person wants one."""
        jpeg = await self.picture_jpeg(picture)
        try:
            await asyncio.to_thread(disk.write_whole, path, jpeg)
        except OSError as error:
            raise disk.trouble(error, path) from error

    async def change_settings(self, changed: Settings) -> None:
        """For as long as the window is open."""
        self.settings = changed


async def _nobody(_base_url: str, _key: str, _on_limits: Callable[[Limits], None]) -> "ZenderaClient":
    raise StoreError("archive_readonly")
