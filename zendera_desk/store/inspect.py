"""Looks at a database from outside, for `doctor`: read-only, whatever state it is in, also while the program is open."""

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from zendera_desk.store import archives, backups, beside, migrating
from zendera_desk.store.database import FILE_NAME
from zendera_desk.store.places import put_aside

COUNTED: Final = ("account", "shipment", "shipment_version", "set_aside", "draft", "entry", "attempt", "feed_change", "picture")


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """`trouble`: SQLite's words, where it could not be read."""

    path: Path
    exists: bool
    size: int = 0
    version: int = 0
    known_version: int = 0
    """The newest that this program understands."""
    sound: bool = False
    counts: tuple[tuple[str, int], ...] = ()
    """Rows by table; of the outbox by state too ("entry held")."""
    base_urls: tuple[str, ...] = ()
    trouble: str = ""
    closed: bool = True
    """The program came to its end the last time, or has never worked here."""
    copies: int = 0
    newest_copy: datetime | None = None
    copy_failed: tuple[datetime, str] | None = None
    archives: int = 0
    archived: int = 0
    """Bytes of all archives."""
    unfinished: str = ""
    """The archive whose shipments are still being taken out of the database."""
    put_aside: tuple[str, ...] = ()
    """Folders with files that were damaged, or that a person replaced by a copy."""


def sqlite_version() -> str:
    return sqlite3.sqlite_version


def has_full_text_search() -> bool:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("create virtual table words using fts5 (word)")
        except sqlite3.OperationalError:
            return False
        return True


def facts(folder: Path) -> Facts:
    """Nothing is written, and nothing of anybody's shipments is read but how many there are."""
    return msgspec.structs.replace(_of_database(folder), **_of_care(folder))


def _of_care(folder: Path) -> dict[str, Any]:
    every = backups.copies(folder)
    state = beside.read(folder)
    return {
        "closed": state is None or not state.open,
        "copies": len(every),
        "newest_copy": every[0].at if every else None,
        "copy_failed": backups.failure(folder),
        "archives": len(old := archives.archives(folder)),
        "archived": sum(each.size for each in old),
        "put_aside": tuple(path.name for path in put_aside(folder)),
    }


def _of_database(folder: Path) -> Facts:
    path = folder / FILE_NAME
    known = migrating.newest()
    if not path.is_file():
        return Facts(path=path, exists=False, known_version=known)
    size = path.stat().st_size
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            return Facts(
                path=path,
                exists=True,
                size=size,
                version=connection.execute("pragma user_version").fetchone()[0],
                known_version=known,
                sound=connection.execute("pragma quick_check(1)").fetchone()[0] == "ok",
                counts=_counts(connection),
                base_urls=_column(connection, "account", "base_url"),
                unfinished=next(iter(_column(connection, "archiving", "file")), ""),
            )
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return Facts(path=path, exists=True, size=size, known_version=known, trouble=str(error))


def _counts(connection: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
    counts = []
    for table in (name for name in COUNTED if _has(connection, name)):
        counts.append((table, connection.execute(f"select count(*) from {table}").fetchone()[0]))
        if table == "entry":
            by_state = connection.execute("select state, count(*) from entry group by state order by state").fetchall()
            counts += [(f"entry {state}", count) for state, count in by_state]
    return tuple(counts)


def _column(connection: sqlite3.Connection, table: str, column: str) -> tuple[str, ...]:
    if not _has(connection, table):
        return ()
    return tuple(value for (value,) in connection.execute(f"select distinct {column} from {table}"))


def _has(connection: sqlite3.Connection, table: str) -> bool:
    """A database of an older or newer program may lack a table."""
    return connection.execute("select 1 from sqlite_master where type = 'table' and name = ?", (table,)).fetchone() is not None
