"""Virtual time for the program's own timers of Qt's: to be imported before anything of the program takes QTimer from where it is.

A QTimer made after that is the same QTimer, rung by whoever moves the virtual time instead of by its own clock.
"""

import heapq
import weakref
from typing import Final

import shiboken6
from PySide6 import QtCore

from prove.virtual import Time


class _Clockwork:
    """The virtual time of all timers."""

    def __init__(self) -> None:
        self.time = Time()
        self._due: list[tuple[float, int, weakref.ref[VirtualTimer]]] = []
        self._numbers = 0

    def note(self, timer: "VirtualTimer", due: float) -> None:
        self._numbers += 1
        heapq.heappush(self._due, (due, self._numbers, weakref.ref(timer)))

    def next_at(self) -> float | None:
        while self._due:
            due, _, found = self._due[0]
            timer = found()
            if timer is not None and shiboken6.isValid(timer) and timer.due == due:
                return due
            heapq.heappop(self._due)
        return None

    def ring(self) -> None:
        """Those that are due now."""
        while (due := self.next_at()) is not None and due <= self.time.seconds:
            timer = heapq.heappop(self._due)[2]()
            if timer is not None:
                timer.ring()

    def active(self) -> int:
        return len({id(found()) for due, _, found in self._due if (timer := found()) is not None and timer.due == due})


CLOCKWORK: Final = _Clockwork()


class VirtualTimer(QtCore.QTimer):
    """A QTimer whose time is virtual. Its own clock never runs."""

    due: float | None = None

    def start(self, milliseconds: int | None = None) -> None:  # type: ignore[override]
        if milliseconds is not None:
            super().setInterval(milliseconds)
        self.due = CLOCKWORK.time.seconds + max(self.interval(), 1) / 1000
        CLOCKWORK.note(self, self.due)

    def stop(self) -> None:
        self.due = None

    def isActive(self) -> bool:
        return self.due is not None

    def remainingTime(self) -> int:
        return -1 if self.due is None else max(0, round((self.due - CLOCKWORK.time.seconds) * 1000))

    def setInterval(self, milliseconds: int) -> None:  # type: ignore[override]
        super().setInterval(milliseconds)
        if self.due is not None:
            self.start()

    def ring(self) -> None:
        if self.isSingleShot():
            self.stop()
        else:
            self.start()
        self.timeout.emit()


QtCore.QTimer = VirtualTimer  # type: ignore[misc]  # before anything of the program takes it from there
