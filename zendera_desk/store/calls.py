"""Calls of the last hour, how many Zendera allows, and how long it wants none: a restart must forget nothing of that."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.ids import AccountId
from zendera_desk.store.database import from_ms, to_ms

HOUR = timedelta(hours=1)
_NOW_AND_THEN: Final = 16
"""One call in so many deletes those that are over an hour old: each waits for what it writes."""


def add(conn: sqlite3.Connection, account: AccountId, at: datetime) -> int:
    """Returns what `forget` wants to know."""
    row = conn.execute("insert into call (account, at) values (?, ?)", (account, to_ms(at))).lastrowid or 0
    if row % _NOW_AND_THEN == 0:
        conn.execute("delete from call where account = ? and at < ?", (account, to_ms(at - HOUR)))
    return row


def add_ahead(conn: sqlite3.Connection, account: AccountId, until: datetime, count: int) -> list[int]:
    """Calls that will be made until then. What is over an hour old by then is not over an hour old now: nothing is deleted."""
    insert = "insert into call (account, at) values (?, ?)"
    return [conn.execute(insert, (account, to_ms(until))).lastrowid or 0 for _ in range(count)]


def forget(conn: sqlite3.Connection, call: int) -> None:
    """It never reached Zendera."""
    conn.execute("delete from call where rowid = ?", (call,))


def forget_several(conn: sqlite3.Connection, unmade: Iterable[int]) -> None:
    conn.executemany("delete from call where rowid = ?", [(call,) for call in unmade])


def of_last_hour(conn: sqlite3.Connection, account: AccountId, now: datetime) -> list[datetime]:
    """A call of the future was made before somebody set the clock back: nobody knows when, so it counts as made just now."""
    conn.execute("update call set at = :now where account = :account and at > :now", {"account": account, "now": to_ms(now)})
    rows = conn.execute("select at from call where account = ? and at > ? order by at", (account, to_ms(now - HOUR)))
    return [from_ms(row["at"]) for row in rows]


def keep_silent(conn: sqlite3.Connection, account: AccountId, until: datetime) -> None:
    conn.execute("update account set silent_until = ? where id = ?", (to_ms(until), account))


def keep_limit(conn: sqlite3.Connection, account: AccountId, an_hour: int) -> None:
    conn.execute("update account set calls_an_hour = ? where id = ?", (an_hour, account))


def limit(conn: sqlite3.Connection, account: AccountId) -> int | None:
    """Calls an hour, as Zendera's answers said last; None: they never did."""
    row = conn.execute("select calls_an_hour from account where id = ?", (account,)).fetchone()
    return row["calls_an_hour"] or None if row else None


def silent_until(conn: sqlite3.Connection, account: AccountId) -> datetime:
    row = conn.execute("select silent_until from account where id = ?", (account,)).fetchone()
    return from_ms(0 if row is None else row["silent_until"])
