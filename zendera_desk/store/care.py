"""What is looked at before the program works with the database, and what it is told about the file.

A file that was not closed properly is checked first; one that is damaged, gone or empty is mended (rescue.py); one that is
an older copy is recognised. In each of these cases the database may say less than Zendera knows, so the file is marked as
doubtful in the transaction that finds it, and `afresh.recover` makes every open entry unclear before anything is sent.

An older copy is recognised by three marks: each copy that this program makes says that it is one; the generation, counted
up with every opening and closing, is lower than the one in the file beside the database; and the file's number in its
file system is not the one it had. What cannot be seen: a copy that somebody else made while the program was open, written
over the file byte by byte (so that its number stays) after the program was killed in that same run, or together with the
file beside it.
"""

import logging
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk.domain.copies import Doubt, Notice
from zendera_desk.domain.errors import StoreError
from zendera_desk.store import backups, beside, board, database, entries, log, migrating, places, schema, search
from zendera_desk.store.beside import Beside
from zendera_desk.store.database import FILE_NAME, maybe_from_ms, to_ms, transaction
from zendera_desk.store.failing import store_error, translated

QUICK_ABOVE: Final = 512 * 2**20
"""Bytes. Of a larger file the check leaves out whether the indexes fit their tables: that takes most of its time, and a wrong
index costs a row in a list, not one that is sent (each send looks its entry up by its number and checks its hash)."""

_OURS: Final = frozenset({"care", "account", "shipment", "entry", "attempt", "draft"})
_MENDED: Final = {"damaged": Doubt.DAMAGED, "missing": Doubt.MISSING}
_log = logging.getLogger(__name__)


def open_writer(folder: Path, now: datetime) -> sqlite3.Connection:
    """Opens the folder's database for writing, mends it first where it must be. Raises StoreError; see `Database.open`."""
    database.make_ready(folder)
    _tidy(folder)
    try:
        return _open_looked_at(folder, now)
    except StoreError as error:
        if error.code not in _MENDED:
            raise
        _log.error("the database is %s (%s): it is mended", error.code, error)
        from zendera_desk.store import rescue  # noqa: PLC0415 (hardly ever)

        rescue.mend(folder, _MENDED[error.code], now)
        return _open_looked_at(folder, now)


def count_up(conn: sqlite3.Connection, path: Path) -> int:
    """In the first transaction of a run that changes something, and in the last: from now on every older file is told from this one."""
    row = conn.execute("update care set generation = generation + 1, file_number = ? returning generation", (number_of(path),)).fetchone()
    return int(row[0])


def note(folder: Path, generation: int, *, opened: bool) -> None:
    """Beside the database. What cannot be noted costs a check at the next start."""
    try:
        beside.write(folder, Beside(generation=generation, open=opened), durable=not opened)
    except OSError as error:
        _log.info("it was not noted that the database is %s: %s", "open" if opened else "closed", error.strerror)


def close_writer(connection: sqlite3.Connection, path: Path, *, changed: bool) -> None:
    """Closes, and notes that it was closed."""
    try:
        with transaction(connection):
            row = connection.execute("select generation from care").fetchone()
            generation = count_up(connection, path) if changed else int(row[0])
    except sqlite3.Error as error:
        _log.info("the closing was not noted: %s", store_error(error))
        connection.close()
        return
    connection.close()
    note(path.parent, generation, opened=False)


def doubt(conn: sqlite3.Connection) -> Notice | None:
    """Why this file may say less than Zendera knows, while nobody has asked yet."""
    text = conn.execute("select doubt from care").fetchone()[0]
    return msgspec.json.decode(text, type=Notice) if text else None


def resolve(conn: sqlite3.Connection, found: Notice, asked: int) -> None:
    """Every open entry is asked about now, and the person is told. A file that was only moved, with nothing open, is no news."""
    conn.execute("update care set doubt = ''")
    if asked or found.doubt is not Doubt.MOVED:
        told = msgspec.structs.replace(found, asked=asked)
        conn.execute("insert into notice (at, content) values (?, ?)", (to_ms(told.at), msgspec.json.encode(told).decode()))


def notices(conn: sqlite3.Connection) -> list[Notice]:
    """What a person has not seen yet, the oldest first."""
    rows = conn.execute("select id, content from notice where seen_at is null order by id")
    return [msgspec.structs.replace(msgspec.json.decode(row["content"], type=Notice), id=row["id"]) for row in rows]


def newest_notice(conn: sqlite3.Connection) -> datetime | None:
    """When another file took the database's place for the last time."""
    return maybe_from_ms(conn.execute("select max(at) from notice").fetchone()[0])


def seen(conn: sqlite3.Connection, notice: int, now: datetime) -> None:
    conn.execute("update notice set seen_at = ? where id = ? and seen_at is null", (to_ms(now), notice))


def check(connection: sqlite3.Connection, size: int) -> None:
    """Raises StoreError("damaged") with what SQLite found first."""
    try:
        found = connection.execute("pragma quick_check(1)" if size > QUICK_ABOVE else "pragma integrity_check(1)").fetchone()[0]
        if found == "ok" and (row := connection.execute("pragma foreign_key_check").fetchone()) is not None:
            found = f"a row of {row[0]} belongs to none of {row[2]}"
    except sqlite3.Error as error:
        raise store_error(error) from error
    if found != "ok":
        raise StoreError("damaged", words=found)


