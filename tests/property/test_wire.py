"""Zendera's JSON under fire: whatever comes, it is read, or refused with a WireError, and no byte of a row is lost."""

import base64
import contextlib
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import example, given

from zendera_desk.api import feeds
from zendera_desk.api.values import clean, decode
from zendera_desk.api.wire import (
    WireError,
    accept_payload,
    all_fields,
    differences,
    fail_payload,
    read_export,
    read_feed,
    read_shipment,
    read_timeline,
    report_payload,
)
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import INT64_MAX, OrderId, PictureId
from zendera_desk.domain.report import CannotHandle, Complete, Damage, NoOneThere, Other, Picture, Price, Report
from zendera_desk.domain.shipment import Coordinates, StopKind

SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "unit" / "api" / "data").glob("*.json"))]

# The names that are read, so that odd values land where they are looked at.
NAMES = st.sampled_from(sorted({name.decode() for sample in SAMPLES for name in re.findall(rb'"(\w+)":', sample)}))
ODD = st.sampled_from(
    [
        0,
        -1,
        INT64_MAX,
        INT64_MAX + 1,
        2**64,
        10**400,
        1e308,
        float("nan"),
        float("inf"),
        "NaN",
        "1e999999",
        "",
        " 7 ",
        "\x00",
        "\ud83d",
        "0123",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | ODD | st.datetimes().map(datetime.isoformat)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=8),
    max_leaves=40,
)
ROWS = st.dictionaries(NAMES, VALUES, max_size=10)
SHIPMENTS = st.builds(lambda row, order_id: {**row, "orderId": order_id}, ROWS, st.integers(1, INT64_MAX))


def written(value: object) -> bytes:
    """As JSON, with NaN and halves of pairs left in, as a careless sender would."""
    return json.dumps(value, ensure_ascii=True).encode()


def read_in_every_way(body: bytes) -> None:
    for read in (read_export, read_feed, read_timeline, read_shipment, all_fields):
        with contextlib.suppress(WireError):
            read(body)


@given(VALUES)
def test_no_json_crashes_a_reader(value: object) -> None:
    read_in_every_way(written(value))


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:\\\x00 1eE.-naulltrfsuid', max_size=60).map(str.encode))
@example(b'{"a":' * 5000)
@example(b'{"shipments":[' + b"[" * 5000)
def test_no_bytes_crash_a_reader(body: bytes) -> None:
    read_in_every_way(body)


@given(sample=st.sampled_from(SAMPLES), at=st.integers(0, 4000), noise=st.binary(max_size=6), cut=st.integers(0, 8))
def test_no_damage_to_a_real_answer_crashes_a_reader(sample: bytes, at: int, noise: bytes, cut: int) -> None:
    at %= len(sample)
    read_in_every_way(sample[:at] + noise + sample[at + cut :])


@given(rows=st.lists(SHIPMENTS | VALUES, max_size=6), spaces=st.sampled_from([b"", b" ", b"\n\t "]))
def test_every_row_of_a_page_is_there_once_with_its_exact_bytes(rows: list[object], spaces: bytes) -> None:
    originals = [written(row) for row in rows]
    page = read_export(b'{"total": 3, "shipments": [' + spaces + (spaces + b"," + spaces).join(originals) + spaces + b"]}")

    assert sorted([row.original for row in (*page.rows, *page.broken)]) == sorted(originals)
    assert [row.original for row in page.rows] == [original for original in originals if _is_shipment(original)]


def _is_shipment(original: bytes) -> bool:
    try:
        read_shipment(original)
    except WireError:
        return False
    return True


@given(row=SHIPMENTS)
def test_an_order_id_is_enough_to_be_a_shipment_whatever_else_is_in_it(row: dict[str, object]) -> None:
    assert read_shipment(written(row)).order_id == row["orderId"]


@given(row=SHIPMENTS)
def test_what_is_read_can_be_stored_and_shown(row: dict[str, object]) -> None:
    said = str(read_shipment(written(row)))
    shown = "".join(field.path + field.value for field in all_fields(written(row)))

    assert "\x00" not in said + shown
    (said + shown).encode()  # no half of a pair is left


