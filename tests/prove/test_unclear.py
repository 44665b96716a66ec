"""On ordinary days nearly everything unclear is decided without a person, and soon."""

from collections import Counter

import pytest

from prove.unclear import CONTROLS, ENOUGH, HARNESS, MANY_FAULTS, caught, run

pytestmark = pytest.mark.prove

DAYS = 7


def test_what_is_unclear_on_ordinary_days_is_decided_without_a_person_and_soon() -> None:
    counts: Counter[str] = Counter()
    for seed in range(DAYS):
        result = run(seed, faults=MANY_FAULTS)
        assert not result.bad, "\n".join([f"seed {seed}:", *result.words])
        counts += result.counts
    facts = HARNESS.shown(counts)
    assert sum(facts[f"reports of {whose} accounts"]["unclear"] for whose in ("known", "new")) >= ENOUGH, facts
    assert not HARNESS.overall(counts), facts


@pytest.mark.parametrize("control", CONTROLS)
def test_a_program_that_leaves_it_to_the_person_is_caught(control: str) -> None:
    assert caught(control), control
