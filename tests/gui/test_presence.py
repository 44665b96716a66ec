"""The engine is told that somebody is there, seldom enough to cost nothing, and when the window leaves the screen."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from zendera_desk.gui.presence import Presence


class Told:
    def __init__(self) -> None:
        self.used_times = 0
        self.is_hidden: list[bool] = []

    def used(self) -> None:
        self.used_times += 1

    def hidden(self, *, hidden: bool) -> None:
        self.is_hidden.append(hidden)


@pytest.fixture
def told(show: Callable[[QWidget], QWidget]) -> tuple[QWidget, Told]:
    window, told = QWidget(), Told()
    Presence(window, lambda: told)
    return show(window), told


def test_many_keys_are_told_once(told: tuple[QWidget, Told]) -> None:
    window, heard = told
    native = window.windowHandle()
    for _ in range(20):
        QTest.keyClick(native, Qt.Key.Key_A)
    assert heard.used_times == 1


def test_a_click_is_told_too_and_the_next_one_after_a_while(told: tuple[QWidget, Told]) -> None:
    window, heard = told
    for times in (1, 2):
        QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton)
        QTest.mousePress(window.windowHandle(), Qt.MouseButton.LeftButton)
        assert heard.used_times == times
        window.findChildren(Presence)[0]._said.invalidate()


def test_who_works_in_another_window_of_the_program_is_there_too(told: tuple[QWidget, Told], show: Callable[[QWidget], QWidget]) -> None:
    _window, heard = told
    other = show(QWidget())
    other.activateWindow()
    QTest.qWaitForWindowActive(other)
    QTest.keyClick(other.windowHandle(), Qt.Key.Key_A)
    assert heard.used_times == 1


def test_a_window_that_is_minimised_and_comes_back_is_told_each_time_once(told: tuple[QWidget, Told]) -> None:
    window, heard = told
    window.setWindowState(Qt.WindowState.WindowMinimized)
    window.setWindowState(Qt.WindowState.WindowNoState)
    assert heard.is_hidden == [True, False]
    window.hide()
    window.show()
    assert heard.is_hidden == [True, False, True, False]
