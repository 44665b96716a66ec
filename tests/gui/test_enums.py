"""Qt's enums are written in full: `Qt.DisplayRole` costs 4 µs each time, `Qt.ItemDataRole.DisplayRole` 0.15."""

import ast
import enum
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

WINDOW = Path(__file__).parents[2] / "zendera_desk" / "gui"


def short_enums(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every `Class.Member` that is a member of one of the class's enums. Qt itself is asked, so it is exact."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = next((found for module in (QtCore, QtGui, QtWidgets) if (found := getattr(module, node.value.id, None))), None)
            if isinstance(owner, type) and isinstance(getattr(owner, node.attr, None), enum.Enum):
                yield node.lineno, ast.unparse(node)


def test_the_window_writes_enums_in_full() -> None:
    short = [
        f"{path.relative_to(WINDOW)}:{line} {text}"
        for path in sorted(WINDOW.rglob("*.py"))
        for line, text in short_enums(path.read_text("utf-8"))
    ]
    assert not short


@pytest.mark.parametrize("text", ["Qt.DisplayRole", "Qt.AlignRight | Qt.AlignVCenter", "QSizePolicy.Expanding", "QEvent.KeyPress"])
def test_a_short_enum_is_seen(text: str) -> None:
    assert list(short_enums(f"x = {text}"))


@pytest.mark.parametrize("text", ["Qt.ItemDataRole.DisplayRole", "Qt.Key.Key_A", "QFont.Weight", "self.Expanding", "QWidget.show"])
def test_a_full_one_is_fine(text: str) -> None:
    assert not list(short_enums(f"x = {text}"))
