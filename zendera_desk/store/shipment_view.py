"""One shipment with all that is known here about it, in one snapshot: as a person opens it, and as a report on it is weighed up."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.report import Draft
from zendera_desk.domain.shipment import Shipment
from zendera_desk.domain.views import OpenShipment, ShipmentLine
from zendera_desk.store import drafts, listing, outbox, timeline
from zendera_desk.store.entries import of_order


def opened(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, read: Callable[[bytes], Shipment]) -> OpenShipment | None:
    """None when it is not here. `read` says what its bytes mean, or raises ValueError. Raises StoreError("damaged")."""
    lines = listing.lines(conn, account, [order_id])
    whole = listing.whole(conn, account, order_id, read)
    if not lines or whole is None:
        return None
    draft = drafts.load(conn, account, order_id)
    answered = draft and (draft.instead_of or draft.corrects)
    return OpenShipment(
        line=lines[0],
        shipment=whole.shipment,
        original=whole.original,
        versions=listing.versions(conn, account, order_id),
        draft=draft,
        draft_of=outbox.entry(conn, answered) if answered else None,
    )


class Weighed(NamedTuple):
    """A shipment, and what a new report on it has to be told from."""

    line: ShipmentLine
    shipment: Shipment
    is_on_its_way: bool
    """This very form."""
    entries: list[Entry]
    events: list[TimelineEvent]
    """What Zendera's timeline showed, whoever it came from."""
    dates: set[datetime]
    """Those that reports of the order have."""


def weighed(
    conn: sqlite3.Connection, account: AccountId, order_id: OrderId, draft: Draft, read: Callable[[bytes], Shipment]
) -> Weighed | None:
    """As `opened`."""
    lines = listing.lines(conn, account, [order_id])
    whole = listing.whole(conn, account, order_id, read)
    if not lines or whole is None:
        return None
    return Weighed(
        line=lines[0],
        shipment=whole.shipment,
        is_on_its_way=outbox.is_on_its_way(conn, account, order_id, draft),
        entries=of_order(conn, account, order_id),
        events=timeline.events(conn, account, order_id),
        dates=outbox.dates_of(conn, account, order_id),
    )
