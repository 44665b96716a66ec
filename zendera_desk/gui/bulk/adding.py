"""More shipments for the grid: one that is typed, or those that were offered."""

from collections.abc import Callable, Sequence
from typing import Protocol

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import View
from zendera_desk.gui.bulk.foot import BulkBar
from zendera_desk.gui.bulk.sheet import Sheet
from zendera_desk.gui.words import tr


class FindsShipments(Protocol):
    async def shipment_ids(self, view: View, text: str = ...) -> list[OrderId]: ...


class Adding:
    """`settle` takes over what is being typed in a cell, before rows come; `added` is called when they came."""

    def __init__(self, desk: FindsShipments, sheet: Sheet, bar: BulkBar, settle: Callable[[], None], added: Callable[[], None]) -> None:
        self._desk, self._sheet, self._bar, self._settle, self._added = desk, sheet, bar, settle, added

    def add(self, ids: Sequence[OrderId]) -> bool:
        """Those that are not in it yet. False where all were."""
        self._settle()
        came = self._sheet.add(ids) > 0
        if came:
            self._added()
        return came

    async def find(self) -> None:
        """One that the words name for certain; else what to do is said."""
        text = self._bar.add.text().strip()
        found = await self._desk.shipment_ids(View.ALL, text) if text else []
        if self._sheet.frozen:
            return  # what was typed stays
        if len(found) == 1:
            self._bar.add.clear()
            self._bar.say(tr("Added") if self.add(found) else tr("It is in this report already."))
        elif text:
            several = tr("{n} shipments match. Type more of it.", n=len(found))
            self._bar.say(several if found else tr("No shipment matches."), trouble=True)
