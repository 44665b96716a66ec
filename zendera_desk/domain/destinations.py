"""Where deliveries go, as a person types it for a view: postcodes, their beginnings, ranges of them, and cities, with commas between.

Postcodes are compared as text, from their beginning: "50" is every postcode that begins so, and "5000-5299" all between, with every
one that begins with either. In Sweden they are written "111 20" or "11120", so that each is looked for as both.
"""

import re
from typing import Final, NamedTuple

_CODES: Final = re.compile(r"(?P<first>[0-9]+)(?:\s*[-–—]\s*(?P<last>[0-9]+))?")
_GROUPED: Final = 3
"""Digits of a Swedish postcode before its blank."""
_LARGEST: Final = "\U0010ffff"


class Codes(NamedTuple):
    """Postcodes from `first` on and before `beyond`, letter by letter; those with a blank in them, or those without."""

    first: str
    beyond: str
    blank: bool


class Destinations(NamedTuple):
    codes: tuple[Codes, ...]
    cities: tuple[str, ...]
    """In every way of writing that is likely: an index knows nothing of capital letters."""


def destinations(text: str) -> Destinations:
    codes: list[Codes] = []
    cities: list[str] = []
    for part in filter(None, (" ".join(part.split()) for part in text.split(","))):
        found = _CODES.fullmatch(re.sub(r"(?<=[0-9]) (?=[0-9])", "", part))
        if found:
            codes += _codes(found["first"], found["last"] or found["first"])
        else:
            cities += [part, part.lower(), part.upper(), part.title(), part.capitalize()]
    return Destinations(tuple(codes), tuple(dict.fromkeys(cities)))


def _codes(first: str, last: str) -> list[Codes]:
    first, last = (first, last) if first <= last + _LARGEST else (last, first)
    plain = Codes(first, last + _LARGEST, blank=False)
    return [plain, Codes(_grouped(first), _grouped(last) + _LARGEST, blank=True)]


def _grouped(code: str) -> str:
    return f"{code[:_GROUPED]} {code[_GROUPED:]}" if len(code) > _GROUPED else code
