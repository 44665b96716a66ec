"""A guard for what a review would miss: nested Qt loops.

A nested Qt loop (`exec()`, the static message boxes and file dialogs, `processEvents`) inside a coroutine stops every
other task until it ends, and takes their place in the order of things. `forbid_nested_loops` makes each such call raise
while an asyncio loop runs; tests and the tour install it, and nobody else loads it: Qt's dialogs alone take 3 ms.
"""

import asyncio
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QColorDialog, QDialog, QFileDialog, QFontDialog, QInputDialog, QMessageBox

NESTING: Final[tuple[tuple[type, tuple[str, ...]], ...]] = (
    (QDialog, ("exec", "exec_")),
    (QEventLoop, ("exec", "exec_", "processEvents")),
    (QCoreApplication, ("processEvents",)),
    (QMessageBox, ("about", "aboutQt", "critical", "information", "question", "warning")),
    (
        QFileDialog,
        (
            "getExistingDirectory",
            "getExistingDirectoryUrl",
            "getOpenFileName",
            "getOpenFileNames",
            "getOpenFileUrl",
            "getOpenFileUrls",
            "getSaveFileName",
            "getSaveFileUrl",
        ),
    ),
    (QInputDialog, ("getDouble", "getInt", "getItem", "getMultiLineText", "getText")),
    (QColorDialog, ("getColor",)),
    (QFontDialog, ("getFont",)),
)
"""The calls of Qt Widgets that run a loop of their own and can be replaced. `QMenu.exec` cannot (PySide finds it past its class):
tests/gui/test_guard.py looks for it in the source. `QApplication.exec` is the loop itself."""


class NestedLoopError(RuntimeError):
    """A nested Qt loop was asked for while asyncio's loop runs: use `open()` and its `finished` (gui/report/pane.py)."""


@contextmanager
def forbid_nested_loops() -> Iterator[None]:
    """While it is in force, every call in `NESTING` raises NestedLoopError if an asyncio loop runs in this thread."""
    before = [(owner, name, owner.__dict__[name]) for owner, names in NESTING for name in names if name in owner.__dict__]
    for owner, name, original in before:
        setattr(owner, name, _refusing(owner, name, original))
    try:
        yield
    finally:
        for owner, name, original in before:
            setattr(owner, name, original)


class _Refusing:
    """Stands in the class in place of Qt's method, static or not, and gives it back bound as it was."""

    def __init__(self, name: str, original: Any) -> None:  # noqa: ANN401 (Qt's own descriptor, of no public type)
        self._name, self._original = name, original

    def __get__(self, instance: object, owner: type | None = None) -> Callable[..., object]:
        call = self._original.__get__(instance, owner) if hasattr(self._original, "__get__") else self._original

        @functools.wraps(call)
        def refused(*args: object, **values: object) -> object:
            if _a_loop_runs():
                raise NestedLoopError(f"{self._name} would run a nested Qt loop")
            return call(*args, **values)

        return refused


def _a_loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _refusing(owner: type, name: str, original: object) -> _Refusing:
    return _Refusing(f"{owner.__name__}.{name}", original)
