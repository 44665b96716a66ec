"""Who may sign at a stop: the contacts of the shipment, and who signed there before by what this desk sent."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from zendera_desk.api import wire
from zendera_desk.api.values import WireError
from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.shipment import Shipment, StopKind
from zendera_desk.domain.suggestions import KnownName, known_names, place_of
from zendera_desk.store import remembered
from zendera_desk.store.database import Database
from zendera_desk.store.remembered import Signed

_FORMS: Final = 16
"""Read at most: as many as can hold eight names twice."""


async def names_at(database: Database, account: AccountId, shipment: Shipment, stop: StopKind) -> tuple[KnownName, ...]:
    """Those of the shipment itself first, then those of this address, newest first."""
    address = shipment.stop(stop).address
    place = place_of(address)
    used: list[tuple[str, datetime]] = []
    if place:
        near = await database.read(remembered.signed, account, stop, address.postal_code, address.city)
        here = await asyncio.to_thread(_at, near, stop, place)
        names = await database.read(remembered.signees, [signed.entry for signed in here[:_FORMS]])
        used = [(names[signed.entry], signed.at) for signed in here if signed.entry in names]
    return known_names(shipment.stop(stop), used)


def _at(near: Sequence[Signed], stop: StopKind, place: str) -> list[Signed]:
    found = []
    for signed in near:
        with contextlib.suppress(WireError):
            if place_of(wire.read_shipment(signed.original).stop(stop).address) == place:
                found.append(signed)
    return found
