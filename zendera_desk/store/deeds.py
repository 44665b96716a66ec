"""What people did about entries that were there already: decided, sent again, gave up, took back. Written once, kept for good."""

import sqlite3
from datetime import datetime

from zendera_desk.domain.ids import EntryId
from zendera_desk.domain.outbox import Deed
from zendera_desk.domain.views import Done
from zendera_desk.store.database import from_ms, to_ms


def note(conn: sqlite3.Connection, entry_id: EntryId, deed: Deed, now: datetime, by: str = "", desk: str = "") -> None:
    """Who did what about the entry, for good."""
    conn.execute(
        "insert into deed (entry_id, at, deed, made_by, desk) values (?, ?, ?, ?, ?)", (entry_id, to_ms(now), deed.value, by, desk)
    )


def of_entry(conn: sqlite3.Connection, entry_id: EntryId) -> tuple[Done, ...]:
    rows = conn.execute("select * from deed where entry_id = ? order by id", (entry_id,))
    return tuple(Done(entry=entry_id, at=from_ms(row["at"]), deed=Deed(row["deed"]), by=row["made_by"], desk=row["desk"]) for row in rows)
