"""The feed follows, stands still while somebody reads, whatever comes and whatever is looked at, and pages from the store."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QTableView

from gui.feed.conftest import Shelf
from zendera_desk.domain.changes import FeedAdvanced, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import style
from zendera_desk.gui.feed import following
from zendera_desk.gui.feed.model import LIMIT
from zendera_desk.gui.feed.panel import BURST_MS, RUSH_MS, FeedPanel
from zendera_desk.gui.feed.rows import FeedTable
from zendera_desk.gui.icons import icon
from zendera_desk.gui.tokens import Tone
from zendera_desk.store.feed_rows import SLICE

DOCK = 296
Until = Callable[[Callable[[], object]], Awaitable[None]]


def table(panel: FeedPanel) -> FeedTable:
    found = panel.findChild(QTableView, "productFeed")
    assert isinstance(found, FeedTable)
    return found


def button(panel: FeedPanel, name: str) -> QAbstractButton:
    found = panel.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def products(panel: FeedPanel) -> list[str]:
    return [line.product_number for line in panel._model.lines()]


def seen(panel: FeedPanel) -> list[tuple[str, int]]:
    """Each row on the screen, and how far from the top it stands."""
    view = table(panel)
    rows = range(view.rowAt(0), view.rowAt(view.viewport().height() - 1) + 1)
    return [(str(view.model().index(row, 0).data()), view.rowViewportPosition(row)) for row in rows]


def scroll(panel: FeedPanel, part: float) -> None:
    bar = table(panel).verticalScrollBar()
    bar.setValue(round(bar.maximum() * part))


def is_at_the_end(panel: FeedPanel) -> bool:
    bar = table(panel).verticalScrollBar()
    return bar.value() == bar.maximum()


def choose(panel: FeedPanel, name: str) -> None:
    """In the menu of stops and statuses."""
    next(action for action in panel._filters._menu.actions() if action.text() == name).trigger()


async def test_new_changes_come_in_last_by_themselves(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await shelf.arrive(3)
    panel.on_change(FeedAdvanced(3))
    await until(lambda: products(panel)[-2:] == ["P-62", "P-63"])
    assert button(panel, "following").text() == "following"
    assert is_at_the_end(panel)


async def test_other_changes_are_not_the_feeds(panel: FeedPanel) -> None:
    panel.on_change(OutboxChanged(frozenset()))
    assert not panel._burst.isActive()
    assert not panel._rematch.isActive()


async def test_a_chosen_row_stays_where_it_is_and_the_new_are_counted(panel: FeedPanel, shelf: Shelf) -> None:
    table(panel).selectRow(58)
    before = seen(panel)
    await shelf.arrive(37)
    await panel.catch_up()
    assert seen(panel) == before
    assert button(panel, "following").text() == "paused"
    assert button(panel, "newChanges").text() == "37 new"
    assert button(panel, "newChanges").isVisible()


async def test_bursts_that_are_counted_at_the_same_time_count_once(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    button(panel, "following").click()
    await shelf.arrive(10)
    for _ in range(5):
        panel._spawn(panel.catch_up(), "a burst")
    await until(lambda: button(panel, "newChanges").text() == "10 new")
    await panel.catch_up()
    assert button(panel, "newChanges").text() == "10 new"


async def test_bursts_that_are_read_at_the_same_time_come_in_once(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await shelf.arrive(10)
    for _ in range(5):
        panel._spawn(panel.catch_up(), "a burst")
    await until(lambda: all(task.get_name() != "a burst" for task in asyncio.all_tasks()))
    assert products(panel)[-11:] == [f"P-{number}" for number in range(60, 71)]


async def test_what_is_being_read_when_somebody_pauses_is_counted_and_not_put_in(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await shelf.arrive(5)
    panel._spawn(panel.catch_up(), "a burst")
    await asyncio.sleep(0)
    button(panel, "following").click()
    await until(lambda: button(panel, "newChanges").text() == "5 new")
    assert products(panel)[-1] == "P-60"


async def test_whoever_pauses_while_very_much_comes_keeps_the_rows_that_were_seen(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await shelf.arrive(300)
    panel._spawn(panel.catch_up(), "a burst")
    await asyncio.sleep(0)
    table(panel).selectRow(58)
    before = seen(panel)
    await until(lambda: button(panel, "newChanges").text() == "300 new")
    assert seen(panel) == before
    assert table(panel).selectionModel().hasSelection()


async def test_bursts_that_leave_no_row_where_it_was_come_seldom(panel: FeedPanel, shelf: Shelf) -> None:
    await shelf.arrive(300)
    await panel.catch_up()
    assert panel._burst.interval() == RUSH_MS
    await shelf.arrive(3)
    await panel.catch_up()
    assert panel._burst.interval() == BURST_MS


@pytest.mark.parametrize("way", ["chip", "End", "button", "scroll"])
async def test_every_way_back_lets_the_new_in_and_follows_again(panel: FeedPanel, shelf: Shelf, until: Until, way: str) -> None:
    scroll(panel, 0.3)
    await shelf.arrive(37)
    await panel.catch_up()
    assert products(panel)[-1] == "P-60"
    match way:
        case "chip":
            button(panel, "newChanges").click()
        case "End":
            QTest.keyClick(table(panel), Qt.Key.Key_End)
        case "button":
            button(panel, "following").click()
        case _:
            scroll(panel, 1)
    await until(lambda: products(panel)[-1] == "P-97")
    assert not button(panel, "newChanges").isVisible()
    assert button(panel, "following").text() == "following"
    assert is_at_the_end(panel)


async def test_escape_lets_go_of_the_row_and_the_feed_goes_on(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    table(panel).selectRow(59)
    await shelf.arrive(1)
    QTest.keyClick(table(panel), Qt.Key.Key_Escape)
    await until(lambda: products(panel)[-1] == "P-61")


async def test_scrolled_away_the_view_does_not_move(panel: FeedPanel, shelf: Shelf) -> None:
    scroll(panel, 0.4)
    before = seen(panel)
    for _ in range(3):
        await shelf.arrive(50)
        await panel.catch_up()
    assert seen(panel) == before
    assert button(panel, "newChanges").text() == "150 new"


async def test_the_rows_that_are_read_do_not_move_while_older_ones_come_in_above(
    make_panel: Callable[[], FeedPanel], shelf: Shelf, until: Until
) -> None:
    await shelf.arrive(640)
    panel = make_panel()
    await until(lambda: panel._model.count == 200)
    bar = table(panel).verticalScrollBar()
    bar.setValue(90)
    before = seen(panel)
    await until(lambda: panel._model.count == 400)
    assert seen(panel) == before
    assert panel._model.first == 301


async def test_any_distance_can_be_scrolled_and_the_window_stays_bounded(
    make_panel: Callable[[], FeedPanel], shelf: Shelf, until: Until
) -> None:
    await shelf.arrive(2440)
    panel = make_panel()
    await until(lambda: panel._model.count == 200)
    bar = table(panel).verticalScrollBar()
    while panel._model.first != 1:
        first = panel._model.first
        bar.setValue(0)
        await until(lambda first=first: panel._model.first != first and not panel._following._reading)
        assert panel._model.count <= LIMIT
    assert panel._model.last == LIMIT
    await shelf.arrive(5)
    await panel.catch_up()
    while panel._model.last != 2500:
        last = panel._model.last
        bar.setValue(bar.maximum())
        await until(lambda last=last: panel._model.last != last and not panel._following._reading)
        assert panel._model.count <= LIMIT
    bar.setValue(bar.maximum())
    await until(lambda: panel._model.last == 2505)
    assert button(panel, "following").text() == "following"


async def test_more_than_a_page_at_once_shows_the_newest_and_leaves_the_rest_to_scrolling(
    panel: FeedPanel, shelf: Shelf, until: Until
) -> None:
    await shelf.arrive(940)
    await panel.catch_up()
    assert (panel._model.first, panel._model.last) == (801, 1000)
    assert is_at_the_end(panel)
    table(panel).verticalScrollBar().setValue(0)
    await until(lambda: panel._model.first == 601)


async def test_following_can_be_stopped_by_hand_and_stays_stopped_at_the_end(panel: FeedPanel, shelf: Shelf) -> None:
    button(panel, "following").click()
    await shelf.arrive(1)
    await panel.catch_up()
    scroll(panel, 0.5)
    scroll(panel, 1)
    await panel.catch_up()
    assert products(panel)[-1] == "P-60"


async def test_this_order_shows_the_open_shipment_alone(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    order = await shelf.own(2**40, 61, 62)
    await shelf.arrive(3)
    button(panel, "scopeOrder").click()
    await until(lambda: panel._model.count == 0)
    assert any(label.text() == "No shipment is open" for label in panel.findChildren(QLabel))
    panel.set_order(order)
    await until(lambda: products(panel) == ["P-61", "P-62"])


async def test_stop_status_and_text_narrow_what_is_shown_and_are_said_in_words(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await shelf.own(7, 70)
    await shelf.arrive(20, StopKind.PICKUP)
    await shelf.arrive(5, StopKind.PICKUP, ProductStatus.NOT_READY)
    await panel.catch_up()
    choose(panel, "Pickup")
    await until(lambda: panel._model.count == 25)
    choose(panel, "not ready")
    await until(lambda: panel._model.count == 5)
    assert any(label.text() == "Pickup · not ready" for label in panel.findChildren(QLabel))
    button(panel, "feedFilterClear").click()
    await until(lambda: panel._model.count == 85)
    field = panel.findChild(QLineEdit, "feedText")
    assert field is not None
    QTest.keyClicks(field, "crate 7")
    await until(lambda: products(panel) == ["P-70"])
    field.setText("loc-3")
    await until(lambda: panel._model.count == 12)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    await until(lambda: panel._model.count == 85)


async def test_what_comes_is_filtered_too_and_counted_by_the_filter(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    choose(panel, "Pickup")
    await until(lambda: panel._model.count == 0)
    await shelf.arrive(30)
    await shelf.arrive(2, StopKind.PICKUP)
    await panel.catch_up()
    assert products(panel) == ["P-91", "P-92"]
    button(panel, "following").click()
    await shelf.arrive(30)
    await shelf.arrive(4, StopKind.PICKUP)
    await panel.catch_up()
    assert button(panel, "newChanges").text() == "4 new"


async def test_the_pause_survives_another_filter_and_the_filter_another_pause(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    scroll(panel, 0.3)
    await shelf.arrive(40, StopKind.PICKUP)
    choose(panel, "Pickup")
    await until(lambda: panel._model.count == 0 and panel._following.new == 40)
    choose(panel, "Both stops")
    await until(lambda: panel._model.count == 60)
    assert products(panel)[-1] == "P-60"
    assert button(panel, "following").text() == "paused"
    choose(panel, "Delivery")
    button(panel, "following").click()
    await until(lambda: not panel._following.paused and panel._following._end == 100)
    assert products(panel)[-1] == "P-60"
    assert panel._filters.wanted.stop is StopKind.DELIVERY


async def test_filter_and_pause_survive_the_window(
    panel: FeedPanel, make_panel: Callable[[], FeedPanel], shelf: Shelf, until: Until
) -> None:
    choose(panel, "completed")
    panel._filters._choose(text="P-5")
    button(panel, "following").click()
    await shelf.arrive(540)
    again = make_panel()
    again.restore_state(panel.save_state())
    await until(lambda: again._model.count == 11 and again._following.new == 100)
    assert button(again, "following").text() == "paused"
    assert again._filters.wanted.statuses == {ProductStatus.COMPLETED}
    for broken in (b"", b"[]", b'{"filter": 1, "held": 2}', b'{"filter": "{}", "held": "x"}'):
        again.restore_state(broken)


@pytest.mark.parametrize("way", ["scrolled", "chosen"])
async def test_a_pause_by_scrolling_or_choosing_survives_the_window_too(
    panel: FeedPanel, make_panel: Callable[[], FeedPanel], shelf: Shelf, until: Until, way: str
) -> None:
    if way == "scrolled":
        scroll(panel, 0.5)
    else:
        table(panel).selectRow(panel._model.rowCount() - 2)
    assert panel._following.paused
    newest = panel._model.last
    await shelf.arrive(40)
    again = make_panel()
    again.restore_state(panel.save_state())
    await until(lambda: again._model.last == newest and again._following.new == 40)
    assert button(again, "following").text() == "paused"


async def test_a_hidden_feed_that_is_paused_stays_where_it_is(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    scroll(panel, 0.5)
    bar = table(panel).verticalScrollBar()
    assert panel._following.paused
    stood, last = bar.value(), panel._model.last
    panel.hide()
    await shelf.arrive(30)
    panel.on_change(FeedAdvanced(30))
    panel.show()
    await until(lambda: panel._following.new == 30)
    assert (bar.value(), panel._model.last) == (stood, last)


async def test_a_filter_that_fits_few_is_looked_for_further_back(
    make_panel: Callable[[], FeedPanel], shelf: Shelf, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shelf.arrive(11_000, StopKind.PICKUP)
    panel = make_panel()
    await until(lambda: panel._model.count == 200)
    choose(panel, "Delivery")
    await until(lambda: panel._model.count == 60)
    monkeypatch.setattr(following, "SLICES", 1)
    choose(panel, "Both stops")
    choose(panel, "removed")
    await until(lambda: any(label.text() == "Nothing found yet" for label in panel.findChildren(QLabel)))
    further = next(each for each in panel.findChildren(QAbstractButton) if each.text() == "Search further back")
    further.click()
    await until(lambda: any(label.text() == "Nothing fits" for label in panel.findChildren(QLabel)))


async def test_what_was_found_can_be_searched_for_further_back_too(
    make_panel: Callable[[], FeedPanel], shelf: Shelf, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shelf.arrive(12_000, StopKind.PICKUP)
    await shelf.arrive(3)
    panel = make_panel()
    await until(lambda: panel._model.count == 200)
    monkeypatch.setattr(following, "SLICES", 1)
    choose(panel, "Delivery")
    await until(lambda: panel._model.count == 3 and button(panel, "searchFurther").isVisible())
    button(panel, "searchFurther").click()
    await until(lambda: panel._model.count == 63)
    assert not button(panel, "searchFurther").isVisible()
    assert is_at_the_end(panel)


async def test_a_hidden_feed_reads_nothing_and_is_up_to_date_once_it_is_shown(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    panel.hide()
    await shelf.arrive(3)
    panel.on_change(FeedAdvanced(3))
    assert not panel._burst.isActive()
    panel.show()
    await until(lambda: products(panel)[-1] == "P-63")


async def test_a_late_answer_does_not_come_into_another_filter(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    order = await shelf.own(5, 61)
    await shelf.arrive(1)
    panel.set_order(order)
    button(panel, "scopeUnmatched").click()
    button(panel, "scopeOrder").click()
    await until(lambda: products(panel) == ["P-61"])


async def look_at_unmatched(panel: FeedPanel, until: Until) -> None:
    shown = QSignalSpy(panel._model.modelReset)
    button(panel, "scopeUnmatched").click()
    await until(shown.count)


async def test_unmatched_leaves_when_its_shipment_comes(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await look_at_unmatched(panel, until)
    order = await shelf.own(5, 60)
    panel.on_change(ShipmentsChanged(frozenset({order})))
    await until(lambda: products(panel)[-1] == "P-59")


async def test_unmatched_that_somebody_reads_is_told_its_shipment_and_stays(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await look_at_unmatched(panel, until)
    table(panel).selectRow(59)
    await shelf.own(5, 60)
    await panel._following.match_again()
    assert "Shipment 5" in table(panel).model().index(60, 0).data()
    assert "Crate 60" in table(panel).model().index(60, 0).data()
    QTest.keyClick(table(panel), Qt.Key.Key_Escape)
    await until(lambda: products(panel)[-1] == "P-59")


async def test_a_gap_is_marked_where_it_is_whatever_is_filtered(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await shelf.gap()
    await shelf.arrive(2, StopKind.PICKUP)
    await shelf.arrive(1)
    await panel._following.read()
    rows = [str(panel._model.index(row, 0).data()) for row in range(panel._model.rowCount())]
    assert rows[-4] == "a gap is possible here"
    choose(panel, "Delivery")
    await until(lambda: panel._model.count == 61)
    assert panel._model.index(panel._model.rowCount() - 2, 0).data() == "a gap is possible here"


async def test_a_gap_is_marked_also_where_it_is_followed(panel: FeedPanel, shelf: Shelf) -> None:
    await shelf.gap()
    await shelf.arrive(1)
    await panel.catch_up()
    assert panel._model.index(panel._model.rowCount() - 2, 0).data() == "a gap is possible here"


async def test_what_cannot_be_read_is_marked_told_under_the_feed_and_copied_as_it_came(
    panel: FeedPanel, shelf: Shelf, until: Until
) -> None:
    shelf.connecting = True
    await shelf.unreadable(b'{"status": 5}', b"[]")
    await panel.catch_up()
    assert panel._cursor._said.words.endswith("unreadable at 14:32")
    await shelf.arrive(1)
    await panel.catch_up()
    place = panel._model.rowCount() - 2
    assert panel._model.index(place, 0).data() == "2 entries here cannot be read"
    assert '{"status": 5}' in panel._model.index(place, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert chosen_from_menu(panel, place, "Copy as Zendera wrote it") == ["Copy as Zendera wrote it"]
    await until(lambda: QGuiApplication.clipboard().text() == '{"status": 5}\n[]')
    QGuiApplication.clipboard().clear()
    panel._table.setCurrentIndex(panel._model.index(place + 1, 0))
    QTest.keyClick(panel._table, Qt.Key.Key_Up)
    mark = panel._table.viewport().grab(panel._table.visualRect(panel._model.index(place, 0))).toImage()
    assert mark.pixelColor(0, mark.height() // 2) == style.token("accent"), "it can be seen that it is chosen"
    QTest.keyClick(panel._table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: QGuiApplication.clipboard().text() == '{"status": 5}\n[]')


async def test_a_change_is_copied_in_words_by_its_key_and_as_zendera_wrote_it_from_its_menu(
    panel: FeedPanel, shelf: Shelf, until: Until
) -> None:
    order = await shelf.own(7, 60)
    await panel._following.read()
    last = panel._model.rowCount() - 1
    asked, told = QSignalSpy(panel.shipment_asked), QSignalSpy(panel.told)
    panel._table.setCurrentIndex(panel._model.index(last, 0))
    QTest.keyClick(panel._table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().split("\n")[1:3] == ["delivered", "P-60  Crate 60"]
    assert chosen_from_menu(panel, last, "Open 7") == ["Open 7", "Copy", "Copy as Zendera wrote it"]
    assert asked.at(0) == [order]
    chosen_from_menu(panel, last, "Copy as Zendera wrote it")
    await until(lambda: QGuiApplication.clipboard().text() == '{"orderProductId": 60}')
    assert [told.at(number)[0] for number in range(told.count())] == ["Copied: 6 lines", 'Copied: {"orderProductId": 60}']
    await shelf.forget()
    chosen_from_menu(panel, last, "Copy as Zendera wrote it")
    await until(lambda: told.count() == 3)
    assert told.at(2) == ["It is not kept any more."]
    assert QGuiApplication.clipboard().text() == '{"orderProductId": 60}', "what was copied before is still there"
    QTest.keyClick(panel._table, Qt.Key.Key_Escape)
    QTest.keyClick(panel._table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert told.count() == 3, "nothing is chosen"


def chosen_from_menu(panel: FeedPanel, row: int, wanted: str) -> list[str]:
    """What the menu of the row offers."""
    table = panel._table
    table.customContextMenuRequested.emit(table.visualRect(panel._model.index(row, 0)).center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    actions = [action for action in menu.actions() if not action.isSeparator()]
    next(action for action in actions if action.text() == wanted).trigger()
    menu.close()
    return [action.text() for action in actions]


async def test_two_searches_at_once_find_nothing_twice(panel: FeedPanel, shelf: Shelf) -> None:
    await shelf.arrive(900)
    one = panel._following
    await one.read()
    await asyncio.gather(*(one._read_back(one._generation, 300) for _ in range(3)))
    ids = [line.id for line in panel._model.lines()]
    assert len(ids) > 200
    assert ids == sorted(set(ids))


async def test_reading_on_goes_over_any_number_that_does_not_fit(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    await shelf.arrive(1100, StopKind.DELIVERY)
    await shelf.arrive(SLICE + 500, StopKind.PICKUP)
    await shelf.arrive(10, StopKind.DELIVERY)
    choose(panel, "Delivery")
    one = panel._following
    await until(lambda: panel._model.last == shelf.count and one.search is following.Search.DONE)
    newest = panel._model.last
    while one._older is not None and not one._newer:
        await one._read_back(one._generation, 1200)
    assert one._newer, "the newest were let go"
    for _ in range(20):
        await one._read_newer()
    assert not one._newer
    assert panel._model.last == newest


async def test_enter_and_a_click_on_the_number_open_the_shipment(panel: FeedPanel, shelf: Shelf) -> None:
    await shelf.own(2**40, 61)
    await shelf.arrive(1)
    await panel.catch_up()
    asked: list[object] = []
    panel.shipment_asked.connect(asked.append)
    view = table(panel)
    last = view.model().index(view.model().rowCount() - 1, 0)
    row = view.visualRect(last)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(row.right() - 20, row.top() + 12))
    assert asked == [2**40]
    assert not panel._following.paused, "looking at a shipment does not stop the feed"
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert view.currentIndex() == last
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(view, key)
    assert asked == [2**40] * 3


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp])
async def test_the_arrow_keys_begin_where_the_eyes_are(panel: FeedPanel, key: Qt.Key) -> None:
    view = table(panel)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert not panel._following.paused, "Tab alone pauses nothing"
    QTest.keyClick(view, key)
    assert panel._model.line(view.currentIndex().row()) == list(panel._model.lines())[-1]
    QTest.keyClick(view, Qt.Key.Key_Escape)
    scroll(panel, 0.4)
    before = seen(panel)
    QTest.keyClick(view, key)
    assert seen(panel) == before
    assert view.visualRect(view.currentIndex()).bottom() < view.viewport().height()


async def test_home_leads_to_the_oldest_that_is_here_and_stands_still(panel: FeedPanel) -> None:
    view = table(panel)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert panel._model.line(view.currentIndex().row()) == next(panel._model.lines())
    assert panel._following.paused


async def test_without_an_account_there_is_nothing(make_panel: Callable[[], FeedPanel], shelf: Shelf, until: Until) -> None:
    shelf.account = None
    panel = make_panel()
    await until(lambda: any(label.text() == "Nothing seen yet" for label in panel.findChildren(QLabel)))
    shelf.account = None
    panel.set_order(OrderId(1))
    await panel.catch_up()
    assert panel._model.count == 0


async def test_the_controls_have_their_names(panel: FeedPanel) -> None:
    assert table(panel).accessibleName() == "Product feed"
    names = ("following", "scopeOrder", "scopeAll", "scopeUnmatched", "feedFilter", "feedFilterClear")
    assert all(button(panel, name).accessibleName() for name in names)
    assert all(field.accessibleName() for field in panel.findChildren(QLineEdit))


async def test_following_is_green_only_while_the_feed_is_read(panel: FeedPanel, shelf: Shelf) -> None:
    def is_drawn_as(tone: Tone) -> bool:
        drawn, wanted = (each.pixmap(16, 16).toImage() for each in (button(panel, "following").icon(), icon("activity", tone)))
        return drawn == wanted

    assert (await shelf.watch.cursor()).code
    assert is_drawn_as(Tone.NEUTRAL)
    shelf.connecting = True  # nothing is in the way any more
    await panel.catch_up()
    assert is_drawn_as(Tone.GOOD)
    shelf.account = None
    await panel.catch_up()
    assert is_drawn_as(Tone.NEUTRAL), "nothing was read yet"


async def test_the_feed_fits_into_its_dock_also_while_it_is_paused(panel: FeedPanel) -> None:
    assert panel.minimumSizeHint().width() <= DOCK
    button(panel, "following").click()
    assert panel.minimumSizeHint().width() <= DOCK


async def test_ten_minutes_of_fifty_a_second_do_not_grow_and_lose_nothing(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    """In bursts of 50 and of 250, which is more than a page: followed, then counted while the rows that are read stay in their place."""
    for burst in range(120):
        await shelf.arrive(50 if burst % 2 else 450)
        if burst == 60:
            scroll(panel, 0.5)
            before = seen(panel)
        await panel.catch_up()
        assert panel._model.count <= LIMIT
    assert seen(panel) == before
    assert panel._following.new == shelf.count - panel._following._end
    QTest.keyClick(table(panel), Qt.Key.Key_End)
    await until(lambda: panel._model.last == shelf.count)
    assert is_at_the_end(panel)
