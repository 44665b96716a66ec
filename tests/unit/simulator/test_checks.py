"""What is refused: the strictness that lets the other tests trust a send that was taken."""

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from zendera_desk.simulator.checks import INFO_OF, RefusedError, acknowledgements, parse, update

JPEG = b"\xff\xd8\xff\xe0 a picture"
DOCUMENTED: dict[str, Any] = {
    "orderId": 12345,
    "status": "COMPLETE",
    "location": "DELIVERY",
    "completeInfo": {
        "date": "2026-06-11T14:30:00Z",
        "coordinates": {"latitude": 59.91, "longitude": 10.75},
        "pod": {
            "date": "2026-06-11T14:30:00Z",
            "comment": "Left at front desk",
            "pictures": [],
            "signeeName": "John Smith",
            "isContactless": False,
        },
    },
}
DAMAGE: dict[str, Any] = {
    "orderId": 12345,
    "status": "DAMAGE",
    "location": "PICKUP",
    "damageInfo": {"date": "2026-06-11T14:30:00.123Z", "comment": "Wet", "pictures": [base64.b64encode(JPEG).decode()]},
}


def test_the_documented_report_passes_and_is_summed_up() -> None:
    assert update(DOCUMENTED) == {
        "orderId": 12345,
        "status": "COMPLETE",
        "location": "DELIVERY",
        "date": "2026-06-11T14:30:00Z",
        "coordinates": {"latitude": 59.91, "longitude": 10.75},
        "comment": "Left at front desk",
        "pictures": [],
        "signeeName": "John Smith",
        "isContactless": False,
    }


def test_a_picture_is_summed_up_by_size_and_hash() -> None:
    assert update(DAMAGE)["pictures"] == [{"size": len(JPEG), "sha256": hashlib.sha256(JPEG).hexdigest()}]


@pytest.mark.parametrize("status", [status for status in INFO_OF if status != "COMPLETE"])
def test_each_status_is_read_from_its_own_object(status: str) -> None:
    report = {"orderId": "7", "status": status, "location": "DELIVERY", INFO_OF[status]: {"date": "2026-06-11T14:30:00Z", "comment": "x"}}

    assert update(report) == {
        "orderId": 7,
        "status": status,
        "location": "DELIVERY",
        "date": "2026-06-11T14:30:00Z",
        "comment": "x",
        "pictures": [],
    }


@pytest.mark.parametrize("status", list(INFO_OF))
@pytest.mark.parametrize("info", list(INFO_OF.values()))
def test_an_info_object_that_does_not_match_the_status_is_refused(status: str, info: str) -> None:
    report = {"orderId": 7, "status": status, "location": "DELIVERY", info: {"date": "2026-06-11T14:30:00Z"}}

    if info == INFO_OF[status]:
        assert update(report)["status"] == status
    else:
        with pytest.raises(RefusedError, match="needs exactly"):
            update(report)


def _with(document: dict[str, Any], change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    change(changed)
    return changed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.pop("orderId"), "orderId"),
        (lambda d: d.update(orderId=0), "orderId"),
        (lambda d: d.update(orderId=2**63), "orderId"),
        (lambda d: d.update(orderId=12345.0), "orderId"),
        (lambda d: d.update(status="DONE"), "status"),
        (lambda d: d.update(location="delivery"), "location"),
        (lambda d: d.update(damageInfo={}), "needs exactly completeInfo, not completeInfo, damageInfo"),
        (lambda d: d.update(completeInfo=None), "completeInfo must be an object"),
        (lambda d: d.update(order_id=1), "Unknown field 'order_id'"),
        (lambda d: d["completeInfo"].update(comment="x"), "Unknown field 'comment'"),
        (lambda d: d["completeInfo"].pop("date"), "completeInfo.date"),
        (lambda d: d["completeInfo"].update(date="2026-06-11T14:30:00+02:00"), "completeInfo.date"),
        (lambda d: d["completeInfo"].update(date="2026-06-31T14:30:00Z"), "completeInfo.date"),
        (lambda d: d["completeInfo"].update(coordinates={"latitude": "59.91", "longitude": 10.75}), "latitude"),
        (lambda d: d["completeInfo"].update(coordinates={"latitude": 59.91, "longitude": 181}), "longitude"),
        (lambda d: d["completeInfo"].update(coordinates=None), "coordinates"),
        (lambda d: d["completeInfo"]["pod"].update(isContactless="no"), "isContactless"),
        (lambda d: d["completeInfo"]["pod"].update(signeeName=None), "signeeName"),
        (lambda d: d["completeInfo"]["pod"].update(comment="\ud83d"), "comment must be text"),
        (lambda d: d["completeInfo"]["pod"].update(pictures="x"), "pictures must be a list"),
        (lambda d: d["completeInfo"]["pod"].update(pictures=[b"GIF89a".hex()]), "neither JPEG nor PNG"),
        (lambda d: d["completeInfo"]["pod"].update(pictures=["data:image/jpeg;base64,xx"]), "not base64"),
        (lambda d: d["completeInfo"]["pod"].update(pictures=[{}]), "must be text"),
        (lambda d: d.update(pricing={"amount": "12", "currency": "NOK"}), "amount"),
        (lambda d: d.update(pricing={"amount": float("inf"), "currency": "NOK"}), "amount"),
        (lambda d: d.update(pricing={"amount": 12, "currency": "kr"}), "currency"),
    ],
)
def test_a_report_with_a_mistake_is_refused_with_words_that_name_it(change: Callable[[dict[str, Any]], object], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        update(_with(DOCUMENTED, change))


def test_price_and_uploaded_pictures_are_taken() -> None:
    report = _with(DOCUMENTED, lambda d: d.update(pricing={"amount": 1250.5, "currency": "NOK"}))
    report["completeInfo"]["pod"]["pictures"] = ["https://files.example.com/1"]

    assert update(report)["pricing"] == {"amount": 1250.5, "currency": "NOK"}
    assert update(report)["pictures"] == [{"url": "https://files.example.com/1"}]


def test_the_documented_acknowledgement_passes() -> None:
    rows = [
        {"orderId": 12345, "status": "EXPORTED_SUCCESSFULLY"},
        {"orderId": 12346, "status": "FAILED", "failureReason": "Unknown postal code"},
    ]

    assert acknowledgements({"create": rows}) == rows


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "create"),
        ({"create": []}, "create"),
        ({"create": [7]}, r"create\[0\] must be an object"),
        ({"update": [], "create": [{"orderId": 1, "status": "FAILED", "failureReason": "x"}]}, "Unknown field 'update'"),
        ({"create": [{"orderId": 1, "status": "OK"}]}, "status"),
        ({"create": [{"orderId": 1, "status": "FAILED"}]}, "failureReason is missing"),
        ({"create": [{"orderId": 1, "status": "FAILED", "failureReason": " "}]}, "failureReason is missing"),
        ({"create": [{"orderId": 1, "status": "EXPORTED_SUCCESSFULLY", "failureReason": "x"}]}, "does not go with"),
        ({"create": [{"orderId": 1, "status": "EXPORTED_SUCCESSFULLY"}] * 2}, "twice"),
    ],
)
def test_a_malformed_acknowledgement_is_refused(document: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        acknowledgements(document)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"\xff", b'"text"', b"[" * 100_000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(RefusedError):
        parse(body)


def test_a_json_object_is_read() -> None:
    assert parse(json.dumps({"å": [1]}).encode()) == {"å": [1]}
