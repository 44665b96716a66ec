"""Mending in the whole window, on a real desk, its store, and the simulator: moved, corrected, sent anew, by keys and buttons."""

from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget

from support.day import Day, HandClock, day_in
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.views import View, Written
from zendera_desk.gui.mend.target import TargetPicker
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.window import Window
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.simulator.running import RunningSimulator

Until = Callable[[Callable[[], object]], Awaitable[None]]
COMPLETE = Draft(time="11.06.26 10:30", signee="Ola Nordmann", comment="At the front desk", currency="NOK")


@pytest.fixture
async def day(tmp_path: Path, clock: HandClock, simulator: RunningSimulator) -> AsyncIterator[Day]:
    async with day_in(tmp_path, clock, simulator) as day:
        yield day


@pytest.fixture
async def window(day: Day, show: Callable[[Window], Window], spawn: Spawn, until: Until) -> AsyncIterator[Window]:
    made = Window(day.desk, spawn, lambda _settings: None, lambda: None)
    made.resize(1280, 800)
    show(made)
    made.show_account()
    await made.build_the_rest()
    await until(lambda: made.shipments.model.rowCount() > 0)
    yield made
    await made.let_go()


@pytest.fixture
async def orders(day: Day) -> tuple[OrderId, OrderId]:
    here, there = await day.ids(View.TO_REPORT)
    return here, there


async def picture(day: Day, colour: str = "white") -> Draft:
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return msgspec.structs.replace(COMPLETE, pictures=(await day.desk.add_picture(out.getvalue(), f"{colour}.jpg"),))


async def report(day: Day, order: OrderId, draft: Draft = COMPLETE) -> EntryId:
    written = await day.desk.send_report(order, draft)
    assert isinstance(written, Written), written
    return written.entries[0]


async def draft_of(day: Day, order: OrderId) -> Draft | None:
    found = await day.desk.shipment(order)
    return None if found is None else found.draft


def button(within: QWidget, name: str) -> QPushButton:
    found = within.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    assert found.isVisible(), f"{name} is not offered"
    return found


def toast(window: Window) -> str:
    return " ".join(label.text() for label in window.toasts.findChildren(QLabel) if label.isVisible())


async def choose_in_outbox(window: Window, entry: EntryId, until: Until) -> QWidget:
    """As it is in the store: what the window read a moment ago may be of before."""
    window.show_outbox()
    window.outbox.reload()
    state = (await window._desk.story(entry)).entry.state

    def is_there() -> bool:
        model = window.outbox._model
        row = model.row_of(entry)
        line = None if row is None else model.line(row)
        return line is not None and line.entry.state is state

    await until(is_there)
    window.outbox.choose(entry)
    await until(window.outbox._card.isVisible)
    return window.outbox._card


async def choose_in_history(window: Window, order: OrderId, until: Until) -> QWidget:
    window.show_shipment(order)
    window.shipment.show_tab("history")
    page = window.shipment._history
    await until(lambda: page.table.rows.rowCount() > 1)
    page.table.setCurrentIndex(page.table.rows.index(0, 0))
    return page


async def type_the_other(window: Window, target: TargetPicker, order: OrderId, until: Until) -> None:
    await until(target.picker.field.hasFocus)
    QTest.keyClicks(target.picker.field, str(order))
    await until(lambda: target.picker.found.count() == 1)
    QTest.keyClick(target.picker.field, Qt.Key.Key_Return)


# Before it is sent


