"""Follows the product feed from the stored token; `since` is used once, at the very first call.

A feed that turns in circles (a token that comes back without rows, `hasNextPage` without a token) ends the inner loop: a
hot loop would burn the hour's budget in a minute. A refused token starts again from the newest stored change and marks
that a gap is possible.
"""

from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.changes import Changes, FeedAdvanced, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import LinkError
from zendera_desk.domain.feed import FeedPage
from zendera_desk.engine.budget import Purpose
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.link import Endpoint, Link, Waiting
from zendera_desk.store import feed, feed_evidence
from zendera_desk.store.database import Database

POLL: Final = timedelta(seconds=12)
FIRST_LOOK_BACK: Final = timedelta(hours=24)
"""How far back the very first call begins."""
MOST_PAGES: Final = 20
"""Pages of one step; a long catch-up goes on in the next step, at once, so that closing and sending are never kept waiting."""
_REFUSED_TOKEN: Final = {400, 404, 410}


class Tail:
    def __init__(self, link: Link, database: Database, clock: Clock, changes: Changes) -> None:
        self._link = link
        self._database = database
        self._clock = clock
        self._changes = changes
        self.catching_up = False
        self.code = ""

    async def step(self, now: datetime) -> datetime:
        try:
            await self._catch_up(now)
        except Waiting as waiting:
            return waiting.until
        except LinkError as error:
            self._say(error.code)
            return self._clock.now() + self._link.pace(Purpose.FEED, 1, POLL)
        self._say("")
        if self.catching_up:
            return self._clock.now()
        return self._clock.now() + self._link.pace(Purpose.FEED, 1, POLL)

    async def _catch_up(self, now: datetime) -> None:
        token, since = await self._database.write(feed.start, self._link.account.id, now - FIRST_LOOK_BACK)
        anything = False
        for _ in range(MOST_PAGES):
            page = await self._read(token, since, now)
            new = await self._database.write(feed.put_page, self._link.account.id, page, self._clock.now())
            await self._confirm(new)
            anything = anything or bool(new)
            turning = not page.token or page.token == token
            self.catching_up = page.has_next and not turning
            self._changes.publish(FeedAdvanced(len(new)))
            if not self.catching_up:
                return
            token, since = page.token, None
        self.catching_up = anything  # so many pages without a single new row: it turns in a wider circle

    async def _read(self, token: str, since: datetime | None, now: datetime) -> FeedPage:
        try:
            return await self._link.call(Endpoint.FEED, lambda client: client.feed_page(since=None if token else since, token=token))
        except LinkError as error:
            if not token or error.http_status not in _REFUSED_TOKEN:
                raise
        restart = await self._database.write(feed.restart, self._link.account.id, self._clock.now(), now - FIRST_LOOK_BACK)
        return await self._link.call(Endpoint.FEED, lambda client: client.feed_page(since=restart))

    async def _confirm(self, new: list[int]) -> None:
        if not new:
            return
        orders, entries = await self._database.write(feed_evidence.confirm, self._link.account.id, new)
        if orders:
            self._changes.publish(ShipmentsChanged(frozenset(orders)))
        if entries:
            self._changes.publish(OutboxChanged(frozenset(entries)))

    def _say(self, code: str) -> None:
        if code != self.code:
            self.code = code
            self._changes.publish(FeedAdvanced(0))
