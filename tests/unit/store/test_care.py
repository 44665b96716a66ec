"""What a start looks at before it works with the file: an end that was none, damage, an older copy, somebody else's file."""

import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, opened, shipment, write
from zendera_desk.domain.copies import CopyKind, Doubt, Notice
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.outbox import OPEN, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.store import afresh, backups, beside, care, drafts, outbox
from zendera_desk.store.beside import Beside
from zendera_desk.store.database import FILE_NAME, Database, to_ms
from zendera_desk.store.entries import of_order
from zendera_desk.store.places import put_aside


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def start(folder: Path) -> list[Notice]:
    """What the desk does first, and what it would tell."""
    database = await Database.open(folder, NOON)
    try:
        await database.write(afresh.recover, NOON, NOON, NOON)
        return await database.read(care.notices)
    finally:
        await database.close()


def fill(folder: Path, state: State = State.DUE) -> None:
    with opened(folder) as conn:
        arrive(conn, shipment(1))
        bring(conn, enter(conn, 1), state)


def states(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        return [state for (state,) in conn.execute("select state from entry order by id")]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The checks that SQLite was asked for."""
    asked: list[str] = []
    connect = sqlite3.connect

    def connecting(*given: object, **named: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **named)  # type: ignore[call-overload]
        connection.set_trace_callback(lambda statement: asked.append(statement) if statement.endswith(("_check(1)", "_check")) else None)
        return connection

    monkeypatch.setattr(sqlite3, "connect", connecting)
    return asked


async def test_after_a_proper_end_nothing_is_checked_and_nobody_is_told(tmp_path: Path, checked: list[str]) -> None:
    fill(tmp_path)
    await start(tmp_path)
    checked.clear()
    assert await start(tmp_path) == []
    assert checked == []
    assert states(tmp_path) == ["due"]


async def test_after_an_end_that_was_none_the_file_is_checked_before_anything_is_read(tmp_path: Path, checked: list[str]) -> None:
    fill(tmp_path)
    database = await Database.open(tmp_path, NOON)  # and the power goes
    checked.clear()
    await start(tmp_path)
    assert checked == ["pragma integrity_check(1)", "pragma foreign_key_check"]
    database.damaged = True  # so that its end notes nothing
    await database.close()


async def test_of_a_very_large_file_the_indexes_are_not_checked(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    beside.write(tmp_path, Beside(generation=0, open=True))
    monkeypatch.setattr(care, "QUICK_ABOVE", 4096)
    await start(tmp_path)
    assert checked[0] == "pragma quick_check(1)"


@pytest.mark.parametrize("content", [b"", b"{", b'{"generation": "many"}', b"\x00" * 40])
async def test_a_mark_that_a_power_cut_spoilt_means_a_check_and_nothing_else(tmp_path: Path, checked: list[str], content: bytes) -> None:
    fill(tmp_path)
    await start(tmp_path)
    (tmp_path / beside.FILE).write_bytes(content)
    checked.clear()
    assert await start(tmp_path) == []
    assert checked
    assert states(tmp_path) == ["due"]


async def test_a_run_that_changes_nothing_writes_nothing_into_the_file(tmp_path: Path) -> None:
    fill(tmp_path)
    await start(tmp_path)
    before = (tmp_path / FILE_NAME).read_bytes()
    await (await Database.open(tmp_path, NOON)).close()
    assert (tmp_path / FILE_NAME).read_bytes() == before


# An older copy


async def change_something(folder: Path) -> None:
    database = await Database.open(folder, NOON)
    await database.write(lambda conn: conn.execute("update account set name = name || '.'"))
    await database.close()


def put_back(older: Path, folder: Path) -> None:
    """Byte by byte into the same file, so that its number stays."""
    with (folder / FILE_NAME).open("rb+") as file:
        file.write(older.read_bytes())
        file.truncate()


@pytest.mark.expected_log("not the one that was written last: put_back")
async def test_an_older_file_in_the_place_of_the_newest_is_recognised_by_its_generation(tmp_path: Path) -> None:
    fill(tmp_path)
    await change_something(tmp_path)
    older = tmp_path / "older"
    shutil.copyfile(tmp_path / FILE_NAME, older)
    await change_something(tmp_path)
    put_back(older, tmp_path)
    (notice,) = await start(tmp_path)
    assert (notice.doubt, notice.asked, notice.at) == (Doubt.PUT_BACK, 1, NOON)
    assert states(tmp_path) == ["unclear"]
    assert len(await start(tmp_path)) == 1, "told until it is seen, and once"


@pytest.mark.expected_log("not the one that was written last: put_back")
async def test_an_older_file_is_recognised_after_a_kill_too(tmp_path: Path) -> None:
    fill(tmp_path)
    await change_something(tmp_path)
    older = tmp_path / "older"
    shutil.copyfile(tmp_path / FILE_NAME, older)
    killed = await Database.open(tmp_path, NOON)
    await killed.write(lambda conn: conn.execute("update account set name = 'x'"))
    killed.damaged = True  # so that its end notes nothing
    await killed.close()
    put_back(older, tmp_path)
    assert [notice.doubt for notice in await start(tmp_path)] == [Doubt.PUT_BACK]


@pytest.mark.expected_log("not the one that was written last: put_back")
async def test_a_copy_of_our_own_that_was_put_back_by_hand_says_that_it_is_one(tmp_path: Path) -> None:
    fill(tmp_path)
    await change_something(tmp_path)
    copy = backups.make(tmp_path, CopyKind.HOURLY, NOON)
    put_back(copy.path, tmp_path)
    (tmp_path / beside.FILE).unlink()
    (notice,) = await start(tmp_path)
    assert (notice.doubt, notice.copy_at) == (Doubt.PUT_BACK, NOON)


@pytest.mark.expected_log("not the one that was written last: moved")
async def test_a_folder_that_a_backup_program_put_back_is_recognised_by_the_number_of_the_file(tmp_path: Path) -> None:
    desk, saved = tmp_path / "desk", tmp_path / "saved"
    fill(desk)
    await change_something(desk)
    shutil.copytree(desk, saved)
    await change_something(desk)
    desk.rename(tmp_path / "before")
    shutil.copytree(saved, desk)
    (notice,) = await start(desk)
    assert (notice.doubt, notice.asked) == (Doubt.MOVED, 1)
    assert states(desk) == ["unclear"]


@pytest.mark.expected_log("not the one that was written last: moved")
async def test_a_folder_that_moved_with_nothing_open_is_no_news(tmp_path: Path) -> None:
    fill(tmp_path / "old", State.SENT)
    await change_something(tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    assert await start(tmp_path / "new") == []
    assert states(tmp_path / "new") == ["sent"]


@pytest.mark.parametrize("state", State)
def test_what_is_open_is_asked_about_by_legal_moves_and_what_is_done_stays(tmp_path: Path, state: State) -> None:
    with opened(tmp_path) as conn:
        arrive(conn, shipment(1))
        entry = bring(conn, enter(conn, 1), state)
        asked = write(conn, afresh.ask_about_everything, NOON, NOON)
        (found,) = of_order(conn, ACCOUNT, shipment(1).order_id)
        assert asked == ([entry] if state in OPEN else [])
        assert found.state is (State.UNCLEAR if state in OPEN else state)
        attempts = outbox.attempts(conn, entry)
        if state in {State.HELD, State.DUE, State.NEEDS_PERSON}:
            assert attempts[-1].code == found.code == "restored", "its history says what happened"
        assert all(attempt.ended_at for attempt in attempts)


def test_what_zendera_refused_keeps_that_word_so_that_a_person_sees_it_again(tmp_path: Path) -> None:
    with opened(tmp_path) as conn:
        arrive(conn, shipment(1))
        entry = bring(conn, enter(conn, 1), State.SENDING)
        write(conn, outbox.move, entry, State.REFUSED, code="refused", http_status=422, answer="Unknown order", ended_at=NOON)
        write(conn, afresh.ask_about_everything, NOON, NOON)
        (found,) = of_order(conn, ACCOUNT, shipment(1).order_id)
        assert (found.state, found.code, found.http_status, found.answer) == (State.UNCLEAR, "refused", 422, "Unknown order")


# Files that are not ours, and none


@pytest.mark.parametrize("what", ["foreign", "directory"])
async def test_what_is_not_ours_is_refused_in_words_and_left_alone(tmp_path: Path, what: str) -> None:
    path = tmp_path / FILE_NAME
    if what == "directory":
        path.mkdir()
    else:
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("create table recipes (name text)")
    before = None if what == "directory" else path.read_bytes()
    with pytest.raises(StoreError) as raised:
        await Database.open(tmp_path)
    assert raised.value.code == ("not_a_file" if what == "directory" else "foreign")
    assert [name for name in names_in(tmp_path) if not name.startswith(f"{FILE_NAME}-")] == [FILE_NAME]
    if before is not None:
        assert path.read_bytes() == before


async def test_a_newer_program_s_file_is_refused_also_after_an_end_that_was_none(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as conn:
        conn.execute("pragma user_version = 9999")
        conn.execute("update care set version = 9999")
        conn.commit()
    beside.write(tmp_path, Beside(open=True))
    with pytest.raises(StoreError, match="newer"):
        await Database.open(tmp_path)
    assert put_aside(tmp_path) == []


Breaking = Callable[[Path], None]


def truncate(path: Path) -> None:
    path.write_bytes(b"")


def fill_with_nothing(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def fill_with_noise(path: Path) -> None:
    path.write_bytes(b"no database at all " * 2000)


def spoil_head(path: Path) -> None:
    with path.open("rb+") as file:
        file.write(b"SQLite format 4")


def spoil_first_page(path: Path) -> None:
    with path.open("rb+") as file:
        file.seek(100)
        file.write(os.urandom(3996))


def spoil_version(path: Path) -> None:
    with path.open("rb+") as file:
        file.seek(60)
        file.write(b"\x00\x00\x40\x01")


@pytest.mark.expected_log("it is mended")
@pytest.mark.parametrize("spoil", [Path.unlink, truncate, fill_with_nothing, fill_with_noise, spoil_head, spoil_first_page, spoil_version])
@pytest.mark.parametrize("copied", [True, False], ids=["with a copy", "without a copy"])
async def test_whatever_lies_there_the_desk_opens_and_what_lay_there_is_kept(tmp_path: Path, spoil: Breaking, *, copied: bool) -> None:
    fill(tmp_path)
    await start(tmp_path)
    if copied:
        backups.make(tmp_path, CopyKind.HOURLY, NOON)
    spoil(tmp_path / FILE_NAME)
    lay_there = (tmp_path / FILE_NAME).read_bytes() if (tmp_path / FILE_NAME).exists() else None
    (notice,) = await start(tmp_path)
    assert notice.doubt in {Doubt.DAMAGED, Doubt.MISSING}
    assert notice.copy_at == (NOON if copied else None)
    readable = spoil in {spoil_head, spoil_first_page, spoil_version}
    assert states(tmp_path) == (["unclear"] if copied or readable else [])
    assert notice.saved == ({} if copied or not readable else {"shipments": 1, "entries": 1})
    if lay_there is not None:
        assert (tmp_path / notice.aside / FILE_NAME).read_bytes() == lay_there
    assert len(await start(tmp_path)) == 1, "mended once"


@pytest.mark.expected_log("the database is damaged", "it is mended")
async def test_damage_found_while_working_stops_all_writing_and_is_mended_by_the_next_start(tmp_path: Path) -> None:
    fill(tmp_path)
    database = await Database.open(tmp_path, NOON)
    await database.write(lambda conn: conn.execute("update draft set content = content"))
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as conn:  # a text that is none: no check of SQLite's finds it
        conn.execute("update account set name = cast(x'ff' as text)")
        conn.commit()
    with pytest.raises(StoreError, match="damaged"):
        await database.read(lambda conn: conn.execute("select name from account").fetchall())
    with pytest.raises(StoreError, match="damaged"):
        await database.write(lambda conn: conn.execute("update account set name = 'x'"))
    typed = Draft(status=Status.OTHER, comment="typed when it was damaged already")
    await database.write_anyway(drafts.save, ACCOUNT, shipment(1).order_id, typed, NOON)
    await database.close()
    (notice,) = await start(tmp_path)
    assert (notice.doubt, notice.saved) == (Doubt.DAMAGED, {"shipments": 1, "entries": 1, "drafts": 1})
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as conn:
        assert conn.execute("select name from account").fetchone() == ("\ufffd",)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
async def test_every_file_is_for_this_person_alone_whatever_the_umask(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")
    before = os.umask(0)
    try:
        folder = tmp_path / "desk"
        fill(folder)
        await start(folder)
        backups.make(folder, CopyKind.HOURLY, NOON)
        backups.note_failure(folder, NOON, "io")
        spoil_first_page(folder / FILE_NAME)
        await start(folder)
        database = await Database.open(folder, NOON)
        await database.write(lambda conn: conn.execute("update account set name = 'x'"))
        found = {path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
        await database.close()
    finally:
        os.umask(before)
    assert {"desk.sqlite3-wal", "desk.state", "copies", "copies/failed.json"} <= set(found)
    assert {name: mode for name, mode in found.items() if mode != (0o700 if (folder / name).is_dir() else 0o600)} == {}


async def test_on_a_full_disk_what_there_is_can_still_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    await start(tmp_path)

    def full(*_given: object, **_named: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    database = await Database.open(tmp_path, NOON)
    assert await database.read(lambda conn: conn.execute("select count(*) from shipment").fetchone()[0]) == 1
    monkeypatch.undo()
    await database.close()


def test_a_time_of_the_copy_is_the_one_that_stands_in_it(tmp_path: Path) -> None:
    fill(tmp_path)
    copy = backups.make(tmp_path, CopyKind.HOURLY, NOON)
    with closing(backups.open_copy(copy.path)) as conn:
        assert conn.execute("select copied_at from care").fetchone()[0] == to_ms(NOON)


async def test_what_cannot_be_read_about_a_correction_keeps_nobody_from_starting(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "zendera_desk.store")
    with opened(tmp_path) as conn:
        arrive(conn, shipment(1))
        bring(conn, enter(conn, 1), State.SENDING)
        arrive(conn, shipment(1, city="Oslo"), now=NOON)
        conn.execute("update shipment_version set differences = '[[\"delivery city' where version > 0")
    await start(tmp_path)
    assert states(tmp_path) == ["unclear"]


async def test_a_column_of_ours_that_lost_its_name_is_damage(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "zendera_desk.store")
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as conn:
        conn.execute("alter table care rename column version to versiom")
        conn.commit()
    await start(tmp_path)
    assert [path.name[:8] for path in put_aside(tmp_path)] == ["damaged-"]
    assert states(tmp_path) == ["unclear"]


async def test_a_file_that_was_taken_away_while_it_is_open_does_not_keep_the_program_from_closing(tmp_path: Path) -> None:
    database = await Database.open(tmp_path, NOON)
    (tmp_path / FILE_NAME).rename(tmp_path / "elsewhere")
    await database.write(touch_care)
    await database.close()


def touch_care(conn: sqlite3.Connection) -> None:
    conn.execute("update care set doubt = doubt")
