"""The export: pages of shipments, read under every spelling that Zendera's sister APIs make likely.

The specification names most of a shipment only as concepts, so every name below but `orderId`, `metadata` and
`contributorMetadata` is an assumption, and this module is the one place where they are made. Plain decoded objects are
read instead of typed structs, because a struct that meets one field of an unexpected type refuses the whole shipment.
What no name here fits stays in the original bytes and is shown under "All fields".
"""

from collections.abc import Iterator
from datetime import datetime

from zendera_desk.api.values import Node, WireError, decode, members, rows
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import (
    Address,
    BrokenRow,
    CashOnDelivery,
    Contact,
    Coordinates,
    Exported,
    ExportPage,
    Parcel,
    Shipment,
    Stop,
    StopKind,
)

PARCELS = ("parcels", "products", "orderProducts", "orderRows", "goods", "colli", "packages")
PRODUCT_ID = ("orderProductId", "productId", "id")
PRODUCT_NUMBER = ("orderProductInternalNumber", "internalNumber", "productInternalNumber")
BARCODE = ("barcode", "barcodeId", "barCode", "sscc")

_STOPS = {
    StopKind.PICKUP: ("pickup", "sender", "pickupLocation", "senderAddress", "pickupAddress", "consignor", "shipper", "from"),
    StopKind.DELIVERY: (
        "delivery",
        "receiver",
        "recipient",
        "deliveryLocation",
        "deliveryAddress",
        "receiverAddress",
        "recipientAddress",
        "consignee",
        "to",
    ),
}
_STOP_CONTACTS = {
    StopKind.PICKUP: ("pickupContact", "senderContact"),
    StopKind.DELIVERY: ("deliveryContact", "receiverContact", "recipientContact"),
}
_SINGLE_REFERENCES = (
    "reference",
    "customerReference",
    "orderReference",
    "senderReference",
    "receiverReference",
    "deliveryReference",
    "pickupReference",
)
_ORDER_NUMBERS = ("internalOrderNumber", "orderNumber", "orderSerial", "internalNumber")
_PAGE_KEYS = frozenset({"page", "perPage", "total", "totalPages"})
_WINDOWS = ("timeWindow", "window", "timeSlot")
_MOST_ROWS = 10_000
"""Asked for are fifty; a server that gives all it has at once gives hundreds."""


def read_export(body: bytes) -> ExportPage:
    """One page; an empty body is an empty page, and so is one whose list was left out or is null.

    Rows come in Zendera's order and an `orderId` that is there twice stays twice: only a walk in which every row came once
    is clean, so whoever walks must see it. Raises WireError where it is no page of the export.
    """
    if not body.strip():
        return ExportPage(rows=(), is_silent=True)
    envelope = members(body)
    if "shipments" not in envelope and envelope and not _PAGE_KEYS & envelope.keys():
        raise WireError("an object without shipments")
    good: list[Exported] = []
    broken: list[BrokenRow] = []
    for original in rows(envelope.get("shipments", b"null"), _MOST_ROWS):
        try:
            good.append(Exported(shipment=read_shipment(original), original=original))
        except WireError as error:
            broken.append(BrokenRow(original=original, why=str(error), order_id=_order_id(original)))
    numbers = {key: _count(envelope[key]) for key in _PAGE_KEYS & envelope.keys()}
    return ExportPage(
        rows=tuple(good),
        broken=tuple(broken),
        page=numbers.get("page") or 1,
        total=numbers.get("total"),
        total_pages=numbers.get("totalPages"),
    )


def _count(original: bytes) -> int | None:
    """What is no number of anything costs the page no row."""
    try:
        return Node(decode(original)).count()
    except WireError:
        return None


def read_shipment(original: bytes) -> Shipment:
    """What a row means. Raises WireError with the reason where not even its order id can be told."""
    return shipment_at(Node(decode(original)))


def _order_id(original: bytes) -> OrderId | None:
    """Of a row that cannot be read: at least whose it is, where that much of it can be."""
    try:
        ids = [Node(decode(value)).id() for name, value in members(original).items() if name in {"orderId", "order_id"}]
    except WireError:
        return None
    return OrderId(ids[0]) if len(ids) == 1 and ids[0] is not None and ids[0] >= 0 else None


def shipment_at(row: Node) -> Shipment:
    if not isinstance(row.value, dict):
        raise WireError("not an object")
    order_id = row.get("orderId", "order_id").id()
    if order_id is None or order_id < 0:
        raise WireError("no order id")
    number = row.get(*_ORDER_NUMBERS)
    return Shipment(
        order_id=OrderId(order_id),
        order_number=number.text(),
        references=_references(row, number),
        pickup=_stop(row, StopKind.PICKUP),
        delivery=_stop(row, StopKind.DELIVERY),
        parcels=tuple(_parcel(node) for node in row.get(*PARCELS).items()),
        carrier_service=_named(row.get("carrierService", "carrierServiceName", "service")),
        cash_on_delivery=_cash(row.get("cashOnDelivery", "cod")),
        instructions=row.get("instructions", "comment", "comments", "note", "notes", "description").text(),
    )


def _first(nodes: list[Node], *names: str) -> str:
    """The first text under any of the names in any of the places."""
    return next((text for node in nodes for name in node.each(*names) if (text := name.text())), "")


def _named(node: Node) -> str:
    """A thing that is its name, or an object that has one."""
    return node.text() or node.get("name", "displayName", "title", "serviceName", "code", "id").text()


