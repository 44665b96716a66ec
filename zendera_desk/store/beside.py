"""The small file beside the database: how often it was opened, and whether it is open now.

From it a start knows two things that the database cannot say of itself: that the program did not come to its end the last
time, and that somebody has put an older file in its place. Written whole or not at all. A file that is lost or cannot be
read means "not ended properly", which costs a check and nothing else.
"""

import contextlib
import os
from pathlib import Path
from typing import Final

import msgspec

from zendera_desk.disk import sync_folder

FILE: Final = "desk.state"


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    generation: int = 0
    """The database's, as it was last opened or closed."""
    open: bool = True
    """The program works with the database, or ended without closing it."""
    damaged: bool = False
    """The database was found damaged while the program worked with it."""


def read(folder: Path) -> Beside | None:
    """None: there is no such file, so nobody has worked here before, or it was left behind when the database was moved."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Beside)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError):
        return Beside()


def write(folder: Path, beside: Beside, *, durable: bool = True) -> None:
    """Whole or not at all. Not `durable`: a power cut may take it back, which costs a check, and time is not spent. Raises OSError."""
    unfinished = folder / f"{FILE}.new"  # always the same name: what a death leaves behind is overwritten
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(beside))
        if durable:
            file.flush()
            os.fsync(file.fileno())
    unfinished.replace(folder / FILE)
    if durable:
        sync_folder(folder)


def note_damage(folder: Path) -> None:
    """The next start reads every row before it works with the file. Where even this cannot be written, it checks all the same."""
    with contextlib.suppress(OSError):
        write(folder, msgspec.structs.replace(read(folder) or Beside(), open=True, damaged=True))
