"""The paper page in the whole window: files in, documents seen, cuts moved, pages assigned and put aside, all by keys."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from gui.paper.conftest import PaperDay, Until, undo
from support.notes import facts, note
from unit.pictures.made import encoded, pdf, says
from zendera_desk.domain.changes import PaperChanged
from zendera_desk.domain.paper import documents
from zendera_desk.engine import paper_taking
from zendera_desk.gui.paper.model import Head, Leaf, Shown
from zendera_desk.gui.paper.page import PaperPage
from zendera_desk.gui.window import Window

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def blocks(page: PaperPage) -> list[str]:
    """Each document as the strip shows it."""
    model = page.strip._pages
    leaves = [leaf for row in range(model.rowCount()) if (leaf := model.leaf(row)) is not None]
    return [f"{leaf.label.text} {leaf.of}" for leaf in leaves if leaf.first]


def leaf(page: PaperPage) -> Leaf:
    found = page.strip.current()
    assert found is not None
    return found


async def opened(window: Window, until: Until, number: int) -> PaperPage:
    QTest.keyClick(window, Key.Key_P, CTRL)
    page = window.paper.page
    assert page.isVisible()
    await until(lambda: len(blocks(page)) == number)
    page.strip.setFocus()
    return page


async def test_a_stack_shows_its_documents_and_the_corner_how_many_wait(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, None, two, "Patch T", None)
    page = await opened(window, until, 2)
    assert [text.rsplit(" ", 1)[1] for text in blocks(page)] == ["2", "3"]
    head = page.strip._pages.row(0)
    assert isinstance(head, Head)
    assert head.name == "scan_0421.pdf"
    assert head.text.startswith("2 documents · 5 pages")
    corner = window.findChild(QPushButton, "paperCount")
    assert corner is not None
    await until(lambda: corner.text() == "Paper 2")
    assert page.start.text() == "Start keying (2)"
    QTest.keyClick(window, Key.Key_P, CTRL)
    assert not page.isVisible()
    assert not corner.isHidden()


async def test_a_document_is_keyed_only_when_the_page_after_it_is_read(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan(*day.orders[:3])
    page = await opened(window, until, 3)
    first, second, third = (await day.stacks())[0].pages
    assert [step.key for step in page.steps()] == [first.id, second.id, third.id]
    await day.desk.paper.read_again([third.id])
    await until(lambda: [step.key for step in page.steps()] == [first.id])
    assert page.start.text() == "Start keying (1)"


async def test_s_starts_a_document_here_and_joins_it_again(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan(day.orders[0], None, None)
    page = await opened(window, until, 1)
    QTest.keyClick(page.strip, Key.Key_Right)
    QTest.keyClick(page.strip, Key.Key_S)
    await until(lambda: len(blocks(page)) == 2)
    assert leaf(page).page.number == 2, "the choice stays where it was"
    assert blocks(page)[1] == "No shipment 2"
    QTest.keyClick(page.strip, Key.Key_S)
    await until(lambda: len(blocks(page)) == 1)


async def test_l_and_r_turn_the_chosen_pages(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan(day.orders[0], None)
    page = await opened(window, until, 1)
    QTest.keyClick(page.strip, Key.Key_Right, SHIFT)
    assert len(page.strip.selected()) == 2
    QTest.keyClick(page.strip, Key.Key_R)
    await until(lambda: [one.edits.turn for one in page.strip.selected()] == [90, 90])
    picture = leaf(page).page.picture
    assert picture is not None
    assert picture.width > picture.height
    QTest.keyClick(page.strip, Key.Key_L)
    await until(lambda: [one.edits.turn for one in page.strip.selected()] == [0, 0])


async def test_a_page_put_aside_comes_back_by_undo_and_by_its_own_view(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan(day.orders[0], day.orders[1])
    page = await opened(window, until, 2)
    QTest.keyClick(page.strip, Key.Key_Delete)
    await until(lambda: len(blocks(page)) == 1)
    await until(lambda: window.toasts.accessibleName() == "1 page put aside")
    await undo(window, until)
    await until(lambda: len(blocks(page)) == 2)
    page.strip.setFocus()
    QTest.keyClick(page.strip, Key.Key_Delete)
    await until(lambda: len(blocks(page)) == 1)
    page.chips.choose(Shown.ASIDE)
    await until(lambda: blocks(page) == ["Put aside 1"])
    page.side.bring_back.click()
    await until(lambda: blocks(page) == [])
    assert page.empty.accessibleName() == "Nothing is put aside"


async def test_typing_finds_a_shipment_and_enter_gives_it_the_document(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan("nothing", name="a.pdf")
    await day.scan("nothing either", name="b.pdf")
    page = await opened(window, until, 2)
    page.chips.choose(Shown.WITHOUT)
    await until(lambda: page.strip._pages.rowCount() == 4)
    page.strip.setFocus()
    wanted = day.orders[3]
    QTest.keyClicks(page.strip, str(wanted)[0])
    field = page.side.picker.field
    assert QApplication.focusWidget() is field
    QTest.keyClicks(field, str(wanted)[1:])
    await until(lambda: page.side.picker.found.count() == 1)
    QTest.keyClick(field, Key.Key_Return)
    await until(lambda: len(blocks(page)) == 1)
    assert page.strip.hasFocus(), "the next one can be typed at once"
    assert not field.text()
    assigned = [one.assigned for stack in await day.stacks() for one in stack.pages]
    assert sorted(assigned, key=str) == sorted([wanted, None], key=str)


async def test_enter_before_the_search_is_done_takes_the_only_find(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan("nothing")
    page = await opened(window, until, 1)
    QTest.keyClicks(page.strip, str(day.orders[2])[0])
    QTest.keyClicks(page.side.picker.field, str(day.orders[2])[1:])
    QTest.keyClick(page.side.picker.field, Key.Key_Return)
    await until(lambda: leaf(page).document.order_id == day.orders[2])


async def test_a_page_that_names_two_shipments_is_given_to_none_before_a_person_chose(day: PaperDay, window: Window, until: Until) -> None:
    one, two = sorted(day.orders[:2])
    codes = (("code128", str(one)), ("qr", str(two)))
    await day.desk.paper.add([encoded(note(replace(facts(3), codes=codes), 3, dpi=150))])
    await day.read()
    page = await opened(window, until, 1)
    assert blocks(page) == ["2 shipments? 1"]
    await until(lambda: page.side.picker.found.count() == 2)
    QTest.keyClick(page.strip, Key.Key_Return)
    assert leaf(page).document.order_id is None
    field = page.side.picker.field
    assert QApplication.focusWidget() is field
    QTest.keyClick(field, Key.Key_Down)
    QTest.keyClick(field, Key.Key_Return)
    await until(lambda: leaf(page).document.order_id == two)


async def test_files_in_are_files_shown_and_each_refusal_names_its_file(
    day: PaperDay, window: Window, until: Until, tmp_path: Path
) -> None:
    page = await opened(window, until, 0)
    await until(lambda: page.empty.isVisible() and page.empty.accessibleName() == "No paper waiting")
    good, word, torn = tmp_path / "good.pdf", tmp_path / "letter.docx", tmp_path / "torn.pdf"
    good.write_bytes(pdf(says(f"Order {day.orders[0]}")))
    word.write_bytes(b"PK\x03\x04 a letter")
    torn.write_bytes(b"%PDF-1.4 torn")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in (good, word, torn)])
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.MoveAction | Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)
    assert event.dropAction() == Qt.DropAction.CopyAction
    await until(page.refusals.isVisible)
    assert [text.split(":")[0] for text in page.refusals.texts()] == ["letter.docx", "torn.pdf"]
    await day.read()
    await until(lambda: len(blocks(page)) == 1)
    close = page.refusals.findChild(QPushButton, "closeRefusedFiles")
    assert close is not None
    close.click()
    page.reload()
    await until(lambda: page.refusals.texts() == [])
    assert not page.refusals.isVisible()


async def test_a_picture_on_the_clipboard_is_pasted_into_the_tray(day: PaperDay, window: Window, until: Until, tmp_path: Path) -> None:
    page = await opened(window, until, 0)
    file = tmp_path / "photo.pdf"
    file.write_bytes(pdf(says("a note")))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    QApplication.clipboard().setMimeData(mime)
    QTest.keyClick(page, Key.Key_V, CTRL)
    await until(lambda: blocks(page) == ["Waiting 1"])
    QApplication.clipboard().clear()


async def test_a_scan_gives_the_chosen_document_its_shipment(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan("nothing")
    page = await opened(window, until, 1)
    assert page.take_scan(str(day.orders[1]))
    await until(lambda: leaf(page).document.order_id == day.orders[1])
    page.take_scan("NOBODYS-1")
    await until(lambda: window.toasts.accessibleName() == "No shipment here has NOBODYS-1")


async def test_a_burst_of_changes_leaves_choice_focus_and_scroll_where_they_were(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan(*[None] * 30, name="long.pdf")
    page = await opened(window, until, 1)
    for _line in range(4):
        QTest.keyClick(page.strip, Key.Key_Down)
    chosen = leaf(page).page.id
    top = page.strip.visualRect(page.strip.currentIndex()).y()
    await day.scan(day.orders[0], name="newer.pdf")
    await until(lambda: len(blocks(page)) == 2)
    assert leaf(page).page.id == chosen
    assert page.strip.visualRect(page.strip.currentIndex()).y() == top
    assert page.strip.hasFocus()


async def test_the_arrows_go_from_line_to_line_over_headers(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan(*[None] * 6, name="old.pdf")
    await day.scan(None, None, name="new.pdf")
    page = await opened(window, until, 2)
    columns = page.strip._cells.columns
    assert columns >= 2
    QTest.keyClick(page.strip, Key.Key_Home)
    QTest.keyClick(page.strip, Key.Key_Right)
    assert (leaf(page).page.name, leaf(page).page.number) == ("new.pdf", 2)
    QTest.keyClick(page.strip, Key.Key_Down)
    assert (leaf(page).page.name, leaf(page).page.number) == ("old.pdf", 2)
    QTest.keyClick(page.strip, Key.Key_Down)
    assert leaf(page).page.number == min(6, 2 + columns)
    QTest.keyClick(page.strip, Key.Key_End)
    assert leaf(page).page.number == 6
    QTest.keyClick(page.strip, Key.Key_Home)
    assert (leaf(page).page.name, leaf(page).page.number) == ("new.pdf", 1)


@pytest.mark.parametrize("width", [1024, 1500])
async def test_every_page_is_in_sight_once_and_none_is_cut_off(day: PaperDay, window: Window, until: Until, width: int) -> None:
    await day.scan(*[None] * 9)
    page = await opened(window, until, 1)
    page.resize(width, 640)
    page.strip.doItemsLayout()
    areas = [page.strip.visualRect(page.strip._pages.index(row)) for row in range(1, 10)]
    assert all(area.left() >= 0 and area.right() < page.strip.viewport().width() for area in areas)
    assert len({(area.x(), area.y()) for area in areas}) == 9
    assert len(documents((await day.stacks())[0].pages)) == 1


async def test_what_was_refused_is_shown_also_where_nothing_was_taken_until_it_was_read(
    day: PaperDay, window: Window, until: Until, tmp_path: Path
) -> None:
    torn = tmp_path / "torn.pdf"
    torn.write_bytes(b"%PDF-1.4 torn")
    await day.desk.paper.add([torn])
    assert await day.stacks() == []
    page = await opened(window, until, 0)
    await until(lambda: [text.split(":")[0] for text in page.refusals.texts()] == ["torn.pdf"])
    close = page.refusals.findChild(QPushButton, "closeRefusedFiles")
    assert close is not None
    close.click()
    assert not page.refusals.isVisible()
    while await day.desk.paper.refusals():
        pass
    page.reload()
    await until(lambda: page.refusals.texts() == [])


async def test_what_cancel_left_out_is_named(
    day: PaperDay, window: Window, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / f"{number}.pdf" for number in range(4)]
    for number, file in enumerate(files):
        file.write_bytes(pdf(says(f"note {number}")))
    page = await opened(window, until, 0)
    monkeypatch.setattr(paper_taking, "TOLD", 0.0)  # each file is told of
    unsubscribe = day.desk.changes.subscribe(lambda change: page.incoming.cancel.click() if isinstance(change, PaperChanged) else None)
    page.incoming.take(files)
    await until(page.refusals.texts)
    unsubscribe()
    taken = [one.name for stack in await day.stacks() for one in stack.pages]
    assert taken[:1] == ["0.pdf"]
    assert taken + [text.split(":")[0] for text in page.refusals.texts()] == [file.name for file in files]
    assert "left out" in page.refusals.texts()[-1]


async def test_a_scan_means_what_was_chosen_when_it_was_scanned(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan("nothing", name="a.pdf")
    await day.scan("nothing either", name="b.pdf")
    page = await opened(window, until, 2)
    first = leaf(page).page.name
    assert page.take_scan(str(day.orders[1]))
    QTest.keyClick(page.strip, Key.Key_Right)
    assert leaf(page).page.name != first
    chosen = leaf(page).page.id
    await until(lambda: len([text for text in blocks(page) if text != "No shipment 1"]) == 1)
    assigned = {one.name: one.assigned for stack in await day.stacks() for one in stack.pages}
    assert assigned[first] == day.orders[1]
    assert leaf(page).page.id == chosen, "the person has gone on: the choice stays"


async def test_a_page_is_cropped_in_the_strip_with_the_tools_of_the_form(day: PaperDay, window: Window, until: Until) -> None:
    await day.scan("nothing to see")
    page = await opened(window, until, 1)
    await until(lambda: not page.side.viewer.sceneRect().isEmpty())
    QTest.keyClick(page.strip, Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert page.side.tools.marquee.hasFocus()
    QTest.keyClick(page.side.tools.marquee, Key.Key_Return)
    await until(lambda: leaf(page).page.edits.crop is not None)
    await until(page.strip.hasFocus)
    picture = leaf(page).page.picture
    assert picture is not None
    assert await day.desk.picture_edits(picture.id) == leaf(page).page.edits


async def test_a_page_dragged_onto_another_document_goes_there_alone_and_comes_back_by_undo(
    day: PaperDay, window: Window, until: Until
) -> None:
    one, two, *_ = day.orders
    await day.scan(one, None, None, two)
    page = await opened(window, until, 2)
    strip = page.strip
    places = [strip.visualRect(strip._pages.index(row)).center() for row in range(1, 5)]
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(strip.viewport(), left, pos=places[1])
    QTest.mouseMove(strip.viewport(), (places[1] + places[3]) / 2)
    QTest.mouseMove(strip.viewport(), places[3])
    assert strip._cells.target == (await day.stacks())[0].pages[3].id
    QTest.mouseRelease(strip.viewport(), left, pos=places[3])
    await until(lambda: [text.rsplit(" ", 1)[1] for text in blocks(page)] == ["1", "1", "1", "1"])
    assert [document.order_id for document in (await day.stacks())[0].documents] == [one, two, one, two]
    assert strip._cells.target is None
    await undo(window, until)
    await until(lambda: [text.rsplit(" ", 1)[1] for text in blocks(page)] == ["3", "1"])


async def test_pages_dragged_out_of_the_middle_take_nothing_along_that_lies_between_them(
    day: PaperDay, window: Window, until: Until
) -> None:
    one, two, *_ = day.orders
    await day.scan(one, None, None, None, None, two)
    page = await opened(window, until, 2)
    strip = page.strip
    before = (await day.stacks())[0].pages
    places = [strip.visualRect(strip._pages.index(row)).center() for row in range(1, 7)]
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(strip.viewport(), left, pos=places[1])
    QTest.mouseClick(strip.viewport(), left, CTRL, places[3])
    assert [chosen.number for chosen in strip.selected()] == [2, 4]
    QTest.mousePress(strip.viewport(), left, pos=places[1])
    QTest.mouseMove(strip.viewport(), (places[1] + places[5]) / 2)
    QTest.mouseMove(strip.viewport(), places[5])
    QTest.mouseRelease(strip.viewport(), left, pos=places[5])
    await until(lambda: window.toasts.accessibleName().startswith("2 pages moved to"))
    owners = {each.number: document.order_id for document in (await day.stacks())[0].documents for each in document.pages}
    assert owners == {1: one, 2: two, 3: one, 4: two, 5: one, 6: two}
    await until(lambda: [text.rsplit(" ", 1)[1] for text in blocks(page)] == ["1"] * 6)
    await undo(window, until)
    await until(lambda: [text.rsplit(" ", 1)[1] for text in blocks(page)] == ["5", "1"])
    assert (await day.stacks())[0].pages == before


async def test_esc_ends_dragging_and_nothing_else(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, None, two)
    page = await opened(window, until, 2)
    strip = page.strip
    before = (await day.stacks())[0].pages
    places = [strip.visualRect(strip._pages.index(row)).center() for row in range(1, 4)]
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(strip.viewport(), left, pos=places[1])
    QTest.mouseMove(strip.viewport(), (places[1] + places[2]) / 2)
    QTest.mouseMove(strip.viewport(), places[2])
    assert strip._cells.target is not None
    strip.setFocus()
    QTest.keyClick(strip, Key.Key_Escape)
    assert strip._cells.target is None
    assert page.isVisible()
    QTest.mouseRelease(strip.viewport(), left, pos=places[2])
    assert (await day.stacks())[0].pages == before


async def test_undo_of_putting_aside_leaves_a_separator_what_it_is(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    before = await day.scan(one, "a sheet", two)
    sheet = before.pages[1].id
    await day.desk.paper._database.write(lambda conn: conn.execute("update page set separator = 1 where id = ?", (sheet,)))
    page = await opened(window, until, 3)
    QTest.keyClick(page.strip, Key.Key_Right, SHIFT)
    QTest.keyClick(page.strip, Key.Key_Right, SHIFT)
    assert len(page.strip.selected()) == 3
    QTest.keyClick(page.strip, Key.Key_Delete)
    await until(lambda: blocks(page) == [])
    await undo(window, until)
    await until(lambda: len(blocks(page)) == 3)
    assert [each.separator for each in (await day.stacks())[0].pages] == [False, True, False]


async def test_a_scan_opens_nothing_over_the_page_to_which_a_person_went_meanwhile(day: PaperDay, window: Window, until: Until) -> None:
    order = day.orders[2]
    window._scanned.take(str(order))
    QTest.keyClick(window, Key.Key_P, CTRL)
    await until(lambda: window.toasts.accessibleName() == f"Scanned {order}: shipment {order}")
    assert window.paper.page.isVisible()
    assert window.shipment.current is None
    show = next(button for button in window.toasts.findChildren(QPushButton) if button.text() == "Open it")
    show.click()
    await until(lambda: window.shipment.current == order)
