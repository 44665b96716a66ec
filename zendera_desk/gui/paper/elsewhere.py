"""Whose a document of the lane is, said anew: by a scan, by typing, or because a page or all of it lies in the wrong form.

Each wish is bound to the document it was made about: who has gone on meanwhile finds what is present as it was.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.paper import Code
from zendera_desk.domain.report import Draft
from zendera_desk.domain.scans import kind_of
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.paper import words
from zendera_desk.gui.paper.course import Course, Outcome, Step
from zendera_desk.gui.paper.known import Known
from zendera_desk.gui.paper.lanedesk import LaneDesk
from zendera_desk.gui.paper.moving import Moving, Undo
from zendera_desk.gui.paper.turns import Turns
from zendera_desk.gui.words import tr


class Hands(NamedTuple):
    """What the lane does for it."""

    course: Callable[[], Course]
    let_form_go: Callable[[], Awaitable[bool]]
    """Writes down what is typed and closes the form. False: the disk refuses, and the form says so."""
    enter: Callable[[], Awaitable[None]]
    """Shows the present document."""
    is_sending: Callable[[], bool]


class Elsewhere(QObject):
    told = Signal(str, object)
    """One sentence, and the call that takes back what it tells, or None."""
    several = Signal(object)
    """list[OrderId]: the present document may be of any of these."""

    def __init__(self, desk: Desk, known: Known, papers: LaneDesk, turns: Turns, hands: Hands, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._known, self._papers, self._turns, self._hands = desk, known, papers, turns, hands
        self._moving = Moving(desk, papers)

    async def assign(self, step: Step, order: OrderId) -> None:
        """Also to another shipment than the one whose form is open: what was typed goes along."""
        if step is not self._hands.course().now or self._hands.is_sending():
            await self._assign_late(step, order)
        elif order == step.order_id:
            await self._hands.enter()
        elif await self._hands.let_form_go():
            try:
                await self._move_document(step, order)
            except DeskError as error:
                self.told.emit(labels.error(error), None)
            await self._known.read_documents(self._hands.course(), here=True)
            await self._go_on()

    async def _move_document(self, step: Step, order: OrderId) -> None:
        was = step.order_id
        undo, moved = await self._moving.document(step.document, was, order)
        if was is not None and moved is not None and moved.source_after is not None:
            self._tell_moved(tr("Moved to {order}; a draft stays with {other}", order=order, other=was), step, undo)
        elif was is not None:
            self._tell_moved(tr("Moved to {order}", order=order), step, undo)

    async def _assign_late(self, step: Step, order: OrderId) -> None:
        """A person has gone on from the document meanwhile, or is sending it."""
        where = words.pages_title(step.document, step.stack_name)
        if step.outcome is Outcome.SENT or step is self._hands.course().now:
            self.told.emit(tr("{document} was sent before it was known what was scanned", document=where), None)
            return
        ids = [page.id for page in step.document.pages]
        await self._desk.paper.assign(ids, order)
        if any(page.filed not in {None, order} for page in await self._desk.paper.pages(ids)):
            self.told.emit(tr("{document} lies in a form already, and was left there", document=where), None)
            return
        self.told.emit(tr("{document} belongs to {order} now", document=where, order=order), None)

    async def move_pictures(self, step: Step, draft: Draft, pictures: frozenset[PictureId], to: OrderId) -> None:
        """One picture of the form: a page of the document, or another."""
        order = step.order_id
        page = next((found for each in pictures if order is not None and (found := self._papers.page_of(order, each))), None)
        if step is not self._hands.course().now or order is None or not await self._hands.let_form_go():
            return
        try:
            new: list[Step] = []
            if page is None:
                undo = await self._moving.pictures(order, draft, pictures, to)
            else:
                undo = await self._moving.page(step.document, order, page, to)
                new = self._hands.course().part(step, await self._known.beside(step))
            self._tell_moved(tr("{n} picture(s) moved to {order}.", n=len(pictures), order=to), step, undo, new)
        except DeskError as error:
            self.told.emit(labels.error(error), None)
        await self._go_on()

    def _tell_moved(self, words_: str, step: Step, undo: Undo, new: Sequence[Step] = ()) -> None:
        def back() -> None:
            self._turns.take(self._move_back(step, undo, new), "move back")

        self.told.emit(words_, back)

    async def _move_back(self, step: Step, undo: Undo, new: Sequence[Step]) -> None:
        course = self._hands.course()
        if self._hands.is_sending() or not await self._hands.let_form_go():
            return
        try:
            await undo()
        except DeskError as error:
            self.told.emit(labels.error(error), None)
        else:
            course.steps = [each for each in course.steps if each not in new]
            course.stand_at(step)
        await self._known.read_documents(course, here=True)
        await self._go_on()

    async def scanned(self, text: str, step: Step) -> None:
        found = await self._desk.find_by_codes([Code(kind=kind_of(text), text=text)])
        if len(found) == 1:
            self._turns.take(self.assign(step, found[0]), "assign what was scanned")
        elif not found:
            self.told.emit(tr("No shipment here has {number}", number=visible(text)), None)
        elif step is self._hands.course().now:
            self.several.emit(found)
        else:
            self.told.emit(tr("{n} shipments have {number}", n=len(found), number=visible(text)), None)

    async def _go_on(self) -> None:
        await self._known.read_lines(self._hands.course())
        await self._hands.enter()
