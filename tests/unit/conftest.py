"""Unit tests know no Qt: none may load it, not even inside a function."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _without_qt() -> Iterator[None]:
    before = "PySide6" in sys.modules
    yield
    assert before or "PySide6" not in sys.modules, "this test loaded PySide6: it belongs to tests/gui"
