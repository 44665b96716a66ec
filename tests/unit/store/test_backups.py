"""Copies of the database: whole or not there, none of anybody's business, and not more of them than there is room for."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, opened, shipment, write
from zendera_desk.domain.copies import Copy, CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.store import backups, calls, drafts
from zendera_desk.store.database import FILE_NAME, PAGE, Connection, Database

OSLO = ZoneInfo("Europe/Oslo")


def copy_at(at: datetime, kind: CopyKind = CopyKind.HOURLY, generation: int = 1, size: int = 1000) -> Copy:
    return Copy(path=Path(f"{kind}-{generation}-{at:%Y%m%dT%H%M%S}"), at=at, kind=kind, generation=generation, size=size)


def test_a_copy_is_one_plain_file_with_everything_in_it(tmp_path: Path, conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    bring(conn, enter(conn, 1), State.SENT)
    bring(conn, enter(conn, 2), State.DUE)
    copy = backups.make(tmp_path, CopyKind.BY_HAND, NOON)
    assert backups.copies(tmp_path) == [copy]
    assert [path.name for path in copy.path.parent.iterdir()] == [copy.path.name]
    (line,) = backups.lines(tmp_path)
    assert (line.copy, line.shipments, line.open_entries) == (copy, 2, 1)
    with closing(backups.open_copy(copy.path)) as made:
        assert made.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert [path.name for path in copy.path.parent.iterdir()] == [copy.path.name], "reading it leaves nothing beside it"


async def test_neither_the_writer_nor_a_reader_waits_for_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both work while the copy stands still in the middle; what they write is not in it."""
    database = await Database.open(tmp_path)
    await database.write(lambda conn: conn.execute("create table t (a)"))
    await database.write(lambda conn: conn.executemany("insert into t values (?)", [(b"x" * 4000,)] * 500))
    halfway, go_on = threading.Event(), threading.Event()

    def stand(_status: int, remaining: int, _total: int) -> None:
        halfway.set()
        assert remaining == 0 or go_on.wait(10)

    class Slow(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **_: object) -> None:  # type: ignore[override]
            super().backup(target, pages=100, progress=stand)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **named, factory=Slow))
    copying = asyncio.ensure_future(asyncio.to_thread(backups.make, tmp_path, CopyKind.HOURLY, NOON))
    assert await asyncio.to_thread(halfway.wait, 10)
    await database.write(lambda conn: conn.execute("insert into t values ('while it is copied')"))
    assert await database.read(lambda conn: conn.execute("select count(*) from t").fetchone()[0]) == 501
    go_on.set()
    with closing(backups.open_copy((await copying).path)) as made:
        assert made.execute("select count(*) from t").fetchone()[0] == 500
    await database.close()


HAPPENED: dict[str, Callable[[Connection], object]] = {
    "a shipment": lambda conn: arrive(conn, shipment(2)),
    "a send": lambda conn: enter(conn, 1),
    "an outcome": lambda conn: write(conn, lambda it: it.execute("update entry set state = 'due'")),
    "a draft": lambda conn: write(conn, drafts.save, ACCOUNT, OrderId(1), Draft(status=Status.OTHER, comment="x"), NOON),
}


@pytest.mark.parametrize("what", HAPPENED)
def test_what_happened_since_the_last_copy_asks_for_another(tmp_path: Path, conn: Connection, what: str) -> None:
    arrive(conn, shipment(1))
    enter(conn, 1)
    assert backups.has_changed(tmp_path), "there is none yet"
    backups.make(tmp_path, CopyKind.HOURLY, NOON)
    assert not backups.has_changed(tmp_path)
    HAPPENED[what](conn)
    assert backups.has_changed(tmp_path)


def test_a_day_of_nothing_but_calls_asks_for_no_copy(tmp_path: Path, conn: Connection) -> None:
    backups.make(tmp_path, CopyKind.HOURLY, NOON)
    write(conn, calls.add, ACCOUNT, NOON)
    assert not backups.has_changed(tmp_path)


def test_a_copy_that_cannot_be_read_asks_for_another(tmp_path: Path, conn: Connection) -> None:
    arrive(conn, shipment(1))
    backups.make(tmp_path, CopyKind.HOURLY, NOON).path.write_bytes(b"spoilt")
    assert backups.has_changed(tmp_path)
    assert backups.lines(tmp_path)[0].shipments is None


def test_a_full_day_and_the_newest_of_each_of_seven_days_are_kept() -> None:
    hours = [copy_at(datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hour)) for hour in range(24 * 20)]
    kept = backups.kept(hours, OSLO)
    newest = hours[-1].at
    assert [copy.at for copy in kept[:24]] == [newest - timedelta(hours=hour) for hour in range(24)]
    # 20 June's last copy is 23:00 UTC, which in Oslo is 21 June already; its day counts there.
    assert [f"{copy.at.astimezone(OSLO):%d. %H:%M}" for copy in kept[24:]] == [f"{day}. 23:00" for day in (19, 18, 17, 16, 15)]
    assert len(kept) == 29


