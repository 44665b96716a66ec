"""What is to be seen of the rows, down to the pixels: words in line with their titles, rows lit as a whole, no ink beyond a column."""

from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtTest import QTest

from gui.shipments.rows import BIG, NOW, Rows
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.views import Phase
from zendera_desk.gui import style
from zendera_desk.gui.shipments.cells import ACTIONS, KEYS, STATE
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.shipments.table import ShipmentsTable
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import ROW
from zendera_desk.gui.widgets.cells import PAD

Until = Callable[[Callable[[], object]], Awaitable[None]]
RECEIVER, COLLI = KEYS.index("receiver"), KEYS.index("colli")
LONG = "Verdens Lengste Mottakernavn og Sønner Import og Eksport Aktieselskap"
WAITING, LONG_ONE, TWICE = 0, 1, 2


@pytest.fixture
async def table(show: Callable[[ShipmentsTable], ShipmentsTable], spawn: Spawn, until: Until) -> ShipmentsTable:
    """One that waits for an answer, one with a long name, one of which much is to be said; then others."""
    rows = Rows(60)
    rows.change(WAITING, phase=Phase.NEW, colli=7)
    rows.change(LONG_ONE, phase=Phase.ACCEPTED, delivery_name=LONG)
    waits = {"entry_kind": Kind.ACCEPT, "entry_state": State.UNCLEAR, "entry_doubled": True, "has_draft": True}
    rows.change(TWICE, phase=Phase.ACCEPTED, **waits)
    model = ShipmentsModel(rows.part, rows.rows, lambda: NOW, spawn)
    table = ShipmentsTable(model)
    model.setParent(table)
    table.resize(1100, 12 * ROW)
    show(table)
    model.refresh()
    await until(lambda: model.line(OrderId(BIG + TWICE)))
    return table


def cell(table: ShipmentsTable, row: int, column: int) -> QRect:
    return table.visualRect(table.model().index(row, column))


def seen(table: ShipmentsTable) -> QImage:
    return table.viewport().grab().toImage()


def ink(table: ShipmentsTable, area: QRect) -> list[int]:
    """Where from left to right something is painted on the ground."""
    image, ground = seen(table), style.token("raised").rgb()
    rows = range(area.top() + 4, area.bottom() - 3)
    return [x for x in range(area.left(), area.right() + 1) if any(image.pixel(x, y) != ground for y in rows)]


def colours(table: ShipmentsTable, row: int) -> set[str]:
    """Along the upper edge of the row, where there are no words: from the first column to the last."""
    image, y = seen(table), cell(table, row, 0).top() + 1
    return {QColor(image.pixel(x, y)).name() for x in range(table.horizontalHeader().length())}


async def test_words_begin_under_their_title_and_figures_end_under_theirs(table: ShipmentsTable) -> None:
    words, figure = cell(table, WAITING, RECEIVER), cell(table, WAITING, COLLI)
    assert 0 <= min(ink(table, words)) - words.left() - PAD <= 2
    assert 0 <= figure.right() - PAD - max(ink(table, figure)) <= 2


@pytest.mark.parametrize("size", [13, 22])
async def test_a_long_word_ends_within_its_column_in_whatever_letters(table: ShipmentsTable, size: int) -> None:
    table.setColumnWidth(RECEIVER, 150)
    seen(table)
    letters = QFont(table.font())
    letters.setPixelSize(size)
    table.setFont(letters)
    words = cell(table, LONG_ONE, RECEIVER)
    last = max(ink(table, words))
    assert words.center().x() < last <= words.right() - PAD + 1


async def test_of_much_that_is_to_be_said_nothing_runs_into_the_next_column(table: ShipmentsTable) -> None:
    table.setColumnWidth(STATE, 200)
    marks = cell(table, TWICE, STATE)
    found = ink(table, marks)
    assert marks.left() + PAD <= min(found)
    assert marks.center().x() < max(found) <= marks.right() - style.SPACE + 1


async def test_the_row_under_the_pointer_and_the_selected_rows_are_lit_as_a_whole(table: ShipmentsTable) -> None:
    assert colours(table, 5) == {style.token("raised").name()}
    QTest.mouseMove(table.viewport(), cell(table, 5, RECEIVER).center())
    assert colours(table, 5) == {style.token("hover").name()}
    table.selectRow(5)
    table.clearFocus()
    assert colours(table, 5) == {style.token("selection").name()}
    QTest.mouseMove(table.viewport(), cell(table, 7, RECEIVER).center())
    table.clearSelection()
    assert colours(table, 5) == {style.token("raised").name()}


async def test_the_caret_stands_at_the_head_of_its_row_where_the_keys_go(table: ShipmentsTable) -> None:
    table.setFocus()
    table.setCurrentIndex(table.model().index(5, RECEIVER))
    head = cell(table, 5, 0)
    table.clearSelection()
    assert ink(table, QRect(0, head.top(), 3, ROW)) == [0, 1, 2]
    table.clearFocus()
    assert ink(table, QRect(0, head.top(), 3, ROW)) == []


async def test_only_the_rows_of_what_is_to_be_painted_are_looked_at(table: ShipmentsTable, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    real = ShipmentsModel.row_at

    def noted(model: ShipmentsModel, place: int) -> object:
        looked.append(place)
        return real(model, place)

    monkeypatch.setattr(ShipmentsModel, "row_at", noted)
    table.viewport().repaint(cell(table, 3, RECEIVER))
    assert looked == [3]


async def test_a_double_click_on_the_edge_of_their_title_leaves_room_for_the_buttons(table: ShipmentsTable) -> None:
    table.setColumnWidth(ACTIONS, 60)
    narrow = cell(table, WAITING, ACTIONS)
    beyond = QRect(narrow.right() + 1, narrow.top(), PAD, ROW)
    assert ink(table, narrow)
    assert ink(table, beyond) == [], "what is narrowed by hand does not run over"
    table.resizeColumnToContents(ACTIONS)
    whole = cell(table, WAITING, ACTIONS)
    assert max(ink(table, whole)) < whole.right()


async def test_the_button_under_the_pointer_is_lit_and_no_longer_when_the_pointer_left_it(table: ShipmentsTable) -> None:
    accept = cell(table, WAITING, ACTIONS).topLeft() + QPoint(10, ROW // 2)

    def ground() -> str:
        return QColor(seen(table).pixel(accept - QPoint(3, 0))).name()

    QTest.mouseMove(table.viewport(), cell(table, WAITING, RECEIVER).center())
    before = ground()
    QTest.mouseMove(table.viewport(), accept)
    assert ground() != before
    QTest.mouseMove(table.viewport(), cell(table, WAITING, COLLI).center())
    assert ground() == before
