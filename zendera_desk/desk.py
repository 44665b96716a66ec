"""What a person can do at the desk. Each method is one wish; it writes intent (drafts, outbox) and returns when that is on disk.

No Qt, no HTTP, no SQL here. The window calls these methods and nothing else of the core. Facts about shipments are never
written here: they come from Zendera, through the engine.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zendera_desk import wishes
from zendera_desk.api import wire
from zendera_desk.differences import Differences
from zendera_desk.domain import drafting, recognition
from zendera_desk.domain.changes import DraftsChanged, LinkChanged, OutboxChanged, PicturesArrived, ShipmentsChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import EntryId, OrderId, PictureId
from zendera_desk.domain.outbox import Decision, Kind
from zendera_desk.domain.paper import Edits
from zendera_desk.domain.report import Draft, Picture, Report
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.views import Phase, ShipmentLine, Skipped, Written
from zendera_desk.shown import Shown
from zendera_desk.store import audits, drafts, entering, shipment_view
from zendera_desk.store import outbox as outbox_store

if TYPE_CHECKING:
    from zendera_desk.bulk import Bulk

_NOT_OURS_YET: Final = {Phase.NEW, Phase.CORRECTED, Phase.FAILED}
"""Zendera takes no reports about these. One that is gone may have been accepted by another desk: Zendera will say."""


class Desk(Shown):
    """One open data folder and at most one open account. Made by `open`, ended by `close`."""

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
    def bulk(self) -> "Bulk":
        """A report on many shipments at once."""
        from zendera_desk.bulk import Bulk  # noqa: PLC0415 (the list does without: a start loads it afterwards)

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
        found = None
        if self.account is not None:
            found = await self._database.read(shipment_view.weighed, self.account.id, order_id, draft, wire.read_shipment)
        if found is None:
            return Written(skipped=(Skipped(order_id=order_id, code="not_here"),))
        report = self._composed(found, draft, confirmed)
        if isinstance(report, list):
            return report
        if found.is_on_its_way:
            return Written(skipped=(Skipped(order_id=order_id, code="already_on_its_way"),))
        if "already_shown" not in confirmed and (shown := _said_by_somebody_else(draft, report, found)):
            return [shown]
        entry = await self._frozen(order_id, draft, wishes.with_own_date(report, found.dates), from_grid=from_grid)
        try:
            written = await self._put([entry], [])
        except entering.GoneOutError:
            return Written(skipped=(Skipped(order_id=order_id, code="went_out_again"),))
        self._publish_drafts(order_id)
        return written

    def _composed(self, found: "shipment_view.Weighed", draft: Draft, confirmed: frozenset[str]) -> Report | list[Problem]:
        """What the form says, or what is in the way."""
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
        return problems if composed.report is None or problems else composed.report

    async def _frozen(self, order_id: OrderId, draft: Draft, report: Report, *, from_grid: bool) -> "entering.NewEntry":
        """With the very bytes that will be sent."""
        jpegs = [await self.picture_jpeg(picture.id) for picture in report.pictures]
        by_links = self.account is not None and self.settings.pictures_by.get(self.account.id) == "links"
        if jpegs:
            frozen = await asyncio.to_thread(wishes.freeze, order_id, report, jpegs, by_links=by_links)
        else:
            frozen = wishes.freeze(order_id, report, (), by_links=by_links)
        return entering.NewEntry(
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

    # Pictures. All raise PictureError, StoreError

    async def add_picture(self, source: Path | bytes, name: str = "") -> Picture:
        """Takes a picture in: its original and the JPEG that will be sent are on disk when this returns."""
        return (await self.developing.add_pages(source, name, most=1))[0]

    async def add_pages(self, source: Path | bytes, name: str = "") -> list[Picture]:
        """As `add_picture`, of a file with one or more pages. What is here already comes back as it is known."""
        return await self.developing.add_pages(source, name)

    async def edit_picture(self, picture: PictureId, edits: Edits) -> Picture:
        """Another picture, made of the same original, whatever was changed about this one before."""
        return await self.developing.edit(picture, edits)

    # Outbox

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

    # The colli board

    @cached_property
    def differences(self) -> Differences:
        """What the office knows of what differs on a colli board."""
        return Differences(self._database, self.changes, account=lambda: self.account, now=self.now, preferred=lambda: self.settings)

    # Inside

    @property
    def _hold(self) -> timedelta:
        return timedelta(seconds=self.settings.hold_seconds)

    async def _put(self, entries: Sequence["entering.NewEntry"], skipped: Sequence[Skipped]) -> Written:
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
        self.indexing.soon()
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


def _said_by_somebody_else(draft: Draft, report: Report, found: "shipment_view.Weighed") -> Problem | None:
    """Another desk with this key may have been told as well: asked before it is sent, by what this desk has read so far."""
    event = recognition.said_by_somebody_else(draft.stop, draft.status, report.at, found.events, found.entries)
    if event is None:
        return None
    at = event.at or event.noted_at
    values = (("status", draft.status.value), ("at", at.isoformat() if at else ""))
    return Problem(field="status", code="already_shown", blocks=False, values=values)
