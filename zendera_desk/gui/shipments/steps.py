"""How one list of orders becomes the next without a reset: what goes, whether the rest changes order, what comes.

A reset would lose selection, caret and scroll position each time Zendera is asked. These steps keep them, because the
table is told exactly what happened to each row.
"""

from collections.abc import Sequence
from typing import NamedTuple

from zendera_desk.domain.ids import OrderId


class Run(NamedTuple):
    """Rows `first` to `last`, both included."""

    first: int
    last: int


class Steps(NamedTuple):
    removed: tuple[Run, ...]
    """Runs of the old list, the lowest rows first, so that each leaves the rows above it where they are."""
    kept: list[OrderId]
    """What stays, in its new order."""
    reordered: bool
    inserted: tuple[Run, ...]
    """Runs of the new list, from the top."""


def between(old: Sequence[OrderId], new: Sequence[OrderId]) -> Steps:
    before, after = set(old), set(new)
    kept = [order_id for order_id in new if order_id in before]
    stayed = [order_id for order_id in old if order_id in after]
    removed = _runs([row for row, order_id in enumerate(old) if order_id not in after])
    inserted = _runs([row for row, order_id in enumerate(new) if order_id not in before])
    return Steps(removed=tuple(reversed(removed)), kept=kept, reordered=kept != stayed, inserted=inserted)


def runs(rows: Sequence[int]) -> tuple[Run, ...]:
    """Any rows as the fewest runs."""
    return _runs(sorted(set(rows)))


def _runs(rows: list[int]) -> tuple[Run, ...]:
    found: list[Run] = []
    first = 0
    for place, row in enumerate(rows):
        if place + 1 == len(rows) or rows[place + 1] != row + 1:
            found.append(Run(rows[first], row))
            first = place + 1
    return tuple(found)
