"""Whoever shows a shipment hears of it by its number, whatever part of the desk moved one of its entries."""

from collections.abc import Callable, Iterator

import pytest

from support.day import Day
from zendera_desk.domain.changes import Change, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import Written


@pytest.fixture
def heard(day: Day) -> Iterator[list[Change]]:
    changes: list[Change] = []
    leave = day.desk.changes.subscribe(changes.append)
    yield changes
    leave()


def named(heard: list[Change]) -> tuple[set[EntryId], set[OrderId]]:
    entries = {entry for change in heard if isinstance(change, OutboxChanged) for entry in change.ids}
    return entries, {order for change in heard if isinstance(change, ShipmentsChanged) for order in change.ids}


async def accepted(day: Day) -> OrderId:
    await day.walk()
    order = (await day.ids())[0]
    await day.desk.accept([order])
    return order


async def test_a_clock_that_jumps_names_the_shipments_of_what_it_moved(day: Day, heard: list[Change]) -> None:
    order = await accepted(day)
    heard.clear()
    day.clock.jump(hours=5)
    await day.engine.outbox.step(day.clock.now())
    assert named(heard) == ({(await day.entry()).id}, {order})


async def test_a_feed_that_confirms_a_report_names_its_shipment(day: Day, heard: list[Change]) -> None:
    await day.tail(seconds=1)
    order = await accepted(day)
    await day.send()
    written = await day.desk.send_report(order, Draft(time="1030", signee="Ola Nordmann"))
    assert isinstance(written, Written)
    await day.send()
    heard.clear()
    await day.tail(seconds=5)
    entries, orders = named(heard)
    assert entries == set(written.entries)
    assert order in orders


@pytest.mark.parametrize("wish", [Day.send, Day.walk])
async def test_a_send_and_a_walk_name_the_shipments_of_what_they_moved(
    day: Day, heard: list[Change], wish: Callable[[Day], object]
) -> None:
    order = await accepted(day)
    if wish is Day.walk:
        await day.send()
        day.clock.move(minutes=5)
    heard.clear()
    await wish(day)  # type: ignore[misc]
    entries, orders = named(heard)
    assert entries == {(await day.entry()).id}
    assert order in orders
