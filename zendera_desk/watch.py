"""The product feed as a person watches it: windows of what is stored, and where the tail stands.

Reached as `desk.watch`. It never waits for Zendera: what is shown is what is on disk.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.tailing import FeedCount, FeedFilter, FeedMark, FeedRows, FeedUnreadable
from zendera_desk.domain.views import Account, FeedCursor, FeedLine, FeedScope
from zendera_desk.store import feed, feed_rows
from zendera_desk.store.database import Database

if TYPE_CHECKING:
    from zendera_desk.engine.engine import Engine

ALL_OF_IT = FeedFilter()


class Watch:
    """What reads raises StoreError."""

    def __init__(
        self,
        database: Database,
        *,
        account: Callable[[], Account | None],
        engine: "Callable[[], Engine | None]",
        connecting: Callable[[], bool],
    ) -> None:
        self._database, self._account, self._engine, self._connecting = database, account, engine, connecting

    async def rows(
        self, wanted: FeedFilter = ALL_OF_IT, *, below: int = feed_rows.NEWEST, above: int = 0, limit: int = 200, upwards: bool = False
    ) -> FeedRows:
        """Changes with ids between `above` and `below`: the newest of them, or `upwards` the oldest. In both ways the oldest first."""
        account = self._of(wanted)
        if account is None:
            return FeedRows()
        return await self._database.read(feed_rows.rows, account, wanted, below=below, above=above, limit=limit, upwards=upwards)

    async def count(self, wanted: FeedFilter, above: int) -> FeedCount:
        """How many came after the change `above`: where there are very many, the first part of them."""
        account = self._of(wanted)
        return FeedCount(reached=above) if account is None else await self._database.read(feed_rows.count, account, wanted, above)

    async def newest(self) -> int:
        """The newest change of all, whatever is looked at; 0 where there is none."""
        return await self._database.read(feed_rows.newest)

    async def lines(self, ids: Sequence[int]) -> list[FeedLine]:
        """These changes as they read now."""
        account = self._account()
        return [] if account is None else await self._database.read(feed_rows.lines, account.id, ids)

    async def marks(self) -> list[FeedMark]:
        """Where changes may be missing."""
        account = self._account()
        return [] if account is None else await self._database.read(feed_rows.marks, account.id)

    async def originals(self, of: FeedLine | FeedUnreadable) -> list[bytes]:
        """As Zendera wrote it: of a mark all of which it tells. None where it is not kept any more."""
        account = self._account()
        if account is None:
            return []
        if isinstance(of, FeedLine):
            return await self._database.read(feed_rows.original, account.id, of.id)
        return await self._database.read(feed_rows.unreadable, account.id, of)

    async def cursor(self) -> FeedCursor:
        account, engine = self._account(), self._engine()
        if engine is not None:
            return await engine.tail.cursor()
        if account is None:
            return FeedCursor()
        stored = await self._database.read(feed.cursor, account.id)
        return stored if self._connecting() or self._database.is_archive else msgspec.structs.replace(stored, code="key_missing")

    def stop_catching_up(self) -> None:
        if (engine := self._engine()) is not None:
            engine.tail.stop()

    def go_on(self) -> None:
        if (engine := self._engine()) is not None:
            engine.go_on_with_feed()

    def used(self) -> None:
        """A person does something at the desk."""
        if (engine := self._engine()) is not None:
            engine.desk_used()

    def hidden(self, *, hidden: bool) -> None:
        """The window was minimised or came back."""
        if (engine := self._engine()) is not None:
            engine.desk_hidden(hidden=hidden)

    def _of(self, wanted: FeedFilter) -> AccountId | None:
        """None where nothing can fit: no account is open, or "this order" and no order is."""
        account = self._account()
        nothing = wanted.scope is FeedScope.ORDER and wanted.order_id is None
        return None if account is None or nothing else account.id
