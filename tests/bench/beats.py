"""How long the interface did not get to its events, watched a thousand times a second, and what it was at meanwhile.

A thread that needs no Python posts a beat each millisecond: what keeps a beat away would keep a key or a paint away for as long,
whether the interface's own thread was busy or another one had Python's lock. A timer of the interface itself would tell something else:
on GLib's loop, as on most of Linux, timers came later than what is posted while much was ready (with QT_NO_GLIB=1 both tell the same).

`where=True` has faulthandler's own thread, which needs no lock, write down every thread's stack while a beat is late. That costs a
little, and since it looks at frames that move meanwhile it has once taken the process down: it is for finding causes, and not for
measuring.
"""

import contextlib
import faulthandler
import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, thread_time
from typing import IO, Any, Final, NamedTuple

from PySide6.QtCore import QMetaObject, QObject, Qt, QThread, QTimer, Slot

BEAT: Final = 0.001
LATE: Final = 0.016
"""Seconds: one picture of a screen that shows sixty in a second."""
_LOOK: Final = 0.013
_IDLE: Final = ("in _worker", "in select", "in _read", "in _hear_trouble", "in <lambda>", "in _next_event", "in wait")


class Stall(NamedTuple):
    seconds: float
    at: float
    """When it ended, since the beats began."""
    worked: float = 0.0
    """Seconds of a core that the interface's thread had meanwhile."""
    queued: float = 0.0
    """Seconds that it waited for a core (Linux). What is left of the whole it waited for Python's lock, or for the system."""
    stack: str = ""
    """Of every thread; "" unless that was asked for."""

    def told(self) -> str:
        head = (
            f"{self.seconds * 1000:.1f} ms at {self.at:.2f} s: {self.worked * 1000:.1f} worked, {self.queued * 1000:.1f} waited for a core"
        )
        threads = [part.splitlines() for part in self.stack.split("\n\n") if part.strip()]
        lines = [line.strip() for thread in threads for line in _awake(thread)]
        return "\n      ".join([head, *lines])


def _awake(thread: list[str]) -> list[str]:
    """The innermost calls, or nothing of a thread that waits for work."""
    calls = [line for line in thread if line.startswith("  File")]
    if calls and any(idle in calls[0] for idle in _IDLE):
        return []
    return [f"thread {thread[0][-40:]}", *calls[:7]]


class Beats(QObject):
    def __init__(self, parent: QObject, *, where: bool = False) -> None:
        super().__init__(parent)
        self.began = 0.0
        """By `perf_counter`."""
        self.longest = 0.0
        self.late: list[float] = []
        """By how many seconds each beat was."""
        self.stalls: list[Stall] = []
        self.collected: list[tuple[int, float]] = []
        """Generation and seconds of each pass of the garbage collector that took a millisecond or more."""
        self._file: IO[bytes] | None = tempfile.TemporaryFile() if where else None  # noqa: SIM115 (lives as long as this)
        self._last = self._collecting_since = self._worked = self._queued = 0.0
        self._thread = QThread(self)
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(BEAT * 1000))
        self._timer.moveToThread(self._thread)
        self._thread.started.connect(self._timer.start)
        self._timer.timeout.connect(self._beat, Qt.ConnectionType.QueuedConnection)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        gc.callbacks.append(self._collects)
        self.began = self._last = perf_counter()
        self._thread.start()
        try:
            yield
        finally:
            QMetaObject.invokeMethod(self._timer, "stop", Qt.ConnectionType.BlockingQueuedConnection)
            self._thread.quit()
            self._thread.wait()
            gc.callbacks.remove(self._collects)
            if self._file is not None:
                faulthandler.cancel_dump_traceback_later()

    @Slot()
    def _beat(self) -> None:
        now = perf_counter()
        late, self._last = now - self._last - BEAT, now
        self.longest = max(self.longest, late)
        self.late.append(late)
        if late > LATE:
            where = self._where() if self._file is not None else (0.0, 0.0, "")
            self.stalls.append(Stall(late, now - self.began, *where))
        if self._file is not None:
            self._worked, self._queued = thread_time(), _queued()
            faulthandler.dump_traceback_later(_LOOK, file=self._file)

    def _where(self) -> tuple[float, float, str]:
        return thread_time() - self._worked, _queued() - self._queued, self._stack()

    def _stack(self) -> str:
        assert self._file is not None
        faulthandler.cancel_dump_traceback_later()
        self._file.seek(0)
        seen = self._file.read().decode("utf-8", "replace")
        self._file.seek(0)
        self._file.truncate()
        return seen

    def _collects(self, phase: str, info: dict[str, Any]) -> None:
        now = perf_counter()
        if phase == "start":
            self._collecting_since = now
        elif now - self._collecting_since > BEAT:
            self.collected.append((info["generation"], now - self._collecting_since))


def _queued() -> float:
    """Seconds that this thread was ready to run, and no core was free. 0 where the system does not tell."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text("ascii").split()[1]) / 1e9
    except OSError:
        return 0.0
