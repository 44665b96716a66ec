"""Files that are there in full or not at all, also after a power cut: the settings, and the pictures of a report.

What the database writes is SQLite's own business.
"""

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import Final

from zendera_desk.domain.errors import StoreError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


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
    """Deletes the halves that a program left in this folder which was killed while it wrote. For whoever alone writes there."""
    with contextlib.suppress(OSError):
        for half in folder.glob("*.new"):
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
