"""What lies on disk of drafts, read by the code with which the program starts: from a copy, since reading it tidies up what the next
life has to find. And since when it could lie there, on a machine that does other work too.
"""

import asyncio
import contextlib
import shutil
import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

from prove.drafts_screen import GRID, Content, of_form, of_grid
from prove.program import KEY
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.ids import OrderId
from zendera_desk.settings import Settings
from zendera_desk.store.database import FILE_NAME


def read(data: Path, copy: Path, base_url: str, orders: Sequence[int]) -> dict[int, Content]:
    """By place. `copy`: a folder for it."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("logs", "copies"))
    with contextlib.closing(sqlite3.connect(copy / FILE_NAME)) as connection, contextlib.suppress(sqlite3.OperationalError), connection:
        connection.execute("update care set file_number = ''")  # on purpose: it shall not look like a folder that was moved
    return asyncio.run(_read(copy, base_url, orders))


async def _read(data: Path, base_url: str, orders: Sequence[int]) -> dict[int, Content]:
    desk = await Desk.open(data, Settings(), zone=UTC, keys=Keys(find=lambda: ()), by_hand=True)
    try:
        await desk.open_passing_account(base_url, base_url, KEY)
        opened = {order: await desk.shipment(OrderId(order)) for order in orders}
        found = {order: of_form(each.draft) for order, each in opened.items() if each is not None and each.draft is not None}
        grid = await desk.bulk.load()
        return found if grid is None else found | {GRID: of_grid(grid)}
    finally:
        await desk.close()


class Turns:
    """How long the threads of a process had to wait for a processor, by the system's own account: a second in which others had
    the machine is no second of the program's."""

    def __init__(self, pid: int) -> None:
        self._tasks = Path(f"/proc/{pid}/task")
        self._waited: dict[str, int] = {}
        self._looks: list[tuple[float, float]] = []

    def look(self) -> None:
        with contextlib.suppress(OSError):
            for task in self._tasks.iterdir():
                with contextlib.suppress(OSError):
                    self._waited[task.name] = int((task / "schedstat").read_text().split()[1])
        self._looks.append((time.monotonic(), sum(self._waited.values()) / 1e9))

    def ago(self, seconds: float, now: float) -> float:
        """When the program had had this long by `now`; minus infinity if that was not seen."""
        self.look()
        waited = self._looks[-1][1]
        return max((at for at, before in self._looks if now - at - (waited - before) >= seconds), default=float("-inf"))
