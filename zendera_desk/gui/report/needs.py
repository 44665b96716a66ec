"""What the form needs: of the desk, of the settings, and of the person before it may be sent."""

from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.domain.rules import Rules, missing
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui.words import mark, tr

_EVIDENCE: Final = {
    "signee": mark("signee"),
    "contactless": mark("contactless"),
    "pictures": mark("a picture"),
    "comment": mark("a comment"),
    "position": mark("the position"),
}


class ReportDesk(Protocol):
    async def shipment(self, order_id: OrderId) -> OpenShipment | None: ...
    async def save_draft(self, order_id: OrderId, draft: Draft) -> None: ...
    async def discard_draft(self, order_id: OrderId) -> None: ...
    async def add_picture(self, source: Path | bytes, name: str = "") -> Picture: ...
    async def picture_jpeg(self, picture: PictureId) -> bytes: ...
    def now(self) -> datetime: ...


class ReportSettings(Protocol):
    @property
    def rules(self) -> Rules: ...
    @property
    def currency(self) -> str: ...


def first_empty(rules: Rules, draft: Draft) -> str:
    """The field where the next thing to type belongs; the comment when nothing is required any more."""
    groups = missing(rules, draft)
    if not draft.time:
        return "time"
    return groups[0][0] if groups else "comment"


def still_needed(rules: Rules, draft: Draft) -> str:
    """ "time · signee or contactless"; empty when the form may go."""
    needs = [] if draft.time else [tr("time")]
    needs += [f" {tr('or')} ".join(tr(_EVIDENCE.get(field, field)) for field in group) for group in missing(rules, draft)]
    return " · ".join(needs)
