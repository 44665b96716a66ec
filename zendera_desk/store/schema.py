"""Whether a database still has the schema that this program gave it: tables, rules and legal moves, letter by letter.

SQLite's check does not look at it. With a flipped letter in a trigger or in the table of legal moves the next start could not
even say that what was sending is unclear; with one in a column's name no list could be read.
"""

import contextlib
import functools
import sqlite3
import zlib
from collections.abc import Set
from typing import Final

from zendera_desk.domain.outbox import LEGAL
from zendera_desk.store import migrating

NEWEST: Final = 0xAE2BBAE0
"""What `mark` says of the newest schema, as SQLite writes it down. With another, it is made anew and compared letter by letter."""

_READ = "select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite%' and name not like 'search_index%'"


def is_ours(connection: sqlite3.Connection) -> bool:
    """Of a database with the newest version. To make one for comparison takes six milliseconds of a start."""
    there = {tuple(row) for row in connection.execute(_READ)}
    is_alike = mark(there) == NEWEST or there == made_by(tuple(script for _, script in migrating.migrations()))
    return is_alike and _has_our_moves(connection)


def mark(schema: Set[tuple[object, ...]]) -> int:
    """Another for every letter that is flipped. In a damaged file a name may be anything."""
    return zlib.crc32("\n".join(sorted(map(repr, schema))).encode("utf-8", "backslashreplace"))


@functools.cache
def made_by(scripts: tuple[str, ...]) -> frozenset[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for script in scripts:
            for statement in migrating.statements(script):
                fresh.execute(statement)
        return frozenset(fresh.execute(_READ).fetchall())


def _has_our_moves(connection: sqlite3.Connection) -> bool:
    """As the rule looks them up, by their index, and no others."""
    legal = [(before.value, after.value) for before, afters in LEGAL.items() for after in afters]
    look_up = "select count(*) from legal_move where from_state = ? and to_state = ?"
    found = [connection.execute(look_up, move).fetchone()[0] for move in legal]
    return found == [1] * len(legal) and connection.execute("select count(*) from legal_move").fetchone()[0] == len(legal)
