"""The tray: stacks of paper, their files and their pages, and what a person does with them.

A row of a page goes in two ways only: with the entry that has its picture, when retention has its time, or so many days after a
person dropped it (store/retention.py). Everything else leaves it where it is: the program never deletes what is not filed.

That holds for separators too, since a program can take a paper for one. They lie among the pages that they part, and are put aside
with the last of those: a person sees them there, and makes each a page again by bringing it back. Before that by whatever else is
said about it, that it is some shipment's, or where a document starts.
"""

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import AccountId, OrderId, PageId, PictureId, StackId
from zendera_desk.domain.paper import Code, Cut, Edits, Page, PageState, Stack
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.store import drafts, filing
from zendera_desk.store.database import from_ms, to_ms

T = TypeVar("T")

_HERE: Final = "filed is null and dropped_at is null"
"""It lies in the tray."""
_OPEN: Final = f"{_HERE} and separator = 0"
"""It waits for a person."""

_log = logging.getLogger(__name__)


# Taking in


def begin(conn: sqlite3.Connection, account: AccountId, name: str, now: datetime) -> StackId:
    row = conn.execute("insert into stack (account, name, arrived_at) values (?, ?, ?) returning id", (account, name, to_ms(now)))
    return StackId(row.fetchone()[0])


def put_file(conn: sqlite3.Connection, stack: StackId, account: AccountId, name: str, source: str, pages: int) -> bool:
    """Adds the file's pages behind those that are there, to be read. False: it lies in an open stack already, and is noted as refused."""
    already = conn.execute(
        f"""select s.name from stack_file f join stack s on s.id = f.stack where f.account = ? and f.source = ? and exists (
            select 1 from page where stack = f.stack and file = f.place and {_OPEN}) limit 1""",
        (account, source),
    ).fetchone()
    if already is not None:
        put_refused(conn, stack, account, name, "already_here", {"stack": already["name"]} if already["name"] else {})
        return False
    seen = conn.execute(
        "select exists (select 1 from stack_file where source = :it) or exists (select 1 from picture where source = :it)", {"it": source}
    ).fetchone()[0]
    file = _next_file(conn, stack)
    conn.execute(
        "insert into stack_file (stack, place, account, name, source, seen_before) values (?, ?, ?, ?, ?, ?)",
        (stack, file, account, name, source, seen),
    )
    first = conn.execute("select count(*) from page where stack = ?", (stack,)).fetchone()[0]
    conn.executemany(
        "insert into page (account, stack, place, file, source, number) values (?, ?, ?, ?, ?, ?)",
        [(account, stack, first + number, file, source, number) for number in range(pages)],
    )
    return True


def put_refused(conn: sqlite3.Connection, stack: StackId, account: AccountId, name: str, code: str, details: dict[str, str | int]) -> None:
    conn.execute(
        "insert into stack_file (stack, place, account, name, code, details) values (?, ?, ?, ?, ?, ?)",
        (stack, _next_file(conn, stack), account, name, code, msgspec.json.encode(details).decode()),
    )


def forget_empty(conn: sqlite3.Connection, stack: StackId) -> None:
    """A stack into which nothing came, not even a refusal."""
    conn.execute("delete from stack where id = ? and not exists (select 1 from stack_file where stack = ?)", (stack, stack))


def files(conn: sqlite3.Connection, stack: StackId) -> int:
    """How many were noted, taken or not."""
    return int(conn.execute("select count(*) from stack_file where stack = ?", (stack,)).fetchone()[0])


def _next_file(conn: sqlite3.Connection, stack: StackId) -> int:
    return int(conn.execute("select coalesce(max(place) + 1, 0) from stack_file where stack = ?", (stack,)).fetchone()[0])


# Seeing


def stacks(conn: sqlite3.Connection, account: AccountId) -> list[Stack]:
    """Those with a page that lies here, the newest last."""
    rows = conn.execute(f"select distinct stack from page where account = ? and {_HERE} order by stack", (account,))
    found = (stack(conn, account, StackId(row["stack"])) for row in rows.fetchall())
    return [one for one in found if one is not None]


def stack(conn: sqlite3.Connection, account: AccountId, id_: StackId) -> Stack | None:
    row = conn.execute("select * from stack where account = ? and id = ?", (account, id_)).fetchone()
    if row is None:
        return None
    refused = conn.execute(
        "select name, code, details from stack_file where stack = ? and source is null order by place", (id_,)
    ).fetchall()
    return Stack(
        id=id_,
        name=row["name"],
        arrived_at=from_ms(row["arrived_at"]),
        pages=tuple(_pages(conn, "g.stack = ?", id_)),
        refused=tuple((file["name"], file["code"]) for file in refused),
        refused_values=tuple(_read(file["details"], dict[str, str | int], {}) for file in refused),
    )


def dropped(conn: sqlite3.Connection, account: AccountId) -> list[Page]:
    """What a person put aside, the last one last."""
    return _pages(conn, "g.account = ? and g.dropped_at is not null", account, order="g.dropped_at, g.id")


