"""The views that a person made, in their order.

They lie in the database and not among the settings: each is a row that is read by itself, so that one which cannot be read costs no
other; they are on disk with the click that made them, go into the daily copy, and come over from a damaged file.

A name or the words of one may name a customer. Retention leaves them all the same: a view is a person's own tool, as a ready comment
is, and nothing that came from Zendera gets into one by itself. It goes when its person removes it, and from the copies with their age.
"""

import sqlite3

import msgspec

from zendera_desk.domain.ids import AccountId, ViewId
from zendera_desk.domain.views import OwnView


def everyone(conn: sqlite3.Connection, account: AccountId) -> list[OwnView]:
    """What a later version wrote, and this one cannot read, is passed over and stays."""
    return [view for _, _, content in _rows(conn, account) if (view := _read(content)) is not None]


def put(conn: sqlite3.Connection, account: AccountId, view: OwnView, place: int | None = None) -> None:
    """A new one comes last, or to `place` among the others; one that is known is changed where it stands."""
    content = msgspec.json.encode(view).decode()
    known = conn.execute("update own_view set content = ? where account = ? and view = ?", (content, account, view.id)).rowcount
    if not known:
        last = 1 + max((row[1] for row in _rows(conn, account)), default=-1)
        conn.execute("insert into own_view values (?, ?, ?, ?)", (account, view.id, last, content))
        if place is not None:
            move(conn, account, view.id, place)


def move(conn: sqlite3.Connection, account: AccountId, view: ViewId, place: int) -> None:
    """To `place` among those that can be read, counted without itself."""
    seen = [(each, _read(content)) for each, _, content in _rows(conn, account) if each != view]
    readable = [each for each, content in seen if content is not None]
    order = [each for each, _ in seen]
    order.insert(order.index(readable[place]) if place < len(readable) else len(order), view)
    conn.executemany(
        "update own_view set place = ? where account = ? and view = ?", [(number, account, each) for number, each in enumerate(order)]
    )


def remove(conn: sqlite3.Connection, account: AccountId, view: ViewId) -> None:
    conn.execute("delete from own_view where account = ? and view = ?", (account, view))


def _rows(conn: sqlite3.Connection, account: AccountId) -> list[tuple[ViewId, int, str]]:
    rows = conn.execute("select view, place, content from own_view where account = ? order by place, view", (account,))
    return [(ViewId(row["view"]), row["place"], row["content"]) for row in rows]


def _read(content: str) -> OwnView | None:
    try:
        return msgspec.json.decode(content, type=OwnView)
    except msgspec.MsgspecError:
        return None
