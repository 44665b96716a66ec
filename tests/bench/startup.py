"""How long until the list is there, and how much memory that takes, with 10,000 stored shipments: `./dev bench`.

All are ratios to a bare PySide6 window started in the same run, turn by turn, because seconds say more about the machine
than about the program. Time is from the start of the process to its word that the list is painted, taken from outside.
Memory is what is resident: when the list is painted, by the program's own word (a bare window has no more to come: its
most counts); and the most that it ever held until every view was built and Zendera had answered, taken from outside.

As after an installation and the first start of a day, files are warm in the page cache and modules are compiled: the
surroundings may forbid to write bytecode, so it goes to a folder of this run. One JSON object a line goes to
bench-results.json.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from zendera_desk.store import inspect

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "zendera_desk"]
KEY = "bench-key"
NOBODY = "http://127.0.0.1:9/api/"
"""Where nobody listens: a store of years has no Zendera that knows its shipments."""
TO_ACCEPT = 300
"""As in stored.py."""


class Start(NamedTuple):
    seconds: float
    painted: float
    """MB when the list is painted."""
    most: float
    """MB until it ended."""


def surroundings(bytecode: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return ours | {"ZENDERA_API_KEY": KEY, "PYTHONPYCACHEPREFIX": str(bytecode)}


def measured(command: list[str], environment: dict[str, str], rows: int) -> Start:
    """One start. The command prints a line when it is painted, and ends by itself."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, cwd=ROOT) as child:
        assert child.stdout
        line = child.stdout.readline()
        seconds = time.perf_counter() - began
        child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode or not line:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode} and said {line!r}")
    most = usage.ru_maxrss / 1024
    if not line.startswith(b"{"):
        return Start(seconds, most, most)
    said = json.loads(line)
    if said["rows"] != rows:
        raise SystemExit(f"{said['rows']} shipments in the painted list instead of {rows}")
    return Start(seconds, said["rss_mb"], most)


@contextlib.contextmanager
def small_zendera(shipments: int) -> Iterator[str]:
    """The address of a Zendera with so many shipments that stands still."""
    command = [*PROGRAM, "simulate", "--still", "--quiet", "--key", KEY, "--limit", "1000000", "--shipments", str(shipments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as simulator:
        assert simulator.stdout
        try:
            yield json.loads(simulator.stdout.readline())["base_url"]
        finally:
            simulator.send_signal(signal.SIGTERM)


def fill(folder: Path, base_url: str, shipments: int, patience: float) -> None:
    """Lets the program itself take in all shipments, over HTTP, as on a first day."""
    command = [*PROGRAM, "--data-dir", str(folder), "--base-url", base_url]
    with subprocess.Popen(command, env=os.environ | {"ZENDERA_API_KEY": KEY}, cwd=ROOT) as program:
        end = time.monotonic() + patience
        while (stored := stored_shipments(folder)) < shipments:
            if program.poll() is not None or time.monotonic() > end:
                program.kill()
                raise SystemExit(f"only {stored} of {shipments} shipments were taken in")
            time.sleep(0.5)
        program.send_signal(signal.SIGTERM)


def stored_shipments(folder: Path) -> int:
    return dict(inspect.facts(folder).counts).get("shipment", 0)


def figures(program: list[Start], bare: list[Start]) -> Iterator[dict[str, object]]:
    for name, field, aim in (
        ("cold start to the painted list, s", "seconds", 2.2),
        ("memory when the list is painted, MB", "painted", 1.7),
        ("memory at its most, with every view and the line to Zendera, MB", "most", 1.8),
    ):
        value, floor = (statistics.median(getattr(start, field) for start in starts) for starts in (program, bare))
        ratio = value / floor
        figure = {"name": name, "value": round(value, 3), "floor": round(floor, 3), "ratio": round(ratio, 2)}
        yield figure | {"aim": aim, "met": ratio <= aim}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--shipments", type=int, default=10_000)
    options.add_argument("--folder", type=Path, help="a store of years (stored.py) instead, with its newest 300 in the painted list")
    options.add_argument("--starts", type=int, default=9, help="of each; the middle one counts")
    options.add_argument("--patience", type=float, default=600, help="seconds for taking them in")
    options.add_argument("--results", type=Path, default=ROOT / "bench-results.json")
    chosen = options.parse_args()
    with contextlib.ExitStack() as ending:
        place = ending.enter_context(tempfile.TemporaryDirectory())
        folder = Path(place) / "data"
        if chosen.folder is None:
            base_url, rows = ending.enter_context(small_zendera(chosen.shipments)), chosen.shipments
            began = time.monotonic()
            fill(folder, base_url, chosen.shipments, chosen.patience)
            print(f"taken in within {time.monotonic() - began:.0f} s, database {size(folder):.0f} MB", file=sys.stderr)
        else:
            base_url, rows = NOBODY, TO_ACCEPT
            shutil.copytree(chosen.folder, folder)
            with contextlib.closing(sqlite3.connect(folder / "desk.sqlite3")) as conn, conn:
                conn.execute("update account set base_url = ?, passing = 1", (base_url,))
        commands = {
            "program": [*PROGRAM, "--data-dir", str(folder), "--base-url", base_url, "--figures"],
            "bare": [sys.executable, str(ROOT / "tests" / "bench" / "bare_window.py")],
        }
        environment = surroundings(Path(place) / "bytecode")
        starts: dict[str, list[Start]] = {"program": [], "bare": []}
        for turn in range(chosen.starts + 1):
            for name, command in commands.items():
                start = measured(command, environment, rows)
                if turn:  # the first only warms up
                    starts[name].append(start)
    lines = [json.dumps(figure) for figure in figures(starts["program"], starts["bare"])]
    chosen.results.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


if __name__ == "__main__":
    main()
