"""The lane: one document after the other, its picture left and its form right, and the next one ready before it is asked for.

The form is the report's own, with a life of its own here, and sees its document in the draft of the shipment (lanedesk.py); the
window's form is closed meanwhile, so that no two forms ever write one draft.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, PaperChanged, ShipmentsChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import EntryId, OrderId, PageId, PictureId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.rules import Problem
from zendera_desk.gui import labels
from zendera_desk.gui.images import image_of
from zendera_desk.gui.paper.ahead import Ahead
from zendera_desk.gui.paper.asking import Asking
from zendera_desk.gui.paper.bar import LaneBar
from zendera_desk.gui.paper.course import Course, Outcome, Step
from zendera_desk.gui.paper.elsewhere import Elsewhere, Hands
from zendera_desk.gui.paper.known import Known
from zendera_desk.gui.paper.lanedesk import LaneDesk
from zendera_desk.gui.paper.lanekeys import LaneKeys
from zendera_desk.gui.paper.summary import Summary
from zendera_desk.gui.paper.turns import Turns
from zendera_desk.gui.report.needs import Preferred, ReportDesk
from zendera_desk.gui.report.panel import ReportPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr


class Lane(QWidget):
    """`let_go` makes the window's own form write down what it has and let its shipment go: awaited before forms open here."""

    send_asked = Signal(object, object, object, bool)
    """As the report's. Answered by `sent` or `show_problems`."""
    left = Signal()
    """The person ends it: back to the paper."""
    list_asked = Signal()
    told = Signal(str, object)
    """One sentence, and the call that takes back what it tells, or None."""

    def __init__(self, desk: Desk, spawn: Spawn, let_go: Callable[[], Awaitable[None]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lane")
        self.setAccessibleName(tr("Keying paper"))
        self._desk, self._spawn, self._let_go = desk, spawn, let_go
        self._ahead = Ahead(desk.picture_pixels, spawn)
        self._course = Course(())
        self._aside = 0
        self._sending: OrderId | None = None
        self._first: PictureId | None = None
        """Of the document; the draft may hold other pictures before it."""
        self._away = self._asking_other = False
        self._turns = Turns(spawn, self._catch_up)
        self._news = self._reading = False
        self.bar = LaneBar(self)
        self._papers = LaneDesk(desk, self._ahead)
        self._known = Known(desk, spawn, self._ahead, self._papers)
        self.report = ReportPanel(cast("ReportDesk", self._papers), spawn, Preferred(lambda: desk.settings), self, zone=desk.zone)
        self.report.offer_moves(desk)
        hands = Hands(lambda: self._course, self._let_form_go, self._enter, lambda: self._is_sending)
        self._elsewhere = Elsewhere(desk, self._known, self._papers, self._turns, hands, self)
        self.asking = Asking(desk, spawn, self._ahead, self)
        self.summary = Summary(self)
        self._body = QStackedLayout()
        for part in (self.report, self.asking, self.summary):
            self._body.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addLayout(self._body, 1)
        self._connect()

    # What the window calls

    def start(self, steps: list[Step]) -> None:
        self._course = Course(steps)
        self._aside = 0
        self._away = False
        self._turns.take(self._begin(), "begin the lane")

    def sent(self, order: OrderId, entries: tuple[EntryId, ...]) -> bool:
        """The report is in the outbox, as these. False: it was not from here."""
        if order != self._sending:
            return False
        self._sending = None
        self.report.sent(order)
        now = self._course.now
        if now is not None and now.order_id == order:
            now.entries = entries
            self._course.go_on(Outcome.SENT)
            self._show_picture()
            self._turns.take(self._enter(), "go on to the next document")
        return True

    def show_problems(self, order: OrderId, problems: list[Problem]) -> None:
        if order == self._sending:
            self._sending = None
        self.report.show_problems(order, problems)
        self._catch_up()

    def stop_waiting(self) -> None:
        """A send that waits for its pictures does not go any more."""
        self.report.stop_waiting()
        self._catch_up()

    def restored(self, entries: tuple[EntryId, ...]) -> bool:
        """A send was taken back: its document is there again, with everything typed. False: it was not from here."""
        step = self._course.open_again(entries)
        if step is not None:
            self._turns.take(self._come_back(step), "go back to a document")
        return step is not None

    @property
    def quiet(self) -> QWidget:
        """Where a toast covers neither the paper nor what is typed or pressed, and has room for its sentence."""
        shown = self._body.currentWidget()
        return self.report.bar.needs if shown is self.report else self.asking.free if shown is self.asking else self.summary

    def step_aside(self) -> None:
        """Another page is shown: its form may be of the same shipment, so this one lets go, and what is typed is written down."""
        if not self._course.ended:
            self._away = True
            self.report.open(None)

    def come_back(self) -> None:
        """This page is shown again."""
        if self._away:
            self._away = False
            self._papers.forget()
            self._turns.take(self._begin(), "go on with the lane")

    async def flush(self) -> bool:
        return await self.report.flush()

    def on_change(self, change: Change) -> None:
        self._papers.on_change(change)
        self.report.on_change(change)
        if isinstance(change, PaperChanged | ShipmentsChanged) and self.isVisible() and not self._course.ended:
            self._news = True
            self._catch_up()

    def take_scan(self, text: str) -> bool:
        """The document that is present now belongs to the shipment that was scanned."""
        step = self._course.now
        if step is not None:
            self._spawn(self._elsewhere.scanned(text, step), "assign what was scanned")
        return step is not None

    # From document to document

    async def _begin(self) -> None:
        await self._let_go()
        await self._known.read_documents(self._course, here=True)
        await self._known.read_lines(self._course)
        await self._enter()

    async def _enter(self) -> None:
        if self._away:
            return  # when the person is here again
        step = self._course.now
        self._asking_other = False
        self.bar.tell(self._course, self._known.lines)
        if step is None:
            self._finish()
            return
        self.bar.announce()
        if step.order_id is None:
            self.report.open(None)
            self._ask(step, tr("Which shipment is this?"))
        else:
            await self._open_form(step, step.order_id)
        self._known.foresee(self._course)

    async def _open_form(self, step: Step, order: OrderId) -> None:
        if self.report.order == order and not await self._let_form_go():
            return  # another document of the same shipment: its form is another, and read anew
        try:
            known = await self._papers.lay(step.document, order)
        except DeskError as error:
            self.told.emit(labels.error(error), None)
            self._ask(step, tr("Which shipment is this?"))
            return
        if self._away:
            return  # another page was shown meanwhile; this form opens when the person is here again
        self._first = next((page.picture.id for page in step.document.pages if page.picture is not None), None)
        self._body.setCurrentWidget(self.report)
        self.report.open(order, known=known)
        self._show_picture()
        self.report.focus_first_empty()

    def _choose_first(self) -> None:
        """As soon as the form has its pictures."""
        pictures = self.report.pane.pictures()
        if pictures:
            wanted, self._first = self._first, None
            for place, picture in enumerate(pictures):
                if picture.id == wanted:
                    self.report.pane.strip.setCurrentRow(place)

    def _show_picture(self) -> None:
        """Of the present document, as soon as it is the present one: the draft that has it is still to be read."""
        step = self._course.now
        picture = step.document.sendable[0].picture if step is not None and step.order_id is not None and step.document.sendable else None
        pixels = self._ahead.at_once(picture.id) if picture is not None else None
        if pixels is not None:
            self.report.pane.show_ahead(image_of(pixels))

    def _ask(self, step: Step, title: str) -> None:
        offered = tuple(order for order in step.document.candidates if order != step.order_id)
        self.asking.show_document(step.document, self._known.lines, offered, title)
        self._body.setCurrentWidget(self.asking)
        self.asking.setFocus(Qt.FocusReason.OtherFocusReason)

    async def _skip(self) -> None:
        if await self.report.flush():
            self._course.go_on(Outcome.SKIPPED)
            await self._enter()

    async def _back(self) -> None:
        if await self.report.flush() and self._course.go_back():
            await self._enter()

    async def _again(self, key: PageId) -> None:
        self._course.go_to(key)
        await self._enter()

    async def _come_back(self, step: Step) -> None:
        if await self._let_form_go():
            self._course.stand_at(step)
            await self._begin()

    async def _end(self) -> None:
        await self.report.flush()
        self.report.open(None)
        self.left.emit()

    async def _put_aside(self) -> None:
        step = self._course.now
        if step is None:
            return
        pages = [page.id for page in step.document.pages]
        await self.report.flush()
        self.report.open(None)
        were = await self._desk.paper.drop(pages)
        self._aside += len(pages)
        self._course.steps.remove(step)
        await self._enter()

        def back() -> None:
            self._aside -= len(pages)
            self._spawn(self._desk.paper.restore(were), "take back that pages were put aside")

        self.told.emit(tr("{n} page(s) put aside", n=len(pages)), back)

    async def _let_form_go(self) -> bool:
        """What is typed is on disk, and the form closed. False: the disk refuses, and the form says so."""
        saved = await self.report.flush()
        if saved:
            self.report.open(None)
        return saved

    def _move(self, work: Coroutine[object, object, None], name: str) -> None:
        """What a person asks for: a key that comes while a step is under way, or a report is handed over, is one too many."""
        if self._is_busy:
            work.close()
        else:
            self._turns.take(work, name)

    @property
    def _is_busy(self) -> bool:
        return self._turns.under_way or self._is_sending

    @property
    def _is_sending(self) -> bool:
        return self._sending is not None or self.report.is_sending

    # What is known

    def _catch_up(self) -> None:
        """Not while it goes on to the next document: a report that is sent is heard of five times, and a person waits for the picture."""
        if self._news and not self._reading and not self._is_busy:
            self._reading, self._news = True, False
            self._spawn(self._read_again(), "read the paper again")

    async def _read_again(self) -> None:
        try:
            await self._read_all()
        finally:
            self._reading = False
        self._catch_up()

    async def _read_all(self) -> None:
        await self._known.read_documents(self._course)
        await self._known.read_lines(self._course)
        self.bar.tell(self._course, self._known.lines)
        self._known.foresee(self._course)

    # Showing

    def _finish(self) -> None:
        self.report.open(None)
        self.summary.tell_course(self._course, self._known.lines, self._aside)
        self._body.setCurrentWidget(self.summary)
        self.summary.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_other(self) -> None:
        step = self._course.now
        if step is not None and step.order_id is not None and not self._is_busy:
            self._asking_other = True
            self._ask(step, tr("Which shipment is it, then?"))

    def _ask_which(self, found: Sequence[OrderId]) -> None:
        self._ask_other()
        self.asking.picker.offer(found)

    def _out_of_asking(self) -> None:
        if self._asking_other:
            self._asking_other = False
            self._body.setCurrentWidget(self.report)
            self.report.focus_first_empty()
        else:
            self._move(self._end(), "end the lane")

    # Events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._halve()

    def _halve(self) -> None:
        """The picture has half of the width at least."""
        for halves in self.report.findChildren(QSplitter):
            halves.setSizes([self.width() // 2, self.width() // 2])

    def _connect(self) -> None:
        bar = self.bar
        bar.other_asked.connect(self._ask_other)
        bar.skip_asked.connect(lambda: self._move(self._skip(), "skip a document"))
        bar.back_asked.connect(lambda: self._move(self._back(), "go back a document"))
        bar.end_asked.connect(lambda: self._move(self._end(), "end the lane"))
        self.report.left.connect(lambda: self._move(self._end(), "end the lane"))
        self.report.send_asked.connect(self._send)
        self.report.told.connect(lambda words: self.told.emit(words, None))
        self.report.picture_removed.connect(lambda back, words: self.told.emit(words, back))
        self.report.move_asked.connect(self._move_out)
        self._elsewhere.told.connect(self.told)
        self._elsewhere.several.connect(self._ask_which)
        self.report.pane.retouch.made.connect(self._papers.changed)
        self.report.pane.strip.chosen.connect(lambda _picture: self._choose_first())
        self.asking.picked.connect(self._picked)
        self.asking.left.connect(self._out_of_asking)
        self.asking.aside_asked.connect(lambda: self._move(self._put_aside(), "put a document aside"))
        self.summary.back_asked.connect(self.list_asked)
        self.summary.paper_asked.connect(self.left)
        self.summary.again_asked.connect(lambda key: self._move(self._again(key), "go back to a document"))
        keys = LaneKeys(self)
        keys.skip.connect(bar.skip.click)
        keys.back.connect(bar.back.click)
        other = QShortcut(QKeySequence("F2"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        other.activated.connect(self._ask_other)
        out = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        out.activated.connect(bar.end.click)

    def _picked(self, order: OrderId) -> None:
        if (step := self._course.now) is not None:
            self._move(self._elsewhere.assign(step, order), "assign a document")

    def _move_out(self, _order: OrderId, draft: Draft, pictures: frozenset[PictureId] | None, to: OrderId) -> None:
        step = self._course.now
        if step is None:
            return
        if pictures is None or len(step.document.pages) == 1:
            self._move(self._elsewhere.assign(step, to), "move a document")
        else:
            self._move(self._elsewhere.move_pictures(step, draft, pictures, to), "move a page")

    def _send(self, order: OrderId, draft: Draft, confirmed: object, then_next: bool) -> None:
        self._sending = order
        self._spawn(self._hand_over(order, draft, confirmed, then_next), "hand over a document")

    async def _hand_over(self, order: OrderId, draft: Draft, confirmed: object, then_next: bool) -> None:
        try:
            await self._papers.put_in(order, draft)
        except DeskError as error:
            self.told.emit(labels.error(error), None)
            self.show_problems(order, [])
        else:
            self.send_asked.emit(order, draft, confirmed, then_next)
