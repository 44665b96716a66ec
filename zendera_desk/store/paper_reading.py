"""What is read on paper: which pages wait to be looked at, what was seen on them, and which shipments that names.

A page keeps the numbers that its codes may mean, in the spelling of `shipment_number`. So when shipments arrive, or say other
numbers than before, the pages that it concerns are found by an index, however many shipments and pages there are. What is matched
is matched in the transaction that wrote the page or looked for it: a shipment that arrives meanwhile is found the one way or the other.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final

import msgspec

from zendera_desk.domain.ids import AccountId, OrderId, PageId, PictureId, StackId
from zendera_desk.domain.numbers import candidates, is_doubtful, named
from zendera_desk.domain.paper import Code, Edits
from zendera_desk.store import filing, numbers
from zendera_desk.store.database import json_list
from zendera_desk.store.paper import codes_of

STEP: Final = 100
"""Pages that are matched in one transaction: some ten milliseconds."""
_CHUNK: Final = 500
"""Orders in one statement."""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A page that nobody has looked at yet."""

    id: PageId
    stack: StackId
    name: str
    source: str
    number: int
    """In its file, from 0."""
    edits: str
    """As they are stored."""

    @property
    def wanted(self) -> Edits:
        try:
            return msgspec.json.decode(self.edits, type=Edits)
        except msgspec.MsgspecError:
            return Edits()


def waiting(conn: sqlite3.Connection, limit: int) -> list[Waiting]:
    """Of any account, those that came first first."""
    rows = conn.execute(
        """select g.id, g.stack, g.source, g.number, g.edits, f.name from page g
        join stack_file f on f.stack = g.stack and f.place = g.file
        where g.state = 'waiting' and g.dropped_at is null order by g.id limit ?""",
        (limit,),
    )
    return [
        Waiting(
            id=PageId(row["id"]), stack=StackId(row["stack"]), name=row["name"], source=row["source"], number=row["number"],
            edits=row["edits"],
        )
        for row in rows
    ]  # fmt: skip


def put_read(
    conn: sqlite3.Connection, page: Waiting, picture: PictureId | None, codes: Sequence[Code], *, separator: bool = False, code: str = ""
) -> None:
    """What was seen; with `code` why it could not be read, or not wholly.

    Where a person changed the picture meanwhile nothing is written, and it is looked at anew. What a person said stands above what a
    separator says on it, and so does the number of a shipment that is here: it is a paper with a sticker.
    """
    row = conn.execute(
        """update page set state = :state, code = :code, codes = :codes, separator = :separator and not is_paper,
            picture_id = case when filed is null then coalesce(:picture, picture_id) else picture_id end
        where id = :id and state = 'waiting' and edits = :edits returning account""",
        {
            "state": "unreadable" if code else "read",
            "code": code,
            "codes": msgspec.json.encode(codes).decode(),
            "separator": separator,
            "picture": picture,
            "id": page.id,
            "edits": page.edits,
        },
    ).fetchone()
    if row is not None:
        _put_numbers(conn, AccountId(row["account"]), page.id, codes)
        match(conn, AccountId(row["account"]), [page.id])
        conn.execute("update page set separator = 0 where id = ? and exists (select 1 from page_match where page = ?)", (page.id, page.id))
        filing.put_separators_aside(conn, [page.stack])


def _put_numbers(conn: sqlite3.Connection, account: AccountId, page: PageId, codes: Sequence[Code]) -> None:
    conn.execute("delete from page_number where page = ?", (page,))
    found = {number for code in codes for number in candidates(code)}
    conn.executemany(
        "insert into page_number (account, number, page) values (?, ?, ?)", [(account, number, page) for number in sorted(found)]
    )


# Matching


def unfiled(conn: sqlite3.Connection, account: AccountId) -> list[PageId]:
    """Pages whose matches matter: all that are not filed."""
    rows = conn.execute("select id from page where account = ? and filed is null and state <> 'waiting' order by id", (account,))
    return [PageId(row["id"]) for row in rows]


def concerned(conn: sqlite3.Connection, account: AccountId, orders: Sequence[OrderId]) -> list[PageId]:
    """Pages that are not filed and that name one of these shipments now, or did."""
    found: dict[PageId, None] = {}
    for part in (orders[start : start + _CHUNK] for start in range(0, len(orders), _CHUNK)):
        marks = ", ".join("?" * len(part))
        rows = conn.execute(
            f"""select n.page from shipment_number s cross join page_number n
                where s.account = ? and s.order_id in ({marks}) and n.account = s.account and n.number = s.number
            union select page from page_match where account = ? and order_id in ({marks})""",
            (account, *part, account, *part),
        )
        found |= dict.fromkeys(PageId(row["page"]) for row in rows)
    filed = (conn.execute("select 1 from page where id = ? and filed is not null", (page,)).fetchone() for page in found)
    return [page for page, is_filed in zip(found, filed, strict=True) if is_filed is None]


def match(conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId]) -> set[StackId]:
    """Looks anew which shipments the pages name. Returns the stacks of those that name others now."""
    changed = set()
    for page in pages:
        row = conn.execute("select stack, codes from page where id = ? and account = ?", (page, account)).fetchone()
        if row is None:
            continue
        codes = codes_of(row["codes"])
        if codes and conn.execute("select 1 from page_number where page = ? limit 1", (page,)).fetchone() is None:
            _put_numbers(conn, account, page, codes)  # an older or mended file brings its pages without them
        if _match_one(conn, account, page, codes):
            changed.add(StackId(row["stack"]))
    return changed


def _match_one(conn: sqlite3.Connection, account: AccountId, page: PageId, codes: Sequence[Code]) -> bool:
    found = numbers.find(conn, account, [number for code in codes for number in candidates(code)])
    orders = set(named(codes, found))
    before = {OrderId(row["order_id"]) for row in conn.execute("select order_id from page_match where page = ?", (page,))}
    conn.executemany("delete from page_match where page = ? and order_id = ?", [(page, order) for order in sorted(before - orders)])
    conn.executemany(
        "insert into page_match (account, order_id, page) values (?, ?, ?)", [(account, order, page) for order in sorted(orders - before)]
    )
    doubtful = is_doubtful(codes, found)
    surer = conn.execute("update page set doubtful = ? where id = ? and doubtful <> ?", (doubtful, page, doubtful)).rowcount
    return orders != before or bool(surer)


# What a form did to it


def where_filed(conn: sqlite3.Connection, account: AccountId, orders: Sequence[OrderId]) -> dict[PageId, tuple[StackId, OrderId | None]]:
    """Pages that a person gave to these shipments: their stacks, and whose form or report has them now."""
    rows = conn.execute(  # the feed may have spoken of every shipment there is
        """select id, stack, filed from page indexed by page_assigned
        where account = ? and assigned in (select value from json_each(?)) and assigned is not null""",
        (account, json_list(orders)),
    )
    return {PageId(row["id"]): (StackId(row["stack"]), None if row["filed"] is None else OrderId(row["filed"])) for row in rows}
