"""How an answer leaves: whole, late, in drips, cut short, or not at all, over ASGI.

ASGI has no word for closing a connection without an answer. `Connections` is the honest means: the server's own HTTP
protocol, which remembers its transports by the peer's address, so that one can be cut for real. Without a socket
(in-process transports) the call raises ConnectionAbortedError instead: the caller sees a connection that broke.
"""

import asyncio
import contextlib
import socket
import struct
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

from zendera_desk.simulator.answers import Answer, Ending, Request

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_DRIPS: Final = 40
_LINGER_NONE: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connections:
    """The open connections of one server, by the peer's host and port."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """The class for uvicorn's `http` setting."""
        transports = self._transports

        class Remembered(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                transports[_peer(transport)] = transport
                # asyncio leaves Nagle on for a socket made without a protocol number: 40 ms on each answer.
                transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                transports.pop(_peer(self.transport), None)
                super().connection_lost(exc)

        return Remembered

    def cut(self, peer: tuple[str, int] | None, *, reset: bool) -> bool:
        """Ends the connection now. False when there is none to this peer."""
        transport = self._transports.get(peer) if peer else None
        if transport is None:
            return False
        if reset:
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
        _abort(transport)
        return True

    def cut_all(self) -> None:
        for transport in tuple(self._transports.values()):
            _abort(transport)


def _peer(transport: asyncio.Transport) -> tuple[str, int]:
    """Never fails: a peer that has already gone has no name, and such a connection is not looked for."""
    name = transport.get_extra_info("peername") or ("", 0)
    return str(name[0]), int(name[1])


async def deliver(answer: Answer, request: Request, connections: Connections, receive: Receive, send: Send) -> None:
    if answer.wait and await _gone_within(answer.wait, receive):
        return
    if answer.ending is Ending.UNANSWERED:
        await _cut(answer, request, connections, receive)
        return
    await send(_start(answer))
    if answer.ending is Ending.MIDWAY:
        await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
        await _cut(answer, request, connections, receive)
        return
    *pieces, last = _pieces(answer)
    for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        if await _gone_within(answer.drip / _DRIPS, receive):
            return
    await send({"type": "http.response.body", "body": last})


def _pieces(answer: Answer) -> list[bytes]:
    """The body in one piece, or in as many as it drips in."""
    if not answer.drip or not answer.body:
        return [answer.body]
    size = -(-len(answer.body) // _DRIPS)
    return [answer.body[begin : begin + size] for begin in range(0, len(answer.body), size)]


def _start(answer: Answer) -> Message:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    if answer.status != 204:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


def _abort(transport: asyncio.Transport) -> None:
    with contextlib.suppress(AttributeError):  # up to Python 3.11.2 (Debian 12) a TLS transport that has been closed has lost its protocol
        transport.abort()


async def _cut(answer: Answer, request: Request, connections: Connections, receive: Receive) -> None:
    """Returns when the server knows that the connection is gone, so that it does not try to answer."""
    if not connections.cut(request.client, reset=answer.reset):
        raise ConnectionAbortedError("the simulator closed the connection")
    await _hang_up(receive)


async def _gone_within(seconds: float, receive: Receive) -> bool:
    """Waits; true as soon as the other side has hung up."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await _hang_up(receive)
            return True
    return False


async def _hang_up(receive: Receive) -> None:
    """Returns when the connection is gone; what else may come before is the end of a body that was read already."""
    while (await receive())["type"] != "http.disconnect":
        pass
