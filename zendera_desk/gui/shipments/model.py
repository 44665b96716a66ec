"""The table model: the order ids of the view in their order, and the rows around what is looked at.

Ids are cheap (eight bytes each), rows are not: so the ids come first, sorted and found in SQL, and rows are read in chunks when
something asks for them, and forgotten when many others were looked at since. What was read is kept already worded.

Of a long list the first screens come at once, with their rows, so that they are painted whole; the other ids follow in parts. When
something changed in the list of all, the newest first, what is new at the top is told from the first part alone, if the count bears it
out: nobody reads a million ids for one shipment that arrived. In any other long list a row may have come, gone or moved anywhere: it is
read whole, and rests the longer the longer that takes.

It is given two async functions instead of the desk, so that it can be tested without a window and with any rows.
"""

from array import array
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import IdsPage, ShipmentLine, Sort, View, Wanted
from zendera_desk.gui.columns import COLUMNS
from zendera_desk.gui.format import local_zone
from zendera_desk.gui.shipments.cells import ALIGNMENT, ALIGNMENTS, ANSWERS, DISPLAY, GONE, STATE, WIDTH, Row, counted_down, unread, worded
from zendera_desk.gui.shipments.countdown import Countdown
from zendera_desk.gui.shipments.ids import Ids, difference
from zendera_desk.gui.shipments.pace import Pace
from zendera_desk.gui.shipments.question import Lines, Parts, Question
from zendera_desk.gui.shipments.steps import Run, between, runs
from zendera_desk.gui.shipments.unread import CHUNK, Unread
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr

_SCREEN: Final = 40
"""Rows without which a new list is not shown."""
_KEPT: Final = 4_000
"""Rows: whoever drags the scroll bar through a hundred thousand must not have them all in memory."""
_STEPS: Final = 20_000
"""Rows among which what came and went is told apart. Where more changed, the list is shown anew."""

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_NOTHING: Final = IdsPage(ids=array("q"))


