"""Sends what is due: accepts of a burst as one batch, everything else one by one, at most one at a time per shipment.

The order of things is the whole point. An entry is marked `sending`, durably, after the connection stands and before the
first byte leaves (the client calls `begin` there); what dies earlier was provably not sent. The outcome is written in one
transaction, shielded from cancellation.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from zendera_desk.api import wire
from zendera_desk.domain.changes import Changes, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.ids import EntryId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.engine import retry
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.link import Endpoint, Link, Waiting
from zendera_desk.store import outbox
from zendera_desk.store.database import Connection, Database

LANES: Final = 3
"""Sends of different shipments that may be under way at once."""

_log = logging.getLogger(__name__)


class Outbox:
    def __init__(self, link: Link, database: Database, clock: Clock, changes: Changes, gate: asyncio.Lock, rng: random.Random) -> None:
        self._link = link
        self._database = database
        self._clock = clock
        self._changes = changes
        self._gate = gate
        self._rng = rng
        self._lanes = asyncio.Semaphore(LANES)
        self._under_way = 0
        self._answered = asyncio.Event()
        self._answered.set()
        self._closing = False

    async def step(self, now: datetime) -> datetime | None:
        """Everything that is due, then the moment when the next hold or wait ends."""
        account = self._link.account.id
        released = await self._database.write(outbox.end_holds, account, now)
        if released:
            await self._publish(released)
        try:
            while due := await self._database.read(outbox.due, account, self._clock.now()):
                if not await self._send_all(due):
                    break
        except Waiting as waiting:
            return waiting.until
        return await self._database.read(outbox.next_due, account)

    async def settle(self) -> None:
        """Starts nothing more, and returns when every call that is under way has its answer."""
        self._closing = True
        await self._answered.wait()

    def hurry(self) -> None:
        """Whoever settles waits no longer: what is under way will be asked about at the next start."""
        self._answered.set()

    async def recovered(self) -> None:
        """The line is back: what only waited for it goes out now."""
        await self._database.write(outbox.hurry, self._link.account.id, self._clock.now())

    async def _send_all(self, due: Sequence[Entry]) -> bool:
        """Says whether anything got through: if nothing did, what is still due waits for its time."""
        accepts = [entry for entry in due if entry.kind is Kind.ACCEPT and entry.http_status is None]
        alone = [[entry] for entry in due if entry.kind is not Kind.ACCEPT or entry.http_status is not None]
        groups = ([accepts] if accepts else []) + alone
        results = await asyncio.gather(*(self._send_in_lane(group) for group in groups), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return any(results)

    async def _send_in_lane(self, entries: Sequence[Entry]) -> bool:
        if entries[0].kind is Kind.REPORT:
            async with self._lanes:
                return await self._send(entries, Endpoint.REPORT)
        async with self._gate, self._lanes:
            return await self._send(entries, Endpoint.ACKNOWLEDGE)

    async def _send(self, entries: Sequence[Entry], endpoint: Endpoint) -> bool:
        if self._closing:
            return False
        ids = [entry.id for entry in entries]
        payload = await self._database.read(_body, entries)

        async def begin() -> None:
            await self._database.write(outbox.begin, ids, self._clock.now())
            await self._publish(ids)

        error: LinkError | None = None
        self._under_way += 1
        self._answered.clear()
        try:
            if endpoint is Endpoint.REPORT:
                await self._link.call(endpoint, lambda client: client.report(payload, begin))
            else:
                await self._link.call(endpoint, lambda client: client.acknowledge(payload, begin))
        except LinkError as failed:
            error = failed
        except asyncio.CancelledError:
            await asyncio.shield(self._write_outcome(ids, LinkError(LinkCode.DIED)))
            raise
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._answered.set()
        if error is not None and isinstance(error.__cause__, outbox.NotDueError):
            return True  # taken back in time: look again at what is due
        await asyncio.shield(self._write_outcome(ids, error))
        return error is None or retry.verdict(error) in {retry.Verdict.REFUSED, retry.Verdict.UNCLEAR}

    async def _write_outcome(self, ids: Sequence[EntryId], error: LinkError | None) -> None:
        await self._database.write(_outcome, ids, error, self._clock.now(), self._rng)
        await self._publish(ids)

    async def _publish(self, ids: Sequence[EntryId]) -> None:
        entries = [await self._database.read(outbox.entry, entry_id) for entry_id in ids]
        self._changes.publish(
            OutboxChanged(frozenset(ids)),
            ShipmentsChanged(frozenset(entry.order_id for entry in entries if entry is not None)),
            LinkChanged(),
        )


def _body(conn: Connection, entries: Sequence[Entry]) -> bytes:
    payloads = [outbox.payload(conn, entry.id) for entry in entries]
    return payloads[0] if len(payloads) == 1 else wire.join_acknowledgements(payloads)


def _outcome(conn: Connection, ids: Sequence[EntryId], error: LinkError | None, now: datetime, rng: random.Random) -> None:
    """What an attempt came to, for each of its entries, in one transaction."""
    for entry_id in ids:
        entry = outbox.entry(conn, entry_id)
        if entry is None or entry.state not in {State.SENDING, State.DUE}:
            continue
        code = "" if error is None else error.code.value
        http_status = None if error is None else error.http_status
        answer = "" if error is None else error.words
        state = retry.state_after(entry, error)
        if entry.state is State.DUE:
            state = State.DUE  # it never got as far as sending: certainly not received, whatever the error
        elif state is State.REFUSED and len(ids) > 1:
            state = State.DUE  # one of the batch was refused, nobody says which: each goes alone
        outbox.move(
            conn,
            entry_id,
            state,
            next_at=now if state is State.DUE and len(ids) > 1 and http_status is not None else retry.next_at(state, entry, now, rng),
            ended_at=now,
            code=code,
            http_status=http_status,
            answer=answer,
            reads=0,
        )
        outbox.end_attempt(conn, entry_id, now, code, http_status, answer)
