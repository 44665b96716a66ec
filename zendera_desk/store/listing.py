"""What the list and the open shipment show: ids in order first, rows by need.

The window asks for the ids of a view (eight bytes each, in parts) and then for the rows around what is on screen. What is said
here about indexes is said to SQLite, too: it knows nothing of how many rows a view has, and would go through a million for three.
"""

import sqlite3
from array import array
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import Exported, Shipment
from zendera_desk.domain.views import Difference, IdsPage, Phase, ShipmentLine, Sort, Sum, Version, View
from zendera_desk.store.database import from_ms, json_list, maybe_from_ms, to_ms
from zendera_desk.store.failing import readable
from zendera_desk.store.shipments import chunks

VIEWS: Final = {
    View.TO_ACCEPT: "s.to_accept = 1",
    View.TO_REPORT: "s.to_report = 1",
    View.NEEDS_ME: "s.needs_me = 1",
    View.DIFFERENCES: "s.differs = 1",
    View.TODAY: "s.touched_at >= :today",
    View.ALL: "1",
}
OF_VIEW: Final = {
    View.TO_ACCEPT: "shipment_to_accept",
    View.TO_REPORT: "shipment_to_report",
    View.NEEDS_ME: "shipment_needs_me",
    View.DIFFERENCES: "shipment_differs",
    View.TODAY: "shipment_touched",
}
"""The index that has the rows of the view and no others."""
SORTS: Final[dict[Sort, tuple[str, ...]]] = {
    Sort.SEEN: ("s.seen_at",),
    Sort.ORDER: (),
    Sort.REFERENCE: ("s.reference",),
    Sort.FROM: ("s.pickup_city",),
    Sort.TO: ("s.delivery_postal_code", "s.delivery_city"),
    Sort.RECEIVER: ("s.delivery_name",),
    Sort.COLLI: ("s.colli",),
    Sort.WEIGHT: ("ifnull(s.weight_kg, -1)",),
    Sort.COD: ("ifnull(cast(s.cod_amount as real), -1)",),
    Sort.WINDOW: ("coalesce(s.earliest, s.latest, 0)",),
    Sort.SERVICE: ("s.service",),
    Sort.STATE: ("s.phase",),
}
"""Letter by letter as in the indexes. Never null: a place among nulls could not be named (`page`)."""
OF_SORT: Final = {
    Sort.SEEN: "shipment_seen",
    Sort.ORDER: "sqlite_autoindex_shipment_1",
    Sort.REFERENCE: "shipment_reference",
    Sort.FROM: "shipment_from",
    Sort.TO: "shipment_place",
    Sort.RECEIVER: "shipment_receiver",
    Sort.COLLI: "shipment_colli",
    Sort.WEIGHT: "shipment_weight",
    Sort.COD: "shipment_cod",
    Sort.WINDOW: "shipment_window",
    Sort.SERVICE: "shipment_service",
    Sort.STATE: "shipment_phase",
}

WHOLE: Final = 4_000
"""Ids that are read at once. Of a larger view first a few screens come, then the others in parts."""
FIRST: Final = 512
PART: Final = 32_000
"""Ten milliseconds, so that who opens a shipment meanwhile does not wait."""


def page(
    conn: sqlite3.Connection,
    account: AccountId,
    view: View,
    sort: Sort,
    descending: bool,
    today: datetime,
    after: tuple[int | float | str, ...] | None = None,
) -> IdsPage:
    """A part of the view's order ids, in their order, from `after` on. `today`: when this day began at the desk.

    A view in another order than its index has is sorted, all of it. In the order of the index by which all shipments are sorted its rows
    may come last, after a million others.
    """
    number = count(conn, account, view, today)
    is_sorted = sort is not Sort.SEEN or view is View.TODAY
    whole = view is not View.ALL and (number <= WHOLE or is_sorted)
    limit = -1 if whole else FIRST if after is None else PART
    index = OF_SORT[sort] if view is View.ALL else OF_VIEW[view]
    keys = (*SORTS[sort], "s.order_id")
    way, beyond = ("desc", "<") if descending else ("asc", ">")
    place = f"and ({', '.join(keys)}) {beyond} ({', '.join(f':key{n}' for n in range(len(keys)))})" if after else ""
    values: dict[str, object] = {"account": account, "today": to_ms(today), "limit": limit}
    values |= {f"key{n}": value for n, value in enumerate(after or ())}
    ids = packed(
        conn,
        f"""select s.order_id from shipment s indexed by {index} where s.account = :account and {VIEWS[view]} {place}
        order by {", ".join(f"{key} {way}" for key in keys)} limit :limit""",
        values,
    )
    if whole or len(ids) < limit:
        return IdsPage(ids=ids, count=number)
    last = conn.execute(f"select {', '.join(keys)} from shipment s where s.account = ? and s.order_id = ?", (account, ids[-1])).fetchone()
    return IdsPage(ids=ids, after=tuple(last), count=number)


