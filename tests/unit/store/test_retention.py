"""What is over goes, whole and for good; what is open, kept or young stays; and the audit row stays whatever goes."""

import sqlite3
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

import msgspec
import pytest

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, shipment, write
from zendera_desk.domain.feed import FeedPage
from zendera_desk.domain.ids import EntryId, OrderId, PictureId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.shipment import BrokenRow, Parcel, StopKind
from zendera_desk.store import (
    database,
    drafts,
    entering,
    feed,
    outbox,
    outbox_view,
    pictures,
    projection,
    retention,
    search,
    shipments,
    walks,
)
from zendera_desk.store.database import Connection
from zendera_desk.store.retention import Before

DAY = timedelta(days=1)
CANARY = "zqxcanary7f31"
DONE = (State.CONFIRMED, State.TAKEN_BACK, State.DROPPED)
PICTURE = Picture(id=PictureId("ab" + "0" * 62), name=f"{CANARY}.jpg", width=4, height=3, size=8)
LIMITS = retention.before(NOON + 91 * DAY, 90, 0)


def report(conn: Connection, order_id: int, state: State = State.CONFIRMED) -> EntryId:
    """A report with everything a person typed, brought to its state at noon."""
    if conn.execute("select 1 from picture").fetchone() is None:
        write(conn, pictures.put, PICTURE, pictures.Origin(source=PICTURE.id), "", NOON)
    number = conn.execute("select count(*) from entry").fetchone()[0]
    new = entering.NewEntry(
        order_id=OrderId(order_id),
        kind=Kind.REPORT,
        payload=f'{{"signee": "{CANARY}"}}'.encode(),
        words=f"Signed by {CANARY}",
        stop=StopKind.DELIVERY,
        status=Status.COMPLETE,
        event_at=NOON + timedelta(milliseconds=number),
        draft=Draft(signee=CANARY, pictures=(PICTURE,)),
        pictures=(PICTURE.id,),
    )
    entry = write(conn, entering.add_all, ACCOUNT, [new], now=NOON, held_until=NOON, made_by="Kari", desk="front")[0]
    bring(conn, entry, State.DUE)
    if state not in {State.DUE, State.HELD}:
        write(conn, outbox.begin, [entry], NOON)
        write(conn, outbox.end_attempt, entry, NOON, "", 200, f"Thank you, {CANARY}")
        bring_on(conn, entry, state)
    write(conn, retention.note_closed, NOON)
    return entry


def bring_on(conn: Connection, entry: EntryId, state: State) -> None:
    """From sending."""
    way = {
        State.SENDING: (),
        State.CONFIRMED: (State.SENT, State.CONFIRMED),
        State.TAKEN_BACK: (State.DUE, State.TAKEN_BACK),
        State.DROPPED: (State.REFUSED, State.DROPPED),
        State.NEEDS_PERSON: (State.UNCLEAR, State.NEEDS_PERSON),
    }
    for step in way.get(state, (state,)):
        write(conn, outbox.move, entry, step, answer=f"{CANARY} is known here")


def purge(conn: Connection, limits: Before = LIMITS) -> None:
    write(conn, retention.purge_entries, retention.entries_over(conn, limits), limits, NOON + 91 * DAY)


def forget_shipments(conn: Connection, days: int, after: timedelta) -> list[OrderId]:
    limits = retention.before(NOON + after, 90, days)
    return write(conn, retention.purge_shipments, retention.shipments_over(conn, limits), limits)


def leave_the_feed(conn: Connection, at: timedelta = timedelta()) -> None:
    for _walk in range(2):
        write(conn, walks.finish, ACCOUNT, set(), clean=True, began=NOON + at, settle=timedelta(0), now=NOON + at)


def everything_in(conn: Connection) -> str:
    return "\n".join(conn.iterdump())


# Entries


