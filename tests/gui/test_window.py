"""The whole window on a real desk, its store, and the simulator over a socket: what a person does, and what comes of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QImage, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QMenu, QPushButton, QSplitter, QToolButton, QWidget

from support.day import Day, HandClock
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, LoopFailed, Trouble, ZoneChanged
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.views import Filter, View
from zendera_desk.gui import painted, places
from zendera_desk.gui.format import local_zone
from zendera_desk.gui.settings.copies import Copies
from zendera_desk.gui.settings.firstrun import FirstRun
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.palette import name_of
from zendera_desk.gui.widgets.plain import ElidedLabel
from zendera_desk.gui.window import Window
from zendera_desk.gui.zone import LocalZone
from zendera_desk.settings import Settings
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World

Until = Callable[[Callable[[], object]], Awaitable[None]]
Open = Callable[[Desk], Window]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def simulator(clock: HandClock) -> Iterator[RunningSimulator]:
    with RunningSimulator(World(7, clock=clock.now, shipments=6, history=0)) as running:
        yield running


async def open_desk(folder: Path, clock: HandClock) -> Desk:
    settings = Settings(made_by="Kari", desk="front")
    zone, keys = ZoneInfo("Europe/Oslo"), Keys(find=lambda: ())
    return await Desk.open(folder, settings, zone=zone, keys=keys, clock=clock, by_hand=True)


@pytest.fixture
async def day(tmp_path: Path, clock: HandClock, simulator: RunningSimulator) -> AsyncIterator[Day]:
    """The account is open, and the six shipments of the simulator are on disk."""

    async def reopen() -> Desk:
        desk = await open_desk(tmp_path, clock)
        await desk.open_passing_account("Nordlys", simulator.base_url, simulator.key)
        return desk

    one = Day(await reopen(), clock, simulator, reopen)
    await one.walk()
    yield one
    await one.desk.close()


@pytest.fixture
async def open_window(show: Callable[[Window], Window], spawn: Spawn) -> AsyncIterator[Open]:
    opened: list[Window] = []

    def opening(desk: Desk) -> Window:
        window = Window(desk, spawn, lambda _settings: None, lambda: None)
        opened.append(window)
        show(window)
        window.show_account()
        return window

    yield opening
    for window in opened:
        await window.let_go()


@pytest.fixture
async def window(day: Day, open_window: Open, until: Until) -> Window:
    """With the list read and every view built."""
    made = open_window(day.desk)
    await made.build_the_rest()
    await until(lambda: made.shipments.model.rowCount() == 6)
    await until(lambda: made.shipments.model.line(made.shipments.model.ids[0]))
    return made


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalZone]:
    """The PC is in Norway."""
    monkeypatch.setenv("TZ", "Europe/Oslo")
    local_zone().look()
    yield local_zone()
    monkeypatch.undo()
    local_zone().look()


async def test_times_on_screen_follow_the_zone_of_the_pc(
    zone: LocalZone, day: Day, open_window: Open, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.desk.zone = zone
    window = open_window(day.desk)
    await window.build_the_rest()
    order = (await day.desk.shipment_ids(View.ALL))[0]
    await day.desk.accept([order])
    window.show_shipment(order)
    window.shipment.show_tab("report")
    await until(window.report.form.isVisible)
    window.report.form.time.setText("1430")
    await until(lambda: "UTC+2" in window.report.form.echo.text())
    monkeypatch.setenv("TZ", "Atlantic/Reykjavik")
    assert zone.look()
    window.on_change(ZoneChanged())
    assert "14:30, UTC" in window.report.form.echo.text()
    assert "UTC+2" not in window.report.form.echo.text()


def choose(window: Window, place: int) -> OrderId:
    window.shipments.table.selectRow(place)
    return window.shipments.model.ids[place]


def action(window: Window, name: str) -> QAction:
    return next(each for each in (*window.shipments.actions_for_menu(), *window.commands.all()) if each.objectName() == name)


def toast(window: Window) -> str:
    return window.toasts.accessibleName() if window.toasts.isVisible() else ""


def undo_button(window: Window) -> QPushButton | None:
    return next((each for each in window.toasts.findChildren(QPushButton) if each.text() == "Undo" and each.isVisible()), None)


async def all_accepted(window: Window, day: Day, until: Until) -> None:
    """Everything is accepted, and the list shows what is to be reported."""
    await day.desk.accept(await day.ids())
    await day.send()
    window.shipments.set_view(View.TO_REPORT)
    await until(lambda: window.shipments.model.view is View.TO_REPORT and window.shipments.model.rowCount() == 6)


def fill_in(window: Window) -> None:
    form = window.report.form
    form.time.setText("1030")
    form.time.settle()
    form.texts["signee"].setText("Kari Nordmann")


async def test_without_an_account_there_is_the_first_run_and_nothing_around_it(
    tmp_path: Path, clock: HandClock, open_window: Open, until: Until
) -> None:
    desk = await open_desk(tmp_path, clock)
    window = open_window(desk)
    await window.build_the_rest()
    await until(lambda: any(page.isVisible() for page in window.findChildren(FirstRun)))
    assert not window.status.isVisible()
    assert not window.feed.isVisible()
    assert not window.shipments.isVisible()
    await desk.close()


async def test_an_open_account_shows_its_list_its_status_and_whose_it_is(window: Window, until: Until) -> None:
    assert window.shipments.isVisible()
    assert window.feed.isVisible()
    await until(lambda: window.status.isVisible() and window.shipments.view_bar.chip(View.TO_ACCEPT).accessibleName().endswith("6"))
    account = window.findChild(ElidedLabel, "account")
    assert isinstance(account, ElidedLabel)
    assert account.text() == "Nordlys"


async def test_the_list_is_painted_with_its_rows_before_the_other_views_are_built(day: Day, open_window: Open) -> None:
    window = open_window(day.desk)
    rows: list[int] = []
    await painted.first_paint(window, lambda: rows.append(window.shipments.model.rowCount()))
    assert rows == [6]
    assert not {"shipment", "report", "feed", "outbox"} & vars(window).keys()


async def test_the_window_is_painted_when_its_rows_are_there(day: Day, open_window: Open, until: Until) -> None:
    window = open_window(day.desk)
    await painted.show(window)
    assert window.isVisible()
    assert window.updatesEnabled()
    assert window.shipments.model.line(window.shipments.model.ids[0])


async def test_who_comes_before_the_other_views_are_built_finds_them_all_the_same(day: Day, open_window: Open, until: Until) -> None:
    window = open_window(day.desk)
    await until(lambda: window.shipments.model.rowCount() == 6)
    order = window.shipments.model.ids[2]
    window.show_shipment(order)
    assert window.shipment.current == order
    window.show_outbox()
    assert window.outbox.isVisible()


async def test_tab_goes_from_the_list_to_the_shipment_and_last_to_the_line_at_the_bottom(window: Window) -> None:
    stops: list[QWidget] = []
    each = window.shipments.table.nextInFocusChain()
    while each is not None and each is not window.shipments.table:
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(each)
        each = each.nextInFocusChain()

    def first(part: QWidget) -> int:
        return next(place for place, stop in enumerate(stops) if part.isAncestorOf(stop))

    parts = (window.shipments.fail_bar, window.shipment, window.outbox, window.feed, window.status)
    places = [first(part) for part in parts]
    assert places == sorted(places)


async def test_accept_says_what_it_did_and_undo_takes_it_back(window: Window, day: Day, until: Until) -> None:
    order = choose(window, 0)
    action(window, "acceptSelected").trigger()
    await until(lambda: "1 shipment will be accepted" in toast(window))
    [line] = await day.desk.outbox()
    assert (line.entry.order_id, line.entry.state) == (order, State.HELD)
    button = undo_button(window)
    assert button is not None
    button.click()
    await until(lambda: "taken back" in toast(window))
    assert (await day.entry()).state is State.TAKEN_BACK
    assert day.simulator.ledger.applied() == []


async def test_send_and_next_goes_to_the_next_shipment_and_to_its_first_empty_field(window: Window, day: Day, until: Until) -> None:
    await all_accepted(window, day, until)
    order, following = window.shipments.model.ids[:2]
    choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_Return)
    await until(lambda: window.report.form.time.hasFocus() and window.shipment.current == order)
    await until(lambda: window.report._opened is not None)
    fill_in(window)
    QTest.keyClick(window.report.form.texts["signee"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: window.shipment.current == following and window.report.form.time.hasFocus())
    assert window.shipments.selected() == [following]
    assert window.report.form.time.text() == ""
    assert (await day.entry()).order_id == order


async def test_undo_of_a_report_brings_the_form_back_whole(window: Window, day: Day, until: Until) -> None:
    await all_accepted(window, day, until)
    order = choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_Return)
    await until(lambda: window.report._opened is not None and window.report.form.time.hasFocus())
    fill_in(window)
    typed = window.report.draft()
    window.report.bar.send.click()
    await until(lambda: undo_button(window))
    action(window, "undoSend").trigger()
    await until(lambda: window.shipment.current == order and window.report.draft() == typed)


async def test_undo_of_a_report_leaves_the_view_as_it_is(window: Window, day: Day, until: Until) -> None:
    await all_accepted(window, day, until)
    order = choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_C)
    await until(window.report.form.time.hasFocus)
    fill_in(window)
    window.report.bar.send.click()
    await until(lambda: order not in window.shipments.model.ids)
    action(window, "undoSend").trigger()
    await until(lambda: window.shipments.selected() == [order])
    assert window.shipments.model.view is View.TO_REPORT


async def test_who_goes_to_the_list_while_the_next_form_loads_stays_there(window: Window, day: Day, until: Until) -> None:
    await all_accepted(window, day, until)
    choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_C)
    await until(window.report.form.time.hasFocus)
    window._report_on(window.shipments.model.ids[1], None)  # what follows "send and next"
    window.shipments.focus_list()
    await until(lambda: window.report._opened is not None)
    assert window.shipments.table.hasFocus()


async def test_what_the_desk_refuses_is_said_in_the_form(window: Window, until: Until) -> None:
    choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_Return)
    await until(lambda: window.report._opened is not None and window.report.form.time.hasFocus())
    fill_in(window)
    window.report.bar.send.click()
    await until(window.report.form.beside["status"].isVisible)
    assert not window.toasts._live
    assert window.report.form.texts["signee"].text() == "Kari Nordmann"


async def test_esc_leaves_the_form_for_the_list_and_the_outbox_for_the_work(window: Window, until: Until) -> None:
    choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_Return)
    await until(window.report.form.time.hasFocus)
    QTest.keyClick(window.report.form.time, Qt.Key.Key_Escape)
    await until(window.shipments.table.hasFocus)
    action(window, "showOutbox").trigger()
    await until(window.outbox.isVisible)
    QTest.keyClick(window.outbox.focusProxy(), Qt.Key.Key_Escape)
    await until(lambda: window.shipments.table.hasFocus() and not window.outbox.isVisible())


async def test_the_palette_has_every_action_and_most_have_a_key(window: Window, until: Until) -> None:
    action(window, "commandPalette").trigger()
    palette = window.command_palette
    await until(palette.isVisible)
    shown = [palette.list.item(row).text() for row in range(palette.list.count())]
    every = [*window.shipments.actions_for_menu(), *window.shipments.own.actions.all(), *window.commands.all()]
    every += window.shipment.page_actions
    assert sorted(shown) == sorted(name_of(each) for each in every if each.text())
    assert {each.objectName() for each in window.commands.all() if each.shortcut().isEmpty()} == {"addAccount", "archives", "copies"}
    palette.close()


async def test_no_key_means_two_things(window: Window) -> None:
    keys = [key.toString() for each in (*window.shipments.actions_for_menu(), *window.commands.all()) for key in each.shortcuts()]
    assert len(keys) == len(set(keys))


async def test_docks_and_sizes_come_back(window: Window, day: Day, open_window: Open) -> None:
    window.resize(1024, 720)
    action(window, "showFeed").trigger()
    split = window.findChild(QSplitter, "shipmentsAndShipment")
    assert isinstance(split, QSplitter)
    split.setSizes([200, 500])
    sizes = split.sizes()
    await day.desk.change_settings(Settings(window=window.states()))
    again = open_window(day.desk)
    await again.build_the_rest()
    split = again.findChild(QSplitter, "shipmentsAndShipment")
    dock = again.findChild(QDockWidget, "feedDock")
    assert isinstance(split, QSplitter)
    assert isinstance(dock, QDockWidget)
    assert (again.width(), again.height(), dock.isVisible()) == (1024, 720, False)
    assert split.sizes() == sizes


async def test_filter_and_pause_of_the_feed_come_back_also_where_it_was_not_built_in_between(
    window: Window, day: Day, open_window: Open
) -> None:
    action = next(each for each in window.feed.findChildren(QAction) if each.text() == "Pickup")
    action.trigger()
    following = window.feed.findChild(QToolButton, "following")
    assert following is not None
    following.click()
    for _ in range(2):
        await day.desk.change_settings(Settings(window=window.states()))
        window = open_window(day.desk)
    assert next(each for each in window.feed.findChildren(QAction) if each.text() == "Pickup").isChecked()
    following = window.feed.findChild(QToolButton, "following")
    assert following is not None
    assert following.text() == "paused"


async def test_the_first_window_fills_a_small_screen_and_goes_nowhere_beyond_it(window: Window) -> None:
    assert window.screen().availableSize().height() <= places.FIRST[1]
    assert window.isMaximized()


async def test_a_window_that_filled_the_screen_does_so_again_when_it_comes_forward(window: Window) -> None:
    window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
    window.come_forward()
    assert not window.isMinimized()
    assert window.isMaximized()


async def test_a_state_that_cannot_be_read_is_as_at_the_first_start(day: Day, open_window: Open, until: Until) -> None:
    first = open_window(day.desk)
    await day.desk.change_settings(Settings(window={"geometry": "?", "docks": "AAAA", "split": "", "columns": "x"}))
    window = open_window(day.desk)
    await until(lambda: window.size() == first.size())  # a screen this small is filled, when the platform comes to it
    assert window.normalGeometry().size() == QSize(1280, 800).boundedTo(window.screen().availableSize()).expandedTo(window.minimumSize())


async def test_closing_is_a_request_and_what_is_typed_is_on_disk(window: Window, day: Day, until: Until) -> None:
    order = choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_Return)
    await until(lambda: window.report._opened is not None)
    window.report.form.comment.setPlainText("Left at the gate")
    assert not window.close()
    assert window.isVisible()
    assert window.closed.done()
    assert not window.close()
    await window.report.flush()
    found = await day.desk.shipment(order)
    assert found is not None
    assert found.draft is not None
    assert found.draft.comment == "Left at the gate"


async def test_trouble_stays_on_screen_until_it_is_seen(window: Window, day: Day) -> None:
    day.desk.changes.publish(Trouble(StoreError("disk_full")))
    day.desk.changes.publish(Trouble(StoreError("disk_full")))
    assert window.banners.isVisible()
    assert window.banners.keys() == ("disk_full",)
    window.banners.clear("disk_full")
    assert not window.banners.isVisible()


async def test_who_is_told_to_replace_the_key_can_type_it_at_once(window: Window, day: Day, until: Until) -> None:
    day.simulator.faults.add("refuse", "export", status=401)
    await day.walk()
    await until(lambda: window.banners.keys() == ("link",))
    replace = next(each for each in window.banners.findChildren(QPushButton) if each.text() == "Replace the key")
    replace.click()
    key = window.findChild(QLineEdit, "key")
    assert key is not None
    assert key.hasFocus()


async def test_the_preferences_begin_in_their_first_field(window: Window) -> None:
    action(window, "preferences").trigger()
    name = window.findChild(QLineEdit, "yourName")
    assert name is not None
    assert name.hasFocus()


async def test_a_shipment_of_another_view_is_shown_in_the_list_of_all(window: Window, until: Until) -> None:
    order = window.shipments.model.ids[3]
    window.shipments.set_view(View.NEEDS_ME)
    window.show_outbox()
    await until(lambda: window.shipments.model.rowCount() == 0)
    window.show_shipment(order)
    await until(lambda: window.shipments.selected() == [order])
    assert window.shipments.view() is View.ALL
    assert window.shipment.current == order
    assert window.shipments.isVisible()


async def test_nothing_takes_the_focus_or_the_words_of_somebody_who_types(window: Window, day: Day, until: Until) -> None:
    choose(window, 1)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_Return)
    await until(lambda: window.report._opened is not None and window.report.form.time.hasFocus())
    window.report.form.comment.setFocus()
    QTest.keyClicks(window.report.form.comment, "Left at")
    day.simulator.world.add_shipments(2)
    await day.walk()
    await day.desk.accept([window.shipments.model.ids[3]])
    await day.send()
    await day.tail()
    await until(lambda: window.shipments.model.rowCount() == 7)
    QTest.keyClicks(QApplication.focusWidget(), " the gate")
    assert window.report.form.comment.hasFocus()
    assert window.report.form.comment.toPlainText() == "Left at the gate"


async def test_a_picture_taken_out_comes_back_by_undo(window: Window, day: Day, until: Until, tmp_path: Path) -> None:
    await all_accepted(window, day, until)
    choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_C)
    await until(window.report.form.time.hasFocus)
    path = tmp_path / "note.png"
    QImage(200, 100, QImage.Format.Format_RGB32).save(str(path))
    window.report.pane.given.emit([path])
    await until(lambda: len(window.report.draft().pictures) == 1)
    window.report.pane.remove.click()
    await until(lambda: not window.report.draft().pictures)
    await until(lambda: undo_button(window))
    button = undo_button(window)
    assert button is not None
    button.click()
    await until(lambda: len(window.report.draft().pictures) == 1)


async def test_closing_says_what_is_kept_and_a_second_time_goes_at_once(window: Window, day: Day, until: Until) -> None:
    await day.desk.accept((await day.ids())[:2])
    window.close()
    going = asyncio.get_running_loop().create_task(window.let_go())
    await until(lambda: window.banners.keys().count("closing"))
    assert not going.done()
    window.close()
    await going


async def test_what_is_typed_while_it_says_what_is_kept_is_on_disk_too(window: Window, day: Day, until: Until) -> None:
    await day.desk.accept((await day.ids())[:2])
    choose(window, 0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_C)
    await until(window.report.form.time.hasFocus)
    order = window.report.order
    assert order is not None
    window.close()
    going = asyncio.get_running_loop().create_task(window.let_go())
    await until(lambda: window.banners.keys().count("closing"))
    QTest.keyClicks(window.report.form.comment, "late")
    window.close()
    await going
    opened = await day.desk.shipment(order)
    assert opened is not None
    assert opened.draft is not None
    assert opened.draft.comment == "late"
    assert not window.isVisible(), "more could be typed"


@pytest.mark.parametrize("change", [Trouble(StoreError("damaged")), LoopFailed("outbox", StoreError("damaged"))], ids=["wish", "loop"])
async def test_a_database_that_is_found_damaged_is_said_once_with_the_way_to_mend_it(window: Window, change: Change) -> None:
    for _ in range(3):
        window.on_change(change)
    assert window.banners.keys() == ("damaged",)
    mend = next(button for button in window.banners.findChildren(QPushButton) if button.text() == "Restart to mend")
    QTest.mouseClick(mend, Qt.MouseButton.LeftButton)
    assert window.closed.done()
    assert window.wanted == (None,)


async def test_going_back_to_a_copy_closes_the_desk_with_that_wish(window: Window, day: Day, until: Until) -> None:
    made = await day.desk.make_copy()
    action(window, "copies").trigger()
    page = window.findChild(Copies)
    assert isinstance(page, Copies)
    await until(lambda: page.table.model().rowCount() == 1)
    page.table.selectRow(0)
    for name in ("goBackToCopy", "goBack"):
        found = page.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    assert window.closed.done()
    assert window.wanted == (made.path,)


async def own_view(window: Window, until: Until, name: str) -> None:
    """Made of what is in sight, by key."""
    QTest.keyClick(window.shipments.table, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    editor = window.shipments.own.editor
    await until(editor.isVisible)
    editor.name.setText(name)
    QTest.keyClick(editor.name, Qt.Key.Key_Return)
    await until(lambda: not editor.isVisible() and f"Show “{name}”" in map(name_of, window.shipments.own.actions.views))


async def test_an_own_view_has_a_key_a_command_and_a_place_in_the_menu_from_anywhere(window: Window, until: Until) -> None:
    await own_view(window, until, "Mine & yours")
    (shows,) = window.shipments.own.actions.views
    assert name_of(shows) == "Show “Mine & yours”"
    window.shipments.set_view(View.ALL)
    window.show_outbox()
    await until(window.outbox.isVisible)
    QTest.keyClick(window.outbox, Qt.Key.Key_7, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: window.shipments.isVisible() and window.shipments.model.wanted == Filter(view=View.TO_ACCEPT))
    window._ask_command()
    assert "Show “Mine & yours”" in [window.command_palette.list.item(place).text() for place in range(window.command_palette.list.count())]
    window.command_palette.close()
    view = next(menu for menu in window.findChildren(QMenu) if menu.title() == "View")
    view.aboutToShow.emit()
    assert shows in view.actions()


async def test_deleting_an_own_view_is_taken_back_by_ctrl_z(window: Window, day: Day, until: Until) -> None:
    await own_view(window, until, "Mine")
    next(each for each in window.shipments.own.actions.deeds if each.objectName() == "deleteView").trigger()
    await until(lambda: "was deleted" in toast(window))
    assert await day.desk.views.everyone() == []
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: "is back" in toast(window))
    assert [view.name for view in await day.desk.views.everyone()] == ["Mine"]


async def test_no_two_commands_have_the_same_key(window: Window, until: Until) -> None:
    for name in ("A", "B", "C", "D"):
        await own_view(window, until, name)
    everywhere, elsewhere = keys_of(window, only_here=False), keys_of(window, only_here=True)
    assert sorted(everywhere) == sorted(set(everywhere))
    assert {"Ctrl+7", "Ctrl+8", "Ctrl+9", "Ctrl+O", "Ctrl+L", "Ctrl+F", "Ctrl+K"} <= set(everywhere)
    assert set(everywhere).isdisjoint(elsewhere)  # Qt would obey neither of the two


def keys_of(window: Window, *, only_here: bool) -> list[str]:
    """Of what counts in all of the window, or only where the focus is."""
    found: list[str] = []
    everywhere = {Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut}
    for each in window.findChildren(QAction):
        if each.associatedObjects() and (each.shortcutContext() not in everywhere) is only_here:
            found += [key.toString() for key in each.shortcuts()]
    for shortcut in window.findChildren(QShortcut):
        if (shortcut.context() not in everywhere) is only_here:
            found += [key.toString() for key in shortcut.keys()]  # noqa: SIM118 (a method)
    return [key for key in found if key]


def seen(window: Window) -> tuple[object, ...]:
    """As much as a person notices at once."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return (
        window._pages.currentWidget(),
        application.focusWidget(),
        window.shipments.model.wanted,
        window.shipment.tab,
        window._dock.isVisible(),
        window.command_palette.isVisible(),
        window.shipments.own.editor.isVisible(),
        toast(window),
        window.closed.done(),
        window.banners.keys(),
    )


