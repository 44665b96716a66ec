"""Rate-limit headers in every spelling that might come."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from zendera_desk.api.pace import limits, pause, retry_after
from zendera_desk.domain.limits import Limits

EXPECTED = Limits(limit=1000, remaining=812, reset_after=timedelta(minutes=30))
DATE = "Thu, 11 Jun 2026 14:00:00 GMT"
THEN = int(datetime(2026, 6, 11, 14, 30, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "headers",
    [
        {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "812", "X-RateLimit-Reset": "1800"},
        {"x-ratelimit-limit": "1000", "x-ratelimit-remaining": "812", "x-ratelimit-reset": str(THEN)},
        {"RateLimit-Limit": "1000, 1000;w=3600", "RateLimit-Remaining": "812", "RateLimit-Reset": "1800"},
        {"X-Rate-Limit-Limit": "1000", "X-Rate-Limit-Remaining": "812", "X-Rate-Limit-Reset": str(THEN * 1000)},
        {"X-RateLimit-Limit-Hour": "1000", "X-RateLimit-Remaining-Hour": "812", "RateLimit-Reset": "Thu, 11 Jun 2026 14:30:00 GMT"},
        {"RateLimit": "limit=1000, remaining=812, reset=1800"},
        {"RateLimit": '"default";r=812;t=1800', "RateLimit-Policy": '"default";q=1000;w=3600'},
    ],
)
def test_limits_are_read_in_every_spelling(headers: dict[str, str]) -> None:
    assert limits(httpx.Headers({"Date": DATE, **headers})) == EXPECTED


@pytest.mark.parametrize("headers", [{}, {"X-RateLimit-Limit": "many", "RateLimit": "?"}, {"X-RateLimit-Limit-Minute": "20"}])
def test_headers_that_say_nothing_are_no_limits(headers: dict[str, str]) -> None:
    assert limits(httpx.Headers(headers)) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("1.5", 1.5),
        ("Thu, 11 Jun 2026 14:02:00 GMT", 120),
        ("Thu, 11 Jun 2026 13:00:00 GMT", 0),
        ("999999999999999", 86400),
        ("-5", None),
        ("9" * 400, None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_when_to_come_back_is_seconds_or_a_date_by_the_senders_clock(text: str, seconds: float | None) -> None:
    wait = retry_after(httpx.Headers({"Retry-After": text, "Date": DATE}))

    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "30", "X-RateLimit-Reset": "1800"}, 1800),
        ({"Retry-After": "2000", "X-RateLimit-Reset": "1800"}, 2000),
        ({"RateLimit": "limit=1000, remaining=0, reset=90"}, 90),
        ({"Retry-After": "30"}, 30),
    ],
)
def test_whoever_met_the_limit_waits_for_the_longer_of_both_headers(headers: dict[str, str], wait: int) -> None:
    assert pause(httpx.Headers(headers)) == timedelta(seconds=wait)


def test_without_a_word_there_is_no_pause() -> None:
    assert pause(httpx.Headers({})) is None
