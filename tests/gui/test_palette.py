"""The command palette: found by a few letters, done with Enter, by keyboard alone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from zendera_desk.gui.widgets.palette import CommandPalette, name_of, rank


@pytest.mark.parametrize(
    ("wanted", "better", "worse"),
    [
        ("send", "Send and next", "Resend"),
        ("acc", "Accept", "Open account"),
        ("sn", "Send next", "Show history, sorted by newest"),
        ("next se", "Send and next", "Next month, report sent"),
        ("", "Accept", "Zoom"),
    ],
)
def test_what_was_meant_comes_first(wanted: str, better: str, worse: str) -> None:
    best, other = rank(wanted, better), rank(wanted, worse)
    assert best is not None
    assert other is None or best <= other


@pytest.mark.parametrize("wanted", ["xyz", "tpecca", "acceptt"])
def test_other_letters_do_not_fit(wanted: str) -> None:
    assert rank(wanted, "Accept") is None


def test_the_marks_of_menus_are_not_part_of_a_name() -> None:
    assert name_of(QAction("&Fail…")) == "Fail…"
    assert name_of(QAction("R&&D")) == "R&D"


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def palette(show: Callable[[QWidget], QWidget], done: list[str]) -> CommandPalette:
    window = QWidget()
    window.resize(900, 600)
    show(window)
    actions = []
    for name, key in (("&Accept", "A"), ("&Fail…", "F"), ("Send and next", "Ctrl+Return"), ("Refresh", "F5"), ("Nothing", "")):
        action = QAction(name, window)
        action.setShortcut(key)
        action.triggered.connect(lambda _on, name=name: done.append(name))
        action.setEnabled(name != "Nothing")
        actions.append(action)
    hidden = QAction("Hidden", window)
    hidden.setVisible(False)
    separator = QAction(window)
    separator.setSeparator(True)
    made = CommandPalette(window)
    made.ask([*actions, hidden, separator])
    return made


def shown(palette: CommandPalette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def test_it_lists_every_command_also_what_cannot_be_done_now(palette: CommandPalette) -> None:
    assert shown(palette) == ["Accept", "Fail…", "Send and next", "Refresh", "Nothing"]
    assert palette.field.hasFocus()


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_letters_and_enter_do_it_and_close(palette: CommandPalette, done: list[str], enter: Qt.Key) -> None:
    QTest.keyClicks(palette.field, "ref")
    assert shown(palette) == ["Refresh"]
    QTest.keyClick(palette.field, enter)
    assert done == ["Refresh"]
    assert not palette.isVisible()


def test_arrows_choose_while_the_field_keeps_the_focus(palette: CommandPalette, done: list[str]) -> None:
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.field.hasFocus()
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert done == ["&Fail…"]


def test_a_click_does_it(palette: CommandPalette, done: list[str]) -> None:
    area = palette.list.visualItemRect(palette.list.item(2))
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=area.center())
    assert done == ["Send and next"]


def test_what_cannot_be_done_now_is_not_done(palette: CommandPalette, done: list[str]) -> None:
    QTest.keyClicks(palette.field, "nothing")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert done == []
    assert palette.isVisible()


def test_escape_closes_it_and_the_next_time_it_starts_afresh(palette: CommandPalette) -> None:
    QTest.keyClicks(palette.field, "zzz")
    assert shown(palette) == []
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    palette.ask([QAction("Accept", palette)])
    assert shown(palette) == ["Accept"]
    assert palette.field.text() == ""
    assert palette.grab().width() == palette.width()
