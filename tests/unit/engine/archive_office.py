"""A desk with a long past, for the tests of archiving: what of it is old and done, and what the tests hold against both files."""

import contextlib
import hashlib
import io
import shutil
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
from PIL import Image

from support.day import HandClock
from support.told import told
from unit.store.office import ACCOUNT, bring, opened, write
from zendera_desk.api import wire
from zendera_desk.domain.archives import Archived
from zendera_desk.domain.changes import Changes
from zendera_desk.domain.feed import FeedPage, NewChange, ProductStatus, TimelineEvent
from zendera_desk.domain.ids import EntryId, OrderId, PictureId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.shipment import Exported, StopKind
from zendera_desk.engine.archiving import Archiving
from zendera_desk.store import archives, archiving, drafts, entering, feed, outbox, pictures, retention, shipments, timeline
from zendera_desk.store.database import FILE_NAME, Connection, Database, to_ms


def _jpeg() -> bytes:
    """A picture that was sent."""
    out = io.BytesIO()
    Image.new("L", (4, 3), 200).save(out, "JPEG")
    return out.getvalue()


DONE: Final = tuple(range(1, 13))
REPORTED_TO: Final = 20
"""Old, and its report still to be confirmed."""
DRAFTED: Final = 21
YOUNG: Final = 22
JPEG: Final = _jpeg()
SOURCE: Final = hashlib.sha256(JPEG).hexdigest()
PICTURE: Final = Picture(id=PictureId(SOURCE), name="signature.jpg", width=4, height=3, size=len(JPEG))
AGE: Final = timedelta(days=100)
SINCE: Final = timedelta(days=60)
"""What is older than so much is to go."""

Rows = dict[str, list[tuple[object, ...]]]

OF_ORDER: Final = (
    *("shipment", "shipment_version", "parcel", "shipment_number", "feed_change", "timeline_event", "timeline_read", "entry"),
    "acknowledgement",
)
_OF_ENTRY: Final = ("attempt", "deed", "entry_picture")


def report(conn: Connection, order_id: int, clock: HandClock, state: State = State.CONFIRMED) -> EntryId:
    now = clock.now()
    if conn.execute("select 1 from picture").fetchone() is None:
        write(conn, pictures.put, PICTURE, pictures.Origin(source=SOURCE), SOURCE, now)
    new = entering.NewEntry(
        order_id=OrderId(order_id),
        kind=Kind.REPORT,
        payload=f'{{"signee": "Signee {order_id}"}}'.encode(),
        words=f"Comment {order_id}",
        stop=StopKind.DELIVERY,
        status=Status.COMPLETE,
        event_at=now + timedelta(milliseconds=order_id),
        draft=Draft(signee=f"Signee {order_id}", pictures=(PICTURE,)),
        pictures=(PICTURE.id,),
    )
    entry = write(conn, entering.add_all, ACCOUNT, [new], now=now, held_until=now, made_by="Kari", desk="front")[0]
    bring(conn, entry, State.DUE)
    write(conn, outbox.begin, [entry], now)
    write(conn, outbox.end_attempt, entry, now, "", 200, f"Thank you, Signee {order_id}")
    write(conn, outbox.move, entry, State.SENT)
    if state is State.CONFIRMED:
        write(conn, outbox.move, entry, State.CONFIRMED, seen_by="timeline")
    return entry


def arrived(order_id: int) -> shipments.Arrived:
    """As Zendera writes it, with a field that nobody here knows."""
    order = {
        "orderId": str(order_id),
        "delivery": {"name": f"Consignee {order_id}", "address": {"postalCode": "5003", "city": "Bergen"}},
        "parcels": [{"orderProductId": str(9_000 + order_id), "orderProductInternalNumber": f"PROD-{order_id}", "name": "Pallet"}],
        "unknownField": f"kept {order_id}",
    }
    original = msgspec.json.encode(order)
    return shipments.Arrived(exported=Exported(shipment=wire.read_shipment(original), original=original))


