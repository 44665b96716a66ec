"""What an answer's headers say about the hourly limit, and about when to come back.

Zendera's documentation promises rate-limit headers and does not name them, so every common spelling is read:
`X-RateLimit-Limit`, `RateLimit-Remaining`, `X-Rate-Limit-Reset-Hour`, and the two drafts of the IETF that put all in one.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from zendera_desk.domain.limits import Limits

_NAME: Final = re.compile(r"(?:x-)?rate-?limit-(limit|remaining|reset)(?:-hour)?", re.IGNORECASE)
_ALL_IN_ONE: Final = re.compile(r"(?:x-)?rate-?limit(?:-policy)?", re.IGNORECASE)
_PART: Final = re.compile(r"\b(limit|remaining|reset|q|r|t)=\"?([0-9]{1,15})")
_SHORT: Final = {"q": "limit", "r": "remaining", "t": "reset"}
_LONGEST: Final = timedelta(days=1)


def limits(headers: Mapping[str, str]) -> Limits | None:
    """None where no header says anything."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        if "rate" not in name.lower():
            continue
        if match := _NAME.fullmatch(name):
            found[match[1].lower()] = value.strip()
        elif _ALL_IN_ONE.fullmatch(name):
            for part, number in _PART.findall(value):
                found.setdefault(_SHORT.get(part, part), number)
    said = Limits(
        limit=_number(found.get("limit", "")),
        remaining=_number(found.get("remaining", "")),
        reset_after=_wait(found.get("reset", ""), headers),
    )
    return None if said == Limits() else said


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    return _wait(headers.get("Retry-After", ""), headers)


def pause(headers: Mapping[str, str]) -> timedelta | None:
    """How long whoever met the limit is asked to wait: the longer of what the two kinds of headers say."""
    said = limits(headers)
    waits = (retry_after(headers), None if said is None else said.reset_after)
    return max((wait for wait in waits if wait is not None), default=None)


def _number(text: str) -> int | None:
    """The first of a list: "1000, 1000;w=3600" is the limit and the window it counts in."""
    number = re.match(r"[0-9]{1,15}(?=[,; ]|$)", text)
    return int(number[0]) if number else None


def _wait(text: str, headers: Mapping[str, str]) -> timedelta | None:
    """Seconds from now, seconds since 1970, or an HTTP date; never negative, at most a day."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,9})?", text):
        seconds = float(text)
        if seconds > 1e9:  # a moment, not a wait of thirty years; beyond 1e11 in milliseconds
            seconds = seconds / (1000 if seconds > 1e11 else 1) - _now(headers).timestamp()
        return timedelta(seconds=min(max(seconds, 0.0), _LONGEST.total_seconds()))
    moment = _http_date(text)
    return None if moment is None else min(max(moment - _now(headers), timedelta()), _LONGEST)


def _now(headers: Mapping[str, str]) -> datetime:
    """By the sender's clock where it tells, since the dates are its own and this PC's clock may be wrong."""
    return _http_date(headers.get("Date", "")) or datetime.now(UTC)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
