"""The words, icon and tone for every code of the domain. The core speaks codes; this is where they become language.

State is told by icon and word; the tone only helps. Sentences (errors, problems of a form) are in `sentences` and can be
had from here too, so that a view needs one import. Codes that a newer core may send, and this table does not know, become
readable text instead of nothing.
"""

from datetime import datetime
from typing import Final, NamedTuple

from zendera_desk.domain.errors import LinkCode
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.outbox import BY_PERSON, Decision, Deed, Entry, Kind, State, Why
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.standing import STRIKES
from zendera_desk.domain.views import Connection, FeedScope, Phase, View
from zendera_desk.gui.format import day, seconds, visible, when
from zendera_desk.gui.sentences import code, error, failure_reasons, problem, readable, short_code, skipped
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import mark, tr

__all__ = [
    "Label",
    "code",
    "connection",
    "decision",
    "deed",
    "entry_state",
    "error",
    "failure_reasons",
    "feed_scope",
    "kind",
    "phase",
    "problem",
    "product_status",
    "purged",
    "readable",
    "report_status",
    "short_code",
    "skipped",
    "stop",
    "view",
    "witness",
]


class Label(NamedTuple):
    text: str
    icon: str
    """A name for `icons.icon`."""
    tone: Tone


_PHASES: Final[dict[Phase, Label]] = {
    Phase.NEW: Label(mark("new"), "sparkles", Tone.ACCENT),
    Phase.ACCEPTING: Label(mark("accepting"), "loader", Tone.INFO),
    Phase.ACCEPTED: Label(mark("accepted"), "check", Tone.GOOD),
    Phase.FAILED: Label(mark("failed"), "circle-x", Tone.WARN),
    Phase.CORRECTED: Label(mark("corrected"), "git-compare-arrows", Tone.ACCENT),
    Phase.GONE: Label(mark("gone from the feed"), "circle-slash", Tone.NEUTRAL),
    Phase.PICKED_UP: Label(mark("picked up"), "truck", Tone.GOOD),
    Phase.DELIVERED: Label(mark("delivered"), "package-check", Tone.GOOD),
    Phase.EXCEPTION: Label(mark("exception"), "triangle-alert", Tone.BAD),
}


def phase(value: Phase, exception: Status | None = None, strikes: int = 0) -> Label:
    """Where a shipment stands. An exception is called by its status; a failed one says which of the five strikes it has."""
    label = _PHASES[value]
    if value is Phase.EXCEPTION and exception is not None:
        return report_status(exception)._replace(text=tr(_EXCEPTIONS[exception]))
    if value is Phase.FAILED and strikes:
        return label._replace(text=tr("failed {strike} of {all}", strike=strikes, all=STRIKES))
    return label._replace(text=tr(label.text))


_STATES: Final[dict[State, Label]] = {
    State.HELD: Label(mark("held"), "hourglass", Tone.INFO),
    State.DUE: Label(mark("waiting"), "clock", Tone.NEUTRAL),
    State.SENDING: Label(mark("sending"), "send", Tone.INFO),
    State.SENT: Label(mark("sent"), "check", Tone.GOOD),
    State.CONFIRMED: Label(mark("confirmed"), "badge-check", Tone.GOOD),
    State.UNCLEAR: Label(mark("unclear, asking Zendera"), "circle-question-mark", Tone.WARN),
    State.REFUSED: Label(mark("refused"), "ban", Tone.BAD),
    State.NEEDS_PERSON: Label(mark("needs you"), "hand", Tone.BAD),
    State.TAKEN_BACK: Label(mark("taken back"), "undo-2", Tone.NEUTRAL),
    State.DROPPED: Label(mark("dropped"), "trash-2", Tone.NEUTRAL),
}


_MORE_EXACT: Final[dict[tuple[State, str], Label]] = {
    (State.SENT, Why.STILL_OFFERED): Label(mark("sent, still offered"), "triangle-alert", Tone.WARN),
    (State.SENT, Why.NO_EVIDENCE): Label(mark("sent, not shown"), "triangle-alert", Tone.WARN),
    (State.REFUSED, Why.DAMAGED): Label(mark("not sent, damaged"), "ban", Tone.BAD),
    (State.CONFIRMED, BY_PERSON): Label(mark("said to have arrived"), "hand", Tone.NEUTRAL),
}
"""Where the state's own word would say more, or something else, than is known."""


