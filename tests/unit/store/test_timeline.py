"""What is kept of Zendera's timelines, and what people did: written once, and never changed."""

import sqlite3
from datetime import timedelta

import msgspec
import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, shipment, write
from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Decision, Deed, Kind, State
from zendera_desk.store import audits, deeds, outbox, timeline, walks
from zendera_desk.store.database import Connection

ORDER = OrderId(1)
STRIKE = TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=False, failure_reason="No capacity", noted_at=NOON)
REPORT = TimelineEvent(type="EVENT_TYPE_ORDER_UPDATED", status="COMPLETE", location="DELIVERY", at=NOON, comment="Ola Nordmann, brown door")


def read(conn: Connection, *events: TimelineEvent) -> bool:
    return write(conn, timeline.put, ACCOUNT, ORDER, events, NOON)


def test_an_event_is_kept_once_however_often_it_is_shown(conn: Connection) -> None:
    assert read(conn, STRIKE, REPORT)
    assert not read(conn, STRIKE, REPORT)
    assert len(timeline.timeline(conn, ACCOUNT, ORDER).shown) == 2


def test_two_alike_in_one_reading_are_two(conn: Connection) -> None:
    read(conn, REPORT)
    assert read(conn, REPORT, REPORT)
    assert len(timeline.timeline(conn, ACCOUNT, ORDER).shown) == 2


def test_what_a_later_reading_does_not_show_any_more_stays(conn: Connection) -> None:
    read(conn, STRIKE, REPORT)
    read(conn)
    assert len(timeline.timeline(conn, ACCOUNT, ORDER).shown) == 2


def test_comments_are_peoples_and_are_not_kept(conn: Connection) -> None:
    read(conn, REPORT)
    assert "brown door" not in "".join(str(tuple(row)) for row in conn.execute("select * from timeline_event"))


def test_a_reason_too_long_to_keep_keeps_its_reference(conn: Connection) -> None:
    read(conn, msgspec.structs.replace(STRIKE, failure_reason="x" * 5000 + " [ZD-7K3F]"))
    assert timeline.timeline(conn, ACCOUNT, ORDER).shown[0].event.failure_reason.endswith("[ZD-7K3F]")


def strikes(conn: Connection) -> int:
    return int(conn.execute("select strikes from shipment").fetchone()[0])


@pytest.mark.parametrize("shown", [0, 1, 3])
def test_strikes_are_the_larger_of_both_counts_and_what_has_not_left(conn: Connection, shown: int) -> None:
    arrive(conn, shipment(1))
    bring(conn, enter(conn, 1, Kind.FAIL), State.SENT)
    read(conn, *(msgspec.structs.replace(STRIKE, noted_at=NOON + timedelta(minutes=each)) for each in range(shown)))
    assert strikes(conn) == max(1, shown)
    enter(conn, 1, Kind.FAIL)
    assert strikes(conn) == max(2, shown + 1)


@pytest.mark.parametrize("statement", ["update deed set deed = 'drop'", "delete from deed"])
def test_what_a_person_did_cannot_be_changed(conn: Connection, statement: str) -> None:
    arrive(conn, shipment(1))
    entry = bring(conn, enter(conn, 1, Kind.REPORT), State.NEEDS_PERSON)
    write(conn, outbox.decide, entry, Decision.ARRIVED, NOON, "Kari", "front")
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(statement)
    assert [(done.deed, done.by) for done in deeds.of_entry(conn, entry)] == [(Deed.ARRIVED, "Kari")]


def sent_again(conn: Connection, kind: Kind, to: State) -> int | None:
    arrive(conn, shipment(1))
    entry = bring(conn, enter(conn, 1, kind), State.UNCLEAR)
    for state in (State.DUE, State.SENDING):
        write(conn, outbox.move, entry, state)
    write(conn, outbox.move, entry, to, ended_at=NOON)
    found: int | None = conn.execute("select audit_at from entry").fetchone()[0]
    return found


@pytest.mark.parametrize(
    ("kind", "to", "audited"),
    [
        (Kind.REPORT, State.SENT, True),
        (Kind.REPORT, State.UNCLEAR, True),
        (Kind.FAIL, State.SENT, True),
        (Kind.REPORT, State.DUE, False),
        (Kind.REPORT, State.REFUSED, False),
        (Kind.ACCEPT, State.SENT, False),
    ],
)
def test_an_audit_follows_what_may_be_there_twice(conn: Connection, kind: Kind, to: State, audited: bool) -> None:
    assert (sent_again(conn, kind, to) is not None) is audited


def test_a_first_send_is_not_audited(conn: Connection) -> None:
    arrive(conn, shipment(1))
    bring(conn, enter(conn, 1, Kind.REPORT), State.SENT)
    assert audits.next_at(conn, ACCOUNT) is None


def test_who_knew_of_two_is_told_of_a_third(conn: Connection) -> None:
    arrive(conn, shipment(1))
    entry = bring(conn, enter(conn, 1, Kind.REPORT), State.SENT)
    assert write(conn, audits.show_twice, entry, [NOON, NOON])
    write(conn, audits.see_twice, entry, NOON)
    assert not write(conn, audits.show_twice, entry, [NOON, NOON])
    assert audits.doubled(conn, ACCOUNT) == 0
    assert write(conn, audits.show_twice, entry, [NOON, NOON, NOON])
    assert audits.doubled(conn, ACCOUNT) == 1


# Rows whose order nobody can read

STRAY = (
    b'{"reference": "whose number is lost", "delivery": {"name": "Somebody", "address": {"city": "Bergen", "postalCode": "5003"}}, "x": 1}'
)
SHORT = b'{"orderId": null}'


def walk(conn: Connection, *seen: int, nameless: tuple[bytes, ...] = ()) -> None:
    write(
        conn,
        walks.finish,
        ACCOUNT,
        {OrderId(each) for each in seen},
        clean=True,
        began=NOON,
        settle=timedelta(0),
        now=NOON,
        nameless=nameless,
    )


def missed(conn: Connection, order: int) -> int:
    return int(conn.execute("select missed from shipment where order_id = ?", (order,)).fetchone()[0])


def test_whoever_was_seen_beside_a_row_is_not_behind_it(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    walk(conn, 1, nameless=(STRAY,))
    assert missed(conn, 2) == 0
    walk(conn, 2, nameless=(STRAY,))
    assert missed(conn, 1) == 1
    walk(conn, nameless=(STRAY,))
    assert (missed(conn, 1), missed(conn, 2)) == (2, 1)


@pytest.mark.parametrize(
    "nameless", [(STRAY, STRAY), (STRAY, STRAY.replace(b"Bergen", b"Vadsoe")), (STRAY, SHORT), (SHORT,), (b"null",) * 11]
)
def test_another_row_may_be_anybody_again(conn: Connection, nameless: tuple[bytes, ...]) -> None:
    arrive(conn, shipment(1))
    walk(conn, 1, nameless=(STRAY,))
    walk(conn, nameless=nameless)
    assert missed(conn, 1) == 0


def test_a_row_that_went_and_came_again_may_be_anybody(conn: Connection) -> None:
    arrive(conn, shipment(1))
    walk(conn, 1, nameless=(STRAY,))
    walk(conn, 1)
    walk(conn, nameless=(STRAY,))
    assert missed(conn, 1) == 0
