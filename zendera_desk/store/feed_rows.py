"""Windows of the stored feed, by the ids of its rows: what a screen shows, whatever the size of the whole.

A filter that fits few changes would have to look through all of them. Each call looks through a slice at most, says how far
it came, and whoever wants more asks for the next slice: one reader serves the whole window, and must not be kept.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from zendera_desk.domain import finding
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.tailing import FeedCount, FeedFilter, FeedGap, FeedMark, FeedRows, FeedUnreadable
from zendera_desk.domain.views import FeedLine, FeedScope
from zendera_desk.store.database import from_ms, to_ms
from zendera_desk.store.failing import readable

SLICE: Final = 5_000
"""Changes that one call looks through at most: some ten milliseconds."""

NEWEST: Final = 2**63 - 1

UNREADABLE_MARKED: Final = 200
"""Entries that cannot be read, of which the rows tell."""
_BEGINNING: Final = 300
"""Bytes of such an entry: enough to see what it may be."""

_SCOPES: Final = {
    # By the row's own number alone, whoever's it is: an index that begins with the account would have to be sorted.
    FeedScope.ALL: "",
    FeedScope.ORDER: "f.account = :account and f.order_id = :order_id and ",
    FeedScope.UNMATCHED: "f.account = :account and f.order_id is null and ",
}
_COLUMNS: Final = (
    "f.id, f.account, f.at, f.product_id, f.product_number, f.location_number, f.stop, f.status, f.status_word, f.order_id, f.received_at"
)


def _named_by(condition: str) -> str:
    """The name of those parcels of the change's shipment; "" where they have several, null where there is none."""
    its = "from parcel p where p.account = part.account and p.order_id = part.order_id"
    return f"(select iif(min(p.name) = max(p.name), min(p.name), iif(count(*), '', null)) {its} and {condition})"


_BY_NUMBER: Final = "part.product_number <> '' and (part.product_id is null or p.product_id is null) and part.product_number"
_NAME: Final = f"""coalesce({_named_by("p.product_id = part.product_id")}, {_named_by(f"{_BY_NUMBER} = p.internal_number")},
    {_named_by(f"{_BY_NUMBER} = p.barcode")})"""
"""Of the product, as the board tells it (domain/board.py)."""
_LINE: Final = f"""part.*, {_NAME} product_name,
    (select s.order_number from shipment s where s.account = part.account and s.order_id = part.order_id) order_number"""
_SAID: Final = " || char(10) || ".join(
    f"ifnull(part.{column}, '')" for column in ("product_number", "location_number", "status_word", "product_id", "order_id")
)
_HAS_TEXT: Final = f"""(instr(in_plain({_SAID}), :text) or part.order_id is not null and (
    exists (select 1 from shipment s where s.account = part.account and s.order_id = part.order_id
        and instr(in_plain(s.order_number), :text))
    or exists (select 1 from parcel p where p.account = part.account and p.order_id = part.order_id
        and (p.product_id = part.product_id or {_BY_NUMBER} in (p.internal_number, p.barcode))
        and instr(in_plain(p.name || char(10) || p.internal_number || char(10) || p.barcode), :text))))"""
"""Anything by which a person may know the change. What is typed is looked for inside, as Find spells it (domain/finding.py)."""


def rows(
    conn: sqlite3.Connection,
    account: AccountId,
    wanted: FeedFilter,
    *,
    below: int = NEWEST,
    above: int = 0,
    limit: int = 200,
    upwards: bool = False,
) -> FeedRows:
    """Those with ids between `above` and `below`: the newest of them, or `upwards` the oldest."""
    _prepare(conn, wanted)
    values = _values(account, wanted, below, above) | {"limit": limit, "slice": SLICE if _is_picked(wanted) else limit}
    order = "asc" if upwards else "desc"
    found = conn.execute(
        f"""with part as ({_slice(wanted, order)})
        select {_LINE} from part where {_fits(wanted)} order by part.id {order} limit :limit""",
        values,
    ).fetchall()
    reached = found[-1]["id"] if len(found) == limit else _reached(conn, wanted, order, values)
    lines = tuple(_line(row) for row in found)
    return FeedRows(lines=lines if upwards else lines[::-1], reached=reached)


def count(conn: sqlite3.Connection, account: AccountId, wanted: FeedFilter, above: int) -> FeedCount:
    """How many fit among those after `above`: a slice of them, the oldest first."""
    _prepare(conn, wanted)
    values = _values(account, wanted, NEWEST, above) | {"slice": SLICE}
    row = conn.execute(
        f"""with part as ({_slice(wanted, "asc")})
        select count(*) looked, max(id) reached, sum(case when {_fits(wanted)} then 1 else 0 end) fitting from part""",
        values,
    ).fetchone()
    return FeedCount(count=row["fitting"] or 0, reached=row["reached"] or above, more=row["looked"] == SLICE)


