"""The key's hourly limit: so many calls in each hour, counted from the first one, and the headers that say so."""

from collections.abc import Callable
from datetime import datetime, timedelta

from zendera_desk.simulator.answers import Answer, json_answer

_HOUR = timedelta(hours=1)


class HourlyLimit:
    def __init__(self, limit: int, now: Callable[[], datetime]) -> None:
        self.limit = limit
        self._now = now
        self._ends = now() + _HOUR
        self._used = 0

    def take(self) -> Answer | None:
        """Counts a call. Returns the 429 when the hour has none left."""
        if self._now() >= self._ends:
            self._ends, self._used = self._now() + _HOUR, 0
        if self._used < self.limit:
            self._used += 1
            return None
        return json_answer({"error": "Rate limit exceeded", "code": "RATE_001"}, 429, (("retry-after", str(self._seconds_left())),))

    def headers(self) -> tuple[tuple[str, str], ...]:
        return (
            ("x-ratelimit-limit", str(self.limit)),
            ("x-ratelimit-remaining", str(max(0, self.limit - self._used))),
            ("x-ratelimit-reset", str(self._seconds_left())),
        )

    def _seconds_left(self) -> int:
        return max(1, round((self._ends - self._now()).total_seconds()))
