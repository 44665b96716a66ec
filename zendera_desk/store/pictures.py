"""Pictures: content-addressed files beside the database, on disk before any row names them.

What came in is kept untouched under its hash. The upright JPEG that is sent is made once, and lies under the id of its picture: the
hash of the file for a picture that is sent as it came; for a page of a file, or a picture that a person changed, the hash of what it
was made of. One file may so be the source of many pictures, and stays while one of them is named.

What no draft, no entry and no page of paper names any more goes: first its row (`forget_unnamed`), then the files without a row
(`sweep`). Whatever ends the program between any two of these steps leaves files that the next sweep finds, and never a row whose
files are gone.
"""

import contextlib
import hashlib
import itertools
import logging
import os
import re
import sqlite3
import tempfile
import threading
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from zendera_desk.disk import COMING, sync_folder, trouble, write_whole
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.paper import Edits
from zendera_desk.domain.report import Picture
from zendera_desk.store.database import to_ms

GRACE: Final = timedelta(days=1)
"""So long a picture may be named by nothing: it is in a form that is not saved yet, or in an undo that may bring it back."""

_files = threading.Lock()
"""A file is either taken in or swept: one that is found to be old must not be asked for a moment before it goes."""

_log = logging.getLogger(__name__)


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture is made of."""

    source: str
    """SHA-256 of the file's bytes, in hex."""
    page: int = 0
    """From 0."""
    edits: Edits = Edits()

    @property
    def picture(self) -> PictureId:
        if self.page == 0 and self.edits == Edits():
            return PictureId(self.source)
        return PictureId(hashlib.sha256(msgspec.json.encode((self.source, self.page, self.edits))).hexdigest())


# Files


class Come(NamedTuple):
    """What came in and has no place yet. If nobody gives it one, the sweep finds it."""

    file: Path
    source: str
    """SHA-256 of its bytes, in hex."""
    size: int
    """Bytes."""


def receive(folder: Path, pieces: Iterable[bytes]) -> Come:
    """Writes what comes, piece by piece, and waits until it is on disk. Whatever `pieces` raises leaves nothing behind.

    Runs in a thread. Raises StoreError: disk_full, readonly, io.
    """
    place = folder / COMING
    coming = iter(pieces)
    first = next(coming)  # what is refused by that makes no file
    hashed, size = hashlib.sha256(), 0
    try:
        _make_place(folder, place)
        handle, name = tempfile.mkstemp(suffix=".new", dir=place)
    except OSError as error:
        raise trouble(error, place) from error
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in itertools.chain((first,), coming):
                file.write(piece)
                hashed.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        _drop(Path(name))
        if isinstance(error, OSError):
            raise trouble(error, place) from error
        raise
    return Come(Path(name), hashed.hexdigest(), size)


def drop(come: Come) -> None:
    """Nobody wants it. One that has its place by now stays there. Runs in a thread."""
    _drop(come.file)


def put_original(folder: Path, come: Come) -> None:
    """Puts it in its place. One that is there already is left as it is, and counts as new. Runs in a thread. Raises as `receive`."""
    file = original_path(folder, come.source)
    try:
        _make_place(folder, file.parent)
        if _renewed(file):
            _drop(come.file)
        else:
            come.file.replace(file)
            sync_folder(file.parent)
    except OSError as error:
        _drop(come.file)
        raise trouble(error, file.parent) from error


def put_prepared(folder: Path, picture: PictureId, jpeg: bytes) -> None:
    """Writes the JPEG and waits until it is on disk, as `put_original` does with what came in."""
    file = prepared_path(folder, picture)
    try:
        _make_place(folder, file.parent)
        if not _renewed(file):
            write_whole(file, jpeg)
    except OSError as error:
        raise trouble(error, file.parent) from error


def original_path(folder: Path, source: str) -> Path:
    return folder / "pictures" / source[:2] / f"{source}.original"


def prepared_path(folder: Path, picture: PictureId) -> Path:
    return folder / "pictures" / picture[:2] / f"{picture}.jpg"


def prepared(folder: Path, picture: PictureId) -> bytes:
    """The JPEG that is sent. Raises StoreError("io") when the file is gone."""
    try:
        return prepared_path(folder, picture).read_bytes()
    except OSError as error:
        raise StoreError("io", words=error.strerror or "") from error


def renew_files(folder: Path, origin: Origin) -> bool:
    """Whether both files of the picture are there; from now on as if they had just been written. Runs in a thread."""
    return _renewed(original_path(folder, origin.source)) and _renewed(prepared_path(folder, origin.picture))


def drop_original(folder: Path, source: str) -> None:
    """Deletes what came in and has come to nothing. Runs in a thread."""
    _drop(original_path(folder, source))


def drop_prepared(folder: Path, picture: PictureId) -> None:
    """Deletes the JPEG of a picture that has no row. Runs in a thread."""
    _drop(prepared_path(folder, picture))


# Rows


