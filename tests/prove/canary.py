"""A name and a key that must not be found: the name after retention let it go, the key never, in no byte of anything.

The name: an office works some days with persons called like nobody else, in every place that a name can get to. Then the days of
the settings pass, with the real loops' steps on each, and every byte of the data folder is looked through, copies, logs and
pictures included. What must stay is looked for as well: a program that deletes too much would find no name either.

The key: the real program as a process, with everything going wrong that can (canary_key.py).
"""

import asyncio
import contextlib
import functools
import io
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from prove import canary_key, canary_wrong
from prove.canary_office import Office
from prove.harness import Caught, Harness, Result
from zendera_desk import logs

KEY_EVERY: Final = 5
"""One run of so many is about the key: it starts programs, and takes as long as several of the others."""


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="zendera-canary-") as name:
        folder = Path(name) / "data"
        folder.mkdir(mode=0o700)
        yield folder


@contextlib.contextmanager
def _logged(folder: Path) -> Iterator[None]:
    """The program's own log in the folder; not on the screen, and not before those who run this."""
    ours, root = logging.getLogger("zendera_desk"), logging.getLogger()
    before = set(root.handlers)
    end = logs.start(folder)
    mine = [handler for handler in root.handlers if handler not in before]
    ours.propagate, level = False, ours.level
    ours.setLevel(logging.INFO)
    for handler in mine:
        ours.addHandler(handler)
    try:
        yield
    finally:
        for handler in mine:
            ours.removeHandler(handler)
        ours.propagate = True
        ours.setLevel(level)
        end()


def live_through(seed: int) -> Result:
    """One office whose days pass."""
    with _folder() as folder:
        office = Office(seed, folder)
        with _logged(folder), contextlib.redirect_stderr(io.StringIO()):
            result, missing = asyncio.run(office.live())
        closed = office.look()
    result.bad.update(closed.bad)
    result.bad.update({"gone_too_much": len(missing)} if missing else {})
    result.seed = seed
    result.words += [*closed.words, *(f"gone, and should have stayed: {what}" for what in missing)]
    result.counts["names"] += 1
    return result


def run(seed: int) -> Result:
    return canary_key.live_through(seed // KEY_EVERY) if seed % KEY_EVERY == KEY_EVERY - 1 else live_through(seed)


TRIED: Final = (4, 6, 8, 11, 12, *range(40))
"""Seeds within which a wrong program must be caught: those of short settings first, with fewer days to live through."""

_right = functools.cache(live_through)


def caught(control: str) -> Caught | None:
    if control in canary_key.WRONG:
        return canary_key.caught(control)
    for after, seed in enumerate(TRIED, start=1):
        with canary_wrong.mutated(control):
            bad = live_through(seed).bad
        if canary_wrong.SEEN_AS[control] in bad and not _right(seed).bad:
            return Caught(after, tuple(sorted(bad)))
    return None


HARNESS: Final = Harness(
    name="canaries",
    run=run,
    figures={
        "canary_name_found": ("name_in_database", "name_in_wal", "name_in_copies", "name_in_pictures", "name_in_logs", "name_elsewhere"),
        "canary_name_gone_too_much": ("gone_too_much",),
        "canary_key_found": canary_key.KINDS,
    },
    controls=(*canary_wrong.WRONG, *canary_key.WRONG),
    caught=caught,
    assumptions=(
        "looked for in the files of the data folder (of the key: in all that the program and its children wrote or were given)",
        "blocks that the file system has given up, swap and SQLite's temporary files are the disk's own matter",
        "the name is gone when its days are over, the program was open on such a day, and nobody typed for five minutes",
        "the days of a shipment that nobody reported are over a month after its time at the earliest",
        "core dumps are off, as on an ordinary PC",
        "this process's own environment keeps the key that it was started with, as the system shows it",
    ),
    goal=2_000,
    share=0.5,
)
