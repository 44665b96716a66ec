"""The program as it is, and somebody who presses the window's cross: `python -m prove.starts_child MOMENTS WRONG ARGS…`.

A moment is in seconds of the machine's monotonic clock; one that lies before there is a window counts as soon as there is one.
WRONG names what is wrong with the program, for the controls; "" is the program as it is.
"""

import asyncio
import contextlib
import ctypes
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final
from unittest import mock

import shiboken6

from zendera_desk.gui import qtload

qtload.load_qt()

from zendera_desk import app, cli  # noqa: E402 (Qt first, as in the program)
from zendera_desk.engine import supervise  # noqa: E402
from zendera_desk.store.database import Database  # noqa: E402


def main(arguments: Sequence[str]) -> int:
    moments, wrong, *rest = arguments
    _press([float(moment) for moment in moments.split(",") if moment])
    with contextlib.ExitStack() as patches:
        if wrong:
            WRONG[wrong](patches)
        code = cli.main(rest)
    return 1 if wrong == "it says that it failed" else code


def _press(moments: Sequence[float]) -> None:
    begin: Callable[..., None] = app.Session.__init__

    def sit_down(session: app.Session, *rest: Any) -> None:  # noqa: ANN401
        begin(session, *rest)
        loop = asyncio.get_running_loop()
        for moment in moments:
            loop.call_at(max(loop.time(), moment), _press_now, session)

    app.Session.__init__ = sit_down  # type: ignore[method-assign]  # a hand at the window, not another program


def _press_now(session: app.Session) -> None:
    if shiboken6.isValid(session.window):
        session.window.close()


def _task_that_does_not_end(patches: contextlib.ExitStack) -> None:
    """Closing waits for work instead of ending it; and there is some, however early the cross is pressed."""
    begin: Callable[..., None] = supervise.Supervisor.__init__

    async def hang() -> None:
        await asyncio.Event().wait()

    def begin_with_work(supervisor: supervise.Supervisor, *rest: Any) -> None:  # noqa: ANN401
        begin(supervisor, *rest)
        supervisor.spawn(hang(), "hang")

    async def cancelled(tasks: set[asyncio.Task[None]]) -> None:
        await asyncio.gather(*(tasks - {asyncio.current_task()}))

    patches.enter_context(mock.patch.object(supervise.Supervisor, "__init__", begin_with_work))
    patches.enter_context(mock.patch.object(supervise, "_cancelled", cancelled))


def _store_left_open(patches: contextlib.ExitStack) -> None:
    """Nobody closes the connections; the interpreter's end is kept from doing it by a reference too many."""

    async def leave(database: Database) -> None:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(database._writer))

    patches.enter_context(mock.patch.object(Database, "close", leave))


def _child_left_behind(_patches: contextlib.ExitStack) -> None:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=False)


def _nothing(_patches: contextlib.ExitStack) -> None:
    """Its exit code is what is wrong."""


WRONG: Final[dict[str, Callable[[contextlib.ExitStack], None]]] = {
    "a task does not end": _task_that_does_not_end,
    "the store is left open": _store_left_open,
    "a child is left behind": _child_left_behind,
    "it says that it failed": _nothing,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
