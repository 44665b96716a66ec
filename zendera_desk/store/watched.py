"""What was seen in the folder that is watched for an account, so that no file is taken in twice, and none that was there before.

Kept by hashes of names alone: it is remembered for years, and must say nothing about anybody.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from zendera_desk.domain.ids import AccountId
from zendera_desk.store.database import to_ms

REMEMBERED: Final = timedelta(days=400)
"""After a file was seen last. A share that is not there for a summer comes back with the same files in it."""
DAY: Final = timedelta(days=1)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it lies in a folder."""

    name: str
    size: int
    changed_at: int
    """Nanoseconds, as its file system says."""
    sha256: str = ""
    """Of its bytes, once they were read."""


def is_chosen(conn: sqlite3.Connection, account: AccountId, folder: str) -> bool:
    """Whether it is noted what was in this folder when it was chosen."""
    return conn.execute("select 1 from watched_folder where account = ? and folder = ?", (account, _hash(folder))).fetchone() is not None


def is_watching(conn: sqlite3.Connection, account: AccountId) -> bool:
    return conn.execute("select 1 from watched_folder where account = ?", (account,)).fetchone() is not None


def choose(conn: sqlite3.Connection, account: AccountId, folder: str, there: Iterable[Seen], now: datetime) -> None:
    """From now on this one is watched: what is `there` already is not taken in. What was seen in another one is forgotten."""
    leave(conn, account)
    conn.execute("insert into watched_folder (account, folder, since) values (?, ?, ?)", (account, _hash(folder), to_ms(now)))
    for file in there:
        remember(conn, account, file, now)


def leave(conn: sqlite3.Connection, account: AccountId) -> None:
    conn.execute("delete from watched_file where account = ?", (account,))
    conn.execute("delete from watched_folder where account = ?", (account,))


def remember(conn: sqlite3.Connection, account: AccountId, file: Seen, now: datetime) -> None:
    conn.execute(
        """insert into watched_file (account, file, size, changed_at, sha256, seen_at) values (?, ?, ?, ?, ?, ?)
        on conflict (account, file) do update set size = excluded.size, changed_at = excluded.changed_at, sha256 = excluded.sha256,
            seen_at = excluded.seen_at""",
        (account, _hash(file.name), file.size, file.changed_at, file.sha256, to_ms(now)),
    )


def new_among(conn: sqlite3.Connection, account: AccountId, files: Iterable[Seen]) -> list[Seen]:
    """Those that are not remembered as they are now."""
    known = "select 1 from watched_file where account = ? and file = ? and size = ? and changed_at = ?"
    return [file for file in files if conn.execute(known, (account, _hash(file.name), file.size, file.changed_at)).fetchone() is None]


def has_bytes(conn: sqlite3.Connection, account: AccountId, sha256: str) -> bool:
    """A file with these bytes was taken in, whatever it was called."""
    return conn.execute("select 1 from watched_file where account = ? and sha256 = ?", (account, sha256)).fetchone() is not None


def taken_since(conn: sqlite3.Connection, account: AccountId, since: datetime) -> int:
    """How many files of the folder were taken in: they lie in a stack that came since, and their bytes are remembered from here."""
    row = conn.execute(
        """select count(*) from stack_file f join stack s on s.id = f.stack where s.account = ? and s.arrived_at >= ? and exists (
            select 1 from watched_file where account = s.account and sha256 = f.source)""",
        (account, to_ms(since)),
    )
    return int(row.fetchone()[0])


def note_there(conn: sqlite3.Connection, account: AccountId, files: Iterable[Seen], now: datetime) -> None:
    """To be called once a day: what is still there is remembered on, what has long been gone no more."""
    conn.executemany(
        "update watched_file set seen_at = ? where account = ? and file = ?", [(to_ms(now), account, _hash(file.name)) for file in files]
    )
    conn.execute("delete from watched_file where account = ? and seen_at < ?", (account, to_ms(now - REMEMBERED)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
