"""The views of the window and the ways between them: the list at once, the others when they are first asked for.

A start builds the list and nothing that the list can do without. `build_the_rest` is called as soon as the list was painted.
"""

import asyncio
import importlib
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.views import View
from zendera_desk.gui import places
from zendera_desk.gui.corner import Corner
from zendera_desk.gui.following import Following
from zendera_desk.gui.format import copied
from zendera_desk.gui.frame import Frame
from zendera_desk.gui.mend.wishes import MendWishes
from zendera_desk.gui.openforms import OpenForms
from zendera_desk.gui.pages import Page
from zendera_desk.gui.scanner import Scanner
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.taborder import tab_through
from zendera_desk.gui.telling import Telling
from zendera_desk.gui.widgets.toast import Toast, ToastStrip
from zendera_desk.gui.wishes import Wishes
from zendera_desk.gui.words import tr

if TYPE_CHECKING:
    from zendera_desk.gui.bulk.place import BulkPlace
    from zendera_desk.gui.feed.panel import FeedPanel
    from zendera_desk.gui.outbox.panel import OutboxPanel
    from zendera_desk.gui.paper.paperwork import Paperwork
    from zendera_desk.gui.report.panel import ReportPanel
    from zendera_desk.gui.shipment.panel import ShipmentPanel
    from zendera_desk.gui.widgets.palette import CommandPalette

_REST: Final = {
    "report": ("zendera_desk.gui.report.answering", "zendera_desk.gui.report.pane", "zendera_desk.gui.report.panel"),
    "shipment": ("zendera_desk.gui.shipment.fields", "zendera_desk.gui.shipment.panel"),
    "feed": ("zendera_desk.gui.feed.panel",),
    "outbox": ("zendera_desk.gui.outbox.panel",),
    "paper": ("zendera_desk.paper", "zendera_desk.gui.paper.lane", "zendera_desk.gui.paper.page", "zendera_desk.gui.paper.paperwork"),
    "bulk": ("zendera_desk.gui.bulk.adding", "zendera_desk.gui.bulk.panel", "zendera_desk.gui.bulk.place"),
    "command_palette": ("zendera_desk.gui.widgets.palette",),
}
"""The views that come after the list, and where they are: the last module is the view's, those before it take the longest of what it
stands on."""


class Views(QMainWindow):
    """The window (window.py) says what comes of what a person does in them."""

    telling: Telling
    forms: OpenForms
    wishes: Wishes
    mending: MendWishes
    scanner: Scanner
    _corner: Corner
    _following: Following

    def __init__(self, desk: Desk, spawn: Spawn) -> None:
        super().__init__()
        self._desk = desk
        self._spawn = spawn
        self._frame = Frame(self, desk, spawn)
        self.banners, self.shipments, self.status = self._frame.banners, self._frame.shipments, self._frame.status
        self._pages, self._split, self._dock = self._frame.pages, self._frame.split, self._frame.dock
        self._outbox_page: QWidget | None = None
        self._pages.left.connect(self.show_work)
        self.toasts = ToastStrip(self, over=self._quiet_place)

    # The views that come after the list

    async def build_the_rest(self) -> None:
        """In slices, so that a key waits for one of them at most: loading a module takes up to 10 ms, building a view up to 40."""
        self.shipments.table.viewport()  # Qt's own widget: to find its class PySide loads all that there are, once
        await asyncio.sleep(0)
        for view, modules in _REST.items():
            for module in modules:
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
            self.telling.trouble(error)
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
        shipment.seen_asked.connect(self.mending.see_difference)
        shipment.left.connect(self.shipments.focus_list)
        shipment.copied.connect(lambda text: self.telling.say(copied(text)))
        self._frame.below.addWidget(shipment)
        return shipment

    @cached_property
    def feed(self) -> "FeedPanel":
        from zendera_desk.gui.feed.panel import FeedPanel  # noqa: PLC0415 (not before the list)

        feed = FeedPanel(self._desk.watch, self._desk.now, self._spawn, self._dock, zone=self._desk.zone)
        feed.restore_state(self._stored_feed())
        feed.shipment_asked.connect(self.show_shipment)
        feed.told.connect(self.telling.say)
        feed.left.connect(self.shipments.focus_list)
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

    # The ways between them

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

    def _bring_report(self, order: OrderId) -> None:
        self.show_work()
        self._report_on(order)

    def _send(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str], then_next: bool) -> None:
        self._following.note(order_id, then_next=then_next)
        self.wishes.send(order_id, draft, confirmed)

    def _toggle_outbox(self) -> None:
        if self._pages.currentWidget() is self._outbox_page:
            self.show_work()
        else:
            self.show_outbox()

    def _toggle_feed(self) -> None:
        """To the feed; from there away with it, and so where it has no row yet that could be gone to."""
        focused, rows = QApplication.focusWidget(), self.feed.focusProxy()
        is_there = focused is not None and self._dock.isAncestorOf(focused)
        if self._dock.isVisible() and (is_there or rows is None or not rows.isVisible()):
            self._dock.hide()
            self.shipments.focus_list()
        else:
            self._dock.show()
            self.feed.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _toggle_paper(self) -> None:
        if self.paper.is_shown:
            self.show_work()
        else:
            self.paper.show()

    def _shown_page(self) -> QWidget | None:
        page = self._pages.currentWidget()
        return page.content if isinstance(page, Page) else page

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

    def _stored_feed(self) -> bytes:
        return places.bytes_of(self._desk.settings.window.get("feed", ""))
