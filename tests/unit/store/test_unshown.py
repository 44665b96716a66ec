"""What Zendera answered that it took, and does not show: counted until a person settles it, and never sent again."""

import sqlite3
from datetime import timedelta

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, shipment, write
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import LEGAL, Decision, Deed, Entry, Kind, State, Why
from zendera_desk.domain.views import Phase, View
from zendera_desk.store import deeds, listing, outbox, outbox_view, unshown
from zendera_desk.store.database import Connection

LATER = NOON + timedelta(days=1)
SETTLED_BY_A_PERSON = (Why.NO_EVIDENCE, Why.STILL_OFFERED, Why.MAY_NOT_READ)


def sent(conn: Connection, order: int, kind: Kind = Kind.REPORT, code: str = "") -> EntryId:
    entry = bring(conn, enter(conn, order, kind), State.SENT)
    write(conn, outbox.move, entry, State.SENT, code=code)
    return entry


def found(conn: Connection, entry: EntryId) -> Entry:
    there = outbox.entry(conn, entry)
    assert there is not None
    return there


@pytest.mark.parametrize("code", SETTLED_BY_A_PERSON)
@pytest.mark.parametrize(
    ("decision", "state", "seen_by"), [(Decision.ARRIVED, State.CONFIRMED, "person"), (Decision.DROP, State.DROPPED, "")]
)
def test_a_person_settles_what_zendera_does_not_show(conn: Connection, code: str, decision: Decision, state: State, seen_by: str) -> None:
    arrive(conn, shipment(1))
    entry = sent(conn, 1, code=code)
    write(conn, outbox.decide, entry, decision, LATER, "Kari", "front")
    assert (found(conn, entry).state, found(conn, entry).seen_by) == (state, seen_by)
    (done,) = deeds.of_entry(conn, entry)
    assert (done.deed, done.at, done.by, done.desk) == (Deed(decision), LATER, "Kari", "front")
    assert unshown.count(conn, ACCOUNT) == 0


@pytest.mark.parametrize("code", ["", *SETTLED_BY_A_PERSON])
def test_what_zendera_answered_is_never_sent_again(conn: Connection, code: str) -> None:
    arrive(conn, shipment(1))
    entry = sent(conn, 1, code=code)
    with pytest.raises(ValueError, match="nothing to decide"):
        write(conn, outbox.decide, entry, Decision.SEND_AGAIN, LATER)
    assert State.DUE not in LEGAL[State.SENT]
    assert found(conn, entry).state is State.SENT


@pytest.mark.parametrize("decision", Decision)
def test_nobody_decides_about_what_is_still_looked_for(conn: Connection, decision: Decision) -> None:
    arrive(conn, shipment(1))
    entry = sent(conn, 1)
    with pytest.raises(ValueError, match="nothing to decide"):
        write(conn, outbox.decide, entry, decision, LATER)
    assert not deeds.of_entry(conn, entry)


def test_the_database_lets_nothing_be_given_up_that_zendera_may_still_show(conn: Connection) -> None:
    arrive(conn, shipment(1))
    entry = sent(conn, 1)
    with pytest.raises(sqlite3.IntegrityError, match="Zendera answered"):
        conn.execute("update entry set state = 'dropped' where id = ?", (entry,))


def test_what_was_sent_is_not_dropped_without_a_decision(conn: Connection) -> None:
    arrive(conn, shipment(1))
    entry = sent(conn, 1, code=Why.NO_EVIDENCE)
    with pytest.raises(ValueError, match="has been sent"):
        write(conn, outbox.drop, entry, LATER)
    assert found(conn, entry).state is State.SENT


def test_what_is_not_shown_is_counted_and_what_may_not_be_read_is_not(conn: Connection) -> None:
    """Nothing speaks against the second: it stays among what is not confirmed."""
    arrive(conn, shipment(1), shipment(2), shipment(3), shipment(4))
    sent(conn, 1, code=Why.NO_EVIDENCE)
    sent(conn, 2, Kind.ACCEPT, Why.STILL_OFFERED)
    sent(conn, 3, code=Why.MAY_NOT_READ)
    sent(conn, 4)
    assert unshown.count(conn, ACCOUNT) == 2
    assert sorted(listing.ids(conn, ACCOUNT, View.NEEDS_ME, listing.Sort.ORDER, False, NOON)) == [1, 2]


def test_what_is_not_shown_stays_in_the_outbox_however_long_ago_it_was(conn: Connection) -> None:
    arrive(conn, *(shipment(number) for number in range(1, 5)))
    old = sent(conn, 1, code=Why.NO_EVIDENCE)
    for order in (2, 3, 4):
        bring(conn, enter(conn, order), State.CONFIRMED)
    shown = outbox_view.lines(conn, ACCOUNT, 1)
    assert sorted(line.entry.id for line in shown) == [old, old + 3]
    assert shown[0].timeline is not None


@pytest.mark.parametrize(("anew", "asks"), [(State.HELD, 0), (State.CONFIRMED, 0), (State.REFUSED, 1), (State.TAKEN_BACK, 1)])
def test_an_order_that_was_answered_anew_asks_nothing_about_the_answer_before(conn: Connection, anew: State, asks: int) -> None:
    """The list, the outbox and the count say the same."""
    arrive(conn, shipment(1))
    old = sent(conn, 1, Kind.ACCEPT, Why.STILL_OFFERED)
    bring(conn, enter(conn, 1, Kind.FAIL), anew)
    assert unshown.count(conn, ACCOUNT) == asks
    (line,) = [line for line in outbox_view.lines(conn, ACCOUNT, 9) if line.entry.id == old]
    assert line.answered_anew is not bool(asks)
    (listed,) = listing.lines(conn, ACCOUNT, [OrderId(1)])
    assert (listed.entry_code == Why.STILL_OFFERED) is (bool(asks) and anew is not State.REFUSED)


def test_a_report_that_was_given_up_waits_to_be_made_again(conn: Connection) -> None:
    arrive(conn, shipment(1))
    bring(conn, enter(conn, 1), State.CONFIRMED)
    entry = sent(conn, 1, code=Why.NO_EVIDENCE)
    assert listing.lines(conn, ACCOUNT, [OrderId(1)])[0].phase is Phase.DELIVERED
    write(conn, outbox.decide, entry, Decision.DROP, LATER)
    assert listing.lines(conn, ACCOUNT, [OrderId(1)])[0].phase is Phase.ACCEPTED
    assert list(listing.ids(conn, ACCOUNT, View.TO_REPORT, listing.Sort.ORDER, False, NOON)) == [1]
