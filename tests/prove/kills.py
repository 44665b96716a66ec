"""One seed is one story of ten SIGKILLs: the real program, a person at work in it, a Zendera that has its troubles.

Both are processes, with real sockets between them. The program is killed while it starts, while it opens, at work, while a send
is under way, while something is typed, and while it closes; each time the next one goes on with the folder as it lies there. The
last life is a quiet one and ends by itself. Then three books are compared: what the person was promised (kills_child.py), what
the desk's file says, and what the simulator's ledger has.
"""

import contextlib
import json
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx

from prove.books import OPEN, Books, Row
from prove.harness import Caught, Harness, Result
from prove.program import KEY, Program, environment, left_over
from zendera_desk.store.database import FILE_NAME

ORDERS: Final = 6
LATE: Final = 0.9
STALE: Final = 1.2
"""Seconds; the settle time is 1.8 here, two reads are 1.2 apart (kills_child.py)."""
DRAFT: Final = 1.0
"""Seconds after which what was typed is on disk."""
_HALF_A_PICTURE: Final = re.compile(r"pictures/../[0-9a-f]{64}\.(jpg|original)\.\w+\.new")
"""Of a picture that was being written when the program was killed; swept when it is a day old (store/pictures.py)."""
PATIENCE: Final = 60.0
"""Seconds for the last life."""
STATES: Final = OPEN | {"sent", "confirmed", "taken_back", "dropped"}


@dataclass(frozen=True, kw_only=True)
class Kill:
    """`moment`: starting, opening, working, sending, typing or closing."""

    moment: str
    after: float
    """Seconds: after the start, after a send got under way, or after closing began."""


@dataclass(frozen=True, kw_only=True)
class Story:
    kills: tuple[Kill, ...]
    troubled: bool = True
    """The line has its weather, and the person changes their mind."""
    only_drafts: bool = False
    """Nobody works, and there is no last life."""

    @classmethod
    def of(cls, seed: int) -> "Story":
        rng = random.Random(f"{seed} kills")
        moments = ["starting", "opening", *["working"] * 3, *["sending"] * 3, "typing", "closing"]
        rng.shuffle(moments)
        return cls(kills=tuple(Kill(moment=moment, after=rng.uniform(*SPANS[moment])) for moment in moments))


SPANS: Final = {
    "starting": (0.0, 0.2),
    "opening": (0.2, 0.8),
    "working": (0.8, 2.2),
    "sending": (0.0, 0.1),
    "typing": (1.7, 2.6),
    "closing": (0.0, 0.4),
}
"""Of `Kill.after`."""


def live(seed: int) -> Result:
    return play(seed, Story.of(seed))


def play(seed: int, story: Story, wrong: str = "") -> Result:
    with tempfile.TemporaryDirectory(prefix="zendera-kills-") as name, contextlib.closing(Zendera(Path(name), seed)) as zendera:
        return _Play(seed, story, wrong, Path(name), zendera).whole()


