"""How a row of the outbox reads as an `Entry`: shared by the protocol (`outbox`) and the projection."""

import sqlite3
from typing import Any, Final

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
    """Of a row that begins with COLUMNS. Raises StoreError("damaged"): one with a value that none of ours is was not written like that."""
    with readable(f"entry {row[0]}"):
        return _entry(row[:_WIDTH])


_WIDTH: Final = len(COLUMNS.split(","))
_KINDS: Final = {kind.value: kind for kind in Kind}  # looked up: an enum that is called takes three times as long
_STATES: Final = {state.value: state for state in State}
_STOPS: Final = {stop.value: stop for stop in StopKind}
_STATUSES: Final = {status.value: status for status in Status}


def _entry(values: tuple[Any, ...]) -> Entry:
    """By place and not by name, which a row looks for among all its columns: of a shipment all entries are read with each click."""
    entry_id, account, order_id, kind, state, stop, status, version, event_at, reference, words, made_at, made_by, desk, *more = values
    next_at, attempts, ended_at, reads, last_read_at, ever_unclear, code, answer, http_status, strike, purged_at, *more = more
    seen_by, twice, twice_seen_at, corrects = more
    return Entry(
        id=entry_id,
        account=account,
        order_id=order_id,
        kind=_KINDS[kind],
        state=_STATES[state],
        stop=_STOPS[stop] if stop else None,
        status=_STATUSES[status] if status else None,
        version=version,
        event_at=maybe_from_ms(event_at),
        reference=reference,
        words=words,
        made_at=from_ms(made_at),
        made_by=made_by,
        desk=desk,
        next_at=from_ms(next_at),
        attempts=attempts,
        ended_at=maybe_from_ms(ended_at),
        reads=reads,
        last_read_at=maybe_from_ms(last_read_at),
        ever_unclear=bool(ever_unclear),
        code=code,
        answer=answer,
        http_status=http_status,
        strike=strike,
        purged_at=maybe_from_ms(purged_at),
        seen_by=seen_by,
        twice=tuple(from_ms(each) for each in msgspec.json.decode(twice)) if twice else (),
        twice_seen_at=maybe_from_ms(twice_seen_at),
        corrects=corrects,
    )


def of_order(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[Entry]:
    """All entries of a shipment, in the order they were made."""
    rows = conn.execute(f"select {COLUMNS} from entry where account = ? and order_id = ? order by id", (account, order_id))
    return [to_entry(row) for row in rows]


def lane_of(conn: sqlite3.Connection, entry_id: EntryId) -> list[Entry]:
    """All entries of the shipment that this one is of, itself among them; none where there is no such entry."""
    rows = conn.execute(
        f"""select {COLUMNS} from entry where (account, order_id) = (select account, order_id from entry where id = ?) order by id""",
        (entry_id,),
    )
    return [to_entry(row) for row in rows]
