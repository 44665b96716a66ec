"""Says how many rows came above while the person looked further down, and leads there.

It stands beside the views and not over the rows, where it would cover a button that somebody is about to press.
"""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QTableView

from zendera_desk.gui.icons import icon
from zendera_desk.gui.words import tr


class Above(QPushButton):
    """Hidden while there is nothing to say, and as soon as the top is reached in any way."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self.setObjectName("newAbove")
        self.setIcon(icon("arrow-up"))
        self.setProperty("role", "quiet")
        self.setIconSize(QSize(18, 14))
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
        self.show()

    def _scrolled(self, value: int) -> None:
        if value == 0:
            self._rows = 0
            self.hide()
