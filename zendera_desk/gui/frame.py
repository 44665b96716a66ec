"""How the window lies: banners over the pages, the list over the shipment, the feed at the side, a line at the bottom. No behaviour
but that the feed steps aside where the width is needed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QStatusBar, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.gui.pages import Pages
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.statusline import StatusLine
from zendera_desk.gui.widgets.banner import Banners
from zendera_desk.gui.widgets.docktitle import DockTitle
from zendera_desk.gui.words import tr


class Frame:
    def __init__(self, window: QMainWindow, desk: Desk, spawn: Spawn) -> None:
        """From the outside in, each widget with its parent: one that comes to its parent later has the style sheet matched
        again for everything inside it. Built from the inside out, this window took 230 ms, of which 150 were that."""
        central = QWidget(window)
        self.banners = Banners(central)
        self.pages = Pages(central)
        self.split = QSplitter(Qt.Orientation.Vertical, self.pages)
        self.split.setObjectName("shipmentsAndShipment")
        self.split.setChildrenCollapsible(False)
        self.shipments = ShipmentsPanel(desk, spawn, self.split)
        self.split.addWidget(self.shipments)
        lower = QWidget(self.split)
        self.split.addWidget(lower)
        self.below = QVBoxLayout(lower)
        self.below.setContentsMargins(0, 0, 0, 0)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.pages.add_staying(self.split)
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banners)
        layout.addWidget(self.pages, 1)
        window.setCentralWidget(central)
        bottom = QStatusBar(window)
        bottom.setSizeGripEnabled(False)
        self.status = StatusLine(bottom)
        bottom.addWidget(self.status, 1)
        window.setStatusBar(bottom)
        self.dock = QDockWidget(tr("Product feed"), window)
        self.dock.setObjectName("feedDock")
        self.dock.setTitleBarWidget(DockTitle(self.dock))
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self._feed_wanted = self._is_around = False

    def show_around(self, *, visible: bool) -> None:
        """What stands around the pages. Nobody needs it before there is an account; where a person put it away it stays away."""
        if not visible:
            self._feed_wanted = not self.dock.isHidden()
            self.dock.hide()
        elif self._feed_wanted:
            self._feed_wanted = False
            self.dock.show()
        self.status.setVisible(visible)
        self._is_around = visible

    def make_room(self, *, for_paper: bool) -> None:
        """Paper needs the width: the feed steps aside for it, and comes back where it was."""
        if for_paper and not self.dock.isHidden() and not self.dock.isFloating():
            self._feed_wanted = True
            self.dock.hide()
        elif not for_paper and self._feed_wanted and self._is_around:
            self._feed_wanted = False
            self.dock.show()
