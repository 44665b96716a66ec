"""What is counted afresh when the program or the clock did not go on as they should: after a restart, a sleep, a jump.

The moments in the outbox are by the wall clock, because they must outlive the program. So whatever hangs on one of them is
counted anew, in full, when that clock was moved: too late is a nuisance, too early could send twice.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.errors import LinkCode
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import AUDITS, LAST_AUDIT, NEXT_AUDIT, OPEN, State, Why
from zendera_desk.store import care, outbox, uploads
from zendera_desk.store.database import to_ms

LONGEST_HOLD: Final = timedelta(seconds=60)
"""What the setting allows."""


def recover(conn: sqlite3.Connection, now: datetime, hold_ends: datetime, settled: datetime) -> list[EntryId]:
    """After a start: what was sending may have arrived, and a hold begins again in full. Of all accounts.

    Where the file may say less than Zendera knows, nothing is due any more: all that is open is asked about.
    """
    sending = conn.execute("select id from entry where state = 'sending'").fetchall()
    for row in sending:
        outbox.move(conn, row["id"], State.UNCLEAR, code="died", ended_at=now, next_at=settled)
        outbox.end_attempt(conn, row["id"], now, "died", None, "")
    conn.execute("update entry set next_at = ? where state = 'held'", (to_ms(hold_ends),))
    # Of an account that is never opened again nobody would ever make them.
    conn.execute("update entry set audit_at = null where audit_at is not null and ended_at < ?", (to_ms(now - LAST_AUDIT),))
    if (found := care.doubt(conn)) is not None:
        care.resolve(conn, found, len(ask_about_everything(conn, now, settled)))
    uploads.make_whole(conn, now)
    _count_afresh(conn, now, settled)
    return [EntryId(row["id"]) for row in sending]


def ask_about_everything(conn: sqlite3.Connection, now: datetime, settled: datetime) -> list[EntryId]:
    """Makes every open entry unclear: an older file came back, and any of them may have been sent since. Of all accounts.

    By legal moves alone. What was held or waiting, and what a person was asked about, goes through `sending`: the attempt that
    this leaves says in its history what happened. What Zendera refused keeps that word, so that it is put before a person
    again, and never sent by itself.
    """
    states = ", ".join("?" * len(OPEN))
    rows = conn.execute(f"select id from entry where state in ({states}) order by id", [state.value for state in OPEN]).fetchall()
    for row in rows:
        _ask_about(conn, EntryId(row["id"]), now, settled)
    return [EntryId(row["id"]) for row in rows]


def _ask_about(conn: sqlite3.Connection, entry_id: EntryId, now: datetime, settled: datetime) -> None:
    entry = outbox.entry(conn, entry_id)
    if entry is None:
        return
    code = entry.code if entry.state is State.REFUSED or entry.code == LinkCode.REFUSED else Why.RESTORED.value
    if entry.state in {State.HELD, State.NEEDS_PERSON}:
        outbox.move(conn, entry_id, State.DUE, next_at=now)
    if entry.state in {State.HELD, State.DUE, State.NEEDS_PERSON}:
        outbox.begin(conn, [entry_id], now)
    outbox.move(conn, entry_id, State.UNCLEAR, code=code, ended_at=now, next_at=settled, http_status=entry.http_status)
    outbox.end_attempt(conn, entry_id, now, Why.RESTORED, None, "")


def clock_jumped(conn: sqlite3.Connection, now: datetime, settled: datetime, by: timedelta) -> dict[EntryId, OrderId]:
    """The wall clock moved `by` so much by itself: what was counted with it is counted afresh. Of all accounts; returns what moved,
    and of which shipment it is.

    A hold begins again, in full (whoever made it before or after the jump). What waits to be tried or looked for is due, what
    is unclear settles in full. Zendera's limits move along, for a restart to find them: a machine that slept waits too long then.
    """
    moved_by = by // timedelta(milliseconds=1)
    conn.execute("update account set silent_until = silent_until + ? where silent_until > 0", (moved_by,))
    conn.execute("update call set at = at + ?", (moved_by,))
    held = conn.execute(
        "update entry set next_at = :now + max(0, min(next_at - made_at, :longest)) where state = 'held' returning id, order_id",
        {"now": to_ms(now), "longest": LONGEST_HOLD // timedelta(milliseconds=1)},
    )
    moved = _named(held.fetchall()) | _count_afresh(conn, now, settled)
    # A clock that was put forward must not make an audit come before what it looks for could be there.
    conn.execute("update entry set audit_at = max(audit_at, ?) where audit_at is not null", (to_ms(now + NEXT_AUDIT),))
    return moved


def _count_afresh(conn: sqlite3.Connection, now: datetime, settled: datetime) -> dict[EntryId, OrderId]:
    """No moment lies in a future that the clock may reach in years only, and no read of before counts."""
    values = {"now": to_ms(now), "settled": to_ms(settled)}
    uploads.count_afresh(conn, now)
    for made, span in enumerate(AUDITS):
        conn.execute("update entry set audit_at = ? where audit_at > ? and audits = ?", (to_ms(now + span), to_ms(now + span), made))
    moved = conn.execute(
        """update entry set next_at = min(next_at, :now), ended_at = min(ended_at, :now)
        where state in ('due', 'sent') returning id, order_id""",
        values,
    ).fetchall()
    moved += conn.execute(
        """update entry set next_at = :settled, ended_at = min(ended_at, :now), reads = 0, last_read_at = null
        where state = 'unclear' returning id, order_id""",
        values,
    ).fetchall()
    return _named(moved)


def _named(rows: Iterable[sqlite3.Row]) -> dict[EntryId, OrderId]:
    return {EntryId(row["id"]): OrderId(row["order_id"]) for row in rows}
