"""Writing an archive, and reading out of it what may leave the database (archiving.py has the order of the steps).

The file gets the schema as a new database does, and its rows from the database a few hundred shipments at a time, each time from one
state of it: no reader of the database stays for so long that its log could not be cut. Rules (triggers) come last, because they
guard moves that are made already. Everything here blocks, and runs in a thread of its own.
"""

import contextlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from zendera_desk.disk import sync_folder, trouble
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, OrderId, PictureId
from zendera_desk.store import archives, archiving, database, migrating, pictures, places, retention, search
from zendera_desk.store.archiving import LOOSE, Mark, mark_of, may_go, values_of
from zendera_desk.store.database import to_ms, transaction
from zendera_desk.store.failing import store_error, translated
from zendera_desk.store.retention import Before, Shipped

WRITTEN: Final = 500
"""Shipments that are written into the file in one transaction."""
SPARE: Final = 64 * 2**20
"""Bytes that are left to everything else on the disk."""

_OF_ORDER: Final = (
    *("shipment", "shipment_version", "parcel", "shipment_number", "feed_change", "timeline_event", "timeline_read", "entry"),
    "acknowledgement",
)
_OF_ENTRY: Final = ("attempt", "deed", "entry_picture")
_ENTRIES: Final = "(select id from main.entry where account = :account and order_id in (select order_id from temp.chosen))"

_log = logging.getLogger(__name__)

Told = Callable[[int, int], None]
"""How many shipments of how many."""


class Writing(NamedTuple):
    """What goes into an archive, and who wants it."""

    account: AccountId
    limits: Before
    until: datetime
    now: datetime
    made_by: str = ""
    desk: str = ""


def write(folder: Path, wanted: Writing, told: Told, stopped: Callable[[], bool]) -> Path | None:
    """Writes the file whole under a name that is none yet, and waits until it is on disk. None: there is nothing to go into it.

    Runs in a thread. Raises StoreError: disk_full, readonly, io, damaged (the database cannot be read), closed (somebody `stopped` it).
    Nothing is left then.
    """
    place = folder / places.ARCHIVES
    work = place / f"archive{archives.UNFINISHED}"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        place.chmod(0o700)
        sync_folder(folder)
        archives.sweep(folder)
        try:
            work.touch(mode=0o600)
            if not _written(folder, work, wanted, told, stopped):
                work.unlink()
                return None
            with work.open("rb+") as file:
                os.fsync(file.fileno())
        except BaseException:
            archives.sweep(folder)
            raise
    except OSError as error:
        raise trouble(error, place) from error
    except sqlite3.Error as error:
        if stopped():
            raise StoreError("closed") from error
        raise store_error(error, work) from error
    return work


def check(work: Path, stopped: Callable[[], bool]) -> None:
    """Looks all through it, as whoever opens it will. Raises StoreError, and deletes it then."""
    try:
        if stopped():
            raise StoreError("closed")
        archives.look(work)
        if stopped():
            raise StoreError("closed")
    except BaseException:
        work.unlink(missing_ok=True)
        raise


def give_name(folder: Path, work: Path, file: str) -> Path:
    """Raises StoreError."""
    path = folder / places.ARCHIVES / file
    try:
        work.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise trouble(error, path) from error
    return path


def account_of(path: Path) -> AccountId:
    """Raises StoreError when it cannot be read."""
    with contextlib.closing(archives.opened(path)) as conn, translated():
        return AccountId(conn.execute("select id from account").fetchone()["id"])


def marked(path: Path) -> list[tuple[OrderId, Mark]]:
    """Every shipment in the archive. Raises StoreError."""
    with contextlib.closing(archives.opened(path)) as conn, translated():
        rows = conn.execute("select account, order_id from shipment order by order_id").fetchall()
        found = ((OrderId(row["order_id"]), mark_of(conn, AccountId(row["account"]), row["order_id"])) for row in rows)
        return [(order_id, mark) for order_id, mark in found if mark is not None]


