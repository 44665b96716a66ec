from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.paper import PictureFacts
from zendera_desk.domain.report import Picture
from zendera_desk.domain.shipment import Address, Contact, Coordinates, Stop, StopKind
from zendera_desk.domain.suggestions import (
    KnownName,
    Source,
    TimeSuggestion,
    completion,
    distance,
    far_from,
    known_names,
    place_of,
    suggested_position,
    suggested_time,
    with_day,
)
from zendera_desk.domain.times import ReadTime, read_time

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 14, 31, 20, tzinfo=OSLO)
BERGEN = Coordinates(latitude=60.3913, longitude=5.3221)


def picture(name: str = "IMG_2031.jpg") -> Picture:
    return Picture(id=PictureId(name), name=name, width=4, height=3, size=9)


def shown(text: str) -> datetime:
    return datetime.fromisoformat(text)


def suggested(taken: str = "", name: str = "IMG_2031.jpg", now: datetime = NOW) -> TimeSuggestion | None:
    facts = PictureFacts(taken=shown(taken) if taken else None)
    return suggested_time([(picture(name), facts)], now, OSLO)


def texts(found: TimeSuggestion | None) -> tuple[str, ...]:
    assert found is not None
    return found.texts(NOW, OSLO)


def test_a_photo_with_its_offset_is_read_as_the_moment_it_was() -> None:
    found = suggested("2026-11-21T13:32:05+00:00")
    assert texts(found) == ("21.11.26 14:32",)
    assert found is not None
    assert (found.source, found.zone_assumed) == (Source.PHOTO, False)


def test_a_photo_without_offset_is_read_in_the_desk_s_zone_and_says_so() -> None:
    found = suggested("2026-11-21T14:20:59")
    assert texts(found) == ("21.11.26 14:20",)
    assert found is not None
    assert found.zone_assumed


def test_the_hour_that_came_twice_is_offered_twice_because_nobody_can_tell() -> None:
    found = suggested("2026-10-25T02:30:00")
    assert found is not None
    assert [moment.astimezone(OSLO).utcoffset() for moment in found.moments] == [timedelta(hours=2), timedelta(hours=1)]
    first, second = (read_time(text, NOW, OSLO) for text in texts(found))
    assert isinstance(first, ReadTime)
    assert isinstance(second, ReadTime)
    assert (first.at, second.at) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


def test_in_the_night_itself_only_the_hour_that_has_been_is_offered() -> None:
    now = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    found = suggested("2026-10-25T02:30:00", now=now)
    assert found is not None
    assert found.moments == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC),)


def test_an_hour_that_the_clocks_skipped_is_a_wrong_clock_and_is_not_offered() -> None:
    assert suggested("2026-03-29T02:30:00") is None


def test_a_time_to_come_is_a_wrong_clock_and_is_not_offered() -> None:
    assert suggested("2026-11-21T14:50:00") is None
    assert suggested("2026-11-21T14:40:00") is not None


def test_of_a_name_with_a_day_the_day_is_offered_and_no_hour() -> None:
    found = suggested(name="Scan_20261120_001.pdf")
    assert found is not None
    assert (found.source, found.day, found.moments) == (Source.FILE_NAME, date(2026, 11, 20), ())
    assert suggested(name="Scan_20261122_001.pdf") is None


def test_of_a_name_with_a_moment_the_moment_is_offered() -> None:
    found = suggested(name="PXL_20261121_120005123.jpg")
    assert texts(found) == ("21.11.26 13:00",)
    assert found is not None
    assert found.source is Source.FILE_NAME


def test_what_the_file_says_goes_before_its_name_and_a_moment_before_a_day() -> None:
    taken = PictureFacts(taken=shown("2026-11-21T09:15:00"))
    pictures = [(picture("Scan_20261120_001.pdf"), PictureFacts()), (picture("20261121_080000.jpg"), PictureFacts()), (picture(), taken)]
    assert texts(suggested_time(pictures, NOW, OSLO)) == ("21.11.26 09:15",)
    assert texts(suggested_time(pictures[:2], NOW, OSLO)) == ("21.11.26 08:00",)
    assert suggested_time([], NOW, OSLO) is None


def test_the_day_goes_to_the_hour_that_was_typed_or_waits_for_one() -> None:
    day = date(2026, 11, 20)
    assert with_day(day, "1430", NOW, OSLO) == "20.11.26 14:30"
    assert with_day(day, "21.11.26 14:30", NOW, OSLO) == "20.11.26 14:30"
    assert with_day(day, "", NOW, OSLO) == "20.11.26 "


