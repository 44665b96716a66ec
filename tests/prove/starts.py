"""One seed is one start of the real program and one end of it, at a moment of its first three seconds.

The window's cross or SIGTERM, once or twice; a data folder with some hundred shipments, with nothing to send, with sends that
wait, or with sends under way; a Zendera that is well, slow, dead, silent, silent in TLS, or does not know the key. What an end
must be: exit code 0, soon, without a word of trouble, and with nothing left behind.

SIGTERM is heard from the first line of the command on (ending.py). Before that, while Python itself starts, the system ends the
process: that counts as a proper end too if the data folder was not touched.
"""

import asyncio
import contextlib
import random
import shutil
import signal
import socket
import sqlite3
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, Final

from prove.harness import Caught, Harness, Result
from prove.program import KEY, Program, environment, left_over
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.views import View
from zendera_desk.settings import Settings
from zendera_desk.simulator.faults import Kind
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World
from zendera_desk.store.database import FILE_NAME

SHIPMENTS: Final = 300
LONGEST: Final = 3.0
"""Seconds after the start within which the end is asked for."""
PATIENCE: Final = 20.0
"""Seconds after which an end that does not come is none."""

LIMITS: Final = {"quiet": 2.0, "waiting": 3.5, "under_way": 8.5, "twice": 2.0}
"""Seconds at the 99th percentile. What has not left is said for 1.5 s, and what is under way has 5 s to get its answer
(Window.let_go, Desk.close): who presses twice waits for neither. The rest is the program's own: 2 s."""
STEP: Final = 0.05
"""Seconds: what the histogram of ends keeps apart."""

