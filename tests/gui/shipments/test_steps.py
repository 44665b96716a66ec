"""Whatever changed between two answers, taking the steps leads from one list to the other."""

from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.ids import OrderId
from zendera_desk.gui.shipments.steps import Run, between, runs

lists = st.lists(st.integers(1, 30).map(OrderId), unique=True)


@given(old=lists, new=lists)
def test_taking_the_steps_leads_from_the_old_list_to_the_new(old: list[OrderId], new: list[OrderId]) -> None:
    steps = between(old, new)
    taken = list(old)
    for run in steps.removed:
        del taken[run.first : run.last + 1]
    assert steps.reordered == (taken != steps.kept)
    taken = list(steps.kept)
    for run in steps.inserted:
        taken[run.first : run.first] = new[run.first : run.last + 1]
    assert taken == new


def test_new_rows_at_the_top_are_one_step() -> None:
    steps = between([OrderId(3), OrderId(4)], [OrderId(1), OrderId(2), OrderId(3), OrderId(4)])
    assert steps.inserted == (Run(0, 1),)
    assert not steps.removed
    assert not steps.reordered


def test_rows_are_told_in_the_fewest_runs() -> None:
    assert runs([5, 1, 2, 2, 7, 6]) == (Run(1, 2), Run(5, 7))
