"""Scripted trouble: what can go wrong between the desk and Zendera, to be had on order.

A fault is taken by the next request it fits: so many times, with some chance, or while it is on. At most one works on a
request, the one that was ordered first.
"""

import functools
import random
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec.structs

from zendera_desk.simulator.answers import Answer, Ending, Endpoint, Request, json_answer, json_bytes, refusal
from zendera_desk.simulator.endpoints import Zendera, endpoint_of
from zendera_desk.simulator.orders import JsonObject


class Kind(StrEnum):
    """What a fault does. The first group never reaches Zendera; the second is applied, and its answer spoilt or lost."""

    REFUSE = "refuse"
    """Answers `status` (500 unless told otherwise)."""
    LIMIT = "limit"
    """Answers 429 with `Retry-After` in `seconds`, or as a date."""
    CLOSE = "close"
    """Closes the connection without an answer."""
    HTML = "html"
    """Answers 200 with a page: a captive portal."""
    REDIRECT = "redirect"
    """Answers `status` (302 unless told otherwise) to `location`."""
    LATE = "late"
    """Closes the connection, and applies the request `seconds` later in the world's time."""

    APPLY_ERROR = "apply_error"
    """Applies, then answers `status` (500 unless told otherwise)."""
    APPLY_CLOSE = "apply_close"
    """Applies, then closes the connection without an answer."""
    MIDWAY = "midway"
    """Applies, then closes the connection in the middle of the answer's body."""
    SLOW = "slow"
    """Applies, then waits `seconds` before it answers: longer than the desk's patience, it is a time-out."""
    DRIP = "drip"
    """Applies, then lets the answer's body trickle out over `seconds`."""
    TRUNCATED = "truncated"
    """Applies, then answers whole HTTP with half a JSON."""
    EMPTY = "empty"
    """Applies, then answers `status` (204 unless told otherwise) without a body."""
    BOMB = "bomb"
    """Applies, then answers 200 KB of gzip that become 200 MB."""

    BROKEN_ROWS = "broken_rows"
    """Every third row of an export or feed page is no proper row."""
    CHANGING_TOTAL = "changing_total"
    """The export's `total` is another one on each page."""
    REFUSED_TOKEN = "refused_token"  # noqa: S105 (the feed's cursor, no secret)
    """A feed call with a token is answered `status` (400 unless told otherwise)."""
    REPEATED_TOKEN = "repeated_token"  # noqa: S105 (as above)
    """The feed answers no rows, the same token again, and that there is more."""
    NO_TOKEN = "no_token"  # noqa: S105 (as above)
    """The feed says that there is more, and gives no token."""
    STRANGE_PLACE = "strange_place"
    """A document is offered with `location` as the address for its bytes."""
    STALE = "stale"
    """The timeline shows events only after `seconds`."""


_ONLY_FOR: Final[dict[Kind, frozenset[Endpoint]]] = {
    Kind.BROKEN_ROWS: frozenset({Endpoint.EXPORT, Endpoint.FEED}),
    Kind.CHANGING_TOTAL: frozenset({Endpoint.EXPORT}),
    Kind.REFUSED_TOKEN: frozenset({Endpoint.FEED}),
    Kind.REPEATED_TOKEN: frozenset({Endpoint.FEED}),
    Kind.NO_TOKEN: frozenset({Endpoint.FEED}),
    Kind.STRANGE_PLACE: frozenset({Endpoint.DOCUMENTS}),
    Kind.STALE: frozenset({Endpoint.TIMELINE}),
}
_BOMB_SIZE: Final = 200 * 1024 * 1024
_BOMB_PIECE: Final = 1024 * 1024
_PORTAL: Final = b"<!doctype html><html><title>Free Wi-Fi</title><body><h1>Welcome!</h1>Accept the terms to go on.</body></html>"


