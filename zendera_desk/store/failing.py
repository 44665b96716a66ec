"""What SQLite's errors mean to a person: which of them are the machine's trouble, and which the program's own faults."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk.disk import why_refused
from zendera_desk.domain.errors import StoreError

_FULL: Final = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_TOOBIG}
_ROOM: Final = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN}
"""Behind these may be a disk without room, or a quota: SQLite takes only a write's own ENOSPC for that."""
_WRONG_TYPE: Final = 3091
"""SQLITE_CONSTRAINT_DATATYPE: a value is not of its column's type. What this program writes is, so the row was not written like that."""
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_NO_TEXT: Final = "Could not decode to UTF-8"
"""How Python's own error begins when a text of the file is none. It goes on with the text, which belongs in no log."""


def store_error(error: sqlite3.Error | UnicodeDecodeError, path: Path | None = None) -> StoreError:
    """What SQLite's error means to a person. Its words about a damaged schema may hold what is damaged, and be no text.

    With the `path` of the database it is told apart why a file could not be made: a full disk is no folder without permission.
    """
    code = getattr(error, "sqlite_errorcode", 0)
    primary = code & 0xFF
    if primary in _FULL:
        return StoreError("disk_full")
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreError("locked")
    no_text = isinstance(error, UnicodeDecodeError) or str(error).startswith(_NO_TEXT)
    if no_text or primary in _DAMAGED or code == _WRONG_TYPE:
        return StoreError("damaged", words="a text that is none" if no_text else str(error))
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        return StoreError("readonly", words=str(error))
    said = StoreError("io", words=str(error))
    if path is not None and (primary == sqlite3.SQLITE_CANTOPEN or code in _ROOM):
        why = why_refused(path)
        return why if primary == sqlite3.SQLITE_CANTOPEN or why.code == "disk_full" else said
    return said


_UNREADABLE: Final = (ValueError, TypeError, ArithmeticError, LookupError, msgspec.MsgspecError)
"""What a value that none of ours is makes of reading it."""


@contextlib.contextmanager
def readable(what: str) -> Iterator[None]:
    """Around the reading of stored rows: a value that none of ours is was not written like that. Raises StoreError("damaged") then."""
    try:
        yield
    except _UNREADABLE as error:
        raise StoreError("damaged", words=f"{what}: {error}") from error


@contextlib.contextmanager
def translated(found: Callable[[StoreError], None] = lambda _error: None, path: Path | None = None) -> Iterator[None]:
    """Makes SQLite's errors ours, about the database at `path`.

    `found` hears of each, and of those that were ours already, before it is raised.
    """
    try:
        yield
    except StoreError as error:
        found(error)
        raise
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorcode != _WRONG_TYPE:
            raise  # one of our own rules was about to be broken: a fault of ours, not of the machine
        translated = store_error(error, path)
        found(translated)
        raise translated from error
