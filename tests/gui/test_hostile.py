"""What a hostile Zendera could send, in the real window: nothing fails, nothing stops it, and all of it is plain text.

The rows are those that the proof feeds to the client (tests/prove/hostile_values.py), stored as the program stores them.
"""

import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from prove.hostile_values import Rows
from support.day import HandClock
from zendera_desk.api import wire
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.views import View
from zendera_desk.gui.shipment.panel import TABS
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.watchdog import Watchdog
from zendera_desk.gui.window import Window
from zendera_desk.settings import Settings
from zendera_desk.store import feed, shipments

ROWS = 150
HUGE = b'"' + b"m" * 1_000_000 + b'"'
STALL = 4
"""Times what the same machine takes to build the pages (40 to 150 ms). A label of a megabyte takes six times that."""
PLAIN = OrderId(4243)
"""A shipment of few words, for which they are built."""

Until = Callable[[Callable[[], object]], Awaitable[None]]


def _put(conn: sqlite3.Connection, account: AccountId, now: datetime) -> None:
    rows = Rows(random.Random(7))
    huge = b'{"orderId": 4242, "reference": %s, "carrierService": %s, "delivery": {"name": %s, "instructions": %s}, "x": %s}'
    originals = [huge % ((HUGE,) * 5), b'{"orderId": %d, "reference": "PO-1"}' % PLAIN, *(rows.shipment().original for _ in range(ROWS))]
    page = wire.read_export(b'{"shipments": [' + b",".join(originals) + b"]}")
    latest = {row.shipment.order_id: shipments.Arrived(exported=row) for row in page.rows}
    shipments.put(conn, account, list(latest.values()), now)
    shipments.set_aside(conn, account, page.broken, now)
    feed.start(conn, account, now)
    huge = b'{"timestamp": 1718100456000, "orderProductInternalNumber": %s, "productStatusAtLocation": %s}' % (HUGE, HUGE)
    changes = b",".join([huge, *(rows.change().original for _ in range(ROWS))])
    feed.put_page(conn, account, wire.read_feed(b'{"changes": [' + changes + b'], "nextPage": {"paginationToken": "\\ud800<b>"}}'), now)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = HandClock()
    zone, keys = ZoneInfo("Europe/Oslo"), Keys(find=lambda: ())
    opened = await Desk.open(tmp_path, Settings(made_by="Kari", desk="front"), zone=zone, keys=keys, clock=clock, by_hand=True)
    await opened.open_passing_account("Nordlys", "https://zendera.invalid/api/", "key")
    assert opened.account is not None
    await opened._database.write(_put, opened.account.id, clock.now())
    yield opened
    await opened.close()


@pytest.fixture
async def window(desk: Desk, show: Callable[[Window], Window], spawn: Spawn) -> AsyncIterator[Window]:
    made = Window(desk, spawn, lambda _settings: None, lambda: None)
    show(made)
    made.show_account()
    await made.build_the_rest()
    yield made
    await made.let_go()


async def test_hostile_shipments_are_shown_as_plain_text_and_without_a_stall(window: Window, desk: Desk, until: Until) -> None:
    window.shipments.set_view(View.ALL)
    ids = await desk.shipment_ids(View.ALL)
    assert len(ids) > ROWS / 2
    assert OrderId(4242) in ids
    await until(lambda: window.shipments.model.rowCount() == len(ids))
    await until(lambda: window.feed._model.rowCount() > ROWS / 4)
    watchdog = Watchdog(window, timedelta(seconds=10))  # it logs what is longer, and here only the shortest of three counts
    watchdog.start()
    try:
        built = await _longest(window, watchdog, PLAIN, until)
        for order_id in ids:
            stalls = [await _longest(window, watchdog, order_id, until)]
            while stalls[-1] > STALL * built and len(stalls) < 3:  # the machine has others to serve
                window.shipment.open(None)
                stalls.append(await _longest(window, watchdog, order_id, until))
            assert min(stalls) <= STALL * built, f"order {order_id} takes {min(stalls)}, building takes {built}"
            assert _rich(window) == []
    finally:
        watchdog.stop()


async def _longest(window: Window, watchdog: Watchdog, order_id: OrderId, until: Until) -> timedelta:
    """Opens the shipment on each of its pages; how long the window did not get to anything else meanwhile."""
    watchdog.excuse()
    watchdog.reset()
    for name in TABS:
        window.show_shipment(order_id)
        window.shipment.show_tab(name)
        await until(lambda: window.shipment._shown is not None and window.shipment._shown.line.order_id == order_id)
        window.shipment.grab()
    looked = monotonic()
    await until(lambda: watchdog._beat_at > looked)
    return watchdog.longest


def _rich(window: Window) -> list[str]:
    """Labels that would guess."""
    labels = window.findChildren(QLabel)
    return [label.text() for label in labels if label.textFormat() != Qt.TextFormat.PlainText and label.text()]
