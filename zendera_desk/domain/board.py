"""The colli board: product by product and stop by stop, what was planned, what we reported and what the product feed says.

One pure function of what is known. The changes are a set: late, repeated and out-of-order ones give the same board, whatever
order they came in, because only Zendera's own times decide, and where two are of the same moment, the words themselves.

What is not there is no difference at once: Zendera's feed takes its time. A report that the feed does not bear out counts as a
difference when the feed is known to be complete up to a moment well after the report (`Spot.since`), never by this PC's clock.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from zendera_desk.domain.feed import ProductChange, ProductStatus
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import Parcel, StopKind

GRACE: Final = timedelta(minutes=15)
"""So long the feed may take to show what was reported."""

_RECEIVED: Final = frozenset({State.SENT, State.CONFIRMED})
_WEIGHT: Final = {
    ProductStatus.UNKNOWN: 0,
    ProductStatus.PENDING: 1,
    ProductStatus.NOT_READY: 2,
    ProductStatus.REMOVED: 3,
    ProductStatus.COMPLETED: 4,
}
"""Which of two words of the same moment is taken for the later one: the one that is further on. A new board must not hang on the
order in which they came."""
_NOT_HANDED_OVER: Final = frozenset({Status.NO_ONE_THERE, Status.CANNOT_HANDLE})


class Finding(StrEnum):
    """What stands out about a product at a stop."""

    PENDING = "pending"
    """Reported as complete, and the feed does not say so."""
    PENDING_AGAIN = "pending_again"
    """The feed said completed, and then pending."""
    NOT_READY = "not_ready"
    REMOVED = "removed"
    REMOVED_AFTER_COMPLETED = "removed_after_completed"
    COMPLETED_AGAINST_REPORT = "completed_against_report"
    """The feed says completed where we reported that no one was there, or that we cannot handle it."""
    UNKNOWN_WORD = "unknown_word"
    """Reported as complete, and the feed says a word that this version does not know."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One product at one stop."""

    status: ProductStatus | None = None
    """What the feed said last, by its own time; None: it never named the product here."""
    word: str = ""
    """As it came, where `status` is UNKNOWN."""
    at: datetime | None = None
    """When, by the feed."""
    finding: Finding | None = None
    since: datetime | None = None
    """The finding counts as soon as the feed is complete up to this moment; None: at once."""

    def counts(self, fed_until: datetime | None) -> bool:
        """Whether it is a difference for certain. `fed_until`: up to when all changes are here; None: that is not known."""
        return self.finding is not None and (self.since is None or (fed_until is not None and fed_until >= self.since))


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the board."""

    product_id: int | None = None
    number: str = ""
    barcode: str = ""
    name: str = ""
    quantity: float | None = None
    planned: bool = True
    """False: the feed names it for this shipment, and the order does not have it (any more)."""
    pickup: Spot = Spot()
    delivery: Spot = Spot()

    def at(self, stop: StopKind) -> Spot:
        return self.pickup if stop is StopKind.PICKUP else self.delivery


class Board(msgspec.Struct, frozen=True, kw_only=True):
    products: tuple[Product, ...] = ()
    pickup: Entry | None = None
    """The report that stands for the stop: the last that Zendera took."""
    delivery: Entry | None = None

    def report(self, stop: StopKind) -> Entry | None:
        return self.pickup if stop is StopKind.PICKUP else self.delivery

    def found(self, stop: StopKind, finding: Finding, fed_until: datetime | None) -> int:
        """How many products have it there."""
        return sum(product.at(stop).finding is finding and product.at(stop).counts(fed_until) for product in self.products)

    def differs(self, fed_until: datetime | None) -> bool:
        return any(product.at(stop).counts(fed_until) for product in self.products for stop in StopKind)

    def differs_from(self) -> datetime | None:
        """The earliest moment up to which the feed must be complete for this to be a difference; None: nothing is found.

        The beginning of time where it is one at once, so that a store can compare it with the cursor.
        """
        spots = [product.at(stop) for product in self.products for stop in StopKind]
        return min((spot.since or _ALWAYS for spot in spots if spot.finding is not None), default=None)


_ALWAYS: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def board(parcels: Sequence[Parcel], changes: Iterable[ProductChange], entries: Sequence[Entry]) -> Board:
    """`changes`: all that were matched to the shipment, in any order. `entries`: all of the shipment, in the order they were made."""
    reports = {stop: _standing_report(entries, stop) for stop in StopKind}
    said = _by_product(parcels, changes)
    lines = [_line(_planned(parcel), said.pop(place, ()), reports) for place, parcel in enumerate(parcels)]
    others = sorted(said.items(), key=lambda each: str(each[0]))
    lines += [_line(_unplanned(changes_of), changes_of, reports) for _, changes_of in others]
    return Board(products=tuple(lines), pickup=reports[StopKind.PICKUP], delivery=reports[StopKind.DELIVERY])


def _standing_report(entries: Sequence[Entry], stop: StopKind) -> Entry | None:
    received = [entry for entry in entries if entry.kind is Kind.REPORT and entry.stop is stop and entry.state in _RECEIVED]
    return received[-1] if received else None


def _planned(parcel: Parcel) -> Product:
    return Product(
        product_id=parcel.product_id,
        number=parcel.internal_number,
        barcode=parcel.barcode,
        name=parcel.name or parcel.description,
        quantity=parcel.quantity,
    )


def _unplanned(changes: Collection[ProductChange]) -> Product:
    first = min(changes, key=_when)
    return Product(product_id=first.product_id, number=first.product_number, planned=False)


# Which product a change is about

_Place = int | tuple[int | None, str]
"""A parcel's place in the order; of a product that the order does not have, its id and number."""


