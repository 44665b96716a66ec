"""The log: one rotated file in the data folder, readable by its owner alone, in UTC, with no secret in it.

Records are queued and written by a thread of their own, because a slow disk must not stop the window. What is hidden is
hidden in the finished line, after message, arguments, exception and stack have become text: whatever way a secret took
into a record, it leaves by that one door.

Exceptions that nobody caught end up here too, from the main thread, other threads and destructors. asyncio and qasync log
theirs by themselves.
"""

import atexit
import faulthandler
import logging
import logging.handlers
import os
import queue
import re
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Final
from urllib.parse import quote

FILE: Final = "desk.log"
HIDDEN: Final = "<hidden>"

_QUIET: Final = ("httpx", "httpcore", "asyncio", "qasync", "PIL", "keyring", "uvicorn")
"""They tell addresses and headers, or too much, below WARNING."""

_SHORTEST: Final = 4
"""A secret shorter than this would hide every "a" of the log, and is no key of Zendera's."""

_PATTERNS: Final = (
    # The whole value of an Authorization header, however it was printed: plain, in a dict, as pairs of bytes.
    re.compile(r"(authorization['\"]?\s*[:=,]\s*b?['\"]?)[^'\"\r\n]+", re.IGNORECASE),
    # The scheme with its key; `\S` stops at a quote so that what stands behind it stays readable.
    re.compile(r"(\bapikey\s+)[^\s'\",)]+", re.IGNORECASE),
    # Settings and query strings.
    re.compile(r"(\b\w*api_?key['\"]?\s*[:=]\s*b?['\"]?)[^\s'\"&,)]+", re.IGNORECASE),
    # User and password in an address, such as a proxy's.
    re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@'\"]+(?=@)", re.IGNORECASE),
)

_log = logging.getLogger(__name__)
_secrets: set[str] = set()


def hide(secret: str) -> None:
    """Keeps this text out of the log from now on, also stripped, quoted for an address or with its odd characters escaped."""
    for form in (secret, secret.strip(), quote(secret, safe=""), repr(secret)[1:-1]):
        if len(form) >= _SHORTEST:
            _secrets.add(form)


def redacted(text: str) -> str:
    """The text without anything that is known to be secret or that looks like a key."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text


class Line(logging.Formatter):
    """One record as text. What stands on further lines is indented, so that no text from outside can pose as a record."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        return "\n    ".join(redacted(super().format(record)).splitlines())


class OwnFile(logging.handlers.RotatingFileHandler):
    """Rotated at 2 MB, five old ones kept, each 0600 from the moment it exists."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=2_000_000, backupCount=5, encoding="utf-8", errors="backslashreplace")

    def _open(self) -> TextIOWrapper:
        return _open_own(Path(self.baseFilename))


def start(folder: Path, verbose: bool = False) -> Callable[[], None]:
    """Writes to `logs/desk.log` in the data folder, and to stderr where there is one. Returns the call that ends it.

    A log that cannot be written is said on stderr and keeps nobody from working.
    """
    handlers, trouble = _handlers(folder / "logs", verbose)
    crashes = _watch_for_crashes(folder / "logs" / "crash.txt")
    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    entrance = logging.handlers.QueueHandler(records)
    listener = logging.handlers.QueueListener(records, *handlers, respect_handler_level=True)
    root = logging.getLogger()
    level_before = root.level
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    root.addHandler(entrance)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    unhook = _hook()
    listener.start()
    if trouble:
        _log.warning("no log file: %s", trouble)

    def end() -> None:
        atexit.unregister(end)
        unhook()
        logging.captureWarnings(capture=False)
        root.removeHandler(entrance)
        root.setLevel(level_before)
        listener.stop()
        if crashes:
            faulthandler.disable()
            crashes.close()
        for handler in handlers:
            handler.close()

    atexit.register(end)
    return end


def _handlers(folder: Path, verbose: bool) -> tuple[list[logging.Handler], OSError | None]:
    handlers: list[logging.Handler] = []
    trouble = None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers.append(OwnFile(folder / FILE))
    except OSError as error:
        trouble = error
    # A windowed program on Windows has no stderr at all.
    if sys.stderr is not None:
        console = logging.StreamHandler()
        console.setLevel(logging.DEBUG if verbose else logging.WARNING)
        handlers.append(console)
    for handler in handlers:
        handler.setFormatter(Line())
    return handlers, trouble


def _watch_for_crashes(path: Path) -> TextIOWrapper | None:
    """Where Python writes the stacks of all threads when native code crashes; they hold no values, so no secrets."""
    try:
        stream = _open_own(path)
    except OSError:
        return None
    faulthandler.enable(stream)
    return stream


def _open_own(path: Path) -> TextIOWrapper:
    stream = open(path, "a", encoding="utf-8", errors="backslashreplace", opener=partial(os.open, mode=0o600))  # noqa: SIM115 (the handler closes it)
    # One that an older program or a careless copy left open to others.
    path.chmod(0o600)
    return stream


def _hook() -> Callable[[], None]:
    """Sends what nobody caught to the log. Returns the call that puts the hooks back."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before[0](kind, error, trace)
        else:
            _log.critical("uncaught", exc_info=(kind, error, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            name = args.thread.name if args.thread else "a thread"
            _log.critical("uncaught in %s", name, exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        error = args.exc_value
        _log.error("%s %r", args.err_msg or "ignored in", args.object, exc_info=error)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable

    def unhook() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before

    return unhook
