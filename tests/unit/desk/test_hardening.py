"""What a bad day does to the desk: races, clocks that jump, a disk that fails, refusals that come back, endpoints that close.

Each of these was found by asking of each step what a crash or a lost answer there would do, and was red before it was mended.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from support.day import Day
from zendera_desk.api.client import Hook, ZenderaClient
from zendera_desk.domain.errors import DeskError, LinkCode, LinkError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Decision, Entry, Kind, State, Why
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Account, Connection, View, Written
from zendera_desk.engine import intake, retry
from zendera_desk.engine.budget import Purpose
from zendera_desk.engine.link import Endpoint as Line
from zendera_desk.engine.link import Waiting
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.store import outbox
from zendera_desk.store.database import Connection as Sql

COMPLETE = Draft(time="1030", signee="Ola Nordmann", comment="At the front desk")
CLOSED = Draft(time="1030", status=Status.NO_ONE_THERE, comment="Closed")


async def accepted(day: Day, count: int = 1) -> list[OrderId]:
    await day.walk()
    ids = (await day.ids(View.TO_ACCEPT))[:count]
    await day.desk.accept(ids)
    await day.send()
    return ids


async def report(day: Day, order_id: OrderId, draft: Draft = COMPLETE) -> Entry:
    written = await day.desk.send_report(order_id, draft)
    assert isinstance(written, Written), written
    assert written.entries, written
    return (await day.desk.story(written.entries[0])).entry


async def state_of(day: Day, entry: Entry) -> State:
    return (await day.desk.story(entry.id)).entry.state


async def until(condition: Callable[[], bool]) -> None:
    """The simulator lives in a thread of its own: there is no event to wait for."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def until_state(day: Day, entry: Entry, state: State) -> None:
    changed = asyncio.Event()
    end = day.desk.changes.subscribe(lambda _change: changed.set())
    async with asyncio.timeout(5):
        while await state_of(day, entry) is not state:
            await changed.wait()
            changed.clear()
    end()


def sent_to(day: Day, endpoint: Endpoint) -> int:
    return len(day.simulator.ledger.requests(endpoint))


async def in_sql(day: Day, *statements: str, **values: int) -> None:
    def run(conn: Sql) -> None:
        for statement in statements:
            conn.execute(statement, values if ":" in statement else {})

    await day.desk._database.write(run)


# Loops: none spins, and each is woken by what the others find out


