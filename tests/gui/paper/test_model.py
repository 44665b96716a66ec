"""The rows of the strip: what they say, and that what is chosen stays chosen while everything around it changes."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt

from zendera_desk.domain.ids import OrderId, PageId, PictureId, StackId
from zendera_desk.domain.paper import Code, Cut, Page, PageState, Stack, documents
from zendera_desk.domain.report import Picture
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui.paper import words
from zendera_desk.gui.paper.model import Head, Leaf, Row, Shown, StripModel, rows
from zendera_desk.gui.tokens import Tone

ARRIVED = datetime(2026, 6, 11, 7, 14, tzinfo=UTC)
LINES = {
    OrderId(11): ShipmentLine(order_id=OrderId(11), order_number="NL-11", delivery_name="Byggmakker", seen_at=ARRIVED),
    OrderId(12): ShipmentLine(order_id=OrderId(12), order_number="NL-12", delivery_name="Solbakken", seen_at=ARRIVED),
}


def page(number: int, *matches: int, state: PageState = PageState.READ, **more: object) -> Page:
    picture = Picture(id=PictureId(f"p{number}"), name="", width=100, height=141, size=1000) if state is not PageState.WAITING else None
    values = {"name": "scan.pdf", "picture": picture, **more}
    ids = tuple(OrderId(order) for order in matches)
    return Page(id=PageId(number), stack=StackId(1), number=number, state=state, matches=ids, arrived_at=ARRIVED, **values)  # type: ignore[arg-type]


def stack(*pages: Page, number: int = 1) -> Stack:
    return Stack(id=StackId(number), name="scan.pdf", arrived_at=ARRIVED, pages=pages)


def shown(*stacks: Stack, how: Shown = Shown.ALL) -> list[Row]:
    return rows(stacks, how, LINES, ["" for _each in stacks])


def labels(made: list[Row]) -> list[str]:
    return [row.label.text for row in made if isinstance(row, Leaf) and row.first]


def test_each_document_says_whose_it_is_or_what_is_missing() -> None:
    several = page(3, 11, 12)
    made = shown(
        stack(
            page(1, 11),
            page(2),
            several,
            page(4, separator=True),
            page(5),
            page(6, state=PageState.UNREADABLE, code="unreadable"),
            page(7, state=PageState.WAITING),
            page(8, 12, filed=OrderId(12), assigned=OrderId(12), cut=Cut.STARTS),
        )
    )
    assert labels(made) == ["NL-11", "2 shipments?", "Separator", "No shipment", "Not read", "Waiting", "NL-12"]
    leaves = [row for row in made if isinstance(row, Leaf)]
    assert [(leaf.place, leaf.of) for leaf in leaves[:3]] == [(0, 2), (1, 2), (0, 1)]
    assert leaves[0].detail == "Byggmakker"
    assert leaves[2].detail == "NL-11 · NL-12"
    assert leaves[-1].detail.startswith("in its form")
    assert [leaf.label.tone for leaf in leaves[2:6]] == [Tone.WARN, Tone.NEUTRAL, Tone.WARN, Tone.WARN]


def test_the_tray_shows_only_what_has_no_shipment_and_put_aside_only_that() -> None:
    lying = stack(page(1, 11), page(2, cut=Cut.STARTS), page(3, state=PageState.DROPPED))
    assert labels(shown(lying, how=Shown.WITHOUT)) == ["No shipment"]
    assert labels(shown(lying, how=Shown.ASIDE)) == ["Put aside"]
    assert shown(stack(page(1, 11)), how=Shown.WITHOUT) == []


def test_a_stack_says_how_far_it_is_and_what_is_left_to_do() -> None:
    now = datetime(2026, 6, 11, 9, tzinfo=UTC)
    lying = stack(page(1, 11), page(2, cut=Cut.STARTS), page(3, state=PageState.UNREADABLE, code="unreadable"))
    text = words.stack_words(lying, documents(lying.pages), now, UTC)
    assert text == "3 documents, 2 without a shipment, 1 unread · 3 pages · 07:14"
    reading = stack(page(1, 11), page(2, state=PageState.WAITING))
    assert words.stack_words(reading, documents(reading.pages), now, UTC) == "reading page 2 of 2 · 07:14"


@pytest.mark.parametrize(
    ("lying", "said"),
    [
        (page(1, 11, codes=(Code(kind="code128", text="70312345"),)), "Code 128 70312345 → NL-11"),
        (page(1, codes=(Code(kind="qr", text="X" * 99),)), f"QR {'X' * 40}… → no shipment here has this"),
        (page(1), "No code found on this page."),
        (page(1, state=PageState.WAITING), "This page has not been read yet."),
    ],
)
def test_what_was_read_and_where_it_leads_is_said(lying: Page, said: str) -> None:
    assert words.read_words(lying, LINES) == said


def test_what_is_chosen_stays_chosen_when_a_stack_arrives_above_and_a_page_goes() -> None:
    model = StripModel()
    old = stack(page(1, 11), page(2, 12), page(3))
    model.show(shown(old))
    chosen = QPersistentModelIndex(model.index(2))
    assert isinstance(model.row(2), Leaf)
    newer = Stack(id=StackId(2), name="new.pdf", arrived_at=ARRIVED, pages=(page(9, 11),))
    model.show(shown(newer, stack(page(2, 12), page(3))))
    leaf = model.leaf(chosen.row())
    assert leaf is not None
    assert leaf.page.id == PageId(2)
    assert model.rowCount() == 5


def test_a_row_that_reads_differently_is_told_and_no_other() -> None:
    model = StripModel()
    model.show(shown(stack(page(1, 11), page(2, 12), page(3, 11))))
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.show(shown(stack(page(1, 11), page(2, 12, assigned=OrderId(11)), page(3, 11))))
    assert told == [(1, 3)], "they are one document now"
    told.clear()
    model.show(shown(stack(page(1, 11), page(2, 12, assigned=OrderId(11)), page(3, 11))))
    assert told == []


def test_assistive_tools_hear_what_is_seen_and_headers_cannot_be_chosen() -> None:
    model = StripModel()
    model.show(shown(stack(page(1, 11), page(2))))
    assert isinstance(model.row(0), Head)
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable
    assert model.index(1).data() == "scan.pdf, page 1, 1 of 2 of its document, NL-11, Byggmakker"
