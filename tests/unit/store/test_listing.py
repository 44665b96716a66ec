"""A list in parts is the list; counts that the database keeps are the counts."""

import itertools
import random
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, shipment
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.shipment import Address, CashOnDelivery, Parcel, Shipment
from zendera_desk.domain.views import Sort, View
from zendera_desk.store import listing
from zendera_desk.store.database import Connection

COUNT = 60


def some(number: int, chance: random.Random) -> Shipment:
    """Much of it the same in many, and some of it missing."""
    one = shipment(number, name=chance.choice("AÅb"), city=chance.choice(["Oslo", "Bergen"]))
    address = Address(name=one.delivery.address.name, city=one.delivery.address.city, postal_code=chance.choice(["", "0581", "5003"]))
    earliest = chance.choice([None, NOON, NOON + timedelta(hours=1)])
    return msgspec.structs.replace(
        one,
        delivery=msgspec.structs.replace(one.delivery, address=address, earliest=earliest),
        parcels=(Parcel(quantity=chance.randrange(1, 4), weight_kg=chance.choice([None, 0.5, 12.0])),),
        cash_on_delivery=chance.choice([None, CashOnDelivery(amount=Decimal(chance.choice(["9.50", "100"])), currency="NOK")]),
        carrier_service=chance.choice(["", "Express"]),
    )


@pytest.fixture
def stocked(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> Connection:
    conn.execute("pragma synchronous = off")
    chance = random.Random(7)
    for number in range(1, COUNT + 1):
        arrive(conn, some(number, chance), now=NOON - timedelta(minutes=chance.randrange(5)))
    for number in range(1, COUNT, 3):
        bring(
            conn, enter(conn, number, Kind.ACCEPT, NOON + timedelta(minutes=1)), chance.choice([State.SENT, State.REFUSED, State.CONFIRMED])
        )
    for name, most in (("WHOLE", 7), ("FIRST", 4), ("PART", 9)):
        monkeypatch.setattr(listing, name, most)
    return conn


@pytest.mark.parametrize("view", list(View))
def test_the_parts_of_a_list_together_are_the_list_in_its_order(stocked: Connection, view: View) -> None:
    for sort, way in itertools.product(Sort, ("desc", "asc")):
        keys = ", ".join(f"{key} {way}" for key in (*listing.SORTS[sort], "s.order_id"))
        wanted = stocked.execute(
            f"select order_id from shipment s where {listing.VIEWS[view]} order by {keys}",  # noqa: S608
            {"today": listing.to_ms(NOON)} if view is View.TODAY else {},
        )
        found = listing.ids(stocked, ACCOUNT, view, sort, way == "desc", NOON)
        assert list(found) == [row[0] for row in wanted], (sort, way)


def test_no_list_is_sorted_that_an_index_has_in_its_order(stocked: Connection) -> None:
    asked: list[str] = []
    stocked.set_trace_callback(asked.append)
    for sort in Sort:
        page = listing.page(stocked, ACCOUNT, View.ALL, sort, True, NOON)
        listing.page(stocked, ACCOUNT, View.ALL, sort, True, NOON, page.after)
    stocked.set_trace_callback(None)
    plans = [row["detail"] for each in asked for row in stocked.execute(f"explain query plan {each}")]
    assert len(plans) > 4 * len(Sort)
    assert not [plan for plan in plans if "TEMP B-TREE" in plan or plan.startswith("SCAN s")]


@pytest.mark.parametrize("view", [view for view in View if view is not View.ALL])
def test_a_view_is_read_through_its_own_index_in_whichever_order(stocked: Connection, view: View) -> None:
    asked: list[str] = []
    stocked.set_trace_callback(asked.append)
    for sort in Sort:
        listing.ids(stocked, ACCOUNT, view, sort, True, NOON)
    stocked.set_trace_callback(None)
    plans = [row["detail"] for each in asked if "group_concat" in each for row in stocked.execute(f"explain query plan {each}")]
    reading = [plan for plan in plans if " s USING" in plan]
    assert len(reading) >= len(Sort)
    assert all(f"INDEX {listing.OF_VIEW[view]} " in plan for plan in reading)


def test_the_counts_of_the_views_are_kept_through_everything(stocked: Connection) -> None:
    stocked.execute("delete from parcel")
    for table in ("shipment_version", "shipment_number", "shipment"):
        stocked.execute(f"delete from {table} where order_id in (2, 3, 5)")  # noqa: S608
    counts = listing.view_counts(stocked, ACCOUNT, NOON)
    assert counts == {view: len(listing.ids(stocked, ACCOUNT, view, Sort.ORDER, True, NOON)) for view in View}
    assert counts[View.ALL] == COUNT - 3
    assert 0 < counts[View.NEEDS_ME] < counts[View.TODAY] < counts[View.TO_ACCEPT]


def test_the_sum_of_a_selection_keeps_currencies_and_says_how_many_have_no_weight(conn: Connection) -> None:
    cash = [("NOK", "10.10"), ("NOK", "0.20"), ("SEK", "5")]
    made = [
        msgspec.structs.replace(
            shipment(number, parcels=[Parcel(quantity=2, weight_kg=weight)]),
            cash_on_delivery=CashOnDelivery(amount=Decimal(amount), currency=currency),
        )
        for number, ((currency, amount), weight) in enumerate(zip(cash, (1.5, None, 2.0), strict=True), start=1)
    ]
    arrive(conn, *made, shipment(4))
    total = listing.total(conn, ACCOUNT, [OrderId(number) for number in (1, 2, 3, 99)])
    assert (total.shipments, total.colli, total.weight_kg, total.unweighed) == (3, 6, 3.5, 1)
    assert total.cod == (("NOK", Decimal("10.30")), ("SEK", Decimal(5)))
    assert listing.total(conn, ACCOUNT, [OrderId(4)]).weight_kg is None
    assert listing.total(conn, ACCOUNT, [OrderId(99), OrderId(4)], listing.total(conn, ACCOUNT, [OrderId(1)])).shipments == 2
    in_parts = listing.total(conn, ACCOUNT, [OrderId(2), OrderId(3)], listing.total(conn, ACCOUNT, [OrderId(1)]))
    assert in_parts == total
