"""A disk that can lose power: what was not synced is kept, dropped, reordered or torn, and a name may be missing with its file.

It is a VFS for SQLite, in memory. Locks and shared memory are the real ones of an empty file in a real folder, so that
readers and the writer meet as they do in the program. It is harder than a real disk: every write since the last sync of its file
has a fate of its own, sectors of 512 bytes of a torn one each have theirs, and a folder forgets what was not synced with it.
What it takes from SQLite's own VFS for Unix: a new journal's or log's first sync syncs the folder too, and bytes beside a
write are never harmed ("powersafe overwrite").
"""

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import apsw

from prove import apswstore

SECTOR: Final = 512
_NAMED_WHEN_SYNCED: Final = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
_TRUNCATED: Final = -1
"""In the place of an offset: a truncation."""


class PowerCut(Exception):  # noqa: N818 (what happened)
    """Nothing has any effect from here on."""


class Fate(NamedTuple):
    """What becomes of what was not synced: `kept` and `torn` are shares, `garbage` the chance that a torn sector is neither old nor new."""

    kept: float
    torn: float
    garbage: float


FATES: Final = (
    Fate(0.0, 0.0, 0.0),
    Fate(1.0, 0.0, 0.0),
    Fate(0.5, 0.0, 0.0),
    Fate(0.5, 0.3, 0.0),
    Fate(0.8, 0.2, 0.1),
    Fate(0.1, 0.9, 0.0),
    Fate(0.2, 0.6, 0.3),
)


@dataclass(slots=True)
class Content:
    """One file, whatever it is called."""

    now: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    waiting: list[tuple[int, int, bytes]] = field(default_factory=list)
    """Since the last sync: where, how long, what; a truncation has no bytes."""


class Platter:
    """`cuts` are operations at which the power may have gone: each time `on_cut` is given what the next start would find, and at
    the last of them it has really gone. `lies`: a sync does nothing."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        rng: random.Random,
        cuts: Collection[int],
        on_cut: Callable[[dict[str, bytes]], None],
        *,
        lies: bool = False,
    ) -> None:
        self.names = {name: Content(bytearray(held), held) for name, held in files.items()}
        self.operations = 0
        self.syncs = 0
        self.over = False
        """Nothing is counted any more: what happens from here on happens to nobody."""
        self._cuts = frozenset(cuts)
        self._last = max(cuts)
        self._on_cut = on_cut
        self._rng = rng
        self._lies = lies
        self._synced_names = dict(self.names)
        self._waiting_names: list[tuple[str, Content | None]] = []

    def operation(self) -> None:
        """Before a sync, after anything else: what was going on when the power went may be there in part."""
        if self.over:
            return
        self.operations += 1
        if self.operations in self._cuts:
            self._on_cut(self._what_is_left())
        if self.operations >= self._last:
            self.over = True
            raise PowerCut

    def open(self, name: str) -> Content:
        if name not in self.names:
            self.names[name] = Content()
            self._waiting_names.append((name, self.names[name]))
            self.operation()
        return self.names[name]

    def delete(self, name: str, *, sync_folder: bool) -> None:
        if self.names.pop(name, None) is not None:
            self._waiting_names.append((name, None))
        if sync_folder:
            self.sync_names()
        self.operation()

    def write(self, content: Content, offset: int, piece: bytes) -> None:
        _put(content.now, offset, piece)
        content.waiting.append((offset, len(piece), piece))
        self.operation()

    def truncate(self, content: Content, size: int) -> None:
        del content.now[size:]
        content.waiting.append((size, _TRUNCATED, b""))
        self.operation()

    def sync(self, content: Content, *, with_names: bool) -> None:
        self.operation()
        self.syncs += 1
        if not self._lies:
            self._sync(content)
            if with_names:
                self.sync_names()

    def sync_names(self) -> None:
        if not self._lies:
            self._synced_names = dict(self.names)
            self._waiting_names.clear()

    @staticmethod
    def _sync(content: Content) -> None:
        content.synced = bytes(content.now)
        content.waiting.clear()

    def _what_is_left(self) -> dict[str, bytes]:
        fate = self._rng.choice(FATES)
        names = dict(self._synced_names)
        for name, content in self._waiting_names:
            if self._rng.random() >= fate.kept:
                continue
            if content is None:
                names.pop(name, None)
            else:
                names[name] = content
        return {name: self._what_is_left_of(content, fate) for name, content in names.items()}

    def _what_is_left_of(self, content: Content, fate: Fate) -> bytes:
        left = bytearray(content.synced)
        for offset, length, piece in content.waiting:
            drawn = self._rng.random()
            if drawn < fate.kept:
                if length == _TRUNCATED:
                    del left[offset:]
                else:
                    _put(left, offset, piece)
            elif drawn < fate.kept + fate.torn:
                self._tear(left, offset, piece, fate.garbage)
        return bytes(left)

    def _tear(self, left: bytearray, offset: int, piece: bytes, garbage: float) -> None:
        end = offset + len(piece)
        start = offset
        while start < end:
            stop = min(end, (start // SECTOR + 1) * SECTOR)
            if self._rng.random() < garbage:
                _put(left, start, self._rng.randbytes(stop - start))
            elif self._rng.random() < 0.5:
                _put(left, start, piece[start - offset : stop - offset])
            start = stop


def _put(held: bytearray, offset: int, piece: bytes) -> None:
    if len(held) < offset:
        held.extend(bytes(offset - len(held)))
    held[offset : offset + len(piece)] = piece


class PlatterVFS(apsw.VFS):
    """`close` it when its connections are closed."""

    def __init__(self, platter: Platter) -> None:
        self.name = apswstore.new_name()
        self.platter = platter
        super().__init__(self.name, "")

    def close(self) -> None:
        self.unregister()

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        if name is None:  # a temporary one, which no start will look for
            return super().xOpen(name, flags)
        return PlatterFile(self.platter, name, flags)

    def xAccess(self, name: str, _flags: int) -> bool:
        """As SQLite's own: an empty file counts as none."""
        found = self.platter.names.get(Path(name).name)
        return found is not None and bool(found.now)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        self.platter.delete(Path(name).name, sync_folder=sync_folder)


class PlatterFile(apsw.VFSFile):
    def __init__(self, platter: Platter, name: str | apsw.URIFilename, flags: list[int]) -> None:
        self._platter = platter
        self._content = platter.open(Path(name if isinstance(name, str) else name.filename()).name)
        self._names_too = bool(flags[0] & _NAMED_WHEN_SYNCED)
        self._is_main = bool(flags[0] & apsw.SQLITE_OPEN_MAIN_DB)
        if self._is_main:  # for its locks and its shared memory
            super().__init__("", name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._content.now[offset : offset + amount])

    def xWrite(self, piece: bytes, offset: int) -> None:
        self._platter.write(self._content, offset, bytes(piece))

    def xTruncate(self, size: int) -> None:
        self._platter.truncate(self._content, size)

    def xSync(self, _flags: int) -> None:
        self._platter.sync(self._content, with_names=self._names_too)
        self._names_too = False

    def xFileSize(self) -> int:
        return len(self._content.now)

    def xLock(self, level: int) -> None:
        if self._is_main:
            super().xLock(level)

    def xUnlock(self, level: int) -> None:
        if self._is_main:
            super().xUnlock(level)

    def xCheckReservedLock(self) -> bool:
        return self._is_main and super().xCheckReservedLock()

    def xClose(self) -> None:
        if self._is_main:
            super().xClose()

    def xFileControl(self, _operation: int, _pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return 4096

    def xDeviceCharacteristics(self) -> int:
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE
