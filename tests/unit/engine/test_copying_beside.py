"""A copy beside what else goes on: building the file anew, a person's clicks, and the end of the program."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path

import pytest

from support.day import HandClock
from zendera_desk.domain.changes import Change, Changes, CopiesChanged
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.engine.copying import Copying
from zendera_desk.engine.keeping import Keeping
from zendera_desk.settings import Settings
from zendera_desk.store import backups
from zendera_desk.store.database import Database
from zendera_desk.store.places import COPIES


class Standing(threading.Event):
    """Work that stands still in the middle until it is set; `reached` when it does."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()

    def stand(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            assert self.wait(20)


class Beside:
    def __init__(self, folder: Path, database: Database) -> None:
        clock, changes = HandClock(), Changes()
        self.folder = folder
        self.database = database
        self.heard: list[Change] = []
        changes.subscribe(self.heard.append)
        self.copying = Copying(folder, database, clock, changes, UTC)
        self.keeping = Keeping(folder, database, clock, changes, Settings)

    async def click(self) -> None:
        await self.database.write(lambda conn: conn.execute("insert into t values ('a click')"))

    def left(self) -> list[str]:
        return [path.name for path in (self.folder / COPIES).glob("*")]


@pytest.fixture
async def beside(tmp_path: Path) -> AsyncIterator[Beside]:
    """Two megabytes: more than one step of a copy."""
    database = await Database.open(tmp_path)
    await database.write(lambda conn: conn.execute("create table t (a)"))
    await database.write(lambda conn: conn.executemany("insert into t values (?)", [(b"x" * 4000,)] * 3000))
    one = Beside(tmp_path, database)
    yield one
    one.keeping.close()
    await one.copying.close()
    await database.close()


@pytest.fixture
def halfway(monkeypatch: pytest.MonkeyPatch) -> Standing:
    """The disk: a copy stands still after its first step."""
    standing = Standing()

    class Slow(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, *, pages: int = -1, progress: object = None, **_: object) -> None:  # type: ignore[override]
            def stand(status: int, remaining: int, total: int) -> None:
                standing.stand()
                if callable(progress):
                    progress(status, remaining, total)

            super().backup(target, pages=pages, progress=stand)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **{"factory": Slow, **named}))
    return standing


async def test_while_a_copy_is_being_made_the_file_is_not_built_anew_and_no_click_waits(beside: Beside, halfway: Standing) -> None:
    copying = asyncio.ensure_future(beside.copying.make(CopyKind.HOURLY))
    assert await asyncio.to_thread(halfway.reached.wait, 10)
    compacting = asyncio.ensure_future(beside.keeping.compact())
    async with asyncio.timeout(2):  # SQLite would let the writer wait for the copy's reading, five seconds long
        assert not await compacting
        await beside.click()
    halfway.set()
    await copying
    assert await beside.keeping.compact()


async def test_while_the_file_is_built_anew_a_copy_waits_for_its_turn(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    building = Standing()
    is_set = beside.keeping._way.is_set

    def asked() -> bool:  # by SQLite, in the middle
        building.stand()
        return is_set()

    monkeypatch.setattr(beside.keeping._way, "is_set", asked)
    compacting = asyncio.ensure_future(beside.keeping.compact())
    assert await asyncio.to_thread(building.reached.wait, 10)
    copying = asyncio.ensure_future(beside.copying.make(CopyKind.BY_HAND))
    await asyncio.wait({copying}, timeout=0.3)
    assert not beside.left()
    building.set()
    assert await compacting, "no copy held the log"
    assert [(await copying).path.name] == beside.left()


async def test_closing_ends_a_copy_in_the_middle_and_leaves_nothing_of_it(beside: Beside, halfway: Standing) -> None:
    copying = asyncio.ensure_future(beside.copying.make(CopyKind.HOURLY))
    assert await asyncio.to_thread(halfway.reached.wait, 10)
    assert beside.left()
    closing = asyncio.ensure_future(beside.copying.close())
    await asyncio.wait({closing}, timeout=0.1)
    assert not closing.done(), "it is waited for"
    halfway.set()
    await closing
    assert not beside.left()
    with pytest.raises(StoreError, match="closed"):
        await copying
    assert not backups.failure(beside.folder), "nothing went wrong"
    assert CopiesChanged() not in beside.heard


async def test_closing_ends_the_checking_of_a_copy_too(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large database it takes as long as the copying."""
    check = backups._check

    def closed_meanwhile(*given: object) -> None:
        beside.copying.stop()
        check(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(backups, "_check", closed_meanwhile)
    with pytest.raises(StoreError, match="closed"):
        await beside.copying.make(CopyKind.HOURLY)
    assert not beside.left()


async def test_a_copy_that_waits_for_its_turn_is_not_begun_any_more_when_the_program_closes(beside: Beside) -> None:
    async with beside.database.whole:
        copying = asyncio.ensure_future(beside.copying.make(CopyKind.BY_HAND))
        await asyncio.wait({copying}, timeout=0.05)
        await beside.copying.close()
    with pytest.raises(StoreError, match="closed"):
        await copying
    assert not beside.left()
    assert await beside.copying.step(HandClock().now()) is None
