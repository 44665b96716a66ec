"""Whether Zendera's timeline shows an entry of ours. Never by counting: another desk may have made an event like ours."""

from collections.abc import Iterable
from enum import StrEnum

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.outbox import Entry, Kind
from zendera_desk.domain.recognition import fits, is_exactly, looks_like


class Sight(StrEnum):
    SHOWN = "shown"
    NOT_SHOWN = "not_shown"
    CANNOT_TELL = "cannot_tell"
    """An event fits to the second, and it may just as well be another report of the same second."""


def look(entry: Entry, events: Iterable[TimelineEvent], entries: Iterable[Entry]) -> Sight:
    """`entries`: all of the order, the one that is looked for among them."""
    fitting = [event for event in events if fits(entry, event)]
    if entry.kind is Kind.FAIL or any(is_exactly(entry, event) for event in fitting):
        return Sight.SHOWN if fitting else Sight.NOT_SHOWN
    if any(looks_like(other, entry) for other in entries):
        return Sight.CANNOT_TELL if fitting else Sight.NOT_SHOWN
    return Sight.SHOWN if fitting else Sight.NOT_SHOWN
