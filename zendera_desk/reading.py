"""A desk over an archive: everything can be looked at, and nothing written or sent.

It is the desk of every day, on a database that takes no writes and without an engine, so that lists, find, boards, histories and
fields read as they always do. Nothing of the data folder is touched; what a person changes about the window is gone with it.
"""

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Self

from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.archives import ArchiveFacts
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.limits import Limits
from zendera_desk.engine.clock import SystemClock
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

    async def change_settings(self, changed: Settings) -> None:
        """For as long as the window is open."""
        self.settings = changed


async def _nobody(_base_url: str, _key: str, _on_limits: Callable[[Limits], None]) -> "ZenderaClient":
    raise StoreError("archive_readonly")
