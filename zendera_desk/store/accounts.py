"""The accounts this desk works for. Their keys are in the system keyring, never here."""

import sqlite3
from datetime import datetime

from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.views import Account
from zendera_desk.store.database import to_ms


def save(conn: sqlite3.Connection, account: Account, now: datetime) -> None:
    conn.execute(
        """insert into account (id, name, base_url, passing, made_at) values (:id, :name, :base_url, :passing, :now)
        on conflict (id) do update set name = excluded.name, base_url = excluded.base_url, passing = excluded.passing""",
        {"id": account.id, "name": account.name, "base_url": account.base_url, "passing": account.passing, "now": to_ms(now)},
    )


def everyone(conn: sqlite3.Connection) -> list[Account]:
    """All accounts, the oldest first."""
    return [_account(row) for row in conn.execute("select * from account order by made_at, id")]


def with_address(conn: sqlite3.Connection, base_url: str) -> Account | None:
    """The passing account that an earlier run with the same address made: its rows are still there."""
    row = conn.execute("select * from account where base_url = ? and passing = 1", (base_url,)).fetchone()
    return None if row is None else _account(row)


def _account(row: sqlite3.Row) -> Account:
    return Account(id=AccountId(row["id"]), name=row["name"], base_url=row["base_url"], passing=bool(row["passing"]))
