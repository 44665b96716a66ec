"""What the outbox view and a shipment's history show."""

import sqlite3
from typing import Final

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, State
from zendera_desk.domain.views import EntryStory, OutboxLine, ReportedPicture
from zendera_desk.store import deeds, outbox, timeline, unshown, uploads
from zendera_desk.store.database import maybe_from_ms
from zendera_desk.store.entries import COLUMNS, of_order, to_entry

_OPEN: Final = "('held', 'due', 'sending', 'unclear', 'refused', 'needs_person')"
_DOUBLED: Final = "e.twice is not null and e.twice_seen_at is null"


def lines(conn: sqlite3.Connection, account: AccountId | None, closed: int) -> list[OutboxLine]:
    """Every open entry of every account, what Zendera shows twice or not at all of this one, and its newest `closed` others."""
    columns = ", ".join(f"e.{column.strip()}" for column in COLUMNS.split(","))
    select = f"""select {columns}, a.name account_name, s.order_number, s.delivery_name, s.delivery_city,
        (select count(*) from entry_picture where entry_id = e.id) pictures,
        case when {unshown.UNSHOWN} then {unshown.ANSWERED_ANEW} else 0 end answered_anew from entry e
        join account a on a.id = e.account left join shipment s on s.account = e.account and s.order_id = e.order_id"""
    rows = conn.execute(f"{select} where e.state in {_OPEN} order by e.id").fetchall()
    for in_sight in (f"{_DOUBLED} and e.state not in {_OPEN}", f"{unshown.UNSHOWN} and not ({_DOUBLED})"):
        rows += conn.execute(f"{select} where e.account = ? and {in_sight} order by e.id", (account or "",)).fetchall()
    rest = f"e.state not in {_OPEN} and not ({_DOUBLED}) and not ({unshown.UNSHOWN})"
    newest_first = select.replace("from entry e\n", "from entry e not indexed\n")  # else SQLite sorts all that was ever done
    rows += conn.execute(f"{newest_first} where e.account = ? and {rest} order by e.id desc limit ?", (account or "", closed)).fetchall()
    return [
        OutboxLine(
            entry=(entry := to_entry(row)),
            account_name=row["account_name"],
            order_number=row["order_number"] or "",
            delivery_name=row["delivery_name"] or "",
            delivery_city=row["delivery_city"] or "",
            foreign=row["account"] != account,
            pictures=row["pictures"],
            answered_anew=bool(row["answered_anew"]),
            uploading=uploads.progress(conn, entry.id) if entry.state is State.DUE and row["pictures"] else None,
            timeline=timeline.timeline(conn, entry.account, entry.order_id) if _is_decided_by_it(entry) else None,
        )
        for row in rows
    ]


def _is_decided_by_it(entry: Entry) -> bool:
    return entry.state is State.REFUSED or entry.is_doubled or bool(entry.decisions)


def story(conn: sqlite3.Connection, entry_id: EntryId) -> EntryStory | None:
    entry = outbox.entry(conn, entry_id)
    return None if entry is None else _story(conn, entry)


def history(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[EntryStory]:
    """Everything this desk did about a shipment, the newest first."""
    entries = reversed(of_order(conn, account, order_id))
    return [_story(conn, entry) for entry in entries]


def _story(conn: sqlite3.Connection, entry: Entry) -> EntryStory:
    rows = conn.execute(
        """select p.name, n.link, u.uploaded_at from entry_picture n join picture p on p.id = n.picture_id
        left join upload u on u.account = ? and u.sha256 = n.link where n.entry_id = ? order by n.place""",
        (entry.account, entry.id),
    )
    pictures = tuple(
        ReportedPicture(name=row["name"], linked=row["link"] is not None, uploaded_at=maybe_from_ms(row["uploaded_at"])) for row in rows
    )
    return EntryStory(entry=entry, attempts=outbox.attempts(conn, entry.id), done=deeds.of_entry(conn, entry.id), pictures=pictures)
