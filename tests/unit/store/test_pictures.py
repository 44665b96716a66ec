"""Picture files: there in full before anything names them, and never touched again."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, shipment, write
from zendera_desk.domain.errors import PictureError, StoreError
from zendera_desk.domain.ids import EntryId, OrderId, PictureId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.paper import Edits
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.store import drafts, entering, pictures, retention
from zendera_desk.store.database import Connection
from zendera_desk.store.pictures import Origin

ID = PictureId("ab" + "0" * 62)
OTHER = PictureId("cd" + "0" * 62)
ORIGIN = Origin(source=ID)
PICTURE = Picture(id=ID, name="paper.jpg", width=4, height=3, size=8)


def put_files(folder: Path, prepared: bytes = b"prepared") -> None:
    put_original(folder)
    pictures.put_prepared(folder, ID, prepared)


def put_original(folder: Path) -> None:
    pictures.put_original(folder, pictures.receive(folder, [b"orig", b"inal"])._replace(source=ID))


def test_what_is_sent_and_what_came_in_are_kept_side_by_side(tmp_path: Path) -> None:
    put_files(tmp_path)
    assert pictures.prepared(tmp_path, ID) == b"prepared"
    assert {file.name: file.read_bytes() for file in (tmp_path / "pictures" / "ab").iterdir()} == {
        f"{ID}.original": b"original",
        f"{ID}.jpg": b"prepared",
    }
    if sys.platform != "win32":
        assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "pictures" / "ab").iterdir()} == {0o600}


def test_a_picture_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """It may be part of a report that waits to be sent."""
    put_files(tmp_path)
    put_files(tmp_path, b"prepared by a newer version")
    assert pictures.prepared(tmp_path, ID) == b"prepared"


def test_a_picture_whose_file_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="io"):
        pictures.prepared(tmp_path, ID)


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "readonly"), (errno.EIO, "io")])
def test_a_disk_that_fails_leaves_no_half_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str) -> None:
    def failing(_handle: int) -> None:
        raise OSError(number, "the disk failed")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StoreError, match=code):
        put_files(tmp_path)
    monkeypatch.undo()
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
    put_files(tmp_path)
    assert pictures.prepared(tmp_path, ID) == b"prepared"


def test_what_is_refused_on_its_way_leaves_nothing_and_what_a_crash_left_is_swept(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"begun"
        raise PictureError("too_large")

    with pytest.raises(PictureError):
        pictures.receive(tmp_path, broken())
    assert not files(tmp_path)
    pictures.receive(tmp_path, [b"came, and then the power went"])
    age(tmp_path, NOON)
    pictures.sweep(tmp_path, frozenset(), NOON + DAY)
    assert not files(tmp_path)


def test_the_same_bytes_again_are_not_kept_twice(tmp_path: Path) -> None:
    for _ in range(2):
        pictures.put_original(tmp_path, pictures.receive(tmp_path, [b"the ", b"same"]))
    assert files(tmp_path) == 1


def test_the_same_picture_twice_is_one_row_with_its_first_name(conn: Connection) -> None:
    for name in ("first.jpg", "second.jpg"):
        write(conn, pictures.put, Picture(id=ID, name=name, width=4, height=3, size=8), ORIGIN, "one", NOON)
    assert [row["name"] for row in conn.execute("select name from picture")] == ["first.jpg"]


# What a picture is made of


def test_what_is_sent_as_it_came_is_called_by_its_bytes_and_everything_else_by_what_it_was_made_of() -> None:
    origins = [
        ORIGIN,
        Origin(source=OTHER),
        Origin(source=ID, page=1),
        Origin(source=ID, edits=Edits(turn=90)),
        Origin(source=ID, page=1, edits=Edits(turn=90)),
        Origin(source=ID, edits=Edits(crop=(0, 0, 0.5, 0.5))),
    ]
    assert origins[0].picture == ID
    assert len({origin.picture for origin in origins}) == len(origins)
    assert all(len(origin.picture) == 64 for origin in origins)


def test_what_a_picture_is_made_of_is_known_again(conn: Connection) -> None:
    origin = Origin(source=ID, page=2, edits=Edits(turn=270, crop=(0.1, 0, 1, 0.5), brightness=-5))
    picture = Picture(id=origin.picture, name="stack.pdf", width=4, height=3, size=8)
    assert write(conn, pictures.put, picture, origin, "one", NOON) == picture
    assert pictures.origin(conn, picture.id) == (picture, origin)
    assert pictures.origin(conn, OTHER) is None
    assert pictures.is_source(conn, ID)
    assert not pictures.is_source(conn, OTHER)


def test_the_same_picture_from_another_file_is_the_one_that_is_here(conn: Connection) -> None:
    """Saved again by another program, sent twice by a phone: the pixels are the same."""
    write(conn, pictures.put, PICTURE, ORIGIN, "one", NOON)
    copy = Picture(id=OTHER, name="copy.jpg", width=4, height=3, size=8)
    assert write(conn, pictures.put, copy, Origin(source=OTHER), "one", NOON) == PICTURE
    assert rows(conn) == 1


def test_two_blank_pages_of_one_file_are_two(conn: Connection) -> None:
    for page in (0, 1):
        origin = Origin(source=ID, page=page)
        picture = Picture(id=origin.picture, name="stack.pdf", width=4, height=3, size=8)
        assert write(conn, pictures.put, picture, origin, "one", NOON) == picture


def test_what_a_person_changed_is_itself_even_if_it_looks_like_another(conn: Connection) -> None:
    write(conn, pictures.put, PICTURE, ORIGIN, "one", NOON)
    origin = Origin(source=OTHER, edits=Edits(turn=180))
    turned = Picture(id=origin.picture, name="copy.jpg", width=4, height=3, size=8)
    assert write(conn, pictures.put, turned, origin, "one", NOON) == turned


# What nothing names

DAY = timedelta(days=1)


def take_in(conn: Connection, folder: Path, at: datetime = NOON) -> None:
    """As the desk does: files first, then the row."""
    put_files(folder)
    age(folder, at)
    write(conn, pictures.put, PICTURE, ORIGIN, "one", at)


def age(folder: Path, at: datetime) -> None:
    for file in (folder / "pictures").glob("*/*"):
        os.utime(file, (at.timestamp(), at.timestamp()))


def collect(conn: Connection, folder: Path, now: datetime) -> None:
    write(conn, pictures.forget_unnamed, now)
    pictures.sweep(folder, pictures.named(conn), now)


def files(folder: Path) -> int:
    return len([file for file in (folder / "pictures").rglob("*") if file.is_file()])


def rows(conn: Connection) -> int:
    return int(conn.execute("select count(*) from picture").fetchone()[0])


def held(conn: Connection, drawn: bool = True) -> EntryId:
    arrive(conn, shipment(1))
    draft = Draft(pictures=(PICTURE,))
    new = entering.NewEntry(order_id=OrderId(1), kind=Kind.REPORT, payload=b"{}", draft=draft, pictures=(ID,) if drawn else ())
    return write(conn, entering.add_all, ACCOUNT, [new], now=NOON, held_until=NOON, made_by="", desk="")[0]


def nothing(_conn: Connection) -> None:
    """Nobody names it."""


def a_draft(conn: Connection) -> None:
    arrive(conn, shipment(1))
    write(conn, drafts.save, ACCOUNT, OrderId(1), Draft(pictures=(PICTURE,)), NOON)


def an_entry(conn: Connection) -> None:
    bring(conn, held(conn), State.CONFIRMED)


def a_form_that_can_be_taken_back(conn: Connection) -> None:
    held(conn, drawn=False)


def a_purged_entry(conn: Connection) -> None:
    an_entry(conn)
    write(conn, retention.note_closed, NOON)
    limits = retention.before(NOON + DAY, 1, 0)
    write(conn, retention.purge_entries, retention.entries_over(conn, limits), limits, NOON + DAY)


def a_draft_that_was_thrown_away(conn: Connection) -> None:
    a_draft(conn)
    write(conn, drafts.discard, ACCOUNT, OrderId(1))


@pytest.mark.parametrize("name", [a_draft, an_entry, a_form_that_can_be_taken_back])
def test_a_picture_that_something_names_stays(conn: Connection, tmp_path: Path, name: Callable[[Connection], None]) -> None:
    take_in(conn, tmp_path)
    name(conn)
    collect(conn, tmp_path, NOON + 1000 * DAY)
    assert (rows(conn), files(tmp_path)) == (1, 2)


@pytest.mark.parametrize("broken", ['{"pictures": [{"id": "%s", ', b'\xff\xfe{"pictures": [{"id": "%s"}]}'])
def test_a_draft_that_cannot_be_read_keeps_its_pictures_and_no_others(conn: Connection, tmp_path: Path, broken: str | bytes) -> None:
    take_in(conn, tmp_path)
    write(conn, pictures.put, Picture(id=OTHER, name="", width=1, height=1, size=1), Origin(source=OTHER), "two", NOON)
    a_draft(conn)
    content = broken.replace(b"%s", ID.encode()) if isinstance(broken, bytes) else broken % ID
    write(conn, lambda conn: conn.execute("update draft set content = cast(? as text)", (content,)))
    collect(conn, tmp_path, NOON + 2 * DAY)
    assert [row["id"] for row in conn.execute("select id from picture")] == [ID]


@pytest.mark.parametrize("name", [nothing, a_purged_entry, a_draft_that_was_thrown_away])
def test_a_picture_that_nothing_names_goes_after_a_day(conn: Connection, tmp_path: Path, name: Callable[[Connection], None]) -> None:
    take_in(conn, tmp_path)
    name(conn)
    collect(conn, tmp_path, NOON + DAY - timedelta(seconds=1))
    assert (rows(conn), files(tmp_path)) == (1, 2)
    collect(conn, tmp_path, NOON + DAY)
    assert (rows(conn), files(tmp_path)) == (0, 0)


def test_a_picture_taken_in_again_counts_as_new(conn: Connection, tmp_path: Path) -> None:
    """It stands in a form that is not saved yet, whenever it was first seen here."""
    long_ago = datetime.now().astimezone() - 50 * DAY
    take_in(conn, tmp_path, long_ago)
    put_files(tmp_path)
    now = datetime.now().astimezone()
    collect(conn, tmp_path, now)  # between the files and the row
    assert (rows(conn), files(tmp_path)) == (0, 2)
    write(conn, pictures.put, PICTURE, ORIGIN, "one", now)
    collect(conn, tmp_path, now)
    assert (rows(conn), files(tmp_path)) == (1, 2)


def test_wherever_collecting_ends_no_row_is_without_its_files_and_the_next_time_finishes(conn: Connection, tmp_path: Path) -> None:
    later = NOON + 2 * DAY
    for steps in range(5):
        take_in(conn, tmp_path)
        if steps >= 1:
            write(conn, pictures.forget_unnamed, later)
        for file in sorted((tmp_path / "pictures").glob("*/*"))[: max(0, steps - 1)]:
            file.unlink()
        assert files(tmp_path) == 2 or not rows(conn)
        if rows(conn):
            assert pictures.prepared(tmp_path, ID) == b"prepared"
        collect(conn, tmp_path, later)
        assert (rows(conn), files(tmp_path)) == (0, 0)


def test_what_a_crash_left_without_a_row_goes_after_a_day(conn: Connection, tmp_path: Path) -> None:
    """Files whose row was never written, and a half of one that never got its name."""
    put_files(tmp_path)
    (tmp_path / "pictures" / "ab" / f"{ID}.jpg.k3j2.new").write_bytes(b"prep")
    age(tmp_path, NOON)
    collect(conn, tmp_path, NOON + DAY - timedelta(seconds=1))
    assert files(tmp_path) == 3
    collect(conn, tmp_path, NOON + DAY)
    assert files(tmp_path) == 0


def test_what_came_in_stays_while_something_is_made_of_it(conn: Connection, tmp_path: Path) -> None:
    origin = Origin(source=ID, edits=Edits(turn=90))
    turned = Picture(id=origin.picture, name="paper.jpg", width=3, height=4, size=8)
    put_original(tmp_path)
    pictures.put_prepared(tmp_path, ID, b"prepared")
    pictures.put_prepared(tmp_path, turned.id, b"turned")
    age(tmp_path, NOON)
    write(conn, pictures.put, PICTURE, ORIGIN, "one", NOON)
    write(conn, pictures.put, turned, origin, "two", NOON)
    arrive(conn, shipment(1))
    write(conn, drafts.save, ACCOUNT, OrderId(1), Draft(pictures=(turned,)), NOON)
    collect(conn, tmp_path, NOON + 2 * DAY)
    assert {file.name for file in (tmp_path / "pictures").glob("*/*")} == {f"{ID}.original", f"{turned.id}.jpg"}
    write(conn, drafts.discard, ACCOUNT, OrderId(1))
    collect(conn, tmp_path, NOON + 3 * DAY)
    assert files(tmp_path) == 0


def test_a_file_that_a_row_names_is_never_swept(conn: Connection, tmp_path: Path) -> None:
    take_in(conn, tmp_path)
    pictures.sweep(tmp_path, pictures.named(conn), NOON + 1000 * DAY)
    assert pictures.prepared(tmp_path, ID) == b"prepared"


def test_a_file_that_cannot_be_deleted_now_goes_the_next_time(conn: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows keeps a file that another program has open."""

    def kept(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "in use")

    put_files(tmp_path)
    age(tmp_path, NOON)
    monkeypatch.setattr(Path, "unlink", kept)
    collect(conn, tmp_path, NOON + 2 * DAY)
    assert files(tmp_path) == 2
    monkeypatch.undo()
    collect(conn, tmp_path, NOON + 2 * DAY)
    assert files(tmp_path) == 0
