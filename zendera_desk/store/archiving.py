"""Takes old shipments out of the database into a file of their own (archives.py).

What a person calls done and has left alone since a day that they chose: the conditions are those by which retention deletes a
shipment, and nothing of it may be open. With a shipment go all its versions, its parcels, what the feed and the timeline said, its
entries with every try, and the pictures as they were sent; what retention has let go is not there to go along. The feed's changes
that belong to no shipment go by the same day.

The file (archive_file.py) is written beside its place, synced, looked through, and only then called by its name; and only what reads
the same in both is taken out of the database then, a few shipments at a time. In the database stays what retention leaves as well:
the audit row of each entry, emptied through the same narrow door, so that no row of the outbox is ever deleted. The order of the steps:

1. the file, under another name        a death here: the half is deleted, nothing has happened
2. the note `archiving` in the database          the same: without the file the note means nothing
3. the file gets its name              from here on a start goes on taking out
4. shipments leave the database, few in each transaction: each is there whole, or not at all
5. what has changed meanwhile stays in the database, and is taken out of the file
6. the note goes
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from zendera_desk.domain.archives import WouldGo
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.store import retention
from zendera_desk.store.database import from_ms, maybe_from_ms, to_ms
from zendera_desk.store.retention import IS_QUIET, PROOF_IS_OVER, UNREPORTED, Before, Shipped

AT_ONCE: Final = 10
"""Shipments that leave the database in one transaction: a click waits for so many at most."""
CHANGES: Final = 2_000
"""Changes of the feed that leave the database in one transaction."""

_MAY_GO: Final = f"""s.account = :account and {IS_QUIET} and s.needs_me = 0
    and not exists (
        select 1 from entry e where e.account = s.account and e.order_id = s.order_id and e.purged_at is null
            and not (e.state in ('confirmed', 'taken_back', 'dropped') and {PROOF_IS_OVER}))"""

LOOSE: Final = "account = :account and order_id is null and received_at <= :shipments"


class Note(NamedTuple):
    """Which archive's shipments are being taken out."""

    file: str
    until: datetime


class Mark(msgspec.Struct, frozen=True):
    """By what a shipment in the archive is told from what it has become since: grown in one of these."""

    seen_at: int
    purged: int
    version: int
    touched_at: int
    entries: int
    newest_entry: int
    attempts: int
    deeds: int
    changes: int
    newest_change: int
    events: int
    newest_event: int
    read_at: int

    def covers(self, other: "Mark") -> bool:
        """Whether it is the same shipment, with nothing less. One that Zendera offered once more after it was taken out is another."""
        if (self.seen_at, self.purged) != (other.seen_at, other.purged):
            return False
        mine, others = msgspec.structs.astuple(self), msgspec.structs.astuple(other)
        return all(one >= each for one, each in zip(mine, others, strict=True))


def limits_of(until: datetime, now: datetime) -> Before:
    """By which day: as retention's, all the same for what waits for a person (retention.UNREPORTED)."""
    return Before(proofs=until, shipments=until, unreported=min(until, now - UNREPORTED))


# In the database


def may_go(conn: sqlite3.Connection, account: AccountId, limits: Before) -> list[Shipped]:
    rows = conn.execute(f"select s.id, s.account, s.order_id from shipment s where {_MAY_GO}", values_of(account, limits))
    return [Shipped(row["id"], AccountId(row["account"]), OrderId(row["order_id"])) for row in rows]


