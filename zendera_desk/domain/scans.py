"""What a hand scanner types, told from what a person types. Times are milliseconds of the keyboard's own clock.

A scanner is a keyboard to the computer: nothing but its speed gives it away. So a burst needs five characters with less than 30 ms
between any two. A person's hands reach that for two keys that are pressed almost together, never for five in a row. A burst that
has come so far may falter a little: half a number that leads to another shipment would be worse than a late end.
"""

from typing import Final

from zendera_desk.domain.spelling import normal

GAP: Final = 30
"""Between two keys of a burst that is too short to be known as a scan."""
SILENCE: Final = 50
"""Ends a scan whose scanner sends no Enter or Tab."""
SHORTEST: Final = 5
_TAIL: Final = 100
"""Enter and Tab so soon after a scan are still the scanner's: some send two, some are late."""
_AGAIN: Final = 1500
"""The same number so soon again is one label, read twice."""

_KINDS: Final = {"A": "code39", "C": "code128", "E": "ean", "I": "itf", "L": "pdf417", "Q": "qr", "d": "datamatrix"}
"""AIM's letters, where a scanner is set to send them: "]C1" comes before a GS1-128."""
_NOT_IN_NUMBERS: Final = frozenset(" ,&?/#:=")


class Burst:
    """Characters that follow one another so fast that a scanner may be typing them."""

    def __init__(self) -> None:
        self.text = ""
        self._last = 0

    @property
    def is_scan(self) -> bool:
        return len(self.text) >= SHORTEST

    @property
    def patience(self) -> int:
        """How long after its last character another may still belong to it."""
        return SILENCE if self.is_scan else GAP

    def follows(self, at: int) -> bool:
        """Whether a key at this time belongs to it. A clock that went back never does."""
        return bool(self.text) and 0 <= at - self._last < self.patience

    def add(self, character: str, at: int) -> None:
        self.text += character
        self._last = at

    def end(self) -> tuple[str, int]:
        """What it was, and when its last character came; it begins anew."""
        text, self.text = self.text, ""
        return text, self._last


class Tail:
    """What comes after a scan and belongs to it: keys that end it once more, and the same label read again."""

    def __init__(self) -> None:
        self._text = ""
        self._at: int | None = None

    def begins(self, text: str, at: int) -> bool:
        """Tells of a scan; False if it is the one before, read again. Each reading of a label that lies there counts from its own time."""
        again = text == self._text and self._within(at, _AGAIN)
        self._text, self._at = text, at
        return not again

    def has(self, at: int) -> bool:
        return self._within(at, _TAIL)

    def _within(self, at: int, milliseconds: int) -> bool:
        return self._at is not None and 0 <= at - self._at < milliseconds


def is_number(text: str) -> bool:
    """Whether it may be what stands on a label. Programs that write for a person (short forms, dictation) are as fast as a scanner."""
    return any(character.isdigit() for character in text) and (" " not in text or text == text.upper())


def kind_of(text: str) -> str:
    """The kind of code (`Code.kind`) that a scanner read, as far as can be known from what it typed."""
    if len(text) > 2 and text[0] == "]":
        return _KINDS.get(text[1], "code128")
    return "qr" if _NOT_IN_NUMBERS.intersection(text) else "code128"


def bare(text: str) -> str:
    """The number as a person reads it on the label, without what the scanner put before it."""
    return text[3:] if text[0] == "]" and len(text) > 3 and normal(text) == normal(text[3:]) else text
