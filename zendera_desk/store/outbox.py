"""The durable outbox in SQL. Each function is one step of the send protocol, in the caller's transaction.

The states' rules are `domain.outbox.LEGAL`; a trigger enforces the same table, so that a fault here aborts the
transaction instead of losing or doubling a send.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import msgspec

from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import AUDITS, BY_PERSON, LEGAL, OPEN, Decision, Deed, Entry, Kind, State, Why
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import Attempt
from zendera_desk.store import bulk_draft, deeds, drafts, projection, uploads
from zendera_desk.store.database import from_ms, json_list, maybe_from_ms, maybe_ms, to_ms
from zendera_desk.store.entries import COLUMNS, lane_of, of_order, to_entry

RELEASED_AT_ONCE: Final = 200
"""Holds that end in one transaction: some fifty milliseconds."""


class NotDueError(Exception):
    """An entry was taken back, or moved by somebody else, before its bytes could leave: nothing may be sent."""


class DamagedError(ValueError):
    """The bytes of an entry are not the ones that were frozen."""


def entry(conn: sqlite3.Connection, entry_id: EntryId) -> Entry | None:
    row = conn.execute(f"select {COLUMNS} from entry where id = ?", (entry_id,)).fetchone()
    return None if row is None else to_entry(row)


def payload(conn: sqlite3.Connection, entry_id: EntryId) -> bytes:
    """The frozen bytes. Raises DamagedError when they are not the ones that were written: such an entry is never sent."""
    found = payloads(conn, [entry_id])
    if entry_id not in found:
        raise DamagedError(f"the payload of entry {entry_id} is not what was written")
    return found[entry_id]


def payloads(conn: sqlite3.Connection, ids: Sequence[EntryId]) -> dict[EntryId, bytes]:
    """As `payload`, without those that are not the frozen ones."""
    rows = conn.execute("select id, payload, sha256 from entry where id in (select value from json_each(?))", (json_list(ids),))
    return {entry_id: bytes(frozen) for entry_id, frozen, sha256 in rows if hashlib.sha256(frozen).hexdigest() == sha256}


def small(conn: sqlite3.Connection, ids: Sequence[EntryId], most: int) -> list[EntryId]:
    """Those whose payload has at most so many bytes; it is not read for that."""
    rows = conn.execute(
        "select id from entry where id in (select value from json_each(?)) and length(payload) <= ?",
        (json_list(ids), most),
    )
    return [EntryId(row["id"]) for row in rows]


def held_draft(conn: sqlite3.Connection, entry_id: EntryId) -> Draft | None:
    """The form as it was when the entry was sent."""
    row = conn.execute("select draft from entry where id = ?", (entry_id,)).fetchone()
    return None if row is None or row["draft"] is None else msgspec.json.decode(row["draft"], type=Draft)


def move(
    conn: sqlite3.Connection,
    entry_id: EntryId,
    to: State,
    *,
    next_at: datetime | None = None,
    ended_at: datetime | None = None,
    code: str | None = None,
    answer: str | None = None,
    http_status: int | None = None,
    reads: int | None = None,
    last_read_at: datetime | None = None,
    seen_by: str | None = None,
    maybe_arrived: bool = False,
    lane: Sequence[Entry] | None = None,
) -> None:
    """Moves the entry and what goes with the move; None leaves a column as it is. Raises ValueError on an illegal move, and
    StoreError("damaged") where there is no such entry: none is ever deleted, so an index named it that is damaged.

    `lane`: all entries of the shipment, of whoever has read them in this transaction.

    With `ended_at` an attempt has ended: its status, or that it had none, takes the place of the one before, and what was
    read about earlier attempts says nothing any more.
    """
    lane = lane or lane_of(conn, entry_id)
    before = next((each for each in lane if each.id == entry_id), None)
    if before is None:
        raise StoreError("damaged", words=f"entry {entry_id} is not there")
    if before.state is not to and to not in LEGAL[before.state]:
        raise ValueError(f"illegal move of entry {entry_id} from {before.state} to {to}")
    new: dict[str, object] = {
        "state": to.value,
        "next_at": maybe_ms(next_at),
        "ended_at": maybe_ms(ended_at),
        "code": code,
        "answer": answer,
        "http_status": http_status,
        "reads": reads,
        "last_read_at": maybe_ms(last_read_at),
        "seen_by": seen_by,
        "ever_unclear": 1 if to is State.UNCLEAR or maybe_arrived else None,
    }
    if before.state is not State.SENDING:  # what is being sent was let go when that began
        bulk_draft.let_go(conn, before.account, entry_id, to)
    if _may_be_there_twice(before, to):
        new |= {"audit_at": to_ms((ended_at or before.made_at) + AUDITS[0]), "audits": 0}
    given = {column: value for column, value in new.items() if value is not None}
    if ended_at is not None:
        given |= {"http_status": http_status, "reads": 0, "last_read_at": None}
    assignments = ", ".join(f"{column} = :{column}" for column in given)
    row = conn.execute(f"update entry set {assignments} where id = :id returning {COLUMNS}", {**given, "id": entry_id}).fetchone()
    moved = to_entry(row)
    if to is State.TAKEN_BACK:
        _refuse_again(conn, entry_id)
        lane = of_order(conn, before.account, before.order_id)
    projection.refresh_one(conn, before.account, before.order_id, [moved if each.id == entry_id else each for each in lane])


def _refuse_again(conn: sqlite3.Connection, newer: EntryId) -> None:
    """What gave way to an entry that is taken back is as it was, unless retention has emptied it."""
    row = conn.execute(
        """select older.id, (select code from attempt where entry_id = older.id order by id desc limit 1) said
        from entry newer join entry older on older.id = newer.instead_of
        where newer.id = ? and older.state = 'dropped' and older.code = ? and older.purged_at is null""",
        (newer, Why.MENDED),
    ).fetchone()
    if row is not None:
        move(conn, row["id"], State.REFUSED, code=row["said"] or "")
        conn.execute("update entry set closed_at = null where id = ?", (row["id"],))


def _may_be_there_twice(before: Entry, to: State) -> bool:
    """A send that followed an unclear one ended, and it may have arrived as well. A second accept changes nothing at Zendera."""
    ended = before.state is State.SENDING and to in {State.SENT, State.UNCLEAR}
    return ended and before.ever_unclear and before.kind is not Kind.ACCEPT


def take_back(conn: sqlite3.Connection, ids: Sequence[EntryId], now: datetime, by: str = "", desk: str = "") -> list[OrderId]:
    """Takes back those that have certainly not left, and puts their forms back as drafts, or into the grid. Returns the shipments.

    An entry stays where it is when a newer draft of its shipment is being typed: neither may be lost. So does an accept with
    a report behind it, which would go out alone then; the newest are taken back first, so that both can be.
    """
    orders = []
    for entry_id in sorted(ids, reverse=True):
        found = entry(conn, entry_id)
        if found is None or found.state not in {State.HELD, State.DUE} or _carries_reports(conn, found):
            continue
        if not _give_back(conn, found, now):
            continue
        move(conn, entry_id, State.TAKEN_BACK)
        deeds.note(conn, entry_id, Deed.TAKE_BACK, now, by, desk)
        orders.append(found.order_id)
    return orders


def _give_back(conn: sqlite3.Connection, found: Entry, now: datetime) -> bool:
    """Its form is where it was typed: in its row of the grid, or a draft of its own. False where a newer draft would have to give way."""
    form = held_draft(conn, found.id)
    if form is None or bulk_draft.bring_back(conn, found.id, form):
        return True
    if drafts.load(conn, found.account, found.order_id) is not None:
        return False
    drafts.save(conn, found.account, found.order_id, form, now)
    return True


def _carries_reports(conn: sqlite3.Connection, accept: Entry) -> bool:
    if accept.kind is not Kind.ACCEPT:
        return False
    younger = (other for other in of_order(conn, accept.account, accept.order_id) if other.id > accept.id)
    return any(other.kind is Kind.REPORT and other.state in OPEN for other in younger)


def is_on_its_way(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, draft: Draft) -> bool:
    """Whether this very form was sent a moment ago: pressed twice, it means one report."""
    waiting = (found for found in of_order(conn, account, order_id) if found.state in {State.HELD, State.DUE, State.SENDING})
    return any(found.kind is Kind.REPORT and held_draft(conn, found.id) == draft for found in waiting)


def decide(conn: sqlite3.Connection, entry_id: EntryId, decision: Decision, now: datetime, by: str = "", desk: str = "") -> None:
    """A person's word. Raises ValueError unless the entry is one to decide so about: a second click may come while the first
    one's bytes are on the wire, or after Zendera has shown it."""
    found = entry(conn, entry_id)
    if found is None or decision not in found.decisions:
        raise ValueError(f"nothing to decide about entry {entry_id}")
    if decision is Decision.ARRIVED:
        move(conn, entry_id, State.CONFIRMED, seen_by=BY_PERSON, code="")
    elif decision is Decision.SEND_AGAIN:
        move(conn, entry_id, State.DUE, next_at=now, code="")
    else:
        move(conn, entry_id, State.DROPPED)
    deeds.note(conn, entry_id, Deed(decision), now, by, desk)


