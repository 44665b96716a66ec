"""Sends what is due: accepts of a burst as one batch, everything else one by one, at most one at a time per shipment.

The order of things is the whole point. An entry is marked `sending`, durably, after the connection stands and before the
first byte leaves (the client calls `begin` there); what dies earlier was provably not sent. The outcome is written in one
transaction, shielded from cancellation. Marks and outcomes of lanes beside each other share a transaction where they meet: what
lasts is the disk, and it is waited for before a byte leaves, and before an answer counts.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from datetime import datetime
from typing import Final, NamedTuple

from zendera_desk.api import wire
from zendera_desk.domain.changes import Changes, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import LinkCode, LinkError, StoreError
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State, Why
from zendera_desk.engine import retry
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.link import Endpoint, Link, Noted, Waiting
from zendera_desk.engine.supervise import to_the_end
from zendera_desk.store import calls, outbox, uploads
from zendera_desk.store.database import Connection, Database
from zendera_desk.store.entries import lane_of

LANES: Final = 16
"""Sends of different shipments that may be under way at once: as many as may be unclear after a power cut, and share a transaction."""

_WIDE_LANES: Final = 8
"""As many of them may be more than a few words: reports with pictures share a narrow line, and each has its time."""

LOOK_AGAIN: Final = 0.5
"""Seconds: while there is enough to send, this often it is looked at what else has become due."""

_AHEAD: Final = 16 * 1024
"""Bytes: so small a payload is read together with what is due, and not by itself when its turn comes."""

_LARGE: Final = 256 * 1024
"""Bytes that take a millisecond to add up; more is done in a thread."""

ENDPOINTS: Final = {Kind.ACCEPT: Endpoint.ACKNOWLEDGE, Kind.FAIL: Endpoint.ACKNOWLEDGE, Kind.REPORT: Endpoint.REPORT}

_log = logging.getLogger(__name__)


class Outcome(NamedTuple):
    """What an attempt came to, for each of its entries; `error` None: a valid answer."""

    ids: Sequence[EntryId]
    error: LinkError | None
    at: datetime
    failures: int


class Outbox:
    def __init__(self, link: Link, database: Database, clock: Clock, changes: Changes, gate: asyncio.Lock, rng: random.Random) -> None:
        self.on_answer: Callable[[], None] = _nobody
        """Called when an attempt has ended: there may be something to ask about."""
        self.on_released: Callable[[], None] = _nobody
        """Called when holds have ended: pictures that travel as links are uploaded from now on."""
        self._link = link
        self._database = database
        self._clock = clock
        self._changes = changes
        self._gate = gate
        self._rng = rng
        self._lanes = asyncio.Semaphore(LANES)
        self._wide_lanes = asyncio.Semaphore(_WIDE_LANES)
        self._failures = 0
        self._ahead: dict[EntryId, bytes] = {}
        """Payloads of what is due that have been read, until they leave or it is looked again at what is due."""
        self._owed: list[tuple[Outcome, frozenset[OrderId]]] = []
        self._under_way = 0
        self._answered = asyncio.Event()
        self._answered.set()
        self._closing = False

    async def step(self, now: datetime) -> datetime | None:
        """Everything that is due, then the moment when the next hold or wait ends."""
        if self._closing:
            return None
        await self._link.notice_jump()
        while self._owed:
            await self._note(*self._owed.pop(0))
        await self._send_all()
        return await self._next_at()

    async def settle(self) -> None:
        """Starts nothing more, and returns when every call that is under way has its answer, and that is written down."""
        self._closing = True
        await self._answered.wait()

    def chance(self) -> float:
        """Between nothing and one, from this desk's own dice: for waits that must differ from desk to desk."""
        return self._rng.random()

    def hurry(self) -> None:
        """Whoever settles waits no longer: what is under way will be asked about at the next start."""
        self._answered.set()

    async def recovered(self) -> None:
        """The line is back: what only waited for it goes out now."""
        self._failures = 0
        await self._database.write(outbox.hurry, self._link.account.id, self._clock.now())

    def _open_kinds(self) -> list[Kind]:
        """What may go now: an endpoint that is closed keeps only its own kind waiting."""
        return [kind for kind, endpoint in ENDPOINTS.items() if self._link.closed_until(endpoint) is None]

    async def _next_at(self) -> datetime | None:
        moments = []
        for kind, state, at in await self._database.read(outbox.waiting, self._link.account.id):
            closed_until = self._link.closed_until(ENDPOINTS[kind]) if state is State.DUE else None
            moments.append(max(at, closed_until) if closed_until else at)
        return min(moments, default=None)

    async def _send_all(self) -> None:
        """Sends until nothing is due. What takes long keeps nobody else waiting: meanwhile it is looked again at what is due.

        What did not get through is not tried twice in one go: its time comes again.
        """
        running: dict[asyncio.Task[bool], list[EntryId]] = {}
        ended: asyncio.Queue[asyncio.Task[bool]] = asyncio.Queue()
        tried: set[EntryId] = set()
        through, troubles, look_at = False, list[Exception](), 0.0
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            while True:
                if len(running) <= LANES or loop.time() >= look_at:
                    busy = tried.union(*running.values())
                    for entries in _groups([entry for entry in await self._due(troubles) if entry.id not in busy]):
                        task = group.create_task(self._kept(entries, troubles))
                        running[task] = [entry.id for entry in entries]
                        task.add_done_callback(ended.put_nowait)
                    look_at = loop.time() + LOOK_AGAIN
                if not running:
                    break
                for task in await _those_that_ended(ended, look_at):
                    ids = running.pop(task)
                    through = through or task.result()
                    tried.update([] if task.result() else ids)
        if through or tried:
            self._failures = 0 if through else self._failures + 1
        if troubles:
            raise troubles[0]

    async def _due(self, troubles: list[Exception]) -> list[Entry]:
        """Nothing where the file cannot be used: that must not cancel what is under way."""
        account, now = self._link.account.id, self._clock.now()
        try:
            released = await self._database.write(outbox.end_holds, account, now)
            if released:
                self._publish([entry.id for entry in released], frozenset(entry.order_id for entry in released))
                self.on_released()
            due, self._ahead = await self._database.read(_read_due, account, now, self._open_kinds())
            return due
        except Exception as error:  # noqa: BLE001 (raised when what is under way has ended)
            troubles.append(error)
            return []

    async def _kept(self, entries: Sequence[Entry], troubles: list[Exception]) -> bool:
        """Says whether it got through. One that fails in a way nobody foresaw must not cancel those beside it."""
        try:
            return await self._send_in_lane(entries)
        except Exception as error:  # noqa: BLE001 (raised when the others have ended)
            troubles.append(error)
            return False

    async def _send_in_lane(self, entries: Sequence[Entry]) -> bool:
        if entries[0].kind is Kind.REPORT:
            is_small = entries[0].id in self._ahead
            async with nullcontext() if is_small else self._wide_lanes, self._lanes:
                return await self._send(entries, Endpoint.REPORT)
        async with self._gate, self._lanes:
            return await self._send(entries, Endpoint.ACKNOWLEDGE)

    async def _send(self, entries: Sequence[Entry], endpoint: Endpoint) -> bool:
        if self._closing:
            return False
        self._under_way += 1
        self._answered.clear()
        try:
            payloads = await self._sound_payloads(entries)
            sound = [entry for entry in entries if entry.id in payloads]
            return not sound or await self._exchange(sound, _joined(list(payloads.values())), endpoint)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._answered.set()

    async def _sound_payloads(self, entries: Sequence[Entry]) -> dict[EntryId, bytes]:
        """The frozen bytes, with the links of their pictures: all of it stands in the file.

        An entry whose bytes are not the frozen ones is put before a person, and keeps nobody else waiting.
        """
        if all(entry.id in self._ahead for entry in entries):
            return {entry.id: self._ahead.pop(entry.id) for entry in entries}
        sound, damaged = await self._database.read(_read_payloads, [entry.id for entry in entries])
        for entry_id in damaged:
            _log.error("the payload of entry %d is damaged: it is not sent", entry_id)
            await self._database.write(outbox.refuse_damaged, entry_id, self._clock.now())
            self._publish([entry_id], frozenset(entry.order_id for entry in entries if entry.id == entry_id))
        return sound

    async def _exchange(self, entries: Sequence[Entry], payload: bytes, endpoint: Endpoint) -> bool:
        ids, orders = [entry.id for entry in entries], frozenset(entry.order_id for entry in entries)
        sha256 = await asyncio.to_thread(_sha256, payload) if len(payload) > _LARGE else _sha256(payload)
        noted, marked = Noted(), False

        async def begin() -> None:
            nonlocal marked
            if self._closing:
                raise outbox.NotDueError
            self._link.look_again()
            noted.row = await self._database.write_together(self._under_way, _mark, self._link.account.id, ids, self._clock.now(), sha256)
            marked = True
            self._publish(ids, orders)

        async def note(error: LinkError | None) -> None:
            await to_the_end(self._note(Outcome(ids, error, self._clock.now(), self._failures), orders))

        error: LinkError | None = None
        try:
            if endpoint is Endpoint.REPORT:
                await self._link.call(endpoint, lambda client: client.report(payload, begin), noted)
            else:
                await self._link.call(endpoint, lambda client: client.acknowledge(payload, begin), noted)
        except Waiting:
            if not marked:
                return False
            error = LinkError(LinkCode.NOT_WRITTEN)  # the limit was met while the mark was being written
        except LinkError as failed:
            error = failed
        except asyncio.CancelledError:
            await note(LinkError(LinkCode.DIED))
            raise
        except Exception:  # nobody foresaw it: it is said by whoever runs the step, but first the outcome is written down
            await note(LinkError(LinkCode.BROKEN_ANSWER))
            raise
        if error is not None and isinstance(error.__cause__, outbox.NotDueError):
            return True  # taken back in time: look again at what is due
        await note(error)
        return error is None or retry.verdict(error) in {retry.Verdict.REFUSED, retry.Verdict.UNCLEAR}

    async def _note(self, outcome: Outcome, orders: frozenset[OrderId]) -> None:
        """Writes it down; what cannot be written (a full disk) is written before anything else is sent."""
        try:
            await self._database.write_together(self._under_way, _write_outcome, outcome, self._rng)
        except Exception:
            _log.error("what came of entries %s could not be noted; it is tried again", list(outcome.ids))
            self._owed.append((outcome, orders))
            raise
        self._publish(outcome.ids, orders)
        self.on_answer()

    def _publish(self, ids: Sequence[EntryId], orders: frozenset[OrderId]) -> None:
        self._changes.publish(OutboxChanged(frozenset(ids)), ShipmentsChanged(orders), LinkChanged())


