"""From Ctrl+Enter to the next document's picture on the screen, in the lane of the real window.

What lies between: the draft, the report and the outbox on disk, the next form, its pages in its draft, and its picture, which was
decoded ahead. The floor is Qt's own reader alone, decoding the same prepared picture when it is asked for.
"""

import asyncio
import gc
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QObject, Qt
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench.beats import Beats
from bench.figure import Figure
from support import office
from support.notes import facts
from zendera_desk import settings
from zendera_desk.app import Session, Start
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.gui import loop, style
from zendera_desk.gui.paper.lane import Lane
from zendera_desk.simulator.running import RunningSimulator

PAGES: Final = 40
FIRST: Final = 700
PATIENCE: Final = 60.0
READ: Final = 0.4
"""Seconds at least that a person spends on a document."""


def figures(*, where: bool = False) -> Iterator[Figure]:
    stack = office.stack(PAGES, FIRST)
    notes = [facts(seed) for seed, coded in office.leaves(PAGES, FIRST) if coded]
    app = QApplication(sys.argv[:1])
    style.apply(app, style.NAMED["light"])
    with tempfile.TemporaryDirectory() as place, office.zendera(notes) as simulator:
        folder = Path(place)
        settings.save(folder, settings.Settings(hold_seconds=0))
        took, floor = loop.run(app, _key_all(folder, simulator, stack, len(notes), where=where))
    yield Figure("next picture in the lane painted, 95th percentile, ms", _most(took) * 1000, _most(floor) * 1000, 100, "value")


def _most(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


async def _key_all(folder: Path, simulator: RunningSimulator, stack: Path, number: int, *, where: bool) -> tuple[list[float], list[float]]:
    gc.disable()  # as cli.py does; Session.get_going turns it on again
    session = await Session.open(folder, Start(folder=folder, scheme="light"))
    try:
        await session.open_account(simulator)
        async with asyncio.timeout(PATIENCE):
            await office.accepted(session.desk, number, 60)
            await session.desk.paper.add([stack])
            while (await session.desk.paper.counts()).waiting:  # noqa: ASYNC110 (as a person looks)
                await asyncio.sleep(0.1)
        session.window.paper.show()
        await _until(lambda: len(session.window.paper.page.steps()) >= number)
        session.window.paper.page.begin_keying()
        lane = session.window.paper.lane
        beats = Beats(session.window, where=where)
        with beats.watching():
            keyed = [each async for each in _keyed(lane)]
        if where:
            sys.stderr.write("\n".join(stall.told() for stall in sorted(beats.stalls, reverse=True)) + "\n")
        floor = [_by_qt(await session.desk.picture_jpeg(picture)) for _seconds, picture in keyed]
        return [seconds for seconds, _picture in keyed], floor
    finally:
        await session.close()


async def _keyed(lane: Lane) -> AsyncIterator[tuple[float, PictureId]]:
    """Seconds to each next document's picture, and which it is."""
    sight = _Sight(lane)
    sight.wait_for(_order(lane))
    await _until(lambda: sight.painted_at)
    while (following := next((step.order_id for step in lane._course.ahead(1)), None)) is not None:
        await asyncio.sleep(READ)
        form = lane.report.form
        for field, text in ((form.time, "t"), (form.fields["signee"], "Kari Nordmann")):
            field.setFocus()
            QTest.keyClicks(field, text)
        began = perf_counter()
        sight.wait_for(following)
        QTest.keyClick(form.fields["signee"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await _until(lambda: sight.painted_at)
        current = lane.report.pane.strip.current()
        assert current is not None
        yield sight.painted_at - began, current.id


def _order(lane: Lane) -> OrderId | None:
    step = lane._course.now
    return None if step is None else step.order_id


class _Sight(QObject):
    """When the picture of which order was painted."""

    def __init__(self, lane: Lane) -> None:
        super().__init__(lane)
        self._lane = lane
        self._old = 0
        self._wanted: OrderId | None = None
        self.painted_at = 0.0
        self._viewer = lane.report.pane.viewer
        self._viewer.viewport().installEventFilter(self)

    def wait_for(self, order: OrderId | None) -> None:
        self._old, self._wanted, self.painted_at = self._key(), order, 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._shows_it():
            asyncio.get_running_loop().call_soon(self._note)
        return super().eventFilter(watched, event)

    def _shows_it(self) -> bool:
        report = self._lane.report
        return report._order == self._wanted and report.pane.strip.current() is not None and self._key() not in {0, self._old}

    def _key(self) -> int:
        pixmap = self._viewer._item.pixmap()
        return 0 if pixmap.isNull() else pixmap.cacheKey()

    def _note(self) -> None:
        self.painted_at = self.painted_at or perf_counter()


async def _until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not seen():  # noqa: ASYNC110 (as a person looks)
            await asyncio.sleep(0.005)


def _by_qt(jpeg: bytes) -> float:
    began = perf_counter()
    kept = QBuffer()
    kept.setData(QByteArray(jpeg))
    kept.open(QIODevice.OpenModeFlag.ReadOnly)
    QPixmap.fromImage(QImageReader(kept).read())
    return perf_counter() - began