async def test_an_entry_behind_an_unclear_one_does_not_make_the_outbox_spin(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.faults.add(Fault.APPLY_CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.accept([order_id])
    await report(day, order_id)
    await day.send()
    assert [entry.state for entry in await day.entries()] == [State.UNCLEAR, State.DUE]
    due = await day.engine.outbox.step(day.clock.now())
    assert due is None or due > day.clock.now()


async def test_a_closing_outbox_does_not_spin(day: Day) -> None:
    await day.walk()
    await day.desk.accept((await day.ids())[:1])
    day.clock.move(seconds=11)
    await day.engine.outbox.settle()
    due = await day.engine.outbox.step(day.clock.now())
    assert due is None or due > day.clock.now()
    assert not sent_to(day, Endpoint.STATUS)


async def test_what_was_sent_and_is_unclear_is_asked_about_by_itself(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outbox wakes the questions, the questions wake the outbox: nobody clicks."""
    ids = await accepted(day)
    monkeypatch.setattr(retry, "SETTLE", timedelta(0))
    monkeypatch.setattr(intake, "SETTLE", timedelta(0))
    day.simulator.faults.add(Fault.APPLY_CLOSE, endpoint=Endpoint.UPDATE, times=1)
    entry = await report(day, ids[0])
    day.desk.go_online()
    await until(lambda: day.desk.engine is not None and bool(day.engine.intake.next_at))
    day.clock.move(seconds=11)
    day.engine._loops["outbox"].wake()  # as its own clock would at the end of the hold
    await until_state(day, entry, State.CONFIRMED)


async def test_an_accept_that_did_not_arrive_goes_out_again_by_itself(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "SETTLE", timedelta(0))
    monkeypatch.setattr(intake, "SETTLE", timedelta(0))
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.accept([order_id])
    await day.send()
    assert (await day.entry()).state is State.UNCLEAR
    day.clock.move(seconds=1)
    day.desk.go_online()
    await until(lambda: bool(day.simulator.ledger.applied(order_id)))


async def test_the_waiting_between_tries_grows_while_nothing_gets_through(day: Day) -> None:
    await day.walk()
    await day.desk.accept((await day.ids())[:1])
    day.clock.move(seconds=11)
    day.simulator.stop()
    waits = []
    for _ in range(16):
        due = await day.engine.outbox.step(day.clock.now())
        assert due is not None
        waits.append(due - day.clock.now())
        day.clock.move(seconds=waits[-1].total_seconds())
    assert max(waits) > timedelta(seconds=60)
    assert max(waits) <= timedelta(minutes=10)
    assert min(waits) >= timedelta(milliseconds=500)


# What a person does twice, or at the wrong moment


async def test_pressing_accept_twice_accepts_once(day: Day) -> None:
    await day.walk()
    ids = (await day.ids())[:1]
    first, second = await asyncio.gather(day.desk.accept(ids), day.desk.accept(ids))
    assert len(first.entries) + len(second.entries) == 1
    assert [skipped.code for skipped in (*first.skipped, *second.skipped)] == ["already_on_its_way"]


async def test_pressing_fail_twice_is_one_strike(day: Day) -> None:
    await day.walk()
    ids = (await day.ids())[:1]
    await asyncio.gather(day.desk.fail(ids, "No capacity"), day.desk.fail(ids, "No capacity"))
    await day.send()
    assert len(day.simulator.ledger.applied(kind="fail")) == 1


async def test_pressing_send_twice_sends_the_form_once(day: Day) -> None:
    ids = await accepted(day)
    first, second = await asyncio.gather(day.desk.send_report(ids[0], COMPLETE), day.desk.send_report(ids[0], COMPLETE))
    assert isinstance(first, Written)
    assert isinstance(second, Written)
    assert len(first.entries) + len(second.entries) == 1
    assert [skipped.code for skipped in (*first.skipped, *second.skipped)] == ["already_on_its_way"]


async def test_deciding_twice_sends_once(day: Day) -> None:
    """The second click on "Send again" may come while the first one's bytes are on the wire."""
    ids = await accepted(day)
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.UPDATE, times=1)
    entry = await report(day, ids[0])
    await day.send()
    await day.ask(seconds=190)
    await day.ask(seconds=121)
    await day.desk.decide(entry.id, Decision.SEND_AGAIN)
    await day.desk._database.write(outbox.begin, [entry.id], day.clock.now())
    with pytest.raises(DeskError, match="decided_already"):
        await day.desk.decide(entry.id, Decision.SEND_AGAIN)
    assert await state_of(day, entry) is State.SENDING


@pytest.mark.parametrize("decision", Decision)
async def test_nobody_decides_about_what_is_still_being_asked(day: Day, decision: Decision) -> None:
    ids = await accepted(day)
    day.simulator.faults.add(Fault.APPLY_CLOSE, endpoint=Endpoint.UPDATE, times=1)
    entry = await report(day, ids[0])
    await day.send()
    with pytest.raises(DeskError, match="decided_already"):
        await day.desk.decide(entry.id, decision)
    assert await state_of(day, entry) is State.UNCLEAR


async def test_an_accept_is_not_taken_back_from_under_its_report(day: Day) -> None:
    """The report would go out first, about an order that Zendera still offers."""
    await day.walk()
    order_id = (await day.ids())[0]
    accept = (await day.desk.accept([order_id])).entries
    reported = await report(day, order_id)
    assert await day.desk.take_back(accept) == []
    assert sorted(await day.desk.take_back([*accept, reported.id])) == [order_id, order_id]
    await day.send()
    assert not day.simulator.ledger.applied()


async def test_taking_back_while_the_connection_is_being_made_sends_nothing(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    await day.walk()
    written = await day.desk.accept((await day.ids())[:2])
    acknowledge = ZenderaClient.acknowledge

    async def take_back_first(client: ZenderaClient, payload: bytes, begin: Hook) -> None:
        await day.desk.take_back(written.entries[:1])
        await acknowledge(client, payload, begin)

    monkeypatch.setattr(ZenderaClient, "acknowledge", take_back_first)
    await day.send()
    assert [entry.state for entry in await day.entries()] == [State.TAKEN_BACK, State.SENT]
    assert len(day.simulator.ledger.applied()) == 1


# A disk that fails, a row that is damaged


async def test_bookkeeping_that_fails_does_not_hide_what_zendera_answered(day: Day) -> None:
    await in_sql(day, "drop table call")
    await day.walk()
    assert await day.ids()


async def test_what_cannot_be_marked_together_with_its_call_does_not_leave(day: Day) -> None:
    await day.walk()
    await day.desk.accept((await day.ids())[:1])
    await in_sql(day, "create trigger jam before insert on call begin select raise(fail, 'jam'); end")
    await day.send()
    assert (await day.entry()).state is State.DUE
    assert not day.simulator.ledger.applied()
    await in_sql(day, "drop trigger jam")
    await day.send(minutes=5)
    assert (await day.entry()).state is State.SENT


@pytest.mark.expected_log("could not be noted")
async def test_an_outcome_that_could_not_be_written_is_written_later(day: Day) -> None:
    ids = await accepted(day)
    entry = await report(day, ids[0])
    await in_sql(day, "create trigger jam before update of state on entry when new.state = 'sent' begin select raise(abort, 'jam'); end")
    with pytest.raises(Exception, match="jam"):
        await day.send()
    assert await state_of(day, entry) is State.SENDING
    await in_sql(day, "drop trigger jam")
    await day.send(seconds=5)
    assert await state_of(day, entry) is State.SENT
    assert len(day.simulator.ledger.applied(kind="report")) == 1


@pytest.mark.expected_log("is damaged")
async def test_a_damaged_payload_is_never_sent_and_holds_up_nothing_else(day: Day) -> None:
    await day.walk()
    ids = (await day.ids())[:2]
    written = await day.desk.accept(ids)
    await in_sql(day, "drop trigger entry_frozen", "update entry set payload = x'7b7d' where id = :id", id=written.entries[0])
    await day.send()
    damaged, sent = await day.entries()
    assert (damaged.state, damaged.code) == (State.REFUSED, "damaged")
    assert sent.state is State.SENT
    assert [applied.order_id for applied in day.simulator.ledger.applied()] == [ids[1]]


# Clocks


async def test_a_clock_that_jumps_ahead_does_not_cut_the_settling_short(day: Day) -> None:
    ids = await accepted(day)
    day.simulator.faults.add(Fault.LATE, endpoint=Endpoint.UPDATE, times=1, seconds=100_000)
    entry = await report(day, ids[0])
    await day.send()
    day.clock.jump(minutes=20)
    await day.ask(seconds=1)
    assert not sent_to(day, Endpoint.TIMELINE)
    await day.ask(seconds=181)
    assert sent_to(day, Endpoint.TIMELINE) == 1
    day.clock.jump(minutes=20)
    await day.ask(seconds=1)
    assert sent_to(day, Endpoint.TIMELINE) == 1
    await day.ask(seconds=181)
    assert await state_of(day, entry) is State.UNCLEAR


async def test_a_clock_that_jumps_ahead_does_not_let_a_walk_decide_too_early(day: Day) -> None:
    await day.walk()
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.accept((await day.ids())[:1])
    await day.send()
    day.clock.jump(minutes=20)
    await day.walk()
    assert (await day.entry()).state is State.UNCLEAR
    day.clock.move(seconds=181)
    await day.walk()
    assert (await day.entry()).state is State.DUE


async def test_a_clock_that_jumps_ahead_does_not_cut_a_hold_short(day: Day) -> None:
    await day.walk()
    await day.desk.accept((await day.ids())[:1])
    day.clock.jump(minutes=20)
    await day.send(seconds=1)
    assert (await day.entry()).state is State.HELD
    await day.send()
    assert (await day.entry()).state is State.SENT


async def test_a_clock_that_was_years_ahead_keeps_nothing_waiting_for_years(day: Day) -> None:
    ids = await accepted(day, 4)
    day.clock.jump(days=3650)
    await day.send(seconds=1)
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.UPDATE, times=1)
    unclear = await report(day, ids[0])
    await day.send()
    assert await state_of(day, unclear) is State.UNCLEAR
    day.simulator.stop()
    waiting = await report(day, ids[1])
    await day.send()
    held = await report(day, ids[2])
    day.clock.jump(days=-3650)
    day.simulator.start()
    await day.send(seconds=1)  # the jump is seen
    await day.send(seconds=15)
    assert [await state_of(day, entry) for entry in (waiting, held)] == [State.SENT, State.SENT]
    await day.ask(seconds=200)
    await day.ask(seconds=130)
    assert await state_of(day, unclear) is State.NEEDS_PERSON


async def test_an_accept_settles_afresh_after_a_restart(day: Day) -> None:
    await day.walk()
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.accept((await day.ids())[:1])
    await day.send()
    day.clock.move(hours=1)
    await day.restart()
    await day.walk()
    assert (await day.entry()).state is State.UNCLEAR
    day.clock.move(seconds=181)
    await day.walk()
    assert (await day.entry()).state is State.DUE


async def test_an_accept_that_no_walk_could_decide_in_a_day_is_a_persons(day: Day) -> None:
    await day.walk()
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.accept((await day.ids())[:1])
    await day.send()
    await day.ask(hours=23)
    assert (await day.entry()).state is State.UNCLEAR
    await day.ask(hours=2)
    assert ((await day.entry()).state, (await day.entry()).code) == (State.NEEDS_PERSON, Why.CANNOT_READ)


# Unclear, again and again


async def test_the_second_unclear_time_is_read_twice_afresh(day: Day) -> None:
    """What was read about the first time must not count as the first of the two reads."""
    ids = await accepted(day)
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.UPDATE, times=2)
    entry = await report(day, ids[0])
    await day.send()
    await day.ask(seconds=190)
    await day.ask(seconds=121)
    await day.desk.decide(entry.id, Decision.SEND_AGAIN)
    await day.send(seconds=1)
    assert await state_of(day, entry) is State.UNCLEAR
    await day.ask(seconds=190)
    await day.desk.retry(entry.id)
    await day.ask(seconds=1)
    assert await state_of(day, entry) is State.UNCLEAR


async def test_an_accept_that_is_refused_after_it_was_unclear_ends_with_a_person(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.STATUS, times=1, status=500)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.STATUS, times=None, status=422)
    await day.desk.accept([order_id])
    await day.send()
    for _ in range(4):
        day.clock.move(seconds=190)
        await day.walk()
        await day.send(seconds=1)
    entry = await day.entry()
    assert (entry.state, entry.code) == (State.NEEDS_PERSON, "refused")
    assert entry.answer
    assert sent_to(day, Endpoint.STATUS) == 2


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
async def test_a_refusal_after_an_unclear_try_may_mean_that_it_is_done_already(day: Day, status: int) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.faults.add(Fault.LATE, endpoint=Endpoint.STATUS, times=1, seconds=185)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.STATUS, times=1, status=status)
    await day.desk.accept([order_id])
    await day.send()
    day.clock.move(seconds=181)
    await day.walk()
    day.clock.move(seconds=10)
    day.simulator.world.advance()
    await day.send(seconds=1)
    day.clock.move(seconds=181)
    await day.walk()
    assert (await day.entry()).state is State.CONFIRMED


