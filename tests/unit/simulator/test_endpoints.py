"""The five calls, in process: what they answer, what they apply, and what is in the ledger then."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import Standing, World

FEED = "v1/order-products/status-feed"


def accepting(*orders: int) -> dict[str, Any]:
    return {"create": [{"orderId": order_id, "status": "EXPORTED_SUCCESSFULLY"} for order_id in orders]}


def completing(order_id: int, date: str = "2026-06-11T14:30:00Z") -> dict[str, Any]:
    return {"orderId": order_id, "status": "COMPLETE", "location": "DELIVERY", "completeInfo": {"date": date}}


@pytest.mark.parametrize("header", [None, "Bearer the-key", "ApiKey the-key", "the-key", "apikey  the-key", "apikey other", "apikey"])
async def test_only_the_documented_form_of_the_key_opens(simulator: Simulator, header: str | None) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(simulator), base_url="http://zendera/api/") as stranger:
        answer = await stranger.get("v1/orders/export", headers={} if header is None else {"Authorization": header})

    assert answer.status_code == 401
    assert answer.json() == {"error": "Invalid API key", "code": "AUTH_001"}


async def test_the_export_comes_in_pages_that_tell_how_many_there_are(carrier: httpx.AsyncClient, world: World) -> None:
    pages = [(await carrier.get("v1/orders/export", params={"page": page, "perPage": 3})).json() for page in (1, 2, 3, 4)]

    assert [len(page["shipments"]) for page in pages] == [3, 3, 2, 0]
    assert [shipment["orderId"] for page in pages for shipment in page["shipments"]] == world.waiting()
    assert {(page["perPage"], page["total"], page["totalPages"]) for page in pages} == {(3, 8, 3)}
    assert [page["page"] for page in pages] == [1, 2, 3, 4]


@pytest.mark.parametrize("query", ["page=0", "page=x", "perPage=-1", "page=1.5", "page=9223372036854775808"])
async def test_a_page_that_is_no_number_is_refused(carrier: httpx.AsyncClient, query: str) -> None:
    assert (await carrier.get(f"v1/orders/export?{query}")).status_code == 400


async def test_what_is_acknowledged_leaves_the_export_and_what_failed_stays(
    carrier: httpx.AsyncClient, simulator: Simulator, world: World
) -> None:
    good, bad = world.waiting()[:2]
    body = accepting(good)
    body["create"].append({"orderId": bad, "status": "FAILED", "failureReason": "Unknown postal code"})

    answer = await carrier.post("v1/orders/export/status", json=body)

    assert answer.json() == {"updated": [good, bad], "errors": []}
    assert good not in world.waiting()
    assert bad in world.waiting()
    assert world.orders[bad].strikes == 1
    assert [(row.order_id, row.kind) for row in simulator.ledger.applied()] == [(good, "accept"), (bad, "fail")]
    assert {row.body for row in simulator.ledger.applied()} == {answer.request.content}


async def test_a_malformed_batch_is_refused_whole(carrier: httpx.AsyncClient, simulator: Simulator, world: World) -> None:
    body = accepting(*world.waiting()[:2])
    body["create"].append({"orderId": world.waiting()[2], "status": "FAILED"})

    answer = await carrier.post("v1/orders/export/status", json=body)

    assert answer.status_code == 400
    assert "failureReason" in answer.json()["error"]
    assert simulator.ledger.applied() == []


async def test_an_order_that_is_not_in_the_export_does_not_spoil_its_batch(carrier: httpx.AsyncClient, world: World) -> None:
    first, second = world.waiting()[:2]
    await carrier.post("v1/orders/export/status", json=accepting(first))

    answer = (await carrier.post("v1/orders/export/status", json=accepting(first, second, 1))).json()

    assert answer["updated"] == [second]
    assert [error["orderId"] for error in answer["errors"]] == [first, 1]


async def test_with_whole_batches_one_such_order_refuses_all(carrier: httpx.AsyncClient, simulator: Simulator, world: World) -> None:
    simulator.zendera.whole_batches = True

    answer = await carrier.post("v1/orders/export/status", json=accepting(world.waiting()[0], 1))

    assert answer.status_code == 400
    assert simulator.ledger.applied() == []


async def test_a_report_is_applied_and_its_exact_bytes_are_in_the_ledger(
    carrier: httpx.AsyncClient, simulator: Simulator, world: World
) -> None:
    order_id = world.waiting()[0]
    await carrier.post("v1/orders/export/status", json=accepting(order_id))
    body = b'{ "orderId": %d, "status":"OTHER","location":"PICKUP","otherInfo":{"date":"2026-06-11T14:30:00.007Z","comment":"Gate shut"}}'

    answer = await carrier.post("v1/exported-order/update", content=body % order_id, headers={"Content-Type": "application/json"})

    assert answer.status_code == 200
    [row] = simulator.ledger.applied(order_id, "report")
    assert row.body == body % order_id
    assert row.summary["comment"] == "Gate shut"


async def test_a_report_for_an_unknown_or_unaccepted_order_is_refused(
    carrier: httpx.AsyncClient, simulator: Simulator, world: World
) -> None:
    unknown = await carrier.post("v1/exported-order/update", json=completing(1))
    waiting = await carrier.post("v1/exported-order/update", json=completing(world.waiting()[0]))

    assert (unknown.status_code, waiting.status_code) == (404, 409)
    assert simulator.ledger.applied() == []


async def test_a_send_that_is_not_called_json_is_refused(carrier: httpx.AsyncClient, world: World) -> None:
    answer = await carrier.post("v1/orders/export/status", content=b"{}", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 415


async def test_the_same_report_twice_shows_as_doubled(carrier: httpx.AsyncClient, simulator: Simulator, world: World) -> None:
    order_id = world.waiting()[0]
    await carrier.post("v1/orders/export/status", json=accepting(order_id))
    await carrier.post("v1/exported-order/update", json=completing(order_id))
    await carrier.post("v1/exported-order/update", json=completing(order_id, "2026-06-11T14:30:00.001Z"))
    assert simulator.ledger.doubled() == []

    await carrier.post("v1/exported-order/update", json=completing(order_id))

    assert [row.number for row in simulator.ledger.doubled()] == [4]


async def test_the_timeline_tells_exports_and_reports_in_order(carrier: httpx.AsyncClient, world: World) -> None:
    order_id = world.waiting()[0]
    failed = {"create": [{"orderId": order_id, "status": "FAILED", "failureReason": "No capacity [ZD-1]"}]}
    await carrier.post("v1/orders/export/status", json=failed)
    await carrier.post("v1/orders/export/status", json=accepting(order_id))
    report = completing(order_id)
    report["completeInfo"]["pod"] = {"date": "2026-06-11T14:30:00Z", "comment": "In the garage", "signeeName": "Kari"}
    await carrier.post("v1/exported-order/update", json=report)

    answer = (await carrier.get(f"v2/orders/{order_id}/external-updates")).json()

    assert answer["orderId"] == order_id
    first, second, third = answer["updates"]
    assert (first["eventType"], first["success"], first["failureReason"]) == ("EVENT_TYPE_ORDER_EXPORTED", False, "No capacity [ZD-1]")
    assert (second["eventType"], second["success"]) == ("EVENT_TYPE_ORDER_EXPORTED", True)
    assert (third["status"], third["location"], third["date"]) == ("COMPLETE", "DELIVERY", "2026-06-11T14:30:00Z")
    assert third["comment"] == "In the garage"


@pytest.mark.parametrize("order", ["1", "x", "-4710001", "4710001.0", "1" * 5000, "٤٧١٠٠٠١"])
async def test_the_timeline_of_an_unknown_order_is_a_404(carrier: httpx.AsyncClient, order: str) -> None:
    assert (await carrier.get(f"v2/orders/{order}/external-updates")).status_code == 404


async def test_the_feed_is_read_by_since_once_and_then_by_token(carrier: httpx.AsyncClient, simulator: Simulator, world: World) -> None:
    simulator.zendera.feed_page = 7
    pages = [(await carrier.get(FEED, params={"since": "0"})).json()]
    while pages[-1]["nextPage"].get("hasNextPage"):
        token = pages[-1]["nextPage"]["paginationToken"]
        pages.append((await carrier.get(FEED, params={"pagination_token": token})).json())

    rows = [row for page in pages for row in page["changes"]]
    assert rows == world.changes(0, 1000)
    assert all(isinstance(row[name], str) for row in rows for name in ("timestamp", "orderProductId", "orderLocationId"))

    token = pages[-1]["nextPage"]["paginationToken"]
    world.accept(world.waiting()[0])
    news = (await carrier.get(FEED, params={"pagination_token": token})).json()["changes"]
    assert {row["productStatusAtLocation"] for row in news} == {"PENDING"}


async def test_since_is_inclusive_and_in_milliseconds(carrier: httpx.AsyncClient, world: World) -> None:
    third = world.changes(0, 10)[2]

    rows = (await carrier.get(FEED, params={"since": third["timestamp"]})).json()["changes"]

    assert rows == world.changes(2, 1000)


@pytest.mark.parametrize("query", ["", "since=yesterday", "since=-1", "pagination_token=", "pagination_token=ABC", "pagination_token=OC8w"])
async def test_a_feed_call_without_a_place_to_start_is_refused(carrier: httpx.AsyncClient, query: str) -> None:
    assert (await carrier.get(f"{FEED}?{query}")).status_code == 400


async def test_every_answer_tells_how_many_calls_are_left_and_over_the_limit_none_is_taken(
    carrier: httpx.AsyncClient, simulator: Simulator, world: World
) -> None:
    simulator.zendera.limit.limit = 2
    world.advance(world.now() + timedelta(minutes=59))

    first = await carrier.get("v1/orders/export")
    await carrier.get("v1/orders/export")
    third = await carrier.post("v1/orders/export/status", json=accepting(world.waiting()[0]))

    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("2", "1")
    assert (third.status_code, third.headers["Retry-After"]) == (429, "60")
    assert simulator.ledger.applied() == []

    world.advance(world.now() + timedelta(minutes=1))
    assert (await carrier.get("v1/orders/export")).status_code == 200


async def test_in_protobuf_style_defaults_are_left_out_and_long_numbers_are_text(
    carrier: httpx.AsyncClient, simulator: Simulator, world: World
) -> None:
    simulator.zendera.protobuf_style = True

    full = (await carrier.get("v1/orders/export")).json()
    for order_id in world.waiting():
        world.accept(order_id)
    empty = (await carrier.get("v1/orders/export")).json()
    feed = (await carrier.get(FEED, params={"since": "0"})).json()

    assert all(isinstance(shipment["orderId"], str) for shipment in full["shipments"])
    assert all("address2" not in shipment["delivery"]["address"] for shipment in full["shipments"])
    assert empty == {"page": 1, "perPage": 50}
    assert "hasNextPage" not in feed["nextPage"]


async def test_a_shipment_that_utf8_cannot_say_comes_with_escapes(carrier: httpx.AsyncClient, world: World) -> None:
    world.add_shipment({"orderId": 9, "delivery": {"name": "half \ud83d"}})

    answer = await carrier.get("v1/orders/export")

    assert b"half \\ud83d" in answer.content


async def test_unknown_calls_and_wrong_methods_say_so(carrier: httpx.AsyncClient) -> None:
    assert (await carrier.get("v1/orders")).status_code == 404
    wrong = await carrier.delete("v1/orders/export")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET")
    assert (await carrier.get("http://zendera/v1/orders/export")).status_code == 404


async def test_every_request_is_in_the_book_of_requests(carrier: httpx.AsyncClient, simulator: Simulator) -> None:
    await carrier.get("v1/orders/export", params={"page": 2})
    await carrier.get("v1/nothing")

    first, second = simulator.ledger.requests()

    assert (first.method, first.path, first.query, first.status, first.fault) == ("GET", "/api/v1/orders/export", "page=2", 200, "")
    assert (second.endpoint, second.status) == (None, 404)


async def test_an_accepted_order_stands_as_exported(carrier: httpx.AsyncClient, world: World) -> None:
    order_id = world.waiting()[0]

    await carrier.post("v1/orders/export/status", json=accepting(order_id))

    assert world.orders[order_id].standing is Standing.EXPORTED