def packed(conn: sqlite3.Connection, statement: str, values: dict[str, object]) -> "array[int]":
    """The order ids that it selects. As one text: rows one by one would take thrice as long, and the interpreter's lock each time."""
    joined = conn.execute(f"select group_concat(printf('%016x', order_id), '') from ({statement})", values).fetchone()[0]
    ids = array("q", bytes.fromhex(joined or ""))
    ids.byteswap()
    return ids


def ids(conn: sqlite3.Connection, account: AccountId, view: View, sort: Sort, descending: bool, today: datetime) -> "array[int]":
    """All of them."""
    found = page(conn, account, view, sort, descending, today)
    everything = found.ids
    while found.after is not None:
        found = page(conn, account, view, sort, descending, today, found.after)
        everything.extend(found.ids)
    return everything


def in_order(conn: sqlite3.Connection, account: AccountId, orders: Sequence[int], sort: Sort, descending: bool) -> "array[int]":
    """These few, sorted."""
    way = "desc" if descending else "asc"
    rows = conn.execute(
        f"""select s.order_id from json_each(?) j join shipment s on s.account = ? and s.order_id = j.value
        order by {", ".join(f"{key} {way}" for key in (*SORTS[sort], "s.order_id"))}""",
        (json_list(orders), account),
    )
    return array("q", (row[0] for row in rows))


def newest_rows(conn: sqlite3.Connection, account: AccountId, view: View, today: datetime, most: int) -> list[int]:
    """The rows (`shipment.id`) of the newest shipments of a view, which is not the one of all."""
    rows = conn.execute(
        f"""select s.id from shipment s indexed by {OF_VIEW[view]} where s.account = :account and {VIEWS[view]}
        order by {"s.touched_at" if view is View.TODAY else "s.seen_at"} desc limit :most""",
        {"account": account, "today": to_ms(today), "most": most},
    )
    return [row[0] for row in rows]


def view_counts(conn: sqlite3.Connection, account: AccountId, today: datetime) -> dict[View, int]:
    return {view: count(conn, account, view, today) for view in View}


def count(conn: sqlite3.Connection, account: AccountId, view: View, today: datetime) -> int:
    """From the tally, which the database keeps itself; only what the day brings is counted."""
    if view is View.TODAY:
        counted = "select count(*) from shipment where account = ? and touched_at >= ?"
        return int(conn.execute(counted, (account, to_ms(today))).fetchone()[0])
    column = "everything" if view is View.ALL else view.value
    row = conn.execute(f"select {column} from tally where account = ?", (account,)).fetchone()
    return 0 if row is None else int(row[0])


def total(conn: sqlite3.Connection, account: AccountId, orders: Sequence[int], before: Sum = Sum()) -> Sum:  # noqa: B008 (it is frozen)
    """Of several shipments together, and of those before: colli, weight, cash on delivery. No amount of money is rounded."""
    rows = conn.execute(
        """select cod_currency, cod_amount, count(*) number, sum(colli) colli, sum(weight_kg) weight, count(weight_kg) weighed
        from json_each(?) j cross join shipment s on s.account = ? and s.order_id = j.value group by cod_currency, cod_amount""",
        (json_list(orders), account),
    ).fetchall()
    cod = dict(before.cod)
    for row in rows:
        if row["cod_amount"] is not None:
            cod[row["cod_currency"]] = cod.get(row["cod_currency"], Decimal(0)) + row["number"] * Decimal(row["cod_amount"])
    known, weighed = (sum(row[name] for row in rows) for name in ("number", "weighed"))
    weight = (before.weight_kg or 0.0) + sum(row["weight"] or 0.0 for row in rows)
    return Sum(
        shipments=before.shipments + known,
        colli=before.colli + sum(row["colli"] for row in rows),
        weight_kg=weight if weighed or before.weight_kg is not None else None,
        unweighed=before.unweighed + known - weighed,
        cod=tuple(sorted(cod.items())),
    )


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
    with readable(f"shipment {order_id}"):
        return None if found is None else Exported(shipment=read(found), original=found)


def versions(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> tuple[Version, ...]:
    rows = conn.execute(
        "select version, seen_at, differences from shipment_version where account = ? and order_id = ? order by version",
        (account, order_id),
    )
    with readable(f"versions of shipment {order_id}"):
        return tuple(
            Version(
                number=row["version"],
                seen_at=from_ms(row["seen_at"]),
                differences=tuple(Difference(field=f, old=old, new=new) for f, old, new in msgspec.json.decode(row["differences"])),
            )
            for row in rows
        )


def _line(row: sqlite3.Row) -> ShipmentLine:
    """Raises StoreError("damaged"), as every reading of a row does whose values were not written like that."""
    with readable(f"shipment {row['order_id']}"):
        return _shipment_line(row)


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