def would_go(conn: sqlite3.Connection, account: AccountId, limits: Before) -> WouldGo:
    """How much would go. The file takes its share of the database, and the pictures theirs."""
    going, oldest, pictures, every, whole = conn.execute(
        f"""with going as materialized (select s.order_id, s.seen_at from shipment s where {_MAY_GO})
        select count(*), min(seen_at),
            (select ifnull(sum(p.size), 0) from picture p where p.id in (
                select n.picture_id from going g join entry e on e.account = :account and e.order_id = g.order_id
                join entry_picture n on n.entry_id = e.id)),
            (select count(*) from shipment),
            (select page_count * page_size from pragma_page_count(), pragma_page_size())
        from going""",
        values_of(account, limits),
    ).fetchone()
    return WouldGo(shipments=going, oldest=maybe_from_ms(oldest), size=pictures + whole * going // (every or 1))


def pending(conn: sqlite3.Connection) -> Note | None:
    row = conn.execute("select file, until from archiving").fetchone()
    return None if row is None else Note(row["file"], from_ms(row["until"]))


def note(conn: sqlite3.Connection, file: str, until: datetime) -> None:
    conn.execute("insert into archiving (id, file, until) values (1, ?, ?)", (file, to_ms(until)))


def settle(conn: sqlite3.Connection) -> None:
    conn.execute("delete from archiving")


def take_out(
    conn: sqlite3.Connection, account: AccountId, marked: Sequence[tuple[OrderId, Mark]], limits: Before, now: datetime
) -> list[OrderId]:
    """Deletes those of these that still read as in the archive. Returns the orders that are gone."""
    gone = []
    for order_id, mark in marked:
        row = conn.execute(
            f"select s.id from shipment s where s.order_id = :order_id and {_MAY_GO}", {**values_of(account, limits), "order_id": order_id}
        ).fetchone()
        if row is None or mark_of(conn, account, order_id) != mark:
            continue
        retention.delete_shipment(conn, Shipped(row["id"], account, order_id))
        kept = conn.execute("select id from entry where account = ? and order_id = ? and purged_at is null", (account, order_id))
        retention.purge_entries(conn, [EntryId(each["id"]) for each in kept.fetchall()], limits, now)
        gone.append(order_id)
    return gone


def take_out_changes(conn: sqlite3.Connection, account: AccountId, changes: Sequence[tuple[int, int]]) -> None:
    """Those that still belong to no shipment, by their number and when they were received."""
    conn.executemany(
        "delete from feed_change where id = ? and received_at = ? and account = ? and order_id is null",
        [(*change, account) for change in changes],
    )
    conn.execute("update retention set owed = 1")


def still_here(conn: sqlite3.Connection, account: AccountId, marks: Sequence[tuple[OrderId, Mark]]) -> list[OrderId]:
    """Shipments of an archive that the database has as well, and knows no less of: something has happened to them since."""
    found = ((order_id, mark, mark_of(conn, account, order_id)) for order_id, mark in marks)
    return [order_id for order_id, mark, here in found if here is not None and here.covers(mark)]


def mark_of(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> Mark | None:
    """None: there is no such shipment."""
    row = conn.execute(
        """select s.seen_at, count(e.purged_at), s.version, s.touched_at, count(e.id), ifnull(max(e.id), 0),
            (select count(*) from attempt a join entry e on e.id = a.entry_id where e.account = s.account and e.order_id = s.order_id),
            (select count(*) from deed d join entry e on e.id = d.entry_id where e.account = s.account and e.order_id = s.order_id)
                + (select count(*) from acknowledgement a where a.account = s.account and a.order_id = s.order_id),
            (select count(*) from feed_change f where f.account = s.account and f.order_id = s.order_id),
            (select ifnull(max(id), 0) from feed_change f where f.account = s.account and f.order_id = s.order_id),
            (select count(*) from timeline_event t where t.account = s.account and t.order_id = s.order_id),
            (select ifnull(max(id), 0) from timeline_event t where t.account = s.account and t.order_id = s.order_id),
            (select ifnull(max(read_at), 0) from timeline_read t where t.account = s.account and t.order_id = s.order_id)
        from shipment s left join entry e on e.account = s.account and e.order_id = s.order_id
        where s.account = ? and s.order_id = ? group by s.id""",
        (account, order_id),
    ).fetchone()
    return None if row is None else Mark(*row)


def values_of(account: AccountId, limits: Before) -> dict[str, int | str | None]:
    return {"account": account, **retention.values_of(limits)}
