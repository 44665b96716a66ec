"""Sends what is ready, row by row: what came of each is known at once, whatever becomes of the others, and the rest can be cancelled.

What is sent is what stood there when a person said so: shared values, rows and confirmations are copied at that moment, and the
grid is read only until the last of them is written down.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from zendera_desk.bulk import Bulk
from zendera_desk.domain.bulk import BulkRow
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.gui.bulk.sheet import Sheet

AT_ONCE: Final = 10
"""Rows between two times that it is shown, and looked at whether somebody cancelled."""


class Batch(NamedTuple):
    shared: Draft
    rows: tuple[BulkRow, ...]
    confirmed: Mapping[OrderId, frozenset[str]]


class Sending:
    """`progress` is told how many of how many are done; (0, 0) when it is over."""

    def __init__(self, bulk: Bulk, sheet: Sheet, progress: Callable[[int, int], None], shown: Callable[[], None]) -> None:
        self._bulk, self._sheet, self._progress, self._shown = bulk, sheet, progress, shown
        self._cancelled = False
        self.entries: list[EntryId] = []
        self.held_until: datetime | None = None
        """Of the first: so long all of them can be taken back."""

    @property
    def under_way(self) -> bool:
        return self._sheet.frozen

    def freeze(self) -> Batch:
        """What is ready, as it stands now. Nothing can be changed from here on, until `thaw`."""
        self._sheet.frozen, self._cancelled = True, False
        self.entries, self.held_until = [], None
        return Batch(self._sheet.shared, tuple(self._sheet.ready()), dict(self._sheet.confirmed))

    def thaw(self) -> None:
        self._sheet.frozen = False
        self._progress(0, 0)

    def cancel(self) -> None:
        """What is not sent yet stays in the grid."""
        self._cancelled = True

    async def send(self, batch: Batch) -> None:
        """Raises StoreError; what was sent until then is in `entries`, and the sheet knows of each."""
        for place, row in enumerate(batch.rows):
            if place % AT_ONCE == 0:
                if self._cancelled:
                    return
                self._shown()
                self._progress(place, len(batch.rows) if len(batch.rows) > AT_ONCE else 0)
            for result in await self._bulk.send(batch.shared, [row], batch.confirmed):
                if result.entry is not None:
                    self.entries.append(result.entry)
                    self.held_until = self.held_until or result.held_until
                self._sheet.tell([result])
