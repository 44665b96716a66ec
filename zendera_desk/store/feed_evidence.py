"""What the product feed proves: a completed stop whose every product Zendera shows as completed has been received."""

import sqlite3
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

import msgspec

from zendera_desk.domain.feed import FeedPage
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.store import board, feed, outbox
from zendera_desk.store.entries import of_order


class Taken(NamedTuple):
    """What a page of the feed brought."""

    new: int
    orders: set[OrderId]
    """Whose products it speaks of."""
    confirmed: set[EntryId]


def take(conn: sqlite3.Connection, account: AccountId, page: FeedPage, now: datetime) -> Taken:
    """The page, its token and what it proves, in one transaction."""
    new = feed.put_page(conn, account, page, now)
    return Taken(len(new), *confirm(conn, account, new))


def confirm(conn: sqlite3.Connection, account: AccountId, changes: Sequence[int]) -> tuple[set[OrderId], set[EntryId]]:
    """Confirms sent reports that these new changes bear out. Returns the shipments the changes belong to, and the entries confirmed."""
    if not changes:
        return set(), set()
    rows = conn.execute(
        "select distinct order_id from feed_change where id in (select value from json_each(?)) and order_id is not null", (_list(changes),)
    )
    orders = {OrderId(row["order_id"]) for row in rows}
    board.note(conn, account, orders)
    return orders, {entry for order_id in _waiting(conn, account, orders) for entry in confirm_order(conn, account, order_id)}


def _waiting(conn: sqlite3.Connection, account: AccountId, orders: AbstractSet[OrderId]) -> list[OrderId]:
    """Those of these that have a report that a change may confirm."""
    rows = conn.execute(
        """select distinct order_id from entry where account = ? and order_id in (select value from json_each(?))
            and state = 'sent' and kind = 'report' and status = 'COMPLETE'""",
        (account, _list(orders)),
    )
    return [OrderId(row["order_id"]) for row in rows]


def _list(ids: Iterable[int]) -> str:
    """For `json_each`: thousands in one statement, whatever their number; whole numbers keep all their 64 bits there."""
    return msgspec.json.encode(list(ids)).decode()


def confirm_order(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[EntryId]:
    """Confirms the order's sent reports that the stored changes bear out, also those that came before the answer did."""
    confirmed = []
    for entry in of_order(conn, account, order_id):
        if entry.kind is not Kind.REPORT or entry.state is not State.SENT or entry.status is not Status.COMPLETE:
            continue
        if _all_completed(conn, account, order_id, entry.id):
            outbox.move(conn, entry.id, State.CONFIRMED, seen_by="feed", code="")
            confirmed.append(entry.id)
    return confirmed


def _all_completed(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, entry: EntryId) -> bool:
    """Every product of the shipment was said to be completed at the report's stop, by a change that came after the report left."""
    row = conn.execute(
        """with sent as (
            select e.stop, (select max(started_at) from attempt where entry_id = e.id) started_at from entry e where e.id = :entry
        )
        select count(*) products, sum(exists (
            select 1 from feed_change f, sent where f.account = p.account and f.order_id = p.order_id and f.stop = sent.stop
                and f.status = 'COMPLETED' and f.received_at >= sent.started_at
                and (f.product_id = p.product_id or (p.product_id is null and f.product_number = p.internal_number))
        )) completed
        from parcel p where p.account = :account and p.order_id = :order_id""",
        {"account": account, "order_id": order_id, "entry": entry},
    ).fetchone()
    return bool(row["products"]) and row["products"] == row["completed"]
