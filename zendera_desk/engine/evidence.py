"""Whether Zendera's timeline shows an entry of ours. Never by counting: another desk may have made an event like ours."""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.outbox import Entry, Kind, State

_MAY_BE_SHOWN: Final = frozenset({State.SENDING, State.SENT, State.CONFIRMED, State.UNCLEAR, State.NEEDS_PERSON})


class Sight(StrEnum):
    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    CANNOT_TELL = "cannot_tell"
    """An event fits to the second, and it may just as well be another report of the same second."""


def look(entry: Entry, events: Iterable[TimelineEvent], entries: Iterable[Entry]) -> Sight:
    """`entries`: all of the order, the one that is looked for among them."""
    fitting = [event for event in events if _fits(entry, event)]
    if entry.kind is Kind.FAIL or any(event.at is not None and event.at.astimezone(UTC) == entry.event_at for event in fitting):
        return Sight.SHOWN if fitting else Sight.NOT_SHOWN
    if any(_looks_like(other, entry) for other in entries):
        return Sight.CANNOT_TELL if fitting else Sight.NOT_SHOWN
    return Sight.SHOWN if fitting else Sight.NOT_SHOWN


def _fits(entry: Entry, event: TimelineEvent) -> bool:
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


def _looks_like(other: Entry, entry: Entry) -> bool:
    """Another report that may have been received, and that a timeline which keeps whole seconds shows as this one."""
    return (
        other.id != entry.id
        and (other.ever_unclear or other.state in _MAY_BE_SHOWN)
        and (other.kind, other.status, other.stop) == (entry.kind, entry.status, entry.stop)
        and other.event_at is not None
        and entry.event_at is not None
        and other.event_at.replace(microsecond=0) == entry.event_at.replace(microsecond=0)
    )


def _ends_with(word: str, value: str) -> bool:
    """`COMPLETE` and the long form of an enum, `EXTERNAL_ORDER_STATUS_COMPLETE`."""
    return word == value or word.endswith(f"_{value}")


def _same_moment(theirs: datetime, ours: datetime) -> bool:
    """To the millisecond; to the second when they keep no fraction and ours has one."""
    if theirs.astimezone(UTC) == ours:
        return True
    return theirs.microsecond == 0 and theirs.astimezone(UTC) == ours.replace(microsecond=0)
