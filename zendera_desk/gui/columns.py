"""The columns of the shipments table, one row each. Adding a column is adding a row here, and its field if that is new.

No Qt here: what a column says is a plain function of the shipment's line and of the time.
"""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from zendera_desk.domain.outbox import BY_PERSON, OPEN, UNSHOWN, Kind, State, Why
from zendera_desk.domain.standing import STRIKES, may_accept, may_fail
from zendera_desk.domain.views import Phase, ShipmentLine, Sort
from zendera_desk.gui import findings, labels
from zendera_desk.gui.format import count, money, visible, weight, window
from zendera_desk.gui.labels import Label
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import mark, tr


class Align(StrEnum):
    LEFT = "left"
    RIGHT = "right"


class Column(NamedTuple):
    key: str
    """Saved with the person's column order: never renamed."""
    title: str
    text: Callable[[ShipmentLine, datetime], str]
    sort: Sort | None
    width: int
    """Pixels at 100 %, where there is room."""
    least: int
    """Where there is not."""
    grows: float = 0.0
    """Its part of the room that is left over."""
    align: Align = Align.LEFT
    rank: int = 0
    """Where the least widths do not fit, the column of the highest rank goes first. 0: it always stays."""


def journey(line: ShipmentLine) -> str:
    """ "Oslo → 5003 Bergen"; an end that Zendera left out is a dash, so that the gap is seen."""
    return visible(f"{line.pickup_city or '–'} → {destination(line) or '–'}")


def destination(line: ShipmentLine) -> str:
    return " ".join(part for part in (line.delivery_postal_code, line.delivery_city) if part)


def reference(line: ShipmentLine) -> str:
    return visible(line.reference or line.order_number)


def marks(line: ShipmentLine, now: datetime) -> tuple[Label, ...]:
    """The state in icons and words: where it stands, what is on its way, and whether there is a draft."""
    found = [_phase(line)]
    if line.strikes and line.phase in _UNANSWERED:
        found.insert(0, labels.phase(Phase.FAILED, strikes=line.strikes))
    if line.entry_doubled:
        found.append(Label(tr("shown twice"), "copy", Tone.WARN))
    if line.entry_state is not None and not _is_past(line) and (not line.entry_doubled or line.entry_state in OPEN):
        found.append(_on_its_way(line, line.entry_state, now))
    if line.has_draft:
        found.append(Label(tr("draft"), "pencil", Tone.INFO))
    return tuple(found)


def differing(line: ShipmentLine) -> tuple[Label, ...]:
    """What the product feed says otherwise, stop by stop."""
    return findings.by_stop(line.differing or ())


def _on_its_way(line: ShipmentLine, state: State, now: datetime) -> Label:
    code = "" if state is State.DUE else line.entry_code  # why it waits is said in the tip, and in the outbox
    label = labels.entry_state(state, line.entry_next_at, now, code, line.entry_seen_by)
    return label._replace(text=tr("unclear")) if state is State.UNCLEAR else label


def _is_past(line: ShipmentLine) -> bool:
    """The fail before a correction, or before the order went, was sent long ago: said beside the phase it would look like news."""
    return line.phase in _ANSWERED_LONG_AGO and line.entry_state not in OPEN and not _is_unshown(line)


def _is_unshown(line: ShipmentLine) -> bool:
    return line.entry_state is State.SENT and line.entry_code in UNSHOWN


def state(line: ShipmentLine, now: datetime) -> str:
    return told(marks(line, now))


def told(marks: tuple[Label, ...]) -> str:
    return " · ".join(each.text for each in marks)


def _phase(line: ShipmentLine) -> Label:
    label = labels.phase(line.phase, line.exception, line.strikes)
    if label.tone is Tone.GOOD and (line.entry_code in UNSHOWN or line.entry_seen_by == BY_PERSON):
        label = label._replace(tone=Tone.NEUTRAL)  # Zendera does not bear it out
    if line.phase is Phase.FAILED and line.entry_kind is Kind.FAIL and line.entry_state in OPEN:
        return Label(tr("failing {strike} of {all}", strike=line.strikes, all=STRIKES), "loader", Tone.INFO)
    if line.phase is Phase.CORRECTED and line.changed:
        return label._replace(text=tr("corrected: {fields}", fields=fields(line.changed)))
    return label


