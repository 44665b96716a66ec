"""The person at the desk: a plan for every shipment, worked off by looking at the screen and nothing else.

Where the desk asks ("It arrived", "Send again", "Drop it") the person asks a dispatcher, who looks at Zendera's own screen.
What was done is read from the desk again each time, so that a crash makes the person forget nothing and repeat nothing.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from prove.judge import Judge
from zendera_desk.desk import Desk
from zendera_desk.domain.drafting import ASKS
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import OPEN, Decision, Entry, Kind, State, Why
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import View, Written

PLANS: Final = (
    ("accept", "complete"),
    ("accept", "no_one", "no_one", "complete"),
    ("accept", "pickup", "complete"),
    ("accept", "other", "damage"),
    ("accept", "no_one", "other", "no_one"),
    ("fail", "accept", "complete"),
    ("fail", "fail"),
    ("fail", "fail", "accept"),
    ("accept",),
)
_REPORTS: Final = {
    "complete": (Status.COMPLETE, StopKind.DELIVERY),
    "pickup": (Status.COMPLETE, StopKind.PICKUP),
    "no_one": (Status.NO_ONE_THERE, StopKind.DELIVERY),
    "other": (Status.OTHER, StopKind.DELIVERY),
    "damage": (Status.DAMAGE, StopKind.DELIVERY),
}


class Person:
    def __init__(self, rng: random.Random, judge: Judge, orders: Sequence[int]) -> None:
        self._rng = rng
        self._judge = judge
        self.plans = {OrderId(order): rng.choice(PLANS) for order in orders}
        self.left: dict[OrderId, str] = {}
        """What was still to be done when the person looked last."""
        self.calm = False
        """The day is over: nothing is taken back or tried out any more, what is left is brought to its end."""

    async def looks(self, desk: Desk) -> bool:
        """One look at the screen and what follows from it. Says whether everything is done."""
        lines = defaultdict(list)
        for line in sorted(await desk.outbox(1000), key=lambda each: each.entry.id):
            lines[line.entry.order_id].append(line.entry)
        for entries in lines.values():
            for entry in entries:
                await self._answers(desk, entry)
        if not self.calm and self._rng.random() < 0.4:
            await self._meddles(desk, [entry for entries in lines.values() for entry in entries])
            return False  # what was on the screen is not true any more
        left = {order: deed for order in self.plans if (deed := self._next(order, lines[order]))}
        await self._does(desk, left)
        self.left = left
        return not left and not any(entry.state in OPEN for entries in lines.values() for entry in entries)

    def _next(self, order: OrderId, entries: Sequence[Entry]) -> str:
        """The next deed of the plan, or "". A dropped deed counts as done; without an accept nothing can follow it."""
        done = [entry for entry in entries if entry.state is not State.TAKEN_BACK and entry.code != Why.MENDED]
        if any(entry.state is State.DROPPED and entry.kind is Kind.ACCEPT for entry in done):
            return ""
        if any(entry.state is State.REFUSED for entry in done):
            return ""  # first that
        plan = self.plans[order]
        return plan[len(done)] if len(done) < len(plan) else ""

    async def _answers(self, desk: Desk, entry: Entry) -> None:
        if entry.state is State.NEEDS_PERSON:
            arrived = self._judge.arrived(entry.id)
            again = Decision.SEND_AGAIN if self._rng.random() < 0.8 else Decision.DROP
            decision = Decision.ARRIVED if arrived else again
            self._judge.said(entry.id, drop=decision is Decision.DROP)
            await _unless_late(desk.decide(entry.id, decision))
        elif entry.decisions:  # Zendera answered, and does not show it
            arrived = self._judge.arrived(entry.id)
            self._judge.said(entry.id, drop=not arrived)
            await _unless_late(desk.decide(entry.id, Decision.ARRIVED if arrived else Decision.DROP))
        elif entry.state is State.REFUSED:
            if self._rng.random() < 0.3:
                self._judge.said(entry.id, drop=True)
                await _unless_late(desk.drop(entry.id))
            elif self._rng.random() < 0.5 or entry.kind is not Kind.REPORT:
                await desk.retry(entry.id)
            else:
                await self._reports(desk, entry.order_id, _draft(desk, entry.status, entry.stop, self._rng))

    async def _meddles(self, desk: Desk, entries: Sequence[Entry]) -> None:
        """What impatient people do: take back, try again, look at everything, type into a form."""
        waiting = [entry for entry in entries if entry.state in OPEN]
        if not waiting:
            return
        entry = self._rng.choice(waiting)
        match self._rng.randrange(6):
            case 0 if entry.state in {State.HELD, State.DUE}:
                self._judge.took_back(entry.id)
                await desk.take_back([entry.id])
            case 1:
                await desk.retry(entry.id)
            case 2:
                desk.refresh()
            case 3:
                await desk.save_draft(entry.order_id, Draft(time="0915", comment="half a sentence"))
            case 4 if entry.state is State.DUE:
                self._judge.said(entry.id, drop=True)
                await _unless_late(desk.drop(entry.id))

    async def _does(self, desk: Desk, left: dict[OrderId, str]) -> None:
        accepts = [order for order, deed in left.items() if deed == "accept"]
        shown = set(await desk.shipment_ids(View.ALL))
        accepts = [order for order in accepts if order in shown and (self.calm or self._rng.random() < 0.7)]
        if accepts:
            self._promised(await desk.accept(accepts))
        for order, deed in left.items():
            if deed == "accept" or order not in shown or not (self.calm or self._rng.random() < 0.3):
                continue
            if deed == "fail":
                reason = self._rng.choice(("Unknown postal code", "No capacity"))
                self._promised(await desk.fail([order], reason, last_strike_confirmed=True))
            else:
                await self._reports(desk, order, _draft(desk, *_REPORTS[deed], self._rng))

    async def _reports(self, desk: Desk, order: OrderId, draft: Draft) -> None:
        written = await desk.send_report(order, draft, frozenset(ASKS))
        if isinstance(written, Written):
            self._promised(written)

    def _promised(self, written: Written) -> None:
        self._judge.promised(written.entries)


def _draft(desk: Desk, status: Status | None, stop: StopKind | None, rng: random.Random) -> Draft:
    then = (desk.now() - timedelta(minutes=rng.randrange(1, 60))).astimezone(desk.zone)
    return Draft(
        status=status or Status.COMPLETE,
        stop=stop or StopKind.DELIVERY,
        time=f"{then:%d.%m.%y %H:%M}",
        comment="At the gate",
        signee="Ola Nordmann",
        exception="the phone was flat",
    )


async def _unless_late(decision: object) -> None:
    """The engine may have moved the entry since the person looked: then the desk says so, and nothing happens."""
    try:
        await decision  # type: ignore[misc]
    except DeskError as error:
        if error.code not in {"decided_already", "not_droppable"}:
            raise
