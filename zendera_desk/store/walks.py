"""What a whole walk of the export says: which shipments are still offered, and therefore which accepts arrived."""

import sqlite3
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from zendera_desk.domain.errors import LinkCode
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import State, Why
from zendera_desk.domain.standing import WALKS_TO_BE_GONE
from zendera_desk.store import outbox, projection
from zendera_desk.store.database import to_ms
from zendera_desk.store.shipments import chunks


def finish(
    conn: sqlite3.Connection,
    account: AccountId,
    seen: AbstractSet[OrderId],
    *,
    clean: bool,
    began: datetime,
    settle: timedelta,
    now: datetime,
) -> tuple[set[OrderId], set[EntryId]]:
    """Notes the walk's end. Only a clean one says who is gone and decides accepts. Returns the shipments and entries it changed."""
    conn.execute(
        """insert into walk (account, number, ended_at, clean) values (?, 1, ?, ?)
        on conflict (account) do update set number = walk.number + 1, ended_at = excluded.ended_at, clean = excluded.clean""",
        (account, to_ms(now), clean),
    )
    if not clean:
        return set(), set()
    shipments = _count_missed(conn, account, seen)
    decided = _decide_unclear(conn, account, seen, began, now) | _confirm_sent(conn, account, seen, began, settle)
    return shipments | {order for order, _ in decided}, {entry for _, entry in decided}


def _count_missed(conn: sqlite3.Connection, account: AccountId, seen: AbstractSet[OrderId]) -> set[OrderId]:
    # The number itself, so that SQLite sees that its index of watched shipments fits.
    watched = conn.execute(f"select order_id from shipment where account = ? and missed < {WALKS_TO_BE_GONE}", (account,)).fetchall()
    missing = {OrderId(row["order_id"]) for row in watched} - seen
    back: set[OrderId] = set()
    for part in chunks(seen):
        marks = ", ".join("?" * len(part))
        rows = conn.execute(
            f"update shipment set missed = 0 where account = ? and missed > 0 and order_id in ({marks}) returning order_id",
            (account, *part),
        )
        back |= {OrderId(row["order_id"]) for row in rows}
    conn.executemany(
        "update shipment set missed = missed + 1 where account = ? and order_id = ?", [(account, order_id) for order_id in missing]
    )
    projection.refresh(conn, account, missing | back)
    return missing | back


def _decide_unclear(
    conn: sqlite3.Connection, account: AccountId, seen: AbstractSet[OrderId], began: datetime, now: datetime
) -> set[tuple[OrderId, EntryId]]:
    """An accept that may have arrived: gone from the feed means received, still there means not received.

    `next_at` is when it has settled. One that Zendera refused the last time, and still offers, was really refused: to send
    it again would go on for ever, so a person sees Zendera's words.
    """
    decided = set()
    for entry in outbox.accepts(conn, account, State.UNCLEAR):
        if entry.next_at > began:
            continue
        if entry.order_id not in seen:
            outbox.move(conn, entry.id, State.CONFIRMED, seen_by="walk", code="")
        elif entry.code == LinkCode.REFUSED:
            outbox.move(conn, entry.id, State.NEEDS_PERSON)
        else:
            outbox.move(conn, entry.id, State.DUE, next_at=now, code=Why.NOT_ARRIVED)
        decided.add((entry.order_id, entry.id))
    return decided


def _confirm_sent(
    conn: sqlite3.Connection, account: AccountId, seen: AbstractSet[OrderId], began: datetime, settle: timedelta
) -> set[tuple[OrderId, EntryId]]:
    decided = set()
    for entry in outbox.accepts(conn, account, State.SENT):
        if entry.ended_at is None or entry.ended_at > began:
            continue
        if entry.order_id not in seen:
            outbox.move(conn, entry.id, State.CONFIRMED, seen_by="walk", code="")
        elif entry.ended_at <= began - settle and entry.code != Why.STILL_OFFERED:
            outbox.move(conn, entry.id, State.SENT, code=Why.STILL_OFFERED)
        else:
            continue
        decided.add((entry.order_id, entry.id))
    return decided
