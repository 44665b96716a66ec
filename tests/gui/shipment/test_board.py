"""The colli page says what was reported and what the feed says; only what does not fit stands out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView, QToolButton

from zendera_desk.domain.board import GRACE, Acknowledgement, Known, board
from zendera_desk.domain.feed import ProductChange, ProductStatus
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.gui.shipment.board import BoardPage, stop_line
from zendera_desk.gui.tokens import Tone

NOW = datetime.now(UTC).astimezone().replace(hour=14, minute=32, second=0, microsecond=0)
SENT = NOW - timedelta(hours=1)
PARCELS = tuple(Parcel(product_id=place, internal_number=f"P-{place}", name="EUR-pallet", quantity=1) for place in range(1, 6))
PICKUP, DELIVERY = StopKind


def says(status: ProductStatus, *products: int, stop: StopKind = DELIVERY, later: int = 0, word: str = "") -> list[ProductChange]:
    at = SENT + timedelta(minutes=later)
    return [
        ProductChange(at=at, product_id=each, product_number=f"P-{each}", stop=stop, status=status, status_word=word or status.value)
        for each in products
    ]


def complete(stop: StopKind = DELIVERY) -> Entry:
    return Entry(
        id=EntryId(1),
        account=AccountId("a"),
        order_id=OrderId(1),
        kind=Kind.REPORT,
        state=State.SENT,
        stop=stop,
        status=Status.COMPLETE,
        made_at=SENT,
        ended_at=SENT,
        next_at=SENT,
    )


def test_two_of_five_still_pending_is_said_in_words_and_warns() -> None:
    changes = says(ProductStatus.COMPLETED, 1, 2, 3) + says(ProductStatus.PENDING, 4, 5)
    line = stop_line(board(PARCELS, changes, [complete()]), DELIVERY, NOW, NOW)
    assert line.text == "Delivery: Complete sent 13:32. Feed: 2 of 5 still pending, 3 of 5 delivered."
    assert line.tone is Tone.WARN


def test_what_the_feed_never_named_has_a_word_of_its_own() -> None:
    line = stop_line(board(PARCELS, says(ProductStatus.COMPLETED, 1, 2, 3), [complete()]), DELIVERY, NOW, NOW)
    assert line.text == "Delivery: Complete sent 13:32. Feed: 2 of 5 not in the feed, 3 of 5 delivered."
    assert line.tone is Tone.WARN


def test_what_the_feed_cannot_tell_is_said_and_does_not_warn() -> None:
    parcels = (*PARCELS[:1], Parcel(name="Sofa", quantity=1), Parcel(name="Chair", quantity=1))
    line = stop_line(board(parcels, says(ProductStatus.COMPLETED, 1), [complete()]), DELIVERY, NOW, NOW)
    assert line.text == "Delivery: Complete sent 13:32. Feed: 1 of 3 delivered, cannot tell about 2 products."
    assert line.tone is Tone.NEUTRAL


@pytest.mark.parametrize("parcels", [(), PARCELS[:1]])
def test_where_the_feed_said_nothing_no_sentence_is_left_empty(parcels: tuple[Parcel, ...]) -> None:
    line = stop_line(board(parcels, says(ProductStatus.COMPLETED, 9), []), PICKUP, NOW, NOW)
    assert line.text == "Pickup: nothing reported from here." + (" Feed: nothing said yet." if parcels else "")


def test_products_that_the_order_does_not_have_are_counted_by_themselves() -> None:
    line = stop_line(board((), says(ProductStatus.COMPLETED, 8, 9), []), DELIVERY, NOW, NOW)
    assert line.text == "Delivery: nothing reported from here. Feed: 2 not in the order."


def test_what_a_person_has_looked_at_is_quiet() -> None:
    changes = says(ProductStatus.REMOVED, 2)
    marks = tuple(board(PARCELS, changes, []).marks(DELIVERY, NOW))
    known = Known(acknowledged=(Acknowledgement(stop=DELIVERY, at=NOW, marks=marks),))
    line = stop_line(board(PARCELS, changes, [], known), DELIVERY, NOW, NOW)
    assert line.text == "Delivery: nothing reported from here. Feed: 1 looked at."
    assert line.tone is Tone.NEUTRAL


def test_until_the_feed_is_here_for_long_enough_nothing_warns() -> None:
    shown = board(PARCELS, says(ProductStatus.COMPLETED, 1, 2, 3), [complete()])
    line = stop_line(shown, DELIVERY, SENT + GRACE - timedelta(seconds=1), NOW)
    assert line.text == "Delivery: Complete sent 13:32. Feed: 3 of 5 delivered, waiting for 2 of 5."
    assert line.tone is Tone.NEUTRAL


def test_every_product_is_counted_in_the_sentence_also_one_with_a_status_that_nobody_knows() -> None:
    changes = says(ProductStatus.COMPLETED, 1, 2, 3, 4) + says(ProductStatus.UNKNOWN, 5, word="RETURNED_TO_HUB")
    changes += says(ProductStatus.REMOVED, 4, later=1)
    line = stop_line(board(PARCELS, changes, [complete()]), DELIVERY, SENT, NOW)
    assert line.text == "Delivery: Complete sent 13:32. Feed: 1 of 5 removed after completed, 3 of 5 delivered, waiting for 1 of 5."


def test_what_the_feed_says_is_still_pending_is_waited_for_and_not_called_silence() -> None:
    line = stop_line(board(PARCELS, says(ProductStatus.PENDING, 1, 2, 3, 4, 5), [complete()]), DELIVERY, SENT, NOW)
    assert line.text == "Delivery: Complete sent 13:32. Feed: waiting for 5 of 5."


def test_all_delivered_is_calm_and_green() -> None:
    line = stop_line(board(PARCELS, says(ProductStatus.COMPLETED, 1, 2, 3, 4, 5), [complete()]), DELIVERY, NOW, NOW)
    assert (line.text, line.tone) == ("Delivery: Complete sent 13:32. Feed: 5 of 5 delivered.", Tone.GOOD)


def test_removed_after_completed_is_grave() -> None:
    changes = says(ProductStatus.COMPLETED, 1, 2, 3, 4, 5) + says(ProductStatus.REMOVED, 2, later=1)
    line = stop_line(board(PARCELS, changes, [complete()]), DELIVERY, NOW, NOW)
    assert (line.text, line.tone) == ("Delivery: Complete sent 13:32. Feed: 1 of 5 removed after completed, 4 of 5 delivered.", Tone.BAD)


@pytest.fixture
def page(show: Callable[[BoardPage], BoardPage]) -> BoardPage:
    made = BoardPage()
    made.resize(900, 400)
    return show(made)


def cells(page: BoardPage) -> list[list[str]]:
    model = page.findChild(QTableView, "colli").model()  # type: ignore[union-attr]
    return [[model.index(line, column).data() for column in range(model.columnCount())] for line in range(model.rowCount())]


def test_a_product_that_the_feed_never_named_is_not_called_pending(page: BoardPage) -> None:
    page.say(board(PARCELS[:1], says(ProductStatus.COMPLETED, 1, stop=PICKUP), []), NOW, NOW)
    assert cells(page) == [["EUR-pallet", "P-1", "1", "picked up", "not seen yet"]]


def test_what_agrees_is_quiet_and_what_does_not_has_an_icon_and_a_word(page: BoardPage) -> None:
    changes = says(ProductStatus.COMPLETED, 1) + says(ProductStatus.NOT_READY, 3) + says(ProductStatus.UNKNOWN, 4, word="BEAMED_UP")
    page.say(board(PARCELS[:4], changes, [complete()]), NOW, NOW)
    assert [row[4] for row in cells(page)] == ["delivered", "not in the feed", "not ready", "beamed up"]
    model = page.table.rows
    quiet = [model.data(model.index(row, 4), int(Qt.ItemDataRole.ForegroundRole)) is not None for row in range(4)]
    assert quiet == [True, False, False, False]


def test_whoever_comes_to_the_board_by_key_sees_where_they_are_and_has_chosen_nothing(page: BoardPage) -> None:
    page.setFocus(Qt.FocusReason.ShortcutFocusReason)
    page.say(board(PARCELS, [], []), None, NOW)
    assert page.table.currentIndex().row() == 0
    assert not page.table.selectionModel().hasSelection()


def test_a_product_that_is_not_in_the_order_says_so(page: BoardPage) -> None:
    page.say(board(PARCELS[:1], says(ProductStatus.COMPLETED, 9), []), NOW, NOW)
    assert cells(page)[1][:2] == ["not in the order", "P-9"]


def test_the_button_is_there_only_where_something_is_missing_and_its_key_works(page: BoardPage) -> None:
    asked: list[StopKind] = []
    page.missing_asked.connect(asked.append)
    page.say(board(PARCELS, says(ProductStatus.COMPLETED, 1), [complete()]), NOW, NOW)
    buttons = {stop: page.findChild(QToolButton, f"reportMissing{stop.value.title()}") for stop in StopKind}
    assert [button.isVisible() for button in buttons.values()] == [False, True]
    page.activateWindow()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(page.table, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    QTest.mouseClick(buttons[DELIVERY], Qt.MouseButton.LeftButton)
    assert asked == [DELIVERY, DELIVERY]


def test_seen_is_said_of_what_is_shown_and_its_key_is_that_of_the_first_stop_that_differs(page: BoardPage) -> None:
    asked: list[tuple[StopKind, object, object]] = []
    page.seen_asked.connect(lambda *said: asked.append(said))
    shown = board(PARCELS, says(ProductStatus.NOT_READY, 1, stop=PICKUP) + says(ProductStatus.NOT_READY, 1), [])
    page.say(shown, NOW, NOW)
    page.activateWindow()
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    button = page.findChild(QToolButton, "seenDelivery")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [(PICKUP, shown, NOW), (DELIVERY, shown, NOW)]


def test_what_was_looked_at_or_cannot_be_told_does_not_wait_for_the_feed(page: BoardPage) -> None:
    parcels = (PARCELS[0], Parcel(name="Sofa", quantity=1))
    changes = says(ProductStatus.REMOVED, 1)
    known = Known(acknowledged=(Acknowledgement(stop=DELIVERY, at=NOW, marks=tuple(board(parcels, changes, []).marks(DELIVERY, NOW))),))
    page.say(board(parcels, changes, [], known), NOW, NOW)
    assert [row[4] for row in cells(page)] == ["removed · looked at", "the feed cannot tell"]


def test_what_the_feed_says_is_said_also_while_it_may_still_say_more(page: BoardPage) -> None:
    changes = says(ProductStatus.PENDING, 1) + says(ProductStatus.UNKNOWN, 2, word="RETURNED_TO_HUB")
    page.say(board(PARCELS[:3], changes, [complete()]), SENT, NOW)
    assert [row[4] for row in cells(page)] == ["pending so far", "returned to hub so far", "waiting for the feed"]
