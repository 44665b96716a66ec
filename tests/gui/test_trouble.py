"""The window that says why the real one cannot be shown."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from zendera_desk.domain.errors import StoreError
from zendera_desk.gui.trouble import TroubleWindow


@pytest.mark.parametrize(
    ("key", "held"), [(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)]
)
async def test_it_says_where_the_data_is_and_a_key_ends_it(
    tmp_path: Path, key: Qt.Key, held: Qt.KeyboardModifier, until: Callable[[Callable[[], object]], Awaitable[None]]
) -> None:
    window = TroubleWindow(StoreError("damaged"), tmp_path)
    assert any(str(tmp_path) in label.text() for label in window.findChildren(QLabel))
    closed = asyncio.ensure_future(window.shown())
    await until(window.isVisible)
    QTest.keyClick(window, key, held)
    async with asyncio.timeout(5):
        await closed
