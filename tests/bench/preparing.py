"""One photo of 12 MP into the JPEG that is sent, against what Qt's own reader takes for the same: scaled decoding, and encoding.

Turn by turn, since what else the machine does then disturbs both alike. What is measured is what the helper process does for it,
called here without the pipe.
"""

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImageReader

from bench.figure import Figure
from support import office
from zendera_desk.pictures.jobs import LONGEST, QUALITY, Work, Worked
from zendera_desk.pictures.work import do

TURNS: Final = 15


def figures() -> Iterator[Figure]:
    files = office.photos(3)
    _application = QGuiApplication([])
    ours: list[float] = []
    floor: list[float] = []
    for turn in range(-1, TURNS):  # the first loads what is loaded once
        file = files[turn % len(files)]
        for seconds, make in ((floor, _by_qt), (ours, _by_us)):
            took = _seconds(make, file)
            if turn >= 0:
                seconds.append(took)
    value, least = statistics.median(ours) * 1000, statistics.median(floor) * 1000
    yield Figure("12 MP JPEG to prepared picture, ms", value, least, 1.3)


def _seconds(make: Callable[[Path], int], file: Path) -> float:
    began = perf_counter()
    if not make(file):
        raise SystemExit(f"{file} could not be read")
    return perf_counter() - began


def _by_us(file: Path) -> int:
    made = do(Work(path=str(file), jpeg=True))
    return len(made.jpeg) if isinstance(made, Worked) else 0


def _by_qt(file: Path) -> int:
    reader = QImageReader(str(file))
    reader.setScaledSize(reader.size().scaled(QSize(LONGEST, LONGEST), Qt.AspectRatioMode.KeepAspectRatio))
    kept = QBuffer()
    kept.open(QIODevice.OpenModeFlag.WriteOnly)
    reader.read().save(kept, "JPEG", QUALITY)  # type: ignore[call-overload]  # PySide6 describes the format as bytes; it takes text
    return kept.size()
