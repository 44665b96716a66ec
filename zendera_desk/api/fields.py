"""A shipment's original, field by field: for "All fields", and for what Zendera changed between two versions.

Two originals differ in order of keys, spaces and spellings without meaning anything else, so what we understand is
compared by what it means, and the rest by its path.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

import msgspec

from zendera_desk.api.shipments import BARCODE, PARCELS, PRODUCT_ID, PRODUCT_NUMBER, shipment_at
from zendera_desk.api.values import Node, WireError, decode, scalar_text
from zendera_desk.domain.shipment import Shipment, Stop, StopKind
from zendera_desk.domain.views import Difference


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One value of the original."""

    path: str
    """As in `parcels[2].metadata.batch`."""
    steps: tuple[str, ...] = ()
    """The names on the way to it, and `[2]` in a list: a name may have a dot in it."""
    value: str
    known: bool
    """We read it into the shipment. False is what nobody else would ever show."""


def all_fields(original: bytes) -> tuple[Field, ...]:
    """Every value of a row in its own order, also of one that was set aside. Raises WireError where it is no JSON."""
    row = Node(decode(original))
    with suppress(WireError):  # a row that was set aside is shown as far as it was read
        shipment_at(row)
    return tuple(
        Field(path=leaf.path, steps=steps, value=scalar_text(leaf.value), known=leaf.path in row.read) for leaf, steps in row.walk()
    )


def differences(old: bytes, new: bytes) -> tuple[Difference, ...]:
    """What Zendera changed: the domain's names ("delivery.postal_code"), and dotted paths for what we do not know.

    Parcels are compared with themselves, also where their order changed; those that are gone are numbered after those that
    are there. Raises WireError where either is no shipment.
    """
    new_row = Node(decode(new))
    before = _told(Node(_aligned(decode(old), new_row.value)))
    after = _told(new_row)
    return tuple(
        Difference(field=field, old=before.get(field, ""), new=after.get(field, ""))
        for field in dict.fromkeys((*after, *before))
        if before.get(field, "") != after.get(field, "")
    )


def _told(row: Node) -> dict[str, str]:
    """All that a row says, by name. What is left out and what is empty say the same."""
    meanings = dict(_meanings(shipment_at(row), ""))
    for leaf in row.leaves():
        if leaf.path not in row.read and leaf:
            meanings.setdefault(leaf.path, scalar_text(leaf.value))
    return meanings


def _meanings(value: object, path: str) -> Iterator[tuple[str, str]]:
    match value:
        case None | "" | StopKind():
            return
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from _meanings(getattr(value, name), _path(value, name, path))
        case (str() as name, str() as text):
            yield f"{path}.{name}", text
        case tuple():
            for index, element in enumerate(value):
                yield from _meanings(element, path if isinstance(element, tuple) else f"{path}[{index}]")
        case datetime():
            yield path, value.isoformat()
        case float():
            yield path, f"{value:.12g}"
        case Decimal():
            yield path, f"{value.normalize():f}"
        case _:
            yield path, str(value)


def _path(owner: msgspec.Struct, name: str, path: str) -> str:
    """An address is its stop's: "delivery.postal_code"."""
    if isinstance(owner, Shipment):
        return name
    return path if isinstance(owner, Stop) and name == "address" else f"{path}.{name}"


def _aligned(old: object, new: object) -> object:
    """The old row with its parcels in the new row's order, empty ones standing for those that are new."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return old
    for name in PARCELS:
        before, after = old.get(name), new.get(name)
        if isinstance(before, list) and isinstance(after, list):
            places = {_identity(parcel): parcel for parcel in before}
            wanted = Counter(_identity(parcel) for parcel in after)  # in their order, and quick to ask
            if "" not in places and len(places) == len(before) and max(wanted.values(), default=0) == 1:
                gone = [parcel for identity, parcel in places.items() if identity not in wanted]
                old = {**old, name: [places.get(identity, {}) for identity in wanted] + gone}
    return old


def _identity(parcel: object) -> str:
    node = Node(parcel)
    return next((text for names in (PRODUCT_ID, PRODUCT_NUMBER, BARCODE) if (text := node.get(*names).text())), "")
