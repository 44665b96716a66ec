"""Numbers, times and foreign text as a person reads them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from zendera_desk.gui.format import copied, count, full, money, number, seconds, visible, weight, when, window

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)  # a Saturday, 14:32 in Oslo


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW, "14:32"),
        (datetime(2026, 11, 20, 23, 5, tzinfo=UTC), "00:05"),
        (datetime(2026, 11, 20, 22, 55, tzinfo=UTC), "Fri 23:55"),
        (NOW + timedelta(days=2), "Mon 14:32"),
        (NOW - timedelta(days=6), "Sun 14:32"),
        (NOW - timedelta(days=7), "14.11.26 14:32"),
        (datetime(2026, 6, 21, 12, 0, tzinfo=UTC), "21.06.26 14:00"),
    ],
)
def test_a_moment_is_as_short_as_it_stays_clear(moment: datetime, text: str) -> None:
    assert when(moment, NOW, OSLO) == text


def test_the_full_moment_names_its_zone() -> None:
    assert full(NOW, OSLO) == "Sat 21.11.2026 14:32:00 CET"


@pytest.mark.parametrize(
    ("earliest", "latest", "text"),
    [
        (NOW, NOW + timedelta(hours=2), "14:32–16:32"),
        (NOW + timedelta(days=2), NOW + timedelta(days=2, hours=2), "Mon 14:32–16:32"),
        (NOW, NOW + timedelta(days=2), "14:32–Mon 14:32"),
        (NOW, None, "from 14:32"),
        (None, NOW, "by 14:32"),
        (None, None, ""),
    ],
)
def test_a_window_says_its_day_once(earliest: datetime | None, latest: datetime | None, text: str) -> None:
    assert window(earliest, latest, NOW, OSLO) == text


@pytest.mark.parametrize(("amount", "text"), [(0.0, "0 s"), (0.2, "1 s"), (9.0, "9 s"), (99.5, "2 min"), (1500, "25 min"), (6001, "2 h")])
def test_a_wait_is_never_said_too_short(amount: float, text: str) -> None:
    assert seconds(amount).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (count(1234567), "1 234 567"),
        (count(0), "0"),
        (weight(12.5), "12.5"),
        (weight(1200.0), "1 200"),
        (weight(0.25), "0.25"),
        (weight(None), ""),
        (number(2.0), "2"),
        (number(0.1234), "0.123"),
        (money(Decimal(1250), "NOK"), "1 250.00 NOK"),
        (money(Decimal("1.2345"), "EUR"), "1.2345 EUR"),
        (money(Decimal("-5.5")), "-5.50"),
        (money(Decimal("NaN"), "NOK"), "NaN NOK"),
        (money(None, "NOK"), ""),
    ],
)
def test_numbers_stand_apart_in_thousands(shown: str, text: str) -> None:
    assert shown.replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kari Nordmann", "Kari Nordmann"),
        ("Bjørn Þórsson, Örebro", "Bjørn Þórsson, Örebro"),
        ("Ali\u202egnp.exe", "Ali⟨U+202E⟩gnp.exe"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\x00b\x1b[1m", "a⟨U+0000⟩b⟨U+001B⟩[1m"),
        ("two\r\nlines\tand", "two lines and"),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_hidden_characters_are_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_line_breaks_may_stay_where_there_is_room() -> None:
    assert visible("two\r\nlines", lines=True) == "two\nlines"


def test_a_text_far_too_long_ends_early_and_says_so() -> None:
    shown = visible("m" * 1_000_000)
    assert len(shown) < 5_000
    assert shown.endswith("… and 996000 more characters")
    assert visible(shown) == shown
    assert visible("m" * 4_100) == "m" * 4_100


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7300002", "Copied: 7300002"),
        ("Time\tWhat\n10:00\tAccept\n", "Copied: 2 lines"),
        ("m" * 1_000_000, f"Copied: {'m' * 80}…"),
        ("a\u202eb", "Copied: a⟨U+202E⟩b"),
        ("", "Copied: "),
    ],
)
def test_what_was_copied_is_said_in_a_line(text: str, said: str) -> None:
    assert copied(text) == said
