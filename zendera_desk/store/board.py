"""What the colli board is made of: the changes matched to a shipment, its entries, and up to when the feed is here."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from zendera_desk.domain.board import Board, board
from zendera_desk.domain.feed import ProductChange, ProductStatus
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.store.database import from_ms, maybe_from_ms
from zendera_desk.store.entries import of_order


def read(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, parcels: Sequence[Parcel]) -> tuple[Board, datetime | None]:
    """The board, and up to when all changes are here (`Spot.counts`)."""
    return board(parcels, _changes(conn, account, order_id), of_order(conn, account, order_id)), fed_until(conn, account)


def fed_until(conn: sqlite3.Connection, account: AccountId) -> datetime | None:
    """When Zendera last said that there are no more changes than those that are here; None: never yet."""
    row = conn.execute("select up_to_date_at from feed_cursor where account = ?", (account,)).fetchone()
    return None if row is None else maybe_from_ms(row["up_to_date_at"])


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
