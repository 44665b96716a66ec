"""The seconds of what is held, counted down in the list: one timer for all such rows, and none while nothing is held.

A morning's shipments are accepted at once. Of hundreds that are held those are worded anew that somebody looks at: all of them, each
second, would keep the window from a click for ten milliseconds.
"""

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
        self._past: set[OrderId] = set()
        """Those that were worded in an earlier second."""
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._count)

    def _count(self) -> None:
        self._past = set(self._held)
        self.second.emit()

    def take_past(self, order_id: OrderId) -> bool:
        """Whether this row was worded in an earlier second. Whoever asks words it now."""
        if order_id not in self._past:
            return False
        self._past.discard(order_id)
        return True

    def __contains__(self, order_id: OrderId) -> bool:
        return order_id in self._held

    def __iter__(self) -> Iterator[OrderId]:
        return iter(self._held)

    def note(self, order_id: OrderId, line: ShipmentLine | None) -> None:
        """As its row reads now; None: it has none any more."""
        self._past.discard(order_id)
        if line is not None and line.entry_state is State.HELD:
            self._held.add(order_id)
        else:
            self._held.discard(order_id)

    def clear(self) -> None:
        self._held.clear()
        self._past.clear()

    def watch(self) -> None:
        """After rows were read."""
        if bool(self._held) != self._timer.isActive():
            self._timer.start() if self._held else self._timer.stop()
