"""A database with an account and shipments, for tests of what is stored."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import Address, Contact, Exported, Parcel, Shipment, Stop, StopKind
from zendera_desk.domain.views import Account
from zendera_desk.store import accounts, database, entering, outbox, shipments
from zendera_desk.store.database import Connection

P = ParamSpec("P")
T = TypeVar("T")

ACCOUNT = AccountId("nordlys")
NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)

PATHS: dict[State, tuple[State, ...]] = {
    State.HELD: (),
    State.DUE: (State.DUE,),
    State.SENDING: (State.DUE, State.SENDING),
    State.SENT: (State.DUE, State.SENDING, State.SENT),
    State.CONFIRMED: (State.DUE, State.SENDING, State.SENT, State.CONFIRMED),
    State.UNCLEAR: (State.DUE, State.SENDING, State.UNCLEAR),
    State.REFUSED: (State.DUE, State.SENDING, State.REFUSED),
    State.NEEDS_PERSON: (State.DUE, State.SENDING, State.UNCLEAR, State.NEEDS_PERSON),
    State.TAKEN_BACK: (State.TAKEN_BACK,),
    State.DROPPED: (State.DUE, State.DROPPED),
}
"""How an entry comes to a state, by legal moves alone."""


@contextmanager
def opened(folder: Path) -> Iterator[Connection]:
    """The writer's connection, as the program opens it, with an account in it."""
    with closing(database.open_writer(folder / database.FILE_NAME)) as conn:
        with database.transaction(conn):
            accounts.save(conn, Account(id=ACCOUNT, name="Nordlys", base_url="https://example.com/api/"), NOON)
        yield conn


def write(conn: Connection, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    with database.transaction(conn):
        return function(conn, *args, **kwargs)


def shipment(order_id: int, name: str = "Ola Nordmann", city: str = "Bergen", parcels: Sequence[Parcel] = ()) -> Shipment:
    delivery = Stop(kind=StopKind.DELIVERY, address=Address(name=name, city=city), contacts=(Contact(phone="+47 91 33 44 55"),))
    return Shipment(order_id=OrderId(order_id), references=(("reference", f"A-{order_id}"),), delivery=delivery, parcels=tuple(parcels))


def arrive(conn: Connection, *arrived: Shipment, now: datetime = NOON) -> None:
    rows = [shipments.Arrived(exported=Exported(shipment=one, original=b"{}")) for one in arrived]
    write(conn, shipments.put, ACCOUNT, rows, now)


def enter(conn: Connection, order_id: int, kind: Kind = Kind.ACCEPT, now: datetime = NOON, hold: float = 0) -> EntryId:
    """A new entry; a report's date is made unique by how many there are."""
    count = conn.execute("select count(*) from entry").fetchone()[0]
    new = entering.NewEntry(
        order_id=OrderId(order_id),
        kind=kind,
        payload=f"payload {count}".encode(),
        stop=StopKind.DELIVERY if kind is Kind.REPORT else None,
        status=Status.COMPLETE if kind is Kind.REPORT else None,
        event_at=NOON + timedelta(milliseconds=count) if kind is Kind.REPORT else None,
    )
    held_until = now + timedelta(seconds=hold)
    return write(conn, entering.add_all, ACCOUNT, [new], now=now, held_until=held_until, made_by="Kari", desk="front")[0]


def bring(conn: Connection, entry: EntryId, state: State) -> EntryId:
    for step in PATHS[state]:
        write(conn, outbox.move, entry, step, next_at=NOON)
    return entry
