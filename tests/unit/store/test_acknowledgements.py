"""What the office knows of what differs: as it is stored."""

from datetime import timedelta

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, shipment, write
from zendera_desk.domain.board import Board
from zendera_desk.domain.feed import FeedPage, ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.store import acknowledgements, board, feed, feed_evidence, retention
from zendera_desk.store.database import Connection

ONE, STOP = OrderId(1), StopKind.DELIVERY


def not_ready(conn: Connection, *orders: int) -> None:
    """Each of these orders has a product that is not ready, by a feed that is up to date."""
    arrive(conn, *(shipment(order, parcels=[Parcel(product_id=order)]) for order in orders))
    write(conn, feed.start, ACCOUNT, NOON)
    changes = tuple(told(NOON, product_id=order, stop=STOP, status=ProductStatus.NOT_READY) for order in orders)
    write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=changes), NOON)


def shown(conn: Connection) -> Board:
    return board.read(conn, ACCOUNT, ONE, [Parcel(product_id=1)])[0]


def differing(conn: Connection) -> int:
    found: int = conn.execute("select differs from tally").fetchone()[0]
    return found


def test_every_board_that_is_due_is_looked_at_however_many_there_are(conn: Connection) -> None:
    not_ready(conn, *range(1, 2 * board.AT_ONCE + 2))
    steps = [write(conn, board.settle, ACCOUNT) for _ in range(3)]
    assert [(len(changed), more) for changed, more in steps] == [(board.AT_ONCE, True), (board.AT_ONCE, True), (1, False)]
    assert differing(conn) == 2 * board.AT_ONCE + 1


def test_each_is_written_a_moment_after_the_one_before_whatever_the_clock_says(conn: Connection) -> None:
    not_ready(conn, 1)
    write(conn, board.settle, ACCOUNT)
    for back in range(2):
        now = NOON - timedelta(hours=back)
        assert write(conn, acknowledgements.acknowledge, ACCOUNT, ONE, STOP, shown(conn), NOON, now)
        assert differing(conn) == 0
        assert write(conn, acknowledgements.undo, ACCOUNT, ONE, STOP, now)
        assert differing(conn) == 1
    said = board.acknowledged(conn, ACCOUNT, [ONE])[ONE]
    assert [each.undoes for each in said] == [False, True, False, True]
    assert sorted(each.at for each in said) == [each.at for each in said]


def test_it_goes_with_its_shipment(conn: Connection) -> None:
    not_ready(conn, 1)
    write(conn, acknowledgements.acknowledge, ACCOUNT, ONE, STOP, shown(conn), NOON, NOON)
    not_ready(conn, 1)
    row = conn.execute("select id from shipment").fetchone()[0]
    write(conn, retention.delete_shipment, retention.Shipped(row, ACCOUNT, ONE))
    for table in ("acknowledgement", "board_due"):
        assert conn.execute(f"select count(*) from {table}").fetchone()[0] == 0  # noqa: S608 (two names of ours)
