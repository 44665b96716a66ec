"""The shipments that are drawn: believable, repeatable, and of every kind that a day brings."""

import re
from datetime import UTC, datetime

import pytest

from zendera_desk.simulator.orders import Drawing, JsonObject, stamp
from zendera_desk.simulator.places import COUNTRIES

MORNING = datetime(2026, 6, 11, 6, 0, tzinfo=UTC)
POSTAL_CODES = {"Norway": r"\d{4}", "Denmark": r"\d{4}", "Sweden": r"\d{3} \d{2}", "Iceland": r"\d{3}"}


@pytest.fixture(scope="module")
def many() -> list[JsonObject]:
    drawing = Drawing(1)
    return [drawing.draw(MORNING).shipment for _ in range(1000)]


def test_the_same_seed_draws_the_same_shipments_and_another_seed_others() -> None:
    first, second, other = Drawing(3), Drawing(3), Drawing(4)

    assert [first.draw(MORNING).shipment for _ in range(50)] == [second.draw(MORNING).shipment for _ in range(50)]
    assert first.draw(MORNING).shipment != other.draw(MORNING).shipment


def test_every_place_has_a_postal_code_of_its_countrys_form() -> None:
    for country in COUNTRIES:
        places = [*country.places, *(place for _, place in country.warehouses)]
        assert all(re.fullmatch(POSTAL_CODES[country.name], place.postal_code) for place in places)

    assert sum(len(country.places) for country in COUNTRIES) >= 60


def test_order_and_product_numbers_are_unique_and_some_are_too_large_for_a_double(many: list[JsonObject]) -> None:
    products = [int(parcel["orderProductId"]) for shipment in many for parcel in shipment["parcels"]]

    assert len({shipment["orderId"] for shipment in many}) == len(many)
    assert len(set(products)) == len(products)
    assert any(int(float(product)) != product for product in products)
    assert all(product < 2**63 for product in products)


def test_a_shipment_has_one_to_twelve_colli(many: list[JsonObject]) -> None:
    colli = {sum(parcel["quantity"] for parcel in shipment["parcels"]) for shipment in many}

    assert colli == set(range(1, 13))


def test_all_four_countries_cash_on_delivery_and_unknown_fields_come_up(many: list[JsonObject]) -> None:
    assert {shipment["delivery"]["address"]["country"] for shipment in many} == set(POSTAL_CODES)
    assert {shipment["cashOnDelivery"]["currency"] for shipment in many if "cashOnDelivery" in shipment} >= {"NOK", "DKK", "SEK"}
    for name in ("temperatureZone", "dangerousGoods", "customs"):
        assert any(name in shipment for shipment in many)
    assert any("contributorMetadata" in parcel for shipment in many for parcel in shipment["parcels"])


def test_a_few_shipments_are_doubtful_and_each_can_be_mended() -> None:
    drawing = Drawing(2)
    flawed = [drawn for drawn in (drawing.draw(MORNING) for _ in range(500)) if drawn.mend is not None]

    assert 20 < len(flawed) < 80
    for shipment, mend in flawed:
        assert mend is not None
        mend(shipment)
        country = next(each for each in COUNTRIES if each.name == shipment["delivery"]["address"]["country"])
        assert shipment["delivery"]["address"]["postalCode"] in {place.postal_code for place in country.places}
        assert shipment["delivery"]["earliest"] < shipment["delivery"]["latest"]


def test_windows_lie_in_working_hours_even_for_what_is_ordered_at_night() -> None:
    drawing = Drawing(5)
    for hour in range(24):
        at = MORNING.replace(hour=hour)
        for stop in ("sender", "delivery"):
            earliest = drawing.draw(at).shipment[stop].get("earliest")
            if earliest is not None:
                opens = datetime.fromisoformat(earliest)
                assert 5 <= opens.hour < 17
                assert opens >= at.replace(minute=0)


def test_mail_addresses_are_plain_and_reach_nobody(many: list[JsonObject]) -> None:
    addresses = [shipment[stop]["contact"]["emailAddress"] for shipment in many for stop in ("sender", "delivery")]

    assert all(re.fullmatch(r"[a-z.]+@example\.com", address) for address in addresses)


def test_a_stamp_has_milliseconds_only_where_there_are_some() -> None:
    assert stamp(MORNING) == "2026-06-11T06:00:00Z"
    assert stamp(MORNING.replace(microsecond=45_000)) == "2026-06-11T06:00:00.045Z"