@pytest.mark.parametrize("state", DONE)
def test_of_what_is_done_only_the_audit_row_stays(conn: Connection, state: State) -> None:
    arrive(conn, shipment(1))
    entry = report(conn, 1, state)
    before = outbox.entry(conn, entry)
    hash_before = conn.execute("select sha256 from entry").fetchone()[0]
    purge(conn)
    after = outbox_view.story(conn, entry)
    assert before is not None
    assert after is not None
    assert (after.entry.words, after.entry.answer, after.entry.purged_at) == ("", "", NOON + 91 * DAY)
    for kept in (
        "id",
        "account",
        "order_id",
        "kind",
        "stop",
        "status",
        "state",
        "made_at",
        "made_by",
        "desk",
        "event_at",
        "attempts",
        "ended_at",
    ):
        assert getattr(after.entry, kept) == getattr(before, kept), kept
    assert [(attempt.started_at, attempt.http_status, attempt.answer) for attempt in after.attempts] == [(NOON, 200, "")]
    assert conn.execute("select sha256, payload, draft from entry").fetchone()[:] == (hash_before, b"", None)
    assert not conn.execute("select 1 from entry_picture").fetchone()


@pytest.mark.parametrize("state", [state for state in State if state not in DONE])
def test_what_is_open_or_only_answered_is_never_touched(conn: Connection, state: State) -> None:
    arrive(conn, shipment(1))
    entry = report(conn, 1, state) if state is not State.HELD else enter(conn, 1, hold=10)
    before = everything_in(conn)
    purge(conn, retention.before(NOON + 5000 * DAY, 1, 1))
    assert everything_in(conn) == before
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute("update entry set purged_at = 1, payload = x'', words = '', answer = '', draft = null where id = ?", (entry,))


def test_the_days_count_from_the_moment_it_was_seen_done(conn: Connection) -> None:
    arrive(conn, shipment(1))
    report(conn, 1)
    assert retention.entries_over(conn, retention.before(NOON + 90 * DAY - timedelta(milliseconds=1), 90, 0)) == []
    assert len(retention.entries_over(conn, retention.before(NOON + 90 * DAY, 90, 0))) == 1


def test_no_days_keep_for_good(conn: Connection) -> None:
    arrive(conn, shipment(1))
    report(conn, 1)
    leave_the_feed(conn)
    forever = retention.before(NOON + 10_000 * DAY, 0, 0)
    assert retention.leaving(conn, forever) == (0, 0)
    assert not any(retention.loose_over(conn, forever).values())


def test_a_clock_that_was_ahead_when_it_was_noted_keeps_nothing_longer(conn: Connection) -> None:
    arrive(conn, shipment(1))
    bring(conn, enter(conn, 1), State.CONFIRMED)
    write(conn, retention.note_closed, NOON + 3000 * DAY)
    write(conn, retention.note_closed, NOON)
    assert len(retention.entries_over(conn, LIMITS)) == 1


def test_what_zendera_shows_twice_stays_until_a_person_knows(conn: Connection) -> None:
    arrive(conn, shipment(1))
    entry = report(conn, 1)
    conn.execute("update entry set twice = '[]' where id = ?", (entry,))
    assert retention.entries_over(conn, LIMITS) == []
    conn.execute("update entry set twice_seen_at = 1 where id = ?", (entry,))
    assert retention.entries_over(conn, LIMITS) == [entry]


# The door


PURGED = "update entry set purged_at = 1, payload = x'', words = '', answer = '', draft = null"


@pytest.mark.parametrize(
    "more",
    [
        ", sha256 = 'other'",
        ", order_id = 2",
        ", kind = 'fail'",
        ", state = 'dropped'",
        ", stop = 'PICKUP'",
        ", status = 'DAMAGE'",
        ", made_by = ''",
        ", desk = ''",
        ", made_at = 1",
        ", event_at = null",
        ", attempts = 0",
        ", ended_at = 1",
        ", seen_by = 'person'",
        ", reference = 'ZD-0000'",
        ", code = 'mended'",
        ", http_status = 404",
        ", corrects = 1",
        ", instead_of = 1",
    ],
)
def test_nothing_goes_through_the_door_with_the_words(conn: Connection, more: str) -> None:
    arrive(conn, shipment(1))
    report(conn, 1)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(PURGED + more)
    conn.execute(PURGED)


