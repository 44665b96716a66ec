"""Keeps work running until the desk closes: loops made of steps, and single tasks that somebody asked for.

A failing loop is reported, waits a little and goes on; it never ends another one. A strong reference to every task is
kept here; the few tasks that are made elsewhere end within the call that made them.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, Final, Self, TypeVar

from zendera_desk.domain.changes import Changes, LoopFailed, Trouble
from zendera_desk.domain.errors import DeskError
from zendera_desk.engine.clock import Clock

Step = Callable[[datetime], Awaitable[datetime | None]]
"""Does what is due at `now`, and says when to be called again; None waits for a wake."""

AFTER_FAILURE: Final = (timedelta(seconds=5), timedelta(minutes=5))
"""The first and the longest pause after a step failed; doubled from one failure to the next."""

LONGEST_SLEEP: Final = timedelta(seconds=20)
"""A loop looks at the clocks at least this often: that is how a machine that slept, or whose clock jumped, is noticed."""

JUMP: Final = timedelta(seconds=30)
"""A wall clock that moved this much more or less than the monotonic one: sleep, resume, or somebody set the clock."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Loop:
    """One step, called when it is due. `wake` makes it due at once."""

    def __init__(self, name: str, step: Step, clock: Clock, changes: Changes) -> None:
        self.name = name
        self._step = step
        self._clock = clock
        self._changes = changes
        self._woken = asyncio.Event()
        self._failures = 0

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        while True:
            self._woken.clear()
            due = await self._once()
            await self._wait(due)

    async def _once(self) -> datetime | None:
        try:
            due = await self._step(self._clock.now())
        except Exception as error:  # noqa: BLE001 (whatever it is, the other loops go on, and it is said)
            _log.exception("the %s loop failed", self.name)
            self._changes.publish(LoopFailed(self.name, error))
            first, longest = AFTER_FAILURE
            pause = min(first * (1 << self._failures), longest)
            self._failures = min(self._failures + 1, 10)
            return self._clock.now() + pause
        self._failures = 0
        return due

    async def _wait(self, due: datetime | None) -> None:
        while not self._woken.is_set():
            left = LONGEST_SLEEP if due is None else due - self._clock.now()
            if left <= timedelta(0):
                return
            before = self._clock.now(), self._clock.monotonic()
            try:
                async with asyncio.timeout(min(left, LONGEST_SLEEP).total_seconds()):
                    await self._woken.wait()
            except TimeoutError:
                if self._jumped(*before):
                    return

    def _jumped(self, wall: datetime, monotonic: float) -> bool:
        passed = timedelta(seconds=self._clock.monotonic() - monotonic)
        return abs((self._clock.now() - wall) - passed) > JUMP


class Supervisor:
    def __init__(self, clock: Clock, changes: Changes) -> None:
        self._clock = clock
        self._changes = changes
        self._tasks: set[asyncio.Task[None]] = set()
        self._loops: set[asyncio.Task[None]] = set()
        self._closed = False

    def loop(self, name: str, step: Step) -> Loop:
        loop = Loop(name, step, self._clock, self._changes)
        task = asyncio.get_running_loop().create_task(loop.run(), name=name)
        self._loops.add(task)
        task.add_done_callback(self._loops.discard)
        return loop

    def spawn(self, work: Coroutine[object, object, None], name: str) -> None:
        """Runs `work` beside everything else. A DeskError becomes a `Trouble` on screen, anything else a `LoopFailed`.

        After closing nothing begins any more: a timer that fires in the program's last moments asks for what is taken down.
        """
        if self._closed:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(self._guarded(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _done: work.close())  # of a task that was cancelled before its first step, it never began

    async def close(self, patience: timedelta = timedelta(0)) -> None:
        """Ends everything. Work that was asked for, also meanwhile, has `patience` to end by itself first."""
        if patience:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience.total_seconds()):
                    while others := _others(self._tasks):
                        await asyncio.wait(others)
        self._closed = True
        await _cancelled(self._tasks)
        await _cancelled(self._loops)

    async def _guarded(self, work: Coroutine[object, object, None], name: str) -> None:
        try:
            await work
        except DeskError as error:
            _log.info("%s: %s", name, error)
            self._changes.publish(Trouble(error))
        except Exception as error:  # noqa: BLE001 (a wish that failed must be seen, and must not end the program)
            _log.exception("%s failed", name)
            self._changes.publish(LoopFailed(name, error))


class Beside:
    """Tasks that end with the `async with` in which they are begun. What one raises is told to whoever awaits it, and ends no other."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """They are waited for; where this is cancelled, so are they."""
        if kind is not None and issubclass(kind, asyncio.CancelledError):
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        return task


async def to_the_end(work: Coroutine[object, object, None]) -> None:
    """Shielded from cancelling: whoever cancels gets through, when the work is done."""
    task = asyncio.get_running_loop().create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _others(tasks: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    return {task for task in tasks - {asyncio.current_task()} if not task.done()}


async def _cancelled(tasks: set[asyncio.Task[None]]) -> None:
    others = _others(tasks)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
