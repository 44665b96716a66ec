"""The window: it lays the views out, hands each change to those that show it, and each wish to `Wishes`.

It knows every view and nothing of how they look inside. Closing is a request: what is in flight is settled first, by
whoever awaits `closed`.

A start builds the list and nothing that the list can do without. The other views are built when they are first asked
for, at the latest by `build_the_rest`, which is called as soon as the list was painted.
"""

import asyncio
import contextlib
import importlib
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QSplitter, QStatusBar, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, LinkChanged, LoopFailed, OutboxChanged, Trouble
from zendera_desk.domain.errors import CredentialError, DeskError, StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import OPEN
from zendera_desk.domain.report import Status
from zendera_desk.domain.rules import Problem, Rules
from zendera_desk.domain.views import Connection, DeskStatus, View
from zendera_desk.gui import labels, places
from zendera_desk.gui.actions import WindowActions
from zendera_desk.gui.corner import Corner
from zendera_desk.gui.pages import Pages
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.statusline import StatusLine
from zendera_desk.gui.taborder import tab_through
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.banner import Banners
from zendera_desk.gui.widgets.docktitle import DockTitle
from zendera_desk.gui.widgets.toast import Toast, ToastStrip
from zendera_desk.gui.wishes import Wishes
from zendera_desk.gui.words import tr
from zendera_desk.settings import Settings

if TYPE_CHECKING:
    from zendera_desk.gui.feed.panel import FeedPanel
    from zendera_desk.gui.outbox.panel import OutboxPanel
    from zendera_desk.gui.report.panel import ReportPanel
    from zendera_desk.gui.settings.preferences import Preferences
    from zendera_desk.gui.shipment.panel import ShipmentPanel
    from zendera_desk.gui.widgets.palette import CommandPalette

SMALLEST: Final = (1024, 640)
TO_READ: Final = 1.5
"""Seconds that the sentence about what is kept stays before the window goes."""
_BURST_MS: Final = 80
_REST: Final = {
    "report": "zendera_desk.gui.report.panel",
    "shipment": "zendera_desk.gui.shipment.panel",
    "feed": "zendera_desk.gui.feed.panel",
    "outbox": "zendera_desk.gui.outbox.panel",
    "command_palette": "zendera_desk.gui.widgets.palette",
}
"""The views that come after the list, and where they are."""


class Again(NamedTuple):
    """The desk is opened again when it is closed; `copy` takes the place of its data first."""

    copy: Path | None = None


