"""A shipment as Zendera exported it: two stops, the parcels between them, and what the office must know.

Everything is optional but the order id, because the specification names these things only as concepts and a missing
postcode must not hide a shipment. The original JSON is kept beside it, byte for byte, and is what "All fields" shows.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from zendera_desk.domain.ids import OrderId


class StopKind(StrEnum):
    """Which of the two stops something happened at; the values are Zendera's `location`."""

    PICKUP = "PICKUP"
    DELIVERY = "DELIVERY"


class Coordinates(msgspec.Struct, frozen=True, kw_only=True):
    """Degrees, WGS 84. Latitude -90 to 90, longitude -180 to 180."""

    latitude: float
    longitude: float


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """Postal codes are text: "0123" is Oslo, and 123 is nowhere."""

    name: str = ""
    line1: str = ""
    line2: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    coordinates: Coordinates | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    phone: str = ""
    email: str = ""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One end of the journey. `earliest` and `latest` are aware; either may be open."""

    kind: StopKind
    address: Address = Address()
    contacts: tuple[Contact, ...] = ()
    earliest: datetime | None = None
    latest: datetime | None = None
    instructions: str = ""


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One row of goods. Kilograms, centimetres, cubic metres. `product_id` and `internal_number` join it to the product feed."""

    product_id: int | None = None
    internal_number: str = ""
    name: str = ""
    description: str = ""
    quantity: float | None = None
    weight_kg: float | None = None
    length_cm: float | None = None
    width_cm: float | None = None
    height_cm: float | None = None
    volume_m3: float | None = None
    barcode: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    contributor_metadata: tuple[tuple[str, str], ...] = ()


class CashOnDelivery(msgspec.Struct, frozen=True, kw_only=True):
    amount: Decimal
    currency: str = ""
    reference: str = ""


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    order_id: OrderId
    order_number: str = ""
    """The shipper's own number of the order, where there is one besides `order_id`."""
    references: tuple[tuple[str, str], ...] = ()
    """Name and value. A single `reference` string comes as ("reference", value)."""
    pickup: Stop = Stop(kind=StopKind.PICKUP)
    delivery: Stop = Stop(kind=StopKind.DELIVERY)
    parcels: tuple[Parcel, ...] = ()
    carrier_service: str = ""
    cash_on_delivery: CashOnDelivery | None = None
    instructions: str = ""

    @property
    def reference(self) -> str:
        """The first reference: what the list shows."""
        return self.references[0][1] if self.references else ""

    @property
    def colli(self) -> int:
        """Pieces to carry: the sum of the quantities; a row without a quantity counts as one."""
        return sum(max(1, round(parcel.quantity)) if parcel.quantity else 1 for parcel in self.parcels)

    @property
    def weight_kg(self) -> float | None:
        """The sum of the rows' weights; None when no row has one."""
        weights = [parcel.weight_kg for parcel in self.parcels if parcel.weight_kg is not None]
        return sum(weights) if weights else None

    def stop(self, kind: StopKind) -> Stop:
        return self.pickup if kind is StopKind.PICKUP else self.delivery


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the export: what it means, and the bytes it was read from."""

    shipment: Shipment
    original: bytes


class BrokenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of Zendera's that we could not read. It is kept, shown and never acknowledged."""

    original: bytes
    why: str
    order_id: OrderId | None = None
    """Where at least that can be told."""


class ExportPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the export. `total` and `total_pages` are None where the answer left them out."""

    rows: tuple[Exported, ...]
    broken: tuple[BrokenRow, ...] = ()
    page: int = 1
    total: int | None = None
    total_pages: int | None = None
    is_silent: bool = False
    """The answer had no body at all. That is an empty list, but nobody has said that it is empty."""
