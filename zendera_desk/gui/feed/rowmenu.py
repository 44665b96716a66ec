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
from zendera_desk.gui.format import copied
from zendera_desk.gui.icons import icon
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr


class RowMenu(QObject):
    told = Signal(str)
    """What was copied, or why nothing was."""

    def __init__(self, source: FeedSource, spawn: Spawn, model: FeedModel, table: FeedTable) -> None:
        super().__init__(table)
        self._source, self._spawn, self._model, self._table = source, spawn, model, table
        table.customContextMenuRequested.connect(self._show)
        table.copy_asked.connect(self._copy_row)

    def _show(self, point: QPoint) -> None:
        index = self._table.indexAt(point)
        row = index.data(LINE)
        if isinstance(row, FeedLine | FeedUnreadable):
            menu = QMenu(self._table)
            if isinstance(row, FeedLine):
                self._add_of_change(menu, row)
            original = menu.addAction(tr("Copy as Zendera wrote it"))
            original.triggered.connect(lambda: self._copy_original(row))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self._table.viewport().mapToGlobal(point))

    def _add_of_change(self, menu: QMenu, line: FeedLine) -> None:
        if (order_id := line.order_id) is not None:
            opened = menu.addAction(icon("external-link"), tr("Open {shipment}", shipment=order_id))
            opened.triggered.connect(lambda: self._table.shipment_asked.emit(order_id))
            menu.addSeparator()
        in_words = menu.addAction(icon("copy"), tr("Copy"))
        in_words.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        in_words.triggered.connect(lambda: self._copy_row(line))

    def _copy_row(self, row: FeedLine | FeedUnreadable) -> None:
        """In words, where there are any."""
        if isinstance(row, FeedLine):
            self._copy(words.tip(row, self._model.zone))
        else:
            self._copy_original(row)

    def _copy_original(self, row: FeedLine | FeedUnreadable) -> None:
        self._spawn(self._read_and_copy(row), "copy an entry of the feed")

    async def _read_and_copy(self, row: FeedLine | FeedUnreadable) -> None:
        entries = await self._source.originals(row)
        if entries:
            self._copy("\n".join(entry.decode(errors="replace") for entry in entries))
        else:
            self.told.emit(tr("It is not kept any more."))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.told.emit(copied(text))
