"""All fields of an original, and what changed between two."""

import json
from pathlib import Path

import pytest

from zendera_desk.api.wire import WireError, all_fields, differences, read_export
from zendera_desk.domain.views import Difference

DATA = Path(__file__).parent / "data"


def row(**fields: object) -> bytes:
    return json.dumps({"orderId": 1, **fields}).encode()


def test_every_value_is_shown_with_its_path_in_the_originals_order() -> None:
    original = read_export((DATA / "export_unknown.json").read_bytes()).rows[0].original

    assert [(field.path, field.value, field.known) for field in all_fields(original)] == [
        ("orderId", "81", True),
        ("delivery.address.postalCode", "5003", True),
        ("delivery.address.what3words", "a.b.c", False),
        ("delivery.accessCode", "1234", False),
        ("priority", "PRIORITY_URGENT", False),
        ("hazmat.un[0]", "UN1203", False),
        ("hazmat.un[1]", "null", False),
        ("hazmat.class", "3.10", False),
        ("parcels[0].id", "1", True),
        ("parcels[0].stackable", "false", False),
        ("parcels[0].weight.value", "3", False),
        ("futureList", "[]", False),
    ]


def test_everything_in_the_documented_style_but_the_services_id_is_known() -> None:
    original = read_export((DATA / "export_documented.json").read_bytes()).rows[0].original

    assert [field.path for field in all_fields(original) if not field.known] == ["carrierService.id"]


def test_a_row_that_was_set_aside_can_still_be_looked_at() -> None:
    assert [(field.path, field.value) for field in all_fields(b'{"reference": "A", "n": NaN}')] == [("reference", "A"), ("n", "NaN")]
    with pytest.raises(WireError):
        all_fields(b'{"orderId": tru}')


def test_a_corrected_postcode_is_named_as_the_desk_names_it() -> None:
    old = row(delivery={"address": {"postalCode": "5000", "city": "Bergen"}})
    new = row(delivery={"address": {"postalCode": "5003", "city": "Bergen"}})

    assert differences(old, new) == (Difference(field="delivery.postal_code", old="5000", new="5003"),)


def test_another_spelling_of_the_same_is_no_difference() -> None:
    old = row(delivery={"address": {"postalCode": "5003"}, "contacts": None}, reference="A", cashOnDelivery={"amount": 1250.5})
    new = b' {"cod": {"amount": "1250.50"}, "references": ["A"], "deliveryAddress": {"zip": "5003"}, "orderId": "1"} '

    assert differences(old, new) == ()


def test_unknown_fields_are_compared_by_their_path() -> None:
    old, new = row(hazmat={"un": "UN1203"}), row(hazmat={"un": "UN1950"}, priority="HIGH")

    assert differences(old, new) == (
        Difference(field="hazmat.un", old="UN1203", new="UN1950"),
        Difference(field="priority", old="", new="HIGH"),
    )


def test_parcels_in_another_order_are_no_difference() -> None:
    one, two = {"id": 1, "weight": 5, "odd": "x"}, {"id": 2, "weight": 7}

    assert differences(row(parcels=[one, two]), row(parcels=[two, one])) == ()


def test_a_parcel_is_compared_with_itself() -> None:
    one, two, three = {"id": 1, "weight": 5}, {"id": 2, "weight": 7, "metadata": {"row": 1}}, {"id": 3, "weight": 9}
    changed = {"id": 2, "weight": 8.5, "metadata": {"row": 2}}

    assert differences(row(parcels=[one, two]), row(parcels=[three, changed])) == (
        Difference(field="parcels[0].product_id", old="", new="3"),
        Difference(field="parcels[0].weight_kg", old="", new="9"),
        Difference(field="parcels[1].weight_kg", old="7", new="8.5"),
        Difference(field="parcels[1].metadata.row", old="1", new="2"),
        Difference(field="parcels[2].product_id", old="1", new=""),
        Difference(field="parcels[2].weight_kg", old="5", new=""),
    )


def test_parcels_without_names_of_their_own_are_compared_by_their_place() -> None:
    assert differences(row(parcels=[{"weight": 5}, {"weight": 5}]), row(parcels=[{"weight": 5}, {"weight": 6}])) == (
        Difference(field="parcels[1].weight_kg", old="5", new="6"),
    )
