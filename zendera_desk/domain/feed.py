"""The product feed and the timeline: the two places where Zendera says what really happened."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from zendera_desk.domain.shipment import StopKind


class ProductStatus(StrEnum):
    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    REMOVED = "REMOVED"
    NOT_READY = "NOT_READY"
    UNKNOWN = "UNKNOWN"
    """A word we do not know; `status_word` has it as it came."""


class NewChange(NamedTuple):
    """What a page of the feed says about one product at one stop: a row as it is stored. A week of them is a million.

    Ids are int64 and may be missing (0 in protobuf JSON's defaults): None then.
    """

    at: int
    """UTC milliseconds since 1970."""
    product_id: int | None = None
    product_number: str = ""
    location_id: int | None = None
    location_number: str = ""
    stop: str | None = None
    """StopKind's value; None when it was left out or is a word we do not know."""
    status: str = ProductStatus.UNKNOWN.value
    """ProductStatus's value."""
    status_word: str = ""
    original: bytes | bytearray = b""


class ProductChange(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A change that is stored, as far as it is looked at."""

    at: datetime
    """Aware, UTC, whole milliseconds."""
    product_id: int | None = None
    product_number: str = ""
    stop: StopKind | None = None
    status: ProductStatus = ProductStatus.UNKNOWN
    status_word: str = ""
    known_at: datetime | None = None
    """When this desk was told, by its own clock."""


class FeedPage(msgspec.Struct, frozen=True, kw_only=True):
    changes: tuple[NewChange, ...]
    broken: tuple[bytes, ...] = ()
    """Rows that could not be read, as they came."""
    token: str = ""
    """Stored with the changes in one transaction, also when `has_next` is false. "" when the answer had none."""
    has_next: bool = False


class TimelineEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of `GET /v2/orders/{orderId}/external-updates`. The shape is assumed: everything may be missing."""

    type: str = ""
    status: str = ""
    location: str = ""
    at: datetime | None = None
    success: bool | None = None
    failure_reason: str = ""
    comment: str = ""
    noted_at: datetime | None = None
    """When Zendera noted it, where it says that beside the event's own date: by this two events of one report differ."""
