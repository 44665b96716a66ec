"""Pictures: content-addressed files beside the database, on disk before any row names them.

The original is kept untouched under its hash; the upright JPEG that is sent is made once and stands beside it.

What no draft and no entry names any more goes: first its row (`forget_unnamed`), then the files without a row (`sweep`). Whatever
ends the program between any two of these steps leaves files that the next sweep finds, and never a row whose files are gone.
"""

import contextlib
import logging
import os
import sqlite3
import threading
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk.disk import sync_folder, trouble, write_whole
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.report import Picture
from zendera_desk.store.database import to_ms

GRACE: Final = timedelta(days=1)
"""So long a picture may be named by nothing: it is in a form that is not saved yet, or in an undo that may bring it back."""

_files = threading.Lock()
"""A file is either taken in or swept: one that is found to be old must not be asked for a moment before it goes."""

_log = logging.getLogger(__name__)


def put_files(folder: Path, picture: PictureId, original: bytes, prepared: bytes) -> None:
    """Writes both files and waits until they are on disk. A picture that is there already is left as it is, and counts as new.

    Runs in a thread. Raises StoreError: disk_full, readonly, io.
    """
    place = _place(folder, picture)
    try:
        if not place.is_dir():
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(place.parent)
            sync_folder(folder)
        for name, content in ((f"{picture}.original", original), (f"{picture}.jpg", prepared)):
            if not _renewed(place / name):
                write_whole(place / name, content)
    except OSError as error:
        raise trouble(error, place) from error


def prepared(folder: Path, picture: PictureId) -> bytes:
    """The JPEG that is sent. Raises StoreError("io") when the file is gone."""
    try:
        return (_place(folder, picture) / f"{picture}.jpg").read_bytes()
    except OSError as error:
        raise StoreError("io", words=error.strerror or "") from error


def put(conn: sqlite3.Connection, picture: Picture, now: datetime) -> None:
    conn.execute(
        """insert into picture (id, name, width, height, size, added_at) values (?, ?, ?, ?, ?, ?)
        on conflict (id) do update set added_at = excluded.added_at""",
        (picture.id, picture.name, picture.width, picture.height, picture.size, to_ms(now)),
    )


# What nothing names


class _Named(msgspec.Struct):
    id: PictureId


class _Form(msgspec.Struct):
    """The part of a draft that says which pictures it has: read alone, so that an older program's drafts are understood too."""

    pictures: tuple[_Named, ...] = ()


_FORMS: Final = """select content form from draft
    union all select draft form from entry where draft is not null and state in ('held', 'due')"""
"""What is typed, and what may be typed on because it can be taken back. All other entries name theirs by rows."""


def forget_unnamed(conn: sqlite3.Connection, now: datetime, limit: int = 200) -> int:
    """Deletes rows of pictures that are older than `GRACE` and that no draft and no entry names. Returns how many."""
    typed = {picture.id for row in conn.execute(_FORMS) for picture in msgspec.json.decode(row["form"], type=_Form).pictures}
    unnamed = conn.execute(
        """select id from picture p where added_at <= ? and not exists (select 1 from entry_picture where picture_id = p.id)""",
        (to_ms(now - GRACE),),
    )
    going = [id_ for (id_,) in unnamed if id_ not in typed][:limit]
    conn.executemany("delete from picture where id = ?", [(id_,) for id_ in going])
    if going:
        conn.execute("update retention set owed = 1")
    return len(going)


def named(conn: sqlite3.Connection) -> frozenset[PictureId]:
    """All that have a row."""
    return frozenset(PictureId(row["id"]) for row in conn.execute("select id from picture"))


def sweep(folder: Path, kept: AbstractSet[PictureId], now: datetime) -> int:
    """Deletes files older than `GRACE` that belong to no picture in `kept`, halves of a write that never ended among them.

    Runs in a thread. `kept` is read before; what got its row since is young. A file that cannot be deleted now (Windows keeps
    open ones) goes the next time.
    """
    oldest = (now - GRACE).timestamp()
    return sum(_swept(file, oldest) for file in (folder / "pictures").glob("*/*") if file.name.split(".")[0] not in kept)


def _swept(file: Path, oldest: float) -> bool:
    try:
        with _files:
            if file.stat().st_mtime > oldest or not file.is_file():
                return False
            file.unlink()
    except OSError as error:
        _log.info("a picture that nothing names stays: %s", error.strerror)
        return False
    return True


def _renewed(file: Path) -> bool:
    """Whether it is there; from now on as if it had just been written."""
    with _files, contextlib.suppress(FileNotFoundError):
        os.utime(file)
        return True
    return False


def _place(folder: Path, picture: PictureId) -> Path:
    return folder / "pictures" / picture[:2]
