"""The product feed as stored: changes and cursor in one transaction, each change once, matched to its shipment where known."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Final

from zendera_desk.domain.feed import FeedPage, NewChange
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.views import FeedCursor
from zendera_desk.store import board
from zendera_desk.store.database import from_ms, json_list, maybe_from_ms, to_ms

TOGETHER: Final = (2_000, 250)
"""Changes that one statement stores, where SQLite takes so many values: after each one Python's lock is waited for. In few sizes,
because each size is a statement of its own, and to compile one takes as long as to run it. What is left over is a size of its own."""
OVERLAP: Final = timedelta(hours=1)
"""After a refused token so much is read again: changes need not come in the order of their times."""


def start(conn: sqlite3.Connection, account: AccountId, since: datetime) -> tuple[str, datetime | None]:
    """Where to go on: the stored token, or, the very first time (and after a refused token), a moment to start from."""
    conn.execute("insert into feed_cursor (account, since) values (?, ?) on conflict (account) do nothing", (account, to_ms(since)))
    row = conn.execute("select token, since from feed_cursor where account = ?", (account,)).fetchone()
    return row["token"], maybe_from_ms(row["since"])


class NotNextError(Exception):
    """The page before could not be stored: with this one's token it would be passed over for good."""


def put_page(conn: sqlite3.Connection, account: AccountId, page: FeedPage, now: datetime, after: str | None = None) -> tuple[int, int]:
    """Stores the page's changes and its token together; a change that is there already is passed over. Returns the id after which the new
    ones are, and how many.

    `after`: the token with which the page was asked for. Raises NotNextError where another one is stored; None: that is known.
    """
    received_at = to_ms(now)
    row = conn.execute(
        """insert into feed_cursor (account, token, up_to_date_at) values (:account, :token, iif(:more, null, :now))
        on conflict (account) do update set token = iif(:token = '', token, :token), since = iif(:token = '', since, null),
            up_to_date_at = ifnull(excluded.up_to_date_at, up_to_date_at) where :after is null or token = :after
        returning (select ifnull(max(id), 0) from feed_change)""",
        {"account": account, "token": page.token, "more": page.has_next, "now": received_at, "after": after},
    ).fetchone()
    if row is None:
        raise NotNextError
    before, new = int(row[0]), 0
    for part in _parts(page.changes, (conn.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) - 2) // len(NewChange._fields)):
        new += conn.execute(_put(len(part)), [account, received_at, *chain.from_iterable(part)]).rowcount
    if page.broken:
        conn.executemany(
            "insert into feed_broken (account, sha256, original, first_at) values (?, ?, ?, ?) on conflict do nothing",
            [(account, hashlib.sha256(row).hexdigest(), row, received_at) for row in page.broken],
        )
    return before, new


def _parts(changes: Sequence[NewChange], most: int) -> Iterator[Sequence[NewChange]]:
    sizes = [size for size in TOGETHER if size <= most]
    start = 0
    while left := len(changes) - start:
        size = next((size for size in sizes if size <= left), min(left, most))
        yield changes[start : start + size]
        start += size


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
    row = conn.execute(
        """select up_to_date_at, gap_at,
            (select first_at from feed_broken where account = :account and first_at > 0 order by first_at desc limit 1) unreadable_at
        from feed_cursor where account = :account""",
        {"account": account},
    ).fetchone()
    if row is None:
        return FeedCursor()
    return FeedCursor(
        up_to_date_at=maybe_from_ms(row["up_to_date_at"]),
        gap_at=maybe_from_ms(row["gap_at"]),
        unreadable_at=maybe_from_ms(row["unreadable_at"]),
    )


