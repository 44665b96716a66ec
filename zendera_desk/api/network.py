"""How bytes travel below httpcore: on asyncio's own connections.

httpcore's backend for asyncio goes through anyio, so that it may run under trio too, and spends more on that than asyncio does on the
bytes: a third of a millisecond of the interface's thread for each call. What httpcore expects of a backend is in its documentation
("Network Backends"); the errors are those of its own.
"""

import asyncio
import ipaddress
import re
import ssl
from collections.abc import Iterable
from functools import lru_cache
from types import TracebackType
from typing import Any, Final, cast

import httpcore
from httpcore._utils import is_socket_readable

_HAPPY_EYEBALLS: Final = 0.25
"""Seconds after which the next address of a name is tried beside the one before (RFC 8305)."""
_UNREAD: Final = 256 * 1024
"""Bytes that may lie here unread; then the other end has to wait."""
_SMALL: Final = 16 * 1024
"""Bytes that are written without a pause."""
_LOOK: Final = 0.005  # seconds
_NUMBER: Final = re.compile(r"\[(?:Errno|WinError) (\d+)\]")


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's signature, as below)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        with _CONNECTING:
            async with asyncio.timeout(timeout):
                loop = asyncio.get_running_loop()
                try:
                    _, ends = await loop.create_connection(
                        _Ends, host, port, happy_eyeballs_delay=None if _is_address(host) else _HAPPY_EYEBALLS
                    )
                except OSError as error:
                    raise _each_of(error) from error
        return _Stream(ends)


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, ends: "_Ends") -> None:
        self._ends = ends

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        with _READING:
            async with asyncio.timeout(timeout):
                return await self._ends.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """An empty one is the end of a request that has said how long it is."""
        with _WRITING:
            async with asyncio.timeout(timeout):
                await self._ends.write(buffer)

    async def aclose(self) -> None:
        """At once, and whatever its task has been told meanwhile: nobody waits for the other end to say goodbye."""
        self._ends.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        try:
            with _CONNECTING:
                async with asyncio.timeout(timeout):
                    await self._ends.start_tls(ssl_context, server_hostname)
        except BaseException:
            await self.aclose()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 (httpcore's signature)
        if info == "is_readable":
            return self._ends.is_readable()
        return self._ends.transport.get_extra_info({"client_addr": "sockname", "server_addr": "peername"}.get(info, info))


class _Ends(asyncio.Protocol):
    """Both ends of one connection: what has come and is unread, and whether there is room for more to go."""

    transport: asyncio.Transport
    """What is read from and written to: the wire, or TLS on it."""
    _wire: asyncio.Transport

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._unread = bytearray()
        self._ended = False
        """Nothing more will come."""
        self._lost = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._small = bytearray()
        """On its way out, and not yet written."""
        self._room = asyncio.Event()
        self._room.set()

    async def read(self, most: int) -> bytes:
        """What has come is read first, also where the connection broke right after it: it may be the answer. Empty at the end."""
        self._let_go()
        while not self._unread:
            if self._error is not None:
                raise self._error
            if self._ended:
                return b""
            self._reader = self._loop.create_future()
            await self._reader
        piece = bytes(self._unread[:most])
        del self._unread[:most]
        if not self._lost and len(self._unread) <= _UNREAD:
            self.transport.resume_reading()  # nothing happens to one that reads
        return piece

    async def write(self, piece: bytes) -> None:
        """Returns when the system has taken all of it: an answer before that is one to half a request.

        What is small waits for what follows it, which may be the empty piece at the end, or for whoever reads: the head of a report and
        its few words are one packet.
        """
        if self._lost:
            raise self._error or ConnectionResetError("the connection was closed")
        self._small += piece
        if piece and len(self._small) <= _SMALL:
            return
        self._let_go()
        if len(piece) > _SMALL:
            await asyncio.sleep(0)  # others have a turn between the pieces of a picture, and so has an early answer
        await self._room.wait()
        while self._wire.get_write_buffer_size() and not self._lost:  # noqa: ASYNC110 (as below)
            await asyncio.sleep(_LOOK)  # what TLS has wrapped has left it, and nobody says when it has left the wire's buffer too
        if self._lost:
            raise self._error or ConnectionResetError("the connection was closed")

    def _let_go(self) -> None:
        if self._small:
            self.transport.write(bytes(self._small))
            self._small.clear()

    async def start_tls(self, context: ssl.SSLContext, host: str | None) -> None:
        if self._unread or self._ended:
            raise ConnectionResetError("something came before TLS")  # it would be taken for what TLS has proved
        secured = await self._loop.start_tls(self.transport, self, context, server_hostname=host)
        if secured is None:
            raise ConnectionResetError("the connection was closed")
        self.transport = secured
        secured.set_write_buffer_limits(0)

    def is_readable(self) -> bool:
        return bool(self._unread) or self._ended or is_socket_readable(self.transport.get_extra_info("socket"))

    # asyncio calls these

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = self._wire = cast("asyncio.Transport", transport)
        self._wire.set_write_buffer_limits(0)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if len(self._unread) > _UNREAD:
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """Without TLS the way out stays open: of a request that is answered early, the rest is still on its way."""
        self._ended = True
        self._wake()
        return self.transport.get_extra_info("sslcontext") is None

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = self._lost = True
        self._error = exc
        self._wake()
        self._room.set()

    def pause_writing(self) -> None:
        self._room.clear()

    def resume_writing(self) -> None:
        self._room.set()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


def _each_of(error: OSError) -> Exception:
    """Where all addresses of a name failed, asyncio makes one error without a number of what it writes about each."""
    numbers = _NUMBER.findall(str(error)) if error.errno is None else []
    refused = any(isinstance(OSError(int(number), ""), ConnectionError) for number in numbers)
    return ConnectionRefusedError(str(error)) if refused else error


@lru_cache(maxsize=64)
def _is_address(host: str) -> bool:
    """And no name: there is one place to try."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class _Said:
    """Asyncio's errors as httpcore's."""

    def __init__(self, timed_out: type[Exception], failed: type[Exception]) -> None:
        self._timed_out, self._failed = timed_out, failed

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None) -> None:
        if isinstance(error, OSError):  # which a TimeoutError is as well
            raise (self._timed_out if isinstance(error, TimeoutError) else self._failed)(str(error)) from error


_CONNECTING: Final = _Said(httpcore.ConnectTimeout, httpcore.ConnectError)
_READING: Final = _Said(httpcore.ReadTimeout, httpcore.ReadError)
_WRITING: Final = _Said(httpcore.WriteTimeout, httpcore.WriteError)
