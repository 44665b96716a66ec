"""The feed follows, stands still while somebody reads, and never claims to be up to date when it is not."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QTableView

from zendera_desk.domain.changes import FeedAdvanced, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import FeedCursor, FeedLine, FeedScope
from zendera_desk.gui.feed.cursor import said
from zendera_desk.gui.feed.panel import FeedPanel
from zendera_desk.gui.feed.rows import FeedTable
from zendera_desk.gui.spawn import Spawn

OSLO = ZoneInfo("Europe/Oslo")
DOCK = 296
NOW = datetime(2026, 11, 21, 13, 31, 2, tzinfo=UTC)
Show = Callable[[FeedPanel], FeedPanel]
Until = Callable[[Callable[[], object]], Awaitable[None]]


class Shelf:
    """Changes in memory, read as the store reads them."""

    def __init__(self, count: int) -> None:
        self.lines: list[FeedLine] = []
        self.cursor = FeedCursor(up_to_date_at=NOW)
        self.asked_after: list[int] = []
        self.answers = {scope: asyncio.Event() for scope in FeedScope}
        for event in self.answers.values():
            event.set()
        self.arrive(count)

    def arrive(self, count: int, order_id: OrderId | None = None) -> None:
        for _ in range(count):
            number = len(self.lines) + 1
            self.lines.append(FeedLine(id=number, at=NOW, product_number=f"P-{number}", status=ProductStatus.COMPLETED, order_id=order_id))

    def _of(self, scope: FeedScope, order_id: OrderId | None) -> list[FeedLine]:
        match scope:
            case FeedScope.ALL:
                return self.lines[::-1]
            case FeedScope.ORDER:
                return [line for line in self.lines[::-1] if line.order_id == order_id]
            case FeedScope.UNMATCHED:
                return [line for line in self.lines[::-1] if line.order_id is None]

    async def feed(
        self, scope: FeedScope = FeedScope.ALL, order_id: OrderId | None = None, before: int | None = None, limit: int = 200
    ) -> list[FeedLine]:
        await self.answers[scope].wait()
        return [line for line in self._of(scope, order_id) if before is None or line.id < before][:limit]

    async def feed_after(self, newest: int, scope: FeedScope = FeedScope.ALL, order_id: OrderId | None = None) -> list[FeedLine]:
        self.asked_after.append(newest)
        return [line for line in self._of(scope, order_id) if line.id > newest]

    async def feed_cursor(self) -> FeedCursor:
        return self.cursor

    def now(self) -> datetime:
        return NOW


def table(panel: FeedPanel) -> QTableView:
    found = panel.findChild(QTableView, "productFeed")
    assert isinstance(found, FeedTable)
    return found


def button(panel: FeedPanel, name: str) -> QAbstractButton:
    found = panel.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def words(panel: FeedPanel) -> list[str]:
    """The rows from the top, without the day."""
    model = table(panel).model()
    return [str(model.index(row, 0).data()).split(", ")[2] for row in range(1, model.rowCount())]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(60)


@pytest.fixture
async def panel(shelf: Shelf, spawn: Spawn, show: Show, until: Until) -> FeedPanel:
    made = FeedPanel(shelf, spawn, zone=OSLO)
    made.resize(300, 500)
    show(made)
    await until(lambda: table(made).model().rowCount() == 61)
    return made


async def test_new_changes_come_in_on_top_by_themselves(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    shelf.arrive(3)
    panel.on_change(FeedAdvanced(3))
    await until(lambda: words(panel)[:2] == ["P-63", "P-62"])
    assert button(panel, "following").text() == "following"


async def test_a_burst_is_one_read(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    for _ in range(20):
        shelf.arrive(1)
        panel.on_change(FeedAdvanced(1))
    await until(lambda: words(panel)[0] == "P-80")
    assert shelf.asked_after == [60]


async def test_other_changes_are_not_the_feeds(panel: FeedPanel) -> None:
    panel.on_change(OutboxChanged(frozenset()))
    assert not panel._burst.isActive()
    assert not panel._rematch.isActive()


async def test_a_chosen_row_stays_where_it_is_and_the_new_are_counted(panel: FeedPanel, shelf: Shelf) -> None:
    view = table(panel)
    view.selectRow(2)
    before = words(panel)
    shelf.arrive(37)
    await panel.catch_up()
    assert words(panel) == before
    assert button(panel, "following").text() == "paused"
    assert button(panel, "newChanges").text() == "37 new"
    assert button(panel, "newChanges").isVisible()


async def test_the_chip_lets_the_new_in_and_follows_again(panel: FeedPanel, shelf: Shelf) -> None:
    table(panel).selectRow(2)
    shelf.arrive(37)
    await panel.catch_up()
    button(panel, "newChanges").click()
    assert words(panel)[0] == "P-97"
    assert not button(panel, "newChanges").isVisible()
    assert button(panel, "following").text() == "following"
    assert table(panel).verticalScrollBar().value() == 0


async def test_escape_lets_go_of_the_row_and_the_feed_goes_on(panel: FeedPanel, shelf: Shelf) -> None:
    table(panel).selectRow(2)
    shelf.arrive(1)
    await panel.catch_up()
    QTest.keyClick(table(panel), Qt.Key.Key_Escape)
    assert words(panel)[0] == "P-61"


async def test_scrolled_away_the_view_does_not_move(panel: FeedPanel, shelf: Shelf) -> None:
    view = table(panel)
    view.verticalScrollBar().setValue(400)
    top = view.indexAt(QPoint(5, 5)).data()
    shelf.arrive(5)
    await panel.catch_up()
    assert view.indexAt(QPoint(5, 5)).data() == top
    assert panel.paused
    view.verticalScrollBar().setValue(0)
    assert not panel.paused
    assert words(panel)[0] == "P-65"


async def test_following_can_be_stopped_and_taken_up_by_hand(panel: FeedPanel, shelf: Shelf) -> None:
    button(panel, "following").click()
    shelf.arrive(1)
    await panel.catch_up()
    assert words(panel)[0] == "P-60"
    button(panel, "following").click()
    assert words(panel)[0] == "P-61"


async def test_scrolling_down_reads_older_rows(spawn: Spawn, show: Show, until: Until) -> None:
    panel = FeedPanel(Shelf(450), spawn, zone=OSLO)
    panel.resize(300, 500)
    show(panel)
    bar = table(panel).verticalScrollBar()
    for rows in (201, 401, 451):
        await until(lambda rows=rows: table(panel).model().rowCount() == rows)
        bar.setValue(bar.maximum())
    assert words(panel)[-1] == "P-1"


async def test_this_order_shows_the_open_shipment_alone(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    shelf.arrive(2, OrderId(2**40))
    button(panel, "scopeOrder").click()
    await until(lambda: table(panel).model().rowCount() == 0)
    assert any(label.text() == "No shipment is open" for label in panel.findChildren(QLabel))
    panel.set_order(OrderId(2**40))
    await until(lambda: table(panel).model().rowCount() == 3)
    assert words(panel) == ["P-62", "P-61"]


async def test_a_late_answer_does_not_come_into_another_scope(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    shelf.arrive(2, OrderId(5))
    panel.set_order(OrderId(5))
    shelf.answers[FeedScope.UNMATCHED].clear()
    button(panel, "scopeUnmatched").click()
    await asyncio.sleep(0)
    button(panel, "scopeOrder").click()
    await until(lambda: words(panel) == ["P-62", "P-61"])
    shelf.answers[FeedScope.UNMATCHED].set()
    await until(lambda: all(task.get_name() != "read the feed" for task in asyncio.all_tasks()))
    assert words(panel) == ["P-62", "P-61"]


async def test_unmatched_leaves_when_its_shipment_comes(panel: FeedPanel, shelf: Shelf, until: Until) -> None:
    button(panel, "scopeUnmatched").click()
    shelf.arrive(1)
    await panel.read()
    assert len(words(panel)) == 61
    shelf.lines[-1] = FeedLine(id=61, at=NOW, product_number="P-61", order_id=OrderId(5))
    panel.on_change(ShipmentsChanged(frozenset({OrderId(5)})))
    await until(lambda: len(words(panel)) == 60)


async def test_a_change_shows_its_shipment_once_that_is_here(panel: FeedPanel, shelf: Shelf) -> None:
    shelf.lines[-1] = FeedLine(id=60, at=NOW, product_number="P-60", order_id=OrderId(5))
    await panel.match_again()
    assert "Shipment 5" in table(panel).model().index(1, 0).data()


async def test_enter_and_a_click_on_the_number_open_the_shipment(panel: FeedPanel, shelf: Shelf) -> None:
    shelf.arrive(1, OrderId(2**40))
    await panel.catch_up()
    asked: list[object] = []
    panel.shipment_asked.connect(asked.append)
    view = table(panel)
    row = view.visualRect(view.model().index(1, 0))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(row.right() - 20, row.top() + 12))
    assert asked == [2**40]
    assert not panel.paused, "looking at a shipment does not stop the feed"
    view.setCurrentIndex(view.model().index(1, 0))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(view, key)
    assert asked == [2**40] * 3


async def test_the_controls_have_their_names(panel: FeedPanel) -> None:
    assert table(panel).accessibleName() == "Product feed"
    assert all(button(panel, name).accessibleName() for name in ("following", "scopeOrder", "scopeAll", "scopeUnmatched"))


@pytest.mark.parametrize(
    ("cursor", "icon", "part"),
    [
        (FeedCursor(), "hourglass", "Not read yet"),
        (FeedCursor(up_to_date_at=NOW), "check", "Up to date at 14:31:02"),
        (FeedCursor(up_to_date_at=NOW, catching_up=True), "loader-circle", "Catching up"),
        (FeedCursor(up_to_date_at=NOW, gap_at=NOW - timedelta(hours=1)), "triangle-alert", "a gap is possible at 21.11. 13:31"),
        (FeedCursor(up_to_date_at=NOW, code="unauthorised"), "triangle-alert", "key not accepted"),
        (FeedCursor(up_to_date_at=NOW, code="of_next_year"), "triangle-alert", "of next year"),
    ],
)
def test_the_line_below_says_where_the_feed_stands(cursor: FeedCursor, icon: str, part: str) -> None:
    shown_icon, sentence, _ = said(cursor, OSLO)
    assert shown_icon == icon
    assert part in sentence


async def test_the_feed_fits_into_its_dock_also_while_it_is_paused(panel: FeedPanel) -> None:
    assert panel.minimumSizeHint().width() <= DOCK
    panel.pause()
    assert panel.minimumSizeHint().width() <= DOCK
