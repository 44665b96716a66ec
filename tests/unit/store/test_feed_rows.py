"""Windows of the stored feed: the right rows whatever the filter, a bounded slice looked through, and no sorting on the way."""

from datetime import timedelta

import msgspec
import pytest

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, shipment, write
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.feed import FeedPage, ProductStatus
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.domain.tailing import FeedCount, FeedFilter, FeedUnreadable
from zendera_desk.domain.views import Account, FeedScope
from zendera_desk.store import accounts, board, feed, feed_rows
from zendera_desk.store.database import Connection

COMPLETED, REMOVED = ProductStatus.COMPLETED, ProductStatus.REMOVED


def come(conn: Connection, count: int, **values: object) -> None:
    """Products numbered on from what is there."""
    start = feed_rows.newest(conn)
    changes = []
    for number in range(start + 1, start + count + 1):
        of_this = {"product_id": number, "product_number": f"P-{number}", "status": COMPLETED, "stop": StopKind.DELIVERY}
        changes.append(told(NOON + timedelta(seconds=number), **{**of_this, **values}))  # type: ignore[arg-type]
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=tuple(changes), token="t"), NOON)


EVERYTHING = FeedFilter()
OF_ONE = FeedFilter(scope=FeedScope.ORDER, order_id=OrderId(7))


def ids(conn: Connection, wanted: FeedFilter = EVERYTHING, **where: int | bool) -> list[int]:
    return [line.id for line in feed_rows.rows(conn, ACCOUNT, wanted, **where).lines]  # type: ignore[arg-type]


def test_a_window_is_the_newest_or_the_oldest_between_two_ids_and_always_the_oldest_first(conn: Connection) -> None:
    come(conn, 9)
    assert ids(conn, limit=3) == [7, 8, 9]
    assert ids(conn, below=7, limit=3) == [4, 5, 6]
    assert ids(conn, above=2, below=8, limit=3) == [5, 6, 7]
    assert ids(conn, above=2, below=8, limit=3, upwards=True) == [3, 4, 5]


@pytest.mark.parametrize(("column", "value"), [("stop", "PICKEP"), ("status", "complexed"), ("at", 1 << 62)])
def test_a_change_that_was_not_written_like_that_is_damage(conn: Connection, column: str, value: object) -> None:
    come(conn, 1)
    conn.execute(f"update feed_change set order_id = 7, {column} = ?", (value,))  # noqa: S608 (a name from above)
    with pytest.raises(StoreError, match="damaged"):
        ids(conn)
    with pytest.raises(StoreError, match="damaged"):
        board.changes(conn, ACCOUNT, OrderId(7))


