"""The program as a process, for proofs that need its real beginning and its real end; and what an end must leave behind.

It runs on Qt's offscreen platform: the same window on the same loop, without a screen. It has a home, a runtime folder and a
temporary folder of its own, so that whatever it leaves there is seen.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
KEY: Final = "prove-key-51c2e7"
OURS: Final = re.compile(
    r"desk\.sqlite3|desk\.state|settings\.json|logs/(desk\.log(\.\d)?|crash\.txt)"
    r"|pictures/../[0-9a-f]{64}\.(jpg|original)|copies/desk-[^/]*\.sqlite3"
)
"""What may lie in a data folder while nobody uses it."""
_SAID_ELSEWHERE: Final = ("the interface stood still", "the interface has been standing still")
"""How long the window stands still is measured elsewhere, on a machine that does nothing else; here two programs share it."""
_TROUBLE: Final = re.compile(r"^\S+Z (WARNING|ERROR|CRITICAL)|Traceback|was never (retrieved|awaited)|was destroyed|Warning:", re.MULTILINE)


def environment(place: Path) -> dict[str, str]:
    """Nothing of this machine's session, and folders of its own below `place`, made here."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "QT_", "DBUS_", "WAYLAND_", "DISPLAY"))}
    for name in ("home", "runtime", "tmp"):
        (place / name).mkdir(mode=0o700)
    return env | {
        "HOME": str(place / "home"),
        "XDG_RUNTIME_DIR": str(place / "runtime"),
        "TMPDIR": str(place / "tmp"),
        "QT_QPA_PLATFORM": "offscreen",
        "ZENDERA_API_KEY": KEY,
        "PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}",
        "PYTHONWARNINGS": "default",
    }


class Program:
    """One start of it, in a session of its own: whatever it starts is seen and ended with it."""

    def __init__(self, arguments: Sequence[str], place: Path, env: dict[str, str]) -> None:
        """`arguments`: those of Python. Its words go to files in `place`."""
        self.out, self.err = place / "program.out", place / "program.err"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.began = time.monotonic()
            self._child = subprocess.Popen(
                [sys.executable, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env, cwd=place, start_new_session=True
            )
        self.ended = 0.0

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def code(self) -> int | None:
        """Its exit code; None while it lives."""
        return self._child.poll()

    @property
    def age(self) -> float:
        return time.monotonic() - self.began

    def lives(self) -> bool:
        return self._child.poll() is None

    def terminate(self) -> None:
        self._child.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """It does not get to say goodbye, and nobody of its session either."""
        for number in {self._child.pid, *self.descendants()}:
            _kill(number)
        self._child.wait()

    def wait(self, patience: float) -> int | None:
        """Its exit code; None, after it was killed, when its patience was too short."""
        try:
            code = self._child.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        self.ended = time.monotonic()
        return code

    def descendants(self) -> list[int]:
        """Processes that live in its session, itself left out."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self._child.pid and int(stat.parent.name) != self._child.pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
        return found

    def complaints(self) -> list[str]:
        """What it said that no healthy program says: the first of it, and what follows there."""
        said = self.err.read_text("utf-8", "replace")
        return [said[found.start() :][:2000] for found in _TROUBLE.finditer(said) if not _is_said_elsewhere(said, found.start())][:1]


def _is_said_elsewhere(said: str, start: int) -> bool:
    line = said[start:].partition("\n")[0]
    return any(words in line for words in _SAID_ELSEWHERE)


def _kill(number: int) -> None:
    try:
        os.kill(number, signal.SIGKILL)
    except ProcessLookupError:
        return


def left_over(folder: Path) -> list[str]:
    """What lies in a data folder and does not belong there once its program has ended."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(name for name in names if not OURS.fullmatch(name))
