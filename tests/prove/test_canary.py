"""A name that was let go is in no byte of the data folder, the key is nowhere at all; and wrong programs that leave them are seen."""

import pytest

from prove import canary, canary_key, canary_wrong

pytestmark = [pytest.mark.prove, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", [4, 6, 8, 11, 12])
def test_a_name_whose_days_are_over_is_in_no_byte(seed: int) -> None:
    result = canary.live_through(seed)
    assert not result.bad, f"seed {seed}: {result.words}"
    assert result.counts["purged"] > 0, f"seed {seed}: nothing was ever purged"


@pytest.mark.parametrize("scene", canary_key.SCENES, ids=lambda scene: f"{scene.trouble}, Zendera {scene.zendera}, {scene.typed!r}")
def test_the_key_is_in_no_byte_whatever_goes_wrong(scene: canary_key.Scene) -> None:
    result = canary_key.right(scene)
    assert not result.bad, result.words


@pytest.mark.parametrize("control", [*canary_wrong.WRONG, *canary_key.WRONG])
def test_a_program_that_leaves_a_name_or_the_key_behind_is_caught(control: str) -> None:
    assert canary.caught(control)
