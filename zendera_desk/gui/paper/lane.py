"""The lane: one document after the other, its picture left and its form right, and the next one ready before it is asked for.

A document's pages are put into its shipment's draft when a person gets to it, and taken out again when they go on without
having typed anything: what was only looked at goes on waiting in the tray. The form is the report's own, with a life of its own
here; the window's form is closed meanwhile, so that no two forms ever write one draft.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Final, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, PaperChanged, ShipmentsChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId, PageId
from zendera_desk.domain.paper import Code, documents
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.scans import kind_of
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.images import image_of
from zendera_desk.gui.paper import words
from zendera_desk.gui.paper.ahead import Ahead, WithAhead
from zendera_desk.gui.paper.asking import Asking
from zendera_desk.gui.paper.bar import LaneBar
from zendera_desk.gui.paper.course import Course, Outcome, Step, holding
from zendera_desk.gui.paper.filing import Filing
from zendera_desk.gui.paper.lanekeys import LaneKeys
from zendera_desk.gui.paper.summary import Left, Summary
from zendera_desk.gui.paper.turns import Turns
from zendera_desk.gui.report.needs import Preferred, ReportDesk
from zendera_desk.gui.report.panel import ReportPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import Tone
from zendera_desk.gui.words import tr

_AHEAD: Final = 2
"""Documents that are decoded before a person gets to them."""
_PAGES: Final = 2
"""Pages of each of them."""


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
        self._lines: words.Lines = {}
        self._aside = 0
        self._sending: OrderId | None = None
        self._away = self._asking_other = False
        self._turns = Turns(spawn)
        self.bar = LaneBar(self)
        with_ahead = cast("ReportDesk", WithAhead(desk, self._ahead))
        self.report = ReportPanel(with_ahead, spawn, Preferred(lambda: desk.settings), self, zone=desk.zone)
        self._filing = Filing(desk, self.report)
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

    def sent(self, order: OrderId) -> bool:
        """The report is in the outbox. False: it was not from here."""
        if order != self._sending:
            return False
        self._sending = None
        self.report.sent(order)
        self._filing.forget()
        now = self._course.now
        if now is not None and now.order_id == order:
            self._course.go_on(Outcome.SENT)
            self._show_picture()
            self._turns.take(self._enter(), "go on to the next document")
        return True

    def show_problems(self, problems: list[Problem]) -> None:
        self._sending = None
        self.report.show_problems(problems)

    def restored(self, order: OrderId) -> bool:
        """A send was taken back: its document is there again, with everything typed. False: it was not from here."""
        if not self._course.come_back_to(order):
            return False
        self._turns.take(self._come_back(), "go back to a document")
        return True

    @property
    def quiet(self) -> QWidget:
        """Where a toast covers nothing that is typed or pressed."""
        shown = self._body.currentWidget()
        return self.report.pane.viewer if shown is self.report else self.asking.viewer if shown is self.asking else self.summary

    def step_aside(self) -> None:
        """Another page is shown: its form may be of the same shipment, so this one writes down what it has and lets go."""
        if not self._course.ended:
            self._away = True
            self.report.open(None)

    def come_back(self) -> None:
        """This page is shown again."""
        if self._away:
            self._away = False
            self._turns.take(self._begin(), "go on with the lane")

    async def flush(self) -> bool:
        return await self.report.flush()

    def on_change(self, change: Change) -> None:
        self.report.on_change(change)
        if isinstance(change, PaperChanged | ShipmentsChanged) and self.isVisible() and not self._course.ended:
            self._spawn(self._read_again(), "read the paper again")

    def take_scan(self, text: str) -> bool:
        """The present document belongs to the shipment that was scanned."""
        if self._course.ended:
            return False
        self._spawn(self._scanned(text), "assign what was scanned")
        return True

    # From document to document

    async def _begin(self) -> None:
        await self._let_go()
        await self._read_lines()
        await self._enter()

    async def _enter(self) -> None:
        if self._away:
            return  # when the person is here again
        step = self._course.now
        self._asking_other = False
        self._tell_bar()
        if step is None:
            self._finish()
            return
        self.bar.announce()
        if step.order_id is None:
            self.report.open(None)
            self._ask(step, tr("Which shipment is this?"))
        else:
            await self._open_form(step, step.order_id)
        self._foresee()

    async def _open_form(self, step: Step, order: OrderId) -> None:
        try:
            await self._filing.put(step.document, order)
        except DeskError as error:
            self.told.emit(labels.error(error), None)
            self._ask(step, tr("Which shipment is this?"))
            return
        if self._away:
            return  # another page was shown meanwhile; this form opens when the person is here again
        self._body.setCurrentWidget(self.report)
        self.report.open(order)
        self._show_picture()
        self.report.focus_first_empty()

    def _show_picture(self) -> None:
        """Of the present document, as soon as it is the present one: the draft that has it is still to be read."""
        step = self._course.now
        picture = step.document.sendable[0].picture if step is not None and step.order_id is not None and step.document.sendable else None
        pixels = self._ahead.at_once(picture.id) if picture is not None else None
        if pixels is not None:
            self.report.pane.show_ahead(image_of(pixels))

    def _ask(self, step: Step, title: str) -> None:
        offered = tuple(order for order in step.document.candidates if order != step.order_id)
        self.asking.show_document(step.document, self._lines, offered, title)
        self._body.setCurrentWidget(self.asking)
        self.asking.setFocus(Qt.FocusReason.OtherFocusReason)

    async def _leave(self) -> None:
        """What was typed stays a draft; what was only looked at waits on."""
        step = self._course.now
        if step is not None and step.order_id is not None:
            await self._filing.leave(step.document, step.order_id)

    async def _skip(self) -> None:
        await self._leave()
        self._course.go_on(Outcome.SKIPPED)
        await self._enter()

    async def _back(self) -> None:
        await self._leave()
        self._course.go_back()
        await self._enter()

    async def _again(self, key: PageId) -> None:
        self._course.go_to(key)
        await self._enter()

    async def _come_back(self) -> None:
        await self._filing.flush()
        await self._begin()

    async def _end(self) -> None:
        await self._leave()
        self.report.open(None)
        self.left.emit()

    async def _put_aside(self) -> None:
        step = self._course.now
        if step is None:
            return
        pages = [page.id for page in step.document.pages]
        await self._leave()
        await self._desk.paper.drop(pages)
        self._aside += len(pages)
        self._course.steps.remove(step)
        await self._enter()

        def back() -> None:
            self._aside -= len(pages)
            self._spawn(self._desk.paper.bring_back(pages), "bring pages back")

        self.told.emit(tr("{n} page(s) put aside", n=len(pages)), back)

    async def _assign(self, order: OrderId) -> None:
        """Also to another shipment than the one whose form is open: what was typed goes along."""
        step = self._course.now
        if step is None:
            return
        if order == step.order_id:
            await self._enter()
            return
        if step.order_id is not None:
            await self._filing.move(step.document, step.order_id, order)
        await self._desk.paper.assign([page.id for page in step.document.pages], order)
        await self._read_documents(here=True)
        await self._read_lines()
        await self._enter()

    async def _scanned(self, text: str) -> None:
        found = await self._desk.find_by_codes([Code(kind=kind_of(text), text=text)])
        if len(found) == 1:
            self._move(self._assign(found[0]), "assign what was scanned")
        elif found:
            self.asking.picker.offer(found)
        else:
            self.told.emit(tr("No shipment here has {number}", number=visible(text)), None)

    def _move(self, work: Coroutine[object, object, None], name: str) -> None:
        """What a person asks for: a key that comes while a step is under way, or a report is handed over, is one too many."""
        if self._is_busy:
            work.close()
        else:
            self._turns.take(work, name)

    @property
    def _is_busy(self) -> bool:
        return self._turns.under_way or self._sending is not None or self.report.is_sending

    # What is known

    async def _read_again(self) -> None:
        await self._read_documents()
        await self._read_lines()
        self._tell_bar()
        self._foresee()

    async def _read_documents(self, *, here: bool = False) -> None:
        stacks = await self._desk.paper.stacks()
        found = {document.pages[0].id: document for stack in stacks for document in documents(stack.pages)}
        step = self._course.now
        self._course.read_again(found.get)
        if here and step is not None:
            step.document = holding(found.values(), step.key) or step.document

    async def _read_lines(self) -> None:
        orders = {order for step in self._course.steps for order in (step.order_id, *step.document.candidates) if order is not None}
        self._lines = {line.order_id: line for line in await self._desk.shipment_lines(sorted(orders))}

    def _foresee(self) -> None:
        steps = [step for step in (self._course.now, *self._course.ahead(_AHEAD)) if step is not None]
        self._ahead.foresee([page.picture.id for step in steps for page in step.document.sendable[:_PAGES] if page.picture is not None])

    # Showing

    def _tell_bar(self) -> None:
        step, course = self._course.now, self._course
        self.bar.setVisible(step is not None)
        if step is None:
            return
        self.bar.tell_place(course.place + 1, len(course.steps), len(course.those(Outcome.SENT)))
        where = words.pages_title(step.document, step.stack_name)
        self.bar.other.setEnabled(step.order_id is not None)
        if step.order_id is None:
            label = words.document_label(step.document, self._lines)
            self.bar.tell_whose(label.icon, label.text, where)
            return
        title = words.shipment_title(step.order_id, self._lines)
        how = words.matched_by(step.document)
        self.bar.tell_whose("package", title, f"{where} · {how}" if how else where)

    def _finish(self) -> None:
        self.report.open(None)
        course = self._course
        left = [self._left(step) for step in course.steps if step.outcome is not Outcome.SENT]
        skipped = len([step for step in course.those(Outcome.SKIPPED) if step.order_id is not None])
        without = len([step for step in course.without_shipment if step.outcome is not Outcome.SENT])
        self.summary.tell(len(course.those(Outcome.SENT)), skipped, without, self._aside, left)
        self._body.setCurrentWidget(self.summary)
        self.summary.setFocus(Qt.FocusReason.OtherFocusReason)

    def _left(self, step: Step) -> Left:
        where = words.pages_title(step.document, step.stack_name)
        if step.order_id is None:
            label = words.document_label(step.document, self._lines)
            return Left(step.key, f"{label.text} · {where}", label.icon, label.tone)
        return Left(step.key, f"{words.shipment_title(step.order_id, self._lines)} · {where}", "package", Tone.NEUTRAL)

    def _ask_other(self) -> None:
        step = self._course.now
        if step is not None and step.order_id is not None and not self._is_busy:
            self._asking_other = True
            self._ask(step, tr("Which shipment is it, then?"))

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
        self.report.pane.strip.chosen.connect(lambda _picture: self._filing.show_first())
        self.asking.picked.connect(lambda order: self._move(self._assign(order), "assign a document"))
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

    def _send(self, order: OrderId, draft: object, confirmed: object, then_next: bool) -> None:
        self._sending = order
        self.send_asked.emit(order, draft, confirmed, then_next)
