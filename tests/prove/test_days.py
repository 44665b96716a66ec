"""Nothing lost, nothing twice, nothing falsely sent: 500 simulated days, and wrong programs that the same days catch."""

import pytest

from prove.days import CONTROL_SEEDS, caught, live_through
from prove.mutants import MUTANTS

pytestmark = [pytest.mark.prove, pytest.mark.timeout(240)]

CHUNK = 20


@pytest.mark.parametrize("first", range(0, 500, CHUNK))
def test_days_of_trouble_end_with_everything_there_once(first: int) -> None:
    for seed in range(first, first + CHUNK):
        result = live_through(seed)
        assert not result.bad, "\n".join([f"seed {seed}:", *result.words])
        assert result.counts["sent"] > 0, f"seed {seed}: nothing was ever sent"


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_protocol_is_caught(mutant: str) -> None:
    assert caught(mutant), f"not caught within {CONTROL_SEEDS} days"


def test_the_same_seed_is_the_same_day() -> None:
    first, second = live_through(3), live_through(3)
    assert (first.counts, first.bad) == (second.counts, second.bad)
