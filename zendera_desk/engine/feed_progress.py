"""How far catching up with the feed has come, and about how many changes there may be: the feed itself does not say.

It comes by its times, more or less: who has read 12,400 changes of the first third of the time that is missing will read some 40,000.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from zendera_desk.domain.feed import NewChange
from zendera_desk.store.database import maybe_ms, to_ms

_TOLD_FROM: Final = 0.02
"""Less of the missing time than this tells nothing about the rest."""


class FeedProgress:
    """Of one catching up; `begin` starts the next."""

    def __init__(self) -> None:
        self.read = 0
        self.about: int | None = None
        self._first: int | None = None
        self._last: int | None = None

    def begin(self, since: datetime | None) -> None:
        self.read, self.about = 0, None
        self._first = self._last = maybe_ms(since)

    def took(self, changes: Sequence[NewChange], now: datetime) -> None:
        self.read += len(changes)
        until = to_ms(now)
        times = [change.at for change in changes if change.at <= until]
        if times:
            first, last = min(times), max(times)
            self._first = first if self._first is None else self._first
            self._last = last if self._last is None else max(self._last, last)
        self.about = self._estimate(until)

    def _estimate(self, now: int) -> int | None:
        if self._first is None or self._last is None or now <= self._first:
            return None
        part = (self._last - self._first) / (now - self._first)
        return None if part < _TOLD_FROM else max(self.read, _round(self.read / part))


def _round(number: float) -> int:
    """To two figures: 39,612 is "about 40,000"."""
    whole = round(number)
    unit = int("1" + "0" * max(0, len(str(whole)) - 2))
    return round(whole / unit) * unit
