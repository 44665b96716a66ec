"""A store of years: a data folder with as many shipments and feed changes as a desk may ever have.

Through the program's own functions a million shipments take half an hour. So the rows are made by the same functions (`finding`,
`numbers_of`, `shipments.columns`), but written table by table, without the indexes and rules, which are made afterwards. What each is
made of repeats after `POOL` shipments, with numbers of its own; `test_stored.py` compares the rows with those of the real way.

Of the shipments the newest 300 wait to be accepted, the next 2,000 to be reported; all others were accepted and delivered, and are gone
from the export. Each has ten changes of the feed, the oldest first.
"""

import argparse
import contextlib
import hashlib
import itertools
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from zendera_desk.api.shipments import read_shipment
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.numbers import numbers_of
from zendera_desk.domain.shipment import Exported, Parcel, Shipment
from zendera_desk.domain.views import Account
from zendera_desk.simulator.orders import Drawing
from zendera_desk.store import accounts, database, search, shipments
from zendera_desk.store.database import to_ms

ACCOUNT: Final = AccountId("nordlys")
NOW: Final = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
POOL: Final = 5_000
PRODUCTS: Final = 10_000_000
"""Between the product ids of two turns of the pool."""
TO_ACCEPT: Final = 300
TO_REPORT: Final = 2_000
_PER_DAY: Final = 1_000
_TABLES: Final = ("shipment", "shipment_version", "parcel", "shipment_number", "search_words", "entry", "feed_change")
_STEP: Final = 20_000
STAGES: Final = (("PICKUP", "PENDING"), ("PICKUP", "COMPLETED"), ("DELIVERY", "PENDING"), ("DELIVERY", "COMPLETED"))


class Drawn(NamedTuple):
    shipment: Shipment
    original: bytes


def drawn(count: int, seed: int = 5) -> Iterator[Drawn]:
    """So many shipments, each with numbers of its own."""
    drawing = Drawing(seed)
    pool: list[Drawn] = []
    for _ in range(min(POOL, count)):
        original = msgspec.json.encode(drawing.draw(NOW).shipment)
        pool.append(Drawn(read_shipment(original), original))
        yield pool[-1]
    for number in range(POOL, count):
        yield _another(pool[number % POOL], number)


def _another(model: Drawn, number: int) -> Drawn:
    shipment, turn = model.shipment, number // POOL
    changed = [(str(shipment.order_id), str(shipment.order_id + turn * POOL))]
    changed.append((shipment.order_number, f"{shipment.order_number}-{turn}"))
    parcels = []
    for parcel in shipment.parcels:
        new = _another_parcel(parcel, turn)
        changed += [
            (parcel.barcode, new.barcode),
            (parcel.internal_number, new.internal_number),
            (str(parcel.product_id), str(new.product_id)),
        ]
        parcels.append(new)
    original = model.original
    for old, now in changed:
        original = original.replace(f'"{old}"'.encode(), f'"{now}"'.encode()).replace(f":{old},".encode(), f":{now},".encode())
    same = msgspec.structs.replace(
        shipment, order_id=OrderId(shipment.order_id + turn * POOL), order_number=changed[1][1], parcels=tuple(parcels)
    )
    return Drawn(same, original)


def _another_parcel(parcel: Parcel, turn: int) -> Parcel:
    return msgspec.structs.replace(
        parcel,
        product_id=(parcel.product_id or 0) + turn * PRODUCTS,
        internal_number=f"{parcel.internal_number}-{turn}",
        barcode=f"{int(parcel.barcode or 0) + turn * 100_000_000_000:018d}",
    )


def make(folder: Path, count: int, changes: int, say: bool = False) -> None:
    with contextlib.closing(database.open_writer(folder / database.FILE_NAME)) as conn:
        with database.transaction(conn):
            accounts.save(conn, Account(id=ACCOUNT, name="Nordlys", base_url="https://example.com/api/"), NOW)
        conn.execute("pragma foreign_keys = off")
        conn.execute("pragma synchronous = off")
        conn.execute("pragma wal_autocheckpoint = 20000")
        conn.execute("pragma cache_size = -400000")
        with _bare(conn):
            _in_steps(conn, _rows(count), _put, say)
            _in_steps(conn, itertools.islice(_changes(count), changes), _put_changes, say)
        with database.transaction(conn):
            _tally(conn)
        with database.transaction(conn):
            search.fill(conn)
        conn.execute("insert into search_index (search_index) values ('optimize')")
        conn.execute("pragma wal_checkpoint(truncate)")


@contextlib.contextmanager
def _bare(conn: sqlite3.Connection) -> Iterator[None]:
    """Without indexes and rules on the tables that are filled."""
    marks = ", ".join("?" * len(_TABLES))
    made = conn.execute(
        f"select type, name, sql from sqlite_master where tbl_name in ({marks}) and type in ('index', 'trigger') and sql is not null",  # noqa: S608
        _TABLES,
    ).fetchall()
    for row in made:
        conn.execute(f"drop {row['type']} {row['name']}")
    yield
    for row in sorted(made, key=lambda row: str(row["type"])):
        conn.execute(row["sql"])


def _in_steps(conn, rows, put, say):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 (rows of any kind)
    began, done = time.monotonic(), 0
    while part := list(itertools.islice(rows, _STEP)):
        with database.transaction(conn):
            put(conn, part)
        done += len(part)
        if say:
            print(f"{put.__name__} {done} {time.monotonic() - began:.0f} s", file=sys.stderr)


class _Numbered(NamedTuple):
    number: int
    drawn: Drawn
    age: int
    """How many came after it."""


def _rows(count: int) -> Iterator[_Numbered]:
    return (_Numbered(number, each, count - number) for number, each in enumerate(drawn(count), start=1))


