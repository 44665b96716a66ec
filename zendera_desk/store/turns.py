"""One thread, and whose turn it is on it: what a person may be waiting for goes before what nobody waits for.

A week of the feed is written in one large transaction after the other, and the next is asked for while the one before is written. A click
comes right after the one that is being written, and not after those that were asked for before it.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, Final, NamedTuple, TypeVar

T = TypeVar("T")


class _Work(NamedTuple):
    run: Callable[[], Any]
    done: "Future[Any]"


class Turns:
    def __init__(self, thread: Executor) -> None:
        """`thread`: of a single one."""
        self._thread: Final = thread
        self._first: Final = deque[_Work]()
        self._later: Final = deque[_Work]()

    def ask(self, run: Callable[[], T], *, can_wait: bool = False) -> "Future[T]":
        """Done when its turn is over; of those that are alike, in the order in which they were asked for. Raises RuntimeError where the
        thread has ended."""
        done: Future[T] = Future()
        work, queue = _Work(run, done), self._later if can_wait else self._first
        queue.append(work)
        try:
            self._thread.submit(self._take_turn)  # one for each that is asked for, whoever then has it
        except RuntimeError:
            queue.remove(work)
            raise
        return done

    def _take_turn(self) -> None:
        work = (self._first or self._later).popleft()
        if not work.done.set_running_or_notify_cancel():
            return
        try:
            result = work.run()
        except BaseException as error:  # noqa: BLE001 (it is raised where it was asked for)
            work.done.set_exception(error)
        else:
            work.done.set_result(result)