def loose(path: Path) -> list[tuple[int, int]]:
    """The changes in it that belong to no shipment, as `take_out_changes` wants them. Raises StoreError."""
    with contextlib.closing(archives.opened(path)) as conn, translated():
        return [tuple(row) for row in conn.execute("select id, received_at from feed_change where order_id is null")]


def leave_out(path: Path, orders: Sequence[OrderId], *, loose_too: bool) -> None:
    """Writes the archive anew without these, and without the changes that belong to no shipment if those stay in the database: on a
    second file, which takes its place when it is whole. Raises StoreError.
    """
    work = path.with_name(f"{path.name}{archives.UNFINISHED}")
    try:
        shutil.copyfile(path, work)
        work.chmod(0o600)
        with contextlib.closing(_made(work)) as conn:
            _left_out(conn, orders, loose_too=loose_too)
            conn.execute("vacuum")
        with work.open("rb+") as file:
            os.fsync(file.fileno())
        archives.look(work)
        work.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise trouble(error, path) from error
    except sqlite3.Error as error:
        raise store_error(error, path) from error
    finally:
        work.unlink(missing_ok=True)


# Inside


def _written(folder: Path, work: Path, wanted: Writing, told: Told, stopped: Callable[[], bool]) -> bool:
    with contextlib.closing(_made(work)) as conn:
        conn.set_progress_handler(stopped, 10_000)
        rules = _make_tables(conn)
        live = f"{(folder / database.FILE_NAME).absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(live, uri=True, timeout=5)) as asked:
            asked.row_factory = sqlite3.Row
            asked.set_progress_handler(stopped, 10_000)
            going = [one.order_id for one in may_go(asked, wanted.account, wanted.limits)]
            changes = asked.execute(f"select count(*) from feed_change where {LOOSE}", values_of(wanted.account, wanted.limits)).fetchone()[
                0
            ]
            size = archiving.would_go(asked, wanted.account, wanted.limits).size
        if not going and not changes:
            return False
        if shutil.disk_usage(work.parent).free < size + SPARE:
            raise StoreError("disk_full", path=str(work))
        conn.execute("attach ? as live", (live,))
        _write_first(conn, wanted)
        conn.execute("create temp table chosen (order_id integer primary key)")
        told(0, len(going))
        for start in range(0, len(going), WRITTEN):
            with transaction(conn):
                _write_some(conn, folder, wanted.account, going[start : start + WRITTEN])
            told(min(start + WRITTEN, len(going)), len(going))
        with transaction(conn):
            conn.execute(
                f"insert into main.feed_change select * from live.feed_change where {LOOSE}", values_of(wanted.account, wanted.limits)
            )
        conn.execute("detach live")
        _finish(conn, rules)
    return True


