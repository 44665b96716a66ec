"""Uploads of pictures in SQL: each function is one step, in the caller's transaction.

The row of an upload belongs to the JPEG and the account, not to an entry: two reports with the same picture wait for the same row,
and find the same link. The link is written once, when the bytes have arrived, and stays (the triggers of the schema see to both).
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from zendera_desk.domain.ids import AccountId, EntryId, PictureId
from zendera_desk.domain.uploads import Offer, Upload, Uploading, UploadState
from zendera_desk.store.database import from_ms, json_list, maybe_from_ms, to_ms

LINKED: Final = """not exists (
    select 1 from entry_picture p left join upload u on u.account = e.account and u.sha256 = p.link
    where p.entry_id = e.id and p.link is not null and u.download_url is null)"""
"""Of an entry `e`: the links of all its pictures stand, or it has none that travel so."""

_WAITED_FOR: Final = """from upload u join entry_picture p on p.link = u.sha256
    join entry e on e.id = p.entry_id and e.account = u.account
    where u.account = :account and u.state <> 'there' and e.state = 'due'"""


class NotOfferedError(Exception):
    """The address is not this upload's any more: nothing may leave for it."""


def want(conn: sqlite3.Connection, account: AccountId, links: Sequence[str], now: datetime) -> None:
    """A frozen report has placeholders for these JPEGs. What is there, or on its way, stays as it is."""
    conn.executemany(
        "insert into upload (account, sha256, next_at) values (?, ?, ?) on conflict do nothing",
        [(account, sha256, to_ms(now)) for sha256 in links],
    )


def due(conn: sqlite3.Connection, account: AccountId, now: datetime) -> list[Upload]:
    """Those that a due report waits for, the oldest report's first."""
    rows = conn.execute(
        f"select u.*, p.picture_id {_WAITED_FOR} and u.next_at <= :now order by e.id, p.place", {"account": account, "now": to_ms(now)}
    )
    found: dict[str, Upload] = {}
    for row in rows:
        found.setdefault(row["sha256"], _upload(row))
    return list(found.values())


def next_tries(conn: sqlite3.Connection, account: AccountId) -> dict[UploadState, datetime]:
    """The next moment of those that a due report waits for, by where they stand."""
    rows = conn.execute(f"select u.state, min(u.next_at) at {_WAITED_FOR} group by u.state", {"account": account})
    return {UploadState(row["state"]): from_ms(row["at"]) for row in rows}


def waiting(conn: sqlite3.Connection, account: AccountId, sha256: str) -> list[EntryId]:
    """The due reports that name the JPEG."""
    rows = conn.execute(
        """select distinct e.id from entry_picture p join entry e on e.id = p.entry_id
        where p.link = ? and e.account = ? and e.state = 'due' order by e.id""",
        (sha256, account),
    )
    return [EntryId(row["id"]) for row in rows]


def links(conn: sqlite3.Connection, ids: Sequence[EntryId]) -> dict[EntryId, dict[str, str]]:
    """Of each entry, by the SHA-256 of the JPEG; only those that stand."""
    rows = conn.execute(
        """select e.id, u.sha256, u.download_url from entry_picture p join entry e on e.id = p.entry_id
        join upload u on u.account = e.account and u.sha256 = p.link
        where p.entry_id in (select value from json_each(?)) and u.download_url is not null""",
        (json_list(ids),),
    )
    found: dict[EntryId, dict[str, str]] = {entry_id: {} for entry_id in ids}
    for entry_id, sha256, link in rows:
        found[EntryId(entry_id)][sha256] = link
    return found


def progress(conn: sqlite3.Connection, entry_id: EntryId) -> Uploading | None:
    """None where none of its pictures travels as a link, or all are there."""
    rows = conn.execute(
        """select u.download_url, u.code, u.answer, u.next_at from entry_picture p join entry e on e.id = p.entry_id
        left join upload u on u.account = e.account and u.sha256 = p.link where p.entry_id = ? and p.link is not null order by p.place""",
        (entry_id,),
    ).fetchall()
    left = [row for row in rows if row["download_url"] is None]
    if not left:
        return None
    done, of = len(rows) - len(left), len(rows)
    stuck = next((row for row in left if row["code"]), None)
    if stuck is None:
        return Uploading(done=done, of=of)
    return Uploading(done=done, of=of, code=stuck["code"], answer=stuck["answer"], next_at=maybe_from_ms(stuck["next_at"]))


# The steps


