"""The line to Zendera for one account: every call of the engine goes through here.

It spends the budget, hears what each answer says about the line (online, offline, blocked, limited), and closes the way
for calls that would be in vain: after a 429 all of them, after a 401 or a broken set-up all but a probe, after a 403 that
one endpoint. The first good answer opens it again and wakes everything.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from zendera_desk.domain.changes import Changes, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import LinkCode, LinkError, StoreError
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.views import Account, Connection
from zendera_desk.engine import retry
from zendera_desk.engine.budget import STANDARD, Budget, Purpose
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.retry import Verdict, verdict
from zendera_desk.engine.supervise import JUMP
from zendera_desk.store import afresh, calls
from zendera_desk.store.database import Database

if TYPE_CHECKING:  # the client brings httpx, which is loaded when the window is there
    from zendera_desk.api.client import ZenderaClient

T = TypeVar("T")
OpenClient = Callable[[str, str, Callable[[Limits], None]], Awaitable["ZenderaClient"]]
"""(base_url, key, on_limits): how a client is made; `ZenderaClient.open` but for tests in process."""

_log = logging.getLogger(__name__)


class Endpoint(StrEnum):
    EXPORT = "export"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    DOCUMENTS = "documents"
    TIMELINE = "timeline"
    FEED = "feed"


PURPOSES: Final = {
    Endpoint.EXPORT: Purpose.EXPORT,
    Endpoint.ACKNOWLEDGE: Purpose.SEND,
    Endpoint.REPORT: Purpose.SEND,
    Endpoint.DOCUMENTS: Purpose.SEND,
    Endpoint.TIMELINE: Purpose.READ_BACK,
    Endpoint.FEED: Purpose.FEED,
}
LIMIT_WAIT: Final = (timedelta(seconds=60), timedelta(hours=1))
"""After a 429 the account waits at least and at most this long."""
JITTER: Final = 0.1
"""Up to so much longer than asked for."""
CLOSED_FOR: Final = timedelta(minutes=15)
"""After a 403 an endpoint is left alone this long."""
NO_SUCH_CALL: Final = frozenset({404, 405, 501})
"""Of an endpoint that not every Zendera may have: the same as a 403."""
OFFLINE_POLL: Final = timedelta(seconds=10)
"""While the line is down it is tried this often: nothing of it reaches Zendera, so it costs no calls."""
BLOCKED_POLL: Final = timedelta(minutes=5)
"""While the key is refused it is tried this often, in case it was mended at Zendera's side."""
AHEAD_FOR: Final = timedelta(seconds=10)
"""So long calls that were noted ahead may be made. They are noted as made at the end of it: the hour's count is never too low."""

_CONNECTIONS: Final = {
    LinkCode.OFFLINE: Connection.OFFLINE,
    LinkCode.CONNECTION_REFUSED: Connection.OFFLINE,
    LinkCode.CONNECT_TIMEOUT: Connection.OFFLINE,
    LinkCode.TIMEOUT: Connection.OFFLINE,
    LinkCode.RESET: Connection.OFFLINE,
    LinkCode.LIMIT: Connection.LIMITED,
    LinkCode.UNAUTHORISED: Connection.BLOCKED,
    LinkCode.FORBIDDEN: Connection.BLOCKED,
}


class Waiting(Exception):  # noqa: N818 (a fact about now, not a fault)
    """No call may be made before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class Noted:
    """Where a call is noted that costs one of the hour's."""

    row: int | None = None


