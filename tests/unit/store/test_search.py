"""Finding shipments, with FTS5 and without: the same letters find the same shipments."""

from pathlib import Path

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, opened, shipment
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import Parcel
from zendera_desk.domain.views import Sort, View
from zendera_desk.store import database, listing, search
from zendera_desk.store.database import Connection

PARCEL = Parcel(product_id=9_007_199_254_740_993, barcode="(00)370123456789", name="Europalle")

WORDS = [
    ("", [4, 3, 2, 1]),
    ("bergen", [1]),
    ("ber", [1]),
    ("ergen", []),
    ("malmo", [2]),
    ("MALMÖ", [2]),
    ("åse", [3]),
    ("Åse Bø", [3]),
    ("bo", []),
    ("A-2", [2]),
    ("a 2", [2]),
    ("91 33", [4, 3, 2, 1]),
    ("370123", [4]),
    ("9007199254740993", [4]),
    ("europalle oslo", [4]),
    ("europalle bergen", []),
    ('" OR 1 = 1; --', []),
    ("%", [4, 3, 2, 1]),
    ("_slo", []),
    ("oslo*", [4]),
]


@pytest.fixture(params=["fts5", "plain"])
def stocked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Connection:
    if request.param == "plain":
        monkeypatch.setattr(search, "prepare", lambda conn: conn.execute("create table search_index (words text not null)"))
    conn = request.getfixturevalue("opened_here")
    assert isinstance(conn, Connection)
    assert search._has_fts(conn) is (request.param == "fts5")
    arrive(conn, shipment(1, city="Bergen"), shipment(2, city="Malmö"), shipment(3, name="Åse Bø", city="Tromsø"))
    arrive(conn, shipment(4, city="Oslo", parcels=[PARCEL]))
    return conn


@pytest.fixture
def opened_here(tmp_path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201 (a fixture that another one asks for)
    with opened(tmp_path) as conn:
        yield conn


@pytest.mark.parametrize(("text", "found"), WORDS)
def test_every_word_of_the_text_must_begin_a_word_of_the_shipment(stocked: Connection, text: str, found: list[int]) -> None:
    assert listing.ids(stocked, ACCOUNT, View.ALL, text, Sort.ORDER, True, NOON) == [OrderId(number) for number in found]


def test_a_changed_shipment_is_found_by_its_new_words_only(stocked: Connection) -> None:
    arrive(stocked, shipment(1, city="Stavanger"))
    assert listing.ids(stocked, ACCOUNT, View.ALL, "stavanger", Sort.ORDER, True, NOON) == [OrderId(1)]
    assert listing.ids(stocked, ACCOUNT, View.ALL, "bergen", Sort.ORDER, True, NOON) == []


def test_the_index_stays_as_it_is_when_the_database_is_opened_again(tmp_path: Path) -> None:
    with opened(tmp_path) as conn:
        arrive(conn, shipment(1))
    with database.contextlib.closing(database.open_writer(tmp_path / database.FILE_NAME)) as conn:
        assert listing.ids(conn, ACCOUNT, View.ALL, "bergen", Sort.ORDER, True, NOON) == [OrderId(1)]
