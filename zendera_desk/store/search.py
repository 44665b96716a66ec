"""Finding shipments by a few letters of anything a person may have on paper: number, name, place, phone, barcode, comment, signee.

The words of each shipment stand in a table, as `domain.finding` spells them. Beside it is an index of FTS5, which keeps no text of its
own and nothing but which shipments have a word: small, and quick at a million shipments. It has the insides of numbers as words too.
What is struck out of it must be told word by word, so it is written from that table alone.

Where this SQLite has no FTS5 the table itself is gone through: slower, the same answers.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

from zendera_desk.domain import finding
from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.shipment import Shipment

# Beginnings of up to eight letters have lists of their own: of a longer one the lists of all words are put together first, which takes
# a tenth of a second where each of a million shipments has such a word.
_INDEX: Final = """create virtual table search_index using fts5(
    words, content = '', detail = none, tokenize = 'ascii', prefix = '1 2 3 4 5 6 7 8')"""
_OWNER: Final = "\ue001"
_STEP: Final = 5_000
"""Shipments that are read at once while the index is made anew."""


def prepare(conn: sqlite3.Connection) -> None:
    """Makes the index where it is missing, or was written in another spelling."""
    if has_index(conn):
        if conn.execute("select way from search_way").fetchone()[0] == finding.WAY:
            return
        conn.execute("drop table search_index")
    try:
        conn.execute(_INDEX)
    except sqlite3.OperationalError:
        return
    fill(conn)


def rebuild(conn: sqlite3.Connection) -> None:
    """Of a damaged index nothing is kept."""
    conn.execute("insert into search_index (search_index) values ('delete-all')")
    fill(conn)


def fill(conn: sqlite3.Connection) -> None:
    """An empty index, from the words."""
    last = -1
    while rows := conn.execute("select id, words, said from search_words where id > ? order by id limit ?", (last, _STEP)).fetchall():
        conn.executemany("insert into search_index (rowid, words) values (?, ?)", ((row["id"], _indexed(row)) for row in rows))
        last = rows[-1]["id"]
    conn.execute("update search_way set way = ?", (finding.WAY,))


def has_index(conn: sqlite3.Connection) -> bool:
    return conn.execute("select 1 from sqlite_master where name = 'search_index'").fetchone() is not None


def put(conn: sqlite3.Connection, shipment_row: int, account: AccountId, shipment: Shipment) -> None:
    """`shipment_row`: the row's `shipment.id`. What was said about it in reports stays."""
    put_words(conn, shipment_row, listed(account, shipment))


def listed(account: AccountId, shipment: Shipment) -> str:
    """The words of the shipment as they are stored. The first one says whose it is."""
    return f"{_owner(account)} {finding.words_of(shipment)}"


def spelled(account: AccountId, texts: Iterable[str]) -> str:
    """The same where only a few texts of the shipment are known."""
    return f"{_owner(account)} {finding.stored(texts)}"


def put_words(conn: sqlite3.Connection, shipment_row: int, words: str) -> None:
    """Words that were spelled before, as another file has them."""
    _write(conn, shipment_row, words=words)


def say(conn: sqlite3.Connection, shipment_row: int, said: str, entries: str) -> None:
    """What its reports say: comments, signees. `entries`: of which reports."""
    _write(conn, shipment_row, said=said, entries=entries)


def forget(conn: sqlite3.Connection, shipment_row: int) -> None:
    conn.execute("delete from search_due where id = ?", (shipment_row,))
    before = _row(conn, shipment_row)
    if before is not None:
        _strike_out(conn, before)
        conn.execute("delete from search_words where id = ?", (shipment_row,))


def merge(conn: sqlite3.Connection, pages: int, *, first: bool) -> bool:
    """Does a part of what drives forgotten words out of the index, where they stay, struck out, until its parts are merged into one.

    `first` begins; to be called again while it returns True. Not FTS5's `secure-delete`: SQLite before 3.42 does not know it, and
    cannot read an index that a newer one wrote with it.
    """
    if not has_index(conn):
        return False
    before = conn.total_changes
    conn.execute("insert into search_index (search_index, rank) values ('merge', ?)", (-pages if first else pages,))
    return first or conn.total_changes - before >= 2  # FTS5's own sign that there was nothing left to do


