"""Which event of a timeline is ours, ours once more, or somebody else's that says the same."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.recognition import is_failed_export, said_by_somebody_else, twice
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind

AT = datetime(2026, 6, 11, 8, 30, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def entry(number: int = 1, kind: Kind = Kind.REPORT, **fields: object) -> Entry:
    report = {"event_at": AT, "status": Status.COMPLETE, "stop": StopKind.DELIVERY} if kind is Kind.REPORT else {}
    known = {"id": EntryId(number), "account": AccountId("a"), "order_id": OrderId(1), "state": State.SENT, "made_at": AT, "next_at": AT}
    return Entry(**{**known, "kind": kind, **report, **fields})  # type: ignore[arg-type]


def event(at: datetime | None = AT, noted: int = 0, **fields: object) -> TimelineEvent:
    known = {"status": "COMPLETE", "location": "DELIVERY", "at": at, "noted_at": AT + timedelta(minutes=noted)}
    return TimelineEvent(**{**known, **fields})  # type: ignore[arg-type]


def test_one_event_is_not_two() -> None:
    assert twice(entry(), [event(), event(AT + MS), event(status="DAMAGE")], [entry()]) == ()


def test_two_events_of_one_report_are_told_with_when_each_was_noted() -> None:
    assert twice(entry(), [event(noted=7), event(noted=2)], [entry()]) == (AT + timedelta(minutes=2), AT + timedelta(minutes=7))


def test_where_zendera_does_not_say_when_it_noted_them_the_date_stands() -> None:
    assert twice(entry(), [event(noted_at=None), event(noted_at=None)], [entry()]) == (AT, AT)


def test_two_reports_of_one_second_are_not_taken_for_one_that_is_there_twice() -> None:
    first, second = entry(1), entry(2, event_at=AT + MS)
    assert not twice(first, [event(), event()], [first, second])
    assert not twice(second, [event(), event()], [first, second])
    assert len(twice(first, [event()] * 3, [first, second])) == 3


def test_a_timeline_that_keeps_milliseconds_tells_reports_of_one_second_apart() -> None:
    first, second, third = entry(1), entry(2, event_at=AT + MS), entry(3, event_at=AT + 2 * MS)
    shown = [event(noted=1), event(noted=9), event(AT + MS)]
    assert len(twice(first, shown, [first, second, third])) == 2
    assert not twice(second, shown, [first, second, third])


def test_a_fail_is_there_twice_when_its_reference_is() -> None:
    fail = entry(kind=Kind.FAIL, reference="ZD-7K3F")
    strike = TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=False, failure_reason="No capacity [ZD-7K3F]", noted_at=AT)
    assert twice(fail, [strike, strike], [fail]) == (AT, AT)
    assert not twice(fail, [strike, msgspec.structs.replace(strike, failure_reason="No capacity [ZD-AAAA]")], [fail])


@pytest.mark.parametrize(
    ("said", "is_strike"),
    [
        (TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=False), True),
        (TimelineEvent(type="ORDER_EXPORTED", success=False), True),
        (TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=True), False),
        (TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED"), False),
        (TimelineEvent(type="EVENT_TYPE_ORDER_UPDATED", success=False), False),
    ],
)
def test_a_strike_is_a_failed_export_and_nothing_else(said: TimelineEvent, is_strike: bool) -> None:
    assert is_failed_export(said) is is_strike


def asked(
    *events: TimelineEvent, status: Status = Status.COMPLETE, at: datetime = AT, ours: tuple[Entry, ...] = ()
) -> TimelineEvent | None:
    return said_by_somebody_else(StopKind.DELIVERY, status, at, events, ours)


def test_a_delivery_happens_once_whenever_it_is_said_to_have_happened() -> None:
    assert asked(event(AT - timedelta(hours=20))) is not None
    assert asked(event(None)) is not None


def test_what_can_happen_again_is_the_same_only_when_it_is_near() -> None:
    nobody = event(status="NO_ONE_THERE")
    assert asked(nobody, status=Status.NO_ONE_THERE, at=AT + timedelta(hours=1)) is nobody
    assert asked(nobody, status=Status.NO_ONE_THERE, at=AT + timedelta(hours=3)) is None
    assert asked(event(None, status="NO_ONE_THERE"), status=Status.NO_ONE_THERE) is None


def test_our_own_report_is_nobody_elses() -> None:
    assert asked(event(), ours=(entry(),)) is None
    assert asked(event(), event(AT + timedelta(minutes=5)), ours=(entry(),)) == event(AT + timedelta(minutes=5))


@pytest.mark.parametrize(
    "other", [event(location="PICKUP"), event(status="DAMAGE"), TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", at=AT)]
)
def test_what_says_something_else_is_not_asked_about(other: TimelineEvent) -> None:
    assert asked(other) is None


def test_of_several_the_newest_is_told() -> None:
    newest = event(noted=9)
    assert asked(event(noted=1), newest, event(noted=4)) is newest
