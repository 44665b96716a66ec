"""Turning, cropping, brightening and signing: what is seen is what is sent, and it can be taken back."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from gui.report.paperdesk import CTRL, DRAFT, FIRST, SECOND, SHIFT, Key, PaperDesk, click, drop, focus, jpeg, press, sends
from zendera_desk.domain.paper import Edits
from zendera_desk.gui.report import ReportPanel

Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
async def shown(form: ReportPanel, photo: Path, until: Until) -> ReportPanel:
    """The form with one picture of 400 by 300."""
    drop(form, photo)
    await until(lambda: form.pane.viewer.scene().sceneRect().width() == 400)
    return form


def tool(form: ReportPanel, name: str) -> QToolButton:
    (found,) = [button for button in form.pane.viewer.buttons if button.accessibleName() == name]
    return found


def drag(form: ReportPanel, part: tuple[float, float, float, float]) -> None:
    """Over this part of the picture as it is shown."""
    view, marquee = form.pane.viewer, form.pane.tools.marquee
    scene = view.sceneRect()
    start = view.mapFromScene(scene.width() * part[0], scene.height() * part[1])
    end = view.mapFromScene(scene.width() * part[2], scene.height() * part[3])
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(marquee, left, pos=start)
    QTest.mouseMove(marquee, QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2))
    QTest.mouseMove(marquee, end)
    QTest.mouseRelease(marquee, left, pos=end)


async def size(form: ReportPanel, until: Until, width: int, height: int) -> None:
    await until(lambda: [(each.width, each.height) for each in form.draft().pictures] == [(width, height)])
    await until(lambda: form.pane.viewer.scene().sceneRect().size().toTuple() == (width, height))


async def test_a_turn_is_seen_at_once_and_then_what_is_sent(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.may_edit.clear()
    tool(shown, "Turn right").click()
    assert shown.pane.viewer.transform().m12() > 0
    assert shown.draft().pictures[0].width == 400
    desk.may_edit.set()
    await size(shown, until, 300, 400)
    assert shown.pane.viewer.transform().m12() == 0
    assert shown.draft().pictures[0].name == "note.jpg"
    await until(lambda: FIRST in desk.drafts and desk.drafts[FIRST].pictures == shown.draft().pictures)


async def test_turns_pressed_fast_are_one_picture_and_none_is_lost(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.may_edit.clear()
    for _press in range(3):
        tool(shown, "Turn left").click()
    desk.may_edit.set()
    await size(shown, until, 300, 400)
    assert desk.edits[-1] == Edits(turn=90)


async def test_turning_all_the_way_round_is_the_picture_that_came(shown: ReportPanel, until: Until) -> None:
    before = shown.draft()
    tool(shown, "Turn right").click()
    await size(shown, until, 300, 400)
    for _press in range(3):
        tool(shown, "Turn right").click()
    await size(shown, until, 400, 300)
    assert shown.draft() == before


async def test_a_changed_picture_can_be_taken_back(shown: ReportPanel, until: Until) -> None:
    offered: list[tuple[Callable[[], None], str]] = []
    shown.picture_removed.connect(lambda back, words: offered.append((back, words)))
    before = shown.draft()
    tool(shown, "Turn right").click()
    await size(shown, until, 300, 400)
    assert offered[0][1] == "Picture changed"
    offered[0][0]()
    assert shown.draft() == before
    await size(shown, until, 400, 300)


async def test_zooming_is_for_the_eye_only(shown: ReportPanel, desk: PaperDesk) -> None:
    before = shown.draft()
    shown.pane.viewer.full_size()
    shown.pane.viewer.fit()
    assert (shown.draft(), desk.edits) == (before, [])


async def test_a_drag_and_enter_crop_what_is_sent(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    tool(shown, "Crop").click()
    assert focus() == "partOfThePicture"
    drag(shown, (0.25, 0.5, 0.75, 1.0))
    press(Key.Key_Return)
    await until(lambda: desk.edits)
    assert desk.edits[0].crop == pytest.approx((0.25, 0.5, 0.75, 1.0), abs=0.01)
    await until(lambda: shown.draft().pictures[0].width == pytest.approx(200, abs=4))
    assert not shown.pane.tools.isVisible()


async def test_a_second_crop_is_of_what_is_left(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.made_of[shown.draft().pictures[0].id] = (shown.draft().pictures[0].id, Edits(crop=(0.5, 0.0, 1.0, 1.0)))
    tool(shown, "Crop").click()
    drag(shown, (0.0, 0.0, 0.5, 0.5))
    press(Key.Key_Enter)
    await until(lambda: desk.edits)
    assert desk.edits[0].crop == pytest.approx((0.5, 0.0, 0.75, 0.5), abs=0.01)


async def test_escape_leaves_the_frame_and_not_the_form(shown: ReportPanel, desk: PaperDesk) -> None:
    left: list[None] = []
    shown.left.connect(lambda: left.append(None))
    shown.form.comment.setFocus()
    tool(shown, "Crop").click()
    drag(shown, (0.2, 0.2, 0.8, 0.8))
    press(Key.Key_Escape)
    assert (left, desk.edits, focus()) == ([], [], "comment")
    assert not shown.pane.tools.marquee.isVisible()


async def test_a_frame_is_moved_and_sized_by_the_arrows(shown: ReportPanel) -> None:
    tool(shown, "Crop").click()
    before = shown.pane.tools.marquee.part()
    press(Key.Key_Left)
    press(Key.Key_Up, SHIFT)
    after = shown.pane.tools.marquee.part()
    assert before == pytest.approx((0.05, 0.05, 0.95, 0.95))
    assert after == pytest.approx((0.03, 0.05, 0.93, 0.93))
    press(Key.Key_Escape)


async def test_brightness_is_tried_on_the_screen_and_made_once(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    before = shown.draft()
    tool(shown, "Brightness").click()
    await until(shown.pane.tools.keep.isEnabled)
    shown.pane.tools.slider.setValue(40)
    await until(lambda: 40 in desk.tried)
    await until(lambda: not shown.pane.tools._previewing)
    assert (shown.draft(), desk.edits) == (before, [])
    assert shown.pane.viewer.scene().sceneRect().width() == 400
    press(Key.Key_Return)
    await until(lambda: shown.draft() != before)
    assert desk.edits == [Edits(brightness=40)]
    await until(lambda: shown.pane.viewer._item.scale() == 1)


async def test_escape_shows_the_picture_as_bright_as_it_is(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    tool(shown, "Brightness").click()
    await until(shown.pane.tools.keep.isEnabled)
    shown.pane.tools.slider.setValue(-30)
    await until(lambda: shown.pane.tools._previewed == -30)
    press(Key.Key_Escape)
    assert desk.edits == []
    assert shown.pane.viewer._item.pixmap().width() == 400


async def test_as_it_came_takes_all_changes_back(shown: ReportPanel, until: Until) -> None:
    before = shown.draft()
    tool(shown, "Turn right").click()
    await size(shown, until, 300, 400)
    tool(shown, "As it came").click()
    await until(lambda: shown.draft() == before)


async def test_a_signature_cut_out_is_a_picture_among_the_others(shown: ReportPanel, until: Until) -> None:
    paper = shown.draft().pictures[0]
    click(shown, "Signature…")
    drag(shown, (0.5, 0.5, 1.0, 0.75))
    press(Key.Key_Return)
    await until(lambda: len(shown.draft().pictures) == 2)
    assert shown.draft().pictures[0] == paper
    assert shown.draft().pictures[1].name == "signature"
    assert shown.pane.strip.current() == paper


async def test_a_signature_can_be_drawn_without_any_picture(form: ReportPanel, until: Until) -> None:
    click(form, "Signature…")
    pad = form.pane.pad
    assert pad.isVisible()
    press(Key.Key_Return)
    assert pad.isVisible()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    QTest.mouseMove(pad, QPoint(60, 50))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 50))
    press(Key.Key_Return)
    await until(lambda: form.draft().pictures)
    assert form.draft().pictures[0].name == "signature"
    assert not pad.isVisible()
    await until(lambda: form.pane.viewer.scene().sceneRect().width() > 1)


async def test_a_picture_that_cannot_be_changed_is_said_and_stays(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    before = shown.draft()
    desk.broken = True
    tool(shown, "Turn right").click()
    await until(lambda: "note.jpg" in shown.pane.refusals.text())
    assert shown.draft() == before
    await until(lambda: shown.pane.viewer.transform().m12() == 0)


async def test_a_change_goes_into_the_draft_of_its_shipment(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    assert await shown.flush()
    desk.may_edit.clear()
    tool(shown, "Turn right").click()
    shown.open(SECOND)
    desk.may_edit.set()
    await until(lambda: [each.width for each in desk.drafts[FIRST].pictures] == [300])
    assert shown.draft().pictures == ()


async def test_send_waits_for_a_change_that_is_being_made(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    heard = sends(shown)
    shown.form.show_draft(DRAFT)
    desk.may_edit.clear()
    tool(shown, "Turn right").click()
    shown.form.comment.setFocus()
    press(Key.Key_Return, CTRL)
    assert heard == []
    desk.may_edit.set()
    await until(lambda: heard)
    assert heard[0][1].pictures[0].width == 300


async def test_a_change_that_is_ready_while_its_form_is_read_again_is_not_lost(shown: ReportPanel, desk: PaperDesk, until: Until) -> None:
    await shown.flush()
    desk.may_edit.clear()
    tool(shown, "Turn right").click()
    shown.open(SECOND)
    await until(lambda: shown._opened is not None)
    desk.may_load.clear()
    shown.open(FIRST)
    desk.may_edit.set()
    await until(lambda: shown.pane.retouch.at_work(FIRST) == 0)
    desk.may_load.set()
    await size(shown, until, 300, 400)


async def test_one_picture_in_two_forms_is_turned_in_each(shown: ReportPanel, desk: PaperDesk, photo: Path, until: Until) -> None:
    await shown.flush()
    desk.may_edit.clear()
    tool(shown, "Turn right").click()
    shown.open(SECOND)
    drop(shown, photo)
    await until(lambda: shown._opened is not None and shown.draft().pictures)
    shown.pane.retouch.turn(shown.draft().pictures[0], 90)
    desk.may_edit.set()
    await size(shown, until, 300, 400)
    await until(lambda: [each.width for each in desk.drafts[FIRST].pictures] == [300])


async def test_a_change_that_another_shipment_did_not_get_keeps_no_report_from_being_sent(
    shown: ReportPanel, desk: PaperDesk, tmp_path: Path, until: Until
) -> None:
    heard = sends(shown)
    await shown.flush()
    desk.may_edit.clear()
    tool(shown, "Turn right").click()
    shown.open(SECOND)
    await until(lambda: shown._opened is not None)
    shown.form.show_draft(DRAFT)
    other = tmp_path / "other.jpg"
    other.write_bytes(jpeg("red"))
    desk.later["other.jpg"] = asyncio.Event()
    drop(shown, other)
    await until(lambda: "other.jpg" in desk.at_work)
    click(shown, "Send")
    desk.broken = True
    desk.may_edit.set()
    await until(lambda: shown.pane.retouch.at_work(FIRST) == 0)
    assert shown.bar.waiting.text() == "Sending when 1 picture is ready"
    assert shown.pane.refusals.text().startswith("note.jpg (order 12345): ")
    desk.later["other.jpg"].set()
    await until(lambda: heard)
    assert (heard[0][0], len(heard[0][1].pictures)) == (SECOND, 1)
