"""Which orders are selected, and that they stay so when the list is shown anew.

All of a million rows are one run, and their ids a copy of memory. Qt looks through every run of selected rows for each cell it paints: so
a selection that another order of the rows would scatter into thousands of runs is let go, and only the caret stays.
"""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject, Signal
from PySide6.QtWidgets import QTableView

from zendera_desk.domain.ids import OrderId
from zendera_desk.gui.shipments.ids import Ids
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.shipments.steps import Run, runs

_CARRIED: Final = 100_000
"""Rows that are looked for in another list: ten milliseconds."""
_RUNS: Final = 500
_ROWS: Final = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


class Selection(QObject):
    changed = Signal()

    def __init__(self, table: QTableView, model: ShipmentsModel) -> None:
        super().__init__(table)
        self._table, self._model = table, model
        self._kept: Ids = Ids()
        self._caret: OrderId | None = None
        self._sought: frozenset[OrderId] = frozenset()
        """Selected before, and not found again yet: of a long list the rows further down come later."""
        self._restoring = False
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        model.rowsInserted.connect(self._find_more)
        table.selectionModel().selectionChanged.connect(self._changed)

    @property
    def by_itself(self) -> bool:
        """What happens to the selection now was not done by a person."""
        return self._restoring or self._model.changing

    def runs(self) -> list[Run]:
        """From the top."""
        found: list[Run] = []
        selection = self._table.selectionModel().selection()
        for first, last in sorted((part.top(), part.bottom()) for part in map(selection.at, range(selection.count()))):
            if found and first <= found[-1].last + 1:
                found[-1] = Run(found[-1].first, max(last, found[-1].last))
            else:
                found.append(Run(first, last))
        return found

    def ids(self) -> Ids:
        """In the order of the list."""
        return Ids(b"".join(self._model.ids.cut(run.first, run.last + 1) for run in self.runs()))

    def number(self) -> int:
        return sum(run.last - run.first + 1 for run in self.runs())

    def first(self, most: int) -> list[OrderId]:
        found: list[OrderId] = []
        for run in self.runs():
            found += self._model.ids[run.first : min(run.last + 1, run.first + most - len(found))]
            if len(found) == most:
                break
        return found

    def only(self) -> OrderId | None:
        """The one that is selected, if it is one."""
        found = self.runs()
        return self._model.order_at(found[0].first) if len(found) == 1 and found[0].first == found[0].last else None

    def move(self, row: int) -> None:
        """This row alone. Not selectRow: it obeys the keys that are held down, and "send and next" is Ctrl+Return."""
        self._table.selectionModel().setCurrentIndex(self._model.index(row, 0), _ROWS | QItemSelectionModel.SelectionFlag.Clear)

    def forget(self) -> None:
        """Another account's orders may have the same numbers."""
        self._sought, self._caret = frozenset(), None
        self._table.selectionModel().clear()

    # Another list

    def _keep(self) -> None:
        """Also what was selected before a search, and the search did not find."""
        self._kept = self.ids()
        self._caret = self._model.order_at(self._table.currentIndex().row()) or self._caret

    def _restore(self) -> None:
        """What was found by a search is shown from the best on; any other list is shown where the caret is, if it has it."""
        kept: Iterable[OrderId] = self._kept if len(self._kept) <= _CARRIED else ()
        self._kept, self._sought = Ids(), self._sought.union(kept)
        self._find(0, len(self._model.ids) - 1)
        caret = self._table.currentIndex()
        if caret.isValid() and not self._model.text:
            self._table.scrollTo(caret)
        else:
            self._table.scrollToTop()
        self.changed.emit()

    def _find_more(self, _parent: QModelIndex, first: int, last: int) -> None:
        if not self._model.changing:
            self._find(first, last)

    def _find(self, first: int, last: int) -> None:
        """Selects what is sought among these rows, all at once, and leads the caret there without moving the list."""
        self._restoring, scrolls = True, self._table.hasAutoScroll()
        self._table.setAutoScroll(False)
        try:
            self._lead_caret(first, last)
            if self._sought:
                self._select([first + row for row, order_id in enumerate(self._model.ids[first : last + 1]) if order_id in self._sought])
        finally:
            self._table.setAutoScroll(scrolls)
            self._restoring = False

    def _lead_caret(self, first: int, last: int) -> None:
        row = None if self._caret is None else self._model.row_of(self._caret)
        if row is not None and first <= row <= last:
            self._caret = None
            self._table.selectionModel().setCurrentIndex(self._model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def _select(self, rows: list[int]) -> None:
        found = runs(rows)
        there = self._table.selectionModel()
        if len(found) + there.selection().count() > _RUNS:
            there.clearSelection()
            self._sought = frozenset()
            return
        selection = QItemSelection()
        for run in found:
            selection.select(self._model.index(run.first, 0), self._model.index(run.last, 0))
        there.select(selection, _ROWS)

    def _changed(self, _on: QItemSelection, _off: QItemSelection) -> None:
        if not self.by_itself:
            self._sought, self._caret = frozenset(), None
        self.changed.emit()
