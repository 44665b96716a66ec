"""The report of the open shipment: form, pictures, draft. It asks for a send; the window sends and says what came of it.

Whatever is typed is on disk within half a second, under the order it was typed for. Loading, refreshing and other
shipments' pictures never touch a field that a person has touched.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from zendera_desk.domain.changes import Change, DraftsChanged, ShipmentsChanged, ZoneChanged
from zendera_desk.domain.drafting import Composed, compose, planned_day
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui import labels
from zendera_desk.gui.format import local_zone
from zendera_desk.gui.paper.picker import FindsShipments
from zendera_desk.gui.report import answering
from zendera_desk.gui.report.commands import form_commands
from zendera_desk.gui.report.form import FIELDS
from zendera_desk.gui.report.habits import Habits
from zendera_desk.gui.report.hints import PictureHints
from zendera_desk.gui.report.intake import PictureIntake
from zendera_desk.gui.report.keeper import DraftKeeper
from zendera_desk.gui.report.keys import FormKeys
from zendera_desk.gui.report.needs import ReportDesk, ReportSettings, first_empty, is_met_by_pictures, still_needed
from zendera_desk.gui.report.page import ReportPage
from zendera_desk.gui.report.pickup import PickupFirst
from zendera_desk.gui.report.templates import ReadyComments
from zendera_desk.gui.report.waiting import WaitingSend
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.picture_strip import Ticket
from zendera_desk.gui.words import tr

_AFTER_A_TRY: Final = frozenset({"time_empty", "evidence_missing", "exception_short"})
"""Problems of a form that is merely not filled in yet: said when a person tries to send it, not before."""


class ReportPanel(QWidget):
    send_asked = Signal(object, object, object, bool)
    """OrderId, Draft, the confirmed codes (frozenset), whether the next shipment shall follow. Answered by `sent` or `show_problems`."""
    draft_saved = Signal(object)
    picture_removed = Signal(object, str)
    """The call that brings the pictures back as they were, and what was done to them, in words."""
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
        self._desk, self._spawn, self._settings = desk, spawn, settings
        self._zone = zone or local_zone()
        self._order: OrderId | None = None
        self._opened: OpenShipment | None = None
        self._touched: set[str] = set()
        self._passed: set[str] = set()
        self._confirmed: set[str] = set()
        self._focus_was: QWidget | None = None
        self._tried = self._focus_when_loaded = False
        self._sending: Draft | None = None
        self._from_desk: list[Problem] = []
        self._discarded: Draft | None = None
        self._moving: answering.MovingOut | None = None
        self._answers = Draft()
        """Of the draft that was loaded: which entry it corrects, or takes the place of."""
        page = ReportPage(desk.now, self._zone, settings.currency, desk, spawn, self)
        self.stop, self.status, self.form, self.pane, self.bar = page.stop, page.status, page.form, page.pane, page.bar
        self._cash = page.cash
        self._keeper = DraftKeeper(self._save, spawn, self)
        self.before_reading: Callable[[], Awaitable[object]] = self._keeper.flush
        """What was typed before a moment ago is read back, not the older state: here, and in any other form that there is."""
        self._intake = PictureIntake(desk.add_pages, desk.glimpse, spawn, self)
        self._hints = PictureHints(desk, spawn, self.form, desk.now, self._zone)
        self._pickup = PickupFirst(desk, spawn, page.pickup)
        self._ready = ReadyComments(self.form.comment, lambda: settings.comments.get(self.status.choice().value, ()))
        self._habits = Habits(desk, spawn, self.form, settings, self._zone)
        self._waiting = WaitingSend(self.bar, self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(
            EmptyState("clipboard", tr("No shipment is open"), tr("Choose one in the list to report its pickup or delivery."), parent=self)
        )
        self._pages.addWidget(page)
        self._connect()
        self.open(None)
        self._blank(Draft())

    # What the window calls

    def open(self, order: OrderId | None, status: Status | None = None) -> None:
        """Shows the order's draft, or an empty form. What is open and typed in stays as it is."""
        if order is not None and order == self._order and (self._opened is None or self._typed_in()):
            if status is not None:
                self._choose_status(status)
            return
        self._stop_waiting()
        if self._moving is not None:
            self._moving.target.close_up()  # it asked about the form before
        self._order, self._opened = order, None
        self.pane.retouch.order = order
        self._blank(Draft(status=status or Status.COMPLETE))
        self._pages.setCurrentIndex(0 if order is None else 1)
        if order is not None:
            self._spawn(self._load(order, status), "open the report")
        else:
            self._keeper.hurry()

    @property
    def order(self) -> OrderId | None:
        """Whose form is open."""
        return self._order

    def offer_moves(self, desk: FindsShipments) -> None:
        """From here on pictures, and all of a form, can be moved to another shipment."""
        self._moving = answering.MovingOut(desk, self._spawn, self.pane, lambda: self._order, self)
        self._moving.asked.connect(lambda order, pictures, to: self.move_asked.emit(order, self.draft(), pictures, to))

    async def flush(self) -> bool:
        """Writes what is typed, now. False when the disk refused; the form says so and keeps everything."""
        return await self._keeper.flush()

    @property
    def is_sending(self) -> bool:
        """It is handed over, and not answered yet."""
        return self._sending is not None

    def draft(self) -> Draft:
        draft = self.form.draft(self.status.choice(), self.stop.choice(), self.pane.pictures())
        answers = self._answers
        return msgspec.structs.replace(
            draft, corrects=answers.corrects, instead_of=answers.instead_of, collected=self._cash.collected.isChecked()
        )

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """The desk did not take it, and why. With no problems: it could not be sent just now, and was said elsewhere."""
        if self._sending is None:
            return  # another shipment is open by now; the draft of that one is kept
        self._sending, self._tried = None, True
        self._from_desk = list(problems)
        composed = self._review()
        if problems:
            self._focus_on((*composed.problems, *problems))

    def sent(self, order: OrderId) -> None:
        """It is in the outbox, so it is no draft any more. Undo is `open` again."""
        if order != self._order or self._sending is None:
            return
        if self.draft() == self._sending:
            self._blank(Draft(stop=self.stop.choice()))
        self._sending = None  # what was typed while it was handed over stays, as a new draft

    def focus_first_empty(self) -> None:
        """The first required field that is empty; if the shipment is still loading, when it is, unless the person went elsewhere."""
        self._focus_when_loaded = self._order is not None and self._opened is None
        self._focus_was = QApplication.focusWidget()
        if not self._focus_when_loaded:
            self._focus(first_empty(self._settings.rules, self.draft()))

    def on_change(self, change: Change) -> None:
        """Facts are read again; a draft only into a form that nobody has typed in (after Undo)."""
        match change:
            case ShipmentsChanged(ids=ids) | DraftsChanged(ids=ids) if self._order in ids and self._opened is not None:
                self._spawn(self._read_again(self._order), "read the report again")
            case ZoneChanged():
                self.form.say_time_again()

    # Loading and saving

    async def _load(self, order: OrderId, status: Status | None) -> None:
        await self.before_reading()
        try:
            opened = await self._desk.shipment(order)
        except DeskError as error:
            if order == self._order:
                self._order = None  # so that choosing it again tries again
                self.bar.say(labels.error(error), trouble=True)
            return
        if order != self._order or self._opened is not None:
            return
        if opened is None:
            self._order = None
            self._pages.setCurrentIndex(0)
            return
        self._show(opened, status)
        if self.isVisible():
            self._desk.warm_pictures()

    def _show(self, opened: OpenShipment, status: Status | None = None) -> None:
        self._opened = opened
        draft = self._keeper.pending(opened.line.order_id) or opened.draft or Draft()
        if status is not None or "status" in self._touched:
            draft = msgspec.structs.replace(draft, status=status or self.status.choice())
        if "stop" in self._touched:
            draft = msgspec.structs.replace(draft, stop=self.stop.choice())
        given = tuple(picture for picture in self.pane.pictures() if picture not in draft.pictures)
        draft = msgspec.structs.replace(draft, pictures=draft.pictures + given)
        self._fill(draft, frozenset(self._touched))
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
            self._show(opened)
            return
        self._opened = opened
        self._show_facts()
        self._review()

    async def _save(self, order: OrderId, draft: Draft | None) -> None:
        await (self._desk.discard_draft(order) if draft is None else self._desk.save_draft(order, draft))

    def _say_saved(self, order: OrderId) -> None:
        if order == self._order:
            at = self._desk.now().astimezone(self._zone)
            words = tr("Draft saved {time}", time=f"{at:%H:%M:%S}") if self._typed_in() else ""
            self.bar.say(tr("Draft discarded") if self._discarded else words, can_bring_back=self._discarded is not None)
        self.draft_saved.emit(order)

    def _keep(self) -> None:
        if self._order is not None and self._opened is not None:
            self._keeper.keep(self._order, self.draft() if self._typed_in() else None)

    def _typed_in(self) -> bool:
        """Whether there is anything to lose: a status merely looked at is no draft."""
        draft = self.draft()
        return msgspec.structs.replace(draft, status=Status.COMPLETE, stop=StopKind.DELIVERY, currency="") != Draft()

    # What the person does

    def _edited(self, field: str) -> None:
        self._touched.add(field)
        self._passed.discard(field)
        about_all = {"cannot_handle", "already_shown"} if field == "status" else set()
        self._confirmed -= {code for code in self._confirmed if code.startswith(f"{field}_") or code in about_all}
        self._from_desk, self._discarded = [], None
        self.bar.bring_back.hide()
        if field != "pictures":
            self._waiting.end(tr("Not sent: you went on typing."))
        self._keep()
        self._review()

    def _leave(self, field: str) -> None:
        self._passed.add(field)
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

    def _confirm(self, codes: frozenset[str], on: bool) -> None:
        self._confirmed = self._confirmed | codes if on else self._confirmed - codes

    def _discard(self) -> None:
        if self._order is None or not self._typed_in():
            return
        draft = self.draft()
        self._blank(Draft(status=draft.status, stop=draft.stop))
        self._discarded = draft
        self._keeper.keep(self._order, None)
        self.bar.say(tr("Draft discarded"), can_bring_back=True)

    def _bring_back(self) -> None:
        if self._discarded is not None:
            self._fill(self._discarded)
            self._edited("status")

    def _send(self, then_next: bool) -> None:
        if self._order is None or self._opened is None or self._sending is not None:
            return
        self.form.time.settle()
        self._tried = True
        composed = self._review()
        waiting = composed.open_asks(frozenset(self._confirmed))
        coming = self._coming()
        blocking = [problem for problem in composed.problems if problem.blocks and not (coming and is_met_by_pictures(problem))]
        if blocking or waiting:
            self._focus_on(blocking or waiting)
            return
        if coming:
            self._waiting.begin(coming, then_next)
            return
        self._waiting.end()
        self._sending = self.draft()
        self._spawn(self._hand_over(self._order, self._sending, then_next), "hand over the report")

    def _stop_waiting(self) -> None:
        """The form is left: its send shall not go out of sight."""
        if self._waiting.end():
            self.told.emit(
                tr("{order} was not sent: you left it while its pictures were being prepared. The draft is kept.", order=self._order)
            )

    def _count_coming(self) -> None:
        self._waiting.show_left(self._coming())

    def _coming(self) -> int:
        """Pictures that are being prepared or changed."""
        return len(self._intake.on_their_way(self._order)) + self.pane.retouch.at_work(self._order)

    async def _hand_over(self, order: OrderId, draft: Draft, then_next: bool) -> None:
        """The draft is on disk before it is sent: whatever ends in between, nothing typed is lost."""
        self._keeper.keep(order, draft)
        if await self._keeper.flush():
            self.send_asked.emit(order, draft, frozenset(self._confirmed), then_next)
        else:
            self._sending = None

    def _give(self, sources: Sequence[Path | bytes | QImage]) -> None:
        if self._order is not None:
            self._intake.take(self._order, sources)

    def _landed(self, order: OrderId, ticket: Ticket, pictures: Sequence[Picture]) -> None:
        if order == self._order:
            self.pane.landed(ticket, pictures)
        else:
            self._spawn(self._put_elsewhere(order, ticket, pictures), "put pictures into their draft")

    async def _put_elsewhere(self, order: OrderId, ticket: Ticket, pictures: Sequence[Picture]) -> None:
        """They were given to a form that is no longer open."""
        opened = await self._desk.shipment(order)
        if order == self._order:
            self.pane.landed(ticket, pictures)
            return
        draft = self._keeper.pending(order) or (opened.draft if opened is not None else None) or Draft()
        both = {picture.id: picture for picture in (*draft.pictures, *pictures)}
        if len(both) > len(draft.pictures):
            self._keeper.keep(order, msgspec.structs.replace(draft, pictures=tuple(both.values())))

    def _exchanged(self, order: OrderId | None, before: Picture, after: Picture) -> None:
        if order == self._order:
            self.pane.exchange(before, after)
            self._count_coming()
        elif order is not None and before != after:
            self._spawn(self._change_elsewhere(order, {before.id: after}), "put a changed picture into its draft")

    def _cut_out(self, order: OrderId | None, picture: Picture) -> None:
        if order == self._order:
            self.pane.put_beside(picture)
            self._count_coming()
        elif order is not None:
            self._spawn(self._change_elsewhere(order, {picture.id: picture}), "put a signature into its draft")

    async def _change_elsewhere(self, order: OrderId, changed: dict[PictureId, Picture]) -> None:
        """The form was left before the picture was made. A draft that is gone by now was sent as it was seen, or discarded."""
        opened = await self._desk.shipment(order)
        draft = self._keeper.pending(order) or (opened.draft if opened is not None else None)
        if draft is None:
            return
        new = [picture for id_, picture in changed.items() if id_ == picture.id]
        kept = {picture.id: picture for picture in (*(changed.get(each.id, each) for each in draft.pictures), *new)}
        self._keeper.keep(order, msgspec.structs.replace(draft, pictures=tuple(kept.values())))

    def _refused(self, order: OrderId, ticket: Ticket, error: DeskError) -> None:
        self.pane.strip.forget(ticket)
        if order == self._order:
            self._waiting.end(tr("Not sent: a picture was refused."))
        words = ticket.name if order == self._order else tr("{name} (order {order})", name=ticket.name, order=order)
        self.pane.tell_refused(words, error)

    def _left_out(self, order: OrderId, ticket: Ticket) -> None:
        self.pane.strip.forget(ticket)
        if order == self._order:
            self._waiting.end(tr("Not sent: pictures were left out."))

    # What is shown

    def _blank(self, draft: Draft) -> None:
        """An empty form for whatever comes now."""
        self._touched, self._passed, self._confirmed = set(), set(), set()
        self._tried = self._focus_when_loaded = False
        self._sending = None
        self._from_desk, self._discarded = [], None
        self._waiting.end()
        self._fill(draft)
        self.bar.say("")
        self._show_facts()
        self._review()

    def _fill(self, draft: Draft, but: frozenset[str] = frozenset()) -> None:
        self.status.choose(draft.status)
        self.stop.choose(draft.stop)
        self._answers = draft
        if "collected" not in but:
            self._cash.collected.setChecked(draft.collected)
        self.form.show_draft(draft, but)
        self._show_pictures(draft.pictures)

    def _show_pictures(self, pictures: tuple[Picture, ...]) -> None:
        self.pane.show_pictures(pictures)
        for ticket in self._intake.on_their_way(self._order):
            self.pane.strip.expect(ticket)

    def _show_facts(self) -> None:
        shipment = self._opened.shipment if self._opened is not None else None
        self.form.show_planned(planned_day(shipment, self.stop.choice(), self._zone))
        self._habits.show_for(shipment, self.stop.choice())
        self._pickup.look(self._opened)
        self._cash.show_cod(shipment.cash_on_delivery if shipment is not None else None)

    def _review(self) -> Composed:
        """Reads the form and says what is worth saying now."""
        opened = self._opened
        composed = compose(
            self.draft(),
            now=self._desk.now(),
            zone=self._zone,
            rules=self._settings.rules,
            shipment=opened.shipment if opened is not None else None,
            made_first_at=opened.line.seen_at if opened is not None else None,
        )
        codes = {problem.code for problem in composed.problems}
        self.form.show_exception(bool(self.form.texts["exception"].text()) or (self._tried and "evidence_missing" in codes))
        shown = [problem for problem in composed.problems if self._worth_saying(problem)]
        shown += [problem for problem in self._from_desk if problem.code not in codes]
        shown += answering.notes(opened, self._answers, self._desk.now(), self._zone)
        self._pickup.show_for(self.status.choice(), self.stop.choice())
        self._hints.show_for(self.pane.pictures(), self.pane.strip.current())
        shown += self._hints.notes(opened.shipment.stop(self.stop.choice()).address.coordinates if opened is not None else None)
        confirmed = frozenset(self._confirmed)
        self.form.show_problems([problem for problem in shown if problem.field != "pictures"], confirmed)
        self.pane.show_problems([problem for problem in shown if problem.field == "pictures"], confirmed)
        self._say_needs()
        return composed

    def _worth_saying(self, problem: Problem) -> bool:
        if problem.code in {"time_pc_clock", "time_dst_first", "time_dst_second"}:
            return False  # the echo of the time says it
        return self._tried or (problem.code not in _AFTER_A_TRY and (problem.field in self._passed or problem.field == "status"))

    def _say_needs(self) -> None:
        needs = still_needed(self._settings.rules, self.draft())
        self.bar.needs.setText(tr("Needed: {list}", list=needs) if needs else "")
        self.bar.discard.setEnabled(self._typed_in())

    def _focus_on(self, problems: Sequence[Problem]) -> None:
        order = ("status", *FIELDS, "pictures")
        first = min(problems, key=lambda problem: order.index(problem.field) if problem.field in order else -1)
        line = self.form.beside.get(first.field)
        if not first.blocks and line is not None and line.anyway.isVisible():
            line.anyway.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus(first.field)

    def _focus(self, field: str) -> None:
        widget = self.pane.add if field == "pictures" else self.form.fields.get({"position": "latitude"}.get(field, field))
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    # How it is joined

    def _does(self) -> dict[str, Callable[[], None]]:
        tools, viewer = self.pane.tools, self.pane.viewer
        return {
            "takeTime": self._hints.take_time,
            "takePosition": self._hints.take_position,
            "insertComment": self._ready.ask,
            "turnPictureLeft": lambda: viewer.turn_by_hand(-90),
            "turnPictureRight": lambda: viewer.turn_by_hand(90),
            "cropPicture": tools.crop,
            "brightenPicture": tools.brightness,
            "takeSignature": tools.signature,
        }

    def _offer_back(self, before: tuple[Picture, ...], words: str) -> None:
        """Pictures as they were come back to their order, as long as its form is open."""
        order = self._order

        def bring_back() -> None:
            if order == self._order:
                self._show_pictures(before)
                self._edited("pictures")

        self.picture_removed.emit(bring_back, words)

    def _connect(self) -> None:
        self.stop.chosen.connect(self._choose_stop)
        self.status.chosen.connect(self._choose_status)
        self.form.edited.connect(self._edited)
        self.form.passed.connect(self._leave)
        self.form.confirmed.connect(self._confirm)
        self.pane.given.connect(self._give)
        self.pane.changed.connect(lambda: self._edited("pictures"))
        self.pane.cancelled.connect(self._intake.cancel)
        self.pane.removed.connect(lambda before: self._offer_back(before, tr("Picture removed")))
        self.pane.exchanged.connect(lambda before: self._offer_back(before, tr("Picture changed")))
        self.pane.retouch.made.connect(self._exchanged)
        self.pane.retouch.cut_out.connect(self._cut_out)
        self.pane.retouch.refused.connect(lambda _picture, _error: self._waiting.end(tr("Not sent: a picture could not be changed.")))
        self._hints.learned.connect(self._review)
        self._pickup.learned.connect(self._review)
        self._pickup.asked.connect(self._report_pickup)
        self._cash.ticked.connect(lambda: self._edited("collected"))
        self.pane.strip.chosen.connect(lambda _picture: self._review())
        self._intake.expected.connect(lambda order, ticket: self.pane.strip.expect(ticket) if order == self._order else None)
        self._intake.seen.connect(lambda _order, ticket: self.pane.strip.glimpse(ticket))
        self._intake.left_out.connect(self._left_out)
        self._intake.ready.connect(self._landed)
        self._intake.refused.connect(self._refused)
        self._intake.progress.connect(self.pane.show_progress)
        self._intake.progress.connect(lambda _done, _of: self._count_coming())
        self._waiting.due.connect(self._send)
        self._keeper.saved.connect(self._say_saved)
        self._keeper.failed.connect(lambda error: self.bar.say(labels.error(error), trouble=True))
        self.bar.send.clicked.connect(lambda: self._send(then_next=False))
        self.bar.send_and_next.clicked.connect(lambda: self._send(then_next=True))
        self.bar.discard.clicked.connect(self._discard)
        self.bar.bring_back.clicked.connect(self._bring_back)
        self.commands = form_commands(self, self._does(), self._choose_status)
        keys = FormKeys(self, self.pane.paste)
        keys.send_and_next.connect(lambda: self._send(then_next=True))
        keys.save.connect(self._keeper.hurry)
        keys.left.connect(self._stop_waiting)
        keys.left.connect(self.left)
