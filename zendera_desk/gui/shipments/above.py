"""Says over the list how many rows came above while the person looked further down, and leads there."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton, QTableView

from zendera_desk.gui.icons import icon
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.words import tr


class Above(QPushButton):
    """Hidden while there is nothing to say, and as soon as the top is reached in any way."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self.setObjectName("newAbove")
        self.setIcon(icon("arrow-up"))
        self._table = table
        self._rows = 0
        self.clicked.connect(table.scrollToTop)
        table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.hide()

    def count(self, rows: int) -> None:
        """So many more rows stand above than a moment ago. Fewer are no news."""
        if rows <= 0:
            return
        self._rows += rows
        said = tr("{n} new above", n=self._rows)
        self.setText(said)
        self.setAccessibleName(said)
        self.adjustSize()
        ground = self._table.viewport().geometry()
        self.move(ground.topLeft() + QPoint((ground.width() - self.width()) // 2, SPACE))
        self.show()

    def _scrolled(self, value: int) -> None:
        if value == 0:
            self._rows = 0
            self.hide()
