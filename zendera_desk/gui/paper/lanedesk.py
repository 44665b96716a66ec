"""The desk as the lane's form sees it: a document's pages lie in the draft of their shipment, as pictures among the others.

On disk they do so only while a person has done something there. What is merely looked at stays in the tray, whatever ends the looking:
the next document, another page of the window, a power cut. A page that is turned or cropped before anything is typed is turned or
cropped in the tray. So nothing has to be taken back when a person goes on, and nobody has to judge what a form was about.
"""

import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, DraftsChanged, ShipmentsChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId, PageId, PictureId
from zendera_desk.domain.mending import Moved, only_pictures, parted, with_pictures
from zendera_desk.domain.paper import Document, Edits, Page, PageState
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui.paper.ahead import Ahead
from zendera_desk.pictures import Pixels


class _Leaf(msgspec.Struct):
    """A page in the form."""

    page: PageId
    picture: Picture
    in_the_tray: PictureId
    """What the page looks like there."""
    looks: set[PictureId]
    """What it was made to look like here, one after the other."""


class _Laid(msgspec.Struct):
    """What lies in the form of one shipment, over the draft that it had before."""

    before: Draft | None
    leaves: list[_Leaf]
    own: frozenset[PictureId] = frozenset()
    """Where it is not known any more what the draft was before: its pictures that are of the document."""
    is_on_disk: bool = False
    is_discarded: bool = False

    def over(self, draft: Draft | None) -> Draft | None:
        pictures = tuple(leaf.picture for leaf in self.leaves)
        return with_pictures(draft or Draft(), Draft(pictures=pictures)) if pictures else draft

    def is_all(self, draft: Draft) -> bool:
        """Nothing is in the form besides what was there before and the paper. A status or stop merely chosen is no loss."""
        for leaf in self.leaves:
            leaf.picture = next((picture for picture in draft.pictures if picture.id in leaf.looks), leaf.picture)
        shown = self.over(self.before) or Draft()
        if draft.pictures != shown.pictures:
            return False
        if self.before is None:
            return only_pictures(draft)
        currency = draft.currency if self.before.currency else ""  # the form's own, where the draft has none
        return msgspec.structs.replace(draft, currency=currency) == shown


_Found = tuple[OpenShipment | None, list[Page]]


class _Look(msgspec.Struct, eq=False):
    """At a shipment, and at the pages of a document."""

    order: OrderId
    pages: list[PageId]
    found: _Found | None = None


