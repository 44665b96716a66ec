"""When a picture was taken, as far as the program that named its file says so. A suggestion for a person, so doubt means none.

Cameras, chats and scanners write the time into the name; so do people. A number that merely could be a day is not one: order
numbers begin with a year as well.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

_LONGEST: Final = 300
"""Letters of a name that are looked at. File systems take 255."""

_NAMED_BY: Final = r"(?:IMG|VID|SCAN|SCANNED|DOC|DOK|FOTO|PHOTO|IMAGE|PICTURE|BILD|BILDE|BILLEDE)"
_LATER: Final = (
    r"(?:[ _T,-]{1,3}(?P<packed>[0-9]{6})(?![0-9])"
    r"|[^0-9]{1,10}(?P<hour>[0-9]{1,2})(?P<point>[.:_-])(?P<minute>[0-9]{2})(?P=point)(?P<second>[0-9]{2})(?![0-9])"
    r"(?:[ _\u00a0\u202f]?(?P<half>[AP])M)?)?"
)
"""The time behind a day, if one is there: 143205, 14.32.05, at 2.32.05 PM."""

_SHAPES: Final = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        # PXL_20261121_133205123, IMG_20261121_143205, 20261121_143205(0), Screenshot_20261121-143205
        r"(?P<utc>PXL)?(?<![0-9])[-_]?(?<![0-9])(?P<day>20[0-9]{6})[-_](?P<packed>[0-9]{6})(?:[0-9]{3})?(?![0-9])",
        # IMG20261121143205: run together by two makers of phones; from anybody else fourteen digits are a number
        r"(?<![A-Z])(?:IMG|VID)_?(?P<day>20[0-9]{6})(?P<packed>[0-9]{6})(?![0-9])",
        # IMG-20261121-WA0003, Scan_20261121_001; and a name that is a day and nothing else
        rf"\A{_NAMED_BY}[-_ ]?(?P<day>20[0-9]{{6}})(?:[-_ ](?:WA)?[0-9]{{1,4}})?(?: ?\([0-9]+\))?(?:\.[a-z]+)?\Z",
        r"\A(?P<day>20[0-9]{6})(?: ?\([0-9]+\))?(?:\.[a-z]+)?\Z",
        # 2026-11-21 14.32.05, WhatsApp Image 2026-11-21 at 14.32.05, signal-2026-11-21-143205
        rf"(?<![0-9])(?P<year>20[0-9]{{2}})(?P<dash>[-_.])(?P<month>[0-9]{{2}})(?P=dash)(?P<of_month>[0-9]{{2}})(?![0-9]){_LATER}",
        # Scan_21.11.2026: with points the day comes first everywhere; with dashes it depends on the country, so it is none
        rf"(?<![0-9.])(?P<of_month>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>20[0-9]{{2}})(?!\.?[0-9]){_LATER}",
    )
)


def day_of(name: str) -> date | datetime | None:
    """A day, or a moment where the name has a time: naive as the clock showed, or in UTC where its maker is known to write that.

    None where there is no day, where several differ, and where it may as well be another number. From 2000 to 2099; never raises.
    """
    last = re.split(r"[/\\]", name[-_LONGEST:])[-1]
    found = list(dict.fromkeys(_found(last)))
    moments = [moment for moment in found if isinstance(moment, datetime)]
    if len({(moment.year, moment.month, moment.day) for moment in found}) != 1 or len(moments) > 1:
        return None
    return moments[0] if moments else found[0]


def _found(name: str) -> Iterator[date | datetime]:
    for shape in _SHAPES:
        for match in shape.finditer(name):
            parts = match.groupdict()
            if parts.get("day"):
                year, month, day = parts["day"][:4], parts["day"][4:6], parts["day"][6:]
            else:
                year, month, day = parts["year"], parts["month"], parts["of_month"]
            try:
                yield _moment(date(int(year), int(month), int(day)), parts)
            except ValueError:  # no such day: then it is another number
                continue


def _moment(day: date, parts: dict[str, str | None]) -> date | datetime:
    """Raises ValueError for a time that there is not: what has such a time may be no day either."""
    if packed := parts.get("packed"):
        hour, minute, second = int(packed[:2]), int(packed[2:4]), int(packed[4:])
    elif text := parts.get("hour"):
        hour, minute, second = int(text), int(parts["minute"] or ""), int(parts["second"] or "")
    else:
        return day
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + 12 * (half in "pP")
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC if parts.get("utc") else None)
