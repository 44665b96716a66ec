"""The open shipment: its head, what Zendera corrected, and five pages. The report form is a page that is handed in.

One read at a time: moving through the list asks for many shipments and shows the last. Until it is there, the one before
stays, so that nothing flickers; the buttons act on the one that is shown.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.board import Board
from zendera_desk.domain.changes import Change, DraftsChanged, FeedAdvanced, LinkChanged, ShipmentsChanged, ZoneChanged
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.tailing import FeedFilter
from zendera_desk.domain.views import FeedScope, OpenShipment, ShipmentLine
from zendera_desk.gui.columns import next_step
from zendera_desk.gui.shipment import history
from zendera_desk.gui.shipment.board import BoardPage
from zendera_desk.gui.shipment.details import Details
from zendera_desk.gui.shipment.fields import AllFields
from zendera_desk.gui.shipment.header import Header
from zendera_desk.gui.shipment.notice import Notice
from zendera_desk.gui.shipment.pagekeys import page_actions
from zendera_desk.gui.shipment.story import HistoryPage
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.words import mark, tr

TABS: Final = {
    "details": mark("Details"),
    "report": mark("Report"),
    "colli": mark("Colli"),
    "history": mark("History"),
    "fields": mark("All fields"),
}
_NAMES: Final = tuple(TABS)
_CHANGES: Final = 1_000
"""Of the product feed, the newest: a shipment of fifty products has three hundred. Whoever wants more asks for as many again."""


class ShipmentPanel(QWidget):
    accept_asked = Signal(object)
    """A list of one order id, as from the list of shipments."""
    fail_asked = Signal(object)
    copied = Signal(str)
    missing_asked = Signal(object, object)
    """OrderId, StopKind: the report of what the product feed does not bear out there."""
    seen_asked = Signal(object, object, object, object)
    """OrderId, StopKind, Board, and up to when the feed was here: what differs there needs nothing to be done."""
    left = Signal()
    """Esc: back to the list."""
    mend_asked = Signal(object, object, object)
    """Mend, EntryId, OrderId or None: as from the outbox."""

    def __init__(self, desk: Desk, spawn: Spawn, report: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shipmentPanel")
        self.setAccessibleName(tr("Shipment"))
        self._desk, self._spawn, self._report = desk, spawn, report
        self._account = desk.account
        self._wanted: OrderId | None = None
        self._shown: OpenShipment | None = None
        self._asked, self._read, self._reading = 0, 0, False
        self._changes = _CHANGES
        # Each with the parent it keeps: handing it on has the style sheet matched again for everything inside it.
        self._body = QWidget(self)
        self._header = Header(self._body)
        self._step = Notice(tr("Next step"), "nextStep", self._body)
        self._changed = Notice(tr("Changed by Zendera"), "changedByZendera", self._body)
        self._tabs = QTabBar(self._body)
        self._pages = QStackedWidget(self._body)
        self._details = Details(self._pages)
        self._colli = BoardPage(self._pages)
        self._history = HistoryPage(desk, spawn, self._pages)
        self._fields = AllFields(spawn, self._pages)
        self._empty = EmptyState("package-open", tr("No shipment is open"), tr("Choose one in the list."), parent=self)
        self.page_actions = page_actions(self, self.go_to)
        self._lay_out()
        self._connect()
        if desk.archive is not None:
            self._only_read()
        self._show_none()

    def _only_read(self) -> None:
        """What is written, sent or mended has no place in an archive: instead of the form it hands in the pictures that were sent."""
        self._tabs.setTabText(_NAMES.index("report"), tr("Pictures"))
        for part in (self._header, self._colli, self._history.mend):
            part.read_only = True

    def _lay_out(self) -> None:
        self._tabs.setObjectName("shipmentTabs")
        self._tabs.setAccessibleName(tr("Shipment pages"))
        self._tabs.setExpanding(False)
        pages = (self._details, self._report, self._colli, self._history, self._fields)
        for title, page in zip(TABS.values(), pages, strict=True):
            self._tabs.addTab(tr(title))
            self._pages.addWidget(page)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self._header)
        body.addWidget(self._step)
        body.addWidget(self._changed)
        body.addWidget(self._tabs)
        body.addWidget(self._pages, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._body)
        layout.addWidget(self._empty)

    def _connect(self) -> None:
        self._tabs.currentChanged.connect(self._turn)
        self._header.accept_clicked.connect(self._accept)
        self._header.fail_clicked.connect(self._fail)
        self._header.second_passed.connect(self._say_header)
        for page in (self._details, self._colli, self._history, self._fields):
            page.copied.connect(self.copied)
        self._history.mend.asked.connect(self.mend_asked)
        self._colli.missing_asked.connect(self._report_missing)
        self._colli.seen_asked.connect(self._say_seen)
        self._history.older_asked.connect(self._show_older)

    # What the window calls

    @property
    def current(self) -> OrderId | None:
        """The order that was opened last; its page may still be on its way from the disk."""
        return self._wanted

    @property
    def tab(self) -> str:
        return _NAMES[self._tabs.currentIndex()]

    def open(self, order_id: OrderId | None) -> None:
        if order_id == self._wanted and (order_id is None or self._shown is not None):
            return
        self._wanted, self._changes = order_id, _CHANGES
        if order_id is None:
            self._shown = None
            self._show_none()
        else:
            self._ask()

    def show_tab(self, name: str) -> None:
        """One of "details", "report", "colli", "history", "fields"."""
        self._tabs.setCurrentIndex(_NAMES.index(name))

    def go_to(self, name: str) -> None:
        """The same by a person's command: the keys go there, too."""
        self.show_tab(name)
        if (page := self._pages.currentWidget()) is not None:
            page.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What nothing on the page had a use for."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def on_change(self, change: Change) -> None:
        match change:
            case ShipmentsChanged(ids=ids) | DraftsChanged(ids=ids):
                if self._wanted in ids:
                    self._ask()
            case LinkChanged() if self._desk.account != self._account:
                self._account = self._desk.account
                self.open(None)
            case FeedAdvanced() if self._wanted is not None and self.tab in {"colli", "history"}:
                self._ask()
            case ZoneChanged() if self._wanted is not None:
                self._ask()
            case _:
                pass

    # Reading

    def _turn(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        if self._wanted is not None:
            self._ask()

    def _ask(self) -> None:
        self._asked += 1
        if not self._reading:
            self._reading = True
            self._spawn(self._read_shipment(), "open shipment")

    async def _read_shipment(self) -> None:
        try:
            while self._read != self._asked:
                asked, order_id = self._asked, self._wanted
                if order_id is not None:
                    await self._read_one(order_id)
                self._read = asked
        finally:
            self._reading = False

    async def _read_one(self, order_id: OrderId) -> None:
        tab = self.tab
        found = await self._desk.shipment(order_id)
        say = _nothing if found is None else await self._read_page(tab, found)
        if order_id != self._wanted:
            return
        before, self._shown = self._shown, found
        if found is None:
            self._show_none(missing=True)
            return
        if before is None or before.line.order_id != order_id:  # whoever turns to them sees nothing of another shipment
            self._colli.say(Board(), None, self._desk.now())
            self._history.say([])
        self._say(found)
        say()

    async def _read_page(self, tab: str, found: OpenShipment) -> Callable[[], None]:
        """What shows the page, as far as that hangs on more than the shipment itself."""
        if tab == "colli":
            board, fed_until = await self._desk.board(found)
            return lambda: self._colli.say(board, fed_until, self._desk.now())
        if tab == "history":
            events, is_cut = await self._happened(found)
            return lambda: self._history.say(events, is_cut=is_cut)
        if tab == "fields":
            original, fields = await self._fields.read(found.original)
            return lambda: self._fields.say(original, fields)
        return _nothing

    async def _happened(self, found: OpenShipment) -> tuple[list[history.Event], bool]:
        """And whether that is not all of it. Put into words in a thread: there may be thousands."""
        order, desk = found.line.order_id, self._desk
        changes = await desk.watch.rows(FeedFilter(scope=FeedScope.ORDER, order_id=order), limit=self._changes + 1)
        lines = changes.lines[-self._changes :]
        cut = history.Cut(min(line.at for line in lines), len(lines)) if len(changes.lines) > len(lines) else None
        saved = await desk.draft_saved_at(order)
        typed = history.Typed(saved, found.draft) if saved is not None and found.draft is not None else None
        stories, timeline, looked_at = await desk.history(order), await desk.timeline(order), await desk.differences.of(order)
        told = partial(history.history, stories, found.versions, desk.now(), timeline, lines, typed, looked_at, cut)
        return await asyncio.to_thread(told), cut is not None

    def _show_older(self) -> None:
        self._changes += _CHANGES
        self._ask()

    # Showing

    def _say(self, shown: OpenShipment) -> None:
        self._empty.hide()
        self._body.show()
        self._say_header()
        self._details.say(shown.shipment)
        if self._desk.archive is None:
            self._step.say(*_step_words(shown.line))
        self._changed.say("git-compare-arrows", history.corrected(shown.versions, self._desk.now()), Tone.ACCENT)

    def _say_header(self) -> None:
        if self._shown is not None:
            self._header.say(self._shown, self._desk.now())

    def _show_none(self, missing: bool = False) -> None:
        self._header.rest()
        self._body.hide()
        self._empty.show()
        if missing:
            self._empty.tell("package-x", tr("This shipment is no longer here"), tr("Choose another in the list."))
        else:
            self._empty.tell("package-open", tr("No shipment is open"), tr("Choose one in the list."))

    def _accept(self) -> None:
        if self._shown is not None:
            self.accept_asked.emit([self._shown.line.order_id])

    def _report_missing(self, stop: StopKind) -> None:
        if self._shown is not None:
            self.missing_asked.emit(self._shown.line.order_id, stop)

    def _say_seen(self, stop: StopKind, board: Board, fed_until: datetime | None) -> None:
        if self._shown is not None:
            self.seen_asked.emit(self._shown.line.order_id, stop, board, fed_until)

    def _fail(self) -> None:
        if self._shown is not None:
            self.fail_asked.emit([self._shown.line.order_id])


def _nothing() -> None:
    """Of a page that shows the shipment itself."""


def _step_words(line: ShipmentLine) -> tuple[str, str, Tone]:
    step = next_step(line)
    return (step.icon, step.text, step.tone) if step is not None else ("", "", Tone.NEUTRAL)
