"""Copies of the database, and what the desk has to say about the file it works with."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec


class CopyKind(StrEnum):
    """What a copy was made for."""

    HOURLY = "hourly"
    BY_HAND = "by_hand"
    BEFORE_UPDATE = "before_update"
    """Before a newer program changed the file's form."""


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A whole, checked copy of the database. `generation` grows with every start: it orders copies where the clock was set back."""

    path: Path
    at: datetime
    kind: CopyKind
    generation: int
    size: int


class CopyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the page about copies. The counts are None where the copy cannot be read, or was made by a newer program."""

    copy: Copy
    shipments: int | None = None
    open_entries: int | None = None


class CopyState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether copies are being made. `code` says why the last try failed: one of StoreError's; "" when it did not."""

    made_at: datetime | None = None
    """When the newest copy was made."""
    next_at: datetime | None = None
    """When the next one is made, should anything have changed by then."""
    failed_at: datetime | None = None
    code: str = ""


class Doubt(StrEnum):
    """Why the database may say less than Zendera knows. Every open entry is asked about before anything is sent."""

    DAMAGED = "damaged"
    """The file was damaged: the newest good copy took its place, with all that could still be read from the damaged file."""
    MISSING = "missing"
    """The file was gone, or empty: the newest good copy took its place."""
    WENT_BACK = "went_back"
    """A person went back to a copy."""
    PUT_BACK = "put_back"
    """Somebody put an older file in the place of the one that this program wrote last."""
    CUT_SHORT = "cut_short"
    """The program was killed, and the end of the log cannot be read: what was done last may be missing."""
    MOVED = "moved"
    """The file is a copy of the one that this program wrote last: moved to another disk, or put back by a backup program."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a person must be told about the file, until they have seen it."""

    id: int = 0
    at: datetime
    doubt: Doubt
    copy_at: datetime | None = None
    """From when the copy is that took the file's place; None: there was none, an empty database did."""
    aside: str = ""
    """The folder, inside the data folder, where the old file is kept."""
    saved: dict[str, int] = {}
    """How many rows were brought over from the old file beside what the copy had: shipments, entries, drafts, feed."""
    unread: int = 0
    """How many rows of the old file could not be read."""
    asked: int = 0
    """How many entries Zendera is asked about."""
