import hashlib
import os
import sys
import tracemalloc
from pathlib import Path

import pytest

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures import MOST_BYTES, files, picture_id, pieces

PHOTO = b"\xff\xd8\xff\xe0 and so on"


def read(source: Path | bytes) -> bytes:
    return b"".join(pieces(source))


def refused(path: Path) -> str:
    with pytest.raises(PictureError) as refusal:
        read(path)
    assert refusal.value.values["name"] == path.name
    return refusal.value.code


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_bytes(PHOTO)
    assert read(tmp_path / "note.jpg") == PHOTO


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    assert refused(tmp_path) == "not_a_file"


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.jpg") == "not_opened"


def test_an_impossible_name_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "a\0b.jpg") == "not_opened"


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "none.jpg").touch()
    assert refused(tmp_path / "none.jpg") == "empty"


def big(path: Path, start: bytes, size: int) -> Path:
    """Without anything behind its start: it takes no room."""
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)
    return path


def test_a_picture_too_large_is_refused_at_its_start(tmp_path: Path) -> None:
    huge = big(tmp_path / "huge.jpg", PHOTO, MOST_BYTES + 1)
    with pytest.raises(PictureError, match="too_large"):
        next(pieces(huge))
    with pytest.raises(PictureError, match="too_large"):
        read(PHOTO + bytes(MOST_BYTES))


@pytest.mark.parametrize("start", [b"%PDF-1.7\n", b"II*\x00"])
def test_a_stack_may_be_larger_than_any_picture_but_not_without_end(tmp_path: Path, start: bytes) -> None:
    assert sum(map(len, pieces(big(tmp_path / "stack", start, MOST_BYTES + 1)))) == MOST_BYTES + 1
    assert refused(big(tmp_path / "book", start, files.MOST_OF_A_STACK + 1)) == "too_large"


def test_what_is_no_picture_is_not_read_any_further(tmp_path: Path) -> None:
    assert refused(big(tmp_path / "film.mp4", b"\0\0\0\x20ftypisom", 10**9)) == "format"


def test_a_large_file_never_lies_in_memory_as_a_whole(tmp_path: Path) -> None:
    tracemalloc.start()
    for _piece in pieces(big(tmp_path / "stack.pdf", b"%PDF-1.7\n", 100_000_000)):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * files.PIECE


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
    (tmp_path / "real.jpg").write_bytes(PHOTO)
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    assert read(tmp_path / "link.jpg") == PHOTO


def test_a_picture_is_called_by_its_content() -> None:
    assert picture_id(b"abc") == hashlib.sha256(b"abc").hexdigest()
