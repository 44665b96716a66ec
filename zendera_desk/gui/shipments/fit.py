"""How the width of the list is shared out: which columns there is room for, and how wide each is.

A list that scrolls sideways hides what a person decides by. So the columns that matter least go first, one by one, and come
back with the room; what is left over goes to the long words.
"""

from collections.abc import Sequence
from typing import Final

from zendera_desk.domain.views import View
from zendera_desk.gui.columns import COLUMNS, Column

EVERYDAY: Final = tuple(column for column in COLUMNS if column.key != "differing")
_ACTIONS: Final = next(column for column in COLUMNS if column.key == "actions")


def offered(view: View, room: int, *, read_only: bool) -> list[Column]:
    """What differs is said where that is what is looked for; the button of the rare row that can be answered there is a key and a menu.

    Nor does anything wait for an answer among what is to be reported.
    """
    if view is View.DIFFERENCES:
        return [_STATE_BESIDE if column.key == "state" else column for column in COLUMNS if column is not _ACTIONS]
    return without_actions(room) if read_only or view is View.TO_REPORT else list(EVERYDAY)


def without_actions(room: int) -> list[Column]:
    """Where no row waits for an answer, the room of the buttons belongs to the state and the words before it.

    So the figures after them stay where they are when the view changes. In a narrow list all share it.
    """
    others = [column for column in EVERYDAY if column is not _ACTIONS]
    always = sum(column.least for column in others if not column.rank)
    more = _ACTIONS.least if always + _ACTIONS.least <= room else 0
    return [_wider(column, more * _PARTS.get(column.key, 0) // 100) for column in others]


def _wider(column: Column, more: int) -> Column:
    return column._replace(least=column.least + more, width=column.width + more)


_STATE_BESIDE: Final = next(column for column in COLUMNS if column.key == "state")._replace(least=188, width=200)
_PARTS: Final = {"state": 50, "to": 30, "receiver": 20}
"""Of a hundred."""


def fitting(room: int, columns: Sequence[Column]) -> list[Column]:
    """The columns for which there is room at their least widths; those of rank 0 stay in any case."""
    kept = list(columns)
    while sum(column.least for column in kept) > room and any(column.rank for column in kept):
        kept.remove(max(kept, key=lambda column: column.rank))
    return kept


def widths(room: int, columns: Sequence[Column]) -> dict[str, int]:
    """The width of each by its key. Together they are exactly as wide as the room, unless not even the shortest words fit."""
    least, usual = sum(column.least for column in columns), sum(column.width for column in columns)
    if room < least:
        return _squeezed(room, columns)
    share = min(1.0, (room - least) / max(1, usual - least))
    found = {column.key: column.least + int((column.width - column.least) * share) for column in columns}
    growing = [column for column in columns if column.grows]
    over = room - sum(found.values())
    for column in growing:
        found[column.key] += int(over * column.grows / sum(each.grows for each in growing))
    if growing:
        found[growing[0].key] += room - sum(found.values())
    return found


def _squeezed(room: int, columns: Sequence[Column]) -> dict[str, int]:
    """Where not even the columns that always stay fit, the long words give way and the figures stay whole."""
    growing = sum(column.least for column in columns if column.grows)
    left = room - sum(column.least for column in columns if not column.grows)
    return {column.key: max(_SHORTEST, column.least * left // growing) if column.grows else column.least for column in columns}


_SHORTEST: Final = 64
"""Pixels."""
