"""A hand scanner in the window: keys as the keyboard sends them, each with the time at which it was pressed.

All keys of a burst are sent at once, as they arrive at a window that stood still: only their times tell what they are.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from copy import deepcopy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence, QMouseEvent, QWindow
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from support.day import HandClock
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import View
from zendera_desk.gui.pages import Pages
from zendera_desk.gui.scanner import Scanner
from zendera_desk.gui.settings.keyfield import KeyField
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.window import Window
from zendera_desk.settings import Settings
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World

Until = Callable[[Callable[[], object]], Awaitable[None]]
TWIN = OrderId(990001)
"""Has the numbers of the first shipment."""
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NAMED = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\b": Qt.Key.Key_Backspace}


class Keyboard:
    """Presses keys in the window as Qt's platforms do: each is first offered as a shortcut."""

    def __init__(self) -> None:
        self.at = 1_000_000

    def types(self, text: str, gap: int = 100) -> None:
        for character in text:
            self.press(character, gap)

    def scans(self, text: str, gap: int = 4) -> None:
        self.at += 1000
        for character in text:
            if character.isupper():
                self._send(QEvent.Type.KeyPress, Qt.Key.Key_Shift, SHIFT, "")
            self.press(character, gap)

    def press(self, character: str, gap: int = 100, modifiers: Qt.KeyboardModifier = NONE, repeats: bool = False) -> None:
        self.at += gap
        key = NAMED.get(character) or Qt.Key(ord(character.upper()))
        held = SHIFT if character.isupper() else modifiers
        self._send(QEvent.Type.KeyPress, key, held, character, repeats)
        self.at += 1
        self._send(QEvent.Type.KeyRelease, key, held, character, repeats)

    def _send(self, kind: QEvent.Type, key: Qt.Key, held: Qt.KeyboardModifier, text: str, repeats: bool = False) -> None:
        window = QGuiApplication.focusWindow()
        assert window is not None
        if kind is QEvent.Type.KeyPress:
            asked = self._event(QEvent.Type.ShortcutOverride, key, held, text, repeats)
            asked.ignore()
            QCoreApplication.sendEvent(window, asked)
        QCoreApplication.sendEvent(window, self._event(kind, key, held, text, repeats))

    def _event(self, kind: QEvent.Type, key: Qt.Key, held: Qt.KeyboardModifier, text: str, repeats: bool) -> QKeyEvent:
        event = QKeyEvent(kind, int(key), held, text, repeats)
        event.setTimestamp(self.at)
        return event


