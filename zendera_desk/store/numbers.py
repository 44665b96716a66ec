"""The numbers on paper by which a shipment can be found: one row for each, in the one spelling of domain/numbers.py.

Written with each version of a shipment. An older file's shipments come without them (store/salvage.py brings rows, not meanings):
`unindexed` says which, and whoever can read the originals writes them. That is looked for once and noted, since it goes through all.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from zendera_desk import __version__
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.numbers import numbers_of
from zendera_desk.domain.shipment import Shipment

_CHUNK: Final = 500
"""Numbers in one `in (…)`: well below SQLite's limit of bound values in every build."""


def index(conn: sqlite3.Connection, account: AccountId, shipment: Shipment) -> None:
    """The newest version's numbers alone: what Zendera corrected may name another shipment by now."""
    forget(conn, account, shipment.order_id)
    conn.executemany(
        "insert into shipment_number (account, number, order_id) values (?, ?, ?)",
        [(account, number, shipment.order_id) for number in sorted(numbers_of(shipment))],
    )


def forget(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> None:
    conn.execute("delete from shipment_number where account = ? and order_id = ?", (account, order_id))


def find(conn: sqlite3.Connection, account: AccountId, numbers: Iterable[str]) -> dict[str, list[OrderId]]:
    """Which shipments each of these names; those that name none are left out."""
    found: dict[str, list[OrderId]] = {}
    wanted = list(dict.fromkeys(numbers))
    for part in (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)):
        rows = conn.execute(
            f"""select number, order_id from shipment_number
            where account = ? and number in ({", ".join("?" * len(part))})""",
            (account, *part),
        )
        for row in sorted(rows, key=lambda row: int(row["order_id"])):  # asked for an order, SQLite goes through the account's all
            found.setdefault(row["number"], []).append(OrderId(row["order_id"]))
    return found


def unindexed(conn: sqlite3.Connection, account: AccountId) -> list[OrderId]:
    """Shipments without any number: an order id is always one."""
    rows = conn.execute(
        """select order_id from shipment s where account = ? and not exists (
            select 1 from shipment_number n where n.account = s.account and n.order_id = s.order_id)""",
        (account,),
    )
    return [OrderId(row["order_id"]) for row in rows]


def is_whole(conn: sqlite3.Connection, account: AccountId) -> bool:
    """Nothing is left to be done for this account: it was looked for once. Another version of the program may read what this one cannot."""
    return conn.execute("select 1 from numbered where account = ? and program = ?", (account, __version__)).fetchone() is not None


def note_whole(conn: sqlite3.Connection, account: AccountId) -> None:
    conn.execute(
        "insert into numbered values (?, ?) on conflict (account) do update set program = excluded.program", (account, __version__)
    )


def index_all(conn: sqlite3.Connection, account: AccountId, shipments: Sequence[Shipment]) -> None:
    for shipment in shipments:
        index(conn, account, shipment)
