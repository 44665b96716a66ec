"""A view of one's own has what its conditions hold for, whichever way the rows are come by, and no more than it can show."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.shipment import Address, CashOnDelivery, Shipment, Stop, StopKind
from zendera_desk.domain.views import Due, Filter, Phase, Sort, View
from zendera_desk.store import filtered
from zendera_desk.store.database import Connection

TODAY = NOON.replace(hour=0)


def shipment(
    order: int,
    *,
    service: str = "",
    code: str = "5003",
    city: str = "Bergen",
    cod: str = "",
    begins: datetime | None = None,
    long: timedelta = timedelta(hours=4),
) -> Shipment:
    address = Address(name=f"Receiver {order}", postal_code=code, city=city)
    return Shipment(
        order_id=OrderId(order),
        delivery=Stop(kind=StopKind.DELIVERY, address=address, earliest=begins, latest=begins and begins + long),
        carrier_service=service,
        cash_on_delivery=CashOnDelivery(amount=Decimal(cod), currency="NOK") if cod else None,
    )


def ids(conn: Connection, **wanted: object) -> list[int]:
    asked = Filter(**wanted)  # type: ignore[arg-type]
    found = filtered.page(conn, ACCOUNT, asked, Sort.ORDER, False, TODAY)
    assert found.count == len(found.ids)
    assert filtered.count(conn, ACCOUNT, asked, TODAY) == (found.count, False)
    return list(found.ids)


def test_each_condition_narrows_and_all_of_them_must_hold(conn: Connection) -> None:
    arrive(
        conn,
        shipment(1, service="Express", code="5003", cod="10"),
        shipment(2, service="Express", code="0151", city="Oslo"),
        shipment(3, service="Standard", code="5200", city="OS"),
        shipment(4, service="Express", code="5300", cod="0"),
    )
    bring(conn, enter(conn, 2), State.CONFIRMED)
    assert ids(conn, service="Express") == [1, 2, 4]
    assert ids(conn, place="5000-5299") == [1, 3]
    assert ids(conn, place="oslo, 53") == [2, 4]
    assert ids(conn, cod=True) == [1]
    assert ids(conn, cod=False) == [2, 3, 4]
    assert ids(conn, view=View.TO_REPORT, service="Express") == [2]
    assert ids(conn, phase=Phase.NEW, service="Express") == [1, 4]
    assert ids(conn, words="receiver", cod=True) == [1]
    assert ids(conn, words="4") == [4]
    assert ids(conn, service="Express", place="5", cod=True, phase=Phase.NEW, view=View.TO_ACCEPT) == [1]
    assert ids(conn, place="nowhere") == ids(conn, words="nowhere") == []


def test_days_are_told_by_when_the_window_is_and_a_long_one_lies_on_each_of_its_days(conn: Connection) -> None:
    day = timedelta(days=1)
    arrive(
        conn,
        shipment(1, begins=TODAY - day),
        shipment(2, begins=TODAY + timedelta(hours=8)),
        shipment(3, begins=TODAY + day),
        shipment(4, begins=TODAY + 6 * day),
        shipment(5, begins=TODAY + 7 * day),
        shipment(6, begins=TODAY - day, long=3 * day),
        shipment(7),
    )
    assert ids(conn, due=Due.LATE) == [1]
    assert ids(conn, due=Due.TODAY) == [2, 6]
    assert ids(conn, due=Due.TOMORROW) == [3, 6]
    assert ids(conn, due=Due.WEEK) == [2, 3, 4, 6]


def test_what_says_no_more_than_a_fixed_view_is_that_view(conn: Connection) -> None:
    arrive(conn, *(shipment(order) for order in range(1, 6)))
    bring(conn, enter(conn, 2), State.CONFIRMED)
    assert ids(conn, view=View.TO_REPORT) == [2]
    assert ids(conn) == [1, 2, 3, 4, 5]


def test_of_more_than_can_be_shown_the_newest_are_in_the_order_of_the_list(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtered, "MOST", 3)
    arrive(conn, *(shipment(order, service="Express") for order in range(1, 8)))
    for wanted in (Filter(service="Express"), Filter(words="receiver")):
        found = filtered.page(conn, ACCOUNT, wanted, Sort.ORDER, False, TODAY)
        assert (list(found.ids), found.count, found.more) == ([5, 6, 7], 3, True)
        assert filtered.count(conn, ACCOUNT, wanted, TODAY) == (3, True)


def test_find_looks_everywhere_and_shows_what_the_view_has_first(conn: Connection) -> None:
    arrive(
        conn, *(shipment(order, service="Express" if order in {2, 77} else "") for order in range(1, 5)), shipment(77, service="Express")
    )
    found = filtered.search_in(conn, ACCOUNT, Filter(service="Express"), "receiver", TODAY)
    assert (list(found.ids), found.here) == ([77, 2, 4, 3, 1], 2)
    found = filtered.search_in(conn, ACCOUNT, Filter(words="77"), "bergen", TODAY)
    assert (found.ids[0], found.here, found.count) == (77, 1, 5)
    assert list(filtered.search_in(conn, ACCOUNT, Filter(service="Express"), "3", TODAY).ids) == [3]


def test_services_are_those_that_any_shipment_has(conn: Connection) -> None:
    arrive(conn, shipment(1, service="B"), shipment(2, service="A"), shipment(3, service="B"), shipment(4))
    assert filtered.services(conn, ACCOUNT) == ["A", "B"]


FILTERS = st.builds(
    Filter,
    view=st.sampled_from(View),
    words=st.sampled_from(["", "receiver", "1"]),
    phase=st.sampled_from([None, Phase.NEW, Phase.ACCEPTED]),
    service=st.sampled_from(["", "A", "B"]),
    place=st.sampled_from(["", "5", "5000-5199", "Oslo", "oslo, 51"]),
    due=st.sampled_from([None, *Due]),
    cod=st.sampled_from([None, True, False]),
)


@given(FILTERS, st.sampled_from(Sort), st.booleans())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_every_way_to_the_rows_finds_the_same_rows(conn: Connection, wanted: Filter, sort: Sort, descending: bool) -> None:
    if not conn.execute("select 1 from shipment").fetchone():
        for order in range(1, 25):
            begins = None if order % 5 == 0 else TODAY + timedelta(days=order % 7 - 3)
            place = ("0151", "Oslo") if order % 3 else (f"5{order % 4}00", "Bergen")
            cod = None if order % 2 else "12.50"
            arrive(
                conn, shipment(order, begins=begins, code=place[0], city=place[1], cod=cod, service="AB"[order % 2] if order % 4 else "")
            )
            if order % 6 == 0:
                bring(conn, enter(conn, order), State.CONFIRMED)
    one_by_one = [
        set(filtered.page(conn, ACCOUNT, Filter(**{name: getattr(wanted, name)}), Sort.SEEN, True, TODAY).ids)
        for name in Filter.__struct_fields__
    ]
    found = filtered.page(conn, ACCOUNT, wanted, sort, descending, TODAY)
    assert set(found.ids) == set.intersection(*one_by_one)
    assert len(set(found.ids)) == len(found.ids) == found.count
    backwards = filtered.page(conn, ACCOUNT, wanted, sort, not descending, TODAY)
    assert list(backwards.ids)[::-1] == list(found.ids)