def _nobody() -> None:
    """Until somebody wants to hear."""


async def _those_that_ended(ended: "asyncio.Queue[asyncio.Task[bool]]", until: float) -> list[asyncio.Task[bool]]:
    """As soon as there is one; none when the moment of the loop's clock has come."""
    found = []
    with suppress(TimeoutError):
        async with asyncio.timeout_at(until):
            found.append(await ended.get())
    while not ended.empty():
        found.append(ended.get_nowait())
    return found


def _groups(due: Sequence[Entry]) -> list[list[Entry]]:
    """What goes in one call: the accepts together, everything else alone."""
    accepts = [entry for entry in due if entry.kind is Kind.ACCEPT and not _goes_alone(entry)]
    alone = [[entry] for entry in due if entry.kind is not Kind.ACCEPT or _goes_alone(entry)]
    return ([accepts] if accepts else []) + alone


def _goes_alone(entry: Entry) -> bool:
    """It was in a batch that Zendera refused, or twice in one that came to nothing, nobody says because of which: each goes alone."""
    return entry.code == LinkCode.REFUSED or (entry.code == Why.NOT_ARRIVED and entry.attempts > 1)


def _read_due(conn: Connection, account: AccountId, now: datetime, kinds: Sequence[Kind]) -> tuple[list[Entry], dict[EntryId, bytes]]:
    """With the payloads that are small and stand as they will leave: they are frozen. The others are read when their turn comes."""
    due = outbox.due(conn, account, now, kinds)
    return due, _read_payloads(conn, outbox.small(conn, [entry.id for entry in due], _AHEAD))[0]


