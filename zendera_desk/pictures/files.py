"""Taking in a file that a person pointed at. What is no regular file is refused before a byte of it is read.

A stack of paper is as long as its scanner's day: a hundred pages in colour are 100 MB and more. So a file goes through here in pieces,
and never lies in memory as a whole.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.ids import PictureId
from zendera_desk.pictures import formats

MOST_BYTES: Final = 40_000_000
"""Of one picture. No phone or office scanner makes a larger one; what is larger is something else."""
MOST_OF_A_STACK: Final = 500_000_000
"""Of what has many pages. As many as one stack may have, in colour at 300 dots per inch, each packed as a JPEG of 1 MB."""
PIECE: Final = 2**20

_OF_MANY_PAGES: Final = frozenset({"PDF", "TIFF"})


def pieces(source: Path | bytes) -> Iterator[bytes]:
    """The bytes of what may be a picture or paper, a piece at a time. What is none by its first bytes is not read any further.

    Raises PictureError: not_a_file, not_opened, too_large, empty, and as `formats.kind_of`. May block on a slow disk: not for the loop.
    """
    try:
        yield from _checked(_read(source) if isinstance(source, Path) else _cut(source))
    except PictureError as error:
        raise error if not isinstance(source, Path) else PictureError(error.code, **{**error.values, "name": source.name}) from None


def picture_id(source: bytes) -> PictureId:
    """What the picture is called here: the SHA-256 of its bytes as they came in."""
    return PictureId(hashlib.sha256(source).hexdigest())


def _checked(read: Iterable[bytes]) -> Iterator[bytes]:
    size, most = 0, 0
    for piece in read:
        most = most or _most(piece)
        size += len(piece)
        _check(size, most)  # also of what still grows while it is read
        yield piece
    if not size:
        raise PictureError("empty")


def _most(first: bytes) -> int:
    """Bytes of a file that begins like this."""
    return MOST_OF_A_STACK if formats.kind_of(first[: formats.LOOKED_AT]) in _OF_MANY_PAGES else MOST_BYTES


def _check(size: int, most: int) -> None:
    if size > most:
        raise PictureError("too_large", megabytes=size // 1_000_000, most=most // 1_000_000)


def _cut(content: bytes) -> Iterator[bytes]:
    return (content[start : start + PIECE] for start in range(0, len(content), PIECE))


def _read(path: Path) -> Iterator[bytes]:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # follows links: a link to a picture is one, a link to a device is none
            raise PictureError("not_a_file")
        with open(path, "rb", opener=_open_without_waiting) as file:
            yield from _whole(file)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise PictureError("not_opened", words=getattr(error, "strerror", None) or str(error)) from error


def _whole(file: BinaryIO) -> Iterator[bytes]:
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):  # changed since it was looked at
        raise PictureError("not_a_file")
    most = 0
    while piece := file.read(PIECE):
        most = most or _most(piece)
        _check(found.st_size, most)
        yield piece


def _open_without_waiting(name: str, flags: int) -> int:
    """Opening a pipe waits for its writer for ever; Windows has neither such pipes nor the flag."""
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