def number_of(path: Path) -> str:
    """The file's number in its file system: another file at the same place has another one. "" where there are none."""
    try:
        return str(path.stat().st_ino or "")
    except OSError:  # somebody took it away while the program works with it
        return ""


def _tidy(folder: Path) -> None:
    """Ends what a death in the middle of mending left behind. Two looks at the folder, on an ordinary start."""
    if (folder / places.PLAN).exists():
        from zendera_desk.store import rescue  # noqa: PLC0415 (hardly ever)

        rescue.place(folder)
    if (folder / places.WORKSHOP).exists():
        shutil.rmtree(folder / places.WORKSHOP, ignore_errors=True)


def _open_looked_at(folder: Path, now: datetime) -> sqlite3.Connection:
    path = folder / FILE_NAME
    known = beside.read(folder)
    if path.exists() and not path.is_file():
        raise StoreError("not_a_file", path=str(path))
    size = path.stat().st_size if path.exists() else 0
    expected = known is not None or (not size and bool(backups.copies(folder)))
    if not size and expected:
        raise StoreError("missing")
    cut_short: list[bool] = []

    def look(opened: sqlite3.Connection) -> None:
        _look(opened, known, size, expected=expected)
        cut_short.append(log.is_cut_short(opened, path))  # before anything is written behind what SQLite has read of it

    connection = database.open_writer(path, look)
    try:
        _recognise(connection, path, known or Beside(open=False), now, cut_short=any(cut_short))
    except BaseException:
        connection.close()
        raise
    return connection


def _look(connection: sqlite3.Connection, known: Beside | None, size: int, *, expected: bool) -> None:
    """Nothing of the file is changed before this is through."""
    names = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
    if not names:
        if expected:
            raise StoreError("missing")
        return
    if not names & _OURS:
        raise StoreError("foreign")
    try:
        noted = connection.execute("select version from care").fetchone() if "care" in names else None
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_ERROR:  # the table has no such column any more
            raise StoreError("damaged", words="its schema") from error
        raise
    stamped = connection.execute("pragma user_version").fetchone()[0]
    if "archive" in names and connection.execute("select 1 from archive").fetchone() is not None:
        raise StoreError("foreign")  # an archive is opened read-only, by itself (store/archives.py), and never worked with
    if noted is None or noted[0] != stamped:
        raise StoreError("damaged", words="its version is said in two ways")
    if migrating.version_of(connection) == migrating.newest() and not schema.is_ours(connection):
        raise StoreError("damaged", words="its schema")
    if known is None or known.open:
        check(connection, size)
    if known is not None and known.damaged:
        _read_everything(connection, names)


def _read_everything(connection: sqlite3.Connection, names: set[str]) -> None:
    """Every value of every row, after the program has met one that cannot be read: no check of SQLite's looks at the values."""
    try:
        for name in sorted(names):
            for _row in connection.execute(f'select * from "{name}"'):
                pass
        for row in connection.execute(f"select {entries.COLUMNS} from entry"):
            entries.to_entry(row)
        if {"feed_change", "acknowledgement"} <= names and (found := board.unreadable(connection)):
            raise StoreError("damaged", words=f"row {found[0][1]} of {found[0][0]}")
        if "search_index_data" in names:
            _look_at_index(connection)
    except sqlite3.Error as error:
        raise store_error(error) from error


def _look_at_index(connection: sqlite3.Connection) -> None:
    """SQLite's check does not look into FTS5's tables; FTS5 does it itself."""
    try:
        connection.execute("insert into search_index (search_index) values ('integrity-check')")
    except sqlite3.DatabaseError:
        _log.warning("the search index is made anew")
        with transaction(connection):
            search.rebuild(connection)


def _recognise(connection: sqlite3.Connection, path: Path, known: Beside, now: datetime, *, cut_short: bool) -> None:
    """Marks the file as doubtful where it is an older one, or lacks what was written last. Else nothing is written into it before
    somebody wants something."""
    row = connection.execute("select generation, file_number, copied_at, doubt from care").fetchone()
    number = number_of(path)
    found: Doubt | None = None
    if row["copied_at"] is not None or row["generation"] < known.generation:
        found = Doubt.PUT_BACK
    elif cut_short:
        found = Doubt.CUT_SHORT
    elif row["file_number"] and number and row["file_number"] != number:
        found = Doubt.MOVED
    generation = row["generation"]
    if found is not None:
        _log.warning("the database is not the one that was written last: %s", found)
        said = Notice(at=now, doubt=found, copy_at=maybe_from_ms(row["copied_at"]))
        with translated(path=path), transaction(connection):
            generation = max(generation, known.generation) + 1
            connection.execute(
                "update care set generation = ?, file_number = ?, copied_at = null, doubt = ?",
                (generation, number, row["doubt"] or msgspec.json.encode(said).decode()),
            )
    note(path.parent, generation, opened=True)
