"""Which rows of the list are still to be read, and which of them first: what changed, then where the person is looking.

Whoever drags the thumb from the top to the bottom looks at everything for a moment. What they are past is not read any more.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from zendera_desk.domain.ids import OrderId

CHUNK: Final = 32
"""Rows read in one go: about a screen of them, so that wording them does not hold up the next picture."""
_MOST: Final = 8 * CHUNK
"""As many as are in sight at once, and not read yet."""
_Known = Callable[[OrderId], bool]


class Unread:
    def __init__(self) -> None:
        self._wanted: dict[OrderId, None] = {}
        self._ahead: dict[OrderId, None] = {}
        """What the next turn of the wheel shows."""
        self._chunks: set[int] = set()
        """Those that were looked at since rows were read last."""
        self._stale: set[OrderId] = set()

    def __bool__(self) -> bool:
        return bool(self._wanted or self._ahead or self._stale)

    def look_at(self, row: int, ids: Sequence[OrderId], is_known: _Known) -> bool:
        """Wants what is not known of the chunk around a row, and then of the one after it. False: that is wanted already."""
        chunk = row // CHUNK
        if chunk in self._chunks:
            return False
        self._chunks.add(chunk)
        last = (chunk + 1) * CHUNK
        for order_id in ids[last - CHUNK : last]:
            if not is_known(order_id):
                self._wanted[order_id] = None
                self._ahead.pop(order_id, None)
        self._ahead |= {each: None for each in ids[last : last + CHUNK] if each not in self._wanted and not is_known(each)}
        if len(self._wanted) + len(self._ahead) > _MOST:
            self._wanted, self._ahead = dict.fromkeys(list(self._wanted)[-_MOST // 2 :]), {}
            self._chunks = {chunk}
        return True

    def renew(self, ids: Iterable[OrderId]) -> None:
        """These read differently now."""
        self._stale.update(ids)

    def next(self) -> list[OrderId]:
        """The newest wish first: that is where the person is looking. Changed rows before all."""
        ids = list(self._stale)[:CHUNK] or list(self._wanted)[-CHUNK:] or list(self._ahead)[-CHUNK:]
        self._stale.difference_update(ids)
        return ids

    def read(self, ids: Iterable[OrderId]) -> None:
        for order_id in ids:
            self._wanted.pop(order_id, None)
            self._ahead.pop(order_id, None)

    def look_again(self) -> None:
        """The rows stand elsewhere now, or were forgotten: whoever looks at one wants it anew."""
        self._chunks.clear()

    def clear(self) -> None:
        self._wanted.clear()
        self._ahead.clear()
        self._stale.clear()
