"""The table model: all order ids of the view in their order, and the rows around what is looked at.

Ids are cheap (ten thousand integers), rows are not: so the ids come at once, sorted and filtered in SQL, and rows are
read in chunks when something asks for them. What was read is kept already worded, because a repaint asks `data()` seven
times for each visible cell.

It is given two async functions instead of the desk, so that it can be tested without a window and with any rows.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QIcon

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.views import ShipmentLine, Sort, View
from zendera_desk.gui.columns import COLUMNS, Align, marks, tip
from zendera_desk.gui.format import local_zone
from zendera_desk.gui.icons import icon
from zendera_desk.gui.labels import Label
from zendera_desk.gui.shipments.steps import Run, between, runs
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import tr

# Plain integers: comparing with a Qt enum in data() costs more than all the rest of it.
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_DECORATION: Final = int(Qt.ItemDataRole.DecorationRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
ORDER_ROLE: Final = int(Qt.ItemDataRole.UserRole)
"""The order id of the row, as a whole Python integer."""
LINE_ROLE: Final = ORDER_ROLE + 1
"""The `ShipmentLine` of the row, or None while it is not read yet."""
MARKS_ROLE: Final = ORDER_ROLE + 2
"""The marks of the state, for the delegate that paints them."""

_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ALIGNMENTS: Final = tuple(_RIGHT if column.align is Align.RIGHT else _LEFT for column in COLUMNS)
_KEYS: Final = tuple(column.key for column in COLUMNS)
STATE: Final = _KEYS.index("state")
_WIDTH: Final = len(COLUMNS)
_CHUNK: Final = 64
"""Rows read in one go: a screen of them and what one turn of the wheel shows next."""

Ids = Callable[[View, str, Sort, bool], Awaitable[Sequence[OrderId]]]
Lines = Callable[[Sequence[OrderId]], Awaitable[Sequence[ShipmentLine]]]
_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class _Question(NamedTuple):
    """What the list shows. A new one replaces the rows; the same one again only tells them apart."""

    view: View = View.TO_ACCEPT
    text: str = ""
    sort: Sort = Sort.SEEN
    descending: bool = True


class _Row(NamedTuple):
    line: ShipmentLine | None
    texts: tuple[str, ...]
    marks: tuple[Label, ...]


_GONE: Final = _Row(None, ("",) * _WIDTH, ())
"""An id whose row the store no longer has: shown empty, and not asked for again."""


class ShipmentsModel(QAbstractTableModel):
    answered = Signal()
    """The ids of the present question are here (also when nothing changed)."""
    stepping = Signal()
    """The same question has another answer: rows are about to come, go or move."""

    def __init__(self, ids: Ids, lines: Lines, now: Callable[[], datetime], spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read_ids, self._read_lines, self._now, self._spawn = ids, lines, now, spawn
        self._question = _Question()
        self._shown_question: _Question | None = None
        self._asked, self._answered, self._asking = 0, 0, False
        self._era = 0
        """Counts the accounts: what was read for an earlier one is thrown away."""
        self._ids: list[OrderId] = []
        self._row_of: dict[OrderId, int] = {}
        self._rows: dict[OrderId, _Row] = {}
        self._wanted: dict[OrderId, None] = {}
        self._wanted_chunks: set[int] = set()
        self._stale: set[OrderId] = set()
        self._reading = False
        self._held: set[OrderId] = set()
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._count_down)
        self._day = now().astimezone(local_zone()).date()
        self.changing = False
        """Rows are being moved by an answer: what happens to the selection now was not done by a person."""

    # What is shown

    @property
    def view(self) -> View:
        return self._question.view

    @property
    def text(self) -> str:
        return self._question.text

    @property
    def loaded(self) -> bool:
        """The present question has been answered."""
        return self._shown_question == self._question

    @property
    def ids(self) -> Sequence[OrderId]:
        return self._ids

    def show_view(self, view: View) -> None:
        self._ask(self._question._replace(view=view))

    def show_text(self, text: str) -> None:
        self._ask(self._question._replace(text=text))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a header click. No column (-1) is the natural order: newest first."""
        sort = COLUMNS[column].sort if 0 <= column < _WIDTH else Sort.SEEN
        if sort is not None:
            descending = order == Qt.SortOrder.DescendingOrder if sort is not Sort.SEEN else True
            self._ask(self._question._replace(sort=sort, descending=descending))

    def line(self, order_id: OrderId) -> ShipmentLine | None:
        row = self._rows.get(order_id)
        return row.line if row else None

    def order_at(self, row: int) -> OrderId | None:
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, order_id: OrderId) -> int | None:
        if len(self._row_of) != len(self._ids):
            self._row_of = {each: row for row, each in enumerate(self._ids)}
        return self._row_of.get(order_id)

    # What changed

    def refresh(self) -> None:
        """Asks for the ids again and tells them apart from those shown."""
        self._ask(self._question, again=True)

    def changed(self, ids: frozenset[OrderId]) -> None:
        """These rows read differently now, and may have come, gone or moved."""
        for order_id in ids & self._rows.keys():
            if self.row_of(order_id) is None:
                del self._rows[order_id]
                self._held.discard(order_id)
            else:
                self._stale.add(order_id)
        self._read()
        self.refresh()

    def reword(self) -> None:
        """It is another day, or another time zone: every row reads differently."""
        self._stale.update(self._rows)
        self._read()

    def start_over(self) -> None:
        """Another account is open: its orders may have the same numbers, so nothing that was read is kept."""
        self._era += 1
        self._shown_question = None
        for kept in (self._rows, self._wanted, self._stale):
            kept.clear()
        self.refresh()

    def on_their_way(self) -> frozenset[OrderId]:
        """The rows read so far that have an entry in the outbox."""
        return frozenset(order_id for order_id, row in self._rows.items() if row.line and row.line.entry_state)

    # The ids

    def _ask(self, question: _Question, again: bool = False) -> None:
        if question == self._question and self._asked and not again:
            return
        self._question = question
        self._asked += 1
        if not self._asking:
            self._asking = True
            self._spawn(self._answer(), "shipment list")

    async def _answer(self) -> None:
        """One at a time; what is asked meanwhile is answered next, and an answer to an older question is dropped."""
        try:
            while self._answered != self._asked:
                asked, question, era = self._asked, self._question, self._era
                ids = await self._read_ids(*question)
                self._answered = asked
                if question == self._question and era == self._era:
                    self._take(question, list(ids))
        finally:
            self._asking = False

    def _take(self, question: _Question, ids: list[OrderId]) -> None:
        before, self._shown_question = self._shown_question, question
        self.changing = True
        try:
            if before is None or (before.view, before.text) != (question.view, question.text):
                self._replace(ids)
            elif ids != self._ids:
                if before == question:
                    self.stepping.emit()
                self._step_to(ids)
        finally:
            self.changing = False
        self._wanted_chunks.clear()
        self._watch_held()
        self._watch_day()
        self.answered.emit()

    def _watch_day(self) -> None:
        """Windows are worded from today: after midnight every row reads differently."""
        day = self._now().astimezone(local_zone()).date()
        if day != self._day:
            self._day = day
            self.reword()

    def _replace(self, ids: list[OrderId]) -> None:
        self.beginResetModel()
        self._put(ids)
        self.endResetModel()

    def _step_to(self, ids: list[OrderId]) -> None:
        steps = between(self._ids, ids)
        for run in steps.removed:
            self.beginRemoveRows(_ROOT, run.first, run.last)
            self._put(self._ids[: run.first] + self._ids[run.last + 1 :])
            self.endRemoveRows()
        if steps.reordered:
            self._reorder(steps.kept)
        for run in steps.inserted:
            self.beginInsertRows(_ROOT, run.first, run.last)
            self._put(self._ids[: run.first] + ids[run.first : run.last + 1] + self._ids[run.first :])
            self.endInsertRows()

    def _reorder(self, ids: list[OrderId]) -> None:
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        orders = [self._ids[index.row()] for index in held]
        self._put(ids)
        rows = [self.row_of(order) for order in orders]
        moved = [self.index(-1 if row is None else row, was.column()) for row, was in zip(rows, held, strict=True)]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _put(self, ids: list[OrderId]) -> None:
        self._ids = ids
        self._row_of = {}

    # The rows

    def _want(self, row: int) -> None:
        """Notes the chunk around a row that somebody looks at, and the one after it."""
        chunk = row // _CHUNK
        if chunk in self._wanted_chunks:
            return
        self._wanted_chunks.add(chunk)
        middle = (chunk + 1) * _CHUNK
        for order_id in (*self._ids[middle : middle + _CHUNK], *self._ids[middle - _CHUNK : middle]):  # the last wish is read first
            if order_id not in self._rows:
                self._wanted[order_id] = None
        self._read()

    def _read(self) -> None:
        if not self._reading and (self._wanted or self._stale):
            self._reading = True
            self._spawn(self._read_rows(), "shipment rows")

    async def _read_rows(self) -> None:
        try:
            while self._wanted or self._stale:
                # The newest wish first: that is where the person is looking. Changed rows before all.
                ids = list(self._stale)[:_CHUNK] or list(self._wanted)[-_CHUNK:]
                self._stale.difference_update(ids)
                try:
                    era, lines = self._era, await self._read_lines(ids)
                    if era == self._era:
                        self._keep(ids, lines)
                finally:
                    for order_id in ids:
                        self._wanted.pop(order_id, None)
        finally:
            self._reading = False
            self._wanted_chunks.clear()

    def _keep(self, ids: Sequence[OrderId], lines: Sequence[ShipmentLine]) -> None:
        now = self._now()
        found = {line.order_id: line for line in lines}
        rows = []
        for order_id in ids:
            line, before = found.get(order_id), self._rows.get(order_id)
            row = _worded(line, now) if line else _GONE
            if row != before:
                self._rows[order_id] = row
                place = self.row_of(order_id)
                if place is not None:
                    rows.append(place)
        self._say(runs(rows), 0, _WIDTH - 1)
        self._watch_held()

    def _say(self, changed: Sequence[Run], first: int, last: int) -> None:
        for run in changed:
            self.dataChanged.emit(self.index(run.first, first), self.index(run.last, last))

    # The countdown

    def _watch_held(self) -> None:
        """One timer for all held rows, and none while nothing is held."""
        self._held = {order_id for order_id, row in self._rows.items() if row.line and row.line.entry_state is State.HELD}
        if bool(self._held) != self._second.isActive():
            self._second.start() if self._held else self._second.stop()

    def _count_down(self) -> None:
        now, rows = self._now(), []
        for order_id in self._held:
            line = self._rows[order_id].line
            place = self.row_of(order_id)
            if line is not None and place is not None:
                self._rows[order_id] = _worded(line, now)
                rows.append(place)
        self._say(runs(rows), STATE, STATE)

    # Qt's questions

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else _WIDTH

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        if role not in _ANSWERS:
            return None
        if role == _ALIGNMENT:
            return _ALIGNMENTS[index.column()]
        place = index.row()
        order_id = self._ids[place]
        row = self._rows.get(order_id)
        if row is None:
            self._want(place)
            return _unread(order_id, index.column(), role)
        if role == _DISPLAY:
            return row.texts[index.column()]
        return _ANSWERS[role](order_id, row, index.column())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < _WIDTH:
            return None
        if role == _DISPLAY:
            return tr(COLUMNS[section].title)
        return _ALIGNMENTS[section] if role == _ALIGNMENT else None


