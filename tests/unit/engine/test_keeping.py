"""Once a day what is over goes, everywhere, when nobody is kept waiting by it, and not because a clock is wrong."""

import contextlib
import errno
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from support.day import HandClock
from unit.store.office import ACCOUNT, arrive, bring, opened, shipment, write
from zendera_desk.domain.changes import Changes, DraftsChanged
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft
from zendera_desk.engine.keeping import AFTER_START, AGAIN, DAY, OFTEN, QUIET, SOON, Keeping
from zendera_desk.settings import Settings
from zendera_desk.store import backups, drafts, entering, places, purged_copies, retention, walks
from zendera_desk.store.database import FILE_NAME, Connection, Database

CANARY = "zqxcanary7f31"


class Usage(NamedTuple):
    """Of a disk."""

    free: int


class Office:
    """A data folder with one report that is done, and a program that is open over it."""

    def __init__(self, folder: Path, database: Database, clock: HandClock) -> None:
        self.folder = folder
        self.database = database
        self.clock = clock
        self.settings = Settings(keep_proofs_days=90, keep_shipments_days=400)
        self.changes = Changes()
        self.keeping = Keeping(folder, database, clock, self.changes, lambda: self.settings)

    async def step(self, **later: float) -> timedelta:
        """When it wants to be called again."""
        due = await self.keeping.step(self.clock.move(**later))
        assert due is not None
        return due - self.clock.now()

    async def started(self, **later: float) -> timedelta:
        await self.step(**later)
        return await self.step(seconds=AFTER_START.total_seconds())

    async def walked(self) -> None:
        """Zendera was reached."""
        now = self.clock.now()
        await self.database.write(walks.finish, ACCOUNT, set(), clean=True, began=now, settle=timedelta(0), now=now)

    async def words(self) -> str:
        return str(await self.database.read(lambda conn: conn.execute("select words from entry").fetchone()[0]))

    def found(self, place: str = "*") -> list[str]:
        return sorted(path.name for path in self.folder.rglob(place) if path.is_file() and CANARY.encode() in path.read_bytes())


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    clock = HandClock()
    now = clock.now()
    with opened(tmp_path) as conn:
        arrive(conn, shipment(1), now=now)
        entry = write(conn, _report, now)
        bring(conn, entry, State.CONFIRMED)
        write(conn, retention.note_closed, now)
        write(conn, retention.note_run, now)
    database = await Database.open(tmp_path, now)
    office = Office(tmp_path, database, clock)
    await office.walked()
    yield office
    office.keeping.close()
    await database.close()


def _report(conn: Connection, now: object) -> object:
    new = entering.NewEntry(order_id=OrderId(1), kind=Kind.REPORT, payload=CANARY.encode(), words=CANARY, draft=Draft(signee=CANARY))
    return entering.add_all(conn, ACCOUNT, [new], now=now, held_until=now, made_by="Kari", desk="front")[0]  # type: ignore[arg-type]


async def over(office: Office, days: float = 91) -> None:
    """The program was open in all those days."""
    office.clock.move(days=days)
    await office.database.write(retention.note_run, office.clock.now() - DAY)
    await office.walked()


# When


async def test_a_start_is_left_alone_and_then_a_day_that_passed_is_made_up_for(office: Office) -> None:
    await over(office)
    assert await office.step() == AFTER_START
    assert await office.words() == CANARY
    await office.step(seconds=AFTER_START.total_seconds())
    assert await office.words() == ""


async def test_it_runs_once_a_day(office: Office) -> None:
    await over(office)
    await office.started()
    ran_at = await office.database.read(retention.ran_at)
    for hours, runs in ((1, False), (22, False), (2, True)):
        await office.step(hours=hours)
        assert (await office.database.read(retention.ran_at) > ran_at) is runs


async def test_what_is_young_stays(office: Office) -> None:
    await over(office, days=89)
    await office.started()
    assert await office.words() == CANARY


async def test_after_a_long_pause_nothing_goes_until_zendera_was_reached(office: Office) -> None:
    """The clock may be ten years wrong: with such a one Zendera's certificate would have been refused."""
    await office.started(days=3650)
    assert await office.words() == CANARY
    await office.walked()
    await office.step(hours=1)
    assert await office.words() == ""


