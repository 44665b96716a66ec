"""The separator sheet as a PDF: saved where a person wants it, and opened with what opens PDF files on this PC, which prints it.

Nothing is ever overwritten and nothing asked about it: Qt's own question would run a loop of its own. Where the name is taken by
something else, the next free number is put behind it.
"""

import asyncio
import itertools
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import icon
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr


class SeparatorSheet(QObject):
    """`action` asks where the sheet is to be saved."""

    told = Signal(str, object)
    """What came of it, and its Tone."""

    def __init__(self, spawn: Spawn, parent: QWidget) -> None:
        super().__init__(parent)
        self._over, self._spawn = parent, spawn
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.action = QAction(icon("clipboard"), tr("Separator sheet…"), self)
        self.action.setObjectName("separatorSheet")
        self.action.triggered.connect(self.ask)

    def ask(self) -> None:
        """Opened, not executed: a nested loop would lose the wake-ups of everything else."""
        dialog = named(QFileDialog(self._over, tr("Save the separator sheet"), self._folder, "PDF (*.pdf)"), "saveSeparatorSheet")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{tr('Separator sheet')}.pdf")
        dialog.fileSelected.connect(self._chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _chosen(self, name: str) -> None:
        self._folder = str(Path(name).parent)
        self._spawn(self._save(Path(name)), "save a separator sheet")

    async def _save(self, wanted: Path) -> None:
        title = tr("New document")
        lines = (
            tr("Lay this sheet between the papers of one delivery and the next,"),
            tr("then scan all of them in one go. It is not sent to anybody."),
        )
        try:
            saved = await asyncio.to_thread(_saved, wanted, title, lines)
        except OSError as error:
            self._tell(tr("It could not be saved there ({why}). Choose another folder.", why=visible(error.strerror or "")), Tone.BAD)
            return
        name = visible(saved.name)
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(saved))):
            self._tell(tr("Saved as {name} and opened: print it there.", name=name), Tone.GOOD)
        else:
            self._tell(tr("Saved as {name}. No program opened it here: print it on a PC that opens PDF files.", name=name), Tone.WARN)

    def _tell(self, words: str, tone: Tone) -> None:
        if isValid(self):  # else the page that it was asked on is gone
            self.told.emit(words, tone)


def _saved(wanted: Path, title: str, lines: Sequence[str]) -> Path:
    """Where it lies now. Runs in a thread. Raises OSError."""
    from zendera_desk.pictures.separator import separator_sheet  # noqa: PLC0415 (loads Pillow: not before somebody wants a sheet)

    sheet = separator_sheet(title, lines)
    for number in itertools.count(1):
        file = wanted if number == 1 else wanted.with_stem(f"{wanted.stem} ({number})")
        try:
            with file.open("xb") as made:
                made.write(sheet)
        except FileExistsError:
            if not file.is_file() or file.read_bytes() != sheet:
                continue
        return file
    raise AssertionError  # there is always another number