def _by_product(parcels: Sequence[Parcel], changes: Iterable[ProductChange]) -> dict[_Place, list[ProductChange]]:
    said: dict[_Place, list[ProductChange]] = {}
    for change in changes:
        for place in _places(parcels, change) or [(change.product_id, change.product_number)]:
            said.setdefault(place, []).append(change)
    return said


def _places(parcels: Sequence[Parcel], change: ProductChange) -> list[_Place]:
    """By its id; where nothing has that, by internal number, then barcode. A number can name a kind of product: where several
    parcels with ids of their own have it, it says nothing about any one of them."""
    same = [place for place, parcel in enumerate(parcels) if parcel.product_id == change.product_id]
    if same and change.product_id is not None:
        return list(same)
    if not change.product_number:
        return []
    by_number = [place for place, parcel in enumerate(parcels) if parcel.internal_number == change.product_number]
    by_number = by_number or [place for place, parcel in enumerate(parcels) if parcel.barcode == change.product_number]
    without_id = [place for place in by_number if parcels[place].product_id is None]
    if change.product_id is not None:
        return list(without_id)  # one with another id is another product
    return list(by_number if len(by_number) == 1 else without_id)


# What it says


def _line(product: Product, changes: Collection[ProductChange], reports: dict[StopKind, Entry | None]) -> Product:
    spots = {stop: _spot([change for change in changes if change.stop is stop], reports[stop], product) for stop in StopKind}
    return msgspec.structs.replace(product, pickup=spots[StopKind.PICKUP], delivery=spots[StopKind.DELIVERY])


def _spot(changes: Sequence[ProductChange], report: Entry | None, product: Product) -> Spot:
    last = max(changes, key=_when, default=None)
    was_completed = any(change.status is ProductStatus.COMPLETED for change in changes)
    status = last.status if last is not None else None
    finding = None if last is not None and _was_told(report, last) else _finding(status, was_completed, report, product)
    return Spot(
        status=status,
        word=last.status_word if last is not None and status is ProductStatus.UNKNOWN else "",
        at=last.at if last is not None else None,
        finding=finding,
        since=_since(finding, report),
    )


def _when(change: ProductChange) -> tuple[datetime, int, str]:
    return change.at, _WEIGHT[change.status], change.status_word


def _was_told(report: Entry | None, last: ProductChange) -> bool:
    """Zendera's dispatchers have been told since that not all went as planned: a person has dealt with it."""
    if report is None or report.status is Status.COMPLETE or last.status is ProductStatus.COMPLETED:
        return False
    return (report.ended_at or report.made_at) >= last.at


def _finding(status: ProductStatus | None, was_completed: bool, report: Entry | None, product: Product) -> Finding | None:
    reported = report.status if report is not None else None
    if status is ProductStatus.COMPLETED:
        return Finding.COMPLETED_AGAINST_REPORT if reported in _NOT_HANDED_OVER else None
    if status is ProductStatus.REMOVED and was_completed:
        return Finding.REMOVED_AFTER_COMPLETED
    if status is ProductStatus.PENDING and was_completed:
        return Finding.PENDING_AGAIN
    if status is ProductStatus.NOT_READY:
        return Finding.NOT_READY
    return _missing(status, reported) if product.planned else None


def _missing(status: ProductStatus | None, reported: Status | None) -> Finding | None:
    """Of a product that the order has: removed without more ado, or not what was reported."""
    if status is ProductStatus.REMOVED:
        return Finding.REMOVED
    if reported is not Status.COMPLETE:
        return None
    return Finding.UNKNOWN_WORD if status is ProductStatus.UNKNOWN else Finding.PENDING


def _since(finding: Finding | None, report: Entry | None) -> datetime | None:
    """What the feed does not say yet, it may still say; what it has said, it has said."""
    if finding not in {Finding.PENDING, Finding.UNKNOWN_WORD} or report is None:
        return None
    return (report.ended_at or report.made_at) + GRACE
