"""What the program takes while nobody does anything: processor, wake-ups, growth. Beside a bare window that stands as still (Linux).

Nobody is at the window, and Zendera is not reached: it is asked again and again. The first seconds, in which everything is built and
looked at once, are left out; of the growth the first half, in which what comes once an hour comes for the first time, such as a copy.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from bench.figure import Figure
from bench.startup import NOBODY, PROGRAM, ROOT, surroundings
from zendera_desk import settings

WARM: Final = 15.0


class Rest(NamedTuple):
    processor: float
    """Hundredths of a core."""
    wakes: float
    """A second, of all threads."""
    growth: float
    """MB an hour, in the second half."""


class _Now(NamedTuple):
    at: float
    processor: float
    wakes: int
    memory: float


def figures(folder: Path, seconds: float) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as place:
        data, environment = Path(place) / "data", surroundings(Path(place) / "bytecode")
        shutil.copytree(folder, data)
        with contextlib.closing(sqlite3.connect(data / "desk.sqlite3")) as conn, conn:
            conn.execute("update account set base_url = ?, passing = 1", (NOBODY,))
        settings.save(data, settings.Settings(keep_proofs_days=3650, keep_shipments_days=3650))  # nothing of the made store is over
        program = [*PROGRAM, "--data-dir", str(data), "--base-url", NOBODY]
        window = [sys.executable, str(ROOT / "tests" / "bench" / "bare_window.py"), "--stay"]
        mine, bare = _rested([program, window], environment, seconds)
    told = f"for {seconds / 60:.0f} min" if seconds >= 60 else f"for {seconds:.0f} s"
    yield Figure(f"idle {told}: processor, hundredths of a core", mine.processor, bare.processor, 1.0, "value")
    yield Figure(f"idle {told}: wake-ups a second", mine.wakes, bare.wakes, bare.wakes + 20, "value")
    yield Figure(f"idle {told}: growth in the second half, MB an hour", mine.growth, bare.growth, max(1.0, bare.growth), "value")


def _rested(commands: list[list[str]], environment: dict[str, str], seconds: float) -> list[Rest]:
    """All of them beside each other."""
    children = [subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) for command in commands]
    try:
        time.sleep(WARM)
        looks = [[_now(child.pid) for child in children]]
        for _half in range(2):
            time.sleep(seconds / 2)
            looks.append([_now(child.pid) for child in children])
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait()
    return [_rest(*its) for its in zip(*looks, strict=True)]


def _rest(first: _Now, half: _Now, last: _Now) -> Rest:
    took = last.at - first.at
    return Rest(
        processor=100 * (last.processor - first.processor) / took,
        wakes=(last.wakes - first.wakes) / took,
        growth=(last.memory - half.memory) * 3600 / (last.at - half.at),
    )


def _now(pid: int) -> _Now:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    tasks = [_status(path) for path in Path(f"/proc/{pid}/task").iterdir()]
    wakes = sum(int(status["voluntary_ctxt_switches"]) for status in tasks)
    memory = int(tasks[0]["VmRSS"].split()[0]) / 1024
    return _Now(time.monotonic(), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), wakes, memory)


def _status(task: Path) -> dict[str, str]:
    lines = (task / "status").read_text("utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--seconds", type=float, default=3600)
    chosen = options.parse_args()
    for figure in figures(chosen.folder, chosen.seconds):
        print(json.dumps(figure.line()), flush=True)


if __name__ == "__main__":
    main()
