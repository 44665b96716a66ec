"""Days at the desk in virtual time leave nothing behind: two days, and programs that leak, which the same days catch."""

import pytest

from prove.soak import SEEN_AS, caught, live_on

pytestmark = [pytest.mark.prove, pytest.mark.timeout(180)]


def test_a_day_leaves_no_more_behind_than_the_day_before() -> None:
    result = live_on(0)
    assert not result.bad, result.words
    assert result.counts["given_kb"] > 100, "nothing was taken in"


@pytest.mark.parametrize("wrong", SEEN_AS)
def test_a_program_that_leaks_is_caught(wrong: str) -> None:
    assert caught(wrong)
