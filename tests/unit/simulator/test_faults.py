"""Each fault over a real socket: what the carrier sees, against what the ledger says was applied."""

import time
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec
import pytest

from zendera_desk.simulator.answers import Endpoint, Request
from zendera_desk.simulator.faults import Faults, Kind
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.server import Simulator

FEED = "v1/order-products/status-feed"
EXPORT = Request(method="GET", path="/api/v1/orders/export", query={}, headers=(), body=b"")


@pytest.fixture
def order_id(running: RunningSimulator) -> int:
    """An accepted order."""
    order_id = running.world.waiting()[0]
    running.world.accept(order_id)
    return order_id


def report(line: httpx.Client, order_id: int, timeout: float = 5) -> httpx.Response:
    info = {"date": "2026-06-11T14:30:00Z", "comment": "No answer"}
    body = {"orderId": order_id, "status": "NO_ONE_THERE", "location": "DELIVERY", "noOneThereInfo": info}
    return line.post("v1/exported-order/update", json=body, timeout=timeout)


def reports(running: RunningSimulator) -> int:
    return len(running.ledger.applied(kind="report"))


@pytest.mark.parametrize(
    ("kind", "details", "status"),
    [
        (Kind.REFUSE, {}, 500),
        (Kind.REFUSE, {"status": 401}, 401),
        (Kind.REFUSE, {"status": 403}, 403),
        (Kind.REFUSE, {"status": 404}, 404),
        (Kind.REFUSE, {"status": 503}, 503),
        (Kind.LIMIT, {}, 429),
        (Kind.HTML, {}, 200),
        (Kind.REDIRECT, {}, 302),
        (Kind.REDIRECT, {"status": 307}, 307),
    ],
)
def test_these_answer_without_applying(
    running: RunningSimulator, line: httpx.Client, order_id: int, kind: Kind, details: dict[str, Any], status: int
) -> None:
    running.faults.add(kind, Endpoint.UPDATE, **details)

    assert report(line, order_id).status_code == status
    assert reports(running) == 0
    assert report(line, order_id).status_code == 200
    assert reports(running) == 1


@pytest.mark.parametrize(("details", "status"), [({}, 500), ({"status": 503}, 503)])
def test_an_error_may_come_after_applying(
    running: RunningSimulator, line: httpx.Client, order_id: int, details: dict[str, Any], status: int
) -> None:
    running.faults.add(Kind.APPLY_ERROR, Endpoint.UPDATE, **details)

    assert report(line, order_id).status_code == status
    assert reports(running) == 1


@pytest.mark.parametrize(("kind", "applied"), [(Kind.CLOSE, 0), (Kind.APPLY_CLOSE, 1), (Kind.LATE, 0)])
@pytest.mark.parametrize(("reset", "error"), [(False, httpx.RemoteProtocolError), (True, httpx.ReadError)])
def test_a_connection_can_be_closed_or_reset_without_an_answer(
    running: RunningSimulator, line: httpx.Client, order_id: int, kind: Kind, applied: int, reset: bool, error: type[Exception]
) -> None:
    running.faults.add(kind, Endpoint.UPDATE, reset=reset)

    with pytest.raises(error):
        report(line, order_id)

    assert reports(running) == applied
    assert running.ledger.requests(Endpoint.UPDATE)[-1].status is None


def test_a_late_send_is_applied_when_the_world_gets_there(running: RunningSimulator, line: httpx.Client, order_id: int) -> None:
    running.faults.add(Kind.LATE, Endpoint.UPDATE, seconds=60)
    with pytest.raises(httpx.RemoteProtocolError):
        report(line, order_id)

    running.world.advance(running.world.now() + timedelta(seconds=59))
    assert reports(running) == 0
    running.world.advance(running.world.now() + timedelta(seconds=1))

    assert reports(running) == 1
    assert len(line.get(f"v2/orders/{order_id}/external-updates").json()["updates"]) == 2


def test_an_answer_can_break_off_midway(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add(Kind.MIDWAY, Endpoint.EXPORT)

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        line.get("v1/orders/export")


def test_a_truncated_answer_is_whole_http_and_no_json(running: RunningSimulator, line: httpx.Client, order_id: int) -> None:
    running.faults.add(Kind.TRUNCATED, times=2)

    answer = line.get("v1/orders/export")
    sent = report(line, order_id)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match=r"line 1 column \d+"):
        answer.json()
    assert sent.content == b"{"
    assert reports(running) == 1


def test_an_answer_can_be_empty(running: RunningSimulator, line: httpx.Client, order_id: int) -> None:
    running.faults.add(Kind.EMPTY, Endpoint.UPDATE)
    running.faults.add(Kind.EMPTY, Endpoint.FEED, status=200)

    sent, read = report(line, order_id), line.get(FEED, params={"since": "0"})

    assert (sent.status_code, sent.content) == (204, b"")
    assert (read.status_code, read.content) == (200, b"")
    assert reports(running) == 1


def test_a_slow_answer_is_a_time_out_after_applying(running: RunningSimulator, line: httpx.Client, order_id: int) -> None:
    running.faults.add(Kind.SLOW, Endpoint.UPDATE, seconds=30)

    with pytest.raises(httpx.ReadTimeout):
        report(line, order_id, timeout=0.2)

    assert reports(running) == 1


def test_a_dripping_answer_arrives_whole_and_takes_its_time(running: RunningSimulator, line: httpx.Client) -> None:
    whole = line.get("v1/orders/export").content
    running.faults.add(Kind.DRIP, Endpoint.EXPORT, seconds=0.4)
    began = time.monotonic()

    dripped = line.get("v1/orders/export").content

    assert dripped == whole
    assert time.monotonic() - began > 0.3


