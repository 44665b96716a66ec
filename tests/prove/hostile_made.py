"""How a hostile answer is made up so far: what it is, what it may lead to, and what was done to it."""

import random
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from prove.hostile_line import Script
from prove.hostile_values import Row

READS: Final = ("export", "feed", "timeline")
SENDS: Final = ("accept", "report")


class Truth(StrEnum):
    GOOD = "good"
    """Zendera understood and said so, whole: whoever does not believe it doubts without need."""
    BAD = "bad"
    """Nothing follows from it: whoever takes it for an answer says something that nobody knows."""
    OPEN = "open"
    """One may see it this way or that."""


@dataclass(kw_only=True)
class Made:
    call: str
    script: Script
    truth: Truth = Truth.GOOD
    rows: list[Row] | None = None
    """What the page holds, where that can be told for certain."""
    how: list[str] = field(default_factory=list)
    """What was done to it."""

    def happened(self, what: str, truth: Truth = Truth.GOOD) -> None:
        self.how.append(what)
        if Truth.OPEN in {truth, self.truth}:
            self.truth = Truth.OPEN
        elif truth is Truth.BAD:
            self.truth = Truth.BAD


def noise(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        place = rng.randint(0, len(changed))
        match rng.randrange(4):
            case 0 if place < len(changed):
                changed[place] ^= 1 << rng.randrange(8)
            case 1:
                changed[place:place] = rng.randbytes(rng.choice((1, 3, 50)))
            case 2:
                del changed[place : place + rng.choice((1, 5, 100))]
            case _:
                changed[place:place] = changed[max(0, place - 20) : place]
    return bytes(changed)
