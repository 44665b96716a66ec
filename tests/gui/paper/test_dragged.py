"""Pages that are dragged to another shipment go alone, however they lie among the others."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.ids import OrderId, PageId, StackId
from zendera_desk.domain.paper import Cut, Page, PageState, Stack
from zendera_desk.gui.paper import dragged

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
TO = OrderId(9)


def page(number: int, *matches: int, **more: object) -> Page:
    read = Page(
        id=PageId(number),
        stack=StackId(1),
        number=number,
        name="",
        state=PageState.READ,
        matches=tuple(OrderId(one) for one in matches),
        arrived_at=NOON,
    )
    return msgspec.structs.replace(read, **more)


def stack_of(*pages: Page) -> Stack:
    return Stack(id=StackId(1), name="", arrived_at=NOON, pages=pages)


def moved(stack: Stack, *ids: int) -> Stack:
    """As the page does it."""
    gone = {PageId(each) for each in ids}
    pages = {each.id: each for each in stack.pages}
    for stays in dragged.staying(stack, gone):
        said = {"assigned": stays.order} if stays.order is not None else {}
        cut = {"cut": Cut.STARTS} if stays.starts else {}
        pages[stays.page.id] = msgspec.structs.replace(stays.page, **said, **cut)
    for joined in dragged.going(stack, gone):
        pages[joined.id] = msgspec.structs.replace(joined, cut=Cut.STARTS)
    for each in gone:
        pages[each] = msgspec.structs.replace(pages[each], assigned=TO)
    return stack_of(*pages.values())


def owners(stack: Stack) -> dict[PageId, OrderId | None]:
    return {each.id: document.order_id for document in stack.documents for each in document.pages if not each.separator}


@pytest.mark.parametrize("ids", [(2,), (2, 4), (3, 5), (1, 3), (2, 3, 5), (1,)])
@pytest.mark.parametrize("first", [(7,), ()], ids=["known", "unknown"])
def test_what_is_not_dragged_stays_whose_it_was(first: tuple[int, ...], ids: tuple[int, ...]) -> None:
    stack = stack_of(page(1, *first), page(2), page(3), page(4), page(5), page(6, 8))
    after = moved(stack, *ids)
    assert owners(after) == {**owners(stack), **dict.fromkeys(map(PageId, ids), TO)}


def test_the_page_that_alone_said_whose_they_are_leaves_the_others_there() -> None:
    stack = stack_of(page(1), page(2, 7, cut=Cut.FOLLOWS), page(3, cut=Cut.FOLLOWS))
    assert owners(moved(stack, 2)) == {1: 7, 2: TO, 3: 7}


def a_page(number: int) -> st.SearchStrategy[Page]:
    return st.builds(
        lambda matches, cut, separator, dropped, assigned: page(
            number,
            *([] if separator else matches),
            cut=cut,
            separator=separator,
            state=PageState.DROPPED if dropped else PageState.READ,
            assigned=None if separator else assigned,
        ),
        st.sampled_from([(), (), (), (7,), (8,), (7, 8)]),
        st.sampled_from([Cut.AUTO] * 4 + [Cut.STARTS, Cut.FOLLOWS]),
        st.sampled_from([False] * 5 + [True]),
        st.sampled_from([False] * 5 + [True]),
        st.sampled_from([None] * 5 + [OrderId(7), OrderId(8)]),
    )


@given(st.integers(1, 8).flatmap(lambda most: st.tuples(*(a_page(number) for number in range(1, most + 1)))), st.data())
def test_whatever_is_dragged_goes_and_nothing_else_does(pages: tuple[Page, ...], data: st.DataObject) -> None:
    stack = stack_of(*pages)
    free = [each.id for each in pages if not each.separator and each.state is not PageState.DROPPED]
    ids = data.draw(st.sets(st.sampled_from(free))) if free else set()
    before, after = owners(stack), owners(moved(stack, *ids))
    assert {each: after[each] for each in ids} == dict.fromkeys(ids, TO)
    assert {each: order for each, order in after.items() if each not in ids and order == TO} == {}
    kept = {each: order for each, order in before.items() if each not in ids and order is not None}
    assert {each: after[each] for each in kept} == kept