def entry_state(state: State, next_at: datetime | None = None, now: datetime | None = None, code: str = "", seen_by: str = "") -> Label:
    """What is on its way. With a time: "held 8 s", "waiting, retry at 14:32". With a code: "waiting (offline)".

    Green is only what Zendera answered or showed: not what a person said, nor what Zendera does not show.
    """
    label = _MORE_EXACT.get((state, seen_by if state is State.CONFIRMED else code), _STATES[state])
    if state is State.HELD and next_at is not None and now is not None and next_at > now:
        return label._replace(text=tr("held {wait}", wait=seconds((next_at - now).total_seconds())))
    if state is State.DUE:
        return label._replace(text=_waiting(next_at, now, code))
    return label._replace(text=tr(label.text))


def purged(entry: Entry) -> str:
    """What is not there any more, and why; "" while all of it is. An accept has no details that could go."""
    if entry.purged_at is None or entry.kind is Kind.ACCEPT:
        return ""
    return tr("details removed on {day} by the retention setting", day=day(entry.purged_at))


def _waiting(next_at: datetime | None, now: datetime | None, code: str) -> str:
    why = short_code(code) if code else ""
    time = when(next_at, now) if next_at is not None and now is not None and next_at > now else ""
    if why and time:
        return tr("waiting ({why}), retry at {time}", why=why, time=time)
    if time:
        return tr("waiting, retry at {time}", time=time)
    return tr("waiting ({why})", why=why) if why else tr("waiting")


_KINDS: Final[dict[Kind, Label]] = {
    Kind.ACCEPT: Label(mark("Accept"), "check", Tone.GOOD),
    Kind.FAIL: Label(mark("Fail"), "x", Tone.WARN),
    Kind.REPORT: Label(mark("Report"), "clipboard", Tone.INFO),
}


def kind(value: Kind) -> Label:
    """What an entry of the outbox sends."""
    label = _KINDS[value]
    return label._replace(text=tr(label.text))


_STATUSES: Final[dict[Status, Label]] = {
    Status.COMPLETE: Label(mark("Complete"), "package-check", Tone.GOOD),
    Status.DAMAGE: Label(mark("Damage"), "package-x", Tone.BAD),
    Status.NO_ONE_THERE: Label(mark("No one there"), "door-closed", Tone.WARN),
    Status.OTHER: Label(mark("Other"), "message-square", Tone.WARN),
    Status.CANNOT_HANDLE: Label(mark("Cannot handle"), "ban", Tone.BAD),
}
_EXCEPTIONS: Final[dict[Status, str]] = {
    Status.COMPLETE: mark("complete"),
    Status.DAMAGE: mark("damage"),
    Status.NO_ONE_THERE: mark("no one there"),
    Status.OTHER: mark("other"),
    Status.CANNOT_HANDLE: mark("cannot handle"),
}


def report_status(value: Status) -> Label:
    """The five things that can happen at a stop, as on their buttons."""
    label = _STATUSES[value]
    return label._replace(text=tr(label.text))


_PRODUCTS: Final[dict[ProductStatus, Label]] = {
    ProductStatus.PENDING: Label(mark("pending"), "circle-dashed", Tone.NEUTRAL),
    ProductStatus.COMPLETED: Label(mark("completed"), "circle-check", Tone.GOOD),
    ProductStatus.REMOVED: Label(mark("removed"), "circle-minus", Tone.WARN),
    ProductStatus.NOT_READY: Label(mark("not ready"), "circle-pause", Tone.WARN),
    ProductStatus.UNKNOWN: Label(mark("unknown status"), "circle-question-mark", Tone.NEUTRAL),
}
_DONE: Final[dict[StopKind, str]] = {StopKind.PICKUP: mark("picked up"), StopKind.DELIVERY: mark("delivered")}


def product_status(value: ProductStatus, stop: StopKind | None = None, word: str = "") -> Label:
    """A product at a stop. Completed at a known stop is "picked up" or "delivered"; a word we do not know is shown as it came."""
    label = _PRODUCTS[value]
    if value is ProductStatus.COMPLETED and stop is not None:
        icon = "truck" if stop is StopKind.PICKUP else "package-check"
        return label._replace(text=tr(_DONE[stop]), icon=icon)
    if value is ProductStatus.UNKNOWN and word:
        return label._replace(text=visible(readable(word)))
    return label._replace(text=tr(label.text))


