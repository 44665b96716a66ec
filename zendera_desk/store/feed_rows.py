"""Windows of the stored feed, by the ids of its rows: what a screen shows, whatever the size of the whole.

A filter that fits few changes would have to look through all of them. Each call looks through a slice at most, says how far
it came, and whoever wants more asks for the next slice: one reader serves the whole window, and must not be kept.
"""

import sqlite3
from collections.abc import Mapping, Sequence
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
"""Changes that one call looks through at most: some ten milliseconds, with a text that is looked for some thirty."""

NEWEST: Final = 2**63 - 1

UNREADABLE_MARKED: Final = 50
"""Moments at which entries came that cannot be read, of which the rows tell."""
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


def _has_in(value: str) -> str:
    return f"says({value}, :text, :long)"


def _of_parcel(condition: str) -> str:
    """One for each way to find it, so that each has an index."""
    said = _has_in("p.name || char(10) || p.internal_number || char(10) || p.barcode")
    its = "p.account = part.account and p.order_id = part.order_id"
    return f"exists (select 1 from parcel p where {its} and {condition} and {said})"


_HAS_TEXT: Final = f"""({_has_in(_SAID)} or part.order_id is not null and (
    exists (select 1 from shipment s where s.account = part.account and s.order_id = part.order_id and {_has_in("s.order_number")})
    or {_of_parcel("p.product_id = part.product_id")} or {_of_parcel(f"{_BY_NUMBER} = p.internal_number")}
    or {_of_parcel(f"{_BY_NUMBER} = p.barcode")}))"""
"""Anything by which a person may know the change. What is typed is looked for inside, in both spellings (domain/finding.py)."""


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
    """The oldest first. Entries that cannot be read are marked where the newest of them came: there could be as many of them as changes."""
    query = "select at from feed_gap where account = ? order by at"
    found: list[FeedMark] = [FeedGap(at=from_ms(row["at"])) for row in conn.execute(query, (account,))]
    rows = conn.execute(
        f"""with recursive came (at) as (
            select {NEWEST} union all
            select (select max(first_at) from feed_broken where account = :account and first_at < at) from came where at is not null
            limit {UNREADABLE_MARKED + 1})
        select at, entries, substr(original, 1, {_BEGINNING}) begins from (
            select at, (select count(*) from feed_broken where account = :account and first_at = at) entries,
                (select min(rowid) from feed_broken where account = :account and first_at = at) first
            from came where at < {NEWEST}) join feed_broken b on b.rowid = first""",
        {"account": account},
    )
    for row in rows:
        at = from_ms(row["at"])
        found.append(FeedUnreadable(at=at, until=at, count=row["entries"], begins=row["begins"].decode(errors="replace")))
    return sorted(found, key=lambda mark: mark.at)


def unreadable(conn: sqlite3.Connection, account: AccountId, mark: FeedUnreadable) -> list[bytes]:
    """The entries of which the mark tells, as they came."""
    query = "select original from feed_broken where account = ? and first_at between ? and ? order by first_at, rowid"
    return [row["original"] for row in conn.execute(query, (account, to_ms(mark.at), to_ms(mark.until)))]


def original(conn: sqlite3.Connection, account: AccountId, change: int) -> list[bytes]:
    """A change as it came; none where it is not there any more."""
    return [row["original"] for row in conn.execute("select original from feed_change where id = ? and account = ?", (change, account))]


def _prepare(conn: sqlite3.Connection, wanted: FeedFilter) -> None:
    """Once for each connection: whatever it had prepared is prepared anew after that."""
    if wanted.text and conn.execute("select 1 from pragma_function_list where name = 'says'").fetchone() is None:
        conn.create_function("says", 3, _says, deterministic=True)


def _says(value: str, text: str, long: str) -> bool:
    words = finding.readable(value)
    return text in words or long in words


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
    text, long = finding.looked_for(wanted.text)
    return values | {"text": text, "long": long}


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