@pytest.mark.parametrize(
    "name",
    [
        *(f"showView{place}" for place in range(2, len(View) + 1)),
        *("findShipment", "commandPalette", "undoSend", "showOutbox", "paper", "showFeed"),
        *("copies", "archives", "preferences", "addAccount", "closeWindow"),
    ],
)
async def test_every_command_of_the_window_does_something_that_is_seen(name: str, window: Window, until: Until) -> None:
    window.shipments.focus_list()
    await until(window.shipments.table.hasFocus)
    before = seen(window)
    action(window, name).trigger()
    await until(lambda: seen(window) != before)


@pytest.mark.parametrize("name", ["acceptSelected", "failSelected", "openSelected", "copyOrderNumbers", "findShipments", "reportOther"])
async def test_every_command_of_the_list_does_something_that_is_seen(name: str, window: Window, until: Until) -> None:
    window.shipments.focus_list()
    choose(window, 1)
    await until(window.shipments.table.hasFocus)
    await until(lambda: window.shipment.current is not None)
    QApplication.clipboard().clear()
    before = (*seen(window), QApplication.clipboard().text(), window.shipments.fail_bar.isVisible())
    action(window, name).trigger()
    await until(lambda: (*seen(window), QApplication.clipboard().text(), window.shipments.fail_bar.isVisible()) != before)


async def test_the_test_of_the_commands_has_them_all(window: Window) -> None:
    names = {each.objectName() for each in window.commands.all()}
    (these,) = test_every_command_of_the_window_does_something_that_is_seen.pytestmark  # type: ignore[attr-defined]
    assert names - set(these.args[1]) == {"refreshAll", "showView1"}


async def test_whoever_asks_for_news_without_a_key_is_told_what_is_in_the_way(day: Day, open_window: Open, until: Until) -> None:
    await day.desk._stop_engine()
    window = open_window(day.desk)
    action(window, "refreshAll").trigger()
    await until(lambda: "key" in window.banners.keys())  # noqa: SIM118 (a method)
