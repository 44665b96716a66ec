"""The colli board: product by product and stop by stop, what was planned, what we reported and what the product feed says.

One pure function of what is known. The changes are a set: late, repeated and out-of-order ones give the same board, whatever
order they came in, because only Zendera's own times decide, and where two are of the same moment, the words themselves.

What is not there is no difference at once: Zendera's feed takes its time. A report that the feed does not bear out counts as a
difference when the feed is known to be complete up to a moment well after the report (`Spot.since`). And what nobody can name to us,
the feed will never bear out: that is a word of its own, and no difference.

Whether Zendera's dispatchers were told of something since is judged by what this desk knew when it reported (`ProductChange.known_at`):
its own clock beside Zendera's times says nothing, and may be wrong by hours.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

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
    """Reported as complete, and pending by the feed."""
    NEVER_SEEN = "never_seen"
    """Reported as complete, and the feed never named it."""
    PENDING_AGAIN = "pending_again"
    """The feed said completed, and then pending."""
    NOT_READY = "not_ready"
    REMOVED = "removed"
    REMOVED_AFTER_COMPLETED = "removed_after_completed"
    COMPLETED_AGAINST_REPORT = "completed_against_report"
    """The feed says completed where we reported that no one was there, or that we cannot handle it."""
    UNKNOWN_WORD = "unknown_word"
    """Reported as complete, and the feed says a word that this version does not know."""
    CANNOT_TELL = "cannot_tell"
    """No difference: by what the order says of the product, no change can be told to be about it."""


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
    mark: str = ""
    """Of what is found: another one as soon as anything about it is another."""
    acknowledged: bool = False
    """A person has said that they know of it: it does not count."""

    @property
    def may_count(self) -> bool:
        return self.finding not in {None, Finding.CANNOT_TELL} and not self.acknowledged

    def counts(self, fed_until: datetime | None) -> bool:
        """Whether it is a difference for certain. `fed_until`: up to when all changes are here; None: that is not known."""
        return self.may_count and (self.since is None or (fed_until is not None and fed_until >= self.since))


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


class Differing(NamedTuple):
    """So many products of a shipment have the same finding at a stop."""

    stop: StopKind
    finding: Finding
    some: int
    of: int
    """That were planned."""


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

    def differing(self, fed_until: datetime | None) -> tuple[Differing, ...]:
        """All that differs for certain, stop by stop."""
        planned = sum(product.planned for product in self.products)
        found = [(stop, finding, self.found(stop, finding, fed_until)) for stop in StopKind for finding in Finding]
        return tuple(Differing(stop, finding, some, max(some, planned)) for stop, finding, some in found if some)

    def differs(self, fed_until: datetime | None) -> bool:
        return any(self.may_acknowledge(stop, fed_until) for stop in StopKind)

    def may_acknowledge(self, stop: StopKind, fed_until: datetime | None) -> bool:
        """Whether there is anything there that a person may say that they know of."""
        return any(product.at(stop).counts(fed_until) for product in self.products)

    def acknowledged(self, stop: StopKind) -> int:
        """How many products have a finding there that a person knows of."""
        return sum(product.at(stop).acknowledged for product in self.products)

    def marks(self, stop: StopKind, fed_until: datetime | None) -> list[str]:
        """Of what counts there."""
        return sorted({product.at(stop).mark for product in self.products if product.at(stop).counts(fed_until)})

    def differs_from(self) -> datetime | None:
        """The earliest moment up to which the feed must be complete for this to be a difference; None: nothing is found.

        The beginning of time where it is one at once, so that a store can compare it with the cursor.
        """
        spots = [product.at(stop) for product in self.products for stop in StopKind]
        return min((spot.since or _ALWAYS for spot in spots if spot.may_count), default=None)


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """A person said that they know of what differs at a stop; or, where it `undoes`, that what was said last there counts no more."""

    stop: StopKind
    at: datetime
    undoes: bool = False
    marks: tuple[str, ...] = ()
    by: str = ""
    desk: str = ""

    @property
    def count(self) -> int:
        """Of how many products."""
        return len(self.marks)


def in_force(said: Iterable[Acknowledgement], stop: StopKind) -> list[Acknowledgement]:
    """Those of these, the oldest first, that were not taken back."""
    stands: list[Acknowledgement] = []
    for one in said:
        if one.stop is stop and not one.undoes:
            stands.append(one)
        elif one.stop is stop and stands:
            stands.pop()
    return stands


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What else a board hangs on."""

    acknowledged: tuple[Acknowledgement, ...] = ()
    """The oldest first."""
    shared: frozenset[str] = frozenset()
    """Numbers and barcodes of the parcels without id that parcels without id of other shipments have, too."""


_ALWAYS: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_NOTHING: Final = Known()


def board(parcels: Sequence[Parcel], changes: Iterable[ProductChange], entries: Sequence[Entry], known: Known = _NOTHING) -> Board:
    """`changes`: all that were matched to the shipment, in any order. `entries`: all of the shipment, in the order they were made."""
    stops = {stop: _at(stop, entries, known) for stop in StopKind}
    said = _by_product(parcels, changes)
    lines = [
        _line(_planned(parcel), said.pop(place, ()), stops, nameable=_is_nameable(parcels, place, known))
        for place, parcel in enumerate(parcels)
    ]
    others = sorted(said.items(), key=lambda each: str(each[0]))
    lines += [_line(_unplanned(changes_of), changes_of, stops) for _, changes_of in others]
    return Board(products=tuple(lines), pickup=stops[StopKind.PICKUP].report, delivery=stops[StopKind.DELIVERY].report)