def test_it_is_said_how_far_was_looked_and_nothing_at_the_end(conn: Connection) -> None:
    come(conn, 4)
    assert feed_rows.rows(conn, ACCOUNT, FeedFilter(), limit=3).reached == 2
    assert feed_rows.rows(conn, ACCOUNT, FeedFilter(), limit=5).reached is None
    assert feed_rows.rows(conn, ACCOUNT, FeedFilter(), above=1, limit=2, upwards=True).reached == 3


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (FeedFilter(stop=StopKind.PICKUP), [3, 4]),
        (FeedFilter(statuses=frozenset({REMOVED})), [4, 5]),
        (FeedFilter(statuses=frozenset({REMOVED, COMPLETED})), [1, 2, 3, 4, 5, 7]),
        (FeedFilter(stop=StopKind.PICKUP, statuses=frozenset({REMOVED})), [4]),
        (FeedFilter(scope=FeedScope.ORDER, order_id=OrderId(77)), [1, 5]),
        (FeedFilter(scope=FeedScope.ORDER, order_id=OrderId(77), statuses=frozenset({REMOVED})), [5]),
        (FeedFilter(scope=FeedScope.UNMATCHED), [2, 3, 4, 6, 7]),
        (FeedFilter(text="p-4"), [4]),
        (FeedFilter(text="LOC-9"), [7]),
        (FeedFilter(text="77"), [1, 5]),
        (FeedFilter(text="euro pal"), [1]),
        (FeedFilter(text="kjøl"), [5]),
        (FeedFilter(text="Kjol"), [5]),
        (FeedFilter(text="kjoele"), [5]),
        (FeedFilter(text="pällets"), [2]),
        (FeedFilter(text="370123"), [5]),
        (FeedFilter(text="a-77"), [1, 5]),
        (FeedFilter(text="customs"), [6]),
        (FeedFilter(text="100%"), [7]),
        (FeedFilter(text="_"), [6, 7]),
    ],
)
def test_every_part_of_the_filter_holds(conn: Connection, wanted: FeedFilter, found: list[int]) -> None:
    parcels = [
        Parcel(product_id=1, internal_number="P-1", name="Euro pallet"),
        Parcel(product_id=5, internal_number="P-5", name="KJØLEVARE", barcode="00370123456"),
    ]
    arrive(conn, msgspec.structs.replace(shipment(77, parcels=parcels), order_number="A-77"))
    come(conn, 1)
    come(conn, 1, location_number="PAELLETS")
    come(conn, 1, stop=StopKind.PICKUP)
    come(conn, 1, stop=StopKind.PICKUP, status=REMOVED)
    come(conn, 1, status=REMOVED)
    come(conn, 1, status=ProductStatus.UNKNOWN, status_word="HELD_AT_CUSTOMS", stop=None)
    come(conn, 1, product_number="100%_WOOL", location_number="LOC-9")
    assert ids(conn, wanted) == found
    counted = feed_rows.count(conn, ACCOUNT, wanted, 0)
    assert counted.count == len(found)


def test_a_slice_is_looked_through_and_the_next_one_goes_on(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_rows, "SLICE", 4)
    come(conn, 1, status=REMOVED)
    come(conn, 9)
    wanted = FeedFilter(statuses=frozenset({REMOVED}))
    first = feed_rows.rows(conn, ACCOUNT, wanted)
    assert (first.lines, first.reached) == ((), 7)
    second = feed_rows.rows(conn, ACCOUNT, wanted, below=7)
    third = feed_rows.rows(conn, ACCOUNT, wanted, below=second.reached or 0)
    assert ([line.id for line in third.lines], third.reached) == ([1], None)
    assert feed_rows.count(conn, ACCOUNT, wanted, 0) == FeedCount(count=1, reached=4, more=True)
    assert feed_rows.count(conn, ACCOUNT, wanted, 8) == FeedCount(count=0, reached=10, more=False)
    assert feed_rows.count(conn, ACCOUNT, wanted, 10) == FeedCount(count=0, reached=10, more=False)


def test_another_accounts_changes_are_not_shown_and_keep_nobody_for_longer_than_a_slice(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_rows, "SLICE", 4)
    come(conn, 1)
    other = AccountId("other")
    write(conn, accounts.save, Account(id=other, name="Other", base_url="https://example.org/api/"), NOON)
    changes = tuple(told(NOON, product_id=number) for number in range(9))
    write(conn, feed.put_page, other, FeedPage(changes=changes), NOON)
    assert feed_rows.rows(conn, ACCOUNT, EVERYTHING).reached == 7
    assert ids(conn, below=5) == [1]
    assert feed_rows.count(conn, ACCOUNT, EVERYTHING, 0).count == 1
    assert ids(conn, FeedFilter(scope=FeedScope.UNMATCHED)) == [1]
    assert not feed_rows.lines(conn, ACCOUNT, [2])


def test_a_change_reads_with_its_shipment_once_that_is_there(conn: Connection) -> None:
    come(conn, 2)
    assert feed_rows.lines(conn, ACCOUNT, [1, 2])[0].order_id is None
    arrive(conn, shipment(77, parcels=[Parcel(product_id=2, internal_number="P-2", name="Crate")]))
    (line,) = feed_rows.lines(conn, ACCOUNT, [2])
    assert (line.order_id, line.product_name, line.stored_at) == (77, "Crate", NOON)


