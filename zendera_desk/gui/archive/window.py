"""An archive, read in: the list, find, the open shipment and the feed as at the desk, and nothing that accepts, sends or changes.

A window of its own and not the desk's with most of it switched off: what is not built here cannot be pressed.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QVBoxLayout, QWidget

from zendera_desk.domain.changes import Change, Trouble
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import View
from zendera_desk.gui import labels
from zendera_desk.gui.archive.pictures import SentPictures
from zendera_desk.gui.feed.panel import FeedPanel
from zendera_desk.gui.format import copied, when
from zendera_desk.gui.places import FEED_WIDTH
from zendera_desk.gui.shipment.panel import ShipmentPanel
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.banner import Banners
from zendera_desk.gui.widgets.docktitle import DockTitle
from zendera_desk.gui.widgets.toast import Toast, ToastStrip
from zendera_desk.gui.words import tr
from zendera_desk.reading import ArchiveDesk

FIRST: Final = (1280, 800)
SMALLEST: Final = (1024, 640)


class ArchiveWindow(QMainWindow):
    """`closed` is done when a person has closed it."""

    def __init__(self, desk: ArchiveDesk, spawn: Spawn) -> None:
        super().__init__()
        self.setObjectName("zenderaDeskArchive")
        self._desk, self._spawn = desk, spawn
        facts = self._facts = desk.facts
        until = when(facts.until, desk.now(), desk.zone)
        self.setWindowTitle(tr("Archive up to {day}, read-only — Zendera Desk", day=until))
        self.setAccessibleName(tr("Zendera Desk archive"))
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lay_out()
        self._toasts = ToastStrip(self, over=lambda: self.shipments.table)
        self._connect()
        self._say_what_it_is(until)
        self._unsubscribe = desk.changes.subscribe(self._on_change)

    def _lay_out(self) -> None:
        self.setMinimumSize(*SMALLEST)
        self.resize(*FIRST)
        central = QWidget(self)
        self.banners = Banners(central)
        split = QSplitter(Qt.Orientation.Vertical, central)
        split.setChildrenCollapsible(False)
        self.shipments = ShipmentsPanel(self._desk, self._spawn, split)
        split.addWidget(self.shipments)
        self.pictures = SentPictures(self._desk, self._spawn)
        self.shipment = ShipmentPanel(self._desk, self._spawn, self.pictures, split)
        split.addWidget(self.shipment)
        split.setSizes([360, 360])
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banners)
        layout.addWidget(split, 1)
        self.setCentralWidget(central)
        self._dock = QDockWidget(tr("Product feed"), self)
        self._dock.setObjectName("feedDock")
        self._dock.setTitleBarWidget(DockTitle(self._dock))
        self.feed = FeedPanel(self._desk.watch, self._desk.now, self._spawn, self._dock, zone=self._desk.zone, ended=True)
        self._dock.setWidget(self.feed)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
        self.resizeDocks([self._dock], [FEED_WIDTH], Qt.Orientation.Horizontal)

    def _connect(self) -> None:
        self.shipments.opened.connect(self._open)
        self.feed.shipment_asked.connect(self._show)
        self.shipment.copied.connect(lambda text: self._toasts.tell(Toast(text=copied(text))))
        self.feed.told.connect(lambda text: self._toasts.tell(Toast(text=text)))
        self.pictures.saved.connect(lambda place: self._toasts.tell(Toast(text=tr("Saved: {place}", place=place))))
        self.pictures.failed.connect(self.tell)
        self._add("showPictures", tr("Pictures of the shipment"), "Ctrl+P", lambda: self.shipment.go_to("report"))
        self._add("findInArchive", tr("Find…"), "Ctrl+F", self.shipments.focus_find)
        self._add("showFeed", tr("Product feed"), "Ctrl+7", lambda: self._dock.setVisible(not self._dock.isVisible()))
        self._add("closeWindow", tr("Quit"), "Ctrl+Q", self._close)
        for place, view in enumerate(View, start=1):
            self._add(f"showView{place}", labels.view(view), f"Ctrl+{place}", partial(self.shipments.set_view, view))
        self.shipments.set_view(View.ALL)

    def _add(self, name: str, text: str, keys: str, does: Callable[[], None]) -> None:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: does())
        self.addAction(action)

    def _say_what_it_is(self, until: str) -> None:
        made = when(self._facts.made_at, self._desk.now(), self._desk.zone)
        words = tr(
            "This is an archive, made on {made} by {who}: shipments that were done before {until}. "
            "It can only be read: nothing in it can be changed, and nothing is sent.",
            made=made,
            who=self._facts.made_by or self._facts.desk or "?",
            until=until,
        )
        self.banners.tell("archive", words, Tone.INFO, closable=False)

    def _open(self, order_id: OrderId) -> None:
        self.shipment.open(order_id)
        self.pictures.open(order_id)
        self.feed.set_order(order_id)

    def _show(self, order_id: OrderId) -> None:
        if not self.shipments.select(order_id):
            self.shipments.set_view(View.ALL)
        self._open(order_id)

    async def read_counts(self) -> None:
        self.shipments.build_the_rest()
        self.shipments.show_status(await self._desk.status())

    def _on_change(self, change: Change) -> None:
        if isinstance(change, Trouble):
            self.tell(change.error)

    def tell(self, error: DeskError) -> None:
        self.banners.tell(error.code, labels.error(error))

    def _close(self) -> None:
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self.closed.done():
            self._unsubscribe()
            self.closed.set_result(None)
