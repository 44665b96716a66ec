"""What a person may do with an entry, by its state: a table, so that a button can only ask for a legal move.

The desk checks again. An entry of another account is shown and left alone: its key is not the one that is open.
"""

from enum import StrEnum
from typing import Final

from zendera_desk.domain.outbox import NEEDS_ME, State, Why
from zendera_desk.domain.views import OutboxLine


class Offer(StrEnum):
    RETRY = "retry"
    TAKE_BACK = "take_back"
    DROP = "drop"
    DECIDE = "decide"
    """It arrived, send again, or drop it: those of `Entry.decisions`."""
    SEEN = "seen"
    """That Zendera shows it twice."""


OFFERS: Final[dict[State, frozenset[Offer]]] = {
    State.HELD: frozenset({Offer.TAKE_BACK}),
    State.DUE: frozenset({Offer.RETRY, Offer.TAKE_BACK}),
    State.SENDING: frozenset(),
    State.UNCLEAR: frozenset(),
    State.REFUSED: frozenset({Offer.RETRY, Offer.DROP}),
    State.NEEDS_PERSON: frozenset(),
    State.SENT: frozenset(),
    State.CONFIRMED: frozenset(),
    State.TAKEN_BACK: frozenset(),
    State.DROPPED: frozenset(),
}


def offers(line: OutboxLine) -> frozenset[Offer]:
    if line.foreign:
        return frozenset()
    offered = OFFERS[line.entry.state]
    if line.entry.code == Why.DAMAGED:
        offered -= {Offer.RETRY}  # it would be as damaged again
    if line.entry.decisions:
        offered |= {Offer.DECIDE}
    return offered | {Offer.SEEN} if line.entry.is_doubled else offered


def waits(line: OutboxLine) -> bool:
    """Only a person moves it on: by a decision, by mending it, or by saying that they know."""
    if line.foreign:
        return False
    entry = line.entry
    return entry.state in NEEDS_ME or entry.is_doubled or (entry.is_unshown and not line.answered_anew)
