"""Retention in the copies of the database: what has gone from the database must not be had back from a copy of it, nor from an archive.

A copy is purged by the same functions as the database, on a second file that takes its place when it is whole: whatever ends the
program meanwhile leaves the copy as it was. What a copy cannot let go, because it shows an entry as open that has long been
done, a draft that was long sent, or a shipment that was long reported, makes the whole copy too old: it is dropped.

Everything here blocks, and runs in a thread of its own.
"""

import contextlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk.disk import sync_folder, trouble
from zendera_desk.domain.copies import Copy
from zendera_desk.domain.errors import StoreError
from zendera_desk.store import migrating, pictures, retention
from zendera_desk.store.backups import open_copy
from zendera_desk.store.database import maybe_ms, transaction
from zendera_desk.store.failing import store_error
from zendera_desk.store.places import ARCHIVES, COPIES, put_aside
from zendera_desk.store.retention import Before

WORK: Final = "copy.purging"
_PIECE: Final = 4 * 2**20

_log = logging.getLogger(__name__)


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """What is too old and still there: the copy does not know that it is done. `whole`: it cannot be read, or not by this program."""

    entries: frozenset[tuple[int, str]] = frozenset()
    """By id and SHA-256: after a copy took the database's place, ids are given again."""
    shipments: frozenset[tuple[str, int]] = frozenset()
    drafts: frozenset[tuple[str, int, int]] = frozenset()
    """By account, order, and when it was saved."""
    grid: frozenset[tuple[str, int, int]] = frozenset()
    """Rows of a report on many, in the same way."""
    pages: frozenset[tuple[int, str]] = frozenset()
    """Of paper: by id and file."""
    whole: bool = False


def purge(copy: Copy, limits: Before, now: datetime, stopped: Callable[[], bool]) -> Left | None:
    """Purges the copy where something in it is over. None: somebody `stopped` it. Raises StoreError."""
    try:
        with contextlib.closing(open_copy(copy.path)) as found:
            if found.execute("pragma user_version").fetchone()[0] != migrating.newest():
                return Left(whole=_is_over(copy.at, limits))
            if not _has_something(found, limits, copy.at):
                return _left(found, limits)
        return _replaced(copy, limits, now, stopped)
    except OSError as error:
        raise trouble(error, copy.path) from error
    except sqlite3.Error as error:
        if stopped():
            return None
        if store_error(error).code == "damaged":
            return Left(whole=_is_over(copy.at, limits))
        raise store_error(error, copy.path) from error


def is_stale(conn: sqlite3.Connection, left: Left) -> bool:
    """Whether the database has let go what is left in the copy, or a person has. Then the copy says what nobody shall know any more."""
    purged = (
        conn.execute("select 1 from entry where id = ? and sha256 = ? and purged_at is not null", key).fetchone() for key in left.entries
    )
    shipments = (
        conn.execute("select 1 from shipment where account = ? and order_id = ?", key).fetchone() is None for key in left.shipments
    )
    drafts = (
        conn.execute("select 1 from draft where account = ? and order_id = ? and saved_at >= ?", key).fetchone() is None
        for key in left.drafts
    )
    grid = (
        conn.execute("select 1 from bulk_row where account = ? and order_id = ? and saved_at >= ?", key).fetchone() is None
        for key in left.grid
    )
    pages = (conn.execute("select 1 from page where id = ? and source = ?", key).fetchone() is None for key in left.pages)
    return left.whole or any(purged) or any(shipments) or any(drafts) or any(grid) or any(pages)


def drop(copy: Copy) -> None:
    """Raises StoreError."""
    try:
        copy.path.unlink(missing_ok=True)
        sync_folder(copy.path.parent)
    except OSError as error:
        raise trouble(error, copy.path) from error


def drop_put_aside(folder: Path, limits: Before) -> None:
    """Files that were moved aside, damaged or replaced, go when what is in them is over: nobody can purge inside them."""
    for aside in put_aside(folder):
        with contextlib.suppress(OSError):  # opened in another program on Windows: it goes the next time
            if _is_over(datetime.fromtimestamp(aside.stat().st_mtime).astimezone(), limits):
                shutil.rmtree(aside)
    for place in (COPIES, ARCHIVES):
        (folder / place / WORK).unlink(missing_ok=True)


