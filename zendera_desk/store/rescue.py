"""Another database takes the place of the present one: of a damaged one by itself, of a sound one by a person's wish.

In a folder beside it a new database is put together: a copy of the newest good copy (or of the one that was chosen, or an
empty one), and into it what can be read from the old file and the copy lacks (salvage.py). It is marked as doubtful, so
that every open entry is asked about before anything is sent. Until it is whole and on disk nothing of the present file
is touched. Then a plan is written down, the old file and what belongs to it are moved aside and kept, and the new one is
renamed into its place; a death in between is carried on from the plan by the next start.
"""

import contextlib
import os
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk.disk import sync_folder, trouble, write_whole
from zendera_desk.domain.copies import Doubt, Notice
from zendera_desk.domain.errors import StoreError
from zendera_desk.store import backups, beside, care, database, migrating, salvage
from zendera_desk.store.bringing import Saved
from zendera_desk.store.database import FILE_NAME, maybe_from_ms, transaction
from zendera_desk.store.failing import store_error
from zendera_desk.store.places import PLAN, WORKSHOP, free_name

_PARTS: Final = ("", "-wal", "-shm", "-journal")
_NOTE: Final = "moved-aside.json"


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Kept in the folder that the old file is moved to, as a note of when and why."""

    aside: str
    at: datetime
    doubt: Doubt


def mend(folder: Path, doubt: Doubt, now: datetime) -> None:
    """Puts the newest good copy, or an empty database, in the place of one that is damaged or gone. Raises StoreError."""
    _replace(folder, _newest_sound(folder), doubt, now)


def go_back(folder: Path, copy: Path, now: datetime) -> None:
    """Puts this copy in the place of the present database, which nobody may have open. Raises StoreError, copy_damaged too.

    What Zendera knows of is brought along: shipments, the feed, and what has left or may have. Drafts and what was still
    waiting stay in the file that is moved aside.
    """
    if not _is_sound(copy):
        raise StoreError("copy_damaged", path=str(copy))
    _replace(folder, copy, Doubt.WENT_BACK, now)


def start_afresh(folder: Path, now: datetime) -> None:
    """Moves aside whatever lies in the database's place and is none of ours, and begins with the newest good copy. Raises StoreError."""
    _replace(folder, _newest_sound(folder), Doubt.MISSING, now)


def place(folder: Path) -> None:
    """Carries out the plan, from wherever it was left. Raises StoreError."""
    try:
        plan = msgspec.json.decode((folder / PLAN).read_bytes(), type=_Plan)
        new, aside = folder / WORKSHOP / FILE_NAME, folder / plan.aside
        if new.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            for part in _PARTS:
                _move(folder / f"{FILE_NAME}{part}", aside)
            sync_folder(aside)
            new.replace(folder / FILE_NAME)
            sync_folder(folder)
        (folder / PLAN).replace(aside / _NOTE)
        sync_folder(folder)
        shutil.rmtree(folder / WORKSHOP, ignore_errors=True)
    except OSError as error:
        raise trouble(error, folder) from error
    except msgspec.DecodeError as error:
        raise StoreError("io", path=str(folder / PLAN)) from error


def _replace(folder: Path, copy: Path | None, doubt: Doubt, now: datetime) -> None:
    try:
        _build(folder, copy, doubt, now)
    except OSError as error:
        raise trouble(error, folder) from error
    except sqlite3.Error as error:
        raise store_error(error, folder / FILE_NAME) from error
    finally:
        if not (folder / PLAN).exists():
            shutil.rmtree(folder / WORKSHOP, ignore_errors=True)
    place(folder)


def _build(folder: Path, copy: Path | None, doubt: Doubt, now: datetime) -> None:
    """The new database, whole and on disk, and then the plan."""
    workshop = folder / WORKSHOP
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir(mode=0o700)
    new = workshop / FILE_NAME
    if copy is not None:
        new.touch(mode=0o600)
        shutil.copyfile(copy, new)
    prefix = "replaced-" if doubt is Doubt.WENT_BACK else "damaged-"
    aside = free_name(folder, prefix, f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    with contextlib.closing(database.open_writer(new)) as connection:
        saved = salvage.bring_over(folder / FILE_NAME, connection, workshop, only_what_left=doubt is Doubt.WENT_BACK)
        with transaction(connection):
            _mark(connection, folder, saved, Notice(at=now, doubt=doubt, aside=aside), is_copy=copy is not None)
        care.check(connection, new.stat().st_size)
        # Closing does this too, and says nothing where it cannot: then the file would go without what is in its log.
        in_use, *_ = connection.execute("pragma wal_checkpoint (truncate)").fetchone()
    if in_use or ((log := new.with_name(f"{new.name}-wal")).exists() and log.stat().st_size):
        raise StoreError("io", words="the new file does not come out of its log")
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    sync_folder(workshop)
    write_whole(workshop / PLAN, msgspec.json.encode(_Plan(aside=aside, at=now, doubt=doubt)))
    (workshop / PLAN).replace(folder / PLAN)
    sync_folder(folder)


def _mark(connection: sqlite3.Connection, folder: Path, saved: Saved, notice: Notice, *, is_copy: bool) -> None:
    """It is doubtful, and newer than every copy and every file that there was."""
    row = connection.execute("select generation, copied_at from care").fetchone()
    known = beside.read(folder)
    generation = max(
        row["generation"], saved.generation, known.generation if known else 0, *(each.generation for each in backups.copies(folder))
    )
    told = msgspec.structs.replace(
        notice, copy_at=maybe_from_ms(row["copied_at"]) if is_copy else None, saved=saved.counts, unread=saved.unread
    )
    connection.execute(
        "update care set generation = ?, file_number = '', copied_at = null, doubt = ?",
        (generation + 1, msgspec.json.encode(told).decode()),
    )


def _move(path: Path, aside: Path) -> None:
    """What is kept is never overwritten."""
    if not os.path.lexists(path):
        return
    names = (path.name, *(f"{path.name}.{number}" for number in range(2, 100)))
    path.rename(next(aside / name for name in names if not os.path.lexists(aside / name)))


def _newest_sound(folder: Path) -> Path | None:
    return next((copy.path for copy in backups.copies(folder) if _is_sound(copy.path)), None)


def _is_sound(copy: Path) -> bool:
    try:
        with contextlib.closing(backups.open_copy(copy)) as connection:
            migrating.version_of(connection)
            care.check(connection, copy.stat().st_size)
            connection.execute("select generation from care").fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError, StoreError, OSError, TypeError):
        return False
    return True
