"""What stands in the grid, and what is known of each row: typed cells, the shipment, what is in the way, what became of it.

No widgets here. A change of cells is one step that can be undone; what was sent is never changed by one. While rows are being sent
nothing can be changed at all (`frozen`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from zendera_desk.domain.bulk import CELLS, BulkDraft, BulkResult, BulkRow, draft_of, row_again, set_cells
from zendera_desk.domain.drafting import asks
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Entry, State
from zendera_desk.domain.report import Draft
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.views import OpenShipment, OutboxLine

Review = Callable[[Draft, BulkRow, OpenShipment | None], tuple[Problem, ...]]
_MOST_STEPS = 200


class Sheet:
    """`review` says what is in the way of a row, asked for, or worth a note."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self.shared = Draft()
        self.rows: tuple[BulkRow, ...] = ()
        self.known: dict[OrderId, OpenShipment] = {}
        self.read = False
        """Whether the shipments were read: before that, a row whose shipment is unknown is only slow."""
        self.frozen = False
        """Rows are being sent: a person can change nothing."""
        self.entries: dict[OrderId, Entry] = {}
        self.problems: dict[OrderId, tuple[Problem, ...]] = {}
        self.confirmed: dict[OrderId, frozenset[str]] = {}
        self._said: dict[OrderId, tuple[Problem, ...]] = {}
        """What the desk or Zendera answered, until the row is changed."""
        self._undone: list[tuple[BulkRow, ...]] = []
        self._steps: list[tuple[BulkRow, ...]] = []

    # What stands in it

    def show(self, draft: BulkDraft) -> None:
        self.shared, self.rows = draft.shared, draft.rows
        self.entries, self.confirmed, self._said, self.read = {}, {}, {}, False
        self.forget_steps()
        self.look_again()

    def draft(self) -> BulkDraft:
        return BulkDraft(shared=self.shared, rows=self.rows)

    def ids(self) -> list[OrderId]:
        return [row.order_id for row in self.rows]

    def learn(self, opened: Iterable[OpenShipment]) -> None:
        """What the shipments say now; of those that are not here any more, nothing."""
        self.known = {each.line.order_id: each for each in opened}
        self.read = True
        self.look_again()

    def share(self, shared: Draft) -> None:
        if shared != self.shared and not self.frozen:
            if (shared.status, shared.stop) != (self.shared.status, self.shared.stop):
                self.confirmed = {}
            self.shared = shared
            self._said = {}
            self.look_again()

    def add(self, ids: Iterable[OrderId]) -> int:
        """Those that are not in it yet. Returns how many came."""
        new = tuple(BulkRow(order_id=order_id) for order_id in dict.fromkeys(ids) if order_id not in self.problems)
        return len(new) if self._step((*self.rows, *new)) else 0

    def remove(self, places: Iterable[int]) -> int:
        """Only from the grid. What is on its way stays until it is done."""
        going = {place for place in places if self.rows[place].entry is None}
        return len(going) if self._step(tuple(row for place, row in enumerate(self.rows) if place not in going)) else 0

    def change(self, changes: Mapping[tuple[int, str], str]) -> bool:
        return self._step(set_cells(self.rows, dict(changes)))

    def from_own_draft(self, place: int) -> dict[tuple[int, str], str]:
        """What the empty cells of the row could take from the draft that its shipment has of its own."""
        row = self.rows[place]
        known = self.known.get(row.order_id)
        if known is None or known.draft is None:
            return {}
        values = {name: getattr(known.draft, name) for name in CELLS}
        return {(place, name): text for name, text in values.items() if text and not row.cell(name)}

    # Steps

    @property
    def can_undo(self) -> bool:
        return bool(self._steps) and not self.frozen

    @property
    def can_redo(self) -> bool:
        return bool(self._undone) and not self.frozen

    def undo(self) -> None:
        if self.can_undo:
            self._undone.append(self.rows)
            self._go(self._steps.pop())

    def redo(self) -> None:
        if self.can_redo:
            self._steps.append(self.rows)
            self._go(self._undone.pop())

    def forget_steps(self) -> None:
        """After sending, undo means to take back what was sent."""
        self._steps, self._undone = [], []

    def _step(self, rows: tuple[BulkRow, ...]) -> bool:
        if rows == self.rows or self.frozen:
            return False
        self._steps = [*self._steps[-_MOST_STEPS:], self.rows]
        self._undone = []
        self._go(rows)
        return True

    def _go(self, rows: tuple[BulkRow, ...]) -> None:
        """What was sent, or came back, meanwhile is as it is now, wherever the step leads."""
        now = {row.order_id: row for row in self.rows}
        was = {row.order_id: row for row in rows}
        sent = [row for row in self.rows if row.entry is not None and row.order_id not in was]
        settled = (now[row.order_id] if _is_sent(now.get(row.order_id)) else msgspec.structs.replace(row, entry=None) for row in rows)
        self.rows = (*settled, *sent)
        for order_id, row in now.items():
            if was.get(order_id) != row:
                self._said.pop(order_id, None)
                self.confirmed.pop(order_id, None)
        self.look_again()

    # What is in the way

    def look_again(self) -> None:
        """Reads every row anew: some 20 µs each."""
        self.problems = {row.order_id: self._look(row) for row in self.rows}

    def _look(self, row: BulkRow) -> tuple[Problem, ...]:
        if row.entry is not None:
            return ()
        found = self._review(self.shared, row, self.known.get(row.order_id))
        codes = {problem.code for problem in found}
        return (*found, *(problem for problem in self._said.get(row.order_id, ()) if problem.code not in codes))

    def open_asks(self, order_id: OrderId) -> tuple[Problem, ...]:
        confirmed = self.confirmed.get(order_id, frozenset())
        return tuple(each for each in self.problems.get(order_id, ()) if asks(each.code) and each.code not in confirmed)

    def confirm(self, order_id: OrderId, codes: frozenset[str], *, on: bool) -> None:
        if self.frozen:
            return
        before = self.confirmed.get(order_id, frozenset())
        self.confirmed[order_id] = before | codes if on else before - codes

    def confirm_all(self, codes: frozenset[str], *, on: bool) -> None:
        for row in self.rows:
            if concerned := frozenset(code for code in codes if _concerns(code, row)):
                self.confirm(row.order_id, concerned, on=on)

    def confirmed_by_all(self) -> frozenset[str]:
        """What is confirmed of every row that it concerns and that is still to be sent."""
        unsent = [row for row in self.rows if row.entry is None]
        confirmed = {row.order_id: self.confirmed.get(row.order_id, frozenset()) for row in unsent}
        codes = frozenset[str]().union(*confirmed.values())
        return frozenset(code for code in codes if all(code in confirmed[row.order_id] for row in unsent if _concerns(code, row)))

    def is_ready(self, row: BulkRow) -> bool:
        problems = self.problems.get(row.order_id, ())
        known = row.entry is None and row.order_id in self.known
        return known and not any(problem.blocks for problem in problems) and not self.open_asks(row.order_id)

    def ready(self) -> list[BulkRow]:
        return [row for row in self.rows if self.is_ready(row)]

    # What came of it

    def tell(self, results: Sequence[BulkResult]) -> None:
        """The desk's answers: what was taken is on its way, what was not keeps everything."""
        for result in results:
            if result.entry is None:
                self._said[result.order_id] = result.problems or (Problem(field="status", code=f"skipped_{result.skipped}"),)
        taken = {result.order_id: result.entry for result in results if result.entry is not None}
        self.rows = tuple(msgspec.structs.replace(row, entry=taken.get(row.order_id, row.entry)) for row in self.rows)
        self.look_again()

    def has_taken_back(self, lines: Iterable[OutboxLine]) -> bool:
        """An entry of one of its rows was taken back."""
        sent = {row.entry for row in self.rows if row.entry is not None}
        return any(line.entry.id in sent and line.entry.state is State.TAKEN_BACK for line in lines)

    def follow(self, lines: Iterable[OutboxLine], kept: BulkDraft) -> bool:
        """What became of the entries. Says whether rows can be typed in again, or went: `kept` is the grid on disk, which knows.

        What was refused is typed in again here. What was taken back is where its form is: here if the disk has the row, else it is
        a form of its own, or another shipment's by now.
        """
        entries = {line.entry.id: line.entry for line in lines}
        back = {row.order_id: row for row in kept.unsent}
        rows: list[BulkRow] = []
        for row in self.rows:
            entry = None if row.entry is None else entries.get(row.entry)
            if entry is not None:
                self.entries[row.order_id] = entry
            if entry is not None and entry.state is State.REFUSED:
                rows.append(msgspec.structs.replace(row, entry=None))
                self._said[row.order_id] = (Problem(field="status", code="row_refused", blocks=False),)
            elif entry is None or entry.state is not State.TAKEN_BACK:
                rows.append(row)
            elif (again := back.get(row.order_id)) is not None:
                rows.append(row_again(self.shared, again, draft_of(kept.shared, again)) or again)
        if tuple(rows) == self.rows:
            return False
        self._leave({row.order_id for row in self.rows} - {row.order_id for row in rows})
        self.rows = tuple(rows)
        self.look_again()
        return True

    def _leave(self, gone: set[OrderId]) -> None:
        """No step brings them back."""
        for steps in (self._steps, self._undone):
            steps[:] = [tuple(row for row in rows if row.order_id not in gone) for rows in steps]


def _is_sent(row: BulkRow | None) -> bool:
    return row is not None and row.entry is not None


def _concerns(code: str, row: BulkRow) -> bool:
    """What is asked about a shared time is no matter to a row that has its own."""
    return not (row.time and code.startswith("time_"))
