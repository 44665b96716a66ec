"""Writes that meet are one transaction; a write that returned is on disk all the same, and one that fails is nobody else's trouble."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from unit.store.office import ACCOUNT, NOON
from zendera_desk.domain.ids import EntryId
from zendera_desk.domain.views import Account
from zendera_desk.engine.together import Together
from zendera_desk.store import accounts, calls, outbox
from zendera_desk.store.database import FILE_NAME, Connection, Database

Meanwhile = Callable[[Together], list[Awaitable[int]]]


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[tuple[Database, list[str]]]:
    """And what SQLite was told to do."""
    database, told = await Database.open(folder), list[str]()
    try:
        await database.write(accounts.save, Account(id=ACCOUNT, name="Nordlys", base_url="https://example.com/api/"), NOON)
        await database.write(lambda conn: conn.set_trace_callback(told.append))
        told.clear()
        yield database, told
    finally:
        await database.close()


async def wanted_at_once(database: Database, meanwhile: Meanwhile) -> list[int | BaseException]:
    """`meanwhile` wants its writes while another one is being written."""
    together, begun, go_on = Together(database), threading.Event(), threading.Event()

    def slowly(conn: Connection) -> int:
        begun.set()
        go_on.wait()
        return calls.add(conn, ACCOUNT, NOON)

    first = asyncio.ensure_future(together.write(slowly))
    await asyncio.to_thread(begun.wait)
    others = [asyncio.ensure_future(each) for each in meanwhile(together)]
    await asyncio.sleep(0)
    go_on.set()
    return await asyncio.gather(first, *others, return_exceptions=True)


def on_disk(folder: Path) -> int:
    with closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        return int(conn.execute("select count(*) from call").fetchone()[0])


async def test_what_is_wanted_while_one_is_written_goes_into_one_transaction(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, told):
        rows = await wanted_at_once(database, lambda together: [together.write(calls.add, ACCOUNT, NOON) for _ in range(5)])
        assert len(set(rows)) == 6
        assert [each.lower() for each in told].count("commit") == 2


async def test_a_write_that_returned_is_on_disk(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):
        await Together(database).write(calls.add, ACCOUNT, NOON)
        assert on_disk(tmp_path) == 1


async def test_one_that_fails_keeps_none_of_the_others_from_being_written(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):

        async def not_due(together: Together) -> int:
            await together.write(outbox.begin, [EntryId(7)], NOON)
            return 0

        def meanwhile(together: Together) -> list[Awaitable[int]]:
            return [together.write(calls.add, ACCOUNT, NOON), not_due(together), together.write(calls.add, ACCOUNT, NOON)]

        first, second, failed, third = await wanted_at_once(database, meanwhile)
        assert isinstance(failed, outbox.NotDueError)
        assert [type(row) for row in (first, second, third)] == [int] * 3
        assert on_disk(tmp_path) == 3


async def test_whoever_is_cancelled_while_waiting_has_it_written_all_the_same(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):
        together = Together(database)
        cancelled = asyncio.ensure_future(together.write(calls.add, ACCOUNT, NOON))
        await asyncio.sleep(0)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        await together.write(calls.add, ACCOUNT, NOON)
        assert on_disk(tmp_path) == 2
