"""A report on fifteen shipments in the whole window, on a real desk and its store: keys in, entries out, and nothing lost."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.shipments.office import Office, open_office, row
from support.day import HandClock
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.bulk import draft_of
from zendera_desk.domain.changes import ShipmentsChanged
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.views import View
from zendera_desk.gui.bulk.panel import BulkPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.window import Window
from zendera_desk.store import outbox

Until = Callable[[Callable[[], object]], Awaitable[None]]
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ORDERS = [OrderId(number) for number in range(101, 116)]
NAMES = [f"Signee {number}" for number in range(1, 16)]


async def accept(office: Office, orders: list[OrderId]) -> None:
    written = await office.desk.accept(orders)
    for entry in written.entries:
        for state in (State.DUE, State.SENDING, State.SENT, State.CONFIRMED):
            await office.desk._database.write(outbox.move, entry, state)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        await office.arrive(*(row(order) for order in ORDERS))
        await accept(office, ORDERS)
        office.clock.move(hours=5)
        yield office


@pytest.fixture
async def window(office: Office, spawn: Spawn, show: Callable[[Window], Window], until: Until) -> AsyncIterator[Window]:
    made = Window(office.desk, spawn, lambda _settings: None, lambda: None)
    show(made)
    made.show_account()
    await made.build_the_rest()
    made.shipments.set_view(View.ALL)
    await until(lambda: made.shipments.model.rowCount() == 15)
    await until(lambda: made.shipments.model.line(made.shipments.model.ids[0]))
    yield made
    await made.let_go()


@pytest.fixture
async def panel(window: Window, until: Until) -> BulkPanel:
    """All fifteen chosen, and B pressed."""
    window.shipments.table.selectAll()
    press(window.shipments.table, Key.Key_B)
    panel = window.bulk.panel
    await until(lambda: len(panel.sheet.known) == 15)
    return panel


def press(widget: object, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(widget, key, held)  # type: ignore[call-overload]


def type_in(text: str) -> None:
    """Each letter to whoever has the focus then: the first one opens the cell."""
    for letter in text:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, letter)


def copy(*lines: str) -> None:
    QGuiApplication.clipboard().setText("\r\n".join(lines) + "\r\n")


def states(panel: BulkPanel) -> list[str]:
    return [panel.model.label(each).text for each in panel.sheet.rows]


async def reports(office: Office) -> list[OrderId]:
    lines = await office.desk.outbox()
    return sorted(line.entry.order_id for line in lines if line.entry.kind is Kind.REPORT and line.entry.state is State.HELD)


async def with_names_and_a_time(panel: BulkPanel, until: Until) -> None:
    await until(panel.shared.time.hasFocus)
    type_in("1130")
    panel.grid.setFocus()
    panel.grid.choose(0, "signee")
    copy(*NAMES)
    press(panel.grid, Key.Key_V, held=CTRL)


async def test_fifteen_rows_with_one_invalid_time_make_fourteen_entries_and_the_row_keeps_everything(
    office: Office, panel: BulkPanel, window: Window, until: Until
) -> None:
    await with_names_and_a_time(panel, until)
    assert [each.signee for each in panel.sheet.rows] == NAMES
    panel.grid.choose(6, "time")
    type_in("2575")
    press(QApplication.focusWidget(), Key.Key_Tab)
    type_in("left at the gate")
    press(QApplication.focusWidget(), Key.Key_Return)
    assert states(panel).count("ready") == 14
    assert states(panel)[6] == "time not clear"
    press(panel.grid, Key.Key_Return, held=CTRL)
    wrong = panel.sheet.rows[6]
    await until(lambda: sum(each.entry is not None for each in panel.sheet.rows) == 14)
    assert await reports(office) == sorted(set(panel.sheet.ids()) - {wrong.order_id})
    assert (wrong.signee, wrong.time, wrong.comment, wrong.entry) == (NAMES[6], "2575", "left at the gate", None)
    await until(lambda: panel.grid.currentIndex().row() == 6)
    await until(lambda: states(panel)[0].startswith("held"))
    kept = await office.desk.bulk.load()
    assert kept is not None
    assert kept.unsent == (wrong,)
    await until(lambda: "14 reports will be sent" in window.toasts.accessibleName())


async def test_one_undo_takes_the_whole_batch_back_into_the_grid(office: Office, panel: BulkPanel, window: Window, until: Until) -> None:
    await with_names_and_a_time(panel, until)
    press(panel.grid, Key.Key_Return, held=CTRL)
    await until(lambda: all(each.entry is not None for each in panel.sheet.rows))
    await until(lambda: "15 reports will be sent" in window.toasts.accessibleName())
    press(panel.grid, Key.Key_Z, held=CTRL)
    await until(lambda: all(each.entry is None for each in panel.sheet.rows))
    assert [each.signee for each in panel.sheet.rows] == NAMES
    assert await reports(office) == []
    await until(lambda: states(panel) == ["ready"] * 15)
    found = await office.desk.shipment(ORDERS[0])
    assert found is not None
    assert found.draft is None, "the grid has it, not a form of its own"


async def test_after_a_kill_the_grid_is_found_again(office: Office, panel: BulkPanel, window: Window, until: Until) -> None:
    await with_names_and_a_time(panel, until)
    typed = panel.draft()
    await until(lambda: panel.bar.mark.text().startswith("Draft saved"))
    other = await Desk.open(
        office.desk.folder,
        office.desk.settings,
        zone=office.desk.zone,
        keys=Keys(find=lambda: ()),
        clock=HandClock(),
        by_hand=True,
    )
    await other.open_passing_account("Nordlys", "http://127.0.0.1:9", "a-key")
    assert await other.bulk.load() == typed
    assert set(await other.shipment_ids(View.NEEDS_ME)) == set(ORDERS)
    await other.close()


async def test_an_unfinished_grid_is_said_quietly_and_goes_on(office: Office, window: Window, panel: BulkPanel, until: Until) -> None:
    await with_names_and_a_time(panel, until)
    press(panel.grid, Key.Key_Escape)
    await until(lambda: "bulk" in set(window.banners.keys()))
    window.bulk.resume()
    await until(panel.isVisible)
    assert "bulk" not in set(window.banners.keys())
    assert [each.signee for each in panel.sheet.rows] == NAMES


async def test_a_draft_of_its_own_stays_when_the_row_is_sent(office: Office, panel: BulkPanel, until: Until) -> None:
    own = Draft(time="11.06.26 11:05", signee="Siri Dahl", comment="torn")
    await office.desk.save_draft(ORDERS[3], own)
    await until(lambda: any(each.draft == own for each in panel.sheet.known.values()))
    place = panel.sheet.ids().index(ORDERS[3])
    panel.grid.choose(place, "signee")
    assert "torn" in panel.row_line.own.text()
    panel.row_line.take_over.click()
    assert panel.sheet.rows[place].signee == "Siri Dahl"
    panel.send()
    await until(lambda: panel.sheet.rows[place].entry is not None)
    assert await reports(office) == [ORDERS[3]]
    found = await office.desk.shipment(ORDERS[3])
    assert found is not None
    assert found.draft == own


async def test_what_the_clipboard_has_too_much_of_is_said_and_undone_at_once(panel: BulkPanel, until: Until) -> None:
    panel.grid.choose(10, "signee")
    copy(*NAMES)
    press(panel.grid, Key.Key_V, held=CTRL)
    assert panel.line.isVisible()
    assert "10 lines found no row" in panel.line.words.text()
    press(panel.grid, Key.Key_Z, held=CTRL)
    assert not any(each.signee for each in panel.sheet.rows)


async def test_fill_down_copy_and_clear_work_as_in_a_spreadsheet(panel: BulkPanel) -> None:
    panel.grid.setFocus()
    panel.grid.choose(0, "signee")
    type_in("Kari")
    press(QApplication.focusWidget(), Key.Key_Return)
    assert panel.grid.currentIndex().row() == 1
    press(panel.grid, Key.Key_D, held=CTRL)
    assert [each.signee for each in panel.sheet.rows[:3]] == ["Kari", "Kari", ""]
    press(panel.grid, Key.Key_C, held=CTRL)
    assert QGuiApplication.clipboard().text() == "Kari"
    press(panel.grid, Key.Key_Delete)
    assert [each.signee for each in panel.sheet.rows[:2]] == ["Kari", ""]


async def test_a_status_key_with_several_rows_chosen_opens_the_grid_with_it(window: Window, until: Until) -> None:
    window.shipments.table.selectAll()
    press(window.shipments.table, Key.Key_N)
    await until(lambda: len(window.bulk.panel.sheet.known) == 15)
    panel = window.bulk.panel
    assert panel.sheet.shared.status is Status.NO_ONE_THERE
    assert panel.grid.isColumnHidden(3), "nobody signs for that"


async def test_a_discarded_grid_comes_back(office: Office, panel: BulkPanel, window: Window, until: Until) -> None:
    await with_names_and_a_time(panel, until)
    panel.bar.discard.click()
    await until(lambda: "15 shipments discarded" in window.toasts.accessibleName())
    assert await office.desk.bulk.load() is None
    window.toasts._act()
    await until(lambda: [each.signee for each in panel.sheet.rows] == NAMES)
    kept = await office.desk.bulk.load()
    assert kept is not None
    assert len(kept.unsent) == 15


async def test_what_is_on_its_way_cannot_come_back_into_the_grid_and_leaves_no_name_there(
    office: Office, panel: BulkPanel, until: Until
) -> None:
    await with_names_and_a_time(panel, until)
    panel.send()
    await until(lambda: all(each.entry is not None for each in panel.sheet.rows))
    for each in panel.sheet.rows:
        assert each.entry is not None
        await office.desk._database.write(outbox.move, each.entry, State.DUE)
        await office.desk._database.write(outbox.move, each.entry, State.SENDING)
    assert await office.desk.bulk.load() is None


async def held(office: Office) -> dict[OrderId, EntryId]:
    lines = await office.desk.outbox()
    return {each.entry.order_id: each.entry.id for each in lines if each.entry.state is State.HELD}


async def send_all(panel: BulkPanel, until: Until) -> None:
    await with_names_and_a_time(panel, until)
    panel.send()
    await until(lambda: all(each.entry is not None for each in panel.sheet.rows))
    await until(lambda: not panel._whole.locked())


async def own_draft(office: Office, order: OrderId) -> Draft | None:
    found = await office.desk.shipment(order)
    assert found is not None
    return found.draft


async def test_a_second_grid_leaves_the_first_one_whole_and_is_kept_itself(
    office: Office, panel: BulkPanel, window: Window, until: Until
) -> None:
    await send_all(panel, until)
    first = {each.order_id: draft_of(panel.sheet.shared, each) for each in panel.sheet.rows}
    window.bulk.begin(ORDERS[:3], Status.NO_ONE_THERE)
    await until(lambda: len(panel.sheet.rows) == 3 and not panel._whole.locked())
    panel.shared.comment.setPlainText("nobody opened")
    await panel.flush()
    second = panel.draft()
    assert await office.desk.bulk.load() == second, "all its rows are on disk"
    window.wishes.undo()
    await until(lambda: "15 reports taken back" in window.toasts.accessibleName())
    assert [await own_draft(office, order) for order in ORDERS] == [first[order] for order in ORDERS]
    await until(lambda: not panel._whole.locked())
    await panel.flush()
    assert panel.draft() == second
    assert await office.desk.bulk.load() == second


async def test_a_report_that_was_moved_to_another_shipment_leaves_the_grid_and_stays_out(
    office: Office, panel: BulkPanel, until: Until
) -> None:
    other = OrderId(999)
    await office.arrive(row(other))
    await send_all(panel, until)
    order = panel.sheet.rows[4].order_id
    form = draft_of(panel.sheet.shared, panel.sheet.rows[4])
    await office.desk.mending.move_report((await held(office))[order], other)
    await until(lambda: order not in panel.sheet.ids())
    panel.model.step_back()
    await panel.flush()
    kept = await office.desk.bulk.load()
    assert kept is not None
    assert order not in [each.order_id for each in (*kept.rows, *panel.sheet.rows)]
    assert await own_draft(office, other) == form


async def test_what_a_batch_says_is_what_stood_there_when_it_was_sent(
    office: Office, panel: BulkPanel, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_names_and_a_time(panel, until)
    typed = [draft_of(panel.sheet.shared, each) for each in panel.sheet.rows]
    written: list[Draft] = []
    right = office.desk.bulk._send

    async def slowly(order: OrderId, draft: Draft, confirmed: frozenset[str]) -> object:
        """After each row somebody types on."""
        written.append(draft)
        done = await right(order, draft, confirmed)
        panel.shared.comment.setFocus()
        type_in("x")
        panel.shared.status.buttons()[1].click()
        panel.shared.contactless.click()
        panel.grid.choose(14, "comment")
        panel.grid.setFocus()
        type_in("y")
        panel.model.change({(14, "comment"): "z"})
        panel.model.step_back()
        return done

    monkeypatch.setattr(office.desk.bulk, "_send", slowly)
    panel.send()
    panel.model.change({(0, "signee"): "typed before the first byte"})
    await until(lambda: len(written) == 15 and not panel._whole.locked())
    assert written == typed
    assert panel.shared.draft() == panel.sheet.shared == Draft(time=typed[0].time)
    panel.shared.comment.setFocus()
    type_in("afterwards")
    assert panel.sheet.shared.comment == "afterwards"


async def test_more_shipments_are_offered_to_a_grid_that_is_not_finished_and_change_nothing_in_it(
    panel: BulkPanel, window: Window, until: Until
) -> None:
    panel.grid.choose(3, "signee")
    press(panel.grid, Key.Key_Minus, held=CTRL)
    left_out = next(order for order in ORDERS if order not in panel.sheet.ids())
    await with_names_and_a_time(panel, until)
    before = panel.draft()
    window.bulk.begin([left_out, ORDERS[0]], Status.DAMAGE)
    await until(lambda: "1 chosen shipment is not in it" in panel.line.words.text())
    assert panel.draft() == before
    panel.line.second.click()
    await until(lambda: len(panel.sheet.rows) == 2 and not panel._whole.locked())
    assert panel.sheet.shared == Draft(status=Status.DAMAGE)
    await until(lambda: "14 shipments discarded" in window.toasts.accessibleName())


async def test_a_discarded_grid_does_not_come_back_over_one_that_was_begun_since(
    office: Office, panel: BulkPanel, window: Window, until: Until
) -> None:
    await with_names_and_a_time(panel, until)
    discarded = panel.draft()
    panel.bar.discard.click()
    await until(lambda: "15 shipments discarded" in window.toasts.accessibleName())
    window.bulk.begin(ORDERS[:2], None)
    await until(lambda: len(panel.sheet.known) == 2 and not panel._whole.locked())
    panel.grid.choose(0, "signee")
    panel.grid.setFocus()
    type_in("Kari")
    window.toasts._act()
    await until(lambda: "begun since" in panel.bar.mark.text())
    assert [each.signee for each in panel.sheet.rows] == ["Kari", ""]
    newer = await office.desk.bulk.load()
    assert newer == panel.draft()
    panel.bar.discard.click()
    await until(lambda: "2 shipments discarded" in window.toasts.accessibleName())
    await window.bulk._bring_back(discarded)
    assert panel.draft() == discarded
    assert await office.desk.bulk.load() == discarded


async def test_a_refresh_leaves_what_is_typed_in_an_open_cell(panel: BulkPanel, until: Until) -> None:
    panel.grid.choose(0, "signee")
    panel.grid.setFocus()
    type_in("Kari")
    panel.on_change(ShipmentsChanged(frozenset({ORDERS[1]})))
    read: list[object] = []
    panel.model.dataChanged.connect(lambda *_: read.append(1))
    await until(lambda: read)
    press(QApplication.focusWidget(), Key.Key_Return)
    assert panel.sheet.rows[0].signee == "Kari"


async def test_when_the_disk_fails_in_the_middle_what_was_sent_until_then_is_known_and_not_sent_again(
    office: Office, panel: BulkPanel, until: Until
) -> None:
    await with_names_and_a_time(panel, until)
    fifth = panel.sheet.rows[4].order_id
    fails = f"create trigger fails before insert on entry when new.order_id = {fifth} begin select raise(abort, 'no'); end"
    await office.desk._database.write(lambda conn: conn.execute(fails))
    with pytest.raises(Exception, match="no"):
        await panel._send(panel._sending.freeze())
    assert [row.entry is not None for row in panel.sheet.rows] == [True] * 4 + [False] * 11
    await office.desk._database.write(lambda conn: conn.execute("drop trigger fails"))
    panel.send()
    await until(lambda: all(row.entry is not None for row in panel.sheet.rows))
    assert await reports(office) == ORDERS


async def test_undo_that_is_pressed_while_rows_are_sent_is_about_them(
    office: Office, panel: BulkPanel, window: Window, until: Until
) -> None:
    await office.arrive(row(200))
    window.wishes.accept([OrderId(200)])
    await with_names_and_a_time(panel, until)
    panel.send()
    window.wishes.undo()
    await until(lambda: "taken back" in window.toasts.accessibleName())
    assert await reports(office) == []
    assert list(await held(office)) == [200]


async def test_what_is_typed_in_an_open_cell_stays_when_rows_come_or_go_by_the_mouse(
    office: Office, panel: BulkPanel, until: Until
) -> None:
    await office.arrive(row(200), row(201))
    await accept(office, [OrderId(200), OrderId(201)])
    panel.grid.setFocus()
    panel.grid.choose(1, "signee")
    type_in("Kari")
    panel.line.add_asked.emit([OrderId(200)])
    assert panel.sheet.rows[1].signee == "Kari"
    panel.grid.choose(2, "signee")
    type_in("Ola")
    panel.row_line.remove.click()
    assert panel.sheet.rows[1].signee == "Kari"
    assert len(panel.sheet.rows) == 15


async def test_what_is_confirmed_of_all_rows_is_seen_also_where_each_has_its_own_time(panel: BulkPanel, until: Until) -> None:
    panel.shared.status.buttons()[list(Status).index(Status.CANNOT_HANDLE)].click()
    panel.grid.setFocus()
    panel.grid.choose(0, "time")
    copy(*["1130"] * 15)
    press(panel.grid, Key.Key_V, held=CTRL)
    await until(lambda: all(each.time for each in panel.sheet.rows))
    anyway = panel.shared.beside.anyway
    assert not anyway.isChecked()
    anyway.click()
    assert anyway.isChecked()
    assert all("cannot_handle" in panel.sheet.confirmed[order] for order in ORDERS)
    panel.sheet.confirm(ORDERS[0], frozenset({"cannot_handle"}), on=False)
    panel._show_all()
    assert not anyway.isChecked()
