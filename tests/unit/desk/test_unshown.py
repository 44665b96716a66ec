"""What Zendera answered and never shows is put before a person, who settles it; it is never sent a second time."""

import pytest

from support.day import Day
from unit.desk.test_hardening import accepted, report
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.outbox import Decision, Deed, Entry, State, Why
from zendera_desk.domain.views import View
from zendera_desk.engine.retry import LOOKS
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault


async def never_shown(day: Day) -> Entry:
    """A report that Zendera took, and that its timeline did not show in any look of a day."""
    ids = await accepted(day)
    day.simulator.faults.add(Fault.STALE, endpoint=Endpoint.TIMELINE, times=None, seconds=10_000_000)
    entry = await report(day, ids[0])
    await day.send()
    for before, after in zip((LOOKS[0], *LOOKS), LOOKS, strict=False):
        await day.ask(seconds=max(after - before, LOOKS[0]).total_seconds() + 1)
    found = (await day.desk.story(entry.id)).entry
    assert (found.state, found.code) == (State.SENT, Why.NO_EVIDENCE)
    return found


async def test_what_zendera_does_not_show_for_a_day_waits_for_a_person(day: Day) -> None:
    entry = await never_shown(day)
    assert (await day.desk.status()).unshown == 1
    assert await day.ids(View.NEEDS_ME) == [entry.order_id]
    (line,) = [line for line in await day.desk.outbox() if line.entry.id == entry.id]
    assert line.timeline is not None
    assert line.timeline.read_at is not None


@pytest.mark.parametrize(("decision", "state", "left"), [(Decision.ARRIVED, State.CONFIRMED, False), (Decision.DROP, State.DROPPED, True)])
async def test_a_persons_word_settles_it_for_good_and_nothing_more_is_sent(day: Day, decision: Decision, state: State, left: bool) -> None:
    entry = await never_shown(day)
    await day.desk.decide(entry.id, decision)
    await day.restart()
    await day.send(hours=1)
    await day.ask(hours=25)
    story = await day.desk.story(entry.id)
    assert story.entry.state is state
    assert [done.deed for done in story.done] == [Deed(decision)]
    assert story.done[0].by == day.desk.settings.made_by
    assert (await day.desk.status()).unshown == 0
    assert not await day.ids(View.NEEDS_ME)
    assert (await day.ids(View.TO_REPORT) == [entry.order_id]) is left
    assert len(day.simulator.ledger.applied(kind="report")) == 1


async def test_a_second_click_and_sending_again_are_turned_away(day: Day) -> None:
    entry = await never_shown(day)
    with pytest.raises(DeskError, match="decided_already"):
        await day.desk.decide(entry.id, Decision.SEND_AGAIN)
    await day.desk.decide(entry.id, Decision.ARRIVED)
    with pytest.raises(DeskError, match="decided_already"):
        await day.desk.decide(entry.id, Decision.DROP)
    assert len((await day.desk.story(entry.id)).done) == 1