class ShipmentsModel(QAbstractTableModel):
    answered = Signal()
    """The ids of the present question are here (also when nothing changed)."""
    stepping = Signal()
    """The same question has another answer: rows are about to come, go or move."""

    def __init__(self, parts: Parts, lines: Lines, now: Callable[[], datetime], spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read_part, self._read_lines, self._now, self._spawn = parts, lines, now, spawn
        self._question = Question()
        self._shown_question: Question | None = None
        self._asked, self._answered, self._asking = 0, 0, False
        self._era = 0
        """Counts the accounts: what was read for an earlier one is thrown away."""
        self._ids = Ids()
        self._page = _NOTHING
        self._pace = Pace(self.refresh, self)
        self._rows: dict[OrderId, Row] = {}
        self._unread = Unread()
        self._reading = False
        self._held = Countdown(self)
        self._held.second.connect(self._count_down)
        self._day = now().astimezone(local_zone()).date()
        self.changing = False
        """Rows are being moved by an answer: what happens to the selection now was not done by a person."""

    # What is shown

    @property
    def wanted(self) -> Wanted:
        return self._question.wanted

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
    def ids(self) -> Ids:
        return self._ids

    @property
    def found(self) -> IdsPage:
        """How many the whole list has, and, of a search, where they stand. Its ids are not the list's."""
        return self._page

    def show_view(self, wanted: Wanted) -> None:
        self._ask(self._question._replace(wanted=wanted))

    def show_text(self, text: str) -> None:
        self._ask(self._question._replace(text=text))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a header click. No column (-1) is the natural order: newest first."""
        sort = COLUMNS[column].sort if 0 <= column < WIDTH else Sort.SEEN
        if sort is not None:
            descending = order == Qt.SortOrder.DescendingOrder if sort is not Sort.SEEN else True
            self._ask(self._question._replace(sort=sort, descending=descending))

    def line(self, order_id: OrderId) -> ShipmentLine | None:
        row = self._rows.get(order_id)
        return row.line if row else None

    def order_at(self, row: int) -> OrderId | None:
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_at(self, place: int) -> Row:
        """What `data` answers from. What is not read yet is read next."""
        order_id = self._ids[place]
        row = self._rows.get(order_id)
        if row is None:
            self._want(place)
            return unread(order_id)
        if row.line is not None and self._held.take_past(order_id):
            row = self._rows[order_id] = counted_down(row, row.line, self._now())
        return row

    def row_of(self, order_id: OrderId) -> int | None:
        return self._ids.row_of(order_id)

    # What changed

    def refresh(self) -> None:
        """Asks for the ids again and tells them apart from those shown."""
        self._ask(self._question, again=True)

    def changed(self, ids: frozenset[OrderId]) -> None:
        """These rows read differently now, and may have come, gone or moved."""
        for order_id in ids.intersection(self._rows):
            if self.row_of(order_id) is None:
                del self._rows[order_id]
                self._held.note(order_id, None)
            else:
                self._unread.renew([order_id])
        self._read()
        self.refresh()

    def reword(self) -> None:
        """It is another day, or another time zone: every row reads differently."""
        self._unread.renew(self._rows)
        self._read()

    def start_over(self) -> None:
        """Another account is open: its orders may have the same numbers, so nothing that was read is kept."""
        self._era += 1
        self._shown_question = None
        self._rows.clear()
        self._held.clear()
        self._unread.clear()
        self.refresh()

    # The ids

    def _ask(self, question: Question, again: bool = False) -> None:
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
                page = await self._read_part(*question, None)
                self._answered = asked
                if self._is_about(question, era):
                    await self._take(question, era, page)
        finally:
            self._asking = False

    def _is_about(self, question: Question, era: int) -> bool:
        return question == self._question and era == self._era

    async def _take(self, question: Question, era: int, page: IdsPage) -> None:
        if self._is_new(question, page):
            await self._take_new(question, era, page)
            return
        first = page.ids.tobytes()
        if page.after is None:
            self._show(question, page, Ids(first))
        elif question.grows_above and (ids := self._ids.with_new_above(first, page.count)) is not None:
            self._show(question, page, ids)
        elif self._pace.may_read() and (rest := await self._rest(question, era, page)) is not None:
            self._show(question, page, Ids(first + rest))

    def _is_new(self, question: Question, page: IdsPage) -> bool:
        """Whether the list is another one. A short one that is only sorted anew keeps its rows, and a long one cannot wait for it."""
        before = self._shown_question
        other = before is None or (before.wanted, before.text) != (question.wanted, question.text)
        return other or (before != question and (page.after is not None or len(page.ids) > _STEPS))

    async def _take_new(self, question: Question, era: int, page: IdsPage) -> None:
        """The first screen is shown with its rows, else it would be painted twice, the first time nearly empty."""
        first = [OrderId(each) for each in page.ids[:_SCREEN]]
        unread = [each for each in first if not self._has(each)]
        if unread:
            lines = await self._read_lines(unread)
            if not self._is_about(question, era):
                return
            self._word(unread, lines)
        self._show(question, page, Ids(page.ids.tobytes()))
        self._unread.renew(each for each in self._rows if not self._has(each) and self.row_of(each) is not None)
        self._read()
        rest = await self._rest(question, era, page)
        if rest:
            rows = len(self._ids)
            self.beginInsertRows(_ROOT, rows, rows + len(rest) // 8 - 1)
            self._ids = self._ids.replaced(rows, rows, rest)
            self.endInsertRows()

    async def _rest(self, question: Question, era: int, page: IdsPage) -> bytes | None:
        """The parts after the first. None: something else is asked by now."""
        rest = bytearray()
        self._pace.begin()
        while page.after is not None:
            page = await self._read_part(*question, page.after)
            if not self._is_about(question, era):
                return None
            rest += page.ids.tobytes()
        self._pace.end()
        return bytes(rest)

    def _show(self, question: Question, page: IdsPage, ids: Ids) -> None:
        is_new = self._is_new(question, page)
        before, self._shown_question, self._page = self._shown_question, question, page
        self.changing = True
        try:
            if is_new:
                self._replace(ids)
            elif ids != self._ids:
                if before == question:
                    self.stepping.emit()
                self._step_to(ids)
        finally:
            self.changing = False
        self._unread.look_again()
        self._held.watch()
        self._watch_day()
        self.answered.emit()

    def _watch_day(self) -> None:
        """Windows are worded from today: after midnight every row reads differently."""
        day = self._now().astimezone(local_zone()).date()
        if day != self._day:
            self._day = day
            self.reword()

    def _replace(self, ids: Ids) -> None:
        self.beginResetModel()
        self._ids = ids
        self.endResetModel()

    def _step_to(self, ids: Ids) -> None:
        """Only between what both lists have above and below: most of a long one is the same."""
        head, tail = difference(self._ids, ids)
        old, new = self._ids[head : len(self._ids) - tail], ids[head : len(ids) - tail]
        if max(len(old), len(new)) > _STEPS:
            self._replace(ids)
            return
        steps = between(old, new)
        for run in steps.removed:
            first, last = head + run.first, head + run.last
            self.beginRemoveRows(_ROOT, first, last)
            self._ids = self._ids.replaced(first, last + 1)
            self.endRemoveRows()
        if steps.reordered:
            self._reorder(self._ids.replaced(head, len(self._ids) - tail, Ids.of(steps.kept).packed))
        for run in steps.inserted:
            first, last = head + run.first, head + run.last
            self.beginInsertRows(_ROOT, first, last)
            self._ids = self._ids.replaced(first, first, ids.cut(first, last + 1))
            self.endInsertRows()

    def _reorder(self, ids: Ids) -> None:
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        orders = [self._ids[index.row()] for index in held]
        self._ids = ids
        rows = [self.row_of(order) for order in orders]
        moved = [self.index(-1 if row is None else row, was.column()) for row, was in zip(rows, held, strict=True)]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    # The rows

    def _want(self, row: int) -> None:
        if self._unread.look_at(row, self._ids, self._has):
            first = row // CHUNK * CHUNK
            self._ids.note(first, first + 2 * CHUNK)
            self._read()

    def _has(self, order_id: OrderId) -> bool:
        """With all that the view shows."""
        row = self._rows.get(order_id)
        bare = row is not None and row.line is not None and row.line.differing is None
        return row is not None and not (bare and self.view is View.DIFFERENCES)

    def _read(self) -> None:
        if not self._reading and self._unread:
            self._reading = True
            self._spawn(self._read_rows(), "shipment rows")

    async def _read_rows(self) -> None:
        try:
            while self._unread:
                ids = self._unread.next()
                try:
                    era, lines = self._era, await self._read_lines(ids)
                    if era == self._era:
                        self._keep(ids, lines)
                finally:
                    self._unread.read(ids)
        finally:
            self._reading = False
            self._unread.look_again()

    def _keep(self, ids: Sequence[OrderId], lines: Sequence[ShipmentLine]) -> None:
        places = (self.row_of(order_id) for order_id in self._word(ids, lines))
        self._say(runs([place for place in places if place is not None]), 0, WIDTH - 1)
        self._held.watch()
        self._forget()

    def _word(self, ids: Sequence[OrderId], lines: Sequence[ShipmentLine]) -> list[OrderId]:
        """Those that read differently now."""
        now, changed = self._now(), []
        found = {line.order_id: line for line in lines}
        for order_id in ids:
            line, before = found.get(order_id), self._rows.get(order_id)
            row = worded(line, now) if line else GONE
            if row != before:
                self._rows[order_id] = row
                changed.append(order_id)
                self._held.note(order_id, line)
        return changed

    def _forget(self) -> None:
        """What was read longest ago. Should somebody look at it, it is read again."""
        if len(self._rows) > _KEPT:
            for order_id in [each for each in self._rows if each not in self._held][: len(self._rows) // 2]:
                del self._rows[order_id]

    def _say(self, changed: Sequence[Run], first: int, last: int) -> None:
        for run in changed:
            self.dataChanged.emit(self.index(run.first, first), self.index(run.last, last))

    def _count_down(self) -> None:
        """Said once for all: where each of hundreds stands takes longer to find out than to paint what is in sight."""
        if self._ids:
            self._say([Run(0, len(self._ids) - 1)], STATE, STATE)

    # Qt's questions

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else WIDTH

    def data(self, index: _Index, role: int = DISPLAY) -> object:
        if role not in ANSWERS:
            return None
        if role == ALIGNMENT:
            return ALIGNMENTS[index.column()]
        row = self.row_at(index.row())
        if role == DISPLAY:
            return row.texts[index.column()]
        return ANSWERS[role](row, index.column())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < WIDTH:
            return None
        if role == DISPLAY:
            return tr(COLUMNS[section].title)
        return ALIGNMENTS[section] if role == ALIGNMENT else None
