"""What a view of one's own shows, and how many shipments it has.

Of conditions that a person puts together there is no index and no tally, so that everything here has an end: the rows come through
the index that the narrowest condition has, and of more than five thousand only the newest are shown, and counted as "more than". They
lie side by side in the file; the first by name would lie all over it, and take half a minute of a million. A view that says nothing
beyond a fixed one is that one, however long it is.
"""

import sqlite3
from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from zendera_desk.domain.destinations import Destinations, destinations
from zendera_desk.domain.ids import INT64_MAX, AccountId
from zendera_desk.domain.views import Due, Filter, IdsPage, Length, Sort, View
from zendera_desk.store import find, listing, search
from zendera_desk.store.database import json_list, to_ms
from zendera_desk.store.listing import OF_SORT, OF_VIEW, SORTS, VIEWS

MOST: Final = 5_000
"""Shipments that such a view shows."""
_LOOKED_AT: Final = 30_000
"""What words find, the newest first."""
_OPEN: Final = 100_000
"""Shipments of a fixed view among which words are looked for."""
_LONGEST: Final = timedelta(days=14)
"""A window that began before that is over."""
_DAYS: Final = {Due.TODAY: (0, 1), Due.TOMORROW: (1, 2), Due.WEEK: (0, 7)}
_BEGINS: Final = SORTS[Sort.WINDOW][0]
_ENDS: Final = "coalesce(s.latest, s.earliest, 0)"
_COD: Final = SORTS[Sort.COD][0]

_Place = tuple[int | float | str, ...] | None
_Values = dict[str, object]


def page(
    conn: sqlite3.Connection, account: AccountId, wanted: Filter, sort: Sort, descending: bool, today: datetime, after: _Place = None
) -> IdsPage:
    """All of it at once; of one that says no more than a fixed view the part after `after`."""
    if is_plain(wanted):
        return listing.page(conn, account, wanted.view, sort, descending, today, after)
    if wanted.words:
        return _worded(conn, account, wanted, sort, descending, today)
    condition, values = _condition(account, wanted, today)
    more = count(conn, account, wanted, today).more
    index = _newest(wanted.view) if more else _index(wanted)
    cut = f"order by s.seen_at desc, s.order_id desc limit {MOST}" if more else ""
    way = "desc" if descending else "asc"
    keys = (*SORTS[sort], "s.order_id")
    ids = listing.packed(
        conn,
        f"""select order_id from (
            select s.order_id, {", ".join(f"{key} key{place}" for place, key in enumerate(keys))}
            from shipment s indexed by {index} where {condition} {cut})
        order by {", ".join(f"key{place} {way}" for place in range(len(keys)))}""",
        values,
    )
    return IdsPage(ids=ids, count=len(ids), more=more)


def count(conn: sqlite3.Connection, account: AccountId, wanted: Filter, today: datetime) -> Length:
    if is_plain(wanted):
        return Length(listing.count(conn, account, wanted.view, today), more=False)
    if wanted.words:
        found = _worded(conn, account, wanted, Sort.SEEN, True, today)
        return Length(found.count, found.more)
    condition, values = _condition(account, wanted, today)
    rows = conn.execute(
        f"select count(*) from (select 1 from shipment s indexed by {_index(wanted)} where {condition} limit {MOST + 1})", values
    )
    number = int(rows.fetchone()[0])
    return Length(min(number, MOST), more=number > MOST)


def search_in(conn: sqlite3.Connection, account: AccountId, wanted: Filter, text: str, today: datetime) -> IdsPage:
    """What Find finds, over all shipments, while this view is shown: a number that is just that, the view's, the rest."""
    found = find.find(conn, account, wanted.view, text, today)
    both = found if not wanted.words else find.find(conn, account, wanted.view, f"{wanted.words} {text}", today, only_here=True)
    here = _among(conn, account, both.ids, wanted, today)
    exact = [order for order in find.exact_orders(conn, account, text) if order in found.ids]
    ids = list(dict.fromkeys([*exact, *here, *found.ids]))[: find.MOST]
    return IdsPage(ids=array("q", ids), count=len(ids), here=len(here), more=found.more)


def services(conn: sqlite3.Connection, account: AccountId, most: int = 200) -> list[str]:
    """The names of the carrier's services, each by one look into the index."""
    found: list[str] = []
    last = ""
    following = "select min(service) from shipment indexed by shipment_service where account = ? and service > ?"
    while len(found) < most and (name := conn.execute(following, (account, last)).fetchone()[0]) is not None:
        found.append(name)
        last = name
    return found


def is_plain(wanted: Filter) -> bool:
    """It says nothing beyond its fixed view."""
    return wanted == Filter(view=wanted.view)


