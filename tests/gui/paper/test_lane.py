"""The lane in the whole window: what a person presses from the first document to the last, and where everything is afterwards."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget

from gui.paper.conftest import PaperDay, Until, undo
from support.notes import facts, note, pdf
from unit.pictures.made import corners, encoded
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.outbox import Entry, State
from zendera_desk.domain.paper import documents
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import CashOnDelivery, StopKind
from zendera_desk.gui.paper.course import Course, Outcome
from zendera_desk.gui.paper.known import Known
from zendera_desk.gui.paper.lane import Lane
from zendera_desk.gui.paper.picker import ShipmentPicker
from zendera_desk.gui.window import Window

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


class Keys(QObject):
    """Presses keys as a person does, and counts the presses that reach the window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.pressed: list[str] = []
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched is QApplication.focusWidget():
            self.pressed.append(event.text() or str(event.key()))
        return False

    def end(self) -> None:
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focus(), key, held)


def type_in(text: str) -> None:
    QTest.keyClicks(focus(), text)


async def keying(window: Window, until: Until, number: int) -> Lane:
    """The lane, with its first document open."""
    QTest.keyClick(window, Key.Key_P, CTRL)
    page = window.paper.page
    await until(lambda: page.start.text() == f"Start keying ({number})")
    page.strip.setFocus()
    QTest.keyClick(page.strip, Key.Key_Return, CTRL)
    await until(lambda: window.paper._built() is not None)
    return window.paper.lane


async def ready(lane: Lane, until: Until, order: OrderId) -> None:
    """The form of this shipment is open, with its picture, and the caret stands in the time."""
    await until(lambda: lane.report.order == order and lane.report.pane.pictures() and focus() is lane.report.form.time)


async def key_in(lane: Lane, until: Until, order: OrderId, name: str = "Kari") -> None:
    await ready(lane, until, order)
    type_in("1030")
    press(Key.Key_Return)
    type_in(name)
    press(Key.Key_Return, CTRL)


async def sent(day: PaperDay) -> list[Entry]:
    return [entry for entry in await day.entries() if entry.status is not None and entry.state is not State.TAKEN_BACK]


def says(lane: Lane, name: str) -> str:
    label = lane.findChild(QLabel, name)
    assert label is not None
    return label.text()


async def test_a_matched_page_takes_twelve_keys_at_most_beside_the_name_and_no_mouse(
    day: PaperDay, window: Window, until: Until, tmp_path: Path
) -> None:
    orders = day.orders[:2]
    notes = [note(replace(facts(n, number=order), codes=(("code128", str(order)),)), n, dpi=150) for n, order in enumerate(orders, start=1)]
    file = tmp_path / "scan_0421.pdf"
    file.write_bytes(pdf(notes, dpi=150))
    await day.desk.paper.add([file])
    await day.read()
    lane = await keying(window, until, 2)
    await ready(lane, until, orders[0])
    assert "matched by Code 128" in lane.bar.where.text()
    keys = Keys(window)
    name = "Kari Nordmann"
    await key_in(lane, until, orders[0], name)
    await ready(lane, until, orders[1])
    keys.end()
    assert len(keys.pressed) - len(name) <= 12, keys.pressed
    assert [(entry.order_id, entry.status) for entry in await sent(day)] == [(orders[0], Status.COMPLETE)]
    await key_in(lane, until, orders[1])
    await until(lane.summary.isVisible)


async def test_a_key_too_many_skips_nothing_that_is_being_sent(day: PaperDay, window: Window, until: Until) -> None:
    one, two, three, *_ = day.orders
    await day.scan(one, two, three)
    lane = await keying(window, until, 3)
    await key_in(lane, until, one)
    press(Key.Key_Right, CTRL)
    lane.bar.skip.click()
    await ready(lane, until, two)
    lane.bar.skip.click()
    lane.bar.skip.click()
    await ready(lane, until, three)
    assert says(lane, "laneCount") == "3 of 3"
    assert [entry.order_id for entry in await sent(day)] == [one]


