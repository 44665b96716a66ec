"""The window that is shown when the real one cannot be: the data cannot be used. Nothing is deleted, and it says where it is."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QCloseEvent, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QMainWindow

from zendera_desk.domain.errors import StoreError
from zendera_desk.gui import labels
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.words import mark, tr


class Way(StrEnum):
    """How it goes on."""

    QUIT = "quit"
    AGAIN = "again"
    ASIDE = "aside"
    """What lies in the database's place is moved aside, and the newest copy, or an empty file, takes its place."""


class _Wording(NamedTuple):
    title: str
    text: str
    way: Way = Way.AGAIN


_WORDINGS: Final[dict[str, _Wording]] = {
    "newer": _Wording(
        mark("This data needs a newer Zendera Desk"),
        mark(
            "It was last used by a newer version ({found}) than this one can read ({known}). Install the newest version and open it again."
        ),
        Way.QUIT,
    ),
    "locked": _Wording(
        mark("Another program holds the data"),
        mark("Close other programs that may have it open, such as a backup that is under way, then try again."),
    ),
    "readonly": _Wording(
        mark("The data folder cannot be written to"),
        mark("Ask whoever looks after this PC for permission to write there, then try again."),
    ),
    "disk_full": _Wording(
        mark("The disk is full"),
        mark("Make room, then try again. Emptying the bin often helps."),
    ),
    "damaged": _Wording(
        mark("The data on this PC is damaged"),
        mark("It could not be mended by itself. Copy the data folder to a safe place, then try again, or ask whoever looks after this PC."),
    ),
    "foreign": _Wording(
        mark("The data file belongs to another program"),
        mark("It can be moved aside and kept; the newest copy of your data, or an empty file, then takes its place."),
        Way.ASIDE,
    ),
    "not_a_file": _Wording(
        mark("There is a folder where the data file should be"),
        mark("It can be moved aside and kept; the newest copy of your data, or an empty file, then takes its place."),
        Way.ASIDE,
    ),
    "not_updated": _Wording(
        mark("The data could not be brought up to date"),
        mark("It is as it was before. Go on with the version of Zendera Desk that you had, and tell whoever looks after this PC."),
    ),
    "io": _Wording(
        mark("The disk answered with an error"),
        mark("Try again. If it stays like this, have the disk looked at before anything else."),
    ),
}


class TroubleWindow(QMainWindow):
    def __init__(self, error: StoreError, folder: Path) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self.setWindowTitle("Zendera Desk")
        self.setAccessibleName("Zendera Desk")
        self.resize(640, 400)
        self._folder = folder
        self._chosen: asyncio.Future[Way] = asyncio.get_running_loop().create_future()
        leave = self._action(tr("Quit"), Way.QUIT)
        leave.setShortcuts([QKeySequence("Ctrl+Q"), QKeySequence(Qt.Key.Key_Escape)])
        opening = QAction(tr("Open the folder"), self)
        opening.triggered.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        wording = _WORDINGS.get(error.code)
        of_archive = error.code.startswith("archive_")
        other = tr("This archive cannot be opened") if of_archive else tr("The shipments cannot be opened")
        title = tr(wording.title) if wording else other
        said = tr(wording.text, None, **_values(error)) if wording else labels.error(error)
        ways = {Way.AGAIN: tr("Try again"), Way.ASIDE: tr("Move it aside and go on")}
        offered = [self._action(ways[wording.way], wording.way)] if wording and wording.way in ways else []
        where = tr("It is in {folder}.", folder=folder) if of_archive else tr("Your data is in {folder}.", folder=folder)
        text = tr("{sentence}\n\n{where} Nothing was changed there.", sentence=said, where=where)
        state = EmptyState("database", title, parent=self)
        state.tell("database", title, text, [*offered, opening, leave], Tone.BAD)
        self.setCentralWidget(state)
        self.setWindowModality(Qt.WindowModality.NonModal)

    async def shown(self) -> Way:
        """Shows it and returns when the person has chosen; closing it is quitting."""
        self.show()
        way = await self._chosen
        self.hide()
        self.deleteLater()
        return way

    def _action(self, words: str, way: Way) -> QAction:
        action = QAction(words, self)
        action.triggered.connect(lambda: self._choose(way))
        self.addAction(action)  # for its keys: a button alone does not listen for them
        return action

    def _choose(self, way: Way) -> None:
        if not self._chosen.done():
            self._chosen.set_result(way)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._choose(Way.QUIT)


def _values(error: StoreError) -> dict[str, object]:
    return {name: error.values.get(name, "?") for name in ("found", "known")}