def _seen(age: int) -> int:
    return to_ms(NOW - timedelta(days=1) * (age / _PER_DAY))


def _put(conn: sqlite3.Connection, part: list[_Numbered]) -> None:
    rows = [_listed(each) for each in part]
    names = list(rows[0])
    conn.executemany(f"insert into shipment ({', '.join(names)}) values ({', '.join(f':{name}' for name in names)})", rows)  # noqa: S608
    conn.executemany(
        "insert into shipment_version values (?, ?, 1, ?, ?, '[]')",
        [(ACCOUNT, each.drawn.shipment.order_id, _seen(each.age), each.drawn.original) for each in part],
    )
    conn.executemany(
        """insert into parcel (account, order_id, place, product_id, internal_number, barcode, name, quantity)
        values (?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (
                *(ACCOUNT, each.drawn.shipment.order_id, place, parcel.product_id),
                *(parcel.internal_number, parcel.barcode, parcel.name, parcel.quantity),
            )
            for each in part
            for place, parcel in enumerate(each.drawn.shipment.parcels)
        ],
    )
    conn.executemany(
        "insert into shipment_number values (?, ?, ?)",
        [(ACCOUNT, number, each.drawn.shipment.order_id) for each in part for number in sorted(numbers_of(each.drawn.shipment))],
    )
    conn.executemany(
        "insert into search_words (id, words) values (?, ?)",
        [(each.number, search.listed(ACCOUNT, each.drawn.shipment)) for each in part],
    )
    _put_entries(conn, [each for each in part if each.age >= TO_ACCEPT])


def _listed(each: _Numbered) -> dict[str, object]:
    at = _seen(each.age)
    to_accept, done = each.age < TO_ACCEPT, each.age >= TO_ACCEPT + TO_REPORT
    return {
        **shipments.columns(each.drawn.shipment),
        "id": each.number,
        "account": ACCOUNT,
        "version": 1,
        "seen_at": at,
        "changed_at": at,
        "touched_at": at,
        "missed": 0 if to_accept else 2,
        "phase": "new" if to_accept else "delivered" if done else "accepted",
        "entry_id": None if to_accept else 2 * each.number if done else 2 * each.number - 1,
        "to_accept": to_accept,
        "to_report": not to_accept and not done,
    }


def _put_entries(conn: sqlite3.Connection, part: list[_Numbered]) -> None:
    """An accept of each, and of those that are done a report."""
    rows = []
    for each in part:
        order_id, at = each.drawn.shipment.order_id, _seen(each.age)
        payload = b'[{"orderId":%d,"status":"EXPORTED_SUCCESSFULLY"}]' % order_id
        rows.append((2 * each.number - 1, order_id, "accept", None, None, None, at, payload))
        if each.age >= TO_ACCEPT + TO_REPORT:
            payload = b'{"orderId":%d,"status":"COMPLETE","location":"DELIVERY","signee":"Kari"}' % order_id
            rows.append((2 * each.number, order_id, "report", "DELIVERY", "COMPLETE", at + 7_200_000, at + 7_200_000, payload))
    conn.executemany(
        f"""insert into entry (account, id, order_id, kind, stop, status, event_at, made_at, payload, sha256, state, version, next_at,
            ended_at, closed_at, attempts, seen_by, made_by, desk)
        values ('{ACCOUNT}', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'confirmed', 1, 0, ?7, ?7, 1, 'timeline', 'Kari', 'front')""",  # noqa: S608
        [(*row, hashlib.sha256(row[-1]).hexdigest()) for row in rows],
    )


def _changes(count: int) -> Iterator[tuple[object, ...]]:
    """Ten of each shipment: of its products in turn, from the pick-up to the delivery."""
    for number, each in enumerate(drawn(count), start=1):
        parcels = each.shipment.parcels
        began = _seen(count - number)
        for place in range(10):
            parcel = parcels[place // 4 % len(parcels)]
            stop, status = STAGES[place % 4]
            at = began + place * 60_000
            original = (
                b'{"orderProductId":"%d","orderProductInternalNumber":"%s","locationId":"%d","locationType":"%s","productStatus":"%s"}'
                % (parcel.product_id or 0, parcel.internal_number.encode(), 91_000 + number, stop.encode(), status.encode())
            )
            yield (
                ACCOUNT,
                at,
                parcel.product_id,
                parcel.internal_number,
                91_000 + number,
                f"LOC-{91_000 + number}",
                stop,
                status,
                status,
                original,
                at + 5_000,
                each.shipment.order_id,
            )


def _put_changes(conn: sqlite3.Connection, part: list[tuple[object, ...]]) -> None:
    conn.executemany(
        """insert into feed_change (account, at, product_id, product_number, location_id, location_number, stop, status, status_word,
            original, received_at, order_id, by_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)""",
        part,
    )


def _tally(conn: sqlite3.Connection) -> None:
    conn.execute("delete from tally")
    sums = ", ".join(f"sum({view})" for view in ("to_accept", "to_report", "needs_me", "differs"))
    conn.execute(f"insert into tally select account, count(*), {sums} from shipment group by account")  # noqa: S608


def arrived(each: Drawn) -> shipments.Arrived:
    """For the real way."""
    return shipments.Arrived(exported=Exported(shipment=each.shipment, original=each.original))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("folder", type=Path)
    options.add_argument("--shipments", type=int, default=100_000)
    options.add_argument("--changes", type=int, default=None, help="of the feed; ten for each shipment, if nothing is said")
    chosen = options.parse_args()
    make(chosen.folder, chosen.shipments, chosen.shipments * 10 if chosen.changes is None else chosen.changes, say=True)


if __name__ == "__main__":
    main()
