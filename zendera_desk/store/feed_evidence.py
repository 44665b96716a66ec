"""What the product feed proves: a completed stop whose every product Zendera shows as completed has been received."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from zendera_desk.domain.board import all_completed
from zendera_desk.domain.feed import FeedPage, ProductStatus
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.store import board, feed, outbox
from zendera_desk.store.database import from_ms
from zendera_desk.store.entries import of_order


class Taken(NamedTuple):
    """What a page of the feed brought."""

    new: int
    confirmed: dict[EntryId, OrderId]
    """And of which shipment each is."""


def take(conn: sqlite3.Connection, account: AccountId, page: FeedPage, now: datetime, after: str | None = None) -> Taken:
    """The page, its token and what it proves, in one transaction; whose products it speaks of is noted (`board.due`). `after` as in
    `put_page`."""
    before, new = feed.put_page(conn, account, page, now, after)
    board.note_after(conn, before)
    confirmed = {entry: order_id for order_id in _waiting(conn, account, before) for entry in confirm_order(conn, account, order_id)}
    return Taken(new, confirmed)


def _waiting(conn: sqlite3.Connection, account: AccountId, before: int) -> list[OrderId]:
    """Those with a report that a change after `before` may confirm: few, whatever the size of the whole."""
    rows = conn.execute(
        """select distinct order_id from entry e indexed by entry_borne_out
        where account = ? and state = 'sent' and kind = 'report' and status = 'COMPLETE'
        and exists (select 1 from feed_change c indexed by feed_change_order
            where c.account = e.account and c.order_id = e.order_id and c.id > ?)""",
        (account, before),
    ).fetchall()
    return [OrderId(row["order_id"]) for row in rows]


def confirm_order(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[EntryId]:
    """Confirms the order's sent reports that the stored changes bear out, also those that came before the answer did."""
    confirmed = []
    for entry in of_order(conn, account, order_id):
        if entry.kind is not Kind.REPORT or entry.state is not State.SENT or entry.status is not Status.COMPLETE:
            continue
        if _is_borne_out(conn, account, entry):
            outbox.move(conn, entry.id, State.CONFIRMED, seen_by="feed", code="")
            confirmed.append(entry.id)
    return confirmed


def _is_borne_out(conn: sqlite3.Connection, account: AccountId, report: Entry) -> bool:
    """Every product of the shipment was said to be completed at the report's stop, by a change that came after the report left."""
    sent_at = conn.execute("select max(started_at) from attempt where entry_id = ?", (report.id,)).fetchone()[0]
    if sent_at is None:
        return False
    completed = [
        change
        for change in board.changes(conn, account, report.order_id)
        if change.stop is report.stop
        and change.status is ProductStatus.COMPLETED
        and change.known_at is not None
        and change.known_at >= from_ms(sent_at)
    ]
    return all_completed(board.parcels(conn, account, report.order_id), completed)
