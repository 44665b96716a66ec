import hashlib
import os
import sys
from pathlib import Path

import pytest

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures import MOST_BYTES, picture_id, read_file


def refused(path: Path) -> str:
    with pytest.raises(PictureError) as refusal:
        read_file(path)
    assert refusal.value.values["name"] == path.name
    return refusal.value.code


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_bytes(b"abc")
    assert read_file(tmp_path / "note.jpg") == b"abc"


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    assert refused(tmp_path) == "not_a_file"


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.jpg") == "unreadable"


def test_an_impossible_name_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "a\0b.jpg") == "unreadable"


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "none.jpg").touch()
    assert refused(tmp_path / "none.jpg") == "empty"


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert refused(tmp_path / "huge.jpg") == "too_large"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders and wants rights for links")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "pipe.jpg")
    assert refused(tmp_path / "pipe.jpg") == "not_a_file"
    assert refused(tmp_path / "link.jpg") == "not_a_file"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no /dev")
def test_a_device_is_refused_also_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    assert refused(tmp_path / "zero.jpg") == "not_a_file"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows wants rights for links")
def test_a_link_to_a_picture_is_one(tmp_path: Path) -> None:
    (tmp_path / "real.jpg").write_bytes(b"abc")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    assert read_file(tmp_path / "link.jpg") == b"abc"


def test_a_picture_is_called_by_its_content() -> None:
    assert picture_id(b"abc") == hashlib.sha256(b"abc").hexdigest()
