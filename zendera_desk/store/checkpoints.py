"""When SQLite's log goes into the database: while nobody writes, and not in the middle of somebody's click.

A commit is durable in the log. Left to itself SQLite copies the log into the database in the commit that makes it a thousand
pages long: eight megabytes and two more waits for the disk, in the one click of thirty that it falls upon. So it is done when nothing
was written for a moment. SQLite's own way stays for whoever never pauses (a week of the feed), only later.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

from zendera_desk.domain.errors import StoreError

LATEST: Final = 2_000
"""Pages of the log, sixteen megabytes: then it is done at once, whoever waits."""
WORTH: Final = 16
"""Transactions: a click writes thirty pages or so. For fewer nobody is woken."""
PAUSE: Final = 0.06
"""Seconds in which nothing was written: a person needs longer from one click to the next."""

_log = logging.getLogger(__name__)


class Checkpoints:
    """`begin` is called when it is time."""

    def __init__(self, begin: Callable[[], None]) -> None:
        self._begin = begin
        self._written = 0
        self._timer: asyncio.TimerHandle | None = None

    def written(self) -> None:
        """A transaction has ended."""
        self._written += 1
        self._rest()
        if self._written >= WORTH:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._go)

    def stop(self) -> None:
        """Closing the database does it."""
        self._rest()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go(self) -> None:
        self._timer = None
        self._written = 0
        self._begin()


def put_log_away(writer: sqlite3.Connection, said: AbstractContextManager[None]) -> None:
    """On the writer's thread. Within `said` SQLite's errors are ours: what fails here loses nothing, and is tried again later."""
    try:
        with said:
            writer.execute("pragma wal_checkpoint (passive)").fetchall()
    except StoreError as error:
        _log.warning("the log could not be put into the database: %s", error)
