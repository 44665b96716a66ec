"""After an older file came back: Zendera is asked about everything that is open, and nothing is sent before it has answered."""

import shutil

import pytest

from support.day import Day
from zendera_desk.domain.copies import Doubt
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.store.database import FILE_NAME

REPORT = Draft(status=Status.OTHER, time="0800", comment="Left with the neighbour")


async def accepted(day: Day, count: int) -> list[OrderId]:
    await day.walk()
    orders = (await day.ids())[:count]
    await day.desk.accept(orders)
    await day.send()
    day.clock.move(minutes=4)
    await day.walk()
    assert {entry.state for entry in await day.entries()} == {State.CONFIRMED}
    return orders


async def put_back(day: Day) -> None:
    """The newest copy in the database's place, by hand, while the program is closed."""
    folder, copy = day.desk.folder, (await day.desk.copies())[0].copy.path
    await day.desk.close()
    shutil.copyfile(copy, folder / FILE_NAME)
    day.desk = await day._reopen()


@pytest.mark.expected_log("not the one that was written last: put_back")
async def test_what_was_sent_after_the_copy_is_recognised_and_what_was_not_is_put_before_a_person(day: Day) -> None:
    first, second = await accepted(day, 2)
    await day.desk.send_report(first, REPORT)
    await day.desk.send_report(second, REPORT)
    await day.desk.make_copy()
    await day.desk.take_back([(await day.entry()).id])
    await day.send()
    assert [row.order_id for row in day.simulator.ledger.applied(kind="report")] == [first]

    await put_back(day)
    (notice,) = await day.desk.notices()
    assert (notice.doubt, notice.asked) == (Doubt.PUT_BACK, 2)
    await day.send()
    await day.send(minutes=2)
    assert len(day.simulator.ledger.applied(kind="report")) == 1, "nothing is sent before Zendera has answered"
    assert not day.simulator.ledger.requests(Endpoint.TIMELINE), "and it is not asked before all has settled"

    for _ in range(3):
        await day.ask(minutes=3)
        await day.send()
    reports = {entry.order_id: entry.state for entry in await day.entries() if entry.kind is Kind.REPORT}
    assert reports == {first: State.CONFIRMED, second: State.NEEDS_PERSON}
    assert len(day.simulator.ledger.applied(kind="report")) == 1
    await day.desk.see_notice(notice.id)
    assert await day.desk.notices() == []


@pytest.mark.expected_log("not the one that was written last: put_back")
async def test_an_accept_that_came_back_is_decided_by_walks_alone(day: Day) -> None:
    await day.walk()
    first, second = (await day.ids())[:2]
    await day.desk.accept([first, second])
    await day.desk.make_copy()
    await day.desk.take_back([(await day.entry()).id])
    await day.send()

    await put_back(day)
    await day.send()
    assert [row.order_id for row in day.simulator.ledger.applied(kind="accept")] == [first]
    day.clock.move(minutes=4)
    await day.walk()
    await day.send()
    assert sorted(row.order_id for row in day.simulator.ledger.applied(kind="accept")) == sorted([first, second])
    assert day.simulator.ledger.doubled() == []
