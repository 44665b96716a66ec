"""The list never scrolls sideways by itself: columns give way in their order, and the words share what is left."""

import pytest

from zendera_desk.gui.columns import COLUMNS
from zendera_desk.gui.shipments.fit import fitting, widths, without_actions

BESIDE_THE_FEED = 968
"""The table at 1280 pixels, with the feed and a scroll bar."""
SMALLEST = 712
"""The same at 1024."""


def keys(room: int) -> list[str]:
    return [column.key for column in fitting(room, COLUMNS)]


def test_the_columns_that_matter_least_go_one_by_one_and_come_back() -> None:
    gone: list[str] = []
    for room in range(1400, 600, -1):
        gone += [column.key for column in COLUMNS if column.key not in keys(room) and column.key not in gone]
    assert gone == ["service", "reference", "weight", "window", "cod"]
    assert keys(1400) == [column.key for column in COLUMNS]


def test_beside_the_feed_there_is_room_for_money_and_time_window() -> None:
    assert {"cod", "window", "actions", "state"} <= set(keys(BESIDE_THE_FEED))


@pytest.mark.parametrize("room", [SMALLEST, 800, BESIDE_THE_FEED, 1264, 1900])
def test_the_columns_are_together_as_wide_as_the_list(room: int) -> None:
    assert room - 3 < sum(widths(room, fitting(room, COLUMNS)).values()) <= room
    assert room - 3 < sum(widths(room, fitting(room, without_actions(room))).values()) <= room


def test_without_buttons_their_room_is_the_words_and_the_figures_stay_in_place() -> None:
    having, lacking = (widths(BESIDE_THE_FEED, fitting(BESIDE_THE_FEED, each)) for each in (COLUMNS, without_actions(BESIDE_THE_FEED)))
    words = ("to", "receiver", "state")
    assert all(lacking[key] > having[key] for key in words)
    assert abs(sum(lacking[key] for key in words) - sum(having[key] for key in words) - having["actions"]) <= 4
    assert {key: lacking[key] for key in ("order", "colli", "cod")} == {key: having[key] for key in ("order", "colli", "cod")}


def test_in_a_narrow_list_the_words_give_way_and_the_figures_do_not() -> None:
    found = widths(SMALLEST - 60, fitting(SMALLEST - 60, COLUMNS))
    least = {column.key: column.least for column in COLUMNS}
    assert {key: found[key] for key in ("order", "actions", "colli")} == {key: least[key] for key in ("order", "actions", "colli")}
    assert all(found[key] < least[key] for key in ("to", "receiver", "state"))
