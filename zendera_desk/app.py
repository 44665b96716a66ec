"""Puts the parts together, starts them, and ends them in order: the only module that knows all of them.

The life of the program is nested: the data folder's lock, in it the desk, in it the window. Whatever way the end comes
(the cross, Ctrl+Q, SIGTERM, log-off), it comes through `Session.close`, which does nothing that a power cut would not get
right as well.

A start loads and builds what the list needs, shows it, and only then the rest. Of 100,000 shipments the list is painted after 2.1
times what a window without anything takes; `./dev bench` measures it. Imports inside functions are there for that, and `later.py`.
"""

import asyncio
import contextlib
import gc
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtWidgets import QApplication

from zendera_desk import disk, later, logs, settings, startup
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.changes import ZoneChanged
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.views import Connection
from zendera_desk.ending import Ending
from zendera_desk.engine.clock import SystemClock
from zendera_desk.engine.supervise import Supervisor
from zendera_desk.gui import application, icons, loop, painted, qtwords, style
from zendera_desk.gui.format import local_zone
from zendera_desk.gui.instance import Instance
from zendera_desk.gui.presence import Presence
from zendera_desk.gui.watchdog import Watchdog
from zendera_desk.gui.window import Again, Window
from zendera_desk.settings import Settings

if TYPE_CHECKING:
    from zendera_desk.simulator.running import RunningSimulator

LAST_WISHES: Final = timedelta(seconds=3)
"""How long closing waits for what a person asked for a moment ago, such as a draft being written."""

YOUNG: Final = 10_000
"""Objects, until Python looks for garbage among the young ones: a page of the feed makes some thousands, and none of them is garbage."""
TURN: Final = 0.0005
"""Seconds that a thread keeps Python's lock when another wants it. In Python's own 5 ms a key or a commit would wait for a decoder."""
ZONE_LOOK: Final = timedelta(minutes=1)
"""How soon it is noticed that the PC is in another time zone."""

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
    archive: Path | None = None
    """Only this is opened, to read in."""
    ending: Ending = msgspec.field(default_factory=Ending)

    def __repr__(self) -> str:
        return "Start(…)"  # it holds the key


class Session:
    """One desk with its window, over a data folder whose lock somebody holds."""

    def __init__(self, desk: Desk, start: Start) -> None:
        self.desk = desk
        self._supervisor = Supervisor(SystemClock(), desk.changes)
        self.window = Window(desk, self._supervisor.spawn, self._settings_changed, _start_demo_beside)
        self._start = start
        start.ending.lead_to(self.window.close)

    @classmethod
    async def open(cls, folder: Path, start: Start, keys: Keys | None = None) -> "Session":
        """Raises StoreError when the folder's database cannot be used."""
        preferred, trouble = settings.load(folder)
        desk = await Desk.open(folder, preferred, zone=local_zone(), keys=keys, by_hand=True)
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
                await desk.show_passing_account("Nordlys (demo)", simulator.base_url, simulator.key)
            elif start.base_url:
                await desk.show_passing_account(start.base_url, start.base_url, start.key)
            elif stored := await desk.accounts():
                await desk.show_account(next((account for account in stored if account.id == desk.settings.open_account), stored[0]))
        except DeskError as error:
            self.window.tell(error)
        self.window.show_account()
        if desk.account is not None:
            await painted.first_paint(self.window, when_painted)

    async def get_going(self) -> None:
        """What comes after the first look at the list: the other views, and the line to Zendera.

        A keyring may wait for its password: what needs no line goes on meanwhile.
        """
        await asyncio.to_thread(later.load_ours)  # by itself: two threads that import the same modules could meet half of one
        await asyncio.to_thread(icons.read_ahead)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._connect())
            await self.window.build_the_rest()
            settle_down()
            self._supervisor.loop("time zone", self._look_at_the_zone)
            self.desk.go_online()

    async def _connect(self) -> None:
        try:
            await self.desk.connect()
        except DeskError as error:
            self.window.tell(error)

    async def _look_at_the_zone(self, now: datetime) -> datetime:
        if await asyncio.to_thread(local_zone().look):
            _log.info("the time zone is %s now", local_zone())
            self.desk.changes.publish(ZoneChanged())
        return now + ZONE_LOOK

    async def close(self) -> None:
        with contextlib.suppress(StoreError):  # where windows stood is not worth a word when the disk is full
            await self.desk.change_settings(msgspec.structs.replace(self.desk.settings, window=self.window.states()))
        try:
            await self.window.let_go()
        finally:
            self.window.hide()
            await self._supervisor.close(LAST_WISHES)
            await self.desk.close()
            self._start.ending.let_go()
            self.window.deleteLater()

    def _settings_changed(self, changed: Settings) -> None:
        _dress(self._start, changed)