def put(conn: sqlite3.Connection, picture: Picture, origin: Origin, sha256: str, now: datetime) -> Picture:
    """Returns the picture as it is named from now on: another one, if the same JPEG was made of another file before.

    The picture of an edit is always itself: a person changed it, and may change it back. So is that of a paper: blank backs are all
    alike, and where each of them is (store/filing.py) is no other's business.
    """
    if origin.edits == Edits() and not _is_paper(conn, origin.source):
        found = conn.execute(
            """select * from picture p where sha256 = ? and source <> ? and not exists (select 1 from stack_file where source = p.source)
            order by added_at limit 1""",
            (sha256, origin.source),
        )
        if (alike := found.fetchone()) is not None:
            return _renewed_row(conn, alike, now)
    row = conn.execute(
        """insert into picture (id, name, width, height, size, source, page, edits, sha256, added_at)
        values (:id, :name, :width, :height, :size, :source, :page, :edits, :sha256, :now)
        on conflict (id) do update set added_at = excluded.added_at returning *""",
        {
            **msgspec.structs.asdict(picture),
            "source": origin.source,
            "page": origin.page,
            "edits": msgspec.json.encode(origin.edits).decode(),
            "sha256": sha256,
            "now": to_ms(now),
        },
    ).fetchone()
    return _picture(row)


def renew(conn: sqlite3.Connection, picture: PictureId, now: datetime) -> Picture | None:
    """A picture that is here already and was given once more; None when it is not here."""
    row = conn.execute("select * from picture where id = ?", (picture,)).fetchone()
    return None if row is None else _renewed_row(conn, row, now)


def origin(conn: sqlite3.Connection, picture: PictureId) -> tuple[Picture, Origin] | None:
    row = conn.execute("select * from picture where id = ?", (picture,)).fetchone()
    if row is None:
        return None
    return _picture(row), Origin(source=row["source"], page=row["page"], edits=msgspec.json.decode(row["edits"], type=Edits))


def is_source(conn: sqlite3.Connection, source: str) -> bool:
    """Whether a picture is made of this file, or it lies in a stack of paper."""
    used = "select 1 from picture where source = :it union all select 1 from stack_file where source = :it limit 1"
    return conn.execute(used, {"it": source}).fetchone() is not None


def _is_paper(conn: sqlite3.Connection, source: str) -> bool:
    return conn.execute("select 1 from stack_file where source = ? limit 1", (source,)).fetchone() is not None


def _renewed_row(conn: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Picture:
    conn.execute("update picture set added_at = ? where id = ?", (to_ms(now), row["id"]))
    return _picture(row)


def _picture(row: sqlite3.Row) -> Picture:
    return Picture(id=PictureId(row["id"]), name=row["name"], width=row["width"], height=row["height"], size=row["size"])


# What nothing names


_FORMS: Final = """select cast(content as blob) form from draft
    union all select cast(draft as blob) form from entry where draft is not null and state in ('held', 'due')"""
"""What is typed, and what may be typed on because it can be taken back. All other entries name theirs by rows.

As bytes: what is no text any more still says which pictures it has."""

_ID: Final = re.compile(rb"[0-9a-f]{64}")


def ids_in(form: str | bytes) -> frozenset[PictureId]:
    """All that the draft may name, also where it cannot be read: it may be mended yet, and must not keep those of others."""
    text = form.encode("utf-8", "surrogatepass") if isinstance(form, str) else form
    return frozenset(PictureId(found.decode("ascii")) for found in _ID.findall(text))


def forget_unnamed(conn: sqlite3.Connection, now: datetime, limit: int = 200) -> int:
    """Deletes rows of pictures that are older than `GRACE` and that no draft, no entry and no page names. Returns how many."""
    typed = {id_ for row in conn.execute(_FORMS) for id_ in ids_in(row["form"])}
    unnamed = conn.execute(
        """select id from picture p where added_at <= ? and not exists (select 1 from entry_picture where picture_id = p.id)
            and not exists (select 1 from page where picture_id = p.id)""",
        (to_ms(now - GRACE),),
    )
    going = [id_ for (id_,) in unnamed if id_ not in typed][:limit]
    conn.executemany("delete from picture where id = ?", [(id_,) for id_ in going])
    if going:
        conn.execute("update retention set owed = 1")
    return len(going)


def named(conn: sqlite3.Connection) -> frozenset[str]:
    """The names of the files that stay: of all pictures that have a row, of what those were made of, and of stacks of paper."""
    rows = conn.execute(
        """select id || '.jpg' name from picture union select source || '.original' from picture
        union select source || '.original' from stack_file where source is not null"""
    )
    return frozenset(row["name"] for row in rows)


def sweep(folder: Path, kept: AbstractSet[str], now: datetime) -> int:
    """Deletes files older than `GRACE` that are not `kept`, halves of a write that never ended among them.

    Runs in a thread. `kept` is read before; what got its row since is young. A file that cannot be deleted now (Windows keeps
    open ones) goes the next time.
    """
    oldest = (now - GRACE).timestamp()
    return sum(_swept(file, oldest) for file in (folder / "pictures").glob("*/*") if file.name not in kept)


def _swept(file: Path, oldest: float) -> bool:
    try:
        with _files:
            if file.stat().st_mtime > oldest or not file.is_file():
                return False
            file.unlink()
    except OSError as error:
        _log.info("a picture that nothing names stays: %s", error.strerror)
        return False
    return True


def _renewed(file: Path) -> bool:
    """Whether it is there; from now on as if it had just been written."""
    with _files, contextlib.suppress(FileNotFoundError):
        os.utime(file)
        return True
    return False


def _drop(file: Path) -> None:
    with _files, contextlib.suppress(OSError):  # else the sweep finds it
        file.unlink()


def _make_place(folder: Path, place: Path) -> None:
    if not place.is_dir():
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_folder(place.parent)
        sync_folder(folder)
