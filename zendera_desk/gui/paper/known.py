"""What the lane knows of its documents and their shipments, read again when something changed, and decoded before it is looked at."""

import contextlib
from collections.abc import Sequence
from typing import Final

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.paper import Document
from zendera_desk.gui.paper import words
from zendera_desk.gui.paper.ahead import Ahead
from zendera_desk.gui.paper.course import Course, Step, holding
from zendera_desk.gui.paper.lanedesk import LaneDesk
from zendera_desk.gui.spawn import Spawn

_AHEAD: Final = 2
"""Documents that are decoded before a person gets to them."""
_PAGES: Final = 2
"""Pages of each of them."""


class Known:
    def __init__(self, desk: Desk, spawn: Spawn, ahead: Ahead, papers: LaneDesk) -> None:
        self._desk, self._spawn, self._ahead, self._papers = desk, spawn, ahead, papers
        self.lines: words.Lines = {}

    async def beside(self, step: Step) -> Sequence[Document]:
        """The documents of its stack, also where none of its pages waits any more."""
        return (await self._desk.paper.stack(step.document.pages[0].stack)).documents

    async def read_documents(self, course: Course, *, here: bool = False) -> None:
        """The present one stays what it was when a person got to it, but `here`."""
        found = {document.pages[0].id: document for stack in await self._desk.paper.stacks() for document in stack.documents}
        step = course.now
        course.read_again(found.get)
        if here and step is not None:
            with contextlib.suppress(DeskError):  # its stack is gone: laying it says so
                step.document = holding(await self.beside(step), step.key) or step.document

    async def read_lines(self, course: Course) -> None:
        orders = {order for step in course.steps for order in (step.order_id, *step.document.candidates) if order is not None}
        self.lines = {line.order_id: line for line in await self._desk.shipment_lines(sorted(orders))}

    def foresee(self, course: Course) -> None:
        """What a person gets to next."""
        steps = [step for step in (course.now, *course.ahead(_AHEAD)) if step is not None]
        self._ahead.foresee([page.picture.id for step in steps for page in step.document.sendable[:_PAGES] if page.picture is not None])
        following = course.following
        if following is not None and following.order_id is not None:
            self._spawn(self._papers.foresee(following.document, following.order_id), "read the next document")
