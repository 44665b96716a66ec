"""What the list and the open shipment show: ids in order first, rows by need.

The window asks for the ids of a view (integers: cheap at any size) and then for the rows around what is on screen.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import Exported, Shipment
from zendera_desk.domain.views import Difference, Phase, ShipmentLine, Sort, Version, View
from zendera_desk.store import search
from zendera_desk.store.database import from_ms, maybe_from_ms, to_ms
from zendera_desk.store.shipments import chunks

_VIEWS: Final = {
    View.TO_ACCEPT: "s.to_accept = 1",
    View.TO_REPORT: "s.to_report = 1",
    View.NEEDS_ME: "s.needs_me = 1",
    View.TODAY: "s.touched_at >= :today",
    View.ALL: "1",
}
_SORTS: Final = {
    Sort.SEEN: "s.seen_at",
    Sort.ORDER: "s.order_id",
    Sort.REFERENCE: "s.reference",
    Sort.FROM: "s.pickup_city",
    Sort.TO: "s.delivery_postal_code {way}, s.delivery_city",
    Sort.RECEIVER: "s.delivery_name",
    Sort.COLLI: "s.colli",
    Sort.WEIGHT: "s.weight_kg",
    Sort.COD: "cast(s.cod_amount as real)",
    Sort.WINDOW: "coalesce(s.earliest, s.latest)",
    Sort.SERVICE: "s.service",
    Sort.STATE: "s.phase",
}


def ids(
    conn: sqlite3.Connection, account: AccountId, view: View, text: str, sort: Sort, descending: bool, today: datetime
) -> list[OrderId]:
    """All order ids of the view that have every word of `text`, sorted. `today`: when this day began at the desk."""
    found, values = search.condition(conn, text)
    way = "desc" if descending else "asc"
    order = _SORTS[sort].format(way=way)
    rows = conn.execute(
        f"""select s.order_id from shipment s where s.account = :account and {_VIEWS[view]} and {found}
        order by {order} {way}, s.order_id {way}""",
        {"account": account, "today": to_ms(today), **values},
    )
    return [OrderId(row[0]) for row in rows]


def view_counts(conn: sqlite3.Connection, account: AccountId, today: datetime) -> dict[View, int]:
    return {
        view: conn.execute(
            f"select count(*) from shipment s where s.account = :account and {condition}", {"account": account, "today": to_ms(today)}
        ).fetchone()[0]
        for view, condition in _VIEWS.items()
    }


def lines(conn: sqlite3.Connection, account: AccountId, orders: Sequence[OrderId]) -> list[ShipmentLine]:
    """The rows of these shipments, in the order asked for; unknown ids are left out."""
    found: dict[OrderId, ShipmentLine] = {}
    for part in chunks(orders):
        rows = conn.execute(
            f"""select s.*, e.kind entry_kind, e.state entry_state, e.next_at entry_next_at, e.code entry_code,
                e.seen_by entry_seen_by, e.twice is not null and e.twice_seen_at is null entry_doubled
            from shipment s left join entry e on e.id = s.entry_id
            where s.account = ? and s.order_id in ({", ".join("?" * len(part))})""",
            (account, *part),
        )
        found.update({OrderId(row["order_id"]): _line(row) for row in rows})
    return [found[order_id] for order_id in orders if order_id in found]


def original(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> bytes | None:
    """The newest bytes of the shipment."""
    row = conn.execute(
        """select v.original from shipment s join shipment_version v using (account, order_id, version)
        where s.account = ? and s.order_id = ?""",
        (account, order_id),
    ).fetchone()
    return None if row is None else bytes(row["original"])


def whole(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, read: Callable[[bytes], Shipment]) -> Exported | None:
    """The shipment and its newest bytes; `read` says what they mean, or raises ValueError. Raises StoreError("damaged") then."""
    found = original(conn, account, order_id)
    try:
        return None if found is None else Exported(shipment=read(found), original=found)
    except ValueError as error:
        raise StoreError("damaged", words=f"shipment {order_id}: {error}") from error


def versions(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> tuple[Version, ...]:
    rows = conn.execute(
        "select version, seen_at, differences from shipment_version where account = ? and order_id = ? order by version",
        (account, order_id),
    )
    try:
        return tuple(
            Version(
                number=row["version"],
                seen_at=from_ms(row["seen_at"]),
                differences=tuple(Difference(field=f, old=old, new=new) for f, old, new in msgspec.json.decode(row["differences"])),
            )
            for row in rows
        )
    except _UNREADABLE as error:
        raise StoreError("damaged", words=f"versions of shipment {order_id}: {error}") from error


_UNREADABLE: Final = (ValueError, TypeError, ArithmeticError)
"""What a value that none of ours is makes of reading it."""


def _line(row: sqlite3.Row) -> ShipmentLine:
    """Raises StoreError("damaged"), as every reading of a row does whose values were not written like that."""
    try:
        return _shipment_line(row)
    except _UNREADABLE as error:
        raise StoreError("damaged", words=f"shipment {row['order_id']}: {error}") from error


def _shipment_line(row: sqlite3.Row) -> ShipmentLine:
    return ShipmentLine(
        order_id=OrderId(row["order_id"]),
        order_number=row["order_number"],
        reference=row["reference"],
        pickup_city=row["pickup_city"],
        delivery_name=row["delivery_name"],
        delivery_postal_code=row["delivery_postal_code"],
        delivery_city=row["delivery_city"],
        delivery_country=row["delivery_country"],
        colli=row["colli"],
        weight_kg=row["weight_kg"],
        cod_amount=None if row["cod_amount"] is None else Decimal(row["cod_amount"]),
        cod_currency=row["cod_currency"],
        earliest=maybe_from_ms(row["earliest"]),
        latest=maybe_from_ms(row["latest"]),
        service=row["service"],
        seen_at=from_ms(row["seen_at"]),
        phase=Phase(row["phase"]),
        exception=Status(row["exception"]) if row["exception"] else None,
        strikes=row["strikes"],
        changed=tuple(msgspec.json.decode(row["changed"])),
        has_draft=bool(row["has_draft"]),
        entry_kind=Kind(row["entry_kind"]) if row["entry_kind"] else None,
        entry_state=State(row["entry_state"]) if row["entry_state"] else None,
        entry_next_at=maybe_from_ms(row["entry_next_at"]),
        entry_code=row["entry_code"] or "",
        entry_seen_by=row["entry_seen_by"] or "",
        entry_doubled=bool(row["entry_doubled"]),
    )
