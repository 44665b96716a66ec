"""What the window does with a person's wish: one method of the desk, then one sentence, with Undo where it can be undone.

Every method here is the whole answer to one signal of a view. Nothing is asked in a dialog: what cannot be done is said.

Undo is of one deed: the button of a sentence takes back what that sentence tells, Ctrl+Z the newest deed. Where that has left, it is
said and stays the newest: an older deed, which nobody thinks of just then, is never taken back in its place.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Decision, Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Skipped, Written
from zendera_desk.gui import labels
from zendera_desk.gui.openforms import OpenForms
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr

_MOST: Final = 20
"""Deeds that are remembered."""


class Say(Protocol):
    """Shows one sentence for a while; with `undo` a button, and until `until` a countdown."""

    def __call__(self, text: str, undo: Callable[[], None] | None = None, until: datetime | None = None) -> None: ...


class Done(NamedTuple):
    """Something that can be taken back as one."""

    what: str
    """As it was told."""
    entries: tuple[EntryId, ...] = ()
    report_of: OrderId | None = None
    undo: Callable[[], Awaitable[bool]] | None = None
    """Where nothing was put into the outbox: what takes it back instead, and says what came of that."""
    back: Callable[[], None] | None = None
    """Shows the rows of a report on many again."""


class Wishes:
    """`on_sent` and `on_restored` are told what came of a report: the window passes it to the form."""

    def __init__(
        self,
        desk: Desk,
        spawn: Spawn,
        say: Say,
        forms: OpenForms,
        *,
        on_sent: Callable[[OrderId, tuple[EntryId, ...]], None],
        on_restored: Callable[[OrderId, tuple[EntryId, ...]], None],
    ) -> None:
        self._desk = desk
        self._spawn = spawn
        self._say = say
        self._forms = forms
        self._on_sent = on_sent
        self._on_restored = on_restored
        self._done: list[Done] = []
        self.one_at_a_time = asyncio.Lock()
        """Undo that is pressed while a deed is being written down is about that one."""

    def accept(self, ids: Sequence[OrderId]) -> None:
        self._spawn(self._accept(ids), "accept")

    def fail(self, ids: Sequence[OrderId], reason: str, last_strike_confirmed: bool) -> None:
        self._spawn(self._fail(ids, reason, last_strike_confirmed), "fail")

    def send(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str]) -> None:
        self._spawn(self._send(order_id, draft, confirmed), "send the report")

    def sent_many(self, entries: tuple[EntryId, ...], until: datetime, back: Callable[[], None]) -> None:
        """The grid has sent them: one Undo takes all of them back."""
        what = tr("{n} report(s) will be sent", n=len(entries))
        self._say(what, self._noted(Done(what, entries, back=back)), until)

    def undo(self) -> None:
        """Takes back what was done last, if it has not left yet."""
        self._spawn(self._undo(None), "undo")

    def remember(self, what: str, undo: Callable[[], Awaitable[bool]]) -> Callable[[], None]:
        """Something else was done, and told so. `undo` says whether it could be undone; returned is what the button of that sentence
        does."""
        return self._noted(Done(what, undo=undo))

    def take_back(self, entries: Sequence[EntryId]) -> None:
        self._spawn(self._take_these_back(tuple(entries)), "take back")

    def retry(self, entry: EntryId) -> None:
        self._spawn(self._desk.retry(entry), "retry")

    def drop(self, entry: EntryId) -> None:
        self._spawn(self._desk.drop(entry), "drop")

    def see_twice(self, entry: EntryId) -> None:
        self._spawn(self._desk.see_twice(entry), "see that it is there twice")

    def decide(self, entry: EntryId, decision: Decision) -> None:
        self._spawn(self._desk.decide(entry, decision), "decide")

    async def _accept(self, ids: Sequence[OrderId]) -> None:
        async with self.one_at_a_time:
            self._tell(await self._desk.accept(ids), lambda n: tr("{n} shipment(s) will be accepted", n=n))

    async def _fail(self, ids: Sequence[OrderId], reason: str, last_strike_confirmed: bool) -> None:
        async with self.one_at_a_time:
            written = await self._desk.fail(ids, reason, last_strike_confirmed)
            self._tell(written, lambda n: tr("{n} shipment(s) will be failed: {reason}", n=n, reason=reason.strip()))

    async def _send(self, order_id: OrderId, draft: Draft, confirmed: frozenset[str]) -> None:
        async with self.one_at_a_time:
            try:
                result = await self._desk.send_report(order_id, draft, confirmed)
            except BaseException:
                self._forms.show_problems(order_id, [])  # it must not wait for ever; the supervisor says what went wrong
                raise
            if isinstance(result, list):
                self._forms.show_problems(order_id, result)
                return
            if result.entries:
                self._on_sent(order_id, result.entries)
            else:
                self._forms.show_problems(order_id, [])
            self._tell(result, lambda _n: _report_words(draft.status, draft.stop, order_id), report_of=order_id)

    # Undo

    def _noted(self, done: Done) -> Callable[[], None]:
        self._done = [*self._done[1 - _MOST :], done]
        return lambda: self._spawn(self._undo(done), "undo")

    async def _undo(self, wanted: Done | None) -> None:
        async with self.one_at_a_time:
            done = wanted or (self._done[-1] if self._done else None)
            if done is None:
                self._say(tr("There is nothing to undo."))
            elif done not in self._done:
                self._say(tr("It was taken back already: {what}", what=done.what))
            elif await self._take_back(done):
                self._done.remove(done)

    async def _take_back(self, done: Done) -> bool:
        if done.undo is not None:
            return await done.undo()
        try:
            orders = await self._with_forms(done)
        except StoreError:
            raise
        except DeskError as error:
            self._say(labels.error(error))
            return False
        if not orders:
            self._say(await self._why_not(done))
        elif len(orders) < len(done.entries):
            return await self._say_in_part(done, len(orders))
        elif done.back is not None:
            self._say(tr("{n} report(s) taken back. Everything you typed is in the grid again, or a draft of its shipment.", n=len(orders)))
        elif done.report_of is not None:
            self._say(tr("Taken back. Everything you typed is in the form again."))
        else:
            self._say(tr("{n} send(s) taken back", n=len(orders)))
        return bool(orders)

    async def _say_in_part(self, done: Done, back: int) -> bool:
        """What could not be taken back and has not left stays to be undone: False."""
        entries = [(await self._desk.story(entry)).entry for entry in done.entries]
        here = tuple(entry.id for entry in entries if entry.state in {State.HELD, State.DUE})
        left = sum(entry.state not in {State.HELD, State.DUE, State.TAKEN_BACK, State.DROPPED} for entry in entries)
        parts = [tr("{n} taken back", n=back)]
        parts += [tr("{left} had left already", left=left)] if left else []
        parts += [tr("{n} not: a report or a draft of the same shipment is in the way", n=len(here))] if here else []
        self._say(", ".join(parts))
        if here and done in self._done:
            self._done[self._done.index(done)] = done._replace(entries=here)
        return not here

    async def _with_forms(self, done: Done) -> list[OrderId]:
        """The form that would show what comes back is not open meanwhile, and what is typed is on disk: neither writes over the other."""
        if done.report_of is None:
            if done.back is not None and not await self._forms.write_down():
                raise DeskError("form_not_saved")
            orders = await self._desk.take_back(done.entries)
            if orders and done.back is not None:
                done.back()
            return orders
        closed, orders = await self._forms.let_go(done.report_of), []
        try:
            orders = await self._desk.take_back(done.entries)
        finally:
            if not orders:
                self._forms.take_up(closed)
        if orders:
            self._on_restored(done.report_of, done.entries)
        return orders

    async def _take_these_back(self, entries: tuple[EntryId, ...]) -> None:
        """Of the outbox, where each is chosen by hand."""
        async with self.one_at_a_time:
            closed, orders = await self._forms.let_go(), []
            try:
                orders = await self._desk.take_back(entries)
            finally:
                self._forms.take_up(closed)
            if orders:
                self._done = [done for done in self._done if not (done.entries and set(done.entries) <= set(entries))]
                self._say(tr("{n} send(s) taken back", n=len(orders)))
            else:
                self._say(tr("It has been sent already, or the form has been begun anew: nothing was taken back."))

    async def _why_not(self, done: Done) -> str:
        entries = [(await self._desk.story(entry)).entry for entry in done.entries]
        if all(entry.state in {State.TAKEN_BACK, State.DROPPED} for entry in entries):
            return tr("It was taken back already: {what}", what=done.what)
        if not any(entry.state in {State.HELD, State.DUE} for entry in entries):
            return tr("Too late to undo, it has left already: {what}", what=done.what)
        if any(entry.kind is Kind.ACCEPT for entry in entries):
            return tr("Not undone, take back the report behind it first: {what}", what=done.what)
        return tr("Not undone, the form has been begun anew; send or discard that first: {what}", what=done.what)

    def _tell(self, written: Written, words: Callable[[int], str], report_of: OrderId | None = None) -> None:
        left_out = _left_out(written.skipped)
        if not written.entries:
            self._say(left_out)
            return
        what = words(len(written.entries))
        undo = self._noted(Done(what, written.entries, report_of))
        self._say(f"{what}. {left_out}" if left_out else what, undo, written.held_until)


def _report_words(status: Status, stop: StopKind, order_id: OrderId) -> str:
    return tr("{what} for {order} will be sent", what=f"{labels.report_status(status).text}, {labels.stop(stop).text}", order=order_id)


def _left_out(skipped: Sequence[Skipped]) -> str:
    """Why some were left out, each reason once."""
    reasons = dict.fromkeys(labels.skipped(each.code) for each in skipped)
    return tr("{n} left out: {reasons}", n=len(skipped), reasons="; ".join(reasons)) if skipped else ""
