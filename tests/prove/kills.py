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
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from prove.books import OPEN, Books, Row
from prove.controls import Controls
from prove.harness import Caught, Harness, Result
from prove.kills_zendera import LATE, STALE, Zendera, when
from prove.program import Program, environment, left_over
from zendera_desk.store.database import FILE_NAME

ORDERS: Final = 6
DRAFT: Final = 1.0
"""Seconds after which what was typed is on disk."""
_HALF_A_PICTURE: Final = re.compile(r"pictures/../[0-9a-f]{64}\.(jpg|original)\.\w+\.new")
"""Of a picture that was being written when the program was killed; swept when it is a day old (store/pictures.py)."""
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
    answer: str = "slow"
    """What becomes of the send that is waited for, as a fault of the simulator's: applied, and its answer does not come."""
    answers: int | None = None
    """How many are answered so; None: all, until it is killed."""
    patience: float = 60.0
    """Seconds for the last life."""

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
    with tempfile.TemporaryDirectory(prefix="zendera-kills-") as name, contextlib.closing(Zendera(Path(name), seed, ORDERS + 1)) as zendera:
        return _Play(seed, story, wrong, Path(name), zendera).whole()


class _Play:
    def __init__(self, seed: int, story: Story, wrong: str, place: Path, zendera: Zendera) -> None:
        self._seed, self._story, self._wrong, self._place, self._zendera = seed, story, wrong, place, zendera
        self._rng = random.Random(f"{seed} story")
        self._result = Result(seed=seed)
        self._data = place / "data"
        self._data.mkdir(mode=0o700)
        settings = {
            "hold_seconds": self._rng.choice((0, 0, 1)),
            "certainty": self._rng.choice(("learned", "auto")),
        }
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
            self._zendera.answers(held, self._story.answer, self._story.answers)
        sends, notes = self._zendera.sends(held), len(self._notes())
        closes = 0.7 + self._rng.random() if kill.moment == "closing" else None
        program = self._start(number, works=not self._story.only_drafts, calm=not self._story.troubled, closes_after=closes)
        try:
            self._wait_for(
                kill, program, lambda: self._zendera.sends(held) > sends, lambda: {note["what"] for note in self._notes()[notes:]}
            )
            if not program.lives() and all(note["what"] != "closes" for note in self._notes()[notes:]):
                self._blame("ended_by_itself", program.err.read_text("utf-8", "replace")[-1500:])
        except TimeoutError as late:
            self._blame("stuck", f"in life {number}: {late}")
        finally:
            program.kill()
        self._result.counts["kills"] += 1
        self._result.counts[f"killed {kill.moment}"] += 1
        for complaint in program.complaints():
            self._blame("complained", complaint)
        self._look(time.monotonic(), number)

    def _wait_for(self, kill: Kill, program: Program, under_way: Callable[[], bool], noted: Callable[[], set[str]]) -> None:
        """Raises TimeoutError. A program that ends meanwhile is waited for no longer."""
        match kill.moment:
            case "sending":
                with contextlib.suppress(TimeoutError):
                    when(lambda: under_way() or not program.lives(), 6.0, "a send")
                    self._result.counts["killed with a send under way"] += program.lives()
            case "closing" | "typing":
                what = {"closing": "closes", "typing": "types"}[kill.moment]
                when(lambda: what in noted() or not program.lives(), 20.0, f"it {what}")
            case _:
                pass
        start = program.began if kill.moment in {"starting", "opening", "working"} else time.monotonic()
        time.sleep(max(0.0, start + kill.after - time.monotonic()))

    def _last_life(self, number: int) -> None:
        notes = len(self._notes())
        program = self._start(number, last=True, types=False)
        code = program.wait(self._story.patience)
        if code is None:
            self._blame("stuck", f"it does not end: {[dict(row) for row in self._rows() if row['state'] in OPEN]}")
        elif code != 0 or all(note["what"] != "closes" for note in self._notes()[notes:]):
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
        return self._read(
            """select id, order_id, kind, state, code, sha256, payload, ever_unclear,
                (select count(*) from attempt where entry_id = entry.id and code = 'refused') refusals
            from entry order by id"""
        )

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
        """What was noted. What a kill cut short was not: it is the last line, or stands before the first of the next life."""
        if not self._journal.exists():
            return []
        lines = [line for line in self._journal.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
        return [json.loads(line[line.rindex(b'{"what"') :]) for line in lines]


SENDING: Final = Story(kills=(Kill(moment="sending", after=0.3),), troubled=False, patience=10.0)
"""Killed with reports under way that arrived, and others that wait. A right last life takes two seconds of its patience."""
PORTAL: Final = replace(SENDING, kills=(Kill(moment="sending", after=0.25),), answer="html", answers=3)
"""A hotel's page answers the first reports, which do not arrive; others do."""
TYPING: Final = Story(kills=(Kill(moment="typing", after=2.2),), troubled=False, only_drafts=True)
CONTROLS: Final = {
    "requeue at restart": (SENDING, "doubled"),
    "no sending mark": (SENDING, "doubled"),
    "a draft is saved when the form is left": (TYPING, "draft"),
    "a draft is saved every five seconds": (TYPING, "draft"),
    "what waited is forgotten at a restart": (SENDING, "lost"),
    "any 200 is sent": (PORTAL, "falsely_sent"),
    "what was unclear is believed at a restart": (PORTAL, "falsely_sent"),
    "what was sending is taken back at a restart": (SENDING, "falsely_withdrawn"),
    "a report is dated when it leaves": (SENDING, "wrong_bytes"),
    "every report has the first one's pictures": (SENDING, "wrong_bytes"),
    "what was sending is entered anew at a restart": (SENDING, "invented"),
    "no lanes": (PORTAL, "order"),
    "nothing is recovered at a restart": (SENDING, "stuck"),
    "the lock of one that was killed counts": (SENDING, "stuck"),
    "what was sending is held again at a restart": (SENDING, "complained"),
    "the store is left open": (SENDING, "left_behind"),
}
_CAUGHT: Final = Controls(CONTROLS, right=play, wrong=lambda *given: play(*given[:3]))


def caught(wrong: str) -> Caught | None:
    return _CAUGHT.caught(wrong)


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
