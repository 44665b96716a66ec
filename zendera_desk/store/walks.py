"""What a whole walk of the export says: which shipments are still offered, and therefore which accepts arrived."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.errors import LinkCode
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import MOST_TRIES, State, Why
from zendera_desk.domain.standing import WALKS_TO_BE_GONE
from zendera_desk.store import outbox, projection
from zendera_desk.store.database import to_ms
from zendera_desk.store.shipments import chunks


def finish(
    conn: sqlite3.Connection,
    account: AccountId,
    seen: AbstractSet[OrderId],
    *,
    clean: bool,
    began: datetime,
    settle: timedelta,
    now: datetime,
    nameless: Sequence[bytes] = (),
) -> tuple[set[OrderId], set[EntryId]]:
    """Notes the walk's end. Only a clean one says who is gone and decides accepts. Returns the shipments and entries it changed.

    `nameless`: rows of which not even the order id could be read. Each may be any order, so that nobody is gone behind them but
    those that were seen beside that very row before.
    """
    conn.execute(
        """insert into walk (account, number, ended_at, clean) values (?, 1, ?, ?)
        on conflict (account) do update set number = walk.number + 1, ended_at = excluded.ended_at, clean = excluded.clean""",
        (account, to_ms(now), clean),
    )
    if not clean:
        return set(), set()
    behind = _Behind(conn, account, nameless)
    shipments = _count_missed(conn, account, seen, behind)
    decided = _decide_unclear(conn, account, seen, behind, began, now) | _confirm_sent(conn, account, seen, behind, began, settle)
    behind.note(seen)
    return shipments | {order for order, _ in decided}, {entry for _, entry in decided}


_TELLING: Final = 120
"""Bytes of a row that says enough to be told from others. A shorter one (`null`, `{}`) may be one order today and another tomorrow."""


_MOST: Final = 10
"""Nameless rows of one walk. With more the export is not one to draw conclusions from."""


class _Behind:
    """Which orders may stand behind the rows that have no readable order id.

    A row that was seen in one walk with an order is not that order's: so one unreadable row that stays in the export for weeks
    hides only what had left the readable ones before it came.
    """

    def __init__(self, conn: sqlite3.Connection, account: AccountId, nameless: Sequence[bytes]) -> None:
        self._conn = conn
        self._account = account
        self._rows = _told_apart(nameless[:_MOST])
        self._anybody = len(nameless) > _MOST or any(len(row) < _TELLING or not row.startswith(b"{") for row in nameless)

    def may_be(self, order_id: OrderId) -> bool:
        if self._anybody or not self._rows:
            return self._anybody
        beside = self._conn.execute(
            f"""select count(*) from seen_beside where account = ? and order_id = ? and row in ({", ".join("?" * len(self._rows))})""",
            (self._account, order_id, *self._rows),
        ).fetchone()[0]
        return int(beside) < len(self._rows)

    def note(self, seen: AbstractSet[OrderId]) -> None:
        """Rows that are not there any more are forgotten: should they come again, nobody knows what for."""
        self._conn.execute(
            f"delete from seen_beside where account = ? and row not in ({', '.join('?' * len(self._rows))})", (self._account, *self._rows)
        )
        self._conn.executemany(
            "insert into seen_beside values (?, ?, ?) on conflict do nothing",
            [(self._account, row, order_id) for row in self._rows for order_id in seen],
        )


def _told_apart(nameless: Sequence[bytes]) -> list[str]:
    """Each row by its bytes, and several of the same bytes by which they are."""
    alike: Counter[str] = Counter()
    rows = []
    for row in nameless:
        digest = hashlib.sha256(row).hexdigest()
        rows.append(f"{digest}:{alike[digest]}")
        alike[digest] += 1
    return rows


def _count_missed(conn: sqlite3.Connection, account: AccountId, seen: AbstractSet[OrderId], behind: _Behind) -> set[OrderId]:
    # The number itself, so that SQLite sees that its index of watched shipments fits.
    watched = conn.execute(
        f"select order_id from shipment indexed by shipment_watched where account = ? and missed < {WALKS_TO_BE_GONE}", (account,)
    ).fetchall()
    missing = {order_id for row in watched if (order_id := OrderId(row["order_id"])) not in seen and not behind.may_be(order_id)}
    back: set[OrderId] = set()
    for part in chunks(seen):
        marks = ", ".join("?" * len(part))
        rows = conn.execute(
            f"update shipment set missed = 0 where account = ? and missed > 0 and order_id in ({marks}) returning order_id",
            (account, *part),
        )
        back |= {OrderId(row["order_id"]) for row in rows}
    conn.executemany(
        "update shipment set missed = missed + 1 where account = ? and order_id = ?", [(account, order_id) for order_id in missing]
    )
    projection.refresh(conn, account, missing | back)
    return missing | back


def _decide_unclear(
    conn: sqlite3.Connection, account: AccountId, seen: AbstractSet[OrderId], behind: _Behind, began: datetime, now: datetime
) -> set[tuple[OrderId, EntryId]]:
    """An accept that may have arrived: gone from the feed means received, still there means not received.

    `next_at` is when it has settled. One that Zendera refused the last time, and still offers, was really refused: to send
    it again would go on for ever, so a person sees Zendera's words.
    """
    decided = set()
    for entry in outbox.accepts(conn, account, State.UNCLEAR):
        if entry.next_at > began or (entry.order_id not in seen and behind.may_be(entry.order_id)):
            continue
        if entry.order_id not in seen:
            outbox.move(conn, entry.id, State.CONFIRMED, seen_by="walk", code="")
        elif entry.code == LinkCode.REFUSED:
            outbox.move(conn, entry.id, State.NEEDS_PERSON)
        elif entry.attempts >= MOST_TRIES:
            outbox.move(conn, entry.id, State.NEEDS_PERSON, code=Why.NOT_SHOWN)
        else:
            outbox.move(conn, entry.id, State.DUE, next_at=now, code=Why.NOT_ARRIVED)
        decided.add((entry.order_id, entry.id))
    return decided


def _confirm_sent(
    conn: sqlite3.Connection, account: AccountId, seen: AbstractSet[OrderId], behind: _Behind, began: datetime, settle: timedelta
) -> set[tuple[OrderId, EntryId]]:
    decided = set()
    for entry in outbox.accepts(conn, account, State.SENT):
        if entry.ended_at is None or entry.ended_at > began or (entry.order_id not in seen and behind.may_be(entry.order_id)):
            continue
        if entry.order_id not in seen:
            outbox.move(conn, entry.id, State.CONFIRMED, seen_by="walk", code="")
        elif entry.ended_at <= began - settle and entry.code != Why.STILL_OFFERED:
            outbox.move(conn, entry.id, State.SENT, code=Why.STILL_OFFERED)
        else:
            continue
        decided.add((entry.order_id, entry.id))
    return decided
