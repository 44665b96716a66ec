"""The connections and their threads: `write` and `read` run one function in one transaction, never across an await.

Standard sqlite3 with WAL and `synchronous=FULL`: a commit is on disk when it returns, and takes a millisecond or a few, so
that every click can be one. One connection writes and alone checkpoints (SQLite before 3.51.3 has a WAL-reset fault with
two that do); readers have a thread and a read-only connection of their own, so that a long write never delays a repaint.
"""

import asyncio
import contextlib
import importlib.resources
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, Self, TypeVar

from zendera_desk.domain.errors import StoreError
from zendera_desk.store import search

Connection = sqlite3.Connection
"""What the functions given to `write` and `read` work on."""

P = ParamSpec("P")
T = TypeVar("T")

FILE_NAME: Final = "desk.sqlite3"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_FULL: Final = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_TOOBIG}
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def to_ms(moment: datetime) -> int:
    """UTC milliseconds since 1970, as the tables hold times. Exact: no float in between."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value)


def maybe_ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def maybe_from_ms(value: int | None) -> datetime | None:
    return None if value is None else from_ms(value)


def store_error(error: sqlite3.Error) -> StoreError:
    """What SQLite's error means to a person."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary in _FULL:
        return StoreError("disk_full")
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreError("locked")
    if primary in _DAMAGED:
        return StoreError("damaged", words=str(error))
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}:
        return StoreError("readonly", words=str(error))
    return StoreError("io", words=str(error))


def migrations() -> list[tuple[int, str]]:
    """Number and script of each migration, in order."""
    folder = importlib.resources.files("zendera_desk.store.migrations")
    scripts = [(int(file.name[:4]), file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".sql")]
    return sorted(scripts)


class Database:
    """An open data folder. Made by `open`, ended by `close`; every call of a closed one raises."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer_thread = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._reader_thread = ThreadPoolExecutor(1, thread_name_prefix="store-read")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._closed = False

    @classmethod
    async def open(cls, folder: Path) -> Self:
        """Opens `folder`, makes it (0700) and its database (0600) where they are not there, and migrates.

        Raises StoreError: damaged, newer (made by a later version of the program), locked, readonly, disk_full, io.
        """
        database = cls(folder / FILE_NAME)
        loop = asyncio.get_running_loop()
        try:
            database._writer = await loop.run_in_executor(database._writer_thread, _open_writer, database.path)
            database._reader = await loop.run_in_executor(database._reader_thread, _open_reader, database.path)
        except BaseException:
            await database.close()
            raise
        return database

    async def write(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `function(connection, …)` in one `BEGIN IMMEDIATE` transaction. Once begun it ends, even if the caller is cancelled.

        Raises StoreError; what the function itself raises rolls the transaction back and comes through.
        """
        if self._closed:
            raise StoreError("closed")
        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, lambda: self._run_write(function, *args, **kwargs))

    async def read(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `function(connection, …)` on the readers' connection, in one consistent snapshot."""
        if self._closed:
            raise StoreError("closed")
        return await asyncio.get_running_loop().run_in_executor(self._reader_thread, lambda: self._run_read(function, *args, **kwargs))

    async def close(self) -> None:
        """What was begun ends first. Closing twice is closing once."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        if self._reader is not None:
            await loop.run_in_executor(self._reader_thread, self._reader.close)
            self._reader = None
        if self._writer is not None:
            await loop.run_in_executor(self._writer_thread, self._writer.close)
            self._writer = None
        self._reader_thread.shutdown()
        self._writer_thread.shutdown()

    def _run_write(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._writer is None:
            raise StoreError("closed")
        with _translated(), transaction(self._writer):
            return function(self._writer, *args, **kwargs)

    def _run_read(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._reader is None:
            raise StoreError("closed")
        with _translated():
            self._reader.execute("begin")
            try:
                return function(self._reader, *args, **kwargs)
            finally:
                self._reader.execute("rollback")


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # one of our own rules was about to be broken: a fault of ours, not of the machine
    except sqlite3.Error as error:
        raise store_error(error) from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """`BEGIN IMMEDIATE` … `COMMIT`; anything raised inside, or by the commit itself, leaves nothing behind."""
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _open_writer(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.chmod(0o700)
        path.touch(mode=0o600)
    except OSError as error:
        raise StoreError("readonly", words=error.strerror or "") from error
    with _translated():
        connection = _connect(path, f"file:{_uri(path)}?mode=rw")
        try:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute("pragma foreign_keys = on")
            _migrate(connection, path)
            with transaction(connection):
                search.prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _open_reader(path: Path) -> sqlite3.Connection:
    with _translated():
        connection = _connect(path, f"file:{_uri(path)}?mode=rw")
        connection.execute("pragma query_only = on")
        connection.execute("pragma wal_autocheckpoint = 0")
        return connection


def _uri(path: Path) -> str:
    return path.absolute().as_uri().removeprefix("file:")


def _connect(path: Path, uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=5, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Brings the schema up to date, a copy of the file first where there was one."""
    steps = migrations()
    found = connection.execute("pragma user_version").fetchone()[0]
    newest = steps[-1][0]
    if found > newest:
        raise StoreError("newer", found=found, known=newest)
    if 0 < found < newest:
        before = path.with_name(f"{path.name}.before-{newest:04}")
        before.touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(before)) as copy:
            connection.backup(copy)
    for number, script in steps:
        if number <= found:
            continue
        with transaction(connection):
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"pragma user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """The script's statements one by one: `executescript` would commit in the middle."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError("the migration ends in the middle of a statement")
