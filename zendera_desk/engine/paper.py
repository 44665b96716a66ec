"""Reads the paper in the tray by itself: makes a picture of each page, reads its codes, and finds the shipments that they name.

Page by page, a few at a time, through the helper process; each result is written as soon as it is there, so that whatever ends the
program costs a few pages' work and no page. When shipments arrive or change, the pages that it concerns are matched again, also while
others are being read: nobody who reads waits for the slowest of a number of pages.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.changes import Change, Changes, DraftsChanged, LinkChanged, PaperChanged, ShipmentsChanged
from zendera_desk.domain.errors import PictureError, StoreError
from zendera_desk.domain.ids import AccountId, OrderId, PageId, StackId
from zendera_desk.domain.views import Account
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.developing import Developed, Developing
from zendera_desk.engine.finding import Finding
from zendera_desk.pictures.helper import Wanted
from zendera_desk.store import paper_reading
from zendera_desk.store.database import Database
from zendera_desk.store.paper_reading import Waiting
from zendera_desk.store.pictures import Origin

AT_ONCE: Final = 5
"""Pages under way: the helper process works at three of them, on the two cores of an old PC, while two others are written down."""
AHEAD: Final = 32
"""Pages that are looked up at a time. What a person wants to be read again comes behind these."""
AGAIN: Final = timedelta(seconds=20)
"""After the disk took nothing."""
TOLD: Final = 0.3
"""Seconds between two times that progress is told."""

_ONLY_THE_CODES: Final = frozenset({"too_slow", "decoder_died", "no_memory"})
"""Looking for codes may have been what came to no end: a picture of the page is worth another try."""


class Reading:
    """`step` is a loop's step."""

    def __init__(
        self,
        database: Database,
        developing: Developing,
        finding: Finding,
        clock: Clock,
        changes: Changes,
        account: Callable[[], Account | None],
    ) -> None:
        self._database, self._developing, self._finding = database, developing, finding
        self._clock, self._changes, self._account = clock, changes, account
        self.when_asked: Callable[[], None] = _nobody
        """Wakes the loop."""
        self._whole: set[AccountId] = set()
        """Accounts whose pages are all matched with what is here."""
        self._arrived: set[OrderId] = set()
        self._touched: set[OrderId] = set()
        self._filed: dict[PageId, tuple[StackId, OrderId | None]] = {}
        """Where each page was when it was last looked."""
        self._has_news = False
        """Something was heard since it was last looked."""
        self._changed: set[StackId] = set()
        self._told = 0.0
        changes.subscribe(self._heard)

    async def step(self, now: datetime) -> datetime | None:
        try:
            await self._look()
            more = await self._read()
        except StoreError:  # a full disk: the status line says so, and every page still waits
            self._whole.clear()
            return now + AGAIN
        finally:
            self._tell()
        return now if more else None

    # Reading

    async def _read(self) -> bool:
        """All that waits, and what comes meanwhile. Whether there was any."""
        todo = _Todo(self._database)
        async with asyncio.TaskGroup() as group:
            reading = [group.create_task(self._read_some(todo)) for _ in range(AT_ONCE)]
        for one in reading:
            if (trouble := one.result()) is not None:
                raise trouble
        return todo.has_begun

    async def _read_some(self, todo: "_Todo") -> StoreError | None:
        page = None
        try:
            while (page := await todo.after(page)) is not None:
                await self._read_one(page)
                self._changed.add(page.stack)
                if self._clock.monotonic() - self._told >= TOLD:
                    self._tell()
                if self._has_news:
                    await self._look()
        except StoreError as error:  # given back, not raised: the others end first
            return error
        return None

    async def _read_one(self, page: Waiting) -> None:
        try:
            read = await self._developed(page, codes=True)
        except PictureError as error:
            seen = await self._picture_alone(page) if error.code in _ONLY_THE_CODES else None
            picture = None if seen is None else seen.picture.id
            await self._database.write(paper_reading.put_read, page, picture, (), code=error.code)
        else:
            await self._database.write(paper_reading.put_read, page, read.picture.id, read.codes, separator=read.separator)

    async def _picture_alone(self, page: Waiting) -> Developed | None:
        try:
            return await self._developed(page, codes=False)
        except PictureError:
            return None

    async def _developed(self, page: Waiting, *, codes: bool) -> Developed:
        origin = Origin(source=page.source, page=page.number, edits=page.wanted)
        return await self._developing.page(origin, page.name, Wanted.STACK, codes=codes)

    # Matching

    async def _look(self) -> None:
        self._has_news = False
        account = self._account()
        if account is not None:
            await self._match(account.id)
            await self._look_at_forms(account.id)

    async def _match(self, account: AccountId) -> None:
        if account not in self._whole:
            self._arrived.clear()
            await self._finding.complete(account)
            pages = await self._database.read(paper_reading.unfiled, account)
            await self._match_pages(account, pages)
            self._whole.add(account)
        arrived, self._arrived = self._arrived, set()
        if arrived:
            await self._match_pages(account, await self._database.read_aside(paper_reading.concerned, account, sorted(arrived)))

    async def _match_pages(self, account: AccountId, pages: Sequence[PageId]) -> None:
        for start in range(0, len(pages), paper_reading.STEP):
            some = pages[start : start + paper_reading.STEP]
            self._changed |= await self._database.write(paper_reading.match, account, some)

    async def _look_at_forms(self, account: AccountId) -> None:
        """A page that a form let go, or that moved with its picture, is elsewhere now: whoever shows the tray must hear of it."""
        touched, self._touched = self._touched, set()
        if touched:
            now = await self._database.read_aside(paper_reading.where_filed, account, sorted(touched))
            self._changed |= {where[0] for page, where in now.items() if self._filed.get(page) != where}
            self._filed |= now

    # Hearing and telling

    def _heard(self, change: Change) -> None:
        match change:
            case ShipmentsChanged(ids):
                self._arrived |= ids
                self._touched |= ids
            case DraftsChanged(ids):
                self._touched |= ids
            case PaperChanged():
                pass
            case LinkChanged() if (account := self._account()) is not None and account.id not in self._whole:
                pass
            case _:
                return
        self._has_news = True
        self.when_asked()

    def _tell(self) -> None:
        self._told = self._clock.monotonic()
        changed, self._changed = self._changed, set()
        if changed:
            self._changes.publish(PaperChanged(frozenset(changed)))


class _Todo:
    """The pages that wait. Several read them at once, each another one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next: deque[Waiting] = deque()
        self._under_way: set[PageId] = set()
        self._looking = asyncio.Lock()
        self._is_over = False
        self.has_begun = False

    async def after(self, read: Waiting | None) -> Waiting | None:
        """Another one, for who has read this one; None when all have been given out."""
        if read is not None:
            self._under_way.discard(read.id)
        async with self._looking:
            if not self._next and not self._is_over:
                busy = set(self._under_way)  # one that is written meanwhile may not be found so
                found = await self._database.read(paper_reading.waiting, AHEAD + AT_ONCE)
                self._next.extend(page for page in found if page.id not in busy | self._under_way)
                self._is_over = not self._next and not busy
            if not self._next:
                return None
            page = self._next.popleft()
            self._under_way.add(page.id)
            self.has_begun = True
            return page


def _nobody() -> None:
    """Until somebody runs it as a loop."""
