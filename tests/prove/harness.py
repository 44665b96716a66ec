"""What a proof is made of: runs by seed, what was bad in them, and wrong programs that the same runs must catch.

A harness is one module here (days.py, powercuts.py, …) with a `HARNESS`. Its tests run a subset; `python -m prove` gives each
its share of the minutes and writes one figure a line (campaign.py).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(kw_only=True)
class Result:
    """Of one run. Sent between processes: plain data only."""

    seed: int
    bad: Counter[str] = field(default_factory=Counter)
    """What should not have happened, by a short name; empty for a good run."""
    counts: Counter[str] = field(default_factory=Counter)
    """What did happen: that a zero is about something. Added up over all runs."""
    words: list[str] = field(default_factory=list)
    """What is bad, for whoever mends it."""


class Caught(NamedTuple):
    """How a wrong program was caught."""

    after: int
    """Runs."""
    by: tuple[str, ...]
    """What was bad, by the names of `Result.bad`."""


def _nothing(_counts: Counter[str]) -> dict[str, Any]:
    return {}


def _no_more(_counts: Counter[str]) -> Counter[str]:
    return Counter()


@dataclass(frozen=True, kw_only=True)
class Harness:
    """All functions stand at the top of a module: they are called in other processes."""

    name: str
    run: Callable[[int], Result]
    """One run. The same seed is the same run, as far as it can be. Cleans up after itself, whatever happens."""
    figures: Mapping[str, tuple[str, ...]]
    """Under which name of a figure which kinds of `Result.bad` are counted. Every kind belongs to one."""
    controls: tuple[str, ...]
    """Names of wrong programs, or of wrong settings."""
    caught: Callable[[str], Caught | None]
    """When the runs say that this wrong program is wrong, and that the right one is not; None: never."""
    assumptions: tuple[str, ...]
    """Under what the zeros hold."""
    goal: int
    """Runs of the long campaign."""
    share: float = 1.0
    """Of the campaign's time, beside the other harnesses."""
    at_once: int = 2
    """Runs that may go beside each other; 1 where time or memory is measured."""
    shown: Callable[[Counter[str]], dict[str, Any]] = _nothing
    """Of the added-up counts: facts that are shown with the figures, such as a share or a percentile."""
    overall: Callable[[Counter[str]], Counter[str]] = _no_more
    """What is bad about all runs together, such as a percentile that is too high: kinds as in `Result.bad`."""
