"""Fifty changes of the feed a second, for minutes, in the real window: it must not stall, grow, or move under a reader's eyes (Linux).

The first half is followed and the second half is paused in the middle of reading. Somebody sits at the desk all the time and moves the
mouse now and then: where nobody does anything for two minutes, the desk looks at the feed once in a minute only (engine/feed_pace.py).
Zendera is the simulator in a process of its own.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from bench.beats import Beats
from bench.figure import Figure
from zendera_desk.app import Session, Start
from zendera_desk.credentials import Keys
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui import loop, painted, style
from zendera_desk.gui.feed.rows import LINE_HEIGHT
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import Tempo, World

KEY: Final = "bench-key"
A_SECOND: Final = 50
WARM: Final = 20.0
_LOOK: Final = 0.2
_MOVES: Final = 20.0
"""Seconds from one move of the mouse to the next."""
_TELLS: Final = 10.0
"""Seconds from one look at the memory to the next."""


class Stretch(NamedTuple):
    late: Counter[int]
    """How many beats of the interface were late by so many tenths of a millisecond."""
    memory: list[float]
    """MB that the process has in memory, every ten seconds."""
    processor: float
    """Hundredths of a core."""
    moved: int
    """How often other rows were seen than the look before."""
    came: int

    def stall(self, share: float = 1.0) -> float:
        """Milliseconds: of so many of all beats none was later."""
        left = self.late.total() * share
        for tenths in sorted(self.late):
            left -= self.late[tenths]
            if left <= 0:
                return tenths / 10
        return 0.0


async def _watched(seconds: float, base_url: str, *, where: bool) -> tuple[Stretch, Stretch]:
    gc.disable()  # as cli.py does; Session.get_going turns it on again
    with tempfile.TemporaryDirectory() as place:
        data = Path(place)
        session = await Session.open(data, Start(folder=data, scheme="light"), Keys(find=lambda: ()))
        try:
            await session.desk.open_passing_account("Nordlys", base_url, KEY)
            session.window.show_account()
            await painted.first_paint(session.window)
            await session.get_going()
            await asyncio.sleep(WARM)
            followed = await _stretch(session, seconds / 2, where=where)
            bar = session.window.feed._table.verticalScrollBar()
            bar.setValue(bar.maximum() - 60 * LINE_HEIGHT)
            await asyncio.sleep(2)
            return followed, await _stretch(session, seconds / 2, where=where)
        finally:
            await session.close()


async def _stretch(session: Session, seconds: float, *, where: bool) -> Stretch:
    beats, late, moved, seen = Beats(session.window, where=where), Counter[int](), 0, _seen(session)
    memory, first, processor, began = [_memory()], await session.desk.watch.newest(), _processor(), perf_counter()
    still = began - _MOVES
    with beats.watching():
        while (now := perf_counter()) - began < seconds:
            if now - still >= _MOVES:
                still = now
                _move_mouse(session)
            if now - began >= len(memory) * _TELLS:
                memory.append(_memory())
            await asyncio.sleep(_LOOK)
            late.update(round(each * 10_000) for each in beats.late)
            beats.late.clear()  # a thousand a second would be what grows
            there = _seen(session)
            moved += there != seen
            seen = there
    took = perf_counter() - began
    if where:
        sys.stderr.write("\n".join(stall.told() for stall in sorted(beats.stalls, reverse=True)[:20]) + "\n")
        sys.stderr.write(f"passes of the garbage collector: {beats.collected}\n")
    came = await session.desk.watch.newest() - first
    return Stretch(late, [*memory, _memory()], 100 * (_processor() - processor) / took, moved, came)


def _move_mouse(session: Session) -> None:
    nothing, at = Qt.MouseButton.NoButton, QPointF(3, 3)
    QApplication.sendEvent(
        session.window.windowHandle(), QMouseEvent(QEvent.Type.MouseMove, at, at, nothing, nothing, Qt.KeyboardModifier.NoModifier)
    )


def _seen(session: Session) -> list[tuple[int | None, int]]:
    """The rows on the screen and where they stand, to the pixel."""
    table = session.window.feed._table
    rows = range(table.rowAt(0), max(table.rowAt(table.viewport().height() - 1), 0) + 1)
    lines: list[FeedLine | None] = [session.window.feed._model.line(row) for row in rows]
    return [(line.id if line else None, table.rowViewportPosition(row)) for row, line in zip(rows, lines, strict=True)]


def _memory() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _processor() -> float:
    times = os.times()
    return times.user + times.system


@contextlib.contextmanager
def zendera() -> Iterator[str]:
    """Its address."""
    command = [sys.executable, "-m", "bench.stream", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}) as child:
        assert child.stdout
        try:
            yield json.loads(child.stdout.readline())["base_url"]
        finally:
            child.send_signal(signal.SIGTERM)


def _serve() -> None:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: ended.set())
    world = World(1, shipments=300, tempo=Tempo(shipments_every=None, drivers_every=1 / A_SECOND, correction_after=None))
    for order in world.waiting()[:200]:
        world.accept(order)
    with RunningSimulator(world, key=KEY, limit=1_000_000, lively=True) as simulator:
        print(json.dumps({"base_url": simulator.base_url}), flush=True)
        while not ended.wait(0.5):
            pass


def figures(seconds: float, *, where: bool = False) -> Iterator[Figure]:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    style.apply(app, style.NAMED["light"])
    with zendera() as base_url:
        stretches = loop.run(app, _watched(seconds, base_url, where=where))
    for name, stretch in zip(("followed", "paused"), stretches, strict=True):
        told = f"{stretch.came:,} changes in {seconds / 2:.0f} s, {name}"
        yield Figure(f"{told}: longest stall, ms", stretch.stall(), 0, 50, "value")
        yield Figure(f"{told}: stall, 99th percentile, ms", stretch.stall(0.99), 0, 16, "value")
        sys.stderr.write(f"{name}, MB every {_TELLS:.0f} s: {', '.join(f'{size:.1f}' for size in stretch.memory)}\n")
        yield Figure(f"{told}: growth, MB", stretch.memory[-1] - stretch.memory[0], 0, 10, "value")
        yield Figure(f"{told}: processor, hundredths of a core", stretch.processor, 0, 25, "value")
    yield Figure("rows moved while paused", stretches[1].moved, 0, 0, "value")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--where", action="store_true", help="tell what the interface was at when it stood still")
    chosen: Any = options.parse_args()
    if chosen.serve:
        _serve()
        return
    for figure in figures(chosen.seconds, where=chosen.where):
        print(json.dumps(figure.line()), flush=True)


if __name__ == "__main__":
    main()
