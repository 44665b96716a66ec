"""What the colli board is made of, and the view of the shipments where the feed does not fit what was reported.

A board is a pure function (domain/board.py). That something differs is kept in columns, so that the view is an index and its count a
tally. What a page of the feed touched is noted, and looked at when the feed is up to date: while a week is caught up with, every
shipment would be looked at a hundred times for a state that is over already.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from zendera_desk.domain.board import Acknowledgement, Board, Known, board
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.feed import ProductChange, ProductStatus
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.store.database import from_ms, json_list, maybe_from_ms, maybe_ms
from zendera_desk.store.entries import COLUMNS, of_order, to_entry
from zendera_desk.store.failing import readable

AT_ONCE: Final = 100
"""Shipments that are looked at in one transaction: some ten milliseconds."""
DUE_AT_ONCE: Final = 10_000
"""Shipments whose ids are read at once, and told: who hears of 100,000 keeps the window for fifty milliseconds."""


class Differs(NamedTuple):
    """Whether something differs for certain, and from which moment of the feed on it does (milliseconds; None: nothing is found)."""

    now: bool
    since: int | None


def read(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, planned: Sequence[Parcel]) -> tuple[Board, datetime | None]:
    """The board, and up to when all changes are here (`Spot.counts`)."""
    known = _known(conn, account, {order_id: planned})[order_id]
    said = changes(conn, account, order_id)
    return board(planned, said, of_order(conn, account, order_id), known), fed_until(conn, account)


def fed_until(conn: sqlite3.Connection, account: AccountId) -> datetime | None:
    """When Zendera last said that there are no more changes than those that are here; None: never yet."""
    row = conn.execute("select up_to_date_at from feed_cursor where account = ?", (account,)).fetchone()
    return None if row is None else maybe_from_ms(row["up_to_date_at"])


def changes(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[ProductChange]:
    """All that the feed said about the shipment, in no order."""
    return _changes(conn, account, [order_id]).get(order_id, [])


def parcels(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> list[Parcel]:
    """As far as changes are matched to them."""
    return _parcels(conn, account, [order_id])[order_id]


def acknowledged(conn: sqlite3.Connection, account: AccountId, orders: Iterable[OrderId]) -> dict[OrderId, tuple[Acknowledgement, ...]]:
    """What persons know of, the oldest first, of those shipments where there is any."""
    found: dict[OrderId, tuple[Acknowledgement, ...]] = {}
    rows = conn.execute(
        "select * from acknowledgement where account = ? and order_id in (select value from json_each(?)) order by order_id, at",
        (account, json_list(orders)),
    )
    for row in rows:
        order_id = OrderId(row["order_id"])
        found[order_id] = (*found.get(order_id, ()), _acknowledgement(row))
    return found


HINTS: Final = """
    exists (select 1 from feed_change c where c.account = s.account and c.order_id = s.order_id) is_spoken_of,
    exists (select 1 from acknowledgement k where k.account = s.account and k.order_id = s.order_id) is_acknowledged,
    exists (select 1 from board_due d where d.account = s.account and d.order_id = s.order_id) is_noted,
    (select up_to_date_at from feed_cursor u where u.account = s.account) fed_until"""
"""Of a shipment `s`: what there is to look at, so that it is not asked for one by one."""


def look(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, entries: Sequence[Entry], hints: sqlite3.Row) -> Differs:
    """Looks at one shipment's board now. `entries`: all of the shipment's. `hints`: a row with HINTS in it."""
    planned = parcels(conn, account, order_id)
    said = changes(conn, account, order_id) if hints["is_spoken_of"] else []
    known = Known(
        acknowledged=acknowledged(conn, account, [order_id]).get(order_id, ()) if hints["is_acknowledged"] else (),
        shared=_shared(conn, account, order_id, planned),
    )
    if hints["is_noted"]:
        conn.execute("delete from board_due where account = ? and order_id = ?", (account, order_id))
    return _differs(board(planned, said, entries, known), maybe_from_ms(hints["fed_until"]))


def note(conn: sqlite3.Connection, account: AccountId, orders: Iterable[OrderId]) -> None:
    """The feed said something about these."""
    conn.execute(
        "insert into board_due (account, order_id) select ?, value from json_each(?) where true on conflict do nothing",
        (account, json_list(orders)),
    )


def due(conn: sqlite3.Connection, account: AccountId, after: int) -> frozenset[OrderId]:
    """Those that are noted and were not looked at yet, because the feed has spoken of them: the next so many after an id."""
    listed = conn.execute(
        """select json_group_array(order_id) from (
            select order_id from board_due where account = ? and order_id > ? order by order_id limit ?)""",
        (account, after, DUE_AT_ONCE),
    ).fetchone()[0]
    return msgspec.json.decode(listed, type=frozenset[OrderId])


def note_after(conn: sqlite3.Connection, change: int) -> None:
    """Whatever the changes after this one are about."""
    conn.execute(
        """insert into board_due (account, order_id) select account, order_id from feed_change where id > ? and order_id is not null
        on conflict do nothing""",
        (change,),
    )


def settle(conn: sqlite3.Connection, account: AccountId) -> tuple[set[OrderId], bool]:
    """Looks at some of those that are noted, and at what the feed had its time for. Returns what changed, and whether there are more."""
    rows = conn.execute("select order_id from board_due where account = ? limit ?", (account, AT_ONCE)).fetchall()
    due = [OrderId(row["order_id"]) for row in rows]
    found = _look(conn, account, _reports(conn, account, due))
    before = conn.execute(
        "select order_id, differs, differs_from from shipment where account = ? and order_id in (select value from json_each(?))",
        (account, json_list(due)),
    ).fetchall()
    stood = {OrderId(row["order_id"]): Differs(bool(row["differs"]), row["differs_from"]) for row in before}
    changed = {order_id for order_id, differs in stood.items() if found[order_id] != differs}
    conn.executemany(
        "update shipment set differs = ?, differs_from = ? where account = ? and order_id = ?",
        [(*found[order_id], account, order_id) for order_id in changed],
    )
    conn.execute("delete from board_due where account = ? and order_id in (select value from json_each(?))", (account, json_list(due)))
    late = conn.execute(  # left to itself SQLite takes any index of the account's, and goes through all of it
        """update shipment indexed by shipment_will_differ set differs = 1
            where account = :account and differs = 0 and differs_from is not null
                and differs_from <= (select up_to_date_at from feed_cursor where account = :account) returning order_id""",
        {"account": account},
    ).fetchall()
    return changed | {OrderId(row["order_id"]) for row in late}, len(due) == AT_ONCE


def _look(conn: sqlite3.Connection, account: AccountId, entries: Mapping[OrderId, Sequence[Entry]]) -> dict[OrderId, Differs]:
    """All of these together: a statement for each would cost more than what it finds."""
    planned, said = _parcels(conn, account, entries), _changes(conn, account, entries)
    known, until = _known(conn, account, planned), fed_until(conn, account)
    found: dict[OrderId, Differs] = {}
    for order_id, reports in entries.items():
        found[order_id] = _differs(board(planned[order_id], said.get(order_id, ()), reports, known[order_id]), until)
    return found


def _differs(looked_at: Board, fed_until: datetime | None) -> Differs:
    since = looked_at.differs_from()
    return Differs(since is not None and fed_until is not None and fed_until >= since, maybe_ms(since))


def _reports(conn: sqlite3.Connection, account: AccountId, orders: Iterable[OrderId]) -> dict[OrderId, list[Entry]]:
    """Those that may stand for a stop."""
    found: dict[OrderId, list[Entry]] = {order_id: [] for order_id in orders}
    rows = conn.execute(  # the other indexes would go through all the reports of the account
        f"""select {COLUMNS} from entry indexed by entry_lane where account = ? and order_id in (select value from json_each(?))
            and kind = 'report' and state in ('sent', 'confirmed') order by id""",
        (account, json_list(found)),
    )
    for row in rows:
        found[OrderId(row["order_id"])].append(to_entry(row))
    return found


def _parcels(conn: sqlite3.Connection, account: AccountId, orders: Iterable[OrderId]) -> dict[OrderId, list[Parcel]]:
    """As far as changes are matched to them."""
    found: dict[OrderId, list[Parcel]] = {order_id: [] for order_id in orders}
    rows = conn.execute(
        """select order_id, product_id, internal_number, barcode from parcel
        where account = ? and order_id in (select value from json_each(?)) order by order_id, place""",
        (account, json_list(found)),
    )
    for row in rows:
        found[OrderId(row["order_id"])].append(
            Parcel(product_id=row["product_id"], internal_number=row["internal_number"], barcode=row["barcode"])
        )
    return found


def _known(conn: sqlite3.Connection, account: AccountId, planned: Mapping[OrderId, Sequence[Parcel]]) -> dict[OrderId, Known]:
    said = acknowledged(conn, account, planned)
    return {
        order_id: Known(acknowledged=said.get(order_id, ()), shared=_shared(conn, account, order_id, parcels))
        for order_id, parcels in planned.items()
    }


def _shared(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, parcels: Sequence[Parcel]) -> frozenset[str]:
    """`Known.shared`."""
    alone = [parcel for parcel in parcels if parcel.product_id is None]
    names = {name for parcel in alone for name in (parcel.internal_number, parcel.barcode) if name}
    return frozenset(name for name in names if _has_another(conn, account, order_id, name))


def _has_another(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, name: str) -> bool:
    row = conn.execute(
        """select exists (select 1 from parcel indexed by parcel_number_alone
                where account = :account and internal_number = :name and order_id <> :order_id and product_id is null)
            or exists (select 1 from parcel indexed by parcel_barcode_alone
                where account = :account and barcode = :name and barcode <> '' and order_id <> :order_id and product_id is null)""",
        {"account": account, "order_id": order_id, "name": name},
    ).fetchone()
    return bool(row[0])


_STOPS: Final = {kind.value: kind for kind in StopKind}
_STATUSES: Final = {status.value: status for status in ProductStatus}


def _changes(conn: sqlite3.Connection, account: AccountId, orders: Iterable[OrderId]) -> dict[OrderId, list[ProductChange]]:
    rows = conn.execute(
        f"select order_id, {_SAID} from feed_change where account = ? and order_id in (select value from json_each(?))",
        (account, json_list(orders)),
    )
    rows.row_factory = None  # a plain tuple each: after a week away there are a million
    found: dict[OrderId, list[ProductChange]] = defaultdict(list)
    with readable("changes of the feed"):
        for order_id, *values in rows:
            found[order_id].append(_change(*values))
    return found


_SAID: Final = "at, product_id, product_number, stop, status, status_word, received_at"


def _change(at: int, product_id: int | None, number: str, stop: str | None, status: str, word: str, received_at: int) -> ProductChange:
    return ProductChange(
        at=from_ms(at),
        product_id=product_id,
        product_number=number,
        stop=_STOPS[stop] if stop else None,
        status=_STATUSES[status],
        status_word=word,
        known_at=from_ms(received_at),
    )


def _acknowledgement(row: sqlite3.Row) -> Acknowledgement:
    with readable("what was looked at of a board"):
        return Acknowledgement(
            stop=StopKind(row["stop"]),
            at=from_ms(row["at"]),
            undoes=bool(row["undoes"]),
            marks=msgspec.json.decode(row["marks"], type=tuple[str, ...]),
            by=row["made_by"],
            desk=row["desk"],
        )


def unreadable(conn: sqlite3.Connection) -> list[tuple[str, int]]:
    """Tables and rows with a value that none of ours is. No check of SQLite's sees them, and each would be met again after every start."""
    said = conn.execute(f"select id, {_SAID} from feed_change")
    found = [("feed_change", int(row[0])) for row in said if not _can_be_read(_change, *row[1:])]
    known = conn.execute("select rowid as row, * from acknowledgement")
    return found + [("acknowledgement", int(row["row"])) for row in known if not _can_be_read(_acknowledgement, row)]


def _can_be_read(read: Callable[..., object], *row: object) -> bool:
    try:
        with readable("a row"):
            read(*row)
    except StoreError:
        return False
    return True
