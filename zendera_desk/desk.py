"""What a person can do at the desk. Each method is one wish; it writes intent (drafts, outbox) and returns when that is on disk.

No Qt, no HTTP, no SQL here. The window calls these methods and nothing else of the core. Facts about shipments are never
written here: they come from Zendera, through the engine.
"""

import asyncio
import hashlib
import importlib
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import msgspec

from zendera_desk import pictures, settings
from zendera_desk.api import wire
from zendera_desk.credentials import Keys
from zendera_desk.domain import drafting, recognition
from zendera_desk.domain.access import check_base_url, check_key
from zendera_desk.domain.changes import Changes, DraftsChanged, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.copies import Copy, CopyKind, CopyLine, CopyState, Notice
from zendera_desk.domain.errors import DeskError, LinkCode, LinkError, StoreError
from zendera_desk.domain.ids import AccountId, EntryId, OrderId, PictureId
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.outbox import Decision, Kind
from zendera_desk.domain.report import Draft, Picture, Report
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.standing import STRIKES, may_accept, may_fail
from zendera_desk.domain.views import (
    Account,
    ColliLine,
    Connection,
    DeskStatus,
    EntryStory,
    FeedCursor,
    FeedLine,
    FeedScope,
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
from zendera_desk.engine.clock import Clock, SystemClock
from zendera_desk.engine.copying import Copying
from zendera_desk.engine.engine import Engine
from zendera_desk.engine.keeping import Keeping
from zendera_desk.engine.link import Endpoint, OpenClient, Waiting
from zendera_desk.engine.retry import SETTLE
from zendera_desk.engine.supervise import Supervisor
from zendera_desk.settings import Settings
from zendera_desk.store import accounts, afresh, audits, care, drafts, feed, listing, outbox_view, retention, shipments, timeline
from zendera_desk.store import outbox as outbox_store
from zendera_desk.store import pictures as picture_store
from zendera_desk.store.database import Database
from zendera_desk.store.retention import Leaving

if TYPE_CHECKING:
    from zendera_desk.api.client import ZenderaClient

CLOSING_PATIENCE: Final = timedelta(seconds=5)
"""How long closing waits for the answer to what is in flight."""
_NOT_OURS_YET: Final = {Phase.NEW, Phase.CORRECTED, Phase.FAILED}
"""Zendera takes no reports about these. One that is gone may have been accepted by another desk: Zendera will say."""
_REFERENCE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that look alike: a dispatcher may read the reference out over the phone."""


class Desk:
    """One open data folder and at most one open account. Made by `open`, ended by `close`."""

    def __init__(
        self, folder: Path, database: Database, preferred: Settings, keys: Keys, clock: Clock, zone: tzinfo, open_client: OpenClient
    ) -> None:
        self.folder = folder
        self.settings = preferred
        self.changes = Changes()
        self.zone = zone
        self.account: Account | None = None
        self._database = database
        self._keys = keys
        self._clock = clock
        self._open_client = open_client
        self.engine: Engine | None = None
        self.keeping = Keeping(folder, database, clock, self.changes, lambda: self.settings)
        self.copying = Copying(folder, database, clock, self.changes, zone)
        self._upkeep = Supervisor(clock, self.changes)
        """Of what goes on whatever account is open."""
        self._by_hand = False
        self._deciding = asyncio.Lock()
        """What may be sent is looked up and then written: a key that is pressed twice must find what the first press wrote."""
        self._picture_threads = ThreadPoolExecutor(2, thread_name_prefix="pictures")

    @classmethod
    async def open(
        cls,
        folder: Path,
        preferred: Settings,
        *,
        zone: tzinfo,
        keys: Keys | None = None,
        clock: Clock | None = None,
        open_client: OpenClient | None = None,
        by_hand: bool = False,
    ) -> Self:
        """Opens the folder's database and makes right what an abrupt end left behind. Raises StoreError.

        `by_hand`: the engine does nothing by itself until `go_online`; a test calls its steps and never goes online.
        """
        clock = clock or SystemClock()
        hold = timedelta(seconds=preferred.hold_seconds)
        try:
            database = await _open_database(folder, clock.now(), hold)
        except StoreError as error:
            if error.code != "damaged":
                raise
            # It was noted that a row cannot be read: this time every row is, and the file is mended.
            database = await _open_database(folder, clock.now(), hold)
        desk = cls(folder, database, preferred, keys or Keys(), clock, zone, open_client or _open_client)
        desk._by_hand = by_hand
        if not by_hand:
            desk._keep_up()
        return desk

    async def close(self) -> None:
        """Settles what is in flight, then ends everything. What is unsent is on disk."""
        self.keeping.close()
        await self._stop_engine()
        await self._upkeep.close()
        self.copying.close()
        self._picture_threads.shutdown(wait=False, cancel_futures=True)
        await self._database.close()

    # The list

    async def shipment_ids(self, view: View, text: str = "", sort: Sort = Sort.SEEN, descending: bool = True) -> list[OrderId]:
        if self.account is None:
            return []
        return await self._database.read(listing.ids, self.account.id, view, text, sort, descending, self._today())

    async def shipment_lines(self, ids: Sequence[OrderId]) -> list[ShipmentLine]:
        return [] if self.account is None else await self._database.read(listing.lines, self.account.id, ids)

    async def shipment(self, order_id: OrderId) -> OpenShipment | None:
        """Everything about one shipment, or None when it is not here."""
        if self.account is None:
            return None
        account = self.account.id
        lines = await self._database.read(listing.lines, account, [order_id])
        original = await self._database.read(listing.original, account, order_id)
        if not lines or original is None:
            return None
        return OpenShipment(
            line=lines[0],
            shipment=await asyncio.to_thread(wire.read_shipment, original),
            original=original,
            versions=await self._database.read(listing.versions, account, order_id),
            draft=await self._database.read(drafts.load, account, order_id),
        )

    async def colli(self, order_id: OrderId) -> list[ColliLine]:
        return [] if self.account is None else await self._database.read(feed.colli, self.account.id, order_id)

    async def history(self, order_id: OrderId) -> list[EntryStory]:
        return [] if self.account is None else await self._database.read(outbox_view.history, self.account.id, order_id)

    async def timeline(self, order_id: OrderId) -> Timeline:
        """What Zendera showed for the order, as far as this desk has read it."""
        return Timeline() if self.account is None else await self._database.read(timeline.timeline, self.account.id, order_id)

    # Accept and fail

    async def accept(self, ids: Sequence[OrderId]) -> Written:
        """Puts an accept of each shipment into the outbox; those it does not apply to are skipped, with the reason."""
        async with self._deciding:
            fit, skipped = await self._fit_for_answer(ids, Kind.ACCEPT)
            return await self._put([_new_accept(line.order_id) for line in fit], skipped)

    async def fail(self, ids: Sequence[OrderId], reason: str, last_strike_confirmed: bool = False) -> Written:
        """Puts a fail of each shipment into the outbox, with a short reference at the end of the reason.

        The fifth strike takes an order out of Zendera's feed: without `last_strike_confirmed` it is skipped as last_strike.
        """
        async with self._deciding:
            fit, skipped = await self._fit_for_answer(ids, Kind.FAIL, last_strike_confirmed)
            return await self._put([_new_fail(line, reason.strip()) for line in fit], skipped)

    async def _fit_for_answer(
        self, ids: Sequence[OrderId], kind: Kind, last_strike_confirmed: bool = False
    ) -> tuple[list[ShipmentLine], list[Skipped]]:
        lines = {line.order_id: line for line in await self.shipment_lines(ids)}
        fit, skipped = [], []
        for order_id in dict.fromkeys(ids):
            line = lines.get(order_id)
            why = "not_here" if line is None else _why_not(line, kind, last_strike_confirmed)
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

    async def send_report(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str] = frozenset()) -> Written | list[Problem]:
        """Freezes the report and puts it into the outbox; or says what is in the way, field by field, and changes nothing."""
        async with self._deciding:
            return await self._send_report(order_id, draft, confirmed)

    async def _send_report(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str]) -> Written | list[Problem]:
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
        report = _with_own_date(composed.report, used)
        jpegs = [await self.picture_jpeg(picture.id) for picture in report.pictures]
        payload = await asyncio.to_thread(wire.report_payload, order_id, report, jpegs)
        entry = outbox_store.NewEntry(
            order_id=order_id,
            kind=Kind.REPORT,
            payload=payload,
            words=report.comment,
            stop=draft.stop,
            status=draft.status,
            event_at=report.at,
            draft=draft,
            pictures=tuple(picture.id for picture in report.pictures),
        )
        written = await self._put([entry], [])
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

    async def add_picture(self, source: Path | bytes, name: str = "") -> Picture:
        """Takes a picture in: its original and the JPEG that will be sent are on disk when this returns.

        Raises PictureError, StoreError.
        """
        loop = asyncio.get_running_loop()
        name = name or (source.name if isinstance(source, Path) else "")
        picture = await loop.run_in_executor(self._picture_threads, _take_in, self.folder, source, name)
        await self._database.write(picture_store.put, picture, self.now())
        return picture

    async def picture_jpeg(self, picture: PictureId) -> bytes:
        """The JPEG that is sent. Raises StoreError when the file is gone."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._picture_threads, picture_store.prepared, self.folder, picture)

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
        """The exact bytes that are, or were, sent."""
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
        """A person's word about an entry of which Zendera cannot tell whether it arrived. Raises DeskError("decided_already")."""
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

    async def feed(
        self, scope: FeedScope = FeedScope.ALL, order_id: OrderId | None = None, before: int | None = None, limit: int = 200
    ) -> list[FeedLine]:
        """Newest first, from below `before`."""
        if self.account is None:
            return []
        return await self._database.read(feed.page, self.account.id, scope, order_id, before=before, limit=limit)

    async def feed_after(self, newest: int, scope: FeedScope = FeedScope.ALL, order_id: OrderId | None = None) -> list[FeedLine]:
        """Newest first, all that came after the row `newest`, up to 1,000."""
        if self.account is None:
            return []
        return await self._database.read(feed.page, self.account.id, scope, order_id, after=newest, limit=1000)

    async def feed_cursor(self) -> FeedCursor:
        return FeedCursor() if self.engine is None else await self.engine.feed_cursor()

    # Account and line

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
            calls_left=link.calls_left(),
            calls_limit=link.budget.limit,
        )

    def refresh(self) -> None:
        """Looks at everything at once: export, outbox, questions and feed."""
        if self.engine is not None:
            self.engine.wake_all()

    async def accounts(self) -> list[Account]:
        """Those that stay; a passing one is only for the run that named it."""
        return [account for account in await self._database.read(accounts.everyone) if not account.passing]

    async def test_account(self, base_url: str, key: str) -> None:
        """One call with this address and key. Raises LinkError, SettingsError or CredentialError, saying what is wrong.

        With those of the open account it is a call like any other: it is counted, and while Zendera wants none, none is made.
        """
        link = None if self.engine is None else self.engine.link
        if link is not None and link.is_reached_by(check_base_url(base_url), check_key(key)):
            try:
                await link.call(Endpoint.EXPORT, lambda client: client.export_page(1, 1))
            except Waiting:
                raise LinkError(LinkCode.LIMIT) from None
            return
        client = await self._open_client(base_url, key, _ignore)
        try:
            await client.export_page(1, 1)
        finally:
            await client.aclose()

    async def add_account(self, name: str, base_url: str, key: str, keep_key: bool = True) -> Account:
        """Stores the account, its key in the system keyring (or for this session only), and opens it. Raises CredentialError."""
        account = Account(id=AccountId(secrets.token_hex(8)), name=name.strip(), base_url=check_base_url(base_url))
        await self._remember_key(account.id, key, keep_key)
        await self._database.write(accounts.save, account, self.now())
        await self.open_account(account, key)
        return account

    async def open_passing_account(self, name: str, base_url: str, key: str) -> Account:
        """An account given on the command line: the same rows as in an earlier run with this address, the key in memory only."""
        base_url = check_base_url(base_url)
        account = await self._database.read(accounts.with_address, base_url)
        if account is None:
            account = Account(id=AccountId(secrets.token_hex(8)), name=name, base_url=base_url, passing=True)
            await self._database.write(accounts.save, account, self.now())
        self._keys.hold(account.id, key)
        await self.open_account(account, key)
        return account

    async def open_stored_account(self, account: Account) -> None:
        """Opens an account with the key that the keyring has. Raises CredentialError; without a key the account opens blocked."""
        await self._stop_engine()
        self.account = account
        self.changes.publish(LinkChanged())
        key = await self._keys.read(account.id)
        if key is None:
            raise DeskError("key_missing", account=account.name)
        await self.open_account(account, key)

    async def open_account(self, account: Account, key: str) -> None:
        await self._stop_engine()
        self.account = account
        self.engine = Engine(
            account,
            key,
            database=self._database,
            clock=self._clock,
            changes=self.changes,
            open_client=self._open_client,
            desks_on_key=self.settings.desks_on_key,
            certainty=self.settings.certainty,
        )
        await self.engine.start()
        if not self._by_hand:
            self.engine.run()
        self.changes.publish(LinkChanged())

    def go_online(self) -> None:
        """From now on the engine does by itself what is due. Until then what is on disk can be seen and nothing leaves."""
        if self._by_hand:
            self._by_hand = False
            self._keep_up()
            if self.engine is not None:
                self.engine.run()

    async def replace_key(self, key: str, keep_key: bool = True) -> None:
        """Another key for the open account; whatever waited for it goes on. Raises CredentialError."""
        if self.account is None:
            return
        await self._remember_key(self.account.id, key, keep_key)
        if self.engine is None:
            await self.open_account(self.account, key)
        else:
            await self.engine.replace_key(key)

    async def change_settings(self, changed: Settings) -> None:
        """Goes on with these settings and saves them. Raises StoreError when they cannot be saved; they count all the same."""
        before, self.settings = self.settings, changed
        if self.engine is not None:
            self.engine.prefer(desks_on_key=changed.desks_on_key, certainty=changed.certainty)
        self.keeping.prefer(before, changed)
        await asyncio.to_thread(settings.save, self.folder, changed)

    async def leaving(self, proofs_days: int, shipments_days: int) -> Leaving:
        """How much would go for good with these retention settings."""
        return await self._database.read(retention.leaving, retention.before(self.now(), proofs_days, shipments_days))

    async def copies(self) -> list[CopyLine]:
        """Every copy of the database, the newest first."""
        return await self.copying.lines()

    async def copy_state(self) -> CopyState:
        return await self.copying.state()

    async def make_copy(self) -> Copy:
        """Makes a copy of the database now. Raises StoreError."""
        return await self.copying.make(CopyKind.BY_HAND)

    async def notices(self) -> list[Notice]:
        """What a person must still be told about the database: that it was mended, or that an older one came back."""
        return await self._database.read(care.notices)

    async def see_notice(self, notice: int) -> None:
        """A person has read it."""
        await self._database.write(care.seen, notice, self.now())

    async def recognised(self) -> int:
        """How many of the account's own reports Zendera has shown us: after twenty its silence means something."""
        return 0 if self.account is None else await self._database.read(outbox_store.recognised, self.account.id)

    def hurry(self) -> None:
        """Closing waits no longer for the answer to what is in flight: it will be asked about at the next start."""
        if self.engine is not None:
            self.engine.outbox.hurry()

    def now(self) -> datetime:
        return self._clock.now()

    # Inside

    def _keep_up(self) -> None:
        self.keeping.when_asked = self._upkeep.loop("keeping", self.keeping.step).wake
        self._upkeep.loop("copying", self.copying.step)

    @property
    def _hold(self) -> timedelta:
        return timedelta(seconds=self.settings.hold_seconds)

    @property
    def _who(self) -> dict[str, str]:
        """By whom, and where, something is done: for the log."""
        return {"by": self.settings.made_by, "desk": self.settings.desk}

    def _today(self) -> datetime:
        """When this day began at the desk."""
        return self._day_of(self.now())

    def _day_of(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)

    async def _put(self, entries: Sequence[outbox_store.NewEntry], skipped: Sequence[Skipped]) -> Written:
        if self.account is None or not entries:
            return Written(skipped=tuple(skipped))
        now = self.now()
        held_until = now + self._hold
        self.keeping.make_way()
        ids = await self._database.write(
            outbox_store.add_all,
            self.account.id,
            entries,
            now=now,
            held_until=held_until,
            made_by=self.settings.made_by,
            desk=self.settings.desk,
        )
        self._publish_entries(ids, [entry.order_id for entry in entries])
        return Written(entries=tuple(ids), skipped=tuple(skipped), held_until=held_until)

    async def _remember_key(self, account: AccountId, key: str, keep_key: bool) -> None:
        if keep_key:
            await self._keys.keep(account, key)
        else:
            self._keys.hold(account, key)

    async def _stop_engine(self) -> None:
        if self.engine is not None:
            await self.engine.stop(CLOSING_PATIENCE)
            self.engine = None

    async def _publish_entry(self, entry: EntryId) -> None:
        story = await self.story(entry)
        self._publish_entries([entry], [story.entry.order_id])

    def _publish_entries(self, ids: Sequence[EntryId], orders: Sequence[OrderId]) -> None:
        self.changes.publish(OutboxChanged(frozenset(ids)), ShipmentsChanged(frozenset(orders)), LinkChanged())
        if self.engine is not None:
            self.engine.wake_outbox()

    def _publish_drafts(self, order_id: OrderId) -> None:
        self.changes.publish(DraftsChanged(frozenset({order_id})), LinkChanged())


