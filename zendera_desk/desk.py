"""What a person can do at the desk. Each method is one wish; it writes intent (drafts, outbox) and returns when that is on disk.

No Qt, no HTTP, no SQL here. The window calls these methods and nothing else of the core. Facts about shipments are never
written here: they come from Zendera, through the engine.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk import wishes
from zendera_desk.api import wire
from zendera_desk.bulk import Bulk
from zendera_desk.domain import drafting, recognition
from zendera_desk.domain.board import Board
from zendera_desk.domain.changes import DraftsChanged, LinkChanged, OutboxChanged, PicturesArrived, ShipmentsChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import EntryId, OrderId, PictureId
from zendera_desk.domain.outbox import Decision, Kind
from zendera_desk.domain.paper import Code, Edits, PictureFacts
from zendera_desk.domain.report import Draft, Picture, Report
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.shipment import Shipment, StopKind
from zendera_desk.domain.suggestions import KnownName
from zendera_desk.domain.views import (
    Connection,
    DeskStatus,
    EntryStory,
    OpenShipment,
    OutboxLine,
    Phase,
    ShipmentLine,
    Skipped,
    Sort,
    Timeline,
    View,
    Written,
)
from zendera_desk.engine.remembering import names_at
from zendera_desk.lists import Lists
from zendera_desk.opened import Opened
from zendera_desk.ownviews import OwnViews
from zendera_desk.pictures import Pixels
from zendera_desk.store import audits, board, drafts, entering, listing, outbox_view, remembered, shipments, timeline, unshown
from zendera_desk.store import outbox as outbox_store
from zendera_desk.watch import Watch

_NOT_OURS_YET: Final = {Phase.NEW, Phase.CORRECTED, Phase.FAILED}
"""Zendera takes no reports about these. One that is gone may have been accepted by another desk: Zendera will say."""


class Desk(Opened):
    """One open data folder and at most one open account. Made by `open`, ended by `close`."""

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

    async def shipment(self, order_id: OrderId) -> OpenShipment | None:
        """Everything about one shipment, or None when it is not here."""
        if self.account is None:
            return None
        account = self.account.id
        lines = await self._database.read(listing.lines, account, [order_id])
        whole = await self._database.read(listing.whole, account, order_id, wire.read_shipment)
        if not lines or whole is None:
            return None
        draft = await self._database.read(drafts.load, account, order_id)
        answered = draft and (draft.instead_of or draft.corrects)
        return OpenShipment(
            line=lines[0],
            shipment=whole.shipment,
            original=whole.original,
            versions=await self._database.read(listing.versions, account, order_id),
            draft=draft,
            draft_of=await self._database.read(outbox_store.entry, answered) if answered else None,
        )

    async def board(self, shown: OpenShipment) -> tuple[Board, datetime | None]:
        """Product by product what was reported and what the feed says, and up to when all of the feed is here."""
        if self.account is None:
            return Board(), None
        return await self._database.read(board.read, self.account.id, shown.line.order_id, shown.shipment.parcels)

    async def history(self, order_id: OrderId) -> list[EntryStory]:
        return [] if self.account is None else await self._database.read(outbox_view.history, self.account.id, order_id)

    async def draft_saved_at(self, order_id: OrderId) -> datetime | None:
        return None if self.account is None else await self._database.read(drafts.saved_at, self.account.id, order_id)

    async def timeline(self, order_id: OrderId) -> Timeline:
        """What Zendera showed for the order, as far as this desk has read it."""
        return Timeline() if self.account is None else await self._database.read(timeline.timeline, self.account.id, order_id)

    async def find_by_codes(self, codes: Sequence[Code]) -> tuple[OrderId, ...]:
        """The shipments that these codes of one page name: none, one, or several among which only a person can tell."""
        return () if self.account is None else await self.finding.orders(self.account.id, codes)

    # Accept and fail

    async def accept(self, ids: Sequence[OrderId]) -> Written:
        """Puts an accept of each shipment into the outbox; those it does not apply to are skipped, with the reason."""
        async with self._deciding:
            fit, skipped = await self._fit_for_answer(ids, Kind.ACCEPT)
            return await self._put([wishes.new_accept(line.order_id) for line in fit], skipped)

    async def fail(self, ids: Sequence[OrderId], reason: str, last_strike_confirmed: bool = False) -> Written:
        """Puts a fail of each shipment into the outbox, with a short reference at the end of the reason.

        The fifth strike takes an order out of Zendera's feed: without `last_strike_confirmed` it is skipped as last_strike.
        """
        async with self._deciding:
            fit, skipped = await self._fit_for_answer(ids, Kind.FAIL, last_strike_confirmed)
            return await self._put([wishes.new_fail(line, reason.strip()) for line in fit], skipped)

    async def _fit_for_answer(
        self, ids: Sequence[OrderId], kind: Kind, last_strike_confirmed: bool = False
    ) -> tuple[list[ShipmentLine], list[Skipped]]:
        lines = {line.order_id: line for line in await self.shipment_lines(ids)}
        fit, skipped = [], []
        for order_id in dict.fromkeys(ids):
            line = lines.get(order_id)
            why = "not_here" if line is None else wishes.why_not(line, kind, last_strike_confirmed)
            if line is None or why:
                skipped.append(Skipped(order_id=order_id, code=why))
            else:
                fit.append(line)
        return fit, skipped

    # Report

    async def save_draft(self, order_id: OrderId, draft: Draft) -> None:
        if self.account is None:
            return
        self.keeping.make_way()
        await self._database.write_anyway(drafts.save, self.account.id, order_id, draft, self.now())
        self._publish_drafts(order_id)
        if self.engine is not None:
            self.engine.look_ahead(order_id)

    async def discard_draft(self, order_id: OrderId) -> None:
        if self.account is None:
            return
        await self._database.write(drafts.discard, self.account.id, order_id)
        self._publish_drafts(order_id)

    async def add_pictures(self, order_id: OrderId, pictures: Sequence[Picture]) -> None:
        """Into its draft, to whatever else stands there; a form that it is open in takes them in (`PicturesArrived`)."""
        if self.account is not None:
            self.keeping.make_way()
            await self._database.write_anyway(drafts.add_pictures, self.account.id, order_id, pictures, self.now())
            self.changes.publish(PicturesArrived(order_id, tuple(pictures)))
            self._publish_drafts(order_id)

    async def exchange_picture(self, order_id: OrderId, before: PictureId, after: Picture) -> None:
        """In its draft, if that still has it; as `add_pictures`."""
        if self.account is not None and await self._database.write_anyway(
            drafts.exchange_picture, self.account.id, order_id, before, after, self.now()
        ):
            self.changes.publish(PicturesArrived(order_id, (after,), instead_of=before))
            self._publish_drafts(order_id)

    async def send_report(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str] = frozenset()) -> Written | list[Problem]:
        """Freezes the report and puts it into the outbox; or says what is in the way, field by field, and changes nothing."""
        async with self._deciding:
            return await self._send_report(order_id, draft, confirmed)

    @cached_property
    def bulk(self) -> Bulk:
        """A report on many shipments at once."""
        return Bulk(
            self._database,
            self.changes,
            account=lambda: self.account,
            now=self.now,
            make_way=self.keeping.make_way,
            send=self._send_row,
        )

    async def _send_row(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str]) -> Written | list[Problem]:
        async with self._deciding:
            return await self._send_report(order_id, draft, confirmed, from_grid=True)

    async def _send_report(
        self, order_id: OrderId, draft: Draft, confirmed: frozenset[str], *, from_grid: bool = False
    ) -> Written | list[Problem]:
        found = await self.shipment(order_id)
        if self.account is None or found is None:
            return Written(skipped=(Skipped(order_id=order_id, code="not_here"),))
        composed = drafting.compose(
            draft,
            now=self.now(),
            zone=self.zone,
            rules=self.settings.rules,
            shipment=found.shipment,
            # It existed before we first saw it; on the day we saw it nobody shall be asked, the day before is odd.
            made_first_at=self._day_of(found.line.seen_at),
        )
        problems = [problem for problem in composed.problems if problem.blocks or problem in composed.open_asks(confirmed)]
        if found.line.phase in _NOT_OURS_YET:
            problems.append(Problem(field="status", code="not_accepted_yet"))
        if composed.report is None or problems:
            return problems
        if await self._database.read(outbox_store.is_on_its_way, self.account.id, order_id, draft):
            return Written(skipped=(Skipped(order_id=order_id, code="already_on_its_way"),))
        if "already_shown" not in confirmed and (shown := await self._said_by_somebody_else(order_id, draft, composed.report)):
            return [shown]
        used = await self._database.read(outbox_store.dates_of, self.account.id, order_id)
        report = wishes.with_own_date(composed.report, used)
        jpegs = [await self.picture_jpeg(picture.id) for picture in report.pictures]
        by_links = self.settings.pictures_by.get(self.account.id) == "links"
        frozen = await asyncio.to_thread(wishes.freeze, order_id, report, jpegs, by_links=by_links)
        entry = entering.NewEntry(
            order_id=order_id,
            kind=Kind.REPORT,
            payload=frozen.payload,
            links=frozen.links,
            words=report.comment,
            stop=draft.stop,
            status=draft.status,
            event_at=report.at,
            draft=draft,
            pictures=tuple(picture.id for picture in report.pictures),
            corrects=draft.corrects,
            instead_of=draft.instead_of,
            from_grid=from_grid,
        )
        try:
            written = await self._put([entry], [])
        except entering.GoneOutError:
            return Written(skipped=(Skipped(order_id=order_id, code="went_out_again"),))
        self._publish_drafts(order_id)
        return written

    async def _said_by_somebody_else(self, order_id: OrderId, draft: Draft, report: Report) -> Problem | None:
        """Another desk with this key may have been told as well: asked before it is sent, by what this desk has read so far."""
        if self.account is None:
            return None
        shown = await self._database.read(timeline.timeline, self.account.id, order_id)
        entries = [story.entry for story in await self.history(order_id)]
        events = [each.event for each in shown.shown]
        found = recognition.said_by_somebody_else(draft.stop, draft.status, report.at, events, entries)
        if found is None:
            return None
        at = found.at or found.noted_at
        values = (("status", draft.status.value), ("at", at.isoformat() if at else ""))
        return Problem(field="status", code="already_shown", blocks=False, values=values)

    async def names_at(self, shipment: Shipment, stop: StopKind) -> tuple[KnownName, ...]:
        """Who may sign there: the shipment's own contacts, then who signed at this address before."""
        return () if self.account is None else await names_at(self._database, self.account.id, shipment, stop)

    async def last_currency(self) -> str:
        """Of the last cost that was reported; "" when there was none lately."""
        return "" if self.account is None else await self._database.read(remembered.last_currency, self.account.id)

    # Pictures. All raise PictureError, StoreError

    async def add_picture(self, source: Path | bytes, name: str = "") -> Picture:
        """Takes a picture in: its original and the JPEG that will be sent are on disk when this returns."""
        return (await self.developing.add_pages(source, name, most=1))[0]

    async def add_pages(self, source: Path | bytes, name: str = "") -> list[Picture]:
        """As `add_picture`, of a file with one or more pages. What is here already comes back as it is known."""
        return await self.developing.add_pages(source, name)

    async def glimpse(self, source: Path | bytes, longest: int) -> Pixels:
        """The first page of a file that will be added, small, and sooner than it can be prepared."""
        return await self.developing.glimpse(source, longest)

    async def edit_picture(self, picture: PictureId, edits: Edits) -> Picture:
        """Another picture, made of the same original, whatever was changed about this one before."""
        return await self.developing.edit(picture, edits)

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

    # Outbox

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

    async def take_back(self, entries: Sequence[EntryId]) -> list[OrderId]:
        """Takes back what has not left, with the form as it was; returns the shipments. What is already on its way stays."""
        orders = await self._database.write(outbox_store.take_back, entries, self.now(), **self._who)
        self._publish_entries(entries, orders)
        return orders

    async def retry(self, entry: EntryId) -> None:
        """The next try is now: of a waiting entry its send, of an unclear one its question."""
        await self._database.write(outbox_store.retry_now, entry, self.now(), **self._who)
        await self._publish_entry(entry)

    async def drop(self, entry: EntryId) -> None:
        """Gives up an entry that has certainly not arrived. Raises DeskError("not_droppable")."""
        try:
            await self._database.write(outbox_store.drop, entry, self.now(), **self._who)
        except ValueError as error:
            raise DeskError("not_droppable") from error
        await self._publish_entry(entry)

    async def decide(self, entry: EntryId, decision: Decision) -> None:
        """A person's word about an entry of which Zendera cannot tell, or does not show, whether it arrived.

        Raises DeskError("decided_already").
        """
        try:
            await self._database.write(outbox_store.decide, entry, decision, self.now(), **self._who)
        except ValueError as error:
            raise DeskError("decided_already") from error
        await self._publish_entry(entry)

    async def see_twice(self, entry: EntryId) -> None:
        """A person knows that Zendera shows it twice."""
        await self._database.write(audits.see_twice, entry, self.now(), **self._who)
        await self._publish_entry(entry)

    # Watch

    @cached_property
    def watch(self) -> Watch:
        """The product feed."""
        return Watch(self._database, account=lambda: self.account, engine=lambda: self.engine)

    # The status line

    async def status(self) -> DeskStatus:
        """What the status line shows. Without a key nothing goes, but what is on disk is counted all the same."""
        if self.account is None:
            return DeskStatus()
        account = self.account.id
        on_disk = DeskStatus(
            connection=Connection.BLOCKED,
            code="key_missing",
            counts=await self._database.read(outbox_store.counts, account),
            views=await self._database.read(listing.view_counts, account, self._today()),
            set_aside=len(await self._database.read(shipments.set_aside_now, account)),
            doubled=await self._database.read(audits.doubled, account),
            unshown=await self._database.read(unshown.count, account),
        )
        if self.engine is None:
            return on_disk
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
            calls_left=link.calls_left(),
            calls_limit=link.budget.limit,
        )

    # Inside

    @property
    def _hold(self) -> timedelta:
        return timedelta(seconds=self.settings.hold_seconds)

    def _today(self) -> datetime:
        """When this day began at the desk."""
        return self._day_of(self.now())

    def _day_of(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    async def _put(self, entries: Sequence[entering.NewEntry], skipped: Sequence[Skipped]) -> Written:
        if self.account is None or not entries:
            return Written(skipped=tuple(skipped))
        now = self.now()
        held_until = now + self._hold
        self.keeping.make_way()
        ids = await self._database.write(
            entering.add_all,
            self.account.id,
            entries,
            now=now,
            held_until=held_until,
            made_by=self.settings.made_by,
            desk=self.settings.desk,
        )
        self._publish_entries(ids, [entry.order_id for entry in entries])
        return Written(entries=tuple(ids), skipped=tuple(skipped), held_until=held_until)

    async def _publish_entry(self, entry: EntryId) -> None:
        story = await self.story(entry)
        self._publish_entries([entry], [story.entry.order_id])

    def _publish_entries(self, ids: Sequence[EntryId], orders: Sequence[OrderId]) -> None:
        self.changes.publish(OutboxChanged(frozenset(ids)), ShipmentsChanged(frozenset(orders)), LinkChanged())
        if self.engine is not None:
            self.engine.wake_outbox()

    def _publish_drafts(self, order_id: OrderId) -> None:
        self.changes.publish(DraftsChanged(frozenset({order_id})), LinkChanged())
