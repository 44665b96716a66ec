"""The daily loop against the simulator over HTTP: take in, accept, fail, report, watch."""

import asyncio
import json
from collections.abc import Callable

import msgspec
import pytest

from support.day import Day
from zendera_desk.api.transport import Timeouts
from zendera_desk.domain.outbox import Decision, Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Connection, Phase, View, Written
from zendera_desk.engine import outbox as sending
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.store import outbox

COMPLETE = Draft(time="1030", signee="Ola Nordmann", comment="At the front desk")


async def until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not seen():  # noqa: ASYNC110 (what is waited for happens in the simulator's thread)
            await asyncio.sleep(0.01)


async def test_what_zendera_exports_appears_in_the_list(day: Day) -> None:
    await day.walk()
    ids = await day.ids(View.TO_ACCEPT)
    assert sorted(ids) == sorted(day.simulator.world.waiting())
    lines = await day.desk.shipment_lines(ids)
    assert all(line.phase is Phase.NEW and line.delivery_name for line in lines)


async def test_the_open_shipment_has_the_bytes_that_zendera_sent(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    shipment = await day.desk.shipment(order_id)
    page, _total = day.simulator.world.export_page(1, 50)
    sent = next(row for row in page if int(row["orderId"]) == order_id)
    assert json.loads(shipment.original) == sent


async def test_a_burst_of_accepts_goes_out_as_one_call_after_the_hold(day: Day) -> None:
    await day.walk()
    ids = await day.ids()
    await day.desk.accept(ids)
    await day.send(seconds=9)
    assert not day.simulator.ledger.applied()
    await day.send(seconds=2)
    assert {applied.order_id for applied in day.simulator.ledger.applied(kind="accept")} == set(ids)
    assert len(day.simulator.ledger.requests(Endpoint.STATUS)) == 1
    assert {entry.state for entry in await day.entries()} == {State.SENT}


async def test_an_accept_is_confirmed_by_the_next_walk(day: Day) -> None:
    await day.walk()
    await day.desk.accept((await day.ids())[:1])
    await day.send()
    day.clock.move(seconds=1)
    await day.walk()
    assert (await day.entry()).state is State.CONFIRMED


async def test_an_accept_can_be_taken_back_while_it_is_held(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    written = await day.desk.accept([order_id])
    assert await day.desk.take_back(written.entries) == [order_id]
    await day.send()
    assert not day.simulator.ledger.applied()
    assert order_id in await day.ids(View.TO_ACCEPT)


async def test_a_shipment_is_not_accepted_twice(day: Day) -> None:
    await day.walk()
    ids = await day.ids()
    await day.desk.accept(ids[:1])
    again = await day.desk.accept(ids[:2])
    assert [skipped.code for skipped in again.skipped] == ["already_on_its_way"]
    assert len(again.entries) == 1


async def test_a_fail_carries_its_reason_and_a_reference_and_counts_as_a_strike(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.fail([order_id], "Unknown postal code")
    await day.send()
    entry = await day.entry()
    (applied,) = day.simulator.ledger.applied(kind="fail")
    assert json.loads(applied.body)["create"][0]["failureReason"] == f"Unknown postal code [{entry.reference}]"
    line = (await day.desk.shipment_lines([order_id]))[0]
    assert (line.phase, line.strikes) == (Phase.FAILED, 1)
    await day.ask(seconds=25)
    assert (await day.entry()).state is State.CONFIRMED


async def test_a_corrected_shipment_comes_back_with_what_changed(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.fail([order_id], "Unknown postal code")
    await day.send()
    day.clock.move(minutes=2)
    day.simulator.world.correct(order_id, "Unknown postal code")
    await day.walk()
    line = (await day.desk.shipment_lines([order_id]))[0]
    assert line.phase is Phase.CORRECTED
    assert line.changed
    assert order_id in await day.ids(View.TO_ACCEPT)


async def test_a_correction_is_seen_although_somebody_set_the_clock_back(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.fail([order_id], "Unknown postal code")
    await day.send()
    day.clock.jump(hours=-3)
    day.simulator.world.correct(order_id, "Unknown postal code")
    await day.walk()
    assert (await day.desk.shipment_lines([order_id]))[0].phase is Phase.CORRECTED


async def test_the_fifth_strike_needs_a_word(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    for strike in range(1, 5):
        written = await day.desk.fail([order_id], "Invalid address")
        assert written.entries, strike
        await day.send()
        day.clock.move(minutes=2)
        day.simulator.world.correct(order_id, "Invalid address")
        await day.walk()
    assert (await day.desk.fail([order_id], "Invalid address")).skipped[0].code == "last_strike"
    assert (await day.desk.fail([order_id], "Invalid address", last_strike_confirmed=True)).entries


async def reported(day: Day, draft: Draft = COMPLETE) -> int:
    """Accepts the first shipment and sends a report about it."""
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.accept([order_id])
    await day.send()
    written = await day.desk.send_report(order_id, draft)
    assert isinstance(written, Written), written
    await day.send()
    return order_id


async def test_a_complete_report_arrives_as_it_was_typed(day: Day) -> None:
    order_id = await reported(day)
    (applied,) = day.simulator.ledger.applied(kind="report")
    body = json.loads(applied.body)
    assert body["orderId"] == order_id
    assert (body["status"], body["location"]) == ("COMPLETE", "DELIVERY")
    assert body["completeInfo"]["pod"] == {
        "date": "2026-06-11T08:30:00Z",
        "comment": "At the front desk",
        "pictures": [],
        "signeeName": "Ola Nordmann",
        "isContactless": False,
    }
    assert (await day.desk.shipment_lines([order_id]))[0].phase is Phase.DELIVERED


async def test_a_report_is_confirmed_by_the_timeline(day: Day) -> None:
    await reported(day)
    await day.ask(seconds=25)
    assert (await day.entry()).state is State.CONFIRMED


async def test_a_report_is_confirmed_by_the_feed_when_every_product_shows_it(day: Day) -> None:
    await day.tail(seconds=1)
    await reported(day)
    await day.tail(seconds=5)
    assert (await day.entry()).state is State.CONFIRMED


async def test_a_report_that_lacks_evidence_is_not_sent_and_says_what_is_missing(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    problems = await day.desk.send_report(order_id, Draft(time="1030"))
    assert [problem.code for problem in problems] == ["evidence_missing", "not_accepted_yet"]
    assert not await day.entries()


async def test_taking_a_report_back_brings_the_form_back_whole(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.accept([order_id])
    draft = Draft(
        status=Status.DAMAGE,
        stop=StopKind.PICKUP,
        time="1015",
        comment="Torn",
        exception="the phone was flat, sorry",
        cost="12",
        currency="NOK",
        signee="kept though a damage has no signee",
    )
    written = await day.desk.send_report(order_id, draft)
    assert isinstance(written, Written), written
    assert (await day.desk.shipment(order_id)).draft is None
    await day.desk.take_back(written.entries)
    assert (await day.desk.shipment(order_id)).draft == draft
    await day.send()
    assert not day.simulator.ledger.applied(kind="report")


async def test_an_accept_goes_before_the_report_of_its_order(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.accept([order_id])
    await day.desk.send_report(order_id, COMPLETE)
    await day.send()
    assert [applied.kind for applied in day.simulator.ledger.applied(order_id)] == ["accept", "report"]


async def test_two_reports_of_an_order_never_have_the_same_date(day: Day) -> None:
    order_id = await reported(day, Draft(time="1030", status=Status.NO_ONE_THERE, comment="Closed"))
    await day.desk.send_report(order_id, COMPLETE)
    first, second = [entry for entry in await day.entries() if entry.kind is Kind.REPORT]
    assert first.event_at != second.event_at


async def test_an_outage_keeps_everything_and_its_end_sends_it(day: Day) -> None:
    await day.walk()
    ids = await day.ids()
    day.simulator.stop()
    await day.desk.accept(ids[:2])
    await day.send()
    assert {entry.state for entry in await day.entries()} == {State.DUE}
    assert (await day.desk.status()).connection is Connection.OFFLINE
    day.simulator.start()
    await day.walk()
    await day.send(seconds=1)
    assert {applied.order_id for applied in day.simulator.ledger.applied()} == set(ids[:2])


@pytest.mark.parametrize(
    ("fault", "timeouts"),
    [
        (Fault.SLOW, Timeouts(read=1)),
        *((fault, Timeouts()) for fault in (Fault.APPLY_ERROR, Fault.APPLY_CLOSE, Fault.TRUNCATED, Fault.HTML, Fault.CLOSE, Fault.REFUSE)),
    ],
)
async def test_a_report_whose_answer_is_no_answer_is_never_sent_again_unasked(day: Day, fault: Fault) -> None:
    day.simulator.faults.add(fault, endpoint=Endpoint.UPDATE, times=1, seconds=3)
    await reported(day)
    assert (await day.entry()).state is State.UNCLEAR
    await day.ask(seconds=60)
    assert (await day.entry()).state is State.UNCLEAR
    await day.ask(seconds=130)
    arrived = bool(day.simulator.ledger.applied(kind="report"))
    assert (await day.entry()).state is (State.CONFIRMED if arrived else State.UNCLEAR)
    await day.ask(seconds=121)
    assert (await day.entry()).state is (State.CONFIRMED if arrived else State.NEEDS_PERSON)
    await day.send(hours=2)
    assert len(day.simulator.ledger.applied(kind="report")) == arrived


async def test_a_person_can_send_again_what_did_not_arrive(day: Day) -> None:
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.UPDATE, times=1)
    await reported(day)
    await day.ask(seconds=190)
    await day.ask(seconds=121)
    await day.desk.decide((await day.entry()).id, Decision.SEND_AGAIN)
    await day.send(seconds=1)
    assert len(day.simulator.ledger.applied(kind="report")) == 1
    assert (await day.entry()).state is State.SENT


async def test_an_unclear_accept_is_decided_by_a_walk_and_sent_again_only_if_still_offered(day: Day) -> None:
    await day.walk()
    arrived, lost = (await day.ids())[:2]
    day.simulator.faults.add(Fault.APPLY_CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.accept([arrived])
    await day.send()
    day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.STATUS, times=1)
    await day.desk.accept([lost])
    await day.send()
    day.clock.move(seconds=185)
    await day.walk()
    assert [entry.state for entry in await day.entries()] == [State.CONFIRMED, State.DUE]
    await day.send(seconds=1)
    assert len(day.simulator.ledger.applied(arrived)) == len(day.simulator.ledger.applied(lost)) == 1


async def test_a_refusal_shows_zenderas_words_and_does_not_close_the_lane_of_others(day: Day) -> None:
    await day.walk()
    first, second = (await day.ids())[:2]
    await day.desk.accept([first, second])
    await day.send()
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.UPDATE, times=1, status=422)
    await day.desk.send_report(first, COMPLETE)
    await day.send()
    await day.desk.send_report(second, COMPLETE)
    await day.send()
    refused, sent = (await day.entries())[2:]
    assert (refused.state, refused.http_status) == (State.REFUSED, 422)
    assert refused.answer
    assert sent.state is State.SENT
    assert await day.ids(View.NEEDS_ME) == [first]


async def test_a_mended_report_takes_the_place_of_the_refused_one(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.accept([order_id])
    await day.send()
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.UPDATE, times=1, status=400)
    await day.desk.send_report(order_id, COMPLETE)
    await day.send()
    await day.desk.send_report(order_id, COMPLETE)
    await day.send()
    assert [entry.state for entry in await day.entries()][1:] == [State.DROPPED, State.SENT]
    assert not await day.ids(View.NEEDS_ME)


async def test_a_wrong_key_blocks_the_account_and_a_mended_one_sends_what_waited(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.engine.link.replace_key("another-key")
    await day.desk.accept([order_id])
    await day.send()
    assert (await day.entry()).state is State.DUE
    assert (await day.desk.status()).connection is Connection.BLOCKED
    calls = len(day.simulator.ledger.requests())
    await day.send(seconds=30)
    assert len(day.simulator.ledger.requests()) == calls
    await day.desk.replace_key(day.simulator.key, keep_key=False)
    await day.send(minutes=1)
    assert (await day.entry()).state is State.SENT


async def test_no_call_is_made_before_a_limit_is_over(day: Day) -> None:
    day.simulator.faults.add(Fault.LIMIT, times=1, seconds=120)
    await day.walk()
    assert (await day.desk.status()).connection is Connection.LIMITED
    calls = len(day.simulator.ledger.requests())
    day.clock.move(seconds=100)
    await day.walk()
    assert len(day.simulator.ledger.requests()) == calls
    day.clock.move(seconds=30)
    await day.walk()
    assert await day.ids()


@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_is_never_followed_and_says_that_something_is_in_between(day: Day, status: int) -> None:
    day.simulator.faults.add(Fault.REDIRECT, endpoint=Endpoint.STATUS, times=1, status=status, location="http://127.0.0.1:9/elsewhere")
    await day.walk()
    await day.desk.accept((await day.ids())[:1])
    await day.send()
    assert (await day.entry()).state is State.DUE
    assert (await day.desk.status()).connection is Connection.TROUBLE


async def test_what_was_sending_when_the_program_died_is_asked_about(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.accept([order_id])
    await day.send()
    written = await day.desk.send_report(order_id, COMPLETE)
    await day.desk._database.write(outbox.end_holds, day.desk.account.id, day.clock.move(seconds=11))
    await day.desk._database.write(outbox.begin, written.entries, day.clock.now())
    await day.restart()
    entry = await day.entry()
    assert (entry.state, entry.code) == (State.UNCLEAR, "died")
    await day.send(seconds=1)
    assert not day.simulator.ledger.applied(kind="report")


async def test_a_hold_that_a_restart_interrupted_starts_again_in_full(day: Day) -> None:
    await day.walk()
    await day.desk.accept((await day.ids())[:1])
    day.clock.move(seconds=60)
    await day.restart()
    await day.send(seconds=9)
    assert (await day.entry()).state is State.HELD
    await day.send(seconds=2)
    assert (await day.entry()).state is State.SENT


async def test_what_was_typed_since_send_was_pressed_stays_as_a_draft(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.accept([order_id])
    await day.send()
    typed = msgspec.structs.replace(COMPLETE, comment="And one carton is wet")
    await day.desk.save_draft(order_id, typed)
    await day.desk.send_report(order_id, COMPLETE)
    shown = await day.desk.shipment(order_id)
    assert shown is not None
    assert shown.draft == typed


async def test_drafts_and_the_feed_survive_a_restart(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.save_draft(order_id, COMPLETE)
    day.simulator.world.move(order_id, 0, "PICKUP", "COMPLETED")
    await day.tail(seconds=5)
    feed = (await day.desk.watch.rows()).lines
    await day.restart()
    assert (await day.desk.shipment(order_id)).draft == COMPLETE
    assert (await day.desk.watch.rows()).lines == feed
    assert feed[-1].order_id == order_id


async def test_the_feed_asks_with_since_once_and_with_the_token_ever_after(day: Day) -> None:
    await day.tail(seconds=1)
    await day.tail(seconds=20)
    await day.restart()
    await day.tail(seconds=20)
    queries = [request.query for request in day.simulator.ledger.requests(Endpoint.FEED)]
    assert "since=" in queries[0]
    assert all("pagination_token=" in query and "since=" not in query for query in queries[1:])


async def test_a_refused_token_starts_again_without_doubling_and_says_a_gap_is_possible(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.world.move(order_id, 0, "PICKUP", "COMPLETED")
    await day.tail(seconds=5)
    before = (await day.desk.watch.rows()).lines
    day.simulator.faults.add(Fault.REFUSED_TOKEN, times=1)
    await day.tail(seconds=20)
    assert (await day.desk.watch.rows()).lines == before
    assert (await day.desk.watch.cursor()).gap_at


@pytest.mark.parametrize("fault", [Fault.REPEATED_TOKEN, Fault.NO_TOKEN])
async def test_a_feed_that_turns_in_circles_does_not_burn_the_budget(day: Day, fault: Fault) -> None:
    await day.tail(seconds=1)
    day.simulator.faults.add(fault, times=None)
    calls = len(day.simulator.ledger.requests())
    await day.tail(seconds=20)
    assert len(day.simulator.ledger.requests()) - calls <= 2


async def test_changes_that_match_nothing_are_matched_when_their_shipment_arrives(day: Day) -> None:
    order_id = day.simulator.world.waiting()[0]
    day.simulator.world.move(order_id, 0, "PICKUP", "COMPLETED")
    await day.tail(seconds=5)
    assert (await day.desk.watch.rows()).lines[-1].order_id is None
    await day.walk()
    assert (await day.desk.watch.rows()).lines[-1].order_id == order_id


async def test_broken_rows_are_set_aside_and_the_rest_of_the_page_is_there(day: Day) -> None:
    day.simulator.faults.add(Fault.BROKEN_ROWS, times=1)
    await day.walk()
    assert 0 < len(await day.ids()) < 6
    assert (await day.desk.status()).set_aside > 0


async def test_a_shipment_is_gone_only_after_two_clean_walks_without_it(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    day.simulator.world.withdraw(order_id)
    day.clock.move(minutes=1)
    await day.walk()
    assert (await day.desk.shipment_lines([order_id]))[0].phase is Phase.NEW
    day.clock.move(minutes=1)
    await day.walk()
    assert (await day.desk.shipment_lines([order_id]))[0].phase is Phase.GONE


async def test_a_walk_under_which_the_total_moves_says_nothing_about_who_is_gone(day: Day) -> None:
    day.simulator.world.add_shipments(60)
    await day.walk()
    order_id = day.simulator.world.waiting()[0]
    day.simulator.world.withdraw(order_id)
    day.simulator.faults.add(Fault.CHANGING_TOTAL, times=None)
    for _ in range(3):
        day.clock.move(minutes=1)
        await day.walk()
    assert (await day.desk.shipment_lines([order_id]))[0].phase is Phase.NEW


async def test_every_attempt_is_in_the_history(day: Day) -> None:
    day.simulator.faults.add(Fault.APPLY_CLOSE, endpoint=Endpoint.UPDATE, times=1)
    order_id = await reported(day)
    story = (await day.desk.history(order_id))[0]
    assert [attempt.code for attempt in story.attempts] == ["reset"]
    assert (story.entry.made_by, story.entry.desk) == ("Kari", "front")


async def test_a_slow_upload_keeps_no_other_shipment_waiting(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LOOK_AGAIN", 0.02)
    await day.walk()
    slow, quick, later = (await day.ids())[:3]
    await day.desk.accept([slow, quick])
    await day.send()
    day.simulator.faults.add(Fault.SLOW, endpoint=Endpoint.UPDATE, times=1, seconds=1.5)
    await day.desk.send_report(slow, COMPLETE)
    async with asyncio.TaskGroup() as group:
        group.create_task(day.send())
        await until(lambda: len(day.simulator.ledger.applied(slow, "report")) == 1)
        await day.desk.send_report(quick, COMPLETE)
        await day.desk.accept([later])
        day.clock.move(seconds=11)
        await until(lambda: bool(day.simulator.ledger.applied(quick, "report") and day.simulator.ledger.applied(later)))
        assert (await day.entries())[2].state is State.SENDING
    assert {entry.state for entry in await day.entries()} <= {State.SENT, State.UNCLEAR}


async def test_a_shipment_failed_by_mistake_can_be_accepted_after_all(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    await day.desk.fail([order_id], "No capacity")
    assert (await day.desk.accept([order_id])).skipped[0].code == "failed_waiting"
    await day.send()
    await day.desk.accept([order_id])
    await day.send()
    assert [applied.kind for applied in day.simulator.ledger.applied(order_id)] == ["fail", "accept"]
    assert (await day.desk.shipment_lines([order_id]))[0].phase is Phase.ACCEPTED


async def test_without_a_key_what_is_on_disk_is_counted_all_the_same(day: Day) -> None:
    await day.walk()
    await day.desk.accept((await day.ids())[:1])
    await day.desk._stop_engine()
    status = await day.desk.status()
    assert (status.connection, status.code) == (Connection.BLOCKED, "key_missing")
    assert status.counts == {State.HELD: 1}
    assert status.views[View.ALL] == 6