class Window(QMainWindow):
    """`on_settings` is called with settings that a person changed; `closed` is done when the window wants to close."""

    def __init__(self, desk: Desk, spawn: Spawn, on_settings: Callable[[Settings], None], start_demo: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("zenderaDesk")
        self.setWindowTitle("Zendera Desk")
        self.setAccessibleName("Zendera Desk")
        self._desk = desk
        self._spawn = spawn
        self.on_settings = on_settings
        self._start_demo = start_demo
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.wishes = Wishes(
            desk, spawn, self._say, on_problems=self._show_problems, on_sent=self._show_sent, on_restored=self._show_restored
        )
        self.shown_status = DeskStatus()
        self.wanted: Again | None = None
        """What comes after closing; None: nothing."""
        self._leaving = asyncio.Event()
        self._next: OrderId | None = None
        self._feed_wanted = False
        self._outbox_page: QWidget | None = None
        self.commands = self._make_actions()
        self._lay_out()
        self.toasts = ToastStrip(self, over=self._quiet_place)
        self._connect()
        self._status_burst = QTimer(self, interval=_BURST_MS, singleShot=True)
        self._status_burst.timeout.connect(lambda: self._spawn(self._read_status(), "read the status"))
        self._unsubscribe = desk.changes.subscribe(self.on_change)
        places.restore(desk.settings.window, self, self._split, self._dock, self.shipments)

    # Laying out

    def _lay_out(self) -> None:
        """From the outside in, each widget with its parent: one that comes to its parent later has the style sheet matched
        again for everything inside it. Built from the inside out, this window took 230 ms, of which 150 were that."""
        self.setMinimumSize(*SMALLEST)
        central = QWidget(self)
        self.banners = Banners(central)
        self._pages = Pages(central)
        self._pages.left.connect(self.show_work)
        self._split = QSplitter(Qt.Orientation.Vertical, self._pages)
        self._split.setObjectName("shipmentsAndShipment")
        self._split.setChildrenCollapsible(False)
        self.shipments = ShipmentsPanel(self._desk, self._spawn, self._split)
        self._corner = Corner(self.shipments.actions_for_menu(), self.commands, self.shipments)
        self.shipments.add_corner(self._corner)
        self._split.addWidget(self.shipments)
        lower = QWidget(self._split)
        self._split.addWidget(lower)
        self._below = QVBoxLayout(lower)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 1)
        self._pages.add_staying(self._split)
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banners)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(central)
        bottom = QStatusBar(self)
        bottom.setSizeGripEnabled(False)
        self.status = StatusLine(bottom)
        bottom.addWidget(self.status, 1)
        self.setStatusBar(bottom)
        self._dock = QDockWidget(tr("Product feed"), self)
        self._dock.setObjectName("feedDock")
        self._dock.setTitleBarWidget(DockTitle(self._dock))
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)

    # The views that come after the list

    async def build_the_rest(self) -> None:
        """In slices, so that a key waits for one of them at most: loading a view takes 10 ms, building it up to 40."""
        for view, module in _REST.items():
            importlib.import_module(module)
            await asyncio.sleep(0)
            getattr(self, view)
            await asyncio.sleep(0)
        self.shipments.build_the_rest()
        from zendera_desk.gui.notices import tell_notices  # noqa: PLC0415 (not before the list)

        try:
            await tell_notices(self._desk, self.banners, self._spawn)
        except StoreError as error:
            self.tell(error)
        tab_through(self.shipments, self.shipment, self.outbox, self.feed, self.status)

    def _built(self, *names: str) -> list[Any]:
        """Those of these views that are there; asking for them would build them."""
        return [vars(self)[name] for name in names if name in vars(self)]

    @cached_property
    def report(self) -> "ReportPanel":
        from zendera_desk.gui.report.panel import ReportPanel  # noqa: PLC0415 (not before the list)

        report = ReportPanel(self._desk, self._spawn, _Preferred(self._desk), zone=self._desk.zone)
        report.send_asked.connect(self._send)
        report.left.connect(self.shipments.focus_list)
        report.picture_removed.connect(
            lambda back: self.toasts.tell(Toast(text=tr("Picture removed"), action=tr("Undo"), act=back, lasts=10))
        )
        return report

    @cached_property
    def shipment(self) -> "ShipmentPanel":
        from zendera_desk.gui.shipment.panel import ShipmentPanel  # noqa: PLC0415 (not before the list)

        shipment = ShipmentPanel(self._desk, self._spawn, self.report, self._below.parentWidget())
        shipment.accept_asked.connect(self.wishes.accept)
        shipment.fail_asked.connect(self.shipments.ask_failure)
        shipment.copied.connect(lambda text: self._say(tr("Copied: {text}", text=text)))
        self._below.addWidget(shipment)
        return shipment

    @cached_property
    def feed(self) -> "FeedPanel":
        from zendera_desk.gui.feed.panel import FeedPanel  # noqa: PLC0415 (not before the list)

        feed = FeedPanel(self._desk, self._spawn, self._dock, zone=self._desk.zone)
        feed.shipment_asked.connect(self.show_shipment)
        self._dock.setWidget(feed)
        return feed

    @cached_property
    def outbox(self) -> "OutboxPanel":
        from zendera_desk.gui.outbox.panel import OutboxPanel  # noqa: PLC0415 (not before the list)

        outbox, wishes = OutboxPanel(self._desk, self._spawn, zone=self._desk.zone), self.wishes
        outbox.retry_asked.connect(wishes.retry)
        outbox.take_back_asked.connect(wishes.take_back)
        outbox.drop_asked.connect(wishes.drop)
        outbox.decide_asked.connect(wishes.decide)
        outbox.seen_asked.connect(wishes.see_twice)
        outbox.copy_asked.connect(lambda _entry: self._say(tr("Details copied")))
        outbox.shipment_asked.connect(self.show_shipment)
        self._outbox_page = self._pages.framed("outboxPage", tr("Outbox"), outbox)
        self._pages.add_staying(self._outbox_page)
        return outbox

    @cached_property
    def command_palette(self) -> "CommandPalette":
        from zendera_desk.gui.widgets.palette import CommandPalette  # noqa: PLC0415 (not before the list)

        return CommandPalette(self)

    def _make_actions(self) -> WindowActions:
        return WindowActions(
            self,
            {
                "findShipment": self._find,
                "commandPalette": self._ask_command,
                "undoSend": self.wishes.undo,
                "refreshAll": self._desk.refresh,
                "showOutbox": self._toggle_outbox,
                "showFeed": lambda: self._dock.setVisible(not self._dock.isVisible()),
                "copies": self._show_copies,
                "preferences": self._show_preferences,
                "addAccount": self._show_add_account,
                "closeWindow": self._close,
            },
            self._show_view,
        )

    def _connect(self) -> None:
        wishes, shipments = self.wishes, self.shipments
        shipments.opened.connect(self._open)
        shipments.entered.connect(lambda order: self._report_on(order, None))
        shipments.accept_asked.connect(wishes.accept)
        shipments.fail_asked.connect(wishes.fail)
        shipments.report_asked.connect(self._report_on)
        self.status.outbox_asked.connect(self.show_outbox)
        self.status.refresh_asked.connect(self._desk.refresh)

    # What is shown

    @property
    def has_account(self) -> bool:
        return self._desk.account is not None

    def show_account(self) -> None:
        """After an account was opened, or when there is none: the work, or the first run."""
        account = self._desk.account
        if account is None:
            self._show_first_run()
            return
        self._show_frame(visible=True)
        self._corner.show_account(account)
        self.shipments.model.refresh()
        for view in self._built("feed", "outbox"):  # the others read when they are built
            view.reload()
        self.show_work()
        self._status_burst.start()

    def show_work(self) -> None:
        self._pages.show_staying(self._split)
        self.shipments.focus_list()

    def show_outbox(self) -> None:
        outbox = self.outbox
        if self._outbox_page is not None:
            self._pages.show_staying(self._outbox_page)
        outbox.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_shipment(self, order_id: OrderId) -> None:
        """Opens the shipment, in the list where the present view has it."""
        self.show_work()
        if not self.shipments.select(order_id):
            self.shipments.set_view(View.ALL)
        self._open(order_id)

    def tell(self, error: DeskError) -> None:
        """Says a trouble that belongs to no row; it stays until it is seen. One with the key brings the way to mend it along."""
        if isinstance(error, CredentialError) or error.code == "key_missing":
            self.banners.tell("key", labels.error(error), Tone.BAD, action=tr("Enter the key"), act=self._ask_key)
        elif isinstance(error, StoreError) and error.code == "damaged":
            act = self.begin_again
            self.banners.tell("damaged", labels.error(error), Tone.BAD, action=tr("Restart to mend"), act=act, closable=False)
        else:
            self.banners.tell(error.code, labels.error(error))

    def on_change(self, change: Change) -> None:
        match change:
            case Trouble(error=error):
                self.tell(error)
            case LoopFailed(error=StoreError() as error):
                self.tell(error)
            case LoopFailed(name=name):
                self.banners.tell(f"loop-{name}", tr("Something went wrong inside ({name}). It is tried again by itself.", name=name))
            case _:
                pass
        for view in self._built("shipments", "shipment", "report", "feed", "outbox"):
            view.on_change(change)
        if isinstance(change, LinkChanged | OutboxChanged) and not self._status_burst.isActive():
            self._status_burst.start()

    async def _read_status(self) -> None:
        status = self.shown_status = await self._desk.status()
        self.status.show_status(status, self._desk.now())
        self.shipments.show_status(status)
        self._tell_link(status)
        waiting = sum(count for state, count in status.counts.items() if state in OPEN)
        self.setWindowTitle(f"Zendera Desk — {tr('{n} on the way', n=waiting)}" if waiting else "Zendera Desk")

    def _tell_link(self, status: DeskStatus) -> None:
        """One notice while nothing can be sent until somebody mends something. A line that is merely down mends itself."""
        if status.code == "key_missing":
            self.banners.clear("link")  # said with the way to mend it when the account was opened
        elif status.connection is Connection.BLOCKED:
            self.banners.tell("link", labels.code(status.code), Tone.BAD, action=tr("Replace the key"), act=self._ask_key, closable=False)
        elif status.connection is Connection.TROUBLE:
            self.banners.tell("link", labels.code(status.code), Tone.BAD, closable=False)
        else:
            self.banners.clear("link")
        if status.connection is Connection.ONLINE:
            self.banners.clear("key")

    # What a person does

    def _open(self, order_id: OrderId) -> None:
        self.shipment.open(order_id)
        self.report.open(order_id)
        self.feed.set_order(order_id)

    def _report_on(self, order_id: OrderId, status: Status | None) -> None:
        self.shipments.select(order_id)
        self.shipment.open(order_id)
        self.feed.set_order(order_id)
        self.shipment.show_tab("report")
        self.report.open(order_id, status)
        self.report.focus_first_empty()

    def _send(self, order_id: OrderId, draft: object, confirmed: frozenset[str], then_next: bool) -> None:
        self._next = self.shipments.next_after(order_id) if then_next else None
        self.wishes.send(order_id, draft, confirmed, then_next)  # type: ignore[arg-type]  # Signal(object)

    def _show_problems(self, problems: list[Problem]) -> None:
        self.report.show_problems(problems)

    def _show_sent(self, order_id: OrderId, then_next: bool) -> None:
        still_there = self.report.isAncestorOf(QApplication.focusWidget() or self)
        self.report.sent(order_id)
        if not then_next or not still_there:
            return  # whoever has gone elsewhere while it was written down stays there
        if self._next is None:
            self._say(tr("That was the last one of this view."))
            self.shipments.focus_list()
        else:
            self._report_on(self._next, None)

    def _show_restored(self, order_id: OrderId) -> None:
        self.show_work()
        self._report_on(order_id, None)  # the list chooses its row as soon as the view has it again

    def _say(self, text: str, undo: Callable[[], None] | None = None, until: datetime | None = None) -> None:
        if undo is None or until is None:
            self.toasts.tell(Toast(text=text))
            return
        lasts = max(0.0, (until - self._desk.now()).total_seconds())
        self.toasts.tell(Toast(text=text, icon="hourglass", tone=Tone.INFO, action=tr("Undo"), act=undo, lasts=lasts, counts=True))

    def _quiet_place(self) -> QWidget:
        """Where a toast covers nothing that is being typed: the list, or the page in its place."""
        return self.shipments.table if self._pages.currentWidget() is self._split else self._pages

    def _ask_command(self) -> None:
        self.command_palette.ask([*self.shipments.actions_for_menu(), *self.commands.all()])

    def _find(self) -> None:
        self.show_work()
        self.shipments.focus_find()

    def _show_view(self, view: View) -> None:
        self.show_work()
        self.shipments.set_view(view)

    def _toggle_outbox(self) -> None:
        if self._pages.currentWidget() is self._outbox_page:
            self.show_work()
        else:
            self.show_outbox()

    # Pages that come and go

    def _show_first_run(self) -> None:
        from zendera_desk.gui.settings.firstrun import FirstRun  # noqa: PLC0415 (hardly ever)

        first = FirstRun(self._desk, self._spawn, first=True)
        first.saved.connect(self._account_saved)
        first.demo_asked.connect(self._start_demo)
        self._show_frame(visible=False)
        self._pages.show_passing(first)

    def _show_add_account(self) -> None:
        from zendera_desk.gui.settings.firstrun import FirstRun  # noqa: PLC0415 (hardly ever)

        form = FirstRun(self._desk, self._spawn, first=False)
        form.saved.connect(self._account_saved)
        form.left.connect(self.show_work)
        self._pages.show_passing(form)

    def _show_preferences(self) -> None:
        self._made_preferences()

    def _ask_key(self) -> None:
        self._made_preferences().ask_key()

    def _made_preferences(self) -> "Preferences":
        from zendera_desk.gui.settings.preferences import Preferences  # noqa: PLC0415 (seldom)

        preferences = Preferences(self._desk.settings, self._desk.account, self._desk, self._spawn)
        preferences.changed.connect(self._settings_changed)
        self._pages.show_passing(self._pages.framed("preferencesPage", tr("Preferences"), preferences))
        return preferences

    def _show_copies(self) -> None:
        from zendera_desk.gui.settings.copies import Copies  # noqa: PLC0415 (seldom)

        copies = Copies(self._desk, self._spawn)
        copies.went_back.connect(lambda copy: self.begin_again(copy.path))
        self._pages.show_passing(self._pages.framed("copiesPage", tr("Copies"), copies))

    def _show_frame(self, *, visible: bool) -> None:
        """What stands around the pages. Nobody needs it before there is an account; where a person put it away it stays away."""
        if not visible:
            self._feed_wanted = not self._dock.isHidden()
            self._dock.hide()
        elif self._feed_wanted:
            self._feed_wanted = False
            self._dock.show()
        self.status.setVisible(visible)

    def _account_saved(self, _account: object) -> None:
        opened = self._desk.account.id if self._desk.account else ""
        self._settings_changed(msgspec.structs.replace(self._desk.settings, open_account=opened))
        self.show_account()

    def come_forward(self) -> None:
        """Somebody started the program again: here it is."""
        self.setWindowState(
            self.windowState() & ~Qt.WindowState.WindowMinimized
        )  # not showNormal: it forgets a window that fills the screen
        self.show()
        self.raise_()
        self.activateWindow()

    # Settings, and closing

    def _settings_changed(self, settings: Settings) -> None:
        self._spawn(self._desk.change_settings(settings), "save the settings")
        self.on_settings(settings)

    def states(self) -> dict[str, str]:
        return places.states(self, self._split, self.shipments)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks to close. A second time while that is under way, what is in flight is not waited for any longer."""
        event.ignore()
        if not self.closed.done():
            self.closed.set_result(None)
        else:
            self._leaving.set()
            self._desk.hurry()

    def _close(self) -> None:
        self.close()

    def begin_again(self, copy: Path | None = None) -> None:
        """Closes the desk so that it is opened again: mended, or with this copy in its place."""
        self.wanted = Again(copy)
        self.close()

    async def let_go(self) -> None:
        """The last thing before the desk closes: what is typed is on disk, nothing listens any more.

        What has not left is said in one sentence, long enough to be read; closing a second time skips that.
        """
        for report in self._built("report"):
            await report.flush()
        waiting = 0
        with contextlib.suppress(StoreError):  # whoever closes because the file is damaged must get through
            waiting = sum(count for state, count in (await self._desk.status()).counts.items() if state in OPEN)
        if waiting and self.closed.done() and self.isVisible() and self.wanted is None:
            kept = tr("{n} (send is|sends are) not done yet: kept on this PC, and going on when you open the desk again.", n=waiting)
            self.banners.tell("closing", kept, Tone.INFO, closable=False)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TO_READ):
                    await self._leaving.wait()
        self._unsubscribe()
        self._status_burst.stop()


class _Preferred:
    """The settings the form needs, as they are now: they can be changed while it is open."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def rules(self) -> Rules:
        return self._desk.settings.rules

    @property
    def currency(self) -> str:
        return self._desk.settings.currency