def run(start: Start) -> int:
    """Opens the window and returns when it is closed: the exit code."""
    app = application.made()
    app.setWindowIcon(icons.icon("app"))
    with contextlib.ExitStack() as ending:
        folder = ending.enter_context(_folder(start))
        ending.callback(logs.start(folder, start.verbose))
        ending.enter_context(qtwords.hear_qt())
        if start.tour is not None:
            from zendera_desk.gui import guard  # noqa: PLC0415 (what only a tour needs)

            ending.enter_context(guard.forbid_nested_loops())
        if start.archive is not None:
            return loop.run(app, _read_archive(start, start.archive.absolute()))
        return loop.run(app, _main(app, start, folder))


async def _main(app: QApplication, start: Start, folder: Path) -> int:
    _dress(start, settings.load(folder)[0])
    instance = Instance(folder, app)
    if (code := await startup.alone(instance, folder, start.ending)) is not None:
        return code
    disk.forget_unfinished(folder)
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


def settle_down() -> None:
    """The window is there: how Python collects garbage and shares its lock from now on."""
    # It was off since the start (cli.py). What is there now stays: looked through each time, it would be a stall of 30 ms.
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()
    sys.setswitchinterval(TURN)


async def _read_archive(start: Start, path: Path) -> int:
    """With the desk's preferences, and without touching its data: as many as anybody likes may be open beside it."""
    from zendera_desk.gui.archive.window import ArchiveWindow  # noqa: PLC0415 (seldom)
    from zendera_desk.gui.trouble import TroubleWindow  # noqa: PLC0415 (as above)
    from zendera_desk.reading import ArchiveDesk  # noqa: PLC0415 (as above)

    preferred = settings.load(settings.data_folder())[0]
    _dress(start, preferred)
    gc.enable()
    try:
        desk = await startup.patiently(ArchiveDesk.open_archive(path, preferred, zone=local_zone()))
    except StoreError as error:
        _log.warning("the archive cannot be opened: %s", error)
        trouble = TroubleWindow(error, path)
        start.ending.lead_to(trouble.close)
        await trouble.shown()
        start.ending.let_go()
        return 1
    supervisor = Supervisor(SystemClock(), desk.changes)
    window = ArchiveWindow(desk, supervisor.spawn)
    start.ending.lead_to(window.close)
    window.show()
    supervisor.spawn(window.read_counts(), "count the views")
    await window.closed
    window.hide()
    await supervisor.close(LAST_WISHES)
    await desk.close()
    start.ending.let_go()
    window.deleteLater()
    return 0


async def _work(start: Start, folder: Path, simulator: "RunningSimulator | None", instance: Instance, watchdog: Watchdog) -> int:
    """One session after the other: a person may go back to a copy of the data, or have it mended."""
    keys = Keys()  # one that was given for this session only is not asked for again
    trouble: StoreError | None = None
    while True:
        session = await startup.opened(lambda: Session.open(folder, start, keys), folder, start.ending)
        if session is None:
            return 1
        if trouble is not None:
            session.window.tell(trouble)
        wanted = await _worked(session, start, simulator, instance, watchdog)
        if wanted is None:
            return 0
        trouble = await startup.went_back(folder, wanted.copy)


async def _worked(
    session: Session, start: Start, simulator: "RunningSimulator | None", instance: Instance, watchdog: Watchdog
) -> Again | None:
    """Until the window is closed. Says how to go on."""
    instance.raise_asked.connect(session.window.come_forward)
    try:
        async with asyncio.TaskGroup() as group:
            starting = group.create_task(_get_going(session, simulator, watchdog, start))
            session.window.closed.add_done_callback(lambda _closed: starting.cancel())
        if start.figures:
            await _answered(session.desk)
            _say_figures(session)
        else:
            await session.window.closed
    finally:
        await session.close()
    return session.window.wanted


async def _get_going(session: Session, simulator: "RunningSimulator | None", watchdog: Watchdog, start: Start) -> None:
    """Cancelled by whoever closes the window meanwhile: a keyring that waits for its password may take a minute."""
    await session.show_account(simulator, (lambda: _say_figures(session)) if start.figures else None)
    watchdog.start()  # before there was a window nobody could see it stand still
    Presence(session.window, lambda: watchdog)
    watchdog.may_rest = True
    await session.get_going()


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


def _start_demo_beside() -> None:
    """The demo in a program of its own: its shipments never come near real ones."""
    from PySide6.QtCore import QProcess  # noqa: PLC0415 (hardly ever)

    arguments = ["--demo"] if getattr(sys, "frozen", False) else ["-m", "zendera_desk", "--demo"]
    QProcess.startDetached(sys.executable, arguments)
