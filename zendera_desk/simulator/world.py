"""The demo world: what is true at Zendera's side, and what happens there by itself.

Time is virtual: `advance(to)` makes everything happen that is due up to a moment, in order, so that a test can live through
a day in a millisecond, and the same seed with the same requests gives the same day. All methods may be called from any thread.
"""

import copy
import heapq
import itertools
import random
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from zendera_desk.simulator.orders import Drawing, Drawn, JsonObject, Mend, stamp

Clock = Callable[[], datetime]

STRIKES = 5
"""An order leaves the export after this many failed attempts, and a dispatcher must act."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Tempo:
    """How often things happen by themselves, in seconds on average; None: never. `pace` 10 makes all of it ten times as fast.

    The clock itself keeps its speed, so that what Zendera stamps never lies in the future of the desk.
    """

    shipments_every: float | None = 180.0
    drivers_every: float | None = 5.0
    correction_after: float | None = 90.0
    withdrawn: float = 0.0
    """The chance that, beside a new shipment, an older one is taken out of the export: nothing tells a carrier so."""
    pace: float = 1.0


STILL = Tempo(shipments_every=None, drivers_every=None, correction_after=None)
"""Nothing happens but what the carrier or a test does."""


class Standing(StrEnum):
    WAITING = "waiting"
    EXPORTED = "exported"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"


@dataclass(kw_only=True)
class Event:
    """One row of the timeline, and when it became true."""

    at: datetime
    row: JsonObject


@dataclass(kw_only=True)
class Order:
    order_id: int
    shipment: JsonObject
    mend: Mend | None = None
    standing: Standing = Standing.WAITING
    strikes: int = 0
    corrections: int = 0
    events: list[Event] = field(default_factory=list)
    progress: dict[tuple[int, str], str] = field(default_factory=dict)
    """(place in `parcels`, stop) -> what the product feed said last."""

    def parcels(self) -> list[JsonObject]:
        parcels = self.shipment.get("parcels")
        return [parcel for parcel in parcels if isinstance(parcel, dict)] if isinstance(parcels, list) else []

    def open_at(self, stop: str) -> list[int]:
        """The places of the products that are still to be handled there."""
        return [place for place in range(len(self.parcels())) if self.progress.get((place, stop)) not in {"COMPLETED", "REMOVED"}]


def _part(holder: JsonObject, name: str, *, insert: bool = True) -> JsonObject:
    """The object in the holder; where a test gave something else or nothing, an empty one, put in its place if `insert`."""
    part = holder.get(name)
    if isinstance(part, dict):
        return part
    fresh: JsonObject = {}
    if insert:
        holder[name] = fresh
    return fresh


class World:
    """`clock` returns an aware UTC time. `advance` beyond it moves the world ahead of the clock by as much."""

    def __init__(self, seed: int = 1, clock: Clock = utc_now, *, shipments: int = 24, tempo: Tempo = STILL, history: int = 30) -> None:
        self.lock = threading.RLock()
        self.seed = seed
        self.tempo = tempo
        self.orders: dict[int, Order] = {}
        self._clock = clock
        self._ahead = timedelta()
        self._moment: datetime | None = None
        self._schedule: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._waiting: dict[int, Order] = {}
        self._under_way: dict[int, Order] = {}
        self._changes: list[JsonObject] = []
        self._change_times: list[int] = []
        self._drawing = Drawing(seed)
        self._life = random.Random(f"{seed} life")
        self._strangers(history)
        self.add_shipments(shipments)
        self._again(tempo.shipments_every, self._shipment_arrives)
        self._again(tempo.drivers_every, self._driver_reports)

    # Time

    def now(self) -> datetime:
        """The world's time; while something scheduled happens, the moment it was due."""
        with self.lock:
            return self._moment or self._clock() + self._ahead

    def advance(self, to: datetime | None = None) -> None:
        """Makes happen what is due up to `to` (default: now). The world never goes back."""
        with self.lock:
            clock = self._clock()
            until = clock + self._ahead if to is None else max(to, clock + self._ahead)
            while self._schedule and self._schedule[0][0] <= until:
                due, _, action = heapq.heappop(self._schedule)
                with self._at(due):
                    action()
            self._ahead = until - clock

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Runs `action` in the world's time, when `advance` gets there."""
        with self.lock:
            heapq.heappush(self._schedule, (self.now() + timedelta(seconds=seconds), next(self._numbers), action))

    @contextmanager
    def _at(self, moment: datetime) -> Iterator[None]:
        self._moment = moment
        try:
            yield
        finally:
            self._moment = None

    def _again(self, every: float | None, action: Callable[[], None]) -> None:
        if every is None:
            return

        def once() -> None:
            action()
            self._again(every, action)

        self.later(every * self._life.uniform(0.5, 1.5) / self.tempo.pace, once)

    # The export

    def add_shipments(self, count: int) -> list[int]:
        """Draws `count` shipments and dispatches them to the carrier."""
        with self.lock:
            return [self.add_shipment(*self._draw()) for _ in range(count)]

    def _draw(self) -> Drawn:
        """The next shipment whose number no given one has taken."""
        while (drawn := self._drawing.draw(self.now())).shipment["orderId"] in self.orders:
            pass
        return drawn

    def add_shipment(self, shipment: JsonObject, mend: Mend | None = None) -> int:
        """Dispatches a given shipment, as it is. Raises ValueError unless its `orderId` is a new whole number, or one as text."""
        with self.lock:
            given = shipment.get("orderId")
            if not (type(given) is int or (isinstance(given, str) and given.isdecimal())) or int(given) in self.orders:
                raise ValueError(f"orderId must be a new whole number, not {given!r}")
            order_id = int(given)
            order = Order(order_id=order_id, shipment=shipment, mend=mend)
            self.orders[order_id] = self._waiting[order_id] = order
            return order_id

    def export_page(self, page: int, per_page: int) -> tuple[list[JsonObject], int]:
        """Copies of that page's shipments, and how many the export has in all. Pages count from 1."""
        with self.lock:
            rows = itertools.islice(self._waiting.values(), (page - 1) * per_page, page * per_page)
            return [copy.deepcopy(order.shipment) for order in rows], len(self._waiting)

    def waiting(self) -> list[int]:
        """The orders in the export, in its order."""
        with self.lock:
            return list(self._waiting)

    def accept(self, order_id: int) -> None:
        """The carrier has it. Raises KeyError when the order is not in the export."""
        with self.lock:
            order = self._waiting.pop(order_id)
            order.standing = Standing.EXPORTED
            self._under_way[order_id] = order
            self._note(order, {"eventType": "EVENT_TYPE_ORDER_EXPORTED", "success": True, "timestamp": stamp(self.now())})
            for place in range(len(order.parcels())):
                if (place, "PICKUP") not in order.progress:  # a driver may have been there before: what they said stands
                    self._move(order, place, "PICKUP", "PENDING")

    def fail(self, order_id: int, reason: str) -> None:
        """One strike. A dispatcher corrects the order after a while, or it leaves the export for good. Raises KeyError."""
        with self.lock:
            order = self._waiting[order_id]
            order.strikes += 1
            row = {"eventType": "EVENT_TYPE_ORDER_EXPORTED", "success": False, "failureReason": reason, "timestamp": stamp(self.now())}
            self._note(order, row)
            if order.strikes >= STRIKES:
                order.standing = Standing.GIVEN_UP
                del self._waiting[order_id]
            elif self.tempo.correction_after is not None:
                wait = self.tempo.correction_after * self._life.uniform(0.6, 1.4) / self.tempo.pace
                self.later(wait, lambda: self.correct(order_id, reason))

    def withdraw(self, order_id: int) -> None:
        """The order is cancelled or replanned to another driver: it leaves the export without a word. Raises KeyError."""
        with self.lock:
            self._waiting.pop(order_id).standing = Standing.WITHDRAWN

    def correct(self, order_id: int, reason: str = "") -> None:
        """The dispatcher mends what is wrong with the order, or what the carrier says is wrong."""
        with self.lock:
            order = self._waiting.get(order_id)
            if order is None:
                return
            order.corrections += 1
            delivery = _part(order.shipment, "delivery")
            address = _part(delivery, "address")
            if order.mend is not None:
                order.mend(order.shipment)
                order.mend = None
            elif "post" in reason.lower() or "address" in reason.lower() or "location" in reason.lower():
                place = self._drawing.place(address)
                address.update(postalCode=place.postal_code, city=place.city, latitude=str(place.latitude), longitude=str(place.longitude))
            elif "window" in reason.lower():
                # a quarter past is never drawn at first: a correction always differs
                tomorrow = (self.now() + timedelta(days=1)).replace(hour=8, minute=15, second=0, microsecond=0)
                delivery.update(earliest=stamp(tomorrow), latest=stamp(tomorrow + timedelta(hours=8)))
            else:
                delivery["instructions"] = f"{delivery.get('instructions', '')} {self._drawing.correction(address)}".strip()

    # Reports and the timeline

    def report(self, order_id: int, status: str, location: str, row: JsonObject) -> None:
        """What the carrier says happened at a stop. Completing a stop completes its products. Raises KeyError."""
        with self.lock:
            order = self.orders[order_id]
            self._note(order, {"eventType": "EVENT_TYPE_ORDER_UPDATED", **row, "createdAt": stamp(self.now())})
            if status == "COMPLETE":
                for place in order.open_at(location):
                    self._complete(order, place, location)
                if location == "DELIVERY":
                    self._under_way.pop(order_id, None)
            elif status == "CANNOT_HANDLE_ORDER":
                self._under_way.pop(order_id, None)

    def timeline(self, order_id: int, hidden_for: float = 0.0) -> list[JsonObject]:
        """The order's events that are older than `hidden_for` seconds. Raises KeyError."""
        with self.lock:
            latest = self.now() - timedelta(seconds=hidden_for)
            return [dict(event.row) for event in self.orders[order_id].events if event.at <= latest]

    def _note(self, order: Order, row: JsonObject) -> None:
        order.events.append(Event(at=self.now(), row=row))

    # The product feed

    def changes(self, start: int, count: int) -> list[JsonObject]:
        """Up to `count` changes from the place `start` on; places count from 0 and never move."""
        with self.lock:
            return [dict(change) for change in self._changes[start : start + count]]

    def change_count(self) -> int:
        with self.lock:
            return len(self._changes)

    def first_change_since(self, milliseconds: int) -> int:
        """The place of the first change at that time or later."""
        with self.lock:
            return bisect_left(self._change_times, milliseconds)

    def move(self, order_id: int, place: int, stop: str, status: str) -> None:
        """A driver's change of one product, by its place in `parcels`. Raises KeyError and IndexError."""
        with self.lock:
            self._move(self.orders[order_id], place, stop, status)

    def _move(self, order: Order, place: int, stop: str, status: str) -> None:
        parcel = order.parcels()[place]
        end = _part(order.shipment, "sender" if stop == "PICKUP" else "delivery", insert=False)
        order.progress[place, stop] = status
        self._publish(
            {
                "orderProductId": str(parcel.get("orderProductId", "0")),
                "orderProductInternalNumber": str(parcel.get("orderProductInternalNumber", "")),
                "orderLocationId": str(end.get("locationId", "0")),
                "orderLocationInternalNumber": str(end.get("internalNumber", "")),
                "locationType": stop,
                "productStatusAtLocation": status,
            }
        )

    def _publish(self, change: JsonObject) -> None:
        newest = self._change_times[-1] if self._change_times else 0
        moment = max(newest, int(self.now().timestamp() * 1000))
        self._change_times.append(moment)
        self._changes.append({"timestamp": str(moment), **change})

    # What happens by itself

    def _shipment_arrives(self) -> None:
        self.add_shipments(self._life.choice((1, 1, 1, 2, 3)))
        untouched = [order.order_id for order in self._waiting.values() if not order.strikes]
        if untouched and self._life.random() < self.tempo.withdrawn:
            self.withdraw(self._life.choice(untouched))

    def _driver_reports(self) -> None:
        """One product of one of the oldest orders under way goes one step on; sometimes it is nobody's we know."""
        oldest = list(itertools.islice(self._under_way.values(), 12))
        if not oldest or self._life.random() < 0.12:
            self._strange_change()
            return
        order = self._life.choice(oldest)
        for stop in ("PICKUP", "DELIVERY"):
            if open_places := order.open_at(stop):
                self._step(order, self._life.choice(open_places), stop)
                return
        del self._under_way[order.order_id]

    def _step(self, order: Order, place: int, stop: str) -> None:
        draw = self._life.random()
        if stop == "PICKUP" and draw < 0.06 and order.progress.get((place, stop)) != "NOT_READY":
            self._move(order, place, stop, "NOT_READY")
        elif stop == "PICKUP" and draw < 0.09:
            self._move(order, place, "PICKUP", "REMOVED")
            self._move(order, place, "DELIVERY", "REMOVED")
        else:
            self._complete(order, place, stop)

    def _complete(self, order: Order, place: int, stop: str) -> None:
        self._move(order, place, stop, "COMPLETED")
        if stop == "PICKUP" and (place, "DELIVERY") not in order.progress:
            self._move(order, place, "DELIVERY", "PENDING")

    def _strange_change(self) -> None:
        number = self._life.randrange(1000, 9999)
        self._publish(
            {
                "orderProductId": str(770_000 + number),
                "orderProductInternalNumber": f"PROD-OTHER-{number}",
                "orderLocationId": str(95_000 + number % 40),
                "orderLocationInternalNumber": f"LOC-{95_000 + number % 40}",
                "locationType": self._life.choice(("PICKUP", "DELIVERY")),
                "productStatusAtLocation": self._life.choices(("COMPLETED", "PENDING", "NOT_READY", "REMOVED"), (80, 12, 5, 3))[0],
            }
        )

    def _strangers(self, count: int) -> None:
        """Changes of the last hour for products that are in no shipment of ours: the feed is never empty at first sight."""
        start = self.now() - timedelta(hours=1)
        for number in range(count):
            with self._at(start + timedelta(hours=1) * number / count):
                self._strange_change()