@given(row=SHIPMENTS, other=SHIPMENTS)
def test_a_version_differs_from_another_and_never_from_itself(row: dict[str, object], other: dict[str, object]) -> None:
    old, new = written(row), written({**other, "orderId": row["orderId"]})

    assert differences(old, old) == ()
    assert differences(old, written(dict(reversed(row.items())))) == ()
    forth, back = differences(old, new), differences(new, old)
    assert bool(forth) == bool(back)


ORDER_IDS = st.integers(1, INT64_MAX).map(OrderId)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 (Hypothesis wants naive bounds)
    lambda moment: moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
)
PICTURES = st.lists(st.binary(min_size=1, max_size=40), max_size=3)


@st.composite
def reports(draw: st.DrawFn) -> tuple[Report, list[bytes]]:
    pictures = draw(PICTURES)
    kind = draw(st.sampled_from([Complete, Damage, NoOneThere, Other, CannotHandle]))
    report = kind(
        stop=draw(st.sampled_from(StopKind)),
        at=draw(MOMENTS),
        comment=draw(st.text()),
        pictures=tuple(Picture(id=PictureId("x"), name="", width=1, height=1, size=len(picture)) for picture in pictures),
        position=draw(st.none() | st.builds(lambda x, y: Coordinates(latitude=x, longitude=y), st.floats(-90, 90), st.floats(-180, 180))),
        price=draw(st.none() | st.builds(lambda a: Price(amount=a, currency="NOK"), st.decimals(0, 10**9, places=2))),
    )
    return report, pictures


@given(order_id=ORDER_IDS, made=reports())
def test_a_report_says_exactly_what_was_entered(order_id: OrderId, made: tuple[Report, list[bytes]]) -> None:
    report, pictures = made
    payload = decode(report_payload(order_id, report, pictures))
    assert isinstance(payload, dict)
    infos = [value for key, value in payload.items() if key.endswith("Info")]
    assert len(infos) == 1
    info = infos[0]
    proof = info["pod"] if isinstance(report, Complete) else info

    assert (payload["orderId"], payload["location"]) == (order_id, report.stop.value)
    assert datetime.fromisoformat(info["date"]) == report.at
    assert proof["comment"] == clean(report.comment)
    assert [base64.b64decode(picture) for picture in proof["pictures"]] == pictures
    assert info.get("coordinates") == (
        None
        if report.position is None
        else {"latitude": Decimal(repr(report.position.latitude)), "longitude": Decimal(repr(report.position.longitude))}
    )
    assert payload.get("pricing") == (None if report.price is None else {"amount": report.price.amount, "currency": "NOK"})


@given(made=reports())
def test_a_report_is_recognised_on_the_timeline_by_what_was_sent(made: tuple[Report, list[bytes]]) -> None:
    report, pictures = made
    (event,) = read_timeline(b'{"updates": [' + report_payload(OrderId(1), report, pictures) + b"]}")

    assert (event.at, event.location, event.comment) == (report.at, report.stop.value, clean(report.comment).strip())
    assert event.status in {"COMPLETE", "DAMAGE", "NO_ONE_THERE", "OTHER", "CANNOT_HANDLE_ORDER"}


@given(order_ids=st.lists(ORDER_IDS, min_size=1, max_size=50), reason=st.text())
def test_acknowledgements_name_their_orders(order_ids: list[OrderId], reason: str) -> None:
    accepted = json.loads(accept_payload(order_ids))["create"]
    (failed,) = json.loads(fail_payload(order_ids[0], reason or "x"))["create"]

    assert [row["orderId"] for row in accepted] == order_ids
    assert all(row.keys() == {"orderId", "status"} for row in accepted)
    assert failed == {"orderId": order_ids[0], "status": "FAILED", "failureReason": clean(reason or "x")}


