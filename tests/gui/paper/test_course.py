"""The way through the lane, without a lane."""

from datetime import UTC, datetime

from zendera_desk.domain.ids import EntryId, OrderId, PageId, StackId
from zendera_desk.domain.paper import Document, Page
from zendera_desk.gui.paper.course import Course, Outcome, Step

ARRIVED = datetime(2026, 6, 11, tzinfo=UTC)


def document(number: int, order: int | None = None) -> Document:
    page = Page(id=PageId(number), stack=StackId(1), number=number, name="scan.pdf", arrived_at=ARRIVED)
    return Document(pages=(page,), order_id=None if order is None else OrderId(order))


def course(*orders: int | None) -> Course:
    return Course([Step(document=document(number, order)) for number, order in enumerate(orders, start=1)])


def test_what_is_sent_is_passed_over_on_the_way_back_and_forth() -> None:
    way = course(11, 12, 13)
    way.go_on(Outcome.SKIPPED)
    way.go_on(Outcome.SENT)
    assert way.place == 2
    assert way.go_back()
    assert way.place == 0
    assert not way.go_back()
    way.go_on(Outcome.SKIPPED)
    assert way.place == 2
    way.go_on(Outcome.SENT)
    assert way.ended


def test_the_document_whose_own_send_was_taken_back_is_open_again() -> None:
    way = course(11, 12, 11)
    for number, step in enumerate(way.steps, start=1):
        step.entries = (EntryId(number),)
        way.go_on(Outcome.SENT)
    assert way.open_again((EntryId(3),)) is way.steps[2]
    assert way.open_again((EntryId(1),)) is way.steps[0]
    assert way.open_again((EntryId(1),)) is None
    assert way.open_again((EntryId(99),)) is None
    assert [step.outcome for step in way.steps] == [Outcome.OPEN, Outcome.SENT, Outcome.OPEN]


def test_documents_ahead_are_read_again_and_the_one_that_is_keyed_is_not() -> None:
    way = course(None, None, 13)
    way.place = 1
    now = {PageId(number): document(number, 20 + number) for number in (1, 2, 3)}
    way.read_again(now.get)
    assert [step.order_id for step in way.steps] == [21, None, 23]


def test_the_two_next_ones_are_ahead() -> None:
    way = course(11, 12, 13, 14)
    assert [step.order_id for step in way.ahead(2)] == [12, 13]
    way.place = 3
    assert way.ahead(2) == []
    assert way.go_to(PageId(2))
    assert way.now is way.steps[1]
    assert not way.go_to(PageId(99))
