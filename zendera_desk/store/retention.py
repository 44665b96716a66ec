"""Personal data goes when its time is over: pictures, names, comments and bytes first, whole shipments later.

What stays of an entry is the audit row: which order, what, when, by whom, every try, and the SHA-256 of the bytes. An entry goes
through one narrow door in the database (the trigger `entry_purged`): only what is done, only whole. A shipment goes only after
all its entries have, so that a kept proof can always be found by its shipment; and never while somebody may still want to say
something about it: it is planned for later, or the paper for its report lies on a desk.

A deleted row leaves its bytes behind: struck out in the full-text index, and in the gaps of pages whose rows were once moved,
where `secure_delete` does not reach. So the index is merged and the file is built anew (`compact`) after each purge.
The same functions run in each backup (`purge_whole`).

Small steps: candidates are read first, then each write deals with a few, and asks again whether they still may go.
"""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.standing import WALKS_TO_BE_GONE
from zendera_desk.store import filing, projection, search, uploads
from zendera_desk.store.database import from_ms, maybe_ms, to_ms

STEP: Final = 100
"""Rows dealt with in one transaction: a few milliseconds, which nobody who types waits for."""
MERGED_PAGES: Final = 150
"""Of the full-text index in one transaction: some 30 ms."""

READERS: Final = 250
"""Milliseconds that the log's cutting waits for whoever still reads: the writer waits with it, and every click behind. Reads are short;
what is not (a copy, another program) has the file built anew a little later."""

SPARE: Final = 64 * 2**20
"""Bytes that are left to everything else while the file is built anew."""

UNREPORTED: Final = timedelta(days=30)
"""What waits for a person stays so long past its time, however short the setting is: on Monday Friday's paper is keyed in, and after
the holidays that of the days before. An accepted shipment that is deleted never comes back: Zendera offers it no more."""

_DONE: Final = "('confirmed', 'taken_back', 'dropped')"


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What is older than these goes; None: nothing does."""

    proofs: datetime | None = None
    shipments: datetime | None = None
    unreported: datetime | None = None
    """Of shipments that still have to be accepted or reported."""


class Leaving(NamedTuple):
    """How much would go, for the question before a setting is lowered."""

    proofs: int = 0
    shipments: int = 0


class Shipped(NamedTuple):
    """A shipment by its row, its account and its order."""

    row: int
    account: AccountId
    order_id: OrderId


def before(now: datetime, proofs_days: int, shipments_days: int) -> Before:
    """By the settings: 0 days keep for good."""
    return Before(
        proofs=now - timedelta(days=proofs_days) if proofs_days else None,
        shipments=now - timedelta(days=shipments_days) if shipments_days else None,
        unreported=now - max(timedelta(days=shipments_days), UNREPORTED) if shipments_days else None,
    )


# When


def note_closed(conn: sqlite3.Connection, now: datetime) -> None:
    """From here the days of what was confirmed, taken back or dropped are counted: the protocol itself has no moment for it.

    What lies in the future was noted under a clock that has been set back since.
    """
    # `|| ''` keeps SQLite from going through all that was ever done, by its index of states.
    conn.execute(f"update entry set closed_at = ? where closed_at is null and state || '' in {_DONE}", (to_ms(now),))
    conn.execute("update entry set closed_at = ? where closed_at > ? and purged_at is null", (to_ms(now), to_ms(now)))


def ran_at(conn: sqlite3.Connection) -> datetime:
    return from_ms(conn.execute("select ran_at from retention").fetchone()[0])


def note_run(conn: sqlite3.Connection, now: datetime) -> None:
    conn.execute("update retention set ran_at = ?", (to_ms(now),))


def reached_at(conn: sqlite3.Connection) -> datetime | None:
    """When a walk of any account ended last: then Zendera's certificate was good, so the clock was not years wrong."""
    found = conn.execute("select max(ended_at) from walk").fetchone()[0]
    return None if found is None else from_ms(found)


def is_owed(conn: sqlite3.Connection) -> bool:
    """Something was deleted since the file was built anew."""
    return bool(conn.execute("select owed from retention").fetchone()[0])


def settle(conn: sqlite3.Connection) -> None:
    conn.execute("update retention set owed = 0")


# What


