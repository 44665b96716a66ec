"""An archive is looked through like the desk, and nothing in its window writes or sends."""

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar

from support.day import HandClock
from unit.engine.archive_office import ACCOUNT, DONE, JPEG, PICTURE, SINCE, Office, fill
from zendera_desk.domain.changes import Change, Trouble
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.gui import labels
from zendera_desk.gui.archive.window import ArchiveWindow
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.trouble import TroubleWindow
from zendera_desk.reading import ArchiveDesk
from zendera_desk.settings import Settings

Opens = Callable[[Path], Awaitable[ArchiveDesk]]
Show = Callable[[ArchiveWindow], ArchiveWindow]
Until = Callable[[Callable[[], object]], Awaitable[None]]
ZONE = timezone(timedelta(hours=2))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, clock = tmp_path_factory.mktemp("data"), HandClock()
    fill(folder, clock)
    office = Office(folder, clock)

    async def make() -> None:
        async with office.program() as program:
            await program.make(ACCOUNT, clock.now() - SINCE, made_by="Kari", desk="front")

    with ThreadPoolExecutor(1) as thread:  # on a loop of its own, whatever loop the first test that asks has
        thread.submit(asyncio.run, make()).result()
    return office.archive


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """Wherever a person has put it."""
    return Path(shutil.copyfile(made, tmp_path / "elsewhere.sqlite3"))


@pytest.fixture
async def desk(archive: Path) -> AsyncIterator[ArchiveDesk]:
    desk = await ArchiveDesk.open_archive(archive, Settings(), zone=ZONE)
    troubles: list[Change] = []
    desk.changes.subscribe(troubles.append)
    yield desk
    await desk.close()
    assert not [each for each in troubles if isinstance(each, Trouble)]


@pytest.fixture
async def opens() -> AsyncIterator[Opens]:
    """Opens any archive. Asked for before `spawn`, so that it is closed when what the window still reads has ended."""
    opened: list[ArchiveDesk] = []

    async def opening(path: Path) -> ArchiveDesk:
        opened.append(await ArchiveDesk.open_archive(path, Settings(), zone=ZONE))
        return opened[-1]

    yield opening
    for each in opened:
        await each.close()


@pytest.fixture
async def window(desk: ArchiveDesk, spawn: Spawn, show: Show, until: Until) -> ArchiveWindow:
    window = show(ArchiveWindow(desk, spawn))
    await window.read_counts()
    await until(lambda: window.shipments.model.rowCount() == len(DONE))
    return window


async def test_the_window_says_what_it_is(window: ArchiveWindow) -> None:
    said = " ".join(label.text() for label in window.banners.findChildren(QLabel))
    assert "archive" in said
    assert "Kari" in said
    assert "can only be read" in said
    assert "read-only" in window.windowTitle()


async def test_its_product_feed_does_not_pretend_that_anything_may_come(window: ArchiveWindow, until: Until) -> None:
    following = window.feed.findChild(QAbstractButton, "following")
    assert following is not None
    assert not following.isVisible()
    assert not window.feed._cursor.isVisible()
    window.feed._filters._text.setText("nothing like that")

    def said() -> list[str]:
        return [label.text() for label in window.feed.findChildren(QLabel) if label.isVisible()]

    await until(lambda: "Nothing fits" in said())  # and not that nothing is here, which it says until it has read
    assert not any("by itself" in each for each in said())


async def test_no_view_can_be_kept_in_it(window: ArchiveWindow) -> None:
    buttons = window.findChildren(QAbstractButton, "keepAsView")
    assert not [button for button in buttons if button.isVisible()]


async def test_every_page_of_a_shipment_can_be_read(window: ArchiveWindow, until: Until) -> None:
    window._show(OrderId(7))
    window.shipment.show_tab("history")
    await until(lambda: any("Comment 7" in text for text in texts(window, "history")))
    window.shipment.show_tab("colli")
    await until(lambda: any("PROD-7" in text for text in texts(window, "colli")))
    window.shipment.show_tab("fields")
    await until(window.shipment._fields.isVisible)
    shown = await window._desk.shipment(OrderId(7))
    assert shown is not None
    assert b"unknownField" in shown.original


def texts(window: ArchiveWindow, name: str) -> list[str]:
    page = {"history": window.shipment._history, "colli": window.shipment._colli}[name]
    model = page.table.model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount()) for column in range(model.columnCount())]


async def test_the_pictures_of_a_shipment_are_shown_as_they_were_sent(window: ArchiveWindow, until: Until) -> None:
    window._show(OrderId(7))
    press(window, "showPictures")
    pictures = window.pictures
    await until(lambda: pictures.viewer._full.width() == 4)
    assert pictures.strip.pictures() == (PICTURE,)
    assert "signature.jpg · Complete, delivery: Comment 7" in about(window)
    assert "Kari" in about(window)
    window._open(OrderId(8))
    await until(lambda: "Comment 8" in about(window))


def press(window: ArchiveWindow, name: str) -> None:
    action = window.findChild(QAction, name)
    assert isinstance(action, QAction)
    action.trigger()


