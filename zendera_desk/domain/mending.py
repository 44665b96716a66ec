"""Mending what was reported: what a correction says, how two forms become one, and what a move changed, so that it can be undone.

Zendera knows no correction and no undo: what was sent stays, and a second update says it right. Its comment begins by naming the
first (quoting.py), in the language of the dispatchers who read it, which need not be that of this desk.
"""

from datetime import datetime, tzinfo
from typing import Final

import msgspec

from zendera_desk.domain import quoting
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.times import pinned

MOVABLE: Final = frozenset({State.HELD, State.DUE})
"""It has certainly not left."""
CORRECTABLE: Final = frozenset({State.SENT, State.CONFIRMED})


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a move made of the drafts of two shipments; None: no draft. Undone as long as both still are as it left them."""

    source: OrderId
    target: OrderId
    source_before: Draft | None
    """What the undoing gives back: of an entry that was taken back, its form."""
    source_after: Draft | None
    target_before: Draft | None
    target_after: Draft | None
    undoable: bool = True


def may_move(entry: Entry) -> bool:
    return entry.kind is Kind.REPORT and entry.state in MOVABLE


def may_correct(entry: Entry) -> bool:
    """What Zendera does not show is decided about first; what retention has emptied cannot be quoted any more."""
    return entry.kind is Kind.REPORT and entry.state in CORRECTABLE and not entry.decisions and entry.purged_at is None


def may_send_anew(entry: Entry) -> bool:
    return entry.kind is Kind.REPORT and entry.state is State.REFUSED


def correction(first: Entry, draft: Draft, now: datetime, zone: tzinfo, *, language: str) -> Draft:
    """The first report's form, to be changed: it quotes that report, and says when it happened in full."""
    comment = quoting.correction(first, zone, language) + quoting.own_words(draft.comment)
    draft = _of_that_day(first, draft, now, zone)
    return msgspec.structs.replace(draft, comment=comment, corrects=first.id, instead_of=None)


def meant_for_another(first: Entry, draft: Draft, now: datetime, zone: tzinfo, *, language: str) -> Draft:
    """What is to be said where the first report should never have gone."""
    dated = _of_that_day(first, draft, now, zone)
    return Draft(
        status=Status.OTHER,
        stop=dated.stop,
        time=dated.time,
        comment=quoting.meant_for_another(first, zone, language),
        currency=draft.currency,
        corrects=first.id,
    )


def for_another(first: Entry, draft: Draft, now: datetime, zone: tzinfo) -> Draft:
    """The same form where it should have gone: there it corrects nothing."""
    draft = _of_that_day(first, draft, now, zone)
    return msgspec.structs.replace(draft, comment=quoting.own_words(draft.comment), corrects=None, instead_of=None)


def anew(refused: Entry, draft: Draft, now: datetime, zone: tzinfo) -> Draft:
    """The form of what was refused, whole; the refused entry goes when this one is written."""
    return msgspec.structs.replace(_of_that_day(refused, draft, now, zone), instead_of=refused.id)


def only_pictures(draft: Draft) -> bool:
    """Nothing is typed in it: pictures of it can go to another form without any words being lost."""
    return msgspec.structs.replace(draft, pictures=(), status=Status.COMPLETE, stop=StopKind.DELIVERY, currency="") == Draft()


def joined(moving: Draft, there: Draft | None) -> Draft | None:
    """Both as one form, the pictures that were there first; None where words of one would have to give way to those of the other."""
    if there is None:
        return moving
    if only_pictures(moving):
        return with_pictures(there, moving)
    if only_pictures(there):
        return with_pictures(msgspec.structs.replace(moving, pictures=there.pictures), moving)
    return None


def with_pictures(draft: Draft, more: Draft) -> Draft:
    pictures = {picture.id: picture for picture in (*draft.pictures, *more.pictures)}
    return msgspec.structs.replace(draft, pictures=tuple(pictures.values()))


def parted(draft: Draft, going: frozenset[str]) -> tuple[Draft | None, Draft]:
    """What stays when these pictures go, None when that is nothing; and what goes."""
    stays = msgspec.structs.replace(draft, pictures=tuple(picture for picture in draft.pictures if picture.id not in going))
    goes = Draft(pictures=tuple(picture for picture in draft.pictures if picture.id in going))
    return (None if not stays.pictures and only_pictures(stays) else stays), goes


def is_bound(draft: Draft) -> bool:
    """It answers an entry of its shipment."""
    return draft.corrects is not None or draft.instead_of is not None


def is_of(draft: Draft, entry: EntryId) -> bool:
    return entry in {draft.corrects, draft.instead_of}


def _of_that_day(first: Entry, draft: Draft, now: datetime, zone: tzinfo) -> Draft:
    """With the time that was sent: `1030` would mean another day by now. Without the milliseconds that made it unique."""
    if first.event_at is None:
        return draft
    return msgspec.structs.replace(draft, time=pinned(first.event_at.replace(microsecond=0).isoformat(), now, zone))
