"""The rows of the product feed: newest first, with a row wherever a new day begins.

The order is the one in which the changes reached us (`id`), not their own time: what is new must come in at the top, also
when a driver's phone was offline for an hour. Rows come in as one insert per burst and never by a reset, because a reset
costs the selection and the place. The window is bounded: the store has all of it, a screen shows thirty.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui import format as shown
from zendera_desk.gui import labels
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import tr

LIMIT: Final = 5000
"""Changes held. At two lines each that is more than anybody scrolls; older ones stand in the shipment's own views."""

LINE: Final = Qt.ItemDataRole.UserRole
"""The row itself, for the delegate: a FeedLine, or the date of a day's heading."""

Index = QModelIndex | QPersistentModelIndex

_NO_PARENT: Final = QModelIndex()


class FeedModel(QAbstractTableModel):
    def __init__(self, now: Callable[[], datetime], zone: tzinfo | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._zone = zone or shown.local_zone()
        self._rows: list[FeedLine | date] = []

    # What is there

    @property
    def newest(self) -> int:
        """The id of the newest change held; 0 when there is none."""
        return next((line.id for line in self.lines()), 0)

    @property
    def oldest(self) -> int | None:
        last = self._rows[-1] if self._rows else None
        return last.id if isinstance(last, FeedLine) else None

    def lines(self) -> Iterator[FeedLine]:
        return (row for row in self._rows if isinstance(row, FeedLine))

    def line(self, row: int) -> FeedLine | None:
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, FeedLine) else None

    def is_day(self, row: int) -> bool:
        return isinstance(self._rows[row], date)

    @property
    def full(self) -> bool:
        return sum(1 for _ in self.lines()) >= LIMIT

    # What comes

    def show(self, lines: Iterable[FeedLine]) -> None:
        """Everything anew: another scope, order or account."""
        self.beginResetModel()
        self._rows = self._with_days(_newest_first(lines)[:LIMIT])
        self.endResetModel()

    def add_newer(self, lines: Iterable[FeedLine]) -> int:
        """Puts what is newer than the newest on top; returns how many that were. What falls off the far end is still stored."""
        newer = [line for line in _newest_first(lines) if line.id > self.newest][:LIMIT]
        if not newer:
            return 0
        today = self._rows[0] if self._rows else None
        same_day = 0
        while same_day < len(newer) and self._day(newer[-1 - same_day]) == today:
            same_day += 1
        split = len(newer) - same_day
        # The newest day has its heading already: its changes go below it, those of a later day above it with a new one.
        self._insert(1, newer[split:])
        self._insert(0, self._with_days(newer[:split]))
        self._trim()
        return len(newer)

    def add_older(self, lines: Iterable[FeedLine]) -> int:
        oldest = self.oldest
        older = [line for line in _newest_first(lines) if oldest is None or line.id < oldest]
        last = self._rows[-1] if self._rows else None
        self._insert(len(self._rows), self._with_days(older, self._day(last) if isinstance(last, FeedLine) else None))
        return len(older)

    def mend(self, lines: Iterable[FeedLine]) -> None:
        """Puts the lines in the place of their older selves: a change is matched to a shipment that came after it."""
        fresh = {line.id: line for line in lines}
        for number, row in enumerate(self._rows):
            if isinstance(row, FeedLine) and fresh.get(row.id, row) != row:
                self._rows[number] = fresh[row.id]
                self.dataChanged.emit(self.index(number, 0), self.index(number, 0))

    def _insert(self, at: int, rows: Sequence[FeedLine | date]) -> None:
        if rows:
            self.beginInsertRows(_NO_PARENT, at, at + len(rows) - 1)
            self._rows[at:at] = rows
            self.endInsertRows()

    def _trim(self) -> None:
        seen = 0
        for number, row in enumerate(self._rows):
            seen += isinstance(row, FeedLine)
            if seen == LIMIT and number + 1 < len(self._rows):
                self.beginRemoveRows(_NO_PARENT, number + 1, len(self._rows) - 1)
                del self._rows[number + 1 :]
                self.endRemoveRows()
                return

    def _with_days(self, lines: Iterable[FeedLine], day: date | None = None) -> list[FeedLine | date]:
        rows: list[FeedLine | date] = []
        for line in lines:
            if self._day(line) != day:
                day = self._day(line)
                rows.append(day)
            rows.append(line)
        return rows

    def _day(self, line: FeedLine) -> date:
        return line.at.astimezone(self._zone).date()

    # What Qt asks

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.is_day(index.row()):
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
        if isinstance(row, date):
            return self.day_words(row) if role != Qt.ItemDataRole.ToolTipRole else None
        return self.sentence(row) if role != Qt.ItemDataRole.ToolTipRole else plain_tip(self.tip(row))

    # In words

    def time(self, line: FeedLine) -> str:
        return f"{line.at.astimezone(self._zone):%H:%M:%S}"

    def day_words(self, day: date) -> str:
        today = self._now().astimezone(self._zone).date()
        days = (today - day).days
        if days == 0:
            return tr("Today")
        return tr("Yesterday") if days == 1 else f"{day:%d.%m.%Y}"

    def sentence(self, line: FeedLine) -> str:
        """The row as a screen reader says it."""
        parts = [self.time(line), status_words(line), product_words(line), order_words(line)]
        return ", ".join(part for part in parts if part)

    def tip(self, line: FeedLine) -> str:
        """Everything about the change, one fact a line."""
        facts = [
            shown.full(line.at, self._zone),
            status_words(line),
            product_words(line),
            tr("Product id {id}", id=line.product_id) if line.product_id is not None else "",
            tr("Place {number}", number=line.location_number) if line.location_number else "",
            order_words(line),
            tr("Order number {number}", number=line.order_number) if line.order_number else "",
        ]
        return "\n".join(fact for fact in facts if fact)


_ANSWERED: Final = frozenset(
    {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole, LINE},
)


def status(line: FeedLine) -> labels.Label:
    return labels.product_status(line.status, line.stop, line.status_word)


def stop_words(line: FeedLine) -> str:
    """ "Pickup"; "" where the status names the stop already ("delivered") or Zendera did not."""
    return "" if line.status is ProductStatus.COMPLETED or line.stop is None else labels.stop(line.stop).text


def status_words(line: FeedLine) -> str:
    return " · ".join(part for part in (status(line).text, stop_words(line)) if part)


def product_words(line: FeedLine) -> str:
    number = line.product_number or (str(line.product_id) if line.product_id is not None else "")
    return "  ".join(part for part in (number, line.product_name) if part) or tr("no product named")


def order_words(line: FeedLine) -> str:
    return tr("Shipment {id}", id=line.order_id) if line.order_id is not None else tr("unmatched")


def _newest_first(lines: Iterable[FeedLine]) -> list[FeedLine]:
    return sorted(lines, key=lambda line: line.id, reverse=True)
