"""The two Qt objects that wake the loop (gui/loop.py): one for what is ready or due, one for each watched file descriptor."""

import asyncio
import logging
import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, Qt, QTimerEvent

_log = logging.getLogger(__name__)

_LONGEST_SLEEP: Final = 3600.0
"""Seconds: a Qt timer counts milliseconds in 32 bits, so that a far time is slept towards in hours."""

_WAKE: Final = QEvent.Type(QEvent.registerEventType())
_AFTER_KEYS_AND_PAINTING: Final = Qt.EventPriority.LowEventPriority.value


class Pulse(QObject):
    """What wakes the loop: a posted event for what is ready, and one timer for what comes later."""

    def __init__(self, parent: QObject, turn: Callable[[bool], None]) -> None:
        super().__init__(parent)
        self._turn = turn
        self._posted = False
        self._timer_id = 0
        self._turning = False
        self._nested = False
        self._missed = False

    def once(self) -> None:
        """From the interface thread: one event for any number of callbacks."""
        if not self._posted:
            self._posted = True
            self.post()

    def post(self) -> None:
        """From any thread. One event too many does no harm."""
        QCoreApplication.postEvent(self, QEvent(_WAKE), _AFTER_KEYS_AND_PAINTING)

    def sleep(self, seconds: float | None) -> None:
        """Sets the one timer anew; None: there is nothing to wait for. Never early, because asyncio promises that."""
        if self._timer_id:
            self.killTimer(self._timer_id)
            self._timer_id = 0
        if seconds is not None:
            milliseconds = math.ceil(min(max(seconds, 0.0), _LONGEST_SLEEP) * 1000)
            self._timer_id = self.startTimer(milliseconds, Qt.TimerType.PreciseTimer)

    def timerEvent(self, _event: QTimerEvent) -> None:
        self.sleep(None)
        self._go(due=True)

    def customEvent(self, _event: QEvent) -> None:
        self._posted = False
        self._go(due=False)

    def _go(self, due: bool) -> None:
        if self._turning:
            # A nested Qt loop inside a callback: a task cannot be entered while another is, and the wake-up would be lost.
            # The turn that waits below us posts again for what is ready, and looks at the timers.
            if not self._nested:
                self._nested = True
                _log.warning("a nested Qt loop runs inside a callback of the loop; everything else waits for it")
            self._missed |= due
            return
        self._turning = True
        try:
            self._turn(due)
        finally:
            self._turning = self._nested = False
        if self._missed:
            self._missed = False
            self.sleep(0)


class Watch(QSocketNotifier):
    """A file descriptor that Qt watches for asyncio. Its callback runs at once: Qt asks again as long as there is something."""

    def __init__(
        self, fd: int, kind: QSocketNotifier.Type, parent: QObject, do: Callable[[asyncio.Handle], None], handle: asyncio.Handle
    ) -> None:
        super().__init__(fd, kind, parent)
        self.handle = handle
        self._do = do

    def event(self, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.SockAct:
            return super().event(event)
        if self.isEnabled() and not self.handle.cancelled():
            self._do(self.handle)
        return True

    def end(self) -> None:
        """Deleted later, because this may be its own callback."""
        self.setEnabled(False)
        self.handle.cancel()
        self.deleteLater()
