"""Numbers on paper, and which shipment a page names by them.

A number is found by equality alone, after what scanners, forms and people add has been taken away (`normal`). The wrong shipment is
worse than none: what two shipments share names both, and a person chooses. Words of a PDF's own text are the weakest evidence, since
a page is full of other numbers: they count only where no barcode does, only one shipment at a time, and never what may be a phone
number, a postal code, a date or an amount. Beside a barcode that names no shipment here they are in doubt: the page may well be the
paper of a shipment that comes later, and speak of another.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Final

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.paper import Code
from zendera_desk.domain.printed import has_digit, may_be_number, words
from zendera_desk.domain.shipment import Shipment
from zendera_desk.domain.spelling import elements, normal

SHORTEST: Final = 5
"""Of a number by which a shipment is found. A shorter barcode counts only if it is a whole order id."""
LONGEST: Final = 100
"""What is longer is no number but a text in a barcode."""


class _Weight(IntEnum):
    """What kind of thing a number names. The first kind that names any shipment decides."""

    SHIPMENT = 0
    GOODS = 1
    """A product's or a piece's number: it may stand on goods and papers of others."""
    WORD = 2


_MATRIX: Final = frozenset({"qr", "datamatrix", "pdf417"})

_NAMING: Final = {
    "00": _Weight.SHIPMENT,  # SSCC: one pallet or parcel in the world
    "400": _Weight.SHIPMENT,  # the customer's order
    "401": _Weight.SHIPMENT,  # consignment
    "402": _Weight.SHIPMENT,  # shipment
    "21": _Weight.GOODS,  # serial
    "01": _Weight.GOODS,  # product
}
"""GS1 application identifiers whose values a shipment may be found by; of the others (weights, dates, batches, postal codes) none."""


def numbers_of(shipment: Shipment) -> frozenset[str]:
    """Every number by which the shipment can be found. Cash on delivery is paid under a reference of its own: that is none."""
    texts = [shipment.order_number, *(value for _, value in shipment.references)]
    for parcel in shipment.parcels:
        texts += [parcel.barcode, parcel.internal_number]
    numbers = {number for text in texts for number in _spellings(text) if len(number) >= SHORTEST and has_digit(number)}
    return frozenset(numbers | {str(shipment.order_id)})


def candidates(code: Code) -> tuple[str, ...]:
    """What to look up for a code, in the spelling of `normal`."""
    return tuple(dict.fromkeys(number for _, number in _weighed(code)))


def named(codes: Sequence[Code], found: Mapping[str, Sequence[OrderId]]) -> tuple[OrderId, ...]:
    """The shipments that a page with these codes names: none, one, or several among which only a person can tell.

    `found`: what the numbers of `candidates` led to.
    """
    read = [(weight, number) for code in codes for weight, number in _weighed(code) if found.get(number)]
    for weight in (_Weight.SHIPMENT, _Weight.GOODS):
        if sets := [tuple(dict.fromkeys(found[number])) for its, number in read if its is weight]:
            return _agreed(sets)
    said = dict.fromkeys(order for _, number in read for order in found[number])
    return tuple(said) if len(said) == 1 else ()


def is_doubtful(codes: Sequence[Code], found: Mapping[str, Sequence[OrderId]]) -> bool:
    """Whether what these codes name is named by words alone, while a barcode stands there that leads to no shipment."""
    led = [(weight, bool(found.get(number)), code) for code in codes for weight, number in _weighed(code)]
    by_words = not any(is_found and weight is not _Weight.WORD for weight, is_found, _ in led)
    known = {code for _, is_found, code in led if is_found}
    return by_words and bool(known) and any(code.may_be_a_shipments and code not in known for _, _, code in led)


# Codes


def _weighed(code: Code) -> Iterator[tuple[_Weight, str]]:
    if len(code.text) > LONGEST and code.kind not in _MATRIX:
        return
    if code.kind == "text":
        if may_be_number(code.text):
            yield from ((_Weight.WORD, number) for number in _plain_spellings(normal(code.text)))
        return
    naming = [(_NAMING[name], value) for name, value in elements(code.text) if name in _NAMING]
    whole = min((weight for weight, _ in naming), default=_Weight.SHIPMENT)
    if _is_product_code(code):
        whole = _Weight.GOODS
    yield from ((whole, number) for number in _plain_spellings(normal(code.text)) if _counts(number))
    yield from ((weight, number) for weight, value in naming if len(number := normal(value)) >= SHORTEST)
    if code.kind in _MATRIX and not naming:
        for word in words(re.sub(r"[,&?/#]", " ", code.text)):
            yield _Weight.WORD, normal(word.text)


def _counts(number: str) -> bool:
    """A short one only if it can be an order id."""
    return SHORTEST <= len(number) <= LONGEST or (number.isascii() and number.isdigit() and not number.startswith("0"))


def _is_product_code(code: Code) -> bool:
    return code.kind == "ean" or (code.kind == "itf" and len(code.text) == 14)


def _agreed(sets: Sequence[tuple[OrderId, ...]]) -> tuple[OrderId, ...]:
    """One shipment that some code names alone and that no other code contradicts; else all that are named.

    Many a shipper prints the customer's number, which several shipments share, beside the shipment's own.
    """
    everyone = tuple(dict.fromkeys(order for orders in sets for order in orders))
    alone = {orders[0] for orders in sets if len(orders) == 1}
    if len(alone) == 1 and all(alone & set(orders) for orders in sets):
        return tuple(alone)
    return everyone


def _spellings(text: str) -> Iterable[str]:
    """Those of a number that Zendera gave: as it is, and what its GS1 elements name without doubt."""
    yield from _plain_spellings(normal(text))
    values = {name: normal(value) for name, value in elements(text) if name in _NAMING}
    yield from (value for name, value in values.items() if name != "01" or len(values) == 1)


def _plain_spellings(number: str) -> Iterable[str]:
    """With and without what makes an SSCC 20 digits long, and an American product code 13."""
    yield number
    if number.isascii() and number.isdigit():
        if len(number) == 20 and number.startswith("00"):
            yield number[2:]
        elif len(number) == 13 and number.startswith("0"):
            yield number[1:]
