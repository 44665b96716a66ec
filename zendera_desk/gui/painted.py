"""When the list was first painted with its rows: what a person waits for at a start, and what `./dev bench` measures."""

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject

from zendera_desk.gui.window import Window

PATIENCE: Final = 2.0
"""Seconds: a window that is hidden or covered is never painted, and must go on all the same."""
_KIB: Final = 1024


async def first_paint(window: Window) -> None:
    """Returns when the list was painted with the rows it has, or is known to be empty."""
    painted = asyncio.Event()
    look = _Look(window, painted)
    viewport = window.shipments.table.viewport()
    viewport.installEventFilter(look)
    viewport.update()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await painted.wait()
    viewport.removeEventFilter(look)
    look.deleteLater()
    await asyncio.sleep(0)  # the filter sees the event before the paint itself; after this turn it has been done


def facts(window: Window) -> dict[str, float]:
    """The rows in the list, and the memory that the program holds, in MB."""
    return {"rows": window.shipments.model.rowCount(), "rss_mb": _resident_mb()}


class _Look(QObject):
    def __init__(self, window: Window, painted: asyncio.Event) -> None:
        super().__init__(window)
        self._model = window.shipments.model
        self._painted = painted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._is_there():
            self._painted.set()
        return super().eventFilter(watched, event)

    def _is_there(self) -> bool:
        first = self._model.order_at(0)
        return self._model.loaded and (first is None or self._model.line(first) is not None)


def _resident_mb() -> float:
    """Resident memory now (Linux), else the most it ever was (macOS), else 0."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        if sys.platform == "win32":
            return 0.0
        import resource  # noqa: PLC0415 (not on Windows)

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB / _KIB
    return pages * 4 / _KIB
