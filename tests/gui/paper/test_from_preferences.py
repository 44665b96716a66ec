"""Preferences about paper, in the whole window on a real desk: what is set there is what folder, scanner and pictures go by."""

import asyncio
from pathlib import Path
from typing import TypeVar

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QMenu, QPushButton, QSpinBox, QWidget

from gui.paper.conftest import PaperDay, Until
from unit.pictures.made import encoded, pdf, says
from zendera_desk.gui.settings.preferences import Preferences
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.window import Window

W = TypeVar("W", bound=QWidget)


def preferences(window: Window) -> Preferences:
    window.passing.show_preferences()
    (found,) = window.findChildren(Preferences)
    return found


def part(page: QWidget, kind: type[W], name: str) -> W:
    found = page.findChild(kind, name)
    assert isinstance(found, kind)
    return found


async def test_a_folder_chosen_there_is_watched_and_stays_when_something_else_is_changed(
    day: PaperDay, window: Window, until: Until, tmp_path: Path
) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    page = preferences(window)
    part(page, QPushButton, "chooseWatched").click()
    dialog = part(page, QFileDialog, "chooseWatchedFolder")
    dialog.setDirectory(str(scans))
    dialog.accept()
    state = part(page, QLabel, "watchState")
    await until(lambda: state.text() == "Watching: nothing taken in today yet")
    part(page, QComboBox, "colours").setCurrentText("Dark")
    await until(lambda: day.desk.settings.scheme == "dark")
    assert list(day.desk.settings.watched_folders.values()) == [str(scans)]
    (scans / "scan_1.pdf").write_bytes(pdf(says("a signature")))
    for _ in range(6):
        await day.desk.paper.watching.step(day.clock.move(seconds=2))
    await until(lambda: state.text() == "Watching: 1 file taken in today")


async def test_a_scan_in_the_field_that_tries_it_opens_nothing(day: PaperDay, window: Window, until: Until) -> None:
    page = preferences(window)
    part(page, QLineEdit, "tryScanner").setFocus()
    window.scanner.scanned.emit(str(day.orders[0]))
    answer = part(page, QLabel, "scanAnswer")
    await until(lambda: answer.text() == f"A scan of {day.orders[0]}: shipment {day.orders[0]}.")
    assert page.isVisible()
    part(page, QLineEdit, "yourName").setFocus()
    window.scanner.scanned.emit(str(day.orders[0]))
    await until(lambda: not window.findChildren(Preferences))


async def test_whoever_leaves_at_once_leaves_nothing_behind_that_fails(window: Window, spawn: Spawn, until: Until) -> None:
    """The desk's answers come to a page that is gone."""
    page = preferences(window)
    part(page, QSpinBox, "keepProofs").setValue(1)
    part(page, QLineEdit, "tryScanner").setFocus()
    page.take_scan("370123456789")
    window.show_work()
    await until(lambda: not window.findChildren(Preferences))
    done = asyncio.Event()

    async def last() -> None:
        await window._desk.status()
        done.set()

    spawn(last(), "what was asked after all of these")
    await until(done.is_set)


async def test_pictures_are_prepared_as_large_as_is_set_there(day: PaperDay, window: Window, until: Until) -> None:
    photo, another = (encoded(Image.new("RGB", (2000, 1500), colour)) for colour in ("white", "grey"))
    before = await day.desk.add_picture(photo)
    part(preferences(window), QSpinBox, "longestSide").setValue(900)
    await until(lambda: day.desk.settings.picture_longest == 900)
    after = await day.desk.add_picture(another)
    assert (before.width, after.width) == (1600, 900)
    assert await day.desk.add_picture(photo) == before


async def test_the_paper_page_has_the_folder_and_the_separator_sheet_in_its_menu(window: Window) -> None:
    window.paper.show()
    page = window.paper.page
    QTest.mouseClick(part(page, QPushButton, "paperMenu"), Qt.MouseButton.LeftButton)
    menu = part(page, QMenu, "paperMenuList")
    assert menu.isVisible()
    assert [action.text() for action in menu.actions()] == ["Watch a folder…", "Separator sheet…"]
    menu.hide()
    menu.actions()[1].trigger()
    dialog = part(page, QFileDialog, "saveSeparatorSheet")
    assert dialog.isVisible()
    dialog.reject()
