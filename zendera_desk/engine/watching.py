"""Watches the folder that a scanner or a phone fills, and takes in what comes there as stacks of paper.

It only looks: nothing there is moved, changed or deleted. It looks every two seconds instead of waiting to be told, because shares on
a network tell nothing. A file is taken when its size and its time stood still between two looks, together with those that came
shortly before or after it; what is remembered of it (store/watched.py) is written in the transaction that takes it. What cannot be
taken now, for a reason that may pass, is remembered by nobody: it is tried again, more and more seldom.

A share may answer after minutes or never. So each look, and each file that is fetched from there, has a thread of its own that
nobody has to wait for; what was fetched lies with us, and is never read there a second time.
"""

import asyncio
import contextlib
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from zendera_desk.domain.changes import Change, Changes, LinkChanged, PaperChanged, Trouble
from zendera_desk.domain.errors import DeskError, PictureError, StoreError
from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.views import Account
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.paper_taking import Given, Taking
from zendera_desk.pictures import pieces
from zendera_desk.settings import Settings
from zendera_desk.store import pictures, watched
from zendera_desk.store.database import Database
from zendera_desk.store.pictures import Come
from zendera_desk.store.watched import Seen

EVERY: Final = timedelta(seconds=2)
SLOW: Final = timedelta(seconds=30)
"""After the folder could not be reached, or the disk took nothing."""
PATIENCE: Final = 10.0
"""Seconds that a look may take, or the next piece of a file."""
HANGING: Final = 3
"""Files that may hang at once."""
TOGETHER: Final = 5.0
"""Seconds without anything new until what has come is one stack."""
LONGEST: Final = 60.0
"""Seconds that what has come waits for what is still coming."""
LOCKED: Final = 60.0
"""Seconds that a file may be kept by whoever writes it until a person is told."""
SOONEST: Final = 5.0
SELDOM: Final = 3600.0
"""Seconds until a file that could not be taken is tried again: each time twice as long as before."""
MOST: Final = 500
"""Files in one stack."""

T = TypeVar("T")

_TEMPORARY: Final = re.compile(r"^[.~]|~$|\.(part|partial|tmp|temp|crdownload|download|filepart|lock)$", re.IGNORECASE)
_SYSTEM: Final = frozenset({"thumbs.db", "desktop.ini"})


