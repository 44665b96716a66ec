"""Every query of the loops and views finds its rows by an index: with 100,000 shipments a scan would be felt."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, enter, shipment, write
from zendera_desk.domain.feed import FeedPage, TimelineEvent
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.domain.tailing import FeedFilter, FeedUnreadable
from zendera_desk.domain.views import FeedScope, Sort, View
from zendera_desk.store import (
    acknowledgements,
    afresh,
    audits,
    board,
    calls,
    feed,
    feed_evidence,
    feed_rows,
    find,
    listing,
    outbox,
    outbox_view,
    retention,
    timeline,
    walks,
)
from zendera_desk.store.database import Connection

BIG = (
    "timeline_event",
    "entry",
    "shipment",
    "shipment_version",
    "parcel",
    "feed_change",
    "feed_broken",
    "attempt",
    "acknowledgement",
    "search_words",
    "c",
    "own",
    "e",
    "s",
    "f",
    "p",
    "older",
    "v",
)
OF_FEW_ROWS = (
    "shipment_watched",
    "shipment_to_accept",
    "shipment_to_report",
    "shipment_needs_me",
    "shipment_will_differ",
    "entry_looked_for",
    "entry_recognised",
    "entry_borne_out",
    "entry_audited",
    "entry_doubled",
)
ITSELF = "SCAN c"
"""The changes of a page, which are looked for: they stand in the statement."""
SOON = NOON + timedelta(minutes=5)


def everything(conn: Connection) -> None:
    """What the loops and the window ask for, all day long."""
    write(conn, outbox.end_holds, ACCOUNT, NOON)
    outbox.due(conn, ACCOUNT, NOON)
    outbox.waiting(conn, ACCOUNT)
    outbox.unclear_due(conn, ACCOUNT, NOON)
    outbox.sent_due(conn, ACCOUNT, NOON)
    outbox.next_question(conn, ACCOUNT)
    outbox.accepts(conn, ACCOUNT, State.SENT)
    outbox.recognised(conn, ACCOUNT)
    outbox.dates_of(conn, ACCOUNT, OrderId(1))
    outbox.counts(conn, ACCOUNT)
    audits.due(conn, ACCOUNT, NOON)
    audits.next_at(conn, ACCOUNT)
    audits.doubled(conn, ACCOUNT)
    write(conn, timeline.put, ACCOUNT, OrderId(1), [TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=False)], NOON)
    timeline.timeline(conn, ACCOUNT, OrderId(1))
    write(conn, outbox.hurry, ACCOUNT, NOON)
    write(conn, afresh.recover, NOON, NOON, NOON)
    write(conn, afresh.clock_jumped, NOON, NOON, timedelta(hours=1))
    outbox_view.history(conn, ACCOUNT, OrderId(1))
    write(conn, calls.add, ACCOUNT, NOON)
    write(conn, retention.note_closed, NOON)
    retention.entries_over(conn, retention.before(NOON, 90, 400))
    retention.shipments_over(conn, retention.before(NOON, 90, 400))
    retention.loose_over(conn, retention.before(NOON, 90, 400))
    calls.of_last_hour(conn, ACCOUNT, NOON)
    write(
        conn,
        walks.finish,
        ACCOUNT,
        {OrderId(1)},
        clean=True,
        began=SOON,
        settle=timedelta(0),
        now=SOON,
        nameless=[b'{"a": "' + b"x" * 200 + b'"}'],
    )
    for view in (View.TO_ACCEPT, View.TO_REPORT, View.NEEDS_ME, View.TODAY):
        listing.ids(conn, ACCOUNT, view, Sort.SEEN, True, NOON)
    listing.lines(conn, ACCOUNT, [OrderId(1)])
    listing.original(conn, ACCOUNT, OrderId(1))
    feed_rows.rows(conn, ACCOUNT, FeedFilter(scope=FeedScope.ORDER, order_id=OrderId(1)))
    feed_rows.rows(conn, ACCOUNT, FeedFilter(text="P-7"))
    feed_rows.count(conn, ACCOUNT, FeedFilter(), 0)
    feed_rows.lines(conn, ACCOUNT, [1])
    feed_rows.newest(conn)
    feed_rows.marks(conn, ACCOUNT)
    feed_rows.unreadable(conn, ACCOUNT, FeedUnreadable(at=NOON, until=NOON, count=1, begins=""))
    feed_rows.original(conn, ACCOUNT, 1)
    board.read(conn, ACCOUNT, OrderId(1), ())
    change = told(NOON, product_id=7, product_number="P-7")
    by_number = change._replace(product_id=None)
    write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=(change, by_number)), NOON)
    write(conn, feed_evidence.confirm_order, ACCOUNT, OrderId(1))
    write(conn, feed.match, ACCOUNT, OrderId(1))
    write(conn, feed.find_anew, [1])
    feed.cursor(conn, ACCOUNT)
    write(conn, feed.restart, ACCOUNT, NOON, NOON)
    write(conn, board.settle, ACCOUNT)
    shown, until = board.read(conn, ACCOUNT, OrderId(1), (Parcel(internal_number="P-8", barcode="370"),))
    write(conn, acknowledgements.acknowledge, ACCOUNT, OrderId(1), StopKind.DELIVERY, shown, until, NOON)
    write(conn, acknowledgements.undo, ACCOUNT, OrderId(1), StopKind.DELIVERY, NOON)
    for text in ("nordmann", "91334455", "P-1"):
        find.find(conn, ACCOUNT, View.TO_REPORT, text, NOON)
        find.find(conn, ACCOUNT, View.ALL, text, NOON, only_here=True)
    write(conn, find.remember, "nordmann", 1)


def reads_everything(detail: str) -> bool:
    """A table from end to end, or all of an account's rows, which is the same; an index of few rows has no others. No product's id is
    greater than another: what is searched by that has any id at all.
    """
    verb, table, *how = f"{detail} ".split(" ")
    if detail == ITSELF:
        return False
    if table not in BIG or any(name in how for name in OF_FEW_ROWS):
        return False
    return (verb == "SCAN" and "INDEX" not in how) or (verb == "SEARCH" and detail.endswith(("(account=?)", "product_id>?)")))


class _Listening:
    """A connection that remembers what it was asked, as it was asked: SQLite's own trace has the values in the place of their marks, and
    of `barcode = 'A'` it can tell, as it cannot of `barcode = ?`, that an index of those that have one will do."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.asked: list[tuple[str, Sequence[object] | dict[str, object]]] = []

    def execute(self, statement: str, values: Sequence[object] | dict[str, object] = ()) -> object:
        self.asked.append((statement, values))
        return self._conn.execute(statement, values)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> object:
        rows = list(rows)
        self.asked += [(statement, values) for values in rows[:1]]
        return self._conn.executemany(statement, rows)

    def __getattr__(self, name: str) -> object:
        return getattr(self._conn, name)


