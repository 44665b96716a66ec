"""What lies in the data folder beside the database, by name: who cleans personal data out of the folder finds all of it here."""

from pathlib import Path
from typing import Final

COPIES: Final = "copies"
ARCHIVES: Final = "archives"
PLAN: Final = "desk.mending"
"""There while a new database takes the place of the old one: what is left to do."""
WORKSHOP: Final = "mending"
"""Where the new database is put together."""

_ASIDE: Final = ("damaged-", "replaced-")


def put_aside(folder: Path) -> list[Path]:
    """The folders with files that were moved aside and kept, the oldest first: `damaged-…`, and `replaced-…` by a person's wish."""
    if not folder.is_dir():
        return []
    kept = (each for each in folder.iterdir() if each.name.startswith(_ASIDE) and each.is_dir())
    return sorted(kept, key=lambda each: each.name.partition("-")[2])


def free_name(folder: Path, prefix: str, stamp: str) -> str:
    """A name for another such folder."""
    names = (f"{prefix}{stamp}", *(f"{prefix}{stamp}-{number}" for number in range(2, 1000)))
    return next(name for name in names if not (folder / name).exists())
