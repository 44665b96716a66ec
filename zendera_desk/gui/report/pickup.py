"""A delivery is reported complete before anybody reported the pickup: worth a line, with the way to mend it. It stops nothing."""

from PySide6.QtCore import QObject, Signal

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.report import Status
from zendera_desk.domain.rules import is_pickup_open
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui.report.needs import HistoryDesk
from zendera_desk.gui.report.offer import Offer
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr


class PickupFirst(QObject):
    learned = Signal()
    asked = Signal()
    """A person wants to report the pickup first."""

    def __init__(self, desk: HistoryDesk, spawn: Spawn, line: Offer) -> None:
        super().__init__(line)
        self._desk, self._spawn, self._line = desk, spawn, line
        self._opened: OpenShipment | None = None
        self._is_open = False
        line.taken.connect(lambda _choice: self.asked.emit())

    def look(self, opened: OpenShipment | None) -> None:
        """The shipment as it was just read; the same one is looked at once."""
        if opened is self._opened:
            return
        same = opened is not None and self._opened is not None and opened.line.order_id == self._opened.line.order_id
        self._opened, self._is_open = opened, self._is_open and same
        if opened is not None:
            self._spawn(self._learn(opened), "look whether the pickup was reported")

    def show_for(self, status: Status, stop: StopKind) -> None:
        if self._is_open and status is Status.COMPLETE and stop is StopKind.DELIVERY:
            self._line.offer(tr("The pickup has not been reported."), [tr("Report pickup first")])
        else:
            self._line.withdraw()

    async def _learn(self, opened: OpenShipment) -> None:
        try:
            entries = [story.entry for story in await self._desk.history(opened.line.order_id)]
        except DeskError:
            return
        if opened is self._opened:
            self._is_open = is_pickup_open(opened.line.phase, entries)
            self.learned.emit()
