"""The way through the lane: which documents, which one now, and what became of each. Pure: no widgets, no desk."""

from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum

import msgspec

from zendera_desk.domain.ids import EntryId, OrderId, PageId
from zendera_desk.domain.paper import Document


class Outcome(StrEnum):
    OPEN = "open"
    """Not reached yet."""
    SENT = "sent"
    SKIPPED = "skipped"


class Step(msgspec.Struct, kw_only=True, eq=False):
    document: Document
    stack_name: str = ""
    outcome: Outcome = Outcome.OPEN
    entries: tuple[EntryId, ...] = ()
    """As what it was sent. Its shipment may have other reports, from elsewhere or from another document."""

    @property
    def key(self) -> PageId:
        """Its first page names a document: assigning and reading again leave it what it is."""
        return self.document.pages[0].id

    @property
    def order_id(self) -> OrderId | None:
        return self.document.order_id


def holding(found: Iterable[Document], page: PageId) -> Document | None:
    """The one of these in which this page is now."""
    return next((document for document in found if any(each.id == page for each in document.pages)), None)


class Course:
    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)
        self.place = 0

    @property
    def now(self) -> Step | None:
        return self.steps[self.place] if self.place < len(self.steps) else None

    @property
    def following(self) -> Step | None:
        """Where `go_on` leads."""
        place = self._beside(self.place, 1)
        return self.steps[place] if place < len(self.steps) else None

    @property
    def ended(self) -> bool:
        return self.place >= len(self.steps)

    def ahead(self, number: int) -> list[Step]:
        """Those that come next."""
        return self.steps[self.place + 1 : self.place + 1 + number]

    def go_on(self, outcome: Outcome) -> None:
        """Notes what became of this one. What is sent already is passed over: nobody shall key it twice."""
        if self.now is not None:
            self.now.outcome = outcome
        self.place = self._beside(self.place, 1)

    def go_back(self) -> bool:
        place = self._beside(self.place, -1)
        if place < 0:
            return False
        self.place = place
        return True

    def go_to(self, key: PageId) -> bool:
        for place, step in enumerate(self.steps):
            if step.key == key:
                self.place = place
                return True
        return False

    def stand_at(self, step: Step) -> bool:
        """Whatever document it has by now. False: it is not among them any more."""
        if step not in self.steps:
            return False
        self.place = self.steps.index(step)
        return True

    def part(self, step: Step, found: Sequence[Document]) -> list[Step]:
        """The pages of this one lie in several documents now: those that are new come behind it. Returns these."""
        pages = {page.id for page in step.document.pages}
        parts = [document for document in found if any(page.id in pages for page in document.pages)]
        if not parts:
            return []
        others = {each.key for each in self.steps if each is not step}
        step.document = parts[0]
        waiting = [document for document in parts[1:] if document.sendable and document.pages[0].id not in others]
        new = [Step(document=document, stack_name=step.stack_name) for document in waiting]
        after = self.steps.index(step) + 1
        self.steps[after:after] = new
        return new

    def open_again(self, entries: Collection[EntryId]) -> Step | None:
        """The one that was sent as one of these, which were taken back."""
        for step in self.steps:
            if step.outcome is Outcome.SENT and any(entry in entries for entry in step.entries):
                step.outcome = Outcome.OPEN
                return step
        return None

    def read_again(self, found: Callable[[PageId], Document | None]) -> None:
        """Documents as they are by now; what is being keyed, or was sent, stays as it was when it was looked at."""
        for place, step in enumerate(self.steps):
            if place != self.place and step.outcome is not Outcome.SENT and (document := found(step.key)) is not None:
                step.document = document

    def those(self, outcome: Outcome) -> list[Step]:
        return [step for step in self.steps if step.outcome is outcome]

    @property
    def without_shipment(self) -> list[Step]:
        return [step for step in self.steps if step.order_id is None]

    def _beside(self, place: int, by: int) -> int:
        place += by
        while 0 <= place < len(self.steps) and self.steps[place].outcome is Outcome.SENT:
            place += by
        return place
