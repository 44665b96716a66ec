"""What the colli board is made of, and the view of the shipments where the feed does not fit what was reported.

A board is a pure function (domain/board.py). That something differs is kept in columns, so that the view is an index and its count a
tally. What a page of the feed touched is noted, and looked at when the feed is up to date: while a week is caught up with, every
shipment would be looked at a hundred times for a state that is over already.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from zendera_desk.domain.board import Board, board
from zendera_desk.domain.feed import ProductChange, ProductStatus
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.store.database import from_ms, maybe_from_ms, maybe_ms
from zendera_desk.store.entries import of_order

AT_ONCE: Final = 200
"""Shipments that are looked at in one transaction: some ten milliseconds."""


def read(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, parcels: Sequence[Parcel]) -> tuple[Board, datetime | None]:
    """The board, and up to when all changes are here (`Spot.counts`)."""
    return board(parcels, _changes(conn, account, order_id), of_order(conn, account, order_id)), fed_until(conn, account)


def fed_until(conn: sqlite3.Connection, account: AccountId) -> datetime | None:
    """When Zendera last said that there are no more changes than those that are here; None: never yet."""
    row = conn.execute("select up_to_date_at from feed_cursor where account = ?", (account,)).fetchone()
    return None if row is None else maybe_from_ms(row["up_to_date_at"])


def differs(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, entries: Sequence[Entry]) -> tuple[bool, int | None]:
    """Whether something differs for certain, and from which moment of the feed on it does (milliseconds; None: nothing is found)."""
    changes = _changes(conn, account, order_id)
    since = board(_parcels(conn, account, order_id), changes, entries).differs_from()
    until = fed_until(conn, account)
    return since is not None and until is not None and until >= since, maybe_ms(since)


def note(conn: sqlite3.Connection, account: AccountId, orders: Iterable[OrderId]) -> None:
    """The feed said something about these."""
    conn.execute(
        "update shipment set board_due = 1 where account = ? and order_id in (select value from json_each(?)) and board_due = 0",
        (account, msgspec.json.encode(list(orders)).decode()),
    )


def settle(conn: sqlite3.Connection, account: AccountId) -> tuple[set[OrderId], bool]:
    """Looks at some of those that are noted, and at what the feed had its time for. Returns what changed, and whether there are more."""
    due = conn.execute(  # left to itself SQLite takes any index of the account's, and goes through all of it
        "select order_id, differs, differs_from from shipment indexed by shipment_board_due where account = ? and board_due = 1 limit ?",
        (account, AT_ONCE),
    ).fetchall()
    changed: set[OrderId] = set()
    for row in due:
        order = OrderId(row["order_id"])
        found = differs(conn, account, order, of_order(conn, account, order))
        if found != (bool(row["differs"]), row["differs_from"]):
            changed.add(order)
        conn.execute(
            "update shipment set differs = ?, differs_from = ?, board_due = 0 where account = ? and order_id = ?", (*found, account, order)
        )
    late = conn.execute(
        """update shipment set differs = 1 where account = :account and differs = 0 and differs_from is not null
            and differs_from <= (select up_to_date_at from feed_cursor where account = :account) returning order_id""",
        {"account": account},
    ).fetchall()
    return changed | {OrderId(row["order_id"]) for row in late}, len(due) == AT_ONCE


def _parcels(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[Parcel]:
    """As far as changes are matched to them."""
    rows = conn.execute(
        "select product_id, internal_number, barcode from parcel where account = ? and order_id = ? order by place", (account, order_id)
    )
    return [Parcel(product_id=row["product_id"], internal_number=row["internal_number"], barcode=row["barcode"]) for row in rows]


def _changes(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[ProductChange]:
    rows = conn.execute(
        """select at, product_id, product_number, stop, status, status_word from feed_change
        where account = ? and order_id = ? order by id""",
        (account, order_id),
    )
    return [
        ProductChange(
            at=from_ms(row["at"]),
            product_id=row["product_id"],
            product_number=row["product_number"],
            stop=StopKind(row["stop"]) if row["stop"] else None,
            status=ProductStatus(row["status"]),
            status_word=row["status_word"],
        )
        for row in rows
    ]
