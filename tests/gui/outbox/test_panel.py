"""The outbox asks for what a person chose, shows the facts of a decision in place, and leaves selection and focus alone."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView

from zendera_desk.domain.changes import FeedAdvanced, OutboxChanged
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Decision, Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import EntryStory, OutboxLine
from zendera_desk.gui.outbox.model import MADE
from zendera_desk.gui.outbox.panel import OutboxPanel
from zendera_desk.gui.spawn import Spawn

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 13, 31, 10, tzinfo=UTC)
BIG = 2**40
Show = Callable[[OutboxPanel], OutboxPanel]
Until = Callable[[Callable[[], object]], Awaitable[None]]


class Entries:
    """Entries in memory, read as the store reads them."""

    def __init__(self, states: dict[int, State]) -> None:
        self.states = states
        self.doubled = 0

    async def outbox(self, closed: int = 200) -> list[OutboxLine]:
        assert closed > 0
        entries = [entry_of(number, state) for number, state in self.states.items()]
        return [OutboxLine(entry=self._twice(entry), account_name="Nordlys") for entry in entries]

    def _twice(self, entry: Entry) -> Entry:
        twice = (NOW - timedelta(minutes=9), NOW) if entry.id == BIG + self.doubled else ()
        return msgspec.structs.replace(entry, twice=twice)

    async def story(self, entry: EntryId) -> EntryStory:
        return EntryStory(entry=entry_of(entry - BIG, self.states[entry - BIG]), attempts=())

    def now(self) -> datetime:
        return NOW


def entry_of(number: int, state: State) -> Entry:
    return Entry(
        id=EntryId(BIG + number),
        account=AccountId("nordlys"),
        order_id=OrderId(BIG + 100 + number),
        kind=Kind.REPORT,
        status=Status.COMPLETE,
        stop=StopKind.DELIVERY,
        state=state,
        made_at=NOW - timedelta(minutes=20),
        ended_at=NOW - timedelta(minutes=12),
        next_at=NOW + timedelta(seconds=8),
        attempts=1,
        reads=2,
        last_read_at=NOW - timedelta(minutes=2),
        words="Left with the porter",
    )


@pytest.fixture
def entries() -> Entries:
    return Entries({1: State.NEEDS_PERSON, 2: State.REFUSED, 3: State.HELD, 4: State.DUE, 5: State.SENT})


@pytest.fixture
async def panel(entries: Entries, spawn: Spawn, show: Show, until: Until) -> OutboxPanel:
    made = OutboxPanel(entries, spawn, zone=OSLO)
    made.resize(1024, 560)
    show(made)
    await until(lambda: table(made).model().rowCount() == 8)
    return made


def table(panel: OutboxPanel) -> QTableView:
    found = panel.findChild(QTableView, "outbox")
    assert isinstance(found, QTableView)
    return found


def button(panel: OutboxPanel, name: str) -> QPushButton:
    found = panel.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def text(panel: OutboxPanel, name: str) -> str:
    found = panel.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def visible_buttons(panel: OutboxPanel) -> set[str]:
    return {each.objectName() for each in panel.findChildren(QPushButton) if each.isVisible()}


@pytest.mark.parametrize(
    ("name", "decision"), [("itArrived", Decision.ARRIVED), ("sendAgain", Decision.SEND_AGAIN), ("dropIt", Decision.DROP)]
)
async def test_a_person_decides_with_both_facts_on_screen(panel: OutboxPanel, name: str, decision: Decision) -> None:
    asked: list[tuple[object, object]] = []
    panel.decide_asked.connect(lambda entry, chosen: asked.append((entry, chosen)))
    panel.choose(EntryId(BIG + 1))
    assert visible_buttons(panel) == {"itArrived", "sendAgain", "dropIt", "openShipment", "copyDetails"}
    assert "14:19:10" in text(panel, "whatWeSent")
    assert "Left with the porter" in text(panel, "whatWeSent")
    assert "looked 2 times, last at 14:29:10" in text(panel, "whatZenderaShows")
    button(panel, name).click()
    assert asked == [(BIG + 1, decision)]


@pytest.mark.parametrize(
    ("number", "offered"),
    [
        (2, {"retryNow", "drop", "sendAnew"}),
        (3, {"takeBack", "moveToAnother"}),
        (4, {"retryNow", "takeBack", "moveToAnother"}),
        (5, {"correct", "wasAnother"}),
    ],
)
async def test_only_what_may_be_done_is_offered(panel: OutboxPanel, number: int, offered: set[str]) -> None:
    panel.choose(EntryId(BIG + number))
    assert visible_buttons(panel) == offered | {"openShipment", "copyDetails"}


async def test_what_is_there_twice_stays_in_sight_until_the_person_says_that_they_know(
    panel: OutboxPanel, entries: Entries, until: Until
) -> None:
    entries.doubled = 5
    panel.on_change(OutboxChanged(frozenset({EntryId(BIG + 5)})))
    await until(lambda: table(panel).model().index(0, 0).data() == "Needs you  3")
    asked: list[object] = []
    panel.seen_asked.connect(asked.append)
    panel.choose(EntryId(BIG + 5))
    assert visible_buttons(panel) == {"seenTwice", "correct", "wasAnother", "openShipment", "copyDetails"}
    assert "Twice: noted 14:22:10 and 14:31:10" in text(panel, "whatZenderaShows")
    button(panel, "seenTwice").click()
    assert asked == [BIG + 5]


async def test_the_buttons_ask_with_the_whole_id(panel: OutboxPanel) -> None:
    asked: list[object] = []
    for signal in (panel.retry_asked, panel.drop_asked, panel.take_back_asked, panel.shipment_asked):
        signal.connect(asked.append)
    panel.choose(EntryId(BIG + 2))
    button(panel, "retryNow").click()
    button(panel, "drop").click()
    button(panel, "openShipment").click()
    panel.choose(EntryId(BIG + 3))
    button(panel, "takeBack").click()
    assert asked == [BIG + 2, BIG + 2, BIG + 102, [BIG + 3]]


async def test_the_keys_ask_too_while_the_table_has_the_focus(panel: OutboxPanel) -> None:
    asked: list[object] = []
    for signal in (panel.retry_asked, panel.take_back_asked, panel.shipment_asked):
        signal.connect(asked.append)
    panel.choose(EntryId(BIG + 4))
    view = table(panel)
    view.setFocus()
    for key in (Qt.Key.Key_R, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(view, key)
    assert asked == [BIG + 4, [BIG + 4], BIG + 104, BIG + 104]


async def test_several_are_taken_back_at_once_and_others_are_left(panel: OutboxPanel) -> None:
    asked: list[object] = []
    panel.take_back_asked.connect(asked.append)
    table(panel).selectAll()
    (take_back,) = [action for action in table(panel).findChildren(QAction) if action.text() == "Take back"]
    take_back.trigger()
    assert asked == [[BIG + 3, BIG + 4]]


async def test_details_go_to_the_clipboard(panel: OutboxPanel, until: Until) -> None:
    copied: list[object] = []
    panel.copy_asked.connect(copied.append)
    panel.choose(EntryId(BIG + 2))
    button(panel, "copyDetails").click()
    await until(lambda: copied == [BIG + 2])
    assert str(BIG + 102) in QApplication.clipboard().text()


async def test_a_change_is_read_and_the_chosen_entry_stays_chosen(panel: OutboxPanel, entries: Entries, until: Until) -> None:
    panel.choose(EntryId(BIG + 4))
    entries.states[4] = State.SENT
    entries.states[6] = State.HELD
    panel.on_change(OutboxChanged(frozenset({EntryId(BIG + 4)})))
    await until(lambda: table(panel).model().rowCount() == 9)
    assert [line.entry.id for line in panel._chosen()] == [BIG + 4]
    assert visible_buttons(panel) == {"correct", "wasAnother", "openShipment", "copyDetails"}


async def test_what_is_not_the_outboxs_is_not_read(panel: OutboxPanel) -> None:
    panel.on_change(FeedAdvanced(1))
    assert not panel._burst.isActive()


async def test_the_clock_runs_only_while_something_counts_down_in_sight(panel: OutboxPanel, entries: Entries) -> None:
    assert panel._second.isActive()
    panel.hide()
    assert not panel._second.isActive()
    panel.show()
    assert panel._second.isActive()
    entries.states = {2: State.REFUSED}
    await panel.read()
    assert not panel._second.isActive()


async def test_an_empty_outbox_says_no_more_than_it_knows(panel: OutboxPanel, entries: Entries) -> None:
    entries.states = {}
    await panel.read()
    assert any(label.text() == "Nothing is on its way" and label.isVisible() for label in panel.findChildren(QLabel))
    assert not table(panel).isVisible()


async def test_the_outbox_has_its_name(panel: OutboxPanel) -> None:
    assert table(panel).accessibleName() == "Outbox"
    assert all(each.accessibleName() for each in panel.findChildren(QPushButton))


async def test_in_a_narrow_window_the_outbox_is_not_scrolled_sideways(panel: OutboxPanel, until: Until) -> None:
    assert not table(panel).isColumnHidden(MADE)
    panel.resize(712, 560)
    assert table(panel).isColumnHidden(MADE)
    await until(lambda: table(panel).horizontalScrollBar().maximum() == 0)


async def test_tab_leads_from_the_entry_to_what_may_be_done_with_it(panel: OutboxPanel) -> None:
    panel.choose(EntryId(BIG + 1))
    table(panel).setFocus()
    reached = []
    for _ in range(5):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget().objectName())
    assert reached == ["itArrived", "sendAgain", "dropIt", "openShipment", "copyDetails"]