def _worded(conn: sqlite3.Connection, account: AccountId, wanted: Filter, sort: Sort, descending: bool, today: datetime) -> IdsPage:
    rows, more = _matches(conn, account, wanted, today)
    condition, values = _condition(account, wanted, today)
    way = "desc" if descending else "asc"
    newest = f"""select s.* from json_each(:rows) j cross join shipment s not indexed on s.id = j.value
        where {condition} order by s.id desc limit {MOST}"""
    ids = listing.packed(
        conn,
        f"select s.order_id from ({newest}) s order by {', '.join(f'{key} {way}' for key in (*SORTS[sort], 's.order_id'))}",
        {**values, "rows": json_list(rows)},
    )
    return IdsPage(ids=ids, count=len(ids), more=more or len(ids) == MOST)


def _matches(conn: sqlite3.Connection, account: AccountId, wanted: Filter, today: datetime) -> tuple[list[int], bool]:
    """The rows (`shipment.id`) that its words find, and whether there are older ones. Of what is open all of them."""
    if wanted.view is View.ALL:
        found = list(islice(search.matches(conn, account, wanted.words), _LOOKED_AT + 1))
        return found[:_LOOKED_AT], len(found) > _LOOKED_AT
    here = frozenset(listing.newest_rows(conn, account, wanted.view, today, _OPEN))
    above = min(here, default=INT64_MAX) - 1
    return [row for row in search.matches(conn, account, wanted.words, above=above) if row in here], len(here) == _OPEN


def _among(conn: sqlite3.Connection, account: AccountId, orders: Sequence[int], wanted: Filter, today: datetime) -> list[int]:
    """Those of these few that the conditions hold for, in their order; of the words they know nothing."""
    condition, values = _condition(account, wanted, today)
    rows = conn.execute(
        f"""select s.order_id from json_each(:orders) j cross join shipment s on s.account = :account and s.order_id = j.value
        where {condition} order by j.key""",
        {**values, "orders": json_list(orders)},
    )
    return [row[0] for row in rows]


def _newest(view: View) -> str:
    """The index in whose order the newest of them come first."""
    return OF_SORT[Sort.SEEN] if view in {View.ALL, View.TODAY} else OF_VIEW[view]


def _index(wanted: Filter) -> str:
    """That of the narrowest condition, as far as can be told without counting."""
    if wanted.view is not View.ALL:
        return OF_VIEW[wanted.view]
    where = destinations(wanted.place)
    asked = (
        (wanted.due in _DAYS, Sort.WINDOW),
        (bool(where.codes) and not where.cities, Sort.TO),
        (bool(wanted.service), Sort.SERVICE),
        (bool(wanted.cod), Sort.COD),
        (wanted.phase is not None, Sort.STATE),
        (bool(where.cities), Sort.TO),
        (wanted.due is Due.LATE, Sort.WINDOW),
    )
    return next((OF_SORT[sort] for does, sort in asked if does), OF_SORT[Sort.COD])


def _condition(account: AccountId, wanted: Filter, today: datetime) -> tuple[str, _Values]:
    parts = ["s.account = :account", VIEWS[wanted.view]]
    values: _Values = {"account": account, "today": to_ms(today)}
    if wanted.phase is not None:
        parts.append("s.phase = :phase")
        values["phase"] = wanted.phase.value
    if wanted.service:
        parts.append("s.service = :service")
        values["service"] = wanted.service
    if wanted.cod is not None:
        parts.append(f"{_COD} > 0" if wanted.cod else f"{_COD} <= 0")
    if wanted.due is not None:
        parts.append(_due(wanted.due, today, values))
    if wanted.place.strip():
        parts.append(_there(destinations(wanted.place), values))
    return " and ".join(parts), values


def _due(due: Due, today: datetime, values: _Values) -> str:
    if due is Due.LATE:
        return f"{_BEGINS} > 0 and {_BEGINS} < :today and {_ENDS} < :today"
    first, last = (today + timedelta(days=days) for days in _DAYS[due])
    values |= {"begun": to_ms(first - _LONGEST), "first": to_ms(first), "last": to_ms(last)}
    return f"{_BEGINS} >= :begun and {_BEGINS} < :last and {_ENDS} >= :first"


def _there(where: Destinations, values: _Values) -> str:
    ways = []
    for place, codes in enumerate(where.codes):
        values |= {f"code{place}": codes.first, f"beyond{place}": codes.beyond}
        within = f"s.delivery_postal_code >= :code{place} and s.delivery_postal_code < :beyond{place}"
        ways.append(f"({within} and instr(s.delivery_postal_code, ' ') {'>' if codes.blank else '='} 0)")
    for place, city in enumerate(where.cities):
        values[f"city{place}"] = city
    if where.cities:
        ways.append(f"s.delivery_city in ({', '.join(f':city{place}' for place in range(len(where.cities)))})")
    return f"({' or '.join(ways) or '0'})"
