"""The colli board on a desk: what the simulator's feed says of what was reported, and the report of what is missing."""

import msgspec
import pytest

from support.day import Day
from zendera_desk.domain.board import Board, Finding
from zendera_desk.domain.changes import Change, LinkChanged, ShipmentsChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import View
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault

PICKUP, DELIVERY = StopKind
COMPLETE = Draft(time="11.06.26 10:30", signee="Ola Nordmann", comment="At the front desk", currency="NOK")


async def accepted(day: Day) -> OrderId:
    """A shipment with two products or more, accepted; the feed is read."""
    await day.walk()
    await day.desk.accept(await day.ids(View.TO_ACCEPT))
    await day.send()
    await day.tail()
    many = [order for order in await day.ids() if len((await board(day, order)).products) > 1]
    return many[0]


async def completed(day: Day) -> OrderId:
    """Its delivery is reported as complete, and the feed says the same."""
    order = await accepted(day)
    await day.desk.send_report(order, COMPLETE)
    await day.send()
    await day.tail(minutes=1)
    return order


async def seen(day: Day, order: OrderId) -> Board:
    await day.tail(minutes=1)
    return await board(day, order)


async def board(day: Day, order: OrderId) -> Board:
    shown = await day.desk.shipment(order)
    assert shown is not None
    return (await day.desk.board(shown))[0]


async def begin(day: Day, order: OrderId, stop: StopKind = DELIVERY) -> Draft:
    shown = await day.desk.shipment(order)
    assert shown is not None
    await day.desk.mending.report_missing(order, stop, *await day.desk.board(shown))
    after = await day.desk.shipment(order)
    assert after is not None
    assert after.draft is not None
    return after.draft


async def test_what_zendera_bears_out_is_no_difference(day: Day) -> None:
    made = await board(day, await completed(day))
    assert {product.delivery.status for product in made.products} == {ProductStatus.COMPLETED}
    assert made.delivery is not None
    assert made.differs_from() is None


async def test_what_was_completed_and_is_pending_again_stands_out_at_once(day: Day) -> None:
    order = await accepted(day)
    await day.desk.send_report(order, msgspec.structs.replace(COMPLETE, stop=PICKUP))
    await day.send()
    day.clock.move(seconds=1)
    day.simulator.world.move(order, 0, "PICKUP", "PENDING")
    shown = await day.desk.shipment(order)
    assert shown is not None
    await day.tail(seconds=30)
    made, until = await day.desk.board(shown)
    assert made.products[0].pickup.finding is Finding.PENDING_AGAIN
    assert until == day.clock.now()
    assert made.differs(until)


async def test_a_product_that_is_removed_after_it_was_completed_stands_out_and_the_report_quotes_the_first(day: Day) -> None:
    order = await completed(day)
    day.simulator.world.move(order, 1, "DELIVERY", "REMOVED")
    made = await seen(day, order)
    assert [product.delivery.finding for product in made.products][:2] == [None, Finding.REMOVED_AFTER_COMPLETED]
    draft = await begin(day, order)
    assert (draft.status, draft.stop, draft.signee) == (Status.OTHER, DELIVERY, "")
    assert draft.corrects == (await day.entry()).id
    assert draft.comment.startswith("Correction of the report of ")
    assert draft.comment.endswith(" removed after completed.")
    assert draft == await begin(day, order), "asked for twice it is said once"


async def test_what_is_written_for_the_dispatchers_is_in_their_language_from_end_to_end(day: Day) -> None:
    account = day.desk.account
    assert account is not None
    await day.desk.change_settings(msgspec.structs.replace(day.desk.settings, languages={account.id: "nb"}))
    order = await completed(day)
    day.simulator.world.move(order, 1, "DELIVERY", "REMOVED")
    await seen(day, order)
    comment = (await begin(day, order)).comment
    assert comment.startswith("Rettelse av meldingen fra ")
    assert " (Fullført, levering): " in comment
    assert comment.endswith(" fjernet etter fullført.")


async def test_where_the_feed_agrees_meanwhile_nothing_is_begun_and_it_is_said(day: Day) -> None:
    order = await completed(day)
    shown = await day.desk.shipment(order)
    assert shown is not None
    with pytest.raises(DeskError) as refused:
        await day.desk.mending.report_missing(order, DELIVERY, *await day.desk.board(shown))
    assert refused.value.code == "agrees_now"
    assert not (await day.desk.shipment_lines([order]))[0].has_draft


async def test_once_it_was_told_to_zendera_it_is_no_difference_any_more(day: Day) -> None:
    order = await completed(day)
    day.simulator.world.move(order, 1, "DELIVERY", "REMOVED")
    await seen(day, order)
    draft = await begin(day, order)
    await day.desk.send_report(order, draft)
    await day.send()
    assert (await seen(day, order)).differs_from() is None


async def test_where_nothing_was_reported_it_is_a_report_of_its_own_and_what_is_typed_stays(day: Day) -> None:
    order = await accepted(day)
    day.simulator.world.move(order, 0, "PICKUP", "NOT_READY")
    await seen(day, order)
    draft = await begin(day, order, PICKUP)
    assert (draft.status, draft.stop, draft.corrects) == (Status.OTHER, PICKUP, None)
    assert draft.comment.endswith("not ready.")
    await day.desk.save_draft(order, msgspec.structs.replace(draft, stop=DELIVERY, comment="Rang twice"))
    with pytest.raises(DeskError, match="draft_here"):
        await begin(day, order, PICKUP)


