"""The copies of the data: whether they are being made, which there are, and the way back to one of them.

Going back is asked once, in place, with what it means. It is not done here: the window closes its desk, another database
takes the place of the present one, and the desk is opened again (app.py).
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget

from zendera_desk.domain.copies import Copy, CopyKind, CopyLine, CopyState
from zendera_desk.domain.errors import StoreError
from zendera_desk.gui.format import count, when
from zendera_desk.gui.icons import icon
from zendera_desk.gui.settings.reading import button, column_of
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE, quiet_table
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.cells import RowDelegate
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import mark, tr

_HEADS: Final = (
    (mark("Made"), 130),
    (mark("Age"), 90),
    (mark("Why"), 190),
    (mark("Shipments"), 110),
    (mark("Open sends"), 110),
    (mark("Size"), 90),
)
_WHY: Final = 2
_FIRST_NUMBER: Final = 3
_ROLES: Final = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole, Qt.ItemDataRole.DecorationRole}
_KINDS: Final[dict[CopyKind, str]] = {
    CopyKind.HOURLY: mark("by itself"),
    CopyKind.BY_HAND: mark("by hand"),
    CopyKind.BEFORE_UPDATE: mark("before an update"),
}
_WHY_NOT: Final[dict[str, str]] = {
    "disk_full": mark("there is too little room on the disk"),
    "readonly": mark("the folder cannot be written to"),
    "damaged": mark("it was not sound, and was thrown away"),
    "locked": mark("another program holds the data"),
}
_AGEING_MS: Final = 20_000


class CopiesDesk(Protocol):
    """What of the desk this page calls."""

    folder: Path
    zone: tzinfo

    async def copies(self) -> list[CopyLine]: ...
    async def copy_state(self) -> CopyState: ...
    async def make_copy(self) -> Copy: ...
    def now(self) -> datetime: ...


class Copies(QWidget):
    went_back = Signal(object)
    """Copy: a person wants it in the place of the present data."""

    def __init__(self, desk: CopiesDesk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("copies")
        self._desk = desk
        self._spawn = spawn
        self._state = Statement(tr("Newest copy"), "copyState", wrap=True)
        self._failure = Statement(tr("Copy that failed"), "copyFailure", wrap=True)
        self._make = button("makeCopy", "copy", tr("Make a copy now"))
        self._open = button("openCopies", "external-link", tr("Open the folder"))
        self._back = button("goBackToCopy", "rotate-ccw", tr("Go back to this copy…"))
        self._model = _Model(desk, self)
        self.table = self._made_table()
        self._question = _Question(self)
        self._ageing = QTimer(self, interval=_AGEING_MS)
        self._ageing.timeout.connect(self.reload)
        self._lay_out()
        self._connect()
        self._choose()
        self.setFocusProxy(self.table)

    def reload(self) -> None:
        self._spawn(self._read(), "read the copies")

    # Inside

    async def _read(self) -> None:
        chosen = self._chosen()
        self._show_state(await self._desk.copy_state())
        self._model.show_lines(await self._desk.copies())
        self._select(chosen)

    def _show_state(self, state: CopyState) -> None:
        now, zone = self._desk.now(), self._desk.zone
        if state.made_at is None:
            words = tr("There is no copy yet. The first one is made by itself a few minutes after the start.")
            self._state.say("clock", words)
        else:
            time = when(state.made_at, now, zone)
            self._state.say(
                "circle-check", tr("The newest copy was made at {time}. While you work, one is made every hour.", time=time), Tone.GOOD
            )
        self._failure.setVisible(bool(state.code))
        if state.failed_at is not None and state.code:
            why = tr(_WHY_NOT.get(state.code, mark("the disk answered with an error")))
            time = when(state.failed_at, now, zone)
            words = tr("At {time} none could be made: {why}. It is tried again by itself; you can go on working.", time=time, why=why)
            self._failure.say("triangle-alert", words, Tone.WARN)

    def _make_one(self) -> None:
        self._make.setEnabled(False)
        self._state.say("loader", tr("A copy is being made…"))
        self._spawn(self._made_one(), "make a copy")

    async def _made_one(self) -> None:
        try:
            await self._desk.make_copy()
        except StoreError:
            pass  # the desk's state says it, and stays until one was made
        finally:
            self._make.setEnabled(True)
        await self._read()

    def _open_folder(self) -> None:
        folder = self._desk.folder / "copies"
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder if folder.is_dir() else self._desk.folder)))

    def _chosen(self) -> CopyLine | None:
        rows = self.table.selectionModel().selectedRows()
        return self._model.line(rows[0].row()) if rows else None

    def _select(self, chosen: CopyLine | None) -> None:
        row = self._model.row_of(chosen)
        if row is not None:
            self.table.selectRow(row)
        self._choose()

    def _choose(self) -> None:
        """A copy that cannot be read is no place to go back to."""
        chosen = self._chosen()
        self._back.setEnabled(chosen is not None and chosen.shipments is not None)
        if chosen is None or chosen.copy != self._question.copy:
            self._question.hide()

    def _ask(self) -> None:
        chosen = self._chosen()
        if chosen is not None and self._back.isEnabled():
            self._question.ask(chosen.copy, when(chosen.copy.at, self._desk.now(), self._desk.zone))

    def _connect(self) -> None:
        self._make.clicked.connect(self._make_one)
        self._open.clicked.connect(self._open_folder)
        self._back.clicked.connect(self._ask)
        self.table.selectionModel().selectionChanged.connect(lambda _now, _before: self._choose())
        self.table.activated.connect(lambda _index: self._ask())
        self._question.answered.connect(self._answered)

    def _answered(self, copy: Copy | None) -> None:
        if copy is None:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.setEnabled(False)
            self.went_back.emit(copy)

    def _made_table(self) -> QTableView:
        table = named(QTableView(self), "copiesTable", tr("List of copies"))
        table.setModel(self._model)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setItemDelegate(RowDelegate(table))
        quiet_table(table)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        for column, (_, width) in enumerate(_HEADS):
            table.setColumnWidth(column, width)
        header.setSectionResizeMode(_WHY, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        note = tr(
            "A copy has every shipment, draft and send of this PC; pictures are kept beside it."
            " Put one on another disk now and then: this one may fail."
        )
        column = column_of(self)
        column.addWidget(self._state)
        column.addWidget(self._failure)
        column.addWidget(PlainLabel(note, role="muted", wrap=True))
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        for each in (self._make, self._open):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        column.addSpacing(SPACE)
        column.addLayout(buttons)
        column.addWidget(self.table, 1)
        column.addWidget(self._question)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()
        self._ageing.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ageing.stop()


class _Question(QFrame):
    """What going back means, and the second click."""

    answered = Signal(object)
    """Copy, or None: things stay as they are."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("goBackQuestion")
        self.setProperty("role", "notice")
        self.setProperty("tone", Tone.WARN.value)
        self.copy: Copy | None = None
        self._title = PlainLabel("", role="strong")
        meaning = tr(
            "The data as it is now is put aside and kept. Shipments and all that has left this PC since then are brought along;"
            " drafts and sends that are still waiting are not.\nZendera is asked about every open send before anything more is sent."
        )
        self._meaning = PlainLabel(meaning, wrap=True)
        self._yes = named(QPushButton(tr("Go back")), "goBack", tr("Go back"), role="danger")
        self._no = named(QPushButton(tr("Keep things as they are")), "keepThings", tr("Keep things as they are"))
        self._yes.clicked.connect(lambda: self._answer(self.copy))
        self._no.clicked.connect(lambda: self._answer(None))
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * SPACE)
        buttons.addWidget(self._yes)
        buttons.addWidget(self._no)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 3 * SPACE)
        column.setSpacing(2 * SPACE)
        for widget in (self._title, self._meaning):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.hide()

    def ask(self, copy: Copy, time: str) -> None:
        self.copy = copy
        self._title.setText(tr("Go back to the copy of {time}?", time=time))
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(self._meaning.text())
        self.show()
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, copy: Copy | None) -> None:
        self.hide()
        self.answered.emit(copy)