def test_what_was_made_by_hand_or_before_an_update_is_not_pushed_out_by_the_hourly_ones() -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    others = [copy_at(start, CopyKind.BY_HAND), copy_at(start, CopyKind.BEFORE_UPDATE)]
    hours = [copy_at(start + timedelta(hours=hour)) for hour in range(24 * 30)]
    assert set(others) < set(backups.kept([*hours, *others], OSLO))


def test_after_a_clock_that_was_years_wrong_the_newest_copy_is_the_last_one_made() -> None:
    wrong = copy_at(datetime(2099, 1, 1, tzinfo=UTC), generation=3)
    right = [copy_at(datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hour), generation=4) for hour in range(60)]
    kept = backups.kept([wrong, *right], OSLO)
    assert kept[0] is right[-1]
    assert wrong in kept, "its day is one of the seven"
    assert len([copy for copy in kept if copy.generation == 4]) >= 24


def test_copies_take_a_share_of_the_disk_and_the_newest_three_always(
    tmp_path: Path, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(6):
        arrive(conn, shipment(hour))
        made = backups.make(tmp_path, CopyKind.HOURLY, NOON + timedelta(hours=hour))
    size = made.size
    usage = type("Usage", (), {"free": 10 * size})()
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _path: usage)  # a quarter of 16 copies' room: four
    assert [copy.at.hour for copy in backups.prune(tmp_path, UTC)] == [13, 12]
    usage.free = 0
    backups.prune(tmp_path, UTC)
    assert [copy.at.hour for copy in backups.copies(tmp_path)] == [17, 16, 15]


def test_where_there_is_no_room_the_disk_is_not_filled_up_by_a_copy(
    tmp_path: Path, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(conn, shipment(1))
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": backups.SPARE})())
    with pytest.raises(StoreError, match="disk_full"):
        backups.make(tmp_path, CopyKind.HOURLY, NOON)
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.parametrize("event", ["os.rename", "sqlite3.connect"])
def test_a_copy_that_fails_in_the_middle_leaves_no_half_of_one(
    tmp_path: Path, conn: Connection, event: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(conn, shipment(1))
    first = backups.make(tmp_path, CopyKind.HOURLY, NOON)

    def fail(*_given: object, **_named: object) -> None:
        raise OSError(5, "Input/output error") if event == "os.rename" else sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(*((Path, "replace", fail) if event == "os.rename" else (sqlite3, "connect", fail)))
    with pytest.raises(StoreError, match="io"):
        backups.make(tmp_path, CopyKind.HOURLY, NOON + timedelta(hours=1))
    assert list((tmp_path / "copies").iterdir()) == [first.path]


def test_a_copy_that_is_not_sound_is_not_kept_and_says_so(tmp_path: Path) -> None:
    with opened(tmp_path) as conn:
        arrive(conn, *(shipment(number) for number in range(200)))
        page = conn.execute("select rootpage from sqlite_master where name = 'shipment_seen'").fetchone()[0]
    with (tmp_path / FILE_NAME).open("rb+") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xff" * PAGE)
    with pytest.raises(StoreError, match="damaged"):
        backups.make(tmp_path, CopyKind.HOURLY, NOON)
    assert backups.copies(tmp_path) == []


def test_two_copies_of_the_same_moment_are_two(tmp_path: Path, conn: Connection) -> None:
    arrive(conn, shipment(1))
    names = {backups.make(tmp_path, CopyKind.HOURLY, NOON).path.name for _ in range(3)}
    assert len(names) == len(backups.copies(tmp_path)) == 3


def test_what_the_last_try_failed_with_is_told_until_one_succeeds(tmp_path: Path, conn: Connection) -> None:
    assert backups.failure(tmp_path) is None
    backups.note_failure(tmp_path, NOON, "disk_full")
    assert backups.failure(tmp_path) == (NOON, "disk_full")
    arrive(conn, shipment(1))
    backups.make(tmp_path, CopyKind.HOURLY, NOON)
    assert backups.failure(tmp_path) is None


def test_what_else_lies_there_is_no_copy_and_stays(tmp_path: Path, conn: Connection) -> None:
    arrive(conn, shipment(1))
    place = backups.make(tmp_path, CopyKind.HOURLY, NOON).path.parent
    (place / "desk-000001-20261399T000000000Z-hourly.sqlite3").write_text("no such day")
    (place / "notes.txt").write_text("ours")
    (place / "copy.new").write_text("half")
    assert len(backups.copies(tmp_path)) == 1
    backups.make(tmp_path, CopyKind.HOURLY, NOON)
    backups.prune(tmp_path, UTC)
    assert {path.name for path in place.iterdir()} > {"notes.txt", "desk-000001-20261399T000000000Z-hourly.sqlite3"}
    assert not (place / "copy.new").exists()
