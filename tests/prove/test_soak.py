"""Days at the desk in virtual time leave nothing behind: three days, and wrong programs, which the same days catch."""

import pytest

from prove.soak import SEEN_AS, caught, live_on

pytestmark = [pytest.mark.prove, pytest.mark.timeout(180)]


def test_a_day_leaves_no_more_behind_than_the_day_before() -> None:
    result = live_on(0)
    assert not result.bad, result.words
    assert result.counts["given_kb"] > 100, "nothing was taken in"


def test_each_program_that_leaves_something_behind_is_caught() -> None:
    """In one test: they go wrong together, in one run, which two processes would do twice."""
    missed = [wrong for wrong in SEEN_AS if not caught(wrong)]
    assert not missed
