"""A page of sentences, buttons and a table: no wider than can be read, however wide the window is."""

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named

_WIDEST: Final = 760
"""Pixels: longer lines are hard to read, and a table there needs no more."""


def column_of(page: QWidget) -> QVBoxLayout:
    """What stands on it goes into this."""
    column = QVBoxLayout()
    column.setContentsMargins(6 * SPACE, 2 * SPACE, 6 * SPACE, 6 * SPACE)
    column.setSpacing(2 * SPACE)
    narrow = QWidget()
    narrow.setLayout(column)
    narrow.setMaximumWidth(_WIDEST + 12 * SPACE)
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(narrow, 100)
    row.addStretch(1)
    return column


def button(name: str, picture: str, words: str) -> QPushButton:
    made = named(QPushButton(icon(picture), words), name, words)
    made.setIconSize(BESIDE_WORDS)
    return made
