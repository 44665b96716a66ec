"""Draws shipments: the JSON of one order as Zendera plausibly spells it.

The public pages name the parts of a shipment only as concepts; this is one believable, consistent spelling of them. A few
shipments are doubtful, as in real life: each such flaw knows how the dispatcher will mend it.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from zendera_desk.simulator.places import COUNTRIES, DENMARK, GOODS, ICELAND, NORWAY, SERVICES, SWEDEN, Country, Place

JsonObject = dict[str, Any]
"""JSON as it goes over the wire. Untyped on purpose: tests give it shapes that no type foresees."""

Mend = Callable[[JsonObject], None]

_FIRST_ORDER = 4_710_001
_FIRST_PRODUCT = 880_001
_STAIRS = ("", "", "", "A", "B")
_BEYOND_DOUBLES = 2**53 + 1
"""Some product ids start here: whoever reads them as floating point gets the wrong product."""


class Drawn(NamedTuple):
    """A shipment, and how its flaw is mended (None: it has none)."""

    shipment: JsonObject
    mend: Mend | None


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC with `Z`, as Zendera writes times."""
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at.microsecond // 1000:03d}Z" if at.microsecond >= 1000 else "Z")


class Drawing:
    """Draws one shipment after the other; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"{seed} shipments")
        self._mending = random.Random(f"{seed} mending")
        self._count = 0
        self._products = 0
        self._warehouses: dict[str, JsonObject] = {}

    def draw(self, now: datetime) -> Drawn:
        self._count += 1
        number = self._count
        sender_country, receiver_country = self._countries()
        cash = self._cash(receiver_country, number)
        shipment: JsonObject = {
            "orderId": _FIRST_ORDER + number - 1,
            "orderSerial": f"NL-{now.year % 100:02d}-{number:05d}",
            "references": {"customerReference": f"A-{1000 + self._random.randrange(9000)}"},
            "carrierService": dict(zip(("id", "code", "name"), self._random.choice(SERVICES), strict=True)),
            "sender": self._sender(sender_country, now),
            "delivery": self._receiver(receiver_country, number),
            "parcels": self._parcels(number),
        }
        if self._random.random() < 0.4:
            shipment["references"]["purchaseOrder"] = f"PO{self._random.randrange(10**6):06d}"
        if cash is not None:
            shipment["cashOnDelivery"] = cash
        self._windows(shipment, now)
        self._rarities(shipment)
        return Drawn(shipment, self._flaw(shipment, receiver_country))

    def place(self, address: JsonObject) -> Place:
        """Another place in the address's country, for a correction."""
        return self._mending.choice([each for each in _country(address).places if each.postal_code != address.get("postalCode")])

    def correction(self, address: JsonObject) -> str:
        """What a dispatcher writes who found nothing to change, in the address's language."""
        return _country(address).corrected

    def _countries(self) -> tuple[Country, Country]:
        sender = self._random.choices(COUNTRIES, (70, 12, 13, 5))[0]
        abroad = sender is not ICELAND and self._random.random() < 0.15
        return sender, self._random.choice((NORWAY, DENMARK, SWEDEN)) if abroad else sender

    def _address(self, country: Country, place: Place) -> JsonObject:
        return {
            "address1": f"{self._random.choice(country.streets)} {self._random.randrange(1, 120)}{self._random.choice(_STAIRS)}",
            "address2": "",
            "postalCode": place.postal_code,
            "city": place.city,
            "country": country.name,
            "latitude": f"{place.latitude + self._random.uniform(-0.01, 0.01):.6f}",
            "longitude": f"{place.longitude + self._random.uniform(-0.01, 0.01):.6f}",
        }

    def _contact(self, country: Country) -> JsonObject:
        first, last = self._random.choice(country.first_names), self._random.choice(country.last_names)
        return {
            "firstName": first,
            "lastName": last,
            "phoneNumber": "".join(str(self._random.randrange(10)) if mark == "#" else mark for mark in country.phone),
            "emailAddress": f"{_plain(first)}.{_plain(last)}@example.com",
        }

    def _sender(self, country: Country, now: datetime) -> JsonObject:
        name, place = self._random.choice(country.warehouses)
        known = self._warehouses.get(name)
        if known is None:
            known = {
                "locationId": str(9001 + len(self._warehouses)),
                "internalNumber": f"LOC-warehouse-{len(self._warehouses) + 1}",
                "name": name,
                "address": self._address(country, place),
                "contact": self._contact(country),
            }
            self._warehouses[name] = known
        return {**known, "address": dict(known["address"]), "contact": dict(known["contact"]), "instructions": ""}

    def _receiver(self, country: Country, number: int) -> JsonObject:
        contact = self._contact(country)
        person = self._random.random() < 0.7
        return {
            "locationId": str(91_000 + number),
            "internalNumber": f"LOC-{91_000 + number}",
            "name": f"{contact['firstName']} {contact['lastName']}" if person else self._random.choice(country.companies),
            "address": self._address(country, self._random.choice(country.places)),
            "contact": contact,
            "instructions": self._random.choice(country.instructions) if self._random.random() < 0.6 else "",
        }

    def _parcels(self, number: int) -> list[JsonObject]:
        """One to four rows, one to twelve colli together."""
        colli = self._random.choices(range(1, 13), (30, 20, 14, 10, 7, 5, 4, 3, 2, 2, 2, 1))[0]
        rows: list[JsonObject] = []
        while colli > 0 and len(rows) < 4:
            pieces = colli if len(rows) == 3 else self._random.randrange(1, colli + 1)
            colli -= pieces
            rows.append(self._parcel(number, len(rows) + 1, pieces))
        return rows

    def _parcel(self, number: int, row: int, pieces: int) -> JsonObject:
        article, name, length, width, height, light, heavy = self._random.choice(GOODS)
        self._products += 1
        base = _BEYOND_DOUBLES if self._products % 5 == 0 else _FIRST_PRODUCT
        parcel: JsonObject = {
            "orderProductId": str(base + self._products),
            "orderProductInternalNumber": f"PROD-{article}-{number:05d}-{row}",
            "name": name,
            "description": "" if self._random.random() < 0.6 else f"Article {article}",
            "quantity": pieces,
            "weight": round(self._random.uniform(light, heavy) * pieces, 1),
            "length": length,
            "width": width,
            "height": height,
            "volume": round(length * width * height * pieces / 1e6, 3),
            "barcode": f"37{7_000_000_000_000_000 + number * 10_000 + row * 100 + self._random.randrange(100)}",
            "metadata": {"orderRow": str(row * 10), "articleNumber": article},
        }
        if pieces > 3:
            parcel["contributorMetadata"] = [
                {"tradeItem": f"{article}-{letter}", "quantity": str(count)}
                for letter, count in (("A", pieces - pieces // 3), ("B", pieces // 3))
            ]
        return parcel

    def _cash(self, country: Country, number: int) -> JsonObject | None:
        if self._random.random() >= 0.12:
            return None
        amount = self._random.randrange(20, 900) * (100 if country is ICELAND else 10) + (0 if country is ICELAND else 0.5)
        return {"amount": amount, "currency": country.currency, "reference": f"COD-{number:05d}"}

    def _windows(self, shipment: JsonObject, now: datetime) -> None:
        """Pickup in the next working hours, delivery some hours later or on one of the next days."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        pickup = _working(hour + timedelta(hours=self._random.randrange(4)))
        drive = timedelta(hours=self._random.randrange(2, 8), minutes=self._random.choice((0, 30)))
        arrival = _working(pickup + drive + timedelta(days=_nights(shipment)))
        shipment["sender"] |= {"earliest": stamp(pickup), "latest": stamp(pickup + timedelta(hours=2))}
        shipment["delivery"] |= {"earliest": stamp(arrival), "latest": stamp(arrival + timedelta(hours=self._random.choice((1, 2, 4))))}

    def _rarities(self, shipment: JsonObject) -> None:
        """Fields that no page mentions: they must be seen all the same."""
        draw = self._random.random()
        if draw < 0.06:
            shipment["temperatureZone"] = {"name": "Chilled", "minimumCelsius": 2, "maximumCelsius": 6}
        elif draw < 0.10:
            shipment["dangerousGoods"] = [{"unNumber": "UN1993", "packingGroup": "III", "netKg": 12.5}]
        elif draw < 0.14:
            shipment["customs"] = {"incoterm": "DAP", "procedure": None}

    def _flaw(self, shipment: JsonObject, country: Country) -> Mend | None:
        """About one in twelve is doubtful. The mend is drawn now, so that what drivers and people do does not change it."""
        draw = self._random.random()
        address: JsonObject = shipment["delivery"]["address"]
        right = str(address["postalCode"])
        if draw < 0.03:
            del address["postalCode"]
            return _setting(right)
        if draw < 0.06:
            address["postalCode"] = {"Norway": "0099", "Denmark": "9999", "Sweden": "999 99", "Iceland": "999"}[country.name]
            return _setting(right)
        if draw < 0.08:
            earliest, latest = shipment["delivery"].pop("earliest"), shipment["delivery"].pop("latest")
            return lambda mended: mended["delivery"].update(earliest=earliest, latest=latest)
        return None


def _country(address: JsonObject) -> Country:
    return next((each for each in COUNTRIES if each.name == address.get("country")), NORWAY)


def _setting(postal_code: str) -> Mend:
    return lambda mended: mended["delivery"]["address"].update(postalCode=postal_code)


def _nights(shipment: JsonObject) -> int:
    """How often the lorry driver sleeps on the way: one night for each three degrees of latitude."""
    north, south = (float(shipment[stop]["address"]["latitude"]) for stop in ("sender", "delivery"))
    return int(abs(north - south) / 3)


def _working(moment: datetime) -> datetime:
    """The moment, or 06:00 UTC of the next morning if it lies in the evening or at night."""
    if 5 <= moment.hour < 17:
        return moment
    return (moment if moment.hour < 5 else moment + timedelta(days=1)).replace(hour=6)


_LETTERS: dict[str, str | int | None] = dict(zip("æøåöäþðóáíúé -", ("ae", *"oaoa", "th", *"doaiue.."), strict=True))


def _plain(name: str) -> str:
    """A name as it stands in a mail address."""
    return name.lower().translate(str.maketrans(_LETTERS))
