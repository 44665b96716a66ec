"""Writes that meet are one transaction; a write that returned is on disk all the same, and one that fails is nobody else's trouble."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from unit.store.office import ACCOUNT, NOON
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, EntryId
from zendera_desk.domain.views import Account
from zendera_desk.store import accounts, calls, outbox
from zendera_desk.store.database import FILE_NAME, Connection, Database
from zendera_desk.store.together import Together

Meanwhile = Callable[[], list[Awaitable[int]]]


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
    begun, go_on = threading.Event(), threading.Event()

    def slowly(conn: Connection) -> int:
        begun.set()
        go_on.wait()
        return calls.add(conn, ACCOUNT, NOON)

    first = asyncio.ensure_future(database.write_together(1, slowly))
    await asyncio.to_thread(begun.wait)
    others = [asyncio.ensure_future(each) for each in meanwhile()]
    await asyncio.sleep(0)
    go_on.set()
    return await asyncio.gather(first, *others, return_exceptions=True)


def _never_asked(_work: Callable[[], None]) -> "asyncio.Future[None]":
    raise AssertionError


def on_disk(folder: Path) -> int:
    with closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        return int(conn.execute("select count(*) from call").fetchone()[0])


async def test_what_is_wanted_while_one_is_written_goes_into_one_transaction(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, told):
        rows = await wanted_at_once(database, lambda: [database.write_together(1, calls.add, ACCOUNT, NOON) for _ in range(5)])
        assert len(set(rows)) == 6
        assert [each.lower() for each in told].count("commit") == 2


async def test_one_waits_a_moment_for_the_others_it_knows_of(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, told):

        async def later() -> int:
            for _ in range(3):
                await asyncio.sleep(0)
            return await database.write_together(2, calls.add, ACCOUNT, NOON)

        first, second = await asyncio.gather(database.write_together(2, calls.add, ACCOUNT, NOON), later())
        assert first != second
        assert [each.lower() for each in told].count("commit") == 1


async def test_one_whose_others_do_not_come_is_written_all_the_same(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):
        await database.write_together(8, calls.add, ACCOUNT, NOON)
        assert on_disk(tmp_path) == 1


async def test_closing_waits_for_nobody_who_did_not_come(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):
        waiting = asyncio.ensure_future(database.write_together(8, calls.add, ACCOUNT, NOON))
        await asyncio.sleep(0)
        await database.close()
        assert isinstance(await waiting, int)
        assert on_disk(tmp_path) == 1


async def test_of_a_thousand_from_everywhere_each_is_written_and_heard_of(tmp_path: Path) -> None:
    """Whatever the writer's thread is at when one is wanted: a turn that has begun must not be waited for by what it did not see."""
    async with office(tmp_path) as (database, _):

        async def one(number: int) -> int:
            for _ in range(number % 7):
                await asyncio.sleep(0)
            return await database.write_together(number % 9, calls.add, ACCOUNT, NOON)

        rows = [row for start in range(0, 1000, 20) for row in await asyncio.gather(*map(one, range(start, start + 20)))]
        assert len(set(rows)) == on_disk(tmp_path) == 1000


async def test_a_write_that_returned_is_on_disk(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):
        await database.write_together(1, calls.add, ACCOUNT, NOON)
        assert on_disk(tmp_path) == 1


async def test_one_that_fails_keeps_none_of_the_others_from_being_written(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):

        def not_due(conn: Connection) -> int:
            calls.add(conn, ACCOUNT, NOON)
            outbox.begin(conn, [EntryId(7)], NOON)
            return 0

        def meanwhile() -> list[Awaitable[int]]:
            right = (database.write_together(1, calls.add, ACCOUNT, NOON) for _ in range(2))
            return [next(right), database.write_together(1, not_due), next(right)]

        first, second, failed, third = await wanted_at_once(database, meanwhile)
        assert isinstance(failed, outbox.NotDueError)
        assert [type(row) for row in (first, second, third)] == [int] * 3
        assert on_disk(tmp_path) == 3  # and nothing of the one that failed


