"""What we send, letter by letter."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from zendera_desk.api.wire import accept_payload, fail_payload, report_payload
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.report import CannotHandle, Complete, Damage, NoOneThere, Other, Picture, Price, Report
from zendera_desk.domain.shipment import Coordinates, StopKind

AT = datetime(2026, 6, 11, 14, 30, tzinfo=UTC)
ORDER = OrderId(12345)
PICTURE = Picture(id=PictureId("a"), name="secret name.jpg", width=1, height=1, size=3)
INFOS = {"completeInfo", "damageInfo", "noOneThereInfo", "otherInfo", "cannotHandleOrderInfo"}


def sent(report: Report, *pictures: bytes) -> dict[str, object]:
    payload: dict[str, object] = json.loads(report_payload(ORDER, report, pictures))
    return payload


def test_accepts_go_as_one_batch_under_the_key_create() -> None:
    assert accept_payload([ORDER, OrderId(2**63 - 1)]) == (
        b'{"create":[{"orderId":12345,"status":"EXPORTED_SUCCESSFULLY"},{"orderId":9223372036854775807,"status":"EXPORTED_SUCCESSFULLY"}]}'
    )


def test_a_fail_carries_its_reason() -> None:
    assert fail_payload(ORDER, "Ukjent «postnummer» [ZD-7K3F]") == (
        '{"create":[{"orderId":12345,"status":"FAILED","failureReason":"Ukjent «postnummer» [ZD-7K3F]"}]}'.encode()
    )


def test_an_acknowledgement_of_nothing_is_not_made() -> None:
    with pytest.raises(ValueError, match="nothing"):
        accept_payload([])


def test_a_completion_is_what_the_specification_shows() -> None:
    report = Complete(
        stop=StopKind.DELIVERY,
        at=AT,
        comment="Left at front desk",
        position=Coordinates(latitude=59.91, longitude=10.75),
        signee="John Smith",
    )

    assert sent(report) == {
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


@pytest.mark.parametrize(
    ("kind", "status", "info"),
    [
        (Damage, "DAMAGE", "damageInfo"),
        (NoOneThere, "NO_ONE_THERE", "noOneThereInfo"),
        (Other, "OTHER", "otherInfo"),
        (CannotHandle, "CANNOT_HANDLE_ORDER", "cannotHandleOrderInfo"),
    ],
)
def test_every_status_has_exactly_its_own_info_object(
    kind: type[Damage | NoOneThere | Other | CannotHandle], status: str, info: str
) -> None:
    payload = sent(kind(stop=StopKind.PICKUP, at=AT, comment="Våt"))

    assert (payload["status"], payload["location"]) == (status, "PICKUP")
    assert payload.keys() & INFOS == {info}
    assert payload[info] == {"date": "2026-06-11T14:30:00Z", "comment": "Våt", "pictures": []}


def test_without_a_position_none_is_sent() -> None:
    info = sent(Complete(stop=StopKind.DELIVERY, at=AT, contactless=True))["completeInfo"]

    assert isinstance(info, dict)
    assert "coordinates" not in info
    assert info["pod"]["isContactless"] is True


def test_pictures_are_base64_in_their_order_and_without_their_names() -> None:
    report = Damage(stop=StopKind.DELIVERY, at=AT, comment="x", pictures=(PICTURE, PICTURE))
    payload = report_payload(ORDER, report, [b"\xff\xd8one", b"\xff\xd8two"])

    assert [base64.b64decode(text) for text in json.loads(payload)["damageInfo"]["pictures"]] == [b"\xff\xd8one", b"\xff\xd8two"]
    assert b"secret" not in payload


def test_a_report_never_goes_without_its_pictures() -> None:
    with pytest.raises(ValueError, match="own pictures"):
        report_payload(ORDER, Damage(stop=StopKind.DELIVERY, at=AT, pictures=(PICTURE,)), [])


def test_an_amount_is_an_exact_number() -> None:
    payload = report_payload(ORDER, Other(stop=StopKind.PICKUP, at=AT, price=Price(amount=Decimal("1250.10"), currency="NOK")), [])

    assert payload.endswith(b',"pricing":{"amount":1250.10,"currency":"NOK"}}')


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (AT, "2026-06-11T14:30:00Z"),
        (AT.replace(microsecond=7000), "2026-06-11T14:30:00.007Z"),
        (AT.astimezone(timezone(timedelta(hours=2))), "2026-06-11T14:30:00Z"),
    ],
)
def test_times_are_utc_with_milliseconds_only_where_there_are_some(at: datetime, text: str) -> None:
    assert f'"date":"{text}"'.encode() in report_payload(ORDER, Other(stop=StopKind.PICKUP, at=at), [])


def test_characters_that_no_answer_could_carry_are_not_sent() -> None:
    assert json.loads(fail_payload(ORDER, "a\x00b\ud83d"))["create"][0]["failureReason"] == "a\ufffdb\ufffd"
