"""When the list was first painted with its rows: what a person waits for at a start, and what `./dev bench` measures."""

import asyncio
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject

from zendera_desk.gui.window import Window

_KIB = 1024


async def report_first_paint(window: Window) -> dict[str, float]:
    """Waits for it; then the rows in the list and the memory that the program holds, in MB."""
    table = window.shipments.table
    model = window.shipments.model
    painted: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    class _Look(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            first = model.order_at(0)
            if event.type() is QEvent.Type.Paint and first is not None and model.line(first) is not None and not painted.done():
                painted.set_result(None)
            return super().eventFilter(watched, event)

    look = _Look(table.viewport())
    table.viewport().installEventFilter(look)
    table.viewport().update()
    await painted
    await asyncio.sleep(0)  # the filter sees the event before the paint itself; after this turn it has been done
    return {"rows": model.rowCount(), "rss_mb": _resident_mb()}


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
