"""What can be mended of an entry, by where it stands: one table for the outbox and for the history of a shipment."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from zendera_desk.domain import mending
from zendera_desk.domain.outbox import Entry, Why
from zendera_desk.gui.words import mark


class Mend(StrEnum):
    MOVE = "move"
    CORRECT = "correct"
    ANOTHER = "another"
    """It was sent, and meant for another shipment."""
    ANEW = "anew"


WORDS: Final[dict[Mend, str]] = {
    Mend.MOVE: mark("Move to another shipment…"),
    Mend.CORRECT: mark("Correct…"),
    Mend.ANOTHER: mark("It was another shipment…"),
    Mend.ANEW: mark("Send again as new…"),
}
NAMES: Final[dict[Mend, str]] = {
    Mend.MOVE: "moveToAnother",
    Mend.CORRECT: "correct",
    Mend.ANOTHER: "wasAnother",
    Mend.ANEW: "sendAnew",
}
ASKS_WHERE: Final = frozenset({Mend.MOVE, Mend.ANOTHER})

_MAY: Final[dict[Mend, Callable[[Entry], bool]]] = {
    Mend.MOVE: mending.may_move,
    Mend.CORRECT: mending.may_correct,
    Mend.ANOTHER: mending.may_correct,
    Mend.ANEW: mending.may_send_anew,
}


def mends(entry: Entry | None) -> frozenset[Mend]:
    """What cannot be read any more is entered anew by hand."""
    if entry is None or entry.code == Why.DAMAGED:
        return frozenset()
    return frozenset(mend for mend, may in _MAY.items() if may(entry))
