"""The line between the desk and the simulator, in process and in virtual time, with everything that goes wrong on a line.

It stands where httpx's own transport stands and keeps its promise: the `trace` hook is awaited when the connection stands and
before the first byte leaves. Bytes that left arrive even if the desk dies in the next moment.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import httpx

from prove.judge import Flight, Judge
from prove.virtual import Time
from zendera_desk.simulator.answers import Answer, Endpoint, Request
from zendera_desk.simulator.endpoints import endpoint_of
from zendera_desk.simulator.faults import Kind
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import Standing

PATIENCE: Final = 30.0
"""Seconds until the desk's client gives up a read (`Timeouts.read`)."""
TIMELINE: Final = Endpoint.TIMELINE
_PORTAL: Final = b"<!doctype html><title>Free Wi-Fi</title>Accept the terms to go on."

BEFORE: Final = ("refused_connection", "connect_time_out", "dns")
SENDS: Final = (
    *BEFORE,
    "lost_request",
    "lost_answer",
    "delayed",
    "delayed_503",
    "error_before",
    "error_after",
    "limit",
    "portal",
    "truncated",
    "midway",
    "reset_before",
    "reset_after",
    "refusal",
    "redirect",
    "empty",
    "slow",
    "dripping",
)
NOT_APPLIED: Final = frozenset({"lost_request", "error_before", "reset_before", "portal"})
"""Of these, what came of the send is unclear to the desk, and nothing did."""
READS: Final = (
    *BEFORE,
    "lost_request",
    "lost_answer",
    "error_before",
    "limit",
    "portal",
    "truncated",
    "midway",
    "reset_before",
    "redirect",
    "slow",
    "stale",
    "odd",
)

ODD: Final = {
    Endpoint.EXPORT: (Kind.CHANGING_TOTAL, Kind.BROKEN_ROWS),
    Endpoint.FEED: (Kind.BROKEN_ROWS, Kind.REFUSED_TOKEN, Kind.REPEATED_TOKEN, Kind.NO_TOKEN),
}
"""Whole answers that must not be taken at their word."""


STRAY: Final = {
    "orderId": None,
    "reference": "whose number is lost",
    "delivery": {"name": "Somebody", "address": {"city": "Bergen", "postalCode": "5003"}},
}


@dataclass(kw_only=True)
class Weather:
    """How bad the line is. `late` and `stale` are the assumptions: how late a send may take effect after its answer was lost,
    and how far behind a timeline may be."""

    chance: float
    late: float
    stale: float
    outages: list[tuple[float, float]] = field(default_factory=list)
    bad_key: list[tuple[float, float]] = field(default_factory=list)
    closed_timeline: list[tuple[float, float]] = field(default_factory=list)
    until: float = 0.0
    """True seconds from which on the line is good."""
    odd: "Oddities | None" = None
    """What this day's Zendera is like; drawn by the first line of the day."""


@dataclass(kw_only=True)
class Oddities:
    """What stays the whole day.

    `silent`: answers name the limit, and not how many calls are left. `stray`: the export has a row that nobody can read, from that
    second on and for good. `masks`: now and then the number of an order cannot be read in its row, for a while, just when an
    answer about it was not received. `masked`: until when, by order.
    """

    silent: bool
    stray: float
    masks: bool
    masked: dict[int, float] = field(default_factory=dict)

    @classmethod
    def draw(cls, rng: random.Random, now: float, until: float) -> "Oddities":
        stray = rng.uniform(now, until) if rng.random() < 0.3 else float("inf")
        return cls(silent=rng.random() < 0.4, stray=stray, masks=rng.random() < 0.5)

    def mask(self, orders: Iterable[int], rng: random.Random, now: float) -> None:
        if self.masks:
            self.masked.update({order: now + rng.uniform(400, 3000) for order in orders})

    def seen_in(self, answer: Answer, endpoint: Endpoint, now: float) -> Answer:
        """The answer as this Zendera gives it."""
        headers = tuple(
            header for header in answer.headers if not (self.silent and header[0] in {"x-ratelimit-remaining", "x-ratelimit-reset"})
        )
        body = self._export(answer.body, now) if endpoint is Endpoint.EXPORT and answer.status == 200 else answer.body
        return replace(answer, headers=headers, body=body)

    def _export(self, body: bytes, now: float) -> bytes:
        page = json.loads(body)
        rows = page.get("shipments") or []
        if not isinstance(rows, list):
            return body
        rows = [{**row, "orderId": None} if isinstance(row, dict) and self.masked.get(row.get("orderId"), 0) > now else row for row in rows]
        if now >= self.stray:
            last = page.get("page", 1) >= page.get("totalPages", 1)
            rows, page["total"] = [*rows, *([STRAY] if last else [])], page.get("total", 0) + 1
        return json.dumps({**page, "shipments": rows}).encode()


