"""What may be at Zendera twice: audits after a send that followed an unclear one, another desk that says the same, and strikes.

The timeline is the only witness, and a reading of it is kept: whatever is said here of Zendera was shown by Zendera.
"""

from datetime import timedelta

import msgspec
import pytest

from support.day import Day
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Decision, Deed, Entry, State, Why
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.views import Phase, View, Written
from zendera_desk.engine.link import Endpoint as Line
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.simulator.orders import stamp

COMPLETE = Draft(time="1030", signee="Ola Nordmann", comment="At the front desk")
CLOSED = Draft(time="1030", status=Status.NO_ONE_THERE, comment="Closed")


async def accepted(day: Day) -> OrderId:
    await day.walk()
    order_id = (await day.ids(View.TO_ACCEPT))[0]
    await day.desk.accept([order_id])
    await day.send()
    return order_id


async def entry_of(day: Day, entry: Entry) -> Entry:
    return (await day.desk.story(entry.id)).entry


def readings(day: Day) -> int:
    return len(day.simulator.ledger.requests(Endpoint.TIMELINE))


async def look(day: Day, **later: float) -> None:
    """So much later, when what is under way inside Zendera has arrived."""
    day.clock.move(**later)
    day.simulator.world.advance()
    await day.ask(seconds=0)


async def lost_and_sent_again(day: Day, *, hours_under_way: float) -> Entry:
    """The first try is under way inside Zendera for so long; it is not shown, and a person sends it again."""
    order_id = await accepted(day)
    day.simulator.faults.add(Fault.LATE, endpoint=Endpoint.UPDATE, times=1, seconds=hours_under_way * 3600)
    await day.desk.send_report(order_id, COMPLETE)
    await day.send()
    await day.ask(seconds=190)
    await day.ask(seconds=121)
    entry = await day.entry()
    assert entry.state is State.NEEDS_PERSON
    await day.desk.decide(entry.id, Decision.SEND_AGAIN)
    await day.send(seconds=1)
    await day.ask(seconds=25)
    assert (await entry_of(day, entry)).state is State.CONFIRMED
    return entry


@pytest.mark.parametrize("hours", [0.5, 20])
async def test_a_report_that_arrived_twice_in_the_end_is_shown_to_the_person(day: Day, hours: float) -> None:
    entry = await lost_and_sent_again(day, hours_under_way=hours)
    await look(day, minutes=61)
    assert bool((await entry_of(day, entry)).twice) is (hours < 1)
    await look(day, hours=23, minutes=1)
    found = await entry_of(day, entry)
    assert len(day.simulator.ledger.applied(kind="report")) == 2
    assert len(found.twice) == 2
    assert timedelta(hours=hours - 0.2) < found.twice[1] - found.twice[0] < timedelta(hours=hours)
    assert entry.order_id in await day.ids(View.NEEDS_ME)
    assert (await day.desk.shipment_lines([entry.order_id]))[0].entry_doubled
    assert (await day.desk.status()).doubled == 1
    await day.desk.see_twice(entry.id)
    assert entry.order_id not in await day.ids(View.NEEDS_ME)
    assert (await day.desk.status()).doubled == 0
    assert (await entry_of(day, entry)).twice == found.twice


async def test_what_arrived_once_is_read_twice_more_and_then_left_alone(day: Day) -> None:
    entry = await lost_and_sent_again(day, hours_under_way=200)
    before = readings(day)
    await look(day, minutes=59)
    assert readings(day) == before
    await look(day, minutes=2)
    assert readings(day) == before + 1
    await look(day, hours=24)
    await look(day, hours=24)
    assert readings(day) == before + 2
    assert not (await entry_of(day, entry)).twice


async def test_an_audit_outlives_the_program(day: Day) -> None:
    entry = await lost_and_sent_again(day, hours_under_way=0.5)
    day.clock.move(minutes=45)
    await day.restart()
    await look(day, minutes=20)
    assert (await entry_of(day, entry)).is_doubled


async def test_a_clock_that_is_put_forward_does_not_make_an_audit_too_early(day: Day) -> None:
    entry = await lost_and_sent_again(day, hours_under_way=0.9)
    day.clock.jump(days=2)
    before = readings(day)
    await look(day, seconds=1)
    await look(day, minutes=30)
    assert readings(day) == before
    await look(day, minutes=31)
    assert readings(day) == before + 1
    assert (await entry_of(day, entry)).is_doubled