_STOPS: Final[dict[StopKind, Label]] = {
    StopKind.PICKUP: Label(mark("Pickup"), "warehouse", Tone.NEUTRAL),
    StopKind.DELIVERY: Label(mark("Delivery"), "map-pin", Tone.NEUTRAL),
}


def stop(value: StopKind | None) -> Label:
    """None: Zendera left it out, or said a word that we do not know."""
    if value is None:
        return Label(tr("Unknown stop"), "circle-question-mark", Tone.NEUTRAL)
    label = _STOPS[value]
    return label._replace(text=tr(label.text))


_CONNECTIONS: Final[dict[Connection, Label]] = {
    Connection.STARTING: Label(mark("starting"), "loader", Tone.NEUTRAL),
    Connection.ONLINE: Label(mark("online"), "wifi", Tone.GOOD),
    Connection.OFFLINE: Label(mark("offline"), "wifi-off", Tone.WARN),
    Connection.LIMITED: Label(mark("waiting for the hourly limit"), "gauge", Tone.WARN),
    Connection.BLOCKED: Label(mark("key not accepted"), "key-round", Tone.BAD),
    Connection.TROUBLE: Label(mark("connection needs mending"), "unplug", Tone.BAD),
}


def connection(value: Connection, code: str = "") -> Label:
    """The first words of the status line. Neither a missing permission nor a missing key is a wrong key, and is called differently."""
    label = _CONNECTIONS[value]
    if value is Connection.BLOCKED and code == "key_missing":
        return label._replace(text=tr("key missing"))
    if value is Connection.BLOCKED and code == LinkCode.FORBIDDEN:
        return label._replace(text=tr("not permitted"), icon="lock")
    if value is Connection.TROUBLE and code:
        return label._replace(text=short_code(code))
    return label._replace(text=tr(label.text))


_VIEWS: Final[dict[View, str]] = {
    View.TO_ACCEPT: mark("To accept"),
    View.TO_REPORT: mark("To report"),
    View.NEEDS_ME: mark("Needs me"),
    View.DIFFERENCES: mark("Differences"),
    View.TODAY: mark("Today"),
    View.ALL: mark("All"),
}


def view(value: View) -> str:
    return tr(_VIEWS[value])


_SCOPES: Final[dict[FeedScope, str]] = {
    FeedScope.ALL: mark("All"),
    FeedScope.ORDER: mark("This order"),
    FeedScope.UNMATCHED: mark("Unmatched"),
}


def feed_scope(value: FeedScope) -> str:
    return tr(_SCOPES[value])


_DECISIONS: Final[dict[Decision, str]] = {
    Decision.ARRIVED: mark("It arrived"),
    Decision.SEND_AGAIN: mark("Send again"),
    Decision.DROP: mark("Drop it"),
}


_DEEDS: Final[dict[Deed, str]] = {
    Deed.ARRIVED: mark("decided: it arrived"),
    Deed.SEND_AGAIN: mark("decided: send again"),
    Deed.DROP: mark("dropped it"),
    Deed.TAKE_BACK: mark("took it back"),
    Deed.RETRY: mark("sent it again as it was"),
    Deed.SEEN: mark("saw that it is there twice"),
    Deed.MOVE: mark("moved it to another shipment"),
    Deed.CORRECT: mark("corrected it by a newer report"),
    Deed.COLLECT: mark("said that the cash on delivery was collected"),
    Deed.SEND_ANEW: mark("made it anew, as another entry"),
}


def deed(value: Deed) -> str:
    """What a person did, for the history."""
    return tr(_DEEDS[value])


_WITNESSES: Final = {
    "timeline": mark("seen on Zendera's timeline"),
    "feed": mark("seen in the product feed"),
    "walk": mark("no longer offered by Zendera"),
    BY_PERSON: mark("a person said that it arrived"),
}


def witness(seen_by: str) -> str:
    """What confirmed an entry."""
    return tr(_WITNESSES[seen_by]) if seen_by in _WITNESSES else visible(readable(seen_by))


def decision(value: Decision) -> str:
    """The buttons of an entry that needs a person."""
    return tr(_DECISIONS[value])
