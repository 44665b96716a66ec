"""Whether the timeline shows an entry of ours, and not somebody else's that looks like it."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.engine.evidence import Sight, look

AT = datetime(2026, 6, 11, 8, 30, tzinfo=UTC)
MS = timedelta(milliseconds=1)


def reported(number: int = 1, at: datetime = AT, status: Status = Status.COMPLETE, stop: StopKind = StopKind.DELIVERY) -> Entry:
    return made(number, Kind.REPORT, event_at=at, status=status, stop=stop)


def made(number: int, kind: Kind, **fields: object) -> Entry:
    return Entry(
        id=EntryId(number),
        account=AccountId("nordlys"),
        order_id=OrderId(1),
        kind=kind,
        state=State.UNCLEAR,
        made_at=AT,
        next_at=AT,
        attempts=1,
        **fields,  # type: ignore[arg-type]
    )


SHOWN = TimelineEvent(status="COMPLETE", location="DELIVERY", at=AT)


@pytest.mark.parametrize(
    ("event", "sight"),
    [
        (SHOWN, Sight.SHOWN),
        (TimelineEvent(status="EXTERNAL_ORDER_STATUS_COMPLETE", location="LOCATION_TYPE_DELIVERY", at=AT), Sight.SHOWN),
        (TimelineEvent(status="COMPLETE", at=AT), Sight.SHOWN),
        (TimelineEvent(status="COMPLETE", location="DELIVERY", at=AT.astimezone()), Sight.SHOWN),
        (TimelineEvent(status="COMPLETE", location="PICKUP", at=AT), Sight.NOT_SHOWN),
        (TimelineEvent(status="DAMAGE", location="DELIVERY", at=AT), Sight.NOT_SHOWN),
        (TimelineEvent(status="INCOMPLETE", location="DELIVERY", at=AT), Sight.NOT_SHOWN),
        (TimelineEvent(status="COMPLETE", location="DELIVERY", at=AT + MS), Sight.NOT_SHOWN),
        (TimelineEvent(status="COMPLETE", location="DELIVERY", at=AT + timedelta(seconds=1)), Sight.NOT_SHOWN),
        (TimelineEvent(status="COMPLETE", location="DELIVERY"), Sight.NOT_SHOWN),
        (TimelineEvent(location="DELIVERY", at=AT), Sight.NOT_SHOWN),
        (TimelineEvent(), Sight.NOT_SHOWN),
    ],
)
def test_a_report_is_recognised_by_status_stop_and_date(event: TimelineEvent, sight: Sight) -> None:
    assert look(reported(), [TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED"), event], [reported()]) is sight


def test_a_timeline_that_keeps_whole_seconds_shows_it_too() -> None:
    entry = reported(at=AT + MS)
    assert look(entry, [SHOWN], [entry]) is Sight.SHOWN


def test_it_cannot_tell_two_reports_of_one_second_apart() -> None:
    first, second = reported(1), reported(2, AT + MS)
    assert look(second, [SHOWN], [first, second]) is Sight.CANNOT_TELL
    assert look(first, [SHOWN], [first, second]) is Sight.SHOWN
    assert look(second, [], [first, second]) is Sight.NOT_SHOWN


@pytest.mark.parametrize(
    "other",
    [msgspec.structs.replace(reported(1), state=state) for state in (State.REFUSED, State.DROPPED, State.TAKEN_BACK, State.HELD)]
    + [reported(1, status=Status.DAMAGE), reported(1, stop=StopKind.PICKUP), reported(1, AT - timedelta(seconds=1)), made(1, Kind.ACCEPT)],
)
def test_only_one_that_looks_the_same_is_in_the_way(other: Entry) -> None:
    entry = reported(2, AT + MS)
    assert look(entry, [SHOWN], [other, entry]) is Sight.SHOWN


@pytest.mark.parametrize(
    ("reason", "sight"),
    [
        ("Unknown postal code [ZD-7K3F]", Sight.SHOWN),
        ("Unknown postal code [ZD-7K3F] (carrier)", Sight.SHOWN),
        ("Unknown postal code [ZD-7K3G]", Sight.NOT_SHOWN),
        ("Unknown postal code", Sight.NOT_SHOWN),
        ("", Sight.NOT_SHOWN),
    ],
)
def test_a_fail_is_recognised_by_its_reference(reason: str, sight: Sight) -> None:
    entry = made(1, Kind.FAIL, reference="ZD-7K3F")
    assert look(entry, [TimelineEvent(success=False, failure_reason=reason)], [entry]) is sight


def test_a_fail_without_a_reference_is_never_recognised() -> None:
    entry = made(1, Kind.FAIL)
    assert look(entry, [TimelineEvent(failure_reason="[]")], [entry]) is Sight.NOT_SHOWN


def test_an_accept_is_not_a_matter_of_the_timeline() -> None:
    entry = made(1, Kind.ACCEPT)
    assert look(entry, [SHOWN], [entry]) is Sight.NOT_SHOWN
