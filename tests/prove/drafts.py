"""One seed is one story of four SIGKILLs of the real program while a person types in it (drafts_child.py).

It is killed while it starts, opens or closes, and three times in the middle of typing. After each kill the program's own code reads the
folder, a copy of it. What stands there of a form must be what stood on the screen at one moment, and at none that is more than a
second before the kill. The next life must show that, letter by letter, mark it in the list, and have it under "Needs me". A life that
was closed and ended by itself must have lost nothing at all.
"""

import hashlib
import io
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

from prove import drafts_disk
from prove.controls import Controls
from prove.drafts_screen import GRID, Content, kept
from prove.harness import Caught, Harness, Result
from prove.kills_zendera import when
from prove.program import KEY, Program, environment
from zendera_desk.domain.report import Draft
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World

Note = dict[str, Any]

ORDERS: Final = 3
ON_DISK: Final = 1.0
"""Seconds after which what was typed is on disk."""
PATIENCE: Final = 30.0
"""Seconds for a life to begin, or to end after it was closed."""
SPANS: Final = {"starting": (0.0, 0.4), "opening": (0.4, 1.6), "typing": (0.5, 4.5), "closing": (0.0, 2.5)}
"""Of `Kill.after`: seconds after the start, after the first key, or after closing began."""


@dataclass(frozen=True, kw_only=True)
class Kill:
    moment: str
    """Of `SPANS`."""
    after: float


@dataclass(frozen=True, kw_only=True)
class Story:
    kills: tuple[Kill, ...]
    only: str = ""
    """"form": one shipment's, which nobody leaves. "grid": that one."""
    acts: tuple[str, ...] = ()
    """What the person does, in turn; empty: by chance."""

    @classmethod
    def of(cls, seed: int) -> "Story":
        rng = random.Random(f"{seed} drafts")
        moments = [rng.choice(("starting", "opening", "closing", "closing")), "typing", "typing", "typing"]
        rng.shuffle(moments)
        return cls(kills=tuple(Kill(moment=moment, after=rng.uniform(*SPANS[moment])) for moment in moments))


def live(seed: int) -> Result:
    return play(seed, Story.of(seed))


def play(seed: int, story: Story, wrong: str = "", until: str = "") -> Result:
    """To its end, or until that kind of trouble is seen."""
    # A Zendera in which nothing happens.
    simulator = RunningSimulator(World(seed, shipments=ORDERS), key=KEY, limit=1_000_000)
    with tempfile.TemporaryDirectory(prefix="zendera-drafts-") as name, simulator:
        return _Play(seed, story, wrong, Path(name), simulator).whole(until)