PLAIN = {
    "timestamp": "1781175600000",
    "orderProductId": "9007199254740993",
    "orderProductInternalNumber": "P-1",
    "orderLocationId": "91",
    "orderLocationInternalNumber": "LOC-1",
    "locationType": "PICKUP",
    "productStatusAtLocation": "COMPLETED",
}
ODD_NUMBERS = ["007", "-5", "-0", "1.0", "1.5", "1e3", "9007199254740993.0", "9007199254740993e0", str(INT64_MAX + 1)]
AS_WRITTEN = st.sampled_from(["", "0", "7", " 7 ", "9" * 18, str(INT64_MAX), *ODD_NUMBERS, "\u0667", "DELIVERY", "PENDING", "x\x00"])
FEED_ROWS = st.fixed_dictionaries({}, optional={name: st.just(value) | AS_WRITTEN | VALUES for name, value in PLAIN.items()})


@given(FEED_ROWS, st.dictionaries(st.text(max_size=5), VALUES, max_size=2))
@example(PLAIN, {})
@example(PLAIN | {"status": "REMOVED", "productStatusAtLocation": ""}, {})
def test_a_change_as_documented_is_read_the_quick_way_as_it_is_the_patient_way(row: dict[str, object], more: dict[str, object]) -> None:
    original = json.dumps(more | row).encode()
    quick = feeds._plain_row(original)
    if quick is not None:
        assert quick == feeds._change(original)


def test_a_change_as_documented_is_read_the_quick_way() -> None:
    for left_out in ("", "orderProductId", "orderLocationId", "locationType", "orderProductInternalNumber"):
        assert feeds._plain_row(json.dumps({name: value for name, value in PLAIN.items() if name != left_out}).encode()) is not None
    said = [{"productStatusAtLocation": word} for word in ProductStatus] + [{"locationType": word} for word in (*StopKind, "")]
    for of_it in [*said, {"orderProductId": ""}, {"orderLocationId": "0"}, {"orderProductId": str(INT64_MAX)}]:
        assert feeds._plain_row(json.dumps(PLAIN | of_it).encode()) is not None


@given(st.lists(FEED_ROWS, max_size=6))
@example([PLAIN, PLAIN | {"locationType": "ELSEWHERE"}, PLAIN | {"timestamp": "soon"}, PLAIN])
def test_a_page_is_read_as_its_changes_are_one_by_one(listed: list[dict[str, object]]) -> None:
    page = feeds.read_feed(json.dumps({"changes": listed}).encode())
    changes, broken = [], []
    for original in (json.dumps(row).encode() for row in listed):
        try:
            changes.append(feeds._change(original))
        except WireError:
            broken.append(original)
    assert (page.changes, page.broken) == (tuple(changes), tuple(broken))


FLAGS = st.booleans() | st.sampled_from(["true", "False", 1, None])
TOKENS = st.text(max_size=5) | st.sampled_from(["next", " next ", "x\x00", "\ud800", 7, None])
NEXT_PAGES = st.fixed_dictionaries(
    {}, optional={"hasNextPage": FLAGS, "paginationToken": TOKENS, "pagination_token": TOKENS, "has_next_page": FLAGS, "more": VALUES}
)
PAGES = st.fixed_dictionaries(
    {},
    optional={
        "changes": st.lists(st.just(PLAIN) | FEED_ROWS, max_size=3) | VALUES,
        "nextPage": NEXT_PAGES | VALUES,
        "error": VALUES,
    },
)


@given(PAGES)
@example({"changes": [PLAIN], "nextPage": {"hasNextPage": True, "paginationToken": " next "}})
@example({"changes": [PLAIN], "nextPage": {"hasNextPage": True, "pagination_token": "next"}})
@example({"changes": [PLAIN], "nextPage": None})
def test_a_page_as_documented_is_read_the_quick_way_as_it_is_the_patient_way(page: dict[str, object]) -> None:
    body = json.dumps(page).encode()
    quick = feeds.read_plain_feed(body)
    if quick is not None:
        assert quick == feeds._page(body)


def test_a_page_as_documented_is_read_the_quick_way() -> None:
    for next_page in ({}, {"nextPage": None}, {"nextPage": {"hasNextPage": True, "paginationToken": "next"}}):
        assert feeds.read_plain_feed(json.dumps({"changes": [PLAIN]} | next_page).encode()) is not None