class Office(QMainWindow):
    """A form, a list whose rows "A" accepts, and what the scanner heard."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.accepted = 0
        self.clicks = 0
        self.wanted = True
        self.prefix = ""
        content = QWidget(self)
        self.field, self.comment, self.secret = QLineEdit(content), QPlainTextEdit(content), KeyField(content)
        self.table, self.button = QTableWidget(3, 1, content), QPushButton("Send", content)
        layout = QVBoxLayout(content)
        for widget in (self.field, self.comment, self.secret, self.table, self.button):
            layout.addWidget(widget)
        self.setCentralWidget(content)
        self.button.clicked.connect(self._click)
        self._key("A", self._accept)
        self._key("/", self.field.setFocus)
        scanner = Scanner(self, lambda: self.wanted, lambda: self.prefix)
        scanner.scanned.connect(self.heard.append)
        scanner.watch(self)

    def _key(self, key: str, does: Callable[[], None]) -> None:
        action = QAction(key, self.table)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: does())
        self.table.addAction(action)

    def _accept(self) -> None:
        self.accepted += 1

    def _click(self) -> None:
        self.clicks += 1


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


@pytest.fixture
async def office(show: Callable[[Office], Office], until: Until) -> Office:
    made = show(Office())
    await until(lambda: QGuiApplication.focusWindow() is made.windowHandle())
    return made


# A scan


@pytest.mark.parametrize("end", ["\r", "\t", "\r\r", ""])
async def test_a_scan_is_heard_once_whatever_ends_it(office: Office, keyboard: Keyboard, until: Until, end: str) -> None:
    office.button.setFocus()
    keyboard.scans(f"7031234{end}")
    await until(lambda: office.heard)
    assert office.heard == ["7031234"]
    assert office.clicks == 0
    assert office.button.hasFocus()


async def test_a_scan_leaves_the_field_as_it_was(office: Office, keyboard: Keyboard) -> None:
    office.field.setFocus()
    office.field.setText("given")
    office.field.insert(" later")
    office.field.setSelection(2, 3)
    changes: list[str] = []
    office.field.textChanged.connect(changes.append)
    keyboard.scans("A7031234\r")
    assert office.heard == ["A7031234"]
    assert (office.field.text(), office.field.selectedText(), changes) == ("given later", "ven", [])
    assert office.field.hasFocus()
    office.field.undo()
    assert office.field.text() == "given"


async def test_a_scan_accepts_nothing_in_the_list(office: Office, keyboard: Keyboard) -> None:
    office.table.setFocus()
    keyboard.scans("a7031A\r")
    assert (office.heard, office.accepted) == (["a7031A"], 0)


async def test_not_even_words_in_a_code_accept_anything_in_the_list(office: Office, keyboard: Keyboard) -> None:
    office.table.setFocus()
    keyboard.scans("a wet parcel\r")
    assert (office.heard, office.accepted) == (["a wet parcel"], 0)


async def test_a_label_read_twice_is_heard_once(office: Office, keyboard: Keyboard) -> None:
    keyboard.scans("7031234\r")
    keyboard.scans("7031234\r")
    assert office.heard == ["7031234"]
    keyboard.at += 2000
    keyboard.scans("7031234\r")
    assert office.heard == ["7031234", "7031234"]


async def test_two_labels_in_a_row_are_two(office: Office, keyboard: Keyboard) -> None:
    keyboard.scans("7031234")
    keyboard.scans("7031235\r")
    assert office.heard == ["7031234", "7031235"]


async def test_the_prefix_that_the_scanner_was_given_is_not_part_of_the_number(office: Office, keyboard: Keyboard) -> None:
    office.prefix = "~~"
    keyboard.scans("~~7031234\r")
    assert office.heard == ["7031234"]


async def test_the_parts_of_a_gs1_code_stay_apart(office: Office, keyboard: Keyboard) -> None:
    keyboard.scans("]C14007031234")
    keyboard.press("\x1d", 4, Qt.KeyboardModifier.ControlModifier)
    for character in "2177\r":
        keyboard.press(character, 4)
    assert office.heard == ["]C14007031234\x1d2177"]


# A person


@pytest.mark.parametrize("gap", [40, 100, 180])
async def test_keys_that_reach_a_stalled_window_all_at_once_are_typing(office: Office, keyboard: Keyboard, until: Until, gap: int) -> None:
    office.field.setFocus()
    keyboard.types("7031234", gap)
    await until(lambda: office.field.text() == "7031234")
    assert office.heard == []


async def test_a_comment_typed_fast_with_keys_rolled_over_arrives_as_typed(office: Office, keyboard: Keyboard, until: Until) -> None:
    office.comment.setFocus()
    text = "Left 12 parcels at the door of 5003 Bergen"
    for place, character in enumerate(text):
        keyboard.press(character, 12 if place % 4 else 45)
    await until(lambda: office.comment.toPlainText() == text)
    assert office.heard == []


async def test_a_single_letter_still_accepts_in_the_list(office: Office, keyboard: Keyboard, until: Until) -> None:
    office.table.setFocus()
    keyboard.press("a")
    assert office.accepted == 0
    await until(lambda: office.accepted == 1)


async def test_a_letter_behind_a_key_that_moves_the_focus_goes_where_the_focus_went(
    office: Office, keyboard: Keyboard, until: Until
) -> None:
    office.table.setFocus()
    keyboard.press("/")
    keyboard.press("a", 15)
    await until(lambda: office.field.text() == "a")
    assert office.accepted == 0


async def test_a_held_key_repeats_at_once(office: Office, keyboard: Keyboard) -> None:
    office.field.setFocus()
    keyboard.press("7")
    for _ in range(9):
        keyboard.press("7", 16, repeats=True)
    assert (office.field.text(), office.heard) == ("7777777777", [])


async def test_keys_that_write_nothing_do_not_overtake_those_that_do(office: Office, keyboard: Keyboard) -> None:
    office.field.setFocus()
    keyboard.types("12", 20)
    keyboard.press("\b", 20)
    assert office.field.text() == "1"


async def test_a_chord_is_no_part_of_a_scan(office: Office, keyboard: Keyboard, until: Until) -> None:
    office.field.setFocus()
    for character in "7031":
        keyboard.press(character, 4)
    keyboard.press("a", 4, Qt.KeyboardModifier.ControlModifier)
    assert office.field.selectedText() == "7031"
    for character in "234":
        keyboard.press(character, 4)
    await until(lambda: office.field.text() == "234")
    assert office.heard == []


async def test_a_click_elsewhere_comes_after_the_keys(office: Office, keyboard: Keyboard) -> None:
    office.field.setFocus()
    keyboard.press("7")
    native, place = office.windowHandle(), office.comment.mapTo(office, QPoint(5, 5))
    click(native, place)
    keyboard.press("8")
    assert office.field.text() == "7"


async def test_what_an_input_method_writes_comes_after_the_keys(office: Office, keyboard: Keyboard) -> None:
    office.field.setFocus()
    keyboard.press("n")
    composed = QInputMethodEvent()
    composed.setCommitString("é")
    QCoreApplication.sendEvent(office.field, composed)
    assert office.field.text() == "né"


async def test_short_forms_that_a_program_writes_out_are_not_taken_away(office: Office, keyboard: Keyboard, until: Until) -> None:
    office.comment.setFocus()
    keyboard.scans("5 parcels, one wet")
    await until(lambda: office.comment.toPlainText() == "5 parcels, one wet")
    assert office.heard == []


async def test_keys_without_a_time_are_not_held_back(office: Office) -> None:
    office.field.setFocus()
    for character in "7031234":
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(office.windowHandle(), QKeyEvent(kind, ord(character), NONE, character))
    assert office.field.text() == "7031234"


async def test_a_key_is_released_after_it_was_pressed_and_one_of_a_scan_neither(office: Office, keyboard: Keyboard, until: Until) -> None:
    seen = Seen(office.button)
    office.button.setFocus()
    keyboard.press("7")
    await until(lambda: len(seen.kinds) == 2)
    assert seen.kinds == [QEvent.Type.KeyPress, QEvent.Type.KeyRelease]
    keyboard.scans("7031234\r")
    assert len(seen.kinds) == 2


class Seen(QObject):
    """The keys that reach a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.kinds: list[QEvent.Type] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}:
            self.kinds.append(event.type())
        return super().eventFilter(watched, event)


