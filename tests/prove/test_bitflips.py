"""200 damaged databases: what arrives is what was decided, once each, and the program starts; programs that trust the file are caught."""

import pytest

from prove.bitflips import CONTROL_SEEDS, CONTROLS, caught, flip

pytestmark = pytest.mark.prove

CHUNK = 20


@pytest.mark.parametrize("first", range(0, 200, CHUNK))
def test_a_damaged_database_sends_nothing_that_was_not_decided(first: int) -> None:
    sends = 0
    for seed in range(first, first + CHUNK):
        result = flip(seed)
        assert not result.bad, "\n".join([f"seed {seed}:", *result.words])
        sends += result.counts["sends"]
    assert sends > 0, "nothing was ever sent"


@pytest.mark.parametrize("control", CONTROLS)
def test_a_program_that_trusts_a_damaged_file_is_caught(control: str) -> None:
    assert caught(control), f"not caught within {CONTROL_SEEDS} damaged databases"


def test_the_same_seed_is_the_same_damage() -> None:
    first, second = flip(3), flip(3)
    assert (first.counts, first.bad) == (second.counts, second.bad)
