"""When the list has its rows, and when it was first painted with them: what a person waits for at a start.

`./dev bench` measures it.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtGui import QRegion

from zendera_desk.gui.window import Window

PATIENCE: Final = 2.0
"""Seconds: a window that is hidden or covered is never painted, and must go on all the same."""
AT_LAST: Final = 0.2
"""Seconds after which the window is painted without rows: they may wait for a slow disk, or for a keyring to be unlocked."""
_KIB: Final = 1024


async def show(window: Window) -> None:
    """Shows the window, and paints it when its rows are there: empty, it would be painted four times before, which took 50 ms.

    It is laid out while the rows are read.
    """
    there = asyncio.Event()
    model = window.shipments.model

    def look() -> None:
        if model.rowCount():
            model.index(0, 0).data()  # rows are read when somebody looks at them, and nothing is painted yet
        if window.has_account and _has_rows(window):
            window.setUpdatesEnabled(True)  # here, so that it is painted before any more rows are read
            there.set()

    model.answered.connect(look)
    model.dataChanged.connect(look)
    window.setUpdatesEnabled(False)
    window.show()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(AT_LAST):
            await there.wait()
    model.answered.disconnect(look)
    model.dataChanged.disconnect(look)
    window.setUpdatesEnabled(True)


async def first_paint(window: Window, then: Callable[[], None] | None = None) -> None:
    """Returns some time after the list was painted with the rows it has, or is known to be empty; `then` is called at once."""
    painted = asyncio.Event()

    def look() -> None:
        if not painted.is_set() and _has_rows(window):
            painted.set()
            if then is not None:
                then()

    table = window.shipments.table
    table.painted.connect(look)
    table.setDirtyRegion(QRegion(table.rect()))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await painted.wait()
    table.painted.disconnect(look)


def facts(window: Window) -> str:
    """As JSON: the rows in the list, and the memory that the program holds, in MB."""
    return msgspec.json.encode({"rows": window.shipments.model.found.count, "rss_mb": round(_resident_mb(), 1)}).decode()


def _has_rows(window: Window) -> bool:
    model = window.shipments.model
    first = model.order_at(0)
    return model.loaded and (first is None or model.line(first) is not None)


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