# Left alone


@pytest.mark.parametrize("uncovered", [False, True])
async def test_a_key_is_written_into_its_field_however_fast(office: Office, keyboard: Keyboard, uncovered: bool) -> None:
    office.secret.actions()[0].setChecked(uncovered)
    office.secret.setFocus()
    keyboard.scans("7031234abc")
    assert (office.secret.text(), office.heard) == ("7031234abc", [])


async def test_nothing_is_heard_before_there_is_an_account(office: Office, keyboard: Keyboard) -> None:
    office.wanted = False
    office.field.setFocus()
    keyboard.scans("7031234")
    assert (office.field.text(), office.heard) == ("7031234", [])


async def test_a_dialog_has_its_keys_for_itself(office: Office, keyboard: Keyboard, until: Until) -> None:
    dialog = QDialog(office)
    name = QLineEdit(dialog)
    dialog.open()
    dialog.activateWindow()
    await until(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())
    name.setFocus()
    keyboard.scans("7031234")
    assert (name.text(), office.heard) == ("7031234", [])
    dialog.close()


# The whole window


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    world = World(7, clock=HandClock().now, shipments=6, history=0)
    world.add_shipment(deepcopy(world.orders[next(iter(world.orders))].shipment) | {"orderId": TWIN})
    with RunningSimulator(world) as running:
        yield running


@pytest.fixture
async def desk(tmp_path: Path, simulator: RunningSimulator) -> AsyncIterator[Desk]:
    clock = HandClock()
    opened = await Desk.open(tmp_path, Settings(), zone=ZoneInfo("Europe/Oslo"), keys=Keys(find=lambda: ()), clock=clock, by_hand=True)
    await opened.open_passing_account("Nordlys", simulator.base_url, simulator.key)
    assert opened.engine is not None
    await opened.engine.intake.step(clock.now())
    yield opened
    await opened.close()


@pytest.fixture
async def window(desk: Desk, spawn: Spawn, show: Callable[[Window], Window], until: Until) -> AsyncIterator[Window]:
    made = Window(desk, spawn, lambda _settings: None, lambda: None)
    show(made)
    made.show_account()
    await made.build_the_rest()
    await until(lambda: made.shipments.model.rowCount() == 7)
    await until(lambda: QGuiApplication.focusWindow() is made.windowHandle())
    yield made
    await made.let_go()


