"""The window: it lays the views out, hands each change to those that show it, and each wish to `Wishes`.

It knows every view and nothing of how they look inside. Closing is a request: what is in flight is settled first, by
whoever awaits `closed`.

A start builds the list and nothing that the list can do without. The other views are built when they are first asked
for, at the latest by `build_the_rest`, which is called as soon as the list was painted.
"""

import asyncio
import contextlib
import importlib
from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, LinkChanged, OutboxChanged
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import OPEN
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.views import DeskStatus, View
from zendera_desk.gui import places
from zendera_desk.gui.actions import WindowActions
from zendera_desk.gui.corner import Corner
from zendera_desk.gui.feed.presence import Presence
from zendera_desk.gui.following import Following
from zendera_desk.gui.frame import Frame
from zendera_desk.gui.mend.wishes import MendWishes
from zendera_desk.gui.openforms import OpenForms
from zendera_desk.gui.pages import Page
from zendera_desk.gui.passing import Passing
from zendera_desk.gui.scanned import Scanned
from zendera_desk.gui.scanner import Scanner
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.statusline import closing_words
from zendera_desk.gui.taborder import tab_through
from zendera_desk.gui.telling import Telling
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.toast import Toast, ToastStrip
from zendera_desk.gui.wishes import Wishes
from zendera_desk.gui.words import tr
from zendera_desk.settings import Settings

