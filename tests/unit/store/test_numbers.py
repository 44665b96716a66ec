"""Which shipments a number on paper leads to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, opened, shipment, write
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.shipment import Parcel
from zendera_desk.domain.views import Account
from zendera_desk.store import accounts, numbers
from zendera_desk.store.database import Connection

SSCC = "370704810001300008"


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    with opened(tmp_path) as connection:
        yield connection


def test_each_number_leads_to_its_shipments(conn: Connection) -> None:
    arrive(conn, shipment(48100, parcels=[Parcel(barcode=f"(00){SSCC}")]), shipment(48200, parcels=[Parcel(internal_number="A-48100")]))
    found = numbers.find(conn, ACCOUNT, ["48100", SSCC, f"00{SSCC}", "A48100", "A48200", "nobody", SSCC])
    assert found == {"48100": [48100], SSCC: [48100], f"00{SSCC}": [48100], "A48100": [48100, 48200], "A48200": [48200]}


def test_more_numbers_than_one_statement_holds_are_looked_up(conn: Connection) -> None:
    arrive(conn, *(shipment(number) for number in range(1001, 1006)))
    found = numbers.find(conn, ACCOUNT, [str(number) for number in range(1, 2000)])
    assert found == {str(number): [number] for number in range(1001, 1006)}


def test_a_corrected_shipment_is_found_by_its_new_numbers_alone(conn: Connection) -> None:
    arrive(conn, shipment(48100, parcels=[Parcel(barcode=SSCC)]))
    arrive(conn, shipment(48100, parcels=[Parcel(barcode="370704810001300107")]))
    assert numbers.find(conn, ACCOUNT, [SSCC, "370704810001300107"]) == {"370704810001300107": [48100]}


def test_another_account_does_not_see_them(conn: Connection) -> None:
    write(conn, accounts.save, Account(id=AccountId("other"), name="Other", base_url="https://other.example/api/"), NOON)
    arrive(conn, shipment(48100))
    assert numbers.find(conn, AccountId("other"), ["48100"]) == {}


def test_shipments_that_came_without_numbers_are_known_and_mended(conn: Connection) -> None:
    arrive(conn, shipment(48100), shipment(48200))
    write(conn, numbers.forget, ACCOUNT, OrderId(48100))
    assert numbers.unindexed(conn, ACCOUNT) == [48100]
    write(conn, numbers.index_all, ACCOUNT, [shipment(48100)])
    assert numbers.unindexed(conn, ACCOUNT) == []
    assert numbers.find(conn, ACCOUNT, ["48100"]) == {"48100": [48100]}


def test_it_is_looked_for_once_for_each_account_and_version_of_the_program(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not numbers.is_whole(conn, ACCOUNT)
    write(conn, numbers.note_whole, ACCOUNT)
    write(conn, numbers.note_whole, ACCOUNT)
    assert numbers.is_whole(conn, ACCOUNT)
    assert not numbers.is_whole(conn, AccountId("other"))
    monkeypatch.setattr(numbers, "__version__", "99.0")
    assert not numbers.is_whole(conn, ACCOUNT)
