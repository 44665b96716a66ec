"""Awaited questions: answered by a person, called off by a person, or gone with the task that asked."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from zendera_desk.gui import dialogs

Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
def window(show: Callable[[QWidget], QWidget]) -> QWidget:
    return show(QWidget())


def is_asked(window: QWidget) -> bool:
    return any(dialog.isVisible() for dialog in window.findChildren(QDialog))


def question(window: QWidget) -> QDialog:
    return next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())


def button(window: QWidget, name: str) -> QPushButton:
    return next(button for button in window.findChildren(QPushButton) if button.accessibleName() == name)


@pytest.mark.parametrize(("name", "answer"), [("Fail it", True), ("Cancel", False)])
async def test_a_question_gives_the_persons_answer_and_is_gone(window: QWidget, until: Until, name: str, answer: bool) -> None:
    asked = asyncio.ensure_future(dialogs.ask(window, "Last strike", "<b>5 of 5</b>", "Fail it"))
    await until(lambda: is_asked(window))
    QTest.mouseClick(button(window, name), Qt.MouseButton.LeftButton)
    assert await asked is answer
    await until(lambda: not window.findChildren(QDialog))


@pytest.mark.parametrize(("danger", "answer"), [(False, True), (True, False)])
async def test_enter_gives_the_harmless_answer(window: QWidget, until: Until, danger: bool, answer: bool) -> None:
    asked = asyncio.ensure_future(dialogs.ask(window, "Delete", "Delete 3 pages?", "Delete", danger=danger))
    await until(lambda: is_asked(window))
    QTest.keyClick(question(window), Qt.Key.Key_Return)
    assert await asked is answer


async def test_escape_is_a_no_and_no_error(window: QWidget, until: Until) -> None:
    asked = asyncio.ensure_future(dialogs.ask(window, "Delete", "Delete 3 pages?", "Delete"))
    await until(lambda: is_asked(window))
    QTest.keyClick(question(window), Qt.Key.Key_Escape)
    assert await asked is False


async def test_other_tasks_go_on_while_a_question_is_open(window: QWidget, until: Until) -> None:
    asked = asyncio.ensure_future(dialogs.ask(window, "Delete", "Delete?", "Delete"))
    await until(lambda: is_asked(window))
    steps = 0
    for _ in range(50):
        await asyncio.sleep(0)
        steps += 1
    assert (steps, asked.done()) == (50, False)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)


async def test_a_question_goes_with_the_task_that_asked(window: QWidget, until: Until) -> None:
    asked = asyncio.ensure_future(dialogs.ask(window, "Delete", "Delete?", "Delete"))
    await until(lambda: is_asked(window))
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await until(lambda: not window.findChildren(QDialog))


async def test_a_text_is_asked_for_and_cannot_be_empty(window: QWidget, until: Until) -> None:
    asked = asyncio.ensure_future(dialogs.ask_text(window, "Failure reason", "Why?", "Fail"))
    await until(lambda: is_asked(window))
    field = window.findChildren(QLineEdit)[0]
    assert not button(window, "Fail").isEnabled()
    QTest.keyClicks(field, "  No capacity ")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert await asked == "No capacity"


async def test_a_text_of_many_lines_is_done_with_ctrl_enter(window: QWidget, until: Until) -> None:
    asked = asyncio.ensure_future(dialogs.ask_text(window, "Reason", "Why?", "Send", value="one", many_lines=True))
    await until(lambda: is_asked(window))
    field = window.findChildren(QPlainTextEdit)[0]
    field.selectAll()
    QTest.keyClicks(field, "one")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClicks(field, "two")
    QTest.keyClick(field, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    assert await asked == "one\ntwo"


async def test_a_text_that_is_called_off_is_none(window: QWidget, until: Until) -> None:
    asked = asyncio.ensure_future(dialogs.ask_text(window, "Reason", "Why?", "Send", value="typed"))
    await until(lambda: is_asked(window))
    QTest.keyClick(question(window), Qt.Key.Key_Escape)
    assert await asked is None


async def test_files_are_chosen_without_a_loop_of_their_own(window: QWidget, until: Until, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"x")
    asked = asyncio.ensure_future(dialogs.choose_files(window, "Add pictures", ["Pictures (*.jpg *.png)"], tmp_path))
    await until(lambda: is_asked(window))
    dialog = window.findChildren(QFileDialog)[0]
    assert dialog.nameFilters() == ["Pictures (*.jpg *.png)"]
    assert dialog.fileMode() is QFileDialog.FileMode.ExistingFiles
    edit = dialog.findChild(QLineEdit, "fileNameEdit")
    assert edit is not None
    edit.setText("b.jpg")
    dialog.accept()
    assert await asked == [tmp_path / "b.jpg"]


async def test_no_file_is_an_empty_list(window: QWidget, until: Until) -> None:
    asked = asyncio.ensure_future(dialogs.choose_files(window, "Add pictures", ["All (*)"]))
    await until(lambda: is_asked(window))
    window.findChildren(QFileDialog)[0].reject()
    assert await asked == []
