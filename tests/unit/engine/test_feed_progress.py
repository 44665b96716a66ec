"""About how many changes there are, by the times of those that were read."""

from datetime import UTC, datetime, timedelta

from support.told import told
from zendera_desk.domain.feed import NewChange
from zendera_desk.engine.feed_progress import FeedProgress

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def page(start: float, end: float, count: int = 100) -> tuple[NewChange, ...]:
    """Changes from one part of the missing week to another."""
    step = (end - start) / count
    return tuple(told(NOW - WEEK + WEEK * (start + step * number)) for number in range(1, count + 1))


def test_a_third_of_the_time_is_taken_for_a_third_of_the_changes() -> None:
    progress = FeedProgress()
    progress.begin(NOW - WEEK)
    progress.took(page(0, 0.31, 12_400), NOW)
    assert (progress.read, progress.about) == (12_400, 40_000)


def test_too_little_tells_nothing() -> None:
    progress = FeedProgress()
    progress.begin(NOW - WEEK)
    progress.took(page(0, 0.01), NOW)
    assert (progress.read, progress.about) == (100, None)
    progress.took((), NOW)
    assert progress.about is None


def test_it_never_says_fewer_than_were_read() -> None:
    progress = FeedProgress()
    progress.begin(NOW - WEEK)
    progress.took(page(0, 1, 149), NOW)
    assert progress.about == 150
    progress.took(page(0.9, 1, 3), NOW)
    assert progress.about == 152


def test_a_change_of_the_future_moves_nothing() -> None:
    progress = FeedProgress()
    progress.begin(None)
    progress.took((told(NOW + timedelta(days=900)),), NOW)
    assert (progress.read, progress.about) == (1, None)
    progress.took(page(0, 0.5, 99), NOW)
    assert progress.about == 200


def test_the_next_time_it_begins_anew() -> None:
    progress = FeedProgress()
    progress.took(page(0, 0.5), NOW)
    progress.begin(None)
    assert (progress.read, progress.about) == (0, None)