async def test_a_clock_that_was_years_ahead_keeps_no_audit_waiting_for_years(day: Day) -> None:
    entry = await lost_and_sent_again(day, hours_under_way=0.5)
    for days in (900, -900):
        day.clock.jump(days=days)
        await look(day, seconds=1)
    await look(day, minutes=61)
    assert (await entry_of(day, entry)).is_doubled


async def test_an_audit_that_could_not_be_made_is_made_later(day: Day) -> None:
    entry = await lost_and_sent_again(day, hours_under_way=0.5)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.TIMELINE, times=1)
    await look(day, minutes=61)
    assert not (await entry_of(day, entry)).twice
    await look(day, minutes=61)
    assert (await entry_of(day, entry)).is_doubled


async def test_an_audit_that_the_key_may_not_make_is_made_when_the_key_is_mended(day: Day) -> None:
    entry = await lost_and_sent_again(day, hours_under_way=0.5)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.TIMELINE, status=404, times=1)
    await look(day, minutes=61)
    assert not (await entry_of(day, entry)).twice
    await look(day, hours=48)
    assert (await entry_of(day, entry)).is_doubled


async def test_an_audit_that_was_not_made_in_two_weeks_is_given_up(day: Day) -> None:
    await lost_and_sent_again(day, hours_under_way=200)
    day.clock.move(days=15)
    await day.restart()
    before = readings(day)
    await day.ask(hours=1)
    assert readings(day) == before


# What two reads that do not show it mean


async def test_two_reads_mean_what_the_setting_says_at_once(day: Day) -> None:
    order_id = await accepted(day)
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.UPDATE, times=2)
    for certainty, state in (("auto", State.DUE), ("strict", State.NEEDS_PERSON)):
        await day.desk.change_settings(msgspec.structs.replace(day.desk.settings, certainty=certainty))
        if certainty == "auto":
            await day.desk.send_report(order_id, COMPLETE)
        await day.send()
        await day.ask(seconds=190)
        await day.ask(seconds=121)
        entry = await day.entry()
        assert (entry.state, entry.code) == (state, Why.GOES_AGAIN if certainty == "auto" else Why.NOT_SHOWN)


async def test_a_fail_is_never_sent_again_by_itself_whatever_the_setting(day: Day) -> None:
    await day.desk.change_settings(msgspec.structs.replace(day.desk.settings, certainty="auto"))
    await day.walk()
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.fail((await day.ids())[:1], "Unknown postal code")
    await day.send()
    await day.ask(seconds=190)
    await day.ask(seconds=121)
    assert (await day.entry()).state is State.NEEDS_PERSON


# Two desks, one key


def another_desk(day: Day, order_id: OrderId, status: str = "COMPLETE", minutes_ago: float = 30) -> None:
    at = day.clock.now() - timedelta(minutes=minutes_ago)
    row = {"status": status, "location": "DELIVERY", "date": stamp(at), "comment": "At the gate"}
    day.simulator.world.report(order_id, status, "DELIVERY", row)


async def begun(day: Day, draft: Draft) -> OrderId:
    order_id = await accepted(day)
    await day.desk.save_draft(order_id, draft)
    return order_id


async def test_what_another_desk_has_reported_is_asked_about_before_it_is_sent_again(day: Day) -> None:
    order_id = await accepted(day)
    another_desk(day, order_id)
    await day.desk.save_draft(order_id, COMPLETE)
    await day.ask(seconds=1)
    problems = await day.desk.send_report(order_id, COMPLETE)
    assert isinstance(problems, list)
    assert [(problem.code, problem.blocks, dict(problem.values)["status"]) for problem in problems] == [
        ("already_shown", False, "COMPLETE")
    ]
    assert isinstance(await day.desk.send_report(order_id, COMPLETE, frozenset({"already_shown"})), Written)


async def test_without_a_reading_it_is_sent_unasked_also_offline(day: Day) -> None:
    order_id = await accepted(day)
    another_desk(day, order_id)
    day.simulator.stop()
    await day.desk.save_draft(order_id, COMPLETE)
    await day.ask(seconds=1)
    assert isinstance(await day.desk.send_report(order_id, COMPLETE), Written)
    day.simulator.start()


