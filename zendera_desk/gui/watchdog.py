"""Notices when the window stands still: every stall over 50 ms is logged, with where the interface thread was.

A timer of the interface beats; how late a beat comes is how long the interface did not get to its events. A thread
watches the beats and, while one is late, notes the stack of the interface thread, which afterwards nobody could tell.

While nobody uses the window it beats once a second: fifty times cost more than all that the program does meanwhile. Then a
short stall is missed, and nobody is there to whom it could matter.
"""

import faulthandler
import logging
import tempfile
import threading
from datetime import timedelta
from time import monotonic
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

_log = logging.getLogger(__name__)

LIMIT: Final = timedelta(milliseconds=50)
_BEAT: Final = 0.020
"""Seconds between beats."""

_SLOW: Final = 1.0
"""Seconds between beats while nobody is there."""
_ALONE: Final = 60.0
"""Seconds without a key, a click or the wheel."""

_HANGING: Final = 10.0
"""Seconds after which a stall is logged although it is not over."""

_ASLEEP: Final = 60.0
"""Seconds after which it was the machine that slept, and not the interface."""


class Watchdog(QObject):
    """Belongs to the interface thread. `longest` and `count` are of the stalls since the start or the last `reset`."""

    def __init__(self, parent: QObject, limit: timedelta = LIMIT) -> None:
        super().__init__(parent)
        self._limit = limit.total_seconds()
        self._watched = threading.get_ident()
        self.may_rest = False
        """Whoever tells it that the window is `used` lets it."""
        self._between = _BEAT
        self._beat_at = self._used_at = monotonic()
        self._stack = ""
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(_BEAT * 1000))
        self._timer.timeout.connect(self._beat)
        self.reset()

    def reset(self) -> None:
        self.longest = timedelta()
        """The longest time the interface did not get to its events; also below the limit."""
        self.count = 0
        """Stalls over the limit."""

    def excuse(self) -> None:
        """What the interface thread did since its last beat was not the program's work, but that of who watches it: a screenshot."""
        self._beat_at, self._stack = monotonic(), ""

    def start(self) -> None:
        if self._thread is not None:
            return
        self._beat_at = self._used_at = monotonic()
        self._over.clear()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._timer.start()
        self._thread.start()

    def stop(self) -> None:
        """Returns when its thread has ended, which takes a beat at most."""
        self._timer.stop()
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def used(self) -> None:
        """Somebody is there."""
        self._used_at = monotonic()
        self._go(_BEAT)

    def hidden(self, *, hidden: bool) -> None:
        """Makes no difference: who hides the window has used it."""

    def _go(self, between: float) -> None:
        if between != self._between:
            self._between, self._beat_at = between, monotonic()
            self._timer.setInterval(round(between * 1000))

    def _beat(self) -> None:
        now = monotonic()
        late, self._beat_at = now - self._beat_at - self._between, now
        stack, self._stack = self._stack, ""
        if self.may_rest and now - self._used_at > _ALONE:
            self._go(_SLOW)
        if late >= _ASLEEP:
            return
        self.longest = max(self.longest, timedelta(seconds=late))
        if late > self._limit:
            self.count += 1
            _log.warning("the interface stood still for %.0f ms\n%s", late * 1000, stack or "(it was over before it could be looked at)")

    def _watch(self) -> None:
        reported = 0.0
        while not self._over.wait(self._between / 2):
            beat_at = self._beat_at
            late = monotonic() - beat_at - self._between
            if late > self._limit and not self._stack and self._beat_at == beat_at:
                self._stack = self._where()
            if _HANGING < late < _ASLEEP and reported != beat_at:
                reported = beat_at
                _log.error("the interface has been standing still for %.0f s\n%s", late, self._where())

    def _where(self) -> str:
        """The innermost call first. Written by faulthandler, which makes no frame objects: those of a thread that runs on
        meanwhile once took the whole program down (Python 3.11.7)."""
        with tempfile.TemporaryFile() as file:
            faulthandler.dump_traceback(file, all_threads=True)
            file.seek(0)
            threads = file.read().decode("utf-8", "replace").split("\n\n")
        return next((stack for stack in threads if f"{self._watched:x} (most" in stack.partition("\n")[0]), "")
