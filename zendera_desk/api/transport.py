"""How a call travels: trust, proxy, limits, the key bound to its address, and the moment before the first byte.

Everything httpx would take from its own defaults is decided here, because its defaults follow environment variables that
may be malformed, keep connections in ways that make sends unclear, and print headers in exceptions.
"""

import asyncio
import logging
import ssl
import sys
import urllib.request
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Final, NamedTuple

import anyio._backends._asyncio  # noqa: F401 (httpcore's first call would load it, for 20 ms of the interface; this is loaded in a thread)
import httpcore
import httpx
import msgspec
from h11._readers import ContentLengthReader
from httpcore import _synchronization as httpcore_locks

from zendera_desk import __version__
from zendera_desk.api.network import AsyncioBackend
from zendera_desk.domain.access import is_loopback
from zendera_desk.domain.errors import LinkCode, LinkError

AT_ONCE: Final = 16
"""Calls on one line at a time. Below the pool's size: a cancelled call can leak a slot (httpcore #1093)."""

_POOL: Final = 2 * AT_ONCE
_KEEP_ALIVE: Final = 55.0  # seconds: longer than the usual poll interval, shorter than what servers close at
_PIECE: Final = 64 * 1024  # bytes; the time limit of a write counts for each, so a slow line may still send ten pictures

# All that was read at once is taken apart before anybody else has a turn, and so is a whole head. httpcore's own 64 and 100 KB
# hold thousands of empty headers, "100 Continue"s or chunks of one byte: a quarter of a second each.
httpcore.AsyncHTTP11Connection.READ_NUM_BYTES = 4 * 1024
httpcore.AsyncHTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE = 32 * 1024

_LARGE_PIECE: Final = 64 * 1024
_receive_body: Final = httpcore.AsyncHTTP11Connection._receive_response_body  # noqa: SLF001 (as below)


async def _receive_body_in_large_pieces(connection: httpcore.AsyncHTTP11Connection, request: httpcore.Request) -> AsyncGenerator[bytes]:
    """Nothing has to be taken apart in a body that said how long it is: a page of the feed comes in four pieces instead of sixty."""
    if isinstance(connection._h11_state._reader, ContentLengthReader):  # noqa: SLF001 (nobody else knows)
        connection.READ_NUM_BYTES = _LARGE_PIECE
    try:
        async for piece in _receive_body(connection, request):
            yield piece
    finally:
        connection.READ_NUM_BYTES = httpcore.AsyncHTTP11Connection.READ_NUM_BYTES


httpcore.AsyncHTTP11Connection._receive_response_body = _receive_body_in_large_pieces  # type: ignore[assignment, method-assign]  # noqa: SLF001

_is_worn_out: Final = httpcore.AsyncHTTP11Connection.has_expired


def _is_worn_out_or_spoilt(connection: httpcore.AsyncHTTP11Connection) -> bool:
    """httpcore throws an idle connection away if something has come that nobody asked for, but looks for it in the socket alone.

    What came together with the end of the last answer has been read already, and would be the beginning of the next one.
    """
    return _is_worn_out(connection) or bool(connection._h11_state.trailing_data[0])  # noqa: SLF001 (nobody else knows)


httpcore.AsyncHTTP11Connection.has_expired = _is_worn_out_or_spoilt  # type: ignore[method-assign, assignment]

# Before each of a call's locks httpcore looks, through every folder of packages, whether it runs under trio: half a millisecond a call.
httpcore_locks.current_async_library = lambda: "asyncio"


def _asyncio_lock(lock: httpcore_locks.AsyncLock) -> None:
    """Nobody contends for these locks of a single connection, and anyio's give everybody else a turn each time all the same."""
    lock._backend, lock._anyio_lock = "asyncio", asyncio.Lock()  # type: ignore[assignment]  # noqa: SLF001 (as above)


httpcore_locks.AsyncLock.setup = _asyncio_lock  # type: ignore[method-assign, assignment]

for _name in ("httpx", "httpcore"):  # at INFO they log every address, at DEBUG every header
    logging.getLogger(_name).setLevel(logging.WARNING)


