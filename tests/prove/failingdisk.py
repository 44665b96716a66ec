"""A disk whose k-th write fails: below SQLite as a VFS on the real one, and below the program's own files in the system's calls.

A full disk fails where room is needed: writes and new files. A broken one fails at syncs, truncations, deletions and renames
too, and may leave half of what was written.
"""

import contextlib
import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest import mock

import apsw

from prove import apswstore

FOR_GOOD: Final = 10**9


class Fault(NamedTuple):
    """`lasts` so many operations."""

    full: bool
    lasts: int

    @property
    def error(self) -> OSError:
        number = errno.ENOSPC if self.full else errno.EIO
        return OSError(number, os.strerror(number))


FAULTS: Final = {
    "full": Fault(full=True, lasts=1),
    "stays full": Fault(full=True, lasts=FOR_GOOD),
    "fails": Fault(full=False, lasts=1),
    "keeps failing": Fault(full=False, lasts=FOR_GOOD),
    "full for a while": Fault(full=True, lasts=7),
}


class FailingDisk:
    """Sound until it is armed, and from when it is healed."""

    def __init__(self) -> None:
        self.count = 0
        self.failed = 0
        self.at_sync = False
        """A sync failed: what was refused may be in the file all the same."""
        self.at_new_file = False
        """SQLite could not make a file, and does not say why."""
        self.fault: Fault | None = None
        self._at = 0

    def arm(self, at: int, fault: Fault) -> None:
        self._at, self.fault, self.count, self.failed = at, fault, 0, 0
        self.at_sync = self.at_new_file = False

    def heal(self) -> None:
        """There is room again."""
        self.fault = None

    def fails(self, *, needs_room: bool, sync: bool = False) -> bool:
        """Says whether this operation does."""
        fault = self.fault
        if fault is None or (fault.full and not needs_room):
            return False
        self.count += 1
        failing = self._at <= self.count < self._at + fault.lasts
        self.failed += failing
        self.at_sync = self.at_sync or (failing and sync)
        return failing

    @contextlib.contextmanager
    def below(self) -> Iterator[None]:
        """Within, the program's database and files are on this disk."""
        vfs = _FailingVFS(self)
        try:
            with apswstore.opened_on(vfs.name), self._below_files(vfs.name):
                yield
        finally:
            vfs.unregister()

    @contextlib.contextmanager
    def _below_files(self, vfs: str) -> Iterator[None]:
        with contextlib.ExitStack() as patches:
            for module, name, needs_room in (
                (os, "mkdir", True),
                (os, "replace", False),
                (os, "fsync", False),
                (tempfile, "mkstemp", True),
            ):
                failing = self._failing(getattr(module, name), needs_room=needs_room, sync=name == "fsync")
                patches.enter_context(mock.patch.object(module, name, failing))
            fdopen = os.fdopen
            patches.enter_context(mock.patch.object(os, "fdopen", lambda *args, **kwargs: _File(self, fdopen(*args, **kwargs))))
            # Copies are made with connections of their own. Of one file, all in a process must be of one library: they share its locks.
            patches.enter_context(mock.patch.object(sqlite3, "connect", lambda place, **_: apswstore.Connection(str(place), vfs)))
            yield

    def _failing(self, right: Callable[..., Any], *, needs_room: bool, sync: bool) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            fault = self.fault
            if self.fails(needs_room=needs_room, sync=sync) and fault is not None:
                raise fault.error
            return right(*args, **kwargs)

        return call


class _File:
    """A file that the program itself writes."""

    def __init__(self, disk: FailingDisk, file: Any) -> None:  # noqa: ANN401
        self._disk = disk
        self._file = file

    def write(self, content: bytes) -> int:
        fault = self._disk.fault
        if self._disk.fails(needs_room=True) and fault is not None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()
            raise fault.error
        return int(self._file.write(content))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._file, name)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


class _FailingVFS(apsw.VFS):
    def __init__(self, disk: FailingDisk) -> None:
        self.name = apswstore.new_name()
        self._disk = disk
        super().__init__(self.name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        if name is not None and flags[0] & apsw.SQLITE_OPEN_CREATE:
            path = Path(name if isinstance(name, str) else name.filename())
            if not path.exists() and self._disk.fails(needs_room=True):
                self._disk.at_new_file = True
                raise apsw.exception_for(apsw.SQLITE_CANTOPEN)
        return _FailingFile(self._disk, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        if self._disk.fails(needs_room=False):
            raise apsw.exception_for(apsw.SQLITE_IOERR_DELETE)
        super().xDelete(name, sync_folder)


class _FailingFile(apsw.VFSFile):
    def __init__(self, disk: FailingDisk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._disk = disk
        super().__init__("", name, flags)

    def xWrite(self, piece: bytes, offset: int) -> None:
        fault = self._disk.fault
        if self._disk.fails(needs_room=True) and fault is not None:
            super().xWrite(bytes(piece)[: len(piece) // 2], offset)
            raise apsw.exception_for(apsw.SQLITE_FULL if fault.full else apsw.SQLITE_IOERR_WRITE)
        super().xWrite(piece, offset)

    def xSync(self, flags: int) -> None:
        if self._disk.fails(needs_room=False, sync=True):
            raise apsw.exception_for(apsw.SQLITE_IOERR_FSYNC)
        super().xSync(flags)

    def xTruncate(self, size: int) -> None:
        if self._disk.fails(needs_room=False):
            raise apsw.exception_for(apsw.SQLITE_IOERR_TRUNCATE)
        super().xTruncate(size)