class Watching:
    """`step` is a loop's step."""

    def __init__(
        self,
        database: Database,
        taking: Taking,
        clock: Clock,
        changes: Changes,
        account: Callable[[], Account | None],
        preferred: Callable[[], Settings],
    ) -> None:
        self._database, self._taking, self._clock, self._changes = database, taking, clock, changes
        self._account, self._preferred = account, preferred
        self.trouble: DeskError | None = None
        """Why the folder of the open account is not watched now."""
        self.when_asked: Callable[[], None] = _nobody
        """Wakes the loop."""
        self._watched: tuple[AccountId, str] | None = None
        self._look: asyncio.Future[list[Seen]] | None = None
        self._coming: list[Seen] = []
        """What is new in the folder, as it was seen last."""
        self._known: set[Seen] = set()
        """Files that are remembered, as they are now."""
        self._moved_at = 0.0
        self._began_at = 0.0
        self._put_off: dict[Seen, _PutOff] = {}
        """Files that could not be taken for a reason that may pass."""
        self._stuck: dict[Seen, _Fetching] = {}
        """Files of which nothing more comes: they are not asked for once more while they hang."""
        self._noted_at: float | None = None
        changes.subscribe(self._heard)

    async def step(self, now: datetime) -> datetime | None:
        if self._watched != (wanted := self._wanted()):
            self._watch_anew(wanted)
        if wanted is None:
            return None
        account, folder = wanted
        try:
            if not folder:
                await self._forget(account)
                return None
            return now + await self._look_at(account, Path(folder), now)
        except StoreError:  # a full disk: the files lie where they are
            return now + SLOW

    def _wanted(self) -> tuple[AccountId, str] | None:
        """The open account and its folder; "" for none."""
        account = self._account()
        return None if account is None else (account.id, self._preferred().watched_folders.get(account.id, ""))

    def _heard(self, change: Change) -> None:
        """Another account was opened, perhaps, or another folder was chosen."""
        if isinstance(change, LinkChanged) and self._wanted() != self._watched:
            self.when_asked()

    def _watch_anew(self, wanted: tuple[AccountId, str] | None) -> None:
        self._watched = wanted
        self.trouble, self._look, self._noted_at = None, None, None
        self._coming, self._put_off, self._known, self._stuck = [], {}, set(), {}

    async def _forget(self, account: AccountId) -> None:
        """A folder that is chosen once more is chosen anew: what is there by then is not taken in."""
        if await self._database.read(watched.is_watching, account):
            await self._database.write(watched.leave, account)

    async def _look_at(self, account: AccountId, folder: Path, now: datetime) -> timedelta:
        there = await self._seen(folder)
        if there is None:
            return SLOW
        if not await self._database.read(watched.is_chosen, account, str(folder)):
            await self._database.write(watched.choose, account, str(folder), there, now)
            return EVERY
        await self._note_there(account, there, now)
        ripe = self._ripe(await self._new(account, there))
        if ripe:
            await self._take(account, folder, ripe, now)
        return SLOW if self._stuck else EVERY

    async def _seen(self, folder: Path) -> list[Seen] | None:
        """None: it cannot be reached. One look at a time: the next waits for it."""
        self._look = self._look or _apart(lambda: files(folder))
        await asyncio.wait({self._look}, timeout=PATIENCE)
        if not self._look.done():
            self._unreachable(folder)
            return None
        look, self._look = self._look, None
        try:
            there = look.result()
        except OSError:
            self._unreachable(folder)
            return None
        if self.trouble is not None and not self._stuck:
            self.trouble = None
            self._changes.publish(PaperChanged(frozenset()))
        return there

    def _unreachable(self, folder: Path) -> None:
        if self.trouble is None:
            self.trouble = DeskError("folder_unreachable", name=str(folder))
            self._changes.publish(Trouble(self.trouble))

    async def _note_there(self, account: AccountId, there: Sequence[Seen], now: datetime) -> None:
        if self._noted_at is None or self._clock.monotonic() - self._noted_at >= watched.DAY.total_seconds():
            await self._database.write(watched.note_there, account, there, now)
            self._noted_at = self._clock.monotonic()

    # What has come

    async def _new(self, account: AccountId, there: Sequence[Seen]) -> list[Seen]:
        unsure = [one for one in there if one not in self._known]
        new = await self._database.read(watched.new_among, account, unsure) if unsure else []
        self._known = set(there) - set(new)
        self._put_off = {one: late for one, late in self._put_off.items() if one in new}
        for one in self._stuck.keys() - set(new):
            self._stuck.pop(one).unwanted()
        return [one for one in new if one not in self._put_off or self._put_off[one].again_at <= self._clock.monotonic()]

    def _ripe(self, new: list[Seen]) -> list[Seen]:
        """Those that stood still between two looks, once nothing more seems to come."""
        before, self._coming = self._coming, new
        now = self._clock.monotonic()
        if not before:
            self._began_at = now
        if before != new:
            self._moved_at = now
        if now - self._moved_at < TOGETHER and now - self._began_at < LONGEST:
            return []
        still = set(before) & {one for one in new if one.size}
        return sorted(still, key=_in_order)[:MOST]

    async def _take(self, account: AccountId, folder: Path, ripe: Sequence[Seen], now: datetime) -> None:
        fetched: dict[Seen, Come | PictureError] = {}
        try:
            for one in ripe:
                fetching = await self._fetched(folder, one)
                if fetching is not None and (found := await self._found(one, fetching)) is not None:
                    fetched[one] = found
            await self._take_fetched(account, folder, fetched, now)
        finally:
            for come in fetched.values():
                if isinstance(come, Come):
                    await asyncio.to_thread(pictures.drop, come)  # of those that are none of ours; the others have their place

    async def _fetched(self, folder: Path, one: Seen) -> "_Fetching | None":
        """None: it hangs. One that does is in no other's way; once several do, nothing more is asked of that folder."""
        fetching = self._stuck.get(one)
        if fetching is None:
            if len(self._stuck) >= HANGING:
                return None
            fetching = self._stuck[one] = _Fetching(self._taking, folder / one.name)
            if not await fetching.moves():
                self._unreachable(folder)
        return self._stuck.pop(one) if fetching.come.done() else None

    async def _found(self, one: Seen, fetching: "_Fetching") -> Come | PictureError | None:
        """What it has in it, or why it is refused; None while somebody keeps it, or writes on."""
        try:
            come = await fetching.come
        except PictureError as error:
            if not error.may_pass:
                return error
            self._try_later(one, error)
            return None
        if come.size == one.size:
            return come
        await asyncio.to_thread(pictures.drop, come)
        return None

    async def _take_fetched(self, account: AccountId, folder: Path, fetched: dict[Seen, Come | PictureError], now: datetime) -> None:
        given: dict[str, Given] = {}
        for one, found in fetched.items():
            sha256 = found.source if isinstance(found, Come) else ""
            seen = msgspec.structs.replace(one, sha256=sha256)
            known = bool(sha256) and await self._database.read(watched.has_bytes, account, sha256)
            if known:
                await self._database.write(watched.remember, account, seen, now)  # moved, or saved once more
            else:
                given.setdefault(sha256 or one.name, Given(source=found, seen=seen))
        self._coming = []
        if not given:
            return
        _, untaken = await self._taking.take(account, list(given.values()), folder.name if len(given) > 1 else "")
        for other in untaken:
            if other.comes_again and other.given.seen is not None:
                self._try_later(msgspec.structs.replace(other.given.seen, sha256=""), other.error)
            elif other.error.code != "already_here":
                self._changes.publish(Trouble(other.error))

    def _try_later(self, one: Seen, error: PictureError) -> None:
        """Told once: at once, but of a file that somebody keeps, who may just be writing it, after a while."""
        now = self._clock.monotonic()
        late = self._put_off.setdefault(one, _PutOff(now))
        late.wait = min(2 * late.wait, SELDOM)
        late.again_at = now + late.wait
        if not late.told and (error.code != "not_opened" or now - late.since >= LOCKED):
            late.told = True
            self._changes.publish(Trouble(error))


