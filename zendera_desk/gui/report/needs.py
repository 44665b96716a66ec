"""What the form needs: of the desk, of the settings, and of the person before it may be sent."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import msgspec

from zendera_desk.domain.comments import ReadyComments
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.paper import Edits, PictureFacts
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.rules import Problem, Rules, missing
from zendera_desk.domain.shipment import Shipment, StopKind
from zendera_desk.domain.suggestions import KnownName
from zendera_desk.domain.views import EntryStory, OpenShipment
from zendera_desk.gui.words import mark, tr
from zendera_desk.pictures import Pixels
from zendera_desk.settings import Settings

_EVIDENCE: Final = {
    "signee": mark("signee"),
    "contactless": mark("contactless"),
    "pictures": mark("a picture"),
    "comment": mark("a comment"),
    "position": mark("the position"),
}


class FactsDesk(Protocol):
    async def picture_facts(self, picture: PictureId) -> PictureFacts: ...


class RetouchDesk(Protocol):
    async def picture_edits(self, picture: PictureId) -> Edits: ...
    async def edit_picture(self, picture: PictureId, edits: Edits) -> Picture: ...
    async def picture_pixels(self, picture: PictureId, longest: int | None = None, edits: Edits | None = None) -> Pixels: ...


class NamesDesk(Protocol):
    async def names_at(self, shipment: Shipment, stop: StopKind) -> tuple[KnownName, ...]: ...
    async def last_currency(self) -> str: ...


class HistoryDesk(Protocol):
    async def history(self, order_id: OrderId) -> list[EntryStory]: ...


class ReportDesk(FactsDesk, RetouchDesk, NamesDesk, HistoryDesk, Protocol):
    async def shipment(self, order_id: OrderId) -> OpenShipment | None: ...
    async def save_draft(self, order_id: OrderId, draft: Draft) -> None: ...
    async def discard_draft(self, order_id: OrderId) -> None: ...
    async def add_pictures(self, order_id: OrderId, pictures: Sequence[Picture]) -> None: ...
    async def exchange_picture(self, order_id: OrderId, before: PictureId, after: Picture) -> None: ...
    async def add_pages(self, source: Path | bytes, name: str = "") -> list[Picture]: ...
    async def glimpse(self, source: Path | bytes, longest: int) -> Pixels: ...
    def warm_pictures(self) -> None: ...
    def now(self) -> datetime: ...


class ReportSettings(Protocol):
    @property
    def rules(self) -> Rules: ...
    @property
    def comments(self) -> ReadyComments: ...
    @property
    def currency(self) -> str: ...


class Preferred:
    """The settings the form needs, as they are now: they can be changed while it is open."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings

    @property
    def rules(self) -> Rules:
        return self._settings().rules

    @property
    def comments(self) -> ReadyComments:
        return self._settings().comments

    @property
    def currency(self) -> str:
        return self._settings().currency


def first_empty(rules: Rules, draft: Draft) -> str:
    """The field where the next thing to type belongs; the comment when nothing is required any more."""
    groups = missing(rules, draft)
    if not draft.time:
        return "time"
    return groups[0][0] if groups else "comment"


def is_typed_in(draft: Draft) -> bool:
    """Whether there is anything to lose: a status merely looked at is no draft."""
    return msgspec.structs.replace(draft, status=Status.COMPLETE, stop=StopKind.DELIVERY, currency="") != Draft()


def is_met_by_pictures(problem: Problem) -> bool:
    """Evidence is missing that a picture is enough for."""
    return problem.code == "evidence_missing" and "pictures" in dict(problem.values).get("any_of", "").split(",")


def still_needed(rules: Rules, draft: Draft) -> str:
    """ "time · signee or contactless"; empty when the form may go."""
    needs = [] if draft.time else [tr("time")]
    needs += [f" {tr('or')} ".join(tr(_EVIDENCE.get(field, field)) for field in group) for group in missing(rules, draft)]
    return " · ".join(needs)
