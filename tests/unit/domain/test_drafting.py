from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest

from zendera_desk.domain.drafting import ASKS, BLOCKING, NOTES, Composed, asks, compose, split_position
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.report import CannotHandle, Complete, Damage, Draft, NoOneThere, Other, Picture, Price, Status
from zendera_desk.domain.rules import DEFAULT
from zendera_desk.domain.shipment import Coordinates, Shipment, Stop, StopKind

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 14, 31, 20, tzinfo=OSLO)
PICTURE = Picture(id=PictureId("a" * 64), name="note.jpg", width=10, height=10, size=99)
DRAFT = Draft(time="1430", signee="Kari Nordmann")


def composed(draft: Draft, shipment: Shipment | None = None, made_first_at: datetime | None = None) -> Composed:
    answer = compose(draft, now=NOW, zone=OSLO, rules=DEFAULT, shipment=shipment, made_first_at=made_first_at)
    assert (answer.report is None) == any(problem.blocks for problem in answer.problems)
    for problem in answer.problems:
        assert (problem.code in BLOCKING) == problem.blocks
        assert problem.code in BLOCKING + ASKS + NOTES
        assert problem.field in {*Draft.__struct_fields__}
    return answer


def changed(**fields: object) -> Composed:
    return composed(msgspec.structs.replace(DRAFT, **fields))


def found(answer: Composed) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in answer.problems]


def test_a_full_form_becomes_the_report_it_means() -> None:
    answer = composed(
        Draft(
            time="1430",
            comment=" At the gate\r\n",
            pictures=(PICTURE,),
            signee=" Kari  Nordmann ",
            contactless=True,
            latitude="59,91",
            longitude="10.75",
            cost="1 250,50",
            currency="nok",
        )
    )
    assert answer.report == Complete(
        stop=StopKind.DELIVERY,
        at=datetime(2026, 11, 21, 13, 30, tzinfo=UTC),
        comment="At the gate",
        pictures=(PICTURE,),
        signee="Kari Nordmann",
        contactless=True,
        position=Coordinates(latitude=59.91, longitude=10.75),
        price=Price(amount=Decimal("1250.50"), currency="NOK"),
    )
    assert answer.problems == ()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.COMPLETE, Complete),
        (Status.DAMAGE, Damage),
        (Status.NO_ONE_THERE, NoOneThere),
        (Status.OTHER, Other),
        (Status.CANNOT_HANDLE, CannotHandle),
    ],
)
def test_each_status_gives_its_own_kind_of_report(status: Status, kind: type) -> None:
    answer = changed(status=status, stop=StopKind.PICKUP, comment="x", pictures=(PICTURE,))
    assert type(answer.report) is kind
    assert answer.report.stop is StopKind.PICKUP


def test_who_signed_is_not_told_where_nobody_signs() -> None:
    answer = changed(status=Status.OTHER, comment="Gate locked")
    assert not hasattr(answer.report, "signee")


@pytest.mark.parametrize("text", ["", "y", "14", "2599", "29.03.26 0230"])
def test_without_a_readable_time_nothing_is_sent(text: str) -> None:
    answer = changed(time=text)
    assert [field for field, code in found(answer)] == ["time"]


def test_the_planned_day_is_the_day_of_the_stop_that_is_reported() -> None:
    window = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # the 20th in Oslo
    shipment = Shipment(order_id=OrderId(1), delivery=Stop(kind=StopKind.DELIVERY, latest=window))
    there = composed(msgspec.structs.replace(DRAFT, time="d1430"), shipment)
    assert there.report is not None
    assert there.report.at == datetime(2026, 11, 20, 13, 30, tzinfo=UTC)
    assert found(composed(msgspec.structs.replace(DRAFT, time="d1430", stop=StopKind.PICKUP), shipment)) == [
        ("time", "time_no_planned_day")
    ]


def test_a_future_time_asks_and_can_be_confirmed() -> None:
    answer = changed(time="1432")
    assert answer.report is not None
    assert found(answer) == [("time", "time_future")]
    assert [problem.code for problem in answer.open_asks(frozenset())] == ["time_future"]
    assert answer.open_asks(frozenset({"time_future"})) == ()


def test_a_day_before_the_order_was_seen_asks_but_not_the_same_day() -> None:
    seen = datetime(2026, 11, 21, 20, 0, tzinfo=OSLO)
    assert found(composed(DRAFT, made_first_at=seen)) == []
    assert found(composed(msgspec.structs.replace(DRAFT, time="y2359"), made_first_at=seen)) == [("time", "time_before_order")]


def test_cannot_handle_always_asks() -> None:
    answer = changed(status=Status.CANNOT_HANDLE, comment="Too heavy")
    assert answer.report is not None
    assert [problem.code for problem in answer.open_asks(frozenset())] == ["cannot_handle"]


def test_the_clock_of_this_pc_is_said_and_not_asked() -> None:
    answer = changed(time="t")
    assert found(answer) == [("time", "time_pc_clock")]
    assert answer.report is not None
    assert not asks("time_pc_clock")


def test_which_of_the_two_hours_is_meant_is_said() -> None:
    assert found(changed(time="25.10.26 0230")) == [("time", "time_dst_second")]