class Zendera:
    """`zendera-desk simulate` as a process, its troubles, and its dispatchers: who is told of a failed order corrects it."""

    def __init__(self, place: Path, seed: int) -> None:
        folder = place / "zendera"
        folder.mkdir()
        arguments = [
            "simulate",
            "--still",
            "--quiet",
            "--key",
            KEY,
            "--limit",
            "1000000",
            "--seed",
            str(seed),
            "--shipments",
            str(ORDERS + 1),
        ]
        self._program = Program(["-m", "zendera_desk", *arguments], folder, environment(folder))
        told = _when(lambda: self._program.out.read_text("utf-8"), 20.0, "the simulator starts")
        self.base_url, self.control_url = (str(json.loads(told)[name]) for name in ("base_url", "control_url"))
        self._control = httpx.Client(base_url=self.control_url, trust_env=False)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._control.close()
        self._program.kill()

    def orders(self) -> list[int]:
        return [int(order) for order in self._get("world")["orders"]]

    def ledger(self) -> list[Row]:
        rows: list[Row] = self._get("ledger")["applied"]
        return rows

    def sends(self, endpoint: str) -> int:
        """How many have come in, whatever became of them."""
        return len(self._get(f"requests?endpoint={endpoint}")["requests"])

    def well(self) -> None:
        self._control.delete("faults").raise_for_status()

    def troubled(self, rng: random.Random) -> None:
        """One line's weather; of several faults that fit a call the first that its chance picks works."""
        self.well()
        for kind, endpoint, details in rng.sample(TROUBLES, k=rng.randrange(2, 6)):
            self.fault(kind, endpoint, **({"times": None} | details))

    def slow(self, endpoint: str) -> None:
        """Its answers do not come any more; it is applied."""
        self.well()
        self.fault("slow", endpoint, times=None, seconds=20)

    def fault(self, kind: str, endpoint: str | None, **details: object) -> None:
        self._control.post("faults", json={"kind": kind, "endpoint": endpoint, **details}).raise_for_status()

    def _get(self, path: str) -> Row:
        found: Row = self._control.get(path).raise_for_status().json()
        return found

    def _live(self) -> None:
        """What happens late there happens when its clock is moved."""
        with httpx.Client(base_url=self.control_url, trust_env=False) as control:
            while not self._over.wait(0.05):
                control.post("clock", json={"seconds": 0}).raise_for_status()
                for order, facts in control.get("world").raise_for_status().json()["orders"].items():
                    if facts["strikes"] > facts["corrections"]:
                        control.post("corrections", json={"orderId": int(order), "reason": "time window"}).raise_for_status()


TROUBLES: Final[tuple[tuple[str, str | None, Row], ...]] = (
    *((kind, endpoint, {"chance": 0.25}) for kind in ("apply_close", "close", "midway", "truncated") for endpoint in ("status", "update")),
    ("apply_close", "update", {"chance": 0.25, "reset": True}),
    ("apply_error", "status", {"chance": 0.3, "status": 503}),
    ("apply_error", "update", {"chance": 0.3, "status": 500}),
    ("refuse", "status", {"chance": 0.3, "status": 503}),
    ("refuse", "update", {"chance": 0.2, "status": 422}),
    ("html", "update", {"chance": 0.2}),
    ("empty", "status", {"chance": 0.2}),
    ("late", "update", {"chance": 0.3, "seconds": LATE}),
    ("late", "status", {"chance": 0.3, "seconds": LATE}),
    ("slow", "update", {"chance": 0.4, "seconds": 0.6}),
    ("slow", "status", {"chance": 0.4, "seconds": 0.6}),
    ("slow", "update", {"chance": 0.1, "seconds": 5}),
    ("drip", "status", {"chance": 0.2, "seconds": 1}),
    ("limit", None, {"times": 1, "seconds": 1}),
    ("close", None, {"times": 12}),
    ("refuse", "timeline", {"chance": 0.3, "status": 500}),
    ("stale", "timeline", {"chance": 0.5, "seconds": STALE}),
    ("broken_rows", "export", {"chance": 0.2}),
    ("changing_total", "export", {"chance": 0.2}),
)
"""`close` for all is an outage of a dozen calls."""


