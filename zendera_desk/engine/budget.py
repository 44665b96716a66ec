"""One hourly budget of calls per key, shared by everything: sends first.

A sliding hour by the monotonic clock, 1,000 calls unless the answers' headers say otherwise. The feed stops 250 calls early, the
export 200, read-backs 100: those are left to what matters more. What the headers say remains is believed when it is less than
our own count, because another desk may use the same key.
"""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from typing import Final

from zendera_desk.domain.limits import Limits

HOUR: Final = 3600.0
STANDARD: Final = 1000


class Purpose(StrEnum):
    SEND = "send"
    READ_BACK = "read_back"
    EXPORT = "export"
    FEED = "feed"


LEFT_TO_BETTERS: Final = {Purpose.SEND: 0.0, Purpose.READ_BACK: 0.1, Purpose.EXPORT: 0.2, Purpose.FEED: 0.25}
"""The share of the hour's calls that a purpose must leave alone: of 1,000 the feed leaves 250, the export 200, questions 100."""

SHARE: Final = {Purpose.EXPORT: 0.35, Purpose.FEED: 0.35}
"""How much of what polls may use each of them plans with."""


class Budget:
    """Seconds are monotonic."""

    def __init__(self, limit: int = STANDARD, desks: int = 1) -> None:
        self.desks = max(1, desks)
        """How many share the key: each keeps to its part, so that together they keep to the whole."""
        self.whole = limit
        """Calls an hour of the key."""
        self._calls: deque[float] = deque()
        self._elsewhere: tuple[float, int] | None = None

    @property
    def limit(self) -> int:
        """Calls an hour for this desk."""
        return max(1, self.whole // self.desks)

    def load(self, calls: Iterable[float]) -> None:
        """The moments of the last hour's calls, from before this start."""
        self._calls.extend(sorted(calls))

    def heard(self, limits: Limits, now: float) -> None:
        """What an answer's headers said."""
        if limits.limit:
            self.whole = limits.limit
        if limits.remaining is not None:
            reset = limits.reset_after or timedelta(seconds=HOUR)
            self._elsewhere = (now + min(reset.total_seconds(), HOUR), limits.remaining)

    def spend(self, now: float) -> None:
        self._calls.append(now)
        if self._elsewhere:
            until, remaining = self._elsewhere
            self._elsewhere = (until, max(0, remaining - 1))

    def refund(self, spent: float) -> None:
        """The call of this moment never reached Zendera, so it does not count there either."""
        with suppress(ValueError):  # it was more than an hour ago
            self._calls.remove(spent)
        if self._elsewhere:
            until, remaining = self._elsewhere
            self._elsewhere = (until, remaining + 1)

    def left(self, now: float) -> int:
        """Calls that may still be made this hour."""
        self._forget(now)
        left = self.limit - len(self._calls)
        if self._elsewhere:
            left = min(left, self._elsewhere[1])
        return max(0, left)

    def free_at(self, purpose: Purpose, now: float) -> float | None:
        """None when a call for this purpose may be made now, else the moment when it may."""
        reserve = int(self.limit * LEFT_TO_BETTERS[purpose])
        if self.left(now) > reserve:
            return None
        moments = [now + 1.0]
        over = len(self._calls) - (self.limit - reserve) + 1
        if over > 0:
            moments.append(self._calls[min(over, len(self._calls)) - 1] + HOUR)
        if self._elsewhere and self._elsewhere[1] <= reserve:
            moments.append(self._elsewhere[0])
        return max(moments)

    def pace(self, purpose: Purpose, calls: int, base: timedelta, now: float, fair: timedelta | None = None) -> timedelta:
        """How long to wait between two polls of `calls` calls each: `base`, longer where that would outrun the budget.

        `fair`: what their share of it allows, where somebody knows better than that they come evenly.
        """
        if fair is None:
            for_polls = self.limit * (1 - LEFT_TO_BETTERS[purpose])
            fair = timedelta(seconds=HOUR * calls / max(1.0, for_polls * SHARE[purpose]))
        used = 1 - self.left(now) / self.limit
        stretch = 1.0 if used < 0.5 else 1 + 6 * (used - 0.5)
        return max(base, fair) * stretch

    def _forget(self, now: float) -> None:
        while self._calls and self._calls[0] <= now - HOUR:
            self._calls.popleft()
        if self._elsewhere and self._elsewhere[0] <= now:
            self._elsewhere = None