def drop(conn: sqlite3.Connection, entry_id: EntryId, now: datetime, by: str = "", desk: str = "") -> None:
    """A person gives it up. Raises ValueError when it may have left."""
    found = entry(conn, entry_id)
    if found is None or found.state is State.SENT:
        raise ValueError(f"entry {entry_id} has been sent")
    move(conn, entry_id, State.DROPPED)
    deeds.note(conn, entry_id, Deed.DROP, now, by, desk)


def retry_now(conn: sqlite3.Connection, entry_id: EntryId, now: datetime, by: str = "", desk: str = "") -> None:
    """A person wants the next try now. An unclear entry is asked about, but never before it has settled; a refused one goes out again."""
    found = entry(conn, entry_id)
    if found is None:
        return
    if found.state is State.UNCLEAR:
        if found.reads:  # it has been read since, so it has settled
            move(conn, entry_id, State.UNCLEAR, next_at=now)
    elif found.state in {State.HELD, State.DUE, State.REFUSED} and found.code != Why.DAMAGED:
        move(conn, entry_id, State.DUE, next_at=now)
        uploads.hurry_entry(conn, entry_id, now)
        if found.state is State.REFUSED:
            deeds.note(conn, entry_id, Deed.RETRY, now, by, desk)


def end_holds(conn: sqlite3.Connection, account: AccountId, now: datetime) -> list[Entry]:
    """Entries whose hold is over become due, the first of them: of thousands, everybody else's writes would wait for all. Returns them
    as they were."""
    rows = conn.execute(
        f"select {COLUMNS} from entry where account = ? and state = 'held' and next_at <= ? order by next_at limit ?",
        (account, to_ms(now), RELEASED_AT_ONCE),
    )
    over = [to_entry(row) for row in rows]
    for held in over:
        move(conn, held.id, State.DUE, next_at=now)
    return over


