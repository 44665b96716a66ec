"""The product feed down the side: it follows what drivers really did, and stands still as soon as somebody reads.

Changes arrive in bursts: each burst is one read and one insert.
"""

import json
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from zendera_desk.domain.changes import Change, FeedAdvanced, ShipmentsChanged, ZoneChanged
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import FeedScope
from zendera_desk.gui.feed.cursor import CursorLine
from zendera_desk.gui.feed.filters import FilterBar, pack, unpack
from zendera_desk.gui.feed.following import FeedSource, Following, Search
from zendera_desk.gui.feed.model import FeedModel
from zendera_desk.gui.feed.rowmenu import RowMenu
from zendera_desk.gui.feed.rows import FeedTable
from zendera_desk.gui.format import count
from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.taborder import tab_through
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import mark, tr

BURST_MS: Final = 150
RUSH_MS: Final = 600
"""While so much comes that each burst brings other rows, nobody can read them: then they change seldom, and cost little."""
_NARROWEST: Final = 72 * SPACE
"""Pixels: below it a status and the shipment's number do not fit beside each other."""
REMATCH_MS: Final = 600
"""A shipment that just came may own changes that are already shown. Shipments come in bursts too."""


_NOTHING: Final = {
    FeedScope.ORDER: (mark("Nothing seen yet"), mark("What is picked up and delivered of this order appears here by itself.")),
    FeedScope.UNMATCHED: (mark("Nothing unmatched"), mark("Every change shown belongs to a shipment at this desk.")),
    FeedScope.ALL: (mark("Nothing seen yet"), mark("What drivers pick up and deliver appears here by itself, product by product.")),
}


