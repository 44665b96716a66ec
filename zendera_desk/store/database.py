"""The connections and their threads: `write` and `read` run one function in one transaction, never across an await.

Standard sqlite3 with WAL and `synchronous=FULL`: a commit is on disk when it returns, and takes a millisecond or a few, so
that every click can be one. One connection writes and alone checkpoints (SQLite before 3.51.3 has a WAL-reset fault with
two that do); readers have a thread and a read-only connection of their own, so that a long write never delays a repaint.

What is looked at before the file is worked with, and what is done when it is damaged, stands in care.py.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, Self, TypeVar

import msgspec

from zendera_desk.disk import trouble
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.store import beside, checkpoints, migrating, search
from zendera_desk.store.checkpoints import Checkpoints
from zendera_desk.store.failing import store_error, translated
from zendera_desk.store.together import Together
from zendera_desk.store.turns import Turns

Connection = sqlite3.Connection
"""What the functions given to `write` and `read` work on."""

P = ParamSpec("P")
T = TypeVar("T")

FILE_NAME: Final = "desk.sqlite3"
PAGE: Final = 8192
"""Bytes. With SQLite's 4096 each page of the feed would be twice as many to write, look after and put into the database, a tenth of the
writer's work; with 16,384 a click, which changes a little on each of many, would write much that has not changed."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_log = logging.getLogger(__name__)