_FIRST_OF_ITS_LANE = """not exists (
    select 1 from entry older where older.account = e.account and older.order_id = e.order_id and older.id < e.id
        and (older.state in ('held', 'due', 'sending', 'unclear', 'needs_person')
            or (older.state = 'refused' and older.kind = 'accept')))"""
"""A lane is closed by an older entry that is not done. A refused report does not close it (Zendera has answered), a refused
accept does: reports about an order we have not accepted would be refused as well."""


def due(conn: sqlite3.Connection, account: AccountId, now: datetime, kinds: Collection[Kind] = tuple(Kind), limit: int = 50) -> list[Entry]:
    """Entries of these kinds that may go out now, the oldest first: at most one a shipment, and only the first of its lane.

    A report whose pictures travel as links waits here until all of them stand.
    """
    rows = conn.execute(
        f"""select {COLUMNS} from entry e
        where account = ? and state = 'due' and next_at <= ? and kind in ({", ".join("?" * len(kinds))})
            and {_FIRST_OF_ITS_LANE} and {uploads.LINKED}
        order by id limit ?""",
        (account, to_ms(now), *(kind.value for kind in kinds), limit),
    )
    return [to_entry(row) for row in rows]


def waiting(conn: sqlite3.Connection, account: AccountId) -> list[tuple[Kind, State, datetime]]:
    """For each kind when the next hold ends and when the next try is. What stands behind another entry, or waits for the links of its
    pictures, waits for no moment."""
    rows = conn.execute(
        f"""select kind, state, next_at from entry e
        where account = ? and state in ('held', 'due') and (state = 'held' or ({_FIRST_OF_ITS_LANE} and {uploads.LINKED}))
        order by next_at desc""",
        (account,),
    )
    earliest = {(row["kind"], row["state"]): row["next_at"] for row in rows}
    return [(Kind(kind), State(state), from_ms(at)) for (kind, state), at in earliest.items()]