class _Play:
    def __init__(self, seed: int, story: Story, wrong: str, place: Path, zendera: Zendera) -> None:
        self._seed, self._story, self._wrong, self._place, self._zendera = seed, story, wrong, place, zendera
        self._rng = random.Random(f"{seed} story")
        self._result = Result(seed=seed)
        self._data = place / "data"
        self._data.mkdir(mode=0o700)
        settings = {"hold_seconds": self._rng.choice((0, 0, 1)), "certainty": self._rng.choice(("learned", "auto"))}
        (self._data / "settings.json").write_text(json.dumps(settings), "utf-8")
        self._journal = place / "journal"
        self._read_until = 0
        """Of the journal's notes."""
        self._draft_was = ""
        """On disk, after the last kill."""
        *self._orders, self._typed_into = zendera.orders()
        self._env = environment(place)

    def _blame(self, what: str, words: str) -> None:
        self._result.bad[what] += 1
        self._result.words.append(f"{what}: {words}")

    def whole(self) -> Result:
        for number, kill in enumerate(self._story.kills):
            if self._story.troubled:
                self._zendera.troubled(self._rng)
            self._killed(number, kill)
        if not self._story.only_drafts:
            self._zendera.well()
            self._last_life(len(self._story.kills))
            Books(self._zendera.ledger(), self._rows(), self._notes(), self._data, self._blame).compare()
            self._result.counts["entries"] = len(self._rows())
            self._result.counts.update(f"ended {row['state']}" for row in self._rows())
            self._result.counts["unclear"] = sum(row["ever_unclear"] for row in self._rows())
            self._result.counts["arrived"] = len(self._zendera.ledger())
        return self._result

    # Lives

    def _start(self, number: int, **life: object) -> Program:
        facts = {
            "story": self._seed,
            "number": number,
            "journal": str(self._journal),
            "control_url": self._zendera.control_url,
            "orders": self._orders,
            "typed_into": self._typed_into,
            "wrong": self._wrong,
        }
        arguments = ["--data-dir", str(self._data), "--base-url", self._zendera.base_url]
        return Program(["-m", "prove.kills_child", json.dumps(facts | life), *arguments], self._place, self._env)

    def _killed(self, number: int, kill: Kill) -> None:
        held = "update" if self._rng.random() < 0.6 or not self._story.troubled else "status"
        if kill.moment == "sending":
            self._zendera.slow(held)
        sends, notes = self._zendera.sends(held), len(self._notes())
        closes = 0.7 + self._rng.random() if kill.moment == "closing" else None
        program = self._start(number, works=not self._story.only_drafts, calm=not self._story.troubled, closes_after=closes)
        try:
            self._wait_for(kill, program, lambda: self._zendera.sends(held) > sends, notes)
        finally:
            if not program.lives() and kill.moment != "closing":
                self._blame("ended_by_itself", program.err.read_text("utf-8", "replace")[-1500:])
            program.kill()
        self._result.counts["kills"] += 1
        self._result.counts[f"killed {kill.moment}"] += 1
        for complaint in program.complaints():
            self._blame("complained", complaint)
        self._look(time.monotonic(), number)

    def _wait_for(self, kill: Kill, program: Program, under_way: Callable[[], bool], notes: int) -> None:
        match kill.moment:
            case "sending":
                with contextlib.suppress(TimeoutError):
                    _when(under_way, 6.0, "a send")
                    self._result.counts["killed with a send under way"] += 1
            case "closing":
                _when(lambda: any(note["what"] == "closes" for note in self._notes()[notes:]), 20.0, "it closes")
            case "typing":
                _when(lambda: any(note["what"] == "types" for note in self._notes()[notes:]), 20.0, "somebody types")
            case _:
                pass
        start = program.began if kill.moment in {"starting", "opening", "working"} else time.monotonic()
        time.sleep(max(0.0, start + kill.after - time.monotonic()))

    def _last_life(self, number: int) -> None:
        program = self._start(number, last=True, types=False)
        code = program.wait(PATIENCE)
        if code is None:
            self._blame("stuck", f"it does not end: {[dict(row) for row in self._rows() if row['state'] in OPEN]}")
        elif code != 0:
            self._blame("ended_by_itself", f"exit code {code}: {program.err.read_text('utf-8', 'replace')[-1500:]}")
        for complaint in program.complaints():
            self._blame("complained", complaint)
        for name in left_over(self._data):
            if not _HALF_A_PICTURE.fullmatch(name):
                self._blame("left_behind", name)

    # After a kill

    def _look(self, killed_at: float, number: int) -> None:
        """What lies on disk now is what the next life, and the person, will find."""
        for row in self._rows():
            if row["state"] not in STATES:
                self._blame("state", f"after kill {number}: {row}")
        notes = self._notes()[self._read_until :]
        self._read_until += len(notes)
        opened = [note["text"] for note in notes if note["what"] == "opens"]
        if opened and opened[-1] != self._draft_was:
            self._blame("draft", f"in life {number} the form shows {opened[-1]!r}, and {self._draft_was!r} was on disk")
        typed = [note for note in notes if note["what"] == "types"]
        due = next((note["text"] for note in reversed(typed) if note["at"] <= killed_at - DRAFT), self._draft_was)
        self._result.counts["draft typed in time"] += due != self._draft_was
        text = self._draft()
        if not text.startswith(due):
            self._blame("draft", f"after kill {number}: {due!r} was typed {DRAFT} s before, and {text!r} is on disk")
        self._draft_was = text

    def _rows(self) -> list[Row]:
        refusals = "(select count(*) from attempt where entry_id = entry.id and code = 'refused')"
        return self._read(f"select id, order_id, kind, state, sha256, payload, ever_unclear, {refusals} refusals from entry order by id")  # noqa: S608

    def _draft(self) -> str:
        rows = self._read("select content from draft where order_id = ?", self._typed_into)
        return str(json.loads(rows[0]["content"])["comment"]) if rows else ""

    def _read(self, query: str, *values: object) -> list[Row]:
        """From a copy: opening it would tidy up what the next life has to find."""
        copy = self._place / "look"
        copy.mkdir(exist_ok=True)
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            (copy / name).unlink(missing_ok=True)
            if (self._data / name).exists():
                shutil.copyfile(self._data / name, copy / name)
        if not (copy / FILE_NAME).exists():
            return []
        with contextlib.closing(sqlite3.connect(copy / FILE_NAME)) as connection:
            connection.row_factory = sqlite3.Row
            try:
                return [dict(row) for row in connection.execute(query, values)]
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):  # killed before there was one
                    raise
                return []

    def _notes(self) -> list[Row]:
        """What was noted; a last line that the kill cut short was not."""
        if not self._journal.exists():
            return []
        return [json.loads(line) for line in self._journal.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def _when(look: Callable[[], object], patience: float, what: str) -> Any:  # noqa: ANN401
    """What `look` returns once it is something true. Raises TimeoutError."""
    end = time.monotonic() + patience
    while not (found := look()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {patience:.0f} s for it: {what}")
        time.sleep(0.01)
    return found


SENDING: Final = Story(kills=(Kill(moment="sending", after=0.05),), troubled=False)
TYPING: Final = Story(kills=(Kill(moment="typing", after=2.2),), troubled=False, only_drafts=True)
CONTROLS: Final = {
    "requeue at restart": (SENDING, "doubled"),
    "no sending mark": (SENDING, "doubled"),
    "a draft is saved when the form is left": (TYPING, "draft"),
    "a draft is saved every five seconds": (TYPING, "draft"),
}
"""The story in which each must be caught, and by what."""


CONTROL_SEEDS: Final = 3


def caught(wrong: str) -> Caught | None:
    story, kind = CONTROLS[wrong]
    for seed in range(CONTROL_SEEDS):
        bad = play(seed, story, wrong).bad
        if kind in bad and _is_well(seed, story):
            return Caught(seed + 1, tuple(sorted(bad)))
    return None


@cache
def _is_well(seed: int, story: Story) -> bool:
    return not play(seed, story).bad


def shown(counts: Counter[str]) -> dict[str, Any]:
    return {name: counts[name] for name in sorted(counts) if name.startswith(("kill", "ended", "entries", "unclear", "arrived", "draft"))}


HARNESS: Final = Harness(
    name="real_sigkills",
    run=live,
    figures={
        "real_sigkills_lost": ("lost", "draft"),
        "real_sigkills_doubled": ("doubled",),
        "real_sigkills_falsely_sent": ("falsely_sent", "falsely_withdrawn"),
        "real_sigkills_wrong_bytes": ("wrong_bytes", "invented"),
        "real_sigkills_out_of_order": ("order",),
        "real_sigkills_stuck": ("stuck", "state"),
        "real_sigkills_trouble": ("ended_by_itself", "complained", "left_behind"),
    },
    controls=tuple(CONTROLS),
    caught=caught,
    assumptions=(
        "a run is a story of ten kills; the program and the simulator are processes, the person sits in the program's own",
        "the engine's waits are a hundredth of what they are, all in proportion: a settle time of 1.8 s",
        f"the simulator applies a late send within {LATE} s, its timeline is at most {STALE} s behind",
        "a person decides by what Zendera's dispatcher sees",
        "SIGKILL ends the process, not the machine: what was written is in the system's cache (power cuts are proven apart)",
    ),
    goal=500,
    shown=shown,
)

if __name__ == "__main__":
    for seed in map(int, sys.argv[1:]):
        began = time.monotonic()
        result = live(seed)
        sys.stdout.write(f"{seed} {time.monotonic() - began:.1f} s {dict(result.bad)} {dict(result.counts)} {result.words[:4]}\n")
