"""What a person sees at the desk: lists, shipments, pictures, outbox, status. Everything here is read, each in one snapshot.

What is done about it stands on this, in desk.py.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from zendera_desk.api import wire
from zendera_desk.domain.board import Board
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import AccountId, EntryId, OrderId, PictureId
from zendera_desk.domain.paper import Code, Edits, PictureFacts
from zendera_desk.domain.shipment import Shipment, StopKind
from zendera_desk.domain.views import Connection, DeskStatus, EntryStory, OpenShipment, OutboxLine, ShipmentLine, Sort, Timeline, View
from zendera_desk.lists import Lists
from zendera_desk.opened import Opened
from zendera_desk.ownviews import OwnViews
from zendera_desk.pictures import Pixels
from zendera_desk.store import (
    audits,
    board,
    database,
    drafts,
    listing,
    outbox_view,
    remembered,
    shipment_view,
    shipments,
    timeline,
    unshown,
)
from zendera_desk.store import outbox as outbox_store
from zendera_desk.watch import Watch

if TYPE_CHECKING:
    from zendera_desk.domain.suggestions import KnownName


class Shown(Opened):
    """No Qt, no HTTP, no SQL."""

    # The list

    async def shipment_ids(self, view: View, text: str = "", sort: Sort = Sort.SEEN, descending: bool = True) -> list[OrderId]:
        """All of a view; of a search the best, over all views."""
        if self.account is None:
            return []
        if text:
            return [OrderId(each) for each in (await self.lists.find(view, text)).ids]
        return [OrderId(each) for each in await self._database.read(listing.ids, self.account.id, view, sort, descending, self._today())]

    @cached_property
    def lists(self) -> Lists:
        """What the list of shipments shows, in parts."""
        return Lists(self._database, account=lambda: self.account, today=self._today, now=self.now)

    @cached_property
    def views(self) -> OwnViews:
        """Those that a person made."""
        return OwnViews(self._database, self.changes, account=lambda: self.account, today=self._today)

    async def shipment_lines(self, ids: Sequence[OrderId]) -> list[ShipmentLine]:
        return [] if self.account is None else await self._database.read(listing.lines, self.account.id, ids)

    async def find_by_codes(self, codes: Sequence[Code]) -> tuple[OrderId, ...]:
        """The shipments that these codes of one page name: none, one, or several among which only a person can tell."""
        return () if self.account is None else await self.finding.orders(self.account.id, codes)

    async def unreadable_orders(self) -> list[bytes]:
        """What Zendera exported last in a form that is not known here, as it came."""
        return [] if self.account is None else await self._database.read(_unreadable_orders, self.account.id)

    async def has_archives(self) -> bool:
        """Whether older shipments may lie in files of their own."""
        from zendera_desk.store import archives  # noqa: PLC0415 (the list does without)

        with contextlib.suppress(OSError):  # the page of archives says what is wrong with their folder
            return self.archive is None and bool(await asyncio.to_thread(archives.archives, self.folder))
        return False

    # A shipment

    async def shipment(self, order_id: OrderId) -> OpenShipment | None:
        """Everything about one shipment, or None when it is not here."""
        if self.account is None:
            return None
        return await self._database.read(shipment_view.opened, self.account.id, order_id, wire.read_shipment)

    async def board(self, shown: OpenShipment) -> tuple[Board, datetime | None]:
        """Product by product what was reported and what the feed says, and up to when all of the feed is here."""
        if self.account is None:
            return Board(), None
        return await self._database.read(board.read, self.account.id, shown.line.order_id, shown.shipment.parcels)

    async def history(self, order_id: OrderId) -> list[EntryStory]:
        return [] if self.account is None else await self._database.read(outbox_view.history, self.account.id, order_id)

    async def timeline(self, order_id: OrderId) -> Timeline:
        """What Zendera showed for the order, as far as this desk has read it."""
        return Timeline() if self.account is None else await self._database.read(timeline.timeline, self.account.id, order_id)

    async def draft_saved_at(self, order_id: OrderId) -> datetime | None:
        return None if self.account is None else await self._database.read(drafts.saved_at, self.account.id, order_id)

    async def names_at(self, shipment: Shipment, stop: StopKind) -> "tuple[KnownName, ...]":
        """Who may sign there: the shipment's own contacts, then who signed at this address before."""
        from zendera_desk.engine.remembering import names_at  # noqa: PLC0415 (the list does without)

        return () if self.account is None else await names_at(self._database, self.account.id, shipment, stop)

    async def last_currency(self) -> str:
        """Of the last cost that was reported; "" when there was none lately."""
        return "" if self.account is None else await self._database.read(remembered.last_currency, self.account.id)

    # Pictures. All raise PictureError, StoreError

    async def glimpse(self, source: Path | bytes, longest: int) -> Pixels:
        """The first page of a file that will be added, small, and sooner than it can be prepared."""
        return await self.developing.glimpse(source, longest)

    async def picture_edits(self, picture: PictureId) -> Edits:
        """What a person changed about it."""
        return await self.developing.edits(picture)

    async def picture_facts(self, picture: PictureId) -> PictureFacts:
        """What its file says about when and where it was taken."""
        return await self.developing.facts(picture)

    async def picture_pixels(self, picture: PictureId, longest: int | None = None, edits: Edits | None = None) -> Pixels:
        """What is sent, for a screen, scaled down if `longest` says so, and as it would be with these edits.

        Raises StoreError when the file is gone.
        """
        return await self.developing.pixels(picture, longest, edits=edits)

    async def picture_jpeg(self, picture: PictureId) -> bytes:
        """The JPEG that is sent. Raises StoreError when the file is gone."""
        return await self.developing.jpeg(picture)

    def warm_pictures(self) -> None:
        """A form opened: pictures are likely to come. Costs nothing, and waits for nothing."""
        self.developing.warm()

    # Outbox and feed

    async def outbox(self, closed: int = 200) -> list[OutboxLine]:
        return await self._database.read(outbox_view.lines, self.account.id if self.account else None, closed)

    async def story(self, entry: EntryId) -> EntryStory:
        """Raises DeskError("not_here")."""
        story = await self._database.read(outbox_view.story, entry)
        if story is None:
            raise DeskError("not_here")
        return story

    async def payload(self, entry: EntryId) -> bytes:
        """The exact bytes that are, or were, sent; a picture that travels as a link has a placeholder in them."""
        return await self._database.read(outbox_store.payload, entry)

    @cached_property
    def watch(self) -> Watch:
        """The product feed."""
        return Watch(self._database, account=lambda: self.account, engine=lambda: self.engine, connecting=lambda: self.connecting)

    # The status line

    async def status(self) -> DeskStatus:
        """What the status line shows. Without a key nothing goes, but what is on disk is counted all the same."""
        if self.account is None:
            return DeskStatus()
        on_disk = await self._database.read(_on_disk, self.account.id, self._today())
        if self.engine is None:
            return msgspec.structs.replace(on_disk, connection=Connection.STARTING, code="") if self.connecting else on_disk
        link, intake = self.engine.link, self.engine.intake
        return msgspec.structs.replace(
            on_disk,
            connection=link.connection,
            code=link.code,
            words=link.words,
            next_check_at=intake.next_at,
            checking=intake.checking,
            feed_every=self.engine.tail.every,
            feed_resting=self.engine.tail.resting,
            feed_code=self.engine.tail.code,
            calls_left=link.calls_left(),
            calls_limit=link.budget.limit,
        )

    # Inside

    def _today(self) -> datetime:
        """When this day began at the desk."""
        return self._day_of(self.now())

    def _day_of(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _unreadable_orders(conn: database.Connection, account: AccountId) -> list[bytes]:
    return [row.original for row in shipments.set_aside_now(conn, account)]


def _on_disk(conn: database.Connection, account: AccountId, today: datetime) -> DeskStatus:
    """Without a key."""
    return DeskStatus(
        connection=Connection.BLOCKED,
        code="key_missing",
        counts=outbox_store.counts(conn, account),
        views=listing.view_counts(conn, account, today),
        set_aside=len(shipments.set_aside_now(conn, account)),
        doubled=audits.doubled(conn, account),
        unshown=unshown.count(conn, account),
    )