def leaving(conn: sqlite3.Connection, limits: Before) -> Leaving:
    """What `limits` would take. Shipments that only wait for their proofs are counted with them."""
    proofs = conn.execute(f"select count(*) from entry e where {PROOF_IS_OVER}", values_of(limits)).fetchone()[0]
    shipments = conn.execute(f"select count(*) from shipment s where {_SHIPMENT_IS_OVER}", values_of(limits)).fetchone()[0]
    return Leaving(proofs, shipments)


def entries_over(conn: sqlite3.Connection, limits: Before) -> list[EntryId]:
    return [EntryId(row[0]) for row in conn.execute(f"select id from entry e where {PROOF_IS_OVER}", values_of(limits))]


def shipments_over(conn: sqlite3.Connection, limits: Before) -> list[Shipped]:
    rows = conn.execute(f"select id, account, order_id from shipment s where {_SHIPMENT_IS_OVER}", values_of(limits))
    return [Shipped(row["id"], AccountId(row["account"]), OrderId(row["order_id"])) for row in rows]


def purge_entries(conn: sqlite3.Connection, entries: Sequence[EntryId], limits: Before, now: datetime) -> list[OrderId]:
    """Empties those whose time is over, with what Zendera said about their orders. Returns the orders."""
    orders = []
    for entry_id in entries:
        row = conn.execute(
            f"""update entry as e set purged_at = :now, payload = x'', words = '', answer = '', draft = null
            where id = :id and {PROOF_IS_OVER} returning account, order_id""",
            {**values_of(limits), "id": entry_id, "now": to_ms(now)},
        ).fetchone()
        if row is None:
            continue
        conn.execute("update attempt set answer = '' where entry_id = ? and answer <> ''", (entry_id,))
        filing.forget(conn, AccountId(row["account"]), OrderId(row["order_id"]), entry_id)
        conn.execute("delete from entry_picture where entry_id = ?", (entry_id,))
        _forget_timeline(conn, row["account"], row["order_id"])
        orders.append(OrderId(row["order_id"]))
    uploads.forget_unnamed(conn)
    _owe(conn, bool(orders))
    return orders


def purge_shipments(conn: sqlite3.Connection, shipments: Sequence[Shipped], limits: Before) -> list[OrderId]:
    """Deletes those whose time is over: every version, parcels, what the feed said about them, and the words they are found by."""
    gone = []
    for one in shipments:
        still = conn.execute(f"select 1 from shipment s where s.id = :id and {_SHIPMENT_IS_OVER}", {**values_of(limits), "id": one.row})
        if still.fetchone() is None:
            continue
        delete_shipment(conn, one)
        gone.append(one.order_id)
    return gone


def delete_shipment(conn: sqlite3.Connection, one: Shipped) -> None:
    """What this program knows of it; its entries stay as the audit rows that they are."""
    search.forget(conn, one.row)
    for table in (
        *("acknowledgement", "board_due", "parcel", "shipment_number", "shipment_version"),
        *("feed_change", "timeline_event", "timeline_read", "shipment"),
    ):
        conn.execute(f"delete from {table} where account = ? and order_id = ?", (one.account, one.order_id))
    _owe(conn, True)


def loose_over(conn: sqlite3.Connection, limits: Before) -> dict[str, list[int]]:
    """Rows by table that belong to no shipment of ours: unreadable ones, changes of products that we do not know, paper put aside."""
    values = values_of(limits)
    return {
        table: [row[0] for row in conn.execute(f"select rowid from {table} where {condition}", values)]
        for table, condition in _LOOSE.items()
    }


def purge_loose(conn: sqlite3.Connection, table: str, rows: Sequence[int], limits: Before) -> None:
    for row in rows:
        conn.execute(f"delete from {table} where rowid = :row and {_LOOSE[table]}", {**values_of(limits), "row": row})
    _owe(conn, bool(rows))


PROOF_IS_OVER: Final = """e.purged_at is null and e.closed_at is not null and e.closed_at <= :proofs
    and e.audit_at is null and (e.twice is null or e.twice_seen_at is not null)"""
"""Done, for long enough, and nothing about it is left to be looked at."""