@given(st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 20)), st.sampled_from([None, -8, 0, 5.5]))  # noqa: DTZ001 (clocks)
def test_what_is_suggested_is_always_the_minute_of_the_photo_and_can_be_read_back(taken: datetime, hours: float | None) -> None:
    zone = None if hours is None else timezone(timedelta(hours=hours))
    found = suggested_time([(picture("x.jpg"), PictureFacts(taken=taken.replace(tzinfo=zone)))], NOW, OSLO)
    for moment, text in zip(found.moments, found.texts(NOW, OSLO), strict=True) if found is not None else ():
        read = read_time(text, NOW, OSLO)
        assert isinstance(read, ReadTime)
        assert read.at == moment
        assert moment.astimezone(zone or OSLO).replace(tzinfo=None) == taken.replace(second=0, microsecond=0)


def test_a_position_has_five_places_and_none_is_made_up() -> None:
    at = Coordinates(latitude=60.39129961, longitude=-5.3)
    found = suggested_position([(picture("a"), PictureFacts()), (picture("b"), PictureFacts(position=at))])
    assert found is not None
    assert (found.texts, found.picture.name) == (("60.39130", "-5.30000"), "b")
    assert suggested_position([(picture(), PictureFacts())]) is None


@pytest.mark.parametrize(
    ("other", "metres"),
    [
        (BERGEN, 0),
        (Coordinates(latitude=60.3913, longitude=5.3421), 1_099),
        (Coordinates(latitude=59.9139, longitude=10.7522), 305_200),
        (Coordinates(latitude=-60.3913, longitude=-174.6779), 20_015_115),
    ],
)
def test_distances_are_those_of_the_map(other: Coordinates, metres: float) -> None:
    assert distance(BERGEN, other) == pytest.approx(metres, rel=0.002)


def test_photos_are_far_from_the_address_only_if_the_nearest_is() -> None:
    near, far = (PictureFacts(position=Coordinates(latitude=60.3913, longitude=east)) for east in (5.3301, 5.3421))
    assert far_from([(picture(), far)], BERGEN) == pytest.approx(1_099, rel=0.002)
    assert far_from([(picture(), far), (picture(), near)], BERGEN) is None
    assert far_from([(picture(), far)], None) is None
    assert far_from([(picture(), PictureFacts())], BERGEN) is None


# Who may sign


def test_contacts_come_first_and_a_name_stands_once_however_it_was_spelled() -> None:
    stop = Stop(kind=StopKind.DELIVERY, contacts=(Contact(name="Kari  Nordmann"), Contact(name="")))
    used = [("Per Hansen", NOW), ("KARI NORDMANN", NOW - timedelta(days=1)), ("kari nordmann", NOW - timedelta(days=9)), (" ", NOW)]
    assert known_names(stop, [(name, at) for name, at in used if name.strip()]) == (
        KnownName(name="Kari Nordmann", is_contact=True, times=2, last_at=NOW - timedelta(days=1)),
        KnownName(name="Per Hansen", times=1, last_at=NOW),
    )


def test_no_more_than_eight_names_are_offered() -> None:
    used = [(f"Person {number}", NOW) for number in range(20)]
    assert len(known_names(Stop(kind=StopKind.DELIVERY), used)) == 8


def test_a_name_goes_on_as_it_was_typed_or_is_not_offered() -> None:
    kari, per = KnownName(name="Kari Nordmann"), KnownName(name="Per Hansen")
    assert completion([per, kari], "KARI N") == [kari]
    assert completion([per, kari], "Kari Nordmann") == []
    assert completion([per, kari], "Nordmann") == []
    assert completion([per, kari], " ") == []


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (Address(line1="strandgaten  14 ", postal_code="5003", city="BERGEN"), True),
        (Address(name="Another firm", line1="Strandgaten 14", postal_code="5003"), True),
        (Address(line1="Strandgaten 15", postal_code="5003", city="Bergen"), False),
        (Address(line1="Strandgaten 14", postal_code="0581", city="Oslo"), False),
        (Address(), False),
    ],
)
def test_a_place_is_its_street_and_its_postal_code(other: Address, is_same: bool) -> None:
    place = place_of(Address(name="Fjordfisk AS", line1="Strandgaten 14", postal_code="5003", city="Bergen"))
    assert (place_of(other) == place) is is_same
    assert place_of(Address(city="Bergen")) == ""
