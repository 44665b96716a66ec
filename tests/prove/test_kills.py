"""kill -9 of the real program at any moment: 40 of them, and wrong programs that the same stories catch."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from prove.kills import CONTROLS, HARNESS, caught, live

pytestmark = [pytest.mark.prove, pytest.mark.timeout(240)]


def test_forty_kills_lose_nothing_double_nothing_and_let_nothing_be_said_that_is_not() -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(live, range(4)))
    for result in results:
        assert not result.bad, "\n".join([f"seed {result.seed}:", *result.words])
        assert result.counts["arrived"], f"seed {result.seed}: nothing was ever sent"
    assert sum(result.counts["kills"] for result in results) == 40
    assert sum(result.counts["killed with a send under way"] for result in results) >= 3
    assert sum(result.counts["draft typed in time"] for result in results) >= 4


def test_wrong_programs_are_caught() -> None:
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(CONTROLS, pool.map(caught, CONTROLS), strict=True))
    assert all(found.values()), found


def test_every_figure_has_a_wrong_program_that_must_be_caught_by_it() -> None:
    kinds = {kind for _, kind in CONTROLS.values()}
    assert [name for name, counted in HARNESS.figures.items() if not kinds & set(counted)] == []