async def test_a_refused_batch_that_was_applied_in_part_ends_as_what_it_was(day: Day) -> None:
    day.simulator.zendera.whole_batches = True
    await day.walk()
    day.simulator.faults.add(Fault.APPLY_ERROR, endpoint=Endpoint.STATUS, times=1, status=422)
    await day.desk.accept((await day.ids())[:2])
    await day.send()
    day.clock.move(seconds=185)
    await day.walk()
    assert {entry.state for entry in await day.entries()} == {State.CONFIRMED}


async def test_all_unclear_reports_ask_a_person_at_once_when_the_key_may_not_read(day: Day) -> None:
    ids = await accepted(day, 3)
    day.simulator.faults.add(Fault.APPLY_CLOSE, endpoint=Endpoint.UPDATE, times=3)
    for order_id in ids:
        await report(day, order_id)
    await day.send()
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.TIMELINE, times=None, status=403)
    await day.ask(seconds=190)
    reports = [entry for entry in await day.entries() if entry.kind is Kind.REPORT]
    assert {(entry.state, entry.code) for entry in reports} == {(State.NEEDS_PERSON, Why.MAY_NOT_READ)}
    assert sent_to(day, Endpoint.TIMELINE) == 1


@pytest.mark.expected_log("could not be noted")
async def test_what_the_feed_said_before_the_answer_counts_when_it_is_looked_for(day: Day) -> None:
    ids = await accepted(day)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.TIMELINE, times=None, status=404)
    await in_sql(day, "create trigger jam before update of state on entry when new.state = 'sent' begin select raise(abort, 'jam'); end")
    entry = await report(day, ids[0])
    with pytest.raises(Exception, match="jam"):
        await day.send()
    await day.tail(seconds=1)
    await in_sql(day, "drop trigger jam")
    await day.send(seconds=1)
    assert await state_of(day, entry) is State.SENT
    await day.ask(seconds=25)
    assert await state_of(day, entry) is State.CONFIRMED


