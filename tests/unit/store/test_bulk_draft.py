"""The grid on disk: what was sent is never written over by what the screen showed a moment before."""

import msgspec

from unit.store.office import ACCOUNT, NOON, arrive, shipment, write
from zendera_desk.domain.bulk import BulkDraft, BulkRow, draft_of
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.store import bulk_draft, drafts, entering, outbox
from zendera_desk.store.database import Connection

OWN = Draft(comment="a draft of its own")
LATER = BulkDraft(shared=Draft(time="1700"), rows=(BulkRow(order_id=OrderId(2), signee="Siri"), BulkRow(order_id=OrderId(3), signee="Per")))
"""Another report on many, with one of the same shipments."""
GRID = BulkDraft(shared=Draft(time="1430"), rows=tuple(BulkRow(order_id=OrderId(number), signee="Kari") for number in (1, 2)))


def sent(conn: Connection, order: int, grid: BulkDraft = GRID) -> EntryId:
    (form,) = (draft_of(grid.shared, row) for row in grid.rows if row.order_id == order)
    new = entering.NewEntry(
        order_id=OrderId(order),
        kind=Kind.REPORT,
        payload=b"{}",
        stop=StopKind.DELIVERY,
        status=Status.COMPLETE,
        draft=form,
        from_grid=True,
    )
    (entry,) = write(conn, entering.add_all, ACCOUNT, [new], now=NOON, held_until=NOON, made_by="", desk="")
    return entry


def test_a_stale_screen_neither_brings_back_nor_throws_away_a_row_that_was_sent(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    write(conn, bulk_draft.save, ACCOUNT, GRID, NOON)
    entry = sent(conn, 1)
    write(conn, bulk_draft.save, ACCOUNT, GRID, NOON)
    found = bulk_draft.load(conn, ACCOUNT)
    assert found is not None
    assert [row.entry for row in found.rows] == [entry, None]
    write(conn, outbox.take_back, [entry], NOON)
    write(conn, bulk_draft.save, ACCOUNT, found, NOON)  # the screen still shows it as sent
    assert bulk_draft.load(conn, ACCOUNT) == GRID


def test_a_row_that_is_taken_back_leaves_the_draft_of_its_own_alone(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    write(conn, drafts.save, ACCOUNT, OrderId(1), OWN, NOON)
    write(conn, bulk_draft.save, ACCOUNT, GRID, NOON)
    entry = sent(conn, 1)
    assert drafts.load(conn, ACCOUNT, OrderId(1)) == OWN
    assert write(conn, outbox.take_back, [entry], NOON) == [OrderId(1)]
    assert drafts.load(conn, ACCOUNT, OrderId(1)) == OWN
    assert bulk_draft.load(conn, ACCOUNT) == GRID


def test_when_the_last_row_has_left_nothing_of_the_grid_is_kept(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    write(conn, bulk_draft.save, ACCOUNT, GRID, NOON)
    for order in (1, 2):
        entry = sent(conn, order)
        for state in (State.DUE, State.SENDING):
            write(conn, outbox.move, entry, state)
    assert bulk_draft.load(conn, ACCOUNT) is None


def test_a_report_that_the_next_grid_took_the_place_of_comes_back_as_a_draft_of_its_own(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2), shipment(3))
    write(conn, bulk_draft.save, ACCOUNT, GRID, NOON)
    entries = [sent(conn, order) for order in (1, 2)]
    write(conn, bulk_draft.discard, ACCOUNT)  # the next one begins
    write(conn, bulk_draft.save, ACCOUNT, LATER, NOON)
    assert write(conn, outbox.take_back, entries, NOON) == [OrderId(2), OrderId(1)]
    assert bulk_draft.load(conn, ACCOUNT) == LATER
    forms = [drafts.load(conn, ACCOUNT, OrderId(order)) for order in (1, 2)]
    assert forms == [draft_of(GRID.shared, row) for row in GRID.rows]


def test_a_row_comes_back_as_it_was_sent_whatever_is_shared_by_now(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    write(conn, bulk_draft.save, ACCOUNT, GRID, NOON)
    entry = sent(conn, 1)
    shown = bulk_draft.load(conn, ACCOUNT)
    assert shown is not None
    changed = msgspec.structs.replace(shown, shared=Draft(time="1500"))
    write(conn, bulk_draft.save, ACCOUNT, changed, NOON)
    write(conn, outbox.take_back, [entry], NOON)
    found = bulk_draft.load(conn, ACCOUNT)
    assert found is not None
    assert found.rows[0].entry is None
    assert draft_of(found.shared, found.rows[0]) == draft_of(GRID.shared, GRID.rows[0])


def test_a_row_that_cannot_say_the_same_any_more_comes_back_as_a_draft_of_its_own(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    write(conn, bulk_draft.save, ACCOUNT, GRID, NOON)
    entry = sent(conn, 1)
    shown = bulk_draft.load(conn, ACCOUNT)
    assert shown is not None
    changed = msgspec.structs.replace(shown, shared=Draft(status=Status.NO_ONE_THERE, time="1430"))
    write(conn, bulk_draft.save, ACCOUNT, changed, NOON)
    write(conn, outbox.take_back, [entry], NOON)
    found = bulk_draft.load(conn, ACCOUNT)
    assert found is not None
    assert [row.order_id for row in found.rows] == [OrderId(2)]
    assert drafts.load(conn, ACCOUNT, OrderId(1)) == draft_of(GRID.shared, GRID.rows[0])


def test_a_grid_that_was_discarded_never_takes_the_place_of_one_that_was_begun_since(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2), shipment(3))
    write(conn, bulk_draft.save, ACCOUNT, LATER, NOON)
    assert write(conn, bulk_draft.put_back, ACCOUNT, GRID, NOON) is None
    assert bulk_draft.load(conn, ACCOUNT) == LATER
    entries = [sent(conn, order, LATER) for order in (2, 3)]
    assert write(conn, bulk_draft.put_back, ACCOUNT, GRID, NOON) == [OrderId(1), OrderId(2)]
    write(conn, outbox.take_back, entries, NOON)
    assert bulk_draft.load(conn, ACCOUNT) == GRID
    forms = [drafts.load(conn, ACCOUNT, OrderId(order)) for order in (2, 3)]
    assert forms == [draft_of(LATER.shared, row) for row in LATER.rows]
