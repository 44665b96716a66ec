"""What the desk keeps and lets go, as a person sees it: asked before, done soon, and told by what is left."""

import msgspec

from support.day import Day
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.views import View, Written


async def reported(day: Day) -> OrderId:
    """A delivery that Zendera has confirmed."""
    await day.walk()
    (order_id, *_others) = await day.ids(View.TO_ACCEPT)
    await day.desk.accept([order_id])
    await day.send()
    draft = Draft(status=Status.COMPLETE, time="1030", signee="Ola", comment="At the gate")
    sent = await day.desk.send_report(order_id, draft)
    assert isinstance(sent, Written), sent
    await day.send()
    await day.ask(minutes=10)
    await day.walk()
    assert (await day.entry()).state is State.CONFIRMED
    return order_id


async def a_turn(day: Day, **later: float) -> None:
    await day.desk.keeping.step(day.clock.move(**later))


async def test_lowering_the_days_says_how_much_would_go_and_then_it_goes(day: Day) -> None:
    order_id = await reported(day)
    await a_turn(day)
    await a_turn(day, minutes=2)
    day.clock.move(days=3)
    assert (await day.desk.leaving(90, 400), await day.desk.leaving(2, 400)) == ((0, 0), (2, 0))
    shorter = msgspec.structs.replace(day.desk.settings, keep_proofs_days=2)
    await day.desk.change_settings(shorter)
    await a_turn(day)
    (story,) = [each for each in await day.desk.history(order_id) if each.entry.kind is Kind.REPORT]
    assert (story.entry.words, story.entry.purged_at) == ("", day.clock.now())
    assert await day.desk.leaving(2, 400) == (0, 0)


async def test_a_longer_time_lets_nothing_go(day: Day) -> None:
    order_id = await reported(day)
    await a_turn(day)
    await a_turn(day, minutes=2)
    for days in (4000 // 2, 0, 3000):
        await day.desk.change_settings(msgspec.structs.replace(day.desk.settings, keep_proofs_days=days))
        await a_turn(day, days=1)
    assert all(story.entry.purged_at is None for story in await day.desk.history(order_id))


async def test_reports_that_zendera_showed_are_counted(day: Day) -> None:
    assert await day.desk.recognised() == 0
    await reported(day)
    assert await day.desk.recognised() == 1


async def test_a_changed_number_of_desks_is_shared_between_at_once(day: Day) -> None:
    alone = (await day.desk.status()).calls_limit
    await day.desk.change_settings(msgspec.structs.replace(day.desk.settings, desks_on_key=4))
    assert (await day.desk.status()).calls_limit == alone // 4
