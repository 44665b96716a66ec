"""The small widgets: what they show, that they never take the focus, and that a keyboard and a screen reader find them."""

from collections.abc import Awaitable, Callable

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from zendera_desk.gui.tokens import ROW, Scheme, Tone
from zendera_desk.gui.widgets.banner import Banners
from zendera_desk.gui.widgets.chips import ChipBar
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel, plain_tip
from zendera_desk.gui.widgets.toast import Toast, ToastStrip

Show = Callable[[QWidget], QWidget]
Until = Callable[[Callable[[], object]], Awaitable[None]]
EVIL = "<img src='file:///etc/passwd'>Kari\u202e & <b>Ola</b>"


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def buttons(widget: QWidget) -> dict[str, QPushButton]:
    return {button.accessibleName(): button for button in widget.findChildren(QPushButton) if not button.isHidden()}


# Labels


def test_a_plain_label_shows_what_it_was_given_and_cannot_be_talked_out_of_it(app: QApplication) -> None:
    label = PlainLabel(EVIL)
    label.setTextFormat(Qt.TextFormat.RichText)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == "<img src='file:///etc/passwd'>Kari⟨U+202E⟩ & <b>Ola</b>"


@pytest.mark.parametrize("text", [EVIL, "<b>x", "  <p>", "&lt;b&gt;", "a < b", "two\n<i>lines</i>", "<!DOCTYPE html>", "<?xml"])
def test_a_tool_tip_is_never_taken_for_rich_text(text: str) -> None:
    tip = plain_tip(text)
    assert not QtGui.Qt.mightBeRichText(tip)
    assert tip.replace("\u200b", "") == text.replace("\u202e", "⟨U+202E⟩")


def test_a_long_tool_tip_is_broken_and_keeps_its_own_lines() -> None:
    lines = plain_tip("word " * 40 + "\nlast").split("\n")
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "last"
    assert plain_tip("") == ""


def test_an_elided_label_tells_the_rest_in_its_tool_tip(show: Show) -> None:
    label = ElidedLabel("Nordlys Møbler & Interiør AS, avdeling Bergen sentrum")
    show(label)
    label.resize(QSize(80, ROW))
    assert "Bergen sentrum" in label.toolTip()
    label.resize(QSize(900, ROW))
    assert label.toolTip() == ""
    assert label.minimumSizeHint().width() < 80


# Chips


@pytest.fixture
def views(show: Show) -> ChipBar:
    bar = ChipBar("Views", [("accept", "To accept"), ("report", "To report"), ("all", "All")], {"accept": Tone.ACCENT})
    show(bar)
    return bar