async def test_what_this_desk_said_itself_is_not_asked_about(day: Day) -> None:
    order_id = await accepted(day)
    await day.desk.send_report(order_id, CLOSED)
    await day.send()
    await day.ask(seconds=25)
    assert (await day.entry()).state is State.CONFIRMED
    assert isinstance(await day.desk.send_report(order_id, msgspec.structs.replace(CLOSED, comment="Closed again")), Written)


@pytest.mark.parametrize(("minutes", "asked"), [(60, True), (60 * 6, False)])
async def test_that_nobody_was_there_can_be_said_again_on_another_occasion(day: Day, minutes: float, asked: bool) -> None:
    order_id = await accepted(day)
    another_desk(day, order_id, "NO_ONE_THERE", minutes)
    await day.desk.save_draft(order_id, CLOSED)
    await day.ask(seconds=1)
    written = await day.desk.send_report(order_id, CLOSED)
    assert isinstance(written, list) is asked
    assert not asked or isinstance(written[0], Problem)


async def test_beginning_a_report_costs_one_reading_and_none_when_calls_are_short(day: Day) -> None:
    order_id = await begun(day, COMPLETE)
    before = readings(day)
    for _ in range(5):
        await day.desk.save_draft(order_id, COMPLETE)
        await day.ask(seconds=2)
    assert readings(day) == before + 1
    for _ in range(760):
        day.engine.link.budget.spend(day.clock.monotonic())
    day.clock.move(minutes=11)
    await day.desk.save_draft(order_id, COMPLETE)
    await day.ask(seconds=1)
    assert readings(day) == before + 1


# Strikes


async def strikes(day: Day, order_id: OrderId) -> int:
    return (await day.desk.shipment_lines([order_id]))[0].strikes