async def others(desk: Desk) -> list[OrderId]:
    """The shipments of which no other has a number."""
    shared = await barcode(desk, TWIN)
    return [each for each in await desk.shipment_ids(View.ALL) if await barcode(desk, each) != shared]


async def barcode(desk: Desk, order: OrderId) -> str:
    shown = await desk.shipment(order)
    assert shown is not None
    return shown.shipment.parcels[0].barcode


async def test_a_scanned_parcel_opens_its_shipment(window: Window, desk: Desk, keyboard: Keyboard, until: Until) -> None:
    order = (await others(desk))[2]
    window.shipments.table.setFocus()
    keyboard.scans(f"]C100{await barcode(desk, order)}\r")
    await until(lambda: window.shipment.current == order)
    assert window.shipment.tab == "details"
    await until(lambda: f"{order} is open" in window.toasts.accessibleName())
    assert not any((await desk.status()).counts.values())


async def test_whoever_was_in_the_report_goes_on_there_and_the_draft_is_kept(
    window: Window, desk: Desk, keyboard: Keyboard, until: Until
) -> None:
    first, other = (await others(desk))[:2]
    window.show_shipment(first)
    window.shipment.show_tab("report")
    await until(window.report.form.isVisible)
    window.report.form.comment.setFocus()
    keyboard.types("gate")
    await until(lambda: window.report.form.comment.toPlainText() == "gate")
    keyboard.scans(f"{await barcode(desk, other)}\r")
    await until(lambda: window.shipment.current == other)
    assert window.shipment.tab == "report"
    await until(lambda: window.report.isAncestorOf(QApplication.focusWidget() or window))
    keyboard.scans(f"{await barcode(desk, first)}\r")
    await until(lambda: window.report.form.comment.toPlainText() == "gate")


async def test_scanning_what_is_open_in_the_report_moves_nothing(window: Window, desk: Desk, keyboard: Keyboard, until: Until) -> None:
    order = (await others(desk))[0]
    window.show_shipment(order)
    window.shipment.show_tab("report")
    await until(window.report.form.isVisible)
    window.report.form.comment.setFocus()
    keyboard.scans(f"{await barcode(desk, order)}\r")
    await until(window.toasts.isVisible)
    assert window.report.form.comment.hasFocus()


async def test_a_number_that_two_shipments_have_opens_neither_and_shows_both(
    window: Window, desk: Desk, keyboard: Keyboard, until: Until
) -> None:
    keyboard.scans(f"{await barcode(desk, TWIN)}\r")
    await until(window.toasts.isVisible)
    assert window.shipment.current is None
    assert window.toasts.accessibleName().startswith("2 shipments have ")
    window.toasts.findChildren(QPushButton)[0].click()
    await until(lambda: window.shipments.model.rowCount() == 2)
    assert TWIN in window.shipments.model.ids


async def test_an_unknown_number_is_said_and_can_be_copied(window: Window, keyboard: Keyboard, until: Until) -> None:
    keyboard.scans("]C1999990001234\r")
    await until(window.toasts.isVisible)
    assert window.toasts.accessibleName() == "No shipment here has 999990001234"
    window.toasts.findChildren(QPushButton)[0].click()
    assert QGuiApplication.clipboard().text() == "999990001234"


async def test_a_page_that_wants_scans_gets_them_first(window: Window, keyboard: Keyboard, desk: Desk) -> None:
    class Lane(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.taken: list[str] = []

        def take_scan(self, text: str) -> bool:
            self.taken.append(text)
            return True

    lane = Lane()
    order = (await others(desk))[0]
    pages = window.findChild(Pages)
    assert isinstance(pages, Pages)
    pages.show_passing(lane)
    keyboard.scans(f"{order}12345\r")
    assert lane.taken == [f"{order}12345"]
    assert not window.toasts._live


def click(window: QWindow, place: QPoint) -> None:
    left, at = Qt.MouseButton.LeftButton, QPointF(place)
    event = QMouseEvent(QEvent.Type.MouseButtonPress, at, at, QPointF(window.mapToGlobal(place)), left, left, NONE)
    QCoreApplication.sendEvent(window, event)