def match(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> None:
    """Joins what is stored to a shipment that just arrived, or that Zendera changed. Whose board reads differently by that is noted.

    What was joined by a number alone stays where it is when another shipment with that number comes later: shippers use numbers again, and
    the boards of what was delivered long ago would lose what the feed said of them.
    """
    values = {"account": account, "order_id": order_id}
    its = f"indexed by feed_change_product {{}} where {_OWN_CHANGES}"
    moves = conn.execute(f"select distinct order_id from feed_change {its.format('')} and order_id <> :order_id", values).fetchall()
    board.note(conn, account, [OrderId(row["order_id"]) for row in moves])
    conn.execute(f"update feed_change {its.format('set order_id = :order_id, by_id = 1')}", values)
    _let_go(conn, account, order_id)
    parcels = conn.execute(
        "select internal_number, barcode from parcel where account = ? and order_id = ? order by place", (account, order_id)
    ).fetchall()
    for number in dict.fromkeys(row[name] for name in ("internal_number", "barcode") for row in parcels if row[name]):
        loose = "account = :account and product_number = :number and order_id is null"
        for alone in (False, True):
            if _order_of_number(conn, account, number, alone=alone) == order_id:
                conn.execute(
                    f"""update feed_change set order_id = :order_id where {loose} and product_id is {"not null" if alone else "null"}
                        and not exists (
                            select 1 from parcel p where p.account = feed_change.account and p.product_id = feed_change.product_id)""",
                    {**values, "number": number},
                )


def find_anew(conn: sqlite3.Connection, changes: Sequence[int]) -> set[tuple[AccountId, OrderId]]:
    """Joins these changes to what is here, whatever they were joined to. Returns whose they are."""
    listed = json_list(changes)
    conn.execute(
        f"""update feed_change as c set order_id = coalesce({_OWN}, {_BY_NUMBER}), by_id = {_OWN} is not null
        where c.id in (select value from json_each(?))""",
        (listed,),
    )
    rows = conn.execute(
        "select distinct account, order_id from feed_change where id in (select value from json_each(?)) and order_id is not null",
        (listed,),
    )
    return {(AccountId(row["account"]), OrderId(row["order_id"])) for row in rows}


def _let_go(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> None:
    """A parcel had no id, and now it has one: a change that was joined by its number and has another id is about something else."""
    of_number = (
        "from parcel p where p.account = c.account and p.order_id = c.order_id and c.product_number in (p.internal_number, p.barcode)"
    )
    rows = conn.execute(  # `+`, and the index by name: left to itself SQLite goes through everything that has a product's id
        f"""select c.id from feed_change c indexed by feed_change_order where c.account = ? and c.order_id = ? and c.by_id = 0
            and c.product_id is not null and c.product_number <> '' and exists (select 1 {of_number} and +p.product_id is not null)
            and not exists (select 1 {of_number} and +p.product_id is null)""",
        (account, order_id),
    ).fetchall()
    if rows:
        for owner, order in find_anew(conn, [row["id"] for row in rows]):
            board.note(conn, owner, [order])


_OWN_CHANGES: Final = """account = :account and by_id = 0 and product_id in (
    select product_id from parcel where account = :account and order_id = :order_id and +product_id is not null)"""
"""Changes of the products of one shipment that do not stand there for certain yet. Without the `+` SQLite would go through the
products of all shipments."""


def _single(column: str, *, alone: bool) -> str:
    """The one shipment with a parcel of this number; null where there are several. Both ends of an index: a number may be of thousands."""
    of_number = _of_number(column, alone=alone)
    return (
        f"(select iif(low = high, low, null) from (select (select min(order_id) {of_number}) low, (select max(order_id) {of_number}) high))"
    )


def _of_number(column: str, *, alone: bool) -> str:
    index = f"parcel_{'number' if column == 'internal_number' else 'barcode'}{'_alone' if alone else ''}"
    condition = f"p.account = c.account and p.{column} = c.product_number and p.{column} <> ''"
    return f"from parcel p indexed by {index} where {condition}{' and p.product_id is null' if alone else ''}"


def _by_number(*, alone: bool) -> str:
    has_number = f"exists (select 1 {_of_number('internal_number', alone=alone)})"
    return f"case when {has_number} then {_single('internal_number', alone=alone)} else {_single('barcode', alone=alone)} end"


_OWN: Final = "(select p.order_id from parcel p where p.account = c.account and p.product_id = c.product_id limit 1)"
_BY_NUMBER: Final = f"""case when c.product_number = '' then null
    when c.product_id is null then {_by_number(alone=False)} else {_by_number(alone=True)} end"""
_COLUMNS: Final = ", ".join(NewChange._fields)
_ROW: Final = f"({', '.join('?' for _ in NewChange._fields)})"


@lru_cache(maxsize=8)
def _put(rows: int) -> str:
    """Changes with their shipments: the one with this product; else by number, and then only where a single shipment has it, because
    numbers can name a kind of product, and never one whose product has another id. A barcode counts where nothing has it as its number.

    One statement finds and writes, and many rows at once: a week is a million changes, and between two statements the writer's thread
    would wait for the window's. What is the same in all of them, the account and when they came, is given once and comes first: giving
    values to a statement is a quarter of the work.
    """
    return f"""insert into feed_change (account, received_at, {_COLUMNS}, order_id, by_id)
        with c (account, received_at, {_COLUMNS}) as (select ?, ?, * from (values {", ".join([_ROW] * rows)}))
        select c.*, coalesce(own.order_id, {_BY_NUMBER}), own.order_id is not null
        from c left join parcel own on own.account = c.account and own.product_id = c.product_id where true on conflict do nothing"""


def _order_of_number(conn: sqlite3.Connection, account: AccountId, number: str, *, alone: bool) -> OrderId | None:
    """As `_put` does it."""
    row = conn.execute(
        f"select {_by_number(alone=alone)} from (select :account account, :number product_number) c", {"account": account, "number": number}
    ).fetchone()
    return None if row[0] is None else OrderId(row[0])
