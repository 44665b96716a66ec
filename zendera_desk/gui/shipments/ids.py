"""The order ids of a list, eight bytes each: of a million a list of Python's integers would take 40 MB, and a dictionary of their rows 100.

Where an order stands is searched for, first where it stood when it was seen last: comparing memory finds it in ten million bytes
within a few milliseconds, and among its neighbours within a few millionths of a second.
"""

from collections.abc import Callable, Iterator, Sequence
from struct import Struct
from typing import Final, NamedTuple, overload

from zendera_desk.domain.ids import OrderId

_ONE: Final = Struct("=q")
_SIZE: Final = _ONE.size
_NEAR: Final = 4_000 * _SIZE
_LOOKED_THROUGH: Final = 1_000
_REMEMBERED: Final = 20_000
"""Places. They are forgotten all at once."""


class Ids(Sequence[OrderId]):
    """Never changed; a new list is a new one."""

    def __init__(self, packed: bytes = b"", places: dict[OrderId, int] | None = None) -> None:
        self.packed = packed
        self._numbers = memoryview(packed).cast("q")
        self._places: dict[OrderId, int] = {} if places is None else places
        """Where an order stood, by what was seen last: a hint and no more."""

    @classmethod
    def of(cls, orders: Sequence[int]) -> "Ids":
        return cls(b"".join(map(_ONE.pack, orders)))

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, row: int) -> OrderId: ...
    @overload
    def __getitem__(self, row: slice) -> list[OrderId]: ...
    def __getitem__(self, row: int | slice) -> OrderId | list[OrderId]:
        if isinstance(row, slice):
            return [OrderId(each) for each in self._numbers[row]]
        return OrderId(self._numbers[row])

    def __iter__(self) -> Iterator[OrderId]:
        return iter(map(OrderId, self._numbers))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ids) and self.packed == other.packed

    def __hash__(self) -> int:
        return hash(self.packed)

    def cut(self, first: int, last: int) -> bytes:
        """Rows `first` to `last`, without the last, as they are kept."""
        return self.packed[first * _SIZE : last * _SIZE]

    def replaced(self, first: int, last: int, by: bytes = b"") -> "Ids":
        """Other rows in the place of `first` to `last`. Most stands near where it stood."""
        return Ids(self.packed[: first * _SIZE] + by + self.packed[last * _SIZE :], self._places)

    def with_new_above(self, first: bytes, count: int) -> "Ids | None":
        """The list with what its newest first part has above it. None: by the `count` of the whole list something else changed, too."""
        rows, new = len(first) // _SIZE, count - len(self)
        if not 0 <= new < rows or first[new * _SIZE :] != self.cut(0, rows - new):
            return None
        return self.replaced(0, 0, first[: new * _SIZE])

    @property
    def largest(self) -> int:
        """Looked for among the first and the last, where there are many."""
        few = self._numbers if len(self) <= _LOOKED_THROUGH else [*self._numbers[:_LOOKED_THROUGH], *self._numbers[-_LOOKED_THROUGH:]]
        return max(few, default=0)

    def row_of(self, order_id: OrderId) -> int | None:
        wanted = _ONE.pack(order_id)
        hint = self._places.get(order_id)
        row = None
        if hint is not None and hint < len(self) and self._numbers[hint] == order_id:
            return hint
        if hint is not None:
            place = hint * _SIZE
            row = self._search(wanted, max(0, place - _NEAR), place + _NEAR)
        if row is None:
            row = self._search(wanted, 0, len(self.packed))
        if row is not None:
            if len(self._places) > _REMEMBERED:
                self._places.clear()
            self._places[order_id] = row
        return row

    def note(self, first: int, last: int) -> None:
        """Rows `first` to `last`, without the last, are looked at: where they stand will be asked for."""
        if len(self._places) > _REMEMBERED:
            self._places.clear()
        for row, order_id in enumerate(self[first:last], start=max(0, first)):
            self._places[order_id] = row

    def _search(self, wanted: bytes, first: int, last: int) -> int | None:
        found = self.packed.find(wanted, first, last)
        while found >= 0:
            if found % _SIZE == 0:
                return found // _SIZE
            found = self.packed.find(wanted, found + 1, last)
        return None


class Between(NamedTuple):
    """Where two lists differ: before `head` and behind `tail` (counted from the end) they are alike."""

    head: int
    tail: int


def difference(old: Ids, new: Ids) -> Between:
    """By comparing memory: of a million with one new at the top, two milliseconds."""
    one, other = old.packed, new.packed
    most = min(len(one), len(other)) // _SIZE
    head = _alike(most, lambda first, last: one[first:last] == other[first:last])
    ends = len(one), len(other)
    tail = _alike(most - head, lambda first, last: one[ends[0] - last : ends[0] - first] == other[ends[1] - last : ends[1] - first])
    return Between(head, tail)


def _alike(most: int, same: Callable[[int, int], bool]) -> int:
    """How many are the same from the beginning on. `same` is asked about bytes."""
    done, step = 0, max(1, most)
    while step:
        if done + step <= most and same(done * _SIZE, (done + step) * _SIZE):
            done += step
        else:
            step //= 2
    return done
