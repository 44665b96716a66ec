"""Whose turn it is on the writer's thread: a click does not wait for pages of the feed that were asked for before it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from zendera_desk.store.database import Connection, Database
from zendera_desk.store.turns import OVERTAKEN, Turns


@asynccontextmanager
async def held(turns: Turns) -> AsyncIterator[None]:
    """The thread is busy, as with a page of the feed, until this is left."""
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        go_on.wait(10)

    first = turns.ask(slowly)
    assert await asyncio.to_thread(begun.wait, 10)
    try:
        yield
    finally:
        go_on.set()
        await first


@pytest.fixture
def turns() -> Iterator[Turns]:
    with ThreadPoolExecutor(1) as thread:
        yield Turns(thread)


async def test_what_cannot_wait_goes_first_and_what_is_alike_in_its_order(turns: Turns) -> None:
    told: list[str] = []
    asked: list[asyncio.Future[None]] = []
    async with held(turns):
        for what, can_wait in (("page 1", True), ("page 2", True), ("click 1", False), ("page 3", True), ("click 2", False)):
            asked.append(turns.ask(lambda what=what: told.append(what), can_wait=can_wait))  # type: ignore[misc]
    await asyncio.gather(*asked)
    assert told == ["click 1", "click 2", "page 1", "page 2", "page 3"]


async def test_what_can_wait_does_not_wait_for_ever_while_there_is_always_something_else(turns: Turns) -> None:
    told: list[str] = []
    async with held(turns):
        pages = [turns.ask(lambda: told.append("page"), can_wait=True) for _ in range(2)]
        answers = [turns.ask(lambda: told.append("answer")) for _ in range(3 * OVERTAKEN)]
    await asyncio.gather(*pages, *answers)
    assert [place for place, what in enumerate(told) if what == "page"] == [OVERTAKEN, 2 * OVERTAKEN + 1]


async def test_what_fails_or_is_cancelled_takes_nobody_elses_turn(turns: Turns) -> None:
    told: list[str] = []

    def fails() -> None:
        raise ValueError("a fault")

    async with held(turns):
        broken, given_up, right = turns.ask(fails), turns.ask(lambda: told.append("given up")), turns.ask(lambda: 2, can_wait=True)
        assert given_up.cancel()
    assert await right == 2
    with pytest.raises(ValueError, match="a fault"):
        await broken
    assert not told


async def test_a_thread_that_has_ended_takes_nothing_more() -> None:
    with ThreadPoolExecutor(1) as thread:
        turns = Turns(thread)
    with pytest.raises(RuntimeError):
        turns.ask(lambda: 1)
    assert not turns._first


async def test_what_a_thread_did_not_take_before_it_was_told_to_end_is_cancelled(turns: Turns) -> None:
    async with held(turns):
        page, click = turns.ask(lambda: 1, can_wait=True), turns.ask(lambda: 2)
        turns._thread.shutdown(wait=False, cancel_futures=True)  # type: ignore[call-arg]
    with pytest.raises(asyncio.CancelledError):
        await page
    assert click.cancelled()


async def test_a_click_overtakes_the_pages_of_the_feed(tmp_path: Path) -> None:
    database, told = await Database.open(tmp_path), list[str]()

    def note(_conn: Connection, what: str) -> None:
        told.append(what)

    try:
        async with held(database._turns):
            pages = [asyncio.ensure_future(database.write_later(note, f"page {number}")) for number in (1, 2)]
            await asyncio.sleep(0)
            click = asyncio.ensure_future(database.write(note, "click"))
            await asyncio.sleep(0)
        await asyncio.gather(*pages, click)
    finally:
        await database.close()
    assert told == ["click", "page 1", "page 2"]
