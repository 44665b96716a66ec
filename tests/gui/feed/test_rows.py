"""How a row of the feed shares its room."""

from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui import style
from zendera_desk.gui.feed.rows import product_in

NUMBER = "PROD-PALLET-EUR-WAREHOUSE-7-00003-2"


@pytest.fixture
def metrics(app: QApplication) -> QFontMetrics:
    return QFontMetrics(style.font_small())


def line(number: str, name: str) -> FeedLine:
    at = datetime(2026, 11, 21, 13, 31, 2, tzinfo=UTC)
    stop, status = StopKind.PICKUP, ProductStatus.PENDING
    return FeedLine(id=1, at=at, stop=stop, status=status, status_word="PENDING", product_number=number, product_name=name)


def test_a_long_number_leaves_room_for_the_name_and_keeps_its_end(metrics: QFontMetrics) -> None:
    width = metrics.horizontalAdvance(NUMBER)
    shown = product_in(line(NUMBER, "Euro pallet"), width, metrics)
    assert shown.endswith("3-2  Euro pallet")
    assert shown.startswith("PROD-")
    assert "…" in shown
    assert metrics.horizontalAdvance(shown) <= width


def test_of_two_long_ones_the_number_keeps_half_of_the_room(metrics: QFontMetrics) -> None:
    width = metrics.horizontalAdvance(NUMBER)
    number, name = product_in(line(NUMBER, "Wardrobe with three doors and a mirror"), width, metrics).split("  ")
    assert metrics.horizontalAdvance(number) > width * 0.4
    assert name.startswith("Wardrobe")


def test_what_has_room_is_whole(metrics: QFontMetrics) -> None:
    assert product_in(line("P-1", "Crate"), 400, metrics) == "P-1  Crate"
    assert product_in(line(NUMBER, ""), 60, metrics) == NUMBER
    assert product_in(line("", ""), 60, metrics) == "no product named"
