"""How a row of the feed shares its room."""

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui import style
from zendera_desk.gui.feed.rows import product_in
from zendera_desk.gui.letters import Letters

NUMBER = "PROD-PALLET-EUR-WAREHOUSE-7-00003-2"


@pytest.fixture
def letters(app: QApplication) -> Letters:
    return Letters(style.font_small(), QWidget())


def line(number: str, name: str) -> FeedLine:
    at = datetime(2026, 11, 21, 13, 31, 2, tzinfo=UTC)
    stop, status = StopKind.PICKUP, ProductStatus.PENDING
    return FeedLine(id=1, at=at, stop=stop, status=status, status_word="PENDING", product_number=number, product_name=name)


def test_a_long_number_leaves_room_for_the_name_and_keeps_its_end(letters: Letters) -> None:
    width = round(letters.advance(NUMBER))
    shown = product_in(line(NUMBER, "Euro pallet"), width, letters)
    assert shown.endswith("3-2  Euro pallet")
    assert shown.startswith("PROD-")
    assert "…" in shown
    assert letters.advance(shown) <= width


def test_of_two_long_ones_the_number_keeps_half_of_the_room(letters: Letters) -> None:
    width = round(letters.advance(NUMBER))
    number, name = product_in(line(NUMBER, "Wardrobe with three doors and a mirror"), width, letters).split("  ")
    assert letters.advance(number) > width * 0.4
    assert name.startswith("Wardrobe")


def test_what_has_room_is_whole(letters: Letters) -> None:
    assert product_in(line("P-1", "Crate"), 400, letters) == "P-1  Crate"
    assert product_in(line(NUMBER, ""), 60, letters) == NUMBER
    assert product_in(line("", ""), 60, letters) == "no product named"
