"""How the window is tested: offscreen, on the program's own loop, dressed as it is for people, and with nothing left behind.

Async tests here run on DeskLoop. After each test there must be no new window, no active timer of the application and no
task; what Qt warns of is in the log, where a warning that the test did not announce fails it (tests/conftest.py).
"""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "1"

import asyncio
import gc
import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from time import monotonic
from typing import TypeVar

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from zendera_desk.gui import guard, qtwords, style
from zendera_desk.gui.loop import DeskLoop
from zendera_desk.gui.spawn import Spawn

W = TypeVar("W", bound=QWidget)


def _application() -> QApplication:
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    made = QApplication(["zendera-desk"])
    made.setApplicationName("Zendera Desk")
    made.setQuitOnLastWindowClosed(False)
    style.apply(made, style.LIGHT)
    return made


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"desk": lambda: DeskLoop(_application())}


@pytest.fixture(scope="session", autouse=True)
def app() -> Iterator[QApplication]:
    with guard.forbid_nested_loops():
        yield _application()


@pytest.fixture(autouse=True)
def _qt_is_heard(_only_expected_logs: None) -> Iterator[None]:
    """Set up after the check of the log, so that it is taken down before, and its last warnings are seen."""
    with qtwords.hear_qt():
        yield


@pytest.fixture(autouse=True)
def _nothing_left(app: QApplication, _qt_is_heard: None) -> Iterator[None]:
    windows, timers = _windows(), _timers(app)
    yield
    _delete_later_is_now()
    if _windows() - windows or _timers(app) - timers:
        gc.collect()  # widgets in cycles of Python's end when they are collected; nothing else is waited for
        _delete_later_is_now()
    left = [window for window in app.topLevelWidgets() if shiboken6.getCppPointer(window) in _windows() - windows]
    assert not left, f"windows left behind: {left}"
    assert not _timers(app) - timers, "an active timer was left behind"


@pytest.fixture(autouse=True)
def _no_task_left(request: pytest.FixtureRequest, _nothing_left: None) -> None:
    """Asked for first, so that it looks last: after every other fixture of the test, before the loop ends."""
    if inspect.iscoroutinefunction(request.function):
        request.getfixturevalue("_tasks_are_done")


@pytest.fixture
async def _tasks_are_done() -> AsyncIterator[None]:
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, f"tasks left behind: {left}"


def _windows() -> set[tuple[int, ...]]:
    """By their address, because Qt's own get a new Python object each time. Not the tool tip, which Qt keeps for itself."""
    return {shiboken6.getCppPointer(each) for each in QApplication.topLevelWidgets() if not each.inherits("QTipLabel")}


def _timers(app: QApplication) -> set[tuple[int, ...]]:
    return {shiboken6.getCppPointer(each) for each in app.findChildren(QTimer) if each.isActive()}


def _delete_later_is_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def show(app: QApplication) -> Iterator[Callable[[W], W]]:
    """`show(widget)` shows it, active and with the focus as a person would find it, and takes it away after the test."""
    shown: list[QWidget] = []

    def showing(widget: W) -> W:
        shown.append(widget)
        widget.show()
        widget.activateWindow()
        if not _loop_runs():
            app.processEvents()  # a sync test has no loop that would hand it the focus
        return widget

    yield showing
    for widget in shown:
        widget.close()
        widget.deleteLater()


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@pytest.fixture
async def spawn() -> AsyncIterator[Spawn]:
    """What the program's supervisor does, but an error fails the test, and what is unfinished at its end is cancelled."""
    tasks: list[asyncio.Task[None]] = []

    def start(work: Coroutine[object, object, None], name: str) -> None:
        if over.is_set():
            work.close()  # a burst that a timer was collecting when the test ended
        else:
            tasks.append(asyncio.get_running_loop().create_task(work, name=name))

    over = asyncio.Event()
    yield start
    over.set()
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
            raise outcome


Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
def until() -> Until:
    """`await until(lambda: table.model().rowCount() == 3)`: waits for what the test is about, ten seconds at most."""

    async def waiting(condition: Callable[[], object]) -> None:
        end = monotonic() + 10
        while not condition():
            assert monotonic() < end, f"never came true: {inspect.getsource(condition).strip()}"
            await asyncio.sleep(0.002)

    return waiting


@pytest.fixture(params=["light", "dark"])
def each_scheme(request: pytest.FixtureRequest, app: QApplication) -> Iterator[style.Scheme]:
    """The test runs once in each scheme."""
    wanted = style.NAMED[request.param]
    style.apply(app, wanted)
    yield wanted
    style.apply(app, style.LIGHT)


@pytest.fixture(autouse=True)
def _quiet_asyncio() -> None:
    logging.getLogger("asyncio").setLevel(logging.WARNING)
