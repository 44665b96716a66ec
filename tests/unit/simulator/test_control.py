"""The control path: everything a test in another process needs, for this machine alone."""

import base64
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import World


@pytest.fixture
async def control(simulator: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(simulator), base_url="http://zendera/_simulator/") as client:
        yield client


async def test_the_ledger_can_be_read_whole_by_order_by_kind_and_with_bodies(
    control: httpx.AsyncClient, carrier: httpx.AsyncClient, world: World
) -> None:
    first, second = world.waiting()[:2]
    rows = [{"orderId": first, "status": "EXPORTED_SUCCESSFULLY"}, {"orderId": second, "status": "FAILED", "failureReason": "No capacity"}]
    sent = await carrier.post("v1/orders/export/status", json={"create": rows})

    whole = (await control.get("ledger", params={"bodies": 1})).json()
    one = (await control.get("ledger", params={"order": second})).json()["applied"]
    accepts = (await control.get("ledger", params={"kind": "accept"})).json()["applied"]

    assert [row["orderId"] for row in whole["applied"]] == [first, second]
    assert {base64.b64decode(row["body"]) for row in whole["applied"]} == {sent.request.content}
    assert whole["doubled"] == []
    assert [(row["kind"], row["summary"]["failureReason"]) for row in one] == [("fail", "No capacity")]
    assert [row["orderId"] for row in accepts] == [first]
    assert "body" not in accepts[0]


async def test_the_requests_can_be_read_by_endpoint_and_leave_out_the_control_path(
    control: httpx.AsyncClient, carrier: httpx.AsyncClient
) -> None:
    await carrier.get("v1/orders/export")
    await carrier.get("v1/order-products/status-feed", params={"since": "0"})

    everything = (await control.get("requests")).json()["requests"]
    [feed] = (await control.get("requests", params={"endpoint": "feed"})).json()["requests"]

    assert [row["endpoint"] for row in everything] == ["export", "feed"]
    assert (feed["status"], feed["query"], feed["at"]) == (200, "since=0", "2026-06-11T06:00:00Z")


async def test_faults_are_ordered_listed_and_taken_back(control: httpx.AsyncClient, carrier: httpx.AsyncClient) -> None:
    ordered = await control.post("faults", json={"kind": "refuse", "endpoint": "export", "times": None, "status": 503})

    assert ordered.json()["fault"]["status"] == 503
    assert [fault["kind"] for fault in (await control.get("faults")).json()["faults"]] == ["refuse"]
    assert (await carrier.get("v1/orders/export")).status_code == 503

    await control.delete("faults")
    assert (await carrier.get("v1/orders/export")).status_code == 200


async def test_shipments_are_added_by_number_or_as_given(control: httpx.AsyncClient, carrier: httpx.AsyncClient) -> None:
    drawn = (await control.post("shipments", json={"count": 2})).json()["orders"]
    given = (await control.post("shipments", json={"shipment": {"orderId": 77, "brandNew": True}})).json()["orders"]

    shipments = (await carrier.get("v1/orders/export")).json()["shipments"]
    assert [shipment["orderId"] for shipment in shipments][-3:] == [*drawn, *given]
    assert shipments[-1] == {"orderId": 77, "brandNew": True}


async def test_the_clock_is_put_forward_and_the_world_tells_where_it_stands(control: httpx.AsyncClient, world: World) -> None:
    world.fail(world.waiting()[0], "No capacity")

    now = (await control.post("clock", json={"seconds": 90.5})).json()["now"]
    state = (await control.get("world")).json()

    assert now == state["now"] == "2026-06-11T06:01:30.500Z"
    assert state["waiting"] == world.waiting()
    assert state["orders"][str(world.waiting()[0])] == {"standing": "waiting", "strikes": 1, "corrections": 0}
    assert state["changes"] == world.change_count()


async def test_an_outage_spares_the_control_path(control: httpx.AsyncClient, carrier: httpx.AsyncClient) -> None:
    await control.post("outage", json={"on": True})
    with pytest.raises(ConnectionAbortedError):
        await carrier.get("v1/orders/export")

    assert (await control.get("world")).json()["outage"] is True
    await control.post("outage", json={"on": False})
    assert (await carrier.get("v1/orders/export")).status_code == 200


async def test_drivers_and_dispatchers_can_be_played_by_hand(control: httpx.AsyncClient, world: World) -> None:
    first, second = world.waiting()[:2]

    await control.post("changes", json={"orderId": first, "place": 0, "stop": "PICKUP", "status": "NOT_READY"})
    await control.post("corrections", json={"orderId": first, "reason": "time window"})
    await control.post("withdrawals", json={"orderId": second})

    assert world.changes(world.change_count() - 1, 1)[0]["productStatusAtLocation"] == "NOT_READY"
    assert world.orders[first].corrections == 1
    assert second not in world.waiting()


async def test_settings_change_what_they_name_and_nothing_else(control: httpx.AsyncClient, simulator: Simulator) -> None:
    await control.post("settings", json={"limit": 20, "protobufStyle": True})
    await control.post("settings", json={"feedPage": 3, "wholeBatches": True})

    zendera = simulator.zendera
    assert (zendera.limit.limit, zendera.feed_page, zendera.whole_batches, zendera.protobuf_style) == (20, 3, True, True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"kind": "explode"}),
        ("faults", {}),
        ("faults", []),
        ("shipments", {"count": "many"}),
        ("shipments", {}),
        ("shipments", {"shipment": {"orderId": None}}),
        ("clock", {"seconds": None}),
        ("outage", {"on": 1}),
        ("changes", {"orderId": 1, "place": 0, "stop": "PICKUP", "status": "COMPLETED"}),
        ("changes", {"orderId": 4_710_001, "place": 99, "stop": "PICKUP", "status": "COMPLETED"}),
        ("withdrawals", {"orderId": 1}),
        ("settings", {"limit": -1}),
        ("settings", {"feed_page": 5}),
    ],
)
async def test_a_control_call_that_makes_no_sense_says_why(control: httpx.AsyncClient, path: str, body: object) -> None:
    answer = await control.post(path, content=json.dumps(body))

    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_an_unknown_control_call_is_a_404(control: httpx.AsyncClient) -> None:
    assert (await control.get("secrets")).status_code == 404
    assert (await control.delete("ledger")).status_code == 404


async def test_another_machine_gets_nothing(simulator: Simulator) -> None:
    transport = httpx.ASGITransport(simulator, client=("192.168.1.20", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://zendera/_simulator/") as stranger:
        assert (await stranger.get("ledger")).status_code == 403


async def test_a_page_in_a_browser_gets_nothing(control: httpx.AsyncClient, simulator: Simulator) -> None:
    answer = await control.post("outage", json={"on": True}, headers={"Origin": "http://evil.invalid"})

    assert answer.status_code == 403
    assert simulator.faults.outage is False