def _read_payloads(conn: Connection, ids: Sequence[EntryId]) -> tuple[dict[EntryId, bytes], list[EntryId]]:
    """Those that are what was frozen, and the ids of the others."""
    links, sound = uploads.links(conn, ids), dict[EntryId, bytes]()
    for entry_id, payload in outbox.payloads(conn, ids).items():
        with suppress(ValueError):  # its placeholders are not those of its pictures
            sound[entry_id] = wire.with_links(payload, links[entry_id])
    return sound, [entry_id for entry_id in ids if entry_id not in sound]


def _sha256(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def _joined(payloads: Sequence[bytes]) -> bytes:
    return payloads[0] if len(payloads) == 1 else wire.join_acknowledgements(payloads)


def _mark(conn: Connection, account: AccountId, ids: Sequence[EntryId], now: datetime, sha256: str) -> int:
    """That they are being sent, and that it costs a call: of both no start may know less than Zendera. Returns where that is noted."""
    outbox.begin(conn, ids, now, sha256)
    return calls.add(conn, account, now)


def _write_outcome(conn: Connection, outcome: Outcome, rng: random.Random) -> None:
    """What an attempt came to, for each of its entries, in one transaction."""
    error, now = outcome.error, outcome.at
    code = "" if error is None else error.code.value
    http_status = None if error is None else error.http_status
    answer = "" if error is None else error.words
    in_refused_batch = len(outcome.ids) > 1 and retry.verdict(error) is retry.Verdict.REFUSED
    for entry_id in outcome.ids:
        lane = lane_of(conn, entry_id)
        entry = next((each for each in lane if each.id == entry_id), None)
        if entry is None:
            raise StoreError("damaged", words=f"entry {entry_id} is not there")
        if entry.state not in {State.SENDING, State.DUE}:
            continue
        # One that never got as far as sending was certainly not received, whatever the error.
        state = State.DUE if in_refused_batch or entry.state is State.DUE else retry.state_after(entry, error)
        outbox.move(
            conn,
            entry_id,
            state,
            next_at=now if in_refused_batch else retry.next_at(state, entry, now, rng, outcome.failures),
            ended_at=now,
            code=code,
            http_status=http_status,
            answer=answer,
            # Nobody says whether the others of a refused batch were applied.
            maybe_arrived=in_refused_batch,
            lane=lane,
        )
        outbox.end_attempt(conn, entry_id, now, code, http_status, answer)
