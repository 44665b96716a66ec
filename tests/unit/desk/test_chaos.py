"""Bad days drawn at random: faults, restarts, clocks that jump, impatient people. At the end the ledger is right.

What the desk calls sent or confirmed was applied, once; what was taken back was not; and nothing stands open for ever.
"""

import random
from collections import Counter

import pytest

from support.day import Day
from zendera_desk.domain.outbox import Decision, Entry, Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import View
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault

SENDS = (Endpoint.STATUS, Endpoint.UPDATE)
LOST_ANSWERS = (Fault.CLOSE, Fault.HTML, Fault.APPLY_CLOSE, Fault.APPLY_ERROR, Fault.TRUNCATED)
TROUBLE: tuple[tuple[Fault, Endpoint | None, dict[str, int]], ...] = (
    *((fault, endpoint, {}) for fault in LOST_ANSWERS for endpoint in SENDS),
    *((Fault.REFUSE, endpoint, {"status": status}) for endpoint in SENDS for status in (500, 503, 408, 422)),
    *((Fault.LATE, endpoint, {"seconds": 150}) for endpoint in SENDS),
    (Fault.LIMIT, None, {"seconds": 70}),
    (Fault.REDIRECT, None, {}),
    (Fault.CLOSE, None, {}),
    (Fault.BROKEN_ROWS, Endpoint.EXPORT, {}),
    (Fault.REFUSE, Endpoint.TIMELINE, {"status": 500}),
    (Fault.REFUSE, None, {"status": 401}),
    (Fault.REFUSE, Endpoint.UPDATE, {"status": 403}),
)


def applied(day: Day, entry: Entry) -> int:
    """How often the ledger has it; an accept or fail by its order, a report by its own date."""
    rows = day.simulator.ledger.applied(entry.order_id, entry.kind.value)
    if entry.kind is Kind.ACCEPT:
        return len(rows)
    if entry.kind is Kind.FAIL:
        return sum(entry.reference in row.summary["failureReason"] for row in rows)
    assert entry.event_at is not None
    milliseconds = f".{entry.event_at.microsecond // 1000:03}" if entry.event_at.microsecond else ""
    return sum(row.summary["date"] == f"{entry.event_at:%Y-%m-%dT%H:%M:%S}{milliseconds}Z" for row in rows)


async def wish(day: Day, rng: random.Random) -> None:
    """Something that a person does."""
    ids, entries = await day.ids(), await day.entries()
    order_id = rng.choice(ids) if ids else None
    match rng.randrange(8):
        case 0 | 1:
            await day.desk.accept(rng.sample(await day.ids(View.TO_ACCEPT), k=min(2, len(await day.ids(View.TO_ACCEPT)))))
        case 2 if order_id is not None:
            await day.desk.fail([order_id], "No capacity")
        case 3 | 4 | 5 if order_id is not None:
            status, stop = rng.choice([Status.NO_ONE_THERE, Status.OTHER]), rng.choice(list(StopKind))
            draft = Draft(status=status, stop=stop, time="1030", comment=f"{rng.random()}")
            await day.desk.send_report(order_id, draft)
        case 6 if entries:
            await day.desk.take_back([rng.choice(entries).id])
        case 7 if entries:
            await day.desk.retry(rng.choice(entries).id)


async def go_on(day: Day, rng: random.Random) -> None:
    """Time passes, well or badly."""
    day.simulator.world.advance()
    match rng.randrange(12):
        case 0 | 1 | 2:
            fault, endpoint, details = rng.choice(TROUBLE)
            day.simulator.faults.add(fault, endpoint=endpoint, times=1, **details)
        case 3:
            day.clock.jump(minutes=rng.choice([-90, -5, 5, 90]))
        case 4:
            await day.restart()
        case 5:
            day.simulator.stop()
            await day.send()
            day.simulator.start()
        case 6 | 7:
            await day.walk()
        case 8:
            await day.ask(seconds=rng.choice([1, 61, 130, 200]))
        case 9:
            await day.tail(seconds=15)
        case _:
            await day.send(seconds=rng.choice([1, 5, 11, 60]))


async def settle(day: Day) -> None:
    """Everything works again, and a person who can look into Zendera answers what only a person can."""
    day.simulator.faults.clear()
    for _ in range(60):
        day.clock.move(minutes=10)
        day.simulator.world.advance()
        await day.walk()
        await day.ask(seconds=1)
        await day.send(seconds=1)
        for entry in await day.entries():
            if entry.state is State.NEEDS_PERSON:
                await day.desk.decide(entry.id, Decision.ARRIVED if applied(day, entry) else Decision.SEND_AGAIN)
            elif entry.state is State.REFUSED:
                await day.desk.drop(entry.id)
        if all(entry.state not in {State.HELD, State.DUE, State.SENDING, State.UNCLEAR} for entry in await day.entries()):
            return


@pytest.mark.parametrize("seed", range(4))
async def test_after_any_day_the_ledger_is_right(day: Day, seed: int) -> None:
    rng = random.Random(seed)
    await day.walk()
    for _ in range(60):
        await (wish if rng.random() < 0.4 else go_on)(day, rng)
    await settle(day)
    for entry in await day.entries():
        what = f"{entry.kind} of {entry.order_id}, {entry.state}, {entry.code}"
        if entry.kind is not Kind.ACCEPT:
            assert applied(day, entry) <= 1, what
        if entry.state in {State.SENT, State.CONFIRMED}:
            assert applied(day, entry) >= 1, what
        elif entry.state is State.TAKEN_BACK:
            assert applied(day, entry) == 0 or entry.kind is Kind.ACCEPT, what
        else:
            assert entry.state is State.DROPPED, what
    accepts = Counter(row.order_id for row in day.simulator.ledger.applied(kind="accept"))
    assert all(count == 1 for count in accepts.values())