class _Play:
    def __init__(self, seed: int, story: Story, wrong: str, place: Path, simulator: RunningSimulator) -> None:
        self._seed, self._story, self._wrong, self._place = seed, story, wrong, place
        self._base_url, self._orders = simulator.base_url, sorted(simulator.world.orders)
        self._places = [GRID] if story.only == "grid" else self._orders[:1] if story.only == "form" else [*self._orders, GRID]
        self._rng = random.Random(f"{seed} story")
        self._result = Result(seed=seed)
        self._data = place / "data"
        self._data.mkdir(mode=0o700)
        self._pictures = _pictures(place)
        self._given: dict[int, set[str]] = {place: set() for place in self._places}
        """Pictures that were pasted into a form. One that is not prepared yet when the form is left comes into the draft later."""
        self._was: dict[int, Content | None] = dict.fromkeys(self._places)
        """On disk, after the last kill."""
        self._env = environment(place)
        self._env.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as where it is installed

    def _blame(self, what: str, words: str) -> None:
        self._result.bad[what] += 1
        self._result.words.append(f"{what}: {words}")

    def whole(self, until: str) -> Result:
        for number, kill in enumerate(self._story.kills):
            self._killed(number, kill)
            if until in self._result.bad:
                break
        return self._result

    # A life

    def _killed(self, number: int, kill: Kill) -> None:
        journal = self._place / f"journal-{number}"
        program = self._start(number, kill, journal)
        turns = drafts_disk.Turns(program.pid)
        ended = False
        try:
            self._wait(kill, program, journal, turns)
            ended = not program.lives() and _has(journal, "closes")
            if not program.lives() and not (ended and program.code == 0):
                self._blame("ended_by_itself", f"exit code {program.code} in life {number}: {self._last_words(program)}")
        except TimeoutError as late:
            self._blame("stuck", f"in life {number}: {late}")
        finally:
            killed_at = time.monotonic()
            program.kill()
        self._result.counts.update(("kills", f"killed {kill.moment}"))
        self._result.counts["ended before the kill"] += ended
        for complaint in program.complaints():
            self._blame("complained", complaint)
        notes = _notes(journal)
        self._compare_shown(number, notes)
        self._compare_disk(number, notes, killed_at if ended else turns.ago(ON_DISK, killed_at))

    def _start(self, number: int, kill: Kill, journal: Path) -> Program:
        life = {
            "story": self._seed,
            "number": number,
            "journal": str(journal),
            "orders": self._orders,
            "found": self._was,
            "pictures": self._pictures if not self._story.acts and self._rng.random() < 0.5 else {},
            "acts": self._story.acts,
            "closes_after": self._rng.uniform(0.3, 1.5) if kill.moment == "closing" else None,
            "wrong": self._wrong,
        }
        arguments = ["--data-dir", str(self._data), "--base-url", self._base_url]
        return Program(["-m", "prove.drafts_child", json.dumps(life), *arguments], self._place, self._env)

    def _wait(self, kill: Kill, program: Program, journal: Path, turns: drafts_disk.Turns) -> None:
        """Raises TimeoutError. A program that ends meanwhile is waited for no longer."""
        start = program.began
        if what := {"typing": "begins", "closing": "closes"}.get(kill.moment):

            def is_so() -> bool:
                turns.look()
                return _has(journal, what) or not program.lives()

            when(is_so, PATIENCE, f"it {what}")
            start = time.monotonic()
        while program.lives() and (left := start + kill.after - time.monotonic()) > 0:
            turns.look()
            time.sleep(min(left, 0.02))

    def _last_words(self, program: Program) -> str:
        crash = self._data / "logs" / "crash.txt"
        said = [path.read_text("utf-8", "replace") for path in (crash, program.err) if path.exists()]
        return "\n".join(words[-2000:] for words in said)

    # After it

    def _compare_shown(self, number: int, notes: list[Note]) -> None:
        """What the next life found is what lay on disk."""
        drafts = {place for place, content in self._was.items() if content is not None and place != GRID}
        drafts |= {int(order) for order in (self._was.get(GRID) or {"rows": ()})["rows"]}
        for note in notes:
            if note["what"] == "list":
                self._result.counts["lists looked at"] += 1
                if set(note["marked"]) != drafts or not drafts <= set(note["needs_me"]):
                    self._blame("unmarked", f"life {number}: {sorted(drafts)} have drafts, the list says {note}")
            elif note["what"] == "shows":
                self._result.counts["forms looked at"] += 1
                self._result.counts["drafts looked at"] += self._was[note["place"]] is not None
                if (shown := kept(note["content"])) != self._was[note["place"]]:
                    self._blame("shown", f"life {number} shows {shown}, and {self._was[note['place']]} was on disk")

    def _compare_disk(self, number: int, notes: list[Note], due_at: float) -> None:
        """`due_at`: what was on the screen then must be there, or something later."""
        disk = drafts_disk.read(self._data, self._place / "look", self._base_url, self._orders)
        for note in notes:
            if note["what"] == "gives":
                self._given[note["place"]].add(note["picture"])
        for place, before in self._was.items():
            kind, found = "grid" if place == GRID else "form", disk.get(place)
            typed = [note for note in notes if note["what"] == "types" and note["place"] == place]
            moments = [before, *(kept(note["content"]) for note in typed)]
            due = sum(note["at"] <= due_at for note in typed)
            self._result.counts[f"{kind}: keys"] += len(typed)
            self._result.counts[f"{kind}: due after a kill"] += due > 0
            there = [number for number, moment in enumerate(moments) if self._is_same(place, found, moment)]
            there += [number for number, note in enumerate(typed, start=1) if self._is_laid_over(place, found, note)]
            if not there:
                self._blame(f"{kind}_mixed", f"after kill {number}: {found} never was on the screen, it was {moments[due]}")
            elif max(there) < due:
                self._blame(f"{kind}_lost", f"after kill {number}: {moments[due]} was typed {ON_DISK} s before, {found} is on disk")
        self._was = {place: disk.get(place) for place in self._places}

    def _is_same(self, place: int, disk: Content | None, moment: Content | None) -> bool:
        if disk is None or moment is None or place == GRID or disk["pictures"] == moment["pictures"]:
            return disk == moment
        shown, came_later = moment["pictures"], disk["pictures"][len(moment["pictures"]) :]
        return disk == moment | {"pictures": [*shown, *came_later]} and set(came_later) <= self._given[place]

    def _is_laid_over(self, place: int, disk: Content | None, note: Note) -> bool:
        """All that was typed before the form had come, and what had stood there where nothing was."""
        over, typed = note["over"], note["content"]
        if disk is None or over is None:
            return False
        pictures = set(disk["pictures"]) <= {*typed["pictures"], *over["pictures"], *self._given[place]}
        others = disk.keys() - {"pictures"}
        return pictures and all(disk[name] == typed[name] or (disk[name] == over[name] and typed[name] in _UNSAID) for name in others)


