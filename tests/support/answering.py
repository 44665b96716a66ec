"""A server over a real socket that answers as it is told to: properly, badly, slowly, or not at all."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

EMPTY_PAGE = b'{"shipments":[],"page":1,"perPage":50,"total":0,"totalPages":0}'

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Server:
    """One reply for every request, over a socket that can be treated badly."""

    def __init__(self) -> None:
        self.reply: Reply = answer(200, EMPTY_PAGE)
        self.requests: list[bytes] = []
        self.connections = 0
        self.begun = 0
        self.port = 0
        self._talking: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._talking[asyncio.current_task()] = writer
        try:
            while True:
                first = await reader.read(1)
                if not first:
                    return
                self.begun += 1
                head = first + await reader.readuntil(b"\r\n\r\n")
                length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
                self.requests.append(head + await reader.readexactly(length))
                await self.reply(writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has had enough, which is what many of these tests are about
        finally:
            writer.close()

    async def hang_up(self) -> None:
        """Ends every conversation, and returns when all have ended."""
        for writer in self._talking.values():
            writer.transport.abort()
        await asyncio.gather(*(task for task in self._talking if task is not None), return_exceptions=True)


def answer(status: int, body: bytes = b"", **headers: str) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        lines = [
            f"HTTP/1.1 {status} X",
            f"Content-Length: {len(body)}",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        ]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return reply


def raw(data: bytes, *, close: bool = True) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        if close:
            await writer.drain()
            writer.close()

    return reply


async def reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def drip(writer: asyncio.StreamWriter) -> None:
    """Never silent for long, never done."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(writer: asyncio.StreamWriter) -> None:
    await writer.wait_closed()


@asynccontextmanager
async def serving(server: Server, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    listener = await asyncio.start_server(server.talk, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        await server.hang_up()
