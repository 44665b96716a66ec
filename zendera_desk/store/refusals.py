"""Files that were not taken in: one row each, until a person has read it. A name that nobody needs any more is not kept."""

import sqlite3
from collections.abc import Iterable
from typing import Final

import msgspec

from zendera_desk.domain.ids import AccountId, StackId
from zendera_desk.domain.refusals import Refusal

MOST: Final = 200
"""Read at once. When these are read and gone, the next ones come."""


def unread(conn: sqlite3.Connection, account: AccountId) -> list[Refusal]:
    """Those of all stacks, also of one of which nothing was taken."""
    rows = conn.execute(
        "select stack, place, name, code, details from stack_file where account = ? and source is null order by stack, place limit ?",
        (account, MOST),
    )
    return [
        Refusal(stack=StackId(row["stack"]), place=row["place"], name=row["name"], code=row["code"], values=_values(row["details"]))
        for row in rows
    ]


def forget(conn: sqlite3.Connection, account: AccountId, read: Iterable[Refusal]) -> None:
    for one in read:
        conn.execute(
            "delete from stack_file where account = ? and stack = ? and place = ? and source is null", (account, one.stack, one.place)
        )
        conn.execute("delete from stack where id = ? and not exists (select 1 from stack_file where stack = stack.id)", (one.stack,))


def _values(text: str) -> dict[str, str | int]:
    """What is damaged on disk costs what it says, and hides no file."""
    try:
        return msgspec.json.decode(text, type=dict[str, str | int])
    except msgspec.MsgspecError:
        return {}