def offered(conn: sqlite3.Connection, account: AccountId, sha256: str, offer: Offer) -> None:
    conn.execute(
        """update upload set state = 'offered', document_id = :id, upload_url = :upload_url, offered_url = :offered_url
        where account = :account and sha256 = :sha256""",
        {
            "id": offer.document_id,
            "upload_url": offer.upload_url,
            "offered_url": offer.download_url,
            "account": account,
            "sha256": sha256,
        },
    )


def begin(conn: sqlite3.Connection, account: AccountId, sha256: str, offer: Offer) -> None:
    """Committed before the first byte leaves: from now on this address is used up. Raises NotOfferedError."""
    moved = conn.execute(
        """update upload set state = 'putting', upload_url = ''
        where account = ? and sha256 = ? and state = 'offered' and upload_url = ? and offered_url = ?""",
        (account, sha256, offer.upload_url, offer.download_url),
    )
    if not moved.rowcount:
        raise NotOfferedError


def arrived(conn: sqlite3.Connection, account: AccountId, sha256: str, now: datetime) -> None:
    """The link stands."""
    conn.execute(
        """update upload set state = 'there', download_url = offered_url, uploaded_at = ?,
            attempts = 0, refusals = 0, code = '', answer = ''
        where account = ? and sha256 = ?""",
        (to_ms(now), account, sha256),
    )


def failed(
    conn: sqlite3.Connection, upload: Upload, account: AccountId, next_at: datetime, code: str, answer: str, *, anew: bool, refused: bool
) -> None:
    """`anew`: another document has to be asked for. `refused`: the bytes were."""
    conn.execute(
        """update upload set state = case when :anew then 'wanted' else state end, next_at = :next_at, attempts = attempts + 1,
            refusals = refusals + :refused, code = :code, answer = :answer
        where account = :account and sha256 = :sha256""",
        {
            "anew": anew,
            "refused": int(refused),
            "next_at": to_ms(next_at),
            "code": code,
            "answer": answer,
            "account": account,
            "sha256": upload.sha256,
        },
    )


def start_over(conn: sqlite3.Connection, account: AccountId, sha256: str, now: datetime) -> None:
    """It was put before a person: should they want it tried again, it begins at the beginning, at once."""
    conn.execute(
        """update upload set state = 'wanted', next_at = ?, attempts = 0, refusals = 0, code = '', answer = ''
        where account = ? and sha256 = ?""",
        (to_ms(now), account, sha256),
    )


def hurry(conn: sqlite3.Connection, account: AccountId, now: datetime) -> None:
    """Whatever they waited for has changed."""
    values = {"account": account, "now": to_ms(now)}
    conn.execute("update upload set next_at = :now where account = :account and state <> 'there' and next_at > :now", values)


def hurry_entry(conn: sqlite3.Connection, entry_id: EntryId, now: datetime) -> None:
    """A person wants the next try now."""
    conn.execute(
        """update upload set next_at = :now where state <> 'there' and next_at > :now and (account, sha256) in (
            select e.account, p.link from entry_picture p join entry e on e.id = p.entry_id where e.id = :entry)""",
        {"now": to_ms(now), "entry": entry_id},
    )


def make_whole(conn: sqlite3.Connection, now: datetime) -> None:
    """After a start: a row that a damaged file has lost would be waited for for ever. Of all accounts."""
    conn.execute(
        """insert into upload (account, sha256, next_at) select distinct e.account, p.link, ? from entry_picture p
        join entry e on e.id = p.entry_id where p.link is not null on conflict do nothing""",
        (to_ms(now),),
    )


def count_afresh(conn: sqlite3.Connection, now: datetime) -> None:
    """The clock jumped: no moment lies in a future that it may reach in years only. Of all accounts."""
    conn.execute("update upload set next_at = :now where state <> 'there' and next_at > :now", {"now": to_ms(now)})


def forget_unnamed(conn: sqlite3.Connection) -> None:
    """Links that no entry names any more: they show signatures to whoever has them."""
    conn.execute(
        """delete from upload where not exists (
            select 1 from entry_picture p join entry e on e.id = p.entry_id where p.link = upload.sha256 and e.account = upload.account)"""
    )


def _upload(row: sqlite3.Row) -> Upload:
    offer = Offer(document_id=row["document_id"], upload_url=row["upload_url"], download_url=row["offered_url"])
    state = UploadState(row["state"])
    return Upload(
        sha256=row["sha256"],
        picture=PictureId(row["picture_id"]),
        state=state,
        offer=offer if state is UploadState.OFFERED else None,
        next_at=from_ms(row["next_at"]),
        attempts=row["attempts"],
        refusals=row["refusals"],
    )
