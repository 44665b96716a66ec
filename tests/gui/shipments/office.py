"""A real desk on a real store, and Zendera's rows put into it as a walk of the export would; nothing happens by itself."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from support.day import HandClock
from support.told import told
from zendera_desk.api import wire
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.changes import ShipmentsChanged
from zendera_desk.domain.feed import FeedPage, ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.shipment import StopKind
from zendera_desk.settings import Settings
from zendera_desk.store import board, feed, feed_evidence, outbox, shipments


class Office:
    def __init__(self, desk: Desk, clock: HandClock) -> None:
        self.desk = desk
        self.clock = clock

    async def arrive(self, *rows: dict[str, object]) -> None:
        """New and corrected rows, each a moment later than the one before, so that their order is certain."""
        account = self.desk.account
        assert account is not None
        for exported in wire.read_export(json.dumps({"shipments": rows}).encode()).rows:
            order_id = exported.shipment.order_id
            known = await self.desk._database.read(shipments.originals, account.id, [order_id])
            differences = tuple(wire.differences(known[order_id], exported.original)) if order_id in known else ()
            arrived = shipments.Arrived(exported=exported, differences=differences)
            await self.desk._database.write(shipments.put, account.id, [arrived], self.clock.move(seconds=1))
            self.desk.changes.publish(ShipmentsChanged(frozenset({order_id})))

    async def says(self, order: int, status: ProductStatus, stop: StopKind = StopKind.PICKUP) -> None:
        """The product feed, of the only product of a `row`; and there is no more of it."""
        account, now = self.desk.account, self.clock.move(seconds=1)
        assert account is not None
        change = told(now, product_id=2**60 + order, product_number=f"PROD-{order}", stop=stop, status=status)
        write = self.desk._database.write
        await write(feed.start, account.id, now)
        await write(feed_evidence.take, account.id, FeedPage(changes=(change,), token=now.isoformat()), now)
        await write(board.settle, account.id)
        self.desk.changes.publish(ShipmentsChanged(frozenset({OrderId(order)})))

    async def failed_and_corrected(self, row: dict[str, object], times: int) -> None:
        """The order has used that many strikes, and Zendera has corrected it after each."""
        order_id = OrderId(int(str(row["orderId"])))
        for turn in range(times):
            written = await self.desk.fail([order_id], "Missing data")
            for state in (State.DUE, State.SENDING, State.SENT):
                await self.desk._database.write(outbox.move, written.entries[0], state)
            self.clock.move(minutes=1)
            await self.arrive({**row, "internalOrderNumber": f"turn {turn}"})


def row(order_id: int, **more: object) -> dict[str, object]:
    return {
        "orderId": order_id,
        "reference": f"A-{order_id}",
        "sender": {"name": "Nordlys Møbler AS", "address": {"address1": "Industriveien 3", "postalCode": "0581", "city": "Oslo"}},
        "delivery": {
            "name": f"Receiver {order_id}",
            "address": {"address1": "Strandgaten 14", "postalCode": "5003", "city": "Bergen", "country": "Norway"},
            "contact": {"name": "Kari Nordmann", "phoneNumber": "+47 22 33 44 55", "emailAddress": "kari@nordlys.example"},
        },
        "parcels": [
            {"id": str(2**60 + order_id), "internalNumber": f"PROD-{order_id}", "name": "EUR-pallet", "quantity": 2, "weight": 120.5}
        ],
        **more,
    }


@asynccontextmanager
async def open_office(folder: Path) -> AsyncIterator[Office]:
    clock = HandClock()
    desk = await Desk.open(
        folder, Settings(made_by="Kari", desk="front"), zone=ZoneInfo("Europe/Oslo"), keys=Keys(find=lambda: ()), clock=clock, by_hand=True
    )
    await desk.open_passing_account("Nordlys", "http://127.0.0.1:9", "a-key")
    yield Office(desk, clock)
    await desk.close()