class Timeouts(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds. The `whole_` ones end an answer that drips for ever."""

    connect: float = 10
    read: float = 30
    write: float = 60
    pool: float = 5
    whole_read: float = 120
    whole_send: float = 900
    whole_upload: float = 600
    """Of one picture of 1.5 MB: at 20 kbit a second."""


class KeyAuth(httpx.Auth):
    """Puts the key on what goes to the account's own scheme, host, port and path, and on nothing else."""

    def __init__(self, base_url: str, key: str) -> None:
        self._base = httpx.URL(base_url)
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._covers(request.url):
            request.headers["Authorization"] = f"apikey {self._key}"
        yield request

    def _covers(self, url: httpx.URL) -> bool:
        base = self._base
        same_origin = (url.scheme, url.raw_host, url.port) == (base.scheme, base.raw_host, base.port)
        return same_origin and url.path.startswith(base.path)


class Route(NamedTuple):
    """What must be found out, at the price of disk and registry reads, before the first connection to an address."""

    tls: ssl.SSLContext
    proxy: httpx.Proxy | None


def find_route(base_url: str) -> Route:
    """Blocks for up to some 100 ms: call it in a thread. Raises LinkError PROXY where the system's proxy is unusable."""
    url = httpx.URL(base_url)
    if is_loopback(url.host):
        return Route(_tls() if url.scheme == "https" else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), None)
    tls = _tls()
    return Route(tls, _proxy(url, tls))


def route_beside(route: Route, url: str) -> Route:
    """To another host than the account's, with the same trust; blocks as `find_route` does. Raises LinkError PROXY."""
    there = httpx.URL(url)
    return Route(route.tls, None if is_loopback(there.host) else _proxy(there, route.tls))


def _tls() -> ssl.SSLContext:
    if sys.platform == "linux":
        # certifi's and the system's authorities: a frozen program may not find the one, a company adds to the other.
        context = httpx.create_ssl_context()
        context.load_default_certs()
        return context
    import truststore  # noqa: PLC0415 (installed on Windows and macOS only; on Linux it slows each handshake)

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _proxy(url: httpx.URL, tls: ssl.SSLContext) -> httpx.Proxy | None:
    """The system's proxy for this one address. httpx's own reading raises on a malformed NO_PROXY; this one ignores it."""
    proxies = urllib.request.getproxies()
    address = proxies.get(url.scheme) or proxies.get("all")
    if not address or urllib.request.proxy_bypass(url.netloc.decode("ascii")):
        return None
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
    except (httpx.InvalidURL, ValueError):
        raise LinkError(LinkCode.PROXY, words="the system's proxy setting cannot be read") from None
    if proxy.url.scheme not in {"http", "https"}:
        raise LinkError(LinkCode.PROXY, words=f"{proxy.url.scheme} proxies cannot be used")
    if proxy.url.scheme == "https":
        proxy.ssl_context = tls
    return proxy


class Crossing:
    """The line between "certainly not received" and "may have been received", for one call.

    Given to httpcore as its `trace` hook. `before_first_byte` is awaited after connect and TLS and before the first byte of
    the request; if it raises, nothing is sent and the call ends with LinkError NOT_WRITTEN. `last_look` is called after it, with
    nothing awaited between it and that byte: so long may a connection take that meanwhile no call may be made.
    """

    def __init__(self, before_first_byte: Callable[[], Awaitable[None]] | None = None) -> None:
        self._before_first_byte = before_first_byte
        self.last_look: Callable[[], None] | None = None
        self.crossed = False
        self.whole = False
        """All of the request has been written."""
        self.failure: Exception | None = None
        """What the hook or the look raised. Kept here, because httpcore raises on "from None"."""

    async def __call__(self, event: str, info: Mapping[str, object]) -> None:
        # The CONNECT to a proxy carries the same hook: it is not the request, and nothing of the request is in it.
        if event == "http11.send_request_headers.started" and getattr(info.get("request"), "method", b"") != b"CONNECT":
            await self.cross()
        elif event == "http11.send_request_body.complete":
            self.whole = self.crossed

    async def cross(self) -> None:
        try:
            if self._before_first_byte is not None:
                await self._before_first_byte()
            if self.last_look is not None:
                self.last_look()
        except Exception as error:
            self.failure = error
            raise LinkError(LinkCode.NOT_WRITTEN, words=str(error)) from error
        self.crossed = True


