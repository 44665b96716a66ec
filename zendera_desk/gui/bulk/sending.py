"""Sends what is ready, some rows at a time, so that what came of each is seen while the others go, and the rest can be cancelled."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from zendera_desk.bulk import Bulk
from zendera_desk.domain.ids import EntryId
from zendera_desk.gui.bulk.sheet import Sheet

AT_ONCE: Final = 10
"""Rows between two looks at whether somebody cancelled."""


class Sending:
    """`progress` is told how many of how many are done; (0, 0) when it is over."""

    def __init__(self, bulk: Bulk, sheet: Sheet, progress: Callable[[int, int], None], shown: Callable[[], None]) -> None:
        self._bulk, self._sheet, self._progress, self._shown = bulk, sheet, progress, shown
        self.under_way = False
        self._cancelled = False
        self.entries: list[EntryId] = []
        self.held_until: datetime | None = None
        """Of the first: so long all of them can be taken back."""

    def cancel(self) -> None:
        """What is not sent yet stays in the grid."""
        self._cancelled = True

    async def send(self) -> None:
        """Raises StoreError; what was sent until then is in `entries`."""
        self.under_way, self._cancelled = True, False
        self.entries, self.held_until = [], None
        rows = self._sheet.ready()
        try:
            for first in range(0, len(rows), AT_ONCE):
                if self._cancelled:
                    return
                self._progress(first, len(rows) if len(rows) > AT_ONCE else 0)
                results = await self._bulk.send(self._sheet.shared, rows[first : first + AT_ONCE], self._sheet.confirmed)
                self.entries += [result.entry for result in results if result.entry is not None]
                self.held_until = self.held_until or next((each.held_until for each in results if each.held_until), None)
                self._sheet.tell(results)
                self._shown()
        finally:
            self.under_way = False
            self._progress(0, 0)
