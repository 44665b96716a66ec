"""Catching up with a million changes of the feed, over HTTP, in the real window on a store of 100,000 shipments.

The clock runs from the first look at the feed until the desk says that it is up to date: each change is stored once and has its shipment,
and the cursor stands behind it. The floor is what no desk could leave away: msgspec decoding the same pages into plain structures, and
SQLite inserting the same columns into a table without any index, as durable as ours, page by page; without HTTP, without a window: one
half before, the other after, because a shared machine is not equally fast from one moment to the next.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import shutil
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, Final, NamedTuple

from zendera_desk.gui import qtload

qtload.load_qt()

import msgspec  # noqa: E402 (Qt first, as the program loads it)
from PySide6.QtWidgets import QApplication  # noqa: E402

from bench import longfeed, stored  # noqa: E402
from bench.beats import Beats  # noqa: E402
from bench.figure import Figure  # noqa: E402
from bench.witness import Witness  # noqa: E402
from zendera_desk.app import Session, Start  # noqa: E402
from zendera_desk.credentials import Keys  # noqa: E402
from zendera_desk.gui import loop, painted, style  # noqa: E402
from zendera_desk.store import database  # noqa: E402

PATIENCE: Final = 900.0


class _Row(msgspec.Struct, rename="camel"):
    timestamp: str
    order_product_id: str
    order_product_internal_number: str
    order_location_id: str
    order_location_internal_number: str
    location_type: str
    product_status_at_location: str


class _Page(msgspec.Struct):
    changes: list[_Row]


def floor(feed: longfeed.LongFeed, changes: range, page: int) -> float:
    """Seconds."""
    decoder, took = msgspec.json.Decoder(_Page), 0.0
    with tempfile.TemporaryDirectory() as place, contextlib.closing(sqlite3.connect(Path(place) / "bare", isolation_level=None)) as conn:
        conn.execute("pragma journal_mode = wal")
        conn.execute("pragma synchronous = full")
        conn.execute(
            """create table bare (id integer primary key, account text, at integer, product_id integer, product_number text,
            location_id integer, location_number text, stop text, status text, status_word text, original blob, received_at integer,
            order_id integer)"""
        )
        for start in changes[::page]:
            made = feed.changes(start, page)
            body, originals = msgspec.json.encode({"changes": made}), [msgspec.json.encode(change) for change in made]
            began = perf_counter()
            _insert(conn, decoder.decode(body).changes, originals)
            took += perf_counter() - began
    return took


def _insert(conn: sqlite3.Connection, rows: list[_Row], originals: list[bytes]) -> None:
    conn.execute("begin immediate")
    conn.executemany(
        "insert into bare values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                stored.ACCOUNT,
                int(row.timestamp),
                row.order_product_id,
                row.order_product_internal_number,
                row.order_location_id,
                row.order_location_internal_number,
                row.location_type,
                row.product_status_at_location,
                row.product_status_at_location,
                original,
                1,
                2,
            )
            for row, original in zip(rows, originals, strict=True)
        ],
    )
    conn.execute("commit")


class Caught(NamedTuple):
    seconds: float
    settled: float
    """Until every colli board was looked at, too."""
    late: list[float]
    idle: float
    """The 99th percentile of how late the window was before, seconds."""
    machine: float
    """By how many seconds one of the processes beside it was late at most, meanwhile."""
    own: float
    """The longest stall, without the time for which one of them was late, too."""


async def _caught(folder: Path, changes: int, *, where: bool) -> Caught:
    gc.disable()  # as cli.py does; Session.get_going turns it on again
    session = await Session.open(folder, Start(folder=folder, scheme="light"), Keys(find=lambda: ()))
    try:
        desk = session.desk
        await desk.open_account((await desk.accounts())[0], longfeed.KEY)
        session.window.show_account()
        await painted.first_paint(session.window)
        beats, idle = Beats(session.window, where=where), Beats(session.window)
        with Witness() as witness:
            with idle.watching():
                await asyncio.sleep(3)
            await session.get_going()
            with beats.watching():
                began = perf_counter()
                async with asyncio.timeout(PATIENCE):
                    while (cursor := await desk.watch.cursor()).up_to_date_at is None or cursor.catching_up:  # noqa: ASYNC110 (as a person)
                        await asyncio.sleep(0.1)
                    took = perf_counter() - began
                    while await desk._database.read(_boards_due):  # noqa: ASYNC110 (as a person looks)
                        await asyncio.sleep(0.1)
                    settled = perf_counter() - began
        if where:
            sys.stderr.write("\n".join(stall.told() for stall in sorted(beats.stalls, reverse=True)[:40]) + "\n")
        stored_changes = await desk._database.read(_count)
        if stored_changes != changes:
            raise SystemExit(f"{stored_changes} changes are stored instead of {changes}")
        ends = [beats.began + stall.at for stall in beats.stalls]
        own = [stall.seconds - witness.held_up(end - stall.seconds, end) for stall, end in zip(beats.stalls, ends, strict=True)]
        return Caught(took, settled, beats.late, _most(idle.late), witness.longest(began), max(own, default=max(beats.late)))
    finally:
        await session.close()


def _boards_due(conn: sqlite3.Connection) -> bool:
    return conn.execute("select 1 from board_due where account = ? limit 1", (stored.ACCOUNT,)).fetchone() is not None


def _count(conn: sqlite3.Connection) -> int:
    return int(conn.execute("select count(*) from feed_change").fetchone()[0])


def figures(folder: Path, shipments: int, changes: int, page: int, *, where: bool = False) -> Iterator[Figure]:
    """`folder`: a store of so many shipments without any changes. It is copied."""
    feed, all_of_it = longfeed.LongFeed(shipments, changes), range(changes)
    half = changes // page // 2 * page
    least = floor(feed, all_of_it[:half], page)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    style.apply(app, style.NAMED["light"])
    with tempfile.TemporaryDirectory() as place, longfeed.zendera(shipments, changes, page) as base_url:
        copy = Path(place) / "data"
        shutil.copytree(folder, copy)
        with contextlib.closing(database.open_writer(copy / database.FILE_NAME)) as conn:
            conn.execute("update account set base_url = ?", (base_url,))
        caught = loop.run(app, _caught(copy, changes, where=where))
    bare = changes / (least + floor(feed, all_of_it[half:], page))
    told = f"of {changes:,} changes in pages of {page:,}, {shipments:,} shipments stored"
    yield Figure(f"catch-up {told}, changes a second", changes / caught.seconds, bare, 0.4, least=True)
    yield Figure("longest stall of the interface meanwhile, ms", max(caught.late) * 1000, caught.machine * 1000, 50, "value")
    yield Figure("the same, without the time for which a process beside it was late, too, ms", caught.own * 1000, 0, 50, "value")
    yield Figure("stall meanwhile, 99th percentile, ms", _most(caught.late) * 1000, caught.idle * 1000, 16, "value")
    yield Figure("until every colli board was looked at, too, changes a second", changes / caught.settled, bare, 0.4, least=True)


def _most(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[-1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--folder", type=Path, required=True, help="made by stored.py, with --changes 0")
    options.add_argument("--shipments", type=int, default=100_000)
    options.add_argument("--changes", type=int, default=1_000_000)
    options.add_argument("--page", type=int, default=1_000)
    options.add_argument("--where", action="store_true", help="tell what the interface was at when it stood still")
    chosen: Any = options.parse_args()
    for figure in figures(chosen.folder, chosen.shipments, chosen.changes, chosen.page, where=chosen.where):
        print(json.dumps(figure.line()), flush=True)


if __name__ == "__main__":
    main()
