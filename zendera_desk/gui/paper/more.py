"""What is seldom wanted on the paper page: behind one button, so that the line above the pages stays quiet."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from zendera_desk.gui.icons import icon
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr


class MoreButton(QPushButton):
    def __init__(self, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(icon("menu"), "", parent)
        named(self, "paperMenu", tr("Paper menu"), role="quiet")
        self.setToolTip(tr("Paper menu"))
        self.menu_of_paper = named(QMenu(self), "paperMenuList", tr("Paper menu"))
        self.menu_of_paper.addActions(list(actions))
        self.clicked.connect(self._ask)

    def _ask(self) -> None:
        """Popped up, not set as the button's menu: that would run a loop of its own."""
        below = self.mapToGlobal(QPoint(self.width() - self.menu_of_paper.sizeHint().width(), self.height() + 2))
        self.menu_of_paper.popup(below)
