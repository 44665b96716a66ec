"""Writes that are wanted at the same moment become one transaction: the disk is waited for once, and not once for each.

Whoever knows that others are about to want one too says among how many: it is waited for them, for a moment. One turn on the writer's
thread then writes for all who want something by the time it comes, in the order in which they wanted it. So nobody writes for others
in a task of their own, and nobody's being cancelled is anybody else's trouble. And while it writes, the thread that they all have in
common has little to do: two threads that both want the interpreter pass it to and fro, which costs as much as what they do with it.

Nothing is promised earlier for that: what is answered is on disk. Each is done once, and one that fails is taken back alone. Only
what ends the whole transaction, such as a disk that is too full to commit it, is the trouble of all.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Final, NamedTuple, TypeVar

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], object]

MOMENT: Final = 0.003
"""Seconds: so long one waits for others at most. An answer of Zendera takes ten times that."""


class _Wanted(NamedTuple):
    work: Work
    done: "Future[Any]"


class _Turn:
    """One transaction to come, for all who want something until it begins."""

    def __init__(self) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.over.add_done_callback(_heard)  # also where all who waited were cancelled
        self.asked_for = False
        self.begun = False
        self.patience: asyncio.TimerHandle | None = None


class Together:
    def __init__(
        self,
        ask: Callable[[Callable[[], None]], "asyncio.Future[None]"],
        transact: Callable[[Work], object],
        said: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """`ask` has something done on the writer's thread; there, `transact` runs what it is given in one transaction, and within
        `said` SQLite's errors are ours."""
        self._ask: Final = ask
        self._transact: Final = transact
        self._said: Final = said
        self._wanted: Final = deque[_Wanted]()
        self._turn: _Turn | None = None

    async def write(self, work: Callable[[sqlite3.Connection], T], among: int) -> T:
        """Raises what `work` raises, or what ended the transaction."""
        done = self.want(work)
        turn = self._turn
        if turn is None or turn.begun or turn.over.done():  # what is wanted after it began may not be seen by it any more
            turn = self._turn = _Turn()
        if len(self._wanted) >= among:
            self._ask_for(turn)
        elif turn.patience is None:
            turn.patience = asyncio.get_running_loop().call_later(MOMENT, self._ask_for, turn)
        try:
            await asyncio.shield(turn.over)
        except Exception:
            if done.cancel():
                raise  # and nobody else will write it later, when its caller has long done something about that
        return done.result(0)

    def hurry(self) -> None:
        """Nobody waits for others any longer."""
        if self._turn is not None:
            self._ask_for(self._turn)

    def want(self, work: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Done by the next `write_all`, unless it is cancelled before."""
        done: Future[T] = Future()
        self._wanted.append(_Wanted(work, done))
        return done

    def write_all(self) -> None:
        """On the writer's thread: all that is wanted by now."""
        group: list[_Wanted] = []
        while self._wanted:
            wanted = self._wanted.popleft()
            if wanted.done.set_running_or_notify_cancel():
                group.append(wanted)
        if not group:
            return
        outcomes: list[object] = []
        try:
            self._transact(lambda conn: outcomes.extend(self._each(conn, group)))
        except Exception as error:  # noqa: BLE001 (it is raised where it was wanted)
            outcomes = [error] * len(group)
        for wanted, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Exception):
                wanted.done.set_exception(outcome)
            else:
                wanted.done.set_result(outcome)

    def _ask_for(self, turn: _Turn) -> None:
        if turn.asked_for:
            return
        turn.asked_for = True
        if turn.patience is not None:
            turn.patience.cancel()

        def begin() -> None:
            turn.begun = True
            self.write_all()

        def end(asked: "asyncio.Future[None]") -> None:
            if asked.cancelled():
                turn.over.cancel()
            elif (error := asked.exception()) is not None:
                turn.over.set_exception(error)
            else:
                turn.over.set_result(None)

        try:
            self._ask(begin).add_done_callback(end)
        except RuntimeError as error:  # the thread has ended
            turn.over.set_exception(error)

    def _each(self, conn: sqlite3.Connection, group: Sequence[_Wanted]) -> list[object]:
        """What each returned, or why it failed."""
        outcomes: list[object] = []
        for wanted in group:
            conn.execute("savepoint one")
            try:
                with self._said():
                    outcomes.append(wanted.work(conn))
            except Exception as error:
                if not conn.in_transaction:
                    raise  # SQLite has taken all of it back
                conn.execute("rollback to one")
                outcomes.append(error)
            conn.execute("release one")
        return outcomes


def _heard(over: "asyncio.Future[None]") -> None:
    if not over.cancelled():
        over.exception()