def _has(journal: Path, what: str) -> bool:
    return journal.exists() and f'{{"what": "{what}"'.encode() in journal.read_bytes()


def _notes(journal: Path) -> list[Note]:
    """What was noted; a last line that the kill cut short was not."""
    if not journal.exists():
        return []
    return [json.loads(line) for line in journal.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def _pictures(place: Path) -> dict[str, str]:
    """Files, and the SHA-256 of their bytes."""
    found = {}
    for number in range(3):
        made = io.BytesIO()
        Image.effect_noise((320, 240), 20 + number).convert("RGB").save(made, "JPEG")
        path = place / f"scan {number}.jpg"
        path.write_bytes(made.getvalue())
        found[str(path)] = hashlib.sha256(made.getvalue()).hexdigest()
    return found


# The controls

FORM: Final = Story(
    kills=(Kill(moment="typing", after=2.2), Kill(moment="typing", after=0.0)), only="form", acts=("type a word in two fields",)
)
"""And the life after that, in which somebody looks."""
_UNSAID: Final = ("", False, Draft().status, Draft().stop)
CELLS: Final = Story(kills=(Kill(moment="typing", after=4.0),), only="grid", acts=("type and stay",))
"""Somebody is caught with a cell open."""
CONTROLS: Final = {
    "a draft is saved every five seconds": (FORM, "form_lost"),
    "a draft is saved field by field": (FORM, "form_mixed"),
    "the grid is saved when it is sent": (CELLS, "grid_lost"),
    "a cell is saved when it is left": (CELLS, "grid_lost"),
    "a cell is saved with what was shared before": (CELLS, "grid_mixed"),
    "a draft comes back without its comment": (FORM, "shown"),
    "a draft needs nobody": (FORM, "unmarked"),
    "the lock of one that was killed counts": (FORM, "stuck"),
}
_CAUGHT: Final = Controls(CONTROLS, right=play, wrong=lambda *given: play(*given[:3], until=given[3]))


def caught(wrong: str) -> Caught | None:
    return _CAUGHT.caught(wrong)


def shown(counts: Counter[str]) -> dict[str, Any]:
    return {name: counts[name] for name in sorted(counts)}


HARNESS: Final = Harness(
    name="drafts",
    run=live,
    figures={
        "drafts_lost": ("form_lost",),
        "drafts_of_two_moments": ("form_mixed",),
        "drafts_of_the_grid_lost": ("grid_lost",),
        "drafts_of_the_grid_of_two_moments": ("grid_mixed",),
        "drafts_shown_otherwise": ("shown",),
        "drafts_not_found": ("unmarked",),
        "drafts_trouble": ("stuck", "ended_by_itself", "complained"),
    },
    controls=tuple(CONTROLS),
    caught=caught,
    assumptions=(
        f"a run is a story of four kills; what was typed more than {ON_DISK:.0f} s before one is due",
        "a second is one in which the program got a processor: what its threads waited for one, by the system's account, is added",
        "SIGKILL ends the process, not the machine: what was written is in the system's cache (power cuts are proven apart)",
    ),
    goal=125,
    shown=shown,
)

if __name__ == "__main__":
    for seed in map(int, sys.argv[1:]):
        began = time.monotonic()
        result = live(seed)
        sys.stdout.write(f"{seed} {time.monotonic() - began:.1f} s {dict(result.bad)} {dict(result.counts)} {result.words[:4]}\n")
