"""Takes files in as a stack of paper. Each file is durable by itself as soon as it is taken, with a row for each of its pages.

What is no usable file costs one line of the stack, by its name. What ends the program in the middle leaves a stack of what was taken.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk.domain.changes import Changes, PaperChanged
from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.ids import AccountId, StackId
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.developing import Developing
from zendera_desk.store import paper, watched
from zendera_desk.store.database import Connection, Database
from zendera_desk.store.watched import Seen

TOLD: Final = 0.3
"""Seconds between two times that a growing stack is told of."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or what was pasted."""

    source: Path | bytes
    seen: Seen | None = None
    """As it lay in the watched folder: that it was taken is remembered in the same transaction."""

    @property
    def name(self) -> str:
        return self.source.name if isinstance(self.source, Path) else ""


class Taking:
    def __init__(self, database: Database, developing: Developing, clock: Clock, changes: Changes) -> None:
        self._database, self._developing, self._clock, self._changes = database, developing, clock, changes

    async def take(self, account: AccountId, given: Sequence[Given], name: str = "") -> tuple[StackId, list[PictureError]]:
        """Returns the stack, and why the files that are noted as refused were refused. Raises StoreError: nothing more was taken then."""
        known_as = name or (given[0].name if len(given) == 1 else "")
        stack = await self._database.write(paper.begin, account, known_as, self._clock.now())
        refused: list[PictureError] = []
        told = self._clock.monotonic()
        try:
            for one in given:
                refused += await self._take_one(account, stack, one)
                if self._clock.monotonic() - told >= TOLD:
                    told = self._clock.monotonic()
                    self._changes.publish(PaperChanged(frozenset({stack})))
        finally:
            self._changes.publish(PaperChanged(frozenset({stack})))
        return stack, refused

    async def _take_one(self, account: AccountId, stack: StackId, one: Given) -> list[PictureError]:
        try:
            async with self._developing.taken(one.source, one.name) as taken:
                is_new = await self._database.write(self._put, account, stack, one, taken.source, taken.pages)
            return [] if is_new else [PictureError("already_here", name=one.name)]
        except PictureError as error:
            await self._database.write(self._refuse, account, stack, one, error)
            return [error]

    def _put(self, conn: Connection, account: AccountId, stack: StackId, one: Given, source: str, pages: int) -> bool:
        if one.seen is not None:
            watched.remember(conn, account, one.seen, self._clock.now())
        return paper.put_file(conn, stack, account, one.name, source, pages)

    def _refuse(self, conn: Connection, account: AccountId, stack: StackId, one: Given, error: PictureError) -> None:
        if one.seen is not None:
            watched.remember(conn, account, one.seen, self._clock.now())
        details = {key: value for key, value in error.values.items() if key != "name" and isinstance(value, str | int)}
        paper.put_refused(conn, stack, account, one.name, error.code, details)
