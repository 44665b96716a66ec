"""The report of the open shipment: form, pictures, draft. It asks for a send; the window sends and says what came of it.

Whatever is typed is on disk within half a second, under the order it was typed for, also where its draft has not been read yet.
Loading, refreshing and other shipments' pictures never touch a field that a person has touched. A report that was handed over is
answered by its order: whichever form is open by then, it hears nothing of another one's answer.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import tzinfo

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from zendera_desk.domain.changes import Change, DraftsChanged, PicturesArrived, ShipmentsChanged, ZoneChanged
from zendera_desk.domain.drafting import Composed, planned_day
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui import labels
from zendera_desk.gui.format import local_zone
from zendera_desk.gui.paper.picker import FindsShipments
from zendera_desk.gui.report.answering import MovingOut
from zendera_desk.gui.report.arriving import ArrivingPictures
from zendera_desk.gui.report.begun import Begun, joined
from zendera_desk.gui.report.commands import form_commands
from zendera_desk.gui.report.contents import Contents
from zendera_desk.gui.report.habits import Habits
from zendera_desk.gui.report.handing import HandingOver
from zendera_desk.gui.report.hints import PictureHints
from zendera_desk.gui.report.keeper import DraftKeeper
from zendera_desk.gui.report.keys import FormKeys
from zendera_desk.gui.report.needs import ReportDesk, ReportSettings, is_met_by_pictures, is_typed_in
from zendera_desk.gui.report.page import ReportPage
from zendera_desk.gui.report.pickup import PickupFirst
from zendera_desk.gui.report.review import Review
from zendera_desk.gui.report.templates import ReadyComments
from zendera_desk.gui.report.waiting import WaitingSend
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.words import tr


class ReportPanel(QWidget):
    send_asked = Signal(object, object, object, bool)
    """OrderId, Draft, the confirmed codes (frozenset), whether the next shipment shall follow. Answered by `sent` or `show_problems`."""
    picture_removed = Signal(object, str)
    """The call that takes back what was done to a picture, and what that was, in words."""
    left = Signal()
    """Esc: the person steps out; the draft is kept."""
    told = Signal(str)
    """One sentence about a form that is not in sight any more."""
    move_asked = Signal(object, object, object, object)
    """OrderId, Draft, the ids of its pictures (frozenset) or None for all of it, and the OrderId where that belongs."""

    def __init__(
        self, desk: ReportDesk, spawn: Spawn, settings: ReportSettings, parent: QWidget | None = None, *, zone: tzinfo | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._spawn = desk, spawn
        self._zone = zone or local_zone()
        self._order: OrderId | None = None
        self._opened: OpenShipment | None = None
        self._loading: object = None
        """The reading of the order's draft that counts: another takes its place when the form is left, or the draft changed meanwhile."""
        self._status_asked: Status | None = None
        self._touched: set[str] = set()
        self._focus_was: QWidget | None = None
        self._focus_when_loaded = False
        self._discarded: Draft | None = None
        self._moving: MovingOut | None = None
        page = ReportPage(desk.now, self._zone, settings.currency, desk, spawn, self)
        self.stop, self.status, self.form, self.pane, self.bar = page.stop, page.status, page.form, page.pane, page.bar
        self._cash = page.cash
        self._keeper: DraftKeeper[OrderId, Draft | Begun] = DraftKeeper(self._write, spawn, self)
        self.before_reading: Callable[[], Awaitable[object]] = self._keeper.flush
        """What was typed before a moment ago is read back, not the older state: here, and in any other form that there is."""
        self._handing = HandingOver(self._keeper, spawn, self)
        self._waiting = WaitingSend(self.bar, self)
        self._pictures = ArrivingPictures(
            desk, spawn, self.pane, self._waiting, self._keeper, lambda: self._order, lambda: self._opened is not None
        )
        self._contents = Contents(page, self._pictures)
        self._hints = PictureHints(desk, spawn, self.form, desk.now, self._zone)
        self._pickup = PickupFirst(desk, spawn, page.pickup)
        self._ready = ReadyComments(self.form.comment, lambda: settings.comments.get(self.status.choice().value, ()))
        self._habits = Habits(desk, spawn, self.form, settings, self._zone)
        self._said = Review(desk, settings, page, self._hints, self._pickup, self._zone)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(
            EmptyState("clipboard", tr("No shipment is open"), tr("Choose one in the list to report its pickup or delivery."), parent=self)
        )
        self._pages.addWidget(page)
        self._connect()
        self.open(None)

    # What the window calls

    def open(self, order: OrderId | None, status: Status | None = None, known: OpenShipment | None = None) -> None:
        """Shows the order's draft, or an empty form. What is open and typed in stays as it is. `known`: how it reads on disk now."""
        if order is not None and order == self._order and (self._opened is None or self._typed_in()):
            if status is not None:
                self._choose_status(status)
            if self._opened is None and self._loading is None:
                self._read(order)  # which failed before
            return
        self.stop_waiting()
        if self._moving is not None:
            self._moving.target.close_up()  # it asked about the form before
        self._order, self._opened, self._status_asked = order, None, status
        self.pane.retouch.order = order
        self._pages.setCurrentIndex(0 if order is None else 1)
        if known is not None:
            self._loading = None
            self._begin_anew()
            self._show(known)
            return
        self._blank(Draft(status=status or Status.COMPLETE))
        self._read(order)
        if order is None:
            self._keeper.hurry()

    @property
    def order(self) -> OrderId | None:
        """Whose form is open."""
        return self._order

    def offer_moves(self, desk: FindsShipments) -> None:
        """From here on pictures, and all of a form, can be moved to another shipment."""
        self._moving = MovingOut(desk, self._spawn, self.pane, lambda: self._order, self)
        self._moving.asked.connect(lambda order, pictures, to: self.move_asked.emit(order, self.draft(), pictures, to))

    async def flush(self) -> bool:
        """Writes what is typed, now. False when the disk refused; the form says so and keeps everything."""
        return await self._keeper.flush()

    @property
    def is_sending(self) -> bool:
        """It is handed over, and not answered yet."""
        return self._handing.has(self._order)

    def stop_waiting(self) -> None:
        """The form is closed, by its person or for something else that is done to its shipment: what waits is not sent out of sight."""
        if self._waiting.end():
            self.told.emit(
                tr("{order} was not sent: its form was closed before its pictures were ready. The draft is kept.", order=self._order)
            )

    def draft(self) -> Draft:
        return self._contents.draft()

    def show_problems(self, order: OrderId, problems: Sequence[Problem]) -> None:
        """The desk did not take it, and why. With no problems: it could not be sent just now, and was said elsewhere."""
        if self._handing.answered(order) is None:
            return  # it was not from here
        if order != self._order:
            if problems:
                self.told.emit(tr("{order} was not sent: something in it must be looked at. The draft is kept.", order=order))
            return
        self._said.tried = True
        self._said.from_desk = list(problems)
        composed = self._review()
        if problems:
            self._said.focus_on((*composed.problems, *problems))

    def sent(self, order: OrderId) -> None:
        """It is in the outbox, so it is no draft any more. Undo is `open` again."""
        sent = self._handing.answered(order)
        if sent is None or order != self._order or self._opened is None:
            return
        if self.draft() == sent:
            if self._keeper.pending(order) == sent:  # typed and taken out again meanwhile
                self._keeper.forget(order)
            self._blank(Draft(stop=self.stop.choice()))
        else:
            self._keep()  # what was typed while it was handed over stays, as a new draft

    def focus_first_empty(self) -> None:
        """The first required field that is empty; if the shipment is still loading, when it is, unless the person went elsewhere."""
        self._focus_when_loaded = self._order is not None and self._opened is None
        self._focus_was = QApplication.focusWidget()
        if not self._focus_when_loaded:
            self._said.focus_first_empty(self.draft())

    def on_change(self, change: Change) -> None:
        """Facts are read again; a draft only into a form that nobody has typed in (after Undo)."""
        match change:
            case DraftsChanged(ids=ids) if self._order in ids and self._opened is None:
                self._read(self._order)  # what is being read may be how it was before
            case ShipmentsChanged(ids=ids) | DraftsChanged(ids=ids) if self._order in ids and self._opened is not None:
                self._spawn(self._read_again(self._order), "read the report again")
            case PicturesArrived():
                self._pictures.arrived(change)
            case ZoneChanged():
                self.form.say_time_again()

    # Loading and saving

    def _read(self, order: OrderId | None) -> None:
        self._loading = None if order is None else object()
        if order is not None:
            self._spawn(self._load(order, self._loading), "open the report")

    async def _load(self, order: OrderId, this: object) -> None:
        await self.before_reading()
        try:
            opened = await self._desk.shipment(order)
        except DeskError as error:
            if this is self._loading:
                self._loading = None  # so that choosing it again tries again
                self.bar.say(labels.error(error), trouble=True)
            return
        if this is not self._loading or self._opened is not None:
            return
        if opened is None:
            self._order = None
            self._pages.setCurrentIndex(0)
            return
        self._show(opened)
        if self.isVisible():
            self._desk.warm_pictures()

    def _show(self, opened: OpenShipment) -> None:
        self._opened = opened
        kept, pending = opened.draft or Draft(), self._keeper.pending(opened.line.order_id)
        kept = pending.over(kept) if isinstance(pending, Begun) else pending or kept
        if self._status_asked is not None:
            kept, self._status_asked = msgspec.structs.replace(kept, status=self._status_asked), None
        begun = Begun(self.draft(), frozenset(self._touched))
        self._contents.show(begun.over(kept), begun.counting(kept))
        self._show_facts()
        if self._touched:
            self._keep()
        self._review()
        if self._focus_when_loaded and QApplication.focusWidget() is self._focus_was:
            self.focus_first_empty()

    async def _read_again(self, order: OrderId) -> None:
        opened = await self._desk.shipment(order)
        if opened is None or order != self._order or self._opened is None:
            return
        if opened.draft is not None and not self._typed_in():
            self._touched.clear()  # whatever was typed is gone again: what came onto the disk counts
            self._show(opened)
            return
        self._opened = opened
        self._show_facts()
        self._review()

    async def _write(self, order: OrderId, draft: Draft | Begun | None) -> None:
        if isinstance(draft, Begun):
            if draft.is_pictures:
                await self._desk.add_pictures(order, draft.draft.pictures)
                return
            opened = await self._desk.shipment(order)
            whole = draft.over((opened and opened.draft) or Draft())
            draft = whole if is_typed_in(whole) else None
        await (self._desk.discard_draft(order) if draft is None else self._desk.save_draft(order, draft))

    def _say_saved(self, order: OrderId) -> None:
        if order == self._order:
            at = self._desk.now().astimezone(self._zone)
            words = tr("Draft saved {time}", time=f"{at:%H:%M:%S}") if self._typed_in() else ""
            self.bar.say(tr("Draft discarded") if self._discarded else words, can_bring_back=self._discarded is not None)

    def _keep(self) -> None:
        if self._order is None:
            return
        if self._opened is None:
            begun = Begun(self.draft(), frozenset(self._touched))
            self._keeper.keep(self._order, begun.after(self._keeper.pending(self._order)))
        else:
            self._keeper.keep(self._order, self.draft() if self._typed_in() else None)

    def _typed_in(self) -> bool:
        return is_typed_in(self.draft())

    # What the person does

    def _edited(self, field: str) -> None:
        self._touched.add(field)
        self._said.edited(field)
        if field != "pictures":  # which may come by themselves
            self._discarded = None
            self.bar.bring_back.hide()
            self._waiting.end(tr("Not sent: you went on typing."))
        self._keep()
        self._review()

    def _leave(self, field: str) -> None:
        self._said.passed.add(field)
        self._review()

    def _choose_status(self, status: Status) -> None:
        self.status.choose(status)
        self.form.show_status(status)
        self._edited("status")

    def _choose_stop(self, _stop: StopKind) -> None:
        self._show_facts()
        self._edited("stop")

    def _report_pickup(self) -> None:
        self.stop.choose(StopKind.PICKUP)
        self._choose_stop(StopKind.PICKUP)

    def _discard(self) -> None:
        if self._order is None or not self._typed_in() or self.is_sending:
            return
        draft = self.draft()
        self._blank(Draft(status=draft.status, stop=draft.stop))
        self._discarded = draft
        self._keeper.keep(self._order, None)
        self.bar.say(tr("Draft discarded"), can_bring_back=True)

    def _bring_back(self) -> None:
        if self._discarded is not None:
            pictures = joined(self._discarded.pictures, self.pane.pictures())
            self._contents.show(msgspec.structs.replace(self._discarded, pictures=pictures))
            self._edited("status")

    def _send(self, then_next: bool) -> None:
        if self._order is None or self._opened is None or self.is_sending:
            return
        self.form.time.settle()
        self._said.tried = True
        composed = self._review()
        waiting = composed.open_asks(self._said.confirmed)
        coming = self._pictures.coming()
        blocking = [problem for problem in composed.problems if problem.blocks and not (coming and is_met_by_pictures(problem))]
        if blocking or waiting:
            self._said.focus_on(blocking or waiting)
            return
        if coming:
            self._waiting.begin(coming, then_next)
            return
        self._waiting.end()
        self._handing.begin(self._order, self.draft(), self._said.confirmed, then_next)

    # What is shown

    def _blank(self, draft: Draft) -> None:
        """An empty form for whatever comes now."""
        self._begin_anew()
        self._contents.show(draft)
        self._show_facts()
        self._review()

    def _begin_anew(self) -> None:
        self._touched = set()
        self._focus_when_loaded = False
        self._discarded = None
        self._said.begin()
        self._waiting.end()
        self.bar.say("")

    def _show_facts(self) -> None:
        shipment = self._opened.shipment if self._opened is not None else None
        self.form.show_planned(planned_day(shipment, self.stop.choice(), self._zone))
        self._habits.show_for(shipment, self.stop.choice())
        self._pickup.look(self._opened)
        self._cash.show_cod(shipment.cash_on_delivery if shipment is not None else None)

    def _review(self) -> Composed:
        return self._said.look(self._opened, self.draft(), something_typed=self._typed_in())

    # How it is joined

    def _connect(self) -> None:
        self.stop.chosen.connect(self._choose_stop)
        self.status.chosen.connect(self._choose_status)
        self.form.edited.connect(self._edited)
        self.form.passed.connect(self._leave)
        self.form.confirmed.connect(self._said.confirm)
        self.pane.changed.connect(lambda: self._edited("pictures"))
        self.pane.strip.chosen.connect(lambda _picture: self._review())
        self._pictures.undoable.connect(self.picture_removed)
        self._pictures.told.connect(self.told)
        self._hints.learned.connect(self._review)
        self._pickup.learned.connect(self._review)
        self._pickup.asked.connect(self._report_pickup)
        self._cash.ticked.connect(lambda: self._edited("collected"))
        self._waiting.due.connect(self._send)
        self._handing.asked.connect(self.send_asked)
        self._keeper.saved.connect(self._say_saved)
        self._keeper.failed.connect(lambda error: self.bar.say(labels.error(error), trouble=True))
        self.bar.send.clicked.connect(lambda: self._send(then_next=False))
        self.bar.send_and_next.clicked.connect(lambda: self._send(then_next=True))
        self.bar.discard.clicked.connect(self._discard)
        self.bar.bring_back.clicked.connect(self._bring_back)
        self.commands = form_commands(self, self.pane, self._hints, self._ready, self._choose_status)
        keys = FormKeys(self, self.pane.paste)
        keys.send_and_next.connect(lambda: self._send(then_next=True))
        keys.save.connect(self._keeper.hurry)
        keys.left.connect(self.stop_waiting)
        keys.left.connect(self.left)
