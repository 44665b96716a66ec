"""The window while the disk is full: no word of it is untrue, nothing that was typed is gone, and with room again the same key works.

The disk fails below SQLite and below the program's files (prove/failingdisk.py); everything above is the program.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from prove.failingdisk import FAULTS, FailingDisk
from prove.scenarios import picture
from prove.workplace import Workplace, states
from zendera_desk.domain.changes import LoopFailed
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.views import View
from zendera_desk.engine.supervise import Supervisor
from zendera_desk.gui.window import Window
from zendera_desk.store.database import FILE_NAME

Until = Callable[[Callable[[], object]], Awaitable[None]]
FULL = "the disk is full"


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    made = FailingDisk()
    with made.below():
        yield made


@pytest.fixture
async def place(tmp_path: Path, disk: FailingDisk) -> AsyncIterator[Workplace]:
    """Six shipments, two of them accepted: Zendera has it."""
    one = Workplace(tmp_path)
    await one.open()
    await one.walk()
    await one.desk.accept((await one.desk.shipment_ids(View.TO_ACCEPT))[:2])
    await one.send()
    yield one
    disk.heal()
    await one.desk.close()


@pytest.fixture
async def window(place: Workplace, show: Callable[[Window], Window], until: Until) -> AsyncIterator[Window]:
    upkeep = Supervisor(place.clock, place.desk.changes)
    made = show(Window(place.desk, upkeep.spawn, lambda _settings: None, lambda: None))
    made.show_account()
    await made.build_the_rest()
    await until(lambda: made.shipments.model.rowCount() == 4)
    yield made
    await made.let_go()
    await upkeep.close()


def words(window: Window) -> str:
    """All that is said on the screen in notices, toasts and below the form."""
    said = [label.text() for label in window.banners.findChildren(QLabel) if label.isVisible()]
    return " ".join([*said, window.toasts.accessibleName() if window.toasts.isVisible() else "", window.report.bar.mark.text()])


def kept(place: Workplace) -> list[str]:
    """What the file says of its entries."""
    return list(states(place.folder / FILE_NAME).values())


async def form_of(window: Window, view: View, until: Until) -> OrderId:
    """The first shipment's, filled in."""
    window.shipments.set_view(view)
    await until(lambda: window.shipments.model.view is view and window.shipments.model.rowCount() == 2)
    window.shipments.table.selectRow(0)
    QTest.keyClick(window.shipments.table, Qt.Key.Key_Return)
    await until(lambda: window.report._opened is not None and window.report.form.time.hasFocus())
    window.report.form.time.setText("1030")
    window.report.form.time.settle()
    window.report.form.texts["signee"].setText("Kari Nordmann")
    return window.shipments.model.ids[0]


def full_from(disk: FailingDisk, write: int) -> None:
    disk.arm(write, FAULTS["stays full"])


@pytest.mark.parametrize("write", [1, 7])
async def test_what_is_typed_stays_in_the_form_and_is_saved_when_there_is_room(
    window: Window, place: Workplace, disk: FailingDisk, until: Until, write: int
) -> None:
    order = await form_of(window, View.TO_REPORT, until)
    typed = window.report.draft()
    full_from(disk, write)
    assert not await window.report.flush()
    assert FULL in words(window)
    assert "Draft saved" not in words(window)
    assert window.report.draft() == typed
    disk.heal()
    assert await window.report.flush()
    found = await place.desk.shipment(order)
    assert found is not None
    assert found.draft == typed
    assert FULL not in words(window)


@pytest.mark.parametrize("write", [1, 7])
async def test_an_accept_that_could_not_be_written_is_nowhere_and_the_same_key_works_later(
    window: Window, place: Workplace, disk: FailingDisk, until: Until, write: int
) -> None:
    accept = next(each for each in window.shipments.actions_for_menu() if each.objectName() == "acceptSelected")
    window.shipments.table.selectAll()
    full_from(disk, write)
    accept.trigger()
    await until(lambda: FULL in words(window))
    assert "accepted" not in words(window)
    assert kept(place) == ["sent"] * 2
    assert window.shipments.model.rowCount() == 4
    disk.heal()
    accept.trigger()
    await until(lambda: "4 shipments will be accepted" in words(window))
    assert kept(place) == ["sent"] * 2 + ["held"] * 4
    await place.send()
    assert list(place.arrived().values()) == [1] * 6


@pytest.mark.parametrize("write", [1, 7])
async def test_a_report_that_could_not_be_written_stays_in_the_form_with_its_picture(
    window: Window, place: Workplace, disk: FailingDisk, until: Until, write: int
) -> None:
    order = await form_of(window, View.TO_REPORT, until)
    window.report.pane.given.emit([picture("red")])
    await until(lambda: window.report.draft().pictures)
    assert await window.report.flush()
    typed = window.report.draft()
    full_from(disk, write)
    window.report.bar.send.click()
    await until(lambda: FULL in words(window))
    assert "will be sent" not in words(window)
    assert kept(place) == ["sent"] * 2
    assert window.report.draft() == typed
    disk.heal()
    window.report.bar.send.click()
    await until(lambda: "will be sent" in words(window))
    assert kept(place) == ["sent"] * 2 + ["held"]
    await place.send()
    assert [each.order_id for each in place.simulator.ledger.applied(kind="report")] == [order]


@pytest.mark.expected_log("could not be noted")
async def test_an_answer_that_cannot_be_noted_is_not_shown_as_sent(
    window: Window, place: Workplace, disk: FailingDisk, until: Until
) -> None:
    await form_of(window, View.TO_REPORT, until)
    window.report.bar.send.click()
    await until(lambda: "will be sent" in words(window))
    place.wire.on_answer = lambda: full_from(disk, 1)
    with pytest.raises(StoreError, match="disk_full") as raised:
        await place.send()
    place.desk.changes.publish(LoopFailed("outbox", raised.value))  # as the loop does that calls the step
    window.show_outbox()
    await until(lambda: FULL in words(window))
    [line] = [line for line in await place.desk.outbox() if line.entry.kind == "report"]
    assert line.entry.state is State.SENDING
    assert kept(place)[-1] == "sending"
    place.wire.on_answer = lambda: None
    disk.heal()
    await place.send()
    assert kept(place)[-1] == "sent"
    assert len(place.simulator.ledger.applied(kind="report")) == 1
