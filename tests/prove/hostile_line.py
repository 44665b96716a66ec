"""A line in memory under the real client: at httpcore's own place for networks, below HTTP and above sockets.

What is read comes in the pieces and with the end that the answer was made with; nothing of what the client does with it is
replaced. A reading passes through the loop each time, as one from a socket does.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import httpcore

from zendera_desk.api.client import ZenderaClient

HOST: Final = "127.0.0.1"
KEY: Final = "zk_canary_5b1e77c0"


class End(StrEnum):
    """What follows the last byte."""

    OPEN = "open"
    """Nothing, for as long as the connection is used again, or until patience ends."""
    CLOSED = "closed"
    RESET = "reset"


@dataclass(kw_only=True)
class Script:
    """One connection: what it answers, and what was written to it."""

    pieces: list[bytes]
    end: End = End.CLOSED
    takes: int | None = None
    """So many bytes of the request are taken before the other end has gone."""

    def again(self) -> "Script":
        return Script(pieces=self.pieces, end=self.end, takes=self.takes)

    @property
    def ends_gently(self) -> bool:
        """All of it arrives: a reset may overtake what was sent before it."""
        return self.end is not End.RESET and self.takes is None


class Stream(httpcore.AsyncNetworkStream):
    def __init__(self, line: "Line") -> None:
        self._line = line
        self._closed = False
        self._play()

    def _play(self) -> None:
        self._script = self._line.scripts.pop(0)
        self._left = [memoryview(piece) for piece in reversed(self._script.pieces)]
        self._begun = False
        self._taken = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 (httpcore's)
        await asyncio.sleep(0)
        if self._closed:
            raise httpcore.ReadError
        self._begun = True
        while self._left and not self._left[-1]:
            self._left.pop()
        if not self._left:
            if self._script.end is End.RESET:
                raise httpcore.ReadError
            if self._script.end is End.OPEN:
                raise httpcore.ReadTimeout
            return b""
        piece = self._left.pop()
        if len(piece) > max_bytes:
            self._left.append(piece[max_bytes:])
        return bytes(piece[:max_bytes])

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 (httpcore's)
        await asyncio.sleep(0)
        if self._begun:  # it was kept, and is used again
            self._line.kept += 1
            self._play()
        self._taken += len(buffer)
        if self._script.takes is not None and self._taken > self._script.takes:
            raise httpcore.WriteError

    async def aclose(self) -> None:
        self._closed = True

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's)
    ) -> httpcore.AsyncNetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 (httpcore's)
        gone = self._closed or (not self._left and self._script.end is not End.OPEN)
        return (gone or bool(self._left)) if info == "is_readable" else None


class Line(httpcore.AsyncNetworkBackend):
    """Every connection plays the next script; with none left, it is refused."""

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.kept = 0
        """How often a connection was used for another call: what is left on one may spoil it."""
        self.strayed: list[str] = []
        """Where else the client connected to."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore's)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        await asyncio.sleep(0)
        if host != HOST:
            self.strayed.append(host)
        if not self.scripts:
            raise httpcore.ConnectError
        return Stream(self)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def client_on(line: Line) -> ZenderaClient:
    """The real client, whose two pools of connections find this line where they looked for the network."""
    client = await ZenderaClient.open(f"http://{HOST}:8080/api/", KEY)
    for pool in (client._feed, client._reads, client._sends):
        transport: Any = pool._client._transport
        transport._pool._network_backend = line
    return client


@contextlib.asynccontextmanager
async def played(script: Script) -> AsyncIterator[str]:
    """The same over a real socket, at the address that is yielded. Silence is a closed connection here: waiting takes time."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            if script.takes is None:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
                await reader.readexactly(length)
            elif script.takes:
                await reader.read(script.takes)
            writer.writelines(script.pieces)
            await writer.drain()
            if script.end is End.RESET:
                connection = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
        writer.close()

    async with await asyncio.start_server(talk, HOST, 0) as listener:
        yield f"http://{HOST}:{listener.sockets[0].getsockname()[1]}/api/"