def fields(names: tuple[str, ...]) -> str:
    """The first changed field in words, and how many more."""
    first = field(names[0])
    return first if len(names) == 1 else tr("{field} and {n} more", n=len(names) - 1, field=first)


def field(name: str) -> str:
    """ "delivery.address.postal_code" as "delivery postcode"; a name we have no word for stays readable."""
    parts = _PLACE.sub("", name).split(".")
    leaf, head = parts[-1], parts[0]
    known = _FIELDS.get(leaf)
    word = tr(known) if known else visible(leaf.replace("_", " "))
    return f"{tr(_PARTS[head])} {word}" if head in _PARTS and len(parts) > 1 else word


_PLACE: Final = re.compile(r"\[\d+\]")
"""Which of several parcels or contacts it is."""
_PARTS: Final = {
    "pickup": mark("pickup"),
    "delivery": mark("delivery"),
    "parcels": mark("parcel"),
    "references": mark("reference"),
    "cash_on_delivery": mark("COD"),
}
_FIELDS: Final = {
    "postal_code": mark("postcode"),
    "line1": mark("street"),
    "line2": mark("address line 2"),
    "coordinates": mark("position"),
    "contacts": mark("contact"),
    "phone": mark("phone"),
    "email": mark("e-mail"),
    "earliest": mark("earliest time"),
    "latest": mark("latest time"),
    "carrier_service": mark("service"),
    "cash_on_delivery": mark("cash on delivery"),
    "order_number": mark("order number"),
    "internal_number": mark("number"),
    "product_id": mark("product"),
    "weight_kg": mark("weight"),
    "length_cm": mark("length"),
    "width_cm": mark("width"),
    "height_cm": mark("height"),
    "volume_m3": mark("volume"),
    "contributor_metadata": mark("contributor metadata"),
    "city": mark("city"),
    "country": mark("country"),
    "name": mark("name"),
    "address": mark("address"),
    "instructions": mark("instructions"),
    "parcels": mark("parcels"),
    "references": mark("references"),
    "quantity": mark("quantity"),
    "barcode": mark("barcode"),
    "amount": mark("amount"),
    "currency": mark("currency"),
}


_UNANSWERED: Final = frozenset({Phase.NEW, Phase.CORRECTED})
_ANSWERED_LONG_AGO: Final = frozenset({*_UNANSWERED, Phase.GONE})


def next_step(line: ShipmentLine) -> Label | None:
    """A shipment that stands still, and what moves it on: a sentence each. None where it goes on by itself or by the obvious button."""
    if (asked := _asked_of_a_person(line)) is not None:
        return asked
    if line.phase is Phase.FAILED:
        return _after_a_fail(line)
    if line.phase is Phase.GONE:
        gone = tr("Zendera offers it no longer, so it cannot be accepted or failed. It comes back here if Zendera exports it again.")
        return Label(gone, "circle-slash", Tone.NEUTRAL)
    return None


def _asked_of_a_person(line: ShipmentLine) -> Label | None:
    """Of an entry that waits for a person: what is the matter, and where to go."""
    if line.entry_state is State.NEEDS_PERSON:
        return Label(tr("Zendera cannot tell whether it arrived. You decide, in the outbox."), "hand", Tone.BAD)
    if line.entry_state is State.REFUSED and line.entry_code == Why.DAMAGED:
        damaged = tr("What was to be sent is damaged on this PC's disk, so it was not sent. Drop it in the outbox and enter it again.")
        return Label(damaged, "ban", Tone.BAD)
    if line.entry_state is State.REFUSED:
        return Label(tr("Zendera refused what was sent. Its words stand in the outbox: send again or drop it there."), "ban", Tone.BAD)
    if line.entry_doubled:
        return Label(tr("Zendera shows twice what was sent. It cannot be taken back: look at it in the outbox."), "copy", Tone.WARN)
    if line.entry_state is State.SENT and line.entry_code == Why.NO_EVIDENCE:
        unshown = tr("Zendera answered that it took what was sent, and does not show it. You decide, in the outbox.")
        return Label(unshown, "triangle-alert", Tone.WARN)
    return None


