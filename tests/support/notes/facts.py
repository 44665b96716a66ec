"""What stands on a made-up consignment note, and the shipment that it belongs to."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import Address, CashOnDelivery, Contact, Parcel, Shipment, Stop, StopKind


@dataclass(frozen=True, kw_only=True)
class Place:
    name: str
    street: str
    postal: str
    city: str
    country: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Row:
    marks: str
    colli: int
    packing: str
    goods: str
    kilograms: int
    barcode: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    language: str
    order_id: int
    order_number: str
    reference: str
    sender: Place
    consignee: Place
    rows: tuple[Row, ...]
    day: date
    signee: str
    cash: int
    """To be collected; 0: nothing."""
    codes: tuple[tuple[str, str], ...]
    """Kind and text of what is printed to be scanned; the first is the large one."""

    def shipment(self) -> Shipment:
        return Shipment(
            order_id=OrderId(self.order_id),
            order_number=self.order_number,
            references=(("customerReference", self.reference),),
            pickup=Stop(kind=StopKind.PICKUP, address=_address(self.sender)),
            delivery=Stop(kind=StopKind.DELIVERY, address=_address(self.consignee), contacts=(Contact(name=self.signee),)),
            parcels=tuple(Parcel(name=row.goods, quantity=row.colli, weight_kg=row.kilograms, barcode=row.barcode) for row in self.rows),
            cash_on_delivery=CashOnDelivery(amount=Decimal(self.cash), currency="NOK") if self.cash else None,
        )


def facts(seed: int, *, number: int | None = None) -> Facts:
    """The same for the same seed; different seeds share no number. `number`: the order id, where a test needs a certain one."""
    rng = random.Random(f"facts {seed}")
    order_id = 48_100_000 + seed * 13 if number is None else number
    language = rng.choice(tuple(_PEOPLE))
    rows = tuple(_row(rng, order_id, place) for place in range(rng.randint(1, 5)))
    day = date(2026, 11, 2) + timedelta(days=rng.randrange(18))
    order_number = f"{rng.choice(('NL', 'FB', 'TR'))}-26-{order_id % 100_000:05d}{rng.randrange(10)}"
    made = Facts(
        language=language,
        order_id=order_id,
        order_number=order_number,
        reference=f"{rng.choice(('A', 'PO', 'K', 'WEB'))}-{order_id % 1_000_000:06d}",
        sender=_place(rng, language, _SENDERS),
        consignee=_place(rng, language, _CONSIGNEES),
        rows=rows,
        day=day,
        signee=rng.choice(_PEOPLE[language]),
        cash=rng.choice((0, 0, 0, 1250, 4890, 12_400)),
        codes=(),
    )
    return _with_codes(rng, made)


def _with_codes(rng: random.Random, made: Facts) -> Facts:
    sscc = made.rows[0].barcode
    main = rng.choice(
        (
            ("code128", str(made.order_id)),
            ("code128", made.order_number),
            ("gs1-128", f"(00){sscc}"),
            ("code39", made.order_number),
            ("code128", sscc),
            ("itf", str(made.order_id)),
        )
    )
    beside = rng.choice(
        ((), (), (("qr", made.order_number),), (("datamatrix", sscc),), (("qr", f"https://spor.example/s?id={made.order_id}"),))
    )
    return replace(made, codes=(main, *beside))


def _row(rng: random.Random, order_id: int, place: int) -> Row:
    goods, packing, least, most = rng.choice(_GOODS)
    colli = rng.randint(1, 12)
    return Row(
        marks=f"{order_id % 1000:03d}/{place + 1}",
        colli=colli,
        packing=packing,
        goods=goods,
        kilograms=colli * rng.randint(least, most),
        barcode=_with_check_digit(f"3707{order_id:09d}{place:04d}"),
    )


def _with_check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def _place(rng: random.Random, language: str, names: tuple[str, ...]) -> Place:
    country, places, streets, phone = _LANDS[language]
    postal, city = rng.choice(places)
    digits = "".join(rng.choice("0123456789") for _ in range(7))
    return Place(
        name=rng.choice(names),
        street=f"{rng.choice(streets)} {rng.randint(1, 140)}",
        postal=postal,
        city=city,
        country=country,
        phone=f"{phone} {digits[:3]} {digits[3:5]} {digits[5:]}",
    )


def _address(place: Place) -> Address:
    return Address(name=place.name, line1=place.street, postal_code=place.postal, city=place.city, country=place.country)


_SENDERS: Final = (
    "Nordlys Møbler AS",
    "Fjellheim Engros AS",
    "Østkyst Byggvare",
    "Bølgen & Sønner A/S",
    "Västkust Plåt AB",
    "Hamar Bruk AS",
)
_CONSIGNEES: Final = (
    "Byggmakker Sandnes",
    "Lærkevej Vinduer ApS",
    "Café Ångström AB",
    "Solbakken Sykehjem",
    "Rørlegger Kåre Lie",
    "Havnens Jernvarer",
    "Granåsen Skole",
    "Optiker Åkesson",
)
_GOODS: Final = (
    ("Vinduer, karm 12x14", "PALL", 60, 190),
    ("Sofa 3-seter, emballert", "KOLLI", 38, 74),
    ("Fliselim C2TE 20 kg", "SEKK", 20, 20),
    ("Maling 10 l hvit", "KRT", 12, 16),
    ("Plåtdetaljer enl. ritning", "EUR", 80, 420),
    ("Kjøkkenfronter ask", "KRT", 14, 33),
    ("Reservedeler div.", "KOLLI", 2, 18),
    ("Hyllesystem stål grå", "PALL", 90, 260),
)
_NORWEGIAN: Final = (("0150", "Oslo"), ("5003", "Bergen"), ("4306", "Sandnes"), ("7010", "Trondheim"), ("9008", "Tromsø"))
_LANDS: Final = {
    "nb": ("Norge", _NORWEGIAN, ("Storgata", "Industriveien", "Havnegata"), "+47 4"),
    "da": (
        "Danmark",
        (("2100", "København Ø"), ("8000", "Aarhus C"), ("5000", "Odense C")),
        ("Lærkevej", "Havnegade", "Industrivej"),
        "+45 2",
    ),
    "sv": ("Sverige", (("411 03", "Göteborg"), ("211 20", "Malmö"), ("753 20", "Uppsala")), ("Storgatan", "Hamngatan"), "+46 70"),
    "en": ("Norway", _NORWEGIAN, ("Harbour Road", "Strandgata", "Terminal Road"), "+47 9"),
}
_PEOPLE: Final = {
    "nb": ("Kari Nordmann", "Ola Bråten", "Sigrid Åsheim", "Tor Vik", "Berit Løkken"),
    "da": ("Jens Kjær", "Mette Søndergård", "Lars Holm"),
    "sv": ("Anna Öberg", "Per Lindqvist", "Eva Sjöström"),
    "en": ("John Smith", "Emma Clarke", "Piotr Nowak"),
}
