"""The page with what happened to the shipment, and under it what can be mended of the entry that is chosen there."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from zendera_desk.domain.outbox import Entry
from zendera_desk.gui.mend.buttons import MendButtons
from zendera_desk.gui.paper.picker import FindsShipments
from zendera_desk.gui.shipment.history import HEADS
from zendera_desk.gui.shipment.rows import Row, RowsTable
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.words import tr


class HistoryPage(QWidget):
    def __init__(self, desk: FindsShipments, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = RowsTable("history", tr("History"), HEADS, self)
        self.mend = MendButtons(desk, spawn, self)
        self.copied = self.table.copied
        self._bar = QWidget(self)
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
        row.setSpacing(2 * SPACE)
        for button in self.mend.buttons.values():
            row.addWidget(button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self._bar)
        column.addWidget(self.mend.target)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._offer())
        self._offer()

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.table.show_rows(rows)
        self._offer()

    def _offer(self) -> None:
        """A row of something else offers nothing, and takes no room for it."""
        row = self.table.currentIndex().row()
        about = self.table.rows.rows[row][0].about if 0 <= row < len(self.table.rows.rows) else None
        self._bar.setVisible(self.mend.show_for(about if isinstance(about, Entry) else None))