async def test_what_is_heard_while_a_report_is_sent_is_read_when_the_next_document_is_there(
    day: PaperDay, window: Window, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is heard of five times, and a person waits for the next picture."""
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    was_busy: list[bool] = []
    read_documents = Known.read_documents

    async def reading(known: Known, course: Course, *, here: bool = False) -> None:
        was_busy.append(lane._is_busy)
        await read_documents(known, course, here=here)

    monkeypatch.setattr(Known, "read_documents", reading)
    await key_in(lane, until, one)
    await ready(lane, until, two)
    await until(lambda: was_busy)
    assert not any(was_busy)


async def test_the_next_form_waits_while_another_page_is_shown(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await key_in(lane, until, one)
    QTest.keyClick(window, Key.Key_6, CTRL)
    assert not lane.isVisible()
    await until(lambda: lane._course.place == 1 and not lane._is_busy)
    assert lane.report.order is None
    untouched = await day.desk.shipment(two)
    assert untouched is not None
    assert untouched.draft is None
    press(Key.Key_Z, CTRL)
    await until(lambda: lane.isVisible() and lane.report.order == one and lane.report.form.texts["signee"].text() == "Kari")


async def test_the_last_one_ends_with_a_summary_and_the_way_back_to_what_was_left(day: PaperDay, window: Window, until: Until) -> None:
    one, two, three, *_ = day.orders
    await day.scan(one, two, three)
    lane = await keying(window, until, 3)
    await key_in(lane, until, one)
    await ready(lane, until, two)
    assert says(lane, "laneCount") == "2 of 3"
    press(Key.Key_Right, CTRL)
    await key_in(lane, until, three)
    await until(lane.summary.isVisible)
    assert says(lane, "laneSummary") == "2 reports on the way"
    assert not lane.bar.isVisible()
    again = lane.summary.findChild(QPushButton, "backToIt")
    assert again is not None
    again.click()
    await ready(lane, until, two)
    await key_in(lane, until, two)
    await until(lane.summary.isVisible)
    assert says(lane, "laneSummary") == "3 reports on the way"
    press(Key.Key_Space)
    assert window.shipments.isVisible(), "back to the list"
    assert {entry.order_id for entry in await sent(day)} == {one, two, three}
    assert await day.stacks() == []


async def test_undo_brings_the_document_back_with_everything_typed(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await key_in(lane, until, one, "Sigrid")
    await ready(lane, until, two)
    press(Key.Key_Z, CTRL)
    await until(lambda: lane.report.order == one and lane.report.form.texts["signee"].text() == "Sigrid")
    assert lane.isVisible()
    assert says(lane, "laneCount") == "1 of 2"
    assert len(lane.report.pane.pictures()) == 1
    assert await sent(day) == []


async def test_undo_after_the_summary_comes_back_into_the_lane(day: PaperDay, window: Window, until: Until) -> None:
    order = day.orders[0]
    await day.scan(order)
    lane = await keying(window, until, 1)
    await key_in(lane, until, order, "Sigrid")
    await until(lane.summary.isVisible)
    press(Key.Key_Z, CTRL)
    await until(lambda: lane.report.isVisible() and lane.report.form.texts["signee"].text() == "Sigrid")
    await until(lambda: len(lane.report.pane.pictures()) == 1)


async def test_a_send_from_elsewhere_that_is_taken_back_opens_no_document_of_its_shipment(
    day: PaperDay, window: Window, until: Until
) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await key_in(lane, until, one, "Sigrid")
    await ready(lane, until, two)
    pickup = Draft(stop=StopKind.PICKUP, time="0900", signee="Ola", currency="NOK")
    window.wishes.send(one, pickup, frozenset({"before_seen", "evidence_missing"}))
    await until(lambda: len(window.wishes._done) == 2)
    press(Key.Key_Z, CTRL)
    await until(lambda: len(window.wishes._done) == 1)
    assert lane._course.steps[0].outcome is Outcome.SENT
    assert [entry.stop for entry in await sent(day)] == [StopKind.DELIVERY]


async def two_of_one(day: PaperDay, window: Window, until: Until, order: OrderId) -> tuple[Lane, list[list[PictureId]]]:
    """The lane with two documents of one shipment in a row, and the pictures of each."""
    await day.scan(order, name="second.pdf")
    await day.scan(order, "its other side", name="first.pdf")
    found = [[page.picture.id for page in stack.pages if page.picture is not None] for stack in reversed(await day.stacks())]
    assert [len(pictures) for pictures in found] == [2, 1]
    return await keying(window, until, 2), found


async def shows(lane: Lane, until: Until, count: str, pictures: list[PictureId]) -> None:
    await until(lambda: says(lane, "laneCount") == count and [picture.id for picture in lane.report.pane.pictures()] == pictures)


async def test_the_second_document_of_a_shipment_shows_its_own_pages_and_they_are_sent(day: PaperDay, window: Window, until: Until) -> None:
    order = day.orders[0]
    lane, (first, second) = await two_of_one(day, window, until, order)
    await shows(lane, until, "1 of 2", first)
    press(Key.Key_Right, CTRL)
    await shows(lane, until, "2 of 2", second)
    press(Key.Key_Left, CTRL)
    await shows(lane, until, "1 of 2", first)
    press(Key.Key_Right, CTRL)
    await shows(lane, until, "2 of 2", second)
    await key_in(lane, until, order)
    await until(lane.summary.isVisible)
    assert len(await sent(day)) == 1
    assert [(page.name, page.number) for stack in await day.stacks() for page in stack.pages] == [("first.pdf", 1), ("first.pdf", 2)]


async def test_what_was_typed_about_a_shipment_is_over_its_second_document_too(day: PaperDay, window: Window, until: Until) -> None:
    order = day.orders[0]
    lane, (first, second) = await two_of_one(day, window, until, order)
    await ready(lane, until, order)
    lane.report.form.texts["signee"].setFocus()
    type_in("Kari")
    press(Key.Key_Right, CTRL)
    await shows(lane, until, "2 of 2", [*first, *second])
    assert lane.report.form.texts["signee"].text() == "Kari"


async def test_undo_of_the_first_of_two_documents_of_a_shipment_brings_back_what_was_typed(
    day: PaperDay, window: Window, until: Until
) -> None:
    order = day.orders[0]
    lane, (first, second) = await two_of_one(day, window, until, order)
    await key_in(lane, until, order, "Sigrid")
    await shows(lane, until, "2 of 2", second)
    press(Key.Key_Z, CTRL)
    await shows(lane, until, "1 of 2", first)
    assert lane.report.form.texts["signee"].text() == "Sigrid"
    lane.report.form.comment.setFocus()
    type_in("at the gate")
    assert await lane.flush()
    shipment = await day.desk.shipment(order)
    assert shipment is not None
    assert shipment.draft is not None
    assert (shipment.draft.signee, shipment.draft.comment) == ("Sigrid", "at the gate")
    assert [picture.id for picture in shipment.draft.pictures] == first


async def test_a_document_that_was_changed_on_the_paper_page_is_keyed_as_it_is_now(day: PaperDay, window: Window, until: Until) -> None:
    order = day.orders[0]
    stack = await day.scan(order, "its other side")
    lane = await keying(window, until, 1)
    await ready(lane, until, order)
    assert len(lane.report.pane.pictures()) == 2
    QTest.keyClick(window, Key.Key_P, CTRL)
    await until(window.paper.page.isVisible)
    await day.desk.paper.drop([stack.pages[1].id])
    window.paper._pages.show_staying(lane)
    await until(lambda: lane.report.order == order and len(lane.report.pane.pictures()) == 1)
    assert lane._course.now is not None
    assert len(lane._course.now.document.pages) == 1


async def test_what_was_only_looked_at_waits_on_and_what_was_typed_is_kept(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    press(Key.Key_Right, CTRL)
    await ready(lane, until, two)
    type_in("1030")
    press(Key.Key_Return)
    type_in("Kari")
    press(Key.Key_Escape)
    await until(window.paper.page.isVisible)
    shipment = await day.desk.shipment(two)
    assert shipment is not None
    assert shipment.draft is not None
    assert (shipment.draft.signee, len(shipment.draft.pictures)) == ("Kari", 1)
    untouched = await day.desk.shipment(one)
    assert untouched is not None
    assert untouched.draft is None
    assert [page.number for stack in await day.stacks() for page in stack.pages if page.is_open] == [1]


async def test_back_goes_to_the_document_before(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    type_in("10")
    press(Key.Key_Right, CTRL)
    await ready(lane, until, two)
    press(Key.Key_Left, CTRL)
    await until(lambda: lane.report.order == one and lane.report.form.time.text() == "10")


async def test_a_document_without_a_shipment_asks_one_thing_and_enter_goes_on(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan("nothing to see")
    lane = await keying(window, until, 1)
    await until(lambda: lane.asking.isVisible() and focus() is lane.asking.picker.field)
    type_in(str(day.orders[2]))
    press(Key.Key_Return)
    await key_in(lane, until, day.orders[2])
    await until(lane.summary.isVisible)
    (entry,) = await sent(day)
    assert entry.order_id == day.orders[2]


async def test_not_this_shipment_takes_pages_and_all_that_was_typed_to_the_right_one(day: PaperDay, window: Window, until: Until) -> None:
    wrong, right, *_ = day.orders
    await day.scan(wrong)
    lane = await keying(window, until, 1)
    await ready(lane, until, wrong)
    type_in("1030")
    press(Key.Key_Return)
    type_in("Kari")
    press(Key.Key_F2)
    assert focus() is lane.asking.picker.field
    press(Key.Key_Escape)
    assert lane.report.isVisible(), "Esc goes back to the form"
    press(Key.Key_F2)
    type_in(str(right))
    await until(lambda: lane.asking.picker.found.count() == 1)
    press(Key.Key_Return)
    await until(lambda: lane.report.order == right and lane.report.form.texts["signee"].text() == "Kari" and lane.report.pane.pictures())
    gone = await day.desk.shipment(wrong)
    assert gone is not None
    assert gone.draft is None


async def test_a_scan_gives_the_document_to_the_scanned_shipment(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan("nothing to see")
    lane = await keying(window, until, 1)
    await until(lane.asking.isVisible)
    assert lane.take_scan(str(day.orders[1]))
    await ready(lane, until, day.orders[1])


async def test_a_document_put_aside_is_counted_and_can_be_brought_back(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan("nothing to see")
    lane = await keying(window, until, 1)
    await until(lambda: lane.asking.isVisible() and focus() is lane.asking.picker.field)
    press(Key.Key_Delete, CTRL)
    await until(lane.summary.isVisible)
    assert lane.summary._text.text() == "1 page put aside"
    assert len(await day.desk.paper.dropped()) == 1


async def test_the_form_of_the_window_and_that_of_the_lane_never_write_one_draft(day: PaperDay, window: Window, until: Until) -> None:
    order = day.orders[0]
    await day.scan(order)
    window.show_shipment(order)
    window.shipment.show_tab("report")
    await until(lambda: window.report._opened is not None and window.report.form.isVisible())
    window.report.form.comment.setFocus()
    type_in("left at the gate")
    lane = await keying(window, until, 1)
    await until(lambda: lane.report.order == order and lane.report.form.comment.toPlainText() == "left at the gate")
    await until(lambda: len(lane.report.pane.pictures()) == 1)
    lane.report.form.texts["signee"].setFocus()
    type_in("Kari")
    QTest.keyClick(window, Key.Key_5, CTRL)
    assert window.shipments.isVisible()
    window.show_shipment(order)
    await until(lambda: window.report.form.texts["signee"].text() == "Kari")
    assert window.report.form.comment.toPlainText() == "left at the gate"
    assert len(window.report.pane.pictures()) == 1


async def test_what_the_desk_does_not_take_is_said_in_the_form_and_the_document_stays(day: PaperDay, window: Window, until: Until) -> None:
    order = day.orders[0]
    await day.scan(order)
    lane = await keying(window, until, 1)
    await ready(lane, until, order)
    type_in("1030")
    press(Key.Key_Return, CTRL)
    await until(lambda: focus() is lane.report.form.texts["signee"])
    assert says(lane, "laneCount") == "1 of 1"
    assert await sent(day) == []


async def test_pictures_that_were_there_before_stay_and_the_document_is_shown_first(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    before = await day.desk.add_picture(encoded(corners()), "photo.jpg")
    await day.desk.save_draft(one, Draft(pictures=(before,)))
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await until(lambda: len(lane.report.pane.pictures()) == 2)
    current = lane.report.pane.strip.current()
    assert current is not None
    assert current.id != before.id
    press(Key.Key_Right, CTRL)
    await ready(lane, until, two)
    kept = await day.desk.shipment(one)
    assert kept is not None
    assert kept.draft is not None
    assert [picture.id for picture in kept.draft.pictures] == [before.id]


async def test_the_pictures_of_the_next_two_documents_are_decoded_before_they_are_asked_for(
    day: PaperDay, window: Window, until: Until
) -> None:
    await day.scan(*day.orders[:4])
    lane = await keying(window, until, 4)
    await ready(lane, until, day.orders[0])
    ahead = [page.picture for step in lane._course.ahead(2) for page in step.document.pages]
    assert len(ahead) == 2
    await until(lambda: all(picture is not None and lane._ahead.at_once(picture.id) is not None for picture in ahead))


async def open_pages(day: PaperDay) -> list[int]:
    return [page.number for stack in await day.stacks() for page in stack.pages if page.is_open]


async def draft_of(day: PaperDay, order: OrderId) -> Draft | None:
    shipment = await day.desk.shipment(order)
    assert shipment is not None
    return shipment.draft


async def test_nothing_is_written_about_a_document_that_is_only_looked_at(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    assert await draft_of(day, one) is None
    assert await open_pages(day) == [1, 2], "as a power cut would find it"
    QTest.keyClick(window, Key.Key_6, CTRL)
    QTest.keyClick(window, Key.Key_P, CTRL)
    page = window.paper.page
    await until(lambda: page.isVisible() and page.start.text() == "Start keying (2)")


async def test_a_page_turned_before_anything_is_typed_is_turned_in_the_tray(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    (picture,) = lane.report.pane.pictures()
    lane.report.pane.retouch.turn(picture, 90)
    press(Key.Key_Right, CTRL)  # while the turned picture is still being made
    await ready(lane, until, two)
    await until(lambda: [step.document.pages[0].edits.turn for step in lane._course.steps] == [90, 0])
    assert await draft_of(day, one) is None
    assert await open_pages(day) == [1, 2]
    press(Key.Key_Left, CTRL)
    await ready(lane, until, one)
    (picture,) = lane.report.pane.pictures()
    assert picture.width > picture.height


async def test_what_was_typed_and_taken_out_again_leaves_the_page_in_the_tray(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    type_in("1")
    await lane.report.flush()
    assert await open_pages(day) == [2]
    press(Key.Key_Backspace)
    press(Key.Key_Right, CTRL)
    await ready(lane, until, two)
    assert await draft_of(day, one) is None
    assert await open_pages(day) == [1, 2]


async def test_what_a_shipment_had_in_words_before_stays_with_it_when_the_page_goes_to_another(
    day: PaperDay, window: Window, until: Until
) -> None:
    wrong, right, *_ = day.orders
    await day.desk.save_draft(wrong, Draft(comment="left at the gate"))
    await day.scan(wrong)
    lane = await keying(window, until, 1)
    await ready(lane, until, wrong)
    type_in("1030")
    press(Key.Key_Return)
    type_in("Kari")
    press(Key.Key_F2)
    type_in(str(right))
    await until(lambda: lane.asking.picker.found.count() == 1)
    press(Key.Key_Return)
    await until(lambda: lane.report.order == right and lane.report.form.texts["signee"].text() == "Kari" and lane.report.pane.pictures())
    assert lane.report.form.comment.toPlainText() == ""
    assert await draft_of(day, wrong) == Draft(comment="left at the gate")
    await until(lambda: window.toasts.accessibleName() == f"Moved to {right}; a draft stays with {wrong}")
    await undo(window, until)
    await until(lambda: lane.report.order == wrong and lane.report.form.texts["signee"].text() == "Kari" and lane.report.pane.pictures())
    assert lane.report.form.comment.toPlainText() == "left at the gate"
    assert await draft_of(day, right) is None


async def test_a_page_alone_goes_to_another_shipment_by_one_key_and_comes_back_by_undo(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, None, None)
    lane = await keying(window, until, 1)
    await until(lambda: lane.report.order == one and len(lane.report.pane.pictures()) == 3)
    await until(lambda: focus() is lane.report.form.time)
    type_in("1030")
    lane.report.pane.strip.setCurrentRow(1)
    press(Key.Key_M, CTRL)
    type_in(str(two))
    await until(lambda: isinstance(focus().parent(), ShipmentPicker) and focus().parent().found.count() == 1)  # type: ignore[attr-defined]
    press(Key.Key_Return)
    await until(lambda: lane.report.order == one and len(lane.report.pane.pictures()) == 2)
    assert says(lane, "laneCount") == "1 of 2"
    (stack,) = await day.stacks()
    assert [(document.order_id, len(document.pages)) for document in documents(stack.pages)] == [(one, 1), (two, 1), (one, 1)]
    await undo(window, until)
    await until(lambda: lane.report.order == one and len(lane.report.pane.pictures()) == 3)
    assert says(lane, "laneCount") == "1 of 1"
    assert lane.report.form.time.text().endswith("10:30")


async def test_a_scan_means_the_document_that_was_present_when_it_was_scanned(day: PaperDay, window: Window, until: Until) -> None:
    _one, two, three, *_ = day.orders
    await day.scan("nothing to see", two)
    lane = await keying(window, until, 2)
    await until(lambda: lane.asking.isVisible() and focus() is lane.asking.picker.field)
    first = lane._course.now
    assert first is not None
    press(Key.Key_Right, CTRL)
    assert lane.take_scan(str(three)), "before the next document is there"
    await ready(lane, until, two)
    await until(lambda: window.toasts.accessibleName() == f"scan_0421.pdf, page 1 belongs to {three} now")
    assert lane.report.order == two
    await until(lambda: first.order_id == three)


async def test_a_late_scan_moves_nothing_that_lies_in_a_form_and_says_so(day: PaperDay, window: Window, until: Until) -> None:
    one, two, three, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await key_in_half(lane, until, one)
    press(Key.Key_Right, CTRL)
    assert lane.take_scan(str(three)), "before the next document is there"
    await ready(lane, until, two)
    await until(lambda: window.toasts.accessibleName() == "scan_0421.pdf, page 1 lies in a form already, and was left there")
    shipment = await day.desk.shipment(one)
    assert shipment is not None
    assert shipment.draft is not None
    assert len(shipment.draft.pictures) == 1


async def key_in_half(lane: Lane, until: Until, order: OrderId) -> None:
    await ready(lane, until, order)
    type_in("1030")
    press(Key.Key_Return)
    type_in("Kari")


async def test_a_toast_covers_neither_the_paper_nor_the_buttons_that_send(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await key_in(lane, until, one)
    await ready(lane, until, two)
    await until(window.toasts.isVisible)

    def area(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())

    shown = window.toasts.geometry()
    bar, pane = lane.report.bar, lane.report.pane
    for widget in (pane.viewer, pane.add, pane.sign, pane.remove, bar.discard, bar.send, bar.send_and_next, lane.report.form):
        assert not shown.intersects(area(widget)), widget.objectName()
    (said,) = (label for label in window.toasts.findChildren(QLabel) if "will be sent" in label.text())
    needed = said.fontMetrics().boundingRect(0, 0, said.width(), 10_000, int(Qt.TextFlag.TextWordWrap), said.text())
    assert needed.height() <= said.height()


async def test_shift_tab_from_the_first_field_comes_to_the_status_that_is_chosen(day: PaperDay, window: Window, until: Until) -> None:
    order = day.orders[0]
    await day.scan(order)
    lane = await keying(window, until, 1)
    await ready(lane, until, order)
    press(Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert focus() is lane.report.status.buttons()[0]
    press(Key.Key_Right)
    assert lane.report.status.choice() is Status.DAMAGE
    assert focus() is lane.report.status.buttons()[1]


async def test_a_long_reference_of_the_cash_does_not_push_the_form_aside_in_the_smallest_window(
    day: PaperDay, window: Window, until: Until
) -> None:
    order = day.orders[0]
    await day.scan(order)
    window.resize(1024, 700)
    lane = await keying(window, until, 1)
    await ready(lane, until, order)
    lane.report._cash.show_cod(CashOnDelivery(amount=Decimal("112400.00"), currency="NOK", reference="COD-00003-" + "7" * 60))
    scroll = next(each for each in lane.report.findChildren(QScrollArea) if each.isAncestorOf(lane.report.form))
    await until(lambda: lane.report._cash.isVisible() and lane.report._cash.width() > 0)
    scroll.widget().adjustSize()
    assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width()
    assert "Collect" in lane.report._cash.amount.text()
