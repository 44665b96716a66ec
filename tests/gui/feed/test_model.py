"""The rows of the feed: newest last, days and gaps between, bounded, and never a reset for what is new."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.tailing import FeedGap, FeedMark, FeedUnreadable
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui.feed.model import LIMIT, LINE, FeedModel
from zendera_desk.gui.feed.words import status_words

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 13, 31, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


def line(number: int, at: datetime = NOW, **values: object) -> FeedLine:
    stored = NOW + timedelta(seconds=number % 10_000)
    return FeedLine(id=number, at=at, **{"product_number": f"P-{number}", "status": ProductStatus.COMPLETED, "stored_at": stored, **values})


def model_of(*lines: FeedLine, gaps: tuple[FeedMark, ...] = ()) -> FeedModel:
    model = FeedModel(lambda: NOW, OSLO)
    model.know_marks(gaps)
    model.show(lines)
    return model


def shown(model: FeedModel) -> list[object]:
    """Ids of the changes, and the words of what stands between them."""
    rows = [(model.line(row), model.index(row, 0).data()) for row in range(model.rowCount())]
    return [found.id if found else words for found, words in rows]


def test_the_newest_stands_last_under_its_day() -> None:
    model = model_of(line(1, NOW - timedelta(days=2)), line(2, YESTERDAY), line(3))
    assert shown(model) == ["19.11.2026", 1, "Yesterday", 2, "Today", 3]


def test_a_day_begins_at_midnight_of_this_pc() -> None:
    before, after = datetime(2026, 11, 20, 22, 59, tzinfo=UTC), datetime(2026, 11, 20, 23, 1, tzinfo=UTC)
    assert shown(model_of(line(1, before), line(2, after))) == ["Yesterday", 1, "Today", 2]


def test_a_burst_is_put_in_at_the_end_by_one_insert_without_a_reset() -> None:
    model = model_of(line(1, YESTERDAY))
    told: list[object] = []
    model.modelReset.connect(lambda: told.append("reset"))
    model.rowsInserted.connect(lambda _parent, first, last: told.append((first, last)))
    model.append([line(2, YESTERDAY), line(3), line(4)])
    assert shown(model) == ["Yesterday", 1, 2, "Today", 3, 4]
    assert told == [(2, 5)]


def test_a_late_change_of_yesterday_still_comes_in_last() -> None:
    model = model_of(line(1))
    model.append([line(2, YESTERDAY)])
    assert shown(model) == ["Today", 1, "Yesterday", 2]


def test_older_rows_of_the_same_day_go_under_one_heading() -> None:
    model = model_of(line(9))
    model.prepend([line(7, YESTERDAY), line(8)])
    assert shown(model) == ["Yesterday", 7, "Today", 8, 9]
    assert (model.first, model.last, model.count) == (7, 9, 3)


def test_a_gap_is_marked_between_the_rows_around_it() -> None:
    gap = FeedGap(at=NOW + timedelta(seconds=2.5))
    assert shown(model_of(line(1), line(2), line(3), gaps=(gap,))) == ["Today", 1, 2, "a gap is possible here", 3]


def test_entries_that_cannot_be_read_with_nothing_between_them_have_one_mark() -> None:
    def unreadable(seconds: float, count: int) -> FeedUnreadable:
        at = NOW + timedelta(seconds=seconds)
        return FeedUnreadable(at=at, until=at, count=count, begins=f"{seconds}")

    between = (unreadable(1.2, 3), unreadable(1.4, 1), FeedGap(at=NOW + timedelta(seconds=1.5)), unreadable(1.6, 1), unreadable(2.5, 7))
    model = model_of(line(1), line(2), line(3), gaps=between)
    said = ["4 entries here cannot be read", "a gap is possible here", "1 entry here cannot be read"]
    assert shown(model) == ["Today", 1, *said, 2, "7 entries here cannot be read", 3]
    merged = model.index(2, 0).data(LINE)
    assert (merged.at, merged.until, merged.begins) == (between[0].at, between[1].at, "1.2")


def test_a_gap_at_the_edge_of_the_window_is_marked_once_it_is_known_what_stands_before() -> None:
    model = model_of(line(3), gaps=(FeedGap(at=NOW + timedelta(seconds=2.5)),))
    assert shown(model) == ["Today", 3]
    model.prepend([line(1), line(2)])
    assert shown(model) == ["Today", 1, 2, "a gap is possible here", 3]


def test_the_window_is_bounded_at_the_end_that_nobody_sees() -> None:
    model = model_of(*(line(number) for number in range(1, LIMIT + 1)))
    model.append([line(LIMIT + 1), line(LIMIT + 2)])
    assert model.keep_last()
    assert (model.first, model.last, model.count) == (3, LIMIT + 2, LIMIT)
    assert shown(model)[0] == "Today"
    model.prepend([line(1), line(2)])
    assert model.keep_first()
    assert (model.first, model.last, model.count) == (1, LIMIT, LIMIT)
    assert not model.keep_last()


def test_ids_beyond_32_bits_stay_whole() -> None:
    model = model_of(line(2**53 + 1, product_number="", product_id=2**62 + 1))
    assert model.last == 2**53 + 1
    assert str(2**62 + 1) in model.index(1, 0).data()


def test_a_change_matched_later_is_mended_in_its_place() -> None:
    model = model_of(line(1), line(2))
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.row()))
    model.mend([line(1, order_id=OrderId(12345)), line(2)])
    assert told == [1]
    assert "Shipment 12345" in model.index(1, 0).data()
    assert "unmatched" in model.index(2, 0).data()


def test_a_row_reads_out_whole() -> None:
    model = model_of(line(1, product_name="Euro pallet", stop=StopKind.DELIVERY, order_id=OrderId(5), order_number="N-5"))
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "14:31:00, delivered, P-1  Euro pallet, Shipment 5"


def test_a_word_we_do_not_know_is_shown_as_it_came() -> None:
    unknown = line(1, status=ProductStatus.UNKNOWN, status_word="HELD_AT_CUSTOMS", stop=StopKind.PICKUP)
    assert status_words(unknown) == "held at customs · Pickup"


def test_the_tips_are_plain_text_and_say_what_a_gap_means() -> None:
    model = model_of(line(1, product_name="<img src='file:///etc/passwd'>"), line(2), gaps=(FeedGap(at=NOW + timedelta(seconds=1.5)),))
    assert "<img" not in model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Zendera could not go on from where this desk had" in model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_day_and_a_gap_cannot_be_chosen() -> None:
    model = model_of(line(1), line(2), gaps=(FeedGap(at=NOW + timedelta(seconds=1.5)),))
    assert [bool(model.flags(model.index(row, 0)) & Qt.ItemFlag.ItemIsSelectable) for row in range(4)] == [False, True, False, True]
