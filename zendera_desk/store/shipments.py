"""What Zendera exported: written only from what Zendera said, with the original bytes."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from zendera_desk.domain.ids import INT64_MAX, AccountId, OrderId
from zendera_desk.domain.shipment import BrokenRow, Exported, Shipment
from zendera_desk.domain.views import Difference
from zendera_desk.store import feed, numbers, projection, search
from zendera_desk.store.database import maybe_ms, to_ms

CHUNK = 500
"""Ids in one `in (…)`: well below SQLite's limit of bound values in every build."""


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """A new or changed shipment, with what differs from the version we have."""

    exported: Exported
    differences: tuple[Difference, ...] = ()


def chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    everything = list(ids)
    return (everything[start : start + CHUNK] for start in range(0, len(everything), CHUNK))


def originals(conn: sqlite3.Connection, account: AccountId, ids: Iterable[OrderId]) -> dict[OrderId, bytes]:
    """The newest bytes we have of each of these; those we do not have are left out."""
    found: dict[OrderId, bytes] = {}
    for part in chunks(ids):
        rows = conn.execute(
            f"""select s.order_id, v.original from shipment s join shipment_version v using (account, order_id, version)
            where s.account = ? and s.order_id in ({", ".join("?" * len(part))})""",
            (account, *part),
        )
        found.update({OrderId(row["order_id"]): row["original"] for row in rows})
    return found


def put(conn: sqlite3.Connection, account: AccountId, arrived: Sequence[Arrived], now: datetime) -> None:
    """Stores each as a new version, in full, and joins it to the product feed: when all are here, because a number that the first has
    may be the next one's, too."""
    for one in arrived:
        _put_one(conn, account, one, to_ms(now))
    for one in arrived:
        feed.match(conn, account, one.exported.shipment.order_id)
    projection.refresh(conn, account, [one.exported.shipment.order_id for one in arrived])


def set_aside(conn: sqlite3.Connection, account: AccountId, rows: Sequence[BrokenRow], now: datetime) -> None:
    """Keeps rows that could not be read, once each, with when they were first and last seen."""
    conn.executemany(
        """insert into set_aside (account, sha256, original, why, first_at, last_at) values (?, ?, ?, ?, ?, ?)
        on conflict (account, sha256) do update set last_at = excluded.last_at""",
        [(account, hashlib.sha256(row.original).hexdigest(), row.original, row.why, to_ms(now), to_ms(now)) for row in rows],
    )


def set_aside_now(conn: sqlite3.Connection, account: AccountId) -> list[BrokenRow]:
    """Unreadable rows that the newest walk still showed."""
    rows = conn.execute(
        """select original, why from set_aside join walk using (account)
        where account = ? and last_at >= walk.ended_at - 600000 order by first_at""",
        (account,),
    )
    return [BrokenRow(original=row["original"], why=row["why"]) for row in rows]


def _put_one(conn: sqlite3.Connection, account: AccountId, arrived: Arrived, now: int) -> None:
    shipment = arrived.exported.shipment
    row = conn.execute(
        """insert into shipment (account, order_id, version, seen_at, changed_at, touched_at, order_number, reference, pickup_city,
            delivery_name, delivery_postal_code, delivery_city, delivery_country, colli, weight_kg, cod_amount, cod_currency,
            earliest, latest, service)
        values (:account, :order_id, 1, :now, :now, :now, :order_number, :reference, :pickup_city, :delivery_name,
            :delivery_postal_code, :delivery_city, :delivery_country, :colli, :weight_kg, :cod_amount, :cod_currency, :earliest,
            :latest, :service)
        on conflict (account, order_id) do update set version = shipment.version + 1, changed_at = excluded.changed_at, missed = 0,
            order_number = excluded.order_number, reference = excluded.reference, pickup_city = excluded.pickup_city,
            delivery_name = excluded.delivery_name, delivery_postal_code = excluded.delivery_postal_code,
            delivery_city = excluded.delivery_city, delivery_country = excluded.delivery_country, colli = excluded.colli,
            weight_kg = excluded.weight_kg, cod_amount = excluded.cod_amount, cod_currency = excluded.cod_currency,
            earliest = excluded.earliest, latest = excluded.latest, service = excluded.service
        returning id, version""",
        {"account": account, "now": now, **columns(shipment)},
    ).fetchone()
    differences = [[difference.field, difference.old, difference.new] for difference in arrived.differences]
    conn.execute(
        "insert into shipment_version (account, order_id, version, seen_at, original, differences) values (?, ?, ?, ?, ?, ?)",
        (account, shipment.order_id, row["version"], now, arrived.exported.original, msgspec.json.encode(differences).decode()),
    )
    search.put(conn, row["id"], account, shipment)
    numbers.index(conn, account, shipment)
    _put_parcels(conn, account, shipment)


def _put_parcels(conn: sqlite3.Connection, account: AccountId, shipment: Shipment) -> None:
    conn.execute("delete from parcel where account = ? and order_id = ?", (account, shipment.order_id))
    conn.executemany(
        """insert into parcel (account, order_id, place, product_id, internal_number, barcode, name, quantity)
        values (?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (account, shipment.order_id, place, each.product_id, each.internal_number, each.barcode, each.name, each.quantity)
            for place, each in enumerate(shipment.parcels)
        ],
    )


def columns(shipment: Shipment) -> dict[str, object]:
    cash = shipment.cash_on_delivery
    to = shipment.delivery.address
    return {
        "order_id": shipment.order_id,
        "order_number": shipment.order_number,
        "reference": shipment.reference,
        "pickup_city": shipment.pickup.address.city,
        "delivery_name": to.name or next((contact.name for contact in shipment.delivery.contacts if contact.name), ""),
        "delivery_postal_code": to.postal_code,
        "delivery_city": to.city,
        "delivery_country": to.country,
        "colli": min(shipment.colli, INT64_MAX),  # a quantity beyond all reason must not cost the page
        "weight_kg": shipment.weight_kg,
        "cod_amount": None if cash is None else str(cash.amount),
        "cod_currency": "" if cash is None else cash.currency,
        "earliest": maybe_ms(shipment.delivery.earliest),
        "latest": maybe_ms(shipment.delivery.latest),
        "service": shipment.carrier_service,
    }
