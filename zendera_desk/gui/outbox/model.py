"""The rows of the outbox in four groups: what waits for a person, what is on its way, what was answered, what is done.

Within a group the order is when they were made, which no change of state disturbs. A new reading is put in as the
difference to the last: what stays keeps its place, so that selection and scroll stay too.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime, tzinfo
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush

from zendera_desk.domain.ids import EntryId
from zendera_desk.domain.outbox import OPEN, State
from zendera_desk.domain.views import OutboxLine
from zendera_desk.gui import format as shown
from zendera_desk.gui import style
from zendera_desk.gui.icons import icon
from zendera_desk.gui.outbox import sentences
from zendera_desk.gui.outbox.offers import waits
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import mark, tr

Index = QModelIndex | QPersistentModelIndex

_NO_PARENT: Final = QModelIndex()


class Group(StrEnum):
    NEEDS_YOU = "needs_you"
    ON_ITS_WAY = "on_its_way"
    ANSWERED = "answered"
    DONE = "done"


COLUMNS: Final = (mark("What"), mark("Shipment"), mark("State"), mark("When"), mark("Why"), mark("Made"))
WHAT, SHIPMENT, STATE, WHEN, WHY, MADE = range(6)


def group_of(line: OutboxLine) -> Group:
    if waits(line):
        return Group.NEEDS_YOU
    if line.entry.state is State.SENT:
        return Group.ANSWERED
    return Group.ON_ITS_WAY if line.entry.state in OPEN else Group.DONE


class OutboxModel(QAbstractTableModel):
    def __init__(self, now: Callable[[], datetime], zone: tzinfo | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._zone = zone or shown.local_zone()
        self._rows: list[OutboxLine | Group] = []
        self._sizes: dict[Group, int] = {}

    def show(self, lines: Iterable[OutboxLine]) -> None:
        rows = _arranged(lines)
        self._sizes = {group: sum(1 for row in rows if isinstance(row, OutboxLine) and group_of(row) is group) for group in Group}
        old, new = [_key(row) for row in self._rows], [_key(row) for row in rows]
        # From the end, so that the places still to be changed keep their numbers.
        for step, first, last, new_first, new_last in reversed(SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
            if step in {"delete", "replace"}:
                self.beginRemoveRows(_NO_PARENT, first, last - 1)
                del self._rows[first:last]
                self.endRemoveRows()
            if step in {"insert", "replace"}:
                self.beginInsertRows(_NO_PARENT, first, first + new_last - new_first - 1)
                self._rows[first:first] = rows[new_first:new_last]
                self.endInsertRows()
        for number, row in enumerate(rows):
            if self._rows[number] != row or isinstance(row, Group):
                self._rows[number] = row
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(COLUMNS) - 1))

    def tick(self) -> bool:
        """Says which "when" reads differently now; returns whether any still counts down."""
        now = self._now()
        counting = False
        for number, row in enumerate(self._rows):
            if isinstance(row, OutboxLine) and sentences.counts_down(row.entry, now):
                counting = True
                self.dataChanged.emit(self.index(number, WHEN), self.index(number, WHEN))
        return counting

    def line(self, row: int) -> OutboxLine | None:
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, OutboxLine) else None

    def is_group(self, row: int) -> bool:
        return isinstance(self._rows[row], Group)

    def row_of(self, entry: EntryId) -> int | None:
        return next((number for number, row in enumerate(self._rows) if isinstance(row, OutboxLine) and row.entry.id == entry), None)

    # What Qt asks

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(COLUMNS[section])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.is_group(index.row()):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ANSWERED or not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if isinstance(row, Group):
            return self._of_group(row, column, role)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown.visible(self._text(row, column))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._tip(row, column))
            case Qt.ItemDataRole.DecorationRole:
                return self._icon(row, column)
            case _:
                return self._brush(row, column)

    def _of_group(self, group: Group, column: int, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole and column == 0:
            return f"{_GROUP_WORDS[group]()}  {shown.count(self._sizes[group])}"
        if role == Qt.ItemDataRole.ForegroundRole:
            needs = group is Group.NEEDS_YOU
            return QBrush(style.colour(style.Tone.WARN) if needs else style.token("muted"))
        return None

    def _text(self, line: OutboxLine, column: int) -> str:
        entry, now = line.entry, self._now()
        match column:
            case _ if column == WHAT:
                return sentences.what(entry)
            case _ if column == SHIPMENT:
                return "  ".join(part for part in (sentences.order(line), sentences.receiver(line)) if part)
            case _ if column == STATE:
                return sentences.state(entry).text
            case _ if column == WHEN:
                return self._next_step(line, now)
            case _ if column == WHY:
                return sentences.why(line)
            case _:
                return sentences.made(entry, now, self._zone)

    def _next_step(self, line: OutboxLine, now: datetime) -> str:
        if line.foreign:
            return ""
        if line.uploading is not None:
            return sentences.next_upload(line.uploading, now, self._zone)
        return tr("waits for you") if line.entry.is_unshown and waits(line) else sentences.next_step(line.entry, now, self._zone)

    def _tip(self, line: OutboxLine, column: int) -> str:
        entry = line.entry
        if column in {WHEN, MADE}:
            made = tr("Made {time} by {by} at {desk}", time=shown.full(entry.made_at, self._zone), by=entry.made_by, desk=entry.desk)
            return "\n".join(part for part in (self._text(line, WHEN), made) if part)
        if column == WHAT and entry.words:
            return f"{sentences.what(entry)}\n“{entry.words}”"
        return sentences.reason(line) if column == WHY else self._text(line, column)

    def _icon(self, line: OutboxLine, column: int) -> object:
        if column == WHAT:
            return icon(sentences.what_icon(line.entry))
        if column == STATE:
            label = sentences.state(line.entry)
            return icon(label.icon, label.tone)
        return None

    def _brush(self, line: OutboxLine, column: int) -> object:
        if column == STATE:
            return QBrush(style.colour(sentences.state(line.entry).tone))
        return QBrush(style.token("muted")) if column in {WHEN, MADE} or line.foreign else None


_GROUP_WORDS: Final[dict[Group, Callable[[], str]]] = {
    Group.NEEDS_YOU: lambda: tr("Needs you"),
    Group.ON_ITS_WAY: lambda: tr("On its way"),
    Group.ANSWERED: lambda: tr("Sent, not confirmed yet"),
    Group.DONE: lambda: tr("Done"),
}

_ANSWERED: Final = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ForegroundRole,
    }
)


def _arranged(lines: Iterable[OutboxLine]) -> list[OutboxLine | Group]:
    groups: dict[Group, list[OutboxLine]] = {group: [] for group in Group}
    for line in sorted(lines, key=lambda line: line.entry.id):
        groups[group_of(line)].append(line)
    for newest_first in (Group.ANSWERED, Group.DONE):
        groups[newest_first].reverse()
    rows: list[OutboxLine | Group] = []
    for group, members in groups.items():
        rows += [group, *members] if members else []
    return rows


def _key(row: OutboxLine | Group) -> Hashable:
    """The group belongs to it: an entry that changes its group is another row, one that stays may read differently."""
    return row if isinstance(row, Group) else (group_of(row), row.entry.id)
