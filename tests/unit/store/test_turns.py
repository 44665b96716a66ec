"""Whose turn it is on the writer's thread: a click does not wait for pages of the feed that were asked for before it."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from zendera_desk.store.database import Connection, Database
from zendera_desk.store.turns import Turns


@contextmanager
def held(turns: Turns) -> Iterator[None]:
    """The thread is busy, as with a page of the feed, until this is left."""
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        go_on.wait(10)

    first = turns.ask(slowly)
    assert begun.wait(10)
    try:
        yield
    finally:
        go_on.set()
        first.result(10)


@pytest.fixture
def turns() -> Iterator[Turns]:
    with ThreadPoolExecutor(1) as thread:
        yield Turns(thread)


def test_what_cannot_wait_goes_first_and_what_is_alike_in_its_order(turns: Turns) -> None:
    told: list[str] = []
    asked: list[Future[None]] = []
    with held(turns):
        for what, can_wait in (("page 1", True), ("page 2", True), ("click 1", False), ("page 3", True), ("click 2", False)):
            asked.append(turns.ask(lambda what=what: told.append(what), can_wait=can_wait))  # type: ignore[misc]
    for each in asked:
        each.result(10)
    assert told == ["click 1", "click 2", "page 1", "page 2", "page 3"]


def test_what_fails_or_is_cancelled_takes_nobody_elses_turn(turns: Turns) -> None:
    def fails() -> None:
        raise ValueError("a fault")

    with held(turns):
        broken, given_up, right = turns.ask(fails), turns.ask(lambda: 1), turns.ask(lambda: 2, can_wait=True)
        assert given_up.cancel()
    assert right.result(10) == 2
    with pytest.raises(ValueError, match="a fault"):
        broken.result(10)


def test_a_thread_that_has_ended_takes_nothing_more() -> None:
    with ThreadPoolExecutor(1) as thread:
        turns = Turns(thread)
    with pytest.raises(RuntimeError):
        turns.ask(lambda: 1)
    assert not turns._first


async def test_a_click_overtakes_the_pages_of_the_feed(tmp_path: Path) -> None:
    database, told = await Database.open(tmp_path), list[str]()

    def note(_conn: Connection, what: str) -> None:
        told.append(what)

    try:
        with held(database._turns):
            pages = [asyncio.ensure_future(database.write_later(note, f"page {number}")) for number in (1, 2)]
            await asyncio.sleep(0)
            click = asyncio.ensure_future(database.write(note, "click"))
            await asyncio.sleep(0)
        await asyncio.gather(*pages, click)
    finally:
        await database.close()
    assert told == ["click", "page 1", "page 2"]