@pytest.mark.parametrize(
    ("number", "product", "name"),
    [
        ("P-2", 2, "Crate"),
        ("P-3", None, "Sofa"),
        ("370003", None, "Sofa"),
        ("370003", 9, "Sofa"),
        ("370004", None, "Lamp"),
        ("370004", 4, "Lamp"),
        ("TWICE", None, ""),
    ],
)
def test_a_product_is_named_by_its_id_its_number_or_its_barcode(conn: Connection, number: str, product: int | None, name: str) -> None:
    parcels = [
        Parcel(product_id=2, internal_number="P-2", name="Crate"),
        Parcel(internal_number="P-3", barcode="370003", name="Sofa"),
        Parcel(product_id=4, barcode="370004", name="Lamp"),
        Parcel(internal_number="TWICE", name="Left shoe"),
        Parcel(internal_number="TWICE", name="Right shoe"),
    ]
    arrive(conn, shipment(77, parcels=parcels))
    write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(told(NOON, product_id=product, product_number=number),)), NOON)
    (line,) = feed_rows.lines(conn, ACCOUNT, [1])
    assert (line.order_id, line.product_name) == (77, name)


def test_every_gap_is_kept_with_its_time(conn: Connection) -> None:
    write(conn, feed.start, ACCOUNT, NOON)
    for hours in (1, 5):
        write(conn, feed.restart, ACCOUNT, NOON + timedelta(hours=hours), NOON)
    assert [gap.at for gap in feed_rows.marks(conn, ACCOUNT)] == [NOON + timedelta(hours=1), NOON + timedelta(hours=5)]


def test_entries_that_cannot_be_read_are_marked_where_they_came_and_kept_as_they_came(
    conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_rows, "UNREADABLE_MARKED", 2)
    write(conn, feed.start, ACCOUNT, NOON)
    strange = b'{"orderId": null, "said": "\xc3\x98\xff"}'
    for minute, broken in ((1, (b'["old"]',)), (2, (strange, b"7")), (3, (b"[]", b"7"))):
        write(conn, feed.put_page, ACCOUNT, FeedPage(changes=(), broken=broken, token="t"), NOON + timedelta(minutes=minute))
    write(conn, feed.restart, ACCOUNT, NOON + timedelta(minutes=2.5), NOON)
    found = feed_rows.marks(conn, ACCOUNT)
    told_of = [(mark.at - NOON, mark.count if isinstance(mark, FeedUnreadable) else "gap") for mark in found]
    assert told_of == [(timedelta(minutes=2), 2), (timedelta(minutes=2.5), "gap"), (timedelta(minutes=3), 1)], "7 came before"
    first, last = found[0], found[-1]
    assert isinstance(first, FeedUnreadable)
    assert isinstance(last, FeedUnreadable)
    assert first.begins == '{"orderId": null, "said": "Ø\ufffd"}'
    assert feed_rows.unreadable(conn, ACCOUNT, first) == [strange, b"7"]
    assert feed_rows.unreadable(conn, ACCOUNT, msgspec.structs.replace(first, until=last.until)) == [strange, b"7", b"[]"]
    assert feed.cursor(conn, ACCOUNT).unreadable_at == NOON + timedelta(minutes=3)


def test_a_change_can_be_had_as_it_came(conn: Connection) -> None:
    come(conn, 1, original=b'{"orderProductId": 1, "more": "x"}')
    assert feed_rows.original(conn, ACCOUNT, 1) == [b'{"orderProductId": 1, "more": "x"}']
    assert feed_rows.original(conn, ACCOUNT, 2) == []


@pytest.mark.parametrize("wanted", [EVERYTHING, FeedFilter(scope=FeedScope.UNMATCHED), OF_ONE])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_no_window_sorts_and_none_goes_through_the_table(conn: Connection, wanted: FeedFilter, order: str) -> None:
    values = feed_rows._values(ACCOUNT, wanted, 10, 0) | {"slice": 5}
    plan = " ".join(row["detail"] for row in conn.execute(f"explain query plan {feed_rows._slice(wanted, order)}", values))
    assert "SEARCH" in plan
    assert "TEMP B-TREE" not in plan
