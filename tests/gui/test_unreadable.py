"""Orders in a form that is not known here: the rest goes on, it is said how many they are, and they can be handed on as they came."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from support.day import Day, HandClock, day_in
from zendera_desk.domain.views import View
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.window import Window
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.simulator.running import RunningSimulator

Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
async def day(tmp_path: Path, clock: HandClock, simulator: RunningSimulator) -> AsyncIterator[Day]:
    async with day_in(tmp_path, clock, simulator) as day:
        yield day


@pytest.fixture
async def window(day: Day, show: Callable[[Window], Window], spawn: Spawn) -> AsyncIterator[Window]:
    made = Window(day.desk, spawn, lambda _settings: None, lambda: None)
    made.resize(1280, 800)
    show(made)
    made.show_account()
    await made.build_the_rest()
    yield made
    await made.let_go()


async def test_orders_that_cannot_be_read_are_said_until_zendera_sends_them_well_and_can_be_copied(
    day: Day, window: Window, until: Until
) -> None:
    button = window.status.findChild(QPushButton, "unreadableOrders")
    assert button is not None
    await window._read_status()
    assert not button.isVisible()
    here = await day.ids(View.ALL)
    day.simulator.faults.add(Fault.BROKEN_ROWS, endpoint=Endpoint.EXPORT, times=1)
    day.clock.move(minutes=20)
    await day.walk()
    await window._read_status()
    assert button.isVisible()
    assert button.text() == "2 orders cannot be read"
    assert await day.ids(View.ALL) == here, "what is here stays here"
    QGuiApplication.clipboard().clear()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await until(lambda: QGuiApplication.clipboard().text())
    rows = [json.loads(line) for line in QGuiApplication.clipboard().text().splitlines()]
    assert rows == [["not", "a", "row"], {"orderId": None}]
    day.clock.move(minutes=20)
    await day.walk()
    await window._read_status()
    assert not button.isVisible()
