"""The shipments list as the window holds it: find field, views, toolbar, table and the bar where a reason is typed.

It decides nothing: each wish leaves as a signal with plain data, and what happened comes back as a change.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, DraftsChanged, LinkChanged, ShipmentsChanged, ViewsChanged, ZoneChanged
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import DeskStatus, ShipmentLine, View
from zendera_desk.gui import labels
from zendera_desk.gui.shipments.actions import ShipmentActions
from zendera_desk.gui.shipments.deeds import Deeds
from zendera_desk.gui.shipments.failbar import FailBar
from zendera_desk.gui.shipments.find import FindField
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.shipments.nothing import READING, Nothing, NothingHere, nothing
from zendera_desk.gui.shipments.selection import Selection
from zendera_desk.gui.shipments.summary import Summary
from zendera_desk.gui.shipments.table import ShipmentsTable
from zendera_desk.gui.shipments.toolbar import toolbar
from zendera_desk.gui.shipments.turning import Turning
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.taborder import tab_through
from zendera_desk.gui.widgets.chips import ChipBar
from zendera_desk.gui.words import tr

_LOOKED_AT: Final = 500
"""Of the selected rows: enough to say what can be done with them. With more, whatever is asked for is tried."""
_SETTLE: Final = 60
"""Milliseconds before the chosen row opens: holding an arrow key down opens only the last."""
_PATIENCE: Final = 400
"""Milliseconds before an unanswered first read is mentioned."""
_AFTER: Final = 50
"""How many of the rows below the open one are remembered, in case it leaves the view by being sent."""
_WORK: Final[dict[object, Tone]] = {View.TO_ACCEPT: Tone.ACCENT, View.NEEDS_ME: Tone.BAD, View.DIFFERENCES: Tone.WARN}
"""The views whose number is work that waits for a person."""


class ShipmentsPanel(QWidget):
    opened = Signal(object)
    """A person moved to this order."""
    entered = Signal(object)
    """A person wants to work in it: Enter or a double click. `opened` came before."""
    accept_asked = Signal(object)
    fail_asked = Signal(object, str, bool)
    report_asked = Signal(object, object)
    report_many_asked = Signal(object, object)
    """The order ids, and the status or None."""
    archives_asked = Signal()
    """What was looked for may lie there."""
    told = Signal(str)
    """What could not be done, or not to all that is selected."""

    def __init__(self, desk: Desk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shipmentsPanel")
        self._desk, self._spawn = desk, spawn
        self._account = desk.account
        self._open: OrderId | None = None
        self._sought: OrderId | None = None
        self._taken = ""
        """The search of which the best was gone to."""
        self._best_wanted = False
        self._followers: tuple[OrderId | None, list[OrderId]] = (None, [])
        self.model = ShipmentsModel(desk.lists.part, self._read_lines, desk.now, spawn, self)
        self.table = ShipmentsTable(self.model, self, read_only=desk.archive is not None)
        self.selection = Selection(self.table, self.model)
        self.deeds = Deeds(desk, spawn, self.model, self.selection, self._add_bar, self)
        self._actions = ShipmentActions(self.table, read_only=desk.archive is not None)
        self.find_field = FindField(self)
        self.view_bar = ChipBar(tr("Views"), [(view, labels.view(view)) for view in View], _WORK, self)
        for place, view in enumerate(View, start=1):
            self.view_bar.chip(view).setToolTip(f"Ctrl+{place}")
        self._turning = Turning(desk, spawn, self.model, self.table, self.view_bar, self.find_field, self)
        self.own = self._turning.own
        self.summary = Summary(desk.lists, spawn, self)
        self._empty = NothingHere(desk, spawn, self.table)
        self._empty.archives_asked.connect(self.archives_asked)
        self._settle = self._timer(_SETTLE, self._open_chosen)
        self._patience = self._timer(_PATIENCE, self._show_nothing)
        self._lay_out()
        self._connect()
        self._patience.start()
        if desk.account is not None:  # else there is nothing to read until one is open, which is a change
            self.model.refresh()

    def _timer(self, milliseconds: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    async def _read_lines(self, ids: Sequence[OrderId]) -> list[ShipmentLine]:
        """Only one view shows what differs, and to know that takes the whole board of a shipment."""
        read = self._desk.lists.differing if self.model.view is View.DIFFERENCES else self._desk.shipment_lines
        return await read(ids)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2 * SPACE)
        top.addWidget(self.find_field, 1)
        buttons = toolbar(self._actions, self)
        for button in buttons:
            top.addWidget(button)
            button.setVisible(self._desk.archive is None)
        views = QHBoxLayout()
        views.addWidget(self.view_bar)
        views.addStretch(1)
        views.addWidget(self.table.above)
        views.addWidget(self.summary)
        self._top, self._views_row = top, views
        layout = self._layout = QVBoxLayout(self)
        layout.setSpacing(2 * SPACE)
        for row in (top, views):
            row.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
            layout.addLayout(row)
        layout.addWidget(self.table, 1)
        layout.setContentsMargins(0, 2 * SPACE, 0, 0)
        self._buttons = buttons

    def _connect(self) -> None:
        actions, table, model, deeds = self._actions, self.table, self.model, self.deeds
        deeds.accept_asked.connect(self.accept_asked)
        deeds.fail_asked.connect(self.fail_asked)
        deeds.report_asked.connect(self.report_asked)
        deeds.report_many_asked.connect(self.report_many_asked)
        deeds.told.connect(self.told)
        deeds.left.connect(self.focus_list)
        actions.accept.triggered.connect(deeds.accept)
        actions.fail.triggered.connect(deeds.fail)
        actions.open.triggered.connect(self._enter)
        actions.copy.triggered.connect(deeds.copy)
        actions.columns.triggered.connect(table.offer_columns)
        actions.find.triggered.connect(self.focus_find)
        for status, action in actions.reports.items():
            action.triggered.connect(lambda _checked=False, status=status: deeds.report(status))
        actions.report_many.triggered.connect(lambda: deeds.report(None))
        self.find_field.wanted.connect(model.show_text)
        self.find_field.left.connect(self.focus_list)
        self.find_field.taken.connect(self._take_found)
        self.find_field.recent_wanted.connect(lambda: self._spawn(self._offer_recent(), "recent searches"))
        self.view_bar.chosen.connect(self.set_view)
        table.accept_clicked.connect(lambda order_id: self.accept_asked.emit([order_id]))
        table.fail_clicked.connect(lambda order_id: self.ask_failure([order_id]))
        table.doubleClicked.connect(self._enter)
        table.customContextMenuRequested.connect(self._context_menu)
        self.selection.changed.connect(self._selection_changed)
        model.stepping.connect(self._remember_followers)
        model.answered.connect(self._answered)
        model.dataChanged.connect(lambda *_what: self._follow_lines())

    # What the first look at the list does without

    @property
    def fail_bar(self) -> FailBar:
        return self.deeds.fail_bar

    def _add_bar(self, bar: QWidget) -> None:
        self._layout.addWidget(bar)
        tab_through(self.table, bar)

    def in_order_of_tab(self) -> list[QWidget]:
        own = [self.own.button, self.own.row, self.own.editor] if self._desk.archive is None else []
        return [self.find_field, *self._buttons, self.view_bar, *own, self.table]

    def build_the_rest(self) -> None:
        """So that nobody waits for it at the first click."""
        _ = self.fail_bar
        if self._desk.archive is None:  # else no view can be kept
            self._views_row.insertWidget(1, self.own.button)
            for place, part in enumerate((self.own.row, self.own.editor), start=2):
                self._layout.insertWidget(place, part)
            self.own.reload()
        tab_through(self)
        self.find_field.offer_clearing()

    # What the window calls

    def on_change(self, change: Change) -> None:
        match change:
            case ShipmentsChanged(ids=ids) | DraftsChanged(ids=ids):
                self.model.changed(ids)
                self.deeds.recount_strikes(ids)
            case ViewsChanged():
                self.own.reload()
            case ZoneChanged():
                self.model.reword()
            case LinkChanged() if self._desk.account != self._account:
                self._account = self._desk.account
                self._open = None
                self.selection.forget()
                self.deeds.forget()
                self.model.start_over()
                self.own.reload()
            case _:
                pass

    def add_corner(self, corner: QWidget) -> None:
        """Puts a widget at the right end of the top row."""
        self._top.addWidget(corner)

    def show_status(self, status: DeskStatus) -> None:
        self.view_bar.tell({view: status.views.get(view, 0) for view in View})
        self.own.look()

    def view(self) -> View:
        return self.model.view

    def set_view(self, view: View) -> None:
        self._turning.to(view)

    def selected(self) -> list[OrderId]:
        """In the order of the list."""
        return list(self.selection.ids())

    def current(self) -> OrderId | None:
        return self.model.order_at(self.table.currentIndex().row())

    def select(self, order_id: OrderId) -> bool:
        """Moves the selection there and counts as opened already.

        False when the order is not in the present view; it is selected then when the next answer has it.
        """
        self._open = order_id
        row = self.model.row_of(order_id)
        self._sought = order_id if row is None else None
        if row is None:
            return False
        self.selection.move(row)
        return True

    def next_after(self, order_id: OrderId) -> OrderId | None:
        """The order below it, also when it has just left the view; None at the end of the list."""
        row = self.model.row_of(order_id)
        if row is not None:
            return self.model.order_at(row + 1)
        left, followers = self._followers
        here = (each for each in followers if self.model.row_of(each) is not None)
        return next(here, None) if left == order_id else None

    def focus_list(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_find(self) -> None:
        self.find_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find_field.selectAll()

    def _take_found(self) -> None:
        """To the list, and there to the best that was found; who comes back to the same search goes on where they were."""
        self.focus_list()
        self._best_wanted = bool(self.model.text) and self.model.text != self._taken
        if self.model.loaded:
            self._take_best()

    def _take_best(self) -> None:
        if self._best_wanted and self.model.rowCount():
            self._taken = self.model.text
            self._spawn(self._desk.lists.remember_search(self._taken), "remember a search")
            self.selection.move(0)
        self._best_wanted = False

    async def _offer_recent(self) -> None:
        self.find_field.offer(await self._desk.lists.recent_searches())

    def ask_failure(self, ids: Sequence[OrderId]) -> None:
        """Opens the bar for those of them that can be failed, with their strikes as they are on disk."""
        self.deeds.ask_failure(ids)

    def actions_for_menu(self) -> list[QAction]:
        return self._actions.all()

    def save_state(self) -> bytes:
        """Columns and order of every view."""
        return self._turning.save_state()

    def restore_state(self, state: bytes) -> bool:
        """False, and nothing changed, where it cannot be read, or was saved by other columns."""
        return self._turning.restore_state(state)

    # Wishes

    def _enter(self) -> None:
        if (chosen := self.selection.only()) is not None:
            self._settle.stop()
            self._open_chosen()
            self.entered.emit(chosen)

    def _context_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        self._actions.fill(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.table.viewport().mapToGlobal(point))

    # Selection

    def _selection_changed(self) -> None:
        self._follow_lines()
        self.summary.follow(self.selection.ids())
        if not self.selection.by_itself:
            self._sought, self._best_wanted = None, False
            self.deeds.reconsider()
            self._settle.start()

    def _open_chosen(self) -> None:
        chosen = self.selection.only()
        if chosen is not None and chosen != self._open:
            self._open = chosen
            self.opened.emit(chosen)

    def _follow_lines(self) -> None:
        chosen = self.selection.first(_LOOKED_AT + 1)
        lines = [self.model.line(order_id) for order_id in chosen[:_LOOKED_AT]]
        self._actions.follow([*lines, None] if len(chosen) > _LOOKED_AT else lines)

    def _remember_followers(self) -> None:
        if self._open is not None and (row := self.model.row_of(self._open)) is not None:
            self._followers = (self._open, list(self.model.ids[row + 1 : row + 1 + _AFTER]))

    # Nothing to show

    def _answered(self) -> None:
        if self._sought is not None and self.model.row_of(self._sought) is not None:
            self.select(self._sought)
        self._take_best()
        self._taken = self._taken if self.model.text else ""
        self._patience.stop()
        self._turning.answered()
        found = self.model.found
        self.summary.tell_found(found if self.model.text or found.more else None, searched=bool(self.model.text))
        self._show_nothing()

    def _show_nothing(self) -> None:
        """Over the table, not in its place: the focus stays in the list when its last row is accepted."""
        self._empty.setVisible(self.model.rowCount() == 0)
        shown = nothing(self.model.wanted, self.model.text) if self.model.loaded else Nothing(READING.icon, tr(READING.title), "")
        self._empty.say(shown, self.model.text if self.model.loaded else "")
        self._place_empty()

    def _place_empty(self) -> None:
        """Where the rows would be. The viewport is not asked: it is Qt's, and to find its class PySide loads all there are."""
        self._empty.setGeometry(self.table.contentsRect().adjusted(0, self.table.horizontalHeader().height(), 0, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_empty()