# Limits and closed endpoints


async def test_a_batch_that_met_the_limit_goes_out_as_a_batch_again(day: Day) -> None:
    await day.walk()
    day.simulator.faults.add(Fault.LIMIT, endpoint=Endpoint.STATUS, times=1, seconds=60)
    await day.desk.accept((await day.ids())[:4])
    await day.send()
    await day.send(seconds=120)
    assert {entry.state for entry in await day.entries()} == {State.SENT}
    assert sent_to(day, Endpoint.STATUS) == 2


async def test_a_sent_entry_does_not_keep_the_status_of_an_earlier_refusal(day: Day) -> None:
    await day.walk()
    day.simulator.faults.add(Fault.LIMIT, endpoint=Endpoint.STATUS, times=1, seconds=60)
    await day.desk.accept((await day.ids())[:1])
    await day.send()
    assert (await day.entry()).http_status == 429
    await day.send(seconds=120)
    entry = await day.entry()
    assert (entry.state, entry.code, entry.http_status, entry.answer) == (State.SENT, "", None, "")


async def test_a_hold_ends_in_time_while_another_endpoint_is_closed(day: Day) -> None:
    first, second = await accepted(day, 2)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.UPDATE, times=None, status=403)
    await report(day, first)
    await day.send()
    await day.send(seconds=5)
    await day.walk()
    held = (await day.desk.accept((await day.ids(View.TO_ACCEPT))[:1])).held_until
    due = await day.engine.outbox.step(day.clock.now())
    assert due == held
    await report(day, second)
    await day.send()
    assert (await day.entries())[-2].state is State.SENT