class _Model(QAbstractTableModel):
    def __init__(self, desk: CopiesDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lines: list[CopyLine] = []

    def show_lines(self, lines: Sequence[CopyLine]) -> None:
        if [line.copy.path for line in lines] == [line.copy.path for line in self._lines]:
            self._lines = list(lines)
            if lines:
                self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, len(_HEADS) - 1))
            return
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def line(self, row: int) -> CopyLine:
        return self._lines[row]

    def row_of(self, line: CopyLine | None) -> int | None:
        paths = [each.copy.path for each in self._lines]
        return paths.index(line.copy.path) if line is not None and line.copy.path in paths else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 (Qt's signature)
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(section)
        return tr(_HEADS[section][0]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ROLES:
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(index.column())
        if role == Qt.ItemDataRole.DecorationRole:
            return icon("triangle-alert", Tone.WARN) if line.shipments is None and index.column() == _WHY else None
        return self._text(line, index.column())

    def _text(self, line: CopyLine, column: int) -> str:
        copy, now = line.copy, self._desk.now()
        match column:
            case 0:
                return when(copy.at, now, self._desk.zone)
            case 1:
                return _age((now - copy.at).total_seconds())
            case 2:
                return tr(_KINDS[copy.kind]) if line.shipments is not None else tr("cannot be read")
            case 3:
                return "" if line.shipments is None else count(line.shipments)
            case 4:
                return "" if line.open_entries is None else count(line.open_entries)
            case _:
                return size_of(copy.size)


def size_of(amount: int) -> str:
    """ "640 kB", "12.4 MB", "2.1 GB"; of a thousand, as the system's own windows say it."""
    if amount < 10**6:
        return f"{amount / 1000:.0f}\u202fkB"
    value, unit = (amount / 10**6, "MB") if amount < 10**9 else (amount / 10**9, "GB")
    return f"{value:.0f}\u202f{unit}" if value >= 100 else f"{value:.1f}\u202f{unit}"


def _age(passed: float) -> str:
    """Whole minutes, hours or days that have passed. A copy of the future is from before the clock was set back."""
    for unit, words in ((86_400, mark("{n} day(s)")), (3600, mark("{n} h")), (60, mark("{n} min"))):
        if passed >= unit:
            return tr(words, n=int(passed // unit))
    return tr("now")


def _aligned(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column >= _FIRST_NUMBER else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