def _new_accept(order_id: OrderId) -> outbox_store.NewEntry:
    return outbox_store.NewEntry(order_id=order_id, kind=Kind.ACCEPT, payload=wire.accept_payload([order_id]))


def _new_fail(line: ShipmentLine, reason: str) -> outbox_store.NewEntry:
    reference = f"ZD-{''.join(secrets.choice(_REFERENCE_LETTERS) for _ in range(4))}"
    return outbox_store.NewEntry(
        order_id=line.order_id,
        kind=Kind.FAIL,
        payload=wire.fail_payload(line.order_id, f"{reason} [{reference}]"),
        words=reason,
        reference=reference,
        strike=line.strikes + 1,
    )


def _why_not(line: ShipmentLine, kind: Kind, last_strike_confirmed: bool) -> str:
    """Why a shipment cannot be accepted or failed now; "" when it can."""
    if may_accept(line) if kind is Kind.ACCEPT else may_fail(line):
        return "last_strike" if kind is Kind.FAIL and line.strikes + 1 >= STRIKES and not last_strike_confirmed else ""
    if line.phase is Phase.GONE:
        return "gone"
    if line.phase is Phase.FAILED:
        return "failed_waiting"
    return "already_on_its_way" if line.phase is Phase.ACCEPTING else "already_accepted"


