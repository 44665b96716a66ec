"""Send is pressed while pictures are still on their way: it waits for them, and nothing is sent that a person did not see."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.report.paperdesk import DRAFT, FIRST, OSLO, SECOND, PaperDesk, click, drop, jpeg, sends
from zendera_desk.domain.report import Status
from zendera_desk.gui.report import ReportPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.settings import Settings

Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
async def desk() -> PaperDesk:
    made = PaperDesk()
    made.drafts[FIRST] = DRAFT
    return made


@pytest.fixture
async def form(desk: PaperDesk, spawn: Spawn, show: Callable[[QWidget], QWidget], until: Until) -> ReportPanel:
    panel = ReportPanel(desk, spawn, Settings(), zone=OSLO)
    panel.resize(1000, 460)
    show(panel)
    panel.open(FIRST)
    await until(lambda: panel.draft() == DRAFT)
    return panel


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    files = []
    for colour in ("white", "red"):
        files.append(tmp_path / f"{colour}.jpg")
        files[-1].write_bytes(jpeg(colour))
    return files


@pytest.fixture
async def slow(desk: PaperDesk, form: ReportPanel, photos: list[Path], until: Until) -> ReportPanel:
    """Two pictures are being prepared, for as long as the test wants."""
    for photo in photos:
        desk.later[photo.name] = asyncio.Event()
    drop(form, *photos)
    await until(lambda: len(desk.at_work) == 2)
    return form


def ready(desk: PaperDesk) -> None:
    for event in desk.later.values():
        event.set()


def told(panel: ReportPanel) -> list[str]:
    heard: list[str] = []
    panel.told.connect(heard.append)
    return heard


async def settled(form: ReportPanel, until: Until) -> None:
    await until(lambda: not form._pictures._intake.on_their_way(FIRST) and not form._pictures._intake._workers)
    await form.flush()


async def test_send_waits_for_the_pictures_and_takes_them_along(slow: ReportPanel, desk: PaperDesk, until: Until) -> None:
    sent = sends(slow)
    click(slow, "Send")
    assert (slow.bar.waiting.text(), slow.bar.cancel_send.isVisible()) == ("Sending when 2 pictures are ready", True)
    desk.later["white.jpg"].set()
    await until(lambda: slow.bar.waiting.text() == "Sending when 1 picture is ready")
    assert not sent
    ready(desk)
    await until(lambda: sent)
    order, draft, _confirmed, then_next = sent[0]
    assert (order, then_next) == (FIRST, False)
    assert [picture.name for picture in draft.pictures] == ["white.jpg", "red.jpg"]
    assert not slow.bar.waiting.isVisible()
    await settled(slow, until)
    assert len(sent) == 1


async def test_send_and_next_goes_on_when_the_pictures_are_there(slow: ReportPanel, desk: PaperDesk, until: Until) -> None:
    sent = sends(slow)
    QTest.keyClick(slow, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ready(desk)
    await until(lambda: sent)
    assert sent[0][3] is True


async def test_a_picture_that_is_needed_may_still_be_on_its_way(slow: ReportPanel, desk: PaperDesk, until: Until) -> None:
    sent = sends(slow)
    slow._choose_status(Status.DAMAGE)
    click(slow, "Send")
    assert slow.bar.waiting.isVisible()
    ready(desk)
    await until(lambda: sent)
    assert len(sent[0][1].pictures) == 2


async def test_what_is_wrong_apart_from_the_pictures_is_said_at_once(slow: ReportPanel, desk: PaperDesk, until: Until) -> None:
    sent = sends(slow)
    slow.form.time.setText("99")
    click(slow, "Send")
    assert slow.form.beside["time"].isVisible()
    assert not slow.bar.waiting.isVisible()
    ready(desk)
    await settled(slow, until)
    assert not sent


async def test_a_refused_picture_stops_the_send_and_is_named(form: ReportPanel, desk: PaperDesk, photos: list[Path], until: Until) -> None:
    photos[1].write_bytes(b"not a picture")
    desk.later["white.jpg"] = asyncio.Event()
    sent = sends(form)
    drop(form, *photos)
    click(form, "Send")
    await until(form.pane.refusals.text)
    ready(desk)
    await settled(form, until)
    assert not sent
    assert "red.jpg" in form.pane.refusals.text()
    assert form.bar.waiting.text() == "Not sent: a picture was refused."
    assert not form.bar.cancel_send.isVisible()
    assert [picture.name for picture in desk.drafts[FIRST].pictures] == ["white.jpg"]


async def test_waiting_is_cancelled_by_a_click_and_the_pictures_stay(slow: ReportPanel, desk: PaperDesk, until: Until) -> None:
    sent = sends(slow)
    click(slow, "Send")
    click(slow, "Cancel sending")
    assert not slow.bar.waiting.isVisible()
    ready(desk)
    await settled(slow, until)
    assert not sent
    assert len(desk.drafts[FIRST].pictures) == 2


async def test_typing_on_means_that_it_is_not_ready_to_go(slow: ReportPanel, desk: PaperDesk, until: Until) -> None:
    sent = sends(slow)
    click(slow, "Send")
    slow.form.texts["signee"].setText("Kari Nordmann")
    assert slow.bar.waiting.text() == "Not sent: you went on typing."
    ready(desk)
    await settled(slow, until)
    assert not sent


async def test_pictures_that_are_cancelled_are_not_silently_missing(
    form: ReportPanel, desk: PaperDesk, photos: list[Path], until: Until
) -> None:
    desk.may_prepare.clear()
    sent = sends(form)
    drop(form, *photos, *photos)
    click(form, "Send")
    form.pane.cancelled.emit()
    desk.may_prepare.set()
    await settled(form, until)
    assert not sent
    assert form.bar.waiting.text() == "Not sent: pictures were left out."


@pytest.mark.parametrize("way", ["another shipment", "escape"])
async def test_leaving_the_form_keeps_the_draft_and_says_that_nothing_was_sent(
    way: str, slow: ReportPanel, desk: PaperDesk, until: Until
) -> None:
    sent, heard = sends(slow), told(slow)
    click(slow, "Send")
    if way == "escape":
        QTest.keyClick(slow, Qt.Key.Key_Escape)
    else:
        slow.open(SECOND)
    assert heard == ["12345 was not sent: its form was closed before its pictures were ready. The draft is kept."]
    ready(desk)
    await settled(slow, until)
    assert not sent
    assert (desk.drafts[FIRST].signee, len(desk.drafts[FIRST].pictures)) == ("Kari", 2)
    assert SECOND not in desk.drafts


@pytest.fixture
def tasks() -> list[asyncio.Task[None]]:
    return []


@pytest.fixture
async def frail(
    desk: PaperDesk, show: Callable[[QWidget], QWidget], photos: list[Path], until: Until, tasks: list[asyncio.Task[None]]
) -> AsyncIterator[ReportPanel]:
    """As `slow`, but the test sees to the work itself: it can be ended, and what it fails with spoils nothing else."""

    def start(work: Coroutine[object, object, None], name: str) -> None:
        tasks.append(asyncio.get_running_loop().create_task(work, name=name))

    panel = ReportPanel(desk, start, Settings(), zone=OSLO)
    show(panel)
    panel.open(FIRST)
    await until(lambda: panel.draft() == DRAFT)
    for photo in photos:
        desk.later[photo.name] = asyncio.Event()
    drop(panel, *photos)
    await until(lambda: len(desk.at_work) == 2)
    yield panel
    await panel.flush()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_picture_that_fails_in_a_way_nobody_foresaw_is_never_simply_missing(
    frail: ReportPanel, desk: PaperDesk, tasks: list[asyncio.Task[None]], until: Until
) -> None:
    sent = sends(frail)
    click(frail, "Send")
    desk.our_own = RuntimeError("no such thing")
    ready(desk)
    await until(lambda: not frail._pictures._intake._workers)
    assert frail.bar.waiting.text() == "Not sent: a picture was refused."
    assert [name in frail.pane.refusals.text() for name in ("white.jpg", "red.jpg")] == [True, True]
    assert not sent
    failed = [task for task in tasks if task.done() and task.exception() is not None]
    assert [task.get_name() for task in failed] == ["prepare pictures"] * 2  # whoever supervises hears of it


async def test_one_that_fails_so_does_not_keep_the_others_from_coming(
    frail: ReportPanel, desk: PaperDesk, photos: list[Path], until: Until
) -> None:
    (photos[0].parent / "blue.jpg").write_bytes(jpeg("blue"))
    drop(frail, photos[0].parent / "blue.jpg")
    desk.our_own, desk.failing = RuntimeError("no such thing"), {"white.jpg", "red.jpg"}
    for name in ("white.jpg", "red.jpg"):
        desk.later[name].set()
        await until(lambda: name in frail.pane.refusals.text())  # noqa: B023 (awaited in this very round)
    await until(lambda: [picture.name for picture in frail.draft().pictures] == ["blue.jpg"])


async def test_work_that_is_ended_from_outside_sends_nothing(frail: ReportPanel, tasks: list[asyncio.Task[None]], until: Until) -> None:
    sent = sends(frail)
    click(frail, "Send")
    for task in tasks:
        task.cancel()
    await until(lambda: not frail._pictures._intake._workers)
    assert not frail.bar.cancel_send.isVisible()
    assert not sent
    assert not frail.is_sending


async def test_a_change_that_fails_in_a_way_nobody_foresaw_stops_the_send(frail: ReportPanel, desk: PaperDesk, until: Until) -> None:
    ready(desk)
    await until(lambda: len(frail.draft().pictures) == 2)
    sent = sends(frail)
    desk.our_own = RuntimeError("no such thing")
    desk.may_edit.clear()
    frail.pane.retouch.turn(frail.draft().pictures[0], 90)
    click(frail, "Send")
    assert frail.bar.waiting.isVisible()
    desk.may_edit.set()
    await until(lambda: frail.bar.waiting.text() == "Not sent: a picture could not be changed.")
    drop(frail)
    assert frail._pictures.coming() == 0
    assert not sent
