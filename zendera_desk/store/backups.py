"""Copies of the database: made by SQLite's own backup, checked, and only then called by their name.

A copy is one plain file, without a WAL beside it. It is made over a connection of its own, in one read transaction, so that
neither the writer nor the readers wait for it, and it says of itself that it is a copy: put back by hand, it is recognised
(care.py). Whoever closes the program does not wait for it either: it stops after any of its steps. Pictures are not
copied: they are files that never change and that are kept while an entry names them.

Everything here blocks, and runs in a thread of its own.
"""

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk.disk import sync_folder, trouble, write_whole
from zendera_desk.domain.copies import Copy, CopyKind, CopyLine
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.outbox import OPEN
from zendera_desk.store import migrating
from zendera_desk.store.database import FILE_NAME, to_ms
from zendera_desk.store.failing import store_error
from zendera_desk.store.places import COPIES

HOURLY: Final = 24
DAILY: Final = 7
OTHERS: Final = 5
"""So many of those made by hand, and of those made before an update, are kept whatever the hourly ones do."""
ALWAYS: Final = 3
"""So many of the newest are kept however little room there is."""
SHARE: Final = 0.25
"""Of the room that there would be without any copy, copies take so much at most."""
SPARE: Final = 64 * 2**20
"""Bytes that must be left when a copy is made: the program's own writes must not meet a full disk because of it."""

_STEP: Final = 500
"""Pages copied at once: some 2 MB, which a slow disk takes in a tenth of a second."""
_SYNC: Final = 8000
"""After so many pages the copy is synced: a sync cannot be stopped, and of all of a large file at the end it would take seconds."""

_NAME: Final = re.compile(r"desk-(?P<generation>[0-9]{6,})-(?P<at>[0-9]{8}T[0-9]{9}Z)-(?P<kind>[a-z_]+)\.sqlite3")
_UNFINISHED: Final = ".new"
_FAILURE: Final = "failed.json"
_MARKS: Final = (
    "select max(id) from entry",
    "select state, count(*) from entry group by state",
    "select max(id) from attempt",
    "select max(id) from deed",
    "select count(*) from acknowledgement",
    "select max(rowid) from shipment_version",
    "select count(*) from shipment",
    "select count(*), max(saved_at) from draft",
    "select count(*), count(entry_id), max(saved_at) from bulk_row",
    "select max(id) from feed_change",
    "select max(id) from timeline_event",
    "select count(*) from set_aside",
    "select count(*) from picture",
    "select count(*) from account",
    "select max(id), count(seen_at) from notice",
)
"""What differs when something has happened that a copy is for. The calls of the hour and the walks are not: they change all day."""


def copies(folder: Path) -> list[Copy]:
    """All copies of the data folder, the newest first. By their names alone: one that is damaged is here too."""
    place = folder / COPIES
    if not place.is_dir():
        return []
    found = (_named(path) for path in place.iterdir())
    return sorted((copy for copy in found if copy is not None), key=_age, reverse=True)


def make(folder: Path, kind: CopyKind, now: datetime, path: Path | None = None, *, stopped: Callable[[], bool] = lambda: False) -> Copy:
    """Makes a copy of the folder's database (or of `path`), waits until it is on disk, and checks it.

    Raises StoreError: disk_full, damaged (the copy is not sound, and so perhaps the database), readonly, locked, io, closed
    (somebody `stopped` it). Nothing half-made is left then.
    """
    source = path or folder / FILE_NAME
    place = folder / COPIES
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        place.chmod(0o700)
        _sweep(place)
        _leave_room(place, source)
        unfinished = place / f"copy{_UNFINISHED}"
        try:
            unfinished.touch(mode=0o600)
            generation = _copy(source, unfinished, now, stopped)
            _check(unfinished, stopped)
            _go_on(stopped)
            final = _free_name(place, generation, now, kind)
            unfinished.replace(final)
        except BaseException:
            with contextlib.suppress(OSError):
                _sweep(place)
            raise
        sync_folder(place)
        sync_folder(folder)
        (place / _FAILURE).unlink(missing_ok=True)
    except OSError as error:
        raise trouble(error, place) from error
    except sqlite3.Error as error:
        _go_on(stopped)
        raise store_error(error, place / FILE_NAME) from error
    made = _named(final)
    if made is None:
        raise StoreError("io", path=str(final))
    return made


def has_changed(folder: Path) -> bool:
    """Whether anything has happened since the newest copy that it would lack. Also where that cannot be told."""
    newest = copies(folder)
    return not newest or _marks(newest[0].path, immutable=True) != _marks(folder / FILE_NAME)


def prune(folder: Path, zone: tzinfo) -> list[Copy]:
    """Deletes the copies that are not kept; returns them. Raises StoreError."""
    place, every = folder / COPIES, copies(folder)
    if not every:
        return []
    most = (shutil.disk_usage(place).free + sum(copy.size for copy in every)) * SHARE
    keep = _with_room(kept(every, zone), most)
    gone = [copy for copy in every if copy not in keep]
    try:
        for copy in gone:
            copy.path.unlink(missing_ok=True)
    except OSError as error:
        raise trouble(error, place) from error
    return gone


