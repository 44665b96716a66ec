"""The page about copies: what is there, whether more are made, and going back, asked once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QPushButton

from zendera_desk.domain.copies import Copy, CopyKind, CopyLine, CopyState
from zendera_desk.domain.errors import StoreError
from zendera_desk.gui.settings.copies import Copies, size_of
from zendera_desk.gui.spawn import Spawn

NOW = datetime(2026, 6, 11, 12, 30, tzinfo=UTC)
Until = Callable[[Callable[[], object]], Awaitable[None]]
Show = Callable[[Copies], Copies]


def line(hours: float, kind: CopyKind = CopyKind.HOURLY, shipments: int | None = 120) -> CopyLine:
    copy = Copy(path=Path(f"{hours}"), at=NOW - timedelta(hours=hours), kind=kind, generation=1, size=12_400_000)
    return CopyLine(copy=copy, shipments=shipments, open_entries=None if shipments is None else 3)


class Office:
    folder = Path("/nowhere")
    zone: tzinfo = UTC

    def __init__(self) -> None:
        self.lines = [line(0.5), line(3, CopyKind.BY_HAND), line(50), line(60, shipments=None)]
        self.state = CopyState(made_at=NOW - timedelta(hours=0.5))
        self.trouble: StoreError | None = None

    async def copies(self) -> list[CopyLine]:
        return list(self.lines)

    async def copy_state(self) -> CopyState:
        return self.state

    async def make_copy(self) -> Copy:
        if self.trouble is not None:
            self.state = CopyState(made_at=self.state.made_at, failed_at=NOW, code=self.trouble.code)
            raise self.trouble
        self.lines.insert(0, line(0, CopyKind.BY_HAND))
        self.state = CopyState(made_at=NOW)
        return self.lines[0].copy

    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def page(office: Office, spawn: Spawn, show: Show, until: Until) -> Copies:
    made = show(Copies(office, spawn))
    made.resize(900, 600)
    await until(lambda: made.table.model().rowCount() == 4)
    return made


def button(page: Copies, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def row(page: Copies, number: int) -> list[str]:
    model = page.table.model()
    return [str(model.index(number, column).data()) for column in range(model.columnCount())]


def said(page: Copies, name: str) -> str:
    found = page.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text() if found.isVisible() else ""


def press(page: Copies, name: str) -> None:
    QTest.mouseClick(button(page, name), Qt.MouseButton.LeftButton)


async def test_each_copy_says_when_why_and_how_much(page: Copies) -> None:
    assert row(page, 0) == ["12:00", "30 min", "by itself", "120", "3", "12.4\u202fMB"]
    assert row(page, 1)[:3] == ["09:30", "3 h", "by hand"]
    assert row(page, 2)[:2] == ["Tue 10:30", "2 days"]
    assert row(page, 3)[2:5] == ["cannot be read", "", ""]


async def test_going_back_takes_two_clicks_and_says_what_it_means(page: Copies, office: Office) -> None:
    wanted: list[Copy] = []
    page.went_back.connect(wanted.append)
    assert not button(page, "goBackToCopy").isEnabled(), "no copy is chosen"
    page.table.selectRow(1)
    press(page, "goBackToCopy")
    question = page.findChild(QFrame, "goBackQuestion")
    assert question is not None
    assert question.isVisible()
    assert question.accessibleName() == "Go back to the copy of 09:30?"
    assert button(page, "keepThings").hasFocus(), "Enter by mistake changes nothing"
    assert wanted == []
    press(page, "goBack")
    assert wanted == [office.lines[1].copy]
    assert not page.isEnabled()


async def test_a_no_and_another_choice_take_the_question_away(page: Copies) -> None:
    question = page.findChild(QFrame, "goBackQuestion")
    assert question is not None
    page.table.selectRow(0)
    press(page, "goBackToCopy")
    press(page, "keepThings")
    assert question.isHidden()
    assert page.table.hasFocus()
    press(page, "goBackToCopy")
    page.table.selectRow(1)
    assert question.isHidden(), "it was asked about another copy"


async def test_a_copy_that_cannot_be_read_is_no_place_to_go_back_to(page: Copies) -> None:
    page.table.selectRow(3)
    assert not button(page, "goBackToCopy").isEnabled()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    question = page.findChild(QFrame, "goBackQuestion")
    assert question is not None
    assert question.isHidden()


async def test_a_copy_made_now_appears_and_the_choice_stays(page: Copies, until: Until) -> None:
    page.table.selectRow(1)
    press(page, "makeCopy")
    await until(lambda: page.table.model().rowCount() == 5)
    assert row(page, 0)[:3] == ["12:30", "now", "by hand"]
    assert [index.row() for index in page.table.selectionModel().selectedRows()] == [2]
    assert "12:30" in said(page, "copyState")
    assert button(page, "makeCopy").isEnabled()


@pytest.mark.parametrize(
    ("code", "words"), [("disk_full", "too little room"), ("damaged", "not sound"), ("io", "the disk answered with an error")]
)
async def test_why_the_last_try_failed_is_said_beside_the_last_good_one(
    page: Copies, office: Office, until: Until, code: str, words: str
) -> None:
    office.trouble = StoreError(code)
    press(page, "makeCopy")
    await until(lambda: words in said(page, "copyFailure"))
    assert "12:00" in said(page, "copyState")
    assert button(page, "makeCopy").isEnabled()


async def test_before_the_first_copy_it_says_when_that_comes(office: Office, spawn: Spawn, show: Show, until: Until) -> None:
    office.lines, office.state = [], CopyState()
    page = show(Copies(office, spawn))
    await until(lambda: "no copy yet" in said(page, "copyState"))


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "0 kB"), (640_000, "640 kB"), (12_400_000, "12.4 MB"), (980_000_000, "980 MB"), (2_100_000_000, "2.1 GB")]
)
def test_sizes_read_as_the_system_s_own_windows_say_them(amount: int, words: str) -> None:
    assert size_of(amount).replace("\u202f", " ") == words
