"""A report of a completed stop is confirmed when the feed said so of every product, by whatever name it names it."""

from datetime import timedelta

import pytest

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, shipment, write
from zendera_desk.domain.feed import FeedPage, NewChange, ProductStatus
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.store import feed_evidence, outbox
from zendera_desk.store.database import Connection, to_ms

LATER = NOON + timedelta(minutes=1)


def completed(number: str = "", product: int | None = None) -> NewChange:
    return told(NOON, product_id=product, product_number=number, stop=StopKind.DELIVERY, status=ProductStatus.COMPLETED)


def sent(conn: Connection) -> EntryId:
    """A report of which a try stands in the log."""
    entry = bring(conn, enter(conn, 1, Kind.REPORT), State.DUE)
    write(conn, outbox.begin, [entry], NOON)
    write(conn, outbox.move, entry, State.SENT)
    return entry


PARCELS = (Parcel(product_id=7), Parcel(internal_number="P-8", barcode="370008"), Parcel(barcode="370009"))


@pytest.mark.parametrize(
    ("changes", "confirmed"),
    [
        ((completed(product=7), completed("P-8"), completed("370009")), True),
        ((completed(product=7), completed("370008", 8), completed("370009", 9)), True),
        ((completed(product=7), completed("P-8")), False),
        ((completed(product=7), completed("P-8"), completed("370009", 7)), False),
    ],
)
def test_every_product_counts_by_its_id_its_number_or_its_barcode(
    conn: Connection, changes: tuple[NewChange, ...], confirmed: bool
) -> None:
    arrive(conn, shipment(1, parcels=PARCELS))
    entry = sent(conn)
    taken = write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=changes), LATER)
    assert taken.confirmed == ({entry: 1} if confirmed else {})
    found = outbox.entry(conn, entry)
    assert found is not None
    assert (found.state is State.CONFIRMED) is confirmed


def test_what_was_completed_before_the_report_left_does_not_bear_it_out(conn: Connection) -> None:
    arrive(conn, shipment(1, parcels=PARCELS[:1]))
    write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=(completed(product=7),)), NOON - timedelta(minutes=1))
    entry = sent(conn)
    assert write(conn, feed_evidence.confirm_order, ACCOUNT, OrderId(1)) == []
    again = completed(product=7)._replace(at=to_ms(LATER))
    assert write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=(again,)), LATER).confirmed == {entry: 1}