def _with_own_date(report: Report, used: set[datetime]) -> Report:
    """The report with a date that no other report of its order has: it is recognised by it on the timeline."""
    at = report.at
    while at in used:
        at += timedelta(milliseconds=1)
    return msgspec.structs.replace(report, at=at)


def _take_in(folder: Path, source: Path | bytes, name: str) -> Picture:
    """Reads, prepares and stores a picture. Runs in a thread."""
    original = pictures.read_file(source) if isinstance(source, Path) else source
    made = pictures.prepare(original)
    picture = PictureId(hashlib.sha256(original).hexdigest())
    picture_store.put_files(folder, picture, original, made.jpeg)
    return Picture(id=picture, name=name, width=made.width, height=made.height, size=len(made.jpeg))


async def _open_database(folder: Path, now: datetime, hold: timedelta) -> Database:
    """With what an abrupt end left behind made right."""
    database = await Database.open(folder, now)
    try:
        await database.write(afresh.recover, now, now + hold, now + SETTLE)
    except BaseException:
        await database.close()
        raise
    return database


async def _open_client(base_url: str, key: str, on_limits: Callable[[Limits], None]) -> "ZenderaClient":
    # httpx is loaded in a thread, when the window is there: it takes a third of what the rest of a start takes.
    client = await asyncio.to_thread(importlib.import_module, "zendera_desk.api.client")
    opened: ZenderaClient = await client.ZenderaClient.open(base_url, key, on_limits=on_limits)
    return opened


def _ignore(_limits: Limits) -> None:
    """A test of an account spends nobody's budget: it has none yet."""
