"""What a carrier tells Zendera about a stop: one struct per status, so that the wrong detail object cannot be built.

A `Draft` is what stands in the form, letter by letter; a report is what it means. `drafting.compose` leads from one to
the other.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from zendera_desk.domain.ids import EntryId, PictureId
from zendera_desk.domain.shipment import Coordinates, StopKind


class Status(StrEnum):
    """The five things that can happen at a stop; the values are Zendera's `status`."""

    COMPLETE = "COMPLETE"
    DAMAGE = "DAMAGE"
    NO_ONE_THERE = "NO_ONE_THERE"
    OTHER = "OTHER"
    CANNOT_HANDLE = "CANNOT_HANDLE_ORDER"


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What the transport cost. `currency` is ISO 4217."""

    amount: Decimal
    currency: str


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture in the store: the original under `id`, and the upright, re-encoded JPEG that is sent, made once."""

    id: PictureId
    name: str
    """The file name it came with, or "" for a pasted picture. Never sent."""
    width: int
    """Pixels of the prepared JPEG."""
    height: int
    size: int
    """Bytes of the prepared JPEG."""


class _Event(msgspec.Struct, frozen=True, kw_only=True):
    stop: StopKind
    at: datetime
    """When it happened at the stop. Aware, UTC, whole milliseconds, and unique among the reports of its order."""
    comment: str = ""
    pictures: tuple[Picture, ...] = ()
    position: Coordinates | None = None
    price: Price | None = None


class Complete(_Event, tag="COMPLETE", frozen=True, kw_only=True):
    signee: str = ""
    contactless: bool = False


class Damage(_Event, tag="DAMAGE", frozen=True, kw_only=True):
    pass


class NoOneThere(_Event, tag="NO_ONE_THERE", frozen=True, kw_only=True):
    pass


class Other(_Event, tag="OTHER", frozen=True, kw_only=True):
    pass


class CannotHandle(_Event, tag="CANNOT_HANDLE_ORDER", frozen=True, kw_only=True):
    pass


Report = Complete | Damage | NoOneThere | Other | CannotHandle


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The form, letter by letter. Switching status or stop keeps every field: what a status does not use is not sent, and not lost."""

    status: Status = Status.COMPLETE
    stop: StopKind = StopKind.DELIVERY
    time: str = ""
    """As typed: `1430`, `y1430`, `0611 1430`."""
    comment: str = ""
    pictures: tuple[Picture, ...] = ()
    signee: str = ""
    contactless: bool = False
    latitude: str = ""
    longitude: str = ""
    cost: str = ""
    currency: str = ""
    collected: bool = False
    """The cash on delivery was. Known here alone: it is never sent, and the history keeps it (outbox.Deed)."""
    exception: str = ""
    """Why evidence is missing, typed by a person: "no proof available: …"."""
    corrects: EntryId | None = None
    """The report of the same shipment that this one says right (domain/mending.py)."""
    instead_of: EntryId | None = None
    """The refused report that goes when this one is written."""
