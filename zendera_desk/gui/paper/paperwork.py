"""The two pages of paper among the pages of the window: when which is shown, and who hears what came of a report."""

from collections.abc import Awaitable, Callable
from functools import cached_property

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.rules import Problem
from zendera_desk.gui.pages import Pages
from zendera_desk.gui.paper.course import Step
from zendera_desk.gui.paper.lane import Lane
from zendera_desk.gui.paper.page import PaperPage
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.toast import Toast, ToastStrip
from zendera_desk.gui.words import tr

_UNDO_LASTS = 10
"""Seconds."""


class Paperwork(QObject):
    """`let_go` makes the window's own form write down what it has and let its shipment go."""

    send_asked = Signal(object, object, object, bool)
    list_asked = Signal()
    counted = Signal(object)
    """PaperCounts."""

    def __init__(self, desk: Desk, spawn: Spawn, pages: Pages, toasts: ToastStrip, let_go: Callable[[], Awaitable[None]]) -> None:
        super().__init__(pages)
        self._desk, self._spawn, self._pages, self._toasts, self._let_go = desk, spawn, pages, toasts, let_go
        self._lane_shown = False
        self.page = PaperPage(desk, spawn)
        self._frame = pages.framed("paperPage", tr("Paper"), self.page)
        pages.add_staying(self._frame)
        self.page.keying_asked.connect(self._begin_keying)
        self.page.told.connect(self._tell)
        self.page.counted.connect(self.counted)

    @cached_property
    def lane(self) -> Lane:
        """Built when somebody keys for the first time: a second form takes 40 ms."""
        lane = Lane(self._desk, self._spawn, self._let_go)
        lane.send_asked.connect(self.send_asked)
        lane.left.connect(self.show)
        lane.list_asked.connect(self.list_asked)
        lane.told.connect(self._tell)
        self._pages.add_staying(lane)
        self._pages.currentChanged.connect(lambda _place: self._another_page_is_shown(lane))
        return lane

    @property
    def is_shown(self) -> bool:
        return self._pages.currentWidget() is self._frame

    def has(self, page: QWidget | None) -> bool:
        """Whether it is one of these two."""
        return page is not None and page in {self._frame, self._built()}

    @property
    def quiet(self) -> QWidget:
        """Of the one that is shown: where a toast covers nothing."""
        lane = self._built()
        return lane.quiet if lane is not None and self._pages.currentWidget() is lane else self.page.strip

    def show(self) -> None:
        self._pages.show_staying(self._frame)
        self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def reload(self) -> None:
        """Another account is open."""
        self.page.reload()

    def on_change(self, change: Change) -> None:
        self.page.on_change(change)
        if (lane := self._built()) is not None:
            lane.on_change(change)

    def show_problems(self, order: OrderId, problems: list[Problem]) -> None:
        if (lane := self._built()) is not None:
            lane.show_problems(order, problems)

    def stop_waiting(self) -> None:
        if (lane := self._built()) is not None:
            lane.stop_waiting()

    def sent(self, order: OrderId, entries: tuple[EntryId, ...]) -> bool:
        """Whether it was sent from the lane."""
        lane = self._built()
        return lane is not None and lane.sent(order, entries)

    def restored(self, entries: tuple[EntryId, ...]) -> bool:
        """Whether it was sent from the lane, which shows it again."""
        lane = self._built()
        if lane is None or not lane.restored(entries):
            return False
        self._pages.show_staying(lane)
        return True

    async def flush(self) -> bool:
        lane = self._built()
        return lane is None or await lane.flush()

    def _built(self) -> Lane | None:
        return vars(self).get("lane")

    def _another_page_is_shown(self, lane: Lane) -> None:
        shown = self._pages.currentWidget() is lane
        if shown is not self._lane_shown:
            self._lane_shown = shown
            (lane.come_back if shown else lane.step_aside)()

    def _begin_keying(self, steps: list[Step]) -> None:
        lane: QWidget = self.lane
        self.lane.start(steps)
        self._pages.show_staying(lane)

    def _tell(self, text: str, back: Callable[[], None] | None) -> None:
        if back is None:
            self._toasts.tell(Toast(text=text))
        else:
            self._toasts.tell(Toast(text=text, action=tr("Undo"), act=back, lasts=_UNDO_LASTS))
