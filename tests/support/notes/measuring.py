"""How many pages are recognised, and whether any is taken for another shipment's: for the tests and for the bench."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from support.notes.facts import Facts, facts
from support.notes.paper import note
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.numbers import candidates, named, numbers_of
from zendera_desk.domain.paper import Code
from zendera_desk.pictures.codes import read_codes

STRANGERS: Final = range(100_300, 100_500)
"""Seeds of shipments whose paper is not among the pages. None is 100,000 from a page's: their order numbers could be the same."""


@dataclass(frozen=True, kw_only=True)
class Recognition:
    pages: int
    right: int
    several: int
    """The shipment is among others: a person must choose."""
    wrong: tuple[int, ...]
    """Seeds of pages that another shipment's name was read on."""
    unread: tuple[int, ...]

    @property
    def part(self) -> float:
        return self.right / self.pages


Condition = Callable[[Facts, int], Image.Image]


def clean(made: Facts, seed: int) -> Image.Image:
    """A good scan at 300 dots per inch."""
    return note(made, seed, stamp=seed % 3 == 0)


def scanned(made: Facts, seed: int) -> Image.Image:
    """A hasty scan: 150 dots per inch, 3 degrees askew, noise, stamps across."""
    rng = random.Random(seed)
    return note(made, seed, dpi=150, skew=rng.choice((-3, 3)), noise=rng.uniform(8, 16), stamp=True)


def photographed(made: Facts, seed: int) -> Image.Image:
    """From the side, in uneven light, some of them sent through a chat."""
    return note(made, seed, stamp=seed % 2 == 0, perspective=True)


def faint(made: Facts, seed: int) -> Image.Image:
    """A scanned third copy."""
    return note(made, seed, dpi=200, skew=1.2, noise=8, faint=0.85)


def uncoded(made: Facts, seed: int) -> Image.Image:
    """Nothing to scan is printed on it: whatever is read all the same is a ghost."""
    return note(made, seed, dpi=150, skew=3, noise=16, stamp=True, coded=False)


CONDITIONS: Final[dict[str, Condition]] = {
    "clean 300 dpi": clean,
    "150 dpi, 3 degrees, noise, stamp": scanned,
    "phone photo": photographed,
    "third copy": faint,
    "no code": uncoded,
}


def recognise(condition: Condition, seeds: Iterable[int]) -> Recognition:
    """Reads a page of each of these shipments, all of which, and many more, lie at the desk."""
    notes = {seed: facts(seed) for seed in seeds}
    known = index([*notes.values(), *map(facts, STRANGERS)])
    right, several, wrong, unread = 0, 0, [], []
    for seed, made in notes.items():
        orders = match(read_codes(condition(made, seed)), known)
        if orders == (made.order_id,):
            right += 1
        elif not orders:
            unread.append(seed)
        elif made.order_id in orders:
            several += 1
        else:
            wrong.append(seed)
    return Recognition(pages=len(notes), right=right, several=several, wrong=tuple(wrong), unread=tuple(unread))


def index(known: Iterable[Facts]) -> dict[str, list[OrderId]]:
    """As the store's table has it."""
    found: dict[str, list[OrderId]] = defaultdict(list)
    for one in known:
        for number in numbers_of(one.shipment()):
            found[number].append(OrderId(one.order_id))
    return found


def match(codes: Sequence[Code], known: dict[str, list[OrderId]]) -> tuple[OrderId, ...]:
    return named(codes, {number: known[number] for code in codes for number in candidates(code) if number in known})
