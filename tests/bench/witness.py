"""Processes that have nothing to do and are asked how late they were at it: what holds them up is the machine, and no lock of ours.

A shared machine is taken away now and then, for a tenth of a second, and often a single core of it: whatever runs on that core stands
still, and the others go on. So there is one for each core, which never leaves it (Linux; elsewhere there is one). Whoever measures how
long something stood still looks here whether anything else ran meanwhile.
"""

import os
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Final, Self

BEAT: Final = 0.005
"""Seconds: seldom enough that they do not take the cores themselves. So much of a time that was taken away may go unseen."""
LATE: Final = 0.001


class Witness:
    """While it is entered. Its clock is `perf_counter`, which is the whole machine's."""

    def __init__(self) -> None:
        self._late: list[tuple[float, float]] = []

    def __enter__(self) -> Self:
        cores = [str(core) for core in sorted(os.sched_getaffinity(0))] if hasattr(os, "sched_getaffinity") else [""]
        self._children = [_started(core) for core in cores]
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        for child in self._children:
            said, _ = child.communicate("")
            self._late += [(float(at), float(late)) for at, late in (line.split() for line in said.splitlines())]

    def longest(self, since: float) -> float:
        """By how many seconds one was late at most, from then on. To be asked when it is left, as the other."""
        return max((late for at, late in self._late if at > since), default=0.0)

    def held_up(self, since: float, until: float) -> float:
        """For how many of these seconds one of them was late."""
        held, seen = 0.0, since
        for began, ended in sorted((at - late, at) for at, late in self._late):
            held += max(0.0, min(ended, until) - max(began, seen))
            seen = max(seen, min(ended, until))
        return held


def _started(core: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-S", __file__, core]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii")
    assert child.stdout is not None
    child.stdout.readline()
    return child


def _watch(core: str) -> None:
    """Until nobody listens any more: when it was late, and by how much."""
    if core:
        os.sched_setaffinity(0, {int(core)})
    left, seen = threading.Event(), []
    threading.Thread(target=lambda: (sys.stdin.read(), left.set()), daemon=True).start()
    print("ready", flush=True)
    last = time.perf_counter()
    while not left.wait(BEAT):
        now = time.perf_counter()
        if (late := now - last - BEAT) > LATE:
            seen.append(f"{now} {late}")
        last = now
    print("\n".join(seen))


if __name__ == "__main__":
    _watch(sys.argv[1])
