"""A log whose middle is damaged is told from one that simply ends."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from zendera_desk.store import log
from zendera_desk.store.database import FILE_NAME

if sys.platform != "win32":
    import fcntl

FRAME = 24 + 4096
DEAD_MAN_SWITCH = 128
"""The byte of the index whose lock says that somebody works with it (SQLite's os_unix.c)."""


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A database as a kill leaves it: three transactions, each of a single frame, are in the log."""
    source, left = tmp_path / "source.sqlite3", tmp_path / "left.sqlite3"
    with closing(sqlite3.connect(source, isolation_level=None)) as conn:
        conn.execute("pragma journal_mode = wal")
        conn.execute("create table said (word text)")
        conn.execute("pragma wal_checkpoint (truncate)")
        for word in ("one", "two", "three"):
            conn.execute("insert into said values (?)", (word,))
        for ending in ("", "-wal"):
            shutil.copyfile(f"{source}{ending}", f"{left}{ending}")
    assert (tmp_path / "left.sqlite3-wal").stat().st_size == 32 + 3 * FRAME
    return left


def spoil(database: Path, change: Callable[[bytearray], None]) -> None:
    path = database.with_name(f"{database.name}-wal")
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)


def flip(place: int) -> Callable[[bytearray], None]:
    def change(content: bytearray) -> None:
        content[place] ^= 1

    return change


def words_and_whether_cut_short(database: Path) -> tuple[int, bool]:
    with closing(sqlite3.connect(database)) as conn:
        return conn.execute("select count(*) from said").fetchone()[0], log.is_cut_short(conn, database)


def test_a_log_that_a_kill_left_is_whole(killed: Path) -> None:
    assert words_and_whether_cut_short(killed) == (3, False)


@pytest.mark.parametrize(("frame", "left"), [(0, 0), (1, 1), (2, 2)])
def test_a_flipped_bit_in_the_log_takes_what_came_after_it_and_is_seen(killed: Path, frame: int, left: int) -> None:
    spoil(killed, flip(32 + frame * FRAME + 3000))
    assert words_and_whether_cut_short(killed) == (left, True)


def test_a_flipped_bit_in_the_head_of_the_log_takes_all_of_it_and_is_seen(killed: Path) -> None:
    spoil(killed, flip(18))
    assert words_and_whether_cut_short(killed) == (0, True)


def test_a_transaction_that_was_being_written_is_nothing_to_ask_about(killed: Path) -> None:
    spoil(killed, lambda content: content.__delitem__(slice(32 + 2 * FRAME + 1000, None)))
    assert words_and_whether_cut_short(killed) == (2, False)


def test_a_database_without_a_log_is_whole(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "new.sqlite3")) as conn:
        conn.execute("create table said (word text)")
    assert words_and_whether_cut_short(tmp_path / "new.sqlite3") == (0, False)


PROGRAM = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from zendera_desk.store.database import Database

async def main():
    database = await Database.open(Path(sys.argv[1]), datetime.now(UTC))
    note = lambda conn: conn.execute("update care set generation = generation + 1")
    await database.write(note)
    print("open", flush=True)
    sys.stdin.readline()
    for _ in range(200):
        await database.write(note)
    await database.close()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="these locks are Posix's")
def test_looking_at_the_log_leaves_sqlite_its_locks(tmp_path: Path) -> None:
    """Without the lock on its index of the log another program that looks at the database cuts it short: a bus error in this one."""
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    for look in (False, True):  # the second start finds the log of a program that was killed
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "open\n"
            if look:
                with (tmp_path / f"{FILE_NAME}-shm").open("r+b") as index, pytest.raises(BlockingIOError):
                    fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, DEAD_MAN_SWITCH)
                program.communicate("go on\n", timeout=30)
                assert program.returncode == 0
            else:
                program.kill()
