"""Writes that are wanted at the same moment become one transaction: the disk is waited for once, and not once for each.

What is wanted while one transaction is being written waits for it and is written by the next, in the order it was wanted. Nothing is
promised earlier for that: a write that returns is on disk.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Concatenate, Final, NamedTuple, ParamSpec, TypeVar

from zendera_desk.store.database import Connection, Database

P = ParamSpec("P")
T = TypeVar("T")


class _Wanted(NamedTuple):
    work: Callable[[Connection], object]
    done: "asyncio.Future[object]"


class Together:
    """The database, for those who write little and often beside each other."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._wanted: list[_Wanted] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `Database.write`: once begun it ends, even if the caller is cancelled. It may be begun more than once, since a
        transaction in which another one's work failed leaves nothing behind."""
        loop = asyncio.get_running_loop()
        results: list[T] = []
        wanted = _Wanted(lambda conn: results.append(function(conn, *args, **kwargs)), loop.create_future())
        self._wanted.append(wanted)
        if self._writing is None:
            self._writing = loop.create_task(self._write_all(), name="write together")
        await asyncio.shield(wanted.done)
        return results[-1]

    async def _write_all(self) -> None:
        group: list[_Wanted] = []
        try:
            while self._wanted:
                group, self._wanted = self._wanted, []
                await self._write_group(group)
        finally:
            self._writing = None
            for wanted in (*group, *self._wanted):
                wanted.done.cancel()  # what is done stays as it is; the others are left when the loop ends

    async def _write_group(self, group: Sequence[_Wanted]) -> None:
        """One that fails has nothing to do with the others: then each is written alone."""
        try:
            await self._database.write(_each, [wanted.work for wanted in group])
        except Exception as error:  # noqa: BLE001 (it is raised where it was wanted)
            if len(group) == 1:
                group[0].done.set_exception(error)
                return
            for wanted in group:
                await self._write_group([wanted])
        else:
            for wanted in group:
                wanted.done.set_result(None)


def _each(conn: Connection, works: Sequence[Callable[[Connection], object]]) -> None:
    for work in works:
        work(conn)
