"""The calls of Zendera's API over the world, as its public pages describe them.

Chosen where nobody has written it down: a malformed batch of acknowledgements is refused whole and nothing of it applied;
in a well-formed one each order is applied by itself, and those that are not in the export come back in `errors` with a 200.
With `whole_batches` one such order refuses the whole batch instead. A report for an order that was never accepted is a 409.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Callable
from typing import Final

from zendera_desk.simulator.answers import Answer, Endpoint, Request, json_answer, refusal
from zendera_desk.simulator.checks import RefusedError, acknowledgements, parse, update
from zendera_desk.simulator.documents import STORAGE, Documents
from zendera_desk.simulator.ledger import Ledger
from zendera_desk.simulator.limits import HourlyLimit
from zendera_desk.simulator.orders import JsonObject
from zendera_desk.simulator.world import Standing, World

PREFIX: Final = "/api"
_ROUTES: Final = (
    (Endpoint.EXPORT, "GET", re.compile(r"/v1/orders/export")),
    (Endpoint.STATUS, "POST", re.compile(r"/v1/orders/export/status")),
    (Endpoint.UPDATE, "POST", re.compile(r"/v1/exported-order/update")),
    (Endpoint.TIMELINE, "GET", re.compile(r"/v2/orders/([^/]+)/external-updates")),
    (Endpoint.FEED, "GET", re.compile(r"/v1/order-products/status-feed")),
    (Endpoint.DOCUMENTS, "POST", re.compile(r"/v1/documents")),
)
_LARGEST_PAGE: Final = 200
_NUMBER: Final = re.compile(r"[0-9]{1,19}")
_INT64: Final = 2**63


def endpoint_of(path: str) -> tuple[Endpoint, str, str] | None:
    """The endpoint, its method, and the order number in the path, if it has one."""
    if path.startswith(STORAGE):
        return Endpoint.STORAGE, "PUT", ""
    for endpoint, method, pattern in _ROUTES:
        if path.startswith(PREFIX) and (found := pattern.fullmatch(path.removeprefix(PREFIX))):
            return endpoint, method, found[1] if found.groups() else ""
    return None


class Zendera:
    """Answers requests. `feed_page` is how many changes a page of the product feed holds."""

    def __init__(self, world: World, ledger: Ledger, *, key: str, limit: int = 1000) -> None:
        self.world = world
        self.ledger = ledger
        self.key = key
        self.limit = HourlyLimit(limit, world.now)
        self.documents = Documents(world, ledger)
        self.feed_page = 100
        self.whole_batches = False
        self.protobuf_style = False
        """Fields at their default are left out and int64 are text, as protobuf's JSON has it."""
        self._calls: dict[Endpoint, Callable[[Request, str], Answer]] = {
            Endpoint.EXPORT: self._export,
            Endpoint.STATUS: self._acknowledge,
            Endpoint.UPDATE: self._update,
            Endpoint.TIMELINE: self._timeline,
            Endpoint.FEED: self._feed,
            Endpoint.DOCUMENTS: self._new_document,
        }

    def answer(self, request: Request) -> Answer:
        """Applies what the request asks for, and answers it."""
        with self.world.lock:
            if request.path.startswith(STORAGE):
                return self.documents.put(request)
            if (refused := self._access(request)) is not None:
                return refused
            over = self.limit.take()
            answer = over or self._route(request)
            return json_answer(self._styled(answer.document or {}), answer.status, (*answer.headers, *self.limit.headers()))

    def _styled(self, document: JsonObject) -> JsonObject:
        return {name: _protobuf(name, value) for name, value in document.items() if value} if self.protobuf_style else document

    def _access(self, request: Request) -> Answer | None:
        given = request.header("authorization") or ""
        if hmac.compare_digest(given.encode(), f"apikey {self.key}".encode()):
            return None
        return refusal(401, "Invalid API key", "AUTH_001")

    def _route(self, request: Request) -> Answer:
        found = endpoint_of(request.path)
        if found is None:
            return refusal(404, f"No such call: {request.path}")
        endpoint, method, order = found
        if request.method != method:
            return json_answer({"error": f"{request.method} is not allowed here"}, 405, (("allow", method),))
        try:
            return self._calls[endpoint](request, order)
        except RefusedError as refused:
            return refusal(refused.status, refused.words)

    def _export(self, request: Request, _order: str) -> Answer:
        page = _whole_number(request.query, "page", 1, least=1)
        per_page = min(_LARGEST_PAGE, _whole_number(request.query, "perPage", 50, least=1))
        shipments, total = self.world.export_page(page, per_page)
        pages = -(-total // per_page)
        return json_answer({"shipments": shipments, "page": page, "perPage": per_page, "total": total, "totalPages": pages})

    def _acknowledge(self, request: Request, _order: str) -> Answer:
        rows = acknowledgements(_json(request))
        waiting = set(self.world.waiting())
        strangers = [row["orderId"] for row in rows if row["orderId"] not in waiting]
        if strangers and self.whole_batches:
            raise RefusedError(f"Order {strangers[0]} is not waiting for export")
        errors = [{"orderId": order_id, "error": "The order is not waiting for export"} for order_id in strangers]
        applied = [row for row in rows if row["orderId"] in waiting]
        for row in applied:
            self._acknowledge_one(row, request.body)
        return json_answer({"updated": [row["orderId"] for row in applied], "errors": errors})

    def _acknowledge_one(self, row: JsonObject, body: bytes) -> None:
        failed = row["status"] == "FAILED"
        if failed:
            self.world.fail(row["orderId"], row["failureReason"])
        else:
            self.world.accept(row["orderId"])
        self.ledger.apply(order_id=row["orderId"], kind="fail" if failed else "accept", at=self.world.now(), body=body, summary=row)

    def _update(self, request: Request, _order: str) -> Answer:
        summary = update(_json(request))
        order = self.world.orders.get(summary["orderId"])
        if order is None:
            raise RefusedError(f"Order {summary['orderId']} not found", 404)
        if order.standing is not Standing.EXPORTED:
            raise RefusedError(f"Order {order.order_id} has not been exported", 409)
        for holder in (summary, summary.get("pod", {})):
            if "pictures" in holder:
                holder["pictures"] = self.documents.contents(holder["pictures"])
        row: JsonObject = {name: summary[name] for name in ("status", "location", "date", "comment") if name in summary}
        self.world.report(order.order_id, summary["status"], summary["location"], row)
        self.ledger.apply(order_id=order.order_id, kind="report", at=self.world.now(), body=request.body, summary=summary)
        return json_answer({})

    def _new_document(self, request: Request, _order: str) -> Answer:
        return json_answer(self.documents.ask(_json(request), request))

    def _timeline(self, _request: Request, order: str) -> Answer:
        if not _NUMBER.fullmatch(order) or int(order) not in self.world.orders:
            raise RefusedError(f"Order {order} not found", 404)
        return json_answer({"orderId": int(order), "updates": self.world.timeline(int(order))})

    def _feed(self, request: Request, _order: str) -> Answer:
        if "pagination_token" in request.query:
            start = self._place(request.query["pagination_token"])
        elif "since" in request.query:
            start = self.world.first_change_since(_whole_number(request.query, "since", 0, least=0))
        else:
            raise RefusedError("since or pagination_token is needed")
        changes = self.world.changes(start, self.feed_page)
        end = start + len(changes)
        since = changes[-1]["timestamp"] if changes else str(int(self.world.now().timestamp() * 1000))
        following = {"hasNextPage": end < self.world.change_count(), "since": since, "paginationToken": self.token(end)}
        return json_answer({"changes": changes, "nextPage": following})

    def token(self, place: int) -> str:
        """The cursor that stands before the change at `place`. It holds for this world only."""
        return base64.urlsafe_b64encode(f"{self.world.seed}/{place}".encode()).decode()

    def _place(self, token: str) -> int:
        try:
            seed, _, place = base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode().partition("/")
        except (binascii.Error, ValueError):
            seed, place = "", ""
        if seed != str(self.world.seed) or not _NUMBER.fullmatch(place) or int(place) > self.world.change_count():
            raise RefusedError("Invalid pagination token")
        return int(place)


def _json(request: Request) -> JsonObject:
    if (request.header("content-type") or "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError("Content-Type must be application/json", 415)
    return parse(request.body)


def _protobuf(name: str, value: object) -> object:
    """`success` stays even when it is false, because the documentation shows it so."""
    if isinstance(value, dict):
        return {key: _protobuf(key, each) for key, each in value.items() if each or key == "success"}
    if isinstance(value, list):
        return [_protobuf("", each) for each in value]
    return str(value) if name == "orderId" else value


def _whole_number(query: dict[str, str], name: str, default: int, *, least: int) -> int:
    text = query.get(name, str(default))
    if not _NUMBER.fullmatch(text) or not least <= int(text) < _INT64:
        raise RefusedError(f"{name} must be a whole number from {least}")
    return int(text)
