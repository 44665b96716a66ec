"""Pictures: content-addressed files beside the database, on disk before any row names them.

The original is kept untouched under its hash; the upright JPEG that is sent is made once and stands beside it.
"""

import sqlite3
from datetime import datetime
from pathlib import Path

from zendera_desk.disk import sync_folder, trouble, write_whole
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
            sync_folder(place.parent)
            sync_folder(folder)
        for name, content in ((f"{picture}.original", original), (f"{picture}.jpg", prepared)):
            if not (place / name).exists():
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
        "insert into picture (id, name, width, height, size, added_at) values (?, ?, ?, ?, ?, ?) on conflict (id) do nothing",
        (picture.id, picture.name, picture.width, picture.height, picture.size, to_ms(now)),
    )


def _place(folder: Path, picture: PictureId) -> Path:
    return folder / "pictures" / picture[:2]
