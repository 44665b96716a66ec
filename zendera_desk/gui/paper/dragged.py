"""What has to be said of the other pages so that pages which are dragged to another shipment go alone. Pure: no widgets, no desk."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from zendera_desk.domain.ids import OrderId, PageId
from zendera_desk.domain.paper import Cut, Document, Page, PageState, Stack


class Stays(NamedTuple):
    """A page that is not dragged."""

    page: Page
    order: OrderId | None
    """Whose it is, said by name because the pages that went said it before; None: nobody has to."""
    starts: bool
    """A document starts with it now: it would follow what went."""


def going(stack: Stack, dragged: AbstractSet[PageId]) -> list[Page]:
    """Of those that are dragged the ones that a person joined to a page that stays: they start a document now."""
    return [page for before, page in _in_a_row(stack) if page.id in dragged and before not in dragged and page.cut is Cut.FOLLOWS]


def staying(stack: Stack, dragged: AbstractSet[PageId]) -> list[Stays]:
    """Each page keeps its shipment, and what has none starts anew."""
    documents = {page.id: document for document in stack.documents for page in document.pages}
    pinned = {page.id for document in stack.documents for page in _losing(document, dragged)}
    found = []
    for before, page in _in_a_row(stack):
        if page.id in dragged or page.separator:
            continue
        document = documents[page.id]
        order = document.order_id if page.id in pinned else None
        behind = before in dragged
        starts = behind and (order is None or page.cut is Cut.FOLLOWS) and not (page is document.pages[0] and page.names)
        if order is not None or starts:
            found.append(Stays(page, order, starts))
    return found


def _in_a_row(stack: Stack) -> list[tuple[PageId | None, Page]]:
    """Each page that lies here, and the one before it that can be followed."""
    found: list[tuple[PageId | None, Page]] = []
    before = None
    for page in stack.pages:
        if page.state is not PageState.DROPPED:
            found.append((before, page))
            before = before if page.separator else page.id
    return found


def _losing(document: Document, dragged: AbstractSet[PageId]) -> Sequence[Page]:
    """What is behind a page that goes; and what is before it, where nothing else says whose the document is."""
    places = [place for place, page in enumerate(document.pages) if page.id in dragged]
    if not places or document.order_id is None:
        return ()
    says = any((document.order_id,) == page.names for page in document.pages[: places[0]])
    return [page for page in document.pages[places[0] if says else 0 :] if page.id not in dragged and not page.separator]
