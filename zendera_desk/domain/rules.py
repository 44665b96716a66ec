"""Which evidence a report needs at this desk before it may be sent without a typed exception. The rules are settings."""

from collections.abc import Iterable
from typing import Final

import msgspec

from zendera_desk.domain.outbox import Entry, State
from zendera_desk.domain.quoting import own_words
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Phase

EVIDENCE: Final = ("signee", "contactless", "pictures", "comment", "position")

Groups = tuple[tuple[str, ...], ...]
Rules = dict[str, Groups]
"""By status: every group must be met, each by any one of its fields. A key may be narrowed to one stop: "COMPLETE/PICKUP"."""

DEFAULT: Final[Rules] = {
    Status.COMPLETE.value: (("signee", "contactless"),),
    Status.DAMAGE.value: (("pictures",), ("comment",)),
    Status.NO_ONE_THERE.value: (("pictures", "comment"),),
    Status.OTHER.value: (("comment",),),
    Status.CANNOT_HANDLE.value: (("comment",),),
}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something about the form that a person must see, beside the field it belongs to.

    `field` is a field name of `Draft`; `code` gets its sentence in gui/labels.py. A problem with `blocks` false is asked or
    noted, and does not stop sending.
    """

    field: str
    code: str
    blocks: bool = True
    values: tuple[tuple[str, str], ...] = ()


def is_pickup_open(phase: Phase, entries: Iterable[Entry]) -> bool:
    """Nobody said that it was picked up: neither Zendera, nor a report of ours that went or is on its way."""
    unsaid = {State.TAKEN_BACK, State.DROPPED}
    return phase is Phase.ACCEPTED and not any(entry.stop is StopKind.PICKUP and entry.state not in unsaid for entry in entries)


def groups_of(rules: Rules, status: Status, stop: StopKind) -> Groups:
    return rules.get(f"{status.value}/{stop.value}", rules.get(status.value, ()))


def with_groups(rules: Rules, status: Status, stop: StopKind, groups: Groups) -> Rules:
    """The rules with another one for the status at this stop; said once where both stops have the same."""
    at = {each: groups if each is stop else groups_of(rules, status, each) for each in StopKind}
    others = {key: rule for key, rule in rules.items() if key.partition("/")[0] != status.value}
    if len(set(at.values())) == 1:
        return {**others, status.value: groups}
    return {**others, **{f"{status.value}/{each.value}": rule for each, rule in at.items()}}


def needed(rules: Rules, draft: Draft) -> Groups:
    """The groups of evidence for the draft's status and stop."""
    return groups_of(rules, draft.status, draft.stop)


def missing(rules: Rules, draft: Draft) -> Groups:
    """The groups of evidence that the draft does not meet; empty when it may go."""
    has = {
        "signee": bool(draft.signee.strip()) and draft.status is Status.COMPLETE,
        "contactless": draft.contactless and draft.status is Status.COMPLETE,
        "pictures": bool(draft.pictures),
        "comment": bool(own_words(draft.comment)),
        "position": bool(draft.latitude.strip() and draft.longitude.strip()),
    }
    return tuple(group for group in needed(rules, draft) if not any(has.get(field, False) for field in group))