def _worded(line: ShipmentLine, now: datetime) -> _Row:
    return _Row(line, tuple(column.text(line, now) for column in COLUMNS), marks(line, now))


def _unread(order_id: OrderId, column: int, role: int) -> object:
    """A row that is not read yet shows its number, so that nothing jumps when the rest comes."""
    if role == ORDER_ROLE:
        return order_id
    return str(order_id) if role in {_DISPLAY, _ACCESSIBLE} and column == 0 else None


def _tip(_order_id: OrderId, row: _Row, column: int) -> str | None:
    return plain_tip(tip(row.line, _KEYS[column], row.texts[column])) if row.line else None


def _decoration(_order_id: OrderId, row: _Row, column: int) -> QIcon | None:
    return icon(row.marks[0].icon, row.marks[0].tone) if column == STATE and row.marks else None


_ANSWERS: Final[dict[int, Callable[[OrderId, _Row, int], object]]] = {
    _DISPLAY: lambda _order_id, row, column: row.texts[column],
    _ALIGNMENT: lambda _order_id, _row, column: _ALIGNMENTS[column],
    _DECORATION: _decoration,
    _TOOL_TIP: _tip,
    _ACCESSIBLE: lambda _order_id, row, column: row.texts[column],
    ORDER_ROLE: lambda order_id, _row, _column: order_id,
    LINE_ROLE: lambda _order_id, row, _column: row.line,
    MARKS_ROLE: lambda _order_id, row, _column: row.marks,
}
"""What is answered at all. Everything else Qt asks (fonts, brushes, check marks) is turned away by the first line of data()."""
