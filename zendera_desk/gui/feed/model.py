"""A window of the product feed: the newest change last, with a row wherever a new day begins and where changes may be missing.

The order is the one in which the changes reached us (`id`), not their own time: what is new must come in at the end, also
when a driver's phone was offline for an hour. Rows are put in and taken out at both ends and never by a reset, because a reset
costs the selection and the place. The window is bounded: the store has all of it, a screen shows thirty.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from zendera_desk.domain.tailing import FeedMark, FeedUnreadable
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui import format as shown
from zendera_desk.gui.feed import words
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import tr

LIMIT: Final = 1000
"""Changes held: whoever scrolls reads more at one end, and what is far from the eyes goes at the other."""

LINE: Final = Qt.ItemDataRole.UserRole
"""The row itself, for the delegate: a FeedLine, the date of a day's heading, or a FeedMark."""

Index = QModelIndex | QPersistentModelIndex
Row = FeedLine | FeedMark | date

_NO_PARENT: Final = QModelIndex()


class FeedModel(QAbstractTableModel):
    def __init__(self, now: Callable[[], datetime], zone: tzinfo | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.zone = zone or shown.local_zone()
        self._rows: list[Row] = []
        self._marks: tuple[FeedMark, ...] = ()
        self._count = 0

    # What is there

    @property
    def count(self) -> int:
        """Changes, without what stands between them."""
        return self._count

    @property
    def first(self) -> int | None:
        """The id of the oldest change held."""
        return next((line.id for line in self.lines()), None)

    @property
    def last(self) -> int | None:
        found = self._rows[-1] if self._rows else None
        return found.id if isinstance(found, FeedLine) else None

    def lines(self) -> Iterator[FeedLine]:
        return (row for row in self._rows if isinstance(row, FeedLine))

    def line(self, row: int) -> FeedLine | None:
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, FeedLine) else None

    def row_of(self, change: int) -> int | None:
        return next((number for number, row in enumerate(self._rows) if isinstance(row, FeedLine) and row.id == change), None)

    # What comes and goes

    def know_marks(self, marks: Sequence[FeedMark]) -> None:
        """Marks those that rows to come lie behind. Rows that are here keep what stands before them."""
        self._marks = tuple(marks)

    def show(self, lines: Sequence[FeedLine]) -> None:
        """Everything anew: another filter or account, or so much came that nothing of the old would be seen."""
        self.beginResetModel()
        self._rows = self._ruled(lines, None)
        self._count = len(lines)
        self.endResetModel()

    def append(self, lines: Sequence[FeedLine]) -> None:
        last = self._rows[-1] if self._rows else None
        self._insert(len(self._rows), self._ruled(lines, last if isinstance(last, FeedLine) else None))

    def prepend(self, lines: Sequence[FeedLine]) -> None:
        first = next(self.lines(), None)
        if not lines or first is None:
            self.append(lines)
            return
        # The first line's heading is made again with those before it: the same day may begin further up now.
        self._remove(0, self._rows.index(first))
        self._insert(0, self._ruled([*lines, first], None)[:-1])

    def keep_last(self, most: int = LIMIT) -> bool:
        """Lets the oldest go, down to so many changes. Says whether any went."""
        return self._keep(most, oldest=False)

    def keep_first(self, most: int = LIMIT) -> bool:
        """Lets the newest go."""
        return self._keep(most, oldest=True)

    def mend(self, lines: Iterable[FeedLine]) -> None:
        """Puts the lines in the place of their older selves: a change is matched to a shipment that came after it."""
        fresh = {line.id: line for line in lines}
        for number, row in enumerate(self._rows):
            if isinstance(row, FeedLine) and fresh.get(row.id, row) != row:
                self._rows[number] = fresh[row.id]
                self.dataChanged.emit(self.index(number, 0), self.index(number, 0))

    def _keep(self, most: int, *, oldest: bool) -> bool:
        if self._count <= most:
            return False
        places = [number for number, row in enumerate(self._rows) if isinstance(row, FeedLine)]
        if oldest:
            self._remove(places[most - 1] + 1, len(self._rows))
            return True
        first = places[-most]
        kept = self._rows[first]
        self._remove(0, first)
        if isinstance(kept, FeedLine):
            self._insert(0, [self._day(kept)])
        return True

    def _insert(self, at: int, rows: Sequence[Row]) -> None:
        if rows:
            self.beginInsertRows(_NO_PARENT, at, at + len(rows) - 1)
            self._rows[at:at] = rows
            self._count += sum(isinstance(row, FeedLine) for row in rows)
            self.endInsertRows()

    def _remove(self, start: int, end: int) -> None:
        if end > start:
            self.beginRemoveRows(_NO_PARENT, start, end - 1)
            self._count -= sum(isinstance(row, FeedLine) for row in self._rows[start:end])
            del self._rows[start:end]
            self.endRemoveRows()

    def _ruled(self, lines: Iterable[FeedLine], before: FeedLine | None) -> list[Row]:
        """With the marks between them, and between them and the line before."""
        rows: list[Row] = []
        for line in lines:
            rows += _merged(mark for mark in self._marks if _lies_between(before, mark, line))
            if before is None or self._day(before) != self._day(line):
                rows.append(self._day(line))
            rows.append(line)
            before = line
        return rows

    def _day(self, line: FeedLine) -> date:
        return line.at.astimezone(self.zone).date()

    # What Qt asks

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and not isinstance(self._rows[index.row()], FeedLine | FeedUnreadable):
            return Qt.ItemFlag.NoItemFlags  # the arrow keys step over it
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def headerData(self, _section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr("Change")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ANSWERED or not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == LINE:
            return row
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row)
        return self._sentence(row)

    def _sentence(self, row: Row) -> str:
        if isinstance(row, FeedLine):
            return words.sentence(row, self.zone)
        return words.day_words(row, self.today()) if isinstance(row, date) else words.mark_words(row)

    def _tip(self, row: Row) -> str | None:
        if isinstance(row, FeedLine):
            return plain_tip(words.tip(row, self.zone))
        return None if isinstance(row, date) else plain_tip(words.mark_tip(row, self.zone))

    def today(self) -> date:
        return self._now().astimezone(self.zone).date()


_ANSWERED: Final = frozenset(
    {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole, LINE},
)


def _merged(marks: Iterable[FeedMark]) -> list[FeedMark]:
    """Of entries that cannot be read, and have nothing between them, one mark: else a filter that fits few would show little else."""
    merged: list[FeedMark] = []
    for mark in marks:
        last = merged[-1] if merged else None
        if isinstance(mark, FeedUnreadable) and isinstance(last, FeedUnreadable):
            merged[-1] = FeedUnreadable(at=last.at, until=mark.until, count=last.count + mark.count, begins=last.begins)
        else:
            merged.append(mark)
    return merged


def _lies_between(before: FeedLine | None, mark: FeedMark, line: FeedLine) -> bool:
    if before is None or before.stored_at is None or line.stored_at is None:
        return False  # what stands before the window is not known: its mark comes when the window goes up there
    return before.stored_at < mark.at <= line.stored_at
