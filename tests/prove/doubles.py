"""Sends that take effect hours after they were given up: nothing can keep them from being there twice, but a person is always told.

The same days as in days.py under a weaker assumption. What Zendera did not show when it was asked goes again, by itself or because a
person says so, and then the first one arrives after all. An hour and a day after such a send the timeline is read once more. So
each day has a tail: an hour in which the program stays open, a night, and a look at the screen on the next day.
"""

import asyncio
import contextlib
import functools
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from unittest import mock

from prove.days import HOUR, Assumptions, History, Life, assumptions, folder_root, quiet
from prove.harness import Caught, Harness, Result
from prove.line import Line
from zendera_desk.desk import Desk
from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.recognition import fits
from zendera_desk.engine import verify
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.store import afresh, audits

LATEST: Final = 20 * HOUR
LATE: Final = (0.5 * HOUR, LATEST)
"""Seconds within which a send takes effect after its attempt ended: half of the days have the shorter time."""
ASSUMED: Final = Assumptions(late=LATEST, crash=0.005, clock=0.0)
SENDS: Final = ("delayed", "delayed_503", "delayed", "delayed_503", "lost_answer", "lost_request")
CHANCE: Final = 0.6
"""That one of these becomes of a report."""
EVENING: Final = 1.2 * HOUR
"""The program stays open so long: until the look after an hour."""
NIGHT: Final = 23.5 * HOUR
MORNING: Final = 0.7 * HOUR

JUDGED: Final = ("untold_double", "told_for_nothing")
"""Everything else that the judge knows is promised, and shown by the other days, where sends are not as late as this."""


class LateLine(Line):
    def _trouble(self, endpoint: Endpoint) -> str:
        if endpoint is Endpoint.UPDATE and self._time.elapsed < self._weather.until and self._rng.random() < CHANCE:
            return self._rng.choice(SENDS)
        return super()._trouble(endpoint)


class LateDay(History):
    def __init__(self, seed: int, folder: Path) -> None:
        super().__init__(seed, ASSUMED, folder, whole=True)
        self._trusted_after = self._rng.choice((0, 0, 0, 20))
        self._weather = replace(self._weather, chance=0.1, late=self._rng.choice(LATE), closed_timeline=[])

    def line(self) -> Line:
        return LateLine(self.simulator, self.judge, self.time, self._weather, self._rng, self.crash_point)

    def afterwards(self) -> None:
        self.live(lambda life: _looks(life, EVENING))
        self.wait(NIGHT)
        self.live(lambda life: _looks(life, MORNING))
        self.judge.tell_doubles()


async def _looks(life: Life, seconds: float) -> bool:
    """Somebody opens the program, looks at it now and then, and closes it."""
    history = life.history
    desk = await life.open()
    until = history.time.elapsed + seconds
    while history.time.elapsed < until:
        await asyncio.sleep(600)
        await _reads_what_is_there_twice(desk, history)
    await desk.close()
    return True


async def _reads_what_is_there_twice(desk: Desk, history: History) -> None:
    """Told is what stands on a card and in the status line as well. Who has seen the two must be told of a third."""
    on_cards = [line.entry for line in await desk.outbox(1000) if line.entry.is_doubled]
    if len(on_cards) != (await desk.status()).doubled:
        return
    for entry in on_cards:
        history.judge.told_twice(entry.id, len(entry.twice))
        if entry.id % 2:
            await desk.see_twice(entry.id)


def run(seed: int) -> Result:
    with quiet(), tempfile.TemporaryDirectory(prefix="zendera-days-", dir=folder_root()) as folder:
        result = LateDay(seed, Path(folder)).run()
    result.bad = Counter({kind: count for kind, count in result.bad.items() if kind in JUDGED})
    result.words = [words for words in result.words if any(f" {kind}: " in words for kind in JUDGED)]
    return result


# Wrong programs


def _no_look_after_a_day(patches: contextlib.ExitStack) -> None:
    for module in (audits, afresh):
        patches.enter_context(mock.patch.object(module, "AUDITS", audits.AUDITS[:1]))


def _counts_no_further_than_two(patches: contextlib.ExitStack) -> None:
    """A person who has seen the two is not told of the third."""
    right = audits.show_twice

    def show_twice(conn: Any, entry_id: Any, noted: Sequence[datetime]) -> bool:  # noqa: ANN401
        return right(conn, entry_id, noted[:2])

    patches.enter_context(mock.patch.object(audits, "show_twice", show_twice))


def _one_match_is_two(patches: contextlib.ExitStack) -> None:
    def twice(entry: Entry, events: Iterable[TimelineEvent], _entries: Iterable[Entry]) -> tuple[datetime, ...]:
        return tuple(event.noted_at or event.at or entry.made_at for event in events if fits(entry, event))

    patches.enter_context(mock.patch.object(verify, "twice", twice))


WRONG: Final[dict[str, Callable[[contextlib.ExitStack], None]]] = {
    "no look after a day": _no_look_after_a_day,
    "counts no further than two": _counts_no_further_than_two,
    "one match is two": _one_match_is_two,
}
SEEN_AS: Final = {
    "no look after a day": "untold_double",
    "counts no further than two": "untold_double",
    "one match is two": "told_for_nothing",
}
TRIED: Final = (5, 2, *range(40))
"""Seeds within which a wrong program must be caught. On the sixth day something is there three times."""

_right = functools.cache(run)


@contextlib.contextmanager
def mutated(name: str) -> Iterator[None]:
    with contextlib.ExitStack() as patches:
        WRONG[name](patches)
        yield


def caught(control: str) -> Caught | None:
    for after, seed in enumerate(TRIED, start=1):
        with mutated(control):
            bad = run(seed).bad
        if SEEN_AS[control] in bad and not _right(seed).bad:
            return Caught(after, tuple(sorted(bad)))
    return None


def shown(counts: Counter[str]) -> dict[str, Any]:
    return {"doubles": counts["doubles"]}


HARNESS: Final = Harness(
    name="doubles",
    run=run,
    figures={
        "days_doubles_not_told": ("untold_double",),
        "days_doubles_told_for_nothing": ("told_for_nothing",),
    },
    controls=tuple(WRONG),
    caught=caught,
    assumptions=(
        *assumptions(ASSUMED)[:3],
        "the timeline may be read, the clock is right, and the program is open an hour and a day after the send",
    ),
    goal=10_000,
    share=0.5,
    shown=shown,
)
