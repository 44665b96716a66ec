"""A form is left before something about it has come to its end: before it was read, before it was answered. Nothing typed goes."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.report.paperdesk import DRAFT, FIRST, SECOND, PaperDesk, click, press, sends, type_
from zendera_desk.domain.changes import DraftsChanged
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui.report import ReportPanel

Until = Callable[[Callable[[], object]], Awaitable[None]]
PROBLEM = Problem(field="comment", code="comment_missing")


def told(panel: ReportPanel) -> list[str]:
    heard: list[str] = []
    panel.told.connect(heard.append)
    return heard


# Before it was read


async def test_what_is_typed_into_a_form_that_is_left_before_it_was_read_goes_into_its_draft(
    form: ReportPanel, desk: PaperDesk, until: Until
) -> None:
    desk.drafts[SECOND] = DRAFT
    desk.may_load.clear()
    form.open(SECOND)
    form.form.comment.setFocus()
    type_("typed")
    form.open(FIRST)
    desk.may_load.set()
    await until(lambda: desk.drafts[SECOND].comment == "typed")
    assert desk.drafts == {SECOND: Draft(time=DRAFT.time, signee="Kari", comment="typed", currency="NOK")}
    assert form.draft().comment == ""


async def test_what_was_typed_and_taken_out_again_before_the_form_was_read_is_no_draft(form: ReportPanel, desk: PaperDesk) -> None:
    desk.may_load.clear()
    form.open(SECOND)
    form.form.comment.setFocus()
    type_("x")
    press(Qt.Key.Key_Backspace)
    form.open(FIRST)
    flushed = asyncio.ensure_future(form.flush())
    desk.may_load.set()
    assert await flushed
    assert SECOND not in desk.drafts


async def test_who_comes_back_finds_what_was_typed_both_times(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[SECOND] = DRAFT
    desk.may_load.clear()
    form.open(SECOND)
    form.form.comment.setFocus()
    type_("typed")
    form.open(FIRST)
    form.open(SECOND)
    form.form.texts["cost"].setFocus()
    type_("12")
    desk.may_load.set()
    await until(lambda: form.draft().signee == "Kari")
    assert (form.draft().comment, form.draft().cost) == ("typed", "12")
    assert await form.flush()
    assert (desk.drafts[SECOND].comment, desk.drafts[SECOND].cost) == ("typed", "12")


async def test_closing_before_a_form_was_read_keeps_what_was_typed(form: ReportPanel, desk: PaperDesk) -> None:
    desk.may_load.clear()
    form.open(SECOND)
    form.form.comment.setFocus()
    type_("typed")
    flushed = asyncio.ensure_future(form.flush())
    desk.may_load.set()
    assert await flushed
    assert desk.drafts[SECOND].comment == "typed"


async def test_a_form_that_cannot_be_read_keeps_what_is_typed_until_it_can(
    form: ReportPanel, desk: PaperDesk, until: Until, monkeypatch: object
) -> None:
    desk.drafts[SECOND] = DRAFT
    right = desk.shipment

    async def unreadable(order: object) -> OpenShipment | None:
        raise StoreError("io")

    desk.shipment = unreadable  # type: ignore[method-assign,assignment]
    form.open(SECOND)
    form.form.comment.setFocus()
    await until(lambda: "the disk answered with an error" in form.bar.mark.text())
    type_("typed")
    desk.shipment = right  # type: ignore[method-assign]
    form.open(SECOND)
    await until(lambda: form.draft().signee == "Kari")
    assert form.draft().comment == "typed"
    assert await form.flush()
    assert desk.drafts[SECOND] == form.draft()


async def test_a_draft_that_changed_while_it_was_read_is_read_again(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[SECOND] = DRAFT
    right, go_on, read = desk.shipment, asyncio.Event(), asyncio.Event()

    async def slow(order: object) -> OpenShipment | None:
        found = await right(order)  # type: ignore[arg-type]
        read.set()
        await go_on.wait()
        return found

    desk.shipment = slow  # type: ignore[method-assign,assignment]
    form.open(SECOND)
    await read.wait()
    del desk.drafts[SECOND]  # it was sent
    form.on_change(DraftsChanged(ids=frozenset({SECOND})))
    go_on.set()
    await until(lambda: form._opened is not None)
    assert form.draft() == Draft(currency="NOK")


async def test_a_status_chosen_while_it_is_read_counts_more_than_the_one_it_was_opened_with(
    form: ReportPanel, desk: PaperDesk, until: Until
) -> None:
    desk.may_load.clear()
    form.open(SECOND, Status.DAMAGE)
    click(form, "Other")
    desk.may_load.set()
    await until(lambda: form._opened is not None)
    assert form.status.choice() is Status.OTHER


# Before it was answered


async def handed_over(form: ReportPanel, until: Until) -> list[object]:
    heard: list[object] = list(sends(form))
    form.send_asked.connect(lambda *said: heard.append(said))
    form.form.show_draft(DRAFT)
    click(form, "Send")
    await until(lambda: heard)
    return heard


async def test_the_answer_for_one_shipment_is_not_taken_for_the_next_one_that_was_sent(
    form: ReportPanel, desk: PaperDesk, until: Until
) -> None:
    await handed_over(form, until)
    desk.drafts[SECOND] = DRAFT
    form.open(SECOND)
    await until(lambda: form.draft() == DRAFT)
    click(form, "Send")
    assert form.is_sending
    heard = told(form)
    form.show_problems(FIRST, [PROBLEM])
    assert form.is_sending
    assert not form.form.beside["comment"].isVisible()
    assert heard == ["12345 was not sent: something in it must be looked at. The draft is kept."]
    await form.flush()
    form.show_problems(SECOND, [PROBLEM])
    assert not form.is_sending
    assert form.form.beside["comment"].isVisible()


async def test_a_form_that_is_looked_at_again_before_the_answer_cannot_be_sent_twice(
    form: ReportPanel, desk: PaperDesk, until: Until
) -> None:
    heard = await handed_over(form, until)
    form.open(SECOND)
    form.open(FIRST)
    await until(lambda: form.draft() == DRAFT)
    assert form.is_sending
    click(form, "Send")
    await form.flush()
    assert len(heard) == 1
    form.sent(FIRST)
    assert form.draft() == Draft(currency="NOK")
    assert not form.is_sending


async def test_what_was_confirmed_counts_as_it_was_when_send_was_pressed(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Cannot handle")
    QTest.mouseClick(form.form.beside["status"].anyway, Qt.MouseButton.LeftButton)
    click(form, "Send")
    form.form.confirmed.emit(frozenset({"cannot_handle"}), False)
    await until(lambda: heard)
    assert heard[0][2] == frozenset({"cannot_handle"})


async def test_what_is_typed_after_send_was_pressed_is_on_disk_when_the_desk_refuses(
    form: ReportPanel, desk: PaperDesk, until: Until
) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Send")
    form.form.comment.setFocus()
    press(Qt.Key.Key_End)
    type_(", later")
    await until(lambda: heard)
    assert heard[0][1] == DRAFT
    form.show_problems(FIRST, [PROBLEM])
    assert await form.flush()
    assert desk.drafts[FIRST].comment == "At the gate, later"


async def test_what_was_typed_and_reverted_while_it_was_handed_over_does_not_come_back(
    form: ReportPanel, desk: PaperDesk, until: Until
) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    click(form, "Send")
    await until(lambda: heard)
    form.form.comment.setFocus()
    press(Qt.Key.Key_End)
    type_("x")
    press(Qt.Key.Key_Backspace)
    desk.drafts.pop(FIRST)  # it has become an entry
    form.sent(FIRST)
    assert await form.flush()
    assert FIRST not in desk.drafts


async def test_a_draft_that_cannot_be_written_is_in_no_others_way(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    heard = sends(form)
    desk.unwritable.add(FIRST)
    form.form.comment.setFocus()
    type_("typed")
    form.open(SECOND)
    await until(lambda: form._opened is not None)
    form.form.show_draft(DRAFT)
    form.form.edited.emit("comment")
    assert not await form.flush(), "one of them could not be written"
    assert desk.drafts[SECOND] == DRAFT
    click(form, "Send")
    await until(lambda: heard)
    assert [each[0] for each in heard] == [SECOND]


async def test_what_was_emptied_again_before_the_draft_was_read_takes_nothing_from_it(
    form: ReportPanel, desk: PaperDesk, until: Until
) -> None:
    desk.drafts[SECOND] = DRAFT
    desk.may_load.clear()
    form.open(SECOND)
    form.form.comment.setFocus()
    type_("x")
    press(Qt.Key.Key_Backspace)
    desk.may_load.set()
    await until(lambda: form.draft() == DRAFT)
    assert await form.flush()
    assert desk.drafts[SECOND] == DRAFT


async def test_what_comes_back_into_an_emptied_form_is_shown_whole(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    form.form.comment.setFocus()
    type_("x")
    press(Qt.Key.Key_Backspace)
    assert await form.flush()
    desk.drafts[FIRST] = DRAFT
    form.on_change(DraftsChanged(frozenset({FIRST})))
    await until(lambda: form.draft() == DRAFT)
    assert await form.flush()
    assert desk.drafts[FIRST] == DRAFT


async def test_a_position_pasted_before_the_draft_was_read_is_kept_whole(form: ReportPanel, desk: PaperDesk, until: Until) -> None:
    desk.drafts[SECOND] = msgspec.structs.replace(DRAFT, latitude="1.0", longitude="2.0")
    desk.may_load.clear()
    form.open(SECOND)
    form.form.texts["latitude"].setText("59.9, 10.7")
    form.form.texts["latitude"].textEdited.emit("59.9, 10.7")
    desk.may_load.set()
    await until(lambda: form.draft().comment == DRAFT.comment)
    assert (form.draft().latitude, form.draft().longitude) == ("59.9", "10.7")


async def test_what_is_being_sent_cannot_be_discarded(form: ReportPanel, until: Until) -> None:
    await handed_over(form, until)
    assert form.is_sending
    before = form.draft()
    click(form, "Discard draft")
    assert form.draft() == before
