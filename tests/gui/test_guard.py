"""The guards themselves: a nested Qt loop fails loudly, and what Qt warns of is heard."""

import ast
import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer, qWarning
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMessageBox, QWidget

from zendera_desk.gui import guard
from zendera_desk.gui.guard import NESTING, NestedLoopError, forbid_nested_loops
from zendera_desk.gui.qtwords import hear_qt

GUI = Path(guard.__file__).parent
COMMON = {"critical", "warning"}
"""Names that loggers have too."""

CALLS: dict[str, Callable[[QWidget], object]] = {
    "dialog": lambda parent: QDialog(parent).exec(),
    "message": lambda parent: QMessageBox.question(parent, "x", "x"),
    "message box": lambda parent: QMessageBox(parent).exec(),
    "files": lambda parent: QFileDialog.getOpenFileNames(parent, "x"),
    "input": lambda parent: QInputDialog.getText(parent, "x", "x"),
    "loop": lambda _parent: QEventLoop().exec(),
    "events": lambda _parent: QCoreApplication.processEvents(),
    "events of the application": lambda _parent: QApplication.processEvents(),
}


@pytest.mark.parametrize("name", CALLS)
async def test_a_nested_loop_inside_a_coroutine_fails(name: str) -> None:
    parent = QWidget()
    with pytest.raises(NestedLoopError, match="nested Qt loop"):
        CALLS[name](parent)


async def test_it_fails_in_a_slot_too_while_the_loop_runs() -> None:
    failed: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()

    def slot() -> None:
        try:
            QCoreApplication.processEvents()
        except NestedLoopError as error:
            failed.set_result(error)

    QTimer.singleShot(0, slot)
    assert isinstance(await failed, NestedLoopError)


def test_without_a_loop_qt_may_do_what_it_likes(app: QApplication) -> None:
    app.processEvents()
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    assert loop.exec() == 0


def test_afterwards_everything_is_as_it_was() -> None:
    before = [owner.__dict__.get(name) for owner, names in NESTING for name in names]
    with forbid_nested_loops():
        assert before != [owner.__dict__.get(name) for owner, names in NESTING for name in names]
    assert before == [owner.__dict__.get(name) for owner, names in NESTING for name in names]


def test_nobody_writes_a_nested_loop() -> None:
    """Also where no test goes, and for menus, which the guard cannot reach."""
    names = {name for _owner, names in NESTING for name in names}
    written = [
        f"{path.relative_to(GUI)}:{node.lineno} {node.func.attr}"
        for path in sorted(GUI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names - COMMON
    ]
    assert written == [line for line in written if line.startswith("loop.py:")], "use open() and a future"
    assert len(written) == 1


@pytest.mark.expected_log("something is wrong")
def test_a_warning_of_qts_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    qWarning("something is wrong")
    assert [(record.name, record.levelno) for record in caplog.records] == [("qt", logging.WARNING)]


def test_what_the_screenless_platform_says_of_itself_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    with hear_qt(), caplog.at_level(logging.DEBUG, "qt"):
        qWarning("This plugin does not support raise()")
    assert [record.levelno for record in caplog.records] == [logging.DEBUG]
