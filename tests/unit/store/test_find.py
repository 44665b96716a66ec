"""A search finds everything everywhere, and what a person most likely means stands first."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, opened, shipment, write
from zendera_desk.domain import finding
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import CashOnDelivery, Parcel, Shipment, Stop, StopKind
from zendera_desk.domain.views import Account, IdsPage, View
from zendera_desk.store import accounts, database, entering, find, projection, retention, search, shipments
from zendera_desk.store.database import Connection


def found(conn: Connection, text: str, view: View = View.ALL, **more: object) -> IdsPage:
    return find.find(conn, ACCOUNT, view, text, NOON, **more)  # type: ignore[arg-type]


def ids(conn: Connection, text: str, view: View = View.ALL, **more: object) -> list[int]:
    return list(found(conn, text, view, **more).ids)


def accept(conn: Connection, order_id: int) -> None:
    bring(conn, enter(conn, order_id, Kind.ACCEPT), State.CONFIRMED)


def report(conn: Connection, order_id: int, signee: str, comment: str = "") -> int:
    entry = noted(conn, order_id, signee, comment)
    assert write(conn, projection.find_one_by_reports)
    return entry


def noted(conn: Connection, order_id: int, signee: str, comment: str = "") -> int:
    """Its words are not found yet."""
    draft = Draft(signee=signee, comment=comment)
    new = entering.NewEntry(
        order_id=OrderId(order_id),
        kind=Kind.REPORT,
        payload=b"{}",
        stop=StopKind.DELIVERY,
        status=Status.COMPLETE,
        event_at=NOON + timedelta(minutes=order_id),
        draft=draft,
        words=comment,
    )
    (entry,) = write(conn, entering.add_all, ACCOUNT, [new], now=NOON, held_until=NOON, made_by="Kari", desk="front")
    return entry


def test_the_shipment_whose_number_it_is_comes_first_then_the_view_then_what_is_open_then_the_newest(conn: Connection) -> None:
    arrive(conn, *(shipment(number, name="Nordmann 77001") for number in range(1, 6)), shipment(77001, name="Other"))
    for number in (1, 2, 5):
        accept(conn, number)
    for number in (1, 5):
        bring(conn, report(conn, number, "Ola"), State.SENT)
    assert ids(conn, "77001", View.TO_REPORT) == [77001, 2, 4, 3, 5, 1]
    assert ids(conn, "77001", View.TO_ACCEPT) == [77001, 4, 3, 2, 5, 1]
    there = found(conn, "nordmann", View.TO_ACCEPT)
    assert (list(there.ids), there.here, there.count, there.more) == ([4, 3, 2, 5, 1], 2, 5, False)


def test_only_what_the_view_has_is_found_where_that_is_wanted(conn: Connection) -> None:
    arrive(conn, *(shipment(number) for number in range(1, 5)))
    accept(conn, 2)
    assert ids(conn, "bergen", View.TO_REPORT, only_here=True) == [2]
    assert ids(conn, "2", View.TO_ACCEPT, only_here=True) == []


def test_whole_words_come_before_beginnings(conn: Connection) -> None:
    arrive(conn, shipment(1, city="Berg"), shipment(2, city="Bergen"), shipment(3, city="Berg"), shipment(4, city="Bergheim"))
    assert ids(conn, "berg") == [3, 1, 4, 2]


def test_of_many_the_best_are_shown_and_that_there_are_more_is_said(conn: Connection) -> None:
    arrive(conn, *(shipment(number) for number in range(1, 30)))
    accept(conn, 3)
    page = found(conn, "bergen", View.TO_REPORT, most=10)
    assert (list(page.ids), page.here, page.more) == ([3, *range(29, 20, -1)], 1, True)
    assert not found(conn, "bergen", most=29).more
    assert found(conn, "bergen", most=28).more


def test_nothing_of_another_account_is_found(conn: Connection) -> None:
    other = AccountId("sorlys")
    write(conn, accounts.save, Account(id=other, name="Sørlys", base_url="https://example.org/"), NOON)
    arrive(conn, shipment(1))
    arrived = shipments.Arrived(exported=shipments.Exported(shipment=shipment(2), original=b"{}"))
    write(conn, shipments.put, other, [arrived], NOON)
    assert ids(conn, "bergen") == [1]
    assert list(find.find(conn, other, View.TO_ACCEPT, "bergen", NOON).ids) == [2]


def test_what_zendera_writes_about_shipment_stops_and_goods_is_found(conn: Connection) -> None:
    parcel = Parcel(description="Sofa in two boxes")
    pickup, delivery = (
        Stop(kind=kind, instructions=words) for kind, words in zip(StopKind, ("Ring at gate 4", "Leave by Løkken"), strict=True)
    )
    cash = CashOnDelivery(amount=Decimal(100), reference="KID 77 88 99")
    told = Shipment(
        order_id=OrderId(1), instructions="Handle gently", pickup=pickup, delivery=delivery, parcels=(parcel,), cash_on_delivery=cash
    )
    arrive(conn, told, shipment(2))
    for text in ("gently", "gate ring", "lokken", "sofa", "kid 77 88", "boxes gate gently"):
        assert ids(conn, text) == [1], text


def test_comments_and_signees_are_found_until_the_report_is_taken_back(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    accept(conn, 1)
    first = report(conn, 1, "Sigrid Lillebø", "behind the red shed")
    assert ids(conn, "lillebo") == ids(conn, "red shed bergen") == [1]
    arrive(conn, shipment(1, city="Oslo"))
    assert ids(conn, "lillebo oslo") == [1]
    bring(conn, first, State.TAKEN_BACK)  # type: ignore[arg-type]
    assert ids(conn, "lillebo") == ids(conn, "shed") == []
    assert ids(conn, "oslo") == [1]


def test_what_is_only_noted_is_found_by_its_words_once_somebody_has_the_time(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    for order_id in (1, 2):
        accept(conn, order_id)
        noted(conn, order_id, "Sigrid")
    assert ids(conn, "sigrid") == []
    assert [write(conn, projection.find_one_by_reports) for _ in range(3)] == [True, True, False]
    assert ids(conn, "sigrid") == [2, 1]


def test_what_came_in_between_leaves_no_words(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    for order_id in (1, 2):
        accept(conn, order_id)
    taken_back, _ = noted(conn, 1, "Sigrid"), noted(conn, 2, "Sigrid")
    bring(conn, taken_back, State.TAKEN_BACK)  # type: ignore[arg-type]
    (row,) = conn.execute("select id from shipment where order_id = 2").fetchone()
    write(conn, search.forget, row)
    while write(conn, projection.find_one_by_reports):
        pass
    assert ids(conn, "sigrid") == []
    assert conn.execute("select count(*) from search_words where said <> ''").fetchone()[0] == 0


def test_a_purged_comment_is_found_no_more_while_another_is_kept(conn: Connection) -> None:
    arrive(conn, shipment(1))
    accept(conn, 1)
    old = report(conn, 1, "Sigrid")
    bring(conn, old, State.CONFIRMED)  # type: ignore[arg-type]
    write(conn, retention.note_closed, NOON)
    bring(conn, enter(conn, 1, Kind.FAIL, NOON + timedelta(days=100)), State.SENT)
    limits = retention.before(NOON + timedelta(days=100), 90, 400)
    write(conn, retention.purge_entries, retention.entries_over(conn, limits), limits, NOON + timedelta(days=100))
    assert ids(conn, "sigrid") == []
    assert "sigrid" not in "".join(row[0] for row in conn.execute("select words || said from search_words"))


def test_an_index_that_is_lost_or_of_another_spelling_is_made_anew(tmp_path: Path) -> None:
    for harm in ("drop table search_index", "update search_way set way = -1"):
        with opened(tmp_path) as conn:
            arrive(conn, shipment(1))
            conn.execute(harm)
        with database.contextlib.closing(database.open_writer(tmp_path / database.FILE_NAME)) as conn:
            assert conn.execute("select way from search_way").fetchone()[0] == finding.WAY
            assert ids(conn, "3344") == ids(conn, "bergen") == [1]


def test_the_spelling_is_counted_on_when_it_changes() -> None:
    """An index is struck out word by word: with another spelling than it was written in, words would stay behind. See `finding.WAY`."""
    words = finding.stored(["Tromsø 9008", "+47 91 33 44 55", "PROD-1234567"])
    assert (finding.WAY, words) == (1, "tromso tromsoe 9008 47 91 33 44 55 4791334455 prod 1234567")
    assert list(finding.pieces(words)) == [
        "008",
        "791334",
        "913344",
        "133445",
        "334455",
        "34455",
        "4455",
        "455",
        "234567",
        "34567",
        "4567",
        "567",
    ]


digits = st.text("0123", min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(numbers=st.lists(digits, min_size=1, max_size=8), looked_for=digits)
def test_what_is_found_of_digits_is_what_stands_in_a_number(numbers: list[str], looked_for: str) -> None:
    """What has all pieces of a long number may have them in other places: such a shipment may be found, none may be missing."""
    with database.contextlib.closing(database.sqlite3.connect(":memory:")) as conn:
        conn.row_factory = database.sqlite3.Row
        for statement in ("create table search_words (id integer primary key, words text default '', said text default '')", search._INDEX):
            conn.execute(statement)
        conn.execute("create table account (id text)")
        for row, number in enumerate(numbers, start=1):
            search.put_words(conn, row, number)
        got = set(search.matches(conn, ACCOUNT, looked_for))
        least = 3 if len(looked_for) >= 3 else None
        must = {row for row, number in enumerate(numbers, start=1) if number.startswith(looked_for) or (least and looked_for in number)}
        assert must <= got
        if len(looked_for) <= finding.PIECE:
            assert got == must


def test_searches_are_remembered_once_and_without_the_way_to_them(conn: Connection) -> None:
    for second, text in enumerate(("ber", "bergen", "oslo", "Bergen gate", "oslo")):
        write(conn, find.remember, text, second)
    assert find.recent(conn) == ["oslo", "Bergen gate"]
    for second in range(40):
        write(conn, find.remember, f"{second:02d} kari", 100 + second)
    assert find.recent(conn, 100) == [f"{second:02d} kari" for second in range(39, 19, -1)]


@pytest.mark.parametrize("text", ["", " ", "%", "…", "\x00", "\ud800", '"', "\ue000", "\ue001"])
def test_a_text_without_words_finds_nothing(conn: Connection, text: str) -> None:
    arrive(conn, shipment(1))
    assert ids(conn, text) == []