_AROUND: Final = {
    "unknown_key": {"ZENDERA_API_KEY": "another-key"},
    # httpcore 1.0.9 leaves the socket of a handshake that is cancelled to the system. That is said by a warning that is off otherwise.
    "silent_tls": {"PYTHONWARNINGS": "ignore::ResourceWarning"},
}
WEATHERS: Final = ("well", "well", "slow", "dead", "silent", "silent_tls", "unknown_key")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What happens in a run."""

    folder: str
    """`quiet` or `waiting`."""
    weather: str
    by: str
    """`cross` or `sigterm`."""
    moments: tuple[float, ...]
    """Seconds after the start; the second: how long after the first."""

    @classmethod
    def of(cls, seed: int) -> "Plan":
        rng = random.Random(f"{seed} starts")
        folder = "waiting" if rng.random() < 0.15 else "quiet"
        weather = rng.choice(WEATHERS)
        first = rng.uniform(0, 0.8) if rng.random() < 0.5 else rng.uniform(0, LONGEST)
        again = (rng.uniform(0.0, 0.6),) if rng.random() < 0.3 else ()
        return cls(folder=folder, weather=weather, by=rng.choice(("cross", "sigterm")), moments=(first, *again))

    @property
    def sort(self) -> str:
        """Which of `LIMITS` holds."""
        if len(self.moments) > 1:
            return "twice"
        if self.folder == "quiet":
            return "quiet"
        return "under_way" if self.weather in {"slow", "silent", "silent_tls"} else "waiting"


def start_and_end(seed: int, wrong: str = "") -> Result:
    return play(seed, Plan.of(seed), wrong)


def play(seed: int, plan: Plan, wrong: str = "", patience: float = PATIENCE) -> Result:
    with tempfile.TemporaryDirectory(prefix="zendera-starts-") as name, _zendera(plan.weather) as base_url:
        place = Path(name)
        data = _data_folder(place, plan.folder, base_url)
        before = _state_of(data)
        env = environment(place) | _AROUND.get(plan.weather, {})
        program = _started(plan, place, env, ["--data-dir", str(data), "--base-url", base_url], wrong)
        try:
            asked = _ask(program, plan)
            code = program.wait(patience)
            return _judge(seed, plan, program, code, asked, data, touched=_state_of(data) != before)
        finally:
            program.kill()


def _started(plan: Plan, place: Path, env: dict[str, str], arguments: list[str], wrong: str) -> Program:
    if plan.by == "sigterm" and not wrong:
        return Program(["-m", "zendera_desk", *arguments], place, env)
    now, moments = time.monotonic(), list[float]()
    if plan.by == "cross":
        moments = [now + sum(plan.moments[: count + 1]) for count in range(len(plan.moments))]
    return Program(["-m", "prove.starts_child", ",".join(map(str, moments)), wrong, *arguments], place, env)


def _ask(program: Program, plan: Plan) -> float:
    """Asks for the end, and returns when it was asked for last."""
    for moment in plan.moments:
        due = program.began + moment if moment is plan.moments[0] else time.monotonic() + moment
        with contextlib.suppress(ProcessLookupError):
            _sleep_while(program, due)
            if plan.by == "sigterm" and program.lives():
                program.terminate()
    return time.monotonic()


def _sleep_while(program: Program, due: float) -> None:
    while program.lives() and (left := due - time.monotonic()) > 0:
        time.sleep(min(left, 0.02))


def _judge(seed: int, plan: Plan, program: Program, code: int | None, asked: float, data: Path, *, touched: bool) -> Result:
    result = Result(seed=seed)

    def blame(what: str, words: str) -> None:
        result.bad[what] += 1
        result.words.append(f"{what}: {words} {plan}")

    early = code == -signal.SIGTERM and plan.by == "sigterm" and not touched
    result.counts[f"ended_before_it_began{'' if early else '_not'}"] += 1
    result.counts[f"{plan.by}_{plan.weather}_{plan.folder}"] += 1
    if code is None:
        blame("not_ended", "not ended in time")
        return result
    took = program.ended - asked
    result.counts[f"took {plan.sort} {max(0, int(took / STEP))}"] += 1
    if code != 0 and not early:
        blame("exit_code", f"exit code {code}: {program.err.read_text('utf-8', 'replace')[-1500:]}")
    for complaint in program.complaints():
        blame("complained", complaint)
    for name in left_over(data) + [f"tmp/{each.name}" for each in (program.err.parent / "tmp").iterdir()]:
        blame("left_behind", name)
    for number in program.descendants():
        blame("left_behind", f"process {number}")
    if took > 3 * LIMITS[plan.sort]:
        blame("slow", f"{took:.2f} s")
    return result


def _state_of(folder: Path) -> dict[str, tuple[int, int]]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


# Zendera


@contextlib.contextmanager
def _zendera(weather: str) -> Iterator[str]:
    """Its address."""
    if weather in {"silent", "silent_tls"}:
        with _silent() as port:
            yield f"{'https' if weather == 'silent_tls' else 'http'}://127.0.0.1:{port}/api/"
        return
    simulator = RunningSimulator(World(7, shipments=SHIPMENTS), key=KEY, limit=100_000)
    with simulator:
        if weather == "slow":
            simulator.faults.add(Kind.SLOW, times=None, seconds=30.0)
        if weather == "dead":
            simulator.stop()
        yield simulator.base_url


@contextlib.contextmanager
def _silent() -> Iterator[int]:
    """A port where somebody takes every call and never says a word."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(server.accept()[0])

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in taken:
                connection.close()


# The data folder


def _data_folder(place: Path, sort: str, base_url: str) -> Path:
    data = _copied(_template() / sort, place / "data")
    with contextlib.closing(sqlite3.connect(data / FILE_NAME)) as connection, connection:
        connection.execute("pragma journal_mode = delete")  # the program puts it back
        connection.execute("update account set base_url = ?", (base_url,))
    return data


def _copied(folder: Path, to: Path) -> Path:
    """On purpose: it shall not look like a folder that was moved."""
    shutil.copytree(folder, to)
    with contextlib.closing(sqlite3.connect(to / FILE_NAME)) as connection, connection:
        connection.execute("update care set file_number = ''")
    return to


