"""Whether Zendera's timeline shows an entry of ours. Never by counting: another desk may have made an event like ours."""

from collections.abc import Iterable
from datetime import UTC, datetime

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.outbox import Entry, Kind


def shows(entry: Entry, events: Iterable[TimelineEvent]) -> bool:
    return any(_is(entry, event) for event in events)


def _is(entry: Entry, event: TimelineEvent) -> bool:
    if entry.kind is Kind.FAIL:
        return bool(entry.reference) and f"[{entry.reference}]" in event.failure_reason
    if entry.kind is not Kind.REPORT or entry.status is None or entry.stop is None or entry.event_at is None:
        return False
    return (
        _ends_with(event.status, entry.status.value)
        and (not event.location or _ends_with(event.location, entry.stop.value))
        and event.at is not None
        and _same_moment(event.at, entry.event_at)
    )


def _ends_with(word: str, value: str) -> bool:
    """`COMPLETE` and the long form of an enum, `EXTERNAL_ORDER_STATUS_COMPLETE`."""
    return word == value or word.endswith(f"_{value}")


def _same_moment(theirs: datetime, ours: datetime) -> bool:
    """To the millisecond; to the second when they keep no fraction and ours has one."""
    if theirs.astimezone(UTC) == ours:
        return True
    return theirs.microsecond == 0 and theirs.astimezone(UTC) == ours.replace(microsecond=0)
