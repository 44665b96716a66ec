"""The schema in steps: each a script with a number, which the file bears. A script that was given out is never changed."""

import importlib.resources
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from zendera_desk.domain.errors import StoreError

Migration = tuple[int, str]
"""Its number and its script."""


@cache
def migrations() -> list[Migration]:
    """All of them, in order."""
    folder = importlib.resources.files("zendera_desk.store.migrations")
    scripts = [(int(file.name[:4]), file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".sql")]
    return sorted(scripts)


def newest() -> int:
    return migrations()[-1][0]


def version_of(connection: sqlite3.Connection) -> int:
    """The schema's number; 0 for a file without one. Raises StoreError("newer") where a later program made it."""
    found: int = connection.execute("pragma user_version").fetchone()[0]
    if found > newest():
        raise StoreError("newer", found=found, known=newest())
    return found


def run(connection: sqlite3.Connection, steps: Sequence[Migration], leave: Callable[[str], bool] = lambda _statement: False) -> list[str]:
    """Within the caller's transaction. Returns the statements that were left out."""
    left = []
    for number, script in steps:
        for statement in statements(script):
            if leave(statement):
                left.append(statement)
            else:
                connection.execute(statement)
        connection.execute(f"pragma user_version = {number}")
        connection.execute("update care set version = ?", (number,))
    return left


def statements(script: str) -> Iterator[str]:
    """The script's statements one by one: `executescript` would commit in the middle."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError("the migration ends in the middle of a statement")
