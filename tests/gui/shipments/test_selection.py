"""What is selected stays selected when the list is shown anew, however much it is."""

from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtCore import QItemSelection, QModelIndex, Qt
from PySide6.QtTest import QSignalSpy

from gui.shipments.rows import BIG, NOW, Rows
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import View
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.shipments.selection import Selection
from zendera_desk.gui.shipments.table import ShipmentsTable
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import ROW

Until = Callable[[Callable[[], object]], Awaitable[None]]
COUNT = 3_000


class Sight:
    def __init__(self, rows: Rows, table: ShipmentsTable, model: ShipmentsModel) -> None:
        self.rows, self.table, self.model = rows, table, model
        self.selection = Selection(table, model)

    def select(self, *rows: int) -> None:
        there, wanted = self.table.selectionModel(), QItemSelection()
        for row in rows:
            wanted.select(self.model.index(row, 0), self.model.index(row, 0))
        there.select(wanted, there.SelectionFlag.ClearAndSelect | there.SelectionFlag.Rows)

    def lead_caret(self, row: int) -> None:
        there = self.table.selectionModel()
        there.setCurrentIndex(self.model.index(row, 0), there.SelectionFlag.NoUpdate)

    def selected(self) -> set[int]:
        return {order_id - BIG for order_id in self.selection.ids()}

    def is_whole(self) -> bool:
        return self.model.loaded and self.model.rowCount() == self.model.found.count


@pytest.fixture
async def sight(show: Callable[[ShipmentsTable], ShipmentsTable], spawn: Spawn, until: Until) -> Sight:
    rows = Rows(COUNT)
    rows.part_of_it = 500
    model = ShipmentsModel(rows.part, rows.rows, lambda: NOW, spawn)
    table = ShipmentsTable(model)
    model.setParent(table)
    made = Sight(rows, table, model)
    table.resize(900, 12 * ROW)
    show(table)
    model.show_view(View.ALL)
    await until(made.is_whole)
    return made


async def test_all_that_is_selected_stays_so_in_another_order_and_is_told_in_two_steps(sight: Sight, until: Until) -> None:
    sight.table.selectAll()
    told = QSignalSpy(sight.table.selectionModel().selectionChanged)
    sight.model.sort(0, Qt.SortOrder.DescendingOrder)
    await until(sight.is_whole)
    assert sight.selection.runs() == [(0, COUNT - 1)]
    assert told.count() == 2, "the first part, and the others"


async def test_painting_a_selection_of_all_asks_no_more_than_painting_none(sight: Sight, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [0]
    real = ShipmentsModel.columnCount

    def counted(model: ShipmentsModel, *parent: QModelIndex) -> int:
        asked[0] += 1
        return real(model, *parent)

    monkeypatch.setattr(ShipmentsModel, "columnCount", counted)
    sight.table.selectAll()
    sight.table.horizontalHeader().viewport().repaint()
    assert asked[0] < COUNT


async def test_a_few_rows_are_found_again_wherever_they_stand_in_another_order(sight: Sight, until: Until) -> None:
    sight.select(3, 1500, 2999)
    sight.lead_caret(1500)
    sight.model.sort(0, Qt.SortOrder.DescendingOrder)
    await until(sight.is_whole)
    assert sight.selected() == {3, 1500, 2999}
    assert sight.model.order_at(sight.table.currentIndex().row()) == BIG + 1500
    assert sight.table.verticalScrollBar().value() == 0, "what comes later does not move what is looked at"


async def test_a_selection_scattered_over_too_many_places_is_let_go_and_the_caret_stays(sight: Sight, until: Until) -> None:
    sight.select(*range(0, COUNT, 2))
    sight.lead_caret(40)
    sight.model.sort(0, Qt.SortOrder.DescendingOrder)
    await until(sight.is_whole)
    assert sight.selected() == set()
    assert sight.model.order_at(sight.table.currentIndex().row()) == BIG + 40


async def test_a_search_is_shown_from_its_best_on_and_afterwards_the_list_where_it_was(sight: Sight, until: Until) -> None:
    sight.rows.part_of_it = 0
    sight.select(400)
    sight.lead_caret(400)
    sight.table.scrollTo(sight.table.currentIndex())
    assert sight.table.verticalScrollBar().value() > 0
    sight.model.show_text("Receiver")
    await until(lambda: sight.model.loaded)
    assert sight.selected() == {400}
    assert sight.table.verticalScrollBar().value() == 0
    sight.model.show_text("")
    await until(lambda: sight.model.loaded)
    assert sight.table.rowAt(0) <= 400 <= sight.table.rowAt(sight.table.viewport().height() - 1)


async def test_what_a_search_did_not_find_is_selected_again_after_it(sight: Sight, until: Until) -> None:
    sight.select(7, 9)
    for text, left in (("Receiver 9", {9}), ("Receiver 2999", set()), ("", {7, 9})):
        sight.model.show_text(text)
        await until(lambda: sight.model.loaded)
        assert sight.selected() == left


async def test_a_selection_that_a_person_changed_meanwhile_is_the_one_that_counts(sight: Sight, until: Until) -> None:
    sight.select(7, 9)
    sight.model.show_text("Receiver 9")
    await until(lambda: sight.model.loaded)
    sight.select(2)
    sight.model.show_text("")
    await until(lambda: sight.model.loaded)
    assert 7 not in sight.selected()
    assert len(sight.selected()) == 1


async def test_what_another_account_had_selected_is_forgotten(sight: Sight, until: Until) -> None:
    sight.select(7)
    sight.model.show_text("no such")
    await until(lambda: sight.model.loaded)
    sight.selection.forget()
    sight.model.show_text("")
    await until(lambda: sight.model.loaded)
    assert sight.selected() == set()


async def test_the_first_of_the_selected_are_told_without_the_others(sight: Sight) -> None:
    sight.select(1, 2, 3, 8, 9)
    assert sight.selection.first(4) == [OrderId(BIG + number) for number in (1, 2, 3, 8)]
    assert sight.selection.only() is None
    sight.select(8)
    assert sight.selection.only() == BIG + 8
