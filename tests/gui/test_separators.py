"""The separator sheet: saved where a person says, opened by the system, never over something else, and read by the program."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from zendera_desk.gui.separators import SeparatorSheet
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.tokens import Tone
from zendera_desk.pictures.jobs import Work, Worked
from zendera_desk.pictures.work import do

Until = Callable[[Callable[[], object]], Awaitable[None]]
Told = list[tuple[str, Tone]]


class Viewer(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def viewer() -> Iterator[Viewer]:
    """What the system opens a file with."""
    made = Viewer()
    QDesktopServices.setUrlHandler("file", made, "open")
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
async def sheet(spawn: Spawn, show: Callable[[QWidget], QWidget]) -> SeparatorSheet:
    return SeparatorSheet(spawn, show(QWidget()))


@pytest.fixture
def told(sheet: SeparatorSheet) -> Told:
    heard: Told = []
    sheet.told.connect(lambda words, tone: heard.append((words, tone)))
    return heard


def save_as(sheet: SeparatorSheet, file: Path) -> None:
    """As a person does in the dialog."""
    sheet.action.trigger()
    parent = sheet.parent()
    assert isinstance(parent, QWidget)
    dialog = parent.findChild(QFileDialog, "saveSeparatorSheet")
    assert isinstance(dialog, QFileDialog)
    assert dialog.isVisible()
    dialog.setDirectory(str(file.parent))
    dialog.selectFile(file.name)
    dialog.accept()


async def test_the_sheet_is_saved_opened_and_recognised_as_a_separator(
    sheet: SeparatorSheet, told: Told, viewer: Viewer, tmp_path: Path, until: Until
) -> None:
    save_as(sheet, tmp_path / "sheet")
    await until(lambda: told)
    assert told == [("Saved as sheet.pdf and opened: print it there.", Tone.GOOD)]
    assert viewer.opened == [tmp_path / "sheet.pdf"]
    read = do(Work(path=str(tmp_path / "sheet.pdf"), codes=True))
    assert isinstance(read, Worked)
    assert read.separator


async def test_a_file_of_that_name_is_left_and_the_next_number_is_taken(
    sheet: SeparatorSheet, told: Told, viewer: Viewer, tmp_path: Path, until: Until
) -> None:
    (tmp_path / "sheet.pdf").write_bytes(b"something else")
    save_as(sheet, tmp_path / "sheet.pdf")
    await until(lambda: len(told) == 1)
    save_as(sheet, tmp_path / "sheet.pdf")
    await until(lambda: len(told) == 2)
    assert (tmp_path / "sheet.pdf").read_bytes() == b"something else"
    assert [file.name for file in viewer.opened] == ["sheet (2).pdf", "sheet (2).pdf"]
    assert not (tmp_path / "sheet (3).pdf").exists()


async def test_a_folder_that_went_meanwhile_is_said(sheet: SeparatorSheet, told: Told, tmp_path: Path, until: Until) -> None:
    (tmp_path / "away").mkdir()
    save_as(sheet, tmp_path / "away" / "sheet.pdf")
    (tmp_path / "away").rmdir()
    await until(lambda: told)
    assert told == [("It could not be saved there (No such file or directory). Choose another folder.", Tone.BAD)]
