"""What is there twice because it took effect hours too late is always told, and wrong programs that keep silent are caught."""

from collections import Counter

import pytest

from prove import doubles

pytestmark = pytest.mark.prove


def test_whoever_opens_the_program_on_the_next_day_is_told_of_everything_that_is_there_twice() -> None:
    counts: Counter[str] = Counter()
    for seed in range(6):
        result = doubles.run(seed)
        assert not result.bad, "\n".join([f"seed {seed}:", *result.words])
        counts += result.counts
    assert counts["doubles"] > 5


@pytest.mark.parametrize("control", doubles.WRONG)
def test_a_program_that_tells_too_little_or_too_much_is_caught(control: str) -> None:
    assert doubles.caught(control)