def test_a_gzip_bomb_is_small_on_the_wire_and_huge_when_unpacked(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add(Kind.BOMB, Endpoint.EXPORT)

    with line.stream("GET", "v1/orders/export") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < 500_000
        unpacked = 0
        for piece in answer.iter_bytes(65536):
            unpacked += len(piece)
            if unpacked > 20_000_000:
                break

    assert unpacked > 20_000_000


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_comes_in_seconds_or_as_a_date(running: RunningSimulator, line: httpx.Client, as_date: bool) -> None:
    running.faults.add(Kind.LIMIT, seconds=90, as_date=as_date)

    value = line.get("v1/orders/export").headers["Retry-After"]

    if as_date:
        assert parsedate_to_datetime(value).astimezone(UTC) == running.world.now() + timedelta(seconds=90)
    else:
        assert value == "90"


def test_a_redirect_names_where_it_wants_the_send_to_go(running: RunningSimulator, line: httpx.Client, order_id: int) -> None:
    running.faults.add(Kind.REDIRECT, status=307, location="http://evil.invalid/x")

    assert report(line, order_id).headers["location"] == "http://evil.invalid/x"


def test_broken_rows_stand_between_good_ones(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add(Kind.BROKEN_ROWS)

    rows = line.get("v1/orders/export").json()["shipments"]

    good = [row for row in rows if isinstance(row, dict) and row.get("orderId") in running.world.orders]
    assert (len(rows), len(good)) == (8, 5)


def test_the_total_can_change_during_a_walk(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add(Kind.CHANGING_TOTAL, times=None)

    totals = [line.get("v1/orders/export", params={"page": page, "perPage": 4}).json()["total"] for page in (1, 2)]

    assert totals == [9, 10]


def test_a_token_is_refused_and_a_since_is_not(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add(Kind.REFUSED_TOKEN, status=410)

    start = line.get(FEED, params={"since": "0"})
    refused = line.get(FEED, params={"pagination_token": start.json()["nextPage"]["paginationToken"]})

    assert (start.status_code, refused.status_code) == (200, 410)


def test_a_token_can_come_back_again_and_again(running: RunningSimulator, line: httpx.Client) -> None:
    token = line.get(FEED, params={"since": "0"}).json()["nextPage"]["paginationToken"]
    running.faults.add(Kind.REPEATED_TOKEN, times=None)

    answer = line.get(FEED, params={"pagination_token": token}).json()

    assert answer["changes"] == []
    assert (answer["nextPage"]["hasNextPage"], answer["nextPage"]["paginationToken"]) == (True, token)


def test_there_can_be_more_without_a_token_for_it(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add(Kind.NO_TOKEN)

    answer = line.get(FEED, params={"since": "0"}).json()

    assert answer["changes"]
    assert answer["nextPage"]["hasNextPage"] is True
    assert "paginationToken" not in answer["nextPage"]


def test_a_stale_timeline_shows_an_event_only_later(running: RunningSimulator, line: httpx.Client, order_id: int) -> None:
    running.faults.add(Kind.STALE, times=None, seconds=120)
    report(line, order_id)
    path = f"v2/orders/{order_id}/external-updates"

    assert line.get(path).json()["updates"] == []
    running.world.advance(running.world.now() + timedelta(seconds=120))
    assert len(line.get(path).json()["updates"]) == 2


def test_in_an_outage_nothing_is_answered_or_applied(running: RunningSimulator, line: httpx.Client, order_id: int) -> None:
    running.faults.add(Kind.REFUSE)
    running.faults.outage = True
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            report(line, order_id)

    running.faults.outage = False

    assert report(line, order_id).status_code == 500, "the outage left the ordered fault alone"
    assert report(line, order_id).status_code == 200
    assert reports(running) == 1


def test_a_fault_works_as_often_as_ordered_and_only_where_ordered(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add("refuse", "export", times=2, status=502)

    feed = line.get(FEED, params={"since": "0"}).status_code
    export = [line.get("v1/orders/export").status_code for _ in range(3)]

    assert (feed, export) == (200, [502, 502, 200])
    assert running.faults.ordered() == []


def test_faults_come_in_the_order_they_were_ordered(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add("refuse", status=502)
    running.faults.add("limit")

    assert [line.get("v1/orders/export").status_code for _ in range(3)] == [502, 429, 200]


def test_a_fault_with_a_chance_strikes_about_that_often_and_the_same_for_each_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add(Kind.CLOSE, times=None, chance=0.2)
        return [faults.take(EXPORT) is not None for _ in range(500)]

    assert 60 < sum(struck(1)) < 140
    assert struck(1) == struck(1) != struck(2)


def test_clearing_takes_back_what_is_on_order(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add(Kind.CLOSE, times=None)
    running.faults.outage = True

    running.faults.clear()

    assert line.get("v1/orders/export").status_code == 200


@pytest.mark.parametrize("details", [{"kind": "explode"}, {"endpoint": "x"}, {"times": 0}, {"chance": 2}, {"seconds": -1}, {"speed": 1}])
def test_a_fault_nobody_knows_is_not_taken(details: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        Faults().add(**({"kind": "close"} | details))


def test_a_fault_does_not_hide_what_was_wrong_with_the_send(running: RunningSimulator, line: httpx.Client) -> None:
    running.faults.add(Kind.APPLY_ERROR, Endpoint.UPDATE)

    assert report(line, 1).status_code == 404


async def test_in_process_a_closed_connection_is_an_error_of_the_connection(simulator: Simulator, carrier: httpx.AsyncClient) -> None:
    simulator.faults.add(Kind.CLOSE)

    with pytest.raises(ConnectionAbortedError):
        await carrier.get("v1/orders/export")
