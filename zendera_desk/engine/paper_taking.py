"""Takes files in as a stack of paper. Each file is durable by itself as soon as it is taken, with a row for each of its pages.

What is no usable file costs one line of the stack, by its name. What ends the program in the middle leaves a stack of what was taken.

A file of the watched folder that could not be read for a reason that may pass is neither noted nor remembered: it lies there, and comes
again. Only what would be refused every time is refused for good.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from zendera_desk.domain.changes import Changes, PaperChanged
from zendera_desk.domain.errors import PictureError, StoreError
from zendera_desk.domain.ids import AccountId, StackId
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.developing import Developing
from zendera_desk.store import paper, watched
from zendera_desk.store.database import Connection, Database
from zendera_desk.store.pictures import Come
from zendera_desk.store.watched import Seen

TOLD: Final = 0.3
"""Seconds between two times that a growing stack is told of."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A file, what was pasted, or what was fetched from somewhere: or why it could not be."""

    source: Path | bytes | Come | PictureError
    seen: Seen | None = None
    """As it lay in the watched folder: that it was taken is remembered in the same transaction."""

    @property
    def name(self) -> str:
        if self.seen is not None:
            return self.seen.name
        return self.source.name if isinstance(self.source, Path) else ""


class Untaken(NamedTuple):
    """A file that is not in the stack, and why."""

    given: Given
    error: PictureError

    @property
    def comes_again(self) -> bool:
        return self.given.seen is not None and self.error.may_pass


class Taking:
    def __init__(self, database: Database, developing: Developing, clock: Clock, changes: Changes) -> None:
        self._database, self._developing, self._clock, self._changes = database, developing, clock, changes

    async def take(self, account: AccountId, given: Sequence[Given], name: str = "") -> tuple[StackId, list[Untaken]]:
        """Returns the stack, and what was not taken. A stack of nothing is none. Raises StoreError: nothing more was taken then."""
        known_as = name or (given[0].name if len(given) == 1 else "")
        stack = await self._database.write(paper.begin, account, known_as, self._clock.now())
        untaken: list[Untaken] = []
        told = self._clock.monotonic()
        try:
            for one in given:
                untaken += await self._take_one(account, stack, one)
                if self._clock.monotonic() - told >= TOLD:
                    told = self._clock.monotonic()
                    self._changes.publish(PaperChanged(frozenset({stack})))
        except asyncio.CancelledError:
            with contextlib.suppress(StoreError):
                await self._database.write(self._leave_out, account, stack, given)
            raise
        finally:
            with contextlib.suppress(StoreError):
                await self._database.write(paper.forget_empty, stack)
            self._changes.publish(PaperChanged(frozenset({stack})))
        return stack, untaken

    def fetch(self, pieces: Iterable[bytes]) -> Come:
        """A file that is read where it may hang, to be taken later. Runs in a thread. Raises what `pieces` does, and StoreError."""
        return self._developing.fetch(pieces)

    async def _take_one(self, account: AccountId, stack: StackId, one: Given) -> list[Untaken]:
        try:
            if isinstance(one.source, PictureError):
                raise one.source
            async with self._developing.taken(one.source, one.name) as taken:
                is_new = await self._database.write(self._put, account, stack, one, taken.source, taken.pages)
            return [] if is_new else [Untaken(one, PictureError("already_here", name=one.name))]
        except PictureError as error:
            untaken = Untaken(one, error)
            if not untaken.comes_again:
                await self._database.write(self._refuse, account, stack, one, error)
            return [untaken]

    def _put(self, conn: Connection, account: AccountId, stack: StackId, one: Given, source: str, pages: int) -> bool:
        if one.seen is not None:
            watched.remember(conn, account, one.seen, self._clock.now())
        return paper.put_file(conn, stack, account, one.name, source, pages)

    def _leave_out(self, conn: Connection, account: AccountId, stack: StackId, given: Sequence[Given]) -> None:
        """Names what was not reached. What lies in the watched folder comes again by itself."""
        reached = paper.files(conn, stack)
        for one in given[reached:]:
            if one.seen is None:
                paper.put_refused(conn, stack, account, one.name, "left_out", {})

    def _refuse(self, conn: Connection, account: AccountId, stack: StackId, one: Given, error: PictureError) -> None:
        if one.seen is not None:
            watched.remember(conn, account, one.seen, self._clock.now())
        details = {key: value for key, value in error.values.items() if key != "name" and isinstance(value, str | int)}
        paper.put_refused(conn, stack, account, one.name, error.code, details)
