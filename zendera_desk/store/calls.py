"""Calls of the last hour, so that a restart knows what the hour has already cost."""

import sqlite3
from datetime import datetime, timedelta

from zendera_desk.domain.ids import AccountId
from zendera_desk.store.database import from_ms, to_ms

HOUR = timedelta(hours=1)


def add(conn: sqlite3.Connection, account: AccountId, at: datetime) -> None:
    conn.execute("delete from call where account = ? and at < ?", (account, to_ms(at - HOUR)))
    conn.execute("insert into call (account, at) values (?, ?)", (account, to_ms(at)))


def of_last_hour(conn: sqlite3.Connection, account: AccountId, now: datetime) -> list[datetime]:
    rows = conn.execute(
        "select at from call where account = ? and at > ? and at <= ? order by at", (account, to_ms(now - HOUR), to_ms(now))
    )
    return [from_ms(row["at"]) for row in rows]
