"""Twenty photos of 12 MP dropped into the form, in the real window with its real desk and helper process.

The clock starts with the drop. A thumbnail counts when the strip was painted with it. The floors are of the same machine in the
same minute: Qt's own reader making the same thumbnails in two threads, and the same window with nothing to do.
"""

import asyncio
import gc
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QApplication

from bench.beats import Beats, Stall
from bench.figure import Figure
from support import office
from support.notes import facts
from zendera_desk import settings
from zendera_desk.app import Session, Start
from zendera_desk.domain.report import Status
from zendera_desk.domain.views import Phase, View
from zendera_desk.gui import loop, style
from zendera_desk.gui.report.intake import SHARP
from zendera_desk.simulator.running import RunningSimulator

PHOTOS: Final = 20
IDLE: Final = 3.0
"""Seconds of nothing."""
PATIENCE: Final = 60.0


class Dropped(msgspec.Struct):
    """Seconds after the drop."""

    first: float
    seen: float
    """All thumbnails painted."""
    ready: float
    """All pictures prepared and in the form."""
    longest: float
    idle: float
    stalls: list[Stall]
    collected: list[tuple[int, float]]


def figures(turns: int, *, where: bool = False) -> Iterator[Figure]:
    files = office.photos(PHOTOS)
    app = QApplication(sys.argv[:1])
    style.apply(app, style.NAMED["light"])
    one, everything = _floors(files)
    seen = [_one_turn(app, files, where=where) for _turn in range(turns)]
    if where:
        for each in seen:
            _tell_where(each)
    middle = sorted(seen, key=lambda each: each.first)[turns // 2].first
    yield Figure("20 dropped photos: first thumbnail painted, ms", middle * 1000, one * 1000, 200, "value")
    middle = sorted(seen, key=lambda each: each.seen)[turns // 2].seen
    yield Figure("20 dropped photos: all thumbnails painted, s", middle, everything, 2.0, "value")
    worst = max(seen, key=lambda each: each.longest)
    idle = max(each.idle for each in seen)
    yield Figure("20 dropped photos: longest stall of the interface, ms", worst.longest * 1000, idle * 1000, 16, "value")


def _floors(files: Sequence[Path]) -> tuple[float, float]:
    """Seconds for the first thumbnail, and for all, by Qt's reader alone."""
    began = perf_counter()
    QPixmap.fromImage(_small(files[0]))
    first = perf_counter() - began
    began = perf_counter()
    with ThreadPoolExecutor(2) as pool:
        for image in pool.map(_small, files):
            QPixmap.fromImage(image)
    return first, perf_counter() - began


def _small(file: Path) -> QImage:
    reader = QImageReader(str(file))
    reader.setScaledSize(reader.size().scaled(QSize(SHARP, SHARP), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _one_turn(app: QApplication, files: Sequence[Path], *, where: bool) -> Dropped:
    with tempfile.TemporaryDirectory() as place, office.zendera([facts(seed) for seed in range(30)]) as simulator:
        folder = Path(place)
        settings.save(folder, settings.Settings(hold_seconds=0))
        return loop.run(app, _drop(folder, simulator, files, where=where))


async def _drop(folder: Path, simulator: RunningSimulator, files: Sequence[Path], *, where: bool) -> Dropped:
    gc.disable()  # as cli.py does; Session.get_going turns it on again
    session = await Session.open(folder, Start(folder=folder, scheme="light"))
    try:
        await session.open_account(simulator)
        await _open_a_form(session)
        idle = Beats(session.window)
        with idle.watching():
            await asyncio.sleep(IDLE)
        return await _dropped(session, files, idle.longest, Beats(session.window, where=where))
    finally:
        await session.close()


async def _open_a_form(session: Session) -> None:
    desk, window = session.desk, session.window
    await _until(lambda: window.shipments.model.rowCount() > 0)
    order = (await desk.shipment_ids(View.ALL))[0]
    await desk.accept([order])
    async with asyncio.timeout(PATIENCE):
        while (await desk.shipment_lines([order]))[0].phase is not Phase.ACCEPTED:  # noqa: ASYNC110 (as a person looks)
            await asyncio.sleep(0.1)
    window._report_on(order, Status.COMPLETE)
    await _until(window.report.pane.strip.isVisible)
    await _until(lambda: desk.developing._reader.pid is not None)
    await asyncio.sleep(1.5)  # the helper loads its decoders while a person reads the form


class _Strip(QObject):
    """When it was painted with how many thumbnails."""

    def __init__(self, session: Session, began: float) -> None:
        super().__init__(session.window)
        self._began = began
        self.seen = self.ready = 0
        self.painted: dict[int, float] = {}
        self.all_ready = 0.0
        report = session.window.report
        report._pictures._intake.seen.connect(self._saw)
        report._pictures._intake.ready.connect(self._made)
        self._viewport = report.pane.strip.viewport()
        self._viewport.installEventFilter(self)

    def _saw(self, _order: object, _ticket: object) -> None:
        self.seen += 1
        self._viewport.update()  # also for one that lies outside what is in sight

    def _made(self, _order: object, _ticket: object, _pictures: object) -> None:
        self.ready += 1
        self.all_ready = perf_counter() - self._began

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            asyncio.get_running_loop().call_soon(self._note, self.seen)
        return super().eventFilter(watched, event)

    def _note(self, seen: int) -> None:
        self.painted.setdefault(seen, perf_counter() - self._began)


async def _dropped(session: Session, files: Sequence[Path], idle: float, beats: Beats) -> Dropped:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    pane = session.window.report.pane
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    centre = pane.rect().center()
    QApplication.sendEvent(pane, QDragEnterEvent(centre, copy, data, left, plain))
    with beats.watching():
        strip = _Strip(session, perf_counter())
        QApplication.sendEvent(pane, QDropEvent(QPointF(centre), copy, data, left, plain))
        await _until(lambda: strip.ready >= len(files) and len(files) in strip.painted)
        await asyncio.sleep(0.3)  # the large picture, and the draft on disk
    first = min(at for seen, at in strip.painted.items() if seen)
    return Dropped(first, strip.painted[len(files)], strip.all_ready, beats.longest, idle, beats.stalls, beats.collected)


async def _until(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not seen():  # noqa: ASYNC110 (as a person looks)
            await asyncio.sleep(0.01)


def _tell_where(found: Dropped) -> None:
    say = sys.stderr.write
    say(f"first {found.first * 1000:.0f} ms, seen {found.seen:.2f} s, ready {found.ready:.2f} s, longest {found.longest * 1000:.1f} ms\n")
    say(f"garbage: {[(each, round(seconds * 1000, 1)) for each, seconds in found.collected]}\n")
    for stall in sorted(found.stalls, reverse=True):
        say(f"  {stall.told()}\n")
