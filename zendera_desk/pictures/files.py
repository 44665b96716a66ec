"""Taking in a file that a person pointed at. What is no regular file is refused before a byte of it is read."""

import hashlib
import os
import stat
from pathlib import Path
from typing import Final

from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.ids import PictureId

MOST_BYTES: Final = 40_000_000
"""No phone or office scanner makes a larger picture; what is larger is something else."""


def read_file(path: Path) -> bytes:
    """The file's bytes. Raises PictureError: not_a_file, too_large, empty, unreadable. May block on a slow disk: not for the loop."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # follows links: a link to a picture is one, a link to a device is none
            raise PictureError("not_a_file", name=path.name)
        with open(path, "rb", opener=_open_without_waiting) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):  # changed since it was looked at
                raise PictureError("not_a_file", name=path.name)
            if found.st_size > MOST_BYTES:
                raise PictureError("too_large", name=path.name, megabytes=found.st_size // 1_000_000, most=MOST_BYTES // 1_000_000)
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise PictureError("unreadable", name=path.name, words=getattr(error, "strerror", None) or str(error)) from error
    if not content:
        raise PictureError("empty", name=path.name)
    if len(content) > MOST_BYTES:  # still growing while it was read
        raise PictureError("too_large", name=path.name, megabytes=len(content) // 1_000_000, most=MOST_BYTES // 1_000_000)
    return content


def picture_id(source: bytes) -> PictureId:
    """What the picture is called here: the SHA-256 of its bytes as they came in."""
    return PictureId(hashlib.sha256(source).hexdigest())


def _open_without_waiting(name: str, flags: int) -> int:
    """Opening a pipe waits for its writer for ever; Windows has neither such pipes nor the flag."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
