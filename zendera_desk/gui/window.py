"""The window: it hands each change to the views that show it (views.py), and each wish to `Wishes`.

It knows every view and nothing of how they look inside. Closing is a request: what is in flight is settled first, by
whoever awaits `closed`.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, LinkChanged, OutboxChanged
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import OPEN
from zendera_desk.domain.report import Status
from zendera_desk.domain.views import DeskStatus, View
from zendera_desk.gui import places
from zendera_desk.gui.actions import WindowActions
from zendera_desk.gui.corner import Corner
from zendera_desk.gui.following import Following
from zendera_desk.gui.mend.wishes import MendWishes
from zendera_desk.gui.openforms import OpenForms
from zendera_desk.gui.passing import Passing
from zendera_desk.gui.presence import Presence
from zendera_desk.gui.scanned import Scanned
from zendera_desk.gui.scanner import Scanner
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.statusline import closing_words
from zendera_desk.gui.telling import Telling
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.views import Views
from zendera_desk.gui.widgets.toast import Toast
from zendera_desk.gui.wishes import Wishes
from zendera_desk.gui.words import tr
from zendera_desk.settings import Settings

SMALLEST: Final = (1024, 640)
TO_READ: Final = 1.5
"""Seconds that the sentence about what is kept stays before the window goes."""
_BURST_MS: Final = 80


class Again(NamedTuple):
    """The desk is opened again when it is closed; `copy` takes the place of its data first."""

    copy: Path | None = None


class Window(Views):
    """`on_settings` is called with settings that a person changed; `closed` is done when the window wants to close."""

    def __init__(self, desk: Desk, spawn: Spawn, on_settings: Callable[[Settings], None], start_demo: Callable[[], None]) -> None:
        super().__init__(desk, spawn)
        self.setObjectName("zenderaDesk")
        self.setWindowTitle("Zendera Desk")
        self.setAccessibleName("Zendera Desk")
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.shown_status = DeskStatus()
        self.wanted: Again | None = None
        """What comes after closing; None: nothing."""
        self._leaving = asyncio.Event()
        self._lay_out(on_settings, start_demo)
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

    def _make_actions(self) -> WindowActions:
        return WindowActions(
            self,
            {
                "findShipment": self._find,
                "commandPalette": self._ask_command,
                "undoSend": self._undo,
                "refreshAll": self._refresh,
                "showOutbox": self._toggle_outbox,
                "paper": self._toggle_paper,
                "showFeed": self._toggle_feed,
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
        shipments.archives_asked.connect(self.passing.show_archives)
        shipments.told.connect(self.telling.say)
        self.status.outbox_asked.connect(self.show_outbox)
        self.status.refresh_asked.connect(self._refresh)
        self.status.unreadable_asked.connect(lambda: self._spawn(self._copy_unreadable(), "copy what cannot be read"))
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

    async def _copy_unreadable(self) -> None:
        orders = await self._desk.unreadable_orders()
        if not orders:
            self.telling.say(tr("Zendera does not send it like that any more."))
            return
        QGuiApplication.clipboard().setText("\n".join(order.decode(errors="replace") for order in orders))
        self.telling.say(tr("Copied: {n} order(s), as Zendera wrote (it|them)", n=len(orders)))

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

    def _ask_command(self) -> None:
        of_form = [action for report in self._built("report") if report.isVisible() for action in report.commands]
        of_page = [action for shipment in self._built("shipment") for action in shipment.page_actions]
        own, window = self.shipments.own.actions.all(), self.commands.all()
        self.command_palette.ask([*self.shipments.actions_for_menu(), *of_form, *of_page, *own, *window])

    def _find(self) -> None:
        self.show_work()
        self.shipments.focus_find()

    def _show_view(self, view: View) -> None:
        self.show_work()
        self.shipments.set_view(view)

    def _tell_mended(self, words: str, undo: Callable[[], Awaitable[bool]] | None) -> None:
        if undo is None:
            self.telling.say(words)
        else:
            self.toasts.tell(Toast(text=words, action=tr("Undo"), act=self.wishes.remember(words, undo), lasts=10))

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

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks to close. A second time while that is under way, what is in flight is not waited for any longer."""
        event.ignore()
        if not self.closed.done():
            self.closed.set_result(None)
        else:
            self._leaving.set()
            self._desk.hurry()

    def _refresh(self) -> None:
        """Without a key nothing can be asked: that is said, with the way to mend it."""
        if self._desk.engine is None and self._desk.account is not None and not self._desk.connecting:
            self.telling.trouble(DeskError("key_missing", account=self._desk.account.name))
        else:
            self._desk.refresh()

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
