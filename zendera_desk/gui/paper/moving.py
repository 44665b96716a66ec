"""What lies in the lane goes to another shipment: a document with all that was typed about it, one page of it, or another picture.

Each is a wish to the desk that can be taken back as long as nobody went on with what was moved.
"""

from collections.abc import Awaitable, Callable, Sequence

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId, PageId, PictureId
from zendera_desk.domain.mending import Moved
from zendera_desk.domain.paper import Document
from zendera_desk.domain.report import Draft
from zendera_desk.gui.paper.lanedesk import LaneDesk

Undo = Callable[[], Awaitable[None]]
"""Raises DeskError("changed_since"), and changes nothing then."""


class Moving:
    """All that is typed is on disk, and the form closed, before any of these is called. They raise what the desk raises."""

    def __init__(self, desk: Desk, papers: LaneDesk) -> None:
        self._desk, self._papers = desk, papers

    async def document(self, document: Document, order: OrderId | None, to: OrderId) -> tuple[Undo, Moved | None]:
        """`order` is the shipment it is taken from; None: it had none."""
        ids = [page.id for page in document.pages]
        were = await self._desk.paper.pages(ids)
        moved = None if order is None else await self._papers.move(order, to)
        await self._desk.paper.assign(ids, to)

        async def undo() -> None:
            if moved is not None:
                await self._desk.mending.undo(moved)
            else:
                await self._still_in_tray(ids)
            await self._desk.paper.restore(were)

        return undo, moved

    async def page(self, document: Document, order: OrderId, page: PageId, to: OrderId) -> Undo:
        """The pages behind it stay with the shipment."""
        were = await self._desk.paper.pages([each.id for each in document.pages])
        behind = document.pages[[each.id for each in document.pages].index(page) + 1 :]
        rest = [each.id for each in behind if not each.separator]
        draft = await self._draft(order)
        was_in_form = any(each.id == page and each.filed is not None for each in were)
        if was_in_form:
            await self._desk.paper.unfile([page])
        await self._desk.paper.assign([page], to)
        await self._desk.paper.assign(rest, order)
        after = await self._draft(order)

        async def undo() -> None:
            await self._still_in_tray([page])
            if await self._draft(order) != after:
                raise DeskError("changed_since")
            await self._desk.paper.restore(were)
            if was_in_form and draft is not None:
                await self._desk.paper.put_in([page], order, draft)

        return undo

    async def pictures(self, order: OrderId, draft: Draft, pictures: frozenset[PictureId], to: OrderId) -> Undo:
        moved = await self._desk.mending.move_pictures(order, draft, pictures, to)

        async def undo() -> None:
            await self._desk.mending.undo(moved)

        return undo

    async def _draft(self, order: OrderId) -> Draft | None:
        opened = await self._desk.shipment(order)
        return None if opened is None else opened.draft

    async def _still_in_tray(self, pages: Sequence[PageId]) -> None:
        if any(page.filed is not None for page in await self._desk.paper.pages(pages)):
            raise DeskError("changed_since")
