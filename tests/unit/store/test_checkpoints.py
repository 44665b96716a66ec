import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from zendera_desk.store import checkpoints
from zendera_desk.store.database import FILE_NAME, PAGE, Connection, Database

SQLITES_OWN = 1_000
"""Pages of the log after which SQLite by itself makes the next commit wait."""


def fill(conn: Connection, pages: int) -> None:
    conn.execute("insert into recent_search (text, at) values (hex(randomblob(?)), 0)", (pages * PAGE // 4,))


def timers() -> list[asyncio.TimerHandle]:
    """That would wake somebody."""
    scheduled: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return [timer for timer in scheduled if not timer.cancelled()]


def size(folder: Path) -> int:
    return (folder / FILE_NAME).stat().st_size


async def grown(folder: Path, before: int) -> None:
    async with asyncio.timeout(10):
        while size(folder) == before:  # noqa: ASYNC110 (a file tells nobody)
            await asyncio.sleep(0.005)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path)
    yield database
    await database.close()


async def test_no_commit_copies_the_log_into_the_database_where_sqlite_would(store: Database, tmp_path: Path) -> None:
    before = size(tmp_path)
    await store.write(fill, SQLITES_OWN * 3 // 2)
    await store.write(fill, 1)
    assert size(tmp_path) == before


async def test_the_log_is_in_the_database_soon_after_the_last_of_several_writes(store: Database, tmp_path: Path) -> None:
    before = size(tmp_path)
    for _ in range(checkpoints.WORTH):
        await store.write(fill, 40)
    await grown(tmp_path, before)


async def test_nobody_is_woken_for_a_single_write(store: Database) -> None:
    before = timers()
    await store.write(fill, 1)
    assert timers() == before


async def test_a_write_puts_it_off(store: Database) -> None:
    for _ in range(checkpoints.WORTH):
        await store.write(fill, 1)
    (first,) = timers()
    await store.write(fill, 1)
    (second,) = timers()
    assert second.when() > first.when()


async def test_whoever_never_pauses_does_not_fill_the_disk(store: Database, tmp_path: Path) -> None:
    before = size(tmp_path)
    await store.write(fill, checkpoints.LATEST)
    assert size(tmp_path) > before


async def test_closing_leaves_no_timer(tmp_path: Path) -> None:
    store = await Database.open(tmp_path)
    for _ in range(checkpoints.WORTH):
        await store.write(fill, 1)
    await store.close()
    assert timers() == []