async def test_many_reports_that_may_not_go_do_not_keep_accepts_from_going(day: Day) -> None:
    day.simulator.world.add_shipments(60)
    ids = await accepted(day, 60)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.UPDATE, times=None, status=403)
    await report(day, ids[0])
    await day.send()
    for order_id in ids[1:55]:
        await report(day, order_id)
    await day.send()
    await day.send(seconds=1)
    more = (await day.ids(View.TO_ACCEPT))[:1]
    await day.desk.accept(more)
    await day.send()
    assert day.simulator.ledger.applied(more[0])
    assert sent_to(day, Endpoint.UPDATE) == 1


async def test_an_answer_that_was_under_way_does_not_end_the_wait_of_a_limit(day: Day) -> None:
    await day.walk()
    day.simulator.faults.add(Fault.SLOW, endpoint=Endpoint.FEED, times=1, seconds=0.3)
    day.simulator.faults.add(Fault.LIMIT, endpoint=Endpoint.EXPORT, times=1, seconds=600)
    tail = asyncio.ensure_future(day.tail(seconds=1))
    await until(lambda: not any(fault.kind is Fault.SLOW for fault in day.simulator.faults.ordered()))
    await day.walk()
    await tail
    assert (await day.desk.status()).connection is Connection.LIMITED
    calls = len(day.simulator.ledger.requests())
    await day.walk()
    assert len(day.simulator.ledger.requests()) == calls