def page(conn: sqlite3.Connection, account: AccountId, id_: PageId) -> Page | None:
    return next(iter(_pages(conn, "g.account = ? and g.id = ?", account, id_)), None)


def source_of(conn: sqlite3.Connection, page: PageId) -> tuple[str, int] | None:
    """The file of a page, by its SHA-256, and its number in it, from 0."""
    row = conn.execute("select source, number from page where id = ?", (page,)).fetchone()
    return None if row is None else (row["source"], row["number"])


_LAY: Final = "g.stack = ? and g.dropped_at is null"

_PAGE: Final = """select g.*, f.name, f.seen_before, s.arrived_at, p.name picture_name, p.width, p.height, p.size
    from page g join stack s on s.id = g.stack join stack_file f on f.stack = g.stack and f.place = g.file
    left join picture p on p.id = g.picture_id"""


def _pages(conn: sqlite3.Connection, condition: str, *values: str | int, order: str = "g.place") -> list[Page]:
    rows = conn.execute(f"{_PAGE} where {condition} order by {order}", values).fetchall()
    matches: dict[int, list[OrderId]] = {}
    named = f"select m.page, m.order_id from page_match m join page g on g.id = m.page where {condition} order by m.order_id"
    for row in conn.execute(named, values):
        matches.setdefault(row["page"], []).append(OrderId(row["order_id"]))
    return [_page(row, matches.get(row["id"], ())) for row in rows]


def _page(row: sqlite3.Row, matches: Iterable[OrderId]) -> Page:
    picture = row["picture_id"] and Picture(
        id=PictureId(row["picture_id"]), name=row["name"], width=row["width"], height=row["height"], size=row["size"]
    )
    return Page(
        id=PageId(row["id"]),
        stack=StackId(row["stack"]),
        number=row["number"] + 1,
        name=row["name"],
        state=PageState(row["state"]) if row["dropped_at"] is None else PageState.DROPPED,
        code=row["code"],
        picture=picture or None,
        codes=codes_of(row["codes"]),
        separator=bool(row["separator"]),
        is_paper=bool(row["is_paper"]),
        doubtful=bool(row["doubtful"]),
        matches=tuple(matches),
        assigned=None if row["assigned"] is None else OrderId(row["assigned"]),
        cut=Cut(row["cut"]),
        filed=None if row["filed"] is None else OrderId(row["filed"]),
        edits=_read(row["edits"], Edits, Edits()),
        seen_before=bool(row["seen_before"]),
        arrived_at=from_ms(row["arrived_at"]),
    )


def codes_of(text: str) -> tuple[Code, ...]:
    return _read(text, tuple[Code, ...], ())


def _read(text: str, type_: type[T], otherwise: T) -> T:
    """What is damaged on disk costs what it says, and hides no page."""
    try:
        return msgspec.json.decode(text, type=type_)
    except msgspec.MsgspecError:
        _log.warning("what is known about a page cannot be read")
        return otherwise


# What a person says. Each returns the stacks that read differently now; pages that are no longer here are passed over


_AS_PAPER: Final = "separator = 0, is_paper = 1"


def cut(conn: sqlite3.Connection, account: AccountId, page: PageId, where: Cut) -> set[StackId]:
    return _set(conn, account, [page], "cut = ?" if where is Cut.AUTO else f"cut = ?, {_AS_PAPER}", where.value)


def assign(conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId], order_id: OrderId | None) -> set[StackId]:
    """None takes the word back. What is filed is left: it is in the form of its shipment, and moves there.

    Separators among other pages are not meant. One by itself is: it was none.
    """
    papers = [one.id for one in _some(conn, account, pages) if not one.separator]
    pages = papers or pages
    return _set(conn, account, pages, "assigned = ?" if order_id is None else f"assigned = ?, {_AS_PAPER}", order_id, only="filed is null")


def drop(
    conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId], now: datetime
) -> tuple[set[StackId], set[OrderId], list[Page]]:
    """Out of the draft as well, where they are in one: also returns whose. Raises DeskError("in_report").

    And all that lies aside by this, as it was: separators go with the last of what they parted.
    """
    lay = [one for id_ in {one.stack for one in _some(conn, account, pages)} for one in _pages(conn, _LAY, id_)]
    _, orders = unfile(conn, account, pages, now)
    stacks = _set(conn, account, pages, "dropped_at = ?", to_ms(now), only="dropped_at is null")
    filing.put_separators_aside(conn, stacks)
    still = {one.id for id_ in stacks for one in _pages(conn, _LAY, id_)}
    return stacks, orders, [one for one in lay if one.id not in still]


def bring_back(conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId]) -> set[StackId]:
    """A separator as a page: nobody brings back what only parts others. To take `drop` back, `restore`."""
    as_paper = "is_paper = is_paper or separator, separator = 0"
    return _set(conn, account, pages, f"dropped_at = ?, {as_paper}", None, only="dropped_at is not null")


