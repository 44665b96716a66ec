"""What the outbox view and a shipment's history show."""

import sqlite3

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.views import EntryStory, OutboxLine
from zendera_desk.store import outbox
from zendera_desk.store.entries import COLUMNS, of_order, to_entry

_OPEN = "('held', 'due', 'sending', 'unclear', 'refused', 'needs_person')"


def lines(conn: sqlite3.Connection, account: AccountId | None, closed: int) -> list[OutboxLine]:
    """Every open entry of every account, then the newest `closed` ones of this account that are done or answered."""
    columns = ", ".join(f"e.{column.strip()}" for column in COLUMNS.split(","))
    select = f"""select {columns}, a.name account_name, s.order_number, s.delivery_name, s.delivery_city from entry e
        join account a on a.id = e.account left join shipment s on s.account = e.account and s.order_id = e.order_id"""
    rows = conn.execute(f"{select} where e.state in {_OPEN} order by e.id").fetchall()
    rows += conn.execute(
        f"{select} where e.account = ? and e.state not in {_OPEN} order by e.id desc limit ?", (account or "", closed)
    ).fetchall()
    return [
        OutboxLine(
            entry=to_entry(row),
            account_name=row["account_name"],
            order_number=row["order_number"] or "",
            delivery_name=row["delivery_name"] or "",
            delivery_city=row["delivery_city"] or "",
            foreign=row["account"] != account,
        )
        for row in rows
    ]


def story(conn: sqlite3.Connection, entry_id: EntryId) -> EntryStory | None:
    entry = outbox.entry(conn, entry_id)
    return None if entry is None else EntryStory(entry=entry, attempts=outbox.attempts(conn, entry_id))


def history(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[EntryStory]:
    """Everything this desk did about a shipment, the newest first."""
    entries = reversed(of_order(conn, account, order_id))
    return [EntryStory(entry=entry, attempts=outbox.attempts(conn, entry.id)) for entry in entries]
