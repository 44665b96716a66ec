"""What the list of shipments shows: a view's ids in parts, what a search finds, the sum of what is selected, what of it can be answered.

A part of the desk (desk.py). Without an open account everything is empty.
"""

from array import array
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import Kind
from zendera_desk.domain.views import Account, Filter, IdsPage, ShipmentLine, Sort, Sum, Wanted
from zendera_desk.store import answerable, board, filtered, find, listing
from zendera_desk.store.database import Connection, Database, to_ms

Place = tuple[int | float | str, ...]
"""Where a part of a list begins."""


class Lists:
    def __init__(
        self, database: Database, account: Callable[[], Account | None], today: Callable[[], datetime], now: Callable[[], datetime]
    ) -> None:
        self._database, self._account, self._today, self._now = database, account, today, now

    async def part(
        self, view: Wanted, text: str = "", sort: Sort = Sort.SEEN, descending: bool = True, after: Place | None = None
    ) -> IdsPage:
        """The first screens of a view, or the part that begins at `after`. With a text what is found by it, all at once: over all
        shipments and best first, unless it is sorted by something else than when it came.
        """
        if text.strip():
            return await self.find(view, text, None if sort is Sort.SEEN else sort, descending)
        if (account := self._account()) is None:
            return IdsPage(ids=array("q"))
        if isinstance(view, Filter):
            # Conditions may take their time: nothing else waits for them.
            return await self._database.read_aside(filtered.page, account.id, view, sort, descending, self._today(), after)
        return await self._database.read(listing.page, account.id, view, sort, descending, self._today(), after)

    async def find(self, view: Wanted, text: str, sort: Sort | None = None, descending: bool = True) -> IdsPage:
        if (account := self._account()) is None:
            return IdsPage(ids=array("q"))
        if isinstance(view, Filter):
            found = await self._database.read(filtered.search_in, account.id, view, text, self._today())
        else:
            found = await self._database.read(find.find, account.id, view, text, self._today())
        if sort is None:
            return found
        ids = await self._database.read(listing.in_order, account.id, found.ids, sort, descending)
        return msgspec.structs.replace(found, ids=ids)

    async def differing(self, ids: Sequence[OrderId]) -> list[ShipmentLine]:
        """The rows of these shipments, with what of the feed does not fit: that takes the whole board of each."""
        account = self._account()
        return [] if account is None else await self._database.read(_differing, account.id, ids)

    async def total(self, ids: Sequence[OrderId], before: Sum = Sum()) -> Sum:  # noqa: B008 (it is frozen)
        """Of these together with what was added up before: of many one part after the other, and nothing else waits for them."""
        if (account := self._account()) is None:
            return before
        return await self._database.read_aside(listing.total, account.id, ids, before)

    async def answerable(self, kind: Kind) -> Sequence[int]:
        """The shipments that can be accepted, or failed, in no order: however many there are, these are few."""
        if (account := self._account()) is None:
            return ()
        return await self._database.read(answerable.answerable, account.id, kind)

    async def recent_searches(self) -> list[str]:
        return await self._database.read(find.recent)

    async def remember_search(self, text: str) -> None:
        """For the field to offer it again. It goes when proofs go (store/retention.py)."""
        if not self._database.is_archive and (text := " ".join(text.split())):
            await self._database.write(find.remember, text, to_ms(self._now()))


def _differing(conn: Connection, account: AccountId, ids: Sequence[OrderId]) -> list[ShipmentLine]:
    lines, found = listing.lines(conn, account, ids), []
    for line in lines:
        shown, fed_until = board.read(conn, account, line.order_id, board.parcels(conn, account, line.order_id))
        found.append(msgspec.structs.replace(line, differing=shown.differing(fed_until)))
    return found
