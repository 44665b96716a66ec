"""A process that has nothing to do and is asked how late it was at it: what holds it up is the machine, and no lock of ours.

A shared machine is taken away now and then, for a tenth of a second. Whoever measures how long something stood still
looks here whether anything else ran meanwhile.
"""

import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Final, Self

BEAT: Final = 0.001  # seconds


class Witness:
    """While it is entered. Its clock is `perf_counter`, which is the whole machine's."""

    def __init__(self) -> None:
        self._late: list[tuple[float, float]] = []

    def __enter__(self) -> Self:
        self._child = subprocess.Popen(
            [sys.executable, "-S", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
        )
        assert self._child.stdout is not None
        self._child.stdout.readline()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        said, _ = self._child.communicate("")
        self._late = [(float(at), float(late)) for at, late in (line.split() for line in said.splitlines())]

    def longest(self, since: float) -> float:
        """By how many seconds it was late at most, from then on. To be asked when it is left, as the other."""
        return max((late for at, late in self._late if at > since), default=0.0)

    def held_up(self, since: float, until: float) -> float:
        """For how many of these seconds it was late."""
        return sum(max(0.0, min(at, until) - max(at - late, since)) for at, late in self._late)


def _watch() -> None:
    """Until nobody listens any more: when it was late, and by how much."""
    left, seen = threading.Event(), []
    threading.Thread(target=lambda: (sys.stdin.read(), left.set()), daemon=True).start()
    print("ready", flush=True)
    last = time.perf_counter()
    while not left.wait(BEAT):
        now = time.perf_counter()
        if (late := now - last - BEAT) > BEAT:
            seen.append(f"{now} {late}")
        last = now
    print("\n".join(seen))


if __name__ == "__main__":
    _watch()
