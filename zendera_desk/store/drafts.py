"""What stands in a form that has not been sent. One draft a shipment; it is deleted only by being sent or by a person.

A form writes the whole of its draft. Whatever else has something for a draft adds just that, in one transaction: the form that it is
open in may be another one, with words that are not on disk yet or came there a moment ago.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime

import msgspec

from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, OrderId, PictureId
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.store import projection
from zendera_desk.store.database import from_ms, to_ms


def save(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, draft: Draft, now: datetime) -> None:
    conn.execute(
        """insert into draft (account, order_id, saved_at, content) values (?, ?, ?, ?)
        on conflict (account, order_id) do update set saved_at = excluded.saved_at, content = excluded.content""",
        (account, order_id, to_ms(now), msgspec.json.encode(draft).decode()),
    )
    projection.refresh(conn, account, [order_id])


def discard(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> None:
    conn.execute("delete from draft where account = ? and order_id = ?", (account, order_id))
    projection.refresh(conn, account, [order_id])


def add_pictures(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, pictures: Sequence[Picture], now: datetime) -> None:
    """At the end, those that are not there yet. Where there is no draft, one of these alone begins."""
    draft = load(conn, account, order_id) or Draft()
    both = {picture.id: picture for picture in (*draft.pictures, *pictures)}
    if len(both) > len(draft.pictures):
        save(conn, account, order_id, msgspec.structs.replace(draft, pictures=tuple(both.values())), now)


def exchange_picture(
    conn: sqlite3.Connection, account: AccountId, order_id: OrderId, before: PictureId, after: Picture, now: datetime
) -> bool:
    """In its place. False where the draft does not have it any more: it was sent as it was seen, or taken out."""
    draft = load(conn, account, order_id)
    if draft is None or before not in {picture.id for picture in draft.pictures}:
        return False
    kept = {picture.id: picture for picture in (after if each.id == before else each for each in draft.pictures)}
    save(conn, account, order_id, msgspec.structs.replace(draft, pictures=tuple(kept.values())), now)
    return True


def sent(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, draft: Draft | None) -> None:
    """The form has become an entry and leaves. What was typed since Send was pressed stays as a draft of its own."""
    row = conn.execute("select content from draft where account = ? and order_id = ?", (account, order_id)).fetchone()
    with contextlib.suppress(ValueError):  # what cannot be read may hold more than was sent
        if row is not None and (draft is None or msgspec.json.decode(row["content"], type=Draft) == draft):
            conn.execute("delete from draft where account = ? and order_id = ?", (account, order_id))


def saved_at(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> datetime | None:
    row = conn.execute("select saved_at from draft where account = ? and order_id = ?", (account, order_id)).fetchone()
    return None if row is None else from_ms(row["saved_at"])


def load(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> Draft | None:
    """Raises StoreError("damaged") where it cannot be read."""
    row = conn.execute("select content from draft where account = ? and order_id = ?", (account, order_id)).fetchone()
    try:
        return None if row is None else msgspec.json.decode(row["content"], type=Draft)
    except ValueError as error:
        raise StoreError("damaged", words=f"draft of shipment {order_id}: {error}") from error
