"""Loops and single tasks on a real asyncio loop; the clock is the test's, so that nothing is waited for."""

import asyncio
import inspect
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from support.day import HandClock
from zendera_desk.domain.changes import Change, Changes, LoopFailed, Trouble
from zendera_desk.domain.errors import DeskError
from zendera_desk.engine import supervise
from zendera_desk.engine.supervise import Supervisor


class Heard:
    """What was published, and a wait for it that needs no sleeping."""

    def __init__(self, changes: Changes) -> None:
        self.all: list[Change] = []
        self._more = asyncio.Event()
        changes.subscribe(self._hear)

    def _hear(self, change: Change) -> None:
        self.all.append(change)
        self._more.set()

    async def until(self, kind: type[Change]) -> Change:
        while True:
            for change in self.all:
                if isinstance(change, kind):
                    return change
            self._more.clear()
            await self._more.wait()


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    one = Supervisor(HandClock(), Changes())
    yield one
    await one.close()


async def test_a_loop_is_called_at_once_and_again_when_it_is_woken(supervisor: Supervisor) -> None:
    calls: asyncio.Queue[datetime] = asyncio.Queue()

    async def step(now: datetime) -> None:
        calls.put_nowait(now)

    loop = supervisor.loop("one", step)
    await calls.get()
    loop.wake()
    await calls.get()
    assert calls.empty()


async def test_a_wake_in_the_middle_of_a_step_is_not_lost(supervisor: Supervisor) -> None:
    calls, go_on = asyncio.Queue[None](), asyncio.Event()

    async def step(_now: datetime) -> None:
        calls.put_nowait(None)
        await go_on.wait()

    loop = supervisor.loop("one", step)
    await calls.get()
    loop.wake()
    go_on.set()
    await calls.get()


@pytest.mark.expected_log("the bad loop failed")
async def test_a_failing_loop_is_said_and_ends_no_other() -> None:
    changes = Changes()
    heard, supervisor = Heard(changes), Supervisor(HandClock(), changes)
    good: asyncio.Queue[None] = asyncio.Queue()

    async def bad_step(_now: datetime) -> None:
        raise ZeroDivisionError

    async def good_step(_now: datetime) -> None:
        good.put_nowait(None)

    supervisor.loop("bad", bad_step)
    loop = supervisor.loop("good", good_step)
    failed = await heard.until(LoopFailed)
    assert isinstance(failed, LoopFailed)
    assert failed.name == "bad"
    loop.wake()
    await good.get()
    await supervisor.close()


@pytest.mark.expected_log("the bad loop failed")
async def test_a_failing_loop_waits_longer_from_one_failure_to_the_next() -> None:
    clock = HandClock()
    loop = supervise.Loop("bad", _failing, clock, Changes())
    waits = [((await loop._once() or clock.now()) - clock.now()) for _ in range(9)]
    assert waits[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert waits[-1] == timedelta(minutes=5)


async def _failing(_now: datetime) -> datetime | None:
    raise ZeroDivisionError


async def test_a_step_that_is_due_in_the_past_does_not_keep_others_from_running(supervisor: Supervisor) -> None:
    seen: asyncio.Queue[None] = asyncio.Queue()

    async def always_due(now: datetime) -> datetime:
        await asyncio.sleep(0)
        return now

    async def other(_now: datetime) -> None:
        seen.put_nowait(None)

    supervisor.loop("always due", always_due)
    supervisor.loop("other", other)
    async with asyncio.timeout(5):
        await seen.get()


async def test_a_clock_that_jumped_makes_a_loop_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "LONGEST_SLEEP", timedelta(milliseconds=10))
    clock, calls = HandClock(), asyncio.Queue[datetime]()
    supervisor = Supervisor(clock, Changes())

    async def step(now: datetime) -> datetime:
        calls.put_nowait(now)
        return now + timedelta(hours=8)

    supervisor.loop("one", step)
    before = await calls.get()
    await asyncio.sleep(0)
    clock.jump(hours=3)
    assert await calls.get() == before + timedelta(hours=3)
    await supervisor.close()


@pytest.mark.expected_log("a wish failed")
async def test_what_a_wish_raises_is_seen_by_the_person() -> None:
    changes = Changes()
    heard, supervisor = Heard(changes), Supervisor(HandClock(), changes)

    async def refused() -> None:
        raise DeskError("disk_full")

    async def broken() -> None:
        raise ZeroDivisionError

    supervisor.spawn(refused(), "a wish")
    supervisor.spawn(broken(), "a wish")
    trouble, failed = await heard.until(Trouble), await heard.until(LoopFailed)
    assert isinstance(trouble, Trouble)
    assert trouble.error.code == "disk_full"
    assert isinstance(failed, LoopFailed)
    await supervisor.close()


async def test_closing_lets_wishes_end_and_cancels_what_does_not() -> None:
    supervisor = Supervisor(HandClock(), Changes())
    done = []

    async def short() -> None:
        await asyncio.sleep(0)
        done.append("short")

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            done.append("endless was ended")

    supervisor.spawn(short(), "short")
    supervisor.spawn(endless(), "endless")
    await supervisor.close(timedelta(milliseconds=50))
    assert done == ["short", "endless was ended"]


async def test_a_wish_that_had_not_begun_when_all_was_closed_is_let_go() -> None:
    supervisor, begun = Supervisor(HandClock(), Changes()), []

    async def late() -> None:
        begun.append("late")

    work = late()
    supervisor.spawn(work, "late")
    await supervisor.close()
    assert not begun
    assert inspect.getcoroutinestate(work) == inspect.CORO_CLOSED


async def test_what_is_asked_for_while_closing_waits_for_wishes_ends_as_well() -> None:
    supervisor, done = Supervisor(HandClock(), Changes()), []

    async def short() -> None:
        await asyncio.sleep(0.01)
        supervisor.spawn(after_it(), "what follows from it")

    async def after_it() -> None:
        await asyncio.sleep(0.01)
        done.append("both")

    supervisor.spawn(short(), "short")
    await supervisor.close(timedelta(seconds=5))
    assert done == ["both"]


async def test_what_is_asked_for_when_all_is_closed_does_not_begin() -> None:
    """A timer that fires while the data is closed asked for rows of a table that was gone a moment later."""
    supervisor, begun = Supervisor(HandClock(), Changes()), []

    async def late() -> None:
        begun.append("late")

    await supervisor.close(timedelta(seconds=5))
    work = late()
    supervisor.spawn(work, "late")
    await asyncio.sleep(0.01)
    assert not begun
    assert inspect.getcoroutinestate(work) == inspect.CORO_CLOSED


async def test_a_subscriber_that_fails_silences_no_other(caplog: pytest.LogCaptureFixture) -> None:
    changes, heard = Changes(), []
    changes.subscribe(lambda _change: 1 / 0)
    changes.subscribe(heard.append)
    with caplog.at_level(logging.CRITICAL, "zendera_desk.domain.changes"):
        changes.publish(Trouble(DeskError("x")))
    assert len(heard) == 1
