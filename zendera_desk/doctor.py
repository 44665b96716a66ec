"""`zendera-desk doctor`: the facts that somebody who helps asks for first, on one page that can be sent to anybody.

No secret and nothing of a shipment is in it. It changes nothing (a data folder that is missing is made), loads no Qt,
calls nobody but the name service, and ends within seconds also where the network or the keyring does not answer.
"""

import asyncio
import os
import platform
import shutil
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import tzlocal

from zendera_desk import __version__, logs
from zendera_desk.credentials import Keys
from zendera_desk.domain.access import PRODUCTION, STAGING
from zendera_desk.store import inspect

PATIENCE: Final = 3.0
"""Seconds for a thing that may never answer."""

PACKAGES: Final = ("PySide6-Essentials", "qasync", "httpx", "msgspec", "Pillow", "keyring", "uvicorn")

Line = tuple[str, str]
Result = TypeVar("Result")


def run(data_dir: Path) -> int:
    """Prints the page. 1 when the database is there and cannot be used, so that a script can tell."""
    logs.hide(os.environ.get("ZENDERA_API_KEY", ""))
    database = inspect.facts(data_dir)
    pages: tuple[tuple[str, Callable[[], Iterable[Line]]], ...] = (
        ("Program", _versions),
        ("Folders", lambda: _folders(data_dir)),
        ("Database", lambda: _database(database)),
        ("Copies and archives", lambda: _copies(database)),
        ("Key", _keyring),
        ("Network", lambda: _network(database.base_urls)),
        ("Time", _time),
    )
    for title, lines in pages:
        print(f"\n{title}" if title != "Program" else title)
        for name, value in lines():
            print(f"  {name:<22} {logs.redacted(value)}")
    return 1 if database.exists and not database.sound else 0


def _versions() -> Iterator[Line]:
    frozen = ", frozen" if getattr(sys, "frozen", False) else ""
    yield "Zendera Desk", __version__ + frozen
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()}, {platform.machine()})"
    yield "System", platform.platform()
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "no version to be found" if frozen else "not installed"
    yield "SQLite", inspect.sqlite_version() + (", with FTS5" if inspect.has_full_text_search() else ", without FTS5: finding is slower")


def _folders(data_dir: Path) -> Iterator[Line]:
    for name, folder in (("data", data_dir), ("logs", data_dir / "logs"), ("pictures", data_dir / "pictures")):
        yield name, _folder(folder)


def _folder(folder: Path) -> str:
    try:
        mode = stat.S_IMODE(folder.stat().st_mode)
        free = shutil.disk_usage(folder).free
    except FileNotFoundError:
        return f"{folder} (not made yet)"
    except OSError as error:
        return f"{folder} (cannot be read: {error.strerror})"
    writable = "" if os.access(folder, os.W_OK) else ", NOT WRITABLE"
    return f"{folder} (mode {mode:04o}, {free / 2**30:.1f} GiB free{writable})"


def _database(found: inspect.Facts) -> Iterator[Line]:
    if not found.exists:
        yield "file", f"{found.path} (not made yet)"
        return
    yield "file", f"{found.path} ({found.size / 2**20:.1f} MiB)"
    if found.trouble:
        yield "state", f"CANNOT BE READ: {found.trouble}"
        return
    newer = ", MADE BY A NEWER PROGRAM" if found.version > found.known_version else ""
    yield "schema", f"{found.version} (this program knows {found.known_version}{newer})"
    yield "state", "sound" if found.sound else "DAMAGED"
    for name, count in found.counts:
        yield name.replace("_", " "), str(count)


def _copies(found: inspect.Facts) -> Iterator[Line]:
    if found.exists and not found.closed:
        yield "last end", "the program is open, or did not end properly: the next start checks the database"
    yield "copies", f"{found.copies}" + (f", the newest of {found.newest_copy:%Y-%m-%d %H:%M} UTC" if found.newest_copy else "")
    if found.copy_failed is not None:
        at, code = found.copy_failed
        yield "last try", f"FAILED at {at:%Y-%m-%d %H:%M} UTC: {code.replace('_', ' ')}"
    yield "archives", f"{found.archives}" + (f" ({found.archived / 2**20:.1f} MiB)" if found.archives else "")
    if found.unfinished:
        yield "unfinished archive", f"{found.unfinished}: the next start goes on taking its shipments out"
    if found.put_aside:
        yield "put aside", ", ".join(found.put_aside)


def _keyring() -> Iterator[Line]:
    described = _in_time(lambda: asyncio.run(Keys().describe()))
    yield "keyring", described if isinstance(described, str) else f"does not answer ({type(described).__name__})"
    yield "ZENDERA_API_KEY", "set" if os.environ.get("ZENDERA_API_KEY") else "not set"


def _network(base_urls: Iterable[str]) -> Iterator[Line]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        value = os.environ.get(name) or os.environ.get(name.lower())
        if value:
            yield name, value
    hosts = (urlsplit(url).hostname for url in (PRODUCTION, STAGING, *base_urls))
    for host in dict.fromkeys(filter(None, hosts)):
        yield host, _resolved(host)


def _resolved(host: str) -> str:
    answer = _in_time(lambda: sorted({str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}))
    match answer:
        case None:
            return f"no answer from the name service within {PATIENCE:.0f} s"
        case OSError():
            return f"does not resolve: {answer.strerror}"
        case Exception():
            return f"does not resolve: {type(answer).__name__}"
        case _:
            return "resolves to " + ", ".join(answer)


def _time() -> Iterator[Line]:
    now = datetime.now().astimezone()
    try:
        zone = tzlocal.get_localzone_name() or "without a name"
    except Exception as error:  # noqa: BLE001 (a broken zone file must not hide the other facts)
        zone = f"unknown ({type(error).__name__})"
    yield "zone", f"{zone}, UTC{now:%z} ({now.tzname()})"
    yield "clock", f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield "machine runs for", f"{time.monotonic() / 3600:.1f} h, by the monotonic clock"


def _in_time(work: Callable[[], Result]) -> Result | Exception | None:
    """What `work` returned or raised; None when it took too long. Its thread is left behind then, and holds up nothing."""
    ended: list[Result | Exception] = []

    def run() -> None:
        try:
            ended.append(work())
        except Exception as error:  # noqa: BLE001 (it is told, whatever it is)
            ended.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return ended[0] if ended else None