@pytest.mark.parametrize(
    "half",
    [
        "update entry set purged_at = 1",
        "update entry set payload = x''",
        "update entry set purged_at = 1, payload = x'', words = '', answer = ''",
        "update entry set purged_at = 1, payload = x'', answer = '', draft = null",
        "update entry set purged_at = 1, payload = x'7b7d', words = '', answer = '', draft = null",
    ],
)
def test_half_a_purge_is_none(conn: Connection, half: str) -> None:
    arrive(conn, shipment(1))
    report(conn, 1)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(half)


@pytest.mark.parametrize(
    "change", ["payload = x'00'", "words = 'other'", "purged_at = null", "purged_at = 2", "answer = 'yes'", "made_by = ''"]
)
def test_a_purged_entry_does_not_change(conn: Connection, change: str) -> None:
    arrive(conn, shipment(1))
    report(conn, 1)
    purge(conn)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(f"update entry set {change}")  # noqa: S608


def test_attempts_and_pictures_go_only_with_their_entry(conn: Connection) -> None:
    arrive(conn, shipment(1))
    report(conn, 1)
    for statement in ("update attempt set answer = ''", "delete from entry_picture", "delete from attempt"):
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute(statement)
    purge(conn)
    for statement in (
        "update attempt set code = 'x', answer = ''",
        "update attempt set started_at = 1, answer = ''",
        "delete from attempt",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute(statement)


# Shipments


def test_a_shipment_goes_whole_when_nothing_is_left_of_it(conn: Connection) -> None:
    arrive(conn, shipment(1, name=CANARY, parcels=[Parcel(product_id=7, internal_number="P-7", name=CANARY)]))
    arrive(conn, shipment(2))
    write(conn, feed.start, ACCOUNT, NOON)
    change = told(NOON, product_id=7, product_number="P-7", original=CANARY.encode())
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(change,)), NOON)
    report(conn, 1)
    leave_the_feed(conn)
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(told(NOON + DAY, product_id=8),)), NOON + 400 * DAY)
    purge(conn)
    assert forget_shipments(conn, 400, 400 * DAY) == [OrderId(1), OrderId(2)]
    assert [row["product_id"] for row in conn.execute("select product_id from feed_change")] == [8]
    for table in ("shipment", "shipment_version", "shipment_number", "parcel"):
        assert not conn.execute(f"select 1 from {table}").fetchone(), table  # noqa: S608
    assert not list(search.matches(conn, ACCOUNT, CANARY))
    assert conn.execute("select count(*) from entry where order_id = 1").fetchone()[0] == 1


def test_a_shipment_stays_while_something_is_left_of_it(conn: Connection) -> None:
    """Each with one thing that keeps it: it is offered still, a draft, an open entry, a kept proof, a late change of the feed."""
    arrive(conn, *(shipment(number, parcels=[Parcel(product_id=number)]) for number in range(1, 6)))
    leave_the_feed(conn)
    for _walk in range(2):
        write(conn, walks.finish, ACCOUNT, {OrderId(1)}, clean=True, began=NOON, settle=timedelta(0), now=NOON + 399 * DAY)
    write(conn, drafts.save, ACCOUNT, OrderId(2), Draft(), NOON)
    report(conn, 3, State.SENT)
    report(conn, 4)
    write(conn, feed.start, ACCOUNT, NOON)
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(told(NOON, product_id=5),)), NOON + DAY)
    assert forget_shipments(conn, 400, 400 * DAY) == []
    purge(conn)
    assert forget_shipments(conn, 400, 400 * DAY) == [OrderId(4)]
    assert forget_shipments(conn, 400, 401 * DAY) == [OrderId(5)]


