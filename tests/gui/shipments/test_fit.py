"""The list never scrolls sideways by itself: columns give way in their order, and the words share what is left."""

import pytest

from zendera_desk.domain.views import View
from zendera_desk.gui.shipments.fit import EVERYDAY, fitting, offered, widths, without_actions
from zendera_desk.gui.shipments.painting import in_turn

BESIDE_THE_FEED = 968
"""The table at 1280 pixels, with the feed and a scroll bar."""
SMALLEST = 712
"""The same at 1024."""


def keys(room: int) -> list[str]:
    return [column.key for column in fitting(room, EVERYDAY)]


def test_the_columns_that_matter_least_go_one_by_one_and_come_back() -> None:
    gone: list[str] = []
    for room in range(1400, 600, -1):
        gone += [column.key for column in EVERYDAY if column.key not in keys(room) and column.key not in gone]
    assert gone == ["service", "reference", "weight", "window", "cod"]
    assert keys(1400) == [column.key for column in EVERYDAY]


def test_beside_the_feed_there_is_room_for_money_and_time_window() -> None:
    assert {"cod", "window", "actions", "state"} <= set(keys(BESIDE_THE_FEED))


@pytest.mark.parametrize("room", [SMALLEST, 800, BESIDE_THE_FEED, 1264, 1900])
def test_the_columns_are_together_as_wide_as_the_list(room: int) -> None:
    assert room - 3 < sum(widths(room, fitting(room, EVERYDAY)).values()) <= room
    assert room - 3 < sum(widths(room, fitting(room, without_actions(room))).values()) <= room


def test_without_buttons_their_room_is_the_words_and_the_figures_stay_in_place() -> None:
    having, lacking = (widths(BESIDE_THE_FEED, fitting(BESIDE_THE_FEED, each)) for each in (EVERYDAY, without_actions(BESIDE_THE_FEED)))
    words = ("to", "receiver", "state")
    assert all(lacking[key] > having[key] for key in words)
    assert abs(sum(lacking[key] for key in words) - sum(having[key] for key in words) - having["actions"]) <= 4
    assert {key: lacking[key] for key in ("order", "colli", "cod")} == {key: having[key] for key in ("order", "colli", "cod")}


def test_in_a_narrow_list_the_words_give_way_and_the_figures_do_not() -> None:
    found = widths(SMALLEST - 60, fitting(SMALLEST - 60, EVERYDAY))
    least = {column.key: column.least for column in EVERYDAY}
    assert {key: found[key] for key in ("order", "actions", "colli")} == {key: least[key] for key in ("order", "actions", "colli")}
    assert all(found[key] < least[key] for key in ("to", "receiver", "state"))


@pytest.mark.parametrize("room", [SMALLEST, BESIDE_THE_FEED, 1264])
def test_what_differs_has_room_for_its_words_before_the_figures_do(room: int) -> None:
    shown = fitting(room, offered(View.DIFFERENCES, room, read_only=False))
    found = widths(room, shown)
    assert found["differing"] >= (300 if room > SMALLEST else 220)
    assert "actions" not in found
    assert {"order", "to", "receiver", "state", "colli"} <= set(found)
    assert room - 4 < sum(found.values()) <= room


def test_of_two_stops_that_differ_the_graver_is_said_whole_before_the_other() -> None:
    assert in_turn([300, 200], 600) == [300, 200]
    assert in_turn([300, 200], 400) == [300, 100]
    assert in_turn([300, 200], 350) == [278, 72]
