"""2,000 power cuts lose no commit and tear nothing apart; settings, disks and programs that do are caught."""

import pytest

from prove.powercuts import CONTROL_SEEDS, CONTROLS, CUTS, caught, cut

pytestmark = pytest.mark.prove

CHUNK = 5 * CUTS


@pytest.mark.parametrize("first", range(0, 2_000, CHUNK))
def test_what_was_committed_is_there_after_a_power_cut(first: int) -> None:
    commits = 0
    for seed in range(first, first + CHUNK):
        result = cut(seed)
        assert not result.bad, "\n".join([f"seed {seed}:", *result.words])
        commits += result.counts["commits"]
    assert commits > CHUNK, "nothing was ever committed"


@pytest.mark.parametrize("control", CONTROLS)
def test_a_disk_or_a_program_that_loses_is_caught(control: str) -> None:
    assert caught(control), f"not caught within {CONTROL_SEEDS} cuts"


def test_the_same_seed_is_the_same_cut() -> None:
    first, second = cut(3), cut(3)
    assert (first.counts, first.bad) == (second.counts, second.bad)