def _is_over(moment: datetime, limits: Before) -> bool:
    return any(moment <= limit for limit in (limits.proofs, limits.shipments) if limit is not None)


def _has_something(conn: sqlite3.Connection, limits: Before, made_at: datetime) -> bool:
    """What was closed shortly before the copy was made has no moment in it yet: the copy's own stands for it."""
    unnoted = limits.proofs is not None and made_at <= limits.proofs
    return (
        retention.is_owed(conn)
        or bool(unnoted and conn.execute("select 1 from entry where closed_at is null limit 1").fetchone())
        or any(retention.leaving(conn, limits))
        or any(retention.loose_over(conn, limits).values())
    )


def _replaced(copy: Copy, limits: Before, now: datetime, stopped: Callable[[], bool]) -> Left | None:
    work = copy.path.with_name(WORK)
    try:
        work.unlink(missing_ok=True)
        work.touch(mode=0o600)
        if not retention.has_room(copy.path):
            raise StoreError("disk_full", path=str(copy.path))
        if not _copied(copy.path, work, stopped):
            return None
        with contextlib.closing(_open(work)) as conn:
            conn.set_progress_handler(stopped, 10_000)
            _purge_whole(conn, limits, now, copy.at)
            left = _left(conn, limits)
            conn.execute("vacuum")
        with work.open("rb+") as file:
            os.fsync(file.fileno())
        if stopped():
            return None
        work.replace(copy.path)
        sync_folder(copy.path.parent)
        return left
    finally:
        work.unlink(missing_ok=True)


def _copied(source: Path, target: Path, stopped: Callable[[], bool]) -> bool:
    """In pieces: whoever closes the program does not wait for the whole of a large one."""
    with source.open("rb") as old, target.open("wb") as new:
        while piece := old.read(_PIECE):
            if stopped():
                return False
            new.write(piece)
    return True


def _open(work: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(f"{work.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    conn.row_factory = sqlite3.Row
    conn.execute("pragma foreign_keys = on")
    conn.execute("pragma synchronous = off")  # it is synced once, when it is whole
    conn.execute("pragma journal_mode = off")  # what fails is thrown away whole; in memory it would be as large as all that goes
    return conn


def _purge_whole(conn: sqlite3.Connection, limits: Before, now: datetime, made_at: datetime) -> None:
    with transaction(conn):
        retention.note_closed(conn, made_at)
        retention.purge_entries(conn, retention.entries_over(conn, limits), limits, now)
        retention.purge_shipments(conn, retention.shipments_over(conn, limits), limits)
        for table, rows in retention.loose_over(conn, limits).items():
            retention.purge_loose(conn, table, rows, limits)
        while pictures.forget_unnamed(conn, now):
            pass
        retention.settle(conn)
    first = True
    with transaction(conn):
        while retention.merge_index(conn, first=first):
            first = False


def _left(conn: sqlite3.Connection, limits: Before) -> Left:
    proofs, shipments = maybe_ms(limits.proofs), maybe_ms(limits.shipments)
    entries = conn.execute("select id, sha256 from entry where purged_at is null and made_at <= ?", (proofs,))
    drafts = conn.execute("select account, order_id, saved_at from draft where saved_at <= ?", (proofs,))
    grid = conn.execute("select account, order_id, saved_at from bulk_row where saved_at <= ?", (proofs,))
    pages = conn.execute("select p.id, p.source from page p join stack s on s.id = p.stack where s.arrived_at <= ?", (proofs,))
    old = conn.execute("select account, order_id from shipment where touched_at <= ?", (shipments,))
    return Left(
        entries=frozenset((row["id"], row["sha256"]) for row in entries),
        drafts=frozenset((row["account"], row["order_id"], row["saved_at"]) for row in drafts),
        grid=frozenset((row["account"], row["order_id"], row["saved_at"]) for row in grid),
        pages=frozenset((row["id"], row["source"]) for row in pages),
        shipments=frozenset((row["account"], row["order_id"]) for row in old),
    )
