"""How the product feed is looked at: which of its changes, a window of them at a time, and where one may be missing."""

from datetime import datetime

import msgspec

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import FeedLine, FeedScope


class FeedFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which changes are looked at: all that fit every part of it."""

    scope: FeedScope = FeedScope.ALL
    order_id: OrderId | None = None
    """Of the scope ORDER; without one nothing fits it."""
    stop: StopKind | None = None
    statuses: frozenset[ProductStatus] = frozenset()
    """None of them: whatever the status is."""
    text: str = ""
    """Inside the product's number, name or barcode, the status, the place's number, or one of the shipment's; accents and case do not
    matter."""

    @property
    def is_narrow(self) -> bool:
        """Whether more than the scope decides: then many changes are looked through for each that fits."""
        return bool(self.stop or self.statuses or self.text)


class FeedRows(msgspec.Struct, frozen=True, kw_only=True):
    """A window of the changes, the oldest first.

    `reached`: the id down (or up) to which all were looked through, beyond which there are more; None at the end of them.
    """

    lines: tuple[FeedLine, ...] = ()
    reached: int | None = None


class FeedCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many fit, among those after one change and up to the change `reached`; `more` where that is not the newest."""

    count: int = 0
    reached: int = 0
    more: bool = False


class FeedGap(msgspec.Struct, frozen=True, kw_only=True):
    """Zendera refused to go on from where we stood: before the first change that was stored after this moment, some may be missing."""

    at: datetime


class FeedUnreadable(msgspec.Struct, frozen=True, kw_only=True):
    """Entries of the feed that are no changes as we know them; they came from `at` to `until`, with what was stored then, and are kept."""

    at: datetime
    until: datetime
    count: int
    begins: str
    """The beginning of the first of them."""


FeedMark = FeedGap | FeedUnreadable
"""What stands between changes, and says that they are not all."""