def test_missing_evidence_blocks_and_names_what_would_do() -> None:
    answer = changed(signee=" ")
    assert found(answer) == [("signee", "evidence_missing")]
    assert answer.problems[0].values == (("any_of", "signee,contactless"),)
    assert found(changed(status=Status.DAMAGE)) == [("pictures", "evidence_missing"), ("comment", "evidence_missing")]


def test_a_typed_exception_stands_in_for_evidence_and_is_told() -> None:
    answer = changed(signee="", comment="Left it", exception=" driver's phone\nwas dead ")
    assert answer.report is not None
    assert answer.report.comment == "Left it\nno proof available: driver's phone was dead"


def test_a_slip_is_no_exception() -> None:
    assert found(changed(signee="", exception="x" * 9)) == [("signee", "evidence_missing"), ("exception", "exception_short")]
    assert changed(signee="", exception="x" * 10).report is not None


def test_an_exception_nobody_needs_any_more_is_not_told() -> None:
    answer = changed(exception="driver's phone was dead")
    assert answer.report is not None
    assert answer.report.comment == ""


def test_letters_that_cannot_be_sent_are_left_out() -> None:
    answer = changed(comment="a\0b\ud800c\n d\x1b", signee="K\x07ari")
    assert isinstance(answer.report, Complete)
    assert (answer.report.comment, answer.report.signee) == ("abc\n d", "Kari")
    msgspec.json.encode(answer.report)


@pytest.mark.parametrize(
    ("latitude", "longitude", "wanted"),
    [
        ("59.91", "10.75", (59.91, 10.75)),
        ("59,91", "10,75", (59.91, 10.75)),
        (" -59 ", "+10", (-59.0, 10.0)),
        ("59.91, 10.75", "", (59.91, 10.75)),
        ("59,91, 10,75", "", (59.91, 10.75)),
        ("59.91,10.75", "", (59.91, 10.75)),
        ("90", "-180", (90.0, -180.0)),
    ],
)
def test_a_position_is_read_as_it_is_written_here(latitude: str, longitude: str, wanted: tuple[float, float]) -> None:
    report = changed(latitude=latitude, longitude=longitude).report
    assert report is not None
    assert report.position == Coordinates(latitude=wanted[0], longitude=wanted[1])


@pytest.mark.parametrize(
    ("latitude", "longitude", "problem"),
    [
        ("59.91", "", ("longitude", "position_half")),
        ("", "10.75", ("latitude", "position_half")),
        ("91", "10", ("latitude", "position_range")),
        ("59", "-180.01", ("longitude", "position_range")),
        ("0", "0,00", ("latitude", "position_zero")),
        ("nan", "10", ("latitude", "position_unreadable")),
        ("59", "1e1", ("longitude", "position_unreadable")),
        ("59.9.1", "10", ("latitude", "position_unreadable")),
    ],
)
def test_a_position_that_is_none_is_said_at_its_field(latitude: str, longitude: str, problem: tuple[str, str]) -> None:
    assert found(changed(latitude=latitude, longitude=longitude)) == [problem]


@pytest.mark.parametrize("text", ["59,91", "59.91", "", "Oslo", "1,2,3"])
def test_one_number_is_not_taken_for_two(text: str) -> None:
    assert split_position(text) is None


@pytest.mark.parametrize(
    ("cost", "wanted"),
    [
        ("1250", "1250"),
        ("1250.50", "1250.50"),
        ("1 250,50", "1250.50"),
        ("1\u00a0250,5", "1250.5"),
        ("1.250,50", "1250.50"),
        ("1,250.50", "1250.50"),
        ("1'250.50", "1250.50"),
        ("1.250.000", "1250000"),
        ("0,5", "0.5"),
    ],
)
def test_a_cost_is_read_as_it_is_written_here(cost: str, wanted: str) -> None:
    report = changed(cost=cost, currency="NOK").report
    assert report is not None
    assert report.price == Price(amount=Decimal(wanted), currency="NOK")


@pytest.mark.parametrize(
    ("cost", "currency", "problem"),
    [
        ("1.250", "NOK", ("cost", "cost_ambiguous")),
        ("1,250", "NOK", ("cost", "cost_ambiguous")),
        ("-5", "NOK", ("cost", "cost_unreadable")),
        ("12.50.3", "NOK", ("cost", "cost_unreadable")),
        ("1.250 000", "NOK", ("cost", "cost_unreadable")),
        ("1250,505", "NOK", ("cost", "cost_unreadable")),
        ("a lot", "NOK", ("cost", "cost_unreadable")),
        ("NaN", "NOK", ("cost", "cost_unreadable")),
        ("5", "", ("currency", "currency_missing")),
        ("5", "NKO", ("currency", "currency_unknown")),
        ("5", "kr", ("currency", "currency_unknown")),
    ],
)
def test_a_cost_that_is_none_is_said_at_its_field(cost: str, currency: str, problem: tuple[str, str]) -> None:
    assert found(changed(cost=cost, currency=currency)) == [problem]


def test_a_currency_without_a_cost_is_no_price() -> None:
    report = changed(currency="NOK").report
    assert report is not None
    assert report.price is None
