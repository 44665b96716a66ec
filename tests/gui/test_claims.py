"""No screen says more than is known: every state of every kind of entry, with every code, in the list, the outbox and the history.

"Sent" means that Zendera gave a valid answer, "confirmed" that Zendera showed it, and green means one of the two.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import NamedTuple

import msgspec
import pytest

from zendera_desk.domain.errors import LinkCode
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import BY_PERSON, Entry, Kind, State, Why
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.standing import stand
from zendera_desk.domain.views import Attempt, EntryStory, OutboxLine, Phase, ShipmentLine
from zendera_desk.gui import columns
from zendera_desk.gui.labels import Label
from zendera_desk.gui.outbox import sentences
from zendera_desk.gui.shipment.history import history, history_rows
from zendera_desk.gui.tokens import Tone

NOW = datetime(2026, 11, 21, 13, 31, 10, tzinfo=UTC)
WITNESSES = ("timeline", "feed", "walk", BY_PERSON)
CODES = ("", *(code.value for code in LinkCode), *(why.value for why in Why))
OF_ANSWERED = frozenset({Why.STILL_OFFERED, Why.NO_EVIDENCE})
"""Codes that are written to entries which Zendera has answered, and to no others."""


class Seen(NamedTuple):
    """An entry, and all that is shown of it. `labels` are the words with a tone, `words` the sentences."""

    entry: Entry
    labels: list[Label]
    words: list[str]

    @property
    def is_answered(self) -> bool:
        return self.entry.state in {State.SENT, State.CONFIRMED}

    @property
    def is_borne_out(self) -> bool:
        """Zendera answered or showed it, and shows nothing to the contrary."""
        if self.entry.state is State.CONFIRMED:
            return self.entry.seen_by != BY_PERSON
        return self.entry.state is State.SENT and self.entry.code not in {Why.STILL_OFFERED, Why.NO_EVIDENCE}


def made(kind: Kind, state: State, code: str, **more: object) -> Entry:
    report = {"status": Status.COMPLETE, "stop": StopKind.DELIVERY, "event_at": NOW} if kind is Kind.REPORT else {}
    return Entry(
        id=EntryId(2),
        account=AccountId("nordlys"),
        order_id=OrderId(7),
        kind=kind,
        state=state,
        code=code,
        made_at=NOW - timedelta(minutes=5),
        next_at=NOW + timedelta(seconds=8),
        ended_at=NOW - timedelta(minutes=1),
        attempts=1,
        **report,
        **more,
    )


def every_entry() -> Iterator[Entry]:
    for kind, state, code, unclear in product(Kind, State, CODES, (False, True)):
        if code in OF_ANSWERED and state not in {State.SENT, State.CONFIRMED}:
            continue
        for seen_by in WITNESSES if state is State.CONFIRMED else ("",):
            yield made(kind, state, code, ever_unclear=unclear, seen_by=seen_by)
    for kind, state in product((Kind.FAIL, Kind.REPORT), State):
        yield made(kind, state, "", ever_unclear=True, twice=(NOW - timedelta(minutes=9), NOW))


def seen(entry: Entry) -> Seen:
    line = OutboxLine(entry=entry, account_name="Nordlys")
    listed = listed_as(entry)
    tries = (
        () if entry.state in {State.HELD, State.TAKEN_BACK} else (Attempt(entry=entry.id, started_at=NOW, ended_at=NOW, code="timeout"),)
    )
    said = history_rows(history([EntryStory(entry=entry, attempts=tries)], [], NOW))
    step = columns.next_step(listed)
    is_listed = entry.kind is not Kind.REPORT or entry.state not in {State.TAKEN_BACK, State.DROPPED} or entry.is_doubled
    marks = columns.marks(listed, NOW) if is_listed else ()  # else the list speaks of the accept before it
    labels = [sentences.state(entry), *marks, *(cell.mark for row in said for cell in row if cell.mark)]
    words = [
        sentences.why(line),
        sentences.reason(line),
        sentences.next_step(entry, NOW, UTC),
        sentences.zendera_shows(line, NOW, UTC),
        columns.tip(listed, "state", columns.state(listed, NOW)),
        *(cell.text for row in said for cell in row),
    ]
    return Seen(entry, [*labels, *([step] if step else [])], words)


def listed_as(entry: Entry) -> ShipmentLine:
    """A report follows an accept that Zendera has shown."""
    before = (
        [msgspec.structs.replace(made(Kind.ACCEPT, State.CONFIRMED, "", seen_by="walk"), id=EntryId(1))]
        if entry.kind is Kind.REPORT
        else []
    )
    where = stand([*before, entry], version=1, missed=0, has_draft=False)
    shown = where.entry
    return ShipmentLine(
        order_id=OrderId(7),
        seen_at=NOW,
        phase=where.phase,
        exception=where.exception,
        strikes=where.strikes,
        entry_kind=shown and shown.kind,
        entry_state=shown and shown.state,
        entry_next_at=shown and shown.next_at,
        entry_code=shown.code if shown else "",
        entry_seen_by=shown.seen_by if shown else "",
        entry_doubled=shown is not None and shown.is_doubled,
    )


EVERYTHING = [seen(entry) for entry in every_entry()]


def told(cases: Sequence[tuple[Entry, object]]) -> str:
    return "\n".join(f"{entry.kind} {entry.state} {entry.code} {entry.seen_by}: {what!r}" for entry, what in cases[:20])


def test_green_is_only_what_zendera_answered_or_showed() -> None:
    """The accept before a report was shown by Zendera: that the shipment is accepted is green by right."""
    wrong = [
        (each.entry, label)
        for each in EVERYTHING
        for label in each.labels
        if label.tone is Tone.GOOD and not each.is_borne_out and not (each.entry.kind is Kind.REPORT and label.text == "accepted")
    ]
    assert not wrong, told(wrong)


@pytest.mark.parametrize("word", ["sent", "confirmed", "answered", "delivered", "picked up", "accepted", "failed"])
def test_no_state_is_called_done_that_zendera_has_not_answered(word: str) -> None:
    wrong = [
        (each.entry, label.text)
        for each in EVERYTHING
        for label in each.labels
        if re.match(rf"{word}\b", label.text) and not each.is_answered and not (each.entry.kind is Kind.REPORT and word == "accepted")
    ]
    assert not wrong, told(wrong)


def test_confirmed_is_what_zendera_showed_and_nobodys_word() -> None:
    confirmed = [each for each in EVERYTHING if any("confirmed" in label.text for label in each.labels)]
    assert confirmed
    assert all(each.entry.state is State.CONFIRMED and each.entry.seen_by != BY_PERSON for each in confirmed)


CLAIMS = re.compile(
    r"\b(?:was|were|has been|is|are) (?:sent|delivered|confirmed|received)\b|\b(?:has|have|it) arrived\b|\btook (?:it|the accept)\b"
)
DENIED = re.compile(
    r"\b(?:not|nothing|nobody|may|before|whether|cannot|could)\b[^.]*$|Zendera refused what $|^Zendera shows twice what $", re.IGNORECASE
)
"""What takes a claim back stands before it in the same sentence."""


def test_the_net_for_claims_catches_some() -> None:
    assert claims("Done. It was sent at noon.")
    assert claims("Zendera took the accept.")
    assert not claims("It broke off, so it may have arrived. Zendera is asked before it is sent again.")


def claims(words: str) -> list[str]:
    return [found[0] for found in CLAIMS.finditer(words) if not DENIED.search(words[: found.start()].rpartition(". ")[2])]


def test_no_sentence_claims_what_is_not_proven() -> None:
    unproven = [each for each in EVERYTHING if not each.is_answered and not each.entry.twice]
    wrong = [(each.entry, words) for each in unproven for words in each.words if claims(words)]
    assert not wrong, told(wrong)


def test_what_may_have_arrived_is_never_said_not_to_have() -> None:
    denied = re.compile(r"nothing was sent|not sent|had not arrived|never arrived", re.IGNORECASE)
    wrong = [
        (each.entry, words)
        for each in EVERYTHING
        for words in (*each.words, *(label.text for label in each.labels))
        if each.entry.state in {State.UNCLEAR, State.NEEDS_PERSON} and each.entry.code in UNCLEAR_CODES and denied.search(words)
    ]
    assert not wrong, told(wrong)


UNCLEAR_CODES = frozenset(
    {
        *(
            LinkCode.TIMEOUT,
            LinkCode.RESET,
            LinkCode.BROKEN_ANSWER,
            LinkCode.TOO_LARGE,
            LinkCode.NOT_ZENDERA,
            LinkCode.SERVER,
            LinkCode.DIED,
        ),
        *(LinkCode.SLEPT, Why.NOT_SHOWN, Why.MAY_NOT_READ, Why.CANNOT_READ, ""),
    }
)


def test_what_never_left_is_not_said_to_have_been_refused() -> None:
    damaged = [each for each in EVERYTHING if (each.entry.state, each.entry.code) == (State.REFUSED, Why.DAMAGED)]
    assert damaged
    assert not [words for each in damaged for words in (*each.words, *(label.text for label in each.labels)) if "refused" in words]


def test_what_is_there_twice_says_so_wherever_it_is_seen() -> None:
    doubled = [each for each in EVERYTHING if each.entry.twice]
    assert doubled
    for each in doubled:
        assert any("shown twice" in label.text for label in each.labels), each.entry
        assert any("Zendera shows this twice" in words for words in each.words), each.entry


def test_a_shipment_is_called_by_nothing_that_is_only_on_its_way() -> None:
    done = {Phase.ACCEPTED, Phase.DELIVERED, Phase.PICKED_UP, Phase.EXCEPTION}
    for each in EVERYTHING:
        if not each.is_answered and each.entry.kind is not Kind.REPORT:
            assert listed_as(each.entry).phase not in done, each.entry
        if not each.is_answered and each.entry.kind is Kind.REPORT:
            assert listed_as(each.entry).phase is Phase.ACCEPTED, each.entry
