"""Archives: files with old shipments that were taken out of the database, to be opened read-only."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.report import Picture


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """One in the folder of archives, by its name alone. Nothing in it is younger than `until`."""

    path: Path
    until: datetime
    made_at: datetime
    size: int


class ArchiveFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive says of itself."""

    made_at: datetime
    until: datetime
    made_by: str = ""
    desk: str = ""
    shipments: int = 0


class WouldGo(msgspec.Struct, frozen=True, kw_only=True):
    """What would go into an archive, before one is made."""

    shipments: int = 0
    oldest: datetime | None = None
    """When the first of them came."""
    size: int = 0
    """Bytes that the file takes, about."""


class SentPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, and the report that it went with."""

    picture: Picture
    entry: Entry


class ArchiveLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the page about archives. `code`: why it cannot be opened; "" when it can."""

    archive: Archive
    shipments: int | None = None
    code: str = ""


class Stage(StrEnum):
    """What is being done, in this order."""

    COPYING = "copying"
    CHECKING = "checking"
    TAKING_OUT = "taking_out"
    GIVING_BACK = "giving_back"


class ArchiveProgress(msgspec.Struct, frozen=True, kw_only=True):
    """`done` of `of` shipments; of nothing where nobody can tell."""

    stage: Stage
    done: int = 0
    of: int = 0


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `archive` None: there was nothing to take out, or a person cancelled before anything was."""

    archive: Archive | None = None
    shipments: int = 0
    cancelled: bool = False
