"""Which shipment a change of the feed belongs to, as it comes: by the product's id, its number, its barcode."""

import sqlite3
from sqlite3 import IntegrityError

import pytest

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, shipment, write
from zendera_desk.domain.feed import FeedPage, NewChange
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import Parcel
from zendera_desk.store import board, feed, feed_evidence
from zendera_desk.store.database import Connection

BEYOND = 2**53 + 1

OFFICE = (
    shipment(BEYOND, parcels=[Parcel(product_id=BEYOND, internal_number="ONE"), Parcel(internal_number="TWICE-HERE")]),
    shipment(2, parcels=[Parcel(product_id=2, internal_number="KIND"), Parcel(internal_number="TWICE-HERE-NOT", barcode="BAR")]),
    shipment(3, parcels=[Parcel(product_id=3, internal_number="KIND", barcode="ONE"), Parcel(barcode="SHARED")]),
    shipment(4, parcels=[Parcel(product_id=4, internal_number="A"), Parcel(internal_number="A", barcode="SHARED")]),
)


def change(number: str = "", product_id: int | None = None) -> NewChange:
    return told(NOON, product_id=product_id, product_number=number, original=number.encode())


@pytest.mark.parametrize(
    ("row", "order"),
    [
        (change("KIND", BEYOND), BEYOND),
        (change("ONE"), BEYOND),
        (change("ONE", 77), None),
        (change("TWICE-HERE-NOT", 77), 2),
        (change("BAR", 77), 2),
        (change("BAR", 3), 3),
        (change("KIND", 2), 2),
        (change("KIND"), None),
        (change("BAR"), 2),
        (change("SHARED"), None),
        (change("A"), 4),
        (change("nobody", 77), None),
        (change(""), None),
    ],
)
def test_a_change_finds_the_one_shipment_it_can_mean(conn: Connection, row: NewChange, order: int | None) -> None:
    arrive(conn, *OFFICE)
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(row,)), NOON)
    assert conn.execute("select order_id from feed_change").fetchone()[0] == order


def test_each_change_is_stored_once_and_only_the_new_ones_are_told(conn: Connection) -> None:
    one, two = change("ONE"), change("BAR")
    assert write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=(one, two, one)), NOON).new == 2
    assert write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=(two, change("ONE", 5), one)), NOON).new == 1
    rows = conn.execute("select product_id from feed_change order by id").fetchall()
    assert [row["product_id"] for row in rows] == [None, None, 5]


def test_a_page_of_any_length_is_stored_in_its_order(conn: Connection) -> None:
    arrive(conn, *OFFICE)
    numbers = [f"N-{place}" for place in range(sum(feed.TOGETHER) + feed.TOGETHER[-1] + 7)]
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=tuple(change(number) for number in numbers)), NOON)
    stored = conn.execute("select product_number from feed_change order by id").fetchall()
    assert [row["product_number"] for row in stored] == numbers


def test_a_page_is_stored_by_a_build_of_sqlite_that_takes_few_values(conn: Connection) -> None:
    conn.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    numbers = [f"N-{place}" for place in range(feed.TOGETHER[-1])]
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=tuple(change(number) for number in numbers)), NOON)
    assert conn.execute("select count(*) from feed_change").fetchone()[0] == feed.TOGETHER[-1]


def whose(conn: Connection) -> dict[tuple[object, str], object]:
    rows = conn.execute("select product_id, product_number, order_id from feed_change")
    return {(row["product_id"], row["product_number"]): row["order_id"] for row in rows}


def due(conn: Connection) -> set[int]:
    return {row["order_id"] for row in conn.execute("select order_id from board_due")}


def test_a_shipment_that_comes_late_gets_its_change_back_from_the_one_that_only_has_its_number(conn: Connection) -> None:
    arrive(conn, shipment(1, parcels=[Parcel(internal_number="KIND")]))
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(change("KIND", BEYOND),)), NOON)
    assert whose(conn) == {(BEYOND, "KIND"): 1}, "nothing else can have it so far"
    arrive(conn, shipment(2, parcels=[Parcel(product_id=BEYOND, internal_number="KIND")]))
    assert whose(conn) == {(BEYOND, "KIND"): 2}
    assert due(conn) == {1}, "whose board reads differently now"
    arrive(conn, shipment(3, parcels=[Parcel(product_id=BEYOND)]))
    assert whose(conn) == {(BEYOND, "KIND"): 2}, "what has its very product keeps it"


