"""An archive is opened as it is, or refused by what it is; reading it changes no byte, and needs nothing that can be written to."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from support.day import HandClock
from unit.engine.archive_office import ACCOUNT, DONE, JPEG, PICTURE, Office, another, fill, made_by, sql
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.store import archives, care, database, drafts, listing
from zendera_desk.store.database import PAGE, Database


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    fill(folder, HandClock())
    return folder


@pytest.fixture
def office(past: Path, tmp_path: Path) -> Office:
    return another(past, tmp_path)


Spoil = Callable[[Path], None]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(PAGE * 10, len(data), PAGE):
        data[place : place + 16] = b"\xff" * 16
    path.write_bytes(data)


def _noise(path: Path) -> None:
    path.write_bytes(b"Dear customer, " * 1000)


def _newer(path: Path) -> None:
    sql(path, "pragma user_version = 9000")


def _unmarked(path: Path) -> None:
    sql(path, "delete from archive")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    """Whoever opened it would wait for good."""
    path.unlink()
    os.mkfifo(path)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other_rules(path: Path) -> None:
    sql(path, "drop trigger entry_kept")


SPOILT: Final[dict[str, tuple[Spoil, str]]] = {
    "cut": (_cut, "archive_damaged"),
    "flipped": (_flip, "archive_damaged"),
    "no database": (_noise, "archive_foreign"),
    "newer": (_newer, "archive_newer"),
    "a database of a desk": (_unmarked, "archive_foreign"),
    "other rules": (_other_rules, "archive_damaged"),
    "gone": (Path.unlink, "archive_gone"),
    "a folder": (_folder, "archive_gone"),
    "empty": (_empty, "archive_foreign"),
    **({"a pipe": (_pipe, "archive_gone")} if hasattr(os, "mkfifo") else {}),
}


@pytest.mark.parametrize("kind", SPOILT)
async def test_what_cannot_be_trusted_is_refused_by_what_it_is(office: Office, kind: str) -> None:
    await made_by(office)
    path = office.archive
    spoil, code = SPOILT[kind]
    spoil(path)
    with pytest.raises(StoreError) as refused:
        archives.look(path)
    assert refused.value.code == code


async def test_an_archive_in_the_place_of_the_database_is_not_worked_with(office: Office, tmp_path: Path) -> None:
    await made_by(office)
    other = tmp_path / "other"
    other.mkdir()
    shutil.copyfile(office.archive, other / database.FILE_NAME)
    before = (other / database.FILE_NAME).read_bytes()
    with pytest.raises(StoreError, match="foreign"):
        care.open_writer(other, office.clock.now())
    assert (other / database.FILE_NAME).read_bytes() == before


async def test_an_archive_is_read_where_nothing_can_be_written(office: Office) -> None:
    """A disk that was burnt, a share of another: SQLite makes no file beside it, and needs no lock."""
    await made_by(office)
    path, folder = office.archive, office.archive.parent
    path.chmod(0o444)
    folder.chmod(0o555)
    try:
        store = await Database.open_archive(path)
        try:
            assert len(await store.read(listing.lines, ACCOUNT, [OrderId(order) for order in DONE])) == len(DONE)
            assert await store.read(archives.picture_jpeg, PICTURE.id) == JPEG
            assert list(folder.iterdir()) == [path]
        finally:
            await store.close()
    finally:
        folder.chmod(0o755)
        path.chmod(0o644)


async def test_an_archive_that_is_read_changes_not_by_a_byte_and_takes_no_word(office: Office) -> None:
    await made_by(office)
    path = office.archive
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    store = await Database.open_archive(path)
    try:
        found = await store.read(listing.lines, ACCOUNT, [OrderId(order) for order in DONE])
        assert len(found) == len(DONE)
        with pytest.raises(StoreError, match="archive_readonly"):
            await store.write(drafts.discard, ACCOUNT, OrderId(1))
        with pytest.raises(StoreError, match="archive_readonly"):
            await store.write_anyway(drafts.save, ACCOUNT, OrderId(1), Draft(comment="The driver phoned"), office.clock.now())
        with pytest.raises(StoreError):
            await store.read(drafts.discard, ACCOUNT, OrderId(1))
    finally:
        await store.close()
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside
