"""What does not come to an end by itself is put before a person, and what could not be read is not counted as absent."""

import json

import pytest

from support.day import Day
from unit.desk.test_hardening import COMPLETE, accepted, report, sent_to, state_of
from zendera_desk.api import wire
from zendera_desk.api.values import WireError
from zendera_desk.domain.outbox import MOST_TRIES, Kind, State, Why
from zendera_desk.engine.verify import FRESH
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault


async def test_a_look_that_failed_after_a_weekend_does_not_say_that_zendera_showed_nothing(day: Day) -> None:
    ids = await accepted(day)
    entry = await report(day, ids[0])
    await day.send()
    assert await state_of(day, entry) is State.SENT
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.TIMELINE, times=1, status=500)
    await day.ask(hours=64)
    waiting = (await day.desk.story(entry.id)).entry
    assert (waiting.state, waiting.code) == (State.SENT, "")
    await day.ask(hours=1, minutes=1)
    assert await state_of(day, entry) is State.CONFIRMED


async def test_a_timeline_that_may_not_be_read_is_not_read_for_ever_and_is_not_called_empty(day: Day) -> None:
    ids = await accepted(day)
    entry = await report(day, ids[0])
    await day.send()
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.TIMELINE, times=None, status=404)
    for _ in range(5):
        await day.ask(hours=25)
    looked = (await day.desk.story(entry.id)).entry
    assert (looked.state, looked.code) == (State.SENT, Why.MAY_NOT_READ)
    assert sent_to(day, Endpoint.TIMELINE) == 1


async def test_typing_asks_an_unreadable_timeline_once_and_not_with_each_draft(day: Day) -> None:
    ids = await accepted(day)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.TIMELINE, times=None, status=404)
    before = sent_to(day, Endpoint.TIMELINE)
    for letters in range(20):
        await day.desk.save_draft(ids[0], COMPLETE)
        await day.ask(seconds=letters % 2)
    assert sent_to(day, Endpoint.TIMELINE) == before + 1
    await day.desk.save_draft(ids[0], COMPLETE)
    await day.ask(seconds=FRESH.total_seconds())
    assert sent_to(day, Endpoint.TIMELINE) == before + 2


async def test_accepts_that_fail_together_twice_go_one_by_one_and_a_poison_one_ends_with_a_person(day: Day) -> None:
    await day.walk()
    ids = (await day.ids())[:3]
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.STATUS, times=2, status=500)
    await day.desk.accept(ids)
    for _ in range(3):
        await day.send()
        day.clock.move(minutes=4)
        await day.walk()
    assert sent_to(day, Endpoint.STATUS) == 2 + 3
    assert {entry.state for entry in await day.entries()} == {State.CONFIRMED}


async def test_an_accept_that_always_fails_is_not_sent_for_ever(day: Day) -> None:
    await day.walk()
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.STATUS, times=None, status=500)
    await day.desk.accept((await day.ids())[:1])
    for _ in range(MOST_TRIES + 5):
        await day.send(minutes=11)
        day.clock.move(minutes=4)
        await day.walk()
    entry = await day.entry()
    assert (entry.kind, entry.state, entry.attempts) == (Kind.ACCEPT, State.NEEDS_PERSON, MOST_TRIES)
    assert sent_to(day, Endpoint.STATUS) == MOST_TRIES


async def test_an_answer_without_anything_in_it_confirms_no_accept_and_makes_nobody_gone(day: Day) -> None:
    ids = await accepted(day)
    accept = await day.entry()
    assert accept.state is State.SENT
    day.simulator.faults.add(Fault.EMPTY, endpoint=Endpoint.EXPORT, times=3)
    for _ in range(3):
        day.clock.move(minutes=5)
        await day.walk()
    assert await state_of(day, accept) is State.SENT
    day.clock.move(minutes=5)
    await day.walk()
    assert await state_of(day, accept) is State.CONFIRMED
    assert ids


@pytest.mark.parametrize("said", [{"hasNextPage": True}, {"totalPages": 2}, {"totalPages": "3"}])
def test_a_part_of_a_timeline_is_not_taken_for_the_whole(said: dict[str, object]) -> None:
    whole = {"updates": [{"status": "COMPLETE", "location": "DELIVERY"}], "page": 1, "totalPages": 1, "hasNextPage": False}
    assert len(wire.read_timeline(json.dumps(whole).encode())) == 1
    with pytest.raises(WireError):
        wire.read_timeline(json.dumps(whole | said).encode())
