"""The smallest harness: for the tests of campaign.py."""

import tempfile
import time
from collections import Counter
from typing import Any, Final

from prove.harness import Caught, Harness, Result


def run(seed: int) -> Result:
    return Result(seed=seed, counts=Counter(tossed=1, heads=seed % 2))


def run_badly(seed: int) -> Result:
    bad = Counter(lost=1) if seed == 7 else Counter[str]()
    return Result(seed=seed, bad=bad, counts=Counter(tossed=1), words=["it fell off the table"] if bad else [])


def run_in_a_room(seed: int) -> Result:
    """Made once a process, and left by it; one toss is so bad that it ends the campaign while the others are tossed."""
    if not _ROOMS:
        _ROOMS.append(tempfile.TemporaryDirectory(prefix="zendera-coin-"))
    with tempfile.TemporaryDirectory(prefix="zendera-coin-"):
        if seed == 0:
            raise ValueError("the coin is gone")
        time.sleep(5)
    return run(seed)


_ROOMS: Final[list[Any]] = []


def caught(_control: str) -> Caught | None:
    return Caught(3, ("lost",))


def missed(_control: str) -> Caught | None:
    return None


def shown(counts: Counter[str]) -> dict[str, Any]:
    return {"heads": counts["heads"] / counts["tossed"]}


def overall(counts: Counter[str]) -> Counter[str]:
    return Counter(lopsided=1) if counts["tossed"] > 20 and not counts["heads"] else Counter()


def harness(**changed: Any) -> Harness:  # noqa: ANN401
    facts: dict[str, Any] = {
        "name": "coin",
        "run": run,
        "figures": {"coin_lost": ("lost",)},
        "controls": ("a hole in the pocket",),
        "caught": caught,
        "assumptions": ("the table is flat",),
        "goal": 30,
        "shown": shown,
        "overall": overall,
    }
    return Harness(**facts | changed)


HARNESS: Final = harness()
