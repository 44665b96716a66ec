"""The page with what happened to the shipment, and under it what can be mended of the entry that is chosen there."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from zendera_desk.domain.outbox import Entry
from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.mend.buttons import MendButtons
from zendera_desk.gui.paper.picker import FindsShipments
from zendera_desk.gui.shipment.history import HEADS, Event, history_rows, history_text
from zendera_desk.gui.shipment.rows import RowsTable
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr


class HistoryPage(QWidget):
    copied = Signal(str)
    older_asked = Signal()
    """More of the product feed."""

    def __init__(self, desk: FindsShipments, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = RowsTable("history", tr("History"), HEADS, self)
        self.mend = MendButtons(desk, spawn, self)
        self.table.copied.connect(self.copied)
        self._events: Sequence[Event] = ()
        self._older = named(QToolButton(self), "olderChanges", tr("Show older changes"))
        self._older.setText(tr("Show older changes"))
        self._older.setIcon(icon("chevron-down"))
        self._older.setIconSize(BESIDE_WORDS)
        self._older.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._older.clicked.connect(self.older_asked)
        self._older.hide()
        self._copy = QToolButton(self)
        self._copy.setObjectName("copyHistory")
        self._copy.setText(tr("Copy as text"))
        self._copy.setAccessibleName(tr("Copy as text"))
        self._copy.setIcon(icon("copy"))
        self._copy.setIconSize(BESIDE_WORDS)
        self._copy.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._copy.setToolTip(tr("Everything on this page, with whole dates, for a mail or a claim"))
        self._copy.clicked.connect(self.copy_all)
        self._bar = QWidget(self)
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE)
        row.setSpacing(2 * SPACE)
        for button in self.mend.buttons.values():
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self._older)
        row.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self._bar)
        column.addWidget(self.mend.target)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._offer())
        self.setFocusProxy(self.table)
        self._offer()

    def say(self, events: Sequence[Event], *, is_cut: bool = False) -> None:
        self._events = events
        self._older.setVisible(is_cut)
        rows = history_rows(events)
        self.table.show_rows(rows)
        self._copy.setEnabled(bool(rows))
        self._offer()

    def copy_all(self) -> None:
        text = history_text(self._events)
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(text)

    def _offer(self) -> None:
        """A row of something else offers nothing."""
        row = self.table.currentIndex().row()
        about = self.table.rows.rows[row][0].about if 0 <= row < len(self.table.rows.rows) else None
        self.mend.show_for(about if isinstance(about, Entry) else None)
