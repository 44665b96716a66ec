"""What was typed before and may be typed again: who signed at an address, and in which currency costs were.

There is no table of it: it is read from the forms that the entries keep, so it goes when they go (store/retention.py). A form lies behind
its payload, with megabytes of pictures; so what is asked first is which entries there are, and few forms are read.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from zendera_desk.domain.ids import AccountId, EntryId
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.store.database import from_ms

_ENTRIES: Final = 150
"""The newest, of which the addresses are compared."""
_FORMS: Final = 8

_UNSAID: Final = "('taken_back', 'dropped')"


class Signed(NamedTuple):
    """A report that somebody may have signed, and the shipment it was about, as Zendera exported it."""

    entry: EntryId
    at: datetime
    original: bytes


def signed(conn: sqlite3.Connection, account: AccountId, stop: StopKind, postal_code: str, city: str) -> list[Signed]:
    """Newest first. Deliveries only near the place; pickups are at few places, so of them simply the last."""
    near = "and s.delivery_postal_code = :postal_code and (:postal_code <> '' or s.delivery_city = :city)"
    # In this order: SQLite would go through every report that there is.
    joined = "shipment s cross join entry e" if stop is StopKind.DELIVERY else "entry e not indexed cross join shipment s"
    rows = conn.execute(
        f"""select e.id, ifnull(e.event_at, e.made_at) at, v.original
        from {joined} on s.account = e.account and s.order_id = e.order_id
        cross join shipment_version v on v.account = s.account and v.order_id = s.order_id and v.version = s.version
        where e.account = :account and s.account = :account and e.kind = 'report' and e.stop = :stop and e.status = :status
            and e.purged_at is null and e.state not in {_UNSAID} {near if stop is StopKind.DELIVERY else ""}
        order by e.id desc limit {_ENTRIES}""",
        {"account": account, "stop": stop.value, "status": Status.COMPLETE.value, "postal_code": postal_code, "city": city},
    )
    return [Signed(EntryId(row["id"]), from_ms(row["at"]), row["original"]) for row in rows]


def signees(conn: sqlite3.Connection, entries: Sequence[EntryId]) -> dict[EntryId, str]:
    """Who signed, by what was typed; not there where nobody was named."""
    found: dict[EntryId, str] = {}
    for entry in entries:
        row = conn.execute("select json_extract(draft, '$.signee') name from entry where id = ? and draft is not null", (entry,)).fetchone()
        if row is not None and isinstance(row["name"], str) and row["name"].strip():
            found[entry] = row["name"]
    return found


def last_currency(conn: sqlite3.Connection, account: AccountId) -> str:
    """Of the newest of the last few reports that names a cost; "" where none does."""
    ids = conn.execute(
        f"select id from entry not indexed where account = ? and kind = 'report' and purged_at is null order by id desc limit {_FORMS}",
        (account,),
    ).fetchall()
    for (entry,) in ids:
        row = conn.execute(
            "select json_extract(draft, '$.cost') cost, json_extract(draft, '$.currency') currency from entry where id = ?", (entry,)
        ).fetchone()
        if row is not None and row["cost"] and row["currency"]:
            return str(row["currency"]).strip().upper()
    return ""