class Line(httpx.AsyncHTTPTransport):
    """One process's line. `crash_point` is called wherever a process that dies makes a difference; it says whether it died."""

    def __init__(
        self, simulator: Simulator, judge: Judge, time: Time, weather: Weather, rng: random.Random, crash_point: Callable[[], bool]
    ) -> None:
        self._simulator = simulator
        self._judge = judge
        self._time = time
        self._weather = weather
        self._rng = rng
        self._crash_point = crash_point
        if weather.odd is None:
            weather.odd = Oddities.draw(rng, time.elapsed, weather.until)
        self.oddities = weather.odd

    async def aclose(self) -> None:
        pass

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        found = endpoint_of(request.url.path)
        if found is None:
            raise AssertionError(f"a call that Zendera does not have: {request.url.path}")
        endpoint, _method, order = found
        trouble = self._trouble(endpoint)
        self._judge.starts()
        if trouble in BEFORE:
            await self._fail_before(trouble)
        await asyncio.sleep(self._rng.uniform(0.005, 0.1))
        await request.extensions["trace"]("http11.send_request_headers.started", {"request": request})
        body = b"".join([piece async for piece in request.stream])
        if self._crash_point():  # marked, and nothing has left
            await _for_ever()
        await request.extensions["trace"]("http11.send_request_body.complete", {})
        call = _Call(self, request, body, endpoint, trouble)
        try:
            response = await call.go()
        finally:
            if call.flight is not None:
                call.flight.ended = self._time.elapsed
        if self._crash_point():
            await _for_ever()
        if endpoint is TIMELINE and response.status_code == 200 and trouble not in {"portal", "truncated", "midway"}:
            self._judge.was_read(int(order))
        return response

    def _trouble(self, endpoint: Endpoint) -> str:
        now = self._time.elapsed
        if now >= self._weather.until:
            return ""
        if _within(now, self._weather.outages):
            return "refused_connection"
        if endpoint is TIMELINE and _within(now, self._weather.closed_timeline):
            return "forbidden"
        if endpoint is Endpoint.STATUS and self.oddities.masks and self._rng.random() < self._weather.chance:
            return self._rng.choice(sorted(NOT_APPLIED))  # answers are few, since many go in one: more of them must be lost
        if self._rng.random() >= self._weather.chance:
            return ""
        return self._rng.choice(SENDS if endpoint in {Endpoint.STATUS, Endpoint.UPDATE} else READS)

    async def _fail_before(self, trouble: str) -> None:
        if trouble == "connect_time_out":
            await asyncio.sleep(10)
            raise httpx.ConnectTimeout("connecting took too long")
        await asyncio.sleep(0.01)
        cause = ConnectionRefusedError() if trouble == "refused_connection" else OSError("no such name")
        raise httpx.ConnectError("no connection") from cause