def all_completed(parcels: Sequence[Parcel], completed: Iterable[ProductChange]) -> bool:
    """Whether these changes, of one stop, say of every product that it is completed there."""
    return bool(parcels) and _by_product(parcels, completed).keys() >= set(range(len(parcels)))


class _Stop(msgspec.Struct, frozen=True):
    """What is known of one of the two."""

    kind: StopKind
    report: Entry | None
    marks: frozenset[str]
    """Of what a person knows of."""


def _at(stop: StopKind, entries: Sequence[Entry], known: Known) -> _Stop:
    marks = frozenset(mark for one in in_force(known.acknowledged, stop) for mark in one.marks)
    return _Stop(stop, _standing_report(entries, stop), marks)


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


def _is_nameable(parcels: Sequence[Parcel], place: int, known: Known) -> bool:
    """Whether a change can be told to be about this parcel and no other."""
    if parcels[place].product_id is not None:
        return True
    others = {name for other, parcel in enumerate(parcels) if other != place and parcel.product_id is None for name in _names(parcel)}
    return bool(_names(parcels[place]) - others - known.shared)


def _names(parcel: Parcel) -> AbstractSet[str]:
    return {parcel.internal_number, parcel.barcode} - {""}


# What it says


def _line(product: Product, changes: Collection[ProductChange], stops: dict[StopKind, _Stop], *, nameable: bool = True) -> Product:
    spots = {
        stop: _spot([change for change in changes if change.stop is stop], at, product, nameable=nameable) for stop, at in stops.items()
    }
    return msgspec.structs.replace(product, pickup=spots[StopKind.PICKUP], delivery=spots[StopKind.DELIVERY])


def _spot(changes: Sequence[ProductChange], stop: _Stop, product: Product, *, nameable: bool) -> Spot:
    last = max(changes, key=_when, default=None)
    finding = _found(changes, last, stop.report, product, nameable=nameable)
    mark = _mark(finding, last, stop.report, product)
    return Spot(
        status=last.status if last is not None else None,
        word=last.status_word if last is not None and last.status is ProductStatus.UNKNOWN else "",
        at=last.at if last is not None else None,
        finding=finding,
        since=_since(finding, stop.report),
        mark=mark,
        acknowledged=mark in stop.marks,
    )


def _when(change: ProductChange) -> tuple[datetime, int, str]:
    return change.at, _WEIGHT[change.status], change.status_word


def _mark(finding: Finding | None, last: ProductChange | None, report: Entry | None, product: Product) -> str:
    """A hash: it is stored, and says nothing of anybody's goods. "" where nothing is found. Names are no part of it: they stay what they
    are, and a store has them not always at hand."""
    if finding is None:
        return ""
    parts = (
        *(finding, product.product_id, product.number, product.barcode),
        *((last.at, last.status, last.status_word) if last is not None else ()),
        report and (report.made_at, report.event_at, report.status),
    )
    return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()[:24]


def _found(
    changes: Sequence[ProductChange], last: ProductChange | None, report: Entry | None, product: Product, *, nameable: bool
) -> Finding | None:
    if last is None:
        return _unsaid(report, product, nameable=nameable)
    if _was_told(report, last, changes):
        return None
    return _finding(last.status, any(change.status is ProductStatus.COMPLETED for change in changes), report, product)


def _unsaid(report: Entry | None, product: Product, *, nameable: bool) -> Finding | None:
    """The feed never named it there."""
    if not product.planned:
        return None
    if not nameable:
        return Finding.CANNOT_TELL
    return Finding.NEVER_SEEN if report is not None and report.status is Status.COMPLETE else None


def _was_told(report: Entry | None, last: ProductChange, changes: Iterable[ProductChange]) -> bool:
    """Zendera's dispatchers have been told since that not all went as planned: a person who knew of it has dealt with it. It was known
    from the first of `changes` on that said it."""
    if report is None or report.status is Status.COMPLETE or last.status is ProductStatus.COMPLETED:
        return False
    known = [change.known_at for change in changes if change.known_at is not None and _when(change) == _when(last)]
    return bool(known) and min(known) <= report.made_at


def _finding(status: ProductStatus, was_completed: bool, report: Entry | None, product: Product) -> Finding | None:
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


def _missing(status: ProductStatus, reported: Status | None) -> Finding | None:
    """Of a product that the order has: removed without more ado, or not what was reported."""
    if status is ProductStatus.REMOVED:
        return Finding.REMOVED
    if reported is not Status.COMPLETE:
        return None
    return Finding.UNKNOWN_WORD if status is ProductStatus.UNKNOWN else Finding.PENDING


def _since(finding: Finding | None, report: Entry | None) -> datetime | None:
    """What the feed does not say yet, it may still say; what it has said, it has said."""
    if finding not in {Finding.PENDING, Finding.NEVER_SEEN, Finding.UNKNOWN_WORD} or report is None:
        return None
    return (report.ended_at or report.made_at) + GRACE
