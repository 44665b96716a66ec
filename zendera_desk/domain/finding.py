"""The letters that a person types, and those that are stored, in the one spelling in which they meet.

Case and accents do not matter: both sides are brought to plain small letters. Letters of the north that have no accent to take away
are written both ways ("Tromsø" is found as "tromso" and as "tromsoe"). Each typed word must begin a stored word; digits are also found
inside of longer numbers, because what is read out on the phone is the end of a number.

`WAY` counts the changes of this spelling: an index is only as good as the spelling it was written in (store/search.py).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from zendera_desk.domain.shipment import Shipment, Stop

WAY: Final = 1

FEWEST: Final = 3
"""Digits of a number's inside. Fewer stand in nearly every shipment."""
PIECE: Final = 6
"""Digits of the longest piece of a number that is kept: what is longer is found by its pieces."""
INSIDE: Final = "\ue000"
"""Before a piece. A letter for private use: nobody can type it."""
MOST_WORDS: Final = 12
"""Of what is typed. Whoever pastes a letter is not looking for a shipment."""

_LONG: Final = str.maketrans({"å": "aa", "ä": "ae", "æ": "ae", "ö": "oe", "ø": "oe", "ü": "ue", "þ": "th", "ð": "d", "đ": "d", "ł": "l"})
_SHORT: Final = str.maketrans({"æ": "ae", "ø": "o", "þ": "th", "ð": "d", "đ": "d", "ł": "l", "ı": "i"})
_DIGITS: Final = re.compile(r"[0-9]+")
_NUMBER: Final = re.compile(r"[0-9][0-9\s()+./-]*")
"""A number as people write it, in groups."""


def cut(text: str) -> list[str]:
    """The words of a text, in plain small letters."""
    return _cut(plain(text))


def spellings(text: str) -> list[tuple[str, ...]]:
    """The words of a text, each in every spelling that it may be found by."""
    if text.isascii():
        return [(word,) for word in _cut(text.lower())]
    small = unicodedata.normalize("NFKC", text).casefold()
    return [tuple(dict.fromkeys((_one(plain(word)), _one(plain(word.translate(_LONG)))))) for word in _cut_whole(small)]


def readable(text: str) -> str:
    """A text to look inside of, in plain small letters: in both spellings, where there are two."""
    if text.isascii():
        return text.lower()
    return "\n".join(dict.fromkeys((plain(text), plain(text.casefold().translate(_LONG)))))


def looked_for(text: str) -> tuple[str, str]:
    """What is looked for inside of a `readable` one when this is typed: its short spelling and its long one, mostly the same."""
    text = text.strip()
    return plain(text), plain(text.casefold().translate(_LONG))


def words_of(shipment: Shipment) -> str:
    """Everything of the shipment that a person may look for, as it is stored: each word once, in all its spellings."""
    parts = [str(shipment.order_id), shipment.order_number, *(value for _, value in shipment.references), shipment.carrier_service]
    parts += [shipment.instructions, shipment.cash_on_delivery.reference if shipment.cash_on_delivery else ""]
    for stop in (shipment.pickup, shipment.delivery):
        parts += _stop_parts(stop)
    for parcel in shipment.parcels:
        parts += [parcel.name, parcel.description, parcel.barcode, parcel.internal_number, str(parcel.product_id or "")]
    return stored(parts)


def stored(parts: Iterable[str]) -> str:
    """These texts as they are stored."""
    words: dict[str, None] = {}
    for part in parts:
        if not part:
            continue
        for each in spellings(part):
            words.update(dict.fromkeys(each))
        if (number := joined(part)) is not None:
            words[number] = None
    return " ".join(words)


def joined(text: str) -> str | None:
    """A number that was written in groups, as one: "+47 99 88 77 66". None for what is no number, or has one group."""
    text = text.strip().lstrip("+(")
    if not _NUMBER.fullmatch(text):
        return None
    groups = _DIGITS.findall(text)
    return "".join(groups) if len(groups) > 1 else None


def pieces(words: str) -> Iterator[str]:
    """What of the numbers in stored words is found from their inside: each rest of a number, as long as a piece may be."""
    for word in words.split():
        for run in _DIGITS.finditer(word):
            first, last = run.span()
            for start in range(max(first, 1), last - FEWEST + 1):
                yield word[start : min(start + PIECE, last)]


def pieces_looked_for(number: str) -> list[str]:
    """The pieces that a stored number must have for these digits to stand in it. The only one of a short number may go on."""
    if len(number) <= PIECE:
        return [number]
    starts = [*range(0, len(number) - PIECE, PIECE), len(number) - PIECE]
    return [number[start : start + PIECE] for start in starts]


def is_inside(word: str) -> bool:
    """Whether this word is looked for inside of numbers."""
    return len(word) >= FEWEST and word.isascii() and word.isdecimal()


def _stop_parts(stop: Stop) -> list[str]:
    address = stop.address
    parts = [address.name, address.line1, address.line2, address.postal_code, address.city, stop.instructions]
    for contact in stop.contacts:
        parts += [contact.name, contact.phone, contact.email]
    return parts


def plain(text: str) -> str:
    """In plain small letters, with its signs and spaces."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_SHORT))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _cut(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def _cut_whole(text: str) -> list[str]:
    """With the accents still on their letters, which some scripts write as signs of their own."""
    return "".join(letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in text).split()


def _one(word: str) -> str:
    """What is left of a word, without anything that would cut it in two."""
    return "".join(letter for letter in word if letter.isalnum())
