"""The watched folder: what comes there is taken in once, when it is whole, and nothing there is ever touched."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import msgspec
import pytest

from support.day import HandClock
from unit.pictures.made import corners, encoded, pdf, says
from unit.store.office import ACCOUNT, NOON, opened
from zendera_desk.disk import COMING
from zendera_desk.domain.changes import Change, Changes, LinkChanged, Trouble
from zendera_desk.domain.errors import PictureError, StoreError
from zendera_desk.domain.paper import Stack
from zendera_desk.domain.views import Account
from zendera_desk.engine import watching
from zendera_desk.engine.developing import Developing
from zendera_desk.engine.paper_taking import Taking
from zendera_desk.engine.watching import EVERY, SLOW, Watching
from zendera_desk.pictures import child
from zendera_desk.pictures.helper import PictureReader
from zendera_desk.settings import Settings
from zendera_desk.store import paper, pictures, watched
from zendera_desk.store.database import Database


class Scanner:
    """A folder that is filled, and a desk that looks at it."""

    def __init__(self, folder: Path, database: Database, developing: Developing) -> None:
        self.folder, self.clock, self.changes, self.database = folder, HandClock(), Changes(), database
        self.told: list[Change] = []
        self.changes.subscribe(self.told.append)
        self.settings = Settings(watched_folders={ACCOUNT: str(folder)})
        self.account: Account | None = Account(id=ACCOUNT, name="Nordlys", base_url="https://example.com/api/")
        self.taking = Taking(database, developing, self.clock, self.changes)
        self.start()

    def start(self) -> None:
        self.watching = Watching(self.database, self.taking, self.clock, self.changes, lambda: self.account, lambda: self.settings)

    def put(self, name: str, content: bytes | None = None, second: int = 0) -> Path:
        path = self.folder / name
        path.write_bytes(content or pdf(says(name)))
        at = 1_780_000_000_000_000_000 + second * 1_000_000_000
        os.utime(path, ns=(at, at))
        return path

    async def look(self, times: int = 1) -> timedelta | None:
        due = None
        for _ in range(times):
            due = await self.watching.step(self.clock.move(seconds=2))
        return None if due is None else due - self.clock.now()

    async def has_what_hung(self) -> None:
        await asyncio.wait({fetching.come for fetching in self.watching._stuck.values()})

    async def stacks(self) -> list[Stack]:
        return await self.database.read(paper.stacks, ACCOUNT)

    async def names(self) -> list[list[str]]:
        return [[page.name for page in stack.pages] for stack in await self.stacks()]

    def troubles(self) -> list[str]:
        return [change.error.code for change in self.told if isinstance(change, Trouble)]


@pytest.fixture
async def scanner(tmp_path: Path) -> AsyncIterator[Scanner]:
    folder = tmp_path / "scans"
    folder.mkdir()
    with opened(tmp_path / "data"):
        pass
    database = await Database.open(tmp_path / "data", NOON)
    developing = Developing(tmp_path / "data", database, lambda: NOON)
    yield Scanner(folder, database, developing)
    await developing.close()
    await database.close()


async def test_what_comes_is_taken_in_and_lies_there_as_before(scanner: Scanner) -> None:
    await scanner.look()
    path = scanner.put("scan.pdf")
    before = path.stat().st_mtime_ns, path.read_bytes()
    assert await scanner.look() == EVERY
    assert await scanner.names() == []
    await scanner.look(5)
    assert await scanner.names() == [["scan.pdf"]]
    await scanner.look(5)
    assert await scanner.names() == [["scan.pdf"]]
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert list(scanner.folder.iterdir()) == [path]


async def test_what_was_there_when_the_folder_was_chosen_is_left(scanner: Scanner) -> None:
    scanner.put("last year.pdf")
    await scanner.look(6)
    scanner.put("new.pdf")
    await scanner.look(6)
    assert await scanner.names() == [["new.pdf"]]


async def test_what_was_there_is_taken_in_where_a_person_asks_for_it(scanner: Scanner) -> None:
    scanner.put("yesterday.pdf")
    await scanner.database.write(watched.choose, ACCOUNT, str(scanner.folder), (), NOON)
    await scanner.look(6)
    assert await scanner.names() == [["yesterday.pdf"]]


async def test_what_comes_together_is_one_stack_in_the_order_it_came(scanner: Scanner) -> None:
    await scanner.look()
    for name, second in (("scan 10.pdf", 1), ("scan 9.pdf", 1), ("first.pdf", 0)):
        scanner.put(name, second=second)
        await scanner.look()
    await scanner.look(4)
    scanner.put("later.pdf")
    await scanner.look(5)
    assert await scanner.names() == [["first.pdf", "scan 9.pdf", "scan 10.pdf"], ["later.pdf"]]
    assert [stack.name for stack in await scanner.stacks()] == ["scans", "later.pdf"]


async def test_a_file_that_is_still_written_is_waited_for_and_keeps_others_waiting_only_for_a_while(scanner: Scanner) -> None:
    await scanner.look()
    scanner.put("whole.pdf")
    for size in range(40):
        scanner.put("growing.pdf", b"%PDF-" + b" " * size, second=size)
        await scanner.look()
    assert await scanner.names() == [["whole.pdf"]]
    scanner.put("growing.pdf", second=99)
    await scanner.look(6)
    assert await scanner.names() == [["whole.pdf"], ["growing.pdf"]]


async def test_nothing_is_taken_in_twice_after_a_restart_or_under_another_name(scanner: Scanner) -> None:
    await scanner.look()
    path = scanner.put("scan.pdf")
    await scanner.look(6)
    scanner.start()
    await scanner.look(6)
    path.rename(scanner.folder / "renamed.pdf")
    scanner.put("copy.pdf", (scanner.folder / "renamed.pdf").read_bytes(), second=7)
    await scanner.look(6)
    assert await scanner.names() == [["scan.pdf"]]


async def test_a_name_that_the_scanner_uses_again_is_another_paper(scanner: Scanner) -> None:
    await scanner.look()
    scanner.put("scan0001.pdf", pdf(says("one")))
    await scanner.look(6)
    scanner.put("scan0001.pdf", pdf(says("two")), second=60)
    await scanner.look(6)
    assert len(await scanner.stacks()) == 2


async def test_what_is_no_paper_is_told_by_its_name_and_not_tried_again(scanner: Scanner) -> None:
    await scanner.look()
    scanner.put("film.mp4", b"\0\0\0\x20ftypisom")
    scanner.put("good.jpg", encoded(corners()))
    await scanner.look(12)
    assert scanner.troubles() == ["format"]
    (stack,) = await scanner.stacks()
    assert (stack.refused, [page.name for page in stack.pages]) == ((("film.mp4", "format"),), ["good.jpg"])


@pytest.mark.parametrize("name", [".hidden.pdf", "~scan.pdf", "scan.pdf~", "scan.pdf.part", "scan.TMP", "scan.crdownload", "Thumbs.db"])
async def test_what_is_hidden_or_half_written_is_not_looked_at(scanner: Scanner, name: str) -> None:
    await scanner.look()
    scanner.put(name)
    await scanner.look(6)
    assert (await scanner.names(), scanner.troubles()) == ([], [])


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
async def test_folders_links_pipes_and_empty_files_are_not_taken(scanner: Scanner, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.pdf").write_bytes(pdf(says("elsewhere")))
    await scanner.look()
    (scanner.folder / "link.pdf").symlink_to(tmp_path / "elsewhere.pdf")
    (scanner.folder / "folder.pdf").mkdir()
    (scanner.folder / "folder.pdf" / "deep.pdf").write_bytes(pdf(says("deep")))
    os.mkfifo(scanner.folder / "pipe.pdf")
    (scanner.folder / "empty.pdf").touch()
    await scanner.look(6)
    assert (await scanner.names(), scanner.troubles()) == ([], [])


async def test_a_folder_that_cannot_be_reached_is_told_once_and_looked_at_again(scanner: Scanner, tmp_path: Path) -> None:
    await scanner.look()
    scanner.folder.rename(tmp_path / "unplugged")
    assert await scanner.look(3) == SLOW
    assert scanner.troubles() == ["folder_unreachable"]
    assert scanner.watching.trouble is not None
    (tmp_path / "unplugged").rename(scanner.folder)
    scanner.put("scan.pdf")
    await scanner.look(6)
    assert await scanner.names() == [["scan.pdf"]]
    assert scanner.watching.trouble is None
    scanner.folder.rename(tmp_path / "unplugged")
    await scanner.look()
    assert scanner.troubles() == ["folder_unreachable"] * 2


async def test_a_share_that_hangs_keeps_nobody_waiting_and_is_asked_once(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    answered, asked = Event(), list[Path]()
    files = watching.files

    def hanging(folder: Path) -> list[watched.Seen]:
        asked.append(folder)
        answered.wait(30)
        return files(folder)

    monkeypatch.setattr(watching, "PATIENCE", 0.05)
    monkeypatch.setattr(watching, "files", hanging)
    assert await scanner.look(3) == SLOW
    assert (len(asked), scanner.troubles()) == (1, ["folder_unreachable"])
    monkeypatch.setattr(watching, "PATIENCE", 20)
    answered.set()
    assert await scanner.look() == EVERY


async def test_a_file_that_hangs_in_the_middle_keeps_nobody_waiting_and_comes_once_it_goes_on(
    scanner: Scanner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, asked = Event(), list[Path]()
    pieces = watching.pieces

    def hanging(path: Path) -> Iterator[bytes]:
        asked.append(path)
        whole = b"".join(pieces(path))
        yield whole[:100]
        goes_on.wait(30)
        yield whole[100:]

    await scanner.look()
    scanner.put("scan.pdf")
    monkeypatch.setattr(watching, "PATIENCE", 0.05)
    monkeypatch.setattr(watching, "pieces", hanging)
    await scanner.look(4)
    assert await scanner.look() == SLOW
    assert (len(asked), scanner.troubles()) == (1, ["folder_unreachable"])
    assert scanner.watching.trouble is not None
    monkeypatch.setattr(watching, "PATIENCE", 20)
    goes_on.set()
    await scanner.has_what_hung()
    await scanner.look(4)
    assert (await scanner.names(), len(asked)) == ([["scan.pdf"]], 1)
    assert scanner.watching.trouble is None
    assert list((tmp_path / "data" / COMING).iterdir()) == []


async def test_a_file_that_hangs_is_in_no_others_way_and_nothing_is_asked_of_a_share_where_several_do(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, asked = Event(), list[str]()
    pieces = watching.pieces

    def hanging(path: Path) -> Iterator[bytes]:
        asked.append(path.name)
        if path.name != "good.pdf":
            goes_on.wait(30)
        yield from pieces(path)

    await scanner.look()
    for number, name in enumerate(("bad 1.pdf", "good.pdf", "bad 2.pdf", "bad 3.pdf", "bad 4.pdf", "bad 5.pdf")):
        scanner.put(name, second=number)
    monkeypatch.setattr(watching, "PATIENCE", 0.05)
    monkeypatch.setattr(watching, "pieces", hanging)
    await scanner.look(20)
    assert await scanner.names() == [["good.pdf"]]
    assert asked == ["bad 1.pdf", "good.pdf", "bad 2.pdf", "bad 3.pdf"]
    monkeypatch.setattr(watching, "PATIENCE", 20)
    goes_on.set()
    await scanner.has_what_hung()
    await scanner.look(20)
    assert sorted(name for stack in await scanner.names() for name in stack) == [
        "bad 1.pdf", "bad 2.pdf", "bad 3.pdf", "bad 4.pdf", "bad 5.pdf", "good.pdf",
    ]  # fmt: skip


async def test_a_file_that_hangs_and_goes_away_leaves_nothing_here(
    scanner: Scanner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, gone = Event(), Event()
    pieces, drop = watching.pieces, pictures.drop

    def hanging(path: Path) -> Iterator[bytes]:
        whole = b"".join(pieces(path))
        goes_on.wait(30)
        yield whole

    def dropped(come: pictures.Come) -> None:
        drop(come)
        gone.set()

    monkeypatch.setattr(watching, "PATIENCE", 0.05)
    monkeypatch.setattr(watching, "pieces", hanging)
    monkeypatch.setattr(pictures, "drop", dropped)
    await scanner.look()
    path = scanner.put("scan.pdf")
    await scanner.look(5)
    path.unlink()
    monkeypatch.setattr(watching, "PATIENCE", 20)
    await scanner.look()
    goes_on.set()
    await asyncio.to_thread(gone.wait, 30)
    await scanner.look()
    assert (await scanner.names(), list((tmp_path / "data" / COMING).iterdir())) == ([], [])
    assert scanner.watching.trouble is None


async def test_a_file_that_somebody_keeps_is_told_after_a_minute_and_taken_when_it_is_free(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(path: Path) -> Iterator[bytes]:
        raise PictureError("not_opened", name=path.name, words="used by another process")

    await scanner.look()
    scanner.put("scan.pdf")
    with monkeypatch.context() as patch:
        patch.setattr(watching, "pieces", kept)
        await scanner.look(20)
        assert scanner.troubles() == []
        await scanner.look(40)
    assert (await scanner.names(), scanner.troubles()) == ([], ["not_opened"])
    await scanner.look(60)
    assert await scanner.names() == [["scan.pdf"]]


@pytest.mark.expected_log("the picture process cannot be started")
async def test_what_reads_pictures_may_fail_and_the_file_is_taken_once_it_works(scanner: Scanner, tmp_path: Path) -> None:
    """A scanner for viruses ends it, an update is under way, memory is short: that says nothing about the paper."""
    command = [str(tmp_path / "no such program")]
    developing = Developing(tmp_path / "data", scanner.database, lambda: NOON, PictureReader(command))
    scanner = Scanner(scanner.folder, scanner.database, developing)
    await scanner.look()
    scanner.put("scan.pdf")
    await scanner.look(20)
    assert (await scanner.names(), scanner.troubles()) == ([], ["decoder_died"])
    assert await scanner.database.read(lambda conn: conn.execute("select count(*) from stack").fetchone()[0]) == 0
    command[:] = child.own_command()
    await scanner.look(60)
    assert await scanner.names() == [["scan.pdf"]]
    await developing.close()


async def test_a_paper_that_cannot_be_read_now_is_tried_more_and_more_seldom(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[Path] = []

    def kept(path: Path) -> Iterator[bytes]:
        tries.append(path)
        raise PictureError("not_opened", name=path.name)

    await scanner.look()
    scanner.put("scan.pdf")
    monkeypatch.setattr(watching, "pieces", kept)
    await scanner.look(300)
    assert 5 <= len(tries) <= 8


async def test_a_full_disk_leaves_the_files_for_later(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_values: object) -> None:
        raise StoreError("disk_full")

    await scanner.look()
    scanner.put("scan.pdf")
    with monkeypatch.context() as patch:
        patch.setattr(paper, "put_file", full)
        await scanner.look(6)
    assert await scanner.names() == []
    await scanner.look(6)
    assert await scanner.names() == [["scan.pdf"]]


async def test_a_folder_that_is_no_longer_watched_is_chosen_anew_later(scanner: Scanner) -> None:
    await scanner.look()
    before, scanner.settings = scanner.settings, msgspec.structs.replace(scanner.settings, watched_folders={})
    assert await scanner.look() is None
    scanner.put("in between.pdf")
    scanner.settings = before
    await scanner.look(6)
    assert await scanner.names() == []


async def test_nothing_is_watched_until_an_account_is_open(scanner: Scanner) -> None:
    woken: list[bool] = []
    scanner.watching.when_asked = lambda: woken.append(True)
    account, scanner.account = scanner.account, None
    assert await scanner.look() is None
    scanner.changes.publish(LinkChanged())
    assert not woken
    scanner.account = account
    scanner.changes.publish(LinkChanged())
    assert woken
    assert await scanner.look() == EVERY
    scanner.changes.publish(LinkChanged())
    assert woken == [True]


async def test_what_is_still_there_is_remembered_and_what_has_long_been_gone_is_not(scanner: Scanner) -> None:
    await scanner.look()
    scanner.put("stays.pdf")
    gone = scanner.put("goes.pdf", second=1)
    await scanner.look(6)
    gone.unlink()

    async def known() -> int:
        return await scanner.database.read(lambda conn: conn.execute("select count(*) from watched_file").fetchone()[0])

    counts: list[int] = []
    for _ in range(3):
        scanner.clock.move(days=150)
        await scanner.look()
        counts.append(await known())
    assert counts == [2, 2, 1]
    assert len(await scanner.stacks()) == 1


def test_nothing_that_is_remembered_says_a_name(tmp_path: Path) -> None:
    with opened(tmp_path) as conn:
        watched.choose(conn, ACCOUNT, "/home/clerk/scans", [watched.Seen(name="Kari.pdf", size=1, changed_at=1)], NOON)
        said = [str(tuple(row)) for table in ("watched_folder", "watched_file") for row in conn.execute(f"select * from {table}")]  # noqa: S608
    assert len(said) == 2
    assert not [row for row in said if "Kari" in row or "clerk" in row]