async def test_a_shorter_time_counts_at_once_and_a_longer_one_waits_for_the_day(office: Office) -> None:
    await office.started()
    woken: list[bool] = []
    office.keeping.when_asked = lambda: woken.append(True)
    office.clock.move(hours=30)
    before, office.settings = office.settings, msgspec.structs.replace(office.settings, keep_proofs_days=1)
    await office.database.write(retention.note_run, office.clock.now())
    office.keeping.prefer(office.settings, before)
    await office.step()
    assert (await office.words(), woken) == (CANARY, [])
    office.keeping.prefer(before, office.settings)
    await office.step()
    assert (await office.words(), woken) == ("", [True])


async def test_a_disk_that_is_full_keeps_everything_and_is_asked_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_values: object) -> None:
        raise StoreError("disk_full")

    await over(office)
    with monkeypatch.context() as patch:
        patch.setattr(retention, "note_closed", full)
        assert await office.started() == OFTEN
    assert await office.words() == CANARY
    await office.step(minutes=30)
    assert await office.words() == ""


# The file


async def test_the_file_is_built_anew_when_nobody_does_anything(office: Office) -> None:
    await over(office)
    office.changes.publish(DraftsChanged(frozenset()))
    assert await office.started() == AGAIN
    assert await office.database.read(retention.is_owed)
    office.keeping.make_way()
    assert await office.step(seconds=QUIET.total_seconds() - 1) == AGAIN
    await office.step(seconds=1)
    assert not await office.database.read(retention.is_owed)
    assert office.found() == []


async def test_after_a_day_without_a_quiet_moment_it_is_built_anew_all_the_same(office: Office) -> None:
    await over(office)
    office.keeping.make_way()
    await office.started()
    for _hour in range(24):
        assert await office.database.read(retention.is_owed)
        office.clock.move(hours=1)
        office.keeping.make_way()
        await office.step()
    assert not await office.database.read(retention.is_owed)


async def test_with_too_little_room_it_is_left_for_later(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await over(office)
    office.keeping._acted = -1e9
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _place: Usage(free=10_000_000))
        assert await office.started() == AGAIN
    assert await office.database.read(retention.is_owed)
    await office.step(minutes=5)
    assert not await office.database.read(retention.is_owed)


# Copies


async def test_what_has_gone_is_gone_from_the_copies_and_they_stay_copies(office: Office) -> None:
    copies = [backups.make(office.folder, CopyKind.HOURLY, office.clock.now())]
    await over(office)
    copies.append(backups.make(office.folder, CopyKind.BY_HAND, office.clock.now()))
    copies.reverse()
    assert len(office.found("desk-*")) == 2
    await through(office)
    assert office.found() == []
    assert backups.copies(office.folder) == [
        msgspec.structs.replace(copy, size=now.size) for copy, now in zip(copies, backups.copies(office.folder), strict=True)
    ]
    for copy in copies:
        with contextlib.closing(backups.open_copy(copy.path)) as conn:
            assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"
            assert conn.execute("pragma journal_mode").fetchone()[0] == "delete"
            assert conn.execute("select state, length(sha256) from entry").fetchone()[:] == ("confirmed", 64)
    assert not list((office.folder / places.COPIES).glob(f"{purged_copies.WORK}*"))


async def test_a_copy_in_which_it_is_still_open_is_dropped_once_there_is_a_newer_one(office: Office) -> None:
    """The copy can not let it go: to it the entry may still have to be sent."""
    stale = backups.make(office.folder, CopyKind.HOURLY, office.clock.now())
    with contextlib.closing(purged_copies._open(stale.path)) as conn:
        for trigger in ("entry_legal", "entry_frozen"):
            conn.execute(f"drop trigger {trigger}")
        conn.execute("update entry set state = 'sent', closed_at = null")
    await over(office)
    await through(office)
    assert [copy.path for copy in backups.copies(office.folder)] == [stale.path]
    backups.make(office.folder, CopyKind.HOURLY, office.clock.now())
    await office.step(minutes=30)
    await through(office)
    assert stale.path not in [copy.path for copy in backups.copies(office.folder)]
    assert office.found() == []