def test_no_query_of_the_day_scans_a_table(conn: Connection) -> None:
    arrive(conn, *(shipment(number, parcels=[Parcel(product_id=number, internal_number=f"P-{number}")]) for number in range(1, 4)))
    for number, kind in ((1, Kind.ACCEPT), (1, Kind.REPORT), (2, Kind.FAIL)):
        enter(conn, number, kind)
    listening = _Listening(conn)
    everything(cast("Connection", listening))
    scans = {}
    for statement, values in listening.asked:
        if statement.lstrip().split(" ", 1)[0].lower() not in {"select", "update", "delete", "with"}:
            continue
        plan = [row["detail"] for row in conn.execute(f"explain query plan {statement}", values)]
        if found := [detail for detail in plan if reads_everything(detail)]:
            scans[statement] = found
    assert not scans


@pytest.mark.parametrize("moment", [NOON])
def test_the_outbox_view_reads_no_more_than_the_open_entries_and_the_newest_closed(
    conn: Connection, moment: datetime, tmp_path: Path
) -> None:
    arrive(conn, shipment(1))
    enter(conn, 1, now=moment)
    asked: list[str] = []
    conn.set_trace_callback(asked.append)
    outbox_view.lines(conn, ACCOUNT, 200)
    conn.set_trace_callback(None)
    *of_some, of_closed_ones = asked
    assert len(of_some) == 3, "the open ones, those shown twice, and those not shown"
    for statement in of_some:
        plan = [row["detail"] for row in conn.execute(f"explain query plan {statement}")]
        assert any("e USING INDEX entry_" in detail for detail in plan), (plan, tmp_path)
    assert "limit 200" in of_closed_ones
