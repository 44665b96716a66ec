"""Virtual time: an event loop that never waits, runs what belongs to threads in place, and can die between any two steps.

Everything above it is the program as it is. The loop takes the place of three things only: the clock (a wait moves it), the
threads (a function given to one runs whole, on its own, when the loop comes to it: one transaction is still one transaction,
and nothing runs beside it), and the operating system's right to end a process at any moment.
"""

import asyncio
import contextlib
import functools
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Any, Final

SPINNING: Final = 3000
"""Rounds of the loop without a wait: nobody who has something to do needs so many."""
INSTANT: Final = 1e-6
"""Seconds that a round takes: a time that never moves would never come."""
START: Final = datetime(2026, 6, 11, 6, 0, tzinfo=UTC)
STARTS: Final = (START, datetime(2026, 3, 29, 0, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, 0, tzinfo=UTC))
"""A summer morning, and the two nights in which the clocks of Europe are changed, an hour before they are."""


class Crashed(Exception):  # noqa: N818 (what happened)
    """The process is gone; nothing of it has any effect from here on."""


class Time:
    """The desk's two clocks and the true one. A machine that sleeps stops `monotonic`; somebody who sets the clock moves `now` alone."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self.seconds = 1000.0
        self._slept = 0.0
        self._wrong = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.seconds + self._slept + self._wrong)

    def true(self) -> datetime:
        return self._start + timedelta(seconds=self.elapsed)

    @property
    def elapsed(self) -> float:
        """True seconds."""
        return self.seconds + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds

    def set_wrong(self, seconds: float) -> None:
        self._wrong = seconds


class _Waiting:
    """In the place of a selector: nobody ever sends anything, so a wait is over when its time is."""

    def __init__(self, time: Time, moved: Callable[[], None]) -> None:
        self._time = time
        self._moved = moved
        self.busy = 0
        """Rounds since somebody waited."""

    def select(self, timeout: float | None) -> list[object]:
        if timeout is None:
            raise RuntimeError("nothing will ever happen again")
        self._time.seconds += max(timeout, INSTANT)
        if timeout > 0:
            self.busy = 0
            self._moved()
        else:
            self.busy += 1
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """The life of one process. `moved` is called whenever time has passed."""

    def __init__(self, time: Time, moved: Callable[[], None]) -> None:
        super().__init__()
        self._virtual = time
        self._selector = _Waiting(time, moved)
        self.dead = False
        self.spins = 0
        """How often the process went round and round without waiting: a real one would burn a core."""
        self.around_thread: Callable[[str, functools.partial[Any]], Any] = lambda _name, function: function()
        """Runs what the thread of this name was given; may raise instead, and may call `crash`."""
        self.set_exception_handler(lambda _loop, _context: None)

    def time(self) -> float:
        return self._virtual.seconds

    def crash(self) -> None:
        """Nothing has an effect any more; `run_until_complete` raises Crashed."""
        self.dead = True

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]  # noqa: ANN401
        future = self.create_future()
        self.call_soon(self._run_in_place, getattr(executor, "_thread_name_prefix", ""), future, func, args)
        return future

    def _run_in_place(self, name: str, future: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
        if self.dead or future.cancelled():
            return
        try:
            result = self.around_thread(name, functools.partial(func, *args))
        except Exception as error:  # noqa: BLE001 (it belongs to whoever waits for the thread)
            future.set_exception(error)
        else:
            if not self.dead:
                future.set_result(result)

    def _run_once(self) -> None:
        super()._run_once()  # type: ignore[misc]
        if self._selector.busy > SPINNING:
            self.spins += 1
            self._selector.busy = 0
            self._virtual.seconds += 1.0
        if self.dead:
            raise Crashed

    def bury(self) -> None:
        """Unwinds what the dead process was doing. All its effects go through this loop's threads and its line: they have none now."""
        for _ in range(200):
            left = asyncio.all_tasks(self)
            if not left:
                break
            for task in left:
                task.cancel()
            with contextlib.suppress(Crashed):
                self._run_briefly()
        with contextlib.suppress(Crashed):
            self._run_briefly()  # what is to be done when a task has ended
        self.close()

    def _run_briefly(self) -> None:
        self.call_soon(self.stop)
        self.run_forever()

    def call_soon_threadsafe(self, callback: Callable[..., object], *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override]  # noqa: ANN401
        return self.call_soon(callback, *args, context=context)

    def _process_events(self, _events: list[object]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass
