"""The product feed down the side: it follows what drivers really did, and stands still as soon as somebody reads.

While the table is scrolled away, a row is selected, or following was switched off, new changes are counted and kept aside,
so that nothing moves under the eyes; the chip "37 new" lets them in. Changes arrive in bursts: each burst is one read and
one insert.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from zendera_desk.domain.changes import Change, FeedAdvanced, ShipmentsChanged, ZoneChanged
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import FeedCursor, FeedLine, FeedScope
from zendera_desk.gui import labels
from zendera_desk.gui.feed.cursor import CursorLine
from zendera_desk.gui.feed.model import LIMIT, FeedModel
from zendera_desk.gui.feed.rows import FeedTable
from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr

PAGE: Final = 200
_SCOPES: Final = (FeedScope.ORDER, FeedScope.ALL, FeedScope.UNMATCHED)
BURST_MS: Final = 150
_NARROWEST: Final = 72 * SPACE
"""Pixels: below it a status and the shipment's number do not fit beside each other."""
REMATCH_MS: Final = 600
"""A shipment that just came may own changes that are already shown. Shipments come in bursts too."""


class FeedSource(Protocol):
    """What of the desk the feed reads."""

    async def feed(
        self, scope: FeedScope = ..., order_id: OrderId | None = ..., before: int | None = ..., limit: int = ...
    ) -> list[FeedLine]: ...
    async def feed_after(self, newest: int, scope: FeedScope = ..., order_id: OrderId | None = ...) -> list[FeedLine]: ...
    async def feed_cursor(self) -> FeedCursor: ...
    def now(self) -> datetime: ...


