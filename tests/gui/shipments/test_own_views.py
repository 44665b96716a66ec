"""Views of one's own: made of what is in sight, and from then on as good as the fixed ones."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QMenu

from gui.shipments.office import Office, open_office, row
from zendera_desk.domain.views import Due, Filter, OwnView, View
from zendera_desk.gui.columns import COLUMNS
from zendera_desk.gui.shipments.columnmenu import ColumnMenu
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.store import filtered

Until = Callable[[Callable[[], object]], Awaitable[None]]
Open = Callable[[Office], Awaitable[ShipmentsPanel]]
WEIGHT = next(place for place, column in enumerate(COLUMNS) if column.key == "weight")
COLLI = next(place for place, column in enumerate(COLUMNS) if column.key == "colli")


def to_oslo(order_id: int) -> dict[str, object]:
    made = row(order_id)
    made["delivery"] = {"name": f"Receiver {order_id}", "address": {"postalCode": "0151", "city": "Oslo", "country": "Norway"}}
    return made


@pytest.fixture
def open_panel(show: Callable[[ShipmentsPanel], ShipmentsPanel], spawn: Spawn, until: Until) -> Open:
    async def opening(office: Office) -> ShipmentsPanel:
        panel = ShipmentsPanel(office.desk, spawn)
        panel.resize(1100, 500)
        office.desk.changes.subscribe(panel.on_change)
        show(panel)
        panel.build_the_rest()
        await until(lambda: panel.model.rowCount() == 5)
        return panel

    return opening


@pytest.fixture
async def panel(office: Office, open_panel: Open) -> ShipmentsPanel:
    """Three for Bergen, two for Oslo, all new."""
    await office.arrive(*(row(order) for order in (1, 2, 3)), *(to_oslo(order) for order in (4, 5)))
    return await open_panel(office)


def press(panel: ShipmentsPanel, name: str) -> None:
    next(action for action in panel.own.actions.all() if action.objectName() == name).trigger()


def names(panel: ShipmentsPanel) -> list[str]:
    return [action.text().removeprefix("Show “").removesuffix("”") for action in panel.own.actions.views]


async def kept(panel: ShipmentsPanel, until: Until, name: str, **wanted: str) -> OwnView:
    """By the bar, as a person does it."""
    before = len(names(panel))
    press(panel, "keepView")
    await until(panel.own.editor.isVisible)
    panel.own.editor.name.setText(name)
    for field, text in wanted.items():
        getattr(panel.own.editor, field).setText(text)
    QTest.keyClick(panel.own.editor.name, Qt.Key.Key_Return)
    await until(lambda: len(names(panel)) == before + 1 and not panel.own.editor.isVisible())
    return (await panel._desk.views.everyone())[-1]


def hide(panel: ShipmentsPanel, column: int) -> None:
    title = COLUMNS[column].title
    next(action for action in ColumnMenu(panel.table).actions() if action.text() == title).setChecked(False)


async def undone(panel: ShipmentsPanel, told: QSignalSpy) -> None:
    _, undo = told.at(told.count() - 1)
    assert await undo()


async def test_what_is_in_sight_is_kept_with_its_search_and_shown_as_a_view(panel: ShipmentsPanel, until: Until) -> None:
    panel.set_view(View.TO_ACCEPT)
    QTest.keyClicks(panel.find_field, "0151")
    await until(lambda: panel.model.rowCount() == 2)
    panel.own.button.click()
    await until(lambda: panel.own.editor.isVisible() and panel.find_field.text() == "")
    assert (panel.own.editor.name.text(), panel.own.editor.words.text()) == ("0151", "0151")
    QTest.keyClick(panel.own.editor.name, Qt.Key.Key_Return)
    await until(lambda: names(panel) == ["0151"])
    await until(lambda: set(panel.model.ids) == {4, 5})
    assert panel.model.wanted == Filter(view=View.TO_ACCEPT, words="0151")
    assert panel.view_bar.current is None
    await until(lambda: panel.own.row.bar.chip(panel.own.row.bar.current).accessibleName() == "0151, 2")


async def test_the_list_shows_what_the_view_will_and_esc_brings_back_what_was(panel: ShipmentsPanel, until: Until) -> None:
    QTest.keyClicks(panel.find_field, "bergen")
    press(panel, "keepView")
    await until(panel.own.editor.isVisible)
    editor = panel.own.editor
    editor.words.clear()
    QTest.keyClicks(editor.place, "0-1")
    await until(lambda: set(panel.model.ids) == {4, 5})
    editor.cod.setCurrentIndex(editor.cod.findData("yes"))
    await until(lambda: panel.model.rowCount() == 0)
    QTest.keyClick(editor.place, Qt.Key.Key_Escape)
    await until(lambda: panel.model.text == "bergen" and panel.model.wanted is View.TO_ACCEPT and panel.model.rowCount() == 3)
    assert panel.find_field.text() == "bergen"
    assert not editor.isVisible()
    assert names(panel) == []


async def test_every_condition_that_is_chosen_is_kept(panel: ShipmentsPanel, until: Until) -> None:
    press(panel, "keepView")
    await until(panel.own.editor.isVisible)
    editor = panel.own.editor
    for field, code in ((editor.view, "all"), (editor.due, "today"), (editor.phase, "new"), (editor.cod, "no")):
        field.setCurrentIndex(field.findData(code))
    editor.place.setText("5000-5299")
    QTest.keyClick(editor.place, Qt.Key.Key_Return)
    await until(lambda: names(panel))
    (made,) = await panel._desk.views.everyone()
    assert made.filter == Filter(view=View.ALL, due=Due.TODAY, phase=made.filter.phase, cod=False, place="5000-5299")
    assert made.filter.phase == "new"


async def test_a_view_without_a_name_is_not_kept_and_the_name_is_asked_for(panel: ShipmentsPanel, until: Until) -> None:
    press(panel, "keepView")
    await until(panel.own.editor.isVisible)
    panel.own.editor.name.setText("  ")
    panel.own.editor.place.setFocus()
    QTest.keyClick(panel.own.editor.place, Qt.Key.Key_Return)
    await until(panel.own.editor.name.hasFocus)
    assert panel.own.editor.isVisible()


async def test_a_view_is_renamed_and_changed_and_that_is_undone(panel: ShipmentsPanel, until: Until) -> None:
    told = QSignalSpy(panel.own.told)
    await kept(panel, until, "Mine", words="bergen")
    press(panel, "changeView")
    await until(lambda: panel.own.editor.isVisible() and panel.own.editor.name.text() == "Mine")
    panel.own.editor.name.setText("East")
    panel.own.editor.words.setText("0151")
    QTest.keyClick(panel.own.editor.name, Qt.Key.Key_Return)
    await until(lambda: names(panel) == ["East"] and set(panel.model.ids) == {4, 5})
    await undone(panel, told)
    await until(lambda: names(panel) == ["Mine"] and set(panel.model.ids) == {1, 2, 3})


async def test_a_view_that_was_just_kept_is_taken_back(panel: ShipmentsPanel, until: Until) -> None:
    told = QSignalSpy(panel.own.told)
    await kept(panel, until, "Mine", words="bergen")
    await undone(panel, told)
    await until(lambda: names(panel) == [] and panel.model.wanted is View.TO_ACCEPT and panel.model.rowCount() == 5)
    assert panel.view_bar.current is View.TO_ACCEPT
    assert not panel.own.row.isVisible()


async def test_a_deleted_view_comes_back_where_it_stood(panel: ShipmentsPanel, until: Until) -> None:
    told = QSignalSpy(panel.own.told)
    for name in ("A", "B", "C"):
        await kept(panel, until, name, words="bergen")
    panel.own.row.bar.chip((await panel._desk.views.everyone())[1].id).click()
    await until(lambda: panel.model.wanted == Filter(view=View.TO_ACCEPT, words="bergen"))
    press(panel, "deleteView")
    await until(lambda: names(panel) == ["A", "C"] and panel.model.wanted is View.TO_ACCEPT)
    await undone(panel, told)
    await until(lambda: names(panel) == ["A", "B", "C"])


async def test_views_are_moved_and_the_ends_are_ends(panel: ShipmentsPanel, until: Until) -> None:
    told = QSignalSpy(panel.own.told)
    for name in ("A", "B"):
        await kept(panel, until, name)
    assert not next(each for each in panel.own.actions.deeds if each.objectName() == "moveViewRight").isEnabled()
    press(panel, "moveViewLeft")
    await until(lambda: names(panel) == ["B", "A"])
    assert not next(each for each in panel.own.actions.deeds if each.objectName() == "moveViewLeft").isEnabled()
    await undone(panel, told)
    await until(lambda: names(panel) == ["A", "B"])


async def test_a_view_begins_with_the_columns_in_sight_and_keeps_its_own(panel: ShipmentsPanel, until: Until) -> None:
    hide(panel, WEIGHT)
    panel.table.sortByColumn(COLLI, Qt.SortOrder.AscendingOrder)
    await kept(panel, until, "Mine")
    hide(panel, COLLI)
    panel.set_view(View.TO_ACCEPT)
    assert not panel.table.isColumnHidden(COLLI)
    panel.own.row.bar.chip((await panel._desk.views.everyone())[0].id).click()
    assert panel.table.isColumnHidden(COLLI)
    assert panel.table.isColumnHidden(WEIGHT)
    assert panel.table.horizontalHeader().sortIndicatorSection() == COLLI


async def test_views_are_there_after_a_restart_with_their_columns(tmp_path: Path, open_panel: Open, until: Until) -> None:
    async with open_office(tmp_path / "desk") as office:
        await office.arrive(*(row(order) for order in (1, 2, 3)), *(to_oslo(order) for order in (4, 5)))
        panel = await open_panel(office)
        panel.table.sortByColumn(COLLI, Qt.SortOrder.AscendingOrder)
        await kept(panel, until, "Oslo", place="Oslo")
    async with open_office(tmp_path / "desk") as office:
        panel = await open_panel(office)
        await until(lambda: names(panel) == ["Oslo"])
        panel.own.actions.views[0].trigger()
        await until(lambda: set(panel.model.ids) == {4, 5})
        assert panel.table.horizontalHeader().sortIndicatorSection() == COLLI


async def test_the_numbers_follow_what_arrives_without_a_click(panel: ShipmentsPanel, office: Office, until: Until) -> None:
    made = await kept(panel, until, "Oslo", place="Oslo")
    panel.set_view(View.ALL)
    await until(lambda: panel.own.row.bar.chip(made.id).accessibleName() == "Oslo, 2")
    await office.arrive(to_oslo(6))
    panel.own.look()
    await until(lambda: panel.own.row.bar.chip(made.id).accessibleName() == "Oslo, 3")


async def test_find_in_an_own_view_still_looks_everywhere(panel: ShipmentsPanel, until: Until) -> None:
    await kept(panel, until, "Oslo", place="Oslo")
    QTest.keyClicks(panel.find_field, "receiver")
    await until(lambda: panel.summary.text() == "2 here, 3 in other views")
    assert set(panel.model.ids[:2]) == {4, 5}


async def test_a_context_menu_of_a_chip_is_about_that_view(panel: ShipmentsPanel, until: Until) -> None:
    await kept(panel, until, "A", words="bergen")
    await kept(panel, until, "B", words="oslo")
    first = (await panel._desk.views.everyone())[0]
    chip = panel.own.row.bar.chip(first.id)
    chip.customContextMenuRequested.emit(chip.rect().center())
    await until(lambda: set(panel.model.ids) == {1, 2, 3})
    (menu,) = [each for each in panel.findChildren(QMenu) if each.isVisible()]
    assert menu.actions()[0].text() == "Change this view…"
    menu.close()


async def test_what_does_not_fit_is_in_a_menu_and_the_shown_one_is_always_seen(panel: ShipmentsPanel, until: Until) -> None:
    for number in range(9):
        await panel._desk.views.make(f"A view with a long name {number}", Filter(place="Oslo"), b"")
    await until(lambda: len(names(panel)) == 9)
    views = await panel._desk.views.everyone()
    bar = panel.own.row.bar
    hidden = [view for view in views if bar.chip(view.id).isHidden()]
    assert hidden
    assert hidden[-1] == views[-1]
    panel.own.actions.views[-1].trigger()
    await until(lambda: bar.chip(views[-1].id).isVisible())
    assert max(bar.chip(view.id).geometry().right() for view in views if bar.chip(view.id).isVisible()) <= bar.width()


async def test_the_shipments_of_another_day_are_counted_anew(panel: ShipmentsPanel, office: Office) -> None:
    today = office.clock.now().replace(hour=10)
    made = row(9)
    made["delivery"] = {**made["delivery"], "earliest": f"{today:%Y-%m-%dT%H:%M:%SZ}"}  # type: ignore[dict-item]
    await office.arrive(made)
    wanted = [Filter(due=Due.TODAY), Filter(due=Due.LATE)]
    assert await office.desk.views.counts(wanted) == [(1, False), (0, False)]
    office.clock.move(seconds=timedelta(days=1).total_seconds())
    assert await office.desk.views.counts(wanted) == [(0, False), (1, False)]


async def test_that_only_the_newest_are_shown_is_said(panel: ShipmentsPanel, until: Until, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtered, "MOST", 3)
    made = await kept(panel, until, "New", place="0-9")
    await until(lambda: list(panel.model.ids) == [5, 4, 3])
    assert panel.summary.text() == "The newest 3. Narrow the view to see older ones."
    await until(lambda: panel.own.row.bar.chip(made.id).accessibleName() == "New, 3+")
    panel.set_view(View.ALL)
    await until(lambda: panel.model.rowCount() == 5 and panel.summary.text() == "")
