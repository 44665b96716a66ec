"""What every set of numbered screenshots has around it: the options, an empty folder, a desk in a window, and the end."""

import argparse
import gc
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from zendera_desk import settings
from zendera_desk.app import Session, Start
from zendera_desk.gui import loop, style
from zendera_desk.simulator.running import RunningSimulator

SIZE: Final = (1280, 800)

Play = Callable[[Path, RunningSimulator], Coroutine[object, object, int]]
"""With an empty data folder. Returns the exit code."""


def options(about: str | None) -> argparse.Namespace:
    """What the command line says; the folder is there, without the pictures of last time."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--scale", default="1", help="of the screen: 1.5 is 150 %%")
    chosen = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = chosen.scale
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for old in chosen.folder.glob("[0-9][0-9]*-*.png"):
        old.unlink()
    return chosen


def run(chosen: argparse.Namespace, zendera: AbstractContextManager[RunningSimulator], play: Play) -> int:
    app = QApplication(sys.argv[:1])
    style.apply(app, style.NAMED[chosen.scheme])
    with tempfile.TemporaryDirectory() as place, zendera as simulator:
        data = Path(place) / "data"
        data.mkdir()
        settings.save(data, settings.Settings(hold_seconds=0, made_by="Kari", desk="front"))
        return loop.run(app, play(data, simulator))


@asynccontextmanager
async def seated(chosen: argparse.Namespace, data: Path) -> AsyncIterator[Session]:
    """Somebody sits at the desk."""
    gc.disable()  # as cli.py does; Session.get_going turns it on again
    session = await Session.open(data, Start(folder=data, scheme=chosen.scheme))
    try:
        session.window.resize(*SIZE)
        yield session
    finally:
        await session.close()
