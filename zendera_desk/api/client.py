"""The calls that Zendera answers, with domain types in and out and one kind of error: LinkError.

Nothing here tries again, waits or decides: what an error means for an entry is the engine's business, and each LinkCode
says exactly as much as is known. httpx's exceptions are never chained to ours, since they hold the request, and the
request holds the key.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import httpx

from zendera_desk.api import answers, documents, pace, wire
from zendera_desk.api.answers import Answer
from zendera_desk.api.failures import code_of
from zendera_desk.api.transport import Crossing, KeyAuth, Line, Route, Timeouts, client_for, find_route
from zendera_desk.api.values import decode
from zendera_desk.domain.access import check_base_url, check_key
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.feed import FeedPage, TimelineEvent
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.shipment import ExportPage
from zendera_desk.domain.uploads import Offer

_SMALL: Final = 4 * 1024  # bytes that are read in about a millisecond; more is read in a thread
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

Read = TypeVar("Read")
Hook = Callable[[], Awaitable[None]]


class ZenderaClient:
    """One account's connection. Opened by `open`, closed by `aclose`; any number of calls at once, a few of each kind fly."""

    def __init__(
        self,
        base_url: str,
        key: str,
        way: Route | httpx.AsyncBaseTransport,
        on_limits: Callable[[Limits], None] | None,
        timeouts: Timeouts,
    ) -> None:
        auth = KeyAuth(base_url, key)
        self.last_look: Callable[[], None] | None = None
        """Called when the connection of a call stands, at once before its first byte: what it raises is the cause of a NOT_WRITTEN."""
        self._base_url = base_url
        self._key = key
        self._feed = Line(lambda: client_for(way, auth, timeouts, keep_alive=True))
        self._reads = Line(lambda: client_for(way, auth, timeouts, keep_alive=False))
        self._sends = Line(lambda: client_for(way, auth, timeouts, keep_alive=False))
        self._storage = documents.Storage(way, auth, timeouts)
        self._proxied = isinstance(way, Route) and way.proxy is not None
        self._on_limits = on_limits
        self._timeouts = timeouts

    @classmethod
    async def open(
        cls,
        base_url: str,
        key: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        on_limits: Callable[[Limits], None] | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 (frozen)
    ) -> "ZenderaClient":
        """Connects nothing yet. Raises SettingsError, CredentialError bad_key, or LinkError PROXY for an unusable proxy setting.

        `transport` replaces the network, in process: it is shared by reads and sends.
        """
        base_url, key = check_base_url(base_url), check_key(key)
        way = await asyncio.to_thread(find_route, base_url) if transport is None else transport
        return cls(base_url, key, way, on_limits, timeouts)

    async def export_page(self, page: int, per_page: int = 50) -> ExportPage:
        """Pages count from 1."""
        return await self._read(self._reads, "v1/orders/export", wire.read_export, {"page": str(page), "perPage": str(per_page)})

    async def timeline(self, order_id: OrderId) -> tuple[TimelineEvent, ...]:
        """A carrier's key may get FORBIDDEN or REFUSED (404) here for good."""
        return await self._read(self._reads, f"v2/orders/{order_id:d}/external-updates", wire.read_timeline)

    async def feed_page(self, *, since: datetime | None = None, token: str = "") -> FeedPage:
        """`token` once there is one, `since` for the very first call only."""
        params = {"pagination_token": token} if token else {}
        if since is not None and not token:
            params["since"] = str((since - _EPOCH) // _MILLISECOND)
        answer = await self._call(self._feed, "GET", "v1/order-products/status-feed", Crossing(), params=params)
        # Here and not in a thread: a week is a thousand pages, and to pass each to and fro took longer than to read it.
        plain = wire.read_plain_feed(answer.body)
        return await self._understand(answer, wire.read_feed) if plain is None else plain

    async def acknowledge(self, payload: bytes, before_first_byte: Hook) -> None:
        """Accept or fail. Returns when Zendera gave a valid answer; see `report` for the hook."""
        await self._send("v1/orders/export/status", payload, before_first_byte)

    async def report(self, payload: bytes, before_first_byte: Hook) -> None:
        """`before_first_byte` is awaited when the connection stands and nothing has been written; if it raises, nothing is."""
        await self._send("v1/exported-order/update", payload, before_first_byte)

    async def new_document(self, extension: str) -> Offer:
        """Asks for a place for one file. Asked twice, Zendera has two, one of them unused: nobody sees it.

        Raises UploadAddressError where the place is none that may be used.
        """
        answer = await self._call(self._sends, "POST", documents.PATH, Crossing(), payload=documents.request(extension))
        offer = await self._understand(answer, documents.read_offer)
        documents.check_offer(offer, self._base_url)
        return offer

    async def upload(self, url: str, content: bytes, before_first_byte: Hook) -> None:
        """Puts a JPEG to where an offer said; see `report` for the hook. The key goes along to the account's own address alone.

        Raises UploadAddressError, and LinkError, which says nothing about the line to Zendera: it may be another host.
        """
        documents.check_upload_url(url, self._base_url)
        crossing, failure = Crossing(before_first_byte), None
        try:
            async with asyncio.timeout(self._timeouts.whole_upload), self._storage.put(url, content, crossing) as response:
                answer = await answers.read(response, documents.ANSWER_CAP)
        except LinkError as error:
            raise error from crossing.failure
        except (httpx.HTTPError, OSError) as error:
            code = code_of(error, crossed=crossing.crossed, proxied=self._proxied)
            failure = LinkError(code, words=answers.plain(str(error), self._key))
        else:
            failure = self._failure_of(answer, crossing)
        if failure is not None:
            raise failure  # out here, so that httpx's exception is not its context

    async def aclose(self) -> None:
        await self._storage.aclose()
        await self._feed.aclose()
        await self._reads.aclose()
        await self._sends.aclose()

    async def _read(self, line: Line, path: str, read: Callable[[bytes], Read], params: Mapping[str, str] | None = None) -> Read:
        answer = await self._call(line, "GET", path, Crossing(), params=params)
        return await self._understand(answer, read)

    async def _send(self, path: str, payload: bytes, before_first_byte: Hook) -> None:
        """The documentation does not say what a send answers: any JSON counts, and so does nothing."""
        answer = await self._call(self._sends, "POST", path, Crossing(before_first_byte), payload=payload)
        if answer.body.strip():
            await self._understand(answer, decode)

    async def _understand(self, answer: Answer, read: Callable[[bytes], Read]) -> Read:
        try:
            return read(answer.body) if len(answer.body) <= _SMALL else await asyncio.to_thread(read, answer.body)
        except wire.WireError as error:
            raise answers.not_zendera(answer, self._key) from error

    async def _call(
        self,
        line: Line,
        method: str,
        path: str,
        crossing: Crossing,
        *,
        params: Mapping[str, str] | None = None,
        payload: bytes | None = None,
    ) -> Answer:
        """A 2xx answer with its whole body, or LinkError. Cancelling passes through: whoever cancels knows what it means."""
        whole = self._timeouts.whole_read if payload is None else self._timeouts.whole_send
        crossing.last_look = self.last_look
        failure: LinkError | None
        try:
            async with asyncio.timeout(whole), line.answer(method, self._base_url + path, crossing, params, payload) as response:
                answer = await answers.read(response)
        except LinkError as error:
            raise error from crossing.failure
        except (httpx.HTTPError, OSError) as error:
            code = code_of(error, crossed=crossing.crossed, proxied=self._proxied)
            failure = LinkError(code, words=answers.plain(str(error), self._key))
        else:
            self._tell_limits(answer)
            failure = self._failure_of(answer, None if payload is None else crossing)
            if failure is None:
                return answer
        raise failure  # out here, so that httpx's exception is not its context

    def _failure_of(self, answer: Answer, sent: Crossing | None) -> LinkError | None:
        failure = answers.refusal(answer, self._key)
        if failure is None and sent is not None and not sent.whole:
            # httpcore reads the answer of whoever hangs up in the middle of the request, and it may be a kind one
            return LinkError(LinkCode.BROKEN_ANSWER, http_status=answer.status, words="an answer to half a request")
        return failure

    def _tell_limits(self, answer: Answer) -> None:
        said = pace.limits(answer.headers)
        if said is not None and self._on_limits is not None:
            self._on_limits(said)
