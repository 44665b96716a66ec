"""What a person decided, written into the outbox: with the exact bytes that will be sent, in one transaction with all that goes along.

A draft becomes its entry, a row of the grid is marked as sent, what it mends gives way. From then on store/outbox.py moves it.
"""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from zendera_desk.domain.ids import AccountId, EntryId, OrderId, PictureId
from zendera_desk.domain.outbox import Deed, Entry, Kind, State, Why
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.store import bulk_draft, deeds, drafts, outbox, projection, uploads
from zendera_desk.store.database import maybe_ms, to_ms
from zendera_desk.store.entries import of_order

_OUT_OF_THE_WAY: Final = frozenset({State.REFUSED, State.TAKEN_BACK, State.DROPPED})
"""Of what a new entry is made of: it will not be sent as well."""


class GoneOutError(Exception):
    """The refused entry in whose place the new one should come went out again as it was: there would be two."""


class NewEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided, with the exact bytes that will be sent."""

    order_id: OrderId
    kind: Kind
    payload: bytes
    words: str = ""
    reference: str = ""
    strike: int = 0
    stop: StopKind | None = None
    status: Status | None = None
    event_at: datetime | None = None
    draft: Draft | None = None
    pictures: tuple[PictureId, ...] = ()
    links: tuple[str, ...] = ()
    """Where the payload holds placeholders: the SHA-256 of the JPEG of each picture, in the same order."""
    corrects: EntryId | None = None
    instead_of: EntryId | None = None
    """As in its draft."""
    from_grid: bool = False
    """A row of a report on many: that is its form, and a draft that the shipment has of its own is another, which stays."""


def add_all(
    conn: sqlite3.Connection,
    account: AccountId,
    entries: Sequence[NewEntry],
    *,
    now: datetime,
    held_until: datetime,
    made_by: str,
    desk: str,
) -> list[EntryId]:
    """Writes each entry with its payload and its pictures; what it mends gives way, and its draft leaves the form: all or nothing."""
    return [_add(conn, account, new, now, held_until, made_by, desk) for new in entries]


def _add(
    conn: sqlite3.Connection, account: AccountId, new: NewEntry, now: datetime, held_until: datetime, made_by: str, desk: str
) -> EntryId:
    older = {old.id: old for old in of_order(conn, account, new.order_id)}
    refused = _gives_way(older, new)
    if refused is not None:  # in one transaction with the new one, so that never both can be sent
        outbox.move(conn, refused, State.DROPPED, code=Why.MENDED)
        deeds.note(conn, refused, Deed.SEND_ANEW, now, made_by, desk)
    first = new.corrects if new.corrects in older else None
    entry = _insert(
        conn,
        account,
        new,
        now=to_ms(now),
        held_until=to_ms(held_until),
        made_by=made_by,
        desk=desk,
        corrects=first,
        instead_of=refused,
    )
    if first is not None:
        deeds.note(conn, first, Deed.CORRECT, now, made_by, desk)
    if new.draft is not None and new.draft.collected:
        deeds.note(conn, entry, Deed.COLLECT, now, made_by, desk)
    links = new.links or (None,) * len(new.pictures)
    rows = [(entry, place, *each) for place, each in enumerate(zip(new.pictures, links, strict=True))]
    conn.executemany("insert into entry_picture (entry_id, place, picture_id, link) values (?, ?, ?, ?)", rows)
    uploads.want(conn, account, new.links, now)
    if new.from_grid:
        bulk_draft.note_sent(conn, account, new.order_id, entry)
    elif new.kind is Kind.REPORT:
        drafts.sent(conn, account, new.order_id, new.draft)
    projection.refresh(conn, account, [new.order_id], words_later=True)
    return entry


def _insert(conn: sqlite3.Connection, account: AccountId, new: NewEntry, **more: int | str | None) -> EntryId:
    cursor = conn.execute(
        """insert into entry (account, order_id, kind, stop, status, version, event_at, reference, words, made_at, made_by, desk, next_at,
            strike, payload, sha256, draft, corrects, instead_of)
        values (:account, :order_id, :kind, :stop, :status,
            coalesce((select version from shipment s where s.account = :account and s.order_id = :order_id), 0),
            :event_at, :reference, :words, :now, :made_by, :desk, :held_until,
            :strike, :payload, :sha256, :draft, :corrects, :instead_of)""",
        {
            "account": account,
            "order_id": new.order_id,
            "kind": new.kind.value,
            "stop": new.stop and new.stop.value,
            "status": new.status and new.status.value,
            "event_at": maybe_ms(new.event_at),
            "reference": new.reference,
            "words": new.words,
            "strike": new.strike,
            "payload": new.payload,
            "sha256": hashlib.sha256(new.payload).hexdigest(),
            "draft": None if new.draft is None else msgspec.json.encode(new.draft).decode(),
            **more,
        },
    )
    return EntryId(cursor.lastrowid or 0)


def _gives_way(older: Mapping[EntryId, Entry], new: NewEntry) -> EntryId | None:
    """The refused entry that the new one says right: the one it was made of, else the last of its sort.

    One only: when the new one is taken back, that is as it was (store/outbox.py).
    """
    meant = older.get(new.instead_of) if new.instead_of is not None else None
    if meant is not None and meant.state not in _OUT_OF_THE_WAY:
        raise GoneOutError
    if meant is not None and meant.state is State.REFUSED:
        return meant.id
    alike = (old for old in older.values() if old.state is State.REFUSED and old.kind is new.kind and old.stop is new.stop)
    return max((old.id for old in alike), default=None)