def test_a_parcel_that_gets_an_id_of_its_own_lets_go_what_was_said_of_another_product(conn: Connection) -> None:
    arrive(conn, shipment(1, parcels=[Parcel(internal_number="KIND")]))
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(change("KIND", 7), change("KIND", 8), change("KIND"))), NOON)
    arrive(conn, shipment(1, parcels=[Parcel(product_id=8, internal_number="KIND")]))
    assert whose(conn) == {(7, "KIND"): None, (8, "KIND"): 1, (None, "KIND"): 1}
    arrive(conn, shipment(1, city="Oslo"))
    assert whose(conn)[8, "KIND"] == 1, "a product that is taken out of the order keeps what was said of it"


def test_whichever_comes_first_the_change_ends_at_the_same_shipment(conn: Connection) -> None:
    with_ids = (change("ONE", BEYOND), change("KIND", 2), change("KIND", 3), change("BAR", 9), change("A", 4))
    changes = (*with_ids, change("BAR"), change("A"), change("ONE"), change("KIND"), change("SHARED"))
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=changes), NOON)
    arrive(conn, *reversed(OFFICE))
    late = whose(conn)
    conn.execute("delete from feed_change")
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=changes), NOON)
    assert whose(conn) == late


def test_what_had_the_number_first_keeps_what_was_said_when_the_number_is_used_again(conn: Connection) -> None:
    arrive(conn, shipment(1, parcels=[Parcel(internal_number="KIND")]))
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(change("KIND"),)), NOON)
    arrive(conn, shipment(2, parcels=[Parcel(internal_number="KIND")]))
    assert whose(conn) == {(None, "KIND"): 1}
    assert due(conn) == set()


def test_what_stops_a_page_in_the_middle_leaves_nothing_of_it(conn: Connection) -> None:
    """A kill between two of its statements, as the file sees it: the token would stand behind changes that no board was told of."""
    arrive(conn, *OFFICE)
    write(conn, feed.start, ACCOUNT, NOON)
    conn.execute("create temp trigger killed before insert on board_due begin select raise(abort, 'killed'); end")
    page = FeedPage(changes=(change("ONE", BEYOND),), token="behind")
    with pytest.raises(IntegrityError, match="killed"):
        write(conn, feed_evidence.take, ACCOUNT, page, NOON)
    assert (whose(conn), feed.start(conn, ACCOUNT, NOON)[0]) == ({}, "")
    conn.execute("drop trigger killed")
    assert write(conn, feed_evidence.take, ACCOUNT, page, NOON).new == 1
    assert (due(conn), feed.start(conn, ACCOUNT, NOON)[0]) == ({BEYOND}, "behind")


def test_a_page_that_does_not_follow_what_is_stored_is_not_stored(conn: Connection) -> None:
    write(conn, feed.start, ACCOUNT, NOON)
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(change("ONE"),), token="a"), NOON, after="")
    with pytest.raises(feed.NotNextError):
        write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(change("THREE"),), token="c"), NOON, after="b")
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(change("TWO"),), token="b"), NOON, after="a")
    assert [row["product_number"] for row in conn.execute("select product_number from feed_change order by id")] == ["ONE", "TWO"]


def test_whose_products_were_spoken_of_is_read_in_parts(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "DUE_AT_ONCE", 2)
    board.note(conn, ACCOUNT, [OrderId(7), OrderId(5), OrderId(BEYOND), OrderId(6)])
    assert board.due(conn, ACCOUNT, 0) == {5, 6}
    assert board.due(conn, ACCOUNT, 6) == {7, BEYOND}
    assert board.due(conn, ACCOUNT, BEYOND) == frozenset()
