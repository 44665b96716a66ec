"""Enter takes what is found for what is asked now."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import ShipmentLine, View
from zendera_desk.gui.paper.picker import ShipmentPicker
from zendera_desk.gui.spawn import Spawn

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
Until = Callable[[Callable[[], object]], Awaitable[None]]


class Shipments:
    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.may.set()

    async def shipment_ids(self, _view: View, text: str = "") -> list[OrderId]:
        return [OrderId(int(text))]

    async def shipment_lines(self, ids: Sequence[OrderId]) -> list[ShipmentLine]:
        await self.may.wait()
        return [ShipmentLine(order_id=order, seen_at=NOON) for order in ids]


async def test_enter_never_takes_what_was_found_for_the_document_before(
    spawn: Spawn, until: Until, show: Callable[[ShipmentPicker], ShipmentPicker]
) -> None:
    shipments, picked = Shipments(), list[OrderId]()
    picker = show(ShipmentPicker(shipments, spawn))
    picker.picked.connect(picked.append)
    picker.offer([OrderId(1)])
    await until(lambda: picker.found.count() == 1)
    shipments.may.clear()
    picker.offer([OrderId(2)])
    assert picker.found.count() == 0
    assert not picker.only_one
    picker.take_best()
    assert picked == []
    shipments.may.set()
    await until(lambda: picked == [2])
    shipments.may.clear()
    picker.field.setText("3")
    picker._search()  # the pause after the last key is over
    picker.take_best()
    assert picked == [2]
    shipments.may.set()
    await until(lambda: picked == [2, 3])
