"""Where a shipment stands: its phase, what is on its way, and the views it belongs to, from its outbox entries alone.

One pure function, so that the list, the views and the counts cannot disagree, and so that a test can try every history.
The store keeps its result in columns (store/projection.py): filtering and sorting stay SQL, and the rules stay readable.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from zendera_desk.domain.outbox import NEEDS_ME, OPEN, Entry, Kind, State, Why
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Phase, ShipmentLine

WALKS_TO_BE_GONE: Final = 2
"""Clean walks in a row that must not show an order before the interface says it is gone."""

STRIKES: Final = 5
"""After this many failed exports an order leaves Zendera's feed."""

_RECEIVED: Final = frozenset({State.SENT, State.CONFIRMED})
_WITHDRAWN: Final = frozenset({State.TAKEN_BACK, State.DROPPED})
_NOT_LEFT: Final = frozenset({State.HELD, State.DUE})
_FINAL_AT_DELIVERY: Final = frozenset({Status.COMPLETE, Status.DAMAGE, Status.CANNOT_HANDLE})
_URGENCY: Final = (
    State.NEEDS_PERSON,
    State.REFUSED,
    State.UNCLEAR,
    State.SENDING,
    State.DUE,
    State.HELD,
    State.SENT,
    State.CONFIRMED,
)
_AFTER_WHAT_NEEDS_A_PERSON: Final = len(NEEDS_ME) - 0.5


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    phase: Phase
    exception: Status | None = None
    strikes: int = 0
    show_changes: bool = False
    """The last version came after what the office decided on: the person must see what is different."""
    entry: Entry | None = None
    """What most needs to be seen of what is on its way."""
    to_accept: bool = False
    to_report: bool = False
    needs_me: bool = False


def stand(entries: Sequence[Entry], *, version: int, missed: int, has_draft: bool, failed_exports: int = 0) -> Standing:
    """`entries`: all of the shipment, in the order they were made. `version`: its newest. `failed_exports`: strikes on the timeline."""
    live = [entry for entry in entries if entry.state not in _WITHDRAWN]
    phase, exception = _phase(live, version, missed)
    last = _last_answer(live)
    return Standing(
        phase=phase,
        exception=exception,
        strikes=strikes(live, failed_exports),
        show_changes=last is not None and version > last.version,
        entry=_most_urgent(entries, last),
        to_accept=phase in {Phase.NEW, Phase.CORRECTED},
        to_report=phase in {Phase.ACCEPTING, Phase.ACCEPTED, Phase.PICKED_UP, Phase.EXCEPTION} and not _is_reported(live),
        needs_me=has_draft
        or any(entry.state in NEEDS_ME or entry.is_doubled for entry in entries)
        or any(_asks(entry, last) for entry in live),
    )


def may_fail(line: ShipmentLine) -> bool:
    """Zendera waits for our answer: it is new, was corrected, or is offered again although we accepted it."""
    return line.phase in {Phase.NEW, Phase.CORRECTED} or line.entry_code == Why.STILL_OFFERED


def may_accept(line: ShipmentLine) -> bool:
    """As `may_fail`; and one that we failed can be accepted after all, because Zendera offers it until the fifth strike."""
    failed = line.phase is Phase.FAILED and line.entry_kind is Kind.FAIL and line.entry_state in _RECEIVED
    return may_fail(line) or (failed and line.strikes < STRIKES)


def strikes(entries: Sequence[Entry], failed_exports: int = 0) -> int:
    """How many of the five are used, or about to be: by our own log or by Zendera's timeline, whichever knows of more.

    Never both added: the timeline shows our own too, and a reference may have been cut off there. Only what has certainly not
    left yet cannot be on it.
    """
    ours = [entry for entry in entries if entry.kind is Kind.FAIL and entry.state not in _WITHDRAWN and entry.state is not State.REFUSED]
    not_there = sum(entry.state in _NOT_LEFT and not entry.ever_unclear for entry in ours)
    return max(len(ours), failed_exports + not_there)


def _phase(live: Sequence[Entry], version: int, missed: int) -> tuple[Phase, Status | None]:
    reports = [entry for entry in live if entry.kind is Kind.REPORT and entry.state in _RECEIVED]
    at_delivery = [entry for entry in reports if entry.stop is StopKind.DELIVERY]
    if decisive := at_delivery or reports:
        last = decisive[-1]
        if last.status is not Status.COMPLETE:
            return Phase.EXCEPTION, last.status
        return (Phase.DELIVERED if at_delivery else Phase.PICKED_UP), None
    return _acknowledged(_last_answer(live), version, missed), None


def _acknowledged(answer: Entry | None, version: int, missed: int) -> Phase:
    if answer is None:
        return Phase.GONE if missed >= WALKS_TO_BE_GONE else Phase.NEW
    if answer.kind is Kind.ACCEPT:
        return Phase.ACCEPTED if answer.state in _RECEIVED else Phase.ACCEPTING
    if answer.state in _RECEIVED:
        if missed >= WALKS_TO_BE_GONE and answer.strike < STRIKES:
            return Phase.GONE
        if version > answer.version:
            return Phase.CORRECTED
    return Phase.FAILED


def _last_answer(live: Sequence[Entry]) -> Entry | None:
    """The last accept or fail that Zendera has not refused."""
    answers = [entry for entry in live if entry.kind is not Kind.REPORT and entry.state is not State.REFUSED]
    return answers[-1] if answers else None


def _is_reported(live: Sequence[Entry]) -> bool:
    """Nothing is left to report: the delivery is decided, or a report about it is on its way. What was corrected decides nothing."""
    said_right = {entry.corrects for entry in live if entry.state in _RECEIVED}
    reports = [entry for entry in live if entry.kind is Kind.REPORT and entry.state is not State.REFUSED and entry.id not in said_right]
    return any(
        entry.status is Status.CANNOT_HANDLE
        or (entry.stop is StopKind.DELIVERY and (entry.status in _FINAL_AT_DELIVERY or entry.state in OPEN))
        for entry in reports
    )


def _asks(entry: Entry, last: Entry | None) -> bool:
    """Zendera does not show it, and the order was not accepted or failed anew since."""
    return entry.is_unshown and (entry.kind is Kind.REPORT or last is None or entry.id == last.id)


def _most_urgent(entries: Sequence[Entry], last: Entry | None) -> Entry | None:
    """What waits for a person, then what Zendera shows twice, then open entries by urgency, then what Zendera does not show;
    without one, the last that was sent."""
    waiting = [entry for entry in entries if entry.state in OPEN or entry.is_doubled or _asks(entry, last)]
    if waiting:
        return min(waiting, key=_urgency)
    live = [entry for entry in entries if entry.state not in _WITHDRAWN]
    return live[-1] if live else None


def _urgency(entry: Entry) -> float:
    return _AFTER_WHAT_NEEDS_A_PERSON if entry.is_doubled and entry.state not in NEEDS_ME else _URGENCY.index(entry.state)
