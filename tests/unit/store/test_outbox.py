"""The outbox's rules as the database itself keeps them, whatever the program does."""

import sqlite3
from datetime import timedelta
from itertools import product

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, shipment, write
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import LEGAL, Kind, State
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.store import afresh, drafts, entering, outbox
from zendera_desk.store import pictures as picture_store
from zendera_desk.store.database import Connection

CLOSED = (State.CONFIRMED, State.TAKEN_BACK, State.DROPPED)


def test_the_database_permits_exactly_the_legal_moves(conn: Connection) -> None:
    stored = {(State(row["from_state"]), State(row["to_state"])) for row in conn.execute("select * from legal_move")}
    assert stored == {(before, after) for before, afters in LEGAL.items() for after in afters}


@pytest.mark.parametrize(("before", "after"), [pair for pair in product(State, State) if pair[0] is not pair[1]])
def test_a_move_past_the_program_is_stopped_by_the_database(conn: Connection, before: State, after: State) -> None:
    arrive(conn, shipment(1))
    entry = bring(conn, enter(conn, 1), before)
    if after in LEGAL[before]:
        conn.execute("update entry set code = 'no_evidence'")  # what was answered is given up only so
        if before is State.DROPPED:  # what was given up comes back only so
            gave_way(conn, entry)
        conn.execute("update entry set state = ? where id = ?", (after.value, entry))
        return
    with pytest.raises(sqlite3.IntegrityError, match="illegal move"):
        conn.execute("update entry set state = ? where id = ?", (after.value, entry))
    with pytest.raises(ValueError, match="illegal move"):
        write(conn, outbox.move, entry, after)


def gave_way(conn: Connection, entry: EntryId) -> None:
    """To a newer one that was taken back."""
    conn.execute(
        """insert into entry (account, order_id, kind, made_at, next_at, payload, sha256, instead_of)
        values (?, 1, 'accept', 0, 0, x'', '', ?)""",
        (ACCOUNT, entry),
    )
    conn.execute("update entry set state = 'taken_back' where instead_of = ?", (entry,))


def test_what_a_person_gave_up_stays_so(conn: Connection) -> None:
    arrive(conn, shipment(1))
    dropped = bring(conn, enter(conn, 1), State.DROPPED)
    with pytest.raises(sqlite3.IntegrityError, match="given up"):
        conn.execute("update entry set state = 'refused' where id = ?", (dropped,))


@pytest.mark.parametrize("state", [state for state in State if state is not State.TAKEN_BACK])
def test_what_gave_way_does_not_come_back_beside_the_newer_one(conn: Connection, state: State) -> None:
    arrive(conn, shipment(1))
    older = bring(conn, enter(conn, 1), State.REFUSED)
    newer = enter(conn, 1)
    if state is not State.HELD:
        bring(conn, newer, state)
    assert outbox.entry(conn, older).state is State.DROPPED  # type: ignore[union-attr]
    with pytest.raises(sqlite3.IntegrityError, match="given up"):
        conn.execute("update entry set state = 'refused' where id = ?", (older,))


@pytest.mark.parametrize("state", State)
def test_no_entry_is_ever_deleted(conn: Connection, state: State) -> None:
    arrive(conn, shipment(1))
    entry = bring(conn, enter(conn, 1), state)
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        conn.execute("delete from entry where id = ?", (entry,))


@pytest.mark.parametrize(
    "column", ["payload = x'00'", "sha256 = ''", "account = 'other'", "order_id = 2", "kind = 'fail'", "instead_of = 1"]
)
def test_an_entry_is_frozen(conn: Connection, column: str) -> None:
    arrive(conn, shipment(1))
    entry = enter(conn, 1)
    with pytest.raises(sqlite3.IntegrityError, match="frozen"):
        conn.execute(f"update entry set {column} where id = ?", (entry,))  # noqa: S608