async def test_an_outage_costs_no_calls(day: Day) -> None:
    await day.walk()
    left = day.engine.link.calls_left()
    day.simulator.stop()
    await day.desk.accept((await day.ids())[:1])
    for _ in range(20):
        await day.tail(seconds=10)
    assert day.engine.link.calls_left() == left


async def test_a_limit_is_kept_when_several_call_at_once(day: Day) -> None:
    await day.walk()
    budget, now = day.engine.link.budget, day.clock.monotonic()
    while budget.left(now) > 1:
        budget.spend(now)
    day.engine.link._retire()
    calls = len(day.simulator.ledger.requests())
    one = day.engine.link.call(Line.REPORT, lambda client: client.feed_page(since=day.clock.now()))
    two = day.engine.link.call(Line.REPORT, lambda client: client.feed_page(since=day.clock.now()))
    results = await asyncio.gather(one, two, return_exceptions=True)
    assert sum(isinstance(result, Waiting) for result in results) == 1
    assert len(day.simulator.ledger.requests()) == calls + 1
    assert budget.free_at(Purpose.SEND, now) is not None


# The line


async def test_parts_that_start_together_share_one_client(day: Day) -> None:
    opened = []
    open_client = day.engine.link._open_client

    async def counting(*given: object) -> ZenderaClient:
        opened.append(given)
        await asyncio.sleep(0)
        return await open_client(*given)  # type: ignore[arg-type]

    day.engine.link._open_client = counting  # type: ignore[assignment]
    await asyncio.gather(day.walk(), day.tail(seconds=0))
    assert len(opened) == 1


async def test_another_key_does_not_make_a_send_unclear_that_is_under_way(day: Day) -> None:
    ids = await accepted(day)
    entry = await report(day, ids[0])
    day.simulator.faults.add(Fault.SLOW, endpoint=Endpoint.UPDATE, times=1, seconds=0.3)
    sending = asyncio.ensure_future(day.send())
    await until(lambda: bool(day.simulator.ledger.applied(kind="report")))
    await day.desk.replace_key(day.simulator.key, keep_key=False)
    await sending
    assert await state_of(day, entry) is State.SENT


async def test_a_client_that_cannot_be_made_is_said_in_the_status_line(day: Day) -> None:
    async def unusable(*_given: object) -> ZenderaClient:
        raise LinkError(LinkCode.PROXY, words="the system's proxy setting cannot be read")

    day.engine.link._open_client = unusable
    await day.walk()
    status = await day.desk.status()
    assert (status.connection, status.code) == (Connection.TROUBLE, "proxy")


async def test_an_address_that_answers_not_found_is_no_quiet_start(day: Day) -> None:
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.EXPORT, times=None, status=404)
    await day.walk()
    assert (await day.desk.status()).connection is Connection.TROUBLE


async def test_an_account_whose_key_is_missing_leaves_no_other_account_running(day: Day) -> None:
    other = Account(id=day.desk.account.id.__class__("other"), name="Other", base_url=day.simulator.base_url)  # type: ignore[union-attr]
    with pytest.raises(DeskError):
        await day.desk.open_stored_account(other)
    assert day.desk.engine is None


