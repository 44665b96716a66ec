"""What is counted afresh when the program or the clock did not go on as they should: after a restart, a sleep, a jump.

The moments in the outbox are by the wall clock, because they must outlive the program. So whatever hangs on one of them is
counted anew, in full, when that clock was moved: too late is a nuisance, too early could send twice.
"""

import sqlite3
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.ids import EntryId
from zendera_desk.domain.outbox import State
from zendera_desk.store import outbox
from zendera_desk.store.database import to_ms

LONGEST_HOLD: Final = timedelta(seconds=60)
"""What the setting allows."""


def recover(conn: sqlite3.Connection, now: datetime, hold_ends: datetime, settled: datetime) -> list[EntryId]:
    """After a start: what was sending may have arrived, and a hold begins again in full. Of all accounts."""
    sending = conn.execute("select id from entry where state = 'sending'").fetchall()
    for row in sending:
        outbox.move(conn, row["id"], State.UNCLEAR, code="died", ended_at=now, next_at=settled)
        outbox.end_attempt(conn, row["id"], now, "died", None, "")
    conn.execute("update entry set next_at = ? where state = 'held'", (to_ms(hold_ends),))
    _count_afresh(conn, now, settled)
    return [EntryId(row["id"]) for row in sending]


def clock_jumped(conn: sqlite3.Connection, now: datetime, settled: datetime, by: timedelta) -> list[EntryId]:
    """The wall clock moved `by` so much by itself: what was counted with it is counted afresh. Of all accounts; returns what moved.

    A hold begins again, in full (whoever made it before or after the jump). What waits to be tried or looked for is due, what
    is unclear settles in full. Zendera's limits move along, for a restart to find them: a machine that slept waits too long then.
    """
    moved_by = by // timedelta(milliseconds=1)
    conn.execute("update account set silent_until = silent_until + ? where silent_until > 0", (moved_by,))
    conn.execute("update call set at = at + ?", (moved_by,))
    held = conn.execute(
        "update entry set next_at = :now + max(0, min(next_at - made_at, :longest)) where state = 'held' returning id",
        {"now": to_ms(now), "longest": LONGEST_HOLD // timedelta(milliseconds=1)},
    )
    return [EntryId(row["id"]) for row in held.fetchall()] + _count_afresh(conn, now, settled)


def _count_afresh(conn: sqlite3.Connection, now: datetime, settled: datetime) -> list[EntryId]:
    """No moment lies in a future that the clock may reach in years only, and no read of before counts."""
    values = {"now": to_ms(now), "settled": to_ms(settled)}
    moved = conn.execute(
        "update entry set next_at = min(next_at, :now), ended_at = min(ended_at, :now) where state in ('due', 'sent') returning id", values
    ).fetchall()
    moved += conn.execute(
        """update entry set next_at = :settled, ended_at = min(ended_at, :now), reads = 0, last_read_at = null
        where state = 'unclear' returning id""",
        values,
    ).fetchall()
    return [EntryId(row["id"]) for row in moved]
