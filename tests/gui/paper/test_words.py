"""What is said of documents."""

from datetime import UTC, datetime

from zendera_desk.domain.ids import OrderId, PageId, StackId
from zendera_desk.domain.paper import Code, Document, Page, PageState
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui.paper import words

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
ORDER = OrderId(48100013)
LINES = {ORDER: ShipmentLine(order_id=ORDER, order_number="NL-26-48100", seen_at=NOON)}
STRANGE, OWN = Code(kind="ean", text="7038010000010"), Code(kind="code128", text="NL-26-48100")
PARCEL = Code(kind="code128", text="PARCEL-7712")


def said(*codes: Code, assigned: OrderId | None = None, matches: tuple[OrderId, ...] = (ORDER,)) -> str:
    page = Page(
        id=PageId(1),
        stack=StackId(1),
        number=1,
        name="",
        state=PageState.READ,
        codes=codes,
        matches=matches,
        assigned=assigned,
        arrived_at=NOON,
    )
    return words.matched_by(Document(pages=(page,), order_id=ORDER), LINES)


def test_the_code_is_named_that_says_the_shipment_and_not_the_first_on_the_page() -> None:
    assert said(STRANGE, OWN) == "matched by Code 128 NL-26-48100"
    assert said(Code(kind="text", text="48100013"), OWN) == "matched by Code 128 NL-26-48100"
    assert said(PARCEL, Code(kind="text", text="NL-7")) == "matched by Code 128 PARCEL-7712"


def test_where_it_is_not_known_which_code_it_was_none_is_named() -> None:
    assert said(PARCEL, Code(kind="qr", text="OTHER-9913")) == "matched by what is read on it"


def test_what_a_person_said_is_not_ascribed_to_a_code() -> None:
    assert said(OWN, assigned=ORDER) == "chosen by hand"
    assert said() == "matched by what is read on it"
    assert said(matches=()) == ""
