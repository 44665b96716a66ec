"""Where a shipment stands, by its history: a table of histories, and what must hold for every one of them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import NEEDS_ME, OPEN, Entry, Kind, State, Why
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.standing import Standing, stand, strikes
from zendera_desk.domain.views import Phase

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
Step = tuple[Kind, State] | tuple[Kind, State, StopKind, Status]
ACCEPT, FAIL, REPORT = Kind
PICKUP, DELIVERY = StopKind


def entries(*steps: Step) -> list[Entry]:
    return [made(number, *step) for number, step in enumerate(steps, start=1)]


def made(
    number: int, kind: Kind, state: State, stop: StopKind | None = None, status: Status | None = None, code: str = "", version: int = 1
) -> Entry:
    return Entry(
        id=EntryId(number),
        account=AccountId("nordlys"),
        order_id=OrderId(1),
        kind=kind,
        state=state,
        stop=stop,
        status=status,
        version=version,
        made_at=NOON,
        next_at=NOON,
        strike=1 if kind is Kind.FAIL else 0,
        code=code,
    )


def at(*steps: Step, version: int = 1, missed: int = 0, has_draft: bool = False) -> Standing:
    return stand(entries(*steps), version=version, missed=missed, has_draft=has_draft)


HISTORIES: list[tuple[Phase, tuple[Step, ...]]] = [
    (Phase.NEW, ()),
    (Phase.NEW, ((ACCEPT, State.TAKEN_BACK),)),
    (Phase.NEW, ((ACCEPT, State.REFUSED),)),
    (Phase.NEW, ((FAIL, State.DROPPED),)),
    (Phase.ACCEPTING, ((ACCEPT, State.HELD),)),
    (Phase.ACCEPTING, ((ACCEPT, State.UNCLEAR),)),
    (Phase.ACCEPTING, ((ACCEPT, State.NEEDS_PERSON),)),
    (Phase.ACCEPTED, ((ACCEPT, State.SENT),)),
    (Phase.ACCEPTED, ((ACCEPT, State.CONFIRMED),)),
    (Phase.FAILED, ((FAIL, State.HELD),)),
    (Phase.FAILED, ((FAIL, State.CONFIRMED),)),
    (Phase.ACCEPTING, ((FAIL, State.CONFIRMED), (ACCEPT, State.DUE))),
    (Phase.ACCEPTED, ((ACCEPT, State.CONFIRMED), (REPORT, State.HELD, DELIVERY, Status.COMPLETE))),
    (Phase.ACCEPTED, ((ACCEPT, State.CONFIRMED), (REPORT, State.UNCLEAR, DELIVERY, Status.COMPLETE))),
    (Phase.ACCEPTED, ((ACCEPT, State.CONFIRMED), (REPORT, State.REFUSED, DELIVERY, Status.COMPLETE))),
    (Phase.PICKED_UP, ((ACCEPT, State.CONFIRMED), (REPORT, State.SENT, PICKUP, Status.COMPLETE))),
    (Phase.DELIVERED, ((ACCEPT, State.CONFIRMED), (REPORT, State.SENT, DELIVERY, Status.COMPLETE))),
    (Phase.DELIVERED, ((REPORT, State.SENT, DELIVERY, Status.COMPLETE), (REPORT, State.SENT, PICKUP, Status.COMPLETE))),
    (Phase.EXCEPTION, ((ACCEPT, State.CONFIRMED), (REPORT, State.SENT, DELIVERY, Status.NO_ONE_THERE))),
    (Phase.DELIVERED, ((REPORT, State.SENT, DELIVERY, Status.NO_ONE_THERE), (REPORT, State.SENT, DELIVERY, Status.COMPLETE))),
    (Phase.EXCEPTION, ((REPORT, State.SENT, DELIVERY, Status.COMPLETE), (REPORT, State.SENT, DELIVERY, Status.DAMAGE))),
]


@pytest.mark.parametrize(("phase", "steps"), HISTORIES)
def test_what_zendera_said_decides_the_phase(phase: Phase, steps: tuple[Step, ...]) -> None:
    assert at(*steps).phase is phase


@pytest.mark.parametrize(
    ("phase", "steps", "version", "missed"),
    [
        (Phase.NEW, (), 1, 1),
        (Phase.GONE, (), 1, 2),
        (Phase.ACCEPTED, ((ACCEPT, State.SENT),), 1, 2),
        (Phase.CORRECTED, ((FAIL, State.SENT),), 2, 0),
        (Phase.FAILED, ((FAIL, State.HELD),), 2, 0),
        (Phase.FAILED, ((FAIL, State.SENT),), 1, 0),
        (Phase.GONE, ((FAIL, State.SENT),), 2, 2),
        (Phase.ACCEPTED, ((ACCEPT, State.SENT),), 2, 0),
    ],
)
def test_what_walks_saw_counts_until_an_answer_was_received(phase: Phase, steps: tuple[Step, ...], version: int, missed: int) -> None:
    assert at(*steps, version=version, missed=missed).phase is phase


def test_a_change_after_the_decision_is_shown() -> None:
    assert at((ACCEPT, State.SENT), version=2).show_changes
    assert not at((ACCEPT, State.SENT), version=1).show_changes
    assert not at(version=2).show_changes


@pytest.mark.parametrize(
    ("open_to", "steps"),
    [
        (True, ((ACCEPT, State.HELD),)),
        (True, ((ACCEPT, State.SENT),)),
        (True, ((ACCEPT, State.SENT), (REPORT, State.SENT, PICKUP, Status.COMPLETE))),
        (True, ((ACCEPT, State.SENT), (REPORT, State.SENT, DELIVERY, Status.NO_ONE_THERE))),
        (True, ((ACCEPT, State.SENT), (REPORT, State.REFUSED, DELIVERY, Status.COMPLETE))),
        (False, ()),
        (False, ((FAIL, State.SENT),)),
        (False, ((ACCEPT, State.SENT), (REPORT, State.HELD, DELIVERY, Status.COMPLETE))),
        (False, ((ACCEPT, State.SENT), (REPORT, State.HELD, DELIVERY, Status.NO_ONE_THERE))),
        (False, ((ACCEPT, State.SENT), (REPORT, State.SENT, DELIVERY, Status.DAMAGE))),
        (False, ((ACCEPT, State.SENT), (REPORT, State.SENT, PICKUP, Status.CANNOT_HANDLE))),
    ],
)
def test_what_is_left_to_report(open_to: bool, steps: tuple[Step, ...]) -> None:
    assert at(*steps).to_report is open_to


def test_strikes_are_the_fails_that_count_at_zendera() -> None:
    states = (State.CONFIRMED, State.SENT, State.UNCLEAR, State.HELD, State.REFUSED, State.TAKEN_BACK, State.DROPPED)
    assert strikes(entries(*((FAIL, state) for state in states))) == 4


def test_a_draft_needs_its_person() -> None:
    assert at(has_draft=True).needs_me


def test_an_accept_that_is_still_offered_needs_a_person_until_it_is_answered_anew() -> None:
    offered = made(1, ACCEPT, State.SENT, code=Why.STILL_OFFERED)
    alone = stand([offered], version=1, missed=0, has_draft=False)
    failed = stand([offered, made(2, FAIL, State.SENT)], version=1, missed=0, has_draft=False)
    assert alone.needs_me
    assert not failed.needs_me


def test_a_report_that_zendera_does_not_show_needs_a_person_whatever_was_reported_since() -> None:
    unshown = made(2, REPORT, State.SENT, code=Why.NO_EVIDENCE, stop=PICKUP, status=Status.COMPLETE)
    later = made(3, REPORT, State.CONFIRMED, stop=DELIVERY, status=Status.COMPLETE)
    standing = stand([made(1, ACCEPT, State.CONFIRMED), unshown, later], version=1, missed=0, has_draft=False)
    assert standing.needs_me
    assert standing.entry == unshown


def test_a_report_of_which_nothing_may_be_read_needs_nobody() -> None:
    sent = made(2, REPORT, State.SENT, code=Why.MAY_NOT_READ, stop=DELIVERY, status=Status.COMPLETE)
    assert not stand([made(1, ACCEPT, State.CONFIRMED), sent], version=1, missed=0, has_draft=False).needs_me


steps = st.one_of(
    st.tuples(st.sampled_from([ACCEPT, FAIL]), st.sampled_from(State)),
    st.tuples(st.just(REPORT), st.sampled_from(State), st.sampled_from(StopKind), st.sampled_from(Status)),
)


@given(st.lists(steps, max_size=6), st.integers(1, 2), st.integers(0, 2))
def test_what_is_shown_hides_nothing(history: list[Step], version: int, missed: int) -> None:
    made_so_far = entries(*history)
    standing = at(*history, version=version, missed=missed)
    assert not (standing.to_accept and standing.to_report)
    assert standing.needs_me is any(entry.state in NEEDS_ME for entry in made_so_far)
    if any(entry.state in OPEN for entry in made_so_far):
        assert standing.entry is not None
        assert standing.entry.state in OPEN
    if standing.needs_me:
        assert standing.entry is not None
        assert standing.entry.state in NEEDS_ME
    assert (standing.exception is not None) is (standing.phase is Phase.EXCEPTION)
