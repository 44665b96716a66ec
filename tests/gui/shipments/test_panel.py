"""The list under a person's hands: what keys and clicks ask for, and that nothing moves by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QAction, QGuiApplication, QMouseEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QMenu, QPushButton, QWidget

from gui.shipments.office import Office, row
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Status
from zendera_desk.domain.views import Phase, Sum, View
from zendera_desk.gui.columns import COLUMNS
from zendera_desk.gui.format import money, weight
from zendera_desk.gui.shipments.cells import LINE_ROLE
from zendera_desk.gui.shipments.columnmenu import ColumnMenu
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.shipments.summary import sum_words
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import ROW, Tone
from zendera_desk.gui.widgets.cells import PAD

Until = Callable[[Callable[[], object]], Awaitable[None]]
Sit = Callable[..., Awaitable[ShipmentsPanel]]
ACTIONS = next(place for place, column in enumerate(COLUMNS) if column.key == "actions")
ACCEPT, FAIL = QPoint(30, ROW // 2), QPoint(90, ROW // 2)
"""Where the painted buttons are in their cell."""


@pytest.fixture
def sit(office: Office, show: Callable[[ShipmentsPanel], ShipmentsPanel], spawn: Spawn, until: Until) -> Sit:
    """`await sit(1, 2, 3)`: the list with these orders, the newest on top, read and with the focus.

    `show` is asked for before `spawn`: as in the program, what is being read is ended before the widget is.
    """

    async def sitting(*orders: int) -> ShipmentsPanel:
        await office.arrive(*(row(order) for order in reversed(orders)))
        panel = ShipmentsPanel(office.desk, spawn)
        panel.resize(1280, 500)
        office.desk.changes.subscribe(panel.on_change)
        show(panel)
        panel.focus_list()
        await until(lambda: panel.model.rowCount() == len(orders))
        await until(lambda: all(panel.model.index(place, 0).data(LINE_ROLE) for place in range(min(len(orders), 10))))
        return panel

    return sitting


def asked(spy: QSignalSpy) -> list[list[object]]:
    return [list(spy.at(place)) for place in range(spy.count())]


def click(panel: ShipmentsPanel, place: int, column: int = 0, *, at: QPoint | None = None) -> None:
    area = panel.table.visualRect(panel.model.index(place, column))
    point = area.topLeft() + at if at else area.center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)


def choose(panel: ShipmentsPanel, *orders: int) -> None:
    panel.table.clearSelection()
    there = panel.table.selectionModel()
    for order in orders:
        place = panel.model.row_of(OrderId(order))
        assert place is not None
        there.select(panel.model.index(place, 0), there.SelectionFlag.Select | there.SelectionFlag.Rows)
        there.setCurrentIndex(panel.model.index(place, 0), there.SelectionFlag.NoUpdate)


async def test_moving_to_a_row_opens_it_and_clicking_the_open_row_does_nothing(sit: Sit, until: Until) -> None:
    panel = await sit(1, 2, 3)
    opened = QSignalSpy(panel.opened)
    click(panel, 1)
    await until(lambda: opened.count() == 1)
    click(panel, 1)
    assert not panel._settle.isActive()
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    await until(lambda: opened.count() == 2)
    assert asked(opened) == [[2], [3]]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
async def test_both_enter_keys_go_into_the_shipment(sit: Sit, key: Qt.Key) -> None:
    panel = await sit(1, 2)
    opened, entered = QSignalSpy(panel.opened), QSignalSpy(panel.entered)
    choose(panel, 2)
    QTest.keyClick(panel.table, key)
    assert asked(opened) == [[2]]
    assert asked(entered) == [[2]]


async def test_a_accepts_all_that_is_selected(sit: Sit) -> None:
    panel = await sit(1, 2, 3)
    accepts = QSignalSpy(panel.accept_asked)
    choose(panel, 3, 1)
    QTest.keyClick(panel.table, Qt.Key.Key_A)
    assert asked(accepts) == [[[1, 3]]]


async def test_letters_are_commands_only_while_the_list_has_the_focus(sit: Sit) -> None:
    panel = await sit(1)
    choose(panel, 1)
    accepts, reports = QSignalSpy(panel.accept_asked), QSignalSpy(panel.report_asked)
    panel.focus_find()
    QTest.keyClicks(panel.find_field, "acdnox")
    assert panel.find_field.text() == "acdnox"
    assert accepts.count() == reports.count() == 0


@pytest.mark.parametrize(("key", "status"), list(zip("CDNOX", Status, strict=True)))
async def test_one_letter_each_reports_the_five_statuses(sit: Sit, key: str, status: Status) -> None:
    panel = await sit(1, 2)
    reports = QSignalSpy(panel.report_asked)
    choose(panel, 2)
    QTest.keyClicks(panel.table, key.lower())
    assert asked(reports) == [[2, status]]


async def test_the_button_in_a_row_accepts_that_row_and_leaves_the_selection_alone(sit: Sit) -> None:
    panel = await sit(1, 2, 3)
    choose(panel, 3)
    accepts = QSignalSpy(panel.accept_asked)
    click(panel, 1, ACTIONS, at=ACCEPT)
    assert asked(accepts) == [[[2]]]
    assert panel.selected() == [3]


async def test_a_press_on_one_row_and_a_release_on_another_accept_neither(sit: Sit) -> None:
    panel = await sit(1, 2)
    accepts = QSignalSpy(panel.accept_asked)
    first, second = (panel.table.visualRect(panel.model.index(place, ACTIONS)).topLeft() + ACCEPT for place in (0, 1))
    QTest.mousePress(panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first)
    QTest.mouseRelease(panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, second)
    assert accepts.count() == 0


async def test_an_accepted_row_leaves_the_view_and_opens_nothing(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1, 2, 3)
    click(panel, 1)
    await until(lambda: panel._open == 2)
    opened = QSignalSpy(panel.opened)
    await office.desk.accept([OrderId(2)])
    await until(lambda: panel.model.rowCount() == 2)
    assert panel.selected() == []
    assert panel.next_after(OrderId(2)) == 3
    assert not panel._settle.isActive()
    assert opened.count() == 0
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.selected() == [3], "the first arrow selects the row the caret fell on"


async def test_buttons_follow_what_the_selected_row_allows(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1, 2)
    accept = panel.findChild(QPushButton, "accept")
    assert isinstance(accept, QPushButton)
    assert not accept.isEnabled()
    panel.set_view(View.ALL)
    await until(lambda: panel.model.loaded)
    choose(panel, 1)
    assert accept.isEnabled()
    await office.desk.accept([OrderId(1)])
    await until(lambda: not accept.isEnabled())
    assert panel.selected() == [1]


async def test_failing_says_which_strike_and_sends_the_reason_on_enter(sit: Sit, until: Until) -> None:
    panel = await sit(1, 2)
    fails = QSignalSpy(panel.fail_asked)
    choose(panel, 1)
    QTest.keyClick(panel.table, Qt.Key.Key_F)
    await until(panel.fail_bar.isVisible)
    assert panel.fail_bar._note.text() == "This is strike 1 of 5 for 1."
    reason = panel.findChild(QComboBox, "failureReason")
    assert reason is not None
    await until(reason.hasFocus)
    QTest.keyClicks(reason, "Road closed")
    QTest.keyClick(reason, Qt.Key.Key_Return)
    assert asked(fails) == [[[1], "Road closed", False]]
    assert not panel.fail_bar.isVisible()
    assert panel.table.hasFocus()


async def test_escape_closes_the_fail_bar_and_keeps_the_words(sit: Sit, until: Until) -> None:
    panel = await sit(1)
    panel.ask_failure([OrderId(1)])
    await until(panel.fail_bar.isVisible)
    QTest.keyClicks(panel.fail_bar._reason, "Road clo")
    QTest.keyClick(panel.fail_bar._reason, Qt.Key.Key_Escape)
    assert not panel.fail_bar.isVisible()
    panel.ask_failure([OrderId(1)])
    await until(panel.fail_bar.isVisible)
    assert panel.fail_bar._reason.currentText() == "Road clo"


async def test_without_a_reason_nothing_is_failed(sit: Sit, until: Until) -> None:
    panel = await sit(1)
    fails = QSignalSpy(panel.fail_asked)
    panel.ask_failure([OrderId(1)])
    await until(panel.fail_bar.isVisible)
    QTest.keyClick(panel.fail_bar._reason, Qt.Key.Key_Return)
    assert fails.count() == 0
    assert panel.fail_bar.isVisible()


async def test_the_fifth_strike_needs_its_tick(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1, 2)
    await office.failed_and_corrected(row(1), times=4)
    fails = QSignalSpy(panel.fail_asked)
    panel.ask_failure([OrderId(1), OrderId(2)])
    await until(panel.fail_bar.isVisible)
    assert panel.fail_bar._note.text() == "2 shipments: strikes 5, 1 of 5. After the last one Zendera stops offering the order."
    QTest.keyClicks(panel.fail_bar._reason, "No capacity")
    QTest.keyClick(panel.fail_bar._reason, Qt.Key.Key_Return)
    assert fails.count() == 0
    tick = panel.findChild(QCheckBox, "lastStrike")
    assert isinstance(tick, QCheckBox)
    tick.setChecked(True)
    QTest.keyClick(panel.fail_bar._reason, Qt.Key.Key_Return)
    assert asked(fails) == [[[1, 2], "No capacity", True]]


async def test_strikes_are_counted_on_while_the_bar_is_open(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1)
    panel.ask_failure([OrderId(1)])
    await until(panel.fail_bar.isVisible)
    await office.failed_and_corrected(row(1), times=1)
    await until(lambda: panel.fail_bar._note.text() == "Failed 1 of 5. This is strike 2 of 5 for 1.")


async def test_finding_narrows_the_list_and_escape_leads_back(sit: Sit, until: Until) -> None:
    panel = await sit(11, 12, 13)
    QTest.keyClicks(panel.table, "/")
    assert panel.find_field.hasFocus()
    QTest.keyClicks(panel.find_field, "receiver 12")
    await until(lambda: panel.model.rowCount() == 1)
    QTest.keyClick(panel.find_field, Qt.Key.Key_Escape)
    assert panel.find_field.text() == ""
    assert panel.find_field.hasFocus()
    QTest.keyClick(panel.find_field, Qt.Key.Key_Escape)
    assert panel.table.hasFocus()
    await until(lambda: panel.model.rowCount() == 3)


async def test_what_another_view_has_is_found_and_said_to_be_there(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(11, 12, 13)
    await office.desk.accept([OrderId(12)])
    await until(lambda: panel.model.rowCount() == 2)
    panel.find_field.setText("receiver 12")
    await until(lambda: panel.model.text and panel.model.loaded)
    assert list(panel.model.ids) == [12]
    assert panel.summary.text() == "0 here, 1 in other views"
    panel.find_field.setText("receiver")
    await until(lambda: panel.model.rowCount() == 3)
    assert list(panel.model.ids) == [11, 13, 12]
    assert panel.summary.text() == "2 here, 1 in other views"


def hover(field: QWidget, at: QPointF) -> None:
    """By an event: QTest.mouseMove runs Qt's loop, and with it what the desk has to do just then."""
    nothing = Qt.MouseButton.NoButton
    over = QMouseEvent(QEvent.Type.MouseMove, at, field.mapToGlobal(at), nothing, nothing, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(field, over)


@pytest.mark.parametrize("way", ["key", "mouse"])
async def test_a_search_that_led_to_the_list_is_offered_again(sit: Sit, until: Until, way: str) -> None:
    panel = await sit(31, 32)
    panel.focus_find()
    QTest.keyClicks(panel.find_field, "receiver 32")
    await until(lambda: panel.model.rowCount() == 1)
    QTest.keyClick(panel.find_field, Qt.Key.Key_Return)
    assert panel.table.hasFocus()
    panel.focus_find()
    panel.find_field.clear()
    await until(lambda: panel.model.rowCount() == 2)
    async with asyncio.timeout(10):
        while not await panel._desk.lists.recent_searches():  # noqa: ASYNC110 (it is written beside all this)
            await asyncio.sleep(0.01)
    if way == "key":
        QTest.keyClick(panel.find_field, Qt.Key.Key_Down)
    else:
        hover(panel.find_field, QPointF(12, 12))
        assert "Recent searches" in panel.find_field.toolTip()
        QTest.mouseClick(panel.find_field, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    await until(lambda: panel.find_field.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly))
    (menu,) = panel.find_field.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert [action.text() for action in menu.actions()] == ["receiver 32"]
    menu.actions()[0].trigger()
    menu.close()
    await until(lambda: panel.model.rowCount() == 1)


async def test_where_nothing_was_looked_for_yet_that_is_said_and_what_is_typed_meanwhile_is_not_covered(sit: Sit, until: Until) -> None:
    field = (await sit(31)).find_field
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    await until(lambda: field.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly))
    (menu,) = field.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert [(action.text(), action.isEnabled()) for action in menu.actions()] == [("Nothing was looked for yet", False)]
    menu.close()
    await until(lambda: not field.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly))
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClicks(field, "o")
    field.offer(["oslo"])
    assert not field.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)