class Link:
    """Made with an account and its key; `call` is all that the loops use."""

    def __init__(
        self, account: Account, key: str, *, open_client: OpenClient, database: Database, clock: Clock, changes: Changes, budget: Budget
    ) -> None:
        self.account = account
        self.budget = budget
        self.connection = Connection.STARTING
        self.code = ""
        self.words = ""
        self.on_recovery: Callable[[], Awaitable[None]] | None = None
        self.chance: Callable[[], float] = random.random
        """Between nothing and one: how much longer than asked for this desk keeps silent."""
        self._key = key
        self._open_client = open_client
        self._database = database
        self._clock = clock
        self._changes = changes
        self._client: ZenderaClient | None = None
        self._opening = asyncio.Lock()
        self._kept_limit: int | None = None
        self._ahead: list[int] = []
        self._ahead_until = 0.0
        self._under_way = 0
        self._retired: list[ZenderaClient] = []
        self._wait_until: float | None = None
        self._closed: dict[Endpoint, float] = {}
        self._blocked = False
        self._offset = self._wall_offset()
        self._jumping = asyncio.Lock()
        self.jumps = 0
        """How often the wall clock has moved by itself."""

    async def start(self) -> None:
        """Loads what the last hour has cost already, and how long Zendera wants to hear nothing."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        past = await self._database.write(calls.of_last_hour, self.account.id, now)
        self.budget.load(monotonic - (now - at).total_seconds() for at in past)
        self._kept_limit = await self._database.read(calls.limit, self.account.id)
        self._limits(Limits(limit=self._kept_limit))
        silent_until = await self._database.read(calls.silent_until, self.account.id)
        if silent_until > now:
            self._wait_until = monotonic + min(silent_until - now, LIMIT_WAIT[1]).total_seconds()

    async def close(self) -> None:
        self._retire()
        await self._close_retired()

    async def replace_key(self, key: str) -> None:
        """Goes on with another key, as if nothing had been refused. What is under way gets its answer with the old one.

        The limit is the key's: the same key, entered once more, waits on.
        """
        another = key != self._key
        self._key = key
        self._closed.clear()
        self._blocked = False
        if another:
            self._wait_until = None
            await self._database.write(calls.keep_silent, self.account.id, self._clock.now())
        await self.was_away()

    async def was_away(self) -> None:
        """The machine slept: connections only look alive. What is under way gets its answer, or none, with the old ones."""
        self._retire()
        if not self._under_way:
            await self._close_retired()

    def is_reached_by(self, base_url: str, key: str) -> bool:
        return (base_url, key) == (self.account.base_url, self._key)

    def may_spare(self, endpoint: Endpoint) -> bool:
        """Whether a call may be made now that nobody misses if it is not: only from what the feed leaves over."""
        return self.closed_until(endpoint) is None and self.budget.free_at(Purpose.FEED, self._clock.monotonic()) is None

    def calls_left(self) -> int:
        return self.budget.left(self._clock.monotonic())

    def pace(self, purpose: Purpose, pages: int, base: timedelta, fair: timedelta | None = None) -> timedelta:
        """How long a poll of `pages` calls waits until the next one."""
        if self.connection is Connection.OFFLINE:
            return OFFLINE_POLL
        if self._blocked:
            return BLOCKED_POLL if self.connection is Connection.BLOCKED else base
        return self.budget.pace(purpose, pages, base, self._clock.monotonic(), fair)

    async def call(self, endpoint: Endpoint, request: Callable[["ZenderaClient"], Awaitable[T]], noted: Noted | None = None) -> T:
        """Makes the request. Raises Waiting when none may be made now, and what the client raises: LinkError.

        `noted`: of whoever writes something before the first byte anyway, and notes the call with it (`calls.add`).
        """
        await self.notice_jump()
        until = self.closed_until(endpoint)
        if until is not None:
            raise Waiting(until)
        spent = self._clock.monotonic()
        self.budget.spend(spent)  # before anything is awaited: several may call at once
        if noted is None:
            noted = await self._note_call()
        self._under_way += 1
        try:
            result = await request(await self._ready_client())
        except LinkError as error:
            if verdict(error) is Verdict.NOT_RECEIVED:
                await self._refund(spent, noted)
            if isinstance(error.__cause__, Waiting):
                raise error.__cause__ from None
            await self._heard_trouble(endpoint, error)
            raise
        finally:
            self._under_way -= 1
            if not self._under_way:
                await self._close_retired()
        await self._heard_good(endpoint)
        return result

    async def note_ahead(self, count: int) -> None:
        """Of whoever is about to make so many calls one after the other: the disk is waited for once, and not between two of them.

        Who dies in between has spent them all. `forget_ahead` gives back what was not made.
        """
        await self.forget_ahead()
        self._ahead_until = self._clock.monotonic() + AHEAD_FOR.total_seconds()
        try:
            self._ahead = await self._database.write(calls.add_ahead, self.account.id, self._clock.now() + AHEAD_FOR, count)
        except StoreError as error:
            _log.info("no calls are noted ahead: %s", error)

    async def forget_ahead(self) -> None:
        """What was noted ahead and not made, was not made."""
        left, self._ahead = self._ahead, []
        if left:
            try:
                await self._database.write(calls.forget_several, left)
            except StoreError as error:
                _log.info("calls that were none stay noted: %s", error)

    async def lend(self, request: Callable[["ZenderaClient"], Awaitable[T]]) -> T:
        """Makes a request that goes beside Zendera: it costs none of the hour's calls, and what it meets says nothing about the line."""
        await self.notice_jump()
        self._under_way += 1
        try:
            return await request(await self._ready_client())
        finally:
            self._under_way -= 1
            if not self._under_way:
                await self._close_retired()

    async def _ready_client(self) -> "ZenderaClient":
        async with self._opening:
            while self._client is None:
                key = self._key
                client = await self._open_client(self.account.base_url, key, self._limits)
                client.last_look = self.look_again
                if key == self._key:
                    self._client = client
                else:  # replaced meanwhile
                    await client.aclose()
            return self._client

    def _retire(self) -> None:
        """The client is not used any more. It is closed when nothing is under way: closing it would make sends unclear."""
        if self._client is not None:
            self._retired.append(self._client)
            self._client = None

    async def _close_retired(self) -> None:
        while self._retired:
            await self._retired.pop().aclose()

    def may_not(self, endpoint: Endpoint) -> bool:
        """Whether Zendera said a short while ago that this key may not call the endpoint."""
        return self._closed.get(endpoint, 0.0) > self._clock.monotonic()

    def look_again(self) -> None:
        """Raises Waiting when another call has met the limit since this one began: its connection may have taken long."""
        left = 0.0 if self._wait_until is None else self._wait_until - self._clock.monotonic()
        if left > 0:
            raise Waiting(self._clock.now() + timedelta(seconds=left))

    def closed_until(self, endpoint: Endpoint) -> datetime | None:
        """Until when no such call may be made; None when it may be made now."""
        monotonic = self._clock.monotonic()
        moments = [self._wait_until, self._closed.get(endpoint), self.budget.free_at(PURPOSES[endpoint], monotonic)]
        if self._blocked and endpoint is not Endpoint.EXPORT:
            moments.append(monotonic + BLOCKED_POLL.total_seconds())
        latest = max((moment for moment in moments if moment is not None), default=monotonic)
        return self._clock.now() + timedelta(seconds=latest - monotonic) if latest > monotonic else None

    async def _heard_good(self, endpoint: Endpoint) -> None:
        self._closed.pop(endpoint, None)
        self._blocked = False
        await self._keep_limit()
        if self._wait_until is not None and self._wait_until > self._clock.monotonic():
            return  # it was under way when another call met the limit: the wait goes on
        was_down = self.connection is not Connection.ONLINE
        self._set(Connection.ONLINE, "", "")
        if was_down and self.on_recovery is not None:
            try:
                await self.on_recovery()
            except StoreError as error:
                _log.info("nothing could be hurried: %s", error)

    async def _heard_trouble(self, endpoint: Endpoint, error: LinkError) -> None:
        meaning = verdict(error)
        _log.info("%s: %s", endpoint, error)
        if error.code is LinkCode.LIMIT:
            await self._keep_silent(error.retry_after)
        monotonic = self._clock.monotonic()
        if endpoint is Endpoint.DOCUMENTS and (error.code is LinkCode.FORBIDDEN or error.http_status in NO_SUCH_CALL):
            self._closed[endpoint] = monotonic + CLOSED_FOR.total_seconds()
            return  # whoever uploads says so: pictures can travel inside the report
        if error.code is LinkCode.NOT_WRITTEN or (meaning is Verdict.REFUSED and endpoint is not Endpoint.EXPORT):
            return  # says nothing about the line; but an address without an export is not Zendera's
        if error.code is LinkCode.FORBIDDEN:
            self._closed[endpoint] = monotonic + CLOSED_FOR.total_seconds()
            if endpoint is Endpoint.TIMELINE:
                return  # many keys may not read it; the outbox says so where it matters
        elif meaning is Verdict.BLOCKED:
            self._blocked = True
        self._set(_CONNECTIONS.get(error.code, Connection.TROUBLE), error.code, error.words)

    async def _keep_silent(self, retry_after: timedelta | None) -> None:
        """Of several limits that calls meet at once the longest counts. A restart must not forget it.

        Never shorter than what was asked for (but at most an hour), and longer by chance: desks that share a key must not all come
        back in the same moment.
        """
        shortest, longest = LIMIT_WAIT
        pause = max(retry_after or shortest, shortest)
        pause = min(pause * (1 + JITTER * self.chance()), longest)
        until = self._clock.monotonic() + pause.total_seconds()
        if self._wait_until is not None and self._wait_until >= until:
            return
        self._wait_until = until
        try:
            await self._database.write(calls.keep_silent, self.account.id, self._clock.now() + pause)
        except StoreError as error:
            _log.info("the limit is not noted: %s", error)

    async def _keep_limit(self) -> None:
        """Who starts again and knows of none would make several calls at once before the first answer says it."""
        heard = self.budget.whole
        if heard != (self._kept_limit or STANDARD):
            try:
                await self._database.write(calls.keep_limit, self.account.id, heard)
                self._kept_limit = heard
            except StoreError as error:
                _log.info("the limit is not noted: %s", error)

    async def _note_call(self) -> Noted:
        """Before it is made: whoever dies while it is under way has spent it. What cannot be noted is forgotten by a restart only."""
        noted = Noted()
        if self._ahead and self._clock.monotonic() < self._ahead_until:
            noted.row = self._ahead.pop()
            return noted
        try:
            noted.row = await self._database.write(calls.add, self.account.id, self._clock.now())
        except StoreError as error:
            _log.info("a call is not noted: %s", error)
        return noted

    async def _refund(self, spent: float, noted: Noted) -> None:
        """It never reached Zendera."""
        self.budget.refund(spent)
        if noted.row is not None:
            try:
                await self._database.write(calls.forget, noted.row)
            except StoreError as error:
                _log.info("a call that was none stays noted: %s", error)

    async def notice_jump(self) -> None:
        """A machine that slept, or whose clock was set, has connections that only look alive, and moments that mean nothing.

        Whoever decides by the wall clock calls this first; it returns when the outbox counts afresh.
        """
        async with self._jumping:
            offset = self._wall_offset()
            by = timedelta(seconds=offset - self._offset)
            if abs(by) <= JUMP:
                return
            now = self._clock.now()
            _log.info("the clock jumped by %s", by)
            self._retire()
            moved = await self._database.write(afresh.clock_jumped, now, now + retry.SETTLE, by)
            self._offset = offset
            self.jumps += 1
        if moved:
            self._changes.publish(OutboxChanged(frozenset(moved)), ShipmentsChanged(frozenset(moved.values())))

    def _wall_offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _limits(self, limits: Limits) -> None:
        self.budget.heard(limits, self._clock.monotonic())

    def _set(self, connection: Connection, code: str, words: str) -> None:
        changed = (connection, code, words) != (self.connection, self.code, self.words)
        self.connection, self.code, self.words = connection, code, words
        if changed:
            self._changes.publish(LinkChanged())
