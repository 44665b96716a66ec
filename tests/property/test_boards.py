"""Changes of the feed come late, again, in any order, and before or after their shipments: the boards are the same in the end."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, opened, shipment, write
from zendera_desk.domain.board import Product
from zendera_desk.domain.feed import FeedPage, NewChange, ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.store import board, feed_evidence
from zendera_desk.store.database import Connection

BEYOND = 2**53 + 1
PARCELS = {
    1: (Parcel(product_id=BEYOND, internal_number="ONE"), Parcel(internal_number="TWO", barcode="370")),
    2: (Parcel(product_id=BEYOND + 1, internal_number="KIND", barcode="371"),),
    3: (Parcel(product_id=3, internal_number="KIND"),),
}

changes = st.builds(
    lambda minute, named, stop, status: told(
        NOON + timedelta(minutes=minute), product_id=named[0], product_number=named[1], stop=stop, status=status, status_word=status.value
    ),
    st.integers(0, 3),
    st.sampled_from([(BEYOND, "ONE"), (None, "TWO"), (None, "370"), (BEYOND + 1, "KIND"), (3, "KIND"), (None, "371"), (77, "NOBODY")]),
    st.sampled_from(StopKind),
    st.sampled_from(ProductStatus),
)


class Ended(NamedTuple):
    products: list[tuple[Product, ...]]
    differs: list[tuple[int, int | None]]


def ended(arriving: Sequence[int], coming: Sequence[tuple[int, NewChange]]) -> Ended:
    """`coming`: each with how many shipments were there before it."""
    with TemporaryDirectory() as folder, opened(Path(folder)) as conn:
        for place in range(len(PARCELS) + 1):
            _tell(conn, [change for before, change in coming if before == place])
            if place < len(arriving):
                arrive(conn, shipment(arriving[place], parcels=PARCELS[arriving[place]]))
        for order in PARCELS:
            bring(conn, enter(conn, order, Kind.ACCEPT), State.CONFIRMED)
            bring(conn, enter(conn, order, Kind.REPORT), State.SENT)
        _tell(conn, [])
        while write(conn, board.settle, ACCOUNT)[1]:
            pass
        products = [board.read(conn, ACCOUNT, OrderId(order), PARCELS[order])[0].products for order in PARCELS]
        rows = conn.execute("select differs, differs_from from shipment order by order_id")
        return Ended(products, [(row["differs"], row["differs_from"]) for row in rows])


def _tell(conn: Connection, some: Sequence[NewChange]) -> None:
    write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=tuple(some)), NOON + timedelta(hours=1))


@settings(max_examples=40)
@given(
    st.permutations(list(PARCELS)),
    st.lists(st.tuples(st.integers(0, 3), changes), max_size=10),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_in_whatever_order_changes_and_shipments_come_the_boards_and_what_differs_are_the_same(
    arriving: list[int], coming: list[tuple[int, NewChange]], repeated: int, rng: object
) -> None:
    again = [(3, change) for _, change in coming[:repeated]]
    shuffled = [*coming, *again]
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ended(arriving, shuffled) == ended(list(PARCELS), [(3, change) for _, change in coming])
