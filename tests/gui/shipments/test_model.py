"""The list stays still: rows are read by need, changes touch the rows that changed, and no poll resets anything."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QItemSelectionModel, QObject, QPersistentModelIndex, Qt
from PySide6.QtTest import QSignalSpy

from gui.shipments.rows import BIG, NOW, Rows, line
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.views import IdsPage, Phase, ShipmentLine, Sort, View
from zendera_desk.gui.shipments import model as shipments_model
from zendera_desk.gui.shipments.cells import LINE_ROLE, STATE, Row, counted_down
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.shipments.pace import Pace
from zendera_desk.gui.shipments.table import ShipmentsTable
from zendera_desk.gui.spawn import Spawn
from zendera_desk.lists import Place

Until = Callable[[Callable[[], object]], Awaitable[None]]
DISPLAY = Qt.ItemDataRole.DisplayRole


async def shown(model: ShipmentsModel, until: Until, *rows: int) -> None:
    """Looks at these rows until they are read."""
    await until(lambda: model.loaded)
    await until(lambda: all(model.index(row, 0).data(LINE_ROLE) for row in rows))


@pytest.fixture
async def rows() -> Rows:
    return Rows(1000)


@pytest.fixture
async def model(rows: Rows, spawn: Spawn) -> ShipmentsModel:
    made = ShipmentsModel(rows.part, rows.rows, lambda: rows.now, spawn)
    made.refresh()
    return made


async def test_all_orders_are_there_and_of_the_rows_one_screen(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await until(lambda: model.loaded)
    assert model.rowCount() == 1000
    assert rows.read == [OrderId(BIG + number) for number in range(40)]


async def test_a_table_that_is_built_reads_nothing_until_somebody_wants_to_see_it(rows: Rows, spawn: Spawn, until: Until) -> None:
    model = ShipmentsModel(rows.part, rows.rows, lambda: rows.now, spawn)
    table = ShipmentsTable(model)
    model.setParent(table)
    for _turn in range(3):
        await asyncio.sleep(0)
    assert rows.questions == []
    table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.DescendingOrder)  # as by a click
    await until(lambda: model.loaded)
    assert rows.questions == [(View.TO_ACCEPT, "", Sort.ORDER, True)]


async def test_the_first_rows_are_shown_whole_and_not_filled_in_afterwards(rows: Rows, spawn: Spawn, until: Until) -> None:
    model = ShipmentsModel(rows.part, rows.rows, lambda: rows.now, spawn)
    filled = QSignalSpy(model.dataChanged)
    model.refresh()
    await until(lambda: model.loaded)
    assert filled.count() == 0
    assert model.index(3, 2).data(DISPLAY) == "Receiver 3"


async def test_a_long_list_comes_in_parts_and_its_first_screen_waits_for_none(rows: Rows, spawn: Spawn, until: Until) -> None:
    rows.part_of_it = 300
    model = ShipmentsModel(rows.part, rows.rows, lambda: rows.now, spawn)
    first: list[int] = []
    model.answered.connect(lambda: first.append(model.rowCount()))
    model.refresh()
    await until(lambda: model.rowCount() == 1000)
    assert first == [300]
    assert model.found.count == 1000
    assert list(model.ids) == list(rows.lines)
    assert rows.parts == [0, 300, 600, 900]


async def test_of_a_long_list_with_a_new_row_above_only_the_first_part_is_read_again(rows: Rows, spawn: Spawn, until: Until) -> None:
    rows.part_of_it = 300
    model = ShipmentsModel(rows.part, rows.rows, lambda: rows.now, spawn)
    model.show_view(View.ALL)
    await until(lambda: model.rowCount() == 1000)
    rows.parts.clear()
    resets, inserted = QSignalSpy(model.modelReset), QSignalSpy(model.rowsInserted)
    rows.lines = {OrderId(7): line(7), **rows.lines}
    model.refresh()
    await until(lambda: model.rowCount() == 1001)
    assert list(model.ids) == list(rows.lines)
    assert rows.parts == [0]
    assert (resets.count(), inserted.count()) == (0, 1)


async def test_of_a_long_list_that_lost_a_row_far_below_everything_is_read(rows: Rows, spawn: Spawn, until: Until) -> None:
    rows.part_of_it = 300
    model = ShipmentsModel(rows.part, rows.rows, lambda: rows.now, spawn)
    model.refresh()
    await until(lambda: model.rowCount() == 1000)
    resets, removed = QSignalSpy(model.modelReset), QSignalSpy(model.rowsRemoved)
    del rows.lines[OrderId(BIG + 700)]
    model.refresh()
    await until(lambda: model.rowCount() == 999)
    assert list(model.ids) == list(rows.lines)
    assert (resets.count(), removed.count()) == (0, 1)


@pytest.mark.parametrize(("view", "column"), [(View.ALL, 0), (View.TO_REPORT, -1)])
async def test_a_row_that_moved_far_below_in_a_long_list_is_shown_where_it_is_now(
    rows: Rows, spawn: Spawn, until: Until, view: View, column: int
) -> None:
    rows.part_of_it = 300
    model = ShipmentsModel(rows.part, rows.rows, lambda: rows.now, spawn)
    model.show_view(view)
    model.sort(column)
    await until(lambda: model.loaded and model.rowCount() == 1000)
    moved = OrderId(BIG + 500)
    rows.lines[moved] = rows.lines.pop(moved)
    model.refresh()
    await until(lambda: model.row_of(moved) == 999)
    assert list(model.ids) == list(rows.lines)


async def test_a_long_list_that_was_just_read_whole_rests_and_is_read_again_afterwards(spawn: Spawn, until: Until) -> None:
    read: list[bool] = []
    parent = QObject()
    pace = Pace(lambda: read.append(pace.may_read()), parent)
    assert pace.may_read()
    pace.begin()
    pace.end()
    assert not pace.may_read()
    await until(lambda: read == [True])


async def test_rows_looked_at_long_ago_are_forgotten_and_read_again(
    rows: Rows, spawn: Spawn, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zendera_desk.gui.shipments.model._KEPT", 200)
    model = ShipmentsModel(rows.part, rows.rows, lambda: rows.now, spawn)
    model.refresh()
    for place in range(0, 1000, 50):
        await shown(model, until, place)
    assert len(model._rows) <= 200
    await shown(model, until, 0)


async def test_only_rows_around_those_looked_at_are_read(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await shown(model, until, 500)
    assert 0 < len(rows.read) < 200
    assert OrderId(BIG + 500) in rows.read


async def test_a_row_shows_its_number_until_it_is_read(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await until(lambda: model.loaded)
    assert model.index(503, 0).data(DISPLAY) == str(BIG + 503)
    assert model.order_at(503) == BIG + 503
    assert not model.index(503, 2).data(DISPLAY)
    await shown(model, until, 503)
    assert model.index(503, 2).data(DISPLAY) == "Receiver 503"


async def test_a_change_reads_its_row_again_and_no_other(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await shown(model, until, 0)
    rows.read.clear()
    said = QSignalSpy(model.dataChanged)
    model.changed(rows.change(7, delivery_name="Ola"))
    await until(lambda: model.index(7, 2).data(DISPLAY) == "Ola")
    assert rows.read == [BIG + 7]
    assert [(said.at(0)[0].row(), said.at(0)[1].row())] == [(7, 7)]


async def test_a_row_that_reads_the_same_is_not_painted_again(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await shown(model, until, 0)
    rows.read.clear()
    said = QSignalSpy(model.dataChanged)
    model.changed(frozenset({OrderId(BIG + 7)}))
    await until(lambda: rows.read == [BIG + 7])
    assert said.count() == 0


async def test_a_poll_never_resets_and_selection_follows_its_row(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await shown(model, until, 0)
    selection = QItemSelectionModel(model)
    selection.select(model.index(5, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows)
    resets = QSignalSpy(model.modelReset)
    del rows.lines[OrderId(BIG + 2)]
    rows.lines = {OrderId(BIG - 1): line(-1), **rows.lines}
    model.refresh()
    await until(lambda: model.order_at(0) == BIG - 1)
    assert resets.count() == 0
    assert {model.order_at(index.row()) for index in selection.selectedRows()} == {BIG + 5}
    assert model.row_of(OrderId(BIG + 5)) == 5


async def test_a_new_order_of_rows_carries_places_along(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await shown(model, until, 0)
    place = QPersistentModelIndex(model.index(1, STATE))
    resets = QSignalSpy(model.modelReset)
    model.sort(0, Qt.SortOrder.DescendingOrder)
    await until(lambda: model.order_at(0) == BIG + 999)
    assert (place.row(), place.column()) == (998, STATE)
    assert resets.count() == 0
    assert rows.questions[-1] == (View.TO_ACCEPT, "", Sort.ORDER, True)


async def test_an_answer_to_an_older_question_is_dropped(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await until(lambda: model.loaded)
    answers = QSignalSpy(model.answered)
    rows.answer_ids.clear()
    model.show_text("no such")
    await until(lambda: len(rows.questions) == 2)
    model.show_text("Receiver 77")
    rows.answer_ids.set()
    await until(lambda: model.loaded)
    assert answers.count() == 1
    assert model.rowCount() == 11


async def test_a_burst_of_changes_is_one_more_question(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await until(lambda: model.loaded)
    for number in range(50):
        model.changed(frozenset({OrderId(BIG + number)}))
    answers = QSignalSpy(model.answered)
    await until(lambda: answers.count() >= 1)
    assert len(rows.questions) <= 3


async def test_an_order_that_vanished_is_shown_empty_and_asked_for_once(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await until(lambda: model.loaded)
    del rows.lines[OrderId(BIG + 503)]
    await shown(model, until, 504)
    rows.read.clear()
    assert model.index(503, 2).data(DISPLAY) == ""
    await asyncio.sleep(0)
    assert rows.read == []


async def test_held_rows_count_down_and_the_timer_rests_without_them(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    await shown(model, until, 0)
    assert not model._held._timer.isActive()
    held = {"phase": Phase.ACCEPTING, "entry_kind": Kind.ACCEPT, "entry_state": State.HELD, "entry_next_at": NOW + timedelta(seconds=10)}
    model.changed(rows.change(1, **held))
    await until(model._held._timer.isActive)
    rows.now += timedelta(seconds=3)
    model._held._timer.timeout.emit()
    assert "held 7" in model.index(1, STATE).data(DISPLAY)
    model.changed(rows.change(1, phase=Phase.ACCEPTED))
    await until(lambda: not model._held._timer.isActive())


async def test_of_many_that_are_held_those_are_worded_each_second_that_are_looked_at(
    model: ShipmentsModel, rows: Rows, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = {"phase": Phase.ACCEPTING, "entry_kind": Kind.ACCEPT, "entry_state": State.HELD, "entry_next_at": NOW + timedelta(seconds=10)}
    await shown(model, until, 0)
    model.changed(frozenset().union(*(rows.change(number, **held) for number in range(40))))
    await until(lambda: all("held 10" in model.row_at(place).texts[STATE] for place in range(40)))
    worded: list[OrderId] = []

    def noted(row: Row, line: ShipmentLine, now: datetime) -> Row:
        worded.append(line.order_id)
        return counted_down(row, line, now)

    monkeypatch.setattr(shipments_model, "counted_down", noted)
    said = QSignalSpy(model.dataChanged)
    for left in (8, 7):
        rows.now += timedelta(seconds=1 if left == 7 else 2)
        model._held._timer.timeout.emit()
        for _painted in range(2):
            assert f"held {left}" in model.row_at(20).texts[STATE]
    assert worded == [BIG + 20, BIG + 20]
    assert said.count() == 2
    assert "held 7" in model.row_at(39).texts[STATE], "whenever somebody comes there"


async def test_after_midnight_windows_are_worded_anew(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    rows.change(500, earliest=NOW, latest=NOW + timedelta(hours=1))
    await shown(model, until, 500)
    window = next(column for column in range(model.columnCount()) if model.headerData(column, Qt.Orientation.Horizontal) == "Window")
    assert model.index(500, window).data(DISPLAY)[0].isdigit()
    rows.now += timedelta(days=1)
    model.refresh()
    await until(lambda: model.index(500, window).data(DISPLAY).startswith("Sat"))


async def test_roles_that_nobody_answers_are_turned_away(model: ShipmentsModel, until: Until) -> None:
    await shown(model, until, 500)
    index = model.index(500, 0)
    assert all(
        index.data(role) is None for role in (Qt.ItemDataRole.FontRole, Qt.ItemDataRole.BackgroundRole, Qt.ItemDataRole.CheckStateRole)
    )


async def test_a_tool_tip_is_never_taken_for_rich_text(model: ShipmentsModel, rows: Rows, until: Until) -> None:
    rows.change(500, delivery_name="<img src=file:///etc/passwd>")
    await shown(model, until, 500)
    tip = model.index(500, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert "img src=file:///etc/passwd" in tip
    assert not QtGui.Qt.mightBeRichText(tip)


async def test_a_failed_read_ends_that_read_and_not_the_list(rows: Rows, until: Until) -> None:
    started: list[object] = []

    def spawn(work: object, _name: str) -> None:
        started.append(work)

    async def broken(_view: View, _text: str, _sort: Sort, _descending: bool, _after: Place | None) -> IdsPage:
        raise OSError("disk")

    model = ShipmentsModel(broken, rows.rows, lambda: NOW, spawn)
    model.refresh()
    with pytest.raises(OSError, match="disk"):
        await started.pop()  # type: ignore[misc]
    model.refresh()
    assert len(started) == 1
    with pytest.raises(OSError, match="disk"):
        await started.pop()  # type: ignore[misc]
