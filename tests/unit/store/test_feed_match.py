"""Which shipment a change of the feed belongs to, as it comes: by the product's id, its number, its barcode."""

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, shipment, write
from zendera_desk.domain.feed import FeedPage, ProductChange
from zendera_desk.domain.shipment import Parcel
from zendera_desk.store import feed
from zendera_desk.store.database import Connection

BEYOND = 2**53 + 1

OFFICE = (
    shipment(BEYOND, parcels=[Parcel(product_id=BEYOND, internal_number="ONE"), Parcel(internal_number="TWICE-HERE")]),
    shipment(2, parcels=[Parcel(product_id=2, internal_number="KIND"), Parcel(internal_number="TWICE-HERE-NOT", barcode="BAR")]),
    shipment(3, parcels=[Parcel(product_id=3, internal_number="KIND", barcode="ONE"), Parcel(barcode="SHARED")]),
    shipment(4, parcels=[Parcel(product_id=4, internal_number="A"), Parcel(internal_number="A", barcode="SHARED")]),
)


def change(number: str = "", product_id: int | None = None) -> ProductChange:
    return ProductChange(at=NOON, product_id=product_id, product_number=number, original=number.encode())


@pytest.mark.parametrize(
    ("row", "order"),
    [
        (change("KIND", BEYOND), BEYOND),
        (change("ONE"), BEYOND),
        (change("ONE", 77), BEYOND),
        (change("KIND", 2), 2),
        (change("KIND"), None),
        (change("BAR"), 2),
        (change("SHARED"), None),
        (change("A"), 4),
        (change("nobody", 77), None),
        (change(""), None),
    ],
)
def test_a_change_finds_the_one_shipment_it_can_mean(conn: Connection, row: ProductChange, order: int | None) -> None:
    arrive(conn, *OFFICE)
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(row,)), NOON)
    assert conn.execute("select order_id from feed_change").fetchone()[0] == order


def test_each_change_is_stored_once_and_only_the_new_ones_are_told(conn: Connection) -> None:
    one, two = change("ONE"), change("BAR")
    first = write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(one, two, one)), NOON)
    assert len(first) == 2
    again = write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(two, change("ONE", 5), one)), NOON)
    rows = conn.execute("select id, product_id from feed_change order by id").fetchall()
    assert [row["id"] for row in rows] == [*first, *again]
    assert [row["product_id"] for row in rows] == [None, None, 5]
