"""Finding shipments, with FTS5 and without: the same letters find the same shipments."""

from pathlib import Path

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, opened, shipment
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import Parcel
from zendera_desk.domain.views import View
from zendera_desk.store import database, find, search
from zendera_desk.store.database import Connection

PARCEL = Parcel(product_id=9_007_199_254_740_993, barcode="(00)370123456789", name="Europalle")

WORDS = [
    ("", []),
    ("bergen", [1]),
    ("ber", [1]),
    ("ergen", []),
    ("malmo", [2]),
    ("MALMÖ", [2]),
    ("åse", [3]),
    ("Åse Bø", [3]),
    ("bo", [3]),
    ("aase boe", [3]),
    ("Malmoe", [2]),
    ("TROMSØ", [3]),
    ("tromsoe", [3]),
    ("A-2", [2]),
    ("a 2", [2]),
    ("91 33", [4, 3, 2, 1]),
    ("370123", [4]),
    ("123456", [4]),
    ("0012", []),
    ("(00) 370 123 456 789", [4]),
    ("913344", [4, 3, 2, 1]),
    ("334455", [4, 3, 2, 1]),
    ("3344556", []),
    ("1234567", [4]),
    ("70123456789", [4]),
    ("254740993", [4]),
    ("99254740992", []),
    ("99254740993", [4]),
    ("55", [4, 3, 2, 1]),
    ("9007199254740993", [4]),
    ("europalle oslo", [4]),
    ("europalle bergen", []),
    ('" OR 1 = 1; --', []),
    ("%", []),
    ("_slo", []),
    ("oslo*", [4]),
]


def found_by(conn: Connection, text: str) -> list[int]:
    return sorted(find.find(conn, ACCOUNT, View.ALL, text, NOON).ids, reverse=True)


@pytest.fixture(params=["fts5", "plain"])
def stocked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Connection:
    if request.param == "plain":
        monkeypatch.setattr(search, "prepare", lambda _conn: None)
    conn = request.getfixturevalue("opened_here")
    assert isinstance(conn, Connection)
    assert search.has_index(conn) is (request.param == "fts5")
    arrive(conn, shipment(1, city="Bergen"), shipment(2, city="Malmö"), shipment(3, name="Åse Bø", city="Tromsø"))
    arrive(conn, shipment(4, city="Oslo", parcels=[PARCEL]))
    return conn


@pytest.fixture
def opened_here(tmp_path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201 (a fixture that another one asks for)
    with opened(tmp_path) as conn:
        yield conn


@pytest.mark.parametrize(("text", "found"), WORDS)
def test_every_word_of_the_text_must_begin_a_word_of_the_shipment(stocked: Connection, text: str, found: list[int]) -> None:
    assert found_by(stocked, text) == [OrderId(number) for number in found]


def test_a_changed_shipment_is_found_by_its_new_words_only(stocked: Connection) -> None:
    arrive(stocked, shipment(1, city="Stavanger"))
    assert found_by(stocked, "stavanger") == [OrderId(1)]
    assert found_by(stocked, "bergen") == []


def test_the_index_stays_as_it_is_when_the_database_is_opened_again(tmp_path: Path) -> None:
    with opened(tmp_path) as conn:
        arrive(conn, shipment(1))
    with database.contextlib.closing(database.open_writer(tmp_path / database.FILE_NAME)) as conn:
        assert found_by(conn, "bergen") == [OrderId(1)]
