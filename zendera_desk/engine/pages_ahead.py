"""Reads on in the feed while what came before is written: neither the line nor the disk waits for its turn behind the other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from zendera_desk.domain.feed import FeedPage
from zendera_desk.engine.supervise import Beside

TOGETHER: Final = 4_000
"""Changes that are written in one transaction, give or take a page: some 40 ms, and so long a click may have to wait for its turn."""


class PagesAhead:
    """The pages from `token` on, at most so many, each asked for when the one before it is here; no more are kept than one
    transaction takes."""

    def __init__(self, beside: Beside, ask: Callable[[str], Awaitable[FeedPage]], token: str, most: int) -> None:
        self._ask = ask
        self._pages: list[FeedPage] = []
        self._enough = False
        self._moved = asyncio.Event()
        self._reading = beside.begin(self._read(token, most))
        self._reading.add_done_callback(lambda _ended: self._moved.set())

    def enough(self) -> None:
        """Asks for no more after the one that was asked for."""
        self._enough = True
        self._moved.set()

    async def next(self) -> list[FeedPage]:
        """All that have come, and at least one; none when there are no more.

        Raises LinkError or Waiting for what is in the way of the next, after those before it were given out.
        """
        await self._until(lambda: bool(self._pages) or self._reading.done())
        pages, self._pages = self._pages, []
        self._moved.set()
        if not pages:
            await self._reading  # raises what ended it
        return pages

    async def _read(self, token: str, most: int) -> None:
        for _ in range(most):
            await self._until(lambda: self._enough or sum(len(page.changes) for page in self._pages) < TOGETHER)
            if self._enough or not token:
                break
            page = await self._ask(token)
            self._pages.append(page)
            self._moved.set()
            token = page.token if goes_on([page], token) else ""

    async def _until(self, so: Callable[[], bool]) -> None:
        while not so():
            self._moved.clear()
            await self._moved.wait()


def goes_on(pages: Sequence[FeedPage], asked: str) -> bool:
    """Whether there are more behind the last of them. `asked`: the token with which the first was asked for."""
    before = pages[-2].token if len(pages) > 1 else asked
    return pages[-1].has_next and pages[-1].token not in {"", before}
