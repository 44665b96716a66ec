"""The seconds of what is held, counted down in the list: one timer for all such rows, and none while nothing is held."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.views import ShipmentLine


class Countdown(QObject):
    second = Signal()
    """What is held reads differently now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held: set[OrderId] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.second)

    def __contains__(self, order_id: OrderId) -> bool:
        return order_id in self._held

    def __iter__(self) -> Iterator[OrderId]:
        return iter(self._held)

    def note(self, order_id: OrderId, line: ShipmentLine | None) -> None:
        """As its row reads now; None: it has none any more."""
        if line is not None and line.entry_state is State.HELD:
            self._held.add(order_id)
        else:
            self._held.discard(order_id)

    def clear(self) -> None:
        self._held.clear()

    def watch(self) -> None:
        """After rows were read."""
        if bool(self._held) != self._timer.isActive():
            self._timer.start() if self._held else self._timer.stop()
