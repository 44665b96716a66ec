"""How pages fall into documents, whatever was read on them and whatever a person said."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from time import perf_counter

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from zendera_desk.domain.ids import OrderId, PageId, PictureId, StackId
from zendera_desk.domain.paper import Code, Cut, Document, Edits, Page, PageState, Stack, documents
from zendera_desk.domain.report import Picture

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
PICTURE = Picture(id=PictureId("p"), name="", width=1, height=1, size=1)

orders = st.sampled_from([OrderId(1), OrderId(2), OrderId(3)])


@st.composite
def pages(draw: st.DrawFn) -> list[Page]:
    return [draw(a_page(number)) for number in range(draw(st.integers(0, 12)))]


@st.composite
def a_page(draw: st.DrawFn, number: int) -> Page:
    state = draw(st.sampled_from([PageState.READ] * 4 + [PageState.WAITING, PageState.UNREADABLE, PageState.DROPPED]))
    read = state is PageState.READ
    return Page(
        id=PageId(number),
        stack=StackId(1),
        number=number + 1,
        name="",
        state=state,
        picture=PICTURE if read or draw(st.booleans()) else None,
        separator=state is not PageState.WAITING and draw(st.integers(0, 5)) == 0,
        matches=tuple(sorted(draw(st.sets(orders, max_size=2)))) if state in {PageState.READ, PageState.DROPPED} else (),
        assigned=draw(st.none() | st.none() | orders),
        cut=draw(st.sampled_from([Cut.AUTO] * 3 + [Cut.STARTS, Cut.FOLLOWS])),
        filed=draw(st.none() | st.none() | orders) if read else None,
        arrived_at=NOON,
    )


def page(number: int, *matches: int, **more: object) -> Page:
    read = Page(
        id=PageId(number), stack=StackId(1), number=number, name="", state=PageState.READ, picture=PICTURE,
        matches=tuple(OrderId(one) for one in matches), arrived_at=NOON,
    )  # fmt: skip
    return msgspec.structs.replace(read, **more)


def fall(*stack: Page) -> list[list[int]]:
    return [[one.id for one in document.pages] for document in documents(stack)]


def document_of(found: Sequence[Document], wanted: Page) -> Document:
    return next(document for document in found if wanted in document.pages)


def kept(stack: Sequence[Page]) -> list[Page]:
    return [one for one in stack if one.state is not PageState.DROPPED]


# Whatever it is


@given(pages())
def test_every_page_that_is_not_dropped_is_in_one_document_and_in_its_place(stack: list[Page]) -> None:
    found = documents(stack)
    assert [one for document in found for one in document.pages] == kept(stack)
    assert all(document.pages for document in found)


@given(pages())
def test_what_nobody_has_read_is_never_glued_to_anything_unless_a_person_says_so(stack: list[Page]) -> None:
    for document in documents(stack):
        for before, after in pairwise(document.pages):
            if before.is_unread or after.is_unread:
                between = stack[stack.index(before) + 1 : stack.index(after) + 1]
                later = stack[stack.index(after) : stack.index(document.pages[-1]) + 1]
                assert any(one.cut is Cut.FOLLOWS for one in (*between, *later))


@given(pages())
def test_a_separator_parts_what_is_before_it_from_what_is_behind_unless_a_person_joins_them(stack: list[Page]) -> None:
    for document in documents(stack):
        if any(one.separator for one in document.pages) and len(document.pages) > 1:
            last = max(stack.index(one) for one in document.pages if one.separator)
            assert not document.pages[0].separator
            assert any(one.cut is Cut.FOLLOWS for one in stack[last + 1 : stack.index(document.pages[-1]) + 1])


@given(pages())
def test_a_page_that_follows_is_in_the_document_of_the_last_one_before_it(stack: list[Page]) -> None:
    found = documents(stack)
    for place, one in enumerate(stack):
        before = [other for other in stack[:place] if other.state is not PageState.DROPPED and not other.separator]
        if one.cut is Cut.FOLLOWS and not one.separator and one.state is not PageState.DROPPED and before:
            assert document_of(found, one) is document_of(found, before[-1])


@given(pages())
def test_a_page_that_starts_is_the_first_of_its_document_unless_a_later_one_is_joined_over_it(stack: list[Page]) -> None:
    found = documents(stack)
    for one in kept(stack):
        if one.cut is Cut.STARTS and not one.separator:
            assert document_of(found, one).pages[0] == one


@given(pages())
def test_a_persons_first_word_decides_whose_a_document_is(stack: list[Page]) -> None:
    for document in documents(stack):
        said = [one.assigned for one in document.pages if one.assigned is not None and not one.separator]
        if said:
            assert (document.order_id, document.candidates) == (said[0], ())


@given(pages())
def test_nothing_is_a_documents_shipment_that_none_of_its_pages_names(stack: list[Page]) -> None:
    for document in documents(stack):
        named = {order for one in document.pages for order in one.names}
        assert {order for order in (document.order_id, *document.candidates) if order is not None} <= named
        assert document.order_id is None or not document.candidates
        assert len(document.candidates) != 1


@given(pages())
def test_without_a_persons_word_a_document_names_one_shipment_at_most_or_is_one_page_to_choose_for(stack: list[Page]) -> None:
    assume(all(one.cut is not Cut.FOLLOWS for one in stack))
    for document in documents(stack):
        naming = [one.names for one in document.pages if one.names]
        assert len(set(naming)) <= 1
        assert len(naming) <= 1 or len(naming[0]) == 1


@given(pages(), st.data())
def test_dropping_a_page_joins_nothing_that_it_kept_apart(stack: list[Page], data: st.DataObject) -> None:
    left = [one for one in kept(stack) if not one.separator]
    assume(left and all(one.cut is not Cut.FOLLOWS for one in stack))
    gone = data.draw(st.sampled_from(left))
    after = documents([msgspec.structs.replace(one, state=PageState.DROPPED) if one is gone else one for one in stack])
    before = {one.id: place for place, document in enumerate(documents(stack)) for one in document.pages}
    for document in after:
        assert len({before[one.id] for one in document.pages}) == 1


# One by one


def test_a_known_code_starts_a_document_and_pages_without_one_follow() -> None:
    assert fall(page(1), page(2, 7), page(3), page(4, 8), page(5)) == [[1], [2, 3], [4, 5]]


def test_a_page_with_a_number_that_no_shipment_here_has_is_not_glued_to_the_one_before() -> None:
    strange = page(2, codes=(Code(kind="code128", text="STRANGE-1"),))
    assert fall(page(1, 7), strange, page(3)) == [[1], [2, 3]]


def test_the_second_side_of_a_strange_note_stays_with_the_first() -> None:
    strange = (Code(kind="code128", text="STRANGE-1"),)
    assert fall(page(1, 7), page(2, codes=strange), page(3, codes=strange), page(4, 8)) == [[1], [2, 3], [4]]


def test_what_stands_on_goods_or_in_print_starts_nothing() -> None:
    goods, print_ = Code(kind="ean", text="7038010009457"), Code(kind="text", text="STRANGE-1")
    assert fall(page(1, 7), page(2, codes=(goods,)), page(3, codes=(print_,))) == [[1, 2, 3]]


def test_pages_in_a_row_that_name_the_same_shipment_are_one_document() -> None:
    assert fall(page(1, 7), page(2, 7), page(3), page(4, 7)) == [[1, 2, 3, 4]]


def test_each_page_that_names_several_stands_for_itself_until_a_person_chooses() -> None:
    found = documents([page(1, 7, 8), page(2, 7, 8), page(3)])
    assert [[one.id for one in document.pages] for document in found] == [[1], [2, 3]]
    assert [document.candidates for document in found] == [(7, 8), (7, 8)]


def test_a_separator_stands_alone_and_what_follows_it_starts_anew() -> None:
    found = documents([page(1, 7), page(2, separator=True), page(3), page(4)])
    assert [[one.id for one in document.pages] for document in found] == [[1], [2], [3, 4]]
    assert [document.is_separator for document in found] == [False, True, False]
    assert [document.order_id for document in found] == [7, None, None]


def test_a_sheet_with_a_separators_code_starts_a_document_also_where_a_person_made_it_a_page() -> None:
    sheet = page(2, codes=(Code(kind="qr", text="PATCHT"),), is_paper=True)
    assert fall(page(1, 7), sheet, page(3)) == [[1], [2, 3]]
    assert fall(page(1, 7), msgspec.structs.replace(sheet, cut=Cut.FOLLOWS), page(3)) == [[1, 2, 3]]


def test_what_is_joined_over_a_separator_takes_it_along_and_does_not_send_it() -> None:
    (found,) = documents([page(1, 7), page(2, separator=True), page(3, cut=Cut.FOLLOWS)])
    assert [one.id for one in found.pages] == [1, 2, 3]
    assert [one.id for one in found.sendable] == [1, 3]


def test_an_unread_page_stands_alone_until_a_person_says_whose_it_is() -> None:
    unread = page(2, state=PageState.UNREADABLE, picture=None)
    assert fall(page(1, 7), unread, page(3)) == [[1], [2], [3]]
    assert fall(page(1, 7), msgspec.structs.replace(unread, assigned=OrderId(7)), page(3)) == [[1, 2, 3]]


def test_a_dropped_page_is_in_no_document_and_names_nothing_any_more() -> None:
    (first, second) = documents([page(1, 7), page(2, 8, state=PageState.DROPPED), page(3)])
    assert ([one.id for one in first.pages], first.order_id) == ([1], 7)
    assert ([one.id for one in second.pages], second.order_id) == ([3], None)


def test_a_blank_side_that_is_dropped_parts_nothing() -> None:
    assert fall(page(1, 7), page(2, state=PageState.DROPPED), page(3)) == [[1, 3]]


def test_only_what_has_a_picture_and_is_not_filed_is_sent() -> None:
    (found,) = documents([page(1, 7), page(2, 7, filed=OrderId(7)), page(3, state=PageState.UNREADABLE, picture=None, assigned=OrderId(7))])
    assert [one.id for one in found.sendable] == [1]


# Turning


@given(st.lists(st.integers(-8, 8).map(lambda quarters: quarters * 90), max_size=6), st.tuples(*[st.integers(0, 8)] * 4))
def test_turning_on_is_turning_by_the_sum_and_keeps_what_was_cropped(turns: list[int], eighths: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = (part / 8 for part in eighths)
    first = Edits(crop=(left, top, right, bottom), brightness=20)
    one_by_one = first
    for degrees in turns:
        one_by_one = one_by_one.turned(degrees)
    assert one_by_one == first.turned(sum(turns))
    assert first.turned(90).crop == (1 - bottom, left, 1 - top, right)


def test_a_page_whose_shipment_is_in_doubt_is_nobody_s_until_a_person_says_it() -> None:
    unknown = (Code(kind="code128", text="NL-77"),)
    (first, second) = documents([page(1, 7, codes=(Code(kind="code128", text="A-7"),)), page(2, 7, doubtful=True, codes=unknown)])
    assert (first.order_id, second.order_id, second.candidates) == (7, None, (7,))
    (alone,) = documents([page(1, 7, doubtful=True, codes=unknown, assigned=OrderId(7))])
    assert (alone.order_id, alone.candidates) == (7, ())


def test_hundreds_of_pages_fall_into_documents_in_no_time_whatever_they_have_in_common() -> None:
    """What each page is held against grows with the pages: gone through anew for each, these would take some ten seconds."""
    same = (Code(kind="code128", text="form 12"), Code(kind="qr", text="form 12"))
    stack = [page(number, codes=same) for number in range(4000)]
    began = perf_counter()
    (one,) = documents(stack)
    assert len(one.pages) == 4000
    assert perf_counter() - began < 1.5


def test_the_documents_of_a_stack_are_found_once() -> None:
    stack = Stack(id=StackId(1), name="", arrived_at=NOON, pages=(page(1, 7), page(2, 8)))
    assert stack.documents is stack.documents
    assert stack.documents == documents(stack.pages)