def test_an_entry_starts_held(conn: Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="starts held"):
        conn.execute(
            """insert into entry (account, order_id, kind, state, made_at, next_at, payload, sha256)
            values (?, 1, 'accept', 'due', 0, 0, x'', '')""",
            (ACCOUNT,),
        )


def test_an_attempt_ends_once_and_stays(conn: Connection) -> None:
    arrive(conn, shipment(1))
    entry = bring(conn, enter(conn, 1), State.DUE)
    write(conn, outbox.begin, [entry], NOON)
    write(conn, outbox.end_attempt, entry, NOON, "timeout", None, "")
    write(conn, outbox.end_attempt, entry, NOON + timedelta(hours=1), "", 200, "later")
    assert [(attempt.code, attempt.ended_at) for attempt in outbox.attempts(conn, entry)] == [("timeout", NOON)]
    with pytest.raises(sqlite3.IntegrityError, match="ends once"):
        conn.execute("update attempt set code = ''")
    with pytest.raises(sqlite3.IntegrityError, match="are kept"):
        conn.execute("delete from attempt")


def test_two_entries_of_an_order_are_never_on_the_wire_together(conn: Connection) -> None:
    arrive(conn, shipment(1))
    bring(conn, enter(conn, 1), State.SENDING)
    second = bring(conn, enter(conn, 1, Kind.REPORT), State.DUE)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        write(conn, outbox.begin, [second], NOON)
    assert not outbox.attempts(conn, second)


