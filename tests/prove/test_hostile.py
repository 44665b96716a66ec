"""Nothing hostile crashes the desk, stops it, deceives it or costs it a row: 10,000 answers, and wrong programs that they catch."""

import pytest

from prove.hostile import ANSWERS, CONTROL_RUNS, caught, play
from prove.hostile_wrong import WRONG

pytestmark = pytest.mark.prove

RUNS = 10_000 // ANSWERS


@pytest.mark.parametrize("seed", range(RUNS))
def test_hostile_answers_do_no_harm(seed: int) -> None:
    result = play(seed)

    assert not result.bad, "\n".join(result.words)
    assert result.counts["understood"] > ANSWERS / 5, "of what is spoilt everywhere nothing is learnt"
    assert result.counts["rows"] > ANSWERS / 5


@pytest.mark.parametrize("name", WRONG)
def test_a_program_without_the_precaution_is_caught(name: str) -> None:
    assert caught(name), f"not caught within {CONTROL_RUNS} runs"