async def test_rows_are_selected_with_shift_and_ctrl(sit: Sit, until: Until) -> None:
    panel = await sit(31, 32, 33, 34, 35)
    await until(lambda: panel.model.rowCount() == 5 and panel.model.line(panel.model.ids[4]) is not None)
    table = panel.table

    def click(row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> list[int]:
        at = table.visualRect(panel.model.index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, at)
        return sorted(index.row() for index in table.selectionModel().selectedRows())

    shift, ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    assert click(1) == [1]
    assert click(3, shift) == [1, 2, 3]
    assert click(2, ctrl) == [1, 3]
    assert click(4, ctrl) == [1, 3, 4]
    assert list(panel.selection.ids()) == [panel.model.ids[row] for row in (1, 3, 4)]
    assert click(0) == [0]
    QTest.keyClick(table, Qt.Key.Key_Down, shift)
    QTest.keyClick(table, Qt.Key.Key_Down, shift)
    assert sorted(index.row() for index in table.selectionModel().selectedRows()) == [0, 1, 2]


async def test_enter_in_find_opens_the_best_also_when_it_is_found_only_afterwards(sit: Sit, until: Until) -> None:
    panel = await sit(31, 32, 33)
    opened = QSignalSpy(panel.opened)
    panel.focus_find()
    panel.find_field.setText("receiver 3")
    QTest.keyClick(panel.find_field, Qt.Key.Key_Return)
    assert panel.table.hasFocus()
    await until(lambda: panel.selected() == [31])
    await until(lambda: asked(opened) == [[31]])
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    panel.focus_find()
    QTest.keyClick(panel.find_field, Qt.Key.Key_Down)
    assert panel.selected() == [32], "who comes back to the same search goes on where they were"


async def test_a_search_that_finds_nothing_leads_to_the_archives_where_there_are_any(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(31)
    asked_for = QSignalSpy(panel.archives_asked)
    for text in ("nobody", "nobody here"):
        panel.find_field.setText(text)
        await until(lambda: panel.model.rowCount() == 0)
        await until(lambda text=text: f"“{text}”" in panel._empty.accessibleName())
        assert not panel._empty.findChildren(QPushButton)
    place = office.desk.folder / "archives"
    place.mkdir()
    (place / "archive-20250101T000000Z-20260101T000000000Z.sqlite3").touch()
    panel.find_field.setText("nobody at all")
    await until(lambda: panel._empty.findChildren(QPushButton))
    panel.find_field.setText("nobody else")
    await until(lambda: "else" in panel._empty.accessibleName())
    (button,) = [each for each in panel._empty.findChildren(QPushButton) if each.isVisible()]
    assert "but in the archives" in panel._empty.accessibleDescription()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked_for.count() == 1


async def test_down_in_find_without_a_search_moves_nothing(sit: Sit, until: Until) -> None:
    panel = await sit(31, 32)
    choose(panel, 32)
    panel.focus_find()
    QTest.keyClick(panel.find_field, Qt.Key.Key_Return)
    assert panel.table.hasFocus()
    assert panel.selected() == [32]


async def test_what_is_selected_is_added_up_in_parts(sit: Sit, until: Until, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zendera_desk.gui.shipments.summary._PART", 2)
    panel = await sit(1, 2, 3, 4, 5)
    panel.table.selectAll()
    await until(lambda: panel.summary.text() == "5 selected · 10 colli · 602.5 kg")


async def test_what_is_selected_is_added_up(sit: Sit, until: Until) -> None:
    panel = await sit(1, 2, 3)
    panel.table.selectAll()
    assert panel.summary.text() == "3 selected"
    await until(lambda: panel.summary.text() == "3 selected · 6 colli · 361.5 kg")
    assert panel.selected() == [1, 2, 3]
    panel.table.selectRow(0)
    assert panel.summary.text() == ""


def test_sums_say_what_they_do_not_know() -> None:
    total = Sum(shipments=3, colli=6, weight_kg=1204.5, unweighed=1, cod=(("NOK", Decimal("2400.00")), ("SEK", Decimal(5))))
    cash = f"{money(Decimal(2400), 'NOK')} + {money(Decimal(5), 'SEK')}"
    assert sum_words(total, 3) == f"3 selected · 6 colli · {weight(1204.5)} kg · 1 without weight · COD {cash}"


async def test_each_view_keeps_its_own_columns_and_its_own_order(sit: Sit, until: Until) -> None:
    panel = await sit(1, 2, 3)
    panel.table.horizontalHeader().resizeSection(2, 333)
    panel.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    await until(lambda: list(panel.model.ids) == [3, 2, 1])
    panel.set_view(View.ALL)
    await until(lambda: list(panel.model.ids) == [1, 2, 3])
    assert panel.table.columnWidth(2) != 333
    panel.set_view(View.TO_ACCEPT)
    await until(lambda: list(panel.model.ids) == [3, 2, 1])
    assert panel.table.columnWidth(2) == 333


async def test_an_empty_view_and_an_empty_search_say_what_is_so(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1)
    await office.desk.accept([OrderId(1)])
    await until(panel._empty.isVisible)
    assert panel._empty.accessibleName() == "Nothing to accept"
    assert panel._empty.accessibleDescription() == "New shipments appear here by themselves."
    assert panel.table.hasFocus()
    panel.find_field.setText("xyz")
    await until(lambda: panel._empty.accessibleName() == "Nothing found for “xyz”")


async def test_rows_on_screen_stay_where_they_are_while_others_come_above(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(*range(1, 41))
    panel.table.verticalScrollBar().setValue(10 * ROW + 7)
    first = panel.model.order_at(panel.table.rowAt(0))
    await office.arrive(row(100), row(101))
    await until(lambda: panel.model.rowCount() == 42)
    assert panel.model.order_at(panel.table.rowAt(0)) == first
    assert panel.table.verticalScrollBar().value() == 12 * ROW + 7
    above = panel.findChild(QPushButton, "newAbove")
    assert isinstance(above, QPushButton)
    assert above.text() == "2 new above"
    QTest.mouseClick(above, Qt.MouseButton.LeftButton)
    assert panel.model.order_at(panel.table.rowAt(0)) == 101
    assert not above.isVisible()


async def test_a_change_of_view_keeps_the_selected_row_if_it_is_there(sit: Sit, until: Until) -> None:
    panel = await sit(1, 2, 3)
    choose(panel, 2)
    panel.set_view(View.ALL)
    await until(lambda: panel.model.loaded)
    assert panel.selected() == [2]
    assert panel.current() == 2
    panel.set_view(View.NEEDS_ME)
    await until(lambda: panel.model.loaded)
    assert panel.selected() == []


async def test_a_shipment_that_another_view_has_is_selected_once_that_is_shown(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1, 2)
    await office.desk.accept([OrderId(1)])
    await until(lambda: panel.model.rowCount() == 1)
    opened = QSignalSpy(panel.opened)
    assert not panel.select(OrderId(1))
    panel.set_view(View.ALL)
    await until(lambda: panel.selected() == [1])
    await until(lambda: not panel._settle.isActive())
    assert opened.count() == 0


async def test_the_next_shipment_is_the_one_below_and_none_at_the_end(sit: Sit) -> None:
    panel = await sit(1, 2)
    assert panel.next_after(OrderId(1)) == 2
    assert panel.next_after(OrderId(2)) is None
    assert panel.next_after(OrderId(99)) is None


async def test_column_widths_and_order_come_back(
    sit: Sit, office: Office, spawn: Spawn, until: Until, show: Callable[..., ShipmentsPanel]
) -> None:
    panel = await sit(1)
    header = panel.table.horizontalHeader()
    header.resizeSection(2, 333)
    header.moveSection(6, 0)
    other = show(ShipmentsPanel(office.desk, spawn))
    await until(lambda: other.model.loaded)
    assert other.restore_state(panel.save_state())
    assert other.table.horizontalHeader().sectionSize(2) == 333
    assert other.table.horizontalHeader().visualIndex(6) == 0
    assert not other.restore_state(b"0|of another time")
    assert other.table.horizontalHeader().sectionSize(2) == 333


def column(key: str) -> int:
    return next(place for place, each in enumerate(COLUMNS) if each.key == key)


async def test_beside_the_feed_the_list_needs_no_scrolling_sideways(sit: Sit) -> None:
    panel = await sit(1, 2, 3)
    for width in (1280, 984, 728):
        panel.resize(width, 400)
        assert panel.table.horizontalScrollBar().maximum() == 0
        assert panel.table.isColumnHidden(column("service")) is (width < 1280)


async def test_an_order_number_is_never_cut_off(sit: Sit) -> None:
    panel = await sit(2**62)
    panel.resize(984, 400)
    words = panel.table.fontMetrics().horizontalAdvance(str(2**62))
    assert panel.table.columnWidth(column("order")) >= words + 2 * PAD


async def test_a_column_that_a_person_chose_stays_until_columns_fit_by_themselves_again(
    sit: Sit, office: Office, spawn: Spawn, show: Callable[..., ShipmentsPanel]
) -> None:
    panel = await sit(1)
    panel.resize(984, 400)
    menu = ColumnMenu(panel.table)
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Service"].isChecked()
    assert not actions["Order"].isEnabled()
    actions["Service"].trigger()
    actions["Window"].trigger()
    panel.resize(900, 400)
    other = show(ShipmentsPanel(office.desk, spawn))
    other.resize(900, 400)
    assert other.restore_state(panel.save_state())
    for each in (panel, other):
        assert not each.table.isColumnHidden(column("service"))
        assert each.table.isColumnHidden(column("window"))
    actions["Fit columns by themselves"].trigger()
    assert panel.table.isColumnHidden(column("service"))


async def test_columns_and_order_are_chosen_without_a_mouse(sit: Sit, until: Until) -> None:
    panel = await sit(1, 2, 3)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(panel.table, Qt.Key.Key_L, modifiers)
    (menu,) = panel.table.findChildren(ColumnMenu)
    assert menu.isVisible()
    assert menu.activeAction().text() == "From → To"
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert panel.table.isColumnHidden(column("to"))
    sorting = sorted_by(panel)
    assert [text for text, action in sorting.items() if action.isChecked()] == ["Newest first"]
    sorting["Receiver"].trigger()
    await until(lambda: panel.model.loaded and list(panel.model.ids) == [1, 2, 3])
    next(action for action in sorted_by(panel).values() if action.isChecked()).trigger()
    await until(lambda: list(panel.model.ids) == [3, 2, 1])


def submenu(panel: ShipmentsPanel, *titles: str) -> QMenu:
    menu: QMenu = ColumnMenu(panel.table)
    for title in titles:
        menu = next(action for action in menu.actions() if action.text() == title).menu()
    return menu


def sorted_by(panel: ShipmentsPanel) -> dict[str, QAction]:
    return {action.text(): action for action in submenu(panel, "Sort by").actions()}


def seen_columns(panel: ShipmentsPanel) -> list[str]:
    header = panel.table.horizontalHeader()
    places = [header.logicalIndex(seat) for seat in range(header.count())]
    return [COLUMNS[place].key for place in places if not header.isSectionHidden(place)]


async def test_a_column_is_moved_and_sized_by_keys_in_a_menu_that_stays_open(
    sit: Sit, office: Office, spawn: Spawn, show: Callable[..., ShipmentsPanel]
) -> None:
    panel = await sit(1)
    panel.resize(984, 400)
    menu = submenu(panel, "Move and size", "Receiver")
    menu.popup(panel.mapToGlobal(QPoint(0, 0)))
    left, right, wider, narrower = menu.actions()
    wide = panel.table.columnWidth(column("receiver"))
    for action, key in ((left, Qt.Key.Key_Return), (wider, Qt.Key.Key_Enter), (wider, Qt.Key.Key_Space), (narrower, Qt.Key.Key_Return)):
        menu.setActiveAction(action)
        QTest.keyClick(menu, key)
        assert menu.isVisible()
    assert seen_columns(panel)[:3] == ["order", "receiver", "to"]
    assert panel.table.columnWidth(column("receiver")) == wide + 16
    menu.setActiveAction(left)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert not left.isEnabled()
    assert right.isEnabled()
    menu.close()
    other = show(ShipmentsPanel(office.desk, spawn))
    other.resize(984, 400)
    assert other.restore_state(panel.save_state())
    assert seen_columns(other)[:3] == ["receiver", "order", "to"]
    assert other.table.columnWidth(column("receiver")) == wide + 16


async def test_a_column_passes_over_those_that_are_not_shown(sit: Sit) -> None:
    panel = await sit(1)
    panel.resize(984, 400)
    assert panel.table.isColumnHidden(column("differing"))
    menu = submenu(panel, "Move and size", "State")
    menu.actions()[1].trigger()
    assert seen_columns(panel)[3:5] == ["actions", "state"]


async def test_the_view_of_differences_says_what_differs_in_each_row(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1, 2)
    await office.says(1, ProductStatus.NOT_READY)
    panel.set_view(View.DIFFERENCES)
    await until(lambda: panel.model.loaded and list(panel.model.ids) == [1])
    assert panel.model.row_at(0).texts[column("differing")] == "Pickup: 1 of 1 not ready"
    assert not panel.table.isColumnHidden(column("differing"))
    assert panel.model.row_at(0).differing[0].tone is Tone.WARN
    assert "Difference" in [action.text() for action in ColumnMenu(panel.table).actions()]
    panel.set_view(View.ALL)
    await until(lambda: panel.model.loaded and panel.model.rowCount() == 2)
    assert panel.table.isColumnHidden(column("differing"))
    assert "Difference" not in [action.text() for action in ColumnMenu(panel.table).actions()]


async def test_what_differs_is_said_anew_when_the_feed_says_more(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1)
    await office.says(1, ProductStatus.NOT_READY)
    panel.set_view(View.DIFFERENCES)
    await until(lambda: panel.model.loaded and panel.model.rowCount() == 1)
    await office.says(1, ProductStatus.REMOVED)
    await until(lambda: panel.model.row_at(0).texts[column("differing")] == "Pickup: 1 of 1 removed")


async def test_where_nothing_waits_for_an_answer_the_buttons_room_is_the_states(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1, 2)
    panel.resize(984, 400)
    await office.desk.accept([OrderId(1)])
    panel.set_view(View.TO_REPORT)
    await until(lambda: panel.model.loaded)
    assert panel.table.isColumnHidden(ACTIONS)
    assert panel.table.horizontalScrollBar().maximum() == 0
    panel.set_view(View.TO_ACCEPT)
    await until(lambda: panel.model.loaded)
    assert not panel.table.isColumnHidden(ACTIONS)


async def test_accept_says_why_it_is_not_possible(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1, 2)
    panel.set_view(View.ALL)
    await office.desk.fail([OrderId(1)], "Missing data")
    await until(lambda: panel.model.loaded and panel.model.line(OrderId(1)).phase is Phase.FAILED)
    choose(panel, 1)
    accept = panel.findChild(QPushButton, "accept")
    assert not accept.isEnabled()
    assert "has not left yet" in accept.toolTip()
    choose(panel, 2)
    assert accept.isEnabled()
    assert accept.toolTip() == "Accept (A)"


async def test_copying_gives_the_order_numbers(sit: Sit) -> None:
    panel = await sit(1, 2, 3)
    choose(panel, 1, 3)
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1\n3"


async def test_every_action_has_its_words_its_key_and_its_name(sit: Sit) -> None:
    panel = await sit(1)
    for action in panel.actions_for_menu():
        assert action.text()
        assert action.objectName()
        assert not action.shortcut().isEmpty()
        assert action.shortcutContext() is Qt.ShortcutContext.WidgetWithChildrenShortcut


async def test_tab_goes_from_the_find_field_over_buttons_and_views_to_the_list(sit: Sit) -> None:
    panel = await sit(1)
    panel.build_the_rest()
    choose(panel, 1)
    panel.focus_find()
    passed = []
    while not panel.table.hasFocus() and len(passed) < 20:
        focused = panel.focusWidget()
        passed.append(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert passed == ["Find", "Accept", "Fail", "Report", "To accept"]


async def test_rows_of_one_account_are_never_shown_under_another(sit: Sit, office: Office, until: Until) -> None:
    panel = await sit(1, 2)
    choose(panel, 2)
    await office.desk.open_passing_account("Other", "http://127.0.0.1:10", "another-key")
    await until(lambda: panel.model.loaded and panel.model.rowCount() == 0)
    await office.arrive(row(2, delivery={"name": "Somebody else"}))
    await until(lambda: panel.model.index(0, 2).data() == "Somebody else")
    assert panel.selected() == []


async def test_a_screen_reader_finds_the_table_by_name_and_reads_its_cells(sit: Sit) -> None:
    panel = await sit(1, 2)
    table = QAccessible.queryAccessibleInterface(panel.table)
    assert table.role() == QAccessible.Role.Table
    assert table.text(QAccessible.Text.Name) == "Shipments"
    cells = [table.child(place).text(QAccessible.Text.Name) for place in range(table.childCount())]
    wide = len(COLUMNS) + 1  # Qt counts the hidden numbers of the rows as well
    assert cells[1:wide] == [column.title for column in COLUMNS]
    assert cells[2 * wide + 1 :][:4] == ["2", "Oslo → 5003 Bergen", "Receiver 2", "new"]


async def test_a_row_selected_by_other_means_than_mouse_and_keys_opens_too(sit: Sit, until: Until) -> None:
    panel = await sit(1, 2)
    opened = QSignalSpy(panel.opened)
    choose(panel, 2)
    await until(lambda: opened.count() == 1)
    assert asked(opened) == [[2]]


class Resizes(QObject):
    """Counts them, and ends what has no end."""

    def __init__(self, panel: ShipmentsPanel) -> None:
        super().__init__(panel)
        self._table = panel.table
        self.count = 0
        panel.table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Resize
        if self.count > 1000:
            self._table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return super().eventFilter(watched, event)


async def test_a_list_too_narrow_for_its_words_whose_rows_just_fit_comes_to_rest(sit: Sit) -> None:
    panel = await sit(1, 2, 3, 4, 5, 6)
    panel.resize(800, 400)
    await asyncio.sleep(0)  # Qt's own turn
    around = panel.height() - panel.table.maximumViewportSize().height()
    resizes = Resizes(panel)
    for width in range(420, 640, 4):
        panel.resize(width, around + 6 * ROW + 5)  # a scroll bar at the bottom would leave too little room for the sixth row
        await asyncio.sleep(0)  # Qt's own turn
    assert resizes.count < 1000, "the scroll bars make each other come and go"
