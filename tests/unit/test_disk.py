"""Files that are there in full or not at all, and what a killed program leaves of them; and what is said of a disk
that takes no new file."""

import errno
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest

from prove.failingdisk import FAULTS, FailingDisk
from unit.store.office import NOON
from zendera_desk import disk
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.store import backups
from zendera_desk.store.database import FILE_NAME, Database
from zendera_desk.store.failing import store_error


def test_halves_that_a_killed_program_left_are_gone_and_nothing_else_is(tmp_path: Path) -> None:
    disk.write_whole(tmp_path / "settings.json", b"{}")
    (tmp_path / "settings.json.x7k2.new").write_bytes(b'{"hold_sec')
    (tmp_path / disk.COMING).mkdir(parents=True)
    (tmp_path / disk.COMING / "tmpab12.new").write_bytes(b"half a picture")
    disk.forget_unfinished(tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["settings.json"]


def test_a_folder_that_is_not_there_has_no_halves(tmp_path: Path) -> None:
    disk.forget_unfinished(tmp_path / "nowhere")


def no_file_made(folder: Path) -> sqlite3.Error:
    """SQLite's error where it could make or open none: the same for each reason."""
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(folder / "nowhere" / "file").execute("pragma user_version")
    assert raised.value.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN
    return raised.value


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EROFS, "readonly"),
        (errno.EACCES, "readonly"),
        (errno.EMFILE, "io"),
    ],
)
def test_why_sqlite_made_no_file_is_asked_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str) -> None:
    def refuse(**_: object) -> None:
        raise OSError(number, os.strerror(number))

    error = no_file_made(tmp_path)
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    assert store_error(error, tmp_path / FILE_NAME).code == code


def test_a_disk_with_hardly_any_room_left_is_full_though_a_small_file_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = no_file_made(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 1000})())
    assert store_error(error, tmp_path / FILE_NAME).code == "disk_full"


def test_a_file_that_may_not_be_opened_is_not_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / FILE_NAME).touch()
    error = no_file_made(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).name != FILE_NAME)
    assert store_error(error, tmp_path / FILE_NAME).code == "readonly"


def test_where_all_is_well_again_nothing_is_said_of_the_folder_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    assert store_error(no_file_made(tmp_path), tmp_path / FILE_NAME).code == "io"
    assert not list(tmp_path.iterdir())


async def test_a_full_disk_is_never_called_a_folder_without_permission(tmp_path: Path) -> None:
    """Whichever of a start's writes it is that finds no room, and of a copy's: some of them make a file."""
    codes: dict[str, set[str]] = {"start": set(), "copy": set()}
    made = 0
    for at in range(1, 30):
        device, folder = FailingDisk(), tmp_path / str(at)
        with device.below():
            device.arm(at, FAULTS["stays full"])
            try:
                database = await Database.open(folder)
            except StoreError as error:
                codes["start"].add(error.code)
                made += device.at_new_file
                continue
            await database.close()
    for at in range(1, 12):
        device, folder = FailingDisk(), tmp_path / f"copy-{at}"
        with device.below():
            database = await Database.open(folder)
            device.arm(at, FAULTS["stays full"])
            try:
                backups.make(folder, CopyKind.HOURLY, NOON)
            except StoreError as error:
                codes["copy"].add(error.code)
                made += device.at_new_file
            device.heal()
            await database.close()
    assert made
    assert codes == {"start": {"disk_full"}, "copy": {"disk_full"}}
