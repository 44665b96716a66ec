"""Writes that are wanted at the same moment become one transaction: the disk is waited for once, and not once for each.

Whoever's turn on the writer's thread comes first writes for all who wait by then, in the order in which they wanted it; the others
find theirs done. So nobody writes for others in a task of their own, and nobody's being cancelled is anybody else's trouble.

Nothing is promised earlier for that: what is answered is on disk. Each is done once, and one that fails is taken back alone. Only
what ends the whole transaction, such as a disk that is too full to commit it, is the trouble of all.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Final, NamedTuple, TypeVar

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], object]


class _Wanted(NamedTuple):
    work: Work
    done: "Future[Any]"


class Together:
    def __init__(self, transact: Callable[[Work], object], said: Callable[[], AbstractContextManager[None]]) -> None:
        """`transact` runs what it is given in one transaction; within `said` SQLite's errors are ours."""
        self._transact: Final = transact
        self._said: Final = said
        self._wanted: Final = deque[_Wanted]()

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
