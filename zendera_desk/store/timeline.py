"""What Zendera's timelines showed when they were read: written only from what Zendera said, each event once, never changed.

The strikes of an order, the history, the warning that somebody else has reported the same and the audits all read from here.
"""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.recognition import fits
from zendera_desk.domain.views import Shown, Timeline
from zendera_desk.store import projection
from zendera_desk.store.database import from_ms, maybe_from_ms, maybe_ms, to_ms
from zendera_desk.store.entries import of_order

MOST: Final = 200
"""Events that are kept of one reading: of an order that says more, the newest."""
_LONGEST_REASON: Final = 500
_COLUMNS: Final = "type, status, location, at, noted_at, success, failure_reason"


def put(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, events: Sequence[TimelineEvent], now: datetime) -> bool:
    """Notes a reading; what was there already stays as it is. Says whether anything was new."""
    conn.execute(
        "insert into timeline_read values (?, ?, ?) on conflict (account, order_id) do update set read_at = excluded.read_at",
        (account, order_id, to_ms(now)),
    )
    alike: Counter[tuple[object, ...]] = Counter()
    new = 0
    for event in events[-MOST:]:
        values = _values(event)
        cursor = conn.execute(
            f"""insert into timeline_event (account, order_id, {_COLUMNS}, place, first_seen_at)
            values ({", ".join("?" * 11)}) on conflict do nothing""",
            (account, order_id, *values, alike[values], to_ms(now)),
        )
        alike[values] += 1
        new += cursor.rowcount
    if new:
        projection.refresh(conn, account, [order_id])
    return bool(new)


def _values(event: TimelineEvent) -> tuple[str | int | None, ...]:
    success = None if event.success is None else int(event.success)
    reason = event.failure_reason[-_LONGEST_REASON:]  # from its end: that is where our reference stands
    return event.type, event.status, event.location, maybe_ms(event.at), maybe_ms(event.noted_at), success, reason


def events(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[TimelineEvent]:
    return [_event(row) for row in _rows(conn, account, order_id)]


def timeline(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> Timeline:
    """All that was ever shown for the order, the oldest first, with the entries of ours that are recognised in it."""
    ours = of_order(conn, account, order_id)
    shown = []
    for row in _rows(conn, account, order_id):
        event = _event(row)
        entry = next((entry.id for entry in ours if fits(entry, event)), None)
        shown.append(Shown(event=event, first_seen_at=from_ms(row["first_seen_at"]), entry=entry))
    return Timeline(read_at=read_at(conn, account, order_id), shown=tuple(shown))


def read_at(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> datetime | None:
    row = conn.execute("select read_at from timeline_read where account = ? and order_id = ?", (account, order_id)).fetchone()
    return None if row is None else from_ms(row["read_at"])


def _rows(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[sqlite3.Row]:
    return conn.execute(
        f"select {_COLUMNS}, first_seen_at from timeline_event where account = ? and order_id = ? order by id", (account, order_id)
    ).fetchall()


def _event(row: sqlite3.Row) -> TimelineEvent:
    return TimelineEvent(
        type=row["type"],
        status=row["status"],
        location=row["location"],
        at=maybe_from_ms(row["at"]),
        noted_at=maybe_from_ms(row["noted_at"]),
        success=None if row["success"] is None else bool(row["success"]),
        failure_reason=row["failure_reason"],
    )
