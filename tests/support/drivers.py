"""A made-up morning for the product feed: since yesterday drivers have been on their way, and the desk was closed.

Four shipments of it are known by name: one whose board is in order, one half done, one that contradicts what will be reported of it,
and one whose products the feed cannot name.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from zendera_desk.domain.ids import OrderId
from zendera_desk.simulator.world import World

CHANGES: Final = 2_400
"""That wait when the desk is opened."""

_GOODS: Final = ("Sofa, 3 seats", "Armchair", "Table top, oak", "Table legs", "Box of fittings")
_FIRST: Final = 7_300_001


class WorldClock:
    """May be behind, so that things have happened at their own times."""

    def __init__(self) -> None:
        self.behind = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.behind


def shipment(number: int, receiver: str, city: str, **more: object) -> dict[str, Any]:
    order = _FIRST + number
    parcels: list[dict[str, object]] = [
        {
            "orderProductId": str(9_100_000_000_000_000 + number * 10 + place),
            "orderProductInternalNumber": f"NM-{order % 1000}-{place + 1}",
            "name": name,
            "quantity": 1,
            "weight": 12.5 + 9 * place,
        }
        for place, name in enumerate(_GOODS)
    ]
    return {
        "orderId": order,
        "orderSerial": f"N-{order % 10_000}",
        "references": {"customerReference": f"PO {order % 1000}/26"},
        "carrierService": {"id": "1", "code": "STD", "name": "Home delivery"},
        "sender": _stop("Nordlys Møbler AS", "Industriveien 3", "0581", "Oslo", 9001),
        "delivery": _stop(receiver, "Strandgaten 14", "5003", city, 91_000 + number),
        "parcels": parcels,
        **more,
    }


def _stop(name: str, street: str, postal: str, city: str, number: int) -> dict[str, Any]:
    morning = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    return {
        "locationId": str(number),
        "internalNumber": f"LOC-{number}",
        "name": name,
        "address": {"address1": street, "postalCode": postal, "city": city, "country": "Norway"},
        "contact": {"firstName": "Kari", "lastName": "Nordmann", "phoneNumber": "+47 22 33 44 55"},
        "earliest": f"{morning:%Y-%m-%dT%H:%M:%SZ}",
        "latest": f"{morning + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}",
        "instructions": "",
    }


IN_ORDER, PARTIAL, CONTRADICTORY, UNTOLD = (OrderId(_FIRST + place) for place in range(4))


def world(clock: WorldClock) -> World:
    """Since yesterday drivers have been on their way; the desk was closed."""
    clock.behind = timedelta(hours=22)
    made = World(7, clock, shipments=26, history=12)
    unknown = {
        "dangerousGoods": {"unNumber": "1203", "packingGroup": "II", "tunnel.code": "(D/E)"},
        "handling": {"temperature": {"lowest": 2, "highest": 8, "unit": "C"}, "stackable": False},
    }
    made.add_shipment(shipment(0, "Bakeri Havna", "Bergen"))
    made.add_shipment(shipment(1, "Hotell Fjordgløtt", "Bergen", **unknown))
    made.add_shipment(shipment(2, "Kafé Sol og Måne", "Bergen"))
    plain = [{"name": name, "quantity": 1} for name in ("Curtain rails", "Carpet, rolled", "Lamp")]
    made.add_shipment(shipment(3, "Skolen i Vik", "Vik i Sogn", parcels=plain))
    step = clock.behind / CHANGES
    for order, place, stop, status in _drivers(made):
        clock.behind = max(timedelta(), clock.behind - step)
        if order in made.orders:
            made.move(order, place, stop, status)
        else:
            made._strange_change()
    clock.behind = timedelta()
    return made


def _drivers(made: World) -> Iterator[tuple[int, int, str, str]]:
    """Over and over, so that there is much to read; in the end what was really done."""
    places = [(each.order_id, place) for each in made.orders.values() if each.order_id < _FIRST for place in range(len(each.parcels()))]
    for turn in range(CHANGES - 2 * len(places)):
        order, place = places[turn * 7 % len(places)]
        stranger = turn % 11 == 4
        yield (0, 0, "", "") if stranger else (order, place, "PICKUP", ("PENDING", "NOT_READY")[turn // len(places) % 2])
    for turn, (order, place) in enumerate(places):
        yield order, place, "PICKUP", "COMPLETED" if turn % 23 else "NOT_READY"
        yield (order, place, "DELIVERY", "COMPLETED") if turn % 3 else (0, 0, "", "")
