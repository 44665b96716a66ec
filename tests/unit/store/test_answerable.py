"""What the store says may be accepted or failed is what the rule says, of every shipment."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest

from unit.store.office import ACCOUNT, NOON, PATHS, arrive, bring, enter, shipment, write
from zendera_desk.domain.outbox import Kind, State, Why
from zendera_desk.domain.standing import may_accept, may_fail
from zendera_desk.domain.views import Phase, ShipmentLine
from zendera_desk.store import listing, outbox
from zendera_desk.store.answerable import answerable
from zendera_desk.store.database import Connection

STATES = sorted(PATHS)
Rule = Callable[[ShipmentLine], bool]


@pytest.fixture
def stocked(conn: Connection) -> Connection:
    """Each kind of answer in each state, sent ones that are still offered, corrected ones, and some after all strikes but one."""
    conn.execute("pragma synchronous = off")
    numbers = itertools.count(1)
    for kind, state in itertools.product((Kind.ACCEPT, Kind.FAIL), STATES):
        for again in (False, True):
            number = next(numbers)
            arrive(conn, shipment(number))
            entry = bring(conn, enter(conn, number, kind), state)
            if again and state is State.SENT:
                write(conn, outbox.move, entry, State.SENT, code=Why.STILL_OFFERED)
            elif again:
                arrive(conn, shipment(number, city="Voss"), now=NOON + timedelta(hours=1))
    for strikes in (4, 5):
        number = next(numbers)
        arrive(conn, shipment(number))
        for _ in range(strikes):
            bring(conn, enter(conn, number, Kind.FAIL), State.SENT)
    arrive(conn, shipment(next(numbers)))
    return conn


@pytest.mark.parametrize(("kind", "rule"), [(Kind.ACCEPT, may_accept), (Kind.FAIL, may_fail)])
def test_the_store_and_the_rule_say_the_same_of_every_shipment(stocked: Connection, kind: Kind, rule: Rule) -> None:
    orders = [row[0] for row in stocked.execute("select order_id from shipment")]
    lines = listing.lines(stocked, ACCOUNT, orders)
    wanted = {line.order_id for line in lines if rule(line)}
    assert set(answerable(stocked, ACCOUNT, kind)) == wanted
    assert {Phase.FAILED, Phase.ACCEPTED, Phase.NEW} <= {line.phase for line in lines}, "the shipments must be of many kinds"
    assert wanted
    assert len(wanted) < len(lines)


def test_nothing_is_gone_through_whole(conn: Connection) -> None:
    seen: list[str] = []
    conn.set_trace_callback(seen.append)
    answerable(conn, ACCOUNT, Kind.ACCEPT)
    conn.set_trace_callback(None)
    plan = [row[3] for row in conn.execute(f"explain query plan {seen[-1]}")]
    assert [step for step in plan if "SCAN" in step] == [], plan
