"""Looks whether Zendera shows an entry twice: an hour and a day after a send that followed an unclear one.

Two that were each taken as lost may both have arrived, later than every question was asked. Nothing can be taken back then, but
a person must know. The moments are by the wall clock, so that they outlive the program.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from zendera_desk.domain.ids import AccountId, EntryId
from zendera_desk.domain.outbox import AUDITS, NEXT_AUDIT, Deed, Entry
from zendera_desk.store import deeds, projection
from zendera_desk.store.database import maybe_from_ms, maybe_ms, to_ms
from zendera_desk.store.entries import COLUMNS, to_entry
from zendera_desk.store.outbox import entry


def due(conn: sqlite3.Connection, account: AccountId, now: datetime) -> list[Entry]:
    """Entries of which it is time to look whether Zendera shows them twice."""
    rows = conn.execute(
        f"select {COLUMNS} from entry where account = ? and audit_at is not null and audit_at <= ? order by audit_at limit 20",
        (account, to_ms(now)),
    )
    return [to_entry(row) for row in rows]


def next_at(conn: sqlite3.Connection, account: AccountId) -> datetime | None:
    row = conn.execute("select min(audit_at) from entry where account = ? and audit_at is not null", (account,)).fetchone()
    return maybe_from_ms(row[0])


def made(conn: sqlite3.Connection, entry_id: EntryId, now: datetime) -> None:
    """The timeline was read for it: the next reading, or none."""
    found = conn.execute("select audits, ended_at, made_at from entry where id = ?", (entry_id,)).fetchone()
    done = found["audits"] + 1
    ended = found["ended_at"] or found["made_at"]
    following = None if done >= len(AUDITS) else max(ended + AUDITS[done] // timedelta(milliseconds=1), to_ms(now + NEXT_AUDIT))
    conn.execute("update entry set audits = ?, audit_at = ? where id = ?", (done, following, entry_id))


def put_off(conn: sqlite3.Connection, entry_id: EntryId, next_at: datetime | None) -> None:
    """The timeline could not be read for it: later, or never any more."""
    conn.execute("update entry set audit_at = ? where id = ?", (maybe_ms(next_at), entry_id))


def show_twice(conn: sqlite3.Connection, entry_id: EntryId, noted: Sequence[datetime]) -> bool:
    """Zendera shows it as often as that. Says whether that is news; a person who knew of fewer is told again."""
    found = entry(conn, entry_id)
    if found is None or found.purged_at is not None or len(noted) <= len(found.twice):
        return False
    stamps = msgspec.json.encode([to_ms(each) for each in noted]).decode()
    conn.execute("update entry set twice = ?, twice_seen_at = null where id = ?", (stamps, entry_id))
    projection.refresh(conn, found.account, [found.order_id])
    return True


def see_twice(conn: sqlite3.Connection, entry_id: EntryId, now: datetime, by: str = "", desk: str = "") -> None:
    """A person knows that Zendera shows it twice."""
    found = entry(conn, entry_id)
    if found is None or not found.is_doubled:
        return
    conn.execute("update entry set twice_seen_at = ? where id = ?", (to_ms(now), entry_id))
    deeds.note(conn, entry_id, Deed.SEEN, now, by, desk)
    projection.refresh(conn, found.account, [found.order_id])


def doubled(conn: sqlite3.Connection, account: AccountId) -> int:
    """How many Zendera shows twice, of which nobody has said that they know."""
    row = conn.execute("select count(*) from entry where account = ? and twice is not null and twice_seen_at is null", (account,))
    return int(row.fetchone()[0])
