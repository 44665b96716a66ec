"""Follows the product feed from the stored token; `since` is used once, at the very first call.

A feed that turns in circles (a token that comes back without rows, `hasNextPage` without a token) ends the inner loop: a
hot loop would burn the hour's budget in a minute. A refused token starts again from the newest stored change and marks
that a gap is possible.

While pages are being written the next ones are read (pages_ahead.py), and those that are there by then are written together: the disk
is waited for once. A page and its token are stored in one transaction, so that it never matters where that ends; and only upon the token
with which the page was asked for, because the next ones wait for the disk while those before them may still fail.

Catching up can be stopped. Nothing is lost by that: the token stays where it is, and it goes on from there when a person wants it to.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from zendera_desk.domain.changes import Changes, FeedAdvanced, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import LinkCode, LinkError, StoreError
from zendera_desk.domain.feed import FeedPage
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import Connection, FeedCursor
from zendera_desk.engine.budget import Purpose
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.feed_pace import FeedPace, Pace
from zendera_desk.engine.feed_progress import FeedProgress
from zendera_desk.engine.link import Endpoint, Link, Waiting
from zendera_desk.engine.pages_ahead import PagesAhead, goes_on
from zendera_desk.engine.supervise import Beside
from zendera_desk.store import board, feed, feed_evidence
from zendera_desk.store.database import Database

FIRST_LOOK_BACK: Final = timedelta(hours=24)
"""How far back the very first call begins."""
MOST_PAGES: Final = 40
"""Pages of one step; a long catch-up goes on in the next step, at once, so that closing and sending are never kept waiting."""
TOLD_AT_ONCE: Final = 2_000
"""Shipments whose boards were looked at: told with each few of them, a window would read on and on."""
TOLD_EVERY: Final = 5.0
"""Seconds, while it catches up, from telling whose products were spoken of to telling it again: soon that is everybody's."""
_REFUSED_TOKEN: Final = {400, 404, 410}


