"""A packed list answers as a plain one would."""

from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.ids import OrderId
from zendera_desk.gui.shipments.ids import Ids, difference

numbers = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(0, 300), st.sampled_from([1, 256, 257, 2**56, 2**48 + 1, -1]))
lists = st.lists(numbers, unique=True, max_size=60)


@given(orders=lists, others=lists)
def test_an_order_is_found_in_its_row_and_no_other_is(orders: list[int], others: list[int]) -> None:
    """Also where the bytes of two neighbours together look like a third."""
    ids = Ids.of(orders)
    assert list(ids) == orders
    for row, order in enumerate(orders):
        assert ids.row_of(OrderId(order)) == row
    assert all((ids.row_of(OrderId(other)) is not None) == (other in orders) for other in others)
    assert ids.largest == max(orders, default=0)


@given(orders=lists, first=st.integers(0, 60), length=st.integers(0, 60), new=lists)
def test_other_rows_take_the_place_of_some_and_are_found_there(orders: list[int], first: int, length: int, new: list[int]) -> None:
    ids = Ids.of(orders)
    for order in orders:
        ids.row_of(OrderId(order))  # where they stood is remembered, and wrong afterwards
    fresh = [order for order in new if order not in orders]
    wanted = [*orders[:first], *fresh, *orders[max(first, first + length) :]]
    replaced = ids.replaced(min(first, len(ids)), min(first + length, len(ids)), Ids.of(fresh).packed)
    assert list(replaced) == wanted
    assert [replaced.row_of(OrderId(order)) for order in wanted] == list(range(len(wanted)))


@given(above=lists, old=lists, new=lists, below=lists)
def test_what_is_alike_above_and_below_is_left_out(above: list[int], old: list[int], new: list[int], below: list[int]) -> None:
    one, other = [*above, *old, *below], [*above, *new, *below]
    head, tail = difference(Ids.of(one), Ids.of(other))
    assert one[:head] == other[:head]
    assert one[len(one) - tail :] == other[len(other) - tail :]
    assert head + tail <= min(len(one), len(other))
    assert head >= min(len(above), len(one), len(other)) or head + tail == min(len(one), len(other))
    if one[:1] != other[:1]:
        assert head == 0