# The view


async def differing(day: Day) -> tuple[list[OrderId], int]:
    """The shipments of the view, and the count beside its name."""
    return await day.ids(View.DIFFERENCES), (await day.desk.status()).views[View.DIFFERENCES]


async def test_a_shipment_that_differs_is_in_the_view_until_zendera_was_told(day: Day) -> None:
    order = await completed(day)
    assert await differing(day) == ([], 0)
    told = list[Change]()
    day.desk.changes.subscribe(told.append)
    day.simulator.world.move(order, 1, "DELIVERY", "REMOVED")
    await day.tail(minutes=1)
    assert await differing(day) == ([order], 1)
    assert ShipmentsChanged(frozenset({order})) in told
    await day.desk.send_report(order, await begin(day, order))
    await day.send()
    assert await differing(day) == ([], 0)


async def test_the_counts_are_told_with_the_shipment_that_came_to_differ(day: Day) -> None:
    order = await completed(day)
    day.simulator.world.move(order, 1, "DELIVERY", "REMOVED")
    told = list[Change]()
    day.desk.changes.subscribe(told.append)
    await day.tail(minutes=1)
    assert LinkChanged() in told[told.index(ShipmentsChanged(frozenset({order}))) :]


async def test_a_difference_that_the_office_knows_of_is_not_counted_until_the_board_changes_again(day: Day) -> None:
    order = await completed(day)
    day.simulator.world.move(order, 1, "DELIVERY", "REMOVED")
    await day.tail(minutes=1)
    assert await acknowledge(day, order)
    assert await differing(day) == ([], 0)
    assert not await acknowledge(day, order), "nothing is left to know of"
    assert not (await seen(day, order)).may_acknowledge(DELIVERY, day.clock.now()), "and it stays so"
    await day.restart()
    assert await differing(day) == ([], 0)
    day.simulator.world.move(order, 0, "DELIVERY", "NOT_READY")
    await day.tail(minutes=1)
    assert await differing(day) == ([order], 1)


async def test_what_came_after_the_board_was_shown_is_still_a_difference(day: Day) -> None:
    order = await completed(day)
    day.simulator.world.move(order, 1, "DELIVERY", "REMOVED")
    await day.tail(minutes=1)
    shown = await day.desk.shipment(order)
    assert shown is not None
    on_the_screen = await day.desk.board(shown)
    day.simulator.world.move(order, 0, "DELIVERY", "NOT_READY")
    await day.tail(minutes=1)
    assert await day.desk.differences.acknowledge(order, DELIVERY, *on_the_screen)
    assert await differing(day) == ([order], 1)


async def test_undo_has_it_count_again_and_both_are_in_the_history_with_who_did_it(day: Day) -> None:
    order = await completed(day)
    day.simulator.world.move(order, 1, "DELIVERY", "REMOVED")
    await day.tail(minutes=1)
    assert not await day.desk.differences.undo(order, DELIVERY)
    await acknowledge(day, order)
    told = list[Change]()
    day.desk.changes.subscribe(told.append)
    assert await day.desk.differences.undo(order, DELIVERY)
    assert told == [ShipmentsChanged(frozenset({order})), LinkChanged()]
    assert await differing(day) == ([order], 1)
    history = await day.desk.differences.of(order)
    who = day.desk.settings.made_by
    assert [(each.stop, each.undoes, each.count, each.by) for each in history] == [(DELIVERY, False, 1, who), (DELIVERY, True, 1, who)]
    assert history[0].at < history[1].at


async def acknowledge(day: Day, order: OrderId) -> bool:
    shown = await day.desk.shipment(order)
    assert shown is not None
    return await day.desk.differences.acknowledge(order, DELIVERY, *await day.desk.board(shown))


async def test_what_the_feed_never_says_comes_to_the_view_when_the_feed_had_its_time(day: Day) -> None:
    order = await accepted(day)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.UPDATE, status=200, times=1)
    await day.desk.send_report(order, COMPLETE)
    await day.send()
    await day.tail(minutes=10)
    assert await differing(day) == ([], 0)
    await day.tail(minutes=10)
    assert await differing(day) == ([order], 1)


async def test_while_a_week_is_caught_up_with_nothing_is_judged_and_then_all_is(day: Day) -> None:
    order = await completed(day)
    day.simulator.zendera.feed_page = 1
    for status in ("REMOVED", "PENDING", "REMOVED") * 20:
        day.clock.move(seconds=1)
        day.simulator.world.move(order, 1, "DELIVERY", status)
    await day.engine.tail.step(day.clock.now())
    assert day.engine.tail.catching_up
    assert await differing(day) == ([], 0)
    await day.tail(seconds=1)
    assert await differing(day) == ([order], 1)


async def test_a_change_finds_its_shipment_by_the_barcode_whichever_comes_first(day: Day) -> None:
    shipment = {"orderId": 77, "parcels": [{"name": "Sofa", "barcode": "370077"}]}
    world = day.simulator.world
    world._publish({"orderProductInternalNumber": "370077", "locationType": "DELIVERY", "productStatusAtLocation": "NOT_READY"})
    await day.tail()
    world.add_shipment(shipment)
    await day.walk()
    made = await seen(day, OrderId(77))
    assert made.products[0].delivery.finding is Finding.NOT_READY
    assert OrderId(77) in (await differing(day))[0]
