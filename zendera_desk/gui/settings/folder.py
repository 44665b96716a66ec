"""The folder that the open account's scanner or phone fills: whether it is watched, what came of it today, another one, none."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from zendera_desk.domain.changes import Change, Changes, LinkChanged, PaperChanged, Trouble
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.views import WatchedFolder
from zendera_desk.gui import labels
from zendera_desk.gui.announce import announce
from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr

_BURST_MS: Final = 300
"""A stack that is being taken in tells of itself several times a second."""


class WatchingPaper(Protocol):
    async def watch(self, folder: Path | None) -> None: ...
    async def watched(self, since: datetime) -> WatchedFolder: ...


class FolderDesk(Protocol):
    """What of the desk this calls."""

    changes: Changes
    zone: tzinfo

    @property
    def paper(self) -> WatchingPaper: ...
    def now(self) -> datetime: ...


class FolderRow(QWidget):
    def __init__(self, desk: FolderDesk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._spawn = desk, spawn
        self._folder = ""
        self._unsubscribe: Callable[[], None] | None = None
        """While this is seen."""
        self._state = Statement(tr("Watched folder"), "watchState", wrap=True)
        self._path = ElidedLabel(role="small", mode=Qt.TextElideMode.ElideMiddle)
        self._path.setObjectName("watchedPath")
        self._failure = Statement(tr("Folder that is not watched"), "watchFailure", wrap=True)
        self._failure.hide()
        self._choose = named(QPushButton(tr("Choose a folder…")), "chooseWatched", tr("Choose a folder"))
        self._show = named(QPushButton(icon("external-link"), tr("Show it")), "showWatched", tr("Show the watched folder"), role="quiet")
        self._show.setIconSize(BESIDE_WORDS)
        self._stop = named(QPushButton(tr("Stop watching")), "stopWatching", tr("Stop watching"), role="quiet")
        self._burst = QTimer(self, interval=_BURST_MS, singleShot=True)
        self._burst.timeout.connect(self.reload)
        self._choose.clicked.connect(self._ask)
        self._show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder)))
        self._stop.clicked.connect(lambda: self._spawn(self._watch(None), "stop watching a folder"))
        self._lay_out()
        self._tell(WatchedFolder())

    def reload(self) -> None:
        self._spawn(self._read(), "look at the watched folder")

    # Inside

    async def _read(self) -> None:
        now = self._desk.now().astimezone(self._desk.zone)
        found = await self._desk.paper.watched(now.replace(hour=0, minute=0, second=0, microsecond=0))
        if isValid(self):  # else somebody left meanwhile
            self._tell(found)

    def _tell(self, found: WatchedFolder) -> None:
        self._folder = found.folder
        if not found.folder:
            self._state.say("circle-dashed", tr("No folder is watched."))
        elif found.trouble is not None:
            self._state.say("triangle-alert", labels.error(found.trouble), Tone.WARN)
        elif found.taken:
            self._state.say("eye", tr("Watching: {n} (file|files) taken in today", n=found.taken), Tone.GOOD)
        else:
            self._state.say("eye", tr("Watching: nothing taken in today yet"), Tone.GOOD)
        self._path.setText(found.folder)
        watching = bool(found.folder)
        if not watching and self.window().focusWidget() is self._stop:
            self._choose.setFocus(Qt.FocusReason.OtherFocusReason)  # a hidden button would lose it
        self._choose.setText(tr("Choose another…") if watching else tr("Choose a folder…"))
        for widget in (self._path, self._show, self._stop):
            widget.setVisible(watching)

    def _ask(self) -> None:
        """Opened, not executed: a nested loop would lose the wake-ups of everything else."""
        dialog = named(QFileDialog(self, tr("Watch a folder"), self._folder), "chooseWatchedFolder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self._spawn(self._watch(Path(name)), "watch a folder"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _watch(self, folder: Path | None) -> None:
        if isValid(self):
            self._failure.hide()
        try:
            await self._desk.paper.watch(folder)
        except DeskError as error:
            if isValid(self):
                self._fail(_why_not(error, folder))
        await self._read()
        if isValid(self) and self._failure.isHidden():
            announce(self._state, self._state.words)

    def _fail(self, words: str) -> None:
        self._failure.say("triangle-alert", words, Tone.BAD)
        self._failure.show()
        announce(self._failure, words)

    def _heard(self, change: Change) -> None:
        if isinstance(change, PaperChanged | Trouble | LinkChanged) and not self._burst.isActive():
            self._burst.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unsubscribe is None:
            self._unsubscribe = self._desk.changes.subscribe(self._heard)
            self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._burst.stop()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        for button in (self._choose, self._show, self._stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        hint = tr("What your scanner or phone puts there from now on is taken in by itself. Nothing there is moved, changed or deleted.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE + 2, 0, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self._state)
        column.addWidget(self._path)
        column.addWidget(PlainLabel(hint, role="small", wrap=True))
        column.addWidget(self._failure)
        column.addSpacing(SPACE)
        column.addLayout(buttons)
        self.setFocusProxy(self._choose)


def _why_not(error: DeskError, folder: Path | None) -> str:
    if error.code == "folder_unreachable" and folder is not None:
        return tr("{folder} cannot be read, so it is not watched. Choose another.", folder=visible(str(folder)))
    return labels.error(error)
