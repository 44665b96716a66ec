"""One hourly budget for everything that calls Zendera."""

from datetime import timedelta

import pytest

from zendera_desk.domain.limits import Limits
from zendera_desk.engine.budget import Budget, Purpose

POLL = timedelta(seconds=60)


@pytest.mark.parametrize(("purpose", "calls"), [(Purpose.SEND, 1000), (Purpose.READ_BACK, 900), (Purpose.EXPORT, 800), (Purpose.FEED, 750)])
def test_each_purpose_leaves_calls_to_what_matters_more(purpose: Purpose, calls: int) -> None:
    budget = Budget()
    made = 0
    while budget.free_at(purpose, 0.0) is None:
        budget.spend(0.0)
        made += 1
    assert made == calls
    assert budget.free_at(purpose, 0.0) == 3600.0


def test_a_call_that_never_reached_zendera_costs_nothing_by_its_headers_either() -> None:
    budget = Budget()
    budget.heard(Limits(remaining=5, reset_after=timedelta(minutes=10)), 0.0)
    for _ in range(50):
        budget.spend(0.0)
        budget.refund(0.0)
    assert budget.left(0.0) == 5


def test_what_the_headers_say_counts_until_they_start_again() -> None:
    budget = Budget()
    budget.heard(Limits(limit=500, remaining=3, reset_after=timedelta(minutes=10)), 0.0)
    assert (budget.limit, budget.left(0.0)) == (500, 3)
    budget.spend(1.0)
    assert budget.left(1.0) == 2
    assert budget.left(600.0) == 499


def test_two_desks_on_one_key_share_its_hour() -> None:
    assert Budget(desks=2).left(0.0) == 500


def test_a_restart_knows_what_the_hour_has_cost() -> None:
    budget = Budget()
    budget.load([-3700.0, -100.0, -3500.0])
    assert budget.left(0.0) == 998


def test_polling_slows_down_as_the_hour_is_used_up() -> None:
    budget = Budget()
    rested = budget.pace(Purpose.EXPORT, 1, POLL, 0.0)
    for _ in range(750):
        budget.spend(0.0)
    assert rested == POLL
    assert budget.pace(Purpose.EXPORT, 1, POLL, 0.0) > 2 * POLL


def test_a_long_walk_is_taken_less_often() -> None:
    pace = Budget().pace(Purpose.EXPORT, 100, POLL, 0.0)
    assert timedelta(hours=1) / pace * 100 <= 800 * 0.35 + 1


def test_a_refund_gives_back_the_call_that_failed_and_not_a_later_one() -> None:
    budget = Budget(10)
    budget.spend(0.0)
    for _ in range(9):
        budget.spend(9.0)
    budget.refund(0.0)  # its connecting took ten seconds
    assert budget.left(3_600.5) == 1, "the nine are not an hour old yet"
