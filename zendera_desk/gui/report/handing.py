"""Reports that were handed over to the window and are not answered yet, by their orders: whichever form is open when the answer comes."""

from PySide6.QtCore import QObject, Signal

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.gui.report.begun import Begun
from zendera_desk.gui.report.keeper import DraftKeeper
from zendera_desk.gui.spawn import Spawn


class HandingOver(QObject):
    asked = Signal(object, object, object, bool)
    """OrderId, Draft, the confirmed codes (frozenset), whether the next shipment shall follow: all as they were when Send was pressed."""

    def __init__(self, keeper: DraftKeeper[OrderId, Draft | Begun], spawn: Spawn, parent: QObject) -> None:
        super().__init__(parent)
        self._keeper, self._spawn = keeper, spawn
        self._under_way: dict[OrderId, Draft] = {}

    def has(self, order: OrderId | None) -> bool:
        return order in self._under_way

    def begin(self, order: OrderId, draft: Draft, confirmed: frozenset[str], then_next: bool) -> None:
        self._under_way[order] = draft
        self._keeper.keep(order, draft)
        self._spawn(self._hand_over(order, draft, confirmed, then_next), "hand over the report")

    def answered(self, order: OrderId) -> Draft | None:
        """What was handed over; None where it was not from here."""
        return self._under_way.pop(order, None)

    async def _hand_over(self, order: OrderId, draft: Draft, confirmed: frozenset[str], then_next: bool) -> None:
        """The draft is on disk before it is sent: whatever ends in between, nothing typed is lost."""
        on_disk = False
        try:
            on_disk = await self._keeper.flush(only=order)
        finally:
            if not on_disk:
                self._under_way.pop(order, None)
        if on_disk:
            self.asked.emit(order, draft, confirmed, then_next)