def test_a_batch_begins_whole_or_not_at_all(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    due, taken_back = bring(conn, enter(conn, 1), State.DUE), bring(conn, enter(conn, 2), State.TAKEN_BACK)
    with pytest.raises(outbox.NotDueError):
        write(conn, outbox.begin, [due, taken_back], NOON)
    found = outbox.entry(conn, due)
    assert found is not None
    assert (found.state, found.attempts) == (State.DUE, 0)


@pytest.mark.parametrize("older", State)
def test_what_an_older_entry_of_the_same_order_keeps_waiting(conn: Connection, older: State) -> None:
    arrive(conn, shipment(1))
    bring(conn, enter(conn, 1), older)
    report = bring(conn, enter(conn, 1, Kind.REPORT), State.DUE)
    waits = older not in {State.SENT, *CLOSED}
    assert (report in [entry.id for entry in outbox.due(conn, ACCOUNT, NOON)]) is not waits
    assert (not outbox.waiting(conn, ACCOUNT)) is (waits and older not in {State.HELD, State.DUE})


def test_a_refused_report_keeps_no_other_report_waiting(conn: Connection) -> None:
    arrive(conn, shipment(1))
    bring(conn, enter(conn, 1, Kind.REPORT), State.REFUSED)
    conn.execute("update entry set stop = 'PICKUP'")  # a second one for the same stop would mend it
    second = bring(conn, enter(conn, 1, Kind.REPORT), State.DUE)
    assert [entry.id for entry in outbox.due(conn, ACCOUNT, NOON)] == [second]


def test_a_payload_that_changed_on_disk_is_not_given_out(conn: Connection) -> None:
    arrive(conn, shipment(1))
    entry = enter(conn, 1)
    conn.execute("drop trigger entry_frozen")
    conn.execute("update entry set payload = x'00'")
    with pytest.raises(outbox.DamagedError):
        outbox.payload(conn, entry)


def test_a_report_needs_its_pictures_on_disk_first(conn: Connection) -> None:
    arrive(conn, shipment(1))
    picture = Picture(id="a" * 64, name="", width=1, height=1, size=1)  # type: ignore[arg-type]
    new = entering.NewEntry(order_id=OrderId(1), kind=Kind.REPORT, payload=b"{}", pictures=(picture.id,), draft=Draft())
    write(conn, drafts.save, ACCOUNT, OrderId(1), Draft(), NOON)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        write(conn, entering.add_all, ACCOUNT, [new], now=NOON, held_until=NOON, made_by="", desk="")
    assert drafts.load(conn, ACCOUNT, OrderId(1)) is not None
    write(conn, picture_store.put, picture, picture_store.Origin(source=picture.id), "", NOON)
    write(conn, entering.add_all, ACCOUNT, [new], now=NOON, held_until=NOON, made_by="", desk="")
    assert drafts.load(conn, ACCOUNT, OrderId(1)) is None


def test_a_form_that_is_being_typed_anew_is_not_overwritten_by_taking_back(conn: Connection) -> None:
    arrive(conn, shipment(1))
    new = entering.NewEntry(order_id=OrderId(1), kind=Kind.REPORT, payload=b"{}", draft=Draft(comment="sent"))
    entry = write(conn, entering.add_all, ACCOUNT, [new], now=NOON, held_until=NOON, made_by="", desk="")[0]
    write(conn, drafts.save, ACCOUNT, OrderId(1), Draft(comment="typed since"), NOON)
    assert write(conn, outbox.take_back, [entry], NOON) == []
    assert drafts.load(conn, ACCOUNT, OrderId(1)) == Draft(comment="typed since")


@pytest.mark.parametrize("state", State)
def test_a_start_makes_only_what_was_on_the_wire_unclear(conn: Connection, state: State) -> None:
    arrive(conn, shipment(1))
    entry = bring(conn, enter(conn, 1), state)
    write(conn, afresh.recover, NOON, NOON + timedelta(seconds=10), NOON + timedelta(minutes=3))
    found = outbox.entry(conn, entry)
    assert found is not None
    assert found.state is (State.UNCLEAR if state is State.SENDING else state)
    if found.state is State.UNCLEAR:
        assert (found.next_at, found.ever_unclear) == (NOON + timedelta(minutes=3), True)
    if found.state is State.HELD:
        assert found.next_at == NOON + timedelta(seconds=10)


@pytest.mark.parametrize("days", [-4000, 4000])
@pytest.mark.parametrize("state", [State.HELD, State.DUE, State.UNCLEAR, State.SENT])
def test_no_entry_waits_for_a_moment_of_another_clock(conn: Connection, state: State, days: int) -> None:
    then = NOON - timedelta(days=days)
    arrive(conn, shipment(1))
    entry = enter(conn, 1, now=then, hold=10)
    for step in ("due", "sending", "sent" if state is State.SENT else "unclear"):
        if state is State.HELD or (state is State.DUE and step == "sending"):
            break
        write(conn, outbox.move, entry, State(step), next_at=then, ended_at=then if step in {"sent", "unclear"} else None)
    write(conn, afresh.clock_jumped, NOON, NOON + timedelta(minutes=3), timedelta(hours=1))
    found = outbox.entry(conn, entry)
    assert found is not None
    assert found.state is state
    assert found.next_at <= NOON + timedelta(minutes=3)
    assert found.ended_at is None or found.ended_at <= NOON
    if state is State.HELD:
        assert found.next_at == NOON + timedelta(seconds=10)
    if state is State.UNCLEAR:
        assert found.next_at == NOON + timedelta(minutes=3)


@pytest.mark.parametrize("change", ["stop = 'DELIVERX'", "status = 'COMPLETF'", "next_at = 9007199254740993000"])
def test_a_row_with_a_value_that_nobody_wrote_is_damage(conn: Connection, change: str) -> None:
    arrive(conn, shipment(1))
    entry = enter(conn, 1)
    conn.execute(f"update entry set {change} where id = ?", (entry,))  # noqa: S608
    with pytest.raises(StoreError, match="damaged"):
        outbox.entry(conn, entry)


def test_an_entry_that_only_a_damaged_index_knows_is_damage_and_no_mistake_of_ours(conn: Connection) -> None:
    with pytest.raises(StoreError) as found:
        write(conn, outbox.move, EntryId(404), State.UNCLEAR)
    assert found.value.code == "damaged"
