"""What reports say is found a moment after they are sent, so that no click waits for the index.

It is noted in the transaction that writes the report (store/projection.py): what an abrupt end leaves is done after the next start.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Final

from zendera_desk.domain.errors import StoreError
from zendera_desk.store import projection
from zendera_desk.store.database import Database

PAUSE: Final = 0.03
"""Seconds in which nothing was sent: what was has been painted, and SQLite's log is not put away yet (store/checkpoints.py)."""

_log = logging.getLogger(__name__)


class Indexing:
    """`soon` begins it, by `spawn` (supervise.py); `stop` before that one is closed."""

    def __init__(self, database: Database, spawn: Callable[[Coroutine[object, object, None], str], None]) -> None:
        self._database = database
        self._spawn = spawn
        self._timer: asyncio.TimerHandle | None = None
        self._at_work = False

    def soon(self) -> None:
        """Something may be noted."""
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(PAUSE, self._begin)

    def _begin(self) -> None:
        self._timer = None
        if not self._at_work:
            self._at_work = True
            self._spawn(self._all(), "index what reports say")

    async def _all(self) -> None:
        """Each in a transaction of its own: a click in between waits for one at most."""
        try:
            while await self._database.write(projection.find_one_by_reports):
                pass
        except StoreError as error:
            _log.info("what reports say is not found yet: %s", error)  # a damaged file was told of where it was met
        finally:
            self._at_work = False

    def stop(self) -> None:
        """What is noted stays so."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