class LaneDesk:
    """All else that a form asks of the desk goes straight to it; large pictures come from `ahead`."""

    def __init__(self, desk: Desk, ahead: Ahead) -> None:
        self._desk, self._ahead = desk, ahead
        self._laid: dict[OrderId, _Laid] = {}
        self._look: _Look | None = None
        """The last one, until its shipment reads differently."""

    # What the lane does

    async def foresee(self, document: Document, order: OrderId) -> None:
        """Reads what laying it will need: a person gets to it soon. What is in the way of that is told when it is laid."""
        with contextlib.suppress(DeskError):
            await self._looked(document, order)

    def forget(self) -> None:
        """What was foreseen. Pages may be turned where their forms do not see it."""
        self._look = None

    def on_change(self, change: Change) -> None:
        """Of pages the lane hears, and has them read again when it is at rest; of what became of them meanwhile `put_in` takes care."""
        if isinstance(change, ShipmentsChanged | DraftsChanged) and self._look is not None and self._look.order in change.ids:
            self._look = None

    async def lay(self, document: Document, order: OrderId) -> OpenShipment | None:
        """From here on the form of this shipment shows these pages. Returns what it shows, or None where that changed while it was read.

        Raises DeskError: not_here, and what reading raises.
        """
        look, wanted = self._look, [page.id for page in document.pages]
        found = look.found if look is not None and (look.order, look.pages) == (order, wanted) else None
        if found is None:
            look, found = await self._looked(document, order)
        opened, pages = found
        if opened is None:
            raise DeskError("not_here")
        self._lay(opened, pages)
        is_so = self._look is look
        self._look = None
        return self._seen(opened) if is_so else None

    async def _looked(self, document: Document, order: OrderId) -> tuple[_Look, _Found]:
        look = self._look = _Look(order, [page.id for page in document.pages])
        look.found = found = await self._desk.shipment(order), await self._desk.paper.pages(look.pages)
        return look, found

    def _lay(self, opened: OpenShipment, pages: Sequence[Page]) -> None:
        order = opened.line.order_id
        seen = [(page.id, page.picture) for page in pages if _is_free(page) and page.picture is not None]
        leaves = [_Leaf(page, picture, picture.id, {picture.id}) for page, picture in seen]
        old = self._laid.get(order)
        if not leaves and old is not None and old.is_on_disk and {leaf.page for leaf in old.leaves} == {page.id for page in pages}:
            return  # a person comes back to it
        own = frozenset(page.picture.id for page in pages if page.filed == order and page.picture is not None)
        self._laid[order] = _Laid(before=opened.draft, leaves=leaves, own=own)

    def page_of(self, order: OrderId, picture: PictureId) -> PageId | None:
        """Which page it is, if it is one."""
        laid = self._laid.get(order)
        return None if laid is None else next((leaf.page for leaf in laid.leaves if leaf.picture.id == picture), None)

    def changed(self, order: OrderId | None, before: Picture, after: Picture) -> None:
        """A picture was turned, cropped or brightened: of a page that lies in a form, it is the page that looks otherwise."""
        for leaf in self._laid[order].leaves if order in self._laid else ():
            if before.id in leaf.looks:
                leaf.looks.add(after.id)
                leaf.picture = after

    async def put_in(self, order: OrderId, draft: Draft) -> None:
        """Before it is sent: its pages go with it, also where nothing was typed. Raises DeskError."""
        laid = self._laid.get(order)
        if laid is not None and not laid.is_on_disk:
            await self._desk.paper.put_in([leaf.page for leaf in laid.leaves], order, draft)
            laid.is_on_disk = True

    async def move(self, order: OrderId, to: OrderId) -> Moved | None:
        """What was typed goes to the other shipment, with the pages; what its own draft had in words before stays here.

        None: nothing was typed, so there is nothing to move. Where the other one has words of its own, or these words are bound to
        their shipment, they stay. Raises DeskError.
        """
        laid = self._laid.pop(order, None)
        opened = await self._desk.shipment(order)
        if laid is None or opened is None or opened.draft is None or (laid.leaves and not laid.is_on_disk):
            return None
        if laid.leaves:
            stays, goes = _parted(opened.draft, laid.before)
        else:
            stays, goes = parted(opened.draft, laid.own)
        try:
            return await self._desk.paper.move(order, to, stays, goes)
        except DeskError as error:
            if error.code not in {"draft_there", "bound_here"}:
                raise
        return await self._desk.mending.move_pictures(order, opened.draft, {each.id for each in goes.pictures}, to)

    # What the form asks of the desk

    async def shipment(self, order: OrderId) -> OpenShipment | None:
        opened = await self._desk.shipment(order)
        return opened and self._seen(opened)

    def _seen(self, opened: OpenShipment) -> OpenShipment:
        laid = self._laid.get(opened.line.order_id)
        if laid is None or laid.is_on_disk or laid.is_discarded:
            return opened
        return msgspec.structs.replace(opened, draft=laid.over(opened.draft))

    async def save_draft(self, order: OrderId, draft: Draft) -> None:
        laid = self._laid.get(order)
        if laid is not None and laid.leaves and laid.is_all(draft):
            await self._keep_as_it_was(order, laid)
        elif laid is not None and laid.leaves and not laid.is_on_disk:
            laid.is_discarded = False
            await self.put_in(order, draft)
        else:
            await self._desk.save_draft(order, draft)

    async def discard_draft(self, order: OrderId) -> None:
        laid = self._laid.get(order)
        await self._desk.discard_draft(order)
        if laid is not None:
            laid.before, laid.is_on_disk, laid.is_discarded = None, False, True

    async def add_pictures(self, order: OrderId, pictures: Sequence[Picture]) -> None:
        """They were given to the form that was left meanwhile: the pages among which they were seen go with them."""
        laid = self._laid.get(order)
        if laid is not None and laid.leaves and not laid.is_on_disk:
            await self.put_in(order, laid.over(laid.before) or Draft())
        await self._desk.add_pictures(order, pictures)

    async def exchange_picture(self, order: OrderId, before: PictureId, after: Picture) -> None:
        """It was changed when its form had been left."""
        laid = self._laid.get(order)
        leaf = next((leaf for leaf in laid.leaves if before in leaf.looks), None) if laid is not None else None
        if laid is None or leaf is None or laid.is_on_disk:
            await self._desk.exchange_picture(order, before, after)
        else:
            leaf.picture = after
            await self._keep_as_it_was(order, laid)

    async def picture_pixels(self, picture: PictureId, longest: int | None = None, edits: Edits = Edits()) -> Pixels:  # noqa: B008 (frozen)
        if edits != Edits():
            return await self._desk.picture_pixels(picture, longest, edits)
        return await self._ahead.pixels(picture, longest)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the desk has)
        return getattr(self._desk, name)

    async def _keep_as_it_was(self, order: OrderId, laid: _Laid) -> None:
        """The draft as it was before the paper, and the pages in the tray as they are seen here."""
        if laid.is_on_disk:
            laid.is_on_disk = False
            await (self._desk.discard_draft(order) if laid.before is None else self._desk.save_draft(order, laid.before))
        for leaf in laid.leaves:
            if leaf.picture.id != (seen := leaf.in_the_tray):
                leaf.in_the_tray = leaf.picture.id
                try:
                    await self._desk.paper.edit(leaf.page, await self._desk.picture_edits(leaf.picture.id))
                except DeskError:
                    leaf.in_the_tray = seen
                    raise


def _is_free(page: Page) -> bool:
    return page.filed is None and not page.separator and page.state is not PageState.DROPPED


def _parted(draft: Draft, before: Draft | None) -> tuple[Draft | None, Draft]:
    """What stays, and what goes: pictures that are new, and what stands in fields that were empty."""
    if before is None:
        return None, draft
    bound = {"corrects", "instead_of", "pictures", "status", "stop", "currency"}
    fields = [field for field in Draft.__struct_fields__ if field not in bound]
    typed = {field: getattr(draft, field) for field in fields if not getattr(before, field)}  # empty fields among them: they say nothing
    pictures = tuple(picture for picture in draft.pictures if picture not in before.pictures)
    goes = Draft(status=draft.status, stop=draft.stop, currency=draft.currency if draft.cost else "", pictures=pictures, **typed)
    back = (*typed, "status", "stop", "pictures", *(("currency",) if "cost" in typed else ()))
    kept = {field: getattr(before, field) for field in back}
    return msgspec.structs.replace(draft, **kept), goes
