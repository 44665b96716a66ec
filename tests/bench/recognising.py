"""How many made-up pages are found to be their own shipment's, and how many another's, which must never be."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Final

from bench.figure import Figure
from support.notes.measuring import CONDITIONS, Recognition, recognise

AIMS: Final = {"clean 300 dpi": 100, "150 dpi, 3 degrees, noise, stamp": 98, "phone photo": 90}
SHARE: Final = 10
"""Pages in one piece of work."""


def figures(pages: int) -> Iterator[Figure]:
    read = wrong = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name in CONDITIONS:
            jobs = [(name, start, min(start + SHARE, pages)) for start in range(0, pages, SHARE)]
            found = list(pool.map(_recognised, jobs))
            right = sum(each.right for each in found)
            read += pages
            wrong += sum(len(each.wrong) for each in found)
            if name in AIMS:
                yield Figure(f"recognised, {name}, %", 100 * right / pages, 100, AIMS[name], "value", least=True)
    yield Figure("pages taken for another shipment's, of all conditions", wrong, read, 0, "value")


def _recognised(job: tuple[str, int, int]) -> Recognition:
    name, start, end = job
    return recognise(CONDITIONS[name], range(start, end))
