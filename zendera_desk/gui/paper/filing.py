"""A document's pages in the draft of its shipment: put in when its form opens, out again when nothing came of it, or moved along."""

import msgspec

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.paper import Document
from zendera_desk.domain.report import Draft
from zendera_desk.gui.report.panel import ReportPanel


class Filing:
    """`report` is the form that shows the draft. All methods but `leave` raise what the desk raises."""

    def __init__(self, desk: Desk, report: ReportPanel) -> None:
        self._desk, self._report = desk, report
        self._open: OrderId | None = None
        self._first: PictureId | None = None

    async def put(self, document: Document, order: OrderId) -> None:
        pictures = [page.picture.id for page in document.pages if page.picture is not None]
        self._first = pictures[0] if pictures else None
        await self._desk.paper.file([page.id for page in document.pages], order)
        self._open = order

    def show_first(self) -> None:
        """The draft may hold other pictures before this document's: the form shows this document's first."""
        wanted, self._first = self._first, None
        pictures = self._report.pane.pictures()
        for place, picture in enumerate(pictures):
            if picture.id == wanted:
                self._report.pane.strip.setCurrentRow(place)
        if wanted is not None and not pictures:
            self._first = wanted  # they are not there yet

    def forget(self) -> None:
        """The report is sent: its pages are where they belong."""
        self._open = None

    async def flush(self) -> None:
        await self._report.flush()

    async def leave(self, document: Document, order: OrderId) -> None:
        """Nothing typed: the pages wait on in the tray. Else they stay with what was typed."""
        if self._open != order:
            return
        self._open = None
        untouched = _is_bare(self._report.draft())
        await self._report.flush()
        if untouched:
            try:
                await self._desk.paper.unfile([page.id for page in document.pages])
            except DeskError as error:
                if error.code != "in_report":  # it was sent from elsewhere: then there is nothing to take out
                    raise

    async def move(self, document: Document, order: OrderId, other: OrderId) -> None:
        """Out of the wrong shipment's draft. What was typed over these pages goes along, unless the other has a draft of its own."""
        typed = self._report.draft()
        await self._report.flush()
        self._report.open(None)
        self._open = None
        await self._desk.paper.unfile([page.id for page in document.pages])
        own = {page.picture.id for page in document.pages if page.picture is not None}
        there = await self._desk.shipment(other)
        if _is_bare(typed) or there is None or there.draft is not None or any(picture.id not in own for picture in typed.pictures):
            return
        await self._desk.save_draft(other, msgspec.structs.replace(typed, pictures=()))
        await self._desk.discard_draft(order)


def _is_bare(draft: Draft) -> bool:
    """Pictures, and nothing that a person typed. A status or stop merely chosen is no loss."""
    return msgspec.structs.replace(draft, status=Draft().status, stop=Draft().stop, currency="", pictures=()) == Draft()