class _Fetching:
    """One file on its way to us, in a thread of its own."""

    def __init__(self, taking: Taking, path: Path) -> None:
        self._pieces = 0
        self.come = _apart(lambda: taking.fetch(self._counted(path)))

    async def moves(self) -> bool:
        """False: nothing has come for so long that nobody knows whether more will. True at its end, whatever that was."""
        before = -1
        while not self.come.done() and before != self._pieces:
            before = self._pieces
            await asyncio.wait({self.come}, timeout=PATIENCE)
        return self.come.done()

    def unwanted(self) -> None:
        """It is not there any more, or became another: what may still come of it goes."""
        self.come.add_done_callback(lambda come: None if come.cancelled() or come.exception() else pictures.drop(come.result()))

    def _counted(self, path: Path) -> Iterator[bytes]:
        for piece in pieces(path):
            self._pieces += 1
            yield piece


class _PutOff:
    def __init__(self, since: float) -> None:
        self.since, self.wait, self.again_at, self.told = since, SOONEST / 2, 0.0, False


def files(folder: Path) -> list[Seen]:
    """Those that may be paper by their names: no folders, links or devices, nothing hidden or half-written. Raises OSError."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if _TEMPORARY.search(entry.name) or entry.name.lower() in _SYSTEM:
                continue
            with contextlib.suppress(FileNotFoundError):  # it went between two breaths
                there = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(there.st_mode) and not _is_hidden(there):
                    found.append(Seen(name=entry.name, size=there.st_size, changed_at=there.st_mtime_ns))
    return sorted(found, key=_in_order)


def _is_hidden(there: os.stat_result) -> bool:
    """As Windows has it."""
    return bool(getattr(there, "st_file_attributes", 0) & (stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM))


def _in_order(one: Seen) -> tuple[int, list[tuple[int, str]]]:
    """As they came; of one second by the numbers in their names: scan 2 before scan 10."""
    parts = re.split(r"(\d+)", one.name.lower())
    return one.changed_at // 1_000_000_000, [(int(part[:18]), "") if part.isdecimal() else (0, part) for part in parts]


def _apart(function: Callable[[], T]) -> "asyncio.Future[T]":
    """In a thread that ends with the program, wherever it hangs. Nobody has to wait for it."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(function())
        except BaseException as error:  # noqa: BLE001 (whoever waits has it)
            future.set_exception(error)

    threading.Thread(target=run, name="watched folder", daemon=True).start()
    found = asyncio.wrap_future(future)
    found.add_done_callback(lambda done: None if done.cancelled() else done.exception())  # nobody may be waiting any more
    return found


def _nobody() -> None:
    """Until somebody runs it as a loop."""
