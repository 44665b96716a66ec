"""The feed is looked at often while somebody is there and things happen, and never more than the hour's calls allow."""

from datetime import timedelta
from itertools import pairwise

import pytest

from zendera_desk.engine.budget import HOUR, Budget, Purpose
from zendera_desk.engine.feed_pace import HERE, LIVELY, SOON, FeedPace, Pace


def wait(pace: FeedPace, budget: Budget, now: float) -> float:
    """As the link asks the budget."""
    return budget.pace(Purpose.FEED, 1, pace.base(now), now, pace.fair(budget, now)).total_seconds()


def test_it_is_quick_while_somebody_is_there_and_things_happen() -> None:
    pace = FeedPace(0.0)
    assert pace.pace(0.0) is Pace.QUICK
    pace.used(LIVELY + 1)
    assert pace.pace(LIVELY + 1) is Pace.STEADY
    pace.stirred(LIVELY + 2)
    assert pace.pace(LIVELY + 2) is Pace.QUICK


def test_it_rests_when_nobody_did_anything_for_a_while_also_if_things_happen() -> None:
    pace = FeedPace(0.0)
    pace.stirred(HERE + 1)
    assert pace.pace(HERE + 1) is Pace.RESTING
    assert pace.used(HERE + 2), "it wakes up"
    assert not pace.used(HERE + 3), "it is awake already"
    assert pace.pace(HERE + 3) is Pace.QUICK


def test_it_rests_while_the_window_is_not_on_the_screen() -> None:
    pace = FeedPace(0.0)
    assert not pace.hidden(1.0, hidden=True)
    assert pace.pace(1.0) is Pace.RESTING
    assert pace.hidden(2.0, hidden=False), "it wakes up"
    assert pace.pace(2.0) is Pace.QUICK


def test_a_quiet_desk_saves_calls_that_a_lively_hour_then_spends() -> None:
    pace, budget = FeedPace(0.0), Budget()
    assert wait(pace, budget, 0.0) < 7, "quicker than the even 13.7 s"
    for now in range(150):
        pace.looked(float(now))
    pace.used(150.0)
    assert wait(pace, budget, 150.0) == pytest.approx(HOUR / 262.5, abs=0.1)


@pytest.mark.parametrize(("limit", "desks"), [(1000, 1), (1000, 3), (10_000, 1), (120, 1), (20, 1)])
def test_hours_on_end_at_the_quickest_stay_within_the_budget(limit: int, desks: int) -> None:
    """Somebody is always there, and something always happens."""
    pace, budget, now = FeedPace(0.0), Budget(limit, desks), 0.0
    looks: list[float] = []
    while now < 4 * HOUR:
        pace.used(now)
        pace.stirred(now)
        if budget.free_at(Purpose.FEED, now) is None:
            budget.spend(now)
            pace.looked(now)
            looks.append(now)
        now += wait(pace, budget, now)
    busiest = max(sum(start <= look < start + HOUR for look in looks) for start in looks)
    assert busiest <= max(3, 0.33 * budget.limit), "a third of the hour's calls; the rest is left to export, questions and sends"
    assert min(later - look for look, later in pairwise(looks)) >= SOON


def test_it_slows_down_when_others_have_used_the_hour() -> None:
    pace, budget = FeedPace(0.0), Budget()
    free = wait(pace, budget, 0.0)
    for _ in range(700):
        budget.spend(0.0)
    assert wait(pace, budget, 0.0) > 2 * free
    assert pace.base(0.0) == timedelta(seconds=SOON)
