"""Wrong programs for the days of soak: each leaves one sort of thing behind, or is wrong in one way, whenever a shipment is opened.

To be imported with Qt's timers made virtual (qtclock.py), before anything of the program.
"""

import asyncio
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping
from typing import Final
from unittest import mock

from PySide6.QtWidgets import QWidget

from prove.qtclock import CLOCKWORK, VirtualTimer
from prove.virtual import SPINNING
from zendera_desk.domain.ids import OrderId
from zendera_desk.gui.window import Window
from zendera_desk.store.database import FILE_NAME, Connection

_kept: list[object] = []
_readers: list[sqlite3.Connection] = []


def _task(_window: Window) -> None:
    _kept.append(asyncio.get_running_loop().create_task(asyncio.Event().wait(), name="leaked"))


def _thread(_window: Window) -> None:
    thread = threading.Thread(target=threading.Event().wait, daemon=True)
    thread.start()


def _widget(_window: Window) -> None:
    _kept.append(QWidget())


def _timer(_window: Window) -> None:
    timer = VirtualTimer(interval=3_600_000)
    timer.start()
    _kept.append(timer)


def _file(_window: Window) -> None:
    _kept.append(open(os.devnull))  # noqa: PTH123, SIM115 (that is the point)


def _list(_window: Window) -> None:
    _kept.extend([f"{len(_kept)} {place}" for place in range(4000)])


def _table(window: Window) -> None:
    """What could not be read is set aside again each time that somebody looks."""
    window._spawn(window._desk._database.write(_set_aside_again), "set aside")


def _set_aside_again(conn: Connection) -> None:
    now = int(CLOCKWORK.time.now().timestamp() * 1000)
    conn.execute("insert into feed_broken select id, hex(randomblob(32)), zeroblob(1000000), ? from account", [now])


def _reader(window: Window) -> None:
    """One that never ends: the database's log cannot be begun again from its start."""
    if not _readers:
        conn = sqlite3.connect(f"file:{window._desk.folder / FILE_NAME}?mode=ro", uri=True, isolation_level=None)
        conn.execute("begin")
        conn.execute("select count(*) from shipment").fetchone()
        _readers.append(conn)


def _complaint(_window: Window) -> None:
    logging.getLogger("zendera_desk").warning("a shipment was opened")


def _spin(window: Window) -> None:
    async def ask_again_at_once() -> None:
        for _ in range(2 * SPINNING):
            await asyncio.sleep(0)

    window._spawn(ask_again_at_once(), "ask again at once")


def _death(_window: Window) -> None:
    os._exit(1)


WRONG: Final[Mapping[str, Callable[[Window], None]]] = {
    "a task that never ends": _task,
    "a thread that never ends": _thread,
    "a widget that is never deleted": _widget,
    "a timer that is never stopped": _timer,
    "a file that is never closed": _file,
    "a list that grows": _list,
    "a table that grows": _table,
    "a reader that never ends": _reader,
    "something that complains": _complaint,
    "a loop that spins": _spin,
    "a program that dies": _death,
}


def go_wrong(names: str) -> None:
    """For good. Several at once, as "one+another"."""
    right, wrongs = Window._open, [WRONG[name] for name in names.split("+")]

    def open_and_go_wrong(window: Window, order: OrderId) -> None:
        for wrong in wrongs:
            wrong(window)
        right(window, order)

    mock.patch.object(Window, "_open", open_and_go_wrong).start()