def restore(conn: sqlite3.Connection, account: AccountId, were: Sequence[Page]) -> set[StackId]:
    """All that a person says about pages is as it was then. What is in a form by now stays there.

    What is read on a page that had not been read then is not undone.
    """
    changed = set()
    for one in were:
        said = {
            "id": one.id,
            "account": account,
            "cut": one.cut.value,
            "assigned": one.assigned,
            "is_paper": one.is_paper,
            "was_read": one.state is not PageState.WAITING,
            "separator": one.separator,
        }
        row = conn.execute(
            """update page set cut = :cut, assigned = :assigned, is_paper = :is_paper, dropped_at = null,
                separator = case when :was_read then :separator else separator end
            where id = :id and account = :account and filed is null returning stack""",
            said,
        ).fetchone()
        if row is not None:
            changed.add(StackId(row["stack"]))
    return changed


def read_again(conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId]) -> set[StackId]:
    """What was read stays until something else is."""
    return _set(conn, account, pages, "state = ?, code = ''", "waiting", only="filed is null and dropped_at is null")


def edit(conn: sqlite3.Connection, account: AccountId, page: PageId, edits: Edits, picture: PictureId | None) -> set[StackId]:
    """`picture`: what was made with these edits; None where there was none before either."""
    text = msgspec.json.encode(edits).decode()
    return _set(conn, account, [page], "edits = ?, picture_id = coalesce(?, picture_id)", text, picture, only="filed is null")


def _set(
    conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId], assigned: str, *values: str | int | None, only: str = "true"
) -> set[StackId]:
    changed = set()
    for page in pages:
        row = conn.execute(
            f"update page set {assigned} where id = ? and account = ? and {only} returning stack", (*values, page, account)
        ).fetchone()
        if row is not None:
            changed.add(StackId(row["stack"]))
    return changed


# Filing


def file(
    conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId], order_id: OrderId, now: datetime
) -> tuple[Draft, set[StackId], set[OrderId]]:
    """Puts the pages' pictures into the shipment's draft, behind those it has, and notes where they are.

    Returns the draft, the stacks, and all shipments whose drafts changed: a page that lay in another draft moves. What cannot be
    sent (separators, pages without a picture, dropped ones) is left where it is. Raises DeskError: not_here, in_report.
    """
    if conn.execute("select 1 from shipment where account = ? and order_id = ?", (account, order_id)).fetchone() is None:
        raise DeskError("not_here")
    here = {one.id: one for one in _some(conn, account, pages)}
    going = [one for id_ in dict.fromkeys(pages) if (one := here.get(id_)) and not one.separator and one.state is not PageState.DROPPED]
    fit = [(one, one.picture) for one in going if one.picture is not None and one.filed != order_id]
    stacks, orders = unfile(conn, account, [one.id for one, _ in fit], now)
    draft = drafts.load(conn, account, order_id) or Draft()
    there = {picture.id for picture in draft.pictures}
    new = {picture.id: picture for _, picture in fit if picture.id not in there}
    for one, _ in fit:
        conn.execute(
            "update page set filed = :order, filed_at = :now, assigned = :order where id = :id",
            {"order": order_id, "now": to_ms(now), "id": one.id},
        )
    if new:
        draft = msgspec.structs.replace(draft, pictures=(*draft.pictures, *new.values()))
        drafts.save(conn, account, order_id, draft, now)
    filing.put_separators_aside(conn, {one.stack for one, _ in fit})
    return draft, stacks | {one.stack for one, _ in fit}, orders | ({order_id} if fit else set())


def unfile(conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId], now: datetime) -> tuple[set[StackId], set[OrderId]]:
    """Takes what is filed out of the drafts, back into the tray. Raises DeskError("in_report") where a report has it.

    Where the same page of the same file, come in once more, lies in the same form, its picture stays for that one.
    """
    filed = [(one, one.filed, one.picture) for one in _some(conn, account, pages) if one.filed is not None and one.picture is not None]
    for one, order_id, picture in filed:
        conn.execute("update page set filed = null, filed_at = null where id = ?", (one.id,))
        origin = filing.origin_of(conn, picture.id)
        if origin is None or filing.is_filed(conn, account, order_id, origin):
            continue
        _take_out(conn, account, order_id, origin, now)
        if origin in filing.origins(conn, account, order_id):
            raise DeskError("in_report")
    return {one.stack for one, _, _ in filed}, {order_id for _, order_id, _ in filed}


def _some(conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId]) -> list[Page]:
    found = (page(conn, account, id_) for id_ in dict.fromkeys(pages))
    return [one for one in found if one is not None]


def _take_out(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, origin: filing.Origin, now: datetime) -> None:
    """Whatever was made of the page in the form goes with it. A form in which nothing is left is none."""
    draft = drafts.load(conn, account, order_id)
    if draft is None:
        return
    kept = tuple(one for one in draft.pictures if filing.origin_of(conn, one.id) != origin)
    left = msgspec.structs.replace(draft, pictures=kept)
    if left == Draft():
        drafts.discard(conn, account, order_id)
    else:
        drafts.save(conn, account, order_id, left, now)
