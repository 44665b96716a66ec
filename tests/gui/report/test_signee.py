"""Names that are known at a stop are offered while somebody types, and taken only when they say so."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from gui.report.paperdesk import CTRL, FIRST, OSLO, Key, PaperDesk, click, focus, press, type_
from zendera_desk.domain.report import Draft
from zendera_desk.domain.suggestions import KnownName
from zendera_desk.gui.report import ReportPanel
from zendera_desk.gui.report.signee import SigneeField

Until = Callable[[Callable[[], object]], Awaitable[None]]
KARI = KnownName(name="Kari Nordmann", is_contact=True, times=3, last_at=datetime(2026, 11, 12, 13, tzinfo=OSLO))
KARIN = KnownName(name="Karin Lund", times=1, last_at=datetime(2026, 10, 2, 9, tzinfo=OSLO))


@pytest.fixture
async def signee(desk: PaperDesk, form: ReportPanel, until: Until) -> SigneeField:
    """The field of the open form, with two names known there and the caret in it."""
    desk.names = (KARI, KARIN)
    form.open(None)
    form.open(FIRST)
    await until(lambda: form.form.signee.names)
    form.form.signee.setFocus()
    return form.form.signee


def about(field: SigneeField) -> str:
    return field.accessibleDescription()


async def test_the_names_that_are_known_stand_under_the_empty_field(signee: SigneeField) -> None:
    assert about(signee) == "↓ Kari Nordmann, Karin Lund"


async def test_the_rest_of_a_name_is_offered_and_is_no_text_until_it_is_taken(signee: SigneeField, form: ReportPanel) -> None:
    type_("kar")
    assert signee.offer == KARI
    assert about(signee) == "Kari Nordmann: contact of the order, used here 3 times, last 12.11. · Tab takes it"
    assert form.draft().signee == "kar"
    press(Key.Key_Tab)
    assert (form.draft().signee, focus()) == ("Kari Nordmann", "signee")
    assert about(signee) == "Kari Nordmann: contact of the order, used here 3 times, last 12.11."
    press(Key.Key_Tab)
    assert focus() == "contactless"


async def test_the_right_arrow_takes_it_at_the_end_only(signee: SigneeField) -> None:
    type_("kar")
    press(Key.Key_Left)
    press(Key.Key_Right)
    assert signee.text() == "kar"
    press(Key.Key_Right)
    assert signee.text() == "Kari Nordmann"


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter])
async def test_enter_goes_on_with_what_was_typed(signee: SigneeField, key: Qt.Key) -> None:
    type_("Kari")
    press(key)
    assert (signee.text(), focus()) == ("Kari", "contactless")


async def test_escape_puts_the_offer_away_and_then_steps_out(signee: SigneeField, form: ReportPanel) -> None:
    left: list[None] = []
    form.left.connect(lambda: left.append(None))
    type_("kar")
    press(Key.Key_Escape)
    assert (signee.offer, signee.text(), left) == (None, "kar", [])
    press(Key.Key_Escape)
    assert left == [None]


async def test_the_arrows_go_through_the_names(signee: SigneeField) -> None:
    press(Key.Key_Down)
    assert signee.offer == KARI
    press(Key.Key_Down)
    assert about(signee) == "Karin Lund: used here once, last 02.10. · Tab takes it"
    press(Key.Key_Down)
    press(Key.Key_Up)
    press(Key.Key_Tab)
    assert signee.text() == "Karin Lund"


async def test_what_was_typed_comes_back_by_undo(signee: SigneeField) -> None:
    type_("kar")
    press(Key.Key_Tab)
    press(Key.Key_Z, CTRL)
    assert signee.text() == "kar"


async def test_another_name_than_those_known_is_left_alone(signee: SigneeField) -> None:
    type_("Karo")
    assert signee.offer is None
    press(Key.Key_Tab)
    assert (signee.text(), focus()) == ("Karo", "contactless")


async def test_the_names_are_those_of_the_stop(signee: SigneeField, form: ReportPanel, until: Until) -> None:
    click(form, "Pickup")
    assert signee.names == ()
    click(form, "Delivery")
    await until(lambda: signee.names == (KARI, KARIN))


async def test_the_offer_is_painted_behind_the_text(signee: SigneeField) -> None:
    def ink() -> int:
        image = signee.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        return sum(value < 200 for value in bytes(image.constBits()))

    type_("kar")
    offered = ink()
    press(Key.Key_Escape)
    assert ink() < offered


async def test_the_last_used_currency_is_there_before_the_one_preferred(desk: PaperDesk, form: ReportPanel, until: Until) -> None:
    desk.currency = "SEK"
    form.open(None)
    form.open(FIRST)
    await until(lambda: form.draft() == Draft(currency="SEK"))


async def test_a_currency_that_was_typed_is_left_alone(desk: PaperDesk, form: ReportPanel, until: Until) -> None:
    form.form.texts["currency"].setFocus()
    form.form.texts["currency"].selectAll()
    type_("DKK")
    desk.currency = "SEK"
    click(form, "Pickup")
    await until(lambda: form.form._currency == "SEK")
    assert form.draft().currency == "DKK"