def _references(row: Node, number: Node) -> tuple[tuple[str, str], ...]:
    """All that somebody may quote on the phone; our own order of names, because the first is shown in the list."""
    found: list[tuple[str, str]] = []
    for name, node in ((name, row.get(name)) for name in _SINGLE_REFERENCES):
        if node.text():
            found.append((name, node.text()))
    references = row.get("references")
    plain = [text for node in references.items() if (text := node.text())]
    found.extend(("reference" if index == 1 else f"reference {index}", text) for index, text in enumerate(plain, start=1))
    if not plain:
        found.extend(references.pairs())
    found.extend((name, node.text()) for name in _ORDER_NUMBERS for node in row.each(name) if node.path != number.path and node.text())
    return tuple(found)


def _stop(row: Node, kind: StopKind) -> Stop:
    """Read from everything that describes this stop: an address may stand under `sender` and its times under `pickup`."""
    nodes = list(row.each(*_STOPS[kind]))
    windows = [window for node in nodes for window in node.each(*_WINDOWS)]
    return Stop(
        kind=kind,
        address=_address(nodes),
        contacts=tuple(dict.fromkeys(_contacts(row, nodes, kind))),
        earliest=_moment(nodes + windows, "earliest", "earliestTime", "timeFrom", "from", "start"),
        latest=_moment(nodes + windows, "latest", "latestTime", "timeTo", "to", "end"),
        instructions=_first(nodes, "instructions", "deliveryInstructions", "pickupInstructions", "comment", "note"),
    )


def _moment(nodes: list[Node], *names: str) -> datetime | None:
    return next((moment for node in nodes for name in node.each(*names) if (moment := name.moment())), None)


def _address(nodes: list[Node]) -> Address:
    inner = [address for node in nodes for address in node.each("address", "location")]
    inner += [address for node in inner for address in node.each("address")]
    written = next((text for address in inner if (text := address.text())), "")
    places = inner + nodes
    return Address(
        name=_first(nodes, "name", "companyName", "company") or _first(inner, "name", "companyName"),
        line1=_first(places, "address1", "addressLine1", "line1", "streetAddress", "street") or written,
        line2=_first(places, "address2", "addressLine2", "line2"),
        postal_code=_first(places, "postalCode", "postCode", "postcode", "zipCode", "zip"),
        city=_first(places, "city", "town", "postalPlace"),
        country=_first(places, "country", "countryName", "countryCode"),
        coordinates=_coordinates(places),
    )


def _coordinates(places: list[Node]) -> Coordinates | None:
    """Only a whole and possible position; 0, 0 is protobuf's default and lies in the sea."""
    points = [point for place in places for point in place.each("coordinates", "position", "geo")]
    for place in points + places:
        latitude = place.get("latitude", "lat").number()
        longitude = place.get("longitude", "lng", "lon").number()
        if latitude is None or longitude is None or not (latitude or longitude):
            continue
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return Coordinates(latitude=latitude, longitude=longitude)
    return None


def _contacts(row: Node, nodes: list[Node], kind: StopKind) -> Iterator[Contact]:
    people = [person for node in nodes for group in node.each("contacts", "contact", "contactPerson") for person in group.items()]
    people += row.each(*_STOP_CONTACTS[kind])
    for person in people:
        contact = _contact(person, person.get("name", "fullName").text() or person.text())
        if contact != Contact():
            yield contact
    for node in nodes:  # a phone number beside the address belongs to whoever is there
        contact = _contact(node, node.get("contactName").text())
        if contact != Contact():
            yield contact


def _contact(node: Node, name: str) -> Contact:
    first_last = " ".join(part for part in (node.get("firstName").text(), node.get("lastName").text()) if part)
    return Contact(
        name=name or first_last,
        phone=_first([node], "phoneNumber", "phone", "mobile", "mobileNumber", "telephone"),
        email=_first([node], "emailAddress", "email"),
    )


def _parcel(node: Node) -> Parcel:
    sized = [node, *node.each("dimensions", "size", "measurements")]

    def size(*names: str) -> float | None:
        return next((number for place in sized for name in place.each(*names) if (number := name.number()) is not None), None)

    return Parcel(
        product_id=_product_id(node),
        internal_number=_first([node], *PRODUCT_NUMBER),
        name=_first([node], "name", "productName", "title") or node.text(),
        description=_first([node], "description", "comment"),
        quantity=size("quantity", "count"),
        weight_kg=size("weight", "weightKg", "grossWeight"),
        length_cm=size("length", "lengthCm"),
        width_cm=size("width", "widthCm"),
        height_cm=size("height", "heightCm"),
        volume_m3=size("volume", "volumeM3"),
        barcode=_first([node], *BARCODE),
        metadata=node.get("metadata").pairs(),
        contributor_metadata=node.get("contributorMetadata").pairs(),
    )


def _product_id(node: Node) -> int | None:
    """A row of goods whose id is beyond 64 bits, or is no number, merely cannot be joined to the feed: the shipment is fine."""
    for name in node.each(*PRODUCT_ID):
        try:
            number = name.id()
        except WireError:
            number = None
        if number is not None:
            return number
        node.read.discard(name.path)
    return None


def _cash(node: Node) -> CashOnDelivery | None:
    """None without an amount: to collect nothing is no cash on delivery."""
    amount = node.get("amount", "value", "price").decimal() if isinstance(node.value, dict) else node.decimal()
    if not amount:
        return None
    return CashOnDelivery(
        amount=amount,
        currency=node.get("currency", "currencyCode").text(),
        reference=node.get("reference", "kid", "paymentReference").text(),
    )
