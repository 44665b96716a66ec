"""Moving reports and pictures between shipments, correcting what was sent, and sending anew what was refused: each in one transaction.

Nothing leaves by any of it: every function ends in drafts, which a person looks at and sends. Where a draft with words is in the
way, nothing is changed and DeskError("draft_there") says so.
"""

import sqlite3
from collections.abc import Callable
from datetime import datetime

from zendera_desk.domain import mending, missing
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import AccountId, EntryId, OrderId, PictureId
from zendera_desk.domain.mending import Moved
from zendera_desk.domain.outbox import Deed, Entry, State
from zendera_desk.domain.report import Draft
from zendera_desk.domain.shipment import StopKind
from zendera_desk.store import deeds, drafts, outbox

Word = Callable[[Entry, Draft], Draft]
"""What becomes of an entry's form."""


def move_report(
    conn: sqlite3.Connection, account: AccountId, entry: EntryId, to: OrderId, now: datetime, by: str = "", desk: str = ""
) -> Moved:
    """Takes back what has not left, and puts its form into the other shipment's.

    Raises DeskError: moved_on, draft_there, not_here, bound_here.
    """
    found, form = _entry(conn, account, entry, mending.may_move)
    _other_shipment(conn, account, found.order_id, to)
    _may_leave(form)
    there = drafts.load(conn, account, to)
    after = _joined(form, there)
    outbox.move(conn, entry, State.TAKEN_BACK)
    deeds.note(conn, entry, Deed.MOVE, now, by, desk)
    drafts.save(conn, account, to, after, now)
    here = drafts.load(conn, account, found.order_id)
    return Moved(
        source=found.order_id,
        target=to,
        source_before=form,
        source_after=here,
        target_before=there,
        target_after=after,
        undoable=here is None,  # else the form could come back only over what is typed here by now
    )


def move_draft(
    conn: sqlite3.Connection,
    account: AccountId,
    order: OrderId,
    draft: Draft,
    to: OrderId,
    pictures: frozenset[PictureId] | None,
    now: datetime,
) -> Moved:
    """Moves these pictures out of the form, or with None everything in it. `draft`: the form as a person saw it.

    What counts is what is on disk: a picture may have come there since, or the form may have been sent.
    Raises DeskError: draft_there, not_here, bound_here, moved_on.
    """
    _other_shipment(conn, account, order, to)
    kept = drafts.load(conn, account, order)
    if kept is None and not mending.only_pictures(draft):
        raise DeskError("moved_on")
    draft = kept or draft
    if pictures is None:
        _may_leave(draft)
    stays, goes = (None, draft) if pictures is None else mending.parted(draft, frozenset(pictures))
    there = drafts.load(conn, account, to)
    after = _joined(goes, there)
    drafts.save(conn, account, to, after, now)
    _put(conn, account, order, stays, now)
    return Moved(source=order, target=to, source_before=draft, source_after=stays, target_before=there, target_after=after)


def correct(conn: sqlite3.Connection, account: AccountId, entry: EntryId, word: Word, now: datetime) -> OrderId:
    """Begins a second report with the first one's values. Raises DeskError: moved_on, draft_there."""
    return _begin(conn, account, entry, mending.may_correct, word, now)


def send_anew(conn: sqlite3.Connection, account: AccountId, entry: EntryId, word: Word, now: datetime) -> OrderId:
    """Begins a report with all that a refused one had. Raises DeskError: moved_on, draft_there."""
    return _begin(conn, account, entry, mending.may_send_anew, word, now)


def report_missing(
    conn: sqlite3.Connection, account: AccountId, order: OrderId, stop: StopKind, report: Entry | None, said: str, word: Word, now: datetime
) -> None:
    """Begins a report of what is missing at the stop, or puts it at the end of the one that is being typed.

    `report`: what was reported there last; it is corrected if it can be. Raises DeskError: draft_here.
    """
    there = drafts.load(conn, account, order)
    if there is not None:
        made = missing.added(there, said, stop, report)
        if made is None:
            raise DeskError("draft_here")
    elif report is not None and mending.may_correct(report):
        made = missing.draft(said, stop, word(*_entry(conn, account, report.id, mending.may_correct)))
    else:
        made = missing.draft(said, stop)
    drafts.save(conn, account, order, made, now)


def meant_for_another(
    conn: sqlite3.Connection, account: AccountId, entry: EntryId, to: OrderId, here: Word, there: Word, now: datetime
) -> Moved:
    """Begins two reports: the right one at the other shipment, and one here that says so. Raises DeskError as `move_report`."""
    found, form = _entry(conn, account, entry, mending.may_correct)
    _other_shipment(conn, account, found.order_id, to)
    before_here, before_there = (drafts.load(conn, account, order) for order in (found.order_id, to))
    if before_here is not None:
        raise DeskError("draft_here")
    after_here, after_there = here(found, form), _joined(there(found, form), before_there)
    drafts.save(conn, account, to, after_there, now)
    drafts.save(conn, account, found.order_id, after_here, now)
    return Moved(
        source=found.order_id, target=to, source_before=None, source_after=after_here, target_before=before_there, target_after=after_there
    )


def undo(conn: sqlite3.Connection, account: AccountId, moved: Moved, now: datetime) -> None:
    """Puts both forms back as they were. Raises DeskError("changed_since") when one of them is not as the move left it."""
    drafts_now = tuple(drafts.load(conn, account, order) for order in (moved.source, moved.target))
    if not moved.undoable or drafts_now != (moved.source_after, moved.target_after):
        raise DeskError("changed_since")
    # In this order: the pages of pictures that go back follow them as soon as the other form has them no more (filing.py).
    _put(conn, account, moved.source, moved.source_before, now)
    _put(conn, account, moved.target, moved.target_before, now)


def _begin(
    conn: sqlite3.Connection, account: AccountId, entry: EntryId, may: Callable[[Entry], bool], word: Word, now: datetime
) -> OrderId:
    found, form = _entry(conn, account, entry, may)
    there = drafts.load(conn, account, found.order_id)
    if there is None:
        drafts.save(conn, account, found.order_id, word(found, form), now)
    elif not mending.is_of(there, entry):  # else it was begun already, and goes on
        raise DeskError("draft_here")
    return found.order_id


def _entry(conn: sqlite3.Connection, account: AccountId, entry: EntryId, may: Callable[[Entry], bool]) -> tuple[Entry, Draft]:
    found, form = outbox.entry(conn, entry), outbox.held_draft(conn, entry)
    if found is None or found.account != account or not may(found):
        raise DeskError("moved_on")
    if form is None:
        raise DeskError("no_form")
    return found, form


def _other_shipment(conn: sqlite3.Connection, account: AccountId, order: OrderId, to: OrderId) -> None:
    if order == to:
        raise DeskError("same_shipment")
    if conn.execute("select 1 from shipment where account = ? and order_id = ?", (account, to)).fetchone() is None:
        raise DeskError("not_here")


def _may_leave(form: Draft) -> None:
    """What answers an entry of its shipment says nothing at another."""
    if mending.is_bound(form):
        raise DeskError("bound_here")


def _joined(moving: Draft, there: Draft | None) -> Draft:
    after = mending.joined(moving, there)
    if after is None:
        raise DeskError("draft_there")
    return after


def _put(conn: sqlite3.Connection, account: AccountId, order: OrderId, draft: Draft | None, now: datetime) -> None:
    if draft is None:
        drafts.discard(conn, account, order)
    else:
        drafts.save(conn, account, order, draft, now)
