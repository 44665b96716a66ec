"""Where a page of paper is: in the draft or the report of a shipment, or waiting in the tray.

A person files a page (store/paper.py) and then goes on in the form, which knows no pages: pictures are cropped, moved to another
shipment, removed; drafts are sent, taken back, discarded. So where a page is follows from what names its picture, in every
transaction that writes a draft or an entry (store/projection.py calls `settle`): a page that nothing has any more is in the tray
again, and none can be lost between the two.

A picture that was changed in the form is still of the same page: what counts is the file and its page, whatever the edits. One file
may come in twice, and its page then lies in two places: what a shipment has for the one page is not taken for the other's.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final

from zendera_desk.domain.ids import AccountId, EntryId, OrderId, PageId, StackId
from zendera_desk.store import pictures

Origin = tuple[str, int]
"""The file, by its SHA-256, and the page in it, from 0."""


_HAVING: Final = "e.state not in ('taken_back', 'dropped')"
"""Entries that were, are or may be sent; the pictures of the others are in nobody's report."""


HAS_PAGES: Final = """(exists (select 1 from page g where g.account = s.account and g.filed = s.order_id)
    or exists (select 1 from page g where g.account = s.account and g.filed is null and g.filed_at is not null))"""
"""Whether a shipment `s` has any, or may get one back."""


def settle(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> None:
    """To be called whenever a draft or an entry of the shipment was written or deleted, unless it certainly has no pages (`HAS_PAGES`)."""
    here = _pages(conn, "g.account = ? and g.filed = ?", account, order_id)
    back = _pages(conn, "g.account = ? and g.filed is null and g.filed_at is not null", account)
    held = origins(conn, account, order_id)
    for page, origin in here.items():
        if origin not in held:
            _note(conn, page, _holder(conn, account, origin))
    for page, origin in back.items():
        if origin in held and not is_filed(conn, account, order_id, origin):
            _note(conn, page, order_id)
            put_separators_aside(conn, [StackId(row["stack"]) for row in conn.execute("select stack from page where id = ?", (page,))])


def put_separators_aside(conn: sqlite3.Connection, stacks: Iterable[StackId]) -> None:
    """Of stacks of which nothing else is left, at the time when the last of what they parted was filed or put aside.

    Where there was never anything else, a person looks first: all of it may have been taken for separators wrongly.
    """
    for stack in stacks:
        conn.execute(
            """update page set dropped_at = (select max(coalesce(dropped_at, filed_at)) from page where stack = :stack and separator = 0)
            where stack = :stack and separator = 1 and filed is null and dropped_at is null
            and not exists (select 1 from page where stack = :stack and separator = 0 and filed is null and dropped_at is null)""",
            {"stack": stack},
        )


def is_filed(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, origin: Origin) -> bool:
    """Whether some page accounts for the shipment's having it."""
    return bool(_pages(conn, "g.account = ? and g.filed = ? and p.source = ? and p.page = ?", account, order_id, *origin))


def origins(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, without: EntryId | None = None) -> set[Origin]:
    """The pages whose pictures the shipment's draft and reports have, one entry left out."""
    rows = conn.execute(
        f"""select p.source, p.page from entry e join entry_picture n on n.entry_id = e.id join picture p on p.id = n.picture_id
        where e.account = ? and e.order_id = ? and e.id is not ? and {_HAVING}""",
        (account, order_id, without),
    )
    found = {(row["source"], row["page"]) for row in rows}
    draft = conn.execute("select content from draft where account = ? and order_id = ?", (account, order_id)).fetchone()
    for id_ in sorted(pictures.ids_in(draft["content"])) if draft is not None else ():
        row = conn.execute("select source, page from picture where id = ?", (id_,)).fetchone()
        if row is not None:
            found.add((row["source"], row["page"]))
    return found


def origin_of(conn: sqlite3.Connection, picture: str) -> Origin | None:
    row = conn.execute("select source, page from picture where id = ?", (picture,)).fetchone()
    return None if row is None else (row["source"], row["page"])


def forget(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, entry: EntryId) -> None:
    """Deletes the pages that this entry alone has. To be called before what it says of its pictures goes."""
    kept = origins(conn, account, order_id, without=entry)
    rows = conn.execute("select p.source, p.page from entry_picture n join picture p on p.id = n.picture_id where n.entry_id = ?", (entry,))
    going = {(row["source"], row["page"]) for row in rows} - kept
    for page, origin in _pages(conn, "g.account = ? and g.filed = ?", account, order_id).items():
        if origin in going:
            conn.execute("delete from page where id = ?", (page,))


def _pages(conn: sqlite3.Connection, condition: str, *values: str | int) -> dict[PageId, Origin]:
    """What is filed has a picture."""
    rows = conn.execute(f"select g.id, p.source, p.page from page g join picture p on p.id = g.picture_id where {condition}", values)
    return {PageId(row["id"]): (row["source"], row["page"]) for row in rows}


def _note(conn: sqlite3.Connection, page: PageId, order_id: OrderId | None) -> None:
    """A page that went to another shipment belongs to that one; one that came back keeps what a person said last."""
    conn.execute("update page set filed = ?, assigned = coalesce(?, assigned) where id = ?", (order_id, order_id, page))


def _holder(conn: sqlite3.Connection, account: AccountId, origin: Origin) -> OrderId | None:
    """Another shipment that has it, and not by another page: a person moved it, and that one was written first."""
    entries = conn.execute(
        f"""select distinct e.order_id from picture p join entry_picture n on n.picture_id = p.id join entry e on e.id = n.entry_id
        where p.source = ? and p.page = ? and e.account = ? and {_HAVING} order by e.order_id""",
        (*origin, account),
    )
    having = [OrderId(row["order_id"]) for row in entries.fetchall()]
    for row in conn.execute("select id from picture where source = ? and page = ?", origin).fetchall():
        named = "select order_id from draft where account = ? and content like ? order by order_id"
        having += [OrderId(draft["order_id"]) for draft in conn.execute(named, (account, f'%"{row["id"]}"%'))]
    return next((order for order in having if not is_filed(conn, account, order, origin)), None)