async def test_closing_waits_until_the_answer_is_written_down(day: Day) -> None:
    ids = await accepted(day)
    entry = await report(day, ids[0])
    day.simulator.faults.add(Fault.SLOW, endpoint=Endpoint.UPDATE, times=1, seconds=0.3)
    sending = asyncio.ensure_future(day.send())
    await until(lambda: bool(day.simulator.ledger.applied(kind="report")))
    await day.engine.outbox.settle()
    assert await state_of(day, entry) is State.SENT
    await sending


async def test_a_send_that_is_cancelled_is_unclear_before_the_cancelling_returns(day: Day) -> None:
    ids = await accepted(day)
    entry = await report(day, ids[0])
    day.simulator.faults.add(Fault.SLOW, endpoint=Endpoint.UPDATE, times=1, seconds=0.4)
    sending = asyncio.ensure_future(day.send())
    await until(lambda: bool(day.simulator.ledger.applied(kind="report")))
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await state_of(day, entry) is State.UNCLEAR


# Feeds


async def test_a_feed_that_gives_the_same_page_for_ever_does_not_burn_the_budget(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.world.move(order_id, 0, "PICKUP", "COMPLETED")
    await day.tail(seconds=1)
    pages = [await day.engine.link.call(Line.FEED, lambda client: client.feed_page(since=day.clock.now() - timedelta(days=1)))]
    client = day.engine.link._client
    asked = []

    async def same(**given: object) -> object:
        asked.append(given)
        page = pages[0]
        return type(page)(changes=page.changes, token=f"turn-{len(asked) % 2}", has_next=True)

    client.feed_page = same  # type: ignore[union-attr, method-assign, assignment]
    due = await day.engine.tail.step(day.clock.move(seconds=20))
    assert due > day.clock.now() + timedelta(seconds=5)


async def test_a_change_from_the_future_does_not_hide_what_comes_after_a_refused_token(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.world.move(order_id, 0, "PICKUP", "COMPLETED")
    await day.tail(seconds=5)
    await in_sql(
        day,
        """insert into feed_change (account, at, status, status_word, original, received_at)
        select account, :far, 'PENDING', 'PENDING', x'00', 1 from feed_cursor""",
        far=4_000_000_000_000,
    )
    day.simulator.faults.add(Fault.REFUSED_TOKEN, times=1)
    await day.tail(seconds=20)
    since = int(dict(part.split("=") for part in day.simulator.ledger.requests(Endpoint.FEED)[-1].query.split("&"))["since"])
    assert since < day.clock.now().timestamp() * 1000


async def test_a_walk_that_never_comes_to_an_end_says_nothing_about_who_is_gone(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    day.simulator.world.add_shipments(100)
    await day.walk()
    everyone = await day.ids()
    monkeypatch.setattr(intake, "MOST_PAGES", 1)
    for _ in range(3):
        day.clock.move(minutes=1)
        await day.walk()
    assert {line.phase.value for line in await day.desk.shipment_lines(everyone)} == {"new"}


async def test_two_reports_of_one_minute_are_told_apart_when_zendera_keeps_seconds_only(day: Day) -> None:
    """The first is on the timeline; the second, unclear and never arrived, must not be taken for it."""
    ids = await accepted(day)
    again = Draft(time="1030", status=Status.NO_ONE_THERE, comment="Closed, still", stop=StopKind.DELIVERY)
    first = await report(day, ids[0], CLOSED)
    await day.send()
    await day.ask(seconds=25)
    assert await state_of(day, first) is State.CONFIRMED
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.UPDATE, times=1)
    second = await report(day, ids[0], again)
    await day.send()
    assert second.event_at is not None
    assert second.event_at.microsecond == 1000
    await day.ask(seconds=190)
    await day.ask(seconds=121)
    assert await state_of(day, second) is State.NEEDS_PERSON


async def test_a_quantity_beyond_all_reason_does_not_spoil_its_page(day: Day) -> None:
    orders = day.simulator.world.orders
    odd = day.simulator.world.waiting()[0]
    orders[odd].shipment["parcels"][0]["quantity"] = 10**40
    await day.walk()
    assert sorted(await day.ids()) == sorted(day.simulator.world.waiting())