def newest(conn: sqlite3.Connection) -> int:
    """The id of the newest change, whoever's it is; 0 where there is none."""
    return int(conn.execute("select coalesce(max(id), 0) from feed_change").fetchone()[0])


def lines(conn: sqlite3.Connection, account: AccountId, ids: Sequence[int]) -> list[FeedLine]:
    """These changes as they read now: a shipment may have come that they belong to."""
    found: list[FeedLine] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        marks = ", ".join("?" * len(part))
        query = f"with part as (select {_COLUMNS} from feed_change f where id in ({marks}) and account = ?) select {_LINE} from part"
        found += [_line(row) for row in conn.execute(query, (*part, account))]
    return found


def marks(conn: sqlite3.Connection, account: AccountId) -> list[FeedMark]:
    """The oldest first. Of entries that cannot be read only the newest are marked: there could be as many of them as changes."""
    query = "select at from feed_gap where account = ? order by at"
    found: list[FeedMark] = [FeedGap(at=from_ms(row["at"])) for row in conn.execute(query, (account,))]
    query = """select first_at, substr(original, 1, ?) begins from feed_broken where account = ? order by rowid desc limit ?"""
    newest = conn.execute(query, (_BEGINNING, account, UNREADABLE_MARKED)).fetchall()
    for first_at, entries in groupby(reversed(newest), key=lambda row: row["first_at"]):
        beginnings = [row["begins"].decode(errors="replace") for row in entries]
        found.append(FeedUnreadable(at=from_ms(first_at), count=len(beginnings), begins=beginnings[0]))
    return sorted(found, key=lambda mark: mark.at)


def unreadable(conn: sqlite3.Connection, account: AccountId, at: datetime) -> list[bytes]:
    """The entries that came then, as they came."""
    query = """select original from (select rowid place, first_at, original from feed_broken where account = ? order by rowid desc limit ?)
        where first_at = ? order by place"""
    return [row["original"] for row in conn.execute(query, (account, UNREADABLE_MARKED, to_ms(at)))]


def original(conn: sqlite3.Connection, account: AccountId, change: int) -> bytes:
    """A change as it came; nothing where it is not there any more."""
    row = conn.execute("select original from feed_change where id = ? and account = ?", (change, account)).fetchone()
    return b"" if row is None else bytes(row["original"])


def _prepare(conn: sqlite3.Connection, wanted: FeedFilter) -> None:
    if wanted.text:
        conn.create_function("in_plain", 1, finding.readable, deterministic=True)


def _slice(wanted: FeedFilter, order: str) -> str:
    return f"""select {_COLUMNS} from feed_change f
        where {_SCOPES[wanted.scope]}f.id > :above and f.id < :below order by f.id {order} limit :slice"""


def _is_picked(wanted: FeedFilter) -> bool:
    """Whether only some of a slice fit."""
    return wanted.is_narrow or wanted.scope is FeedScope.ALL


def _reached(conn: sqlite3.Connection, wanted: FeedFilter, order: str, values: Mapping[str, object]) -> int | None:
    """The last change of a slice that is full."""
    if not _is_picked(wanted):
        return None
    end = "min" if order == "desc" else "max"
    row = conn.execute(f"with part as ({_slice(wanted, order)}) select count(*) looked, {end}(id) reached from part", values).fetchone()
    return row["reached"] if row["looked"] == SLICE else None


def _values(account: AccountId, wanted: FeedFilter, below: int, above: int) -> dict[str, object]:
    values: dict[str, object] = {"account": account, "below": below, "above": above, "order_id": wanted.order_id}
    values["stop"] = wanted.stop and wanted.stop.value
    values |= {f"status{place}": status.value for place, status in enumerate(sorted(wanted.statuses))}
    return values | {"text": finding.plain(wanted.text.strip())}


def _fits(wanted: FeedFilter) -> str:
    parts = ["part.account = :account"]
    if wanted.stop is not None:
        parts.append("part.stop = :stop")
    if wanted.statuses:
        parts.append(f"part.status in ({', '.join(f':status{place}' for place in range(len(wanted.statuses)))})")
    if wanted.text:
        parts.append(_HAS_TEXT)
    return " and ".join(parts)


def _line(row: sqlite3.Row) -> FeedLine:
    with readable(f"change {row['id']} of the feed"):
        return _change(row)


def _change(row: sqlite3.Row) -> FeedLine:
    return FeedLine(
        id=row["id"],
        at=from_ms(row["at"]),
        product_id=row["product_id"],
        product_number=row["product_number"],
        product_name=row["product_name"] or "",
        location_number=row["location_number"],
        stop=StopKind(row["stop"]) if row["stop"] else None,
        status=ProductStatus(row["status"]),
        status_word=row["status_word"],
        order_id=None if row["order_id"] is None else OrderId(row["order_id"]),
        order_number=row["order_number"] or "",
        stored_at=from_ms(row["received_at"]),
    )
