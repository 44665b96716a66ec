from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.filenames import day_of

MOMENT = datetime.fromisoformat("2026-11-21T14:32:05")  # as a clock shows it: without a zone


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20261121_143205.jpg",
        "20261121_143205.jpg",
        "20261121_143205(0).jpg",
        "IMG20261121143205.jpg",
        "Screenshot_20261121-143205_Maps.jpg",
        "2026-11-21 14.32.05.jpg",
        "WhatsApp Image 2026-11-21 at 14.32.05.jpeg",
        "WhatsApp Image 2026-11-21 at 14.32.05 (2).jpeg",
        "WhatsApp Image 2026-11-21 at 2.32.05 PM.jpeg",
        "WhatsApp-bilde 2026-11-21 kl. 14.32.05.jpeg",
        "Screenshot 2026-11-21 at 2.32.05\u202fPM.png",
        "photo_2026-11-21_14-32-05.jpg",
        "signal-2026-11-21-143205.jpeg",
        "signal-2026-11-21-14-32-05-123.jpeg",
        "/storage/2025-01-01/IMG_20261121_143205.jpg",
        r"C:\scans\2025-01-01\2026-11-21 14.32.05.jpg",
    ],
)
def test_cameras_and_chats_write_the_moment(name: str) -> None:
    assert day_of(name) == MOMENT


@pytest.mark.parametrize("name", ["PXL_20261121_133205123.jpg", "PXL_20261121_133205123.MP.jpg", "PXL_20261121_133205123~2.jpg"])
def test_a_pixel_writes_it_in_utc(name: str) -> None:
    assert day_of(name) == datetime(2026, 11, 21, 13, 32, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "Scan_21.11.2026.pdf",
        "IMG-20261121-WA0003.jpg",
        "Scan_20261121_001.pdf",
        "20261121.pdf",
        "2026-11-21.pdf",
        "Fraktbrev 21.11.2026 Moss.pdf",
    ],
)
def test_where_no_time_is_written_there_is_a_day(name: str) -> None:
    found = day_of(name)
    assert found == date(2026, 11, 21)
    assert not isinstance(found, datetime)


def test_midnight_by_the_twelve_hour_clock() -> None:
    assert day_of("2026-11-21 at 12.05.00 AM.png") == datetime.fromisoformat("2026-11-21T00:05")
    assert day_of("2026-11-21 at 12.05.00 PM.png") == datetime.fromisoformat("2026-11-21T12:05")
    assert day_of("2026-11-21 at 13.05.00 PM.png") is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "note.jpg",
        "IMG_4711.HEIC",
        "order 2026112100.pdf",
        "120261121.pdf",
        "20261121143205.pdf",
        "Ordre_20261121.pdf",
        "20261121-0042.pdf",
        "4711002026112114.pdf",
        "20261121_993205.jpg",
        "20261321_143205.jpg",
        "2026-02-30.pdf",
        "21-11-2026.pdf",
        "03/04/2026.pdf",
        "192.21.11.2026.pdf",
        "1.2.2026.4.pdf",
        "19991231_235959.jpg",
        "2100-01-01.pdf",
        "2026-11-21 to 2026-11-23.pdf",
        "2026-11-21 14.32.05 and 2026-11-21 15.00.00.jpg",
        "IMG_٢٠٢٦1121_143205.jpg",
    ],
)
def test_what_may_as_well_be_another_number_is_no_day(name: str) -> None:
    assert day_of(name) is None


@given(
    st.text()
    | st.from_regex(r"[A-Z_]{0,4}[0-9_. :-]{6,24}(AM|PM)?(\.jpg)?")
    | st.from_regex(r"20[0-9]{2}[-_.]?[0-9]{2}[-_.]?[0-9]{2}.{0,12}")
)
def test_no_name_surprises_it(name: str) -> None:
    found = day_of(name)
    assert found is None or 2000 <= found.year <= 2099


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.from_regex(r"\A[0-9]{1,8}\Z"), st.from_regex(r"\A[0-9]{1,8}\Z"))
def test_a_longer_number_is_never_a_day(day: date, before: str, after: str) -> None:
    assert day_of(f"{before}{day:%Y%m%d}.pdf") is None
    assert day_of(f"order {day:%Y%m%d}{after}.pdf") is None


moments = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31T23:59:59"))


@given(moments.map(lambda moment: moment.replace(microsecond=0)))
def test_every_moment_of_the_century_is_read_back(moment: datetime) -> None:
    assert day_of(f"IMG_{moment:%Y%m%d_%H%M%S}.jpg") == moment
    assert day_of(f"{moment:%Y-%m-%d %H.%M.%S}.jpg") == moment
