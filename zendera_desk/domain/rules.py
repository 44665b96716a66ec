"""Which evidence a report needs at this desk before it may be sent without a typed exception. The rules are settings."""

from typing import Final

import msgspec

from zendera_desk.domain.report import Draft, Status

EVIDENCE: Final = ("signee", "contactless", "pictures", "comment", "position")

Rules = dict[str, tuple[tuple[str, ...], ...]]
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


def needed(rules: Rules, draft: Draft) -> tuple[tuple[str, ...], ...]:
    """The groups of evidence for the draft's status and stop."""
    return rules.get(f"{draft.status.value}/{draft.stop.value}", rules.get(draft.status.value, ()))


def missing(rules: Rules, draft: Draft) -> tuple[tuple[str, ...], ...]:
    """The groups of evidence that the draft does not meet; empty when it may go."""
    has = {
        "signee": bool(draft.signee.strip()) and draft.status is Status.COMPLETE,
        "contactless": draft.contactless and draft.status is Status.COMPLETE,
        "pictures": bool(draft.pictures),
        "comment": bool(draft.comment.strip()),
        "position": bool(draft.latitude.strip() and draft.longitude.strip()),
    }
    return tuple(group for group in needed(rules, draft) if not any(has.get(field, False) for field in group))
