"""The product feed as stored: changes and cursor in one transaction, each change once, matched to its shipment where known."""

import hashlib
import sqlite3
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.feed import FeedPage, ProductChange
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.views import FeedCursor
from zendera_desk.store.database import from_ms, maybe_from_ms, to_ms

OVERLAP: Final = timedelta(hours=1)
"""After a refused token so much is read again: changes need not come in the order of their times."""


def start(conn: sqlite3.Connection, account: AccountId, since: datetime) -> tuple[str, datetime | None]:
    """Where to go on: the stored token, or, the very first time (and after a refused token), a moment to start from."""
    conn.execute("insert into feed_cursor (account, since) values (?, ?) on conflict (account) do nothing", (account, to_ms(since)))
    row = conn.execute("select token, since from feed_cursor where account = ?", (account,)).fetchone()
    return row["token"], maybe_from_ms(row["since"])


def put_page(conn: sqlite3.Connection, account: AccountId, page: FeedPage, now: datetime) -> list[int]:
    """Stores the page's changes and its token together; a change that is there already is passed over. Returns the new rows' ids."""
    before = conn.execute("select ifnull(max(id), 0) from feed_change").fetchone()[0]
    received_at = to_ms(now)
    conn.executemany(_PUT, [_row(account, change, received_at) for change in page.changes])
    conn.executemany(
        "insert into feed_broken (account, sha256, original, first_at) values (?, ?, ?, ?) on conflict do nothing",
        [(account, hashlib.sha256(row).hexdigest(), row, received_at) for row in page.broken],
    )
    if page.token:
        conn.execute("update feed_cursor set token = ?, since = null where account = ?", (page.token, account))
    if not page.has_next:
        conn.execute("update feed_cursor set up_to_date_at = ? where account = ?", (received_at, account))
    return [row[0] for row in conn.execute("select id from feed_change where id > ? order by id", (before,))]


def restart(conn: sqlite3.Connection, account: AccountId, now: datetime, fallback: datetime) -> datetime:
    """The token was refused: go on from the newest stored change, with an overlap, and mark that a gap is possible.

    A change that claims to be from the future is no place to go on from: all until then would be missed.
    """
    newest = conn.execute("select max(at) from feed_change where account = ? and at <= ?", (account, to_ms(now))).fetchone()[0]
    since = fallback if newest is None else from_ms(newest) - OVERLAP
    conn.execute("update feed_cursor set token = '', since = ?, gap_at = ? where account = ?", (to_ms(since), to_ms(now), account))
    conn.execute("insert into feed_gap (account, at) values (?, ?) on conflict do nothing", (account, to_ms(now)))
    return since


def cursor(conn: sqlite3.Connection, account: AccountId) -> FeedCursor:
    row = conn.execute("select up_to_date_at, gap_at from feed_cursor where account = ?", (account,)).fetchone()
    if row is None:
        return FeedCursor()
    return FeedCursor(up_to_date_at=maybe_from_ms(row["up_to_date_at"]), gap_at=maybe_from_ms(row["gap_at"]))


def match(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> None:
    """Joins stored changes that match nothing yet to a shipment that just arrived."""
    conn.execute(
        """update feed_change set order_id = :order_id where account = :account and order_id is null
            and product_id in (select product_id from parcel where account = :account and order_id = :order_id)""",
        {"account": account, "order_id": order_id},
    )
    parcels = conn.execute(
        "select internal_number, barcode from parcel where account = ? and order_id = ? order by place", (account, order_id)
    ).fetchall()
    numbers = [row[name] for name in ("internal_number", "barcode") for row in parcels if row[name]]
    for number in dict.fromkeys(numbers):
        if _order_of_number(conn, account, number) == order_id:
            conn.execute(
                """update feed_change set order_id = ? where account = ? and product_number = ? and order_id is null
                    and not exists (
                        select 1 from parcel p where p.account = feed_change.account and p.product_id = feed_change.product_id)""",
                (order_id, account, number),
            )


def _row(account: AccountId, change: ProductChange, received_at: int) -> tuple[object, ...]:
    """As `_PUT` wants it."""
    return (
        account,
        to_ms(change.at),
        change.product_id,
        change.product_number,
        change.location_id,
        change.location_number,
        change.stop and change.stop.value,
        change.status.value,
        change.status_word,
        change.original,
        received_at,
    )


def _single(column: str, number: str) -> str:
    """The one shipment with a parcel of this number; null where there are several. Both ends of an index: a number may be of thousands."""
    of_number = f"from parcel p where p.account = c.account and p.{column} = {number} and p.{column} <> ''"
    return (
        f"(select iif(low = high, low, null) from (select (select min(order_id) {of_number}) low, (select max(order_id) {of_number}) high))"
    )


_HAS_NUMBER: Final = "exists (select 1 from parcel p where p.account = c.account and p.internal_number = c.product_number)"
_PUT: Final = f"""with c (account, at, product_id, product_number, location_id, location_number, stop, status, status_word, original,
        received_at) as (values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
    insert into feed_change (account, at, product_id, product_number, location_id, location_number, stop, status, status_word, original,
        received_at, order_id)
    select c.*, coalesce(
        (select p.order_id from parcel p where p.account = c.account and p.product_id = c.product_id),
        case when c.product_number = '' then null
            when {_HAS_NUMBER} then {_single("internal_number", "c.product_number")}
            else {_single("barcode", "c.product_number")} end)
    from c where true on conflict do nothing"""
"""A change with its shipment: the one with this product; else by number, and then only where a single shipment has it, because numbers can
name a kind of product. A barcode counts where nothing has it as its number. One statement finds and writes: a week is a million changes."""


def _order_of_number(conn: sqlite3.Connection, account: AccountId, number: str) -> OrderId | None:
    """As `_PUT` does it."""
    for column in ("internal_number", "barcode"):
        found = conn.execute(  # `<> ''` says that the index of those that have one will do
            f"select distinct order_id from parcel where account = ? and {column} = ? and {column} <> '' limit 2", (account, number)
        )
        rows = found.fetchall()
        if rows:
            return OrderId(rows[0]["order_id"]) if len(rows) == 1 else None
    return None
