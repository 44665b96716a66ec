"""Tab goes from part to part, and setting that leaves everything alive."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QTableView, QWidget

from zendera_desk.gui.taborder import tab_through


class Backwards(QWidget):
    """Goes through its fields in the other order than they were made in, and does not name the last one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.fields = [QLineEdit(str(place), self) for place in range(4)]

    def in_order_of_tab(self) -> list[QWidget]:
        return [*reversed(self.fields[:3])]


@pytest.fixture
def window(show: Callable[[QWidget], QWidget]) -> QWidget:
    return show(QWidget())


def test_tab_goes_through_the_parts_as_they_are_given_and_inside_as_they_say(window: QWidget) -> None:
    later, part, sooner = QPushButton("later", window), Backwards(window), QPushButton("sooner", window)
    for each in (later, part, sooner):
        each.show()
    tab_through(sooner, part, later)
    sooner.setFocus()
    seen = []
    for _ in range(6):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QPushButton | QLineEdit)
        seen.append(focused.text())
        QTest.keyClick(focused, "\t")
    assert seen == ["sooner", "2", "1", "0", "3", "later"]


def test_what_a_menu_offers_outlives_the_part_before_it(window: QWidget) -> None:
    table, part = QTableView(window), QPushButton(window)
    action = QMenu(part).addAction("Both stops")
    tab_through(table, part)
    table.deleteLater()
    del table
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert action.text() == "Both stops"
