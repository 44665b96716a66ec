"""Reading what Zendera answers, in the styles it may come in. The samples are files, byte for byte."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from zendera_desk.api.wire import WireError, read_export, read_feed, read_shipment, read_timeline
from zendera_desk.domain.feed import FeedPage, ProductStatus
from zendera_desk.domain.ids import INT64_MAX
from zendera_desk.domain.shipment import Contact, Coordinates, ExportPage, Shipment, StopKind
from zendera_desk.store.database import from_ms

DATA = Path(__file__).parent / "data"


def sample(name: str) -> bytes:
    return (DATA / f"{name}.json").read_bytes()


def only(name: str) -> Shipment:
    (row,) = read_export(sample(name)).rows
    return row.shipment


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class TestExport:
    def test_the_documented_style_is_read_in_full(self) -> None:
        page = read_export(sample("export_documented"))
        shipment = page.rows[0].shipment

        assert (page.page, page.total, page.total_pages, page.broken) == (1, 1, 1, ())
        assert shipment.order_id == 12345
        assert shipment.order_number == "SO-2026-77"
        assert shipment.references == (("purchaseOrder", "PO-4711"), ("project", "Bybanen"), ("orderSerial", "Z-9001"))
        assert shipment.carrier_service == "Home delivery"
        assert shipment.instructions == "Forsiktig"
        assert shipment.cash_on_delivery is not None
        assert shipment.cash_on_delivery.amount == Decimal("1250.50")
        assert (shipment.cash_on_delivery.currency, shipment.cash_on_delivery.reference) == ("NOK", "KID 0001234")

    def test_both_stops_have_their_address_contacts_and_window(self) -> None:
        shipment = only("export_documented")

        assert shipment.pickup.address.name == "Nordlys Møbler AS"
        assert shipment.pickup.address.postal_code == "0668"
        assert shipment.pickup.address.coordinates == Coordinates(latitude=59.927, longitude=10.846)
        assert shipment.pickup.contacts == (Contact(name="Kari Nordmann", phone="+4722000000", email="kari@nordlys.example"),)
        assert shipment.delivery.address.line2 == "Inngang B"
        assert [contact.name for contact in shipment.delivery.contacts] == ["Ola Hansen", "Resepsjon"]
        assert shipment.delivery.earliest == at("2026-06-11T12:00:00+00:00")
        assert shipment.delivery.latest == at("2026-06-11T15:00:00.500+00:00")
        assert shipment.delivery.instructions == "Ring på porten"

    def test_a_parcel_keeps_its_measures_and_all_its_metadata(self) -> None:
        pallet, carton = only("export_documented").parcels

        assert (pallet.product_id, pallet.internal_number, pallet.barcode) == (501, "PROD-PALLET-EUR", "370123450000000017")
        assert (pallet.quantity, pallet.weight_kg, pallet.volume_m3) == (2, 240.5, 1.344)
        assert (pallet.length_cm, pallet.width_cm, pallet.height_cm) == (120, 80, 140)
        assert pallet.metadata == (("batch", "B-1"), ("row", "10"))
        assert pallet.contributor_metadata == (("[0].gtin", "07012345000017"), ("[1].gtin", "07012345000024"))
        assert carton.weight_kg == 12

    def test_protobuf_style_leaves_defaults_out_and_writes_int64_as_strings(self) -> None:
        page = read_export(sample("export_protobuf"))
        first, second = (row.shipment for row in page.rows)

        assert (page.total, page.total_pages, page.broken) == (2, None, ())
        assert first.order_id == 9007199254740993
        assert first.reference == "A-77"
        assert first.pickup.address.coordinates == Coordinates(latitude=55.605, longitude=13.0038)
        assert first.delivery.address.city == "Reykjavík"
        assert (first.parcels[0].product_id, first.parcels[0].weight_kg) == (INT64_MAX, 7.25)
        assert len(first.parcels) == 2, "a parcel of nothing but defaults is a parcel"
        assert (first.carrier_service, first.cash_on_delivery) == ("Pall", None)
        assert (second.order_id, second.parcels) == (78, ())

    def test_unknown_fields_and_words_do_no_harm(self) -> None:
        shipment = only("export_unknown")

        assert shipment.delivery.address.postal_code == "5003"
        assert shipment.parcels[0].weight_kg is None

    def test_broken_rows_do_not_spoil_their_page(self) -> None:
        page = read_export(sample("export_broken"))

        assert [row.shipment.order_id for row in page.rows] == [90, 91, 92, 93, 94, 95]
        assert [(row.original[:30], row.why) for row in page.broken] == [
            (b'{"reference": "no order id"}', "no order id"),
            (b'"not an object"', "not an object"),
            (b'{"orderId": 922337203685477580', "a number beyond 64 bits"),
            (b'{"orderId": tru}', "not JSON"),
            (b"null", "not an object"),
        ]
        assert page.total == 11

    def test_what_cannot_be_stored_or_shown_is_replaced_in_the_text_and_kept_in_the_original(self) -> None:
        rows = {row.shipment.order_id: row for row in read_export(sample("export_broken")).rows}

        assert rows[91].shipment.parcels[0].name == "half \ufffd a pair"
        assert rows[91].shipment.parcels[0].weight_kg is None
        assert b"NaN" in rows[91].original
        assert rows[92].shipment.reference == "a\ufffdb"
        assert rows[93].shipment.delivery.address.name == "sm\ufffdrrebr"
        assert b"\xf8" in rows[93].original

    @pytest.mark.parametrize("name", ["export_documented", "export_protobuf", "export_unknown", "export_broken"])
    def test_every_row_keeps_its_exact_bytes(self, name: str) -> None:
        body = sample(name)
        page = read_export(body)

        assert page.rows
        assert all(row.original in body for row in (*page.rows, *page.broken))
        assert all(read_shipment(row.original) == row.shipment for row in page.rows)

    def test_a_row_nested_beyond_reason_costs_only_itself(self) -> None:
        bomb = b'{"orderId": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        page = read_export(b'{"shipments": [' + bomb + b', {"orderId": 2}]}')

        assert [row.shipment.order_id for row in page.rows] == [2]
        assert [(row.original == bomb, row.why) for row in page.broken] == [(True, "nested too deeply")]

    def test_numbers_of_thousands_of_digits_are_no_numbers(self) -> None:
        shipment = read_shipment(b'{"orderId": 5, "parcels": [{"id": ' + b"9" * 50_000 + b', "weight": 1e99999999999999999999}]}')

        assert (shipment.parcels[0].product_id, shipment.parcels[0].weight_kg) == (None, None)

    def test_an_order_that_is_there_twice_stays_twice(self) -> None:
        page = read_export(b'{"shipments": [{"orderId": 1}, {"orderId": "1"}]}')

        assert [row.shipment.order_id for row in page.rows] == [1, 1]

    @pytest.mark.parametrize("body", [b"", b"  \n", b"{}", b'{"shipments": null}', b'{"shipments": []}', b'{"page": 3}', b"\xef\xbb\xbf{}"])
    def test_nothing_is_an_empty_page(self, body: bytes) -> None:
        assert read_export(body).rows == ()

    @pytest.mark.parametrize(
        "body",
        [
            b"[]",
            b'"x"',
            b"null",
            b"<html>Welcome to the hotel</html>",
            b'{"error": "no"}',
            b'{"shipments": {}}',
            b'{"shipments": [{"orderId": 1}',
            b'{"shipments": []} trailing',
            b'{"shipments" []}',
            b"{NaN}",
        ],
    )
    def test_what_is_no_page_is_an_error_and_never_an_empty_page(self, body: bytes) -> None:
        with pytest.raises(WireError):
            read_export(body)

    @pytest.mark.parametrize("order_id", ["0", "null", '""', '"twelve"', "1.5", "-3", "true", "[1]", "{}"])
    def test_a_row_without_a_usable_order_id_is_no_shipment(self, order_id: str) -> None:
        with pytest.raises(WireError, match="no order id"):
            read_shipment(b'{"orderId": %s}' % order_id.encode())

    @pytest.mark.parametrize("order_id", ["12", '"12"', "12.0", '" 12 "', "1.2e1"])
    def test_an_order_id_may_come_in_any_spelling_of_a_whole_number(self, order_id: str) -> None:
        assert read_shipment(b'{"orderId": %s}' % order_id.encode()).order_id == 12


class TestSpellings:
    @pytest.mark.parametrize(
        "row",
        [
            {"delivery": {"address": {"address1": "Vei 1", "postalCode": "0123", "city": "Oslo"}}},
            {"deliveryAddress": {"address1": "Vei 1", "postalCode": "0123", "city": "Oslo"}},
            {"receiver": {"streetAddress": "Vei 1", "zipCode": "0123", "town": "Oslo"}},
            {"consignee": {"location": {"address": {"street": "Vei 1", "postcode": "0123", "city": "Oslo"}}}},
            {"to": {"name": "", "address": {"addressLine1": "Vei 1", "zip": "0123", "city": "Oslo"}}, "delivery": {}},
        ],
    )
    def test_an_address_is_found_under_its_likely_names(self, row: dict[str, object]) -> None:
        address = read_shipment(json.dumps({"orderId": 1, **row}).encode()).delivery.address

        assert (address.line1, address.postal_code, address.city) == ("Vei 1", "0123", "Oslo")

    def test_one_stop_may_be_described_in_two_places(self) -> None:
        row = {"orderId": 1, "sender": {"name": "Nordlys"}, "pickup": {"timeWindow": {"from": "2026-06-11T06:00:00Z", "to": 1781164800000}}}
        pickup = read_shipment(json.dumps(row).encode()).pickup

        assert pickup.address.name == "Nordlys"
        assert (pickup.earliest, pickup.latest) == (at("2026-06-11T06:00:00Z"), at("2026-06-11T08:00:00Z"))

    @pytest.mark.parametrize(
        "stop",
        [
            {"contact": {"name": "Kari N", "phoneNumber": "1", "emailAddress": "k@x"}},
            {"contacts": [{"firstName": "Kari", "lastName": "N", "phone": "1", "email": "k@x"}, {}]},
            {"contactName": "Kari N", "mobile": 1, "email": "k@x"},
        ],
    )
    def test_a_contact_is_found_under_its_likely_names(self, stop: dict[str, object]) -> None:
        delivery = read_shipment(json.dumps({"orderId": 1, "delivery": stop}).encode()).delivery

        assert delivery.contacts == (Contact(name="Kari N", phone="1", email="k@x"),)

    @pytest.mark.parametrize(
        ("references", "expected"),
        [
            ("A-1", (("reference", "A-1"),)),
            (["A-1", "A-2"], (("reference", "A-1"), ("reference 2", "A-2"))),
            ([{"type": "po", "value": "A-1"}], (("po", "A-1"),)),
            ({"po": "A-1", "none": None, "deep": {"er": 2}}, (("po", "A-1"), ("deep.er", "2"))),
        ],
    )
    def test_references_come_in_many_shapes(self, references: object, expected: tuple[tuple[str, str], ...]) -> None:
        assert read_shipment(json.dumps({"orderId": 1, "references": references}).encode()).references == expected

    def test_a_position_that_cannot_be_is_none(self) -> None:
        for latitude, longitude in ((0, 0), (91, 10), (59, 181), (59, None), ("north", "east")):
            row = {"orderId": 1, "delivery": {"address": {"latitude": latitude, "longitude": longitude}}}
            assert read_shipment(json.dumps(row).encode()).delivery.address.coordinates is None

    @pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "soon", "", "9999-12-31T23:59:59-10:00", {}, True, "9" * 18, 0])
    def test_a_time_that_is_none_is_none(self, time: object) -> None:
        assert read_shipment(json.dumps({"orderId": 1, "delivery": {"earliest": time}}).encode()).delivery.earliest is None

    def test_dimensions_may_stand_in_an_object_of_their_own(self) -> None:
        row = {"orderId": 1, "parcels": [{"dimensions": {"length": "1.5", "width": 0, "weight": 3}}]}
        parcel = read_shipment(json.dumps(row).encode()).parcels[0]

        assert (parcel.length_cm, parcel.width_cm, parcel.height_cm, parcel.weight_kg) == (1.5, 0, None, 3)


class TestFeed:
    def test_the_documented_style_is_read_in_full(self) -> None:
        page = read_feed(sample("feed_documented"))
        (change,) = page.changes

        assert (page.token, page.has_next, page.broken) == ("b3BhcXVl", False, ())
        assert from_ms(change.at) == datetime(2024, 6, 11, 10, 7, 36, tzinfo=UTC)
        assert (change.product_id, change.product_number) == (501, "PROD-PALLET-EUR")
        assert (change.location_id, change.location_number) == (901, "LOC-warehouse-1")
        assert (change.stop, change.status, change.status_word) == (StopKind.DELIVERY, ProductStatus.COMPLETED, "COMPLETED")
        assert change.original in sample("feed_documented")

    def test_protobuf_style_has_long_words_and_leaves_defaults_out(self) -> None:
        page = read_feed(sample("feed_protobuf"))
        first, second = page.changes

        assert (page.token, page.has_next) == ("t2", True)
        assert (first.product_id, first.at % 1000, first.stop) == (INT64_MAX, 1, None)
        assert (second.product_id, second.location_id) == (None, None)
        assert (second.stop, second.status) == (StopKind.PICKUP, ProductStatus.NOT_READY)

    def test_an_unknown_word_is_kept_as_it_came(self) -> None:
        page = read_feed(sample("feed_unknown"))
        (change,) = page.changes

        assert (change.stop, change.status, change.status_word) == (None, ProductStatus.UNKNOWN, "LOST_IN_TRANSIT")
        assert b'"driver"' in change.original
        assert (page.token, page.has_next) == ("", False)

    def test_broken_rows_are_set_aside_and_the_token_still_counts(self) -> None:
        page = read_feed(sample("feed_broken"))

        assert [change.at % 1000 for change in page.changes] == [4, 6]
        assert len(page.broken) == 5
        assert all(original in sample("feed_broken") for original in page.broken)
        assert page.token == "t3"

    @pytest.mark.parametrize("body", [b"", b"{}", b'{"changes": null}', b'{"nextPage": {}}'])
    def test_nothing_is_an_empty_page(self, body: bytes) -> None:
        assert read_feed(body) == FeedPage(changes=())

    @pytest.mark.parametrize("body", [b"[]", b'{"code": 5}', b"<html>", b'{"changes": 3}', b'{"changes": [], "nextPage": "t"}'])
    def test_what_is_no_page_is_an_error(self, body: bytes) -> None:
        with pytest.raises(WireError):
            read_feed(body)


class TestTimeline:
    def test_events_are_read_from_wherever_their_details_lie(self) -> None:
        exported, completed = read_timeline(sample("timeline_assumed"))

        assert (exported.type, exported.success) == ("EVENT_TYPE_ORDER_EXPORTED", False)
        assert exported.failure_reason == "Unknown postal code [ZD-7K3F]"
        assert exported.at == at("2026-06-11T06:00:00Z")
        assert (completed.status, completed.location, completed.comment) == ("COMPLETE", "DELIVERY", "Left at front desk")
        assert completed.at == at("2026-06-11T14:30:00.007Z"), "the report's own date is what it is recognised by"

    @pytest.mark.parametrize(
        "body",
        [b'[{"type": "A"}]', b'{"events": [{"type": "A"}]}', b'{"history": [{"type": "A"}]}', b'{"updates": null, "x": [{"type": "A"}]}'],
    )
    def test_any_list_may_be_the_list(self, body: bytes) -> None:
        assert [event.type for event in read_timeline(body)] == ["A"]

    @pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"updates": null}', b'{"orderId": "5"}'])
    def test_nothing_is_an_empty_timeline(self, body: bytes) -> None:
        assert read_timeline(body) == ()

    @pytest.mark.parametrize(
        "body",
        [b"null", b'"x"', b'{"error": "down", "details": []}', b'{"updates": {}}', b'{"eventsV2": {}}', b"<html>", b'{"events": [tru]}'],
    )
    def test_a_read_that_failed_never_looks_like_an_empty_timeline(self, body: bytes) -> None:
        with pytest.raises(WireError):
            read_timeline(body)


def test_an_empty_body_is_an_empty_page_of_the_export() -> None:
    assert read_export(b"") == ExportPage(rows=(), is_silent=True)


@pytest.mark.parametrize("number", [b"[[[[1]]]]", b"tru", b"", b"[" * 3000 + b"]" * 3000, b"9" * 5000])
def test_a_broken_number_of_the_page_costs_it_no_row(number: bytes) -> None:
    page = read_export(b'{"total": ' + number + b', "shipments": [{"orderId": 7}], "perPage": 50}')

    assert [row.shipment.order_id for row in page.rows] == [7]
    assert page.total is None


def test_a_row_with_more_values_than_anything_has_is_set_aside_alone() -> None:
    endless = b'{"orderId": 8, "parcels": [' + b"{}," * 150_000 + b"{}]}"
    page = read_export(b'{"shipments": [{"orderId": 7}, ' + endless + b', {"orderId": 9}]}')

    assert [row.shipment.order_id for row in page.rows] == [7, 9]
    assert [row.original for row in page.broken] == [endless]


@pytest.mark.parametrize("row", [b"1", b"{}", b"[[[]]]", b'{"orderId":1}'])
def test_a_page_of_more_rows_than_anybody_has_is_none(row: bytes) -> None:
    """Read all the same, 16 MB of them took half a minute and gigabytes."""
    listed = b"[" + row + (b"," + row) * 120_000 + b"]"
    for read, name in ((read_export, b"shipments"), (read_feed, b"changes"), (read_timeline, b"updates")):
        with pytest.raises(WireError, match="far too many"):
            read(b'{"%s": %s}' % (name, listed))
