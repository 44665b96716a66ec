"""One program for each data folder, whatever the last one left behind."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from zendera_desk import startup
from zendera_desk.ending import Ending
from zendera_desk.gui.instance import Instance
from zendera_desk.gui.trouble import TroubleWindow

Until = Callable[[Callable[[], object]], Awaitable[None]]

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


@contextlib.contextmanager
def held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """By a program that listens to nobody."""
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(folder / "desk.lock")], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "True\n"
            yield holder
        finally:
            holder.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is held open is not emptied there")
def test_a_lock_that_somebody_holds_is_left_alone_even_without_a_name(tmp_path: Path) -> None:
    lock = tmp_path / "desk.lock"
    with held(tmp_path):
        os.truncate(lock, 0)
        with opened(tmp_path) as instance:
            assert not instance.is_first
        assert lock.exists()
    with opened(tmp_path) as instance:
        assert instance.is_first


async def test_who_is_called_shows_its_window_and_the_caller_ends(tmp_path: Path, until: Until) -> None:
    with opened(tmp_path) as first:
        asked: list[str] = []
        first.raise_asked.connect(lambda: asked.append("raise"))
        await until(lambda: first.findChildren(QLocalServer))
        with opened(tmp_path) as second:
            assert await startup.alone(second, tmp_path, Ending()) == 0
        await until(lambda: asked == ["raise"])


async def test_where_nobody_answers_the_person_is_told_and_can_try_again(tmp_path: Path, until: Until) -> None:
    with held(tmp_path) as holder, opened(tmp_path) as instance:
        waiting = asyncio.ensure_future(startup.alone(instance, tmp_path, Ending()))
        await until(lambda: _trouble("Another program holds the data"))
        holder.kill()
        holder.wait()
        _button("Try again").click()
        assert await waiting is None
        assert instance.is_first


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="a folder in which nobody can make a file")
async def test_a_folder_that_cannot_be_written_to_is_said_to_be_one(until: Until) -> None:
    folder = Path("/sys/kernel")
    with opened(folder) as instance:
        waiting = asyncio.ensure_future(startup.alone(instance, folder, Ending()))
        await until(lambda: _trouble("The data folder cannot be written to"))
        _button("Quit").click()
        assert await waiting == 1


def _trouble(words: str) -> bool:
    return any(label.text() == words for window in _windows() for label in window.findChildren(QLabel))


def _button(words: str) -> QPushButton:
    return next(button for window in _windows() for button in window.findChildren(QPushButton) if button.text() == words)


def _windows() -> list[QWidget]:
    return [window for window in QApplication.topLevelWidgets() if isinstance(window, TroubleWindow) and window.isVisible()]
