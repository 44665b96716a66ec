"""What Zendera answered that it took, and does not show: the outbox says so in one sentence and offers a way out of it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import LEGAL, Decision, Entry, Kind, State, Why
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import OutboxLine, ShipmentLine, Shown, Timeline, View
from zendera_desk.gui.outbox import sentences
from zendera_desk.gui.outbox.card import EntryCard
from zendera_desk.gui.outbox.model import STATE, WHEN, WHY, Group, OutboxModel, group_of
from zendera_desk.gui.outbox.offers import Offer, offers
from zendera_desk.gui.spawn import Spawn

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 13, 31, 10, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


class NoShipments:
    async def shipment_ids(self, view: View, text: str = "") -> list[OrderId]:
        return []

    async def shipment_lines(self, ids: Sequence[OrderId]) -> list[ShipmentLine]:
        return []


SETTLED_BY_A_PERSON = (Why.NO_EVIDENCE, Why.STILL_OFFERED, Why.MAY_NOT_READ)


def line(code: str, kind: Kind = Kind.REPORT, timeline: Timeline | None = None, **more: object) -> OutboxLine:
    report = {"status": Status.COMPLETE, "stop": StopKind.DELIVERY, "event_at": YESTERDAY} if kind is Kind.REPORT else {}
    entry = Entry(
        id=EntryId(1),
        account=AccountId("nordlys"),
        order_id=OrderId(7),
        kind=kind,
        state=State.SENT,
        code=code,
        made_at=YESTERDAY - timedelta(minutes=1),
        next_at=YESTERDAY,
        ended_at=YESTERDAY,
        attempts=1,
        **report,
    )
    return OutboxLine(entry=entry, account_name="Nordlys", delivery_name="Ola", timeline=timeline, **more)


@pytest.fixture
async def card(show: Callable[[EntryCard], EntryCard], spawn: Spawn) -> EntryCard:
    return show(EntryCard(lambda: NOW, OSLO, NoShipments(), spawn))


def visible_buttons(card: EntryCard) -> set[str]:
    return {each.objectName() for each in card.findChildren(QPushButton) if each.isVisible()}


@pytest.mark.parametrize("code", SETTLED_BY_A_PERSON)
def test_it_offers_that_it_arrived_and_to_drop_it_and_never_to_send_it_again(card: EntryCard, code: str) -> None:
    card.show_line(line(code))
    assert visible_buttons(card) == {"itArrived", "dropIt", "openShipment", "copyDetails"}
    said: list[object] = []
    card.decided.connect(said.append)
    for name in ("itArrived", "dropIt"):
        found = card.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        found.click()
    assert said == [Decision.ARRIVED, Decision.DROP]


def test_what_may_still_be_shown_is_not_decided_about(card: EntryCard) -> None:
    card.show_line(line(""))
    assert visible_buttons(card) == {"correct", "wasAnother", "openShipment", "copyDetails"}


@pytest.mark.parametrize("code", SETTLED_BY_A_PERSON)
def test_another_accounts_offers_nothing(code: str) -> None:
    assert offers(line(code, foreign=True)) == frozenset()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("code", ["", *Why])
def test_every_decision_that_is_offered_is_a_legal_move(state: State, code: str) -> None:
    leads_to = {Decision.ARRIVED: State.CONFIRMED, Decision.SEND_AGAIN: State.DUE, Decision.DROP: State.DROPPED}
    found = line(code)
    entry = Entry(**{**{name: getattr(found.entry, name) for name in found.entry.__struct_fields__}, "state": state})
    shown = OutboxLine(entry=entry, account_name="")
    assert bool(entry.decisions) is (Offer.DECIDE in offers(shown))
    assert all(leads_to[decision] in LEGAL[state] for decision in entry.decisions)


@pytest.mark.parametrize(
    ("found", "group"),
    [
        (line(Why.NO_EVIDENCE), Group.NEEDS_YOU),
        (line(Why.STILL_OFFERED, Kind.ACCEPT), Group.NEEDS_YOU),
        (line(Why.STILL_OFFERED, Kind.ACCEPT, answered_anew=True), Group.ANSWERED),
        (line(Why.NO_EVIDENCE, foreign=True), Group.ANSWERED),
        (line(Why.MAY_NOT_READ), Group.ANSWERED),
        (line(""), Group.ANSWERED),
    ],
)
def test_what_zendera_does_not_show_waits_for_a_person(found: OutboxLine, group: Group) -> None:
    """Where it may not be read nothing speaks against Zendera's answer, and nobody is called."""
    assert group_of(found) is group
    model = OutboxModel(lambda: NOW, OSLO)
    model.show([found])
    assert (model.index(1, WHEN).data() == "waits for you") is (group is Group.NEEDS_YOU)


def test_the_row_says_that_it_was_sent_and_what_is_missing() -> None:
    model = OutboxModel(lambda: NOW, OSLO)
    model.show([line(Why.NO_EVIDENCE)])
    assert [model.index(1, column).data() for column in (STATE, WHY)] == ["sent", "not shown for a day"]


@pytest.mark.parametrize(
    ("found", "parts"),
    [
        (
            line(Why.NO_EVIDENCE, timeline=Timeline(read_at=NOW - timedelta(minutes=2))),
            (
                "Sent Fri 14:31",
                "answered that it took it",
                "its timeline, read 14:29:10, does not show it",
                "report it once more",
                "there twice",
            ),
        ),
        (line(Why.NO_EVIDENCE, Kind.FAIL), ("answered that it took it", "does not show it", "fail the shipment once more", "strike")),
        (line(Why.STILL_OFFERED, Kind.ACCEPT), ("answered that it took it", "still offers the order", "accept the shipment once more")),
        (line(Why.MAY_NOT_READ), ("answered that it took it", "may not read the order's timeline", "Nothing has to be done", "drop it")),
        (
            line(Why.STILL_OFFERED, Kind.ACCEPT, answered_anew=True),
            ("answered that it took it", "accepted or failed once more since", "Nothing has to be done"),
        ),
    ],
)
def test_one_sentence_says_what_is_known_and_the_next_what_to_do(card: EntryCard, found: OutboxLine, parts: tuple[str, ...]) -> None:
    card.show_line(found)
    why = next(label.text() for label in card.findChildren(QLabel) if label.objectName() == "whatIsKnown")
    assert why == sentences.known(found, NOW, OSLO)
    places = [why.find(part) for part in parts]
    assert -1 not in places, why
    assert places == sorted(places), why


def test_both_facts_stand_beside_the_decision(card: EntryCard) -> None:
    theirs = TimelineEvent(status="NO_ONE_THERE", location="DELIVERY", at=NOW)
    card.show_line(line(Why.NO_EVIDENCE, timeline=Timeline(read_at=NOW, shown=(Shown(event=theirs, first_seen_at=NOW),))))
    texts = {label.objectName(): label.text() for label in card.findChildren(QLabel) if label.isVisible()}
    assert "Tried once until Fri 14:31" in texts["whatWeSent"]
    assert texts["whatZenderaShows"].splitlines() == [
        "It answered Fri 14:31 that it took it, and does not show it.",
        "For this order it shows:",
        "· 14:31 no one there, delivery",
    ]
