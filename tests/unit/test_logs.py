"""The log: what it keeps, and what never gets into it."""

import asyncio
import logging
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from zendera_desk import logs

CANARY = "zk_live canary/7f3a+b9"
"""With a blank, a slash and a plus: the characters that get quoted on their way."""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Log"]:
    monkeypatch.setattr(logs, "_secrets", set())
    running = Log(tmp_path)
    yield running
    running.end()


class Log:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.end = logs.start(folder)

    def text(self) -> str:
        """What is on disk, once all that was logged is written."""
        self.end()
        self.end = lambda: None
        return (self.folder / "logs" / logs.FILE).read_text(encoding="utf-8")


def test_the_file_is_readable_by_its_owner_alone(log: Log) -> None:
    logging.getLogger("desk").info("hello")
    assert "INFO    desk: hello" in log.text()
    if sys.platform != "win32":
        assert stat.S_IMODE((log.folder / "logs").stat().st_mode) == 0o700
        for path in (log.folder / "logs").iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_times_are_utc() -> None:
    record = logging.makeLogRecord({"created": 1_795_000_000.25, "msecs": 250, "msg": "x", "levelname": "INFO", "name": "desk"})
    assert logs.Line().format(record) == "2026-11-18T11:06:40.250Z INFO    desk: x"


@pytest.mark.expected_log("call", "in an argument")
def test_a_hidden_secret_does_not_get_through_by_any_way(log: Log) -> None:
    logs.hide(CANARY)
    desk = logging.getLogger("desk")
    desk.info("message " + CANARY)
    desk.warning("in an argument: %s, in a struct: %r", CANARY, {"key": CANARY, "bytes": CANARY.encode()})
    desk.info("as an address: %s", "https://example.invalid/?q=zk_live%20canary%2F7f3a%2Bb9")
    try:
        raise ValueError("Illegal header value " + CANARY) from KeyError(CANARY)
    except ValueError:
        desk.exception("call")
    text = log.text()
    assert "canary" not in text
    assert text.count(logs.HIDDEN) >= 6
    assert "Illegal header value <hidden>" in text


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: apikey {key}",
        "{{'authorization': 'apikey {key}'}}",
        "(b'Authorization', b'apikey {key}')",
        "the header was apikey {key}, said httpx",
        "ZENDERA_API_KEY={key}",
        'settings {{"api_key": "{key}"}}',
        "GET /x?apikey={key}&page=1",
        "proxy http://clerk:{key}@proxy.invalid:3128",
    ],
)
def test_what_looks_like_a_key_is_hidden_though_nobody_registered_it(line: str) -> None:
    assert "7f3ab9c2" not in logs.redacted(line.format(key="7f3ab9c2"))


def test_what_is_no_secret_stays_readable() -> None:
    text = "POST /v1/orders/export/status answered 401 in 0.2 s: Invalid API key, code AUTH_001, next try 14:32"
    assert logs.redacted(text) == text


def test_text_from_outside_cannot_pose_as_a_record(log: Log) -> None:
    logging.getLogger("desk").info("city: %s", "Oslo\n2026-11-18T11:06:40.250Z ERROR   desk: all is lost")
    assert not any(line.startswith("2026-11-18") for line in log.text().splitlines())


@pytest.mark.expected_log("uncaught in worker")
def test_what_nobody_caught_in_a_thread_is_in_the_log(log: Log) -> None:
    logs.hide(CANARY)

    def work() -> None:
        raise RuntimeError("lost in a thread " + CANARY)

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
    text = log.text()
    assert "uncaught in worker" in text
    assert "lost in a thread <hidden>" in text


@pytest.mark.expected_log("Task exception was never retrieved")
async def test_what_nobody_caught_in_a_task_is_in_the_log(log: Log) -> None:
    async def work() -> None:
        raise RuntimeError("lost in a task")

    task = asyncio.ensure_future(work())
    await asyncio.wait([task])
    del task
    assert "RuntimeError: lost in a task" in log.text()


def test_an_uncaught_exception_of_the_program_is_in_the_log(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from zendera_desk import logs; logs.start(Path({str(tmp_path)!r})); raise SystemError('the end')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "SystemError: the end" in (tmp_path / "logs" / logs.FILE).read_text(encoding="utf-8")
    assert "SystemError: the end" in done.stderr


def test_a_native_crash_leaves_the_stacks(tmp_path: Path) -> None:
    code = (
        "import faulthandler; from pathlib import Path; from zendera_desk import logs; "
        f"logs.start(Path({str(tmp_path)!r})); faulthandler._sigsegv()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    assert "most recent call first" in (tmp_path / "logs" / "crash.txt").read_text(encoding="utf-8")


@pytest.mark.expected_log("no log file")
def test_a_folder_that_cannot_be_written_keeps_nobody_from_working(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    end = logs.start(tmp_path)
    end()
    assert "no log file" in capsys.readouterr().err


def test_a_rotated_file_keeps_its_mode(log: Log) -> None:
    desk = logging.getLogger("desk")
    for _ in range(25):
        desk.info("%s", "x" * 100_000)
    log.text()
    old = log.folder / "logs" / f"{logs.FILE}.1"
    assert old.stat().st_size > 1_000_000
    if sys.platform != "win32":
        assert stat.S_IMODE(old.stat().st_mode) == 0o600