IS_QUIET: Final = f"""s.account in (select id from account) and s.touched_at <= :shipments
    and ((s.to_accept = 0 and s.to_report = 0)
        or (s.touched_at <= :unreported and coalesce(s.latest, s.earliest, 0) <= :unreported))
    and (s.missed >= {WALKS_TO_BE_GONE} or not exists (select 1 from walk w where w.account = s.account and w.ended_at > :shipments))
    and not exists (select 1 from draft d where d.account = s.account and d.order_id = s.order_id)
    and not exists (select 1 from bulk_row b where b.account = s.account and b.order_id = s.order_id)
    and not exists (
        select 1 from page g where g.account = s.account and g.assigned = s.order_id and g.filed is null and g.dropped_at is null)
    and not exists (
        select 1 from page_match m join page g on g.id = m.page
        where m.account = s.account and m.order_id = s.order_id and g.filed is null and g.dropped_at is null)
    and not exists (select 1 from entry e where e.account = s.account and e.order_id = s.order_id and e.closed_at > :shipments)
    and not exists (
        select 1 from feed_change f where f.account = s.account and f.order_id = s.order_id and f.received_at > :shipments)"""
"""Nothing happened for long enough, and nothing is left to do: no draft, no paper. Nobody has anything to say about it
any more, or its time is long past (drivers report to Zendera themselves as well, and nobody at the desk ever will). It has left the
feed; of an account that nobody walked for as long, nobody can tell. The accounts are named for the index of when shipments were touched."""

_SHIPMENT_IS_OVER: Final = f"""{IS_QUIET}
    and not exists (select 1 from entry e where e.account = s.account and e.order_id = s.order_id and e.purged_at is null)"""
"""And no entry of it is open or kept."""

_PAGE_IS_OVER: Final = "filed is null and dropped_at is not null and dropped_at <= :proofs"
"""Of paper: a person put it aside. What is filed goes with its entry, and nothing else of it ever goes by itself."""

_LOOSE: Final = {
    "set_aside": "last_at <= :shipments",
    "feed_broken": "first_at <= :shipments",
    "feed_change": "order_id is null and received_at <= :shipments",
    "recent_search": "at <= :proofs",
    "page": _PAGE_IS_OVER,
    "stack": f"arrived_at <= :proofs and not exists (select 1 from page where page.stack = stack.id and not ({_PAGE_IS_OVER}))",
}


def values_of(limits: Before) -> dict[str, int | None]:
    """None is smaller than nothing: a comparison with it never holds."""
    return {"proofs": maybe_ms(limits.proofs), "shipments": maybe_ms(limits.shipments), "unreported": maybe_ms(limits.unreported)}


def _forget_timeline(conn: sqlite3.Connection, account: str, order_id: int) -> None:
    """Once all entries of the order are purged: Zendera's words about it quote ours. A later reading brings it back whole."""
    kept = conn.execute("select 1 from entry where account = ? and order_id = ? and purged_at is null limit 1", (account, order_id))
    if kept.fetchone() is None:
        conn.execute("delete from timeline_event where account = ? and order_id = ?", (account, order_id))
        conn.execute("delete from timeline_read where account = ? and order_id = ?", (account, order_id))
    projection.refresh(conn, AccountId(account), [OrderId(order_id)])  # it is found by no comment of the purged ones any more


def _owe(conn: sqlite3.Connection, deleted: bool) -> None:
    """In the transaction that deleted: a crash before the file is built anew must not be the end of it."""
    if deleted:
        conn.execute("update retention set owed = 1")


# Gone from every byte


def has_room(path: Path) -> bool:
    """Whether the file can be built anew without filling the disk under everything else that is written. Raises OSError."""
    return shutil.disk_usage(path.parent).free > 2 * path.stat().st_size + SPARE


def compact(conn: sqlite3.Connection, stopped: Callable[[], bool]) -> bool:
    """Builds the file anew from what is in it, and cuts the log. Outside of a transaction; readers go on reading meanwhile.

    Of 100,000 shipments (750 MB) it takes 7 to 13 s on two old cores, and heeds `stopped` in the first half of them.
    False: somebody stopped it, or a reader still held the log; it is to be done again.
    """
    conn.set_progress_handler(stopped, 1_000)  # steps of SQLite's machine: asked some hundred times a second
    try:
        conn.execute("vacuum")
    except sqlite3.OperationalError:
        if stopped():
            return False
        raise
    finally:
        conn.set_progress_handler(None, 0)
    patience = conn.execute("pragma busy_timeout").fetchone()[0]
    conn.execute(f"pragma busy_timeout = {READERS}")
    try:
        return not conn.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
    finally:
        conn.execute(f"pragma busy_timeout = {patience}")


def merge_index(conn: sqlite3.Connection, *, first: bool) -> bool:
    """To be called, each time in a transaction of its own, while it returns True."""
    return search.merge(conn, MERGED_PAGES, first=first)
