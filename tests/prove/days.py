"""One seed is one history: a day at the desk in virtual time, with a bad line, a full disk, crashes, and a quiet evening.

What runs is the program: the desk, its engine's four loops, the store with its real transactions, the client with httpx. Two of
its constants are drawn: how many orders a page of the export has, and after how many recognised reports the absence of one
from the timeline means anything. What is simulated is time (virtual.py), the line (line.py), the person (person.py) and the
end of a process: at any write and at any moment of a call the process can be gone. The next one opens copies of the database
and its log as they lay on disk.
"""

import asyncio
import contextlib
import functools
import gc
import logging
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final
from unittest import mock
from zoneinfo import ZoneInfo

from prove.harness import Caught, Harness, Result
from prove.judge import Judge
from prove.line import Line, Weather
from prove.mutants import MUTANTS, SEEN_AS, mutated
from prove.person import Person
from prove.virtual import SPINNING, STARTS, Crashed, Time, VirtualLoop
from zendera_desk.api.client import ZenderaClient
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, LoopFailed
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.limits import Limits
from zendera_desk.engine import intake, verify
from zendera_desk.engine.supervise import LONGEST_SLEEP
from zendera_desk.settings import Settings
from zendera_desk.simulator.orders import stamp
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import Standing, Tempo, World
from zendera_desk.store import care
from zendera_desk.store.database import FILE_NAME

BASE: Final = "https://zendera.invalid/api/"
HOUR: Final = 3600.0
PATIENCE: Final = 32 * HOUR
"""True seconds after which what is still open is stuck."""


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What the zeros hold under. `late`: a send takes effect at most so many seconds after its attempt ended. `stale`: a timeline
    is at most so far behind. The accept's feed is not behind. Nobody sets the clock by more than `clock` seconds."""

    late: float = 110.0
    stale: float = 150.0
    fault: float = 0.3
    crash: float = 0.01
    clock: float = 7200.0


def assumptions(assumed: Assumptions) -> tuple[str, ...]:
    return (
        f"a send takes effect at most {assumed.late:.0f} s after its attempt ended",
        f"a timeline is at most {assumed.stale:.0f} s behind, the export never",
        "only this desk answers for these orders, and nobody withdraws one; another desk may report on them",
        "a person decides by what Zendera's dispatcher sees",
        f"somebody sets the clock wrong by at most {assumed.clock:.0f} s while the program runs; the machine may sleep",
        "what SQLite has committed stays (proven apart, with simulated power cuts)",
        f"of the calls up to {assumed.fault:.0%} go wrong; at each write and call the process dies with {assumed.crash:.0%}",
    )


