"""The program as it is, and what can go wrong with it: `python -m prove.canary_child TROUBLE WRONG ARGS…`.

TROUBLE happens to the program once its window is there; WRONG names what is wrong with it, for the controls.
"""

import asyncio
import contextlib
import faulthandler
import gc
import os
import resource
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final
from unittest import mock

import msgspec

from zendera_desk.gui import qtload

qtload.load_qt()

from PySide6.QtCore import QTimer  # noqa: E402 (Qt first, as in the program)

from zendera_desk import app, cli, logs  # noqa: E402
from zendera_desk.desk import Desk  # noqa: E402
from zendera_desk.domain.copies import CopyKind  # noqa: E402
from zendera_desk.settings import Settings  # noqa: E402

_keys: Final[list[str]] = []
"""For the wrong programs, which need it where the right one does not have it."""


def main(arguments: Sequence[str]) -> int:
    trouble, wrong, *rest = arguments
    with contextlib.ExitStack() as patches:
        if wrong:
            WRONG[wrong](patches)
        if trouble:
            _when_it_is_there(TROUBLES[trouble])
        return cli.main(rest)


def _when_it_is_there(trouble: Callable[[app.Session, str], None]) -> None:
    """The frames of what goes wrong have the key among their values, as those of the program may."""
    get_going = app.Session.get_going

    async def going(session: app.Session) -> None:
        await get_going(session)
        key = session._start.key
        _keys.append(key)
        QTimer.singleShot(0, lambda: trouble(session, key))

    app.Session.get_going = going  # type: ignore[method-assign]  # trouble for the program, not another one


def _errors(session: app.Session, key: str) -> None:
    """In a slot, a task, a loop, a thread, a destructor and a subscriber; then everything is printed that has the key inside."""
    start, engine = session._start, session.desk.engine

    async def failing() -> None:
        inner = key, start
        raise ValueError(f"a task failed with {len(inner)} values")

    class Failing:
        def __del__(self) -> None:
            raise RuntimeError(f"a destructor failed with {len(key)} letters")

    session._supervisor.spawn(failing(), "fail")
    session._supervisor.loop("failing", lambda _now: failing())  # type: ignore[arg-type, return-value]
    session.desk.changes.subscribe(lambda change: [][len(key) if change else 0])
    thread = threading.Thread(target=lambda: asyncio.run(failing()))
    thread.start()
    thread.join()
    held = Failing()
    del held
    gc.collect()
    seen = (start, session, session.desk, session.desk._keys, engine, engine and engine.link, engine and engine.link._client)
    print(*map(repr, seen), *map(str, seen), sep="\n", flush=True)
    session._supervisor.spawn(_copied_and_closed(session), "copy")
    raise LookupError("a slot failed")


async def _copied_and_closed(session: app.Session) -> None:
    await session.desk.copying.make(CopyKind.BY_HAND)
    session.window.close()


def _native_crash(session: app.Session, key: str) -> None:
    held = [session, key]
    faulthandler._sigsegv()  # type: ignore[attr-defined]
    print(held)


def _abort(session: app.Session, key: str) -> None:
    held = [session, key]
    os.abort()
    print(held)


def _demo_beside(session: app.Session, _key: str) -> None:
    """The one program that ours starts; what is started in its place writes down what it was given."""
    place = _place()
    told = place / "child.sh"
    told.write_text(f'#!/bin/sh\ntr "\\0" "\\n" < /proc/$$/environ > {place}/child.environ\necho "$@" > {place}/child.arguments\n')
    told.chmod(0o700)
    with mock.patch.object(sys, "executable", str(told)):
        app._start_demo_beside()
    _close_when_there(session, place / "child.arguments")


def _close_when_there(session: app.Session, written: Path) -> None:
    if written.exists() and written.stat().st_size:
        session.window.close()
    else:
        QTimer.singleShot(10, lambda: _close_when_there(session, written))


def _place() -> Path:
    return Path(os.environ["HOME"]).parent


def _close(session: app.Session, _key: str) -> None:
    session._supervisor.spawn(_answered_and_closed(session), "wait for an answer")


async def _answered_and_closed(session: app.Session) -> None:
    """Or until there is none."""
    await app._answered(session.desk)
    session.window.close()


TROUBLES: Final[dict[str, Callable[[app.Session, str], None]]] = {
    "errors": _errors,
    "a native crash": _native_crash,
    "an abort": _abort,
    "a child": _demo_beside,
    "nothing": _close,
}


# Wrong programs


def _key_is_logged(patches: contextlib.ExitStack) -> None:
    """Nothing hides it in the log's lines, and somebody thought that it would help to see it."""
    get_going = app.Session.get_going

    async def going(session: app.Session) -> None:
        app._log.warning("working with %s", session._start.key)
        await get_going(session)

    patches.enter_context(mock.patch.object(logs, "redacted", lambda text: text))
    patches.enter_context(mock.patch.object(app.Session, "get_going", going))


def _values_in_crash_reports(patches: contextlib.ExitStack) -> None:
    """What many crash reporters do."""

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        told = traceback.TracebackException(kind, error, trace, capture_locals=True)
        (_place() / "data" / "logs" / "crash-report.txt").write_text("".join(told.format()), "utf-8")

    def hook() -> Callable[[], None]:
        sys.excepthook = report
        return lambda: None

    patches.enter_context(mock.patch.object(logs, "_hook", hook))


def _children_inherit(patches: contextlib.ExitStack) -> None:
    run = app.run

    def run_with(start: app.Start) -> int:
        os.environ[cli.KEY_VARIABLE] = start.key
        return run(start)

    patches.enter_context(mock.patch.object(app, "run", run_with))


def _children_are_given(patches: contextlib.ExitStack) -> None:
    def start_demo() -> None:
        subprocess.run([sys.executable, "--demo", "--key", *_keys], check=True)

    patches.enter_context(mock.patch.object(app, "_start_demo_beside", start_demo))


def _key_in_a_repr(patches: contextlib.ExitStack) -> None:
    patches.enter_context(mock.patch.object(app.Start, "__repr__", lambda start: f"Start(key={start.key})"))


def _key_in_the_settings(patches: contextlib.ExitStack) -> None:
    """A habit like any other."""
    change = Desk.change_settings

    async def change_with(desk: Desk, changed: Settings) -> None:
        await change(desk, msgspec.structs.replace(changed, window=changed.window | {"key": _keys[0]}))

    patches.enter_context(mock.patch.object(Desk, "change_settings", change_with))


WRONG: Final[dict[str, Callable[[contextlib.ExitStack], None]]] = {
    "the key is logged": _key_is_logged,
    "crash reports have values": _values_in_crash_reports,
    "children inherit the key": _children_inherit,
    "children are given the key": _children_are_given,
    "the key is in a repr": _key_in_a_repr,
    "the key is in the settings": _key_in_the_settings,
}

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main(sys.argv[1:]))