async def test_strikes_of_another_desk_count_and_our_own_are_not_counted_twice(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    for _ in range(2):
        day.simulator.world.fail(order_id, "No capacity")
    await day.desk.fail([order_id], "Unknown postal code")
    await day.send()
    assert await strikes(day, order_id) == 1
    await day.ask(seconds=25)
    assert await strikes(day, order_id) == 3
    day.simulator.world.correct(order_id, "Unknown postal code")
    await day.walk()
    written = await day.desk.fail([order_id], "Invalid address")
    assert (await day.desk.story(written.entries[0])).entry.strike == 4
    assert await strikes(day, order_id) == 4
    await day.send()
    await day.ask(seconds=25)
    assert await strikes(day, order_id) == 4


async def test_the_fifth_strike_is_asked_about_whoever_made_the_first_four(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    for _ in range(3):
        day.simulator.world.fail(order_id, "No capacity")
    await day.desk.fail([order_id], "Unknown postal code")
    await day.send()
    await day.ask(seconds=25)
    day.simulator.world.correct(order_id, "Unknown postal code")
    await day.walk()
    assert [each.code for each in (await day.desk.fail([order_id], "Invalid address")).skipped] == ["last_strike"]


# Who did what


async def test_what_a_person_decided_is_in_the_log_with_who_and_when(day: Day) -> None:
    entry = await lost_and_sent_again(day, hours_under_way=0.5)
    story = await day.desk.story(entry.id)
    assert [(done.deed, done.by, done.desk) for done in story.done] == [(Deed.SEND_AGAIN, "Kari", "front")]
    await look(day, minutes=61)
    await day.desk.see_twice(entry.id)
    assert [done.deed for done in (await day.desk.story(entry.id)).done] == [Deed.SEND_AGAIN, Deed.SEEN]


async def test_the_timeline_tells_whose_each_event_is(day: Day) -> None:
    order_id = await accepted(day)
    another_desk(day, order_id, "NO_ONE_THERE")
    await day.desk.send_report(order_id, COMPLETE)
    await day.send()
    await day.ask(seconds=25)
    timeline = await day.desk.timeline(order_id)
    entry = await day.entry()
    assert timeline.read_at == day.clock.now()
    assert [(shown.event.status, shown.entry) for shown in timeline.shown if shown.event.status] == [
        ("NO_ONE_THERE", None),
        ("COMPLETE", entry.id),
    ]


# An unreadable row that stays in the export


LOST = {
    "orderId": None,
    "delivery": {"name": "Somebody whose order has lost its number", "address": {"postalCode": "5003", "city": "Bergen"}},
}


async def test_a_row_that_never_can_be_read_keeps_nobody_else_open(day: Day) -> None:
    stray = day.simulator.world.orders[day.simulator.world.waiting()[-1]]
    stray.shipment.clear()
    stray.shipment.update(LOST)
    await day.walk()
    accept, gone = (await day.ids())[:2]
    await day.desk.accept([accept])
    await day.send()
    day.simulator.world.withdraw(gone)
    for _ in range(2):
        day.clock.move(minutes=1)
        await day.walk()
    assert (await day.entry()).state is State.CONFIRMED
    assert (await day.desk.shipment_lines([gone]))[0].phase is Phase.GONE


async def test_an_order_that_may_be_the_unreadable_row_is_not_taken_for_gone(day: Day) -> None:
    """It was not received, and from the next walk on nobody can read whose row it is: nothing says that it is gone."""
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.accept([order_id])
    await day.send()
    shipment = day.simulator.world.orders[order_id].shipment
    shipment["orderId"] = None
    for _ in range(4):
        day.clock.move(minutes=2)
        await day.walk()
    assert (await day.entry()).state is State.UNCLEAR
    shipment["orderId"] = order_id
    await day.walk()
    assert (await day.entry()).state is State.DUE


@pytest.mark.parametrize("row", [None, {}, {"orderId": 2**64}])
async def test_a_row_that_says_nothing_may_be_any_order(day: Day, row: object) -> None:
    stray = day.simulator.world.orders[day.simulator.world.waiting()[-1]]
    stray.shipment.clear()
    if isinstance(row, dict):
        stray.shipment.update(row)
    await day.walk()
    gone = (await day.ids())[0]
    day.simulator.world.withdraw(gone)
    for _ in range(3):
        day.clock.move(minutes=1)
        await day.walk()
    assert (await day.desk.shipment_lines([gone]))[0].phase is Phase.NEW


# The limit


async def test_the_settings_test_button_respects_the_limit_of_the_open_account(day: Day) -> None:
    day.simulator.faults.add(Fault.LIMIT, times=1, seconds=120)
    await day.walk()
    calls = len(day.simulator.ledger.requests())
    with pytest.raises(LinkError) as refused:
        await day.desk.test_account(day.simulator.base_url, day.simulator.key)
    assert refused.value.code is LinkCode.LIMIT
    assert len(day.simulator.ledger.requests()) == calls


async def test_desks_that_share_a_key_do_not_all_come_back_in_the_same_moment(day: Day) -> None:
    waits = []
    for chance in (0.0, 0.5):
        day.engine.link.chance = lambda chance=chance: chance  # type: ignore[misc]
        day.simulator.faults.add(Fault.LIMIT, endpoint=Endpoint.EXPORT, times=1, seconds=600)
        await day.walk()
        until = day.engine.link.closed_until(Line.EXPORT)
        assert until is not None
        waits.append((until - day.clock.now()).total_seconds())
        day.clock.move(hours=1)
    assert waits == pytest.approx([600, 630])


@pytest.mark.parametrize(("asked", "waited"), [(1, 60), (600, 600), (86400, 3600)])
async def test_a_limit_is_kept_for_a_minute_at_least_and_an_hour_at_most(day: Day, asked: float, waited: float) -> None:
    day.engine.link.chance = lambda: 0.0
    day.simulator.faults.add(Fault.LIMIT, endpoint=Endpoint.EXPORT, times=1, seconds=asked)
    await day.walk()
    for endpoint in Line:
        until = day.engine.link.closed_until(endpoint)
        assert until is not None
        assert (until - day.clock.now()).total_seconds() == pytest.approx(waited, abs=0.01)


async def test_the_same_key_entered_once_more_does_not_end_the_wait(day: Day) -> None:
    day.simulator.faults.add(Fault.LIMIT, times=1, seconds=600)
    await day.walk()
    calls = len(day.simulator.ledger.requests())
    await day.desk.replace_key(day.simulator.key, keep_key=False)
    await day.walk()
    assert len(day.simulator.ledger.requests()) == calls


async def test_more_desks_on_the_key_count_at_once(day: Day) -> None:
    await day.desk.change_settings(msgspec.structs.replace(day.desk.settings, desks_on_key=4))
    assert (await day.desk.status()).calls_limit == 250


async def test_calls_that_a_clock_ahead_has_stamped_count_when_it_is_set_back_while_the_program_is_closed(day: Day) -> None:
    await day.walk()
    left = (await day.desk.status()).calls_left
    day.clock.jump(hours=-5)
    await day.restart()
    assert (await day.desk.status()).calls_left <= left
