"""One thread, and whose turn it is on it: what a person may be waiting for goes before what nobody waits for.

A week of the feed is written in one large transaction after the other, and the next is asked for while the one before is written. A click
comes right after the one that is being written, and not after those that were asked for before it. Where what comes first never ends,
such as the answers to hundreds of reports on a slow disk, what can wait has its turn in between.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, Final, NamedTuple, TypeVar

T = TypeVar("T")

OVERTAKEN: Final = 10
"""Turns that what can wait lets pass before it has one: more than clicks, fewer than would keep the feed standing still for a second."""


class _Work(NamedTuple):
    run: Callable[[], Any]
    done: "asyncio.Future[Any]"


class _Over(NamedTuple):
    """A turn is; either is None."""

    work: _Work
    result: Any
    error: BaseException | None


class Turns:
    def __init__(self, thread: Executor) -> None:
        """`thread`: of a single one."""
        self._thread: Final = thread
        self._first: Final = deque[_Work]()
        self._later: Final = deque[_Work]()
        self._overtaken = 0

    def ask(self, run: Callable[[], T], *, can_wait: bool = False) -> "asyncio.Future[T]":
        """Done when its turn is over; of those that are alike, in the order in which they were asked for. Raises RuntimeError where the
        thread has ended."""
        loop = asyncio.get_running_loop()
        work, queue = _Work(run, loop.create_future()), self._later if can_wait else self._first
        queue.append(work)
        try:
            turn = loop.run_in_executor(self._thread, self._take)  # one for each that is asked for, whoever then has it
        except RuntimeError:
            queue.remove(work)
            raise
        turn.add_done_callback(self._tell)
        return work.done

    def _next(self) -> _Work:
        if self._later and (not self._first or self._overtaken == OVERTAKEN):
            self._overtaken = 0
            return self._later.popleft()
        if self._later:
            self._overtaken += 1
        return self._first.popleft()

    def _take(self) -> _Over:
        """On the thread."""
        work = self._next()
        try:
            return _Over(work, None if work.done.cancelled() else work.run(), None)
        except BaseException as error:  # noqa: BLE001 (it is raised where it was asked for)
            return _Over(work, None, error)

    def _tell(self, turn: "asyncio.Future[_Over]") -> None:
        error = None if turn.cancelled() else turn.exception()
        over = turn.result() if not turn.cancelled() and error is None else _Over(self._next(), None, error)  # it was never taken
        if over.work.done.done():
            return
        if turn.cancelled():
            over.work.done.cancel()
        elif over.error is not None:
            over.work.done.set_exception(over.error)
        else:
            over.work.done.set_result(over.result)