async def test_a_copy_with_a_draft_that_was_sent_long_ago_is_dropped(office: Office) -> None:
    await office.database.write(drafts.save, ACCOUNT, OrderId(1), Draft(comment=CANARY), office.clock.now())
    backups.make(office.folder, CopyKind.HOURLY, office.clock.now())
    await office.database.write(drafts.discard, ACCOUNT, OrderId(1))
    await over(office)
    backups.make(office.folder, CopyKind.HOURLY, office.clock.now())
    await through(office)
    assert office.found() == []
    assert len(backups.copies(office.folder)) == 1


async def test_what_is_still_here_stays_in_the_copies_too(office: Office) -> None:
    await office.database.write(drafts.save, ACCOUNT, OrderId(1), Draft(comment=CANARY), office.clock.now())
    for _each in range(2):
        backups.make(office.folder, CopyKind.HOURLY, office.clock.move(seconds=1))
    await over(office)
    await through(office)
    assert len(office.found("desk-*")) == 2


async def test_a_copy_that_a_newer_database_does_not_know_is_no_stale_one(office: Office) -> None:
    """The database went back to an older copy: a shipment that only the younger one has was never let go."""
    with contextlib.closing(backups.open_copy(backups.make(office.folder, CopyKind.HOURLY, office.clock.now()).path)) as conn:
        left = purged_copies._left(conn, retention.before(office.clock.now() + 50 * DAY, 90, 400))
    assert not await office.database.read(purged_copies.is_stale, left)


async def test_a_copy_of_another_form_goes_when_it_is_too_old_and_not_before(office: Office) -> None:
    for days in (0, 80):
        copy = backups.make(office.folder, CopyKind.BEFORE_UPDATE, office.clock.now() + timedelta(days=days))
        with contextlib.closing(purged_copies._open(copy.path)) as conn:
            conn.execute("pragma user_version = 0")
    newest = backups.make(office.folder, CopyKind.HOURLY, office.clock.now() + timedelta(days=81))
    await over(office)
    await through(office)
    assert [copy.kind for copy in backups.copies(office.folder)] == [CopyKind.HOURLY, CopyKind.BEFORE_UPDATE]
    assert backups.copies(office.folder)[0].path == newest.path


async def test_a_copy_whose_purging_is_stopped_is_as_it_was(office: Office) -> None:
    copy = backups.make(office.folder, CopyKind.HOURLY, office.clock.now())
    before = copy.path.read_bytes()
    limits = retention.before(office.clock.now() + 91 * DAY, 90, 400)
    assert purged_copies.purge(copy, limits, office.clock.now() + 91 * DAY, lambda: True) is None
    assert copy.path.read_bytes() == before
    assert not (office.folder / places.COPIES / purged_copies.WORK).exists()


async def test_a_copy_that_cannot_be_purged_now_keeps_no_other_from_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows somebody may have it open."""
    copies = [backups.make(office.folder, CopyKind.HOURLY, office.clock.move(hours=1)) for _each in range(3)]
    in_use = copies[1].path
    replace = Path.replace

    def replaced(path: Path, target: Path) -> Path:
        if target == in_use:
            raise PermissionError(errno.EACCES, "in use")
        return replace(path, target)

    await over(office)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replaced)
        await through(office)
    assert office.found("desk-*") == [in_use.name]
    await office.step(hours=25)
    await through(office)
    assert office.found("desk-*") == []


async def test_files_that_were_moved_aside_go_when_their_time_is_over(office: Office) -> None:
    aside = office.folder / "damaged-20260611T090000"
    aside.mkdir()
    shutil.copyfile(office.folder / FILE_NAME, aside / FILE_NAME)
    now = office.clock.now()
    moved_at = aside.stat().st_mtime - now.timestamp()
    for days, there in ((89, True), (91, False)):
        limits = retention.before(now + timedelta(days=days, seconds=moved_at), 90, 0)
        purged_copies.drop_put_aside(office.folder, limits)
        assert aside.exists() is there


async def through(office: Office) -> None:
    """All the steps of a day, until nothing is left to do soon."""
    office.keeping._acted = -1e9
    await office.started()
    for _each in range(10):
        if await office.step(seconds=SOON.total_seconds()) > SOON:
            return
    pytest.fail("it never came to rest")
