"""Whether an event of Zendera's timeline is an entry of ours, the same once more, or somebody else's that says the same.

A report is recognised by order, stop, status and date (ours are unique within an order, to the millisecond), a fail by the
reference in its reason. Never by counting: another desk may have made an event like ours.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind

NEAR: Final = timedelta(hours=2)
"""Two reports of a thing that can happen again (nobody was there) mean the same when they are said to have happened so close together."""

_ONCE: Final = frozenset({Status.COMPLETE, Status.CANNOT_HANDLE})
"""What happens at a stop once: whenever somebody says it a second time, it is the same."""
_MAY_BE_SHOWN: Final = frozenset({State.SENDING, State.SENT, State.CONFIRMED, State.UNCLEAR, State.NEEDS_PERSON})
_EXPORTED: Final = "ORDER_EXPORTED"


def fits(entry: Entry, event: TimelineEvent) -> bool:
    if entry.kind is Kind.FAIL:
        return bool(entry.reference) and f"[{entry.reference}]" in event.failure_reason
    if entry.kind is not Kind.REPORT or entry.status is None or entry.stop is None or entry.event_at is None:
        return False
    return is_said(event, entry.stop, entry.status) and event.at is not None and _same_moment(event.at, entry.event_at)


def is_exactly(entry: Entry, event: TimelineEvent) -> bool:
    """Of an event that fits: that its date is ours to the millisecond."""
    return event.at is not None and event.at.astimezone(UTC) == entry.event_at


def looks_like(other: Entry, entry: Entry) -> bool:
    """Another report that may have been received, and that a timeline which keeps whole seconds shows as this one."""
    return (
        other.id != entry.id
        and (other.ever_unclear or other.state in _MAY_BE_SHOWN)
        and (other.kind, other.status, other.stop) == (entry.kind, entry.status, entry.stop)
        and other.event_at is not None
        and entry.event_at is not None
        and other.event_at.replace(microsecond=0) == entry.event_at.replace(microsecond=0)
    )


def twice(entry: Entry, events: Iterable[TimelineEvent], entries: Iterable[Entry]) -> tuple[datetime, ...]:
    """When Zendera noted the events, if it shows this entry more than once; empty if it does not.

    Events that another report of the same second may account for are not held against this one, unless the timeline is seen to keep
    the milliseconds by which they differ.
    """
    shown = list(events)
    fitting = [event for event in shown if fits(entry, event)]
    alike = [other for other in entries if looks_like(other, entry)] if entry.kind is Kind.REPORT else []
    if any(one.event_at and one.event_at.microsecond and is_exactly(one, event) for one in (entry, *alike) for event in shown):
        fitting, alike = [event for event in fitting if is_exactly(entry, event)], []
    if len(fitting) < 2 + len(alike):
        return ()
    return tuple(sorted(event.noted_at or event.at or entry.made_at for event in fitting))


def is_failed_export(event: TimelineEvent) -> bool:
    """A strike, whoever made it."""
    return event.success is False and event.type.endswith(_EXPORTED)


def said_by_somebody_else(
    stop: StopKind, status: Status, at: datetime, events: Iterable[TimelineEvent], entries: Sequence[Entry]
) -> TimelineEvent | None:
    """The newest event that says what a report is about to say, and that is none of ours."""
    equal = [
        event
        for event in events
        if is_said(event, stop, status)
        and (status in _ONCE or (event.at is not None and abs(event.at - at) <= NEAR))
        and not any(fits(entry, event) for entry in entries if entry.state not in {State.TAKEN_BACK, State.DROPPED})
    ]
    return max(equal, key=lambda event: event.noted_at or event.at or at, default=None)


def is_said(event: TimelineEvent, stop: StopKind, status: Status) -> bool:
    """A timeline that leaves the stop out is taken to mean it."""
    return _ends_with(event.status, status.value) and (not event.location or _ends_with(event.location, stop.value))


def _ends_with(word: str, value: str) -> bool:
    """`COMPLETE` and the long form of an enum, `EXTERNAL_ORDER_STATUS_COMPLETE`."""
    return word == value or word.endswith(f"_{value}")


def _same_moment(theirs: datetime, ours: datetime) -> bool:
    """To the millisecond; to the second when they keep no fraction and ours has one."""
    if theirs.astimezone(UTC) == ours:
        return True
    return theirs.microsecond == 0 and theirs.astimezone(UTC) == ours.replace(microsecond=0)
