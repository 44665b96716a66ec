"""What can be done with one row of the feed beside opening its shipment: copying it, in words or as Zendera wrote it."""

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from zendera_desk.domain.tailing import FeedUnreadable
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui.feed import words
from zendera_desk.gui.feed.following import FeedSource
from zendera_desk.gui.feed.model import LINE, FeedModel
from zendera_desk.gui.feed.rows import FeedTable
from zendera_desk.gui.icons import icon
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr


class RowMenu(QObject):
    copied = Signal(str)

    def __init__(self, source: FeedSource, spawn: Spawn, model: FeedModel, table: FeedTable) -> None:
        super().__init__(table)
        self._source, self._spawn, self._model, self._table = source, spawn, model, table
        table.customContextMenuRequested.connect(self._show)
        table.copy_asked.connect(self._copy_words)

    def _show(self, point: QPoint) -> None:
        index = self._table.indexAt(point)
        row = index.data(LINE)
        if isinstance(row, FeedLine | FeedUnreadable):
            menu = QMenu(self._table)
            if isinstance(row, FeedLine):
                self._add_of_change(menu, row)
            original = menu.addAction(tr("Copy as Zendera wrote it"))
            original.triggered.connect(lambda: self._spawn(self._copy_original(row), "copy an entry of the feed"))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self._table.viewport().mapToGlobal(point))

    def _add_of_change(self, menu: QMenu, line: FeedLine) -> None:
        if (order_id := line.order_id) is not None:
            opened = menu.addAction(icon("external-link"), tr("Open {shipment}", shipment=order_id))
            opened.triggered.connect(lambda: self._table.shipment_asked.emit(order_id))
            menu.addSeparator()
        copied = menu.addAction(icon("copy"), tr("Copy"))
        copied.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copied.triggered.connect(lambda: self._copy_words(line))

    def _copy_words(self, line: FeedLine) -> None:
        self._copy(words.tip(line, self._model.zone))

    async def _copy_original(self, row: FeedLine | FeedUnreadable) -> None:
        self._copy("\n".join(entry.decode(errors="replace") for entry in await self._source.originals(row)))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(text)