async def test_a_held_report_is_moved_from_the_outbox_and_undo_moves_it_back(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, there = orders
    draft = await picture(day)
    entry = await report(day, here, draft)
    card = await choose_in_outbox(window, entry, until)
    button(card, "moveToAnother").click()
    await type_the_other(window, window.outbox._card.mend.target, there, until)
    await until(lambda: "is a draft of" in toast(window))
    assert (await day.desk.story(entry)).entry.state is State.TAKEN_BACK
    assert (await draft_of(day, here), await draft_of(day, there)) == (None, draft)
    window.wishes.undo()
    while await draft_of(day, here) is None:
        await until(lambda: True)
    assert (await draft_of(day, here), await draft_of(day, there)) == (draft, None)


async def test_a_held_report_is_moved_from_the_history_of_its_shipment(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, there = orders
    entry = await report(day, here)
    page = await choose_in_history(window, here, until)
    button(page, "moveToAnother").click()
    await type_the_other(window, window.shipment._history.mend.target, there, until)
    await until(lambda: "is a draft of" in toast(window))
    assert (await day.desk.story(entry)).entry.state is State.TAKEN_BACK
    assert await draft_of(day, there) == COMPLETE


async def test_escape_leaves_everything_where_it_is(day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until) -> None:
    here, _ = orders
    entry = await report(day, here)
    card = await choose_in_outbox(window, entry, until)
    button(card, "moveToAnother").click()
    target = window.outbox._card.mend.target
    await until(target.picker.field.hasFocus)
    QTest.keyClick(target.picker.field, Qt.Key.Key_Escape)
    assert not target.isVisible()
    assert window.isVisible()
    assert (await day.desk.story(entry)).entry.state is State.HELD


async def test_its_own_shipment_is_not_another_one(day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until) -> None:
    here, _ = orders
    entry = await report(day, here)
    card = await choose_in_outbox(window, entry, until)
    button(card, "moveToAnother").click()
    target = window.outbox._card.mend.target
    await type_the_other(window, target, here, until)
    assert target.isVisible()
    assert "already" in target.picker.nothing.text()
    assert (await day.desk.story(entry)).entry.state is State.HELD


async def test_a_picture_leaves_the_form_for_another_shipment_and_comes_back(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, there = orders
    draft = await picture(day)
    await day.desk.save_draft(here, draft)
    window._report_on(here, None)
    await until(lambda: window.report.draft() == draft)
    window.report.form.texts["signee"].setText("Kari Nordmann")  # typed a moment ago: not on disk yet
    QTest.keyClick(window.report.form.time, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    target = window.report.findChild(TargetPicker)
    assert isinstance(target, TargetPicker)
    await type_the_other(window, target, there, until)
    await until(lambda: "1 picture moved" in toast(window))
    await until(lambda: window.report.draft().signee == "Kari Nordmann" and not window.report.draft().pictures)
    assert await draft_of(day, there) == Draft(pictures=draft.pictures)
    window.wishes.undo()
    await until(lambda: window.report.draft().pictures == draft.pictures)
    assert window.report.draft().signee == "Kari Nordmann"
    assert await draft_of(day, there) is None


async def test_everything_in_the_form_goes_to_another_shipment(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, there = orders
    await day.desk.save_draft(here, COMPLETE)
    window._report_on(here, None)
    await until(lambda: window.report.draft() == COMPLETE)
    QTest.keyClick(window.report.form.time, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    target = window.report.findChild(TargetPicker)
    assert isinstance(target, TargetPicker)
    await type_the_other(window, target, there, until)
    await until(lambda: "Everything in the form was moved" in toast(window))
    await until(lambda: window.report.order == here and window.report._opened is not None and not window.report._typed_in())
    assert (await draft_of(day, here), await draft_of(day, there)) == (None, COMPLETE)


async def test_a_question_about_one_form_is_not_answered_for_the_next(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, there = orders
    await day.desk.save_draft(here, COMPLETE)
    window._report_on(here, None)
    await until(lambda: window.report.draft() == COMPLETE)
    QTest.keyClick(window.report.form.time, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    target = window.report.findChild(TargetPicker)
    assert isinstance(target, TargetPicker)
    assert target.isVisible()
    window._report_on(there, None)
    assert not target.isVisible()
    assert window.report.pane.strip.isVisible()


async def test_words_that_are_in_the_way_are_said_and_nothing_moves(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, there = orders
    await day.desk.save_draft(there, Draft(comment="typed for the other one"))
    entry = await report(day, here)
    card = await choose_in_outbox(window, entry, until)
    button(card, "moveToAnother").click()
    await type_the_other(window, window.outbox._card.mend.target, there, until)
    await until(lambda: "has a report begun already" in toast(window))
    assert (await day.desk.story(entry)).entry.state is State.HELD


# After it was sent


async def test_a_correction_begins_in_the_form_with_a_quote_and_both_are_linked(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, _ = orders
    first = await report(day, here)
    await day.send()
    page = await choose_in_history(window, here, until)
    button(page, "correct").click()
    await until(lambda: window.report.draft().corrects == first)
    assert window.shipment.tab == "report"
    assert window.report.draft().comment == "Correction of the report of 11.06. 10:30 (Complete, delivery): At the front desk"
    words = window.report.form.beside["status"]._words.text()
    assert words == "A second report for the one of 10:30, which stays at Zendera. Change what was wrong, then send it."
    window.report._choose_status(Status.OTHER)
    window.report.bar.send.click()
    await until(lambda: "will be sent" in toast(window))
    await day.send()
    (second, *_rest) = [story.entry for story in await day.desk.history(here)]
    assert (second.corrects, second.state) == (first, State.SENT)
    assert len(day.simulator.ledger.applied(kind="report")) == 2
    window.shipment.show_tab("history")
    rows = window.shipment._history.table.rows
    await until(lambda: any("corrects the report" in row[1].text for row in rows.rows))
    assert any("corrected by the report" in row[1].text for row in rows.rows)
    assert any("corrected it by a newer report" in row[1].text and row[4].text == "Kari · front" for row in rows.rows)


async def test_a_correction_is_not_begun_over_what_is_typed(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, _ = orders
    first = await report(day, here)
    await day.send()
    window._report_on(here, None)
    await until(lambda: window.report._opened is not None)
    window.report.form.texts["signee"].setText("typed a moment ago")
    card = await choose_in_outbox(window, first, until)
    button(card, "correct").click()
    await until(lambda: "is begun already" in toast(window))
    await until(lambda: window.report.draft().signee == "typed a moment ago")
    assert window.report.draft().corrects is None


async def test_a_report_for_the_wrong_shipment_begins_two_drafts_and_sends_nothing(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, there = orders
    first = await report(day, here)
    await day.send()
    card = await choose_in_outbox(window, first, until)
    button(card, "wasAnother").click()
    await type_the_other(window, window.outbox._card.mend.target, there, until)
    await until(lambda: "Two drafts were begun" in toast(window))
    wrong, right = await draft_of(day, here), await draft_of(day, there)
    assert right == COMPLETE
    assert wrong is not None
    assert (wrong.status, wrong.corrects) == (Status.OTHER, first)
    await day.send()
    assert len(day.simulator.ledger.applied(kind="report")) == 1


# After a refusal


async def test_what_was_refused_is_taken_up_in_the_form_with_zenderas_words_and_sent_once(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, _ = orders
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.UPDATE, status=422, times=1)
    draft = await picture(day)
    old = await report(day, here, draft)
    await day.send()
    answer = (await day.desk.story(old)).entry.answer
    assert answer
    card = await choose_in_outbox(window, old, until)
    button(card, "sendAnew").click()
    await until(lambda: window.report.draft().instead_of == old)
    assert window.report.draft() == msgspec.structs.replace(draft, instead_of=old)
    words = window.report.form.beside["status"]._words.text()
    assert words == f"Zendera refused this: “{answer}”. Mend it and send it; the refused one goes then."
    await until(lambda: window.report.isAncestorOf(QApplication.focusWidget() or window))
    QTest.keyClick(window.report.form.time, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: "will be sent" in toast(window))
    assert (await day.desk.story(old)).entry.state is State.DROPPED
    await day.send()
    assert len(day.simulator.ledger.applied(kind="report")) == 1
    assert here not in await day.ids(View.NEEDS_ME)


# What the product feed does not bear out


async def test_a_difference_becomes_the_right_report_by_one_key(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, _ = orders
    first = await report(day, here)
    await day.send()
    await day.tail()
    day.clock.move(seconds=1)
    day.simulator.world.move(here, 0, "DELIVERY", "REMOVED")
    await day.tail(minutes=1)
    window._show_view(View.DIFFERENCES)
    await until(lambda: window.shipments.model.ids and window.shipments.model.ids[0] == here)
    window.show_shipment(here)
    window.shipment.show_tab("colli")
    missing = window.shipment.findChild(QWidget, "reportMissingDelivery")
    assert missing is not None
    await until(missing.isVisible)
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    await until(lambda: window.report.isVisible() and window.report.form.comment.toPlainText().endswith("removed after completed."))
    assert window.report.draft().corrects == first
    assert window.report.draft().status is Status.OTHER


async def test_a_difference_that_was_looked_at_counts_no_more_until_that_is_undone(
    window: Window, day: Day, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, _ = orders
    day.simulator.world.move(here, 0, "PICKUP", "NOT_READY")
    await day.tail(seconds=30)
    differ = [here]
    assert await day.ids(View.DIFFERENCES) == differ
    window.show_shipment(here)
    await until(lambda: window.shipment._shown is not None)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    seen = window.shipment.findChild(QToolButton, "seenPickup")
    assert isinstance(seen, QToolButton)
    await until(seen.isVisible)
    QTest.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    await until(lambda: not seen.isVisible())
    assert await day.ids(View.DIFFERENCES) == []
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await until(seen.isVisible)
    assert await day.ids(View.DIFFERENCES) == differ
