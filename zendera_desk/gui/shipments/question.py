"""What the list shows, and the two functions by which it is answered."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import Filter, IdsPage, ShipmentLine, Sort, View, Wanted
from zendera_desk.lists import Place

Parts = Callable[[Wanted, str, Sort, bool, Place | None], Awaitable[IdsPage]]
Lines = Callable[[Sequence[OrderId]], Awaitable[Sequence[ShipmentLine]]]


class Question(NamedTuple):
    """A new one replaces the rows; the same one again only tells them apart."""

    wanted: Wanted = View.TO_ACCEPT
    text: str = ""
    sort: Sort = Sort.SEEN
    descending: bool = True

    @property
    def view(self) -> View:
        """The fixed one, or the one that a view of one's own is made of."""
        return self.wanted.view if isinstance(self.wanted, Filter) else self.wanted

    @property
    def grows_above(self) -> bool:
        """What comes stands above all others, and nothing goes or moves: then the first part tells what is new."""
        return self.sort is Sort.SEEN and not self.text and self.wanted in (View.ALL, Filter(view=View.ALL))
