"""How a row of the outbox reads as an `Entry`: shared by the protocol (`outbox`) and the projection."""

import sqlite3
from typing import Final

import msgspec

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.store.database import from_ms, maybe_from_ms
from zendera_desk.store.failing import readable

COLUMNS: Final = (
    "id, account, order_id, kind, state, stop, status, version, event_at, reference, words, made_at, made_by, desk, next_at, attempts, "
    "ended_at, reads, last_read_at, ever_unclear, code, answer, http_status, strike, purged_at, seen_by, twice, twice_seen_at, corrects"
)
"""All of an entry but its payload and its draft, which can be megabytes."""


def to_entry(row: sqlite3.Row) -> Entry:
    """Raises StoreError("damaged"): a row with a value that none of ours is was not written like that."""
    with readable(f"entry {row['id']}"):
        return _entry(row)


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        id=EntryId(row["id"]),
        account=AccountId(row["account"]),
        order_id=OrderId(row["order_id"]),
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        stop=StopKind(row["stop"]) if row["stop"] else None,
        status=Status(row["status"]) if row["status"] else None,
        version=row["version"],
        event_at=maybe_from_ms(row["event_at"]),
        reference=row["reference"],
        words=row["words"],
        made_at=from_ms(row["made_at"]),
        made_by=row["made_by"],
        desk=row["desk"],
        next_at=from_ms(row["next_at"]),
        attempts=row["attempts"],
        ended_at=maybe_from_ms(row["ended_at"]),
        reads=row["reads"],
        last_read_at=maybe_from_ms(row["last_read_at"]),
        ever_unclear=bool(row["ever_unclear"]),
        code=row["code"],
        answer=row["answer"],
        http_status=row["http_status"],
        strike=row["strike"],
        purged_at=maybe_from_ms(row["purged_at"]),
        seen_by=row["seen_by"],
        twice=tuple(from_ms(each) for each in msgspec.json.decode(row["twice"])) if row["twice"] else (),
        twice_seen_at=maybe_from_ms(row["twice_seen_at"]),
        corrects=EntryId(row["corrects"]) if row["corrects"] is not None else None,
    )


def of_order(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[Entry]:
    """All entries of a shipment, in the order they were made."""
    rows = conn.execute(f"select {COLUMNS} from entry where account = ? and order_id = ? order by id", (account, order_id))
    return [to_entry(row) for row in rows]