class History:
    SHIPMENTS: ClassVar = (6, 12)

    def __init__(self, seed: int, assumed: Assumptions, folder: Path, *, whole: bool) -> None:
        rng = random.Random(seed)
        self.whole = whole
        self._seed = seed
        self._rng = rng
        self._assumed = assumed
        self._folder = folder
        self._lives = 0
        self.counts: Counter[str] = Counter()
        self.time = Time(rng.choice(STARTS))
        tempo = Tempo(shipments_every=None, drivers_every=None)  # but a failed order is corrected after a while
        self.world = World(seed, clock=self.time.true, shipments=rng.randint(*self.SHIPMENTS), tempo=tempo, history=0)
        self._limit = rng.choice((80, 100, 150, 300))
        self.simulator = Simulator(self.world, limit=self._limit)
        self.judge = Judge(self.time, self._limit)
        self._trouble_ends = self.time.elapsed + rng.uniform(0.5, 1.5) * HOUR
        self._weather = self._draw_weather()
        self._disk = rng.choice((0.0, 0.0, 0.005, 0.02))
        self._trusted_after = rng.choice((0, 0, 3, 20))
        self._per_page = rng.choice((3, 50, 50))
        self.person = Person(random.Random(rng.random()), self.judge, self.world.waiting())
        self._loop: VirtualLoop

    def _draw_weather(self) -> Weather:
        def spans(chance: float, longest: float) -> list[tuple[float, float]]:
            if self._rng.random() >= chance:
                return []
            start = self._rng.uniform(self.time.elapsed, self._trouble_ends)
            return [(start, start + self._rng.uniform(30, longest))]

        return Weather(
            chance=self._rng.choice((0.05, 0.5, 1.0, 1.0)) * self._assumed.fault,
            late=self._assumed.late,
            stale=self._assumed.stale,
            outages=spans(0.4, 1200),
            bad_key=spans(0.3, 1200),
            closed_timeline=spans(0.2, 2400),
            until=self._trouble_ends,
        )

    # The whole

    def run(self) -> Result:
        (self._folder / "0").mkdir()
        with (
            mock.patch.object(verify, "TRUSTED_AFTER", self._trusted_after),
            mock.patch.object(intake, "PER_PAGE", self._per_page),
            # What a killed process leaves behind is copied here (`_leave_as_it_lies`), and would look like a folder that was moved.
            mock.patch.object(care, "number_of", return_value=""),
        ):
            while not self.live(Life.whole):
                self._lives += 1
            self.afterwards()
        self.world.advance()
        if self.whole or not self.judge.bad:
            self.judge.finish()
        if self.time.elapsed > PATIENCE:
            self.judge.blame("stuck", f"the day does not end: {self.person.left} cannot be done")
        self.judge.close()
        self.counts["lives"] = self._lives + 1
        self.counts["entries"] = len(self.judge.rows)
        self.counts["calls"] = len(self.judge.calls)
        self.counts["hours"] = round(self.time.elapsed / HOUR)
        self.counts.update(self.judge.moves)
        return Result(seed=self._seed, bad=self.judge.bad, counts=self.counts, words=self.judge.words)

    def afterwards(self) -> None:
        """What comes when everything is done; nothing."""

    def live(self, lived: "Callable[[Life], Coroutine[Any, Any, bool]]") -> bool:
        """One process, until it dies, is closed, or everything is done: True then."""
        loop = self._loop = VirtualLoop(self.time, self._moved)
        loop.around_thread = self._around_thread
        life = Life(self)
        try:
            done = loop.run_until_complete(lived(life))
        except Crashed:
            self.counts["crashes"] += 1
            self._leave_as_it_lies(life)
            self.wait(self._rng.uniform(1, 600))
            done = False
        finally:
            loop.bury()
        if loop.spins:
            self.judge.blame("spinning", f"{loop.spins} times {SPINNING} rounds without a wait")
        return done

    def _leave_as_it_lies(self, life: "Life") -> None:
        """What a killed process leaves behind are its files, the database and its log among them; closing the connections would tidy up."""
        old, new = self._path.parent, self._folder / str(self._lives + 1)
        new.mkdir()
        for file in old.iterdir():
            if file.is_file() and not file.name.endswith("-shm"):
                shutil.copyfile(file, new / file.name)
        life.let_go()
        self.judge.close()
        shutil.rmtree(old)

    @property
    def _path(self) -> Path:
        newest = max((int(each.name) for each in self._folder.iterdir()), default=0)
        return self._folder / str(newest) / FILE_NAME

    def wait(self, seconds: float) -> None:
        """No process is there."""
        self.time.seconds += seconds
        self._moved()

    def _moved(self) -> None:
        now = self.time.elapsed
        if not self.calm and self._rng.random() < 0.005:
            self._another_desk_reports()
        bad = any(start <= now < end for start, end in self._weather.bad_key) and now < self._trouble_ends
        self.simulator.zendera.key = "another key" if bad else "simulator-key"
        if self.world._schedule:
            self.world.advance()

    def _another_desk_reports(self) -> None:
        """Somebody else with the same key says something that looks like what this desk says."""
        ours = [order for order in self.world.orders.values() if order.standing is Standing.EXPORTED]
        if ours:
            status = self._rng.choice(("NO_ONE_THERE", "OTHER", "DAMAGE"))
            row = {"status": status, "location": "DELIVERY", "date": stamp(self.time.true()), "comment": "At the gate"}
            self.world.report(self._rng.choice(ours).order_id, status, "DELIVERY", row)
            self.counts["strangers"] += 1

    @property
    def calm(self) -> bool:
        return self.time.elapsed >= self._trouble_ends

    # What can happen to a process

    def crash_point(self) -> bool:
        if not self.calm and not self._loop.dead and self._rng.random() < self._assumed.crash:
            self._loop.crash()
        return self._loop.dead

    def _around_thread(self, name: str, function: functools.partial[Any]) -> Any:  # noqa: ANN401
        if name != "store-write" or getattr(function.func, "__name__", "") in {"close", "_close_writer"}:
            return function()
        if self.crash_point():
            return None
        if not self.calm and self._rng.random() < self._disk:
            self.counts["disk_full"] += 1
            self.judge.disk_is_full()
            raise StoreError("disk_full")
        result = function()
        self.judge.look()
        self.crash_point()
        return result

    def sleeps(self) -> None:
        """The machine, or the clock of it."""
        if not self.calm and self._rng.random() < 0.01:
            self.counts["sleeps"] += 1
            self.time.sleep(self._rng.uniform(10, 3000))
        if not self.calm and self._assumed.clock and self._rng.random() < 0.02:
            self.time.set_wrong(self._rng.uniform(-self._assumed.clock, self._assumed.clock))
            self.judge.clock_is_set(LONGEST_SLEEP.total_seconds() + 1)
            self.counts["clock_set"] += 1

    # For a life

    def line(self) -> Line:
        return Line(self.simulator, self.judge, self.time, self._weather, self._rng, self.crash_point)


