"""Times as they are typed at the desk: `1430`, `y1430`, `d1430`, `0611 1430`, and what each of them means.

A time is never invented. What was not typed is either said (`assumed`: today, the year, which of the two hours when the
clock goes back) or refused. What stands in a draft must mean the same tomorrow: `pinned` spells a short time out.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

import msgspec

TROUBLES: Final = ("empty", "unreadable", "no_hour", "no_such_time", "no_such_day", "no_planned_day", "dst_gap", "far_away")
"""Every `TimeTrouble.code`."""

ASSUMED: Final = ("pc_clock", "today", "yesterday", "planned_day", "year", "dst_first", "dst_second")
"""Every code in `ReadTime.assumed`."""

_CLOCK: Final = re.compile(r"(?:(?P<h>[0-9]{1,2})[.:](?P<m>[0-9]{2})|(?P<hm>[0-9]{3,4}))")
_DAY: Final = re.compile(
    r"(?:(?P<d>[0-9]{1,2})[./-](?P<mo>[0-9]{1,2})(?:[./-](?P<y>[0-9]{4}|[0-9]{2})?)?"
    r"|(?P<packed>[0-9]{4}(?:[0-9]{2}|[0-9]{4})?))"
)
_ISO: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[t ](?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r" ?(?P<offset>z|[+-][0-9]{2}:?[0-9]{2})?"
)
_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ReadTime(msgspec.Struct, frozen=True, kw_only=True):
    """`at` is aware, UTC, whole milliseconds. `assumed` says what the person did not type."""

    at: datetime
    assumed: tuple[str, ...] = ()


class TimeTrouble(msgspec.Struct, frozen=True, kw_only=True):
    code: str


class _UnreadError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_time(text: str, now: datetime, zone: tzinfo, planned: date | None = None) -> ReadTime | TimeTrouble:
    """What `text` means at this desk. `now` is aware; `planned` is the day of the stop, for `d1430`."""
    words = " ".join(text.lower().split())
    try:
        read = _read(words, now.astimezone(zone), zone, planned)
        _near(read.at.astimezone(zone).date())
        return read
    except _UnreadError as unread:
        return TimeTrouble(code=unread.code)


def pinned(text: str, now: datetime, zone: tzinfo, planned: date | None = None) -> str:
    """The same time spelled out, so that it means the same on any later day: `21.11.26 14:30`. What cannot be read stays as typed.

    A time from this PC's clock keeps its `t` in front, so that the form can go on saying so.
    """
    match read_time(text, now, zone, planned):
        case ReadTime(at=at, assumed=assumed):
            return ("t " if "pc_clock" in assumed else "") + _spelled(at, zone)
        case _:
            return text


def step(text: str, minutes: int, now: datetime, zone: tzinfo, planned: date | None = None) -> str:
    """The time so many minutes later, spelled out. A text that is no time stays as it is: there is nothing to count from."""
    match read_time(text, now, zone, planned):
        case ReadTime(at=at):
            later = at + timedelta(minutes=minutes)
            return _spelled(later, zone) if 2000 <= later.astimezone(zone).year <= 2099 else text
        case _:
            return text


def _read(words: str, now: datetime, zone: tzinfo, planned: date | None) -> ReadTime:
    if not words:
        raise _UnreadError("empty")
    if words in {"y", "d"}:
        raise _UnreadError("no_hour")
    if words == "t":
        return ReadTime(at=_stamp(now.replace(second=0, microsecond=0)), assumed=("pc_clock",))
    if words[0] in "tyd":
        return _lettered(words[0], words[1:].lstrip(), now, zone, planned)
    if _CLOCK.fullmatch(words):
        return _placed(now.date(), words, now, zone, ("today",))
    return _dated(words, now, zone)


def _lettered(letter: str, rest: str, now: datetime, zone: tzinfo, planned: date | None) -> ReadTime:
    if _CLOCK.fullmatch(rest):
        if letter == "d" and planned is None:
            raise _UnreadError("no_planned_day")
        days = {"t": now.date(), "y": now.date() - timedelta(days=1), "d": planned or now.date()}
        return _placed(days[letter], rest, now, zone, ({"t": "today", "y": "yesterday", "d": "planned_day"}[letter],))
    if letter == "t":  # as `pinned` writes it
        read = _dated(rest, now, zone)
        return ReadTime(at=read.at, assumed=("pc_clock",))
    raise _UnreadError("unreadable")


def _dated(words: str, now: datetime, zone: tzinfo) -> ReadTime:
    if iso := _ISO.fullmatch(words):
        return _from_iso(iso, now, zone)
    head, _, tail = words.rpartition(" ")
    if head and _CLOCK.fullmatch(tail) and (day := _DAY.fullmatch(head)):
        when, assumed = _day(day, now.date())
        return _placed(when, tail, now, zone, assumed)
    if _DAY.fullmatch(words) or _ISO_DAY.fullmatch(words):
        raise _UnreadError("no_hour")
    raise _UnreadError("unreadable")


def _from_iso(iso: re.Match[str], now: datetime, zone: tzinfo) -> ReadTime:
    try:
        naive = datetime.fromisoformat(f"{iso['day']}T{iso['clock']}")
        shift = datetime.strptime(iso["offset"].upper(), "%z").tzinfo if iso["offset"] else None
    except ValueError:
        raise _UnreadError("no_such_day" if _no_day(iso["day"]) else "no_such_time") from None
    _near(naive.date())
    return ReadTime(at=_stamp(naive.replace(tzinfo=shift))) if shift else _local(naive, now, zone, ())


def _no_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return True
    return False


def _day(found: re.Match[str], today: date) -> tuple[date, tuple[str, ...]]:
    packed = found["packed"]
    parts = (packed[:2], packed[2:4], packed[4:]) if packed else (found["d"], found["mo"], found["y"] or "")
    day, month, year = int(parts[0]), int(parts[1]), parts[2]
    if year:
        return _date(int(year) if len(year) == 4 else 2000 + int(year), month, day), ()
    # Without a year the nearest such day is meant: on 2 January "3112" was two days ago. The echo shows the year.
    near = [when for near in (-1, 0, 1) if (when := _maybe_date(today.year + near, month, day))]
    if not near:
        raise _UnreadError("no_such_day")
    return min(near, key=lambda when: abs(when - today)), ("year",)


def _date(year: int, month: int, day: int) -> date:
    if (when := _maybe_date(year, month, day)) is None:
        raise _UnreadError("no_such_day")
    _near(when)
    return when


def _maybe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _near(when: date) -> None:
    """Other centuries are typing errors, and the ends of the calendar overflow when a zone is applied to them."""
    if not 2000 <= when.year <= 2099:
        raise _UnreadError("far_away")


def _placed(day: date, clock: str, now: datetime, zone: tzinfo, assumed: tuple[str, ...]) -> ReadTime:
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise _UnreadError("unreadable")
    packed = found["hm"]
    hour, minute = (int(packed[:-2]), int(packed[-2:])) if packed else (int(found["h"]), int(found["m"]))
    if hour > 23 or minute > 59:
        raise _UnreadError("no_hour" if "today" in assumed and _maybe_date(2000, minute, hour) else "no_such_time")
    return _local(datetime.combine(day, time(hour, minute)), now, zone, assumed)


def _local(naive: datetime, now: datetime, zone: tzinfo, assumed: tuple[str, ...]) -> ReadTime:
    """The moment of a wall clock's time. Of the two when the clock goes back it is the later one that has been."""
    first, second = _stamp(naive.replace(tzinfo=zone, fold=0)), _stamp(naive.replace(tzinfo=zone, fold=1))
    if first == second:
        return ReadTime(at=first, assumed=assumed)
    if first > second:  # the clock skipped this time: the two folds lie crosswise around the gap
        raise _UnreadError("dst_gap")
    if second <= now:
        return ReadTime(at=second, assumed=(*assumed, "dst_second"))
    return ReadTime(at=first, assumed=(*assumed, "dst_first"))


def _stamp(at: datetime) -> datetime:
    whole = at.astimezone(UTC)
    return whole.replace(microsecond=whole.microsecond // 1000 * 1000)


def _spelled(at: datetime, zone: tzinfo) -> str:
    """As a person would write it, or with its offset where that would not be the whole truth."""
    local = at.astimezone(zone)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return local.isoformat(sep=" ") if twice or local.second or local.microsecond else local.strftime("%d.%m.%y %H:%M")
