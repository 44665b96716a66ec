"""One program for each data folder, whatever the last one left behind."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from zendera_desk.gui.instance import Instance

HOLDS = """
import sys, time
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
print(lock.tryLock(0), flush=True)
time.sleep(60)
"""


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Instance]:
    instance = Instance(folder)
    try:
        yield instance
    finally:
        instance.release()


def test_the_second_is_not_first_and_after_the_first_has_ended_it_is(tmp_path: Path) -> None:
    with opened(tmp_path) as first:
        assert first.is_first
        with opened(tmp_path) as second:
            assert not second.is_first
    with opened(tmp_path) as third:
        assert third.is_first


@pytest.mark.parametrize("left", [b"", b"no number\n\n\n", b"\0" * 89], ids=["empty", "garbage", "zeros"])
def test_a_lock_that_names_nobody_keeps_nobody_out(tmp_path: Path, left: bytes) -> None:
    """Killed, or without power, after the file was made and before its owner's name was in it."""
    (tmp_path / "desk.lock").write_bytes(left)
    with opened(tmp_path) as instance:
        assert instance.is_first
        assert (tmp_path / "desk.lock").read_bytes().startswith(f"{os.getpid()}\n".encode())
        with opened(tmp_path) as second:
            assert not second.is_first
    assert not (tmp_path / "desk.lock").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is held open is not emptied there")
def test_a_lock_that_somebody_holds_is_left_alone_even_without_a_name(tmp_path: Path) -> None:
    lock = tmp_path / "desk.lock"
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(lock)], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "True\n"
            os.truncate(lock, 0)
            with opened(tmp_path) as instance:
                assert not instance.is_first
            assert lock.exists()
        finally:
            holder.kill()
    with opened(tmp_path) as instance:
        assert instance.is_first