if TYPE_CHECKING:
    from zendera_desk.gui.bulk.place import BulkPlace
    from zendera_desk.gui.feed.panel import FeedPanel
    from zendera_desk.gui.outbox.panel import OutboxPanel
    from zendera_desk.gui.paper.paperwork import Paperwork
    from zendera_desk.gui.report.panel import ReportPanel
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
    "paper": "zendera_desk.gui.paper.paperwork",
    "bulk": "zendera_desk.gui.bulk.place",
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
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.shown_status = DeskStatus()
        self.wanted: Again | None = None
        """What comes after closing; None: nothing."""
        self._leaving = asyncio.Event()
        self._outbox_page: QWidget | None = None
        self._lay_out(on_settings, start_demo)
        self.toasts = ToastStrip(self, over=self._quiet_place)
        self.telling = Telling(self.banners, self.toasts, desk.now, self.passing.ask_key, self.begin_again)
        self.forms = OpenForms(self._built, lambda: self.shipment.current, self._bring_report)
        following = self._following = Following(self.shipments, self._built, self._report_on, self._bring_report, self.telling.say)
        self.wishes = Wishes(desk, spawn, self.telling.say, self.forms, on_sent=following.sent, on_restored=following.restored)
        self.mending = MendWishes(desk, spawn, self.forms, self._tell_mended)
        self.scanner = Scanner(self, lambda: self.has_account, lambda: desk.settings.scanner_prefix)
        self._connect()
        self._status_burst = QTimer(self, interval=_BURST_MS, singleShot=True)
        self._status_burst.timeout.connect(lambda: self._spawn(self._read_status(), "read the status"))
        self._unsubscribe = desk.changes.subscribe(self.on_change)
        places.restore(desk.settings.window, self, self._split, self._dock, self.shipments)

    # Laying out

    def _lay_out(self, on_settings: Callable[[Settings], None], start_demo: Callable[[], None]) -> None:
        self.setMinimumSize(*SMALLEST)
        self._frame = Frame(self, self._desk, self._spawn)
        self.banners, self.shipments, self.status = self._frame.banners, self._frame.shipments, self._frame.status
        self._pages, self._split, self._dock = self._frame.pages, self._frame.split, self._frame.dock
        self._pages.left.connect(self.show_work)
        self.passing = Passing(
            self._desk,
            self._spawn,
            self._pages,
            on_settings=on_settings,
            on_account=self.show_account,
            start_demo=start_demo,
            go_back=self.begin_again,
        )
        self.commands = self._make_actions()
        self._corner = Corner(self.shipments.actions_for_menu(), self.commands, self.shipments, own=self.shipments.own.actions)
        self.shipments.add_corner(self._corner)

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
            await self.bulk.look()
        except StoreError as error:
            self.tell(error)
        tab_through(self.shipments, self.shipment, self.outbox, self.feed, self.status)

    def _built(self, *names: str) -> list[Any]:
        """Those of these views that are there; asking for them would build them."""
        return [vars(self)[name] for name in names if name in vars(self)]

    @cached_property
    def report(self) -> "ReportPanel":
        from zendera_desk.gui.report.needs import Preferred  # noqa: PLC0415 (not before the list)
        from zendera_desk.gui.report.panel import ReportPanel  # noqa: PLC0415 (as above)

        report = ReportPanel(self._desk, self._spawn, Preferred(lambda: self._desk.settings), zone=self._desk.zone)
        report.send_asked.connect(self._send)
        report.left.connect(self.shipments.focus_list)
        report.told.connect(self.telling.say)
        report.offer_moves(self._desk)
        report.move_asked.connect(self.mending.move_form)
        report.picture_removed.connect(lambda back, words: self.toasts.tell(Toast(text=words, action=tr("Undo"), act=back, lasts=10)))
        return report

    @cached_property
    def shipment(self) -> "ShipmentPanel":
        from zendera_desk.gui.shipment.panel import ShipmentPanel  # noqa: PLC0415 (not before the list)

        shipment = ShipmentPanel(self._desk, self._spawn, self.report, self._frame.below.parentWidget())
        shipment.accept_asked.connect(self.wishes.accept)
        shipment.fail_asked.connect(self.shipments.ask_failure)
        shipment.mend_asked.connect(self.mending.mend)
        shipment.missing_asked.connect(self.mending.report_missing)
        shipment.copied.connect(lambda text: self.telling.say(tr("Copied: {text}", text=text)))
        self._frame.below.addWidget(shipment)
        return shipment

    @cached_property
    def feed(self) -> "FeedPanel":
        from zendera_desk.gui.feed.panel import FeedPanel  # noqa: PLC0415 (not before the list)

        feed = FeedPanel(self._desk.watch, self._desk.now, self._spawn, self._dock, zone=self._desk.zone)
        feed.restore_state(self._stored_feed())
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
        outbox.mend_asked.connect(self.mending.mend)
        outbox.copy_asked.connect(lambda _entry: self.telling.say(tr("Details copied")))
        outbox.shipment_asked.connect(self.show_shipment)
        self._outbox_page = self._pages.framed("outboxPage", tr("Outbox"), outbox)
        self._pages.add_staying(self._outbox_page)
        return outbox

    @cached_property
    def paper(self) -> "Paperwork":
        from zendera_desk.gui.paper.paperwork import Paperwork  # noqa: PLC0415 (not before the list)

        paper = Paperwork(self._desk, self._spawn, self._pages, self.toasts, self.forms.step_aside)
        paper.send_asked.connect(self._send)
        paper.list_asked.connect(self.show_work)
        paper.counted.connect(self._corner.show_paper)
        self.report.before_reading = self.forms.write_reports_down
        self._pages.currentChanged.connect(lambda _place: self._frame.make_room(for_paper=paper.has(self._pages.currentWidget())))
        return paper

    @cached_property
    def bulk(self) -> "BulkPlace":
        from zendera_desk.gui.bulk.place import BulkPlace  # noqa: PLC0415 (not before the list)
        from zendera_desk.gui.report.needs import Preferred  # noqa: PLC0415 (as above)

        settings = Preferred(lambda: self._desk.settings)
        place = BulkPlace(self._desk, self._spawn, settings, self._pages, self.banners, self.toasts, on_sent=self.wishes.sent_many)
        place.panel.one_deed = self.wishes.one_at_a_time
        return place

    @cached_property
    def command_palette(self) -> "CommandPalette":
        from zendera_desk.gui.widgets.palette import CommandPalette  # noqa: PLC0415 (not before the list)

        palette = CommandPalette(self)
        self.scanner.watch(palette)
        return palette

    def _make_actions(self) -> WindowActions:
        return WindowActions(
            self,
            {
                "findShipment": self._find,
                "commandPalette": self._ask_command,
                "undoSend": self._undo,
                "refreshAll": self._desk.refresh,
                "showOutbox": self._toggle_outbox,
                "paper": self._toggle_paper,
                "showFeed": lambda: self._dock.setVisible(not self._dock.isVisible()),
                "copies": self.passing.show_copies,
                "archives": self.passing.show_archives,
                "preferences": self.passing.show_preferences,
                "addAccount": self.passing.show_add_account,
                "closeWindow": self._close,
            },
            self._show_view,
        )

    def _connect(self) -> None:
        wishes, shipments = self.wishes, self.shipments
        shipments.opened.connect(self._open)
        shipments.entered.connect(self._report_on)
        shipments.accept_asked.connect(wishes.accept)
        shipments.fail_asked.connect(wishes.fail)
        shipments.report_asked.connect(self._report_on)
        shipments.report_many_asked.connect(self._report_on_many)
        shipments.own.asked.connect(self.show_work)
        shipments.own.told.connect(self._tell_mended)
        self.status.outbox_asked.connect(self.show_outbox)
        self.status.refresh_asked.connect(self._desk.refresh)
        open_one, find = self._open_scanned, self._find_scanned
        self._scanned = Scanned(self._desk, self._spawn, self.toasts, open_one=open_one, find=find, page=self._shown_page)
        self.scanner.scanned.connect(self._scanned.take)
        for window in (self, self._dock):
            self.scanner.watch(window)
        Presence(self, lambda: self._desk.watch)

    # What is shown

    @property
    def has_account(self) -> bool:
        return self._desk.account is not None

    def show_account(self) -> None:
        """After an account was opened, or when there is none: the work, or the first run."""
        account = self._desk.account
        if account is None:
            self._frame.show_around(visible=False)
            self.passing.show_first_run()
            return
        self._frame.show_around(visible=True)
        self._corner.show_account(account)
        self.shipments.model.refresh()
        for view in self._built("feed", "outbox", "paper"):  # the others read when they are built
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
        self.telling.trouble(error)

    def on_change(self, change: Change) -> None:
        self.telling.on_change(change)
        for view in self._built("shipments", "shipment", "report", "feed", "outbox", "paper", "bulk"):
            view.on_change(change)
        if isinstance(change, LinkChanged | OutboxChanged) and not self._status_burst.isActive():
            self._status_burst.start()

    async def _read_status(self) -> None:
        status = self.shown_status = await self._desk.status()
        self.status.show_status(status, self._desk.now())
        self.shipments.show_status(status)
        self.telling.link(status)
        waiting = sum(count for state, count in status.counts.items() if state in OPEN)
        self.setWindowTitle(f"Zendera Desk — {tr('{n} on the way', n=waiting)}" if waiting else "Zendera Desk")

    # What a person does

    def _open(self, order_id: OrderId) -> None:
        self.shipment.open(order_id)
        self.report.open(order_id)
        self.feed.set_order(order_id)

    def _report_on(self, order_id: OrderId, status: Status | None = None) -> None:
        self.shipments.select(order_id)
        self.shipment.open(order_id)
        self.feed.set_order(order_id)
        self.shipment.show_tab("report")
        self.report.open(order_id, status)
        self.report.focus_first_empty()

    def _report_on_many(self, ids: list[OrderId], status: Status | None) -> None:
        self.bulk.begin(ids, status)

    def _open_scanned(self, order_id: OrderId) -> None:
        """Whoever was in the report goes on in the report, where the form that was open keeps its draft."""
        reporting = self._pages.currentWidget() is self._split and self.shipment.tab == "report"
        if reporting and self.shipment.current == order_id:
            return
        self.show_shipment(order_id)
        if reporting:
            self._report_on(order_id)
        else:
            self.shipment.show_tab("details")

    def _find_scanned(self, text: str) -> None:
        self._show_view(View.ALL)
        self.shipments.find_field.setText(text)
        self.shipments.find_field.search_now()

    def _shown_page(self) -> QWidget | None:
        page = self._pages.currentWidget()
        return page.content if isinstance(page, Page) else page

    def _send(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str], then_next: bool) -> None:
        self._following.note(order_id, then_next=then_next)
        self.wishes.send(order_id, draft, confirmed)

    def _quiet_place(self) -> QWidget:
        """Where a toast covers nothing that is being typed: the list, or the page in its place."""
        page = self._pages.currentWidget()
        for paper in self._built("paper"):
            if paper.has(page):
                quiet: QWidget = paper.quiet
                return quiet
        for bulk in self._built("bulk"):
            if page is bulk.page:
                grid: QWidget = bulk.panel.grid
                return grid
        return self.shipments.table if page is self._split else self._pages

    def _ask_command(self) -> None:
        of_form = [action for report in self._built("report") if report.isVisible() for action in report.commands]
        self.command_palette.ask([*self.shipments.actions_for_menu(), *of_form, *self.shipments.own.actions.all(), *self.commands.all()])

    def _find(self) -> None:
        self.show_work()
        self.shipments.focus_find()

    def _show_view(self, view: View) -> None:
        self.show_work()
        self.shipments.set_view(view)

    def _toggle_paper(self) -> None:
        if self.paper.is_shown:
            self.show_work()
        else:
            self.paper.show()

    def _bring_report(self, order: OrderId) -> None:
        self.show_work()
        self._report_on(order)

    def _tell_mended(self, words: str, undo: Callable[[], Awaitable[bool]] | None) -> None:
        if undo is None:
            self.telling.say(words)
        else:
            self.toasts.tell(Toast(text=words, action=tr("Undo"), act=self.wishes.remember(words, undo), lasts=10))

    def _toggle_outbox(self) -> None:
        if self._pages.currentWidget() is self._outbox_page:
            self.show_work()
        else:
            self.show_outbox()

    def come_forward(self) -> None:
        """Somebody started the program again: here it is."""
        self.setWindowState(
            self.windowState() & ~Qt.WindowState.WindowMinimized
        )  # not showNormal: it forgets a window that fills the screen
        self.show()
        self.raise_()
        self.activateWindow()

    # Closing

    def states(self) -> dict[str, str]:
        self._frame.make_room(for_paper=False)
        feed = [view.save_state() for view in self._built("feed")] or [self._stored_feed()]
        return places.states(self, self._split, self.shipments, feed[0])

    def _stored_feed(self) -> bytes:
        return places.bytes_of(self._desk.settings.window.get("feed", ""))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks to close. A second time while that is under way, what is in flight is not waited for any longer."""
        event.ignore()
        if not self.closed.done():
            self.closed.set_result(None)
        else:
            self._leaving.set()
            self._desk.hurry()

    def _undo(self) -> None:
        self.wishes.undo()

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
        self.forms.stop_waiting()
        await self.forms.write_down()
        left = ""
        with contextlib.suppress(StoreError):  # whoever closes because the file is damaged must get through
            left = closing_words(await self._desk.status())
        if left and self.closed.done() and self.isVisible() and self.wanted is None:
            self.banners.tell("closing", left, Tone.INFO, closable=False)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TO_READ):
                    await self._leaving.wait()
        self.hide()
        await self.forms.write_down()  # what was typed meanwhile; from here on nothing can be
        self._unsubscribe()
        self._status_burst.stop()
