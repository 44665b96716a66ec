"""Puts the parts together, starts them, and ends them in order: the only module that knows all of them.

The life of the program is nested: the data folder's lock, in it the desk, in it the window. Whatever way the end comes
(the cross, Ctrl+Q, SIGTERM, log-off), it comes through `Session.close`, which does nothing that a power cut would not get
right as well.

A start loads and builds what the list needs, shows it, and only then the rest. 10,000 shipments are painted after 2.5
times what a window without anything takes; `./dev bench` measures it. Imports inside functions are there for that.
"""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from tzlocal import get_localzone

import zendera_desk
from zendera_desk import logs, settings
from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.views import Connection
from zendera_desk.engine.clock import SystemClock
from zendera_desk.engine.supervise import Supervisor
from zendera_desk.gui import loop, painted, qtwords, style
from zendera_desk.gui.icons import icon
from zendera_desk.gui.instance import Instance
from zendera_desk.gui.watchdog import Watchdog
from zendera_desk.gui.window import Window
from zendera_desk.settings import Settings

if TYPE_CHECKING:
    from zendera_desk.simulator.running import RunningSimulator

LAST_WISHES: Final = timedelta(seconds=3)
"""How long closing waits for what a person asked for a moment ago, such as a draft being written."""

_log = logging.getLogger(__name__)


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for. `folder` None: a folder for this run alone."""

    folder: Path | None = None
    base_url: str = ""
    key: str = ""
    demo: bool = False
    pace: float = 1.0
    tour: Path | None = None
    scheme: str | None = None
    verbose: bool = False
    figures: bool = False
    """For ./dev bench: say when the list is painted and what memory is used, and quit when at work."""

    def __repr__(self) -> str:
        return "Start(…)"  # it holds the key


class Session:
    """One desk with its window, over a data folder whose lock somebody holds."""

    def __init__(self, desk: Desk, start: Start) -> None:
        self.desk = desk
        self._supervisor = Supervisor(SystemClock(), desk.changes)
        self.window = Window(desk, self._supervisor.spawn, self._settings_changed, _start_demo_beside)
        self._start = start
        self._signals = _end_signals(self.window)

    @classmethod
    async def open(cls, folder: Path, start: Start) -> "Session":
        """Raises StoreError when the folder's database cannot be used."""
        preferred, trouble = settings.load(folder)
        desk = await Desk.open(folder, preferred, zone=get_localzone(), by_hand=True)
        try:
            session = cls(desk, start)
        except BaseException:
            await desk.close()
            raise
        if trouble is not None:
            session.window.tell(trouble)
        session._supervisor.spawn(painted.show(session.window), "show the window")
        return session

    async def open_account(self, simulator: "RunningSimulator | None") -> None:
        """The account that was asked for, or the one that was open last; without one the window shows the first run."""
        await self.show_account(simulator)
        await self.get_going()

    async def show_account(self, simulator: "RunningSimulator | None", when_painted: Callable[[], None] | None = None) -> None:
        """Returns when what is on disk is on screen."""
        desk, start = self.desk, self._start
        try:
            if simulator is not None:
                await desk.open_passing_account("Nordlys (demo)", simulator.base_url, simulator.key)
            elif start.base_url:
                await desk.open_passing_account(start.base_url, start.base_url, start.key)
            elif stored := await desk.accounts():
                chosen = next((account for account in stored if account.id == desk.settings.open_account), stored[0])
                await desk.open_stored_account(chosen)
        except DeskError as error:
            self.window.tell(error)
        self.window.show_account()
        if desk.account is not None:
            await painted.first_paint(self.window, when_painted)

    async def get_going(self) -> None:
        """What comes after the first look at the list: the other views, and the line to Zendera."""
        await self.window.build_the_rest()
        # It was off since the start (cli.py). What is there now stays: looked through each time, it would be a stall of 30 ms.
        gc.freeze()
        gc.enable()
        self.desk.go_online()

    async def close(self) -> None:
        for number in self._signals:
            signal.signal(number, signal.SIG_DFL)
        with contextlib.suppress(StoreError):  # where windows stood is not worth a word when the disk is full
            await self.desk.change_settings(msgspec.structs.replace(self.desk.settings, window=self.window.states()))
        await self.window.let_go()
        self.window.hide()
        await self._supervisor.close(LAST_WISHES)
        await self.desk.close()
        self.window.deleteLater()

    def _settings_changed(self, changed: Settings) -> None:
        _dress(self._start, changed)


