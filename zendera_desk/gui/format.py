"""Numbers, times and foreign text as a person at the desk reads them.

The same everywhere: 24 hours, day before month, a thin space between thousands, and text from outside with its
control and direction characters made visible, so that nothing can pretend to be something else.
"""

import unicodedata
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import cache
from typing import Final

from zendera_desk.gui.words import mark, tr
from zendera_desk.gui.zone import LocalZone

_DAYS: Final = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
_THIN: Final = "\u202f"
"""A narrow space that never breaks: between thousands, and between a number and its unit."""
_COPIED: Final = 80
"""Letters of what was copied that are said: enough to see that it is the right thing."""
_LONGEST: Final = 4_000
_SPARE: Final = 200
"""Room for what is said about the rest, so that what was made visible twice is the same."""


@cache
def local_zone() -> LocalZone:
    """The zone of this PC, with its rules for summer time."""
    return LocalZone()


def when(moment: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A moment, as short as it stays clear: "14:32" today, "Mon 14:32" within six days, "21.11.26 14:32" beyond."""
    here = moment.astimezone(zone or local_zone())
    days = (here.date() - now.astimezone(zone or local_zone()).date()).days
    if days == 0:
        return f"{here:%H:%M}"
    if abs(days) < 7:
        return f"{tr(_DAYS[here.weekday()])} {here:%H:%M}"
    return f"{here:%d.%m.%y %H:%M}"


def day(moment: datetime, zone: tzinfo | None = None) -> str:
    """A day, with its year: "12.03.2026"."""
    return f"{moment.astimezone(zone or local_zone()):%d.%m.%Y}"


def full(moment: datetime, zone: tzinfo | None = None) -> str:
    """A moment with everything that could be asked: "Sat 21.11.2026 14:32:05 CET"."""
    here = moment.astimezone(zone or local_zone())
    return f"{tr(_DAYS[here.weekday()])} {here:%d.%m.%Y %H:%M:%S} {here.tzname() or ''}".rstrip()


def window(earliest: datetime | None, latest: datetime | None, now: datetime | None = None, zone: tzinfo | None = None) -> str:
    """A time window; the day is said once, and not at all when it is today. "" when both ends are open."""
    if earliest is None or latest is None:
        if earliest is not None:
            return tr("from {time}", time=_stamp(earliest, now, zone))
        return tr("by {time}", time=_stamp(latest, now, zone)) if latest is not None else ""
    end = latest.astimezone(zone or local_zone())
    same_day = earliest.astimezone(zone or local_zone()).date() == end.date()
    return f"{_stamp(earliest, now, zone)}–{f'{end:%H:%M}' if same_day else _stamp(latest, now, zone)}"


def _stamp(moment: datetime, now: datetime | None, zone: tzinfo | None) -> str:
    return when(moment, now, zone) if now is not None else f"{moment.astimezone(zone or local_zone()):%d.%m. %H:%M}"


def seconds(amount: float) -> str:
    """A wait: "8 s", "4 min", "2 h". Rounded up, so that it never says 0 while there is something left."""
    whole = max(0, -int(-amount // 1))
    if whole < 100:
        return f"{whole}{_THIN}s"
    if whole < 100 * 60:
        return f"{-(-whole // 60)}{_THIN}min"
    return f"{-(-whole // 3600)}{_THIN}h"


def count(number: int) -> str:
    """A whole number with its thousands apart: "12 345"."""
    return f"{number:,}".replace(",", _THIN)


def weight(kg: float | None) -> str:
    """Kilograms without the unit, which stands in the header: "12.5", "1 200". "" when unknown."""
    return "" if kg is None else _trimmed(f"{kg:,.1f}" if abs(kg) >= 10 else f"{kg:,.2f}")


def number(value: float | None) -> str:
    """Any measure: up to three decimals, none that say nothing. "" when unknown."""
    return "" if value is None else _trimmed(f"{value:,.3f}")


def money(amount: Decimal | None, currency: str = "") -> str:
    """An amount with two decimals, more only where Zendera sent more: "1 250.00 NOK". "" when there is none."""
    if amount is None:
        return ""
    if not amount.is_finite():
        return visible(f"{amount} {currency}".strip())
    exponent = amount.as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{amount:,.{min(decimals, 9)}f}".replace(",", _THIN) + (f"{_THIN}{visible(currency)}" if currency else "")


def _trimmed(text: str) -> str:
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", _THIN) + (f".{decimals}" if decimals else "")


_LINE_BREAKS: Final = {"\n", "\t"}


def visible(text: str, lines: bool = False) -> str:
    """Foreign text with its hidden characters shown as ⟨U+202E⟩. Line breaks and tabs become a blank, or stay if `lines`.

    Far too long a text ends early and says so: Qt lays out a megabyte in seconds, during which the window stands still.
    """
    if len(text) > _LONGEST + _SPARE:
        text = text[:_LONGEST] + tr("… and {n} more characters", n=len(text) - _LONGEST)
    if text.isprintable():
        return text
    return "".join(_shown(letter, lines) for letter in text.replace("\r\n", "\n"))


def copied(text: str) -> str:
    """What was copied, in a line: a short text itself, of a long one how much it is."""
    lines = text.strip().splitlines()
    if len(lines) > 1:
        return tr("Copied: {n} lines", n=len(lines))
    short = visible(text.strip())
    return tr("Copied: {text}", text=short if len(short) <= _COPIED else f"{short[:_COPIED].rstrip()}…")


def _shown(letter: str, lines: bool) -> str:
    if letter in _LINE_BREAKS:
        return letter if lines else " "
    # Cc control, Cf format (direction marks, zero width), Cs surrogates, Zl and Zp line ends, Co private use, Cn unassigned.
    if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"} and letter != "\u00ad":
        return f"⟨U+{ord(letter):04X}⟩"
    return letter
