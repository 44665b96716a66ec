"""Asks Zendera about what is unclear, and looks for evidence of what was answered, on the order's timeline.

The simple form: two successful reads, apart in time, that do not show a report make it due again once the account's
reports are known to show up there; until then, and for a failed export always, a person decides. Accepts are decided by
walks of the export (store/walks.py).
"""

from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.changes import Changes, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.outbox import Entry, Kind, State, Why
from zendera_desk.engine import retry
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.evidence import shows
from zendera_desk.engine.link import Endpoint, Link, Waiting
from zendera_desk.store import outbox
from zendera_desk.store.database import Database

TRUSTED_AFTER: Final = 20
"""Own reports that must have been recognised on the timeline before their absence there means anything."""

AFTER_FAILED_READ: Final = timedelta(seconds=60)


class Verify:
    def __init__(self, link: Link, database: Database, clock: Clock, changes: Changes) -> None:
        self._link = link
        self._database = database
        self._clock = clock
        self._changes = changes

    async def step(self, now: datetime) -> datetime | None:
        account = self._link.account.id
        waiting: Waiting | None = None
        for entry in await self._database.read(outbox.unclear_due, account, now):
            try:
                await self._ask(entry)
            except Waiting as closed:
                waiting = closed
                await self._give_up(entry)
        for entry in await self._database.read(outbox.sent_due, account, now):
            try:
                await self._look(entry)
            except Waiting as closed:
                waiting = closed
                break
        return waiting.until if waiting else await self._database.read(outbox.next_question, account)

    async def _ask(self, entry: Entry) -> None:
        if entry.kind is Kind.ACCEPT:
            await self._give_up(entry)
            return
        try:
            found = await self._is_shown(entry)
        except LinkError as error:
            if error.code is LinkCode.FORBIDDEN or error.http_status == 404:
                await self._move(entry, State.NEEDS_PERSON, code=Why.MAY_NOT_READ)
            else:
                await self._give_up(entry)
            return
        now = self._clock.now()
        if found:
            await self._move(entry, State.CONFIRMED, code="", seen_by="timeline")
        elif entry.reads and entry.last_read_at and now - entry.last_read_at >= retry.BETWEEN_READS:
            await self._not_shown(entry, now)
        else:
            reads = max(1, entry.reads)
            await self._move(entry, State.UNCLEAR, next_at=now + retry.BETWEEN_READS, reads=reads, last_read_at=entry.last_read_at or now)

    async def _not_shown(self, entry: Entry, now: datetime) -> None:
        recognised = await self._database.read(outbox.recognised, self._link.account.id)
        if entry.kind is Kind.REPORT and recognised >= TRUSTED_AFTER:
            await self._move(entry, State.DUE, next_at=now, code=Why.NOT_SHOWN, reads=2, last_read_at=now)
        else:
            await self._move(entry, State.NEEDS_PERSON, code=Why.NOT_SHOWN, reads=2, last_read_at=now)

    async def _give_up(self, entry: Entry) -> None:
        """A question that could not be asked is asked later; after a day a person decides."""
        now = self._clock.now()
        if now - (entry.ended_at or entry.made_at) >= retry.GIVE_UP:
            await self._move(entry, State.NEEDS_PERSON, code=Why.CANNOT_READ)
        else:
            await self._move(entry, State.UNCLEAR, next_at=now + AFTER_FAILED_READ)

    async def _look(self, entry: Entry) -> None:
        try:
            found = await self._is_shown(entry)
        except LinkError:
            found = False
        if found:
            await self._move(entry, State.CONFIRMED, code="", seen_by="timeline")
            return
        again = retry.next_look(entry, self._clock.now())
        await self._move(entry, State.SENT, next_at=again, code=Why.NO_EVIDENCE if again is None else None)

    async def _is_shown(self, entry: Entry) -> bool:
        return shows(entry, await self._link.call(Endpoint.TIMELINE, lambda client: client.timeline(entry.order_id)))

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
        self._changes.publish(OutboxChanged(frozenset({entry.id})), ShipmentsChanged(frozenset({entry.order_id})), LinkChanged())
