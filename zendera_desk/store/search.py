"""Finding shipments by a few letters of anything a person may have on paper: number, name, place, reference, barcode.

FTS5 where this SQLite has it, else a plain table of the same name and `like`: slower, the same answers, because it holds the
words as FTS5 would cut and fold them.
"""

import sqlite3
import unicodedata

from zendera_desk.domain.shipment import Shipment, Stop


def prepare(conn: sqlite3.Connection) -> None:
    """Makes the index where it is missing."""
    if conn.execute("select 1 from sqlite_master where name = 'search_index'").fetchone():
        return
    try:
        conn.execute("create virtual table search_index using fts5(words, tokenize = \"unicode61 remove_diacritics 2\", prefix = '2 3')")
    except sqlite3.OperationalError:
        # The id is a column of its own: VACUUM numbers the rows of a table anew that has none.
        conn.execute("create table search_index (id integer primary key, words text not null)")


def put(conn: sqlite3.Connection, shipment_row: int, shipment: Shipment) -> None:
    """`shipment_row`: the row's `shipment.id`."""
    forget(conn, shipment_row)
    words = words_of(shipment)
    conn.execute(
        "insert into search_index (rowid, words) values (?, ?)", (shipment_row, words if _has_fts(conn) else f" {' '.join(_folded(words))}")
    )


def forget(conn: sqlite3.Connection, shipment_row: int) -> None:
    conn.execute("delete from search_index where rowid = ?", (shipment_row,))


def merge(conn: sqlite3.Connection, pages: int, *, first: bool) -> bool:
    """Does a part of what drives forgotten words out of the index, where they stay, struck out, until its parts are merged into one.

    `first` begins; to be called again while it returns True. Not FTS5's `secure-delete`: SQLite before 3.42 does not know it, and
    cannot read an index that a newer one wrote with it.
    """
    if not _has_fts(conn):
        return False
    before = conn.total_changes
    conn.execute("insert into search_index (search_index, rank) values ('merge', ?)", (-pages if first else pages,))
    return first or conn.total_changes - before >= 2  # FTS5's own sign that there was nothing left to do


def condition(conn: sqlite3.Connection, text: str) -> tuple[str, dict[str, str]]:
    """SQL over `shipment s` that holds for the shipments with every word of `text`, and its parameters."""
    words = _cut(text)
    if not words:
        return "1", {}
    if _has_fts(conn):
        query = " ".join(f'"{word}"*' for word in words)
        return "s.id in (select rowid from search_index where search_index match :search)", {"search": query}
    folded = _folded(text)
    parts = " and ".join(f"words like :word{place}" for place in range(len(folded)))
    return f"s.id in (select rowid from search_index where {parts})", {f"word{place}": f"% {word}%" for place, word in enumerate(folded)}


def words_of(shipment: Shipment) -> str:
    """Everything of the shipment that a person may look for."""
    parts = [str(shipment.order_id), shipment.order_number, *(value for _, value in shipment.references), shipment.carrier_service]
    for stop in (shipment.pickup, shipment.delivery):
        parts += _stop_words(stop)
    for parcel in shipment.parcels:
        parts += [parcel.name, parcel.barcode, parcel.internal_number, str(parcel.product_id or "")]
    return " ".join(part for part in parts if part)


def _cut(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def _folded(text: str) -> list[str]:
    """Small letters without their accents: "Malmö" is found as "malmo"."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return _cut(plain.lower())


def _stop_words(stop: Stop) -> list[str]:
    address = stop.address
    words = [address.name, address.line1, address.line2, address.postal_code, address.city]
    for contact in stop.contacts:
        words += [contact.name, contact.phone, contact.email]
    return words


def _has_fts(conn: sqlite3.Connection) -> bool:
    row = conn.execute("select sql from sqlite_master where name = 'search_index'").fetchone()
    return row is not None and "fts5" in row["sql"]
