"""Keys from inside the fields, ready comments, the pickup that comes first, and money that was collected."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from gui.report.paperdesk import CTRL, DRAFT, FIRST, NOW, SECOND, Key, PaperDesk, button, click, focus, press, sends, type_
from zendera_desk.domain.ids import AccountId, EntryId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.paper import PictureFacts
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import EntryStory, Phase
from zendera_desk.gui.report import ReportPanel

Until = Callable[[Callable[[], object]], Awaitable[None]]
ALT = Qt.KeyboardModifier.AltModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier


async def reopened(panel: ReportPanel, until: Until) -> None:
    panel.open(None)
    panel.open(FIRST)
    await until(lambda: panel._opened is not None)


async def test_the_five_statuses_have_their_keys_inside_a_field(form: ReportPanel) -> None:
    form.form.comment.setFocus()
    for number, status in enumerate(Status):
        press(Qt.Key(Key.Key_1 + number), ALT)
        assert form.draft().status is status
    assert (focus(), form.draft().comment) == ("comment", "")


async def test_a_suggestion_is_taken_by_its_key_inside_the_field(desk: PaperDesk, form: ReportPanel, until: Until) -> None:
    desk.facts = PictureFacts(taken=datetime.fromisoformat("2026-11-21T14:20:00+01:00"))
    press(Key.Key_T, ALT)
    assert form.draft().time == ""
    form.pane.given.emit([form.grab().toImage()])
    await until(form.form.offers["time"].isVisible)
    press(Key.Key_T, ALT)
    assert form.draft().time == "21.11.26 14:20"
    await until(lambda: form.pane.viewer.scene().sceneRect().width() > 1)


async def test_every_command_of_the_form_has_a_name_and_a_key_of_its_own(form: ReportPanel) -> None:
    keys = [action.shortcut().toString() for action in form.commands]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert len({action.text() for action in form.commands}) == len(form.commands)


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
async def test_both_enter_keys_send(form: ReportPanel, until: Until, key: Qt.Key) -> None:
    heard = sends(form)
    form.form.show_draft(DRAFT)
    form.form.comment.setFocus()
    press(key, CTRL | KEYPAD)
    await until(lambda: heard)


# Ready comments


async def test_a_ready_comment_goes_in_where_the_caret_stands_and_undo_takes_it_out(form: ReportPanel, until: Until) -> None:
    form.form.comment.setFocus()
    type_("Gate 3.")
    press(Key.Key_Space, CTRL)
    menu = form._ready.menu
    await until(menu.isVisible)
    assert menu.actions()[0].text() == "&1  Left at door"
    menu.actions()[0].trigger()
    menu.close()
    assert form.draft().comment == "Gate 3. Left at door"
    form.form.comment.undo()
    assert form.draft().comment == "Gate 3."


async def test_the_ready_comments_are_those_of_the_status(form: ReportPanel, until: Until) -> None:
    click(form, "Other")
    form._ready.button.click()
    await until(form._ready.menu.isVisible)
    assert form._ready.menu.actions()[0].text() == "&1  Customer refused delivery"
    form._ready.menu.close()


# Pickup first


def story(state: State, stop: StopKind) -> EntryStory:
    entry = Entry(
        id=EntryId(1),
        account=AccountId("nordlys"),
        order_id=FIRST,
        kind=Kind.REPORT,
        state=state,
        stop=stop,
        status=Status.COMPLETE,
        made_at=NOW,
        next_at=NOW,
    )
    return EntryStory(entry=entry, attempts=())


async def test_a_delivery_before_its_pickup_is_said_and_stops_nothing(desk: PaperDesk, form: ReportPanel, until: Until) -> None:
    desk.phase = Phase.ACCEPTED
    await reopened(form, until)
    await until(button(form, "Report pickup first: The pickup has not been reported.").isVisible)
    click(form, "Damage")
    assert not form._pickup._line.isVisible()
    click(form, "Complete")
    heard = sends(form)
    form.form.show_draft(DRAFT)
    press(Key.Key_Return, CTRL)
    await until(lambda: heard)


async def test_the_pickup_is_one_click_away(desk: PaperDesk, form: ReportPanel, until: Until) -> None:
    desk.phase = Phase.ACCEPTED
    await reopened(form, until)
    await until(form._pickup._line.isVisible)
    click(form, "Report pickup first: The pickup has not been reported.")
    assert form.draft().stop is StopKind.PICKUP
    assert not form._pickup._line.isVisible()


@pytest.mark.parametrize(
    ("state", "stop", "is_said"),
    [
        (State.HELD, StopKind.PICKUP, False),
        (State.CONFIRMED, StopKind.PICKUP, False),
        (State.TAKEN_BACK, StopKind.PICKUP, True),
        (State.HELD, StopKind.DELIVERY, True),
    ],
)
async def test_a_pickup_that_is_on_its_way_is_enough(
    desk: PaperDesk, form: ReportPanel, until: Until, state: State, stop: StopKind, is_said: bool
) -> None:
    desk.phase, desk.stories = Phase.ACCEPTED, [story(state, stop)]
    learned: list[None] = []
    form._pickup.learned.connect(lambda: learned.append(None))
    await reopened(form, until)
    await until(lambda: learned)
    assert form._pickup._line.isVisible() is is_said


# Cash on delivery


async def test_that_money_was_collected_is_kept_with_the_draft(with_cod: PaperDesk, form: ReportPanel, until: Until) -> None:
    await reopened(form, until)
    assert form._cash.collected.isVisible()
    form._cash.collected.click()
    assert await form.flush()
    assert with_cod.drafts[FIRST].collected
    with_cod.drafts[SECOND] = DRAFT
    form.open(SECOND)
    await until(lambda: form.draft() == DRAFT)
    form.open(FIRST)
    await until(lambda: form.draft() == with_cod.drafts[FIRST])
    assert form._cash.collected.isChecked()
