"""Paper in the form of its shipment: put in together with what is typed, and moved with that to another. Each in one transaction.

What stands in the form and what lies in the tray are told apart by what is on disk alone, whatever ends the program in between.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from zendera_desk.domain import mending
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import AccountId, OrderId, PageId, StackId
from zendera_desk.domain.mending import Moved
from zendera_desk.domain.report import Draft
from zendera_desk.store import drafts, paper


def put_in(
    conn: sqlite3.Connection, account: AccountId, pages: Sequence[PageId], order: OrderId, draft: Draft, now: datetime
) -> set[StackId]:
    """The form as it stands, with these pages in it. One that another shipment has by now stays there. Raises DeskError("not_here")."""
    found = (paper.page(conn, account, id_) for id_ in pages)
    _, stacks, _ = paper.file(conn, account, [one.id for one in found if one is not None and one.filed in {None, order}], order, now)
    drafts.save(conn, account, order, draft, now)
    return stacks


def move(
    conn: sqlite3.Connection, account: AccountId, order: OrderId, to: OrderId, stays: Draft | None, goes: Draft, now: datetime
) -> Moved:
    """Parts the draft of a shipment in two. The pages whose pictures go follow them. Raises DeskError: draft_there, bound_here."""
    before, there = (drafts.load(conn, account, each) for each in (order, to))
    after = mending.joined(goes, there)
    if after is None:
        raise DeskError("draft_there")
    if mending.is_bound(goes):
        raise DeskError("bound_here")  # it answers an entry of this shipment
    drafts.save(conn, account, to, after, now)  # in this order: the pages look for who has their pictures now (filing.py)
    if stays is None:
        drafts.discard(conn, account, order)
    else:
        drafts.save(conn, account, order, stays, now)
    return Moved(source=order, target=to, source_before=before, source_after=stays, target_before=there, target_after=after)
