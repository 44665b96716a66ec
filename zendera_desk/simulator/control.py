"""The control path `/_simulator/`: the ledger, the faults, the world and its clock over HTTP, for integrators and for tests
that run the simulator as a process. It needs no key and answers the loopback addresses alone.

    GET    ledger       ?order=N & kind=accept|fail|report & bodies=1
    GET    requests     ?endpoint=export|status|update|timeline|feed
    GET    world
    GET    faults
    POST   faults       {"kind": "close", "endpoint": "update", "times": 2}
    DELETE faults
    POST   outage       {"on": true}
    POST   clock        {"seconds": 60}
    POST   shipments    {"count": 3} or {"shipment": {…}}
    POST   changes      {"orderId": 1, "place": 0, "stop": "PICKUP", "status": "NOT_READY"}
    POST   corrections  {"orderId": 1, "reason": "postal code"}
    POST   withdrawals  {"orderId": 1}
    POST   settings     {"limit": 20, "feedPage": 5, "wholeBatches": true, "protobufStyle": true}
"""

import base64
import ipaddress
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Final

import msgspec

from zendera_desk.simulator.answers import Answer, Endpoint, Request, json_answer, refusal
from zendera_desk.simulator.endpoints import Zendera
from zendera_desk.simulator.faults import Fault, Faults
from zendera_desk.simulator.ledger import Applied, Document, Seen
from zendera_desk.simulator.orders import JsonObject, stamp

CONTROL: Final = "/_simulator/"


class Settings(msgspec.Struct, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How this Zendera behaves; what is left out stays as it is."""

    limit: Annotated[int, msgspec.Meta(ge=0)] | None = None
    feed_page: Annotated[int, msgspec.Meta(ge=1)] | None = None
    whole_batches: bool | None = None
    protobuf_style: bool | None = None


class Control:
    def __init__(self, zendera: Zendera, faults: Faults) -> None:
        self._zendera = zendera
        self._world = zendera.world
        self._faults = faults
        self._ledger = zendera.ledger
        self._calls: dict[tuple[str, str], Callable[[Request], JsonObject]] = {
            ("GET", "ledger"): self._read_ledger,
            ("GET", "requests"): self._read_requests,
            ("GET", "documents"): self._read_documents,
            ("GET", "world"): self._read_world,
            ("GET", "faults"): self._read_faults,
            ("POST", "faults"): self._order_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "shipments"): self._add_shipments,
            ("POST", "clock"): self._advance,
            ("POST", "outage"): self._switch_outage,
            ("POST", "changes"): self._change_product,
            ("POST", "corrections"): self._correct,
            ("POST", "withdrawals"): self._withdraw,
            ("POST", "settings"): self._set,
        }

    def answer(self, request: Request) -> Answer:
        if not _is_loopback(request) or request.header("origin") is not None:  # a page in a browser may not either
            return refusal(403, "The control path answers this machine alone")
        call = self._calls.get((request.method, request.path.removeprefix(CONTROL)))
        if call is None:
            return refusal(404, "No such control call")
        try:
            return json_answer(call(request))
        except (LookupError, RecursionError, TypeError, ValueError, msgspec.ValidationError) as error:
            return refusal(400, f"{type(error).__name__}: {error}")

    def _read_ledger(self, request: Request) -> JsonObject:
        order = request.query.get("order")
        rows = self._ledger.applied(int(order) if order else None, request.query.get("kind"))
        with_bodies = request.query.get("bodies") == "1"
        return {
            "applied": [_applied_row(row, with_body=with_bodies) for row in rows],
            "doubled": [row.number for row in self._ledger.doubled()],
        }

    def _read_requests(self, request: Request) -> JsonObject:
        endpoint = request.query.get("endpoint")
        return {"requests": [_seen_row(row) for row in self._ledger.requests(Endpoint(endpoint) if endpoint else None)]}

    def _read_documents(self, _request: Request) -> JsonObject:
        return {"documents": [_document_row(row) for row in self._ledger.documents()]}

    def _read_world(self, _request: Request) -> JsonObject:
        with self._world.lock:
            orders = {
                str(order.order_id): {"standing": order.standing, "strikes": order.strikes, "corrections": order.corrections}
                for order in self._world.orders.values()
            }
            return {
                "now": stamp(self._world.now()),
                "waiting": self._world.waiting(),
                "orders": orders,
                "changes": self._world.change_count(),
                "outage": self._faults.outage,
            }

    def _read_faults(self, _request: Request) -> JsonObject:
        return {"faults": msgspec.to_builtins(self._faults.ordered())}

    def _order_fault(self, request: Request) -> JsonObject:
        fault = msgspec.convert(_object(request), Fault)
        self._faults.order(fault)
        return {"fault": msgspec.to_builtins(fault)}

    def _clear_faults(self, _request: Request) -> JsonObject:
        self._faults.clear()
        return {}

    def _add_shipments(self, request: Request) -> JsonObject:
        wanted = _object(request)
        if "shipment" in wanted:
            return {"orders": [self._world.add_shipment(wanted["shipment"])]}
        return {"orders": self._world.add_shipments(int(wanted["count"]))}

    def _advance(self, request: Request) -> JsonObject:
        self._world.advance(self._world.now() + timedelta(seconds=float(_object(request)["seconds"])))
        return {"now": stamp(self._world.now())}

    def _switch_outage(self, request: Request) -> JsonObject:
        wanted = _object(request)["on"]
        if not isinstance(wanted, bool):
            raise TypeError("on must be true or false")
        self._faults.outage = wanted
        return {"outage": wanted}

    def _change_product(self, request: Request) -> JsonObject:
        wanted = _object(request)
        self._world.move(wanted["orderId"], wanted["place"], wanted["stop"], wanted["status"])
        return {"changes": self._world.change_count()}

    def _correct(self, request: Request) -> JsonObject:
        wanted = _object(request)
        self._world.correct(wanted["orderId"], wanted.get("reason", ""))
        return {}

    def _withdraw(self, request: Request) -> JsonObject:
        self._world.withdraw(_object(request)["orderId"])
        return {}

    def _set(self, request: Request) -> JsonObject:
        wanted = msgspec.convert(_object(request), Settings)
        zendera = self._zendera
        zendera.limit.limit = zendera.limit.limit if wanted.limit is None else wanted.limit
        zendera.feed_page = wanted.feed_page or zendera.feed_page
        zendera.whole_batches = zendera.whole_batches if wanted.whole_batches is None else wanted.whole_batches
        zendera.protobuf_style = zendera.protobuf_style if wanted.protobuf_style is None else wanted.protobuf_style
        return {}


def _object(request: Request) -> dict[str, Any]:
    document = json.loads(request.body)
    if not isinstance(document, dict):
        raise TypeError("the body must be a JSON object")
    return document


def _applied_row(row: Applied, *, with_body: bool) -> JsonObject:
    shown: JsonObject = {
        "number": row.number,
        "orderId": row.order_id,
        "kind": row.kind,
        "at": stamp(row.at),
        "sha256": row.sha256,
        "summary": row.summary,
    }
    return shown | {"body": base64.b64encode(row.body).decode()} if with_body else shown


def _seen_row(row: Seen) -> JsonObject:
    return asdict(row) | {"at": stamp(row.at)}


def _document_row(row: Document) -> JsonObject:
    return asdict(row) | {"asked_at": stamp(row.asked_at), "put_at": None if row.put_at is None else stamp(row.put_at)}


def _is_loopback(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client[0]).is_loopback
    except ValueError:
        return False
