"""A field that looks for what is typed can be emptied by key and by mouse."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from zendera_desk.gui.widgets.searchfield import SearchField


@pytest.fixture
def field(show: Callable[[SearchField], SearchField]) -> SearchField:
    made = SearchField()
    made.offer_clearing()
    made.resize(300, 30)
    return show(made)


def cross(field: SearchField) -> QToolButton:
    found = field.findChild(QToolButton)
    assert isinstance(found, QToolButton)
    return found


def test_the_cross_is_there_while_there_is_something_to_clear_and_stands_in_the_middle(field: SearchField) -> None:
    (clear,) = field.findChildren(QAction)
    assert not clear.isVisible()
    field.setText("Bergen")
    assert clear.isVisible()
    assert abs(cross(field).geometry().center().y() - field.rect().center().y()) <= 1
    clear.trigger()
    assert field.text() == ""
    assert not clear.isVisible()


def test_escape_clears_what_is_there_and_an_empty_field_leaves_it_to_others(field: SearchField) -> None:
    field.setText("Bergen")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
