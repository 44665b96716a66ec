"""The hour's budget, whatever is asked of it: never more calls than the limit in any hour, and the reserves are kept."""

from bisect import bisect_right
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.limits import Limits
from zendera_desk.engine.budget import HOUR, LEFT_TO_BETTERS, Budget, Purpose

asked = st.lists(
    st.tuples(st.floats(0, 900), st.sampled_from(Purpose), st.sampled_from(["received", "not received", "headers"]), st.integers(0, 40)),
    max_size=150,
)


@given(st.integers(1, 30), st.integers(1, 3), asked)
def test_no_hour_has_more_calls_than_the_limit(limit: int, desks: int, wishes: list[tuple[float, Purpose, str, int]]) -> None:
    budget = Budget(limit, desks)
    now, calls = 0.0, list[float]()
    for wait, purpose, outcome, remaining in wishes:
        now += wait
        if budget.free_at(purpose, now) is not None:
            continue
        reserve = int(budget.limit * LEFT_TO_BETTERS[purpose])
        assert budget.left(now) > reserve
        budget.spend(now)
        if outcome == "not received":
            budget.refund(now)
            continue
        calls.append(now)
        if outcome == "headers":
            budget.heard(Limits(remaining=remaining, reset_after=timedelta(seconds=600)), now)
            assert budget.left(now) <= remaining
        in_this_hour = len(calls) - bisect_right(calls, now - HOUR)
        assert in_this_hour <= budget.limit - reserve
        assert budget.left(now) <= budget.limit - in_this_hour


@given(st.integers(1, 30), st.lists(st.floats(0, 300), max_size=60), st.sampled_from(Purpose), st.integers(0, 30) | st.none())
def test_what_must_wait_may_go_at_the_moment_that_was_named(
    limit: int, waits: list[float], purpose: Purpose, remaining: int | None
) -> None:
    budget, now = Budget(limit), 0.0
    for wait in waits:
        now += wait
        if budget.left(now):
            budget.spend(now)
    if remaining is not None:
        budget.heard(Limits(remaining=remaining, reset_after=timedelta(seconds=600)), now)
    for _ in range(len(waits) + 3):
        free = budget.free_at(purpose, now)
        if free is None:
            return
        assert free >= now + 1
        now = free
    raise AssertionError("it never comes free")
