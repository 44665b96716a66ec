"""Finds the shipments that paper names by its codes."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final

from zendera_desk.api import wire
from zendera_desk.api.values import WireError
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.numbers import candidates, named
from zendera_desk.domain.paper import Code
from zendera_desk.domain.shipment import Shipment
from zendera_desk.store import numbers, shipments
from zendera_desk.store.database import Database

_STEP: Final = 100
"""Shipments whose numbers are written in one transaction: some ten milliseconds, which nobody who types waits for."""


class Finding:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._whole: set[AccountId] = set()
        """Accounts each of whose shipments has its numbers."""
        self._completing = asyncio.Lock()

    async def orders(self, account: AccountId, codes: Sequence[Code]) -> tuple[OrderId, ...]:
        """None, one, or several among which a person must choose."""
        if not codes:
            return ()
        await self.complete(account)
        wanted = [number for code in codes for number in candidates(code)]
        return named(codes, await self._database.read(numbers.find, account, wanted))

    async def complete(self, account: AccountId) -> None:
        """What came from an older or mended file has no numbers yet: they are read out of the originals, once."""
        async with self._completing:
            await self._complete(account)

    async def _complete(self, account: AccountId) -> None:
        if account in self._whole:
            return
        if await self._database.read(numbers.is_whole, account):
            self._whole.add(account)
            return
        missing = await self._database.read(numbers.unindexed, account)
        for start in range(0, len(missing), _STEP):
            found = await self._database.read(shipments.originals, account, missing[start : start + _STEP])
            read = await asyncio.to_thread(_read, list(found.values()))
            await self._database.write(numbers.index_all, account, read)
        await self._database.write(numbers.note_whole, account)
        self._whole.add(account)


def _read(originals: Sequence[bytes]) -> list[Shipment]:
    found = []
    for original in originals:
        with contextlib.suppress(WireError):  # read once, by an older program; now only by a person
            found.append(wire.read_shipment(original))
    return found
