"""The line under the feed says where it stands, and never that it is up to date when it is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QProgressBar, QPushButton

from zendera_desk.domain.views import FeedCursor
from zendera_desk.gui.feed.cursor import CursorLine, said

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 13, 31, 2, tzinfo=UTC)
BEFORE = NOW - timedelta(days=7)
CATCHING_UP = FeedCursor(up_to_date_at=BEFORE, catching_up=True, read=12_400, about=40_000)
THIN = "\u202f"


@pytest.mark.parametrize(
    ("cursor", "icon", "words"),
    [
        (FeedCursor(), "hourglass", "Not read yet"),
        (FeedCursor(up_to_date_at=NOW), "check", "Up to date at 14:31:02"),
        (FeedCursor(up_to_date_at=BEFORE), "check", "Up to date at 14.11. 14:31"),
        (FeedCursor(catching_up=True), "loader-circle", "Catching up"),
        (FeedCursor(catching_up=True, read=300), "loader-circle", "Catching up · 300 changes read"),
        (CATCHING_UP, "loader-circle", f"Catching up · 12{THIN}400 of about 40{THIN}000"),
        (
            FeedCursor(up_to_date_at=BEFORE, catching_up=True, stopped=True, read=12_400, about=40_000),
            "pause",
            f"Catching up is stopped · 12{THIN}400 of about 40{THIN}000 · up to date until 14.11. 14:31",
        ),
        (
            FeedCursor(up_to_date_at=NOW, waits_until=NOW + timedelta(minutes=9)),
            "hourglass",
            "Waiting until 14:40:02: the hour's calls are used up · up to date until 14:31:02",
        ),
        (
            FeedCursor(up_to_date_at=NOW, gap_at=NOW - timedelta(hours=1)),
            "triangle-alert",
            "Up to date at 14:31:02 · gap possible at 13:31",
        ),
        (FeedCursor(up_to_date_at=NOW, gap_at=NOW - timedelta(hours=25)), "check", "Up to date at 14:31:02"),
        (FeedCursor(up_to_date_at=NOW, code="unauthorised"), "triangle-alert", "Blocked: key not accepted · up to date until 14:31:02"),
        (FeedCursor(up_to_date_at=NOW, code="offline"), "triangle-alert", "offline · up to date until 14:31:02"),
        (
            FeedCursor(code="forbidden", waits_until=NOW + timedelta(minutes=15)),
            "triangle-alert",
            "Blocked: not permitted · again at 14:46:02",
        ),
        (FeedCursor(code="of_next_year"), "triangle-alert", "Blocked: of next year"),
    ],
)
def test_each_standing_has_its_words(cursor: FeedCursor, icon: str, words: str) -> None:
    assert said(cursor, OSLO, NOW)[:2] == (icon, words)


@pytest.fixture
def line(show: Callable[[CursorLine], CursorLine]) -> CursorLine:
    return show(CursorLine(OSLO))


def test_much_has_a_bar_and_can_be_stopped_and_taken_up_again(line: CursorLine) -> None:
    asked: list[str] = []
    line.stop_asked.connect(lambda: asked.append("stop"))
    line.go_on_asked.connect(lambda: asked.append("go on"))
    bar, button = line.findChild(QProgressBar, "feedProgress"), line.findChild(QPushButton, "feedCatchUp")
    assert bar is not None
    assert button is not None
    line.show_cursor(CATCHING_UP, NOW)
    assert bar.isVisible()
    assert bar.value() == bar.maximum() * 31 // 100
    assert button.text() == "Stop"
    button.click()
    line.show_cursor(FeedCursor(catching_up=True, stopped=True, read=12_400, about=40_000), NOW)
    assert button.text() == "Go on"
    button.click()
    assert asked == ["stop", "go on"]
    line.show_cursor(FeedCursor(up_to_date_at=NOW), NOW)
    assert not bar.isVisible()
    assert not button.isVisible()


def test_a_few_changes_more_bring_no_bar_that_would_only_flash(line: CursorLine) -> None:
    line.show_cursor(FeedCursor(catching_up=True, read=100, about=300), NOW)
    assert not line.findChildren(QProgressBar)[0].isVisible()
    assert not line.findChildren(QPushButton)[0].isVisible()


class Paints(QObject):
    def __init__(self, of: QObject) -> None:
        super().__init__(of)
        self.count = 0
        of.installEventFilter(self)

    def eventFilter(self, _of: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


def test_how_far_it_is_is_painted_in_its_turn_and_not_at_once(line: CursorLine, app: QApplication) -> None:
    line.show_cursor(CATCHING_UP, NOW)
    app.processEvents()
    paints = Paints(line.findChildren(QProgressBar)[0])
    line.show_cursor(FeedCursor(up_to_date_at=BEFORE, catching_up=True, read=30_000, about=40_000), NOW)
    assert paints.count == 0
    app.processEvents()
    assert paints.count
