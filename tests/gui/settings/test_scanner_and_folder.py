"""The folder that the scanner fills and the hand scanner: how they stand is said, and what a person changes counts."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton

from gui.settings.conftest import Locksmith
from zendera_desk.domain.changes import PaperChanged
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import WatchedFolder
from zendera_desk.gui.settings.preferences import Preferences
from zendera_desk.settings import Settings

Until = Callable[[Callable[[], object]], Awaitable[None]]


def button(page: Preferences, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def line(page: Preferences, name: str) -> QLineEdit:
    found = page.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def said(page: Preferences, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


def choose(page: Preferences, folder: Path) -> None:
    """As a person does in the dialog."""
    button(page, "chooseWatched").click()
    dialog = page.findChild(QFileDialog, "chooseWatchedFolder")
    assert isinstance(dialog, QFileDialog)
    assert dialog.isVisible()
    dialog.setDirectory(str(folder))
    dialog.accept()


# The folder


async def test_a_chosen_folder_is_watched_shown_and_left_again(
    page: Preferences, locksmith: Locksmith, heard: list[Settings], until: Until, tmp_path: Path
) -> None:
    assert said(page, "watchState") == "No folder is watched."
    assert not button(page, "stopWatching").isVisible()
    choose(page, tmp_path)
    await until(lambda: said(page, "watchState") == "Watching: nothing taken in today yet")
    assert said(page, "watchedPath") == str(tmp_path)
    assert locksmith.paper.stands.folder == str(tmp_path)
    button(page, "stopWatching").setFocus()
    button(page, "stopWatching").click()
    await until(lambda: said(page, "watchState") == "No folder is watched.")
    assert page.window().focusWidget() is button(page, "chooseWatched")
    assert not heard, "the desk itself keeps what it watches"


async def test_what_was_taken_today_is_told_as_it_comes(page: Preferences, locksmith: Locksmith, until: Until) -> None:
    locksmith.paper.stands = WatchedFolder(folder="/scans", taken=1)
    locksmith.changes.publish(PaperChanged(frozenset()))
    await until(lambda: said(page, "watchState") == "Watching: 1 file taken in today")
    locksmith.paper.stands = WatchedFolder(folder="/scans", taken=3)
    locksmith.changes.publish(PaperChanged(frozenset()))
    await until(lambda: said(page, "watchState") == "Watching: 3 files taken in today")


async def test_why_a_folder_is_not_watched_now_stands_in_its_place(page: Preferences, locksmith: Locksmith, until: Until) -> None:
    locksmith.paper.stands = WatchedFolder(folder="/scans", taken=3, trouble=DeskError("folder_unreachable", name="/scans"))
    locksmith.changes.publish(PaperChanged(frozenset()))
    await until(lambda: "cannot be reached" in said(page, "watchState"))
    assert "3" not in said(page, "watchState")
    assert button(page, "stopWatching").isVisible()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(DeskError("folder_unreachable"), "cannot be read, so it is not watched"), (StoreError("disk_full"), "disk is full")],
)
async def test_why_a_folder_could_not_be_chosen_stays_until_another_is(
    page: Preferences, locksmith: Locksmith, until: Until, tmp_path: Path, trouble: DeskError, words: str
) -> None:
    locksmith.paper.trouble = trouble
    choose(page, tmp_path)
    await until(lambda: words in said(page, "watchFailure"))
    assert said(page, "watchState") == "No folder is watched."
    locksmith.paper.trouble = None
    choose(page, tmp_path)
    await until(lambda: said(page, "watchState").startswith("Watching"))
    assert said(page, "watchFailure") == ""


class FileManager(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


@pytest.fixture
def file_manager() -> Iterator[FileManager]:
    made = FileManager()
    QDesktopServices.setUrlHandler("file", made, "open")
    yield made
    QDesktopServices.unsetUrlHandler("file")


async def test_the_watched_folder_is_shown_by_the_system(
    page: Preferences, file_manager: FileManager, until: Until, tmp_path: Path
) -> None:
    choose(page, tmp_path)
    await until(lambda: button(page, "showWatched").isVisible())
    button(page, "showWatched").click()
    assert file_manager.opened == [str(tmp_path)]


# The hand scanner


async def test_a_prefix_counts_when_it_is_finished(page: Preferences, heard: list[Settings]) -> None:
    field = line(page, "scannerPrefix")
    field.setFocus()
    QTest.keyClicks(field, "~01")
    assert not heard
    line(page, "tryScanner").setFocus()
    assert [change.scanner_prefix for change in heard] == ["~01"]


async def test_a_scan_is_tried_in_its_field_alone(page: Preferences) -> None:
    line(page, "scannerPrefix").setFocus()
    assert not page.take_scan("370123456789"), "elsewhere it opens the shipment, as everywhere"
    line(page, "tryScanner").setFocus()
    assert page.take_scan("370123456789")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((OrderId(48001),), "A scan of 370123456789: shipment 48001."),
        ((OrderId(48001), OrderId(48002)), "A scan of 370123456789: 2 shipments have it."),
        ((), "A scan of 370123456789: no shipment here has it."),
    ],
)
async def test_what_a_scan_was_taken_for_is_said(
    page: Preferences, locksmith: Locksmith, until: Until, found: tuple[OrderId, ...], words: str
) -> None:
    locksmith.named["]C1370123456789"] = found
    line(page, "tryScanner").setFocus()
    page.take_scan("]C1370123456789")
    await until(lambda: said(page, "scanAnswer").startswith(words))


async def test_only_the_last_scan_is_answered(page: Preferences, locksmith: Locksmith, until: Until) -> None:
    locksmith.named["48001"] = (OrderId(48001),)
    line(page, "tryScanner").setFocus()
    page.take_scan("99999")
    page.take_scan("48001")
    await until(lambda: said(page, "scanAnswer"))
    assert said(page, "scanAnswer") == "A scan of 48001: shipment 48001."


async def test_what_comes_too_slowly_for_a_scan_is_told_as_typed(page: Preferences, until: Until) -> None:
    field = line(page, "tryScanner")
    field.setFocus()
    QTest.keyClicks(field, "3701")
    await until(lambda: said(page, "scanAnswer").startswith("“3701” was typed, not scanned"))
    page.take_scan("370123456789")
    await until(lambda: said(page, "scanAnswer").startswith("A scan of"))
    assert field.text() == ""
