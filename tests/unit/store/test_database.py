"""Opening a data folder: made, migrated, refused in words."""

import asyncio
import sqlite3
import stat
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from unit.store.office import NOON
from zendera_desk.domain.errors import StoreError
from zendera_desk.store import database, migrating
from zendera_desk.store.database import FILE_NAME, PAGE, Connection, Database, from_ms, to_ms


async def open_error(folder: Path) -> StoreError:
    with pytest.raises(StoreError) as raised:
        await Database.open(folder)
    return raised.value


async def test_a_fresh_folder_is_made_for_this_person_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "desk"
    store = await Database.open(folder)
    await store.write(lambda conn: conn.execute("create table t (a)"))
    if sys.platform != "win32":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    await store.close()


async def test_a_commit_is_on_disk_and_only_the_writer_checkpoints(tmp_path: Path) -> None:
    store = await Database.open(tmp_path)

    def pragmas(conn: Connection) -> list[object]:
        return [conn.execute(f"pragma {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert await store.write(pragmas) == ["wal", 2, 1]
    assert await store.read(lambda conn: conn.execute("pragma wal_autocheckpoint").fetchone()[0]) == 0
    with pytest.raises(StoreError, match="readonly"):
        await store.read(lambda conn: conn.execute("create table t (a)"))
    await store.close()


async def test_a_new_file_has_large_pages_and_one_that_is_there_keeps_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(database, "PAGE", 4096)
        await (await Database.open(tmp_path / "old")).close()
    for folder, size in (("new", PAGE), ("old", 4096)):
        store = await Database.open(tmp_path / folder)
        assert await store.read(lambda conn: conn.execute("pragma page_size").fetchone()[0]) == size
        await store.close()


async def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    await (await Database.open(tmp_path)).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as conn:
        conn.execute("pragma user_version = 9999")
        conn.execute("update care set version = 9999")
        conn.commit()
    before = (tmp_path / FILE_NAME).read_bytes()
    error = await open_error(tmp_path)
    assert (error.code, error.values["found"]) == ("newer", 9999)
    assert (tmp_path / FILE_NAME).read_bytes() == before


async def test_a_database_that_somebody_else_holds_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await (await Database.open(tmp_path)).close()
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **{**named, "timeout": 0.05}))
    with closing(connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("begin exclusive")
        assert (await open_error(tmp_path)).code == "locked"


async def test_a_folder_that_cannot_be_made_is_readonly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert (await open_error(tmp_path / "file" / "desk")).code == "readonly"


async def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    store = await Database.open(tmp_path)
    await store.write(lambda conn: conn.execute("create table t (a)"))
    await store.write(lambda conn: conn.execute(f"pragma max_page_count = {conn.execute('pragma page_count').fetchone()[0] + 2}"))

    def much(conn: Connection) -> None:
        conn.executemany("insert into t values (?)", [(b"x" * 4000,)] * 100)

    with pytest.raises(StoreError, match="disk_full"):
        await store.write(much)
    assert await store.read(lambda conn: conn.execute("select count(*) from t").fetchone()[0]) == 0
    await store.close()


async def test_what_raises_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    store = await Database.open(tmp_path)

    def half(conn: Connection) -> None:
        conn.execute("create table t (a)")
        raise KeyError("half way")

    with pytest.raises(KeyError, match="half way"):
        await store.write(half)
    with pytest.raises(StoreError):
        await store.read(lambda conn: conn.execute("select * from t"))
    await store.close()


async def test_a_write_that_has_begun_ends_although_its_caller_is_cancelled(tmp_path: Path) -> None:
    store = await Database.open(tmp_path)
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def slow(conn: Connection) -> None:
        conn.execute("create table t (a)")
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(5)

    writing = asyncio.ensure_future(store.write(slow))
    await begun.wait()
    writing.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await store.write(lambda conn: conn.execute("select count(*) from t").fetchone()[0]) == 0
    await store.close()


async def test_a_write_that_waits_for_its_turn_is_written_although_its_caller_is_cancelled(tmp_path: Path) -> None:
    database = await Database.open(tmp_path)
    go_on = threading.Event()
    slow = asyncio.create_task(database.write(lambda _conn: go_on.wait(10)))
    writing = asyncio.create_task(database.write(lambda conn: conn.execute("update care set doubt = 'written'")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    go_on.set()
    await slow
    # asked of the writer, whose turn comes after it; a reader might look before it is written
    assert await database.write(lambda conn: conn.execute("select doubt from care").fetchone()[0]) == "written"
    await database.close()


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    store = await Database.open(tmp_path)
    await store.close()
    for call in (store.read, store.write):
        with pytest.raises(StoreError, match="closed"):
            await call(lambda conn: conn.execute("select 1"))
    await store.close()


def test_a_migration_that_ends_in_the_middle_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="middle of a statement"):
        list(migrating.statements("create table t (a"))


def test_the_migrations_are_numbered_without_a_gap() -> None:
    assert [number for number, _ in migrating.migrations()] == list(range(1, len(migrating.migrations()) + 1))


def test_a_time_comes_back_to_the_millisecond() -> None:
    moment = NOON.replace(microsecond=123_000)
    assert from_ms(to_ms(moment)) == moment


@pytest.mark.expected_log("the database is damaged")
async def test_a_value_of_another_type_than_its_column_is_damage_and_a_broken_rule_is_a_fault_of_ours(tmp_path: Path) -> None:
    opened = await Database.open(tmp_path)

    def wrong_type(conn: Connection) -> None:
        conn.execute("insert into walk (account, number, ended_at, clean) values ('a', 'many', 0, 1)")

    def broken_rule(conn: Connection) -> None:
        conn.execute("insert into legal_move values ('held', 'due')")

    with pytest.raises(sqlite3.IntegrityError):
        await opened.write(broken_rule)
    with pytest.raises(StoreError, match="damaged"):
        await opened.write(wrong_type)
    await opened.close()
