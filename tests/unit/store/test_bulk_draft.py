"""The grid on disk: what was sent is never written over by what the screen showed a moment before."""

from unit.store.office import ACCOUNT, NOON, arrive, shipment, write
from zendera_desk.domain.bulk import BulkDraft, BulkRow
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.store import bulk_draft, drafts, outbox
from zendera_desk.store.database import Connection

OWN = Draft(comment="a draft of its own")
GRID = BulkDraft(shared=Draft(time="1430"), rows=tuple(BulkRow(order_id=OrderId(number), signee="Kari") for number in (1, 2)))


def sent(conn: Connection, order: int) -> EntryId:
    new = outbox.NewEntry(
        order_id=OrderId(order),
        kind=Kind.REPORT,
        payload=b"{}",
        stop=StopKind.DELIVERY,
        status=Status.COMPLETE,
        draft=Draft(signee="Kari"),
        from_grid=True,
    )
    (entry,) = write(conn, outbox.add_all, ACCOUNT, [new], now=NOON, held_until=NOON, made_by="", desk="")
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
