"""The files with old shipments: which there are, and opening one to read in.

An archive is a database with the schema of the desk's own and a mark (the table `archive`), without a WAL beside it. It is read as
a file that nobody writes. They all lie in one folder of the data folder, because retention goes through them as it goes through
the copies (purged_copies.py): what has to go from the database after so many days has to go from here too. Pictures are in the
file, as they were sent, so that they go with it; the files that came in are not kept.

Everything here blocks, and runs in a thread of its own.
"""

import contextlib
import os
import re
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from zendera_desk.disk import sync_folder, trouble
from zendera_desk.domain.archives import Archive, ArchiveFacts, ArchiveLine, SentPicture
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, OrderId, PictureId
from zendera_desk.store import care, migrating, pictures, schema
from zendera_desk.store.database import from_ms
from zendera_desk.store.entries import COLUMNS, to_entry
from zendera_desk.store.failing import store_error
from zendera_desk.store.places import ARCHIVES

UNFINISHED: Final = ".new"
_NAME: Final = re.compile(r"archive-(?P<until>[0-9]{8}T[0-9]{6})Z-(?P<at>[0-9]{8}T[0-9]{9})Z\.sqlite3")
_STAMP: Final = "%Y%m%dT%H%M%S"


def archives(folder: Path) -> list[Archive]:
    """All of the data folder, the newest first. By their names alone: one that is damaged is here too."""
    place = folder / ARCHIVES
    if not place.is_dir():
        return []
    found = (named(path) for path in place.iterdir())
    return sorted((each for each in found if each is not None), key=lambda each: (each.made_at, each.until), reverse=True)


def lines(folder: Path) -> list[ArchiveLine]:
    """Each with how much is in it, as it can be told without looking all through it."""
    return [_line(archive) for archive in archives(folder)]


def look(path: Path) -> ArchiveFacts:
    """Looks all through the file before anybody reads in it.

    Raises StoreError: archive_gone, archive_foreign (it is none), archive_newer (of a later program), archive_older, archive_damaged.
    """
    if not path.is_file():
        raise StoreError("archive_gone", path=str(path))
    with contextlib.closing(opened(path)) as conn:
        return _looked(conn, path.stat().st_size)


def opened(path: Path) -> sqlite3.Connection:
    """Read-only, for any thread. Raises StoreError."""
    try:
        conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise StoreError("archive_gone", path=str(path)) from error
    conn.row_factory = sqlite3.Row
    conn.execute("pragma query_only = on")
    return conn


def new_name(folder: Path, until: datetime, now: datetime) -> str:
    """Of a file that is not there yet."""
    at = now.astimezone(UTC)
    while True:
        name = f"archive-{until.astimezone(UTC):{_STAMP}}Z-{at:{_STAMP}}{at.microsecond // 1000:03}Z.sqlite3"
        if not (folder / ARCHIVES / name).exists():
            return name
        at += timedelta(milliseconds=1)


def named(path: Path) -> Archive | None:
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        until = datetime.strptime(found["until"], _STAMP).replace(tzinfo=UTC)
        at = datetime.strptime(found["at"][:15], _STAMP).replace(tzinfo=UTC) + timedelta(milliseconds=int(found["at"][15:]))
        return Archive(path=path, until=until, made_at=at, size=path.stat().st_size)
    except (ValueError, OSError):
        return None


def is_empty(path: Path) -> bool:
    """Whether retention has left nothing in it that the database does not have as well: audit rows alone. Not of a damaged one."""
    try:
        with contextlib.closing(opened(path)) as conn:
            return not conn.execute("select exists (select 1 from shipment) + exists (select 1 from feed_change)").fetchone()[0]
    except (sqlite3.Error, StoreError):
        return False


def drop(path: Path) -> None:
    """Raises StoreError."""
    try:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)
    except OSError as error:
        raise trouble(error, path) from error


def sweep(folder: Path) -> None:
    """Whatever a death in the middle left half written."""
    for path in (folder / ARCHIVES).glob(f"*{UNFINISHED}*"):
        with contextlib.suppress(OSError):
            path.unlink()


# Pictures


def sent_pictures(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[SentPicture]:
    """All that went with its reports, the newest report first."""
    rows = conn.execute(
        f"""select {COLUMNS}, picture_id from entry join entry_picture on entry_id = entry.id
        where account = ? and order_id = ? order by entry.id desc, place""",
        (account, order_id),
    ).fetchall()
    found = ((pictures.origin(conn, PictureId(row["picture_id"])), row) for row in rows)
    return [SentPicture(picture=named[0], entry=to_entry(row)) for named, row in found if named is not None]


def picture_jpeg(conn: sqlite3.Connection, picture: PictureId) -> bytes:
    """As it was sent. Raises StoreError("picture_not_kept") where its file was gone before the archive was made."""
    row = conn.execute("select jpeg from archived_picture where picture_id = ?", (picture,)).fetchone()
    if row is None:
        raise StoreError("picture_not_kept")
    return bytes(row["jpeg"])


def laid_out(jpeg: bytes) -> Path:
    """As a file that only its owner reads: whoever decodes a picture opens files. To be deleted by who asked. Raises StoreError."""
    try:
        handle, name = tempfile.mkstemp(suffix=".jpg")
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(jpeg)
        except BaseException:
            path.unlink()
            raise
    except OSError as error:
        raise trouble(error, Path(tempfile.gettempdir())) from error
    return path


# Inside


def _line(archive: Archive) -> ArchiveLine:
    try:
        with contextlib.closing(opened(archive.path)) as conn:
            return ArchiveLine(archive=archive, shipments=facts(conn).shipments)
    except StoreError as error:
        return ArchiveLine(archive=archive, code=error.code)


def _looked(conn: sqlite3.Connection, size: int) -> ArchiveFacts:
    found = facts(conn)
    if not schema.is_ours(conn):
        raise StoreError("archive_damaged", words="its schema")
    try:
        care.check(conn, size)
    except StoreError as error:
        raise StoreError("archive_damaged", words=str(error)) from error
    return found


def facts(conn: sqlite3.Connection) -> ArchiveFacts:
    """Raises StoreError."""
    try:
        tables = {row[0] for row in conn.execute("select name from sqlite_master where type = 'table'")}
        if not {"care", "shipment", "entry"} <= tables:
            raise StoreError("archive_foreign")
        stamped, newest = conn.execute("pragma user_version").fetchone()[0], migrating.newest()
        if stamped != newest:
            raise StoreError("archive_newer" if stamped > newest else "archive_older")
        mark = conn.execute("select * from archive").fetchone()
        if mark is None:
            raise StoreError("archive_foreign")
        return ArchiveFacts(
            made_at=from_ms(mark["made_at"]),
            until=from_ms(mark["until"]),
            made_by=mark["made_by"],
            desk=mark["desk"],
            shipments=conn.execute("select count(*) from shipment").fetchone()[0],
        )
    except (sqlite3.Error, UnicodeDecodeError) as error:
        found = store_error(error)
        not_ours = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_NOTADB
        code = "archive_foreign" if not_ours else "archive_damaged" if found.code in {"damaged", "io"} else "archive_gone"
        raise StoreError(code, words=found.code) from error
