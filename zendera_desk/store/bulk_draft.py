"""The grid of a report on many shipments, as far as it has not been sent: one an account, a row a shipment.

A row that was sent stays, with its entry, as long as the entry can be taken back: then it is the form that comes back. When the
first byte may leave, it goes (`let_go`), in the transaction that says so: a row without an entry has never been sent. A draft that
the shipment has of its own is another thing, which nothing here touches.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime

import msgspec

from zendera_desk.domain.bulk import BulkDraft, BulkRow, row_again
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft
from zendera_desk.store import projection
from zendera_desk.store.database import to_ms
from zendera_desk.store.shipments import chunks


def save(conn: sqlite3.Connection, account: AccountId, draft: BulkDraft, now: datetime) -> list[OrderId]:
    """Keeps its unsent rows in the place of those that are there. Returns the shipments that came or went.

    A row that was sent is left alone, also where it was taken back a moment ago and the screen does not know yet.
    """
    rows = draft.rows if draft.is_begun else ()
    before = _unsent(conn, account)
    for order_id in before - {row.order_id for row in rows}:
        conn.execute("delete from bulk_row where account = ? and order_id = ? and entry_id is null", (account, order_id))
    if rows:
        conn.execute(
            """insert into bulk_draft (account, saved_at, shared) values (?, ?, ?)
            on conflict (account) do update set saved_at = excluded.saved_at, shared = excluded.shared""",
            (account, to_ms(now), msgspec.json.encode(draft.shared).decode()),
        )
    conn.executemany(
        """insert into bulk_row (account, order_id, place, saved_at, content) values (?, ?, ?, ?, ?)
        on conflict (account, order_id) do update set place = excluded.place, saved_at = excluded.saved_at, content = excluded.content
        where bulk_row.entry_id is null""",
        [
            (account, row.order_id, place, to_ms(now), msgspec.json.encode(row).decode())
            for place, row in enumerate(rows)
            if row.entry is None
        ],
    )
    _tidy(conn, account)
    changed = sorted(before ^ _unsent(conn, account))
    projection.refresh(conn, account, changed)
    return changed


def load(conn: sqlite3.Connection, account: AccountId) -> BulkDraft | None:
    """Raises StoreError("damaged") where it cannot be read."""
    found = conn.execute("select shared from bulk_draft where account = ?", (account,)).fetchone()
    if found is None:
        return None
    rows = conn.execute("select order_id, content, entry_id from bulk_row where account = ? order by place, order_id", (account,))
    try:
        return BulkDraft(shared=_shared(found), rows=tuple(_row(each) for each in rows))
    except ValueError as error:
        raise StoreError("damaged", words=f"the draft of a report on many: {error}") from error


def drafts_beside(conn: sqlite3.Connection, account: AccountId, ids: Sequence[OrderId]) -> dict[OrderId, Draft]:
    """The drafts that these shipments have of their own. One that cannot be read is left out here: it is told where it is opened."""
    found = {}
    for part in chunks(ids):
        rows = conn.execute(
            f"select order_id, content from draft where account = ? and order_id in ({', '.join('?' * len(part))})", (account, *part)
        )
        for row in rows:
            with contextlib.suppress(ValueError):
                found[OrderId(row["order_id"])] = msgspec.json.decode(row["content"], type=Draft)
    return found


def discard(conn: sqlite3.Connection, account: AccountId) -> list[OrderId]:
    """By a person's wish, or for the next one. What was sent and is taken back now becomes a draft of its shipment. Returns the
    shipments that left it."""
    orders = sorted(_unsent(conn, account))
    conn.execute("delete from bulk_row where account = ?", (account,))
    _tidy(conn, account)
    projection.refresh(conn, account, orders)
    return orders


def put_back(conn: sqlite3.Connection, account: AccountId, draft: BulkDraft, now: datetime) -> list[OrderId] | None:
    """One that was discarded. None, and nothing is changed, where another is not finished; else returns the shipments."""
    if _unsent(conn, account):
        return None
    return sorted({*discard(conn, account), *save(conn, account, draft, now)})


def note_sent(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, entry: EntryId) -> None:
    """In the transaction that writes the entry: a row is sent, or it is not, whenever the program dies."""
    conn.execute("update bulk_row set entry_id = ? where account = ? and order_id = ?", (entry, account, order_id))


def bring_back(conn: sqlite3.Connection, entry: EntryId, sent: Draft) -> bool:
    """The entry is taken back: its row can be typed in again, as it was sent. False when it has none here that can say the same."""
    row = conn.execute(
        "select r.*, d.shared from bulk_row r join bulk_draft d on d.account = r.account where r.entry_id = ?", (entry,)
    ).fetchone()
    again = None if row is None else row_again(_shared(row), _row(row), sent)
    if again is None:
        return False
    conn.execute("update bulk_row set entry_id = null, content = ? where entry_id = ?", (msgspec.json.encode(again).decode(), entry))
    return True


def let_go(conn: sqlite3.Connection, account: AccountId, entry: EntryId, to: State) -> None:
    """What moved on cannot be taken back into the grid any more, and the names in it have gone where they should."""
    if to in {State.HELD, State.DUE}:
        return
    if conn.execute("delete from bulk_row where entry_id = ?", (entry,)).rowcount:
        _tidy(conn, account)


def _unsent(conn: sqlite3.Connection, account: AccountId) -> set[OrderId]:
    rows = conn.execute("select order_id from bulk_row where account = ? and entry_id is null", (account,))
    return {OrderId(row["order_id"]) for row in rows}


def _shared(row: sqlite3.Row) -> Draft:
    return msgspec.json.decode(row["shared"], type=Draft)


def _row(row: sqlite3.Row) -> BulkRow:
    typed = msgspec.json.decode(row["content"], type=BulkRow)
    return msgspec.structs.replace(typed, order_id=OrderId(row["order_id"]), entry=row["entry_id"])


def _tidy(conn: sqlite3.Connection, account: AccountId) -> None:
    """What is shared by no row is nobody's."""
    conn.execute(
        "delete from bulk_draft where account = ? and not exists (select 1 from bulk_row r where r.account = bulk_draft.account)",
        (account,),
    )
