"""The program ends properly whenever it is asked to: 20 starts, and wrong programs that they catch."""

from collections import Counter

import pytest

from prove.harness import Result
from prove.starts import SEEN_AS, Plan, caught, overall, play, start_and_end

pytestmark = [pytest.mark.prove, pytest.mark.timeout(180)]


def test_it_ends_soon_and_leaves_nothing_behind_whenever_it_is_asked_to() -> None:
    counts: Counter[str] = Counter()
    for seed in range(20):
        result = start_and_end(seed)
        assert not result.bad, "\n".join([f"seed {seed}:", *result.words])
        counts += result.counts
    assert not overall(counts), counts


def test_who_ends_it_before_there_is_a_window_gets_exit_code_0() -> None:
    result = play(0, Plan(folder="quiet", weather="dead", by="sigterm", moments=(0.2,)))
    assert not result.bad, "\n".join(result.words)
    assert not result.counts["ended_before_it_began"]


def test_what_is_under_way_is_waited_for_and_whoever_is_in_a_hurry_is_not_kept() -> None:
    for moment in (1.2, 2.4, 4.8):  # a busy machine has nothing under way so soon
        patient = _silent(moment)
        assert not patient.bad, "\n".join(patient.words)
        if _took(patient.counts) > 4.0:
            break
    else:
        raise AssertionError("nothing was under way")
    hurried = _silent(moment, 0.1)
    assert not hurried.bad, "\n".join(hurried.words)
    assert _took(hurried.counts) < 2.0


def _silent(*moments: float) -> Result:
    return play(0, Plan(folder="waiting", weather="silent", by="cross", moments=moments))


def _took(counts: Counter[str]) -> float:
    return next(int(name.split()[2]) for name in counts if name.startswith("took ")) / 20


@pytest.mark.parametrize("wrong", SEEN_AS)
def test_a_program_that_ends_badly_is_caught(wrong: str) -> None:
    assert caught(wrong)