def begin(conn: sqlite3.Connection, ids: Sequence[EntryId], now: datetime, sha256: str = "") -> None:
    """Marks the entries as sending and opens an attempt for each: committed before the first byte leaves. `sha256`: of what leaves.

    Raises NotDueError, and nothing is marked, when one of them is not due any more.
    """
    batch = ids[0] if len(ids) > 1 else None
    for entry_id in ids:
        marked = conn.execute(
            """update entry set state = 'sending', attempts = attempts + 1, batch = ? where id = ? and state = 'due'
            returning account, order_id, kind""",
            (batch, entry_id),
        ).fetchone()
        if marked is None:
            raise NotDueError
        account, order_id, kind = marked
        conn.execute("insert into attempt (entry_id, started_at, sha256) values (?, ?, ?)", (entry_id, to_ms(now), sha256))
        bulk_draft.let_go(conn, account, entry_id, State.SENDING)
        if kind != Kind.REPORT or not _is_shown(conn, account, order_id, entry_id):
            projection.refresh(conn, account, [order_id])


def _is_shown(conn: sqlite3.Connection, account: AccountId, order_id: OrderId, report: EntryId) -> bool:
    """It stays what its shipment shows when it leaves, being more urgent then, and nothing else there depends on a report's leaving."""
    # Not asked for in `returning`: SQLite goes through all shipments there.
    row = conn.execute("select entry_id from shipment where account = ? and order_id = ?", (account, order_id)).fetchone()
    return row is not None and row["entry_id"] == report


def end_attempt(conn: sqlite3.Connection, entry_id: EntryId, now: datetime, code: str, http_status: int | None, answer: str) -> None:
    conn.execute(
        "update attempt set ended_at = ?, code = ?, http_status = ?, answer = ? where entry_id = ? and ended_at is null",
        (to_ms(now), code, http_status, answer, entry_id),
    )


def refuse_damaged(conn: sqlite3.Connection, entry_id: EntryId, now: datetime) -> None:
    """The entry's bytes are not those that a person sent: a person sends it anew or drops it. Nothing has left."""
    refuse_unsent(conn, entry_id, now, Why.DAMAGED)


def refuse_unsent(conn: sqlite3.Connection, entry_id: EntryId, now: datetime, code: str, answer: str = "") -> None:
    """Puts a due entry before a person, of which nothing has left."""
    found = entry(conn, entry_id)
    if found is None or found.state is not State.DUE:
        return
    begin(conn, [entry_id], now)
    move(conn, entry_id, State.REFUSED, ended_at=now, code=code, answer=answer)
    end_attempt(conn, entry_id, now, code, None, answer)