class Announced(httpx.AsyncBaseTransport):
    """A transport without httpcore inside (in-process, for the simulator): it crosses just before it hands the request over."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        crossing = request.extensions["trace"]
        if not isinstance(crossing, Crossing):
            raise TypeError("every call has a crossing")
        await crossing.cross()
        response = await self._inner.handle_async_request(request)
        crossing.whole = True
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class Line:
    """A pool of connections for one kind of call, with fewer calls at a time than it has connections.

    Only the product feed, asked all day, keeps its connection. A server closes an idle one in the very moment it is used again,
    and each time that happens to a send its outcome is unclear. And the rest of an answer that was longer than it said may come
    late enough to answer the next call: no such thing may decide about a send, so whatever does has a fresh connection.
    """

    def __init__(self, open_client: Callable[[], httpx.AsyncClient]) -> None:
        self._open_client = open_client
        self._client = open_client()
        self._worn_out: list[httpx.AsyncClient] = []
        self._free = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def answer(
        self,
        method: str,
        url: str,
        crossing: Crossing,
        params: Mapping[str, str] | None = None,
        payload: bytes | None = None,
        content_type: str = "application/json",
    ) -> AsyncIterator[httpx.Response]:
        """The answer with its body still to be read."""
        async with self._free:
            client = self._client
            headers = {} if payload is None else {"Content-Type": content_type, "Content-Length": str(len(payload))}
            content = None if payload is None else _pieces(payload)
            request = client.build_request(
                method, _parsed(url), params=params or None, content=content, headers=headers, extensions={"trace": crossing}
            )
            try:
                response = await client.send(request, stream=True)
            except httpx.PoolTimeout:
                self._replace(client)
                raise
            try:
                yield response
            finally:
                await response.aclose()

    def _replace(self, client: httpx.AsyncClient) -> None:
        """Slots have leaked. The old pool is closed at the end only, because others may still be talking through it."""
        if self._client is client:
            self._worn_out.append(client)
            self._client = self._open_client()

    async def aclose(self) -> None:
        for client in (self._client, *self._worn_out):
            await client.aclose()


@lru_cache(maxsize=64)
def _parsed(url: str) -> httpx.URL:
    """Of a hundred reports to one address it is taken apart once."""
    return httpx.URL(url)


async def _pieces(payload: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(payload), _PIECE):
        yield payload[start : start + _PIECE]


async def _set_location_aside(response: httpx.Response) -> None:
    """httpx reads a redirect's target even when it does not follow, and a broken one would hide that it is a redirect."""
    response.extensions["location"] = response.headers.pop("Location", "")


class _NoCookies(httpx.Cookies):
    """None is kept, since each call stands for itself; nor is any read, since a hostile one makes Python's reader warn of a bug."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leaves them where they are."""


def client_for(transport: httpx.AsyncBaseTransport | Route, auth: KeyAuth, timeouts: Timeouts, *, keep_alive: bool) -> httpx.AsyncClient:
    """Nothing by httpx's defaults: what is not said here does not happen."""
    if isinstance(transport, Route):
        transport = httpx.AsyncHTTPTransport(
            verify=transport.tls,
            proxy=transport.proxy,
            trust_env=False,
            http1=True,
            http2=False,
            limits=httpx.Limits(
                max_connections=_POOL,
                max_keepalive_connections=_POOL if keep_alive else 0,
                keepalive_expiry=_KEEP_ALIVE,
            ),
        )
        transport._pool._network_backend = AsyncioBackend()  # noqa: SLF001 (httpx hands nothing of the kind on)
    elif not isinstance(transport, httpx.AsyncHTTPTransport):
        transport = Announced(transport)
    client = httpx.AsyncClient(
        transport=transport,
        auth=auth,
        trust_env=False,
        follow_redirects=False,
        event_hooks={"response": [_set_location_aside]},
        timeout=httpx.Timeout(connect=timeouts.connect, read=timeouts.read, write=timeouts.write, pool=timeouts.pool),
        headers={
            "Accept": "application/json",
            "Accept-Encoding": "gzip",  # the one that answers.py unpacks, with a cap
            "User-Agent": f"ZenderaDesk/{__version__}",
        },
    )
    client._cookies = _NoCookies()  # noqa: SLF001 (what is handed to httpx it copies)
    return client
