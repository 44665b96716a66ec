"""The line to Zendera for one account: every call of the engine goes through here.

It spends the budget, hears what each answer says about the line (online, offline, blocked, limited), and closes the way
for calls that would be in vain: after a 429 all of them, after a 401 or a broken set-up all but a probe, after a 403 that
one endpoint. The first good answer opens it again and wakes everything.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from zendera_desk.domain.changes import Changes, LinkChanged
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.views import Account, Connection
from zendera_desk.engine.budget import Budget, Purpose
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.retry import Verdict, verdict
from zendera_desk.engine.supervise import JUMP
from zendera_desk.store import calls
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
    TIMELINE = "timeline"
    FEED = "feed"


PURPOSES: Final = {
    Endpoint.EXPORT: Purpose.EXPORT,
    Endpoint.ACKNOWLEDGE: Purpose.SEND,
    Endpoint.REPORT: Purpose.SEND,
    Endpoint.TIMELINE: Purpose.READ_BACK,
    Endpoint.FEED: Purpose.FEED,
}
LIMIT_WAIT: Final = (timedelta(seconds=60), timedelta(hours=1))
"""After a 429 the account waits at least and at most this long."""
CLOSED_FOR: Final = timedelta(minutes=15)
"""After a 403 an endpoint is left alone this long."""
OFFLINE_POLL: Final = timedelta(seconds=10)
"""While the line is down it is tried this often: nothing of it reaches Zendera, so it costs no calls."""
BLOCKED_POLL: Final = timedelta(minutes=5)
"""While the key is refused it is tried this often, in case it was mended at Zendera's side."""

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
        self._key = key
        self._open_client = open_client
        self._database = database
        self._clock = clock
        self._changes = changes
        self._client: ZenderaClient | None = None
        self._wait_until: float | None = None
        self._closed: dict[Endpoint, float] = {}
        self._blocked = False
        self._offset = self._wall_offset()

    async def start(self) -> None:
        """Loads what the last hour has cost already."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        past = await self._database.read(calls.of_last_hour, self.account.id, now)
        self.budget.load(monotonic - (now - at).total_seconds() for at in past)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def replace_key(self, key: str) -> None:
        """Goes on with another key, as if nothing had been refused."""
        self._key = key
        self._closed.clear()
        self._blocked = False
        self._wait_until = None
        await self.close()

    def calls_left(self) -> int:
        return self.budget.left(self._clock.monotonic())

    def pace(self, purpose: Purpose, pages: int, base: timedelta) -> timedelta:
        """How long a poll of `pages` calls waits until the next one."""
        if self.connection is Connection.OFFLINE:
            return OFFLINE_POLL
        if self._blocked:
            return BLOCKED_POLL if self.connection is Connection.BLOCKED else base
        return self.budget.pace(purpose, pages, base, self._clock.monotonic())

    async def call(self, endpoint: Endpoint, request: Callable[["ZenderaClient"], Awaitable[T]]) -> T:
        """Makes the request. Raises Waiting when none may be made now, and what the client raises: LinkError."""
        await self._renew_after_sleep()
        self._check_open(endpoint)
        if self._client is None:
            self._client = await self._open_client(self.account.base_url, self._key, self._limits)
        self.budget.spend(self._clock.monotonic())
        try:
            result = await request(self._client)
        except LinkError as error:
            await self._heard_trouble(endpoint, error)
            raise
        await self._note_call()
        await self._heard_good(endpoint)
        return result

    def _check_open(self, endpoint: Endpoint) -> None:
        monotonic = self._clock.monotonic()
        moments = [self._wait_until, self._closed.get(endpoint), self.budget.free_at(PURPOSES[endpoint], monotonic)]
        if self._blocked and endpoint is not Endpoint.EXPORT:
            moments.append(monotonic + BLOCKED_POLL.total_seconds())
        latest = max((moment for moment in moments if moment is not None), default=monotonic)
        if latest > monotonic:
            raise Waiting(self._clock.now() + timedelta(seconds=latest - monotonic))

    async def _heard_good(self, endpoint: Endpoint) -> None:
        was_down = self.connection is not Connection.ONLINE
        self._closed.pop(endpoint, None)
        self._blocked = False
        self._wait_until = None
        self._set(Connection.ONLINE, "", "")
        if was_down and self.on_recovery is not None:
            await self.on_recovery()

    async def _heard_trouble(self, endpoint: Endpoint, error: LinkError) -> None:
        meaning = verdict(error)
        if meaning is Verdict.NOT_RECEIVED:
            self.budget.refund()
        else:
            await self._note_call()
        _log.info("%s: %s", endpoint, error)
        monotonic = self._clock.monotonic()
        if error.code is LinkCode.NOT_WRITTEN or (meaning is Verdict.REFUSED):
            return  # says nothing about the line
        if error.code is LinkCode.LIMIT:
            shortest, longest = LIMIT_WAIT
            pause = min(max(error.retry_after or shortest, shortest), longest)
            self._wait_until = monotonic + pause.total_seconds()
        elif error.code is LinkCode.FORBIDDEN:
            self._closed[endpoint] = monotonic + CLOSED_FOR.total_seconds()
            if endpoint is Endpoint.TIMELINE:
                return  # many keys may not read it; the outbox says so where it matters
        elif meaning is Verdict.BLOCKED:
            self._blocked = True
        self._set(_CONNECTIONS.get(error.code, Connection.TROUBLE), error.code, error.words)

    async def _note_call(self) -> None:
        await self._database.write(calls.add, self.account.id, self._clock.now())

    async def _renew_after_sleep(self) -> None:
        """A machine that slept, or whose clock was set, has connections that only look alive."""
        offset = self._wall_offset()
        if abs(offset - self._offset) > JUMP.total_seconds():
            self._offset = offset
            await self.close()

    def _wall_offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic()

    def _limits(self, limits: Limits) -> None:
        self.budget.heard(limits, self._clock.monotonic())

    def _set(self, connection: Connection, code: str, words: str) -> None:
        changed = (connection, code, words) != (self.connection, self.code, self.words)
        self.connection, self.code, self.words = connection, code, words
        if changed:
            self._changes.publish(LinkChanged())