def about(window: ArchiveWindow) -> str:
    label = window.pictures.findChild(QLabel, "chosenPicture")
    assert isinstance(label, QLabel)
    return label.text()


async def test_a_copy_of_a_picture_is_what_was_sent_and_looking_leaves_nothing_behind(
    desk: ArchiveDesk, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    (sent,) = await desk.sent_pictures(OrderId(7))
    assert (sent.picture, sent.entry.words) == (PICTURE, "Comment 7")
    assert await desk.picture_jpeg(sent.picture.id) == JPEG
    pixels = await desk.picture_pixels(sent.picture.id)
    assert (pixels.width, pixels.height) == (4, 3)
    assert list(scratch.iterdir()) == []
    await desk.save_picture(sent.picture.id, tmp_path / "claim.jpg")
    assert (tmp_path / "claim.jpg").read_bytes() == JPEG
    with pytest.raises(StoreError):
        await desk.save_picture(sent.picture.id, tmp_path / "nowhere" / "claim.jpg")


async def test_a_picture_whose_file_was_gone_before_says_so(
    made: Path, tmp_path: Path, opens: Opens, spawn: Spawn, show: Show, until: Until
) -> None:
    path = Path(shutil.copyfile(made, tmp_path / "without.sqlite3"))
    with contextlib.closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("delete from archived_picture")
    window = show(ArchiveWindow(await opens(path), spawn))
    window._show(OrderId(7))
    press(window, "showPictures")
    await until(lambda: "no longer on the PC" in about(window))


async def test_a_shipment_without_pictures_says_so(
    made: Path, tmp_path: Path, opens: Opens, spawn: Spawn, show: Show, until: Until
) -> None:
    path = Path(shutil.copyfile(made, tmp_path / "purged.sqlite3"))
    with contextlib.closing(sqlite3.connect(path)) as conn, conn:
        rule = conn.execute("select sql from sqlite_master where name = 'entry_picture_kept'").fetchone()[0]
        conn.execute("drop trigger entry_picture_kept")
        conn.execute("delete from entry_picture")
        conn.execute(rule)
    window = show(ArchiveWindow(await opens(path), spawn))
    window._show(OrderId(7))
    press(window, "showPictures")
    await until(lambda: window.pictures._read == OrderId(7) and window.pictures._empty.isVisible())


async def test_what_was_said_is_found(window: ArchiveWindow, until: Until) -> None:
    window.shipments.find_field.setText("comment 11")
    window.shipments.find_field.search_now()
    await until(lambda: window.shipments.model.rowCount() == 1)


async def test_nothing_accepts_reports_or_mends(window: ArchiveWindow, until: Until) -> None:
    window._show(OrderId(7))
    window.shipment.show_tab("history")
    await until(lambda: texts(window, "history"))
    window.shipment._history.table.selectRow(0)
    names = {"accept", "fail", "reportMenu", "acceptThisShipment", "failThisShipment", "reportMissingPickup", "reportMissingDelivery"}
    names |= {button.objectName() for button in window.shipment._history.mend.buttons.values()}
    buttons = [each for each in window.findChildren(QAbstractButton) if each.objectName() in names]
    assert len(buttons) == len(names)
    assert not [each.objectName() for each in buttons if each.isVisible()]
    active = {each.objectName() for each in window.findChildren(QAction) if each.isEnabled()}
    assert not {name for name in active if name.startswith(("accept", "fail", "report"))}
    tabs = window.findChild(QTabBar, "shipmentTabs")
    assert isinstance(tabs, QTabBar)
    assert [tabs.tabText(place) for place in range(tabs.count()) if tabs.isTabVisible(place)] == [
        "Details",
        "Pictures",
        "Colli",
        "History",
        "All fields",
    ]


async def test_what_is_written_all_the_same_is_refused(desk: ArchiveDesk, archive: Path) -> None:
    before = in_folder(archive)
    with pytest.raises(StoreError, match="archive_readonly"):
        await desk.save_draft(OrderId(7), Draft(comment="too late"))
    with pytest.raises(StoreError, match="archive_readonly"):
        await desk.drop(EntryId(7))
    await desk.lists.remember_search("Consignee")
    await desk.change_settings(Settings(hold_seconds=3))
    desk.go_online()
    assert in_folder(archive) == before


def in_folder(archive: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in archive.parent.iterdir()}


@pytest.mark.parametrize("code", ["gone", "foreign", "newer", "older", "damaged"])
async def test_one_that_is_refused_says_why_and_offers_nothing_but_the_way_out(
    code: str, tmp_path: Path, show: Callable[..., TroubleWindow]
) -> None:
    error = StoreError(f"archive_{code}")
    window = show(TroubleWindow(error, tmp_path / "old.sqlite3"))
    said = " ".join(label.text() for label in window.findChildren(QLabel))
    assert "This archive cannot be opened" in said
    assert labels.error(error) in said
    assert {button.text() for button in window.findChildren(QAbstractButton) if button.isVisible()} == {"Open the folder", "Quit"}


async def test_closing_it_ends_it(window: ArchiveWindow) -> None:
    action = window.findChild(QAction, "closeWindow")
    assert isinstance(action, QAction)
    action.trigger()
    assert window.closed.done()