class FeedPanel(QWidget):
    shipment_asked = Signal(object)
    """OrderId"""

    def __init__(self, desk: FeedSource, spawn: Spawn, parent: QWidget | None = None, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("feedPanel")
        self._desk = desk
        self._spawn = spawn
        self._scope = FeedScope.ALL
        self._order: OrderId | None = None
        self._waiting: list[FeedLine] = []
        self._stopped = False
        self._more = False
        self._reading_older = False
        self._stale = False
        self._generation = 0
        self._model = FeedModel(desk.now, zone, self)
        self._table = FeedTable(self._model, self)  # with its parent: a stack shows its first page at once, as a window if it has none
        self._cursor = CursorLine(zone)
        self._empty = EmptyState("activity", "", "", parent=self)
        self._follow = named(QToolButton(), "following", role="quiet")
        self._resume = named(QPushButton(self._table.viewport()), "newChanges", role="primary")
        self._scopes = {scope: named(QPushButton(), f"scope{scope.value.title()}", role="chip") for scope in _SCOPES}
        self._body = QStackedLayout()
        self._lay_out()
        self._burst = self._timer(BURST_MS, lambda: self._spawn(self.catch_up(), "read new changes of the feed"))
        self._rematch = self._timer(REMATCH_MS, lambda: self._spawn(self.match_again(), "read matched changes of the feed"))
        self._connect()
        self._show_state()
        self.reload()

    # What happens outside

    def reload(self) -> None:
        """Reads everything anew: at the start, and for another account."""
        self._spawn(self.read(), "read the feed")

    def on_change(self, change: Change) -> None:
        match change:
            case FeedAdvanced() if not self._burst.isActive():
                self._burst.start()
            case ShipmentsChanged() if not self._rematch.isActive():
                self._rematch.start()
            case ZoneChanged():
                self.reload()
            case _:
                pass

    def set_order(self, order_id: OrderId | None) -> None:
        """The shipment that is open, for "This order"."""
        if order_id == self._order:
            return
        self._order = order_id
        if self._scope is FeedScope.ORDER:
            self.reload()

    # Reading

    async def read(self) -> None:
        self._generation += 1
        generation = self._generation
        lines = await self._lines()
        if generation != self._generation:
            return  # another scope was chosen meanwhile
        self._waiting.clear()
        self._stale = False
        self._more = len(lines) >= PAGE
        self._model.show(lines)
        self._table.scrollToTop()
        self._show_state()
        self._cursor.show_cursor(await self._desk.feed_cursor())

    async def catch_up(self) -> None:
        """Reads what is newer than all we have, and shows it or keeps it waiting."""
        generation = self._generation
        lines: list[FeedLine] = []
        if self._scope is not FeedScope.ORDER or self._order is not None:
            lines = await self._desk.feed_after(self._newest(), self._scope, self._order)
        cursor = await self._desk.feed_cursor()
        if generation != self._generation:
            return
        newest = self._newest()
        self._waiting.extend(line for line in lines if line.id > newest)
        self._waiting.sort(key=lambda line: line.id)
        del self._waiting[:-LIMIT]
        self._let_in()
        self._cursor.show_cursor(cursor)

    async def match_again(self) -> None:
        """Reads the newest rows once more, where one of them may belong to a shipment that came after it."""
        if self._scope is FeedScope.ALL and all(line.order_id is not None for line in self._model.lines()):
            return
        generation = self._generation
        lines = await self._lines(self._newest_shown() + 1 if self._newest_shown() else None)
        if generation != self._generation:
            return
        if self._scope is FeedScope.ALL:
            self._model.mend(lines)
        elif [line.id for line in lines] != [line.id for line in self._model.lines()][:PAGE]:
            self._stale = True  # rows left or joined this scope
            self._let_in()

    async def _read_older(self) -> None:
        generation = self._generation
        try:
            lines = await self._lines(self._model.oldest)
        finally:
            self._reading_older = False
        if generation == self._generation:
            self._more = len(lines) >= PAGE
            self._model.add_older(lines)

    async def _lines(self, before: int | None = None) -> list[FeedLine]:
        if self._scope is FeedScope.ORDER and self._order is None:
            return []
        return await self._desk.feed(self._scope, self._order, before, PAGE)

    def _newest(self) -> int:
        return max([self._newest_shown(), *(line.id for line in self._waiting)])

    def _newest_shown(self) -> int:
        return self._model.newest

    # Following and pausing

    @property
    def paused(self) -> bool:
        selection = self._table.selectionModel()
        return self._stopped or self._table.verticalScrollBar().value() > 0 or selection.hasSelection()

    def resume(self) -> None:
        """To the top, with all that is new, and on from there."""
        self._stopped = False
        self._table.clearSelection()
        self._table.scrollToTop()
        self._let_in()

    def pause(self) -> None:
        self._stopped = True
        self._show_state()

    def _let_in(self) -> None:
        if not self.paused:
            if self._stale:
                self.reload()
            self._model.add_newer(self._waiting)
            self._waiting.clear()
        self._show_state()

    def _scrolled(self, value: int) -> None:
        bar = self._table.verticalScrollBar()
        near_the_end = value > 0 and value >= bar.maximum() - bar.pageStep()
        if near_the_end and self._more and not self._reading_older and not self._model.full:
            self._reading_older = True
            self._spawn(self._read_older(), "read older changes of the feed")
        self._let_in()

    def _choose(self, scope: FeedScope) -> None:
        if scope is not self._scope:
            self._scope = scope
            self._stopped = False
            self.reload()

    # Showing

    def _show_state(self) -> None:
        paused = self.paused
        self._follow.setText(tr("paused") if paused else tr("following"))
        self._follow.setIcon(icon("pause" if paused else "activity", Tone.WARN if paused else Tone.GOOD))
        self._follow.setToolTip(tr("Follow again") if paused else tr("Stand still"))
        self._follow.setAccessibleName(tr("Feed is paused: follow again") if paused else tr("Feed is following: stand still"))
        self._resume.setVisible(paused and bool(self._waiting))
        if self._waiting:
            self._resume.setText(tr("{n} new", n=len(self._waiting)))
            self._resume.setAccessibleName(tr("Show {n} new change(s)", n=len(self._waiting)))
            self._place_resume()
        empty = self._model.rowCount() == 0
        if empty:
            self._empty.tell("activity", *self._empty_words())
        self._body.setCurrentIndex(1 if empty else 0)

    def _empty_words(self) -> tuple[str, str]:
        match self._scope:
            case FeedScope.ORDER if self._order is None:
                return tr("No shipment is open"), tr("Open one, and what its drivers do appears here.")
            case FeedScope.ORDER:
                return tr("Nothing seen yet"), tr("What is picked up and delivered of this order appears here by itself.")
            case FeedScope.UNMATCHED:
                return tr("Nothing unmatched"), tr("Every change shown belongs to a shipment at this desk.")
            case FeedScope.ALL:
                return tr("Nothing seen yet"), tr("What drivers pick up and deliver appears here by itself, product by product.")

    def _place_resume(self) -> None:
        self._resume.adjustSize()
        self._resume.move((self._table.viewport().width() - self._resume.width()) // 2, 2 * SPACE)

    def _lay_out(self) -> None:
        self.setMinimumWidth(_NARROWEST)
        self._follow.setIconSize(BESIDE_WORDS)
        self._follow.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chips = QHBoxLayout()
        chips.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 2 * SPACE)
        chips.setSpacing(SPACE)
        group = QButtonGroup(self)
        for scope, chip in self._scopes.items():
            chip.setText(labels.feed_scope(scope))
            chip.setAccessibleName(tr("Feed: {scope}", scope=chip.text()))
            chip.setCheckable(True)
            chip.setChecked(scope is self._scope)
            group.addButton(chip)
            chips.addWidget(chip)
        chips.addStretch()
        self._resume.setIcon(icon("arrow-up", on_accent=True))
        self._body.addWidget(self._table)
        self._body.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(chips)
        column.addLayout(self._body, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(3 * SPACE, SPACE, SPACE, SPACE)
        foot.setSpacing(SPACE)
        foot.addWidget(self._cursor, 1)
        foot.addWidget(self._follow)
        column.addLayout(foot)
        self.setFocusProxy(self._table)

    def _connect(self) -> None:
        self._table.shipment_asked.connect(self.shipment_asked)
        self._table.resized.connect(self._place_resume)
        self._table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._table.selectionModel().selectionChanged.connect(lambda _new, _old: self._let_in())
        self._follow.clicked.connect(lambda: self.resume() if self.paused else self.pause())
        self._resume.clicked.connect(self.resume)
        for scope, chip in self._scopes.items():
            chip.clicked.connect(lambda _checked, chosen=scope: self._choose(chosen))

    def _timer(self, interval: int, due: Callable[[], None]) -> QTimer:
        timer = QTimer(self, interval=interval, singleShot=True)
        timer.timeout.connect(due)
        return timer
