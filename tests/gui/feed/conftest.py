"""A feed that is stored as the program stores it, and a panel that reads it from there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.told import told
from unit.store.office import shipment
from zendera_desk.domain.feed import FeedPage, ProductStatus
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.shipment import Exported, Parcel, StopKind
from zendera_desk.domain.views import Account
from zendera_desk.gui.feed.panel import FeedPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.store import accounts, feed, shipments
from zendera_desk.store.database import Database
from zendera_desk.watch import Watch

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 13, 31, 2, tzinfo=UTC)
ACCOUNT = Account(id=AccountId("nordlys"), name="Nordlys", base_url="https://example.com/api/")

Until = Callable[[Callable[[], object]], Awaitable[None]]


class Shelf:
    """Each change is of a product of its own, P-1 the first, at one second after the other."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.count = 0
        self.account: Account | None = ACCOUNT
        self.connecting = False
        self.watch = Watch(database, account=lambda: self.account, engine=lambda: None, connecting=lambda: self.connecting)

    async def arrive(self, count: int, stop: StopKind = StopKind.DELIVERY, status: ProductStatus = ProductStatus.COMPLETED) -> None:
        numbers = range(self.count + 1, self.count + count + 1)
        self.count += count
        changes = tuple(
            told(
                at=NOW - timedelta(hours=3) + timedelta(seconds=number),
                product_id=number,
                product_number=f"P-{number}",
                location_number=f"LOC-{number % 7}",
                stop=stop,
                status=status,
                status_word=status.value,
                original=f'{{"orderProductId": {number}}}'.encode(),
            )
            for number in numbers
        )
        now = NOW + timedelta(seconds=self.count)
        await self._database.write(feed.put_page, ACCOUNT.id, FeedPage(changes=changes, token=f"{self.count}"), now)

    async def unreadable(self, *entries: bytes) -> None:
        now = NOW + timedelta(seconds=self.count + 0.5)
        await self._database.write(feed.put_page, ACCOUNT.id, FeedPage(changes=(), broken=entries, token=f"{self.count}"), now)

    async def forget(self) -> None:
        """As retention does after years."""
        await self._database.write(lambda conn: conn.execute("delete from feed_change"))

    async def own(self, order_id: int, *products: int) -> OrderId:
        """The shipment of these products comes."""
        parcels = [Parcel(product_id=number, internal_number=f"P-{number}", name=f"Crate {number}") for number in products]
        exported = Exported(shipment=shipment(order_id, parcels=parcels), original=b"{}")
        await self._database.write(shipments.put, ACCOUNT.id, [shipments.Arrived(exported=exported)], NOW)
        return OrderId(order_id)

    async def gap(self) -> None:
        now = NOW + timedelta(seconds=self.count + 0.5)
        await self._database.write(feed.restart, ACCOUNT.id, now, NOW - timedelta(days=1))


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    """With 60 changes."""
    database = await Database.open(tmp_path, NOW)
    await database.write(accounts.save, ACCOUNT, NOW)
    await database.write(feed.start, ACCOUNT.id, NOW - timedelta(days=1))
    made = Shelf(database)
    await made.arrive(60)
    yield made
    await database.close()


@pytest.fixture
async def make_panel(shelf: Shelf, spawn: Spawn, show: Callable[[FeedPanel], FeedPanel]) -> Callable[[], FeedPanel]:
    def make() -> FeedPanel:
        panel = FeedPanel(shelf.watch, lambda: NOW, spawn, zone=OSLO)
        panel.resize(300, 500)
        return show(panel)

    return make


@pytest.fixture
async def panel(make_panel: Callable[[], FeedPanel], until: Until) -> FeedPanel:
    made = make_panel()
    await until(lambda: made._model.count == 60)
    return made