class _Call:
    """One request whose bytes leave."""

    def __init__(self, line: Line, request: httpx.Request, body: bytes, endpoint: Endpoint, trouble: str) -> None:
        self._line = line
        self._rng = line._rng
        self._simulator = line._simulator
        self._trouble = trouble
        self._endpoint = endpoint
        self._asked = Request(
            method=request.method,
            path=request.url.path,
            query=dict(request.url.params),
            headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers.raw),
            body=body,
        )
        sends = request.method == "POST"
        self.flight: Flight | None = line._judge.leaves(body, "report" if endpoint is Endpoint.UPDATE else "") if sends else None
        self._answer: Answer | None = None

    async def go(self) -> httpx.Response:  # noqa: PLR0911 (one line a trouble)
        """Over there and back, as the trouble has it."""
        if self.flight is not None and self._endpoint is Endpoint.STATUS and self._trouble in NOT_APPLIED:
            self._line.oddities.mask(self.flight.entries, self._rng, self._line._time.elapsed)
        match self._trouble:
            case "lost_request":
                await asyncio.sleep(PATIENCE)
                raise httpx.ReadTimeout("nothing came")
            case "delayed":
                self._arrive_in(self._rng.uniform(0.5, self._line._weather.late) + PATIENCE * (self._rng.random() < 0.3))
                await asyncio.sleep(PATIENCE)
                raise httpx.ReadTimeout("nothing came")
            case "delayed_503":
                self._arrive_in(self._rng.uniform(0.5, self._line._weather.late))
                return await self._back(503, b"upstream timed out")
            case "error_before":
                return await self._back(self._rng.choice((500, 502, 503, 408, 425)), b'{"error": "trouble"}')
            case "reset_before":
                await asyncio.sleep(0.05)
                raise httpx.ReadError("connection reset")
            case "portal":
                return await self._back(200, _PORTAL, [("content-type", "text/html")])
            case "redirect":
                return await self._back(self._rng.choice((302, 302, 302, 307)), b"", [("location", "/api/v1/orders/export")])
            case "refusal":
                return await self._back(self._rng.choice((400, 404, 409, 413, 422)), b'{"error": "no"}')
            case "forbidden":
                return await self._back(403, b'{"error": "Insufficient permissions", "code": "AUTH_002"}')
            case "limit":
                return await self._limited()
            case _:
                return await self._there_and_back()

    async def _there_and_back(self) -> httpx.Response:
        if self._trouble == "stale":
            self._simulator.faults.add(Kind.STALE, times=1, seconds=self._rng.uniform(1, self._line._weather.stale))
        elif self._trouble == "odd" and self._endpoint in ODD:
            self._simulator.faults.add(self._rng.choice(ODD[self._endpoint]), self._endpoint, times=1)
        travel = self._rng.uniform(0.005, 0.4)
        self._arrive_in(travel - 0.002)
        await asyncio.sleep(travel)
        self._simulator.world.advance()
        answer = self._answer
        if answer is None:
            raise AssertionError("what was sent arrives")
        answer = self._line.oddities.seen_in(answer, self._endpoint, self._line._time.elapsed)
        match self._trouble:
            case "lost_answer":
                await asyncio.sleep(PATIENCE)
                raise httpx.ReadTimeout("nothing came")
            case "reset_after":
                raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
            case "error_after":
                return await self._back(self._rng.choice((500, 503, 504)), b"<html>Bad gateway</html>")
            case "empty" if answer.status == 200:
                return await self._back(204, b"", well=True)
            case "slow":
                await asyncio.sleep(self._rng.uniform(1, PATIENCE - 1))
        if self._trouble in {"truncated", "midway", "dripping"} and answer.status == 200:
            return await self._back(200, answer.body[: len(answer.body) // 2], list(answer.headers), end=self._trouble)
        return await self._back(answer.status, answer.body, list(answer.headers), well=answer.status == 200)

    async def _limited(self) -> httpx.Response:
        seconds = self._rng.choice((1, 30, 120, 600))
        return await self._back(429, b'{"error": "Rate limit exceeded"}', [("retry-after", str(seconds))])

    def _arrive_in(self, seconds: float) -> None:
        """Whatever becomes of the desk."""
        self._simulator.world.later(seconds, self._arrive)

    def _arrive(self) -> None:
        ledger, world = self._simulator.ledger, self._simulator.world
        before = len(ledger.applied())
        accepted = [order for order in self.flight.entries if _is_accepted(self._simulator, order)] if self.flight else []
        self._line._judge.reaches()
        self._answer = self._simulator.answer(self._asked)
        applied = ledger.applied()[before:]
        if self.flight is not None:
            again = self._endpoint is Endpoint.STATUS and bool(accepted) and self._answer.status == 200
            self._line._judge.takes_effect(self.flight, applied, again=again and not applied)
        world.advance()

    async def _back(
        self, status: int, body: bytes, headers: list[tuple[str, str]] | None = None, *, well: bool = False, end: str = ""
    ) -> httpx.Response:
        await asyncio.sleep(self._rng.uniform(0.005, 0.4))
        if self.flight is not None and well:
            self.flight.answered_well = True
        if status == 429:
            self._line._judge.limited(float(dict(headers or []).get("retry-after", "60")))
        return httpx.Response(status, headers=headers, stream=_Body(body, end))


class _Body(httpx.AsyncByteStream):
    def __init__(self, body: bytes, end: str) -> None:
        self._body = body
        self._end = end

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
        if self._end == "midway":
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")
        if self._end == "dripping":
            await _for_ever()


def _is_accepted(simulator: Simulator, order: int) -> bool:
    found = simulator.world.orders.get(order)
    return found is not None and found.standing is Standing.EXPORTED


def _within(now: float, spans: list[tuple[float, float]]) -> bool:
    return any(start <= now < end for start, end in spans)


async def _for_ever() -> None:
    await asyncio.get_running_loop().create_future()
