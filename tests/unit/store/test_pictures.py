"""Picture files: there in full before anything names them, and never touched again."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from unit.store.office import NOON, write
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.report import Picture
from zendera_desk.store import pictures
from zendera_desk.store.database import Connection

ID = PictureId("ab" + "0" * 62)


def test_what_is_sent_and_what_came_in_are_kept_side_by_side(tmp_path: Path) -> None:
    pictures.put_files(tmp_path, ID, b"original", b"prepared")
    assert pictures.prepared(tmp_path, ID) == b"prepared"
    assert {file.name: file.read_bytes() for file in (tmp_path / "pictures" / "ab").iterdir()} == {
        f"{ID}.original": b"original",
        f"{ID}.jpg": b"prepared",
    }
    if sys.platform != "win32":
        assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "pictures" / "ab").iterdir()} == {0o600}


def test_a_picture_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """It may be part of a report that waits to be sent."""
    pictures.put_files(tmp_path, ID, b"original", b"prepared")
    pictures.put_files(tmp_path, ID, b"original", b"prepared by a newer version")
    assert pictures.prepared(tmp_path, ID) == b"prepared"


def test_a_picture_whose_file_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="io"):
        pictures.prepared(tmp_path, ID)


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "readonly"), (errno.EIO, "io")])
def test_a_disk_that_fails_leaves_no_half_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str) -> None:
    def failing(_handle: int) -> None:
        raise OSError(number, "the disk failed")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StoreError, match=code):
        pictures.put_files(tmp_path, ID, b"original", b"prepared")
    monkeypatch.undo()
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
    pictures.put_files(tmp_path, ID, b"original", b"prepared")
    assert pictures.prepared(tmp_path, ID) == b"prepared"


def test_the_same_picture_twice_is_one_row_with_its_first_name(conn: Connection) -> None:
    for name in ("first.jpg", "second.jpg"):
        write(conn, pictures.put, Picture(id=ID, name=name, width=4, height=3, size=8), NOON)
    assert [row["name"] for row in conn.execute("select name from picture")] == ["first.jpg"]
