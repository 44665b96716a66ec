"""A copy every hour in which something happened, made beside the work and never in its way."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from support.day import HandClock
from zendera_desk.domain.changes import Change, Changes, CopiesChanged, Trouble
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.engine.copying import AFTER_FAILURE, FIRST, PACE, Copying
from zendera_desk.store import backups
from zendera_desk.store.database import PAGE, Database, to_ms


class Hours:
    """A database with its copies, on a clock that the test moves."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.clock = HandClock()
        self.heard: list[Change] = []
        changes = Changes()
        changes.subscribe(self.heard.append)
        self.copying = Copying(folder, database, self.clock, changes, UTC)

    async def work(self) -> None:
        await self.database.write(
            lambda conn: conn.execute(
                "insert into account (id, name, base_url, made_at) select 'a' || count(*), 'Nordlys', 'https://x/', 1 from account"
            )
        )

    async def step(self, **later: float) -> timedelta:
        """How long until it wants to be called again."""
        now = self.clock.move(**later)
        due = await self.copying.step(now)
        assert due is not None
        return due - now

    def made(self) -> int:
        return len(backups.copies(self.folder))


@pytest.fixture
async def hours(tmp_path: Path) -> AsyncIterator[Hours]:
    database = await Database.open(tmp_path)
    one = Hours(tmp_path, database)
    yield one
    await one.copying.close()
    await database.close()


async def test_whoever_has_just_sat_down_gets_the_disk_for_themselves(hours: Hours) -> None:
    await hours.work()
    assert await hours.step() == FIRST
    assert hours.made() == 0
    assert await hours.step(minutes=2) == PACE
    assert hours.made() == 1
    assert CopiesChanged() in hours.heard


async def test_an_hour_in_which_nothing_happened_gets_no_copy(hours: Hours) -> None:
    await hours.work()
    await hours.step(minutes=2)
    for _ in range(3):
        assert await hours.step(hours=1) == PACE
    assert hours.made() == 1
    await hours.work()
    await hours.step(hours=1)
    assert hours.made() == 2


async def test_a_program_that_is_started_often_makes_no_more_copies_for_that(hours: Hours) -> None:
    await hours.work()
    await hours.step(minutes=2)
    await hours.work()
    again = Copying(hours.folder, hours.database, hours.clock, Changes(), UTC)
    now = hours.clock.move(minutes=10)
    assert await again.step(now) == now + timedelta(minutes=50)
    assert hours.made() == 1
    await again.close()


async def test_after_another_file_took_the_database_s_place_a_copy_is_made_soon(hours: Hours) -> None:
    await hours.work()
    await hours.step(minutes=2)
    notice = "insert into notice (at, content) values (?, '{}')"
    at = to_ms(hours.clock.move(minutes=5))
    await hours.database.write(lambda conn: conn.execute(notice, (at,)))
    assert await hours.step() == PACE
    assert hours.made() == 2


async def test_a_clock_that_was_set_back_does_not_keep_copies_from_being_made(hours: Hours) -> None:
    await hours.work()
    await hours.step(minutes=2)
    hours.clock.jump(days=-400)
    await hours.work()
    again = Copying(hours.folder, hours.database, hours.clock, Changes(), UTC)
    await again.step(hours.clock.move(minutes=3))
    assert hours.made() == 2
    await again.close()


@pytest.mark.expected_log("no copy of the database could be made")
async def test_a_copy_that_fails_is_tried_again_soon_and_keeps_nobody_from_working(hours: Hours, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 1000})())
        await hours.work()
        assert await hours.step(minutes=2) == AFTER_FAILURE
        state = await hours.copying.state()
        assert (state.code, state.failed_at, state.made_at) == ("disk_full", hours.clock.now(), None)
        await hours.work()
    assert await hours.step(minutes=10) == PACE
    state = await hours.copying.state()
    assert (state.code, state.failed_at, state.made_at) == ("", None, hours.clock.now())


@pytest.mark.expected_log("no copy of the database could be made", "the database is damaged")
async def test_a_copy_that_is_not_sound_finds_out_that_the_database_is_not(hours: Hours) -> None:
    await hours.work()
    page = await hours.database.read(
        lambda conn: conn.execute("select rootpage from sqlite_master where name = 'shipment_seen'").fetchone()[0]
    )
    await hours.database.close()
    with (hours.folder / "desk.sqlite3").open("rb+") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xff" * PAGE)
    opened = await Database.open(hours.folder)
    again = Copying(hours.folder, opened, hours.clock, (changes := Changes()), UTC)
    changes.subscribe(hours.heard.append)
    with pytest.raises(StoreError, match="damaged"):
        await again.make(CopyKind.BY_HAND)
    assert [change.error.code for change in hours.heard if isinstance(change, Trouble)] == ["damaged"]
    with pytest.raises(StoreError, match="damaged"):
        await opened.write(lambda conn: conn.execute("delete from call"))
    assert hours.made() == 0
    await again.close()
    await opened.close()
