"""Asks Zendera about what is unclear, and looks for evidence of what was answered, on the order's timeline.

Two successful reads, apart in time, that do not show a report make it due again once the account's reports are known to show
up there, or where a setting says so; until then, and for a failed export always, a person decides. Accepts are decided by
walks of the export (store/walks.py). What was sent again is looked for an hour and a day later: both may have arrived.

Every reading is stored (store/timeline.py): strikes, history and the warning that another desk has said the same live on it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Literal

from zendera_desk.domain.changes import Changes, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import LAST_AUDIT, MOST_TRIES, NEXT_AUDIT, Entry, Kind, State, Why
from zendera_desk.domain.recognition import twice
from zendera_desk.engine import retry
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.evidence import Sight, look
from zendera_desk.engine.link import Endpoint, Link, Waiting
from zendera_desk.store import audits, feed_evidence, outbox, timeline
from zendera_desk.store.database import Connection, Database
from zendera_desk.store.entries import of_order

TRUSTED_AFTER: Final = 20
"""Own reports that must have been recognised on the timeline before their absence there means anything."""

AFTER_FAILED_READ: Final = timedelta(seconds=60)

FRESH: Final = timedelta(minutes=10)
"""A timeline that was read so short a time ago is not read again just because a person begins a report."""

Certainty = Literal["learned", "strict", "auto"]
"""As in the settings: what two reads that do not show an unclear report mean."""


class Verify:
    def __init__(self, link: Link, database: Database, clock: Clock, changes: Changes) -> None:
        self._link = link
        self._database = database
        self._clock = clock
        self._changes = changes
        self.on_decided: Callable[[], None] = _nobody
        """Called when something is not unclear any more: it, or what stood behind it, may go out."""
        self.certainty: Certainty = "learned"
        self._curious: dict[OrderId, None] = {}
        self._looked_ahead: dict[OrderId, datetime] = {}

    async def step(self, now: datetime) -> datetime | None:
        await self._link.notice_jump()
        account = self._link.account.id
        given_up_at = await self._give_accepts_up(now)
        waiting: Waiting | None = None
        for entry in await self._database.read(outbox.unclear_due, account, now):
            try:
                await self._ask(entry)
            except Waiting as closed:
                waiting = closed
                if self._link.may_not(Endpoint.TIMELINE):
                    await self._move(entry, State.NEEDS_PERSON, code=Why.MAY_NOT_READ)
                else:
                    await self._give_up(entry)
        for entry in await self._database.read(outbox.sent_due, account, now):
            try:
                await self._look(entry)
            except Waiting as closed:
                waiting = closed
                break
        waiting = waiting or await self._audit_all(now)
        await self._look_ahead()
        question_at = waiting.until if waiting else await self._database.read(_next_look, account)
        return min((moment for moment in (question_at, given_up_at) if moment is not None), default=None)

    def look_ahead(self, order_id: OrderId) -> None:
        """A person begins to report about it: has somebody else reported already? Only if there are calls to spare; never waited for."""
        self._curious[order_id] = None

    async def _look_ahead(self) -> None:
        while self._curious:
            order_id = next(iter(self._curious))
            del self._curious[order_id]
            read_at = await self._database.read(timeline.read_at, self._link.account.id, order_id)
            now = self._clock.now()
            self._looked_ahead = {order: at for order, at in self._looked_ahead.items() if abs(now - at) < FRESH}
            is_known = order_id in self._looked_ahead or (read_at is not None and abs(now - read_at) < FRESH)
            if is_known or not self._link.may_spare(Endpoint.TIMELINE):
                continue
            self._looked_ahead[order_id] = now  # also when it fails: drafts are saved twice a second
            with suppress(LinkError, Waiting):
                await self._read_timeline(order_id)

    async def _audit_all(self, now: datetime) -> Waiting | None:
        for entry in await self._database.read(audits.due, self._link.account.id, now):
            try:
                await self._audit(entry)
            except Waiting as closed:
                return closed
        return None

    async def _audit(self, entry: Entry) -> None:
        """Reads the timeline once more; what it shows twice is noted by the reading itself. Where it may not be read now, the key
        may be mended tomorrow."""
        now = self._clock.now()
        try:
            await self._read_timeline(entry.order_id)
        except LinkError:
            too_late = now - (entry.ended_at or entry.made_at) >= LAST_AUDIT
            await self._database.write(audits.put_off, entry.id, None if too_late else now + NEXT_AUDIT)
        else:
            await self._database.write(audits.made, entry.id, now)

    async def _give_accepts_up(self, now: datetime) -> datetime | None:
        """Walks decide about accepts; where none could for a day, a person does. Returns when the next one's day is over."""
        moments = []
        for entry in await self._database.read(outbox.accepts, self._link.account.id, State.UNCLEAR):
            moment = (entry.ended_at or entry.made_at) + retry.GIVE_UP
            if moment <= now:
                await self._move(entry, State.NEEDS_PERSON, code=Why.CANNOT_READ)
            else:
                moments.append(moment)
        return min(moments, default=None)

    async def _ask(self, asked: Entry) -> None:
        try:
            sight = await self._look_at_timeline(asked)
            entry = await self._database.read(outbox.entry, asked.id)  # a clock that jumped meanwhile made its reads count afresh
        except LinkError as error:
            if error.code is LinkCode.FORBIDDEN or error.http_status == 404:
                await self._move(asked, State.NEEDS_PERSON, code=Why.MAY_NOT_READ)
            else:
                await self._give_up(asked)
            return
        if entry is None or entry.state is not State.UNCLEAR:
            return
        now = self._clock.now()
        if sight is Sight.SHOWN:
            await self._move(entry, State.CONFIRMED, code="", seen_by="timeline")
        elif entry.reads and entry.last_read_at and now - entry.last_read_at >= retry.BETWEEN_READS:
            await self._not_shown(entry, now, certain=sight is Sight.NOT_SHOWN)
        else:
            reads = max(1, entry.reads)
            await self._move(entry, State.UNCLEAR, next_at=now + retry.BETWEEN_READS, reads=reads, last_read_at=entry.last_read_at or now)

    async def _not_shown(self, entry: Entry, now: datetime, *, certain: bool) -> None:
        """What Zendera refused the last time and does not show was really refused: a person sees its words."""
        if entry.code == LinkCode.REFUSED:
            await self._move(entry, State.NEEDS_PERSON, reads=2, last_read_at=now)
        elif entry.kind is Kind.REPORT and certain and entry.attempts < MOST_TRIES and await self._absence_means_something():
            await self._move(entry, State.DUE, next_at=now, code=Why.GOES_AGAIN, reads=2, last_read_at=now)
        else:
            await self._move(entry, State.NEEDS_PERSON, code=Why.NOT_SHOWN, reads=2, last_read_at=now)

    async def _absence_means_something(self) -> bool:
        if self.certainty == "learned":
            return await self._database.read(outbox.recognised, self._link.account.id) >= TRUSTED_AFTER
        return self.certainty == "auto"

    async def _give_up(self, entry: Entry) -> None:
        """A question that could not be asked is asked later; after a day a person decides."""
        now = self._clock.now()
        if now - (entry.ended_at or entry.made_at) >= retry.GIVE_UP:
            await self._move(entry, State.NEEDS_PERSON, code=Why.CANNOT_READ)
        else:
            await self._move(entry, State.UNCLEAR, next_at=now + AFTER_FAILED_READ)

    async def _look(self, entry: Entry) -> None:
        account = self._link.account.id
        if await self._database.write(feed_evidence.confirm_order, account, entry.order_id):
            self._say(entry)
        if await self._state_of(entry) is not State.SENT:
            return
        trouble, found = None, False
        try:
            found = await self._look_at_timeline(entry) is Sight.SHOWN
        except LinkError as error:
            trouble = error
        if await self._state_of(entry) is not State.SENT:
            return
        if trouble is not None:
            await self._look_later(entry, trouble)
            return
        if found:
            await self._move(entry, State.CONFIRMED, code="", seen_by="timeline")
            return
        again = retry.next_look(entry, self._clock.now())
        with suppress(ValueError):  # the feed may confirm it in this very moment
            await self._move(entry, State.SENT, next_at=again, code=Why.NO_EVIDENCE if again is None else None)

    async def _look_later(self, entry: Entry, trouble: LinkError) -> None:
        """A read that failed says nothing: it is made again. One that is not allowed never will be; the feed may still confirm."""
        code = Why.MAY_NOT_READ if trouble.code is LinkCode.FORBIDDEN or trouble.http_status == 404 else None
        again = retry.next_look(entry, self._clock.now()) or self._clock.now() + NEXT_AUDIT
        with suppress(ValueError):  # it may confirm it in this very moment
            await self._move(entry, State.SENT, next_at=again, code=code)

    async def _look_at_timeline(self, entry: Entry) -> Sight:
        events = await self._read_timeline(entry.order_id)
        return look(entry, events, await self._database.read(of_order, entry.account, entry.order_id))

    async def _read_timeline(self, order_id: OrderId) -> Sequence[TimelineEvent]:
        account = self._link.account.id
        events = await self._link.call(Endpoint.TIMELINE, lambda client: client.timeline(order_id))
        changed, doubled = await self._database.write(_note_reading, account, order_id, events, self._clock.now())
        if doubled:
            self._changes.publish(OutboxChanged(frozenset(doubled)), LinkChanged())
        if changed:
            self._changes.publish(ShipmentsChanged(frozenset({order_id})))
        return events

    async def _state_of(self, entry: Entry) -> State | None:
        found = await self._database.read(outbox.entry, entry.id)
        return None if found is None else found.state

    async def _move(
        self,
        entry: Entry,
        to: State,
        *,
        next_at: datetime | None = None,
        code: str | None = None,
        reads: int | None = None,
        last_read_at: datetime | None = None,
        seen_by: str | None = None,
    ) -> None:
        await self._database.write(
            outbox.move, entry.id, to, next_at=next_at, code=code, reads=reads, last_read_at=last_read_at, seen_by=seen_by
        )
        self._say(entry)
        if entry.state is State.UNCLEAR and to is not State.UNCLEAR:
            self.on_decided()

    def _say(self, entry: Entry) -> None:
        self._changes.publish(OutboxChanged(frozenset({entry.id})), ShipmentsChanged(frozenset({entry.order_id})), LinkChanged())


def _note_reading(
    conn: Connection, account: AccountId, order_id: OrderId, events: Sequence[TimelineEvent], now: datetime
) -> tuple[bool, list[EntryId]]:
    """Stores what was shown. Says whether anything was new, and which entries are shown twice that nobody knew of."""
    new = timeline.put(conn, account, order_id, events, now)
    entries = of_order(conn, account, order_id)
    sent_again = [entry for entry in entries if entry.ever_unclear and entry.attempts > 1]
    doubled = [entry.id for entry in sent_again if audits.show_twice(conn, entry.id, twice(entry, events, entries))]
    return new or bool(doubled), doubled


def _next_look(conn: Connection, account: AccountId) -> datetime | None:
    moments = (outbox.next_question(conn, account), audits.next_at(conn, account))
    return min((moment for moment in moments if moment is not None), default=None)


def _nobody() -> None:
    """Until somebody wants to hear."""