def fill(folder: Path, clock: HandClock) -> None:
    """A past of a hundred days, and today."""
    picture = pictures.prepared_path(folder, PICTURE.id)
    picture.parent.mkdir(parents=True)
    picture.write_bytes(JPEG)
    with opened(folder) as conn:
        for order_id in (*DONE, REPORTED_TO, DRAFTED):
            write(conn, shipments.put, ACCOUNT, [arrived(order_id)], clock.now())
            report(conn, order_id, clock, State.SENT if order_id == REPORTED_TO else State.CONFIRMED)
            shown = TimelineEvent(type="EXPORT", status="EXPORTED", success=True, at=clock.now())
            write(conn, timeline.put, ACCOUNT, OrderId(order_id), [shown], clock.now())
        said = [_change(clock, order_id) for order_id in (*DONE, 77)]
        write(conn, feed.start, ACCOUNT, clock.now())
        write(conn, feed.put_page, ACCOUNT, FeedPage(changes=tuple(said), token="t", has_next=False), clock.now())
        write(conn, _look_at, 5, clock)
        write(conn, retention.note_closed, clock.now())
        clock.move(days=AGE.days)
        write(conn, drafts.save, ACCOUNT, OrderId(DRAFTED), Draft(comment="to be said"), clock.now())
        write(conn, shipments.put, ACCOUNT, [arrived(YOUNG)], clock.now())


def _look_at(conn: Connection, order_id: int, clock: HandClock) -> None:
    """A person knows of what differed there."""
    conn.execute(
        "insert into acknowledgement (account, order_id, at, stop, marks, made_by) values (?, ?, ?, ?, '[]', 'Kari')",
        (ACCOUNT, order_id, to_ms(clock.now()), StopKind.DELIVERY.value),
    )


def _change(clock: HandClock, order_id: int) -> NewChange:
    return told(
        at=clock.now(), product_id=9_000 + order_id, stop=StopKind.DELIVERY, status=ProductStatus.COMPLETED, status_word="COMPLETED"
    )


def rows_of(path: Path, order_id: int, *, live: bool) -> Rows:
    """Everything of one shipment, table by table; {} where it is not."""
    uri = f"{path.absolute().as_uri()}?mode=ro" + ("" if live else "&immutable=1")
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as conn:
        if conn.execute("select 1 from shipment where order_id = ?", (order_id,)).fetchone() is None:
            return {}
        conditions = dict.fromkeys(OF_ORDER, "order_id = ?")
        conditions |= dict.fromkeys(_OF_ENTRY, "entry_id in (select id from entry where order_id = ?)")
        conditions["search_words"] = "id = (select id from shipment where order_id = ?)"
        asked = {table: f"select * from {table} where {condition}" for table, condition in conditions.items()}  # noqa: S608 (our own words)
        return {table: conn.execute(query, (order_id,)).fetchall() for table, query in asked.items()}


class Office:
    """A data folder, and programs that are opened over it one after the other."""

    def __init__(self, folder: Path, clock: HandClock) -> None:
        """`folder` is filled already."""
        self.folder = folder
        self.clock = clock
        every = (*DONE, REPORTED_TO, DRAFTED, YOUNG)
        self.before = {order_id: rows_of(self.live, order_id, live=True) for order_id in every}

    @property
    def live(self) -> Path:
        return self.folder / FILE_NAME

    @property
    def archive(self) -> Path:
        found = archives.archives(self.folder)
        assert len(found) == 1, found
        return found[0].path

    @contextlib.asynccontextmanager
    async def program(self) -> AsyncIterator[Archiving]:
        database = await Database.open(self.folder, self.clock.now())
        made = Archiving(self.folder, database, self.clock, Changes(), _no_room)
        try:
            yield made
        finally:
            await database.close()

    def look(self) -> set[int]:
        """That each shipment is whole in exactly one of the two; returns those that are in the archive."""
        files = archives.archives(self.folder)
        archived = set()
        for order_id, before in self.before.items():
            here = rows_of(self.live, order_id, live=True)
            there = [found for file in files if (found := rows_of(file.path, order_id, live=False))]
            assert len(there) + bool(here) == 1, (order_id, bool(here), len(there))
            assert (here or there[0]) == before, order_id
            if there:
                archived.add(order_id)
        return archived

    def leftovers(self) -> list[str]:
        place = self.folder / "archives"
        return sorted(path.name for path in place.iterdir() if archives.named(path) is None) if place.is_dir() else []

    def pending(self) -> object:
        with contextlib.closing(sqlite3.connect(self.live)) as conn:
            conn.row_factory = sqlite3.Row
            return archiving.pending(conn)


async def _no_room() -> bool:
    return False


def another(past: Path, place: Path) -> Office:
    folder = place / "data"
    shutil.copytree(past, folder)
    clock = HandClock()
    clock.move(days=AGE.days)
    return Office(folder, clock)


async def make(office: Office, made: Archiving) -> Archived:
    return await made.make(ACCOUNT, office.clock.now() - SINCE, made_by="Kari", desk="front")


async def made_by(office: Office) -> Archived:
    async with office.program() as program:
        return await make(office, program)


def sql(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(statement)
