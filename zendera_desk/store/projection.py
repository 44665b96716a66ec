"""Keeps the columns of `shipment` that say where it stands, in the transaction that changed what they are made of.

Computed by `domain.standing`, kept in columns: a view is then an index scan, at any size. Whoever writes an entry, a draft
or a version calls `refresh`.
"""

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from zendera_desk.domain import finding
from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.recognition import is_failed_export
from zendera_desk.domain.standing import stand
from zendera_desk.store import board, filing, search
from zendera_desk.store.database import to_ms
from zendera_desk.store.entries import of_order

_log = logging.getLogger(__name__)


def refresh(conn: sqlite3.Connection, account: AccountId, orders: Iterable[OrderId], *, words_later: bool = False) -> None:
    """`words_later`: somebody waits, and what the reports say is only noted, for `find_one_by_reports`."""
    for order_id in orders:
        refresh_one(conn, account, order_id, of_order(conn, account, order_id), words_later=words_later)


def find_one_by_reports(conn: sqlite3.Connection) -> bool:
    """Makes one of the shipments that are noted to be found by what its reports say now. Returns whether there was any."""
    row = conn.execute(
        """select d.id, s.account, s.order_id, w.entries
        from search_due d left join shipment s on s.id = d.id left join search_words w on w.id = d.id limit 1"""
    ).fetchone()
    if row is None:
        return False
    conn.execute("delete from search_due where id = ?", (row["id"],))
    if row["account"] is not None:
        _find_by_reports(conn, row["id"], row["entries"] or "", of_order(conn, AccountId(row["account"]), OrderId(row["order_id"])))
    return True


def refresh_one(
    conn: sqlite3.Connection, account: AccountId, order_id: OrderId, entries: Sequence[Entry], *, words_later: bool = False
) -> None:
    """As `refresh`, of whoever has read all entries of the shipment in this transaction, as they are now."""
    row = conn.execute(_KNOWN, (account, order_id)).fetchone()
    if row is None or row["has_pages"]:
        filing.settle(conn, account, order_id)
    if row is None:
        return  # an entry of an account whose shipments were never taken in here
    _find_by_reports(conn, row["id"], row["entries"] or "", entries, later=words_later)
    standing = stand(
        entries,
        version=row["version"],
        missed=row["missed"],
        has_draft=bool(row["drafts"]),
        failed_exports=_failed_exports(row["failures"]),
    )
    changed = _changed_fields(row["differences"]) if standing.show_changes else []
    differs, differs_from = board.look(conn, account, order_id, entries, row)
    new = {
        "phase": standing.phase.value,
        "exception": standing.exception and standing.exception.value,
        "strikes": standing.strikes,
        "changed": msgspec.json.encode(changed).decode(),
        "has_draft": row["drafts"],
        "entry_id": standing.entry and standing.entry.id,
        "touched_at": max(row["seen_at"], row["changed_at"], *(to_ms(entry.made_at) for entry in entries)),
        "to_accept": standing.to_accept,
        "to_report": standing.to_report,
        "needs_me": standing.needs_me,
        "differs": differs,
        "differs_from": differs_from,
    }
    # A column that is set is written to each of its indexes, also where it stays as it is.
    if moved := {column: value for column, value in new.items() if value != row[column]}:
        assignments = ", ".join(f"{column} = :{column}" for column in moved)
        conn.execute(f"update shipment set {assignments} where id = :id", {**moved, "id": row["id"]})


_KNOWN: Final = f"""
    select s.id, s.version, s.changed_at, s.missed, s.seen_at, s.phase, s.exception, s.strikes, s.changed, s.has_draft, s.entry_id,
        s.touched_at, s.to_accept, s.to_report, s.needs_me, s.differs, s.differs_from, v.differences, w.entries,
        exists (select 1 from draft d where d.account = s.account and d.order_id = s.order_id)
            or exists (select 1 from bulk_row b where b.account = s.account and b.order_id = s.order_id and b.entry_id is null) drafts,
        (select json_group_array(type) from timeline_event t
            where t.account = s.account and t.order_id = s.order_id and t.success = 0) failures,
        {filing.HAS_PAGES} has_pages, {board.HINTS}
    from shipment s join shipment_version v using (account, order_id, version) left join search_words w on w.id = s.id
    where s.account = ? and s.order_id = ?"""
"""In one statement: most shipments have hardly anything of all that, and each click and each answer comes by here."""


def _find_by_reports(conn: sqlite3.Connection, shipment_row: int, known: str, entries: Sequence[Entry], *, later: bool = False) -> None:
    """Who signed, and the comments. A form lies behind a payload of megabytes, so it is read once, and again when one comes or goes."""
    said = [entry.id for entry in entries if entry.kind is not Kind.ACCEPT and entry.purged_at is None and entry.state not in _UNSAID]
    if (names := ",".join(map(str, said))) == known:
        return
    if later:
        conn.execute("insert into search_due (id) values (?) on conflict do nothing", (shipment_row,))
        return
    texts: list[str] = []
    for entry in said:
        row = conn.execute(
            """select words, iif(json_valid(draft), json_extract(draft, '$.signee'), '') signee,
                iif(json_valid(draft), json_extract(draft, '$.comment'), '') comment from entry where id = ?""",
            (entry,),
        ).fetchone()
        texts += [text for text in row if isinstance(text, str)]
    search.say(conn, shipment_row, finding.stored(texts), names)


_UNSAID: Final = frozenset({State.TAKEN_BACK, State.DROPPED})


def _failed_exports(failures: str) -> int:
    """The strikes that Zendera's timeline has shown, whoever made them."""
    return sum(is_failed_export(TimelineEvent(type=failed, success=False)) for failed in msgspec.json.decode(failures, type=list[str]))


def _changed_fields(differences: str) -> list[str]:
    """Their names. A text that is none any more says nothing, and must not keep an entry from moving, or the program from starting."""
    try:
        return [difference[0] for difference in msgspec.json.decode(differences, type=list[tuple[str, object, object]])]
    except msgspec.MsgspecError:
        _log.warning("what changed about a shipment cannot be read")
        return []
