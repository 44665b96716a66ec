"""The simulator as a plain ASGI app: the API under `/api/`, the storage of its documents under `/storage/`, the control path under
`/_simulator/`.

In a test it is called in process (`httpx.ASGITransport(Simulator(…))`) or served over a socket by running.py.
"""

from typing import Final
from urllib.parse import parse_qsl

from zendera_desk.simulator.answers import Answer, Ending, Request, refusal
from zendera_desk.simulator.control import CONTROL, Control
from zendera_desk.simulator.delivery import Connections, Receive, Scope, Send, deliver
from zendera_desk.simulator.endpoints import Zendera
from zendera_desk.simulator.faults import Faults, answer_with, endpoint_for
from zendera_desk.simulator.ledger import Ledger
from zendera_desk.simulator.world import World

LARGEST_BODY: Final = 64 * 1024 * 1024


class Simulator:
    """One Zendera. `limit` is the key's number of calls an hour."""

    def __init__(self, world: World, *, key: str = "simulator-key", limit: int = 1000) -> None:
        self.world = world
        self.ledger = Ledger()
        self.faults = Faults(world.seed)
        self.zendera = Zendera(world, self.ledger, key=key, limit=limit)
        self.connections = Connections()
        self._control = Control(self.zendera, self.faults)

    @property
    def key(self) -> str:
        return self.zendera.key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            body = await _body(receive)
            if body is not None:
                request = _request(scope, body)
                answer = self.answer(request) if len(body) <= LARGEST_BODY else refusal(413, "The body is too large")
                await deliver(answer, request, self.connections, receive, send)

    def answer(self, request: Request) -> Answer:
        """What becomes of the request; sends are applied and in the ledger when this returns."""
        if request.path.startswith(CONTROL):
            return self._control.answer(request)
        trouble = ""
        if self.faults.outage:
            trouble, answer = "outage", Answer(ending=Ending.UNANSWERED)
        elif (fault := self.faults.take(request)) is not None:
            trouble, answer = fault.kind, answer_with(fault, self.zendera, request)
        else:
            answer = self.zendera.answer(request)
        self.ledger.see(
            at=self.world.now(),
            method=request.method,
            path=request.path,
            query="&".join(f"{name}={value}" for name, value in request.query.items()),
            endpoint=endpoint_for(request),
            status=answer.status if answer.ending is Ending.WHOLE else None,
            fault=trouble,
            body=request.body,
        )
        return answer


async def _lifespan(receive: Receive, send: Send) -> None:
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or a little more than is allowed. None when the other side hung up before its end: then nothing happened."""
    body = bytearray()
    while len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _request(scope: Scope, body: bytes) -> Request:
    client = scope.get("client")
    return Request(
        method=scope["method"],
        path=scope["path"],
        query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]),
        body=body,
        client=(str(client[0]), int(client[1])) if client else None,
        scheme=scope.get("scheme", "http"),
    )
