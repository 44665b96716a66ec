"""The outbox: everything that was decided at this desk and is not certainly at Zendera yet, and below it what was sent.

It reads when something changed, once for a burst, and never moves focus, selection or scroll by itself.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Final, Protocol

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QMenu, QStackedLayout, QTableView, QVBoxLayout, QWidget

from zendera_desk.domain.changes import Change, LinkChanged, OutboxChanged, ZoneChanged
from zendera_desk.domain.ids import EntryId
from zendera_desk.domain.outbox import Decision
from zendera_desk.domain.views import EntryStory, OutboxLine
from zendera_desk.gui import format as shown
from zendera_desk.gui import style
from zendera_desk.gui.icons import icon
from zendera_desk.gui.outbox import sentences
from zendera_desk.gui.outbox.card import EntryCard
from zendera_desk.gui.outbox.model import COLUMNS, MADE, SHIPMENT, STATE, WHAT, WHEN, WHY, OutboxModel
from zendera_desk.gui.outbox.offers import Offer, offers
from zendera_desk.gui.outbox.rows import OutboxRow
from zendera_desk.gui.paper.picker import FindsShipments
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr

BURST_MS: Final = 100
WIDTHS: Final = {WHAT: 160, STATE: 122, WHEN: 164, MADE: 100}
_SHIPMENT: Final = (150, 250)
"""Pixels at least and at most; between them, half of what the others leave."""
_ROOMY: Final = 800
"""Pixels of the table, from which on there is room for when and by whom an entry was made; the tip of "When" says it too."""


class OutboxSource(FindsShipments, Protocol):
    """What of the desk the outbox reads."""

    async def outbox(self, closed: int = ...) -> list[OutboxLine]: ...
    async def story(self, entry: EntryId) -> EntryStory: ...
    def now(self) -> datetime: ...


class OutboxPanel(QWidget):
    """The signals ask; the window answers with one call of the desk each. Ids travel as objects: they are 64 bits wide."""

    retry_asked = Signal(object)
    """EntryId"""
    take_back_asked = Signal(object)
    """list[EntryId]"""
    drop_asked = Signal(object)
    """EntryId"""
    decide_asked = Signal(object, object)
    """EntryId, Decision"""
    seen_asked = Signal(object)
    """EntryId"""
    mend_asked = Signal(object, object, object)
    """Mend, EntryId, and the OrderId of another shipment, or None."""
    copy_asked = Signal(object)
    """EntryId; the details are on the clipboard when it is emitted."""
    shipment_asked = Signal(object)
    """OrderId"""

    def __init__(self, desk: OutboxSource, spawn: Spawn, parent: QWidget | None = None, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outboxPanel")
        self._desk = desk
        self._spawn = spawn
        self._zone = zone or shown.local_zone()
        self._model = OutboxModel(desk.now, self._zone, self)
        self._table = named(QTableView(self), "outbox", tr("Outbox"))  # as in the feed: else it is shown as a window
        self._card = EntryCard(desk.now, self._zone, desk, spawn)
        self._empty = EmptyState("inbox", "", "", parent=self)
        self._body = QStackedLayout()
        self._actions = {
            Offer.RETRY: self._action("rotate-cw", tr("Retry now"), "R", self._retry),
            Offer.TAKE_BACK: self._action("undo-2", tr("Take back"), "Del", self._take_back),
            Offer.DROP: self._action("trash-2", tr("Drop"), "Shift+Del", self._drop),
            Offer.SEEN: self._action("eye", tr("I know that it is there twice"), "", self._see),
        }
        self._copy = self._action("copy", tr("Copy details"), QKeySequence.StandardKey.Copy, self._copy_details)
        self._open = self._action("external-link", tr("Open shipment"), "Return", self._open_shipment)
        self._open.setShortcuts([QKeySequence(Qt.Key.Key_Return), QKeySequence(Qt.Key.Key_Enter)])
        self._burst = QTimer(self, interval=BURST_MS, singleShot=True)
        self._second = QTimer(self, interval=1000)
        self._lay_out()
        self._connect()
        self._show_state()
        self.reload()

    # What happens outside

    def reload(self) -> None:
        self._spawn(self.read(), "read the outbox")

    def on_change(self, change: Change) -> None:
        if isinstance(change, OutboxChanged | LinkChanged | ZoneChanged) and not self._burst.isActive():
            self._burst.start()

    async def read(self) -> None:
        lines = await self._desk.outbox()
        chosen = {line.entry.id for line in self._chosen()}
        current = self._model.line(self._table.currentIndex().row())
        self._model.show(lines)
        self._reselect(chosen, current.entry.id if current else None)
        self._show_state()

    # Choosing and asking

    def choose(self, entry: EntryId) -> None:
        """Selects the entry and brings it into sight, as from the status line."""
        row = self._model.row_of(entry)
        if row is not None:
            self._table.setCurrentIndex(self._model.index(row, 0))

    def _chosen(self) -> list[OutboxLine]:
        rows = self._table.selectionModel().selectedRows()
        return [line for line in (self._model.line(index.row()) for index in rows) if line is not None]

    def _reselect(self, chosen: set[EntryId], current: EntryId | None) -> None:
        """An entry that went to another group is a new row: it stays chosen."""
        if {line.entry.id for line in self._chosen()} == chosen:
            return
        selection = self._table.selectionModel()
        if current is not None and (row := self._model.row_of(current)) is not None:
            selection.setCurrentIndex(self._model.index(row, 0), selection.SelectionFlag.NoUpdate)
        for entry in chosen:
            if (row := self._model.row_of(entry)) is not None:
                selection.select(self._model.index(row, 0), selection.SelectionFlag.Select | selection.SelectionFlag.Rows)

    def _ask(self, offer: Offer) -> None:
        self._actions[offer].trigger()

    def _retry(self) -> None:
        for line in self._offering(Offer.RETRY):
            self.retry_asked.emit(line.entry.id)

    def _take_back(self) -> None:
        if lines := self._offering(Offer.TAKE_BACK):
            self.take_back_asked.emit([line.entry.id for line in lines])

    def _drop(self) -> None:
        for line in self._offering(Offer.DROP):
            self.drop_asked.emit(line.entry.id)

    def _see(self) -> None:
        for line in self._offering(Offer.SEEN):
            self.seen_asked.emit(line.entry.id)

    def _decide(self, decision: Decision) -> None:
        for line in self._offering(Offer.DECIDE):
            if decision in line.entry.decisions:
                self.decide_asked.emit(line.entry.id, decision)

    def _open_shipment(self) -> None:
        if chosen := self._chosen():
            self.shipment_asked.emit(chosen[0].entry.order_id)

    def _copy_details(self) -> None:
        if chosen := self._chosen():
            self._spawn(self._copied(chosen), "copy the details of entries")

    async def _copied(self, lines: Sequence[OutboxLine]) -> None:
        texts = [sentences.details(line, await self._desk.story(line.entry.id), self._zone) for line in lines]
        QApplication.clipboard().setText("\n\n".join(texts))
        for line in lines:
            self.copy_asked.emit(line.entry.id)

    def _offering(self, offer: Offer) -> list[OutboxLine]:
        return [line for line in self._chosen() if offer in offers(line)]

    # Showing

    def _show_state(self) -> None:
        chosen = self._chosen()
        for offer, action in self._actions.items():
            action.setEnabled(any(offer in offers(line) for line in chosen))
        self._copy.setEnabled(bool(chosen))
        self._open.setEnabled(len(chosen) == 1)
        self._card.show_line(chosen[0] if len(chosen) == 1 else None)
        for row in range(self._model.rowCount()):
            wide = self._model.is_group(row)
            if (self._table.columnSpan(row, 0) > 1) is not wide:
                self._table.setSpan(row, 0, 1, len(COLUMNS) if wide else 1)
        empty = self._model.rowCount() == 0
        if empty:
            self._empty.tell("inbox", tr("Nothing is on its way"), tr("What you accept, fail and report passes through here to Zendera."))
        self._body.setCurrentIndex(1 if empty else 0)
        self._keep_time()

    def _keep_time(self) -> None:
        """The clock runs only while somebody sees it and something counts down."""
        if self.isVisible() and self._model.tick():
            if not self._second.isActive():
                self._second.start()
        else:
            self._second.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room, (least, most) = self.width(), _SHIPMENT
        self._table.setColumnWidth(SHIPMENT, min(most, max(least, (room - sum(WIDTHS.values())) // 2)))
        self._table.setColumnHidden(MADE, room < _ROOMY)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_time()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._keep_time()

    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([*self._actions.values()])
        menu.addSeparator()
        menu.addActions([self._open, self._copy])
        menu.popup(self._table.viewport().mapToGlobal(place))

    def _action(self, picture: str, words: str, key: str | QKeySequence.StandardKey, done: Callable[[], None]) -> QAction:
        action = QAction(icon(picture), words, self._table)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # single keys count only while the table has focus
        action.triggered.connect(done)
        self._table.addAction(action)
        return action

    def _lay_out(self) -> None:
        table = self._table
        table.setModel(self._model)
        style.quiet_table(table)
        table.setItemDelegate(OutboxRow(table))
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for column, width in WIDTHS.items():
            table.setColumnWidth(column, width)
        table.horizontalHeader().setSectionResizeMode(WHY, QHeaderView.ResizeMode.Stretch)
        self._body.addWidget(table)
        self._body.addWidget(self._empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._body, 1)
        framed = QVBoxLayout()
        framed.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        framed.addWidget(self._card)
        whole.addLayout(framed)
        self.setFocusProxy(table)

    def _connect(self) -> None:
        self._burst.timeout.connect(self.reload)
        self._second.timeout.connect(self._keep_time)
        self._table.selectionModel().selectionChanged.connect(lambda _new, _old: self._show_state())
        self._table.customContextMenuRequested.connect(self._menu)
        self._table.doubleClicked.connect(lambda _index: self._open_shipment())
        self._card.asked.connect(self._ask)
        self._card.decided.connect(self._decide)
        self._card.copy_asked.connect(self._copy_details)
        self._card.shipment_asked.connect(self._open_shipment)
        self._card.mend.asked.connect(self.mend_asked)
