"""The office that made-up paper comes to: a Zendera whose shipments have the numbers that stand on the notes, and a stack of those.

A stack costs a minute to draw. It is kept in the system's temporary folder, under a name that tells what it was drawn by.
"""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from PIL import Image

import support.notes
from support.notes import Facts, facts, note, pdf
from support.notes.facts import Place
from zendera_desk.desk import Desk
from zendera_desk.domain.views import Phase, View
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World

JsonObject = dict[str, Any]

DPI: Final = 200
QUALITY: Final = 50
PHOTO: Final = (3000, 4000)
PLAIN_LEAF: Final = 7
"""Every so manieth document of a stack has a second page, on which no code is printed."""


def order(made: Facts, number: int) -> JsonObject:
    """The shipment of a note, as Zendera writes it."""
    morning = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    first, _, last = made.signee.partition(" ")
    shipment: JsonObject = {
        "orderId": made.order_id,
        "orderSerial": made.order_number,
        "references": {"customerReference": made.reference},
        "carrierService": {"id": "1", "code": "STD", "name": "Standard"},
        "sender": _stop(made.sender, 9001, morning),
        "delivery": _stop(made.consignee, 91_000 + number, morning) | {"contact": {"firstName": first, "lastName": last}},
        "parcels": [
            {
                "orderProductId": str(990_000 + number * 10 + place),
                "orderProductInternalNumber": f"PROD-{made.order_id}-{place + 1}",
                "name": row.goods,
                "quantity": row.colli,
                "weight": row.kilograms,
                "barcode": row.barcode,
            }
            for place, row in enumerate(made.rows)
        ],
    }
    if made.cash:
        shipment["cashOnDelivery"] = {"amount": made.cash, "currency": "NOK", "reference": f"COD-{number:05d}"}
    return shipment


def _stop(place: Place, number: int, morning: datetime) -> JsonObject:
    return {
        "locationId": str(number),
        "internalNumber": f"LOC-{number}",
        "name": place.name,
        "address": {"address1": place.street, "postalCode": place.postal, "city": place.city, "country": place.country},
        "contact": {"firstName": "", "lastName": "", "phoneNumber": place.phone},
        "earliest": f"{morning:%Y-%m-%dT%H:%M:%SZ}",
        "latest": f"{morning + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}",
        "instructions": "",
    }


def zendera(notes: Sequence[Facts], limit: int = 1_000_000) -> RunningSimulator:
    """Where nothing happens by itself. Not started yet."""
    world = World(shipments=0, history=0)
    for number, made in enumerate(notes, 1):
        world.add_shipment(order(made, number))
    return RunningSimulator(world, limit=limit)


def page(seed: int, *, coded: bool = True) -> Image.Image:
    """As an office's scanner makes it of what the drivers bring back: some straight, some askew, stamped here and there."""
    skew = (0.0, 0.6, -1.1, 0.0, 2.4, -0.4)[seed % 6]
    return note(facts(seed), seed, dpi=DPI, skew=skew, noise=5 + seed % 4, stamp=seed % 3 == 0, coded=coded)


def leaves(pages: int, first: int = 0) -> list[tuple[int, bool]]:
    """Seed and whether it has a code, of each page: one document after the other."""
    found: list[tuple[int, bool]] = []
    seed = first
    while len(found) < pages:
        found.append((seed, True))
        if seed % PLAIN_LEAF == PLAIN_LEAF - 1 and len(found) < pages:
            found.append((seed, False))
        seed += 1
    return found


def stack(pages: int, first: int = 0) -> Path:
    """One PDF with so many pages."""
    drawn_by = b"".join(file.read_bytes() for file in (Path(__file__), *sorted(Path(support.notes.__file__).parent.glob("*.py"))))
    kept = kept_folder() / f"stack-{pages}-{first}-{hashlib.sha256(drawn_by).hexdigest()[:12]}.pdf"
    if not kept.exists():
        with ProcessPoolExecutor() as pool:
            drawn = list(pool.map(_drawn, leaves(pages, first)))
        half = kept.with_suffix(".half")
        half.write_bytes(pdf(drawn, dpi=DPI, quality=QUALITY))
        half.replace(kept)
    return kept


def _drawn(leaf: tuple[int, bool]) -> Image.Image:
    seed, coded = leaf
    return page(seed, coded=coded)


def photos(number: int) -> list[Path]:
    """Of 12 MP, each of another note on another desk."""
    folder = kept_folder() / "photos"
    folder.mkdir(exist_ok=True)
    found = [folder / f"IMG_{4100 + seed}.jpg" for seed in range(number)]
    for seed, path in enumerate(found):
        if not path.exists():
            note(facts(seed), seed, stamp=True, perspective=True).resize(PHOTO).save(path, quality=92)
    return found


def kept_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"zendera-desk-notes-{os.getuid() if hasattr(os, 'getuid') else 0}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


async def accepted(desk: Desk, number: int, hold: int) -> None:
    """What happened in the morning: all were accepted. From then on a send is held for so many seconds."""
    while len(orders := await desk.shipment_ids(View.ALL)) < number:  # noqa: ASYNC110 (as a person looks)
        await asyncio.sleep(0.1)
    await desk.accept(orders)
    while any(line.phase is not Phase.ACCEPTED for line in await desk.shipment_lines(orders)):  # noqa: ASYNC110 (as above)
        await asyncio.sleep(0.2)
    await desk.change_settings(msgspec.structs.replace(desk.settings, hold_seconds=hold))
