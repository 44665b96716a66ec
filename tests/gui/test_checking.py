"""Whoever waits for the data sees that it is being opened, and whoever need not wait sees nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtWidgets import QApplication

from zendera_desk import startup
from zendera_desk.gui.checking import CheckingWindow

Until = Callable[[Callable[[], object]], Awaitable[None]]


def windows() -> list[CheckingWindow]:
    return [window for window in QApplication.topLevelWidgets() if isinstance(window, CheckingWindow) and window.isVisible()]


async def test_what_takes_long_says_so_cannot_be_closed_half_way_and_goes_by_itself(monkeypatch: pytest.MonkeyPatch, until: Until) -> None:
    monkeypatch.setattr(startup, "PATIENCE", 0.01)
    opened = asyncio.get_running_loop().create_future()

    async def work() -> str:
        return str(await opened)

    waiting = asyncio.ensure_future(startup.patiently(work()))
    await until(windows)
    (window,) = windows()
    window.close()
    assert window.isVisible()
    opened.set_result("the desk")
    assert await waiting == "the desk"
    assert windows() == []


async def test_what_is_quick_shows_nothing() -> None:
    async def work() -> str:
        return "the desk"

    assert await startup.patiently(work()) == "the desk"
    assert windows() == []
