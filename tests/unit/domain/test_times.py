from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from zendera_desk.domain.times import ReadTime, TimeTrouble, pinned, read_time, step

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 14, 31, 20, tzinfo=OSLO)
PLANNED = date(2026, 11, 20)


def read(text: str, now: datetime = NOW) -> ReadTime:
    answer = read_time(text, now, OSLO, PLANNED)
    assert isinstance(answer, ReadTime), answer
    return answer


def trouble(text: str, planned: date | None = PLANNED) -> str:
    answer = read_time(text, NOW, OSLO, planned)
    assert isinstance(answer, TimeTrouble), answer
    return answer.code


@pytest.mark.parametrize(
    ("text", "local", "assumed"),
    [
        ("1430", "2026-11-21 14:30", ("today",)),
        ("14.30", "2026-11-21 14:30", ("today",)),
        (" 14:30 ", "2026-11-21 14:30", ("today",)),
        ("930", "2026-11-21 09:30", ("today",)),
        ("9:30", "2026-11-21 09:30", ("today",)),
        ("0000", "2026-11-21 00:00", ("today",)),
        ("t", "2026-11-21 14:31", ("pc_clock",)),
        ("T1430", "2026-11-21 14:30", ("today",)),
        ("t 1430", "2026-11-21 14:30", ("today",)),
        ("y1430", "2026-11-20 14:30", ("yesterday",)),
        ("d1430", "2026-11-20 14:30", ("planned_day",)),
        ("0611 1430", "2026-11-06 14:30", ("year",)),
        ("06.11 1430", "2026-11-06 14:30", ("year",)),
        ("6.11. 9.30", "2026-11-06 09:30", ("year",)),
        ("06/11 1430", "2026-11-06 14:30", ("year",)),
        ("06.11.26 1430", "2026-11-06 14:30", ()),
        ("06.11.2025 1430", "2025-11-06 14:30", ()),
        ("061126 1430", "2026-11-06 14:30", ()),
        ("06112026 1430", "2026-11-06 14:30", ()),
        ("2026-11-06 14:30", "2026-11-06 14:30", ()),
        ("2026-11-06T14:30:00", "2026-11-06 14:30", ()),
        ("2026-11-06T14:30:00Z", "2026-11-06 15:30", ()),
        ("2026-11-06T14:30+0300", "2026-11-06 12:30", ()),
        ("t 21.11.26 14:30", "2026-11-21 14:30", ("pc_clock",)),
    ],
)
def test_a_time_typed_short_means_this_moment(text: str, local: str, assumed: tuple[str, ...]) -> None:
    answer = read(text)
    assert answer.at == datetime.fromisoformat(local).replace(tzinfo=OSLO)
    assert answer.at.tzinfo is UTC
    assert answer.assumed == assumed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("y", "no_hour"),
        ("d", "no_hour"),
        ("06.11.26", "no_hour"),
        ("061126", "no_hour"),
        ("2511", "no_hour"),
        ("25.11", "no_hour"),
        ("2026-11-06", "no_hour"),
        ("14", "unreadable"),
        ("half past two", "unreadable"),
        ("0611 14", "unreadable"),
        ("y061126 1430", "unreadable"),
        ("-1430", "unreadable"),
        ("١٤٣٠", "unreadable"),
        ("2599", "no_such_time"),
        ("2400", "no_such_time"),
        ("t2460", "no_such_time"),
        ("2026-11-06 25:00", "no_such_time"),
        ("3113 1430", "no_such_day"),
        ("29.02.26 1430", "no_such_day"),
        ("29.02 1430", "no_such_day"),
        ("2026-02-30 14:30", "no_such_day"),
        ("29.03.26 0230", "dst_gap"),
        ("06.11.1926 1430", "far_away"),
        ("0001-01-01T00:00+14:00", "far_away"),
        ("9999-12-31T23:59-12:00", "far_away"),
        ("2100-01-01T00:30", "far_away"),
    ],
)
def test_what_is_no_time_is_never_made_one(text: str, code: str) -> None:
    assert trouble(text) == code


def test_the_planned_day_must_be_known() -> None:
    assert trouble("d1430", planned=None) == "no_planned_day"


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    january = datetime(2027, 1, 2, 9, tzinfo=OSLO)
    assert read("3112 1430", january).at.year == 2026
    december = datetime(2026, 12, 31, 9, tzinfo=OSLO)
    assert read("0201 1430", december).at.year == 2027


def test_the_hour_that_comes_twice_is_the_later_one_that_has_been_and_says_so() -> None:
    afterwards = read("25.10.26 0230")
    assert (afterwards.at, afterwards.assumed) == (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ("dst_second",))
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45, for the first time
    answer = read("0230", between)
    assert (answer.at, answer.assumed) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ("today", "dst_first"))


def test_either_of_the_two_hours_can_be_named_by_its_offset() -> None:
    assert read("2026-10-25 02:30+02:00") == ReadTime(at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))


def test_a_pinned_time_means_the_same_tomorrow() -> None:
    assert pinned("1430", NOW, OSLO) == "21.11.26 14:30"
    assert pinned("y1430", NOW, OSLO) == "20.11.26 14:30"
    assert pinned("t", NOW, OSLO) == "t 21.11.26 14:31"
    assert pinned("25.10.26 0230", NOW, OSLO) == "2026-10-25 02:30:00+01:00"
    assert pinned("14:3", NOW, OSLO) == "14:3"


def test_steps_cross_midnight_and_the_change_of_clocks() -> None:
    assert step("2358", 5, NOW, OSLO) == "22.11.26 00:03"
    assert step("0002", -5, NOW, OSLO) == "20.11.26 23:57"
    assert step("29.03.26 0158", 5, NOW, OSLO) == "29.03.26 03:03"


def test_a_step_from_nothing_stays_nothing() -> None:
    assert step("", 5, NOW, OSLO) == ""
    assert step("31.12.2099 23:58", 5, NOW, OSLO) == "31.12.2099 23:58"


def test_a_time_stepped_away_from_is_no_longer_the_clock_s() -> None:
    assert "pc_clock" not in read(step("t", 5, NOW, OSLO)).assumed
