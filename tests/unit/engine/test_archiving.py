"""Old shipments go into a file of their own: whole, once, whatever ends the program meanwhile, and nothing else goes."""

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from support.day import HandClock
from unit.engine.archive_office import ACCOUNT, AGE, DONE, JPEG, OF_ORDER, PICTURE, SINCE, YOUNG, Office, another, fill, made_by, make, sql
from unit.store.office import arrive, opened, shipment, write
from zendera_desk.domain.archives import Archived, Stage, WouldGo
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.engine.archiving import Archiving
from zendera_desk.store import archive_file, archives, archiving, drafts, listing, search
from zendera_desk.store.database import Database


class KilledError(BaseException):
    """The program ends here, and does nothing any more."""


class Usage(NamedTuple):
    """Of a disk."""

    free: int


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    fill(folder, HandClock())
    return folder


@pytest.fixture
def office(past: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(archiving, "AT_ONCE", 5)
    monkeypatch.setattr(archive_file, "WRITTEN", 5)
    return another(past, tmp_path)


# What goes


async def test_what_is_old_and_done_goes_whole_and_nothing_else_does(office: Office) -> None:
    done = await made_by(office)
    assert office.look() == set(DONE)
    assert (done.shipments, done.cancelled, done.archive and done.archive.path) == (len(DONE), False, office.archive)
    assert office.leftovers() == []
    assert office.pending() is None


async def test_the_count_before_is_the_count_after(office: Office) -> None:
    async with office.program() as program:
        counted = await program.would_go(ACCOUNT, office.clock.now() - SINCE)
        assert counted.shipments == (await make(office, program)).shipments == len(DONE)
        assert await program.would_go(ACCOUNT, office.clock.now() - SINCE) == WouldGo()


async def test_the_audit_row_of_every_send_stays_in_the_database(office: Office) -> None:
    """No row of the outbox is ever deleted: order, moment, person and hash stay, as after retention."""
    await made_by(office)
    with contextlib.closing(sqlite3.connect(office.live)) as conn:
        rows = conn.execute("select order_id, made_by, length(sha256), payload, words, purged_at is null from entry").fetchall()
        tries = conn.execute("select count(*), max(answer) from attempt where entry_id <= ?", (len(DONE),)).fetchone()
    emptied = [row for row in rows if row[0] in DONE]
    assert emptied == [(order_id, "Kari", 64, b"", "", 0) for order_id in DONE]
    assert tries == (len(DONE), "")


async def test_the_pictures_go_along_as_they_were_sent(office: Office) -> None:
    await made_by(office)
    with contextlib.closing(archives.opened(office.archive)) as conn:
        assert [tuple(row) for row in conn.execute("select picture_id, jpeg from archived_picture")] == [(PICTURE.id, JPEG)]


async def test_changes_of_the_feed_that_belong_to_no_shipment_go_by_the_same_day(office: Office) -> None:
    await made_by(office)
    asked = "select product_id from feed_change where order_id is null"
    with contextlib.closing(sqlite3.connect(office.live)) as conn:
        assert conn.execute(asked).fetchall() == []
    with contextlib.closing(archives.opened(office.archive)) as conn:
        assert [row[0] for row in conn.execute(asked)] == [9077]


async def test_the_archive_is_listed_and_found_in_like_the_database(office: Office) -> None:
    await made_by(office)
    with contextlib.closing(archives.opened(office.archive)) as conn:
        counts = listing.view_counts(conn, ACCOUNT, office.clock.now())
        assert max(counts.values()) == len(DONE)
        assert len(list(search.matches(conn, ACCOUNT, "consignee 7"))) == 1
        assert len(list(search.matches(conn, ACCOUNT, "comment"))) == len(DONE)


async def test_the_counts_and_the_differences_of_the_list_are_right_afterwards(office: Office) -> None:
    await made_by(office)
    with contextlib.closing(sqlite3.connect(office.live)) as conn:
        conn.row_factory = sqlite3.Row
        assert max(listing.view_counts(conn, ACCOUNT, office.clock.now()).values()) == len(office.before) - len(DONE)
        asked = "select count(*), sum(to_accept), sum(to_report), sum(needs_me), sum(differs) from shipment"
        assert [tuple(row)[1:] for row in conn.execute("select * from tally")] == [tuple(row) for row in conn.execute(asked)]
        assert conn.execute("select count(*) from board_due where order_id not in (select order_id from shipment)").fetchone()[0] == 0


async def test_no_table_about_a_shipment_is_forgotten(office: Office) -> None:
    """Whoever adds one says here what becomes of it: it goes along, or it is of work that keeps the shipment here."""
    work = {"draft", "bulk_row", "board_due", "page_match", "seen_beside"}
    with contextlib.closing(sqlite3.connect(office.live)) as conn:
        tables = [row[0] for row in conn.execute("select name from sqlite_master where type = 'table'")]
        about = {table for table in tables if any(column[1] == "order_id" for column in conn.execute(f"pragma table_info({table})"))}
    assert about - work == set(OF_ORDER) == set(archive_file._OF_ORDER)


async def test_the_size_that_is_named_before_counts_the_pictures(office: Office) -> None:
    async with office.program() as program:
        before = await program.would_go(ACCOUNT, office.clock.now() - SINCE)
        sql(office.live, "update picture set size = size + 1000000000")
        after = await program.would_go(ACCOUNT, office.clock.now() - SINCE)
    assert after.size - before.size == 1_000_000_000
    assert (before.shipments, before.oldest) == (len(DONE), office.clock.now() - AGE)


async def test_where_nothing_is_old_no_file_is_made(office: Office) -> None:
    async with office.program() as program:
        assert await program.make(ACCOUNT, office.clock.now() - 2 * AGE) == Archived()
    assert archives.archives(office.folder) == []
    assert office.leftovers() == []


async def test_a_second_archive_has_only_what_came_since(office: Office) -> None:
    await made_by(office)
    office.clock.move(days=SINCE.days + 1)
    async with office.program() as program:
        again = await make(office, program)
    assert again.shipments == 1
    assert office.look() == {*DONE, YOUNG}
    assert len(archives.archives(office.folder)) == 2


async def test_an_archive_says_who_made_it_and_up_to_when(office: Office) -> None:
    await made_by(office)
    facts = archives.look(office.archive)
    assert (facts.made_by, facts.desk, facts.shipments) == ("Kari", "front", len(DONE))
    assert (facts.until, facts.made_at) == (office.clock.now() - SINCE, office.clock.now())


# What happens meanwhile


async def test_what_somebody_works_on_meanwhile_stays_and_is_in_no_archive(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft is begun, and another version arrives, after the file was written."""
    check = archive_file.check

    def meanwhile(work: Path, stopped: Callable[[], bool]) -> None:
        check(work, stopped)
        with opened(office.folder) as conn:
            write(conn, drafts.save, ACCOUNT, OrderId(3), Draft(comment="The driver phoned"), office.clock.now())
            arrive(conn, shipment(4, name="Consignee 4, moved"), now=office.clock.now())

    monkeypatch.setattr(archive_file, "check", meanwhile)
    done = await made_by(office)
    for order_id in (3, 4):
        del office.before[order_id]
        assert held(office.live, order_id)
        assert not held(office.archive, order_id)
    assert done.shipments == len(DONE) - 2
    assert office.look() == set(DONE) - {3, 4}
    assert b"nee 3" not in office.archive.read_bytes()


def held(path: Path, order_id: int) -> bool:
    with contextlib.closing(sqlite3.connect(path)) as conn:
        return conn.execute("select 1 from shipment where order_id = ?", (order_id,)).fetchone() is not None


@pytest.mark.parametrize("stage", [Stage.COPYING, Stage.CHECKING])
async def test_cancelled_before_it_has_its_name_nothing_has_happened(office: Office, stage: Stage) -> None:
    async with office.program() as program:
        when_told(program, stage, program.cancel)
        assert await make(office, program) == Archived(cancelled=True)
    assert office.look() == set()
    assert office.leftovers() == []
    assert office.pending() is None


async def test_cancelled_later_it_keeps_what_was_taken_out_and_gives_up_the_rest(office: Office) -> None:
    async with office.program() as program:
        when_told(program, Stage.TAKING_OUT, program.cancel, at=5)
        done = await make(office, program)
    assert done.cancelled
    archived = office.look()
    assert done.shipments == len(archived) == 10
    with contextlib.closing(sqlite3.connect(office.live)) as conn:
        assert conn.execute("select count(*) from feed_change where order_id is null").fetchone()[0] == 1
    assert office.pending() is None


async def test_cancelled_at_the_first_few_the_archive_has_those_few(office: Office) -> None:
    async with office.program() as program:
        when_told(program, Stage.TAKING_OUT, program.cancel, at=-1)
        done = await make(office, program)
    assert done.cancelled
    assert office.look() == set(range(1, 6))


async def test_a_program_that_is_closed_meanwhile_goes_on_at_the_next_start(office: Office) -> None:
    async with office.program() as program:
        when_told(program, Stage.TAKING_OUT, program.close, at=5)
        with pytest.raises(StoreError, match="closed"):
            await make(office, program)
    assert office.pending() is not None
    async with office.program() as program:
        await program.step(office.clock.now())
    assert office.look() == set(DONE)
    assert office.pending() is None


def when_told(program: Archiving, stage: Stage, act: Callable[[], None], at: int = 0) -> None:
    def told(_change: object) -> None:
        progress = program.progress
        if progress is not None and progress.stage is stage and progress.done >= at:
            act()

    program._changes.subscribe(told)


# Ends


class Killing:
    """Ends the program at the nth border between two steps."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int) -> None:
        self._left = at
        self.has_killed = False
        for module, names in ((archive_file, ("write", "check", "give_name", "leave_out")), (archives, ("drop",))):
            for name in names:
                patch.setattr(module, name, self._between(getattr(module, name)))
        write_to = Database.write

        async def written(store: Database, *what: object) -> object:
            self._border()
            result: object = await write_to(store, *what)  # type: ignore[arg-type]
            self._border()
            return result

        patch.setattr(Database, "write", written)

    def _between(self, step: Callable[..., object]) -> Callable[..., object]:
        def done(*what: object, **how: object) -> object:
            self._border()
            result = step(*what, **how)
            self._border()
            return result

        return done

    def _border(self) -> None:
        if self.has_killed:
            raise KilledError
        self._left -= 1
        if self._left < 0:
            self.has_killed = True
            raise KilledError


@pytest.mark.parametrize("cancelled", [False, True])
async def test_killed_between_any_two_steps_each_shipment_is_in_one_place_whole(
    past: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    monkeypatch.setattr(archiving, "AT_ONCE", 5)
    ended_by_itself, kills = False, 0
    for at in range(200):
        office = another(past, tmp_path / str(at))
        async with office.program() as program:
            if cancelled:
                when_told(program, Stage.TAKING_OUT, program.cancel, at=5)
            with monkeypatch.context() as patch:
                killing = Killing(patch, at)
                with contextlib.suppress(KilledError):
                    await make(office, program)
                    ended_by_itself = True
        if killing.has_killed:
            kills += 1
            nothing_is_lost(office)
        async with office.program() as program:
            await program.step(office.clock.now())
            office.look()
            assert office.pending() is None
            assert office.leftovers() == []
            if not cancelled:
                await make(office, program)
                assert office.look() == set(DONE)
        shutil.rmtree(tmp_path / str(at))
        if ended_by_itself:
            break
    assert ended_by_itself
    assert kills > 15


def nothing_is_lost(office: Office) -> None:
    """At the very moment of the end a shipment may be in both files, and is missing in neither."""
    files = [archive.path for archive in archives.archives(office.folder)]
    for order_id in office.before:
        assert held(office.live, order_id) or any(held(file, order_id) for file in files)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
@pytest.mark.parametrize(
    ("stage", "done", "taken_out"),
    [(Stage.COPYING, 0, 0), (Stage.CHECKING, 0, 0), (Stage.TAKING_OUT, archiving.AT_ONCE, archiving.AT_ONCE), (Stage.GIVING_BACK, 0, 12)],
)
async def test_a_program_that_is_really_killed_loses_nothing_and_the_next_one_completes_it(
    past: Path, tmp_path: Path, stage: Stage, done: int, taken_out: int
) -> None:
    office = another(past, tmp_path)
    here = Path(__file__).parents[3]
    order = [sys.executable, "-m", "unit.engine.archive_child", str(office.folder), stage.value, str(done)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(here), str(here / "tests")))}
    ended = await asyncio.to_thread(subprocess.run, order, env=environment, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    nothing_is_lost(office)
    assert len(set(office.before) - set(live_orders(office))) == taken_out
    async with office.program() as program:
        await program.step(office.clock.now())
        office.look()
        await make(office, program)
    assert office.look() == set(DONE)
    assert (office.leftovers(), office.pending()) == ([], None)


async def test_halves_that_a_kill_left_are_gone_after_the_next_start(office: Office) -> None:
    place = office.folder / "archives"
    place.mkdir()
    (place / "archive.new").write_bytes(b"half of an archive")
    (place / "archive.new-journal").write_bytes(b"")
    async with office.program() as program:
        await program.step(office.clock.now())
    assert office.leftovers() == []


@pytest.mark.expected_log("an archive cannot be read")
async def test_from_an_archive_that_was_damaged_before_the_end_nothing_more_is_taken_out(office: Office) -> None:
    async with office.program() as program:
        when_told(program, Stage.TAKING_OUT, program.close, at=5)
        with pytest.raises(StoreError, match="closed"):
            await make(office, program)
    before = live_orders(office)
    office.archive.write_bytes(office.archive.read_bytes()[:20_000])
    async with office.program() as program:
        await program.step(office.clock.now())
    assert live_orders(office) == before
    assert office.pending() is None


def live_orders(office: Office) -> list[int]:
    with contextlib.closing(sqlite3.connect(office.live)) as conn:
        return [row[0] for row in conn.execute("select order_id from shipment order by order_id")]


# A disk without room


async def test_without_room_nothing_is_begun(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _place: Usage(free=1_000_000))
        with pytest.raises(StoreError, match="disk_full"):
            await made_by(office)
    assert office.look() == set()
    assert office.leftovers() == []


@pytest.mark.parametrize("pages", [40, 90, 110])
async def test_a_disk_that_fills_while_the_file_is_written_leaves_nothing_behind(
    office: Office, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    """SQLite's own limit of pages stands for the disk: it answers with the same error."""
    made = archive_file._made

    def small(work: Path) -> sqlite3.Connection:
        conn = made(work)
        conn.execute(f"pragma max_page_count = {pages}")
        return conn

    with monkeypatch.context() as patch:
        patch.setattr(archive_file, "_made", small)
        with pytest.raises(StoreError, match="disk_full"):
            await made_by(office)
    assert office.look() == set()
    assert (office.leftovers(), office.pending()) == ([], None)
    await made_by(office)
    assert office.look() == set(DONE)