def hurry(conn: sqlite3.Connection, account: AccountId, now: datetime) -> None:
    """What waits for its next try is tried now: whatever it waited for has changed."""
    for row in conn.execute("select id from entry where account = ? and state = 'due' and next_at > ?", (account, to_ms(now))).fetchall():
        move(conn, row["id"], State.DUE, next_at=now)


def unclear_due(conn: sqlite3.Connection, account: AccountId, now: datetime) -> list[Entry]:
    """Entries about which Zendera must be asked now; accepts are decided by walks."""
    rows = conn.execute(
        f"""select {COLUMNS} from entry where account = ? and state = 'unclear' and kind <> 'accept' and next_at <= ?
        order by next_at limit 50""",
        (account, to_ms(now)),
    )
    return [to_entry(row) for row in rows]


def sent_due(conn: sqlite3.Connection, account: AccountId, now: datetime) -> list[Entry]:
    """Entries for which it is time to look for evidence on the timeline again; accepts are confirmed by walks."""
    rows = conn.execute(
        f"""select {COLUMNS} from entry where account = ? and state = 'sent' and kind <> 'accept'
            and code not in ('no_evidence', 'may_not_read') and next_at <= ? order by next_at limit 50""",
        (account, to_ms(now)),
    )
    return [to_entry(row) for row in rows]


def next_question(conn: sqlite3.Connection, account: AccountId) -> datetime | None:
    row = conn.execute(
        """select min(next_at) from (
            select next_at from entry where account = :account and state = 'unclear' and kind <> 'accept'
            union all
            select next_at from entry where account = :account and state = 'sent' and kind <> 'accept'
                and code not in ('no_evidence', 'may_not_read'))""",
        {"account": account},
    ).fetchone()
    return maybe_from_ms(row[0])


def accepts(conn: sqlite3.Connection, account: AccountId, state: State) -> list[Entry]:
    rows = conn.execute(
        f"select {COLUMNS} from entry where account = ? and kind = 'accept' and state = ? order by id", (account, state.value)
    )
    return [to_entry(row) for row in rows]


def recognised(conn: sqlite3.Connection, account: AccountId) -> int:
    """How many of the account's own reports were recognised on Zendera's timeline."""
    return int(
        conn.execute("select count(*) from entry where account = ? and kind = 'report' and seen_by = 'timeline'", (account,)).fetchone()[0]
    )


def dates_of(conn: sqlite3.Connection, account: AccountId, order_id: OrderId) -> set[datetime]:
    """The dates that the order's reports have used: a new one must differ from all of them."""
    rows = conn.execute("select event_at from entry where account = ? and order_id = ? and event_at is not null", (account, order_id))
    return {from_ms(row["event_at"]) for row in rows}


def attempts(conn: sqlite3.Connection, entry_id: EntryId) -> tuple[Attempt, ...]:
    rows = conn.execute("select * from attempt where entry_id = ? order by id", (entry_id,))
    return tuple(
        Attempt(
            entry=EntryId(row["entry_id"]),
            started_at=from_ms(row["started_at"]),
            ended_at=maybe_from_ms(row["ended_at"]),
            code=row["code"],
            http_status=row["http_status"],
            answer=row["answer"],
            sha256=row["sha256"],
        )
        for row in rows
    )


def counts(conn: sqlite3.Connection, account: AccountId) -> dict[State, int]:
    """Entries by state, without those that are done."""
    rows = conn.execute(
        """select state, count(*) n from entry
        where account = ? and state in ('held', 'due', 'sending', 'sent', 'unclear', 'refused', 'needs_person') group by state""",
        (account,),
    )
    return {State(row["state"]): row["n"] for row in rows}
