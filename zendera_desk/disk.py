"""Files that are there in full or not at all, also after a power cut: the settings, and the pictures of a report.

What the database writes is SQLite's own business; but why it could make no file is found out here.
"""

import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from zendera_desk.domain.errors import StoreError

COMING: Final = Path("pictures", "coming")
"""Below the data folder: pictures as they come in, until their place is known."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_PAGE: Final = 4096
_LITTLE: Final = 2**20
"""Bytes: with less than these a small file can be made, and something else may have found no room a moment ago."""


def write_whole(path: Path, content: bytes) -> None:
    """Waits until the file and its name are on disk; readable by its owner alone. Runs in a thread. Raises OSError."""
    handle, temporary = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    sync_folder(path.parent)


def forget_unfinished(folder: Path) -> None:
    """Deletes the halves that a program left in this folder which was killed while it wrote, and those of pictures that came in.

    For whoever alone writes there.
    """
    with contextlib.suppress(OSError):
        for half in (*folder.glob("*.new"), *(folder / COMING).glob("*.new")):
            half.unlink()


def sync_folder(folder: Path) -> None:
    """Makes the names in it durable. Windows opens no folders, and writes names through. Raises OSError."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot do this with folders: nothing more is to be had
            raise
    finally:
        os.close(handle)


def trouble(error: OSError, path: Path) -> StoreError:
    """What the operating system's error means to a person."""
    if error.errno in _FULL:
        return StoreError("disk_full", path=str(path))
    if error.errno in _FORBIDDEN:
        return StoreError("readonly", path=str(path))
    return StoreError("io", path=str(path))


def why_refused(path: Path) -> StoreError:
    """Why a file of the database at `path` could not be made, grown or opened: SQLite has one error for all, and keeps the system's.

    So it is tried here, with a file of one page. `io`: nothing is in its way, or not any more.
    """
    folder = path.parent
    try:
        handle, probe = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=folder)
        try:
            os.write(handle, bytes(_PAGE))
        finally:
            os.close(handle)
            Path(probe).unlink(missing_ok=True)
        room = shutil.disk_usage(folder).free
    except OSError as error:
        return trouble(error, folder)
    files = [path, *(path.with_name(f"{path.name}{beside}") for beside in ("-wal", "-shm", "-journal"))]
    if any(file.exists() and not os.access(file, os.R_OK | os.W_OK) for file in files):
        return StoreError("readonly", path=str(path))
    return StoreError("disk_full" if room < _LITTLE else "io", path=str(path))
