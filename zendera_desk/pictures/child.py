"""One helper process, from the program's side: started, asked, heard, ended. Two threads hear it; who owns it is told by a call.

Its surroundings are few: no key, and nothing of this program's environment but what a program needs to start. What it writes on
stderr goes to the log, which hides what is secret.
"""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO, BinaryIO, Final, cast

from zendera_desk import READ_PICTURES
from zendera_desk.pictures import frames

COMMAND: Final = READ_PICTURES

_KEPT: Final = (
    "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "TMPDIR",  # Windows starts nothing without the first
    "PYTHONPATH", "PYTHONHOME",  # a Python that finds its modules by these finds them again
)  # fmt: skip
_LINES: Final = 200
"""Of stderr, a process: what a library repeats a million times fills no disk."""
_LETTERS: Final = 500
_PATIENCE: Final = 2.0
"""Seconds for the system to clear a killed process away."""

_log = logging.getLogger(__name__)


def own_command() -> list[str]:
    """This program again: a frozen one is its own interpreter."""
    return [sys.executable, COMMAND] if getattr(sys, "frozen", False) else [sys.executable, "-m", "zendera_desk", COMMAND]


class Child:
    """Raises OSError when it cannot be started. Starting takes some milliseconds, and more on Windows: not for the loop."""

    def __init__(self, command: Sequence[str], tell: Callable[["Child", frames.Said | None], None]) -> None:
        """`tell(child, what it said)` comes from another thread; None: it ended, or what it said is no answer."""
        self._process = subprocess.Popen(  # noqa: S603 (this program itself)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name.upper() in _KEPT},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._tell = tell
        self._threads = [
            threading.Thread(target=hear, name=f"picture process, {what}", daemon=True)
            for hear, what in ((self._hear, "answers"), (self._hear_trouble, "trouble"))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, asked: frames.Asked) -> None:
        """Raises UnicodeEncodeError. That it is gone is told by the other way."""
        with contextlib.suppress(OSError):
            frames.write(_pipe(self._process.stdin), asked)

    def end(self) -> None:
        """At once: it holds nothing that could be lost."""
        self._process.kill()
        with contextlib.suppress(OSError):  # what was on its way to it
            _pipe(self._process.stdin).close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        for thread in self._threads:
            thread.join(_PATIENCE)

    def _hear(self) -> None:
        with contextlib.closing(_pipe(self._process.stdout)) as pipe:
            said: frames.Said | None = frames.Ready()
            while said is not None:
                try:
                    said = frames.read_said(pipe)
                except frames.Garbage as error:
                    _log.info("the picture process talks nonsense: %s", error)
                    said = None
                self._tell(self, said)

    def _hear_trouble(self) -> None:
        with contextlib.closing(_pipe(self._process.stderr)) as pipe:
            for number, line in enumerate(iter(lambda: pipe.readline(_LETTERS), b"")):
                if number < _LINES:
                    _log.info("picture process: %s", line.decode("utf-8", "backslashreplace").rstrip())


def _pipe(found: IO[bytes] | None) -> BinaryIO:
    return cast("BinaryIO", found)
