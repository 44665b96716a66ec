"""Pictures: content-addressed files beside the database, on disk before any row names them.

The original is kept untouched under its hash; the upright JPEG that is sent is made once and stands beside it.
"""

import contextlib
import errno
import os
import sqlite3
import tempfile
from datetime import datetime
from pathlib import Path

from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.report import Picture
from zendera_desk.store.database import to_ms


def put_files(folder: Path, picture: PictureId, original: bytes, prepared: bytes) -> None:
    """Writes both files and waits until they are on disk. A picture that is there already is left as it is.

    Runs in a thread. Raises StoreError: disk_full, readonly, io.
    """
    place = _place(folder, picture)
    try:
        if not place.is_dir():
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            _sync_folder(place.parent)
            _sync_folder(folder)
        for name, content in ((f"{picture}.original", original), (f"{picture}.jpg", prepared)):
            if not (place / name).exists():
                _write_durably(place / name, content)
    except OSError as error:
        raise StoreError("disk_full" if error.errno == errno.ENOSPC else "io", words=error.strerror or "") from error


def prepared(folder: Path, picture: PictureId) -> bytes:
    """The JPEG that is sent. Raises StoreError("io") when the file is gone."""
    try:
        return (_place(folder, picture) / f"{picture}.jpg").read_bytes()
    except OSError as error:
        raise StoreError("io", words=error.strerror or "") from error


def put(conn: sqlite3.Connection, picture: Picture, now: datetime) -> None:
    conn.execute(
        "insert into picture (id, name, width, height, size, added_at) values (?, ?, ?, ?, ?, ?) on conflict (id) do nothing",
        (picture.id, picture.name, picture.width, picture.height, picture.size, to_ms(now)),
    )


def _place(folder: Path, picture: PictureId) -> Path:
    return folder / "pictures" / picture[:2]


def _write_durably(path: Path, content: bytes) -> None:
    """A new file that is there in full or not at all, also after a power cut."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Makes the new name durable where the system knows that; Windows writes it through by itself."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
