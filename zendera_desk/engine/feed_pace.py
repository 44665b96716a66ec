"""How often the feed is looked at: often while somebody is at the desk and things happen, seldom while nobody looks.

Polls of the feed have a share of the hour's calls. At an even pace that is one call in some 14 s. What quiet times leave
of the share may be spent later on: then it is looked sooner, until nothing is left over.
"""

from collections import deque
from datetime import timedelta
from enum import StrEnum
from typing import Final

from zendera_desk.engine.budget import HOUR, LEFT_TO_BETTERS, SHARE, Budget, Purpose

HERE: Final = 120.0
"""Seconds since a person last did something at the desk: so long they are taken to be looking."""
LIVELY: Final = 300.0
"""Seconds since the last change or send: so long more may follow at any moment."""
SOON: Final = 5.0
"""Seconds at least between two looks that nobody asked for."""
SPENT_OVER: Final = 1800.0
"""Seconds over which the part of the share that is left may be spent."""


class Pace(StrEnum):
    QUICK = "quick"
    STEADY = "steady"
    RESTING = "resting"


_BASES: Final = {
    Pace.QUICK: timedelta(seconds=SOON),
    Pace.STEADY: timedelta(seconds=15),
    Pace.RESTING: timedelta(seconds=60),
}


class FeedPace:
    """All moments are monotonic seconds. A desk that just started is taken to be looked at."""

    def __init__(self, now: float) -> None:
        self._used_at = now
        self._stirred_at = now
        self._hidden = False
        self._looks: deque[float] = deque()

    def used(self, now: float) -> bool:
        """A person did something at the desk. Says whether that wakes it up."""
        return self._awake(now, hidden=self._hidden)

    def hidden(self, now: float, *, hidden: bool) -> bool:
        """The window was minimised, or came back. Says whether that wakes it up."""
        if hidden:
            self._hidden = True
            return False
        return self._awake(now, hidden=False)

    def _awake(self, now: float, *, hidden: bool) -> bool:
        rested = self.pace(now) is Pace.RESTING
        self._used_at, self._hidden = now, hidden
        return rested and self.pace(now) is not Pace.RESTING

    def stirred(self, now: float) -> None:
        """A change came, or something was sent."""
        self._stirred_at = now

    def looked(self, now: float) -> None:
        self._looks.append(now)

    @property
    def may_look_from(self) -> float:
        """Before this moment it was looked only just now."""
        return self._looks[-1] + SOON if self._looks else 0.0

    def pace(self, now: float) -> Pace:
        if self._hidden or now - self._used_at > HERE:
            return Pace.RESTING
        return Pace.QUICK if now - self._stirred_at <= LIVELY else Pace.STEADY

    def base(self, now: float) -> timedelta:
        return _BASES[self.pace(now)]

    def fair(self, budget: Budget, now: float) -> timedelta:
        """The least that its share of the hour allows now."""
        while self._looks and self._looks[0] <= now - HOUR:
            self._looks.popleft()
        share = max(1.0, budget.limit * (1 - LEFT_TO_BETTERS[Purpose.FEED]) * SHARE[Purpose.FEED])
        even = HOUR / share
        left = share - len(self._looks)
        return timedelta(seconds=even if left <= 0 else min(even, SPENT_OVER / left))
