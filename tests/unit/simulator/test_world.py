"""The world in virtual time: what happens by itself, in order, and the same again for the same seed."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from zendera_desk.simulator.orders import JsonObject
from zendera_desk.simulator.world import STILL, Standing, Tempo, World

MORNING = datetime(2026, 6, 11, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def lively(seed: int = 1, **tempo: float) -> World:
    return World(seed, lambda: MORNING, shipments=10, tempo=Tempo(**tempo))


def test_the_morning_burst_is_there_at_once() -> None:
    assert len(World(1, lambda: MORNING, shipments=24).waiting()) == 24


def test_a_still_world_changes_only_when_told() -> None:
    world = World(1, lambda: MORNING, shipments=5, tempo=STILL, history=0)
    world.fail(world.waiting()[0], "Unknown postal code")

    world.advance(MORNING + 24 * HOUR)

    assert len(world.waiting()) == 5
    assert world.change_count() == 0
    assert world.orders[world.waiting()[0]].corrections == 0


def test_the_same_seed_lives_the_same_day_however_it_is_cut() -> None:
    whole, pieces = lively(4, withdrawn=0.3), lively(4, withdrawn=0.3)
    for world in (whole, pieces):
        world.accept(world.waiting()[0])

    whole.advance(MORNING + 2 * HOUR)
    for minute in range(121):
        pieces.advance(MORNING + timedelta(minutes=minute))

    assert whole.changes(0, 10_000) == pieces.changes(0, 10_000)
    assert whole.export_page(1, 1000) == pieces.export_page(1, 1000)


def test_the_world_goes_ahead_of_its_clock_and_never_back() -> None:
    world = World(1, lambda: MORNING)

    world.advance(MORNING + HOUR)
    world.advance(MORNING)

    assert world.now() == MORNING + HOUR


def test_advancing_without_a_time_follows_the_clock() -> None:
    times = [MORNING]
    world = World(1, lambda: times[0], tempo=Tempo())
    before = world.change_count()

    times[0] += HOUR
    world.advance()

    assert world.now() == MORNING + HOUR
    assert world.change_count() > before


def test_new_shipments_come_every_few_minutes_and_faster_at_a_higher_pace() -> None:
    usual, fast = lively(), lively(pace=10)

    usual.advance(MORNING + HOUR)
    fast.advance(MORNING + HOUR)

    assert 20 <= len(usual.orders) <= 80
    assert len(fast.orders) > 5 * len(usual.orders)


def test_drivers_pick_up_before_they_deliver_every_product_that_was_accepted() -> None:
    world = lively()
    order_id = world.waiting()[0]
    order = world.orders[order_id]
    products = {parcel["orderProductId"] for parcel in order.shipment["parcels"]}
    world.accept(order_id)

    world.advance(MORNING + HOUR)

    assert not order.open_at("PICKUP")
    assert not order.open_at("DELIVERY")
    for product in products:
        story = [
            (change["locationType"], change["productStatusAtLocation"])
            for change in world.changes(0, 10_000)
            if change["orderProductId"] == product
        ]
        assert story[0] == ("PICKUP", "PENDING")
        stops = [stop for stop, _ in story]
        assert stops == sorted(stops, reverse=True), "all of the pickup comes before the delivery"


def test_all_four_statuses_and_strangers_come_up_in_a_day() -> None:
    world = World(1, lambda: MORNING, shipments=60, tempo=Tempo())
    for order_id in world.waiting():
        world.accept(order_id)
    ours = {parcel["orderProductId"] for order in world.orders.values() for parcel in order.parcels()}

    world.advance(MORNING + 2 * HOUR)

    changes = world.changes(0, 10_000)
    assert {change["productStatusAtLocation"] for change in changes if change["orderProductId"] in ours} == {
        "PENDING",
        "COMPLETED",
        "NOT_READY",
        "REMOVED",
    }
    assert any(change["orderProductId"] not in ours for change in changes)


def test_the_feed_never_goes_back_in_time() -> None:
    world = lively(pace=20)
    world.advance(MORNING + HOUR)

    times = [int(change["timestamp"]) for change in world.changes(0, 10_000)]

    assert all(earlier <= later for earlier, later in pairwise(times))
    assert world.first_change_since(times[0]) == 0
    assert world.first_change_since(times[-1] + 1) == len(times)


def test_a_failed_order_is_corrected_after_a_minute_or_two_and_keeps_its_place() -> None:
    world = lively()
    order_id = world.waiting()[3]
    before = world.orders[order_id].shipment["delivery"]["address"]["postalCode"]

    world.fail(order_id, "Unknown postal code")
    world.advance(MORNING + timedelta(seconds=30))
    assert world.orders[order_id].corrections == 0
    world.advance(MORNING + timedelta(seconds=150))

    assert world.orders[order_id].corrections == 1
    assert world.orders[order_id].shipment["delivery"]["address"]["postalCode"] != before
    assert world.waiting()[3] == order_id


@pytest.mark.parametrize(
    ("reason", "changed"),
    [
        ("Missing time window", {"earliest", "latest"}),
        ("Invalid address", {"address"}),
        ("No capacity", {"instructions"}),
    ],
)
def test_a_correction_changes_what_the_reason_is_about(reason: str, changed: set[str]) -> None:
    world = World(11, lambda: MORNING, shipments=30)
    order_id = next(order.order_id for order in world.orders.values() if order.mend is None)
    [before] = [row["delivery"] for row in world.export_page(1, 100)[0] if row["orderId"] == order_id]

    world.correct(order_id, reason)

    after = world.orders[order_id].shipment["delivery"]
    assert {name for name in after if after[name] != before.get(name)} == changed


def test_a_flaw_is_mended_by_its_own_mend_whatever_the_reason_says() -> None:
    world = World(1, lambda: MORNING, shipments=300)
    order = next(each for each in world.orders.values() if "postalCode" not in each.shipment["delivery"]["address"])

    world.correct(order.order_id, "No capacity")

    assert order.shipment["delivery"]["address"]["postalCode"]


def test_an_order_leaves_the_export_with_its_fifth_strike_and_comes_no_more() -> None:
    world = lively()
    order_id = world.waiting()[0]

    for _ in range(4):
        world.fail(order_id, "No capacity")
        assert order_id in world.waiting()
    world.fail(order_id, "No capacity")
    world.advance(MORNING + HOUR)

    assert order_id not in world.waiting()
    assert world.orders[order_id].standing is Standing.GIVEN_UP
    with pytest.raises(KeyError):
        world.accept(order_id)


def test_a_withdrawn_order_is_gone_without_an_event() -> None:
    world = lively()
    order_id = world.waiting()[0]

    world.withdraw(order_id)

    assert order_id not in world.waiting()
    assert world.timeline(order_id) == []


def test_what_a_driver_picked_up_before_the_order_was_accepted_is_not_pending_again() -> None:
    world = World(1, lambda: MORNING, shipments=1, history=0)
    [order_id] = world.waiting()
    world.move(order_id, 0, "PICKUP", "COMPLETED")

    world.accept(order_id)

    assert world.orders[order_id].progress[0, "PICKUP"] == "COMPLETED"


def test_completing_a_stop_completes_its_products_and_opens_the_next() -> None:
    world = World(1, lambda: MORNING, shipments=1, history=0)
    [order_id] = world.waiting()
    world.accept(order_id)

    world.report(order_id, "COMPLETE", "PICKUP", {"status": "COMPLETE", "location": "PICKUP"})

    last = {(change["orderProductId"], change["locationType"]): change["productStatusAtLocation"] for change in world.changes(0, 100)}
    assert {status for (_, stop), status in last.items() if stop == "PICKUP"} == {"COMPLETED"}
    assert {status for (_, stop), status in last.items() if stop == "DELIVERY"} == {"PENDING"}


def test_a_given_shipment_is_taken_as_it_is_and_survives_everything_that_happens_to_it() -> None:
    world = lively()
    odd: JsonObject = {"orderId": "99", "parcels": "none", "delivery": None, "sender": [], "brandNew": {"deep": [1, None]}}

    world.add_shipment(odd)
    world.fail(99, "Unknown postal code")
    world.advance(MORNING + HOUR)
    world.accept(99)
    world.report(99, "COMPLETE", "DELIVERY", {})
    world.advance(MORNING + 2 * HOUR)

    assert world.orders[99].shipment["brandNew"] == {"deep": [1, None]}
    assert world.orders[99].corrections == 1


def test_a_drawn_shipment_leaves_out_the_number_of_a_given_one() -> None:
    world = World(1, lambda: MORNING, shipments=2)
    world.add_shipment({"orderId": world.waiting()[-1] + 1})

    world.add_shipments(2)

    assert world.waiting() == [4_710_001, 4_710_002, 4_710_003, 4_710_004, 4_710_005]


@pytest.mark.parametrize("order_id", [None, True, 1.5, "A1", [], 4_710_001])
def test_a_given_shipment_needs_a_new_number(order_id: object) -> None:
    world = World(1, lambda: MORNING, shipments=1)

    with pytest.raises(ValueError, match="orderId"):
        world.add_shipment({"orderId": order_id})


def test_what_is_put_off_happens_in_the_worlds_time() -> None:
    world = World(1, lambda: MORNING)
    happened: list[datetime] = []
    world.later(60, lambda: happened.append(world.now()))

    world.advance(MORNING + timedelta(seconds=59))
    assert happened == []
    world.advance(MORNING + HOUR)

    assert happened == [MORNING + timedelta(seconds=60)]


def test_what_a_page_shows_is_a_copy() -> None:
    world = World(1, lambda: MORNING, shipments=1)

    world.export_page(1, 1)[0][0]["delivery"].clear()

    assert world.export_page(1, 1)[0][0]["delivery"]
