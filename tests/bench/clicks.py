"""From a click until what it asked for lies durably on the disk and the list shows it: an accept, and a complete report.

In the whole window, where everything else hears of it as well. The floor is the disk's own: a commit of one small row into a database
with nothing else in it, durable in the same way, between the clicks. Clicks and commits come faster than any person's, but not without
a pause: a disk that has just written is quicker, and neither shall find it so for the other's sake.

A disk that others use too stands still for some clicks and for some of the bare commits, not for the same ones. So each figure is
followed by what is left of it without the time that the click's own commit took.
"""

import asyncio
import contextlib
import gc
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple
from unittest import mock

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from bench.figure import Figure
from bench.office import opened
from zendera_desk.app import settle_down
from zendera_desk.domain.drafting import ASKS
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import View
from zendera_desk.gui import loop, style
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.window import Window
from zendera_desk.store import database
from zendera_desk.store.database import FILE_NAME

CLICKS: Final = 200
PAUSE: Final = 0.15
"""Seconds: six clicks of one."""
PATIENCE: Final = 60.0
REST: Final = 20.0
"""Seconds from the copy of the store to the first click."""


class Click(NamedTuple):
    """Seconds."""

    took: float
    committing: float
    """How much of it."""


def figures(folder: Path, name: str) -> Iterator[Figure]:
    """Writes into `folder`, which was copied a moment ago: the disk must have it whole and be done with it, or the clicks pay for that."""
    with (folder / FILE_NAME).open("rb+") as file:
        os.fsync(file.fileno())
    time.sleep(REST)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    style.apply(app, style.NAMED["light"])
    yield from loop.run(app, _measured(folder, name))


async def _measured(folder: Path, name: str) -> list[Figure]:
    gc.disable()  # as cli.py does
    commits = _Commits()
    with commits.watched():
        return await _in_the_window(folder, name, commits)


async def _in_the_window(folder: Path, name: str, commits: "_Commits") -> list[Figure]:
    async with opened(folder) as desk:
        window = Window(desk, desk.spawn, lambda _settings: None, lambda: None)
        window.resize(1280, 800)
        window.show()
        window.show_account()
        await window.build_the_rest()
        settle_down()
        found = []
        for view, what, wish in ((View.TO_ACCEPT, "accept", _accept), (View.TO_REPORT, "send", _send)):
            window.shipments.set_view(view)
            await _until(lambda: window.shipments.model.loaded and len(window.shipments.model.ids) > CLICKS)
            clicks, bare = await _clicked_often(window, wish, commits, folder.with_name("bare.sqlite3"))
            label = f"{what} until durable and shown, {name}, 99th percentile, ms"
            found.append(Figure(label, _most([click.took for click in clicks]), _most(bare), 20, "value"))
            own = [click.took - click.committing for click in clicks]
            found.append(Figure("the same, without the time that its commit took, ms", _most(own), 0, 20, "value"))
        await window.let_go()
        window.deleteLater()
        return found


def _accept(window: Window, order: OrderId) -> None:
    window.wishes.accept([order])


def _send(window: Window, order: OrderId) -> None:
    window.wishes.send(order, Draft(time="1000", signee="Kari Nordmann"), ASKS)


def _most(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[-1] * 1000


async def _clicked_often(
    window: Window, wish: Callable[[Window, OrderId], None], commits: "_Commits", bare: Path
) -> tuple[list[Click], list[float]]:
    """Each click, and the seconds of each bare commit between them."""
    clicks, floor = [], []
    with contextlib.closing(_bare(bare)) as disk:
        for _ in range(CLICKS):
            floor.append(_committed(disk))
            await asyncio.sleep(PAUSE)
            clicks.append(await _clicked(window, wish, commits))
            await asyncio.sleep(PAUSE)
    return clicks, floor


def _bare(path: Path) -> sqlite3.Connection:
    disk = sqlite3.connect(path, isolation_level=None)
    disk.execute("pragma journal_mode = wal")
    disk.execute("pragma synchronous = full")
    disk.execute("create table if not exists bare (id integer primary key, text text)")
    return disk


def _committed(disk: sqlite3.Connection) -> float:
    began = perf_counter()
    disk.execute("begin immediate")
    disk.execute("insert into bare (text) values ('a click')")
    disk.execute("commit")
    return perf_counter() - began


async def _clicked(window: Window, wish: Callable[[Window, OrderId], None], commits: "_Commits") -> Click:
    """Until the row reads otherwise, or has left the list, and that is painted. It is durable before anybody hears of it."""
    panel = window.shipments
    order = panel.model.ids[0]
    await _until(lambda: panel.model.line(order) is not None)
    shown = _Shown(panel, order)
    began = perf_counter()
    wish(window, order)
    async with asyncio.timeout(PATIENCE):
        at = await shown.at  # nobody looks meanwhile: to look a thousand times a second would itself be work in the way
    shown.deleteLater()
    return Click(at - began, commits.within(began, at))


class _Commits:
    """Each of the program's: when it began and how long it took, seconds."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, float]] = []

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        real = database.transaction

        @contextlib.contextmanager
        def transaction(connection: sqlite3.Connection) -> Iterator[None]:
            with real(connection):
                yield
                began = perf_counter()
            self._seen.append((began, perf_counter() - began))

        with mock.patch.object(database, "transaction", transaction):
            yield

    def within(self, start: float, end: float) -> float:
        return sum(took for began, took in self._seen if start <= began < end)


class _Shown(QObject):
    def __init__(self, panel: ShipmentsPanel, order: OrderId) -> None:
        super().__init__(panel)
        self.at: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._panel, self._order, self._before = panel, order, panel.model.line(order)
        panel.table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            line = self._panel.model.line(self._order)
            if self._panel.model.row_of(self._order) is None or (line is not None and line != self._before):
                watched.removeEventFilter(self)
                QApplication.sendEvent(watched, event)
                self.at.set_result(perf_counter())
                return True
        return super().eventFilter(watched, event)


async def _until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not seen():  # noqa: ASYNC110 (as a person looks)
            await asyncio.sleep(0.001)
