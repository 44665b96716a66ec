"""What holds for every text that could be typed and for every moment it could be typed at."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.times import ASSUMED, TROUBLES, ReadTime, TimeTrouble, pinned, read_time, step

zones = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Oslo", "Atlantic/Reykjavik", "Australia/Lord_Howe", "America/St_Johns", "UTC")]
)
moments = st.datetimes(datetime(2001, 1, 1), datetime(2098, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (Hypothesis wants naive bounds)
days = st.none() | st.dates(date(2001, 1, 1), date(2098, 12, 31))
typed = (
    st.text(max_size=30)
    | st.text("0123456789 .:-tydTZ+/", max_size=22)
    | st.from_regex(r"[tyd]? ?[0-2][0-9][.:]?[0-5][0-9]", fullmatch=True)
)
local = st.datetimes(datetime(2001, 1, 1), datetime(2098, 12, 31)).map(  # noqa: DTZ001 (wall-clock times)
    lambda at: at.replace(second=0, microsecond=0)
)


@given(typed, moments, zones, days)
def test_whatever_is_typed_gives_a_moment_or_a_named_trouble(text: str, now: datetime, zone: ZoneInfo, planned: date | None) -> None:
    match read_time(text, now, zone, planned):
        case ReadTime(at=at, assumed=assumed):
            assert at.utcoffset() == timedelta(0)
            assert at.microsecond % 1000 == 0
            assert set(assumed) <= set(ASSUMED)
        case TimeTrouble(code=code):
            assert code in TROUBLES


@given(typed, moments, zones, days, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_pinned_time_means_the_same_whenever_it_is_read(
    text: str, now: datetime, zone: ZoneInfo, planned: date | None, later: timedelta
) -> None:
    first = read_time(text, now, zone, planned)
    if isinstance(first, ReadTime):
        again = read_time(pinned(text, now, zone, planned), now + later, zone, None)
        assert isinstance(again, ReadTime)
        assert again.at == first.at
        assert ("pc_clock" in again.assumed) == ("pc_clock" in first.assumed)


@given(local, moments, zones)
def test_a_day_and_hour_written_out_is_that_wall_clock_s_time_or_one_that_was_skipped(
    naive: datetime, now: datetime, zone: ZoneInfo
) -> None:
    match read_time(f"{naive:%d.%m.%y %H%M}", now, zone, None):
        case ReadTime(at=at):
            assert at.astimezone(zone).replace(tzinfo=None) == naive
        case TimeTrouble(code=code):
            assert code == "dst_gap"
            assert naive.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive


@given(local, moments, zones, st.integers(-600, 600))
def test_steps_are_real_minutes_and_lead_back(naive: datetime, now: datetime, zone: ZoneInfo, minutes: int) -> None:
    text = f"{naive:%d.%m.%y %H%M}"
    start = read_time(text, now, zone, None)
    if isinstance(start, ReadTime):
        there = step(text, minutes, now, zone)
        reached = read_time(there, now, zone, None)
        assert isinstance(reached, ReadTime)
        assert reached.at - start.at == timedelta(minutes=minutes)
        back = read_time(step(there, -minutes, now, zone), now, zone, None)
        assert isinstance(back, ReadTime)
        assert back.at == start.at