def _made(work: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(f"{work.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
    conn.row_factory = sqlite3.Row
    conn.execute("pragma synchronous = off")  # it is synced once, when it is whole
    conn.execute("pragma journal_mode = memory")
    return conn


def _make_tables(conn: sqlite3.Connection) -> list[str]:
    """The schema without its triggers, which guard moves that are all made already; returns those, for the end."""
    with transaction(conn):
        return migrating.run(conn, migrating.migrations(), _is_trigger)


def _is_trigger(statement: str) -> bool:
    code = [line for line in statement.splitlines() if line.strip() and not line.lstrip().startswith("--")]
    return bool(code) and code[0].startswith("create trigger")


def _write_first(conn: sqlite3.Connection, wanted: Writing) -> None:
    with transaction(conn):
        conn.execute(
            "insert into archive (id, made_at, until, made_by, desk) values (1, ?, ?, ?, ?)",
            (to_ms(wanted.now), to_ms(wanted.until), wanted.made_by, wanted.desk),
        )
        until = (wanted.account, to_ms(wanted.until))
        conn.execute("insert into main.account select * from live.account where id = ?", (wanted.account,))
        conn.execute("insert into main.feed_cursor select * from live.feed_cursor where account = ?", (wanted.account,))
        conn.execute("update main.feed_cursor set token = ''")
        for table, at in (("feed_gap", "at"), ("feed_broken", "first_at")):
            conn.execute(f"insert into main.{table} select * from live.{table} where account = ? and {at} <= ?", until)


def _write_some(conn: sqlite3.Connection, folder: Path, account: AccountId, orders: Sequence[OrderId]) -> None:
    """All of these, from one state of the database."""
    values = {"account": account}
    conn.execute("delete from temp.chosen")
    conn.executemany("insert into temp.chosen values (?)", [(order,) for order in orders])
    for table in _OF_ORDER:
        chosen = "account = :account and order_id in (select order_id from temp.chosen)"
        conn.execute(f"insert into main.{table} select * from live.{table} where {chosen}", values)
    for table in _OF_ENTRY:
        conn.execute(f"insert into main.{table} select * from live.{table} where entry_id in {_ENTRIES}", values)
    conn.execute(
        """insert into main.search_words select * from live.search_words where id in (
            select id from main.shipment where account = :account and order_id in (select order_id from temp.chosen))""",
        values,
    )
    conn.execute(
        f"""insert into main.upload select * from live.upload where account = :account and sha256 in (
            select link from main.entry_picture where entry_id in {_ENTRIES}) on conflict do nothing""",
        values,
    )
    _write_pictures(conn, folder, values)


def _write_pictures(conn: sqlite3.Connection, folder: Path, values: dict[str, AccountId]) -> None:
    """With the JPEG that was sent. One whose file is gone goes without."""
    rows = conn.execute(
        f"""insert into main.picture select * from live.picture where id in (
            select picture_id from main.entry_picture where entry_id in {_ENTRIES}) on conflict do nothing returning id""",
        values,
    ).fetchall()
    for row in rows:
        try:
            jpeg = pictures.prepared(folder, PictureId(row["id"]))
        except StoreError:
            _log.info("a picture goes into the archive without its file")
            continue
        conn.execute("insert into archived_picture (picture_id, jpeg) values (?, ?)", (row["id"], jpeg))


def _finish(conn: sqlite3.Connection, rules: Sequence[str]) -> None:
    """What is counted and found by, and the rules: an archive changes no more, but retention takes out of it by them."""
    with transaction(conn):
        conn.execute(
            """insert into tally select account, count(*), sum(to_accept), sum(to_report), sum(needs_me), sum(differs)
            from shipment group by account"""
        )
        for rule in rules:
            conn.execute(rule)
        search.prepare(conn)
    conn.execute("pragma journal_mode = delete")


def _left_out(conn: sqlite3.Connection, orders: Sequence[OrderId], *, loose_too: bool) -> None:
    """As if these had never been written: their entries too, which in the database are still whole."""
    rules = conn.execute("select name, sql from sqlite_master where type = 'trigger' and name like '%_kept'").fetchall()
    with transaction(conn):
        for rule in rules:
            conn.execute(f"drop trigger {rule['name']}")
        for order_id in orders:
            row = conn.execute("select id, account from shipment where order_id = ?", (order_id,)).fetchone()
            if row is not None:
                retention.delete_shipment(conn, Shipped(row["id"], AccountId(row["account"]), order_id))
            for table in _OF_ENTRY:
                conn.execute(f"delete from {table} where entry_id in (select id from entry where order_id = ?)", (order_id,))
            conn.execute("delete from entry where order_id = ?", (order_id,))
        if loose_too:
            conn.execute("delete from feed_change where order_id is null")
        conn.execute("delete from upload where sha256 not in (select link from entry_picture where link is not null)")
        conn.execute("delete from archived_picture where picture_id not in (select picture_id from entry_picture)")
        conn.execute("delete from picture where id not in (select picture_id from entry_picture)")
        for rule in rules:
            conn.execute(rule["sql"])
        if search.has_index(conn):
            search.rebuild(conn)  # words that are struck out would stay in it
        retention.settle(conn)
