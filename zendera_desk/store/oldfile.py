"""Reading a database that is damaged: every row that can still be read, whatever lies between them.

The file is opened read-only and left as it was found. Text that is none is read with marks in its place instead of being
refused, so that one flipped bit costs a letter and not a row.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_STEP: Final = 400
"""Rows that are read at once; of a part that cannot be, each half, down to the single row."""
_FALLBACK_TOP: Final = 1 << 20
"""Where not even the number of rows can be read."""
_PROBES: Final = 200
_BLIND: Final = 250
"""So many parts in a row of which not even the next row's number can be read, and the rest is given up."""


@contextlib.contextmanager
def opened(old: Path, new: sqlite3.Connection, workshop: Path) -> Iterator[sqlite3.Connection | None]:
    """The old file, read-only; or, where its head is damaged, a second copy of it with the head of a sound one."""
    if not old.is_file() or not old.stat().st_size:
        yield None
        return
    connection = _readable(old)
    if connection is None:
        connection = _readable(_with_sound_head(old, new, workshop))
    try:
        yield connection
    finally:
        if connection is not None:
            connection.close()


def _readable(path: Path) -> sqlite3.Connection | None:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5)
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda value: value.decode("utf-8", "replace")
    try:
        if (
            connection.execute("select count(*) from sqlite_master where name in ('shipment', 'shipment_version', 'entry')").fetchone()[0]
            == 3
        ):
            return connection
    except (sqlite3.Error, UnicodeDecodeError):  # see `store_error`
        pass
    connection.close()
    return None


def _with_sound_head(old: Path, new: sqlite3.Connection, workshop: Path) -> Path:
    """The first page says how to read the file and where each table begins. It is alike in all files of one schema."""
    sound = workshop / "head.sqlite3"
    sound.touch(mode=0o600)
    with contextlib.closing(sqlite3.connect(sound)) as made:
        new.backup(made)
    patched = workshop / "old.sqlite3"
    for part in ("", "-wal"):
        if (source := old.with_name(old.name + part)).is_file():
            (workshop / f"old.sqlite3{part}").touch(mode=0o600)
            shutil.copyfile(source, workshop / f"old.sqlite3{part}")
    with sound.open("rb") as head, patched.open("rb+") as file:
        file.write(head.read(new.execute("pragma page_size").fetchone()[0]))
        file.seek(92)  # "version-valid-for" does not fit, so SQLite takes the number of pages from the file's size
        file.write(bytes(4))
    return patched


class Reader:
    """Every row of a table that can be read, whatever lies between them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.unread = 0

    def columns(self, table: str) -> set[str]:
        try:
            return {row["name"] for row in self._connection.execute(f"pragma table_info({table})")}
        except sqlite3.Error:
            return set()

    def rows(self, table: str, columns: list[str]) -> Iterator[sqlite3.Row]:
        if not columns:
            return
        statement = f"select {', '.join(columns)} from {table} where rowid between ? and ? order by rowid"
        top = self._top(table)
        if top and self._is_lost(statement, top):
            self.unread += 1
            return
        low = 1
        while low <= top:
            yield from self._part(statement, low, min(low + _STEP - 1, top))
            low = self._next(table, low + _STEP, top)

    def _next(self, table: str, place: int, top: int) -> int:
        """Where to read on. A damaged number may lie beyond everything: to try all before it would take for ever."""
        statement = f"select rowid from {table} where rowid >= ? order by rowid limit 1"
        for low in range(place, min(place + _BLIND * _STEP, top + 1), _STEP):
            with contextlib.suppress(sqlite3.Error):
                row = self._connection.execute(statement, (low,)).fetchone()
                return top + 1 if row is None else int(row[0])
        self.unread += place <= top
        return top + 1

    def _is_lost(self, statement: str, top: int) -> bool:
        """Whether its first page is: then it leads to no row, and to try each of a million would take minutes."""
        return not any(self._can_be_read(statement, place) for place in range(1, top + 1, max(1, top // _PROBES)))

    def _can_be_read(self, statement: str, place: int) -> bool:
        try:
            self._connection.execute(statement, (place, place)).fetchall()
        except sqlite3.Error:
            return False
        return True

    def _part(self, statement: str, low: int, high: int) -> Iterator[sqlite3.Row]:
        try:
            found = self._connection.execute(statement, (low, high)).fetchall()
        except sqlite3.Error:
            if low == high:
                self.unread += 1
                return
            middle = (low + high) // 2
            yield from self._part(statement, low, middle)
            yield from self._part(statement, middle + 1, high)
        else:
            yield from found

    def _top(self, table: str) -> int:
        for statement in (f"select max(rowid) from {table}", f"select seq from sqlite_sequence where name = '{table}'"):
            with contextlib.suppress(sqlite3.Error, TypeError):
                return int(self._connection.execute(statement).fetchone()[0] or 0)
        return _FALLBACK_TOP

    def value(self, statement: str) -> int:
        with contextlib.suppress(sqlite3.Error, TypeError, ValueError):
            return int(self._connection.execute(statement).fetchone()[0])
        return 0

    def words(self, shipment_row: int) -> str:
        """What a person may look for, as the old file has it."""
        with contextlib.suppress(sqlite3.Error, TypeError):
            return str(self._connection.execute("select words from search_words where id = ?", (shipment_row,)).fetchone()[0])
        return ""
