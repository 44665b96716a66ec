"""Whatever a damaged file claims to hold, reading it ends."""

import sqlite3
from contextlib import closing

from zendera_desk.store.oldfile import Reader


def test_a_row_whose_number_lies_beyond_everything_keeps_nobody_waiting() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        conn.row_factory = sqlite3.Row
        conn.execute("create table said (id integer primary key, word text)")
        conn.executemany("insert into said values (?, ?)", [(1, "one"), (2, "two"), (900, "far"), (2**62, "beyond"), (2**63 - 1, "last")])
        read = [row["word"] for row in Reader(conn).rows("said", ["word"])]
    assert read == ["one", "two", "far", "beyond", "last"]
