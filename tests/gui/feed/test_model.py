"""The rows of the feed: newest first, days between, bounded, and never a reset for what is new."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui.feed.model import LIMIT, FeedModel, status_words

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 13, 31, tzinfo=UTC)


def line(number: int, at: datetime = NOW, **values: object) -> FeedLine:
    return FeedLine(id=number, at=at, **{"product_number": f"P-{number}", "status": ProductStatus.COMPLETED, **values})


def model_of(*lines: FeedLine) -> FeedModel:
    model = FeedModel(lambda: NOW, OSLO)
    model.show(lines)
    return model


def shown(model: FeedModel) -> list[object]:
    """Ids of the changes, and the words of the days."""
    rows = [(model.line(row), model.index(row, 0).data()) for row in range(model.rowCount())]
    return [found.id if found else words for found, words in rows]


def test_the_newest_stands_on_top_under_its_day() -> None:
    model = model_of(line(1, NOW - timedelta(days=2)), line(3), line(2, NOW - timedelta(days=1)))
    assert shown(model) == ["Today", 3, "Yesterday", 2, "19.11.2026", 1]


def test_a_day_begins_at_midnight_of_this_pc() -> None:
    before, after = datetime(2026, 11, 20, 22, 59, tzinfo=UTC), datetime(2026, 11, 20, 23, 1, tzinfo=UTC)
    assert shown(model_of(line(1, before), line(2, after))) == ["Today", 2, "Yesterday", 1]


def test_what_is_new_goes_below_the_day_it_belongs_to_without_a_reset() -> None:
    model = model_of(line(1), line(2))
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    assert model.add_newer([line(3), line(4)]) == 2
    assert shown(model) == ["Today", 4, 3, 2, 1]
    assert not resets


def test_a_burst_over_midnight_opens_a_new_day_above() -> None:
    model = model_of(line(1, NOW - timedelta(days=1)))
    model.add_newer([line(2, NOW - timedelta(days=1)), line(3), line(4)])
    assert shown(model) == ["Today", 4, 3, "Yesterday", 2, 1]


def test_a_burst_is_put_in_by_one_insert() -> None:
    model = model_of(line(1))
    inserts: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserts.append((first, last)))
    model.add_newer([line(number) for number in range(2, 40)])
    assert inserts == [(1, 38)]


def test_what_is_here_already_is_not_put_in_twice() -> None:
    model = model_of(line(1), line(2))
    assert model.add_newer([line(1), line(2)]) == 0
    assert model.add_older([line(1), line(2)]) == 0
    assert shown(model) == ["Today", 2, 1]


def test_a_late_change_of_yesterday_still_comes_in_on_top() -> None:
    model = model_of(line(1))
    model.add_newer([line(2, NOW - timedelta(days=1))])
    assert shown(model) == ["Yesterday", 2, "Today", 1]


def test_older_rows_go_on_in_the_day_where_the_last_one_stood() -> None:
    model = model_of(line(9))
    model.add_older([line(8), line(7, NOW - timedelta(days=1))])
    assert shown(model) == ["Today", 9, 8, "Yesterday", 7]
    assert model.oldest == 7


def test_the_window_is_bounded_and_drops_the_oldest() -> None:
    model = model_of(*(line(number) for number in range(1, LIMIT + 1)))
    model.add_newer([line(LIMIT + 1), line(LIMIT + 2)])
    assert model.newest == LIMIT + 2
    assert model.oldest == 3
    assert model.full
    assert sum(1 for _ in model.lines()) == LIMIT


def test_ids_beyond_32_bits_stay_whole() -> None:
    model = model_of(line(2**53 + 1, product_number="", product_id=2**62 + 1))
    assert model.newest == 2**53 + 1
    assert str(2**62 + 1) in model.index(1, 0).data()


def test_a_change_matched_later_is_mended_in_its_place() -> None:
    model = model_of(line(1), line(2))
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.row()))
    model.mend([line(1, order_id=OrderId(12345)), line(2)])
    assert told == [2]
    assert "Shipment 12345" in model.index(2, 0).data()
    assert "unmatched" in model.index(1, 0).data()


def test_a_row_reads_out_whole() -> None:
    model = model_of(line(1, product_name="Euro pallet", stop=StopKind.DELIVERY, order_id=OrderId(5), order_number="N-5"))
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "14:31:00, delivered, P-1  Euro pallet, Shipment 5"


def test_a_word_we_do_not_know_is_shown_as_it_came() -> None:
    unknown = line(1, status=ProductStatus.UNKNOWN, status_word="HELD_AT_CUSTOMS", stop=StopKind.PICKUP)
    assert status_words(unknown) == "held at customs · Pickup"


def test_the_tip_is_plain_text() -> None:
    model = model_of(line(1, product_name="<img src='file:///etc/passwd'>"))
    assert "<img" not in model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_day_cannot_be_chosen() -> None:
    model = model_of(line(1))
    assert model.flags(model.index(0, 0)) == Qt.ItemFlag.NoItemFlags
    assert Qt.ItemFlag.ItemIsSelectable in model.flags(model.index(1, 0))