def _after_a_fail(line: ShipmentLine) -> Label:
    if line.entry_state in _NOT_LEFT:
        return Label(tr("The fail has not left yet. Take it back in the outbox to accept the shipment instead."), "undo-2", Tone.INFO)
    if line.entry_state in {State.SENDING, State.UNCLEAR}:
        return Label(tr("The fail may have arrived. Zendera is asked; until then nothing else is sent."), "circle-question-mark", Tone.WARN)
    if line.strikes >= STRIKES:
        last = tr("That was the last strike, so Zendera offers it no longer. Only Zendera's dispatchers can export it again.")
        return Label(last, "circle-x", Tone.WARN)
    failed = tr("Zendera corrects it and offers it again. Failed by mistake? It can still be accepted.")
    return Label(failed, "circle-x", Tone.WARN)


_NOT_LEFT: Final = frozenset({State.HELD, State.DUE})


def why_not(line: ShipmentLine, kind: Kind) -> str:
    """Why it cannot be accepted, or failed; "" when it can."""
    if may_accept(line) if kind is Kind.ACCEPT else may_fail(line):
        return ""
    step = next_step(line)
    if step is not None and line.phase in {Phase.FAILED, Phase.GONE}:
        return step.text
    return tr("The accept is on its way.") if line.phase is Phase.ACCEPTING else tr("It is accepted already.")


def tip(line: ShipmentLine, key: str, shown: str) -> str:
    """What the mouse finds out beyond the cell: the full text, and what was left out of it."""
    if key == "order" and line.order_number:
        return tr("Order {id}\nOrder number {number}", id=line.order_id, number=line.order_number)
    if key == "to":
        return "\n".join(part for part in (shown, line.delivery_country) if part)
    if key != "state":
        return shown
    said = [shown]
    if len(line.changed) > 1:
        said.append(tr("Changed: {fields}", fields=", ".join(field(name) for name in line.changed)))
    if line.entry_code:
        said.append(labels.code(line.entry_code))
    if step := next_step(line):
        said.append(step.text)
    return "\n".join(said)


COLUMNS: Final = (
    Column("order", mark("Order"), lambda line, _now: str(line.order_id), Sort.ORDER, 84, 76),
    Column("to", mark("From → To"), lambda line, _now: journey(line), Sort.TO, 200, 144, grows=0.35),
    Column("receiver", mark("Receiver"), lambda line, _now: visible(line.delivery_name), Sort.RECEIVER, 180, 110, grows=0.35),
    Column("state", mark("State"), state, Sort.STATE, 260, 236, grows=0.2),
    Column("differing", mark("Difference"), lambda line, _now: "; ".join(each.text for each in differing(line)), None, 460, 360, grows=0.6),
    Column("actions", mark("Actions"), lambda _line, _now: "", None, 120, 118),
    Column("colli", mark("Colli"), lambda line, _now: count(line.colli), Sort.COLLI, 56, 46, align=Align.RIGHT),
    Column("weight", mark("kg"), lambda line, _now: weight(line.weight_kg), Sort.WEIGHT, 72, 66, align=Align.RIGHT, rank=3),
    Column("cod", mark("COD"), lambda line, _now: money(line.cod_amount, line.cod_currency), Sort.COD, 116, 104, align=Align.RIGHT, rank=1),
    Column("window", mark("Window"), lambda line, now: window(line.earliest, line.latest, now), Sort.WINDOW, 134, 132, rank=2),
    Column("reference", mark("Reference"), lambda line, _now: reference(line), Sort.REFERENCE, 100, 84, rank=4),
    Column("service", mark("Service"), lambda line, _now: visible(line.service), Sort.SERVICE, 124, 96, grows=0.1, rank=5),
)
"""State and what can be done stand before the figures: they must be seen where the list is narrow."""
