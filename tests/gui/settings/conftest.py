"""A desk of which the preferences know no more than they call, and the page that shows it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pytest

from zendera_desk.domain.changes import Changes
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.paper import Code
from zendera_desk.domain.views import Account, DeskStatus, WatchedFolder
from zendera_desk.gui.settings.preferences import Preferences
from zendera_desk.gui.spawn import Spawn
from zendera_desk.settings import Settings
from zendera_desk.store.retention import Leaving

NORDLYS = Account(id=AccountId("nordlys"), name="Nordlys", base_url="https://staging.zenderatms.com/api/")


class ScannerFolder:
    """`desk.paper`, as far as the preferences go."""

    def __init__(self) -> None:
        self.stands = WatchedFolder()
        self.trouble: DeskError | None = None

    async def watch(self, folder: Path | None) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.stands = WatchedFolder(folder=str(folder or ""))

    async def watched(self, since: datetime) -> WatchedFolder:
        assert (since.hour, since.minute) == (0, 0), "counted from the beginning of the day"
        return self.stands


class Locksmith:
    zone: tzinfo = UTC

    def __init__(self) -> None:
        self.settings = Settings(made_by="Kari", desk="kontor-2")
        self.account: Account | None = NORDLYS
        self.changes = Changes()
        self.paper = ScannerFolder()
        self.trouble: dict[bool, DeskError] = {}
        self.replaced: list[tuple[str, bool]] = []
        self.seen = 7
        self.named: dict[str, tuple[OrderId, ...]] = {}

    def now(self) -> datetime:
        return datetime(2026, 6, 11, 12, 30, tzinfo=UTC)

    async def replace_key(self, key: str, keep_key: bool = True) -> None:
        if keep_key in self.trouble:
            raise self.trouble[keep_key]
        self.replaced.append((key, keep_key))

    async def leaving(self, proofs_days: int, shipments_days: int) -> Leaving:
        """A proof and a tenth of a shipment for each day of the last hundred and thousand."""
        return Leaving(max(0, 100 - proofs_days) if proofs_days else 0, max(0, 1000 - shipments_days) // 10 if shipments_days else 0)

    async def recognised(self) -> int:
        return self.seen

    async def status(self) -> DeskStatus:
        return DeskStatus(calls_limit=500)

    async def find_by_codes(self, codes: Sequence[Code]) -> tuple[OrderId, ...]:
        return self.named.get(codes[0].text, ())


@pytest.fixture
async def locksmith() -> Locksmith:
    return Locksmith()


@pytest.fixture
async def page(locksmith: Locksmith, spawn: Spawn, show: Callable[[Preferences], Preferences]) -> Preferences:
    return show(Preferences(locksmith, spawn))


@pytest.fixture
def heard(page: Preferences) -> list[Settings]:
    changes: list[Settings] = []
    page.changed.connect(changes.append)
    return changes