def endpoint_for(request: Request) -> Endpoint | None:
    found = endpoint_of(request.path)
    return found[0] if found else None


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`endpoint` None: any. `times` None: while it is on. `status` 0: what is usual for the kind."""

    kind: Kind
    endpoint: Endpoint | None = None
    times: Annotated[int, msgspec.Meta(ge=1)] | None = 1
    chance: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    status: Annotated[int, msgspec.Meta(ge=0, le=599)] = 0
    seconds: Annotated[float, msgspec.Meta(ge=0)] = 30.0
    as_date: bool = False
    location: Annotated[str, msgspec.Meta(pattern="^[!-~]+$")] = "http://portal.invalid/"
    reset: bool = False

    def fits(self, request: Request) -> bool:
        endpoint = endpoint_for(request)
        if self.kind is Kind.REFUSED_TOKEN and "pagination_token" not in request.query:
            return False
        return self.endpoint in {None, endpoint} and (self.kind not in _ONLY_FOR or endpoint in _ONLY_FOR[self.kind])


class Faults:
    """The faults that are on order. Safe to use from any thread."""

    def __init__(self, seed: int = 1) -> None:
        self.outage = False
        """Every call of the API finds its connection closed, until this is false again."""
        self._random = random.Random(f"{seed} faults")
        self._lock = threading.Lock()
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        with self._lock:
            self._ordered.append(fault)

    def add(
        self,
        kind: Kind | str,
        endpoint: Endpoint | str | None = None,
        **details: Any,  # noqa: ANN401 (the other fields of Fault, checked here)
    ) -> Fault:
        """Orders a fault by its words: `faults.add("close", "update", times=2)`. Raises msgspec.ValidationError."""
        fault = msgspec.convert({"kind": kind, "endpoint": endpoint, **details}, Fault)
        self.order(fault)
        return fault

    def clear(self) -> None:
        """Takes back every fault and ends an outage."""
        with self._lock:
            self._ordered.clear()
            self.outage = False

    def ordered(self) -> list[Fault]:
        with self._lock:
            return list(self._ordered)

    def take(self, request: Request) -> Fault | None:
        """The fault that works on this request, if any; it is then one time less on order."""
        with self._lock:
            for place, fault in enumerate(self._ordered):
                if fault.fits(request) and self._random.random() < fault.chance:
                    if fault.times is not None:
                        self._ordered[place : place + 1] = (
                            [msgspec.structs.replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                        )
                    return fault
            return None


def answer_with(fault: Fault, zendera: Zendera, request: Request) -> Answer:
    """What the fault makes of the request."""
    if fault.kind in _NOT_APPLIED:
        return _NOT_APPLIED[fault.kind](fault, zendera, request)
    answer = zendera.answer(request)
    return _spoil(fault, zendera, request, answer) if answer.status == 200 else answer


def _refuse(fault: Fault, _zendera: Zendera, _request: Request) -> Answer:
    match fault.status:
        case 401:
            return refusal(401, "Invalid API key", "AUTH_001")
        case 403:
            return refusal(403, "Insufficient permissions", "AUTH_002")
    return refusal(fault.status or 500, "Internal server error" if not fault.status else f"Scripted refusal {fault.status}")


def _limit(fault: Fault, zendera: Zendera, _request: Request) -> Answer:
    until: datetime = zendera.world.now() + timedelta(seconds=fault.seconds)
    retry_after = format_datetime(until, usegmt=True) if fault.as_date else f"{fault.seconds:.0f}"
    return json_answer({"error": "Rate limit exceeded", "code": "RATE_001"}, 429, (("retry-after", retry_after),))


def _close(fault: Fault, _zendera: Zendera, _request: Request) -> Answer:
    return Answer(ending=Ending.UNANSWERED, reset=fault.reset)


def _html(_fault: Fault, _zendera: Zendera, _request: Request) -> Answer:
    return Answer(body=_PORTAL, headers=(("content-type", "text/html; charset=utf-8"),))


def _redirect(fault: Fault, _zendera: Zendera, _request: Request) -> Answer:
    return Answer(status=fault.status or 302, headers=(("location", fault.location),))


def _late(fault: Fault, zendera: Zendera, request: Request) -> Answer:
    zendera.world.later(fault.seconds, lambda: _apply(zendera, request))
    return Answer(ending=Ending.UNANSWERED, reset=fault.reset)


def _refuse_token(fault: Fault, _zendera: Zendera, _request: Request) -> Answer:
    return refusal(fault.status or 400, "Invalid pagination token")


def _apply(zendera: Zendera, request: Request) -> None:
    zendera.answer(request)


_NOT_APPLIED: Final[dict[Kind, Callable[[Fault, Zendera, Request], Answer]]] = {
    Kind.REFUSE: _refuse,
    Kind.LIMIT: _limit,
    Kind.CLOSE: _close,
    Kind.HTML: _html,
    Kind.REDIRECT: _redirect,
    Kind.LATE: _late,
    Kind.REFUSED_TOKEN: _refuse_token,
}


def _spoil(fault: Fault, zendera: Zendera, request: Request, answer: Answer) -> Answer:  # noqa: PLR0911 (one line a kind)
    match fault.kind:
        case Kind.APPLY_ERROR:
            return refusal(fault.status or 500, "Internal server error")
        case Kind.APPLY_CLOSE:
            return replace(answer, ending=Ending.UNANSWERED, reset=fault.reset)
        case Kind.MIDWAY:
            return replace(answer, ending=Ending.MIDWAY, reset=fault.reset)
        case Kind.SLOW:
            return replace(answer, wait=fault.seconds)
        case Kind.DRIP:
            return replace(answer, drip=fault.seconds)
        case Kind.TRUNCATED:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case Kind.EMPTY:
            return Answer(status=fault.status or 204)
        case Kind.BOMB:
            return replace(answer, body=_bomb(), headers=(*answer.headers, ("content-encoding", "gzip")))
    document = _spoilt_document(fault, zendera, request, answer.document or {})
    return replace(answer, body=json_bytes(document))


@functools.cache
def _bomb() -> bytes:
    """A valid answer, most of it blanks; made piece by piece, so that it costs the simulator no memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits=31)
    blanks = b" " * _BOMB_PIECE
    pieces = [packer.compress(b'{"shipments":[')]
    pieces += [packer.compress(blanks) for _ in range(_BOMB_SIZE // _BOMB_PIECE)]
    return b"".join([*pieces, packer.compress(b"]}"), packer.flush()])


def _spoilt_document(  # noqa: PLR0911 (one line a kind)
    fault: Fault, zendera: Zendera, request: Request, document: JsonObject
) -> JsonObject:
    match fault.kind:
        case Kind.BROKEN_ROWS:
            return {name: _spoilt_rows(value) if isinstance(value, list) else value for name, value in document.items()}
        case Kind.CHANGING_TOTAL:
            return document | {"total": int(document.get("total", 0)) + int(document["page"])}
        case Kind.REPEATED_TOKEN:
            token = request.query.get("pagination_token", document["nextPage"]["paginationToken"])
            return {"changes": [], "nextPage": document["nextPage"] | {"hasNextPage": True, "paginationToken": token}}
        case Kind.NO_TOKEN:
            following = {name: value for name, value in document["nextPage"].items() if name != "paginationToken"}
            return document | {"nextPage": following | {"hasNextPage": True}}
        case Kind.STRANGE_PLACE:
            return document | {"upload_url": fault.location}
        case Kind.STALE:
            return document | {"updates": zendera.world.timeline(int(document["orderId"]), fault.seconds)}
    return document


def _spoilt_rows(rows: list[Any]) -> list[Any]:
    """Every third row becomes, in turn, something that is no row, a row without identity, and a row with an impossible one."""
    broken: tuple[Any, ...] = (["not", "a", "row"], {"orderId": None}, {"orderId": 2**64, "orderProductId": "many"})
    return [broken[(place // 3) % 3] if place % 3 == 0 else row for place, row in enumerate(rows)]
