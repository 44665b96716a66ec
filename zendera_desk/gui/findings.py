"""What does not fit between what was reported and what the product feed says, in icon and word: for the board and for the list.

No Qt here.
"""

from collections.abc import Sequence
from typing import Final

from zendera_desk.domain.board import Differing, Finding
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import labels
from zendera_desk.gui.labels import Label
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import mark, tr

_LABELS: Final[dict[Finding, Label]] = {
    Finding.PENDING: Label(mark("still pending"), "triangle-alert", Tone.WARN),
    Finding.NEVER_SEEN: Label(mark("not in the feed"), "triangle-alert", Tone.WARN),
    Finding.PENDING_AGAIN: Label(mark("pending again after completed"), "triangle-alert", Tone.WARN),
    Finding.NOT_READY: Label(mark("not ready"), "circle-pause", Tone.WARN),
    Finding.REMOVED: Label(mark("removed"), "circle-minus", Tone.WARN),
    Finding.REMOVED_AFTER_COMPLETED: Label(mark("removed after completed"), "circle-minus", Tone.BAD),
    Finding.COMPLETED_AGAINST_REPORT: Label(mark("completed, reported otherwise"), "triangle-alert", Tone.BAD),
    Finding.UNKNOWN_WORD: Label(mark("unknown status"), "circle-question-mark", Tone.WARN),
    Finding.CANNOT_TELL: Label(mark("the feed cannot tell"), "circle-question-mark", Tone.NEUTRAL),
}
_COUNTED: Final[dict[Finding, str]] = {
    Finding.PENDING: mark("{some} of {all} still pending"),
    Finding.NEVER_SEEN: mark("{some} of {all} not in the feed"),
    Finding.PENDING_AGAIN: mark("{some} of {all} pending again"),
    Finding.NOT_READY: mark("{some} of {all} not ready"),
    Finding.REMOVED: mark("{some} of {all} removed"),
    Finding.REMOVED_AFTER_COMPLETED: mark("{some} of {all} removed after completed"),
    Finding.COMPLETED_AGAINST_REPORT: mark("{some} of {all} completed by the feed"),
    Finding.UNKNOWN_WORD: mark("{some} of {all} with a status that is not known here"),
}


def found(finding: Finding) -> Label:
    """Of one product."""
    label = _LABELS[finding]
    return label._replace(text=tr(label.text))


def counted(differing: Differing) -> str:
    """ "2 of 5 still pending"."""
    return tr(_COUNTED[differing.finding], some=differing.some, all=differing.of)


def tone(differing: Sequence[Differing]) -> Tone:
    return Tone.BAD if any(_LABELS[each.finding].tone is Tone.BAD for each in differing) else Tone.WARN


def by_stop(differing: Sequence[Differing]) -> tuple[Label, ...]:
    """Of each stop where anything does not fit: "Delivery: 2 of 5 still pending". The gravest first."""
    said: list[Label] = []
    for stop in StopKind:
        here = sorted((each for each in differing if each.stop is stop), key=lambda each: _LABELS[each.finding].tone is not Tone.BAD)
        if here:
            words = tr("{stop}: {what}", stop=labels.stop(stop).text, what=", ".join(counted(each) for each in here))
            said.append(Label(words, "triangle-alert", tone(here)))
    return tuple(sorted(said, key=lambda label: label.tone is not Tone.BAD))
