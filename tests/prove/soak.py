"""One seed is some days at the desk in virtual time, with the real window attached, in a process of its own (soak_child.py).

Every evening it is counted what a program that runs for weeks must not have more of each day: memory, open files, tasks, threads,
timers, widgets. The first day warms up and is not judged; from then on the slope over the evenings must be flat. The database may
grow by what Zendera and the person gave it, and by what it takes to find that again; its log may not grow at all.

`python -m prove.soak DAYS [SHARE]` is one long soak in one piece, with its slopes.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any, Final

from prove.days import folder_root
from prove.harness import Caught, Harness, Result

DAYS: Final = 3
"""Of a run, after the first. Caches that have a limit still fill a little on the second day (2,700 to 3,200 blocks) and less on those after
it (1,400 to 2,200): of two days alone nobody knows which it was."""
SHARE: Final = 0.1
"""Of a whole day's work, of its 300 shipments and four hours at the desk, that a run's day has."""
PATIENCE: Final = 600.0

FLAT: Final[Mapping[str, tuple[str, float]]] = {
    "files": ("files", 0.5),
    "tasks": ("tasks", 0.5),
    "threads": ("threads", 0.5),
    "timers": ("timers", 0.5),
    "waits": ("timers", 0.5),
    "qobjects": ("widgets", 0.5),
    "widgets": ("widgets", 0.5),
    "windows": ("widgets", 0.5),
    "blocks": ("memory", 3_000.0),
    "rss_kb": ("memory", 3_000.0),
    "wal_kb": ("wal", 500.0),
}
"""What is counted -> the kind of trouble that it is, and how much more of it a day may bring. A block is one small object of
Python's: 3,000 are about 200 KB, a twentieth of a percent of what runs. Resident memory is coarse: it goes up in steps."""

ROOM: Final = 4.0
"""So many bytes in the database for each that was given: columns, indices, full-text search, history, attempts, half-filled pages."""

Evening = dict[str, Any]


def live_on(seed: int, days: int = DAYS, share: float = SHARE, wrong: str = "") -> Result:
    evenings, last_words = _evenings(seed, days, share, wrong)
    result = Result(seed=seed)

    def blame(what: str, words: str) -> None:
        result.bad[what] += 1
        result.words.append(f"{what}: {words}")

    if len(evenings) < days + 1:
        blame("died", f"after {len(evenings)} of {days + 1} evenings: {last_words}")
        return result
    for evening in evenings:
        if evening["complaints"]:
            blame("complained", f"day {evening['day']}: {evening['complaints']}")
    if spins := evenings[-1]["spins"]:
        blame("spun", f"{spins} times")
    for name, (kind, limit) in FLAT.items():
        values = [evening[name] for evening in evenings[1:]]
        slope = robust_slope(values)
        result.counts[f"slope {name} {_step(slope)}"] += 1
        if slope > limit:
            blame(kind, f"{slope:.1f} {name} more each day: {values}")
    grown, given = (evenings[-1][name] - evenings[1][name] for name in ("db_kb", "given_kb"))
    if grown > ROOM * given + 100:
        blame("database", f"{grown} KB more for {given} KB that were given")
    result.counts.update({"days": days, "db_kb": grown, "given_kb": given})
    return result


def robust_slope(values: Sequence[float]) -> float:
    """The median of all slopes between two days: one odd evening does not move it (Theil and Sen)."""
    return statistics.median((later - earlier) / (b - a) for (a, earlier), (b, later) in combinations(enumerate(values), 2))


def _evenings(seed: int, days: int, share: float, wrong: str) -> tuple[list[Evening], str]:
    """And what the process said last of all, if it did not end well."""
    command = [sys.executable, "-m", "prove.soak_child", str(seed), str(days), str(share), wrong]
    # The folder is cleaned up from out here: a process that dies does not.
    with tempfile.TemporaryDirectory(prefix="zendera-soak-", dir=folder_root()) as home:
        env = os.environ | {"HOME": home, "TMPDIR": home, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "0"}
        # Its complaints are in its lines; Qt's offscreen platform says on stderr what it cannot do.
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE * max(1, days / 10), check=False)
    if done.returncode:
        return [], f"{done.returncode}, {done.stderr.strip()[-300:]}"
    return [json.loads(line) for line in done.stdout.splitlines()], ""


