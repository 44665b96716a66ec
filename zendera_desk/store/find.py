"""What a search shows, best first: over all shipments, whichever view is open, and with a limit that makes it as quick with a million.

A number that is just what was typed comes first, then what stands in the present view, then what else is open, then the rest. Within
each, whole words come before beginnings, and newer shipments before older ones. The index gives the newest first: it is read as far
down as there may be something better, and no further.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from zendera_desk.domain import finding
from zendera_desk.domain.ids import INT64_MAX, AccountId
from zendera_desk.domain.spelling import normal
from zendera_desk.domain.views import IdsPage, View
from zendera_desk.store import listing, numbers, search
from zendera_desk.store.shipments import chunks

MOST: Final = 300
"""Nobody reads more: they type another letter."""
_OPEN: Final = 20_000
"""Shipments of a view that are told from the others. Where there are more, only the newest are."""
_LOOKED_AT: Final = 30_000
"""Matches that are looked at for a better one: ten milliseconds."""


def find(
    conn: sqlite3.Connection, account: AccountId, view: View, text: str, today: datetime, *, only_here: bool = False, most: int = MOST
) -> IdsPage:
    """`only_here`: nothing that is not in the view."""
    here = frozenset(() if view is View.ALL else listing.newest_rows(conn, account, view, today, _OPEN))
    still_open = frozenset(
        row for each in (View.TO_ACCEPT, View.TO_REPORT, View.NEEDS_ME) for row in listing.newest_rows(conn, account, each, today, _OPEN)
    )
    lowest = min(here | still_open, default=INT64_MAX)
    ranks: tuple[list[int], list[int], list[int]] = ([], [], [])
    matches = search.matches(conn, account, text)
    more = False
    for row in islice(matches, _LOOKED_AT):
        rank = ranks[0 if row in here else 1 if row in still_open else 2]
        if only_here and rank is not ranks[0] and view is not View.ALL:
            if row < lowest:
                break
        elif len(rank) < most:
            rank.append(row)
        else:
            more = True
            if row < lowest:
                break
    else:
        more = more or next(matches, None) is not None
    every = [row for rank in ranks for row in _whole_words_first(conn, rank, text)]
    orders = _orders(conn, account, every[:most])
    exact = exact_orders(conn, account, text)
    ids = list(dict.fromkeys([*(order for order in exact if not only_here or order in orders), *orders]))[:most]
    in_view = len(ids) if only_here or view is View.ALL else min(len(ranks[0]), most)
    return IdsPage(ids=array("q", ids), count=len(ids), here=in_view, more=more or len(every) > most)


def recent(conn: sqlite3.Connection, most: int = 8) -> list[str]:
    """What was looked for last, the newest first."""
    return [row[0] for row in conn.execute("select text from recent_search order by at desc limit ?", (most,))]


def remember(conn: sqlite3.Connection, text: str, now: int) -> None:
    """A search that led somewhere. One that only began what is looked for now was on the way to it."""
    for known in recent(conn, _REMEMBERED):
        if text.casefold().startswith(known.casefold()):
            conn.execute("delete from recent_search where text = ?", (known,))
    conn.execute("insert into recent_search (text, at) values (?, ?) on conflict (text) do update set at = excluded.at", (text, now))
    conn.execute("delete from recent_search where id not in (select id from recent_search order by at desc limit ?)", (_REMEMBERED,))


_REMEMBERED: Final = 20
_COMPARED: Final = 200


def exact_orders(conn: sqlite3.Connection, account: AccountId, text: str) -> list[int]:
    """The shipments of which this is a number, whole."""
    number = normal(text)
    if not number:
        return []
    return [int(order) for order in numbers.find(conn, account, [number]).get(number, [])]


def _whole_words_first(conn: sqlite3.Connection, rows: Sequence[int], text: str) -> list[int]:
    """Of the newest few hundred."""
    words = [f" {word} " for spellings in finding.spellings(text) for word in spellings]
    missed: dict[int, int] = {}
    for part in chunks(rows[:_COMPARED]):
        for row, stored in search.words(conn, part).items():
            padded = f" {stored} "
            missed[row] = sum(word not in padded for word in words)
    return [*sorted(rows[:_COMPARED], key=lambda row: missed.get(row, 0)), *rows[_COMPARED:]]


def _orders(conn: sqlite3.Connection, account: AccountId, rows: Iterable[int]) -> list[int]:
    """Their order ids, in the same order."""
    wanted = list(rows)
    found: dict[int, int] = {}
    for part in chunks(wanted):
        marks = ", ".join("?" * len(part))
        # By their ids: SQLite would rather go through the account's all.
        rows_of_it = conn.execute(f"select id, order_id from shipment not indexed where account = ? and id in ({marks})", (account, *part))
        found.update(map(tuple, rows_of_it))
    return [found[row] for row in wanted if row in found]
