"""Every write of six scenarios fails once, on a full disk and on a broken one: nothing untrue is said, nothing lost, nothing doubled."""

import pytest

from prove.scenarios import SCENARIOS
from prove.writefaults import CONTROLS, caught, sweep

pytestmark = [pytest.mark.prove, pytest.mark.timeout(240)]

SIX = tuple(SCENARIOS)[:6]


@pytest.mark.parametrize("fault", ["full", "fails"])
@pytest.mark.parametrize("scenario", SIX)
def test_whichever_write_fails_nothing_untrue_is_said_and_nothing_is_lost(scenario: str, fault: str) -> None:
    result = sweep(scenario, fault)
    assert not result.bad, "\n".join(result.words)
    assert result.counts["refused"] > 10, "hardly anything was refused"


@pytest.mark.parametrize("control", CONTROLS)
def test_a_program_that_says_what_is_not_so_is_caught(control: str) -> None:
    assert caught(control)
