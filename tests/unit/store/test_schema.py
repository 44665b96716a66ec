"""A letter that has changed in the schema is seen: no check of SQLite's looks at it."""

import pytest

from zendera_desk.store import schema
from zendera_desk.store.database import Connection
from zendera_desk.store.migrating import migrations


def test_the_mark_is_that_of_the_newest_schema() -> None:
    """Else every start would make one for comparison."""
    newest = schema.made_by(tuple(script for _, script in migrations()))
    assert schema.mark(newest) == schema.NEWEST, f"0x{schema.mark(newest):08X} belongs into schema.py"


def test_the_schema_that_the_program_makes_is_its_own(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    assert schema.is_ours(conn)
    monkeypatch.setattr(schema, "NEWEST", 0)  # as with an SQLite that writes it down otherwise
    assert schema.is_ours(conn)


@pytest.mark.parametrize(("name", "old", "new"), [("entry_legal", "old.state", "old.rtate"), ("entry", "reference", "referense")])
def test_a_flipped_letter_in_a_rule_or_a_column_is_seen(conn: Connection, name: str, old: str, new: str) -> None:
    conn.execute("pragma writable_schema = on")
    conn.execute("update sqlite_master set sql = replace(sql, ?, ?) where name = ?", (old, new, name))
    assert not schema.is_ours(conn)


@pytest.mark.parametrize("value", [b"\xff", 7, None, "\ud800".encode("utf-8", "surrogatepass")])
def test_what_stands_in_the_place_of_a_name_may_be_anything(conn: Connection, value: object) -> None:
    """Seed 167 of the flipped bits: the type of a value is a few bits as well."""
    conn.execute("pragma writable_schema = on")
    conn.execute("update sqlite_master set tbl_name = ? where name = 'entry_legal'", (value,))
    assert not schema.is_ours(conn)


def test_a_flipped_letter_in_a_legal_move_is_seen(conn: Connection) -> None:
    conn.execute("update legal_move set to_state = 'unclfar' where from_state = 'sending' and to_state = 'unclear'")
    assert not schema.is_ours(conn)
