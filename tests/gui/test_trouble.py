"""The window that says why the real one cannot be shown, and what helps."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from zendera_desk.domain.errors import StoreError
from zendera_desk.gui.trouble import TroubleWindow, Way

Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.mark.parametrize(
    ("key", "held"), [(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)]
)
async def test_it_says_where_the_data_is_and_a_key_ends_it(tmp_path: Path, key: Qt.Key, held: Qt.KeyboardModifier, until: Until) -> None:
    window = TroubleWindow(StoreError("damaged"), tmp_path)
    assert any(str(tmp_path) in label.text() for label in window.findChildren(QLabel))
    closed = asyncio.ensure_future(window.shown())
    await until(window.isVisible)
    QTest.keyClick(window, key, held)
    async with asyncio.timeout(5):
        assert await closed is Way.QUIT


@pytest.mark.parametrize(
    ("error", "words", "first", "way"),
    [
        (StoreError("newer", found=3, known=1), "newer version (3) than this one can read (1)", "Open the folder", None),
        (StoreError("locked"), "Close other programs", "Try again", Way.AGAIN),
        (StoreError("readonly"), "permission to write", "Try again", Way.AGAIN),
        (StoreError("disk_full"), "Make room", "Try again", Way.AGAIN),
        (StoreError("damaged"), "could not be mended", "Try again", Way.AGAIN),
        (StoreError("io"), "disk", "Try again", Way.AGAIN),
        (StoreError("not_updated"), "as it was before", "Try again", Way.AGAIN),
        (StoreError("foreign"), "moved aside and kept", "Move it aside and go on", Way.ASIDE),
        (StoreError("not_a_file"), "moved aside and kept", "Move it aside and go on", Way.ASIDE),
        (StoreError("closed"), "", "Open the folder", None),
    ],
    ids=lambda value: value.code if isinstance(value, StoreError) else "",
)
async def test_each_trouble_has_its_words_and_the_button_that_helps(
    tmp_path: Path, until: Until, error: StoreError, words: str, first: str, way: Way | None
) -> None:
    window = TroubleWindow(error, tmp_path)
    assert any(words in label.text() for label in window.findChildren(QLabel))
    chosen = asyncio.ensure_future(window.shown())
    await until(window.isVisible)
    buttons = [button for button in window.findChildren(QPushButton) if button.isVisible()]
    assert buttons[0].text() == first
    (buttons[0] if way else buttons[-1]).click()
    async with asyncio.timeout(5):
        assert await chosen is (way or Way.QUIT)