def to_ms(moment: datetime) -> int:
    """UTC milliseconds since 1970, as the tables hold times. Exact: no float in between."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(value: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=value)


def maybe_ms(moment: datetime | None) -> int | None:
    return None if moment is None else to_ms(moment)


def maybe_from_ms(value: int | None) -> datetime | None:
    return None if value is None else from_ms(value)


def json_list(numbers: Iterable[int]) -> str:
    """For `json_each`: thousands in one statement, whatever their number; whole numbers keep all their 64 bits there."""
    return msgspec.json.encode(list(numbers)).decode()


class Database:
    """An open data folder. Made by `open`, ended by `close`; every call of a closed one raises."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer_thread = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._turns = Turns(self._writer_thread)
        self._reader_thread = ThreadPoolExecutor(1, thread_name_prefix="store-read")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._aside_thread = ThreadPoolExecutor(1, thread_name_prefix="store-aside")
        self._aside: sqlite3.Connection | None = None
        self._closed = False
        self.whole = asyncio.Lock()
        """Held by whoever goes through all of the file: while a copy reads it the log cannot be cut, and building it anew would wait for
        that on the writer's thread, with every click behind it."""
        self.damaged = False
        """Found while working: nothing is written any more, and the next opening mends it."""
        self._uncounted = False
        """Nothing has been changed yet in this run."""
        self.is_archive = False
        """It can only be read in."""
        self._checkpoints = Checkpoints(self._put_log_away)
        self._together = Together(self._ask, self._run_write, lambda: translated(self._found, self.path))

    @classmethod
    async def open(cls, folder: Path, now: datetime | None = None) -> Self:
        """Opens `folder`, makes it (0700) and its database (0600) where they are not there, mends what is damaged, and migrates.

        Raises StoreError: newer (made by a later version of the program), foreign (another program's database), not_a_file,
        damaged (and could not be mended), locked, readonly, disk_full, io. The file is then as it was.
        """
        from zendera_desk.store import care  # noqa: PLC0415 (it stands on this module)

        database = cls(folder / FILE_NAME)
        loop = asyncio.get_running_loop()
        try:
            database._writer = await loop.run_in_executor(database._writer_thread, care.open_writer, folder, now or datetime.now(UTC))
            database._uncounted = True
            database._reader = await loop.run_in_executor(database._reader_thread, _open_reader, database.path)
        except BaseException:
            await database.close()
            raise
        return database

    @classmethod
    async def open_archive(cls, path: Path) -> Self:
        """To read in, and nothing else: a write is refused as archive_readonly. Raises StoreError (archives.look)."""
        from zendera_desk.store import archives  # noqa: PLC0415 (it stands on this module)

        database = cls(path)
        database.is_archive = True
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(database._reader_thread, archives.look, path)
            database._reader = await loop.run_in_executor(database._reader_thread, archives.opened, path)
        except BaseException:
            await database.close()
            raise
        return database

    async def write(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `function(connection, …)` in one `BEGIN IMMEDIATE` transaction. Once begun it ends, even if the caller is cancelled.

        Raises StoreError; what the function itself raises rolls the transaction back and comes through.
        """
        if self.damaged:
            raise StoreError("damaged")  # and so nothing is sent: `sending` cannot be written
        return await self.write_anyway(function, *args, **kwargs)

    async def write_later(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`; of much that nobody waits for: whatever else is wanted before its turn comes goes first."""
        if self.damaged:
            raise StoreError("damaged")
        self._may_write()
        return await self._in_turn(lambda: self._run_write(function, *args, **kwargs), can_wait=True)

    async def write_anyway(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Also into a file that was found damaged: what a person is typing is worth the try. Mending brings over what can be read."""
        self._may_write()
        return await self._in_turn(lambda: self._run_write(function, *args, **kwargs))

    async def write_together(
        self, among: int, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, in one transaction with what `among` so many is wanted so within a moment (together.py)."""
        if self.damaged:
            raise StoreError("damaged")
        self._may_write()
        return await self._together.write(lambda conn: function(conn, *args, **kwargs), among)

    async def apart(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `write`, but outside of a transaction: for what SQLite does only there, such as building the file anew."""
        if self._closed or self._writer is None:
            raise StoreError("closed")
        if self.damaged:
            raise StoreError("damaged")
        writer = self._writer

        def run() -> T:
            with translated(self._found, self.path):
                return function(writer, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, run)

    async def read(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `function(connection, …)` on the readers' connection, in one consistent snapshot."""
        if self._closed:
            raise StoreError("closed")
        return await asyncio.get_running_loop().run_in_executor(
            self._reader_thread, lambda: self._run_read(self._reader, function, *args, **kwargs)
        )

    async def read_aside(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`, of what may take a while and nobody waits for: no other reading waits for it."""
        if self._closed:
            raise StoreError("closed")

        def run() -> T:
            if self._aside is None:
                self._aside = _open_reader(self.path)
            return self._run_read(self._aside, function, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._aside_thread, run)

    async def close(self) -> None:
        """What was begun ends first. Closing twice is closing once."""
        if self._closed:
            return
        self._closed = True
        self._together.hurry()
        self._checkpoints.stop()
        loop = asyncio.get_running_loop()
        if self._reader is not None:
            await loop.run_in_executor(self._reader_thread, self._reader.close)
            self._reader = None
        await loop.run_in_executor(self._aside_thread, self._close_aside)
        if self._writer is not None:
            await loop.run_in_executor(self._writer_thread, self._close_writer)
            self._writer = None
        self._aside_thread.shutdown()
        self._reader_thread.shutdown()
        self._writer_thread.shutdown()

    def _may_write(self) -> None:
        if self.is_archive:
            raise StoreError("archive_readonly")
        if self._closed:
            raise StoreError("closed")

    async def _in_turn(self, work: Callable[[], T], *, can_wait: bool = False) -> T:
        asked = self._ask(work, can_wait=can_wait)
        return await asyncio.shield(asked)  # also one that still waits for its turn: a person was told that it is being done

    def _ask(self, work: Callable[[], T], *, can_wait: bool = False) -> "asyncio.Future[T]":
        writing = self._turns.ask(work, can_wait=can_wait)
        writing.add_done_callback(self._look_at)
        return writing

    def _look_at(self, done: "asyncio.Future[T]") -> None:
        """Whoever wrote may have been cancelled meanwhile: then nobody else looks at what came of it."""
        if not done.cancelled() and (error := done.exception()) is not None:
            _log.debug("a write failed: %s", type(error).__name__)
        if not self._closed:
            self._checkpoints.written()

    def _put_log_away(self) -> None:
        """In its turn, on the thread of what is written."""
        if self._writer is not None and not self.damaged:
            said = translated(self._found, self.path)
            asyncio.get_running_loop().run_in_executor(self._writer_thread, checkpoints.put_log_away, self._writer, said)

    def _close_aside(self) -> None:
        if self._aside is not None:
            self._aside.close()
            self._aside = None

    def _close_writer(self) -> None:
        if self._writer is None:
            return
        from zendera_desk.store import care  # noqa: PLC0415 (it stands on this module)

        if self.damaged:
            self._writer.close()
        else:
            care.close_writer(self._writer, self.path, changed=not self._uncounted)

    def _found(self, error: StoreError) -> None:
        if error.code == "damaged" and not self.damaged and not self.is_archive:
            self.damaged = True
            _log.error("the database is damaged: %s", error)
            beside.note_damage(self.path.parent)

    def _run_write(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._writer is None:
            raise StoreError("closed")
        if self._uncounted:
            return self._run_first_write(function, *args, **kwargs)
        with translated(self._found, self.path), transaction(self._writer):
            return function(self._writer, *args, **kwargs)

    def _run_first_write(self, function: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The first one that changes something also counts the generation up: it costs no transaction of its own."""
        if self._writer is None:
            raise StoreError("closed")
        from zendera_desk.store import care  # noqa: PLC0415 (it stands on this module)

        generation, before = 0, self._writer.total_changes
        with translated(self._found, self.path), transaction(self._writer):
            result = function(self._writer, *args, **kwargs)
            if self._writer.total_changes != before:
                generation = care.count_up(self._writer, self.path)
        if generation:
            self._uncounted = False
            if not self.damaged:  # which is noted already, and must stay so
                care.note(self.path.parent, generation, opened=True)
        return result

    def _run_read(
        self,
        reader: sqlite3.Connection | None,
        function: Callable[Concatenate[sqlite3.Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        if reader is None:
            raise StoreError("closed")
        with translated(self._found, self.path):
            reader.execute("begin")
            try:
                return function(reader, *args, **kwargs)
            finally:
                reader.execute("rollback")


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


def make_ready(folder: Path) -> None:
    """The folder is there, for this person alone. Raises StoreError."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as error:
        said = trouble(error, folder)
        raise said if said.code == "disk_full" else StoreError("readonly", words=error.strerror or "") from error


def open_writer(path: Path, look: Callable[[sqlite3.Connection], None] = lambda _connection: None) -> sqlite3.Connection:
    """The one connection that writes. `look` is called before anything of the file is changed, and may raise."""
    make_ready(path.parent)
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError as error:
        raise trouble(error, path) from error
    with translated(path=path):
        connection = _connect(path, f"file:{_uri(path)}?mode=rw")
        try:
            look(connection)
            connection.execute(f"pragma page_size = {PAGE}")  # of a file that is new; one that is there keeps its own
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute(f"pragma wal_autocheckpoint = {checkpoints.LATEST}")
            connection.execute("pragma foreign_keys = on")
            # What is deleted is written over. Debian's SQLite does so anyway, others not; see retention.py for where it does not reach.
            connection.execute("pragma secure_delete = on")
            _migrate(connection, path)
            with transaction(connection):
                search.prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _open_reader(path: Path) -> sqlite3.Connection:
    with translated(path=path):
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
    """Brings the schema up to date, a copy of the file first where there was one. One that fails changes nothing."""
    found = migrating.version_of(connection)
    steps = [step for step in migrating.migrations() if step[0] > found]
    if not steps:
        return
    if found:
        from zendera_desk.store import backups  # noqa: PLC0415 (it stands on this module)

        backups.make(path.parent, CopyKind.BEFORE_UPDATE, datetime.now(UTC), path=path)
    try:
        with transaction(connection):
            migrating.run(connection, steps)
    except sqlite3.Error as error:
        said = store_error(error, path)
        raise said if said.code != "io" else StoreError("not_updated", words=str(error)) from error