def run(start: Start) -> int:
    """Opens the window and returns when it is closed: the exit code."""
    QCoreApplication.setApplicationName("Zendera Desk")
    QCoreApplication.setApplicationVersion(zendera_desk.__version__)
    QGuiApplication.setDesktopFileName("zendera-desk")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # Numbers and dates are formatted by gui/format.py, alike everywhere: so Qt must not follow the system's habits beside it.
    QLocale.setDefault(QLocale.c())
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(icon("app"))
    with contextlib.ExitStack() as ending:
        folder = ending.enter_context(_folder(start))
        ending.callback(logs.start(folder, start.verbose))
        ending.enter_context(qtwords.hear_qt())
        if start.tour is not None:
            from zendera_desk.gui import guard  # noqa: PLC0415 (what only a tour needs)

            ending.enter_context(guard.forbid_nested_loops())
        return loop.run(app, _main(app, start, folder))


async def _main(app: QApplication, start: Start, folder: Path) -> int:
    _dress(start, settings.load(folder)[0])
    instance = Instance(folder, app)
    if not instance.is_first:
        print("Zendera Desk is open already." if instance.call_first() else "Another program uses this data folder.", file=sys.stderr)
        return 0
    watchdog = Watchdog(app)
    simulator = _small_zendera(start) if start.demo else None
    try:
        if simulator is not None:
            simulator.start()
        if start.tour is not None and simulator is not None:
            from zendera_desk import tour  # noqa: PLC0415 (what only a tour needs)

            watchdog.start()
            return await tour.play(lambda: Session.open(folder, start), simulator, start.tour, watchdog)
        return await _work(start, folder, simulator, instance, watchdog)
    finally:
        watchdog.stop()
        if simulator is not None:
            simulator.stop()
        instance.release()


async def _work(start: Start, folder: Path, simulator: "RunningSimulator | None", instance: Instance, watchdog: Watchdog) -> int:
    try:
        session = await Session.open(folder, start)
    except StoreError as error:
        from zendera_desk.gui.trouble import TroubleWindow  # noqa: PLC0415 (hardly ever)

        _log.error("the data folder cannot be used: %s", error)
        await TroubleWindow(error, folder).shown()
        return 1
    instance.raise_asked.connect(session.window.come_forward)
    try:
        await session.show_account(simulator, (lambda: _say_figures(session)) if start.figures else None)
        watchdog.start()  # before there was a window nobody could see it stand still
        await session.get_going()
        if start.figures:
            await _answered(session.desk)
            _say_figures(session)
        else:
            await session.window.closed
    finally:
        await session.close()
    return 0


async def _answered(desk: Desk) -> None:
    """Returns when Zendera has answered for the first time, or has not."""
    told = asyncio.Event()
    unsubscribe = desk.changes.subscribe(lambda _change: told.set())
    while (await desk.status()).connection is Connection.STARTING:
        await told.wait()
        told.clear()
    unsubscribe()


def _say_figures(session: Session) -> None:
    print(painted.facts(session.window), flush=True)


@contextlib.contextmanager
def _folder(start: Start) -> Iterator[Path]:
    """The data folder, or one that is gone afterwards: the demo's."""
    if start.folder is not None:
        yield start.folder
        return
    with tempfile.TemporaryDirectory(prefix="zendera-desk-demo-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def _small_zendera(start: Start) -> "RunningSimulator":
    from zendera_desk.simulator import running  # noqa: PLC0415 (what only the demo needs)

    return running.demo(pace=start.pace, troubled=start.tour is None)


def _dress(start: Start, preferred: Settings) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        style.apply(app, style.NAMED.get(start.scheme or preferred.scheme))


def _end_signals(window: Window) -> list[int]:
    """SIGTERM and Ctrl+C close the window as its cross does. Windows knows them only in part."""
    taken = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(ValueError, OSError):
            signal.signal(number, lambda _number, _frame: window.close())
            taken.append(int(number))
    return taken


def _start_demo_beside() -> None:
    """The demo in a program of its own: its shipments never come near real ones."""
    from PySide6.QtCore import QProcess  # noqa: PLC0415 (hardly ever)

    arguments = ["--demo"] if getattr(sys, "frozen", False) else ["-m", "zendera_desk", "--demo"]
    QProcess.startDetached(sys.executable, arguments)