@cache
def _template() -> Path:
    """Two data folders, made once a process by the desk itself: three hundred shipments, and the same with a dozen sends."""
    keeper = tempfile.TemporaryDirectory(prefix="zendera-starts-template-")
    _KEPT.append(keeper)
    with RunningSimulator(World(7, shipments=SHIPMENTS), key=KEY, limit=100_000) as simulator:
        asyncio.run(_fill(Path(keeper.name), simulator))
    return Path(keeper.name)


_KEPT: Final[list[Any]] = []
"""Folders that go with the process."""


async def _fill(place: Path, simulator: RunningSimulator) -> None:
    desk = await Desk.open(place / "quiet", Settings(hold_seconds=0), zone=UTC, keys=Keys(find=lambda: ()), by_hand=True)
    await desk.open_passing_account("Nordlys", simulator.base_url, KEY)
    assert desk.engine is not None
    await desk.engine.intake.step(desk.now())
    ids = await desk.shipment_ids(View.ALL)
    await desk.accept(ids[:5])
    await desk.engine.outbox.step(desk.now())
    await desk.change_settings(Settings(hold_seconds=0))
    await desk.close()
    _copied(place / "quiet", place / "waiting")
    desk = await Desk.open(place / "waiting", Settings(hold_seconds=0), zone=UTC, keys=Keys(find=lambda: ()), by_hand=True)
    await desk.open_passing_account("Nordlys", simulator.base_url, KEY)
    await desk.accept(ids[5:10])
    await desk.fail([ids[10]], "No capacity")
    for order in ids[:3]:
        await desk.send_report(order, Draft(status=Status.OTHER, time="0000", comment="Left with the neighbour"))
    await desk.close()


# Figures


def percentile(counts: Counter[str], sort: str, share: float = 0.99) -> float | None:
    """In seconds; the upper end of the step of the histogram it lies in."""
    steps = {int(name.split()[2]): count for name, count in counts.items() if name.startswith(f"took {sort} ")}
    left = share * sum(steps.values())
    for step in sorted(steps):
        left -= steps[step]
        if left <= 0:
            return (step + 1) * STEP
    return None


def shown(counts: Counter[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"ended while Python itself was starting": counts["ended_before_it_began"]}
    for sort, limit in LIMITS.items():
        runs = sum(count for name, count in counts.items() if name.startswith(f"took {sort} "))
        middle, high = percentile(counts, sort, 0.5), percentile(counts, sort)
        facts[sort] = {"runs": runs, "median s": middle, "99th percentile s": high, "limit s": limit}
    return facts


def overall(counts: Counter[str]) -> Counter[str]:
    slow = [sort for sort, limit in LIMITS.items() if (percentile(counts, sort) or 0.0) > limit]
    return Counter({"slow": len(slow)}) if slow else Counter()


SEEN_AS: Final = {
    "a task does not end": "not_ended",
    "the store is left open": "left_behind",
    "a child is left behind": "left_behind",
    "it says that it failed": "exit_code",
}


def caught(wrong: str) -> Caught | None:
    """At the same moment, in the same weather, the right program ends as it should."""
    plan = Plan(folder="quiet", weather="well", by="cross", moments=(1.0,))
    bad = play(0, plan, wrong, patience=2 * LIMITS["quiet"]).bad
    if SEEN_AS[wrong] in bad and not play(0, plan).bad:
        return Caught(1, tuple(sorted(bad)))
    return None


HARNESS: Final = Harness(
    name="starts_and_ends",
    run=start_and_end,
    figures={
        "starts_and_ends_exit_code_not_0": ("exit_code",),
        "starts_and_ends_too_slow": ("slow", "not_ended"),
        "starts_and_ends_complaints": ("complained",),
        "starts_and_ends_left_behind": ("left_behind",),
    },
    controls=tuple(SEEN_AS),
    caught=caught,
    assumptions=(
        f"a data folder with {SHIPMENTS} shipments; Qt's offscreen platform; the key comes from the environment",
        "SIGTERM while Python itself starts ends the process by signal; the data folder is untouched then",
        "two seconds are the program's own; beside them it shows for 1.5 s what has not left, and waits up to 5 s for answers",
    ),
    goal=1_000,
    at_once=1,
    shown=shown,
    overall=overall,
)
