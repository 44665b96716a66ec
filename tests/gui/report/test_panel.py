"""The form as the person at the desk meets it: keys in, drafts and sends out.

The desk is one of paper: drafts in a dict, pictures really prepared, and a disk that can be full.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.report.paperdesk import (
    CTRL,
    DRAFT,
    FIRST,
    SECOND,
    SHIFT,
    Key,
    PaperDesk,
    button,
    click,
    drop,
    focus,
    jpeg,
    press,
    sends,
    type_,
)
from zendera_desk.domain.changes import DraftsChanged, ShipmentsChanged
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui.report import ReportPanel
from zendera_desk.gui.widgets.picture_strip import PictureStrip

Until = Callable[[Callable[[], object]], Awaitable[None]]


def test_every_control_has_the_name_that_assistive_tools_are_promised(panel: ReportPanel) -> None:
    names = {each.accessibleName() for each in panel.findChildren(QWidget) if each.accessibleName()}
    assert names >= {"Time", "Signee", "Contactless", "Comment", "Latitude", "Longitude", "Cost", "Currency", "Pictures", "Stop"}
    assert names >= {"Complete", "Damage", "No one there", "Other", "Cannot handle", "Pickup", "Delivery"}
    assert names >= {"Add pictures", "Send", "Send and next", "Discard draft"}
    assert button(panel, "No one there").objectName() == "noOneThere"


async def test_a_form_is_there_only_for_a_shipment(panel: ReportPanel, until: Until) -> None:
    assert not button(panel, "Send").isVisible()
    panel.open(FIRST)
    await until(button(panel, "Send").isVisible)
    panel.open(None)
    assert not button(panel, "Send").isVisible()


async def test_switching_status_and_stop_keeps_every_field(form: ReportPanel) -> None:
    form.form.show_draft(DRAFT)
    for name in ("Damage", "Cannot handle", "Pickup", "Other", "Complete", "Delivery"):
        click(form, name)
    assert form.draft() == DRAFT


async def test_who_signed_is_asked_only_where_somebody_signs(form: ReportPanel) -> None:
    assert form.form.texts["signee"].isVisible()
    click(form, "Damage")
    assert not form.form.texts["signee"].isVisible()
    assert not form.form.contactless.isVisible()


async def test_a_click_on_a_status_leaves_the_caret_where_it_was(form: ReportPanel) -> None:
    type_("14")
    click(form, "Damage")
    type_("30")
    assert form.form.time.text() == "1430"


async def test_a_shipment_can_be_opened_with_a_status(panel: ReportPanel, until: Until) -> None:
    panel.open(FIRST, Status.NO_ONE_THERE)
    await until(panel.isVisible)
    assert panel.draft().status is Status.NO_ONE_THERE


# Keys


async def test_enter_leads_from_field_to_field_with_either_key(form: ReportPanel) -> None:
    way = []
    for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Tab, Key.Key_Return, Key.Key_Enter, Key.Key_Return, Key.Key_Return, Key.Key_Return):
        press(key)
        way.append(focus())
    assert way == ["signee", "contactless", "comment", "latitude", "longitude", "cost", "currency", "send"]


async def test_shift_tab_leads_back(form: ReportPanel) -> None:
    press(Key.Key_Return)
    press(Key.Key_Backtab, SHIFT)
    assert focus() == "time"


async def test_shift_enter_is_a_new_line_in_the_comment(form: ReportPanel) -> None:
    form.form.comment.setFocus()
    type_("a")
    press(Key.Key_Return, SHIFT)
    type_("b")
    press(Key.Key_Enter, SHIFT)
    assert form.draft().comment == "a\nb\n"
    assert focus() == "comment"


async def test_the_time_is_echoed_in_full_while_it_is_typed(form: ReportPanel) -> None:
    type_("1430")
    assert form.form.echo.text() == "Sat 21 Nov 2026 14:30, UTC+1"
    assert form.form.time.text() == "1430"
    press(Key.Key_Return)
    assert form.form.time.text() == "21.11.26 14:30"


async def test_the_clock_of_this_pc_is_never_taken_without_saying_so(form: ReportPanel) -> None:
    type_("t")
    press(Key.Key_Return)
    assert form.form.echo.text() == "Sat 21 Nov 2026 14:31, UTC+1 · from this PC's clock"
    assert form.draft().time == "t 21.11.26 14:31"


async def test_the_arrows_step_the_time_by_five_minutes_and_make_none_up(form: ReportPanel) -> None:
    press(Key.Key_Up)
    assert form.form.time.text() == ""
    type_("1430")
    press(Key.Key_Up)
    press(Key.Key_Up)
    press(Key.Key_Down)
    assert form.form.time.text() == "21.11.26 14:35"


async def test_the_planned_day_follows_the_stop(form: ReportPanel) -> None:
    type_("d1430")
    assert form.form.echo.text().startswith("Fri 20 Nov 2026 14:30")
    click(form, "Pickup")
    assert not form.form.echo.text().startswith("Fri")


async def test_escape_steps_out_and_keeps_the_draft(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    left: list[None] = []
    form.left.connect(lambda: left.append(None))
    type_("1430")
    press(Key.Key_Escape)
    assert len(left) == 1
    await until(lambda: FIRST in desk.drafts)
    assert form.draft().time == "21.11.26 14:30"


async def test_control_s_saves_at_once(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    type_("1430")
    press(Key.Key_S, CTRL)
    await until(lambda: desk.saves == [FIRST])


async def test_control_z_is_the_field_s_while_there_is_something_to_undo_and_the_window_s_after(form: ReportPanel) -> None:
    taken_back: list[None] = []
    shortcut = QShortcut(Qt.Modifier.CTRL | Key.Key_Z, form)
    shortcut.activated.connect(lambda: taken_back.append(None))
    type_("x")
    press(Key.Key_Z, CTRL)
    assert (form.form.time.text(), len(taken_back)) == ("", 0)
    press(Key.Key_Z, CTRL)
    assert len(taken_back) == 1


async def test_control_enter_is_the_form_s_even_if_the_window_has_the_same_shortcut(form: ReportPanel, until: Until) -> None:
    shortcut = QShortcut(Qt.Modifier.CTRL | Key.Key_Return, form)
    heard = sends(form)
    form.form.show_draft(DRAFT)
    form.form.comment.setFocus()
    press(Key.Key_Return, CTRL)
    await until(lambda: heard)
    assert form.draft().comment == DRAFT.comment
    shortcut.setParent(None)


async def test_a_pasted_position_fills_both_fields(form: ReportPanel) -> None:
    form.form.texts["latitude"].setFocus()
    QGuiApplication.clipboard().setText("59.9139, 10.7522")
    press(Key.Key_V, CTRL)
    assert (form.draft().latitude, form.draft().longitude) == ("59.9139", "10.7522")


# Drafts


async def test_a_draft_is_on_disk_soon_after_the_last_key_and_says_when(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    type_("1430")
    press(Key.Key_Return)
    type_("Kari")
    await until(lambda: desk.drafts.get(FIRST) == Draft(time="21.11.26 14:30", signee="Kari", currency="NOK"))
    assert form.bar.mark.text() == "Draft saved 14:31:20"


async def test_another_shipment_saves_the_first_and_brings_its_own(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[SECOND] = msgspec.structs.replace(DRAFT, status=Status.OTHER, stop=StopKind.PICKUP)
    type_("1430")
    form.open(SECOND)
    await until(lambda: form.draft() == desk.drafts[SECOND])
    assert desk.drafts[FIRST].time == "21.11.26 14:30"
    form.open(FIRST)
    await until(lambda: form.draft() == desk.drafts[FIRST])


async def test_native_undo_never_reaches_into_another_shipment(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    form.form.comment.setFocus()
    type_("secret")
    form.open(SECOND)
    await until(lambda: FIRST in desk.drafts and form.draft() == Draft(currency="NOK"))
    form.form.comment.undo()
    assert form.draft().comment == ""


async def test_looking_at_a_shipment_makes_no_draft(form: ReportPanel, desk: PaperDesk) -> None:
    click(form, "Damage")
    assert await form.flush()
    assert desk.drafts == {}


async def test_a_draft_emptied_by_hand_is_none_any_more(panel: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[FIRST] = Draft(comment="x")
    panel.open(FIRST)
    await until(lambda: panel.draft().comment == "x")
    panel.form.comment.clear()
    assert await panel.flush()
    assert desk.drafts == {}


async def test_what_is_typed_while_the_shipment_loads_is_kept(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[SECOND] = DRAFT
    desk.may_load.clear()
    form.open(SECOND)
    form.form.comment.setFocus()
    type_("typed")
    desk.may_load.set()
    await until(lambda: form.draft().signee == "Kari")
    assert form.draft().comment == "typed"
    assert await form.flush()
    assert desk.drafts[SECOND].comment == "typed"


async def test_a_refresh_moves_neither_text_nor_caret_nor_focus(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    form.form.comment.setFocus()
    type_("abcdef")
    press(Key.Key_Left)
    assert await form.flush()
    desk.drafts[FIRST] = DRAFT
    form.on_change(DraftsChanged(ids=frozenset({FIRST})))
    form.on_change(ShipmentsChanged(ids=frozenset({FIRST})))
    click(form, "Damage")
    form.open(FIRST)
    assert await form.flush()
    assert form.draft().comment == "abcdef"
    assert form.form.comment.textCursor().position() == 5
    assert focus() == "comment"


async def test_a_full_disk_is_said_and_nothing_is_lost(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.disk_full = True
    type_("1430")
    await until(lambda: "disk is full" in form.bar.mark.text())
    form.open(SECOND)
    form.open(FIRST)
    await until(lambda: form.draft().time == "21.11.26 14:30")
    desk.disk_full = False
    assert await form.flush()
    assert desk.drafts[FIRST].time == "21.11.26 14:30"
    assert form.bar.mark.text().startswith("Draft saved")


async def test_a_discarded_draft_can_be_brought_back(panel: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[FIRST] = DRAFT
    panel.open(FIRST)
    await until(lambda: panel.draft() == DRAFT)
    click(panel, "Discard draft")
    assert await panel.flush()
    assert (desk.drafts, panel.draft().comment) == ({}, "")
    click(panel, "Bring back")
    assert await panel.flush()
    assert desk.drafts[FIRST] == panel.draft() == DRAFT


async def test_a_picture_that_comes_after_a_discard_leaves_the_way_back(panel: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[FIRST] = DRAFT
    panel.open(FIRST)
    await until(lambda: panel.draft() == DRAFT)
    click(panel, "Discard draft")
    panel._edited("pictures")
    click(panel, "Bring back")
    assert panel.draft() == DRAFT


# Sending


async def test_send_asks_the_window_and_leaves_the_draft_on_disk(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Send")
    await until(lambda: heard)
    assert heard == [(FIRST, DRAFT, frozenset(), False)]
    assert desk.drafts[FIRST] == DRAFT


async def test_send_twice_is_sent_once(form: ReportPanel, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Send")
    click(form, "Send")
    press(Key.Key_Enter, CTRL)
    await until(lambda: heard)
    assert await form.flush()
    assert len(heard) == 1


async def test_after_sending_the_form_is_empty_and_undo_brings_it_back_whole(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    press(Key.Key_Return, CTRL)
    await until(lambda: heard)
    assert heard[0][3] is True
    del desk.drafts[FIRST]
    form.sent(FIRST)
    assert form.draft() == Draft(currency="NOK")
    assert await form.flush()
    assert desk.drafts == {}
    desk.drafts[FIRST] = DRAFT
    form.open(FIRST)
    await until(lambda: form.draft() == DRAFT)


async def test_what_is_typed_while_it_is_handed_over_is_kept(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Send")
    await until(lambda: heard)
    form.form.comment.setFocus()
    type_("P.S. ")
    form.sent(FIRST)
    assert await form.flush()
    assert "P.S." in form.draft().comment
    assert desk.drafts[FIRST] == form.draft()


async def test_an_answer_for_another_shipment_does_not_touch_the_one_that_is_open(form: ReportPanel, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Send")
    await until(lambda: heard)
    form.open(SECOND)
    form.form.time.setFocus()
    type_("1200")
    form.sent(FIRST)
    form.show_problems(FIRST, [Problem(field="comment", code="comment_missing")])
    assert form.form.time.text() == "1200"
    assert not form.form.beside["comment"].isVisible()
    assert await form.flush()


async def test_what_is_missing_is_said_beside_its_field_and_gets_the_caret(form: ReportPanel) -> None:
    heard = sends(form)
    assert not form.form.beside["time"].isVisible()
    click(form, "Send")
    assert form.form.beside["time"].isVisible()
    assert form.form.beside["signee"].isVisible()
    assert focus() == "time"
    assert heard == []


async def test_missing_proof_can_be_explained_on_purpose(form: ReportPanel, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(msgspec.structs.replace(DRAFT, signee=""))
    assert not form.form.texts["exception"].isVisible()
    click(form, "Send")
    assert form.form.texts["exception"].isVisible()
    form.form.texts["exception"].setFocus()
    type_("driver's phone was dead")
    press(Key.Key_Return, CTRL)
    await until(lambda: heard)
    assert heard[0][1].exception == "driver's phone was dead"


async def test_a_future_time_asks_once_for_this_time(form: ReportPanel, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(msgspec.structs.replace(DRAFT, time="1830"))
    press(Key.Key_Return, CTRL)
    assert focus() == "sendAnyway"
    press(Key.Key_Space)
    form.form.time.setFocus()
    press(Key.Key_Up)
    press(Key.Key_Return, CTRL)
    assert focus() == "sendAnyway"
    press(Key.Key_Space)
    press(Key.Key_Return, CTRL)
    await until(lambda: heard)
    assert heard[0][2] == frozenset({"time_future"})


async def test_cannot_handle_asks_as_soon_as_it_is_chosen(form: ReportPanel, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Cannot handle")
    assert form.form.beside["status"].anyway.isVisible()
    QTest.mouseClick(form.form.beside["status"].anyway, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    click(form, "Send")
    await until(lambda: heard)
    assert heard[0][2] == frozenset({"cannot_handle"})


async def test_what_the_desk_refuses_is_shown_and_can_be_sent_again(form: ReportPanel, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Send")
    await until(lambda: heard)
    form.show_problems(FIRST, [Problem(field="comment", code="comment_missing")])
    assert form.form.beside["comment"].isVisible()
    assert focus() == "comment"
    assert form.draft() == DRAFT
    click(form, "Send")
    await until(lambda: len(heard) == 2)


async def test_what_another_desk_has_reported_is_asked_about_and_for_this_status_only(form: ReportPanel, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Send")
    await until(lambda: heard)
    values = (("status", "COMPLETE"), ("at", "2026-06-11T12:02:00+00:00"))
    form.show_problems(FIRST, [Problem(field="status", code="already_shown", blocks=False, values=values)])
    beside = form.form.beside["status"]
    assert beside.isVisible()
    assert "already shows “complete”" in beside.anyway.accessibleDescription()
    QTest.mouseClick(beside.anyway, Qt.MouseButton.LeftButton, pos=QPoint(8, 12))
    click(form, "Send")
    await until(lambda: len(heard) == 2)
    assert heard[1][2] == frozenset({"already_shown"})
    form.show_problems(FIRST, [])
    click(form, "Other")
    click(form, "Send")
    await until(lambda: len(heard) == 3)
    assert heard[2][2] == frozenset()


async def test_nothing_is_sent_that_could_not_be_saved(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    heard = sends(form)
    desk.disk_full = True
    form.form.show_draft(DRAFT)
    click(form, "Send")
    await until(lambda: "disk is full" in form.bar.mark.text())
    assert heard == []
    desk.disk_full = False
    click(form, "Send")
    await until(lambda: heard)


async def test_the_caret_stands_in_the_first_empty_required_field(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[SECOND] = Draft(time="21.11.26 14:30")
    form.open(SECOND)
    form.focus_first_empty()
    await until(lambda: focus() == "signee")


async def test_money_to_collect_is_shown_large(with_cod: PaperDesk, panel: ReportPanel, until: Until) -> None:
    panel.open(FIRST)
    label = panel.findChild(QWidget, "cashOnDelivery")
    await until(label.isVisible)
    assert label.text().replace("\u202f", " ") == "Collect 1 250.50 NOK · reference A-77"


# Pictures


async def test_many_refusals_are_counted_and_the_tip_has_them_all(form: ReportPanel, tmp_path: Path, until: Until) -> None:
    files = [tmp_path / f"{number}.jpg" for number in range(6)]
    for file in files:
        file.write_bytes(b"")
    drop(form, *files)
    await until(lambda: all(file.name in form.pane.refusals.toolTip() for file in files))
    lines = form.pane.refusals.text().split("\n")
    assert len({line[:5] for line in lines[:3]} & {file.name for file in files}) == 3  # in the order in which they were looked at
    assert lines[3:] == ["and 3 more"]


async def test_dropped_pictures_are_prepared_in_order_and_refusals_say_which_and_why(
    form: ReportPanel, desk: PaperDesk, photo: Path, tmp_path: Path, until: Until
) -> None:
    (tmp_path / "second.jpg").write_bytes(jpeg("red"))
    (tmp_path / "list.txt").write_text("no picture")
    drop(form, photo, tmp_path / "list.txt", tmp_path / "second.jpg")
    await until(lambda: len(form.draft().pictures) == 2)
    assert [picture.name for picture in form.draft().pictures] == ["note.jpg", "second.jpg"]
    assert form.pane.refusals.text().startswith("list.txt: Files of this format (text) cannot be added.")
    await until(lambda: FIRST in desk.drafts and len(desk.drafts[FIRST].pictures) == 2)
    await until(lambda: form.pane.viewer.scene().sceneRect().width() == 400)


async def test_what_is_dropped_is_seen_before_it_is_prepared_and_lands_where_it_was_seen(
    form: ReportPanel, desk: PaperDesk, photo: Path, tmp_path: Path, until: Until
) -> None:
    (tmp_path / "second.jpg").write_bytes(jpeg("red"))
    desk.may_prepare.clear()
    drop(form, photo, tmp_path / "second.jpg")
    strip = form.pane.strip
    assert [accessible(strip, row) for row in range(strip.count())] == ["note.jpg is being prepared", "second.jpg is being prepared"]
    await until(lambda: len(desk.at_work) == 2)
    assert [shown(strip, row) for row in (0, 1)] == [QColor("white").rgb(), QColor("red").rgb()]
    assert form.draft().pictures == ()
    desk.later["note.jpg"] = asyncio.Event()
    desk.may_prepare.set()
    await until(lambda: len(form.draft().pictures) == 1)
    assert [accessible(strip, row) for row in range(strip.count())] == ["note.jpg is being prepared", "second.jpg"]
    desk.later["note.jpg"].set()
    await until(lambda: len(form.draft().pictures) == 2)
    assert [accessible(strip, row) for row in range(strip.count())] == ["note.jpg", "second.jpg"]
    assert [shown(strip, row) for row in (0, 1)] == [QColor("white").rgb(), QColor("red").rgb()]


def accessible(strip: PictureStrip, row: int) -> str:
    return str(strip.item(row).data(Qt.ItemDataRole.AccessibleTextRole))


def shown(strip: PictureStrip, row: int) -> int:
    """The colour in the middle of a thumbnail, as it is painted there, rounded as JPEG's is not."""
    pixmap = strip.item(row).icon().pixmap(48, 48, strip_mode(strip, row))
    colour = pixmap.toImage().pixelColor(pixmap.width() // 2, pixmap.height() // 2)
    return QColor(*(255 if part > 127 else 0 for part in colour.getRgb()[:3])).rgb()


def strip_mode(strip: PictureStrip, row: int) -> QIcon.Mode:
    return QIcon.Mode.Normal if strip.item(row).flags() & Qt.ItemFlag.ItemIsEnabled else QIcon.Mode.Disabled


async def test_pictures_on_their_way_are_still_there_when_the_form_comes_back(
    form: ReportPanel, desk: PaperDesk, photo: Path, until: Until
) -> None:
    desk.may_prepare.clear()
    drop(form, photo)
    await until(lambda: desk.at_work)
    form.open(SECOND)
    assert form.pane.strip.count() == 0
    form.open(FIRST)
    await until(lambda: form._opened is not None)
    assert form.pane.strip.count() == 1
    assert shown(form.pane.strip, 0) == QColor("white").rgb()
    desk.may_prepare.set()
    await until(lambda: form.draft().pictures)
    assert form.pane.strip.count() == 1


async def test_the_same_picture_again_is_said_and_not_added(form: ReportPanel, photo: Path, tmp_path: Path, until: Until) -> None:
    drop(form, photo)
    await until(lambda: form.draft().pictures)
    (tmp_path / "again.jpg").write_bytes(jpeg("white"))
    drop(form, tmp_path / "again.jpg")
    await until(lambda: form.pane.refusals.text() == "again.jpg: This picture is already there.")
    assert len(form.draft().pictures) == form.pane.strip.count() == 1


async def test_every_page_of_a_file_comes_in_its_order(form: ReportPanel, desk: PaperDesk, photo: Path, until: Until) -> None:
    desk.pages = 3
    drop(form, photo)
    await until(lambda: len(form.draft().pictures) == 3)
    assert [picture.id[-1] for picture in form.draft().pictures] == ["0", "1", "2"]


async def test_a_form_that_opens_has_the_reading_of_pictures_started(form: ReportPanel, desk: PaperDesk) -> None:
    assert desk.warmed == 1


async def test_a_picture_belongs_to_the_shipment_it_was_given_to(form: ReportPanel, desk: PaperDesk, photo: Path, until: Until) -> None:
    desk.drafts[FIRST] = Draft(comment="kept")
    desk.may_prepare.clear()
    drop(form, photo)
    form.open(SECOND)
    await until(lambda: form.draft() == Draft(currency="NOK"))
    desk.may_prepare.set()
    await until(lambda: len(desk.drafts[FIRST].pictures) == 1)
    assert desk.drafts[FIRST].comment == "kept"
    assert form.draft().pictures == ()


async def test_a_copied_picture_is_pasted_from_any_field(form: ReportPanel, until: Until) -> None:
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    press(Key.Key_V, CTRL)
    await until(lambda: form.draft().pictures)
    assert (form.draft().pictures[0].width, form.draft().pictures[0].height) == (64, 48)
    assert form.form.time.text() == ""
    await until(lambda: form.pane.viewer.scene().sceneRect().width() == 64)


async def test_copied_text_is_pasted_as_text(form: ReportPanel) -> None:
    QGuiApplication.clipboard().setText("1430")
    press(Key.Key_V, CTRL)
    assert form.form.time.text() == "1430"


async def test_a_picture_can_be_taken_out_again(form: ReportPanel, desk: PaperDesk, photo: Path, until: Until) -> None:
    drop(form, photo)
    await until(lambda: form.draft().pictures)
    await until(lambda: form.pane.viewer.scene().sceneRect().width() == 400)
    form.pane.strip.setFocus()
    press(Key.Key_Delete)
    assert form.draft().pictures == ()
    assert await form.flush()
    assert desk.drafts == {}


async def test_a_picture_gone_from_the_disk_is_said_and_spoils_nothing(panel: ReportPanel, desk: PaperDesk, until: Until) -> None:
    lost = Picture(id=PictureId("0" * 64), name="lost.jpg", width=4, height=3, size=9)
    desk.drafts[FIRST] = Draft(comment="still here", pictures=(lost,))
    panel.open(FIRST)
    await until(lambda: "lost.jpg" in panel.pane.refusals.text())
    assert panel.draft().comment == "still here"


async def test_what_is_told_of_work_moves_nothing(form: ReportPanel, desk: PaperDesk, photo: Path, until: Until) -> None:
    """In a low window the list above would move with each picture that is dropped."""
    form.pane._patience.setInterval(0)
    desk.may_prepare.clear()
    needed = form.pane.minimumSizeHint().height()
    drop(form, photo)
    await until(form.pane._count.isVisible)
    assert form.pane.minimumSizeHint().height() == needed
    assert form.pane.childAt(form.pane._cancel.mapTo(form.pane, form.pane._cancel.rect().center())) is form.pane._cancel  # it lies on top
    desk.may_prepare.set()
    await until(lambda: not form.pane._count.isVisible())


async def test_slow_pictures_show_how_many_are_left_and_can_be_cancelled(
    form: ReportPanel, desk: PaperDesk, photo: Path, tmp_path: Path, until: Until
) -> None:
    form.pane._patience.setInterval(0)
    others = [tmp_path / f"{colour}.jpg" for colour in ("red", "green", "blue")]
    for other in others:
        other.write_bytes(jpeg(other.stem))
    desk.may_prepare.clear()
    drop(form, photo, *others)
    await until(lambda: len(desk.at_work) == 2)
    await until(form.pane._count.isVisible)
    assert form.pane._count.text() == "Preparing picture 1 of 4"
    assert not form.pane._empty.isVisible()  # four are there, to be seen in the row below
    click(form, "Cancel")
    desk.may_prepare.set()
    await until(lambda: not form.pane._count.isVisible())
    assert sorted(picture.name for picture in form.draft().pictures) == sorted(desk.at_work)
    assert form.pane.strip.count() == 2
    await until(lambda: form.pane.viewer.scene().sceneRect().width() == 400)
