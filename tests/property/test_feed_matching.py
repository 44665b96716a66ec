"""Changes of the feed and shipments come in any order: each change ends at the one shipment that it can be about."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, opened, shipment, write
from zendera_desk.domain.feed import FeedPage, NewChange
from zendera_desk.domain.shipment import Parcel
from zendera_desk.store import feed

PARCELS = {
    1: (Parcel(product_id=11, internal_number="KIND"), Parcel(product_id=12, internal_number="KIND", barcode="370")),
    2: (Parcel(product_id=21, internal_number="KIND"), Parcel(internal_number="ALONE", barcode="371")),
    3: (Parcel(product_id=2**53 + 31, barcode="ALONE"), Parcel(product_id=32, internal_number="371")),
}
OWNERS = {parcel.product_id: order for order, parcels in PARCELS.items() for parcel in parcels if parcel.product_id}
changes = st.builds(
    lambda product, number: told(NOON, product_id=product, product_number=number),
    st.sampled_from([*OWNERS, 99]),
    st.sampled_from(["", "KIND", "ALONE", "370", "371", "NOBODY"]),
)


@settings(max_examples=60)
@given(st.permutations(list(PARCELS)), st.lists(st.tuples(st.integers(0, 3), changes), max_size=8))
def test_a_change_with_a_product_id_ends_at_its_shipment_and_never_at_one_whose_products_have_other_ids(
    arriving: list[int], coming: list[tuple[int, NewChange]]
) -> None:
    with TemporaryDirectory() as folder, opened(Path(folder)) as conn:
        for place in range(4):
            page = tuple(change for before, change in coming if before == place)
            write(conn, feed.put_page, ACCOUNT, FeedPage(changes=page), NOON)
            if place < len(arriving):
                arrive(conn, shipment(arriving[place], parcels=PARCELS[arriving[place]]))
        for row in conn.execute("select product_id, product_number, order_id from feed_change"):
            alone = 2 if row["product_number"] in {"ALONE", "371"} else None
            assert row["order_id"] == OWNERS.get(row["product_id"], alone), tuple(row)