def matches(conn: sqlite3.Connection, account: AccountId, text: str, *, above: int = 0) -> Iterator[int]:
    """The rows (`shipment.id`) of the account's shipments with every word of `text`, the newest first, as far down as somebody asks.

    `above`: only those of a larger row. A text without any word has none.
    """
    words = finding.spellings(text)[: finding.MOST_WORDS]
    if not words:
        return iter(())
    if has_index(conn):
        statement = "select rowid from search_index where search_index match :query and rowid > :above order by rowid desc"
        values = {"query": _query(words, finding.joined(text))}
        if conn.execute("select count(*) from account").fetchone()[0] > 1:  # a word that all have costs time
            values["query"] = f'"{_owner(account)}" AND ({values["query"]})'
    else:
        condition, values = _likes(words, finding.joined(text))
        condition += f" and words like '{_owner(account)} %'"
        statement = f"select id from search_words where {condition} and id > :above order by id desc"
    rows = conn.execute(statement, {**values, "above": above})
    rows.row_factory = None  # a plain tuple each: there may be tens of thousands
    return (row[0] for row in rows)


def words(conn: sqlite3.Connection, shipment_rows: list[int]) -> dict[int, str]:
    """All the words that each of these is found by."""
    marks = ", ".join("?" * len(shipment_rows))
    rows = conn.execute(f"select id, words || ' ' || said from search_words where id in ({marks})", shipment_rows)
    return {row[0]: row[1] for row in rows}


def _owner(account: AccountId) -> str:
    """A word that nobody can type, for the account."""
    return f"{_OWNER}{hashlib.blake2b(account.encode(), digest_size=6).hexdigest()}"


def _row(conn: sqlite3.Connection, shipment_row: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = conn.execute("select * from search_words where id = ?", (shipment_row,)).fetchone()
    return row


def _write(conn: sqlite3.Connection, shipment_row: int, **values: str) -> None:
    before = _row(conn, shipment_row)
    if before is not None and all(before[name] == value for name, value in values.items()):
        return
    assigned = ", ".join(f"{name} = :{name}" for name in values)
    conn.execute(
        f"""insert into search_words (id, {", ".join(values)}) values (:id, {", ".join(f":{name}" for name in values)})
        on conflict (id) do update set {assigned}""",
        {"id": shipment_row, **values},
    )
    after = _row(conn, shipment_row)
    if after is None or not has_index(conn):
        return
    if before is not None:
        if _indexed(before) == _indexed(after):
            return
        _strike_out(conn, before)
    conn.execute("insert into search_index (rowid, words) values (?, ?)", (shipment_row, _indexed(after)))


def _strike_out(conn: sqlite3.Connection, row: sqlite3.Row) -> None:
    if has_index(conn):
        conn.execute("insert into search_index (search_index, rowid, words) values ('delete', ?, ?)", (row["id"], _indexed(row)))


def _indexed(row: sqlite3.Row) -> str:
    return indexed(f"{row['words']} {row['said']}")


def indexed(words: str) -> str:
    """The words as the index gets them."""
    return " ".join((words, *(finding.INSIDE + piece for piece in dict.fromkeys(finding.pieces(words)))))


def _query(words: list[tuple[str, ...]], number: str | None) -> str:
    every = " AND ".join(_clause(spellings) for spellings in words)
    return f"({every}) OR {_clause((number,))}" if number else every


def _clause(spellings: tuple[str, ...]) -> str:
    ways = [f'"{word}"*' for word in spellings]
    if finding.is_inside(word := spellings[0]):
        wanted = finding.pieces_looked_for(word)
        more = "*" if len(wanted) == 1 else ""
        inside = [f'"{finding.INSIDE}{piece}"{more}' for piece in wanted]
        ways.append(f"({' AND '.join(inside)})")
    return f"({' OR '.join(ways)})"


def _likes(words: list[tuple[str, ...]], number: str | None) -> tuple[str, dict[str, str]]:
    values: dict[str, str] = {}

    def clause(spellings: tuple[str, ...]) -> str:
        names = []
        for word in spellings:
            names.append(f"word{len(values)}")
            values[names[-1]] = f"%{word}%" if finding.is_inside(word) else f"% {word}%"
        return "(" + " or ".join(f"' ' || words || ' ' || said like :{name}" for name in names) + ")"

    every = " and ".join(clause(spellings) for spellings in words)
    return (f"(({every}) or {clause((number,))})" if number else f"({every})"), values
