"""The bottom line: green only when Zendera is reached and nothing is open."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from zendera_desk.domain.outbox import OPEN, State
from zendera_desk.domain.views import Connection, DeskStatus
from zendera_desk.gui.format import seconds
from zendera_desk.gui.statusline import StatusLine, closing_words, is_quiet, next_words, outbox_words
from zendera_desk.gui.tokens import Tone

NOW = datetime(2026, 11, 21, 13, 31, tzinfo=UTC)
Show = Callable[[StatusLine], StatusLine]


@pytest.fixture
def line(show: Show) -> StatusLine:
    return show(StatusLine())


def label(line: StatusLine, name: str) -> QLabel:
    found = line.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found


def button(line: StatusLine, name: str) -> QPushButton:
    found = line.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def online(**values: object) -> DeskStatus:
    return DeskStatus(**{"connection": Connection.ONLINE, "calls_left": 812, **values})


@pytest.mark.parametrize("state", sorted(OPEN))
def test_one_open_entry_keeps_the_line_from_being_green(line: StatusLine, state: State) -> None:
    status = online(counts={state: 1})
    line.show_status(status, NOW)
    assert not is_quiet(status)
    assert label(line, "connection").property("tone") != Tone.GOOD.value
    assert outbox_words(status)[2] is not Tone.GOOD


@pytest.mark.parametrize("connection", [each for each in Connection if each is not Connection.ONLINE])
def test_a_line_that_is_not_online_is_not_green(line: StatusLine, connection: Connection) -> None:
    line.show_status(DeskStatus(connection=connection), NOW)
    assert label(line, "connection").property("tone") != Tone.GOOD.value
    assert outbox_words(DeskStatus(connection=connection))[2] is not Tone.GOOD


def test_online_with_nothing_open_is_green(line: StatusLine) -> None:
    line.show_status(online(), NOW)
    assert label(line, "connection").property("tone") == Tone.GOOD.value
    assert label(line, "connection").text() == "online"
    assert button(line, "outboxSummary").text() == "Nothing on its way"


def test_a_product_feed_that_stands_still_is_said_and_keeps_the_line_from_being_green(line: StatusLine) -> None:
    status = online(feed_code="forbidden")
    line.show_status(status, NOW)
    assert not is_quiet(status)
    assert label(line, "connection").property("tone") != Tone.GOOD.value
    assert outbox_words(status)[2] is None
    assert label(line, "feedPace").text() == "feed stands still: not permitted"
    assert label(line, "feedPace").property("tone") == Tone.WARN.value
    line.show_status(online(feed_every=timedelta(seconds=5)), NOW)
    assert label(line, "feedPace").text() == f"feed every {seconds(5)}"
    assert not label(line, "feedPace").property("tone")


def test_sent_is_said_until_it_is_confirmed() -> None:
    words, _, tone = outbox_words(online(counts={State.SENT: 3}))
    assert words == "3 sent, not confirmed yet"
    assert tone is not Tone.GOOD


def test_what_zendera_does_not_show_is_said_apart_and_is_not_green(line: StatusLine) -> None:
    status = online(counts={State.SENT: 3}, unshown=2)
    line.show_status(status, NOW)
    assert not is_quiet(status)
    assert label(line, "connection").property("tone") != Tone.GOOD.value
    assert outbox_words(status)[0] == "2 sent without confirmation · 1 sent, not confirmed yet"
    assert outbox_words(status)[2] is Tone.WARN
    assert outbox_words(online(counts={State.SENT: 2}, unshown=2))[0] == "2 sent without confirmation"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ({}, ""),
        ({"counts": {State.SENT: 2}}, ""),
        ({"counts": {State.HELD: 1}}, "1 send is not done yet: kept on this PC, and going on when you open the desk again."),
        ({"counts": {State.SENT: 1}, "unshown": 1}, "1 was sent without confirmation: it waits for you in the outbox."),
        (
            {"counts": {State.SENT: 3, State.DUE: 2}, "unshown": 2},
            (
                "2 sends are not done yet: kept on this PC, and going on when you open the desk again."
                " 2 were sent without confirmation: they wait for you in the outbox."
            ),
        ),
    ],
)
def test_who_closes_is_told_what_is_open_and_what_zendera_does_not_show(status: dict[str, object], words: str) -> None:
    assert closing_words(online(**status)) == words


def test_what_must_be_seen_first_stands_first() -> None:
    counts = {State.HELD: 2, State.SENDING: 1, State.NEEDS_PERSON: 1, State.DUE: 0}
    assert outbox_words(online(counts=counts))[0] == "1 needs you · 1 sending · 2 held"


def test_without_a_key_it_is_no_wrong_one_and_no_calls_are_counted(line: StatusLine) -> None:
    line.show_status(DeskStatus(connection=Connection.BLOCKED, code="key_missing"), NOW)
    assert label(line, "connection").text() == "key missing"
    assert label(line, "callBudget").text() == ""


def test_the_names_are_the_ones_that_assistive_tools_know(line: StatusLine) -> None:
    line.show_status(online(counts={State.HELD: 2}), NOW)
    assert (label(line, "connection").accessibleName(), label(line, "connection").accessibleDescription()) == ("Connection", "online")
    assert button(line, "outboxSummary").accessibleName() == "Outbox summary"
    assert button(line, "outboxSummary").accessibleDescription() == "2 held"
    assert label(line, "callBudget").accessibleName() == "Call budget"
    assert button(line, "refresh").accessibleName() == "Refresh"


def test_the_calls_left_are_counted_and_few_are_pointed_out(line: StatusLine) -> None:
    line.show_status(online(), NOW)
    assert label(line, "callBudget").text() == "812 of 1\u202f000 calls left this hour"
    assert not label(line, "callBudget").property("tone")
    line.show_status(online(calls_left=120), NOW)
    assert label(line, "callBudget").property("tone") == Tone.WARN.value


def test_the_next_check_counts_down() -> None:
    status = online(next_check_at=NOW + timedelta(seconds=12))
    assert next_words(status, NOW) == "next check 12\u202fs"
    assert next_words(status, NOW + timedelta(seconds=4)) == "next check 8\u202fs"
    assert next_words(status, NOW + timedelta(seconds=13)) == "checking…"
    assert next_words(online(checking=True), NOW) == "checking…"
    assert next_words(online(), NOW) == ""


def test_the_pace_of_the_feed_is_said_while_it_follows(line: StatusLine) -> None:
    line.show_status(online(feed_every=timedelta(seconds=7)), NOW)
    assert label(line, "feedPace").text() == "feed every 7\u202fs"
    line.show_status(online(feed_every=timedelta(seconds=60), feed_resting=True), NOW)
    assert label(line, "feedPace").text() == "feed every 60\u202fs"
    line.show_status(online(), NOW)
    assert not label(line, "feedPace").text()
    line.show_status(online(connection=Connection.OFFLINE, feed_every=timedelta(seconds=7)), NOW)
    assert not label(line, "feedPace").text()


def test_the_clock_runs_only_while_something_counts_down_in_sight(line: StatusLine) -> None:
    line.show_status(online(next_check_at=NOW + timedelta(seconds=12)), NOW)
    assert line._second.isActive()
    line.hide()
    assert not line._second.isActive()
    line.show()
    assert line._second.isActive()
    line.show_status(online(checking=True, next_check_at=NOW + timedelta(seconds=12)), NOW)
    assert not line._second.isActive()


def test_refresh_rests_while_it_is_being_checked(line: StatusLine) -> None:
    asked: list[str] = []
    line.refresh_asked.connect(lambda: asked.append("refresh"))
    line.outbox_asked.connect(lambda: asked.append("outbox"))
    line.show_status(online(checking=True), NOW)
    button(line, "refresh").click()
    line.show_status(online(), NOW)
    button(line, "refresh").click()
    button(line, "outboxSummary").click()
    assert asked == ["refresh", "outbox"]


def test_a_blocked_connection_says_why_in_plain_words(line: StatusLine) -> None:
    line.show_status(DeskStatus(connection=Connection.BLOCKED, code="unauthorised", words="<b>Invalid</b>"), NOW)
    assert label(line, "connection").text() == "key not accepted"
    tip = label(line, "connection").parentWidget().toolTip()
    assert "does not accept the key" in tip
    assert "<b>" not in tip