def test_of_an_account_that_nobody_walks_shipments_go_too(conn: Connection) -> None:
    """Whether they are still offered nobody can tell; should they be, the next walk brings them back."""
    arrive(conn, shipment(1))
    write(conn, walks.finish, ACCOUNT, {OrderId(1)}, clean=True, began=NOON, settle=timedelta(0), now=NOON)
    assert forget_shipments(conn, 400, 399 * DAY) == []
    assert forget_shipments(conn, 400, 400 * DAY) == [OrderId(1)]


# Shipments that somebody may still want to say something about


def accepted(conn: Connection, *, latest: timedelta | None, status: Status | None = None) -> None:
    """Shipment 1, accepted at noon, with a report of that status if there is one; all of it let go a day later."""
    arrived = shipment(1)
    delivery = msgspec.structs.replace(arrived.delivery, latest=None if latest is None else NOON + latest)
    arrive(conn, msgspec.structs.replace(arrived, delivery=delivery))
    bring(conn, enter(conn, 1), State.CONFIRMED)
    if status is not None:
        number = bring(conn, enter(conn, 1, Kind.REPORT), State.CONFIRMED)
        conn.execute("update entry set status = ? where id = ?", (status.value, number))
        write(conn, projection.refresh, ACCOUNT, [OrderId(1)])
    write(conn, retention.note_closed, NOON)
    leave_the_feed(conn)
    limits = retention.before(NOON + DAY, 1, 0)
    write(conn, retention.purge_entries, retention.entries_over(conn, limits), limits, NOON + DAY)


def forgotten_after(conn: Connection, days: int) -> int:
    """How many days after noon the shipment goes, with this setting."""
    return next(day for day in range(1000) if retention.shipments_over(conn, retention.before(NOON + day * DAY, 1, days)))


def test_what_is_planned_for_later_stays_until_it_was_to_be_reported(conn: Connection) -> None:
    accepted(conn, latest=7 * DAY)
    assert forgotten_after(conn, 400) == 407
    assert forgotten_after(conn, 40) == 47


def test_however_short_the_setting_a_missing_report_can_be_made_for_a_month(conn: Connection) -> None:
    accepted(conn, latest=7 * DAY)
    assert forgotten_after(conn, 2) == 37


def test_without_a_planned_time_the_month_counts_from_the_last_thing_that_happened(conn: Connection) -> None:
    accepted(conn, latest=None)
    assert forgotten_after(conn, 2) == 30
    assert forgotten_after(conn, 400) == 400


def test_what_has_its_report_goes_by_the_setting_alone(conn: Connection) -> None:
    accepted(conn, latest=7 * DAY, status=Status.COMPLETE)
    assert forgotten_after(conn, 2) == 2


def test_where_nobody_was_there_another_report_is_waited_for(conn: Connection) -> None:
    accepted(conn, latest=DAY, status=Status.NO_ONE_THERE)
    assert forgotten_after(conn, 2) == 31


def test_a_new_one_of_an_account_that_nobody_walked_over_the_weekend_is_not_lost(conn: Connection) -> None:
    arrive(conn, shipment(1))
    write(conn, walks.finish, ACCOUNT, {OrderId(1)}, clean=True, began=NOON, settle=timedelta(0), now=NOON)
    assert forgotten_after(conn, 2) == 30


def test_what_left_the_feed_before_anybody_answered_goes_by_the_setting_alone(conn: Connection) -> None:
    arrived = shipment(1)
    arrive(conn, msgspec.structs.replace(arrived, delivery=msgspec.structs.replace(arrived.delivery, latest=NOON + 7 * DAY)))
    leave_the_feed(conn)
    assert forgotten_after(conn, 2) == 2


def test_rows_that_belong_to_no_shipment_go_by_their_age(conn: Connection) -> None:
    write(conn, shipments.set_aside, ACCOUNT, [BrokenRow(original=CANARY.encode(), why="no id")], NOON)
    write(conn, feed.start, ACCOUNT, NOON)
    stray = told(NOON, product_id=9, original=CANARY.encode())
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(stray,), broken=(CANARY.encode(),)), NOON)
    for days, left in ((399, 3), (400, 0)):
        limits = retention.before(NOON + days * DAY, 90, 400)
        for table, rows in retention.loose_over(conn, limits).items():
            write(conn, retention.purge_loose, table, rows, limits)
        kept = "select (select count(*) from set_aside) + (select count(*) from feed_broken) + (select count(*) from feed_change)"
        assert conn.execute(kept).fetchone()[0] == left


