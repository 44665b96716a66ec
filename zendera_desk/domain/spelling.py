"""How a number is spelt: as scanners give it, as forms print it with brackets and blanks, as people write it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_IDENTIFIER: Final = re.compile(r"(?:\][A-Z][0-9A-Z])+")
"""What scanners put before a code to say of which kind it is: "]C1" is a GS1-128."""
_ELEMENT: Final = re.compile(r"\((\d{2,4})\)([^(]+)")
_SEPARATOR: Final = "\x1d"
_GS1_STARTS: Final = ("]C1", "]d2", "]Q3", "]e0", _SEPARATOR)
_FIXED: Final = {"00": 18, "01": 14, "02": 14, "03": 14, "04": 16, "20": 2} | {f"{number}": 6 for number in range(11, 20)}
"""Lengths of values that no separator ends."""


_REMEMBERED: Final = 100
"""Letters: what is longer is no number, and thousands of them would fill the memory."""


def normal(text: str) -> str:
    """One spelling of a number: capitals, plain digits, without spaces, dashes, brackets, control characters and scanner prefixes."""
    return _remembered(text) if len(text) <= _REMEMBERED else _normal(text)


def _normal(text: str) -> str:
    while (plainer := _plainer(text)) != text:  # what was taken away may have kept apart what now is one letter, or a prefix
        text = plainer
    return text


_remembered = lru_cache(maxsize=4096)(_normal)


def _plainer(text: str) -> str:
    if text.isascii():
        kept = "".join(letter for letter in text.upper() if letter.isprintable() and letter not in " -()")
    else:
        letters = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
        kept = "".join(letter for letter in letters if letter not in "()−" and not _parts(letter))
    found = _IDENTIFIER.match(kept)
    return kept[found.end() :] if found else kept


def _parts(letter: str) -> bool:
    """Blanks, control characters, dashes."""
    category = unicodedata.category(letter)
    return category[0] in "ZC" or category == "Pd"


def elements(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a GS1 code: written with brackets, or as a scanner gives it, with separators."""
    if text.startswith("("):
        yield from _ELEMENT.findall(text)
    elif text.startswith(_GS1_STARTS):
        rest = (text[3:] if text[0] == "]" else text).lstrip(_SEPARATOR)
        while len(rest) > 2:
            name = rest[: _identifier_length(rest)]
            length = _value_length(name)
            value, _, after = rest[len(name) :].partition(_SEPARATOR)
            if length is not None:
                value, after = rest[len(name) : len(name) + length], rest[len(name) + length :].lstrip(_SEPARATOR)
            yield name, value
            rest = after


def _identifier_length(rest: str) -> int:
    if rest[:2] in {"31", "32", "33", "34", "35", "36", "39", "70", "80", "81", "82"}:
        return 4
    return 3 if rest[:2] in {"23", "24", "25", "40", "41", "42", "43", "71"} else 2


def _value_length(name: str) -> int | None:
    """None: up to the next separator."""
    if len(name) == 4 and name[0] == "3" and name[1] in "123456":
        return 6
    return 13 if name.startswith("41") else _FIXED.get(name)