class Life:
    """One process: the desk is opened, the person looks at it now and then, and perhaps it is closed again."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._desk: Desk | None = None

    async def whole(self) -> bool:
        """True: everything is done."""
        history = self.history
        try:
            desk = await self.open()
        except StoreError:
            await asyncio.sleep(history._rng.uniform(1, 300))
            return False
        closes = history.time.elapsed + history._rng.expovariate(1 / (1.5 * HOUR))
        done = False
        while not done and not (closes < history.time.elapsed and not history.calm):
            await asyncio.sleep(history._rng.uniform(2, 200))
            history.sleeps()
            history.person.calm = history.calm
            with contextlib.suppress(StoreError):  # said on the screen; the person tries again
                done = await history.person.looks(desk) and history.calm
            if history.time.elapsed > PATIENCE or (history.judge.bad and not history.whole):
                done = True
        if not history.calm and history._rng.random() < 0.3:
            desk.hurry()
        await desk.close()
        history.counts["closed"] += 1
        return done

    async def open(self) -> Desk:
        history = self.history

        async def open_client(base_url: str, key: str, on_limits: Callable[[Limits], None]) -> ZenderaClient:
            return await ZenderaClient.open(base_url, key, on_limits=on_limits, transport=history.line())

        path = history._path
        desk = await Desk.open(
            path.parent,
            Settings(made_by="Kari", desk="front"),
            zone=ZoneInfo("Europe/Oslo"),
            keys=Keys(find=lambda: ()),
            clock=history.time,
            open_client=open_client,
            by_hand=True,
        )
        self._desk = desk
        history.judge.open(path)
        desk.changes.subscribe(self._heard)
        await desk.open_passing_account("Nordlys", BASE, "simulator-key")
        if desk.engine is not None:
            desk.engine.outbox._rng = random.Random(history._rng.random())
        desk.go_online()
        return desk

    def _heard(self, change: Change) -> None:
        if isinstance(change, LoopFailed) and not isinstance(change.error, StoreError):
            self.history.judge.blame("failed", f"the {change.name} loop: {change.error!r}")

    def let_go(self) -> None:
        """The operating system closes a dead process's files."""
        if self._desk is not None:
            database = self._desk._database
            for connection in (database._reader, database._writer):
                if connection is not None:
                    connection.close()
            database._reader = database._writer = None


def folder_root() -> str | None:
    """Memory, where there is some: what is lived through here is the death of the program, not of the disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 (its own folder is made below it)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """The program logs what it should about all this trouble: hundreds of lines a second. And it is short-lived: garbage can wait."""
    logger, threshold = logging.getLogger("zendera_desk"), gc.get_threshold()
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        logger.setLevel(before)
        gc.set_threshold(*threshold)


def live_through(seed: int, assumed: Assumptions = Assumptions(), *, whole: bool = True) -> Result:
    """The history of this seed. The same seed gives the same history. Not `whole`: it ends soon after something bad."""
    with quiet(), tempfile.TemporaryDirectory(prefix="zendera-days-", dir=folder_root()) as folder:
        return History(seed, assumed, Path(folder), whole=whole).run()


CONTROL_SEEDS: Final = 120
"""A wrong version must be caught within so many histories."""


KNOWN_TO_CATCH: Final = {
    "5xx means not received": 13,
    "calls forgotten at restart": 25,
    "counts by clock hour": 25,
    "followed redirect": 17,
    "limit forgotten at restart": 17,
    "matched by counting": 46,
    "no lanes": 6,
    "no sending mark": 14,
    "time-out means refused": 29,
}
"""Days that caught a wrong program when they were tried last: tried first, because it takes long to come to them."""


def caught(mutant: str) -> Caught | None:
    known = KNOWN_TO_CATCH.get(mutant)
    for seed in (*(() if known is None else (known,)), *range(CONTROL_SEEDS)):
        if by := caught_at(mutant, seed):
            return Caught(seed + 1, by)
    return None


def caught_at(mutant: str, seed: int) -> tuple[str, ...]:
    """What this history finds bad about the wrong version, if that is what must be found, and nothing about the right one."""
    with mutated(mutant):
        bad = live_through(seed, whole=False).bad
    return tuple(sorted(bad)) if SEEN_AS[mutant] & bad.keys() and not live_through(seed).bad else ()


HARNESS: Final = Harness(
    name="simulated_days",
    run=live_through,
    figures={
        "simulated_days_lost": ("lost",),
        "simulated_days_doubled": ("doubled",),
        "simulated_days_falsely_sent": ("falsely_sent",),
        "simulated_days_falsely_refused_or_withdrawn": ("falsely_refused", "falsely_withdrawn"),
        "simulated_days_stuck": ("stuck",),
        "simulated_days_out_of_order": ("order",),
        "simulated_days_over_the_limit": ("over_limit", "in_window", "in_window_after_restart"),
        "simulated_days_invariants": ("invariant", "failed", "spinning"),
    },
    controls=tuple(MUTANTS),
    caught=caught,
    assumptions=assumptions(Assumptions()),
    goal=100_000,
    share=4,
)