class Tail:
    def __init__(self, link: Link, database: Database, clock: Clock, changes: Changes) -> None:
        self._link = link
        self._database = database
        self._clock = clock
        self._changes = changes
        self.pace = FeedPace(clock.monotonic())
        self.catching_up = False
        self.stopped = False
        """A person stopped catching up."""
        self.waits_until: datetime | None = None
        self.code = ""
        self.every: timedelta | None = None
        """How long it waits from one look to the next; None while it does not just follow."""
        self._progress = FeedProgress()
        self._not_before = 0.0
        self._goes_on = False
        """The step before has left more to catch up with, and nothing is in the way."""
        self._untold = False
        """New changes are stored, and whose they are was not told."""
        self._told_at = 0.0

    async def step(self, now: datetime) -> datetime | None:
        if self.stopped:
            return None
        early = self._too_early()
        return await self._look(now) if early is None else now + early

    async def _look(self, now: datetime) -> datetime | None:
        self._goes_on = False
        try:
            await self._catch_up_and_tell(now)
        except Waiting as waiting:
            self._tell_pace(None)
            self._say(self._in_the_way, waiting.until)
            return waiting.until
        except LinkError as error:
            self._say(error.code)
            return self._clock.now() + self._pause()
        self._say("")
        if self.stopped or self.catching_up:
            self._tell_pace(None)
            self._goes_on = not self.stopped
            return self._clock.now() if self._goes_on else None
        return self._clock.now() + self._pause()

    def soon(self) -> None:
        """Something was sent, or somebody is back: whoever wakes the loop now has it look as soon as it may."""
        self._not_before = self.pace.may_look_from
        self.pace.stirred(self._clock.monotonic())

    def was_away(self) -> None:
        """The machine slept: whoever wakes the loop now has it look at once, and in quick succession for a while."""
        self._not_before = 0.0
        self.pace.stirred(self._clock.monotonic())

    def stop(self) -> None:
        """Leaves what is missing for later. Has no effect while nothing is being caught up with."""
        if self.catching_up and not self.stopped:
            self.stopped = True
            self.code, self.waits_until = "", None  # what was in its way is no matter until it goes on
            self._changes.publish(FeedAdvanced(0))

    def go_on(self) -> None:
        self.stopped = False
        self._changes.publish(FeedAdvanced(0))

    async def cursor(self) -> FeedCursor:
        stored = await self._database.read(feed.cursor, self._link.account.id)
        return FeedCursor(
            up_to_date_at=stored.up_to_date_at,
            gap_at=stored.gap_at,
            unreadable_at=stored.unreadable_at,
            catching_up=self.catching_up,
            read=self._progress.read,
            about=self._progress.about,
            stopped=self.stopped,
            waits_until=self.waits_until,
            code=self.code,
        )

    def _too_early(self) -> timedelta | None:
        """A burst of sends wakes it with each answer: it waits until it may look again, unless it goes on at once anyway."""
        if self._goes_on:
            return None
        left = self._not_before - self._clock.monotonic()
        return timedelta(seconds=left) if left > 0 else None

    @property
    def _in_the_way(self) -> str:
        """Why no call may be made now; "" where nothing is wrong, and the hour's calls are used up."""
        return LinkCode.FORBIDDEN if self._link.may_not(Endpoint.FEED) else self._link.code

    def _pause(self) -> timedelta:
        now = self._clock.monotonic()
        pause = self._link.pace(Purpose.FEED, 1, self.pace.base(now), self.pace.fair(self._link.budget, now))
        follows = self._link.connection is Connection.ONLINE and not self.code
        self._tell_pace(timedelta(seconds=round(pause.total_seconds())) if follows else None)
        return pause

    def _tell_pace(self, every: timedelta | None) -> None:
        if every != self.every:
            self.every = every
            self._changes.publish(LinkChanged())

    @property
    def resting(self) -> bool:
        return self.pace.pace(self._clock.monotonic()) is Pace.RESTING

    async def _catch_up_and_tell(self, now: datetime) -> None:
        """Whose products were spoken of is told now and then: told with each page, a window would read on and on."""
        goes_on_at_once = False
        try:
            await self._catch_up(now)
            goes_on_at_once = self.catching_up and not self.stopped
        finally:
            await self._link.forget_ahead()
            with contextlib.suppress(StoreError):  # then the next look tells it
                await self._tell_spoken_of(all_of_it=not goes_on_at_once)
        if not self.catching_up:
            self.stopped = False  # asked for while the last page was written: nothing was left to stop
            await self._settle()

    async def _tell_spoken_of(self, *, all_of_it: bool) -> None:
        now = self._clock.monotonic()
        if self._untold and (all_of_it or now - self._told_at >= TOLD_EVERY):
            last = 0
            while spoken_of := await self._database.read_aside(board.due, self._link.account.id, last):
                self._changes.publish(ShipmentsChanged(spoken_of))
                last = max(spoken_of)
            self._untold, self._told_at = False, now

    async def _catch_up(self, now: datetime) -> None:
        token, since = await self._database.write(feed.start, self._link.account.id, now - FIRST_LOOK_BACK)
        if not self.catching_up:
            stored = await self._database.read(feed.cursor, self._link.account.id)
            self._progress.begin(since or stored.up_to_date_at)
        if self.catching_up:
            await self._note_ahead(MOST_PAGES)
        pages, token, left = *await self._read(token, since, now), MOST_PAGES - 1
        if not self.catching_up and goes_on(pages, token):
            await self._note_ahead(left)
        await self._read_and_write(pages, token, left, now)

    async def _read_and_write(self, pages: list[FeedPage], token: str, left: int, now: datetime) -> None:
        """Writes `pages`, which were asked for with `token`, and what follows them, so many pages of it at most.

        The next ones wait for the disk when those before them are still being written: a catch-up is as fast as the writer's thread.
        """
        anything, under_way, ahead = False, list[asyncio.Task[int]](), None
        async with Beside() as beside, contextlib.AsyncExitStack() as stack:
            while pages:
                page, more = _joined(pages), goes_on(pages, token)
                under_way.append(beside.begin(self._take(page, token, more=more)))
                while len(under_way) > (1 if more else 0):
                    anything = bool(await under_way.pop(0)) or anything
                if not more or self.stopped:
                    break
                if ahead is None:
                    ahead = PagesAhead(beside, self._read_on, page.token, left)
                    stack.callback(ahead.enough)
                token = page.token
                try:
                    pages = await ahead.next()
                except LinkError as error:
                    await asyncio.gather(*under_way)
                    (pages, token), ahead = await self._afresh(token, error, now), None
                left -= len(pages)
            for writing in under_way:
                anything = bool(await writing) or anything
        if not pages:  # the last of this step
            self.catching_up = anything or left > 0  # so many pages without a single new row: it turns in a wider circle

    async def _note_ahead(self, calls: int) -> None:
        """A call that is noted by itself waits for its turn behind the page that is being written."""
        if self._link.closed_until(Endpoint.FEED) is None:
            await self._link.note_ahead(calls)

    async def _settle(self) -> None:
        """Nothing more is to come for now: where it fits what was reported, and where it does not."""
        more, changed = True, set[OrderId]()
        while more:
            some, more = await self._database.write_later(board.settle, self._link.account.id)
            changed |= some
            if changed and (not more or len(changed) >= TOLD_AT_ONCE):
                self._changes.publish(ShipmentsChanged(frozenset(changed)), LinkChanged())  # the counts of the views are others now
                changed = set()

    async def _read(self, token: str, since: datetime | None, now: datetime) -> tuple[list[FeedPage], str]:
        """The first page, and the token with which it was asked for."""
        try:
            return [await self._ask(token, None if token else since)], token
        except LinkError as error:
            return await self._afresh(token, error, now)

    async def _read_on(self, token: str) -> FeedPage:
        return await self._ask(token, None)

    async def _afresh(self, token: str, trouble: LinkError, now: datetime) -> tuple[list[FeedPage], str]:
        """A token that was refused is given up; as `_read`. Other trouble is raised."""
        if not token or trouble.http_status not in _REFUSED_TOKEN:
            raise trouble
        restart = await self._database.write(feed.restart, self._link.account.id, self._clock.now(), now - FIRST_LOOK_BACK)
        return [await self._ask("", restart)], ""

    async def _ask(self, token: str, since: datetime | None) -> FeedPage:
        page = await self._link.call(Endpoint.FEED, lambda client: client.feed_page(since=since, token=token))
        self.pace.looked(self._clock.monotonic())
        await asyncio.sleep(0)  # many pages that lie ready must not keep the window from its own events
        return page

    async def _take(self, page: FeedPage, asked: str, *, more: bool) -> int:
        """Stores it. Returns how many of its changes are new."""
        taken = await self._database.write_later(feed_evidence.take, self._link.account.id, page, self._clock.now(), after=asked)
        if taken.confirmed:
            self._changes.publish(OutboxChanged(frozenset(taken.confirmed)), ShipmentsChanged(frozenset(taken.confirmed.values())))
        if taken.new:
            self._untold = True
            self.pace.stirred(self._clock.monotonic())
        self.catching_up = more
        self.waits_until = None
        self._progress.took(page.changes, self._clock.now())
        self._changes.publish(FeedAdvanced(taken.new))
        return taken.new

    def _say(self, code: str, waits_until: datetime | None = None) -> None:
        if (code, waits_until) != (self.code, self.waits_until):
            self.code, self.waits_until = code, waits_until
            self._changes.publish(FeedAdvanced(0))


def _joined(pages: Sequence[FeedPage]) -> FeedPage:
    """As if they had come as one."""
    if len(pages) == 1:
        return pages[0]
    changes, broken = chain.from_iterable(page.changes for page in pages), chain.from_iterable(page.broken for page in pages)
    return FeedPage(changes=tuple(changes), broken=tuple(broken), token=pages[-1].token, has_next=pages[-1].has_next)
