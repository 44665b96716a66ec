"""The page about archives: what would go, making one, cancelling, and opening one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QPushButton

from zendera_desk.domain.archives import Archive, Archived, ArchiveLine, ArchiveProgress, Stage, WouldGo
from zendera_desk.domain.changes import ArchivesChanged, Changes
from zendera_desk.domain.errors import StoreError
from zendera_desk.gui.settings.archives import Archives
from zendera_desk.gui.spawn import Spawn

NOW = datetime(2026, 6, 11, 12, 30, tzinfo=UTC)
Until = Callable[[Callable[[], object]], Awaitable[None]]
Show = Callable[[Archives], Archives]


def line(months: int, code: str = "") -> ArchiveLine:
    until = NOW - timedelta(days=30 * months)
    archive = Archive(path=Path(f"{months}.sqlite3"), until=until, made_at=NOW - timedelta(days=1), size=12_400_000)
    return ArchiveLine(archive=archive, shipments=None if code else 1_200, code=code)


class Making:
    def __init__(self) -> None:
        self.progress: ArchiveProgress | None = None
        self.found = [line(12), line(24, "archive_damaged")]
        self.cancelled = asyncio.Event()

    async def lines(self) -> list[ArchiveLine]:
        return list(self.found)

    def cancel(self) -> None:
        self.cancelled.set()


class Office:
    folder = Path("/nowhere")
    zone: tzinfo = UTC

    def __init__(self) -> None:
        self.changes = Changes()
        self.archiving = Making()
        self.asked: list[datetime] = []
        self.trouble: StoreError | None = None
        self.finish = asyncio.Event()

    def now(self) -> datetime:
        return NOW

    async def may_be_archived(self, until: datetime) -> WouldGo:
        self.asked.append(until)
        if until > NOW - timedelta(days=300):
            return WouldGo()
        return WouldGo(shipments=3_214, oldest=datetime(2024, 3, 7, 23, 30, tzinfo=UTC), size=85_400_000)

    async def make_archive(self, until: datetime) -> Archived:
        if self.trouble is not None:
            raise self.trouble
        self.tell(ArchiveProgress(stage=Stage.TAKING_OUT, done=25, of=100))
        ways = [asyncio.create_task(each.wait()) for each in (self.finish, self.archiving.cancelled)]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        self.tell(None)
        cancelled = self.archiving.cancelled.is_set()
        return Archived(archive=line(12).archive, shipments=25 if cancelled else 100, cancelled=cancelled)

    def tell(self, progress: ArchiveProgress | None) -> None:
        self.archiving.progress = progress
        self.changes.publish(ArchivesChanged())


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def page(office: Office, spawn: Spawn, show: Show, until: Until) -> Archives:
    page = show(Archives(office, spawn))
    await until(lambda: button(page, "makeArchive").isEnabled())
    return page


def button(page: Archives, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def said(page: Archives, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


async def test_what_would_go_is_counted_from_the_beginning_of_a_day(page: Archives, office: Office) -> None:
    assert said(page, "archiveCount") == (
        "3\u202f214 shipments would go: the oldest came on 07.03.2024, none was touched since 11.06.2025."
        " The file takes about 85.4\u202fMB."
    )
    assert office.asked[-1] == datetime(2025, 6, 11, tzinfo=UTC)


async def test_where_nothing_is_that_old_nothing_can_be_begun(page: Archives, until: Until) -> None:
    age = page.findChild(QComboBox, "archiveAge")
    assert isinstance(age, QComboBox)
    age.setCurrentIndex(0)
    await until(lambda: said(page, "archiveCount") == "Nothing is that old: there is nothing to archive.")
    assert not button(page, "makeArchive").isEnabled()


async def test_while_one_is_made_it_says_how_far_and_can_be_cancelled(page: Archives, until: Until) -> None:
    button(page, "makeArchive").click()
    await until(lambda: "25 of 100" in said(page, "archiveState"))
    bar = page.findChild(QProgressBar, "archiveBar")
    assert isinstance(bar, QProgressBar)
    assert (bar.value(), bar.maximum(), bar.isVisible()) == (25, 100, True)
    assert not button(page, "makeArchive").isEnabled()
    assert button(page, "cancelArchive").hasFocus()
    button(page, "cancelArchive").click()
    await until(lambda: "the others are still in the list" in said(page, "archiveState"))
    assert not button(page, "cancelArchive").isVisible()


async def test_what_came_of_it_stays_on_the_page(page: Archives, office: Office, until: Until) -> None:
    button(page, "makeArchive").click()
    office.finish.set()
    await until(lambda: said(page, "archiveState") == "100 shipments are in the archive now, and no longer in the list.")
    assert button(page, "showArchiveFile").isVisible()
    office.trouble = StoreError("disk_full")
    await until(lambda: button(page, "makeArchive").isEnabled())
    button(page, "makeArchive").click()
    await until(lambda: "too little room" in said(page, "archiveState"))
    assert not button(page, "showArchiveFile").isVisible()


async def test_what_cannot_be_undone_says_so_before(page: Archives) -> None:
    assert any("There is no way back into the list" in label.text() for label in page.findChildren(QLabel))


async def test_once_cancelled_it_says_so_and_cannot_be_cancelled_again(office: Office, page: Archives) -> None:
    office.tell(ArchiveProgress(stage=Stage.COPYING, done=500, of=2_000))
    button(page, "cancelArchive").click()
    office.tell(ArchiveProgress(stage=Stage.COPYING, done=1_000, of=2_000))
    assert said(page, "archiveState") == "Cancelling…"
    assert not button(page, "cancelArchive").isEnabled()


async def test_when_all_is_taken_out_there_is_nothing_left_to_cancel(office: Office, page: Archives) -> None:
    office.tell(ArchiveProgress(stage=Stage.GIVING_BACK))
    assert not button(page, "cancelArchive").isEnabled()


async def test_where_there_is_no_archive_yet_it_says_so_instead_of_an_empty_table(office: Office, page: Archives, until: Until) -> None:
    office.archiving.found = []
    page.reload()
    await until(lambda: not page.table.isVisible())
    assert any(label.isVisible() and "no archives" in label.text() for label in page.findChildren(QLabel))


async def test_a_full_disk_is_told_in_words(page: Archives, office: Office, until: Until) -> None:
    office.trouble = StoreError("disk_full")
    button(page, "makeArchive").click()
    await until(lambda: "too little room on the disk" in said(page, "archiveState"))
    assert "Nothing was taken out" in said(page, "archiveState")


async def test_one_that_is_being_made_is_shown_to_whoever_comes_back(office: Office, spawn: Spawn, show: Show, until: Until) -> None:
    office.archiving.progress = ArchiveProgress(stage=Stage.COPYING, done=500, of=2_000)
    page = show(Archives(office, spawn))
    await until(lambda: "500 of 2\u202f000" in said(page, "archiveState"))
    assert button(page, "cancelArchive").isVisible()
    assert not button(page, "makeArchive").isEnabled()


async def test_a_sound_one_is_opened_and_a_damaged_one_says_why_not(page: Archives, until: Until) -> None:
    opened: list[Path] = []
    page.opened.connect(opened.append)
    await until(lambda: page.table.rowCount() == 2)
    assert "damaged" in page.table.item(1, 2).text()
    button(page, "openArchive").click()
    assert opened == [Path("12.sqlite3")]
    assert not said(page, "archiveWhyNot")
    page.table.selectRow(1)
    assert not button(page, "openArchive").isEnabled()
    assert said(page, "archiveWhyNot") == page.table.item(1, 2).text()
    assert page.table.item(1, 2).toolTip()
