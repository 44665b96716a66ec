"""The doctor's page: the facts are there, the secrets are not, and nothing keeps it from ending."""

import contextlib
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.day import HandClock
from unit.engine.archive_office import ACCOUNT, SINCE, Office, fill
from zendera_desk import doctor
from zendera_desk.domain.copies import CopyKind
from zendera_desk.store import backups
from zendera_desk.store.database import FILE_NAME, Database

CANARY = "canary-5e1d0c"


@pytest.fixture(autouse=True)
def _no_name_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask nobody outside, and pass without a network."""

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


async def test_it_tells_what_stands_on_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = await Database.open(tmp_path)
    try:
        assert doctor.run(tmp_path) == 0  # while the program has it open
    finally:
        await database.close()
    page = capsys.readouterr().out
    for fact in ("Zendera Desk", "PySide6-Essentials", "SQLite", "FTS5", "mode 0700", "sound", "shipment", "keyring", "UTC"):
        assert fact in page, fact


async def test_it_tells_how_old_the_newest_copy_is_and_why_the_last_try_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await (await Database.open(tmp_path)).close()
    noon = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
    backups.make(tmp_path, CopyKind.HOURLY, noon)
    backups.note_failure(tmp_path, noon + timedelta(hours=1), "disk_full")
    (tmp_path / "damaged-20260611T110000Z").mkdir()
    doctor.run(tmp_path)
    page = capsys.readouterr().out
    for fact in ("1, the newest of 2026-06-11 12:00 UTC", "FAILED at 2026-06-11 13:00 UTC: disk full", "damaged-20260611T110000Z"):
        assert fact in page, fact
    assert "did not end properly" not in page


async def test_it_tells_of_archives_and_of_one_that_is_not_finished(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, clock = tmp_path / "data", HandClock()
    fill(folder, clock)
    office = Office(folder, clock)
    async with office.program() as program:
        await program.make(ACCOUNT, clock.now() - SINCE)
    with contextlib.closing(sqlite3.connect(office.live)) as conn, conn:
        conn.execute("insert into archiving (id, file, until) values (1, ?, 0)", (office.archive.name,))
    doctor.run(folder)
    said = capsys.readouterr().out
    assert re.search(r"archives +1 \(\d\.\d MiB\)", said)
    assert f"{office.archive.name}: the next start goes on" in said
    assert "Consignee" not in said


def test_it_works_before_the_first_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(tmp_path / "nothing") == 0
    assert "not made yet" in capsys.readouterr().out
    assert not (tmp_path / "nothing").exists()


def test_a_database_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all" * 100)
    assert doctor.run(tmp_path) == 1
    assert "CANNOT BE READ: file is not a database" in capsys.readouterr().out


def test_no_secret_is_on_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENDERA_API_KEY", CANARY)
    monkeypatch.setenv("HTTPS_PROXY", f"http://clerk:{CANARY}2@proxy.invalid:3128")
    doctor.run(tmp_path / CANARY)
    page = capsys.readouterr().out
    assert CANARY not in page
    assert "@proxy.invalid:3128" in page
    assert "ZENDERA_API_KEY        set" in page


def test_a_name_service_that_does_not_answer_holds_nothing_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer.wait(30))
    monkeypatch.setattr(doctor, "PATIENCE", 0.1)
    started = time.monotonic()
    doctor.run(tmp_path)
    answer.set()
    assert time.monotonic() - started < 10
    assert "no answer from the name service" in capsys.readouterr().out


def test_it_loads_no_qt() -> None:
    code = "import sys, zendera_desk.doctor; print([name for name in sys.modules if name.startswith(('PySide6', 'httpx', 'PIL'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