async def test_each_is_done_once_whatever_becomes_of_those_beside_it(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):
        done: list[int] = []

        def divide(_conn: Connection, number: int) -> int:
            done.append(number)
            return 1 // number

        def meanwhile() -> list[Awaitable[int]]:
            return [database.write_together(1, divide, number) for number in (2, 0, 1)]

        _, _, failed, _ = await wanted_at_once(database, meanwhile)
        assert isinstance(failed, ZeroDivisionError)
        assert done == [2, 0, 1]


async def test_what_cannot_be_committed_was_written_for_nobody(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):

        def is_of_nobody(conn: Connection) -> int:
            conn.execute("pragma defer_foreign_keys = on")
            return calls.add(conn, AccountId("nobody"), NOON)

        def meanwhile() -> list[Awaitable[int]]:
            return [database.write_together(1, calls.add, ACCOUNT, NOON), database.write_together(1, is_of_nobody)]

        first, *others = await wanted_at_once(database, meanwhile)
        assert isinstance(first, int)
        assert [type(other) for other in others] == [sqlite3.IntegrityError] * 2
        assert on_disk(tmp_path) == 1
        await database.write_together(1, calls.add, ACCOUNT, NOON)
        assert on_disk(tmp_path) == 2


async def test_where_sqlite_takes_all_of_it_back_everybody_hears_why(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):

        def ends_it(conn: Connection) -> int:
            conn.execute("insert or rollback into call (account, at) values (null, null)")
            return 0

        def meanwhile() -> list[Awaitable[int]]:
            return [database.write_together(1, calls.add, ACCOUNT, NOON), database.write_together(1, ends_it)]

        _, *others = await wanted_at_once(database, meanwhile)
        assert [type(other) for other in others] == [sqlite3.IntegrityError] * 2
        assert on_disk(tmp_path) == 1


async def test_closing_waits_for_what_is_wanted(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):

        async def closed() -> int:
            await database.close()
            return 0

        def meanwhile() -> list[Awaitable[int]]:
            return [database.write_together(1, calls.add, ACCOUNT, NOON), closed()]

        assert [type(each) for each in await wanted_at_once(database, meanwhile)] == [int] * 3
        assert on_disk(tmp_path) == 2
        with pytest.raises(StoreError, match="closed"):
            await database.write_together(1, calls.add, ACCOUNT, NOON)


async def test_whoever_is_cancelled_while_waiting_has_it_written_all_the_same(tmp_path: Path) -> None:
    async with office(tmp_path) as (database, _):
        cancelled = asyncio.ensure_future(database.write_together(1, calls.add, ACCOUNT, NOON))
        await asyncio.sleep(0)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        await database.write_together(1, calls.add, ACCOUNT, NOON)
        assert on_disk(tmp_path) == 2


def test_what_was_given_up_before_its_turn_is_not_written_later_by_another() -> None:
    """Its caller was told that it failed, and has done something about it."""
    with closing(sqlite3.connect(":memory:")) as conn:
        together = Together(_never_asked, lambda work: work(conn), contextlib.nullcontext)
        conn.execute("create table note (words text)")
        given_up = together.want(lambda conn: conn.execute("insert into note values ('given up')").rowcount)
        kept = together.want(lambda conn: conn.execute("insert into note values ('kept')").rowcount)
        assert given_up.cancel()
        together.write_all()
        assert kept.result(0) == 1
        assert conn.execute("select words from note").fetchall() == [("kept",)]


async def test_after_a_turn_that_never_began_there_is_another(tmp_path: Path) -> None:
    """As where a thread cannot be started."""
    async with office(tmp_path) as (database, _):
        ask, failed = database._together._ask, list[BaseException]()

        def once(work: Callable[[], None]) -> "asyncio.Future[None]":
            if failed:
                return ask(work)
            failed.append(OSError("can't start new thread"))
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            future.set_exception(failed[0])
            return future

        object.__setattr__(database._together, "_ask", once)
        with pytest.raises(OSError, match="thread"):
            await database.write_together(1, calls.add, ACCOUNT, NOON)
        await database.write_together(1, calls.add, ACCOUNT, NOON)
        assert on_disk(tmp_path) == 1
