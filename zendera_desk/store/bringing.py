"""The means of bringing rows over from an old file (salvage.py): no row is trusted, and what breaks a rule costs only itself."""

import contextlib
import sqlite3
from collections.abc import Iterator

import msgspec

from zendera_desk.domain.errors import StoreError
from zendera_desk.store.oldfile import Reader

Key = tuple[str, int]
"""An account and an order."""


class Saved(msgspec.Struct):
    counts: dict[str, int]
    unread: int = 0
    generation: int = 0


class Bringing:
    def __init__(self, old: Reader, new: sqlite3.Connection, saved: Saved) -> None:
        self._old = old
        self._new = new
        self._saved = saved
        self._touched: set[Key] = set()
        self._ids: dict[int, int] = {}
        """Of each entry that is in both files now: its id in the old one, and in the new one."""
        self._typed: set[tuple[str, Key]] = set()
        """The forms that the old file has, by their tables: they fit its entries."""

    def _columns(self, table: str) -> list[str]:
        """Those that both files have: one of them may be older than the program."""
        ours = [row["name"] for row in self._new.execute(f"pragma table_info({table})")]
        theirs = self._old.columns(table)
        return [name for name in ours if name in theirs]

    def _rows(self, table: str) -> Iterator[sqlite3.Row]:
        return self._old.rows(table, self._columns(table))

    def _insert(self, table: str, values: dict[str, object], *, strict: bool = False) -> bool:
        """Says whether it was new. `strict`: what it breaks is raised, else passed over."""
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        statement = f"insert into {table} ({names}) values ({marks})" + ("" if strict else " on conflict do nothing")
        if strict:
            self._new.execute(statement, values)
            return True
        return self._try(statement, values)

    def _try(self, statement: str, values: tuple[object, ...] | dict[str, object]) -> bool:
        try:
            return self._new.execute(statement, values).rowcount > 0
        except (sqlite3.IntegrityError, sqlite3.InterfaceError, OverflowError):
            self._saved.unread += 1
            return False

    @contextlib.contextmanager
    def _together(self) -> Iterator["_Done"]:
        """All of one row's statements, or none: a row that breaks a rule was damaged."""
        done = _Done()
        self._new.execute("savepoint row")
        try:
            yield done
        except (sqlite3.IntegrityError, sqlite3.InterfaceError, OverflowError, ValueError, StoreError):
            self._saved.unread += 1
        finally:
            if not done.said:
                self._new.execute("rollback to row")
            self._new.execute("release row")

    def _count(self, name: str) -> None:
        self._saved.counts[name] = self._saved.counts.get(name, 0) + 1


class _Done:
    said = False

    def __call__(self) -> None:
        self.said = True


def without_id(row: sqlite3.Row) -> dict[str, object]:
    return {name: row[name] for name in row.keys() if name != "id"}  # noqa: SIM118 (a Row has no other way)


def is_a(form: type[object], text: object) -> bool:
    try:
        msgspec.json.decode(str(text), type=form)
    except (msgspec.DecodeError, ValueError):
        return False
    return True
