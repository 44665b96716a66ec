"""The watchdog sees when the window stands still, for how long, and where."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication

from zendera_desk.gui.watchdog import Watchdog


@pytest.fixture
def watchdog(app: QApplication) -> Iterator[Watchdog]:
    made = Watchdog(app)
    made.start()
    yield made
    made.stop()
    made.deleteLater()


def stand_still(seconds: float) -> None:
    """What no code of the window may do: waits on the interface thread."""
    time.sleep(seconds)


@pytest.mark.expected_log("the interface stood still for")
async def test_a_stall_is_measured_and_its_place_is_logged(
    watchdog: Watchdog, until: Callable[[Callable[[], object]], Awaitable[None]], caplog: pytest.LogCaptureFixture
) -> None:
    stand_still(0.2)
    await until(lambda: watchdog.count)
    assert timedelta(seconds=0.15) < watchdog.longest < timedelta(seconds=5)
    assert "stand_still" in caplog.text


async def test_a_busy_loop_that_lets_the_window_live_is_no_stall(watchdog: Watchdog) -> None:
    limit = timedelta(seconds=5)
    quiet = Watchdog(watchdog, limit)
    quiet.start()
    for _ in range(3_000):
        await asyncio.sleep(0)
    quiet.stop()
    assert quiet.count == 0
    assert quiet.longest < limit
    watchdog.reset()
    assert watchdog.longest == timedelta()


def test_starting_twice_and_stopping_twice_does_no_harm(app: QApplication) -> None:
    dog = Watchdog(app)
    for _ in range(2):
        dog.start()
    thread = dog._thread
    for _ in range(2):
        dog.stop()
    assert thread is not None
    assert not thread.is_alive()
    dog.deleteLater()


async def test_it_beats_slowly_while_nobody_is_there_and_at_once_again_for_whoever_comes(
    watchdog: Watchdog, until: Callable[[Callable[[], object]], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zendera_desk.gui.watchdog._ALONE", 0.1)
    await asyncio.sleep(0.2)
    assert watchdog._timer.interval() == 20, "nobody tells it who is there"
    watchdog.may_rest = True
    await until(lambda: watchdog._timer.interval() == 1000)
    watchdog.used()
    assert watchdog._timer.interval() == 20
    assert watchdog.count == 0


@pytest.mark.expected_log("the interface stood still for")
async def test_a_long_stall_is_noticed_also_while_nobody_is_there(
    watchdog: Watchdog, until: Callable[[Callable[[], object]], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zendera_desk.gui.watchdog._ALONE", 0.1)
    watchdog.may_rest = True
    await until(lambda: watchdog._timer.interval() == 1000)
    stand_still(1.3)
    await until(lambda: watchdog.count)
