"""What each status asks for: its row here is its form. Fields that a status does not show keep what was typed in them."""

from typing import Final, NamedTuple

from zendera_desk.domain.report import Status
from zendera_desk.gui.words import mark

_EVERYWHERE: Final = ("time", "comment", "latitude", "longitude", "cost", "currency")


class Form(NamedTuple):
    fields: tuple[str, ...]
    """Fields of `Draft`, all shown. Pictures are always there."""
    comment_hint: str
    """In the empty comment: what the dispatcher at the other end needs to know."""


FORMS: Final[dict[Status, Form]] = {
    Status.COMPLETE: Form((*_EVERYWHERE, "signee", "contactless"), mark("Anything the dispatcher should know")),
    Status.DAMAGE: Form(_EVERYWHERE, mark("What is damaged, and how badly")),
    Status.NO_ONE_THERE: Form(_EVERYWHERE, mark("What was tried: rang the bell, called, left a note")),
    Status.OTHER: Form(_EVERYWHERE, mark("What happened")),
    Status.CANNOT_HANDLE: Form(_EVERYWHERE, mark("Why we cannot do this order")),
}