class FeedPanel(QWidget):
    shipment_asked = Signal(object)
    """OrderId"""
    told = Signal(str)
    """What was copied."""
    left = Signal()
    """Esc: back to the list."""

    def __init__(
        self,
        source: FeedSource,
        now: Callable[[], datetime],
        spawn: Spawn,
        parent: QWidget | None = None,
        zone: tzinfo | None = None,
        *,
        ended: bool = False,
    ) -> None:
        """`ended`: nothing more can come, as in an archive; so it says nothing of following, nor of what may appear."""
        super().__init__(parent)
        self.setObjectName("feedPanel")
        self._ended = ended
        self._source, self._now, self._spawn = source, now, spawn
        self._model = FeedModel(now, zone, self)
        self._table = FeedTable(self._model, self)  # with its parent: a stack shows its first page at once, as a window if it has none
        self._following = Following(source, spawn, self._model, self._table)
        self._menu = RowMenu(source, spawn, self._model, self._table)
        self._filters = FilterBar(self)
        self._cursor = CursorLine(zone, self)
        self._empty = EmptyState("activity", "", "", parent=self)
        self._empty_said: tuple[str, str] | None = None
        self._behind = False
        self._stands = False
        """Zendera is not read just now: nothing can be followed, though nobody paused it."""
        self._more = named(QPushButton(tr("Search further back"), self), "searchFurther", tr("Search further back"), role="quiet")
        self._everything = QAction(tr("Show everything again"), self)
        self._further = QAction(tr("Search further back"), self)
        self._follow = named(QToolButton(self), "following", role="quiet")
        self._resume = named(QPushButton(self._table.viewport()), "newChanges", role="primary")
        self._body = QStackedLayout()
        self._lay_out()
        self._burst = self._timer(BURST_MS, lambda: self._spawn(self.catch_up(), "read new changes of the feed"))
        self._rematch = self._timer(REMATCH_MS, lambda: self._spawn(self._following.match_again(), "read matched changes of the feed"))
        self._connect()
        self._show_state()
        self.reload()

    # What happens outside

    def reload(self) -> None:
        """Reads everything anew: at the start, and for another account."""
        self._following.reload()
        self._spawn(self._read_cursor(), "read where the feed stands")

    def on_change(self, change: Change) -> None:
        match change:
            case FeedAdvanced() if not self._burst.isActive():
                self._behind = not self.isVisible()  # nobody sees it: read once, when it is shown
                if not self._behind:
                    self._burst.start()
            case ShipmentsChanged(ids):
                self._rematch_if_due(ids)
            case ZoneChanged():
                self.reload()
            case _:
                pass

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._behind:
            self._behind = False
            self._burst.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What neither the rows nor the fields had a use for."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def set_order(self, order_id: OrderId | None) -> None:
        """The shipment that is open, for "This order"."""
        self._filters.set_order(order_id)
        self._following.wanted = self._filters.wanted

    def save_state(self) -> bytes:
        """Filter and pause, to come back to."""
        held = self._following.held
        return json.dumps({"filter": pack(self._filters.wanted).decode(), "held": held}).encode()

    def restore_state(self, state: bytes) -> None:
        """What cannot be read follows everything, as at first."""
        try:
            stored = json.loads(state)
            wanted, held = unpack(stored["filter"].encode()), stored["held"]
        except (ValueError, TypeError, KeyError, AttributeError):
            return
        if isinstance(held, int):
            self._following.hold(held)
        self._filters.choose(wanted)

    # Reading

    async def catch_up(self) -> None:
        await self._following.catch_up()
        self._burst.setInterval(RUSH_MS if self._following.rushed else BURST_MS)
        await self._read_cursor()

    async def _read_cursor(self) -> None:
        cursor = await self._source.cursor()
        self._cursor.show_cursor(cursor, self._now())
        unread = cursor.up_to_date_at is None and not cursor.catching_up
        self._stands = unread or bool(cursor.code) or cursor.stopped or cursor.waits_until is not None
        self._show_state()

    def _rematch_if_due(self, ids: frozenset[OrderId]) -> None:
        wanted = self._filters.wanted
        if wanted.scope is FeedScope.ORDER:
            if wanted.order_id in ids:
                self._following.outdated()
        elif not self._rematch.isActive():
            self._rematch.start()

    # Showing

    def _show_state(self) -> None:
        following = self._following
        paused = following.paused
        self._follow.setText(tr("paused") if paused else tr("following"))
        tone = Tone.WARN if paused else Tone.NEUTRAL if self._stands else Tone.GOOD
        self._follow.setIcon(icon("pause" if paused else "activity", tone))
        self._follow.setToolTip(tr("Follow again (End)") if paused else tr("Stand still"))
        self._follow.setAccessibleName(tr("Feed is paused: follow again") if paused else tr("Feed is following: stand still"))
        self._resume.setVisible(paused and following.new > 0)
        if following.new:
            self._resume.setText(tr("{count} new", count=count(following.new)))
            self._resume.setAccessibleName(tr("Show {n} new change(s)", n=following.new))
            self._place_resume()
        empty = self._model.rowCount() == 0
        self._more.setVisible(not empty and following.search is Search.BROKEN_OFF)
        if empty:
            self._tell_empty()
        self._body.setCurrentIndex(1 if empty else 0)

    def _tell_empty(self) -> None:
        title, text = said = self._empty_words()
        if said == self._empty_said:
            return  # its buttons are made anew with each telling
        self._empty_said = said
        actions = [self._further] if self._following.search is Search.BROKEN_OFF else []
        if self._filters.wanted.is_narrow:
            actions.append(self._everything)
        self._empty.tell("activity", title, text, actions)

    def _empty_words(self) -> tuple[str, str]:
        wanted, search = self._filters.wanted, self._following.search
        if wanted.scope is FeedScope.ORDER and wanted.order_id is None:
            return tr("No shipment is open"), tr("Open one, and what its drivers do appears here.")
        if search is Search.UNDER_WAY:
            return tr("Searching…"), tr("The newest changes are looked through first.")
        if search is Search.BROKEN_OFF:
            return tr("Nothing found yet"), tr("A million changes were looked through. There are older ones.")
        if wanted.is_narrow:
            said = tr("No change is like that.")
            return tr("Nothing fits"), said if self._ended else f"{said} {tr('What comes and fits appears here by itself.')}"
        title, text = _NOTHING[wanted.scope]
        return (tr("Nothing here"), "") if self._ended else (tr(title), tr(text))

    def _place_resume(self) -> None:
        self._resume.adjustSize()
        port = self._table.viewport()
        self._resume.move((port.width() - self._resume.width()) // 2, port.height() - self._resume.height() - 2 * SPACE)

    def _lay_out(self) -> None:
        self._table.setMinimumWidth(_NARROWEST)
        for part in (self._cursor, self._follow):
            part.setHidden(self._ended)
        self._follow.setIconSize(BESIDE_WORDS)
        self._follow.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._resume.setIcon(icon("arrow-down", on_accent=True))
        self._body.addWidget(self._table)
        self._body.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._filters)
        column.addWidget(self._more)
        column.addLayout(self._body, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(3 * SPACE, SPACE, SPACE, SPACE)
        foot.setSpacing(SPACE)
        foot.addWidget(self._cursor, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(SPACE)
        buttons.addWidget(self._cursor.button)
        buttons.addWidget(self._follow)
        foot.addLayout(buttons)
        column.addLayout(foot)
        self.setFocusProxy(self._table)
        tab_through(self)

    def in_order_of_tab(self) -> list[QWidget]:
        return [self._filters, self._more, self._table, self._resume, self._cursor.button, self._follow]

    def _connect(self) -> None:
        following = self._following
        following.told.connect(self._show_state)
        self._table.shipment_asked.connect(self.shipment_asked)
        self._menu.told.connect(self.told)
        self._table.resized.connect(self._place_resume)
        self._filters.changed.connect(lambda: following.show(self._filters.wanted))
        self._everything.triggered.connect(self._filters.clear)
        self._further.triggered.connect(following.search_further)
        self._more.clicked.connect(self._further.trigger)
        self._follow.clicked.connect(lambda: following.resume() if following.paused else following.pause())
        self._resume.clicked.connect(following.resume)
        self._cursor.stop_asked.connect(self._source.stop_catching_up)
        self._cursor.go_on_asked.connect(self._source.go_on)

    def _timer(self, interval: int, due: Callable[[], None]) -> QTimer:
        timer = QTimer(self, interval=interval, singleShot=True)
        timer.timeout.connect(due)
        return timer
