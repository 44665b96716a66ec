"""Product by product: what was planned, and what the product feed said last at each stop."""

from collections.abc import Sequence

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import ColliLine
from zendera_desk.gui import labels
from zendera_desk.gui.format import number
from zendera_desk.gui.shipment.rows import Cell, Head, Row, labelled
from zendera_desk.gui.words import mark, tr

HEADS = (
    Head(mark("Product"), 220),
    Head(mark("Number"), 170),
    Head(mark("Planned"), 80, number=True),
    Head(mark("Pickup"), 150),
    Head(mark("Delivery"), 150),
)


def colli_rows(lines: Sequence[ColliLine]) -> list[Row]:
    return [
        (
            Cell(line.name or "–"),
            Cell(line.internal_number or (str(line.product_id) if line.product_id is not None else "")),
            Cell(number(line.quantity)),
            _seen(line.pickup, StopKind.PICKUP),
            _seen(line.delivery, StopKind.DELIVERY),
        )
        for line in lines
    ]


def _seen(status: ProductStatus | None, stop: StopKind) -> Cell:
    """A product that the feed never named is not pending: nothing is known of it."""
    return labelled(labels.product_status(status, stop)) if status is not None else Cell(tr("not seen yet"), quiet=True)
