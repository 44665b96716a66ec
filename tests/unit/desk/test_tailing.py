"""The tail on a desk: catching up with a week, stopping it and going on, saying what blocks it, and when it looks again."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from support.day import Day
from zendera_desk.domain.changes import Change, FeedAdvanced, ShipmentsChanged
from zendera_desk.domain.views import FeedCursor
from zendera_desk.engine.engine import RESUMED_EVERY
from zendera_desk.engine.feed_pace import HERE
from zendera_desk.engine.link import AHEAD_FOR
from zendera_desk.engine.link import Endpoint as Line
from zendera_desk.engine.tail import MOST_PAGES, TOLD_EVERY
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.store import calls
from zendera_desk.store.database import Connection, to_ms

WEEK = timedelta(days=7)


async def away_for_a_week(day: Day, changes: int = 1200) -> None:
    """The desk had read everything, and was closed since."""
    await day.tail()
    world = day.simulator.world
    order = world.waiting()[0]
    for number in range(changes):
        day.clock.move(seconds=WEEK.total_seconds() / changes)
        world.move(order, 0, "PICKUP", ("NOT_READY", "PENDING")[number % 2])
    day.simulator.zendera.feed_page = 25


def looks(day: Day) -> int:
    return len(day.simulator.ledger.requests(Endpoint.FEED))


def _count(conn: Connection) -> int:
    return int(conn.execute("select count(*) from feed_change").fetchone()[0])


async def cursor(day: Day) -> FeedCursor:
    return await day.desk.watch.cursor()


async def test_catching_up_says_how_far_it_is_and_is_then_up_to_date(day: Day) -> None:
    await away_for_a_week(day)
    told: list[Change] = []
    day.desk.changes.subscribe(told.append)
    due = await day.engine.tail.step(day.clock.now())
    halfway = await cursor(day)
    assert halfway.catching_up
    assert halfway.read == MOST_PAGES * 25
    assert halfway.about is not None
    assert abs(halfway.about - 1200) <= 50
    assert due == day.clock.now(), "it goes on at once"
    steps = [change.count for change in told if isinstance(change, FeedAdvanced)]
    assert sum(steps) == MOST_PAGES * 25
    assert len(steps) > 1, "it can be seen as it comes"
    while (await cursor(day)).catching_up:
        await day.tail()
    done = await cursor(day)
    assert (done.read, done.up_to_date_at) == (1200, day.clock.now())


async def test_what_is_sent_meanwhile_does_not_keep_it_from_catching_up(day: Day) -> None:
    await away_for_a_week(day)
    await day.tail()
    day.engine._answered()
    await day.engine.tail.step(day.clock.now())
    assert (await cursor(day)).read == 1200


async def test_what_is_sent_while_it_may_not_catch_up_does_not_ask_again_each_time(day: Day) -> None:
    await away_for_a_week(day)
    await day.tail()
    day.simulator.faults.add(Fault.REFUSE, status=500, endpoint=Endpoint.FEED, times=10)
    await day.tail()
    before = looks(day)
    for _ in range(5):
        day.engine._answered()
        await day.engine.tail.step(day.clock.now())
    assert looks(day) == before


async def noted(day: Day) -> int:
    """How many calls a start would know of."""
    since = to_ms(day.clock.now() - calls.HOUR)
    row = await day.desk._database.read(lambda conn: conn.execute("select count(*) from call where at > ?", (since,)).fetchone())
    return int(row[0])


async def test_while_catching_up_a_kill_forgets_no_call_at_any_moment(day: Day) -> None:
    await away_for_a_week(day)
    before = looks(day)
    known: list[tuple[int, int]] = []

    async def compare() -> None:
        known.append((await noted(day), looks(day) - before))

    async with asyncio.TaskGroup() as group:
        day.desk.changes.subscribe(lambda change: group.create_task(compare()) and None if isinstance(change, FeedAdvanced) else None)
        await day.tail()
        while (await cursor(day)).catching_up:
            await day.tail()
    assert len(known) > 1
    assert all(stored >= made for stored, made in known)
    assert max(stored - made for stored, made in known) > 1, "they are noted several at once"
    assert await noted(day) == looks(day) - before, "what was not made is not counted in the end"


@pytest.mark.parametrize("fault", [Fault.CLOSE, Fault.LIMIT])
async def test_calls_noted_ahead_are_given_back_when_something_is_in_the_way(day: Day, fault: Fault) -> None:
    await away_for_a_week(day)
    await day.tail()
    assert (await cursor(day)).catching_up
    before = await noted(day)
    day.simulator.faults.add(fault, endpoint=Endpoint.FEED, times=1)
    await day.tail()
    assert await noted(day) == before + 1


async def test_calls_noted_ahead_serve_for_a_moment_only(day: Day) -> None:
    link = day.engine.link
    await link.note_ahead(5)
    before = await noted(day)
    await link.call(Line.EXPORT, lambda client: client.export_page(1, 1))
    assert await noted(day) == before
    day.clock.move(seconds=AHEAD_FOR.total_seconds())
    await link.call(Line.EXPORT, lambda client: client.export_page(1, 1))
    assert await noted(day) == before + 1
    await link.forget_ahead()
    assert await noted(day) == before + 1 - 4


async def test_catching_up_can_be_stopped_and_goes_on_from_there(day: Day) -> None:
    await away_for_a_week(day)
    day.desk.changes.subscribe(lambda change: day.desk.watch.stop_catching_up() if isinstance(change, FeedAdvanced) else None)
    assert await day.engine.tail.step(day.clock.now()) is None
    stopped = await cursor(day)
    assert stopped.stopped
    assert stopped.read <= 50, "the page that was written then, and the one that waited behind it"
    assert stopped.read == await day.desk._database.read(_count)
    before = looks(day)
    await day.tail(seconds=600)
    assert looks(day) == before, "whatever wakes it"


async def test_going_on_reads_what_was_left_and_loses_nothing(day: Day) -> None:
    await away_for_a_week(day, 200)
    unsubscribe = day.desk.changes.subscribe(lambda _change: day.desk.watch.stop_catching_up())
    await day.tail()
    unsubscribe()
    day.desk.watch.go_on()
    await day.tail()
    assert not (await cursor(day)).stopped
    assert await day.desk.watch.newest() == day.simulator.world.change_count()


async def test_stopped_while_the_last_page_is_written_it_is_up_to_date_and_goes_on_following(day: Day) -> None:
    await away_for_a_week(day, 50)
    loop = asyncio.get_running_loop()

    def stop_at_the_last(change: Change) -> None:
        if isinstance(change, FeedAdvanced):
            leave()
            loop.call_soon(day.desk.watch.stop_catching_up)  # the first of two pages is done, and the second is here already

    leave = day.desk.changes.subscribe(stop_at_the_last)
    assert await day.engine.tail.step(day.clock.now()) is not None
    done = await cursor(day)
    assert (done.stopped, done.catching_up, done.read, done.up_to_date_at) == (False, False, 50, day.clock.now())


async def test_a_key_that_is_refused_is_told_from_calls_that_are_used_up(day: Day) -> None:
    day.simulator.zendera.key = "another"
    await day.walk()
    await day.tail(seconds=1)
    refused = await cursor(day)
    assert refused.code == "unauthorised"
    assert refused.waits_until is not None


async def test_a_token_that_is_refused_on_the_way_is_given_up_after_what_was_read_is_stored(day: Day) -> None:
    await away_for_a_week(day, 200)

    def refuse(change: Change) -> None:
        if isinstance(change, FeedAdvanced):
            leave()
            day.simulator.faults.add(Fault.REFUSE, status=410, endpoint=Endpoint.FEED, times=1)

    leave = day.desk.changes.subscribe(refuse)
    await day.tail()
    while (await cursor(day)).catching_up:
        await day.tail()
    assert (await cursor(day)).gap_at is not None
    assert await day.desk._database.read(_count) == day.simulator.world.change_count(), "each once"


async def test_a_page_behind_one_that_could_not_be_stored_is_not_stored_either(day: Day) -> None:
    """Its token would pass over the other for good."""
    await away_for_a_week(day, 200)
    before, read = looks(day), await day.desk._database.read(_count)
    at = int(day.simulator.world.changes(read + 60, 1)[0]["timestamp"])
    stop = f"create trigger full before insert on feed_change when new.at = {at} begin select raise(abort, 'full'); end"
    await day.desk._database.write(lambda conn: conn.execute(stop))
    with pytest.raises(sqlite3.IntegrityError):
        await day.engine.tail.step(day.clock.now())
    assert read < await day.desk._database.read(_count) <= read + 60
    assert looks(day) > before + 3, "others were read behind it"
    await day.desk._database.write(lambda conn: conn.execute("drop trigger full"))
    await day.tail()
    assert await day.desk._database.read(_count) == day.simulator.world.change_count()


@pytest.mark.parametrize("cut", [False, True])
async def test_pages_that_come_while_the_disk_is_busy_are_written_together(day: Day, cut: bool) -> None:
    """`cut`: the line breaks in the middle of them."""
    await away_for_a_week(day, MOST_PAGES * 25 + 400)
    await day.tail()  # its first call is noted by itself, and waits for the disk
    before, free, told = looks(day), threading.Event(), list[int]()

    def hear(change: Change) -> None:
        if isinstance(change, FeedAdvanced):
            told.append(change.count)
            if len(told) == 1:
                day.desk._database._writer_thread.submit(free.wait, 10)

    async def free_it_later() -> None:
        while not told:  # noqa: ASYNC110 (nobody rings a bell)
            await asyncio.sleep(0)
        if cut:
            day.simulator.faults.add(Fault.CLOSE, endpoint=Endpoint.FEED, times=1)
        while looks(day) - before < 12 and not any(seen.fault for seen in day.simulator.ledger.requests(Endpoint.FEED)):  # noqa: ASYNC110
            await asyncio.sleep(0)
        free.set()

    day.desk.changes.subscribe(hear)
    async with asyncio.TaskGroup() as group:
        group.create_task(free_it_later())
        await day.tail()
    await day.tail(seconds=60)
    assert sum(told) == 400
    assert cut or max(told) >= 4 * 25
    done = await cursor(day)
    assert (done.catching_up, done.code, done.up_to_date_at) == (False, "", day.clock.now())
    assert await day.desk.watch.newest() == day.simulator.world.change_count()


async def test_while_catching_up_it_is_told_now_and_then_whose_products_were_spoken_of(day: Day) -> None:
    await day.walk()
    await away_for_a_week(day, 3 * MOST_PAGES - 1)
    day.simulator.zendera.feed_page = 1
    told: list[Change] = []
    day.desk.changes.subscribe(lambda change: told.append(change) if isinstance(change, ShipmentsChanged) else None)
    await day.tail(seconds=TOLD_EVERY)
    assert len(told) == 1
    await day.tail()
    assert len(told) == 1, "it was only just told"
    await day.tail()
    assert not (await cursor(day)).catching_up
    assert len(told) > 1, "and all of it in the end"


async def test_what_is_not_catching_up_cannot_be_stopped(day: Day) -> None:
    await day.tail()
    day.desk.watch.stop_catching_up()
    assert not (await cursor(day)).stopped


async def test_what_blocks_it_is_said_and_forgotten_once_it_goes(day: Day) -> None:
    day.simulator.faults.add(Fault.REFUSE, status=401, endpoint=Endpoint.FEED, times=1)
    await day.tail()
    assert (await cursor(day)).code == (await day.desk.status()).feed_code == "unauthorised"
    day.engine.link._blocked = False
    await day.tail(seconds=400)
    now = await cursor(day)
    assert (now.code, now.up_to_date_at) == ("", day.clock.now())
    assert (await day.desk.status()).feed_code == ""


async def test_used_up_calls_are_said_with_the_time_when_it_goes_on(day: Day) -> None:
    budget = day.engine.link.budget
    for _ in range(budget.limit):
        budget.spend(day.clock.monotonic())
    due = await day.engine.tail.step(day.clock.now())
    waiting = await cursor(day)
    assert waiting.waits_until == due
    assert waiting.code == ""
    await day.tail(seconds=3601)
    assert (await cursor(day)).waits_until is None


async def test_the_pace_follows_who_is_there_and_is_in_the_status(day: Day) -> None:
    await day.tail()
    quick = (await day.desk.status()).feed_every
    assert quick is not None
    assert quick < timedelta(seconds=10)
    await day.tail(seconds=HERE + 1)
    status = await day.desk.status()
    assert (status.feed_every, status.feed_resting) == (timedelta(seconds=60), True)
    day.desk.watch.used()
    await day.tail(seconds=6)
    assert (await day.desk.status()).feed_every == quick


async def test_while_it_does_not_follow_no_pace_is_told(day: Day) -> None:
    day.simulator.faults.add(Fault.REFUSE, status=401, endpoint=Endpoint.FEED, times=1)
    await day.tail()
    assert (await day.desk.status()).feed_every is None


async def test_after_a_send_it_looks_at_once_but_not_with_each_of_a_hundred(day: Day) -> None:
    await day.walk()
    await day.tail(seconds=60)
    before = looks(day)
    day.clock.move(seconds=20)
    for _ in range(100):
        day.engine._answered()
        due = await day.engine.tail.step(day.clock.now())
        day.clock.move(seconds=0.1)
    assert looks(day) - before == 2, "at once, and five seconds later"
    assert due is not None
    assert due - day.clock.now() < timedelta(seconds=6)


@pytest.mark.parametrize("clock_goes_on", [False, True])
async def test_after_a_resume_the_feed_is_looked_at_at_once_also_if_nobody_touches_the_desk(day: Day, clock_goes_on: bool) -> None:
    """The monotonic clock stands still while the machine sleeps, and by it, the next look of a resting desk is a minute away; or, on
    Windows, it goes on, and the loops sleep on for 20 s."""
    await day.walk()
    day.desk.watch.hidden(hidden=True)
    day.engine.run()
    await _after_changes(day, lambda: looks(day) == 1 and day.engine.tail.every == timedelta(minutes=1))
    before = day.engine.link._client
    day.clock.move(hours=8) if clock_goes_on else day.clock.jump(hours=8)
    await _after_changes(day, lambda: looks(day) == 2, within=RESUMED_EVERY * 2)
    assert day.engine.link._client is not before, "connections that slept only look alive"


async def test_a_clock_that_is_put_right_by_a_little_is_no_resume(day: Day) -> None:
    await day.walk()
    day.engine.run()
    await _after_changes(day, lambda: looks(day) == 1)
    day.clock.jump(seconds=3)
    await asyncio.sleep(RESUMED_EVERY * 1.5)
    assert looks(day) == 1


async def _after_changes(day: Day, holds: Callable[[], bool], within: float = 10) -> None:
    changed = asyncio.Event()
    unsubscribe = day.desk.changes.subscribe(lambda _change: changed.set())
    async with asyncio.timeout(within):
        while not holds():
            await changed.wait()
            changed.clear()
    unsubscribe()


async def test_without_an_engine_nothing_happens_and_the_missing_key_is_said(day: Day) -> None:
    await day.tail()
    await day.desk._stop_engine()
    watch = day.desk.watch
    watch.used()
    watch.hidden(hidden=False)
    watch.stop_catching_up()
    watch.go_on()
    assert (await cursor(day)).code == "key_missing"
