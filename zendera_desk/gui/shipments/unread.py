"""Which rows of the list are still to be read, and which of them first: what changed, then where the person is looking."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from zendera_desk.domain.ids import OrderId

CHUNK: Final = 64
"""Rows read in one go: a screen of them and what one turn of the wheel shows next."""


class Unread:
    def __init__(self) -> None:
        self._wanted: dict[OrderId, None] = {}
        self._chunks: set[int] = set()
        """Those that were looked at since rows were read last."""
        self._stale: set[OrderId] = set()

    def __bool__(self) -> bool:
        return bool(self._wanted or self._stale)

    def look_at(self, row: int, ids: Sequence[OrderId], is_known: Callable[[OrderId], bool]) -> bool:
        """Wants what is not known of the chunk around a row, and of the one after it. False: that is wanted already."""
        chunk = row // CHUNK
        if chunk in self._chunks:
            return False
        self._chunks.add(chunk)
        middle = (chunk + 1) * CHUNK
        for order_id in (*ids[middle : middle + CHUNK], *ids[middle - CHUNK : middle]):  # the last wish is read first
            if not is_known(order_id):
                self._wanted[order_id] = None
        return True

    def renew(self, ids: Iterable[OrderId]) -> None:
        """These read differently now."""
        self._stale.update(ids)

    def next(self) -> list[OrderId]:
        """The newest wish first: that is where the person is looking. Changed rows before all."""
        ids = list(self._stale)[:CHUNK] or list(self._wanted)[-CHUNK:]
        self._stale.difference_update(ids)
        return ids

    def read(self, ids: Iterable[OrderId]) -> None:
        for order_id in ids:
            self._wanted.pop(order_id, None)

    def look_again(self) -> None:
        """The rows stand elsewhere now, or were forgotten: whoever looks at one wants it anew."""
        self._chunks.clear()

    def clear(self) -> None:
        self._wanted.clear()
        self._stale.clear()
