"""The grid as it is worked in: like a spreadsheet, by keys, with the clipboard in and out.

Its keys are claimed when Qt asks (ShortcutOverride), so that a shortcut of the window with the same key does not fire while somebody
types here. Ctrl+Z is claimed only while there is a step to undo: after that it is the window's, and takes back what was sent.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from zendera_desk.domain.bulk import CELLS, as_cells, columns, filled_down, pasted, read_cells
from zendera_desk.gui import style
from zendera_desk.gui.bulk.delegate import GridDelegate
from zendera_desk.gui.bulk.model import COLUMNS, GridModel, Index
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr

_WIDTHS: Final = {"order": 78, "reference": 84, "receiver": 188, "signee": 136, "time": 118, "exception": 120, "state": 160}
_NARROW: Final = {**_WIDTHS, "receiver": 124, "signee": 116, "state": 148}
_CROWDED: Final = {**_WIDTHS, "order": 78, "receiver": 88, "signee": 100, "time": 119, "exception": 72, "state": 152}
"""Where there is little room and one column more."""
_ROOMY: Final = 900
"""Pixels from which on the reference has a column, and the others have air."""
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_HELD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
_ONE: Final = QItemSelectionModel.SelectionFlag.ClearAndSelect


class Grid(QTableView):
    pasted = Signal(object)
    """What a paste did: `Pasted`."""
    row_changed = Signal()
    """Another row is the current one."""

    def __init__(self, model: GridModel, delegate: GridDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "bulkGrid", tr("Shipments of this report"))
        self._grid = model
        self._delegate = delegate
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.moved.connect(self.go)
        style.quiet_table(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.horizontalHeader().setSectionResizeMode(COLUMNS.index("comment"), QHeaderView.ResizeMode.Stretch)
        self._keys: tuple[tuple[QKeySequence.StandardKey | QKeySequence, Callable[[], None]], ...] = (
            (QKeySequence.StandardKey.Copy, self.copy),
            (QKeySequence.StandardKey.Paste, self.paste),
            (QKeySequence("Ctrl+D"), self.fill_down),
            (QKeySequence.StandardKey.Undo, self.undo),
            (QKeySequence.StandardKey.Redo, self.redo),
            (QKeySequence("Ctrl+Y"), self.redo),
        )

    # What is chosen

    def chosen_cells(self) -> set[tuple[int, str]]:
        """Those that can be typed in."""
        indexes = (index for index in self.selectedIndexes() if self._grid.may_edit(index))
        return {(index.row(), COLUMNS[index.column()]) for index in indexes}

    def chosen_rows(self) -> list[int]:
        return sorted({index.row() for index in self.selectedIndexes()})

    def choose(self, row: int, name: str) -> None:
        self.selectionModel().setCurrentIndex(self._grid.index(row, COLUMNS.index(name)), _ONE)

    def go(self, down: int, right: int) -> bool:
        """On to the next cell: at the end of a row to the next one. False at the end of the grid."""
        names = [name for name in columns(self._grid.sheet.shared.status) if not self.isColumnHidden(COLUMNS.index(name))]
        row, name = self.currentIndex().row() + down, COLUMNS[self.currentIndex().column()]
        place = (names.index(name) if name in names else -1 if right > 0 else 0) + right
        row, place = (row + 1, 0) if place >= len(names) else (row - 1, len(names) - 1) if place < 0 else (row, place)
        if not 0 <= row < self._grid.rowCount():
            return False
        self.choose(row, names[place] if right or name in names else name)
        return True

    def settle(self) -> None:
        """Takes over what is being typed: somebody sends without leaving the cell."""
        if self._delegate.editor is not None:
            self._delegate.finish(self._delegate.editor)

    def show_columns(self, *, exception: bool) -> None:
        """Those that the status uses; the reason for a missing proof only where one is needed or typed."""
        used = columns(self._grid.sheet.shared.status)
        for name in CELLS:
            self.setColumnHidden(COLUMNS.index(name), name not in used or (name == "exception" and not exception))
        self._fit()

    # What is done with it

    def copy(self) -> None:
        """The block around what is chosen, as it is shown; for a spreadsheet."""
        indexes = [index for index in self.selectedIndexes() if not self.isColumnHidden(index.column())]
        chosen = {(index.row(), index.column()): index for index in indexes}
        if chosen:
            rows, across = sorted({row for row, _ in chosen}), sorted({column for _, column in chosen})
            lines = [[self._copied(chosen.get((row, column))) for column in across] for row in rows]
            QGuiApplication.clipboard().setText(as_cells(lines))

    def _copied(self, index: QModelIndex | None) -> str:
        if index is None:
            return ""
        return str(index.data(Qt.ItemDataRole.EditRole) or index.data(Qt.ItemDataRole.DisplayRole))

    def paste(self) -> None:
        """Into the chosen cells, or from the current one on. Nothing of the clipboard is more than text."""
        chosen = self.chosen_cells()
        sheet = self._grid.sheet
        done = pasted(read_cells(QGuiApplication.clipboard().text()), sheet.rows, columns(sheet.shared.status), chosen)
        if chosen:
            self._grid.change(done.changes)
            self.pasted.emit(done)

    def fill_down(self) -> None:
        self._grid.change(filled_down(self._grid.sheet.rows, self.chosen_cells()))

    def clear_cells(self) -> None:
        self._grid.change(dict.fromkeys(self.chosen_cells(), ""))

    def undo(self) -> None:
        self._grid.step_back()

    def redo(self) -> None:
        self._grid.step_forth()

    # Keys

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._wish(event) is not None:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            # At the ends Tab leaves the grid: nobody is shut in. With Ctrl it leaves from everywhere.
            back = event.key() == Qt.Key.Key_Backtab
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.go(0, -1 if back else 1):
                return True
            return self.focusNextPrevChild(not back)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wish = self._wish(event)
        if wish is not None:
            wish()
        elif event.key() in _ENTER and not event.modifiers() & _HELD:
            self.go(1, 0)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.text() and not event.text().isprintable():
            event.ignore()  # else Ctrl and a letter would begin to type
        else:
            super().keyPressEvent(event)

    def _wish(self, event: QKeyEvent) -> Callable[[], None] | None:
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and not event.modifiers() & _HELD:
            return self.clear_cells
        for key, wish in self._keys:
            hit = event.matches(key) if isinstance(key, QKeySequence.StandardKey) else QKeySequence(event.keyCombination()) == key
            if hit:
                return wish if wish != self.undo or self._grid.sheet.can_undo else None
        return None

    # Looks

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.row_changed.emit()

    def reset(self) -> None:
        """Other rows: what was being typed has been taken over before."""
        self._delegate.forget_editor()
        super().reset()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        roomy = self.width() >= _ROOMY
        self.setColumnHidden(COLUMNS.index("reference"), not roomy)
        crowded = not self.isColumnHidden(COLUMNS.index("exception"))
        for name, width in (_WIDTHS if roomy else _CROWDED if crowded else _NARROW).items():
            self.setColumnWidth(COLUMNS.index(name), width)
