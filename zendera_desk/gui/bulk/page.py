"""How the parts of the report on many lie: what is shared on top, the grid, the current row in words, the buttons. No behaviour."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from zendera_desk.gui.bulk.foot import BulkBar, RowLine
from zendera_desk.gui.bulk.grid import Grid
from zendera_desk.gui.bulk.line import Line
from zendera_desk.gui.bulk.shared import SharedFields
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.taborder import tab_through


class BulkParts:
    """Puts itself into `panel`, whose parts it makes."""

    def __init__(self, panel: QWidget, shared: SharedFields, grid: Grid) -> None:
        self.line, self.row_line, self.bar = Line(panel), RowLine(panel), BulkBar(panel)
        layout = QVBoxLayout(panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(shared)
        layout.addLayout(_inset(self.line))
        layout.addWidget(grid, 1)
        layout.addLayout(_inset(self.row_line))
        layout.addWidget(self.bar)
        bar = self.bar
        tab_through(*shared.in_order_of_tab(), self.line, grid, self.row_line, bar.cancel, bar.send, bar.discard, bar.add)
        panel.setFocusProxy(grid)


def _inset(part: QWidget) -> QVBoxLayout:
    around = QVBoxLayout()
    around.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
    around.addWidget(part)
    return around