def kept(every: Iterable[Copy], zone: tzinfo) -> list[Copy]:
    """Of these copies, the newest first, those that stay: 24 hourly, the newest of each of 7 days, and some of the other kinds."""
    newest_first = sorted(every, key=_age, reverse=True)
    hourly = [copy for copy in newest_first if copy.kind is CopyKind.HOURLY]
    days: dict[str, Copy] = {}
    for copy in newest_first:
        days.setdefault(f"{copy.at.astimezone(zone):%Y%m%d}", copy)
    stay = {copy.path for copy in (*hourly[:HOURLY], *list(days.values())[:DAILY])}
    for kind in (CopyKind.BY_HAND, CopyKind.BEFORE_UPDATE):
        stay |= {copy.path for copy in [copy for copy in newest_first if copy.kind is kind][:OTHERS]}
    return [copy for copy in newest_first if copy.path in stay]


def lines(folder: Path, *, stopped: Callable[[], bool] = lambda: False) -> list[CopyLine]:
    """Each copy with what is in it, as far as it got before somebody `stopped` it."""
    return [_line(copy) for copy in copies(folder) if not stopped()]


def note_failure(folder: Path, now: datetime, code: str) -> None:
    """For `doctor`. Gone with the next copy that is made; where it cannot be written, the age of the newest copy says enough."""
    with contextlib.suppress(OSError):
        (folder / COPIES).mkdir(mode=0o700, exist_ok=True)
        write_whole(folder / COPIES / _FAILURE, msgspec.json.encode((now, code)))


def failure(folder: Path) -> tuple[datetime, str] | None:
    """When the last try failed, and why, if no copy was made since."""
    try:
        return msgspec.json.decode((folder / COPIES / _FAILURE).read_bytes(), type=tuple[datetime, str])
    except (OSError, msgspec.DecodeError):
        return None


def open_copy(path: Path) -> sqlite3.Connection:
    """Read-only, and without the files that SQLite would put beside it. Raises sqlite3.Error."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _age(copy: Copy) -> tuple[int, datetime]:
    return copy.generation, copy.at


def _named(path: Path) -> Copy | None:
    found = _NAME.fullmatch(path.name)
    if found is None or found["kind"] not in set(CopyKind):
        return None
    try:
        at = datetime.strptime(found["at"][:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) + timedelta(milliseconds=int(found["at"][15:18]))
        size = path.stat().st_size
    except (ValueError, OSError):
        return None
    return Copy(path=path, at=at, kind=CopyKind(found["kind"]), generation=int(found["generation"]), size=size)


def _free_name(place: Path, generation: int, now: datetime, kind: CopyKind) -> Path:
    at = now.astimezone(UTC)
    while True:
        path = place / f"desk-{generation:06}-{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03}Z-{kind.value}.sqlite3"
        if not path.exists():
            return path
        at += timedelta(milliseconds=1)


def _sweep(place: Path) -> None:
    """Whatever a death in the middle of a copy left behind."""
    for path in place.glob(f"*{_UNFINISHED}*"):
        path.unlink(missing_ok=True)


def _leave_room(place: Path, source: Path) -> None:
    need = sum(each.stat().st_size for each in (source, source.with_name(f"{source.name}-wal")) if each.exists())
    if shutil.disk_usage(place).free < need + SPARE:
        raise StoreError("disk_full", path=str(place))


def _copy(source: Path, target: Path, now: datetime, stopped: Callable[[], bool]) -> int:
    """Returns the generation of what was copied."""
    with target.open("rb+") as file:
        with (
            contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=5)) as live,
            contextlib.closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as made,
        ):

            def look(_status: int, left: int, pages: int) -> None:
                _go_on(stopped)
                if (pages - left) % _SYNC == 0:
                    os.fsync(file.fileno())

            live.execute("pragma query_only = on")
            live.execute("pragma wal_autocheckpoint = 0")
            live.execute("begin")
            live.execute("select 1 from sqlite_master").fetchone()  # all steps see this state: otherwise each write begins it anew
            made.execute("pragma synchronous = off")  # it is synced as a file
            live.backup(made, pages=_STEP, progress=look)
            made.execute("pragma journal_mode = delete")  # one plain file, that is read without a second one beside it
            made.execute("update care set copied_at = ?", (to_ms(now),))
            generation = made.execute("select generation from care").fetchone()[0]
        os.fsync(file.fileno())
    return int(generation)


def _go_on(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise StoreError("closed")


def _check(path: Path, stopped: Callable[[], bool]) -> None:
    with contextlib.closing(open_copy(path)) as made:
        made.set_progress_handler(stopped, 10_000)
        found = made.execute("pragma quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError("damaged", words=found)


def _marks(path: Path, *, immutable: bool = False) -> object:
    try:
        opened = open_copy(path) if immutable else sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        with contextlib.closing(opened) as connection:
            return [[tuple(row) for row in connection.execute(mark)] for mark in _MARKS]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return f"{path.name}: {error}"  # equals nothing: a copy is made, and that says what is wrong


def _with_room(keep: list[Copy], most: float) -> list[Copy]:
    taken = 0
    stay: list[Copy] = []
    for copy in keep:
        taken += copy.size
        if len(stay) < ALWAYS or taken <= most:
            stay.append(copy)
    return stay


def _line(copy: Copy) -> CopyLine:
    try:
        with contextlib.closing(open_copy(copy.path)) as made:
            if made.execute("pragma user_version").fetchone()[0] > migrating.newest():
                return CopyLine(copy=copy)
            states = ", ".join("?" * len(OPEN))
            return CopyLine(
                copy=copy,
                shipments=made.execute("select count(*) from shipment").fetchone()[0],
                open_entries=made.execute(
                    f"select count(*) from entry where state in ({states})", [state.value for state in OPEN]
                ).fetchone()[0],
            )
    except (sqlite3.Error, UnicodeDecodeError):
        return CopyLine(copy=copy)
