"""What the window does with a person's wish: one method of the desk, then one sentence, with Undo where it can be undone.

Every method here is the whole answer to one signal of a view. Nothing is asked in a dialog: what cannot be done is said.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from zendera_desk.desk import Desk
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Decision
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Skipped, Written
from zendera_desk.gui import labels
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr


class Say(Protocol):
    """Shows one sentence for a while; with `undo` a button, and until `until` a countdown."""

    def __call__(self, text: str, undo: Callable[[], None] | None = None, until: datetime | None = None) -> None: ...


class Done(NamedTuple):
    """Something that can be taken back as one."""

    entries: tuple[EntryId, ...] = ()
    report_of: OrderId | None = None
    undo: Callable[[], Awaitable[None]] | None = None
    """Where nothing was put into the outbox: what takes it back instead."""
    back: Callable[[], None] | None = None
    """Shows the rows of a report on many again."""


class Wishes:
    """`on_problems`, `on_sent` and `on_restored` are told what came of a report: the window passes it to the form."""

    def __init__(
        self,
        desk: Desk,
        spawn: Spawn,
        say: Say,
        *,
        on_problems: Callable[[list[Problem]], None],
        on_sent: Callable[[OrderId, bool], None],
        on_restored: Callable[[OrderId], None],
    ) -> None:
        self._desk = desk
        self._spawn = spawn
        self._say = say
        self._on_problems = on_problems
        self._on_sent = on_sent
        self._on_restored = on_restored
        self._done: list[Done] = []

    def accept(self, ids: Sequence[OrderId]) -> None:
        self._spawn(self._accept(ids), "accept")

    def fail(self, ids: Sequence[OrderId], reason: str, last_strike_confirmed: bool) -> None:
        self._spawn(self._fail(ids, reason, last_strike_confirmed), "fail")

    def send(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str], then_next: bool) -> None:
        self._spawn(self._send(order_id, draft, confirmed, then_next), "send the report")

    def sent_many(self, entries: tuple[EntryId, ...], until: datetime, back: Callable[[], None]) -> None:
        """The grid has sent them: one Undo takes all of them back."""
        self._done = [*self._done[-20:], Done(entries, back=back)]
        self._say(tr("{n} report(s) will be sent", n=len(entries)), self.undo, until)

    def undo(self) -> None:
        """Takes back what was done last and has not left yet."""
        self._spawn(self._undo(), "undo")

    def remember(self, undo: Callable[[], Awaitable[None]]) -> None:
        """Something else was done that can be undone."""
        self._done = [*self._done[-20:], Done(undo=undo)]

    def take_back(self, entries: Sequence[EntryId]) -> None:
        self._spawn(self._take_these_back(entries), "take back")

    def retry(self, entry: EntryId) -> None:
        self._spawn(self._desk.retry(entry), "retry")

    def drop(self, entry: EntryId) -> None:
        self._spawn(self._desk.drop(entry), "drop")

    def see_twice(self, entry: EntryId) -> None:
        self._spawn(self._desk.see_twice(entry), "see that it is there twice")

    def decide(self, entry: EntryId, decision: Decision) -> None:
        self._spawn(self._desk.decide(entry, decision), "decide")

    async def _accept(self, ids: Sequence[OrderId]) -> None:
        self._tell(await self._desk.accept(ids), lambda n: tr("{n} shipment(s) will be accepted", n=n))

    async def _fail(self, ids: Sequence[OrderId], reason: str, last_strike_confirmed: bool) -> None:
        written = await self._desk.fail(ids, reason, last_strike_confirmed)
        self._tell(written, lambda n: tr("{n} shipment(s) will be failed: {reason}", n=n, reason=reason.strip()))

    async def _send(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str], then_next: bool) -> None:
        try:
            result = await self._desk.send_report(order_id, draft, confirmed)
        except BaseException:
            self._on_problems([])  # the form must not wait for an answer for ever; what went wrong is said by the supervisor
            raise
        if isinstance(result, list):
            self._on_problems(result)
            return
        if not result.entries:
            self._on_problems([])
        else:
            self._on_sent(order_id, then_next)
        self._tell(result, lambda _n: _report_words(draft.status, draft.stop, order_id), report_of=order_id)

    async def _undo(self) -> None:
        while self._done:
            if await self._take_back(self._done.pop()):
                return
        self._say(tr("There is nothing left to undo: it has been sent."))

    async def _take_these_back(self, entries: Sequence[EntryId]) -> None:
        if not await self._take_back(Done(tuple(entries))):
            self._say(tr("It has been sent already, or the form has been begun anew: nothing was taken back."))

    async def _take_back(self, done: Done) -> bool:
        if done.undo is not None:
            await done.undo()
            return True
        orders = await self._desk.take_back(done.entries)
        if not orders:
            return False
        if done.back is not None:
            done.back()
            self._say(tr("{n} report(s) taken back. Everything you typed is in the grid again.", n=len(orders)))
        elif done.report_of is not None:
            self._on_restored(done.report_of)
            self._say(tr("Taken back. Everything you typed is in the form again."))
        else:
            self._say(tr("{n} send(s) taken back", n=len(orders)))
        return True

    def _tell(self, written: Written, words: Callable[[int], str], report_of: OrderId | None = None) -> None:
        left_out = _left_out(written.skipped)
        if not written.entries:
            self._say(left_out)
            return
        done = Done(written.entries, report_of)
        self._done = [*self._done[-20:], done]
        text = words(len(written.entries))
        self._say(f"{text}. {left_out}" if left_out else text, self.undo, written.held_until)


def _report_words(status: Status, stop: StopKind, order_id: OrderId) -> str:
    return tr("{what} for {order} will be sent", what=f"{labels.report_status(status).text}, {labels.stop(stop).text}", order=order_id)


def _left_out(skipped: Sequence[Skipped]) -> str:
    """Why some were left out, each reason once."""
    reasons = dict.fromkeys(labels.skipped(each.code) for each in skipped)
    return tr("{n} left out: {reasons}", n=len(skipped), reasons="; ".join(reasons)) if skipped else ""
