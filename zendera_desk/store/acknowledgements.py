"""That a person knows of what differs at a stop of a colli board. Written down for good; what takes it back is written beside it."""

import sqlite3
from datetime import datetime

import msgspec

from zendera_desk.domain.board import Acknowledgement, Board, in_force
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.store import board, projection
from zendera_desk.store.database import to_ms


def acknowledge(
    conn: sqlite3.Connection,
    account: AccountId,
    order_id: OrderId,
    stop: StopKind,
    shown: Board,
    fed_until: datetime | None,
    now: datetime,
    *,
    by: str = "",
    desk: str = "",
) -> bool:
    """What counts there on the board as it was `shown`; what came since is still a difference. False: nothing counts there."""
    if not (marks := shown.marks(stop, fed_until)):
        return False
    _put(conn, account, order_id, now, Acknowledgement(stop=stop, at=now, marks=tuple(marks), by=by, desk=desk))
    return True


def undo(
    conn: sqlite3.Connection, account: AccountId, order_id: OrderId, stop: StopKind, now: datetime, *, by: str = "", desk: str = ""
) -> bool:
    """Takes back the newest of the stop that is in force. False: there is none."""
    stands = in_force(board.acknowledged(conn, account, [order_id]).get(order_id, ()), stop)
    if not stands:
        return False
    _put(conn, account, order_id, now, Acknowledgement(stop=stop, at=now, undoes=True, marks=stands[-1].marks, by=by, desk=desk))
    return True


def _put(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, now: datetime, said: Acknowledgement) -> None:
    """Each a moment after the one before, whatever the clock says: they count in this order."""
    conn.execute(
        """insert into acknowledgement (account, order_id, at, stop, undoes, marks, made_by, desk)
        select :account, :order_id, max(:now, ifnull(max(at) + 1, 0)), :stop, :undoes, :marks, :by, :desk
        from acknowledgement where account = :account and order_id = :order_id""",
        {
            "account": account,
            "order_id": order_id,
            "now": to_ms(now),
            "stop": said.stop.value,
            "undoes": said.undoes,
            "marks": msgspec.json.encode(said.marks).decode(),
            "by": said.by,
            "desk": said.desk,
        },
    )
    projection.refresh(conn, account, [order_id])
