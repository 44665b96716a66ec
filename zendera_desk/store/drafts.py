"""What stands in a form that has not been sent. One draft a shipment; it is deleted only by being sent or by a person."""

import sqlite3
from datetime import datetime

import msgspec

from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.store import projection
from zendera_desk.store.database import from_ms, to_ms


def save(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, draft: Draft, now: datetime) -> None:
    conn.execute(
        """insert into draft (account, order_id, saved_at, content) values (?, ?, ?, ?)
        on conflict (account, order_id) do update set saved_at = excluded.saved_at, content = excluded.content""",
        (account, order_id, to_ms(now), msgspec.json.encode(draft).decode()),
    )
    projection.refresh(conn, account, [order_id])


def discard(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> None:
    conn.execute("delete from draft where account = ? and order_id = ?", (account, order_id))
    projection.refresh(conn, account, [order_id])


def saved_at(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> datetime | None:
    row = conn.execute("select saved_at from draft where account = ? and order_id = ?", (account, order_id)).fetchone()
    return None if row is None else from_ms(row["saved_at"])


def load(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> Draft | None:
    """Raises StoreError("damaged") where it cannot be read."""
    row = conn.execute("select content from draft where account = ? and order_id = ?", (account, order_id)).fetchone()
    try:
        return None if row is None else msgspec.json.decode(row["content"], type=Draft)
    except ValueError as error:
        raise StoreError("damaged", words=f"draft of shipment {order_id}: {error}") from error
