"""What a key does to very many selected rows: it asks first, in place, with the numbers, and says where it ends."""

from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest

from gui.shipments.office import Office, row
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Status
from zendera_desk.domain.views import View
from zendera_desk.gui.shipments import deeds
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.spawn import Spawn

Until = Callable[[Callable[[], object]], Awaitable[None]]
WAITING, ACCEPTED = (11, 12, 13, 14, 15), (21, 22, 23)


@pytest.fixture
async def panel(
    office: Office,
    show: Callable[[ShipmentsPanel], ShipmentsPanel],
    spawn: Spawn,
    until: Until,
    monkeypatch: pytest.MonkeyPatch,
) -> ShipmentsPanel:
    """Five that wait for an answer and three that are accepted, all of them selected; three are already many."""
    for name, most in (("MORNING", 3), ("AT_ONCE", 5), ("GRID", 3), ("COPIED", 4), ("_PART", 2)):
        monkeypatch.setattr(deeds, name, most)
    await office.arrive(*(row(order) for order in (*WAITING, *ACCEPTED)))
    await office.desk.accept([OrderId(order) for order in ACCEPTED])
    made = ShipmentsPanel(office.desk, spawn)
    made.resize(1024, 500)
    office.desk.changes.subscribe(made.on_change)
    show(made)
    made.set_view(View.ALL)
    await until(lambda: made.model.loaded and made.model.rowCount() == len(WAITING) + len(ACCEPTED))
    made.focus_list()
    QTest.keyClick(made.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(made.selected()) == len(WAITING) + len(ACCEPTED)
    return made


async def asked(panel: ShipmentsPanel, key: Qt.Key, until: Until) -> str:
    QTest.keyClick(panel.table, key)
    await until(panel.deeds.confirm.isVisible)
    await until(panel.deeds.confirm._do.hasFocus)
    return panel.deeds.confirm.accessibleName()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
async def test_very_many_are_accepted_after_a_question_with_the_numbers(panel: ShipmentsPanel, until: Until, key: Qt.Key) -> None:
    accepts = QSignalSpy(panel.accept_asked)
    assert await asked(panel, Qt.Key.Key_A, until) == "Accept 5 shipments? 3 others cannot be accepted."
    assert panel.deeds.confirm._do.text() == "Accept 5"
    assert accepts.count() == 0
    QTest.keyClick(panel.deeds.confirm._do, key)
    assert [accepts.at(place) for place in range(accepts.count())] == [[sorted(WAITING, reverse=True)]]
    assert not panel.deeds.confirm.isVisible()
    assert panel.table.hasFocus()


async def test_escape_and_cancel_do_nothing_to_very_many(panel: ShipmentsPanel, until: Until) -> None:
    accepts = QSignalSpy(panel.accept_asked)
    await asked(panel, Qt.Key.Key_A, until)
    QTest.keyClick(panel.deeds.confirm._do, Qt.Key.Key_Escape)
    assert not panel.deeds.confirm.isVisible()
    assert panel.table.hasFocus()
    await asked(panel, Qt.Key.Key_A, until)
    QTest.keyClick(panel.deeds.confirm._do, Qt.Key.Key_Tab)
    assert panel.deeds.confirm._cancel.hasFocus()
    QTest.keyClick(panel.deeds.confirm._cancel, Qt.Key.Key_Return)
    assert not panel.deeds.confirm.isVisible()
    assert accepts.count() == 0


async def test_of_more_than_one_go_takes_the_first_are_accepted(
    panel: ShipmentsPanel, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deeds, "AT_ONCE", 2)
    accepts = QSignalSpy(panel.accept_asked)
    words = await asked(panel, Qt.Key.Key_A, until)
    assert words == "Accept the first 2 of 5 shipments? One go takes no more. 3 others cannot be accepted."
    QTest.keyClick(panel.deeds.confirm._do, Qt.Key.Key_Return)
    assert accepts.at(0) == [[15, 14]]


async def test_where_none_of_many_can_be_accepted_that_is_said(panel: ShipmentsPanel, office: Office, until: Until) -> None:
    told = QSignalSpy(panel.told)
    await office.desk.accept([OrderId(order) for order in WAITING])
    panel.deeds.accept()
    await until(lambda: told.count() == 1)
    assert told.at(0) == ["None of the 8 selected shipments can be accepted."]
    panel.deeds.fail()
    await until(lambda: told.count() == 2)
    assert told.at(1) == ["None of the 8 selected shipments can be failed."]


async def test_a_question_about_a_selection_goes_with_it(panel: ShipmentsPanel, until: Until) -> None:
    await asked(panel, Qt.Key.Key_A, until)
    panel.table.selectRow(2)
    assert not panel.deeds.confirm.isVisible()


async def test_the_bar_of_very_many_fails_only_those_that_can_be_and_says_so(panel: ShipmentsPanel, until: Until) -> None:
    fails = QSignalSpy(panel.fail_asked)
    QTest.keyClick(panel.table, Qt.Key.Key_F)
    await until(panel.fail_bar.isVisible)
    assert panel.fail_bar._title.text() == "Fail 5 shipments"
    assert panel.fail_bar._note.text() == "3 others cannot be failed. 5 shipments: strikes 1, 1, 1, 1, 1 of 5."
    QTest.keyClicks(panel.fail_bar._reason, "Road closed")
    QTest.keyClick(panel.fail_bar._reason, Qt.Key.Key_Return)
    assert fails.at(0) == [sorted(WAITING, reverse=True), "Road closed", False]
    panel.ask_failure([OrderId(11)])
    await until(panel.fail_bar.isVisible)
    assert panel.fail_bar._note.text() == "This is strike 1 of 5 for 11."


@pytest.mark.parametrize(("key", "status"), [(Qt.Key.Key_C, Status.COMPLETE), (Qt.Key.Key_B, None)])
async def test_a_report_on_too_many_offers_the_first(panel: ShipmentsPanel, until: Until, key: Qt.Key, status: Status | None) -> None:
    reports = QSignalSpy(panel.report_many_asked)
    assert await asked(panel, key, until) == "One report takes 3 shipments at most; 8 are selected."
    assert reports.count() == 0
    QTest.keyClick(panel.deeds.confirm._do, Qt.Key.Key_Return)
    assert reports.at(0) == [[23, 22, 21], status]


async def test_more_numbers_than_are_copied_are_said_to_be_more(panel: ShipmentsPanel) -> None:
    told = QSignalSpy(panel.told)
    QTest.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "23\n22\n21\n15"
    assert told.at(0) == ["The first 4 of 8 order numbers were copied. It takes no more."]


async def test_what_is_asked_of_one_account_is_not_answered_in_another(panel: ShipmentsPanel, office: Office, until: Until) -> None:
    await asked(panel, Qt.Key.Key_A, until)
    await office.desk.open_passing_account("Other", "http://127.0.0.1:10", "another-key")
    await until(lambda: not panel.deeds.confirm.isVisible())
