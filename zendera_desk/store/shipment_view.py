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
from zendera_desk.domain.views import OpenShipment
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


class Sent(NamedTuple):
    """What a new report has to be told from."""

    is_on_its_way: bool
    """This very form."""
    entries: list[Entry]
    events: list[TimelineEvent]
    """What Zendera's timeline showed, whoever it came from."""
    dates: set[datetime]
    """Those that reports of the order have."""


def sent(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, draft: Draft) -> Sent:
    return Sent(
        outbox.is_on_its_way(conn, account, order_id, draft),
        of_order(conn, account, order_id),
        timeline.events(conn, account, order_id),
        outbox.dates_of(conn, account, order_id),
    )
