"""Killed while somebody types: four times, and wrong programs that such stories catch."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from prove.drafts import CONTROLS, HARNESS, caught, live

pytestmark = [pytest.mark.prove, pytest.mark.timeout(240)]


def test_four_kills_lose_at_most_the_last_second_of_what_was_typed() -> None:
    result = live(0)
    assert not result.bad, "\n".join(result.words)
    counts = result.counts
    assert counts["kills"] == 4
    assert counts["form: due after a kill"] + counts["grid: due after a kill"] >= 2
    assert counts["drafts looked at"] >= 2


def test_a_wrong_program_for_every_figure_is_caught() -> None:
    chosen = {kind: wrong for wrong, (_, kind) in CONTROLS.items()}.values()
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(chosen, pool.map(caught, chosen), strict=True))
    assert all(found.values()), found


def test_every_figure_has_a_wrong_program_that_must_be_caught_by_it() -> None:
    kinds = {kind for _, kind in CONTROLS.values()}
    assert [name for name, counted in HARNESS.figures.items() if not kinds & set(counted)] == []