def test_an_order_that_comes_back_after_it_went_is_taken_in_with_what_was_said_about_it(conn: Connection) -> None:
    arrive(conn, shipment(1))
    bring(conn, enter(conn, 1), State.CONFIRMED)
    write(conn, retention.note_closed, NOON)
    leave_the_feed(conn)
    purge(conn)
    forget_shipments(conn, 91, 400 * DAY)
    arrive(conn, shipment(1), now=NOON + 400 * DAY)
    assert conn.execute("select phase from shipment").fetchone()[0] == "accepted"


# Every byte


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def compacted(conn: Connection) -> bool:
    first = True
    while write(conn, retention.merge_index, first=first):
        first = False
    return retention.compact(conn, lambda: False)


def test_a_word_leaves_the_index_with_its_shipment(conn: Connection, tmp_path: Path) -> None:
    """FTS5 strikes a word out and leaves it there until its parts are merged; then the page is still in the log."""
    arrive(conn, shipment(1, name=CANARY))
    arrive(conn, *(shipment(number) for number in range(2, 200)))
    leave_the_feed(conn)
    assert CANARY.encode() in bytes_of(tmp_path)
    forget_shipments(conn, 400, 400 * DAY)
    assert CANARY.encode() in bytes_of(tmp_path)
    assert compacted(conn)
    assert CANARY.encode() not in bytes_of(tmp_path)


def test_building_anew_that_is_stopped_changes_nothing_and_is_still_owed(conn: Connection, tmp_path: Path) -> None:
    arrive(conn, shipment(1, name=CANARY))
    arrive(conn, *(shipment(number) for number in range(2, 300)), now=NOON + 300 * DAY)
    leave_the_feed(conn)
    assert forget_shipments(conn, 400, 400 * DAY) == [OrderId(1)]
    before, asked = everything_in(conn), count(1)
    assert not retention.compact(conn, lambda: next(asked) > 2)
    assert everything_in(conn) == before
    assert retention.is_owed(conn)
    assert compacted(conn)
    assert CANARY.encode() not in bytes_of(tmp_path)


def test_a_reader_that_holds_the_log_keeps_it_owed_and_is_not_waited_for(conn: Connection, tmp_path: Path) -> None:
    arrive(conn, shipment(1))
    patience = conn.execute("pragma busy_timeout").fetchone()[0]
    reader = database._open_reader(tmp_path / database.FILE_NAME)
    reader.execute("begin")
    reader.execute("select * from shipment").fetchall()
    began = time.monotonic()
    assert not retention.compact(conn, lambda: False)
    assert time.monotonic() - began < patience / 1000 / 2
    assert conn.execute("pragma busy_timeout").fetchone()[0] == patience
    reader.execute("rollback")
    assert retention.compact(conn, lambda: False)
    reader.close()


def test_building_anew_leaves_what_is_found_by_its_row_where_it_is(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """VACUUM may number rows anew in tables without a key of their own: without FTS5 the index must not be one of them."""
    conn.execute("drop table search_index")
    arrive(conn, *(shipment(number, city="Bergen" if number == 3 else "Oslo") for number in range(1, 4)))
    conn.execute("update shipment set touched_at = 0, missed = 2 where order_id = 1")
    write(conn, retention.purge_shipments, retention.shipments_over(conn, retention.before(NOON, 0, 1)), retention.before(NOON, 0, 1))
    assert compacted(conn)
    (row,) = search.matches(conn, ACCOUNT, "Bergen")
    assert conn.execute("select order_id from shipment where id = ?", (row,)).fetchone()[0] == 3
