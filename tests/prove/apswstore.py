"""SQLite with a disk of our own below it: the store's functions run on a connection of apsw, which takes a VFS written in Python.

The adapter has just as much of `sqlite3.Connection` as the store uses, and its errors are sqlite3's. What is patched is how the
program opens its connections, nothing above it: schema, migrations, pragmas, transactions and functions are the program's own.
"""

import contextlib
import itertools
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self
from unittest import mock

import apsw

from zendera_desk.store import database

FILE: Final = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
_numbers = itertools.count()


class Row(tuple[Any, ...]):
    """Found by place or by name, as a `sqlite3.Row` is."""

    __slots__ = ()
    places: Mapping[str, int] = {}

    def __getitem__(self, key: Any) -> Any:  # noqa: ANN401
        return tuple.__getitem__(self, self.places[key] if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        return list(self.places)


@lru_cache(maxsize=500)
def _row_of(columns: tuple[str, ...]) -> type[Row]:
    return type("Row", (Row,), {"__slots__": (), "places": {name: place for place, name in reversed(list(enumerate(columns)))}})


class Cursor:
    """What a statement gave, whole: the store reads every answer to its end before it goes on."""

    def __init__(self, rows: list[Any], lastrowid: int, rowcount: int) -> None:
        self.lastrowid = lastrowid
        self.rowcount = rowcount
        self._rows = iter(rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def fetchone(self) -> Any:  # noqa: ANN401
        return next(self._rows, None)

    def fetchall(self) -> list[Any]:
        return list(self._rows)


class Connection:
    """`told` may put another statement in the place of one: how a wrong setting is made."""

    def __init__(self, uri: str, vfs: str, told: Callable[[str], str] = str) -> None:
        self._told = told
        with _sqlite3s_errors():
            self.apsw = apsw.Connection(uri, flags=FILE, vfs=vfs)
            self.apsw.set_busy_timeout(5000)

    @property
    def in_transaction(self) -> bool:
        return self.apsw.in_transaction

    def getlimit(self, category: int) -> int:
        return self.apsw.limit(category)

    @property
    def total_changes(self) -> int:
        return self.apsw.total_changes()

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Cursor:
        with _sqlite3s_errors():
            cursor = self.apsw.execute(self._told(statement), values or None)
            try:
                columns = tuple([column[0] for column in cursor.get_description()])
            except apsw.ExecutionCompleteError:
                rows = []
            else:
                rows = list(map(_row_of(columns), cursor))
        return Cursor(rows, self.apsw.last_insert_rowid(), self.apsw.changes())

    def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> None:
        with _sqlite3s_errors():
            self.apsw.executemany(self._told(statement), many).fetchall()

    def set_progress_handler(self, handler: Callable[[], bool] | None, steps: int) -> None:
        self.apsw.set_progress_handler(handler, steps)

    def backup(self, target: "Connection", *, pages: int = -1, progress: Any = None, sleep: float = 0.25) -> None:  # noqa: ANN401
        with _sqlite3s_errors():
            copying = target.apsw.backup("main", self.apsw, "main")
            try:
                while not copying.done:
                    copying.step(pages)
                    if progress is not None:
                        progress(sleep, copying.remaining, copying.page_count)
            finally:
                try:  # noqa: SIM105 (apsw leaves an error behind, which `suppress` would stumble over)
                    copying.close(True)
                except (apsw.Error, SystemError):
                    pass  # what was refused is said already

    def close(self) -> None:
        """What the last checkpoint meets is nobody's trouble: the log is read again at the next opening. apsw would raise it."""
        with contextlib.suppress(apsw.Error):
            self.apsw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


@contextlib.contextmanager
def _sqlite3s_errors() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        translated = _KINDS.get(type(error), sqlite3.OperationalError)(str(error))
        translated.sqlite_errorcode = getattr(error, "extendedresult", 0) or apsw.SQLITE_ERROR
        raise translated from error


_KINDS: Final[dict[type[apsw.Error], type[sqlite3.DatabaseError]]] = {
    apsw.ConstraintError: sqlite3.IntegrityError,
    apsw.CorruptError: sqlite3.DatabaseError,
    apsw.NotADBError: sqlite3.DatabaseError,
}


def new_name() -> str:
    """Of a VFS: they are known by name in the whole process."""
    return f"prove-{next(_numbers)}"


@contextlib.contextmanager
def opened_on(vfs: str, told: Callable[[str], str] = str) -> Iterator[None]:
    """Within, the program's connections go to this VFS."""

    def connect(_path: Path, uri: str) -> Connection:
        return Connection(uri, vfs, told)

    with mock.patch.object(database, "_connect", connect):
        yield
