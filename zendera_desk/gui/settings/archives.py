"""Archives: old shipments are taken out of the list into a file, and such a file is opened to be read.

What would go is counted before anything is done, while it is done it can be cancelled, and what came of it stays on the page. Other
pages can be gone to meanwhile: the work goes on, and is here again when somebody comes back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)
from shiboken6 import isValid

from zendera_desk.domain.archives import Archive, Archived, ArchiveLine, ArchiveProgress, Stage, WouldGo
from zendera_desk.domain.changes import ArchivesChanged, Change, Changes
from zendera_desk.domain.errors import StoreError
from zendera_desk.gui import labels
from zendera_desk.gui.format import count, when
from zendera_desk.gui.settings.copies import size_of
from zendera_desk.gui.settings.reading import button, column_of
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE, quiet_table
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.cells import RowDelegate
from zendera_desk.gui.widgets.choice import ChoiceField
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel, plain_tip
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import mark, tr

AGES: Final = (3, 6, 12, 18, 24, 36, 60)
"""Months."""
FIRST_AGE: Final = 12
_MONTH: Final = timedelta(days=365) / 12
_HEADS: Final = ((mark("Done before"), 130), (mark("Made"), 150), (mark("Shipments"), 0), (mark("Size"), 110))
_STAGES: Final[dict[Stage, str]] = {
    Stage.COPYING: mark("Writing the archive: {done} of {of}"),
    Stage.CHECKING: mark("Looking through what was written…"),
    Stage.TAKING_OUT: mark("Taking the shipments out of the list: {done} of {of}"),
    Stage.GIVING_BACK: mark("Giving the space back to the disk…"),
}
_WITHOUT_NUMBERS: Final[dict[Stage, str]] = {**_STAGES, Stage.COPYING: mark("Finding what goes…")}
_WHY_NOT: Final[dict[str, str]] = {
    "disk_full": mark("No archive was made: there is too little room on the disk. Nothing was taken out. Make room, then try again."),
    "readonly": mark("No archive was made: the data folder cannot be written to. Nothing was taken out."),
    "closed": mark("The archive is finished at the next start of Zendera Desk."),
}


class Making(Protocol):
    """`desk.archiving`, as far as this page goes."""

    progress: ArchiveProgress | None

    async def lines(self) -> list[ArchiveLine]: ...
    def cancel(self) -> None: ...


class ArchivesDesk(Protocol):
    """What of the desk this page calls."""

    folder: Path
    zone: tzinfo
    changes: Changes

    @property
    def archiving(self) -> Making: ...

    def now(self) -> datetime: ...
    async def may_be_archived(self, until: datetime) -> WouldGo: ...
    async def make_archive(self, until: datetime) -> Archived: ...


class Archives(QWidget):
    opened = Signal(object)
    """Path: a person wants to read in this archive."""

    def __init__(self, desk: ArchivesDesk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("archives")
        self._desk, self._spawn = desk, spawn
        self._lines: list[ArchiveLine] = []
        self._asked = 0
        self._made_file: Archive | None = None
        self._cancelling = False
        self._going: WouldGo | None = None
        self._unsubscribe: Callable[[], None] = _nothing
        ages = [(str(months), tr("{n} month(s)", n=months)) for months in AGES]
        self._age = ChoiceField("archiveAge", ages, str(FIRST_AGE))
        self._age.setAccessibleName(tr("Left alone for"))
        self._count = Statement(tr("What would go"), "archiveCount", self, wrap=True)
        self._make = button("makeArchive", "archive", tr("Archive them"))
        self._bar = named(QProgressBar(textVisible=False), "archiveBar", tr("Progress"))
        self._said = Statement(tr("Archive"), "archiveState", self, wrap=True)
        self._cancel = button("cancelArchive", "x", tr("Cancel"))
        self._show = button("showArchiveFile", "external-link", tr("Show file"))
        self._open = button("openArchive", "eye", tr("Open to read"))
        self._other = button("openOtherArchive", "search", tr("Open an archive…"))
        self._folder = button("openArchives", "external-link", tr("Open the folder"))
        self._none = PlainLabel(tr("There are no archives in the data folder yet."), role="muted")
        self.table = self._made_table()
        self._why_not = Statement(tr("Why it cannot be opened"), "archiveWhyNot", self, wrap=True)
        self._lay_out()
        self._connect()
        self._show_progress()
        self._said.hide()
        self._show.hide()
        self.setFocusProxy(self._age)

    @property
    def until(self) -> datetime:
        """The beginning of the day so many months ago."""
        day = (self._desk.now() - int(self._age.currentData()) * _MONTH).astimezone(self._desk.zone)
        return day.replace(hour=0, minute=0, second=0, microsecond=0)

    def reload(self) -> None:
        self._asked += 1
        self._going = None
        self._show_count()
        self._spawn(self._read(self._asked), "read the archives")

    # Inside

    async def _read(self, asked: int) -> None:
        lines = await self._desk.archiving.lines()
        if isValid(self) and asked == self._asked:
            self._show_lines(lines)
        going = await self._desk.may_be_archived(self.until)
        if isValid(self) and asked == self._asked:
            self._going = going
            self._show_count()

    def _show_count(self) -> None:
        going = self._going
        self._let_begin()
        if going is None:
            self._count.say("loader", tr("Counting…"))
        elif going.oldest is None:
            self._count.say("check", tr("Nothing is that old: there is nothing to archive."))
        else:
            words = tr(
                "{shipments} shipment(s) would go: the oldest came on {oldest}, none was touched since {until}."
                " The file takes about {size}.",
                n=going.shipments,
                shipments=count(going.shipments),
                oldest=self._day(going.oldest),
                until=self._day(self.until),
                size=size_of(going.size),
            )
            self._count.say("archive", words)

    def _let_begin(self) -> None:
        self._make.setEnabled(self._going is not None and self._going.shipments > 0 and self._desk.archiving.progress is None)

    def _show_lines(self, lines: list[ArchiveLine]) -> None:
        self._lines = lines
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            archive = line.archive
            said = _why_not(line) or count(line.shipments or 0)
            texts = (self._day(archive.until), when(archive.made_at, self._desk.now(), self._desk.zone), said, size_of(archive.size))
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tip(text))
                if column == len(texts) - 1:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self.table.setVisible(bool(lines))
        self._none.setVisible(not lines)
        if lines and not self.table.selectedItems():
            self.table.selectRow(0)
        self._choose()

    def _day(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._desk.zone):%d.%m.%Y}"

    def _chosen(self) -> Archive | None:
        row = self.table.currentRow()
        return self._lines[row].archive if 0 <= row < len(self._lines) and self._lines[row].shipments is not None else None

    def _choose(self) -> None:
        self._open.setEnabled(self._chosen() is not None)
        row = self.table.currentRow()
        words = _why_not(self._lines[row]) if 0 <= row < len(self._lines) else ""
        self._why_not.say("triangle-alert", words, Tone.BAD)
        self._why_not.setVisible(bool(words))

    def _show_progress(self) -> None:
        progress = self._desk.archiving.progress
        self._age.setEnabled(progress is None)
        self._let_cancel(progress)
        for widget in (self._bar, self._cancel):
            widget.setVisible(progress is not None)
        self._count.setVisible(progress is None)
        self._let_begin()
        if progress is None:
            self._cancelling = False
            return
        self._bar.setRange(0, progress.of)  # of nothing: it moves to and fro
        self._bar.setValue(progress.done)
        self._say_stage(progress)
        self._show.hide()
        self._said.show()

    def _let_cancel(self, progress: ArchiveProgress | None) -> None:
        can = progress is not None and progress.stage is not Stage.GIVING_BACK and not self._cancelling
        if self._cancel.hasFocus() and not can:  # the button goes, and the focus would go anywhere
            (self._age if progress is None else self._other).setFocus(Qt.FocusReason.OtherFocusReason)
        self._cancel.setEnabled(can)

    def _say_stage(self, progress: ArchiveProgress) -> None:
        if self._cancelling:
            self._said.say("loader", tr("Cancelling…"))
        else:
            stages = _STAGES if progress.of else _WITHOUT_NUMBERS
            self._said.say("loader", tr(stages[progress.stage], done=count(progress.done), of=count(progress.of)))

    def _cancel_it(self) -> None:
        self._cancelling = True
        self._desk.archiving.cancel()
        self._show_progress()

    def _begin(self) -> None:
        self._cancel.show()
        self._cancel.setEnabled(True)
        self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)  # before the button that was pressed cannot have it any more
        self._make.setEnabled(False)
        self._spawn(self._make_one(self.until), "make an archive")

    async def _make_one(self, until: datetime) -> None:
        self._made_file = None
        try:
            done = await self._desk.make_archive(until)
        except StoreError as error:
            words, tone = tr(_WHY_NOT[error.code]) if error.code in _WHY_NOT else labels.error(error), Tone.BAD
        else:
            words, tone = self._outcome(done)
            self._made_file = done.archive
        if isValid(self):
            self._said.say("triangle-alert" if tone is Tone.BAD else "circle-check", words, tone)
            self._said.show()
            self._show.setVisible(self._made_file is not None)
            self.reload()

    def _outcome(self, done: Archived) -> tuple[str, Tone]:
        if done.archive is None:
            return (tr("Cancelled: nothing was taken out.") if done.cancelled else tr("Nothing is that old.")), Tone.NEUTRAL
        if done.cancelled:
            words, tone = mark("Cancelled: {shipments} shipment(s) (is|are) in the archive, the others are still in the list."), Tone.WARN
        else:
            words, tone = mark("{shipments} shipment(s) (is|are) in the archive now, and no longer in the list."), Tone.GOOD
        return tr(words, n=done.shipments, shipments=count(done.shipments)), tone

    def _open_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.opened.emit(chosen.path)

    def _show_file(self) -> None:
        if self._made_file is not None:
            _show_folder(self._made_file.path.parent)

    def choose_file(self) -> None:
        """Opened, not executed: a nested loop would lose the wake-ups of everything else."""
        dialog = QFileDialog(self, tr("Open an archive"), str(self._place()), f"{tr('Archives')} (*.sqlite3)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.opened.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _place(self) -> Path:
        place = self._desk.folder / "archives"
        return place if place.is_dir() else self._desk.folder

    def _on_change(self, change: Change) -> None:
        if isinstance(change, ArchivesChanged):
            self._show_progress()

    def _connect(self) -> None:
        self._age.currentIndexChanged.connect(lambda _index: self.reload())
        self._make.clicked.connect(self._begin)
        self._cancel.clicked.connect(self._cancel_it)
        self._show.clicked.connect(self._show_file)
        self._open.clicked.connect(self._open_chosen)
        self._other.clicked.connect(self.choose_file)
        self._folder.clicked.connect(lambda: _show_folder(self._place()))
        self.table.itemSelectionChanged.connect(self._choose)
        self.table.activated.connect(lambda _index: self._open_chosen())

    def _made_table(self) -> QTableWidget:
        table = named(QTableWidget(0, len(_HEADS), self), "archivesTable", tr("List of archives"))
        table.setHorizontalHeaderLabels([tr(head) for head, _ in _HEADS])
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setItemDelegate(RowDelegate(table))
        quiet_table(table)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, (_, width) in enumerate(_HEADS):
            if width:
                table.setColumnWidth(column, width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        last = table.horizontalHeaderItem(len(_HEADS) - 1)
        if last is not None:
            last.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return table

    def _lay_out(self) -> None:
        note = tr(
            "Shipments that are done, and that nobody touched for so long, go out of the list into a file that is only read."
            " With them go all versions, sends, pictures as they were sent, and what the product feed said."
            " There is no way back into the list. Who sent what and when stays in the outbox. The file lies in the data folder:"
            " what your times for keeping remove from the list is removed from there as well, on the same day."
            " A file that you put elsewhere is yours to delete."
        )
        column = column_of(self)
        column.addWidget(PlainLabel(note, role="muted", wrap=True))
        column.addSpacing(SPACE)
        column.addLayout(_row(PlainLabel(tr("Left alone for")), self._age, None, self._make))
        column.addWidget(self._count)
        said = _row(self._said, self._show)
        said.setStretch(0, 1)
        column.addLayout(said)
        column.addLayout(_row(self._bar, self._cancel))
        column.addSpacing(2 * SPACE)
        column.addLayout(_row(self._open, self._other, self._folder, None))
        column.addWidget(self._none)
        column.addWidget(self.table, 1)
        column.addWidget(self._why_not)
        column.addStretch()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._unsubscribe()
        self._unsubscribe = self._desk.changes.subscribe(self._on_change)
        self._show_progress()
        self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._unsubscribe()
        self._unsubscribe = _nothing


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """None is where the room goes."""
    row = QHBoxLayout()
    row.setSpacing(2 * SPACE)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row


def _why_not(line: ArchiveLine) -> str:
    """It cannot be opened; "" where it can."""
    return labels.error(StoreError(line.code)) if line.shipments is None else ""


def _show_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _nothing() -> None:
    """Nobody listens."""