def test_the_first_chip_is_chosen_and_a_click_chooses_another(views: ChipBar) -> None:
    chosen: list[object] = []
    views.chosen.connect(chosen.append)
    assert views.current == "accept"
    QTest.mouseClick(views.chip("all"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(views.chip("all"), Qt.MouseButton.LeftButton)
    assert (views.current, chosen) == ("all", ["all"])


def test_arrow_keys_go_from_chip_to_chip(views: ChipBar) -> None:
    views.chip("accept").setFocus()
    QTest.keyClick(views.chip("accept"), Qt.Key.Key_Right)
    assert views.current == "report"
    assert views.chip("report").hasFocus()


def test_a_chip_is_called_by_its_word_and_its_number(views: ChipBar) -> None:
    views.tell({"accept": 12, "all": 10_234})
    assert [views.chip(key).accessibleName() for key in ("accept", "report", "all")] == ["To accept, 12", "To report", "All, 10\u202f234"]
    views.tell({})
    assert views.chip("accept").accessibleName() == "To accept"


def test_chips_keep_their_width_when_another_is_chosen(views: ChipBar) -> None:
    views.tell({"accept": 12, "report": 4})
    before = [views.chip(key).sizeHint().width() for key in ("accept", "report")]
    views.choose("report")
    assert [views.chip(key).sizeHint().width() for key in ("accept", "report")] == before


# Toasts


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def strip(show: Show, clock: Clock) -> ToastStrip:
    window = QWidget()
    window.resize(800, 500)
    QVBoxLayout(window).addWidget(QLineEdit())
    made = ToastStrip(window, clock)
    show(window)
    window.findChildren(QLineEdit)[0].setFocus()
    return made


def tell(strip: ToastStrip, toast: Toast) -> int:
    """And the moment after which it is shown is over."""
    number = strip.tell(toast)
    strip.look()
    return number


async def test_a_toast_shows_by_itself_in_a_moment_and_what_was_done_shows_first(strip: ToastStrip, until: Until) -> None:
    strip.tell(Toast(text="Held", action="Undo"))
    strip.tell(Toast(text="Copied"))
    assert not strip.isVisible()
    await until(strip.isVisible)
    assert strip.accessibleName() == "Copied"


async def test_a_toast_that_is_taken_back_in_that_moment_is_never_seen(strip: ToastStrip, until: Until) -> None:
    held = strip.tell(Toast(text="Held"))
    strip.withdraw(held)
    await until(lambda: not strip._soon.isActive())  # the moment is over
    assert not strip.isVisible()


def test_a_toast_appears_over_the_lower_edge_without_the_focus(strip: ToastStrip) -> None:
    typing_in = strip.window().findChildren(QLineEdit)[0]
    tell(strip, Toast(text="Accepted 12", action="Undo"))
    assert strip.isVisible()
    assert strip.geometry().bottom() < strip.window().height()
    assert typing_in.hasFocus()
    assert all(button.focusPolicy() is Qt.FocusPolicy.NoFocus for button in strip.findChildren(QPushButton))


def test_the_newest_toast_is_seen_and_the_older_comes_back_while_its_time_is_not_over(strip: ToastStrip, clock: Clock) -> None:
    tell(strip, Toast(text="Held", action="Undo", lasts=10, counts=True))
    tell(strip, Toast(text="Copied", lasts=4))
    assert strip.accessibleName() == "Copied"
    clock.now += 5
    strip.look()
    assert strip.accessibleName() == "Held"
    assert "5\u202fs" in [label.text() for label in strip.findChildren(QLabel)]
    clock.now += 6
    strip.look()
    assert not strip.isVisible()
    assert not strip._timer.isActive()


def test_a_toast_says_all_of_a_long_sentence(strip: ToastStrip) -> None:
    tell(strip, Toast(text="Held", action="Undo"))
    low = strip.height()
    words = "Delivery of 48100010: complete, with three pictures and a signature, will be sent in ten seconds. " * 2
    tell(strip, Toast(text=words, action="Undo"))
    label = next(label for label in strip.findChildren(QLabel) if label.text() == words)
    room = label.fontMetrics().boundingRect(0, 0, label.width(), 10_000, int(Qt.TextFlag.TextWordWrap), words)
    assert strip.height() > low
    assert room.height() <= label.height()
    assert strip.parentWidget().rect().contains(strip.geometry())


def test_undo_is_done_once_and_takes_its_toast_away(strip: ToastStrip) -> None:
    undone: list[str] = []
    tell(strip, Toast(text="Held", action="Undo", act=lambda: undone.append("held")))
    buttons(strip)["Undo"].click()
    assert undone == ["held"]
    assert not strip.isVisible()


def test_a_toast_can_be_taken_back_also_when_it_is_over(strip: ToastStrip, clock: Clock) -> None:
    number = tell(strip, Toast(text="Held"))
    strip.withdraw(number)
    assert not strip.isVisible()
    strip.withdraw(number)


def test_a_toast_keeps_its_place_when_the_window_grows(strip: ToastStrip) -> None:
    tell(strip, Toast(text="Held"))
    strip.window().resize(1_200, 700)
    assert abs(strip.geometry().center().x() - 600) <= 1
    assert strip.geometry().bottom() > 600


# Banners


def test_a_banner_stays_until_it_is_closed_and_takes_no_room_then(show: Show) -> None:
    banners = Banners()
    show(banners)
    banners.tell("key", EVIL, Tone.BAD)
    assert banners.isVisible()
    assert banners.keys() == ("key",)
    cross = next(button for button in banners.findChildren(QToolButton) if button.accessibleName() == "Close")
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert banners.keys() == ()
    assert banners.isHidden()


def test_one_key_has_one_banner_and_its_action_is_done(show: Show) -> None:
    banners, done = Banners(), []
    banners.tell("link", "offline", Tone.WARN)
    banners.tell("link", "key not accepted", Tone.BAD, action="Enter key", act=lambda: done.append(True), closable=False)
    show(banners)
    assert banners.keys() == ("link",)
    buttons(banners)["Enter key"].click()
    assert done == [True]
    assert not [button for button in banners.findChildren(QToolButton) if button.isVisible()]


def test_saying_the_same_again_leaves_the_banner_and_the_focus_in_it_alone(show: Show) -> None:
    banners = Banners()
    banners.tell("link", "offline", action="Retry", act=lambda: None)
    show(banners)
    retry = buttons(banners)["Retry"]
    banners.activateWindow()
    retry.setFocus()
    assert retry.hasFocus()
    banners.tell("link", "offline", action="Retry", act=lambda: None)
    assert buttons(banners)["Retry"] is retry
    assert retry.hasFocus()


# Empty


def test_an_empty_state_offers_its_actions_and_can_change_its_mind(show: Show, each_scheme: Scheme) -> None:
    asked: list[str] = []
    again, other = QAction("Try again"), QAction("Other")
    again.triggered.connect(lambda: asked.append("again"))
    state = EmptyState("inbox", "Loading", "", again, other)
    show(state)
    buttons(state)["Try again"].click()
    assert asked == ["again"]
    assert [button.property("role") for button in buttons(state).values()] == ["primary", "quiet"]
    state.tell("wifi-off", "Offline", EVIL, tone=Tone.WARN)
    assert buttons(state) == {}
    interface = QAccessible.queryAccessibleInterface(state)
    assert interface.text(QAccessible.Text.Name) == "Offline"
    assert state.grab().toImage().pixelColor(QPoint(3, 3)).name() == each_scheme.surface
