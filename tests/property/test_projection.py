"""The columns that say where a shipment stands are kept up to date bit by bit; made anew from scratch they are the same."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from sqlite3 import IntegrityError
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from unit.store.office import ACCOUNT, NOON, arrive, enter, opened, shipment, write
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Kind, State, Why
from zendera_desk.domain.report import Draft
from zendera_desk.store import drafts, outbox, projection, walks
from zendera_desk.store.database import Connection

ORDERS = (1, 2)
CODES = ["", Why.STILL_OFFERED.value, Why.NO_EVIDENCE.value]
one_step = st.one_of(
    st.tuples(st.just("arrive"), st.sampled_from(ORDERS)),
    st.tuples(st.just("enter"), st.sampled_from(ORDERS), st.sampled_from(Kind)),
    st.tuples(st.just("move"), st.integers(1, 8), st.sampled_from(State), st.sampled_from(CODES)),
    st.tuples(st.just("walk"), st.sets(st.sampled_from(ORDERS))),
    st.tuples(st.just("draft"), st.sampled_from(ORDERS)),
    st.tuples(st.just("discard"), st.sampled_from(ORDERS)),
    st.tuples(st.just("take back"), st.integers(1, 8)),
    st.tuples(st.just("begin"), st.integers(1, 8)),
    st.tuples(
        st.just("end holds"),
    ),
)


@settings(max_examples=150)
@given(st.lists(one_step, max_size=25))
def test_what_is_kept_bit_by_bit_is_what_is_made_anew(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    with TemporaryDirectory() as folder, opened(Path(folder)) as conn:
        for place, step in enumerate(steps):
            take(conn, place, *step)
            kept = columns(conn)
            write(conn, projection.refresh, ACCOUNT, [OrderId(order) for order in ORDERS])
            assert columns(conn) == kept, step


def take(conn: Connection, place: int, name: str, *given: object) -> None:
    now = NOON + timedelta(minutes=place)
    match name, *given:
        case "arrive", int(order):
            arrive(conn, shipment(order, city=f"Place {place}"), now=now)
        case "enter", int(order), Kind() as kind:
            enter(conn, order, kind, now=now)
        case "move", int(entry), State() as state, str(code):
            with suppress(ValueError, IntegrityError, StoreError):  # what the rules forbid, or is not there, does not happen
                write(conn, outbox.move, EntryId(entry), state, next_at=now, code=code)
        case "walk", set() as seen:
            write(conn, walks.finish, ACCOUNT, {OrderId(order) for order in seen}, clean=True, began=now, settle=timedelta(0), now=now)
        case "draft", int(order):
            write(conn, drafts.save, ACCOUNT, OrderId(order), Draft(comment=f"{place}"), now)
        case "discard", int(order):
            write(conn, drafts.discard, ACCOUNT, OrderId(order))
        case "take back", int(entry):
            write(conn, outbox.take_back, [EntryId(entry)], now)
        case "begin", int(entry):
            with suppress(outbox.NotDueError, IntegrityError):  # as above
                write(conn, outbox.begin, [EntryId(entry)], now)
        case "end holds", *_:
            write(conn, outbox.end_holds, ACCOUNT, now)


def columns(conn: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.execute("select * from shipment order by order_id")]