def _step(slope: float) -> int:
    """Slopes in a histogram whose steps grow: 0, then 1, 2, 4, 8, …"""
    size = 0 if abs(slope) < 0.5 else 2 ** max(0, round(abs(slope)).bit_length() - 1)
    return size if slope > 0 else -size


def shown(counts: Counter[str]) -> dict[str, Any]:
    """Of each count: in how many runs it went up or down by about so much a day."""
    slopes: dict[str, dict[int, int]] = {}
    for name, count in counts.items():
        if name.startswith("slope "):
            _, what, step = name.split()
            slopes.setdefault(what, {})[int(step)] = count
    steps = {what: {f"{step:+}": found[step] for step in sorted(found)} for what, found in slopes.items()}
    growth = counts["db_kb"] / counts["given_kb"] if counts["given_kb"] else None
    return {"days": counts["days"], "more each day": steps, "database bytes for each byte given": growth and round(growth, 2)}


SEEN_AS: Final = {
    "a task that never ends": "tasks",
    "a thread that never ends": "threads",
    "a widget that is never deleted": "widgets",
    "a timer that is never stopped": "timers",
    "a file that is never closed": "files",
    "a list that grows": "memory",
    "a table that grows": "database",
    "something that complains": "complained",
    "a loop that spins": "spun",
    "a reader that never ends": "wal",
    "a program that dies": "died",
}
"""What each must be bad by."""
DIES: Final = "a program that dies"
"""All others go wrong in the same days: each is seen by what none of the others touches."""
CONTROL_SHARE: Final = 0.02
"""A wrong program goes wrong whenever a shipment is opened, which is often enough in the shortest of days."""


def caught(wrong: str) -> Caught | None:
    """That the right one is not caught is what the runs themselves say."""
    seen = _bad(DIES if wrong == DIES else "+".join(each for each in SEEN_AS if each != DIES))
    return Caught(1, (SEEN_AS[wrong],)) if SEEN_AS[wrong] in seen else None


@cache
def _bad(wrong: str) -> frozenset[str]:
    return frozenset(live_on(0, share=CONTROL_SHARE, wrong=wrong).bad)


HARNESS: Final = Harness(
    name="soak",
    run=live_on,
    figures={
        "soak_memory_grows": ("memory",),
        "soak_files_left_open": ("files",),
        "soak_tasks_left": ("tasks",),
        "soak_threads_left": ("threads",),
        "soak_timers_left": ("timers",),
        "soak_widgets_left": ("widgets",),
        "soak_database_grows_beyond_what_it_stores": ("database", "wal"),
        "soak_trouble": ("died", "complained", "spun"),
    },
    controls=tuple(SEEN_AS),
    caught=caught,
    assumptions=(
        f"a run is {DAYS} days after one that warms up, with a night's sleep between them",
        f"each has {SHARE:.0%} of a whole day's 300 shipments and four hours",
        "time is virtual, for the program's own timers of Qt too; Qt's offscreen platform",
        "what belongs to threads runs in place: threads of pools are not counted",
        f"the database may take {ROOM:.0f} bytes for each byte given",
    ),
    goal=183,
    at_once=1,
    shown=shown,
)


def main(arguments: Sequence[str]) -> int:
    days, share = int(arguments[0]), float(arguments[1]) if len(arguments) > 1 else 1.0
    evenings, _ = _evenings(0, days, share, "")
    for name in (*FLAT, "db_kb", "given_kb"):
        values = [evening[name] for evening in evenings[1:]]
        sys.stdout.write(f"{name:10} {robust_slope(values):+9.1f} a day, from {values[0]} to {values[-1]}\n")
    return 0 if len(evenings) == days + 1 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
