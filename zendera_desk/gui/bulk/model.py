"""The grid as a table: what a cell shows, and where a typed text goes. Shared values stand greyed in the cells that they fill."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from zendera_desk.domain.bulk import CELLS, INHERITED, BulkDraft, BulkRow, columns, set_cells
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.rules import Problem, Rules
from zendera_desk.gui import icons, labels, style
from zendera_desk.gui.bulk import words
from zendera_desk.gui.bulk.sheet import Sheet
from zendera_desk.gui.format import visible
from zendera_desk.gui.style import Tone
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import tr

Index = QModelIndex | QPersistentModelIndex

COLUMNS: Final = ("order", "reference", "receiver", *CELLS, "state")
STATE: Final = len(COLUMNS) - 1
WRONG: Final = int(Qt.ItemDataRole.UserRole) + 1
"""Whether the cell has a mistake in it."""
FIELD: Final = int(Qt.ItemDataRole.UserRole) + 2
"""Whether it is a cell to type in."""

_NO_PARENT: Final = QModelIndex()
_FIELD_OF: Final = {"contactless": "signee"}
"""Where a problem of a field that the grid does not have is marked."""


class GridModel(QAbstractTableModel):
    """`spelled` makes of a typed time what it means tomorrow too; `changed` is called after a cell was typed in."""

    def __init__(
        self,
        sheet: Sheet,
        rules: Callable[[], Rules],
        now: Callable[[], datetime],
        spelled: Callable[[OrderId, str], str],
        changed: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.sheet = sheet
        self.tried = False
        """Somebody tried to send: from then on what is missing is marked."""
        self._rules, self._now, self._spelled, self._changed = rules, now, spelled, changed
        self._rows = 0
        self._answers: dict[int, Callable[[BulkRow, str], object]] = {
            int(Qt.ItemDataRole.DisplayRole): self._shown,
            int(Qt.ItemDataRole.EditRole): lambda row, name: row.cell(name) if name in CELLS else "",
            int(Qt.ItemDataRole.ForegroundRole): self._ink,
            int(Qt.ItemDataRole.DecorationRole): self._icon,
            int(Qt.ItemDataRole.ToolTipRole): lambda row, name: plain_tip(self._tip(row, name)),
            int(Qt.ItemDataRole.AccessibleTextRole): self._said,
            WRONG: lambda row, name: bool(self.marked(row, name)),
            FIELD: lambda row, name: name in columns(self.sheet.shared.status) and row.entry is None,
        }

    # Shape

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def show_anew(self) -> None:
        """After anything changed. Rows that came or went are a new table; else what is shown is read again."""
        if self._rows == len(self.sheet.rows):
            self.repaint()
            return
        self.beginResetModel()
        self._rows = len(self.sheet.rows)
        self.endResetModel()

    def repaint(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(self._rows - 1, STATE))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(words.TITLES[COLUMNS[section]])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.may_edit(index) else flags

    def may_edit(self, index: Index) -> bool:
        return self.is_cell(index) and self.row(index).entry is None and not self.sheet.frozen

    def is_cell(self, index: Index) -> bool:
        return index.isValid() and COLUMNS[index.column()] in columns(self.sheet.shared.status)

    # Cells

    def row(self, index: Index) -> BulkRow:
        return self.sheet.rows[index.row()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        answer = self._answers.get(int(role))
        return None if answer is None else answer(self.row(index), COLUMNS[index.column()])

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not self.may_edit(index):
            return False
        return self.change({(index.row(), COLUMNS[index.column()]): str(value)})

    def change(self, changes: dict[tuple[int, str], str]) -> bool:
        """One step for undo."""
        if not self.sheet.change(self._settled(changes)):
            return False
        self._changed()
        return True

    def draft(self, typed: dict[tuple[int, str], str]) -> BulkDraft:
        """With what is being typed just now, which is no step yet."""
        here = {cell: text for cell, text in typed.items() if cell[0] < len(self.sheet.rows)}
        return BulkDraft(shared=self.sheet.shared, rows=set_cells(self.sheet.rows, self._settled(here)))

    def _settled(self, changes: dict[tuple[int, str], str]) -> dict[tuple[int, str], str]:
        """Times are spelled out; what is no time stays as it was typed."""
        return {
            (place, name): self._spelled(self.sheet.rows[place].order_id, text) if name == "time" and text else text
            for (place, name), text in changes.items()
        }

    def step_back(self) -> None:
        self.sheet.undo()
        self._changed()

    def step_forth(self) -> None:
        self.sheet.redo()
        self._changed()

    def label(self, row: BulkRow) -> labels.Label:
        return words.state(self.sheet, row, self._rules(), self._now(), tried=self.tried)

    def marked(self, row: BulkRow, name: str) -> list[Problem]:
        """What is wrong with the cell. A mistake in a shared value is marked where it is shared, not fifteen times."""
        if name not in CELLS or (not row.cell(name) and self._shared(name)):
            return []
        problems = self.sheet.problems.get(row.order_id, ())
        return [
            problem
            for problem in problems
            if _FIELD_OF.get(problem.field, problem.field) == name and words.is_marked(problem, tried=self.tried)
        ]

    def _shown(self, row: BulkRow, name: str) -> str:
        if name == "order":
            return str(row.order_id)
        if name == "state":
            return self.label(row).text
        if name in CELLS:
            return visible(row.cell(name) or self._shared(name))
        known = self.sheet.known.get(row.order_id)
        if known is None:
            return ""
        return visible(known.line.reference if name == "reference" else words.receiver(known.line))

    def _shared(self, name: str) -> str:
        if name == "signee":
            return tr("contactless") if self.sheet.shared.contactless else ""
        return getattr(self.sheet.shared, name) if name in INHERITED else ""

    def _icon(self, row: BulkRow, name: str) -> object:
        if name == "receiver":
            known = self.sheet.known.get(row.order_id)
            return icons.icon("pencil", Tone.INFO) if known is not None and known.draft is not None else None
        if name != "state":
            return None
        label = self.label(row)
        return icons.icon(label.icon, label.tone)

    def _ink(self, row: BulkRow, name: str) -> object:
        if name == "state":
            tone = self.label(row).tone
            return style.colour(tone) if tone is not Tone.NEUTRAL else style.token("muted")
        own = name == "order" or (name in CELLS and bool(row.cell(name)))
        return style.token("text" if own and row.entry is None else "muted")

    def _tip(self, row: BulkRow, name: str) -> str:
        problems = self.sheet.problems.get(row.order_id, ()) if name == "state" else self.marked(row, name)
        sentences = [labels.problem(problem) for problem in problems]
        shown = row.cell(name) or self._shared(name) if name in CELLS else self._shown(row, name)
        if name == "receiver" and self._icon(row, name) is not None:
            sentences.append(tr("It has a draft of its own."))
        return "\n".join([*([shown] if name != "state" or not sentences else []), *sentences])

    def _said(self, row: BulkRow, name: str) -> str:
        """For a screen reader: which row and which column, because it may have come from anywhere."""
        title = tr(words.TITLES[name])
        shown = self._shown(row, name) or tr("empty")
        said = f"{title} {row.order_id}: {shown}" if name != "order" else f"{title} {shown}"
        if name == "receiver" and self._icon(row, name) is not None:
            said += ". " + tr("It has a draft of its own.")
        return " ".join([said, *(labels.problem(problem) for problem in self.marked(row, name))])
