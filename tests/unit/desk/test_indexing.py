"""What a report says is found a moment after it was sent, whatever comes in between."""

import asyncio

from support.day import Day
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import View, Written


async def reported(day: Day) -> OrderId:
    await day.walk()
    order = (await day.ids())[0]
    await day.desk.accept([order])
    await day.send()
    assert isinstance(await day.desk.send_report(order, Draft(time="1030", signee="Sigrid Lillebø")), Written)
    return order


async def found(day: Day, order: OrderId) -> None:
    async with asyncio.timeout(10):
        while await day.desk.shipment_ids(View.ALL, "lillebo") != [order]:  # noqa: ASYNC110 (a search tells nobody)
            await asyncio.sleep(0.005)


async def test_it_is_found_by_who_signed(day: Day) -> None:
    await found(day, await reported(day))


async def test_what_an_abrupt_end_leaves_is_found_after_the_next_start(day: Day) -> None:
    order = await reported(day)
    await day.restart()
    await found(day, order)


async def test_closing_leaves_nothing_that_would_begin(day: Day) -> None:
    await reported(day)
    day.desk.indexing.stop()
    scheduled: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    assert not [timer for timer in scheduled if not timer.cancelled() and "Indexing" in repr(timer)]
