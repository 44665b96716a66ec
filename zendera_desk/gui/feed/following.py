"""Following and pausing: which window of the feed the table holds, and when it moves.

Following, the newest change is the last row, and what comes is put in below it. Paused, nothing is put in: the feed ends, for
the eyes, at the change that was the newest when it was paused. What comes after that is only counted, and whatever is read anew
meanwhile (another filter, another place) ends there too. Whoever scrolls reads on at either end of the window, from the store; how
much there is makes no difference.

Reading on the screen's behalf is done in windows by id; of many new changes only the last page is put in, because nobody sees the
others go by.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from zendera_desk.domain.tailing import FeedCount, FeedFilter, FeedMark, FeedRows, FeedUnreadable
from zendera_desk.domain.views import FeedCursor, FeedLine, FeedScope
from zendera_desk.gui.feed.model import FeedModel
from zendera_desk.gui.feed.rows import LINE_HEIGHT, FeedTable
from zendera_desk.gui.spawn import Spawn

PAGE: Final = 200
ENOUGH: Final = 40
"""Changes that fill a screen: a filter that fits few is looked for further back until there are so many."""
SLICES: Final = 200
"""Slices of the store looked through for that at once: a million changes. Then a person says whether to go on."""
NEWEST: Final = 2**63 - 1


class FeedSource(Protocol):
    """What of the desk the feed reads, and does."""

    async def rows(self, wanted: FeedFilter, *, below: int = ..., above: int = ..., limit: int = ..., upwards: bool = ...) -> FeedRows: ...
    async def count(self, wanted: FeedFilter, above: int) -> FeedCount: ...
    async def newest(self) -> int: ...
    async def lines(self, ids: Sequence[int]) -> list[FeedLine]: ...
    async def marks(self) -> list[FeedMark]: ...
    async def originals(self, of: FeedLine | FeedUnreadable) -> list[bytes]: ...
    async def cursor(self) -> FeedCursor: ...
    def stop_catching_up(self) -> None: ...
    def go_on(self) -> None: ...


class Search(Enum):
    """How far back it was looked for changes that fit."""

    DONE = "done"
    UNDER_WAY = "under_way"
    BROKEN_OFF = "broken_off"


class Following(QObject):
    told = Signal()
    """Something that is shown beside the rows is different now."""

    def __init__(self, source: FeedSource, spawn: Spawn, model: FeedModel, table: FeedTable) -> None:
        super().__init__(table)
        self.wanted = FeedFilter()
        self.new = 0
        """While paused: how many came since."""
        self.search = Search.DONE
        self.rushed = False
        """What came last was more than a page: not a row is left of those that stood there."""
        self._source, self._spawn, self._model, self._table = source, spawn, model, table
        self._stopped = False
        self._away = False
        self._moving = False
        self._end = 0
        """The newest change that was looked at; while paused none after it is shown."""
        self._was_paused = False
        self._counted = 0
        self._older: int | None = None
        """Below this id there are more; None: the window begins with the oldest."""
        self._newer = False
        """The window ends before `_end`."""
        self._newer_from = 0
        """Then: all up to this change was looked at."""
        self._stale = False
        self._reading = False
        self._generation = 0
        table.verticalScrollBar().valueChanged.connect(self._scrolled)
        table.selectionModel().selectionChanged.connect(lambda _new, _old: self._look())
        table.end_asked.connect(self.resume)
        table.resized.connect(self._resized)

    # What a person wants

    @property
    def paused(self) -> bool:
        return self._stopped or self._away or self._table.selectionModel().hasSelection()

    def pause(self) -> None:
        self._stopped = True
        self._look()

    def resume(self) -> None:
        """To the newest, and on from there."""
        self._stopped = self._away = False
        self._table.clearSelection()
        self._look()
        self._to_the_end()

    @property
    def held(self) -> int | None:
        """The change that was the newest when a person paused it, in whatever way; None while it follows."""
        return self._end if self.paused else None

    def hold(self, end: int) -> None:
        """Stops it at that change, as it was when the window was closed."""
        self._stopped, self._end = True, end
        self._look()

    def show(self, wanted: FeedFilter) -> None:
        """Other changes, in the same pause if there is one."""
        self.wanted = wanted
        self.reload()

    def reload(self) -> None:
        self._spawn(self.read(), "read the feed")

    def search_further(self) -> None:
        self._spawn(self._read_back(self._generation, ENOUGH), "search the feed")

    # Reading

    async def read(self, *, follows: bool = False) -> None:
        """The window anew: up to the newest, or to where it was paused. `follows`: it stays if somebody pauses it meanwhile."""
        self._generation += 1
        generation = self._generation
        # A pause that was made by scrolling or choosing has nothing to hold on to in other rows: it holds by itself then.
        self._stopped = self.paused
        newest = await self._source.newest()
        end = min(self._end, newest) if self.paused and self._end else newest
        marks = await self._source.marks()
        found = await self._source.rows(self.wanted, below=end + 1, limit=PAGE)
        if generation != self._generation:
            return  # something else was wanted meanwhile
        if follows and self.paused:
            await self._count(generation)
            return
        self._end, self._older, self._newer, self._stale = end, found.reached, False, False
        self._counted, self.new = end, 0
        self._model.know_marks(marks)
        self._moving = True
        self._table.clearSelection()
        self._model.show(found.lines)
        self._moving = False
        self._away = False
        self._to_the_end()
        self._look()
        await self._read_back(generation, ENOUGH - self._model.count)
        if self.paused:
            await self._count(generation)

    async def catch_up(self) -> None:
        """What came since: put in below, or counted."""
        generation = self._generation
        if self.paused:
            await self._count(generation)
            return
        end = await self._source.newest()
        everything = self.wanted.scope is FeedScope.ALL and not self.wanted.is_narrow
        self.rushed = everything and end - self._end > PAGE
        if self.rushed:
            await self.read(follows=True)  # what lies between is read when somebody scrolls there
            return
        marks = await self._source.marks()
        found = await self._source.rows(self.wanted, above=self._end, below=end + 1, limit=PAGE)
        if generation != self._generation:
            return
        if self.paused:  # since a moment ago: what was read is not shown any more, and counted
            await self._count(generation)
            return
        self.rushed = found.reached is not None
        if self.rushed:
            await self.read(follows=True)
            return
        lines = [line for line in found.lines if line.id > self._end]  # two bursts may be read at once
        self._end = max(self._end, end)
        if lines:
            self._model.know_marks(marks)
            self._put_in(lines)

    def _put_in(self, lines: Sequence[FeedLine]) -> None:
        self._moving = True
        self._model.append(lines)
        if self._model.keep_last():
            self._older = self._model.first
        self._moving = False
        self._to_the_end()
        self.told.emit()

    async def _count(self, generation: int) -> None:
        more = True
        while more:
            above = self._counted
            found = await self._source.count(self.wanted, above)
            if generation != self._generation or not self.paused or above != self._counted:
                return
            self._counted, more = found.reached, found.more
            self.new += found.count
            self.told.emit()

    async def match_again(self) -> None:
        """Reads the unmatched rows once more: their shipment may have come."""
        unmatched = [line.id for line in self._model.lines() if line.order_id is None]
        if not unmatched:
            return
        generation = self._generation
        lines = await self._source.lines(unmatched)
        if generation != self._generation:
            return
        self._model.mend(lines)
        if self.wanted.scope is FeedScope.UNMATCHED and any(line.order_id is not None for line in lines):
            self.outdated()

    def outdated(self) -> None:
        """Rows joined or left what is looked at. While somebody reads, they stay until it goes on."""
        self._stale = True
        if not self.paused:
            self.reload()

    async def _read_back(self, generation: int, at_least: int) -> None:
        """Further back, until so many more are found."""
        found = 0
        self.search = Search.UNDER_WAY
        for _ in range(SLICES):
            if self._older is None or found >= at_least:
                break
            self.told.emit()
            below = self._older
            rows = await self._source.rows(self.wanted, below=below, limit=PAGE)
            if generation != self._generation or below != self._older:
                return  # something else is wanted, or another search was here before
            found += len(rows.lines)
            self._take_older(rows)
        self.search = Search.DONE if self._older is None or found >= at_least else Search.BROKEN_OFF
        self.told.emit()

    async def _read_older(self) -> None:
        try:
            await self._read_back(self._generation, 1)
        finally:
            self._reading = False

    def _take_older(self, found: FeedRows) -> None:
        self._older = found.reached
        follows = not self.paused
        self._moving = True
        with self._table.steady():
            self._model.prepend(found.lines)
            if self._model.keep_first():
                self._newer, self._newer_from = True, self._model.last or 0
        self._moving = False
        if follows:
            self._to_the_end()

    async def _read_newer(self) -> None:
        """On, over all that does not fit, to the next that does."""
        generation = self._generation
        try:
            for _ in range(SLICES):
                above = self._newer_from
                found = await self._source.rows(self.wanted, above=above, below=self._end + 1, limit=PAGE, upwards=True)
                if generation != self._generation or not self._newer or above != self._newer_from:
                    return
                self._take_newer(found)
                if found.lines or not self._newer:
                    return
        finally:
            self._reading = False

    def _take_newer(self, found: FeedRows) -> None:
        self._newer, self._newer_from = found.reached is not None, found.reached or 0
        self._moving = True
        with self._table.steady():
            self._model.append(found.lines)
            if self._model.keep_last():
                self._older = self._model.first
        self._moving = False

    # Moving

    def _look(self) -> None:
        """Whether it is paused may have changed."""
        paused = self.paused
        if paused and not self._was_paused:
            self._counted, self.new = self._end, 0
        elif self._was_paused and not paused:
            self.new = 0
            if self._newer or self._stale:
                self.reload()
            else:
                self._spawn(self.catch_up(), "read new changes of the feed")
        self._was_paused = paused
        self.told.emit()

    def _scrolled(self, value: int) -> None:
        if self._moving:
            return
        bar = self._table.verticalScrollBar()
        at_the_end = value >= bar.maximum() - LINE_HEIGHT // 2
        self._away = not at_the_end or self._newer
        near = bar.pageStep()
        if not self._reading and value <= near and self._older is not None:
            self._reading = True
            self._spawn(self._read_older(), "read older changes of the feed")
        elif not self._reading and value >= bar.maximum() - near and self._newer:
            self._reading = True
            self._spawn(self._read_newer(), "read newer changes of the feed")
        self._look()

    def _resized(self) -> None:
        if not self.paused:
            self._to_the_end()

    def _to_the_end(self) -> None:
        self._moving = True
        self._table.to_the_end()
        self._moving = False
