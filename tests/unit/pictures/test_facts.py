from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from unit.pictures.made import HEIC, encoded, pdf, says
from zendera_desk.domain.paper import PictureFacts
from zendera_desk.domain.shipment import Coordinates
from zendera_desk.pictures import facts as fact_reader
from zendera_desk.pictures.jobs import Open, Opened
from zendera_desk.pictures.work import do

TAKEN, OFFSET, DIGITISED, CHANGED = 0x9003, 0x9011, 0x9004, 0x0132
OSLO: dict[int, object] = {1: "N", 2: (59.0, 54.0, 50.04), 3: "E", 4: (10.0, 45.0, 7.92)}


def with_facts(exif: Mapping[int, object] | None = None, gps: Mapping[int, object] | None = None, kind: str = "JPEG") -> bytes:
    block = Image.Exif()
    block[0x010F] = "Camera"  # a block of sub-blocks alone counts as empty with Pillow
    block.get_ifd(0x8769).update(exif or {})
    block.get_ifd(0x8825).update(gps or {})
    return encoded(Image.new("RGB", (32, 16)), kind, exif=block.tobytes())


def facts(file: Path, source: bytes) -> PictureFacts:
    file.write_bytes(source)
    answer = do(Open(path=str(file)))
    assert isinstance(answer, Opened)
    return answer.facts


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "HEIC"])
def test_time_and_place_are_read_from_every_format(kind: str, tmp_path: Path) -> None:
    source = (HEIC / "orientation-6.heic").read_bytes() if kind == "HEIC" else with_facts(
        {TAKEN: "2026:11:21 14:32:05", OFFSET: "+01:00"}, OSLO, kind
    )  # fmt: skip
    found = facts(tmp_path / "file", source)
    assert found.taken == datetime(2026, 11, 21, 14, 32, 5, tzinfo=timezone(timedelta(hours=1)))
    assert found.taken.utcoffset() == timedelta(hours=1)
    assert found.position == Coordinates(latitude=59.9139, longitude=10.7522)


def test_a_clock_without_an_offset_stays_without_one(tmp_path: Path) -> None:
    assert facts(tmp_path / "file", with_facts({TAKEN: "2026:11:21 14:32:05"})).taken == datetime.fromisoformat("2026-11-21T14:32:05")


@pytest.mark.parametrize("offset", ["", "+25:00", "+01:75", "01:00", "local", "  :  ", "+1"])
def test_an_offset_that_is_none_is_left_out(offset: str, tmp_path: Path) -> None:
    found = facts(tmp_path / "file", with_facts({TAKEN: "2026:11:21 14:32:05", OFFSET: offset}))
    assert found.taken == datetime.fromisoformat("2026-11-21T14:32:05")


@pytest.mark.parametrize(("offset", "hours"), [("-05:00", -5.0), ("+0530", 5.5), ("+00:00", 0.0)])
def test_an_offset_is_taken_as_it_is(offset: str, hours: float, tmp_path: Path) -> None:
    found = facts(tmp_path / "file", with_facts({TAKEN: "2026:11:21 14:32:05", OFFSET: offset}))
    assert found.taken is not None
    assert found.taken.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "1970:01:01 00:00:12",
        "1980:01:01 12:00:00",
        "2000:01:01 00:07:00",
        "2009:06:01 12:00:00",
        "2024:01:01 00:00:31",
        "2026:02:30 12:00:00",
        "2026:11:21 25:00:00",
        "2026:11:21",
        "yesterday",
        "",
    ],
)
def test_a_clock_that_was_never_set_and_nonsense_are_no_time(text: str, tmp_path: Path) -> None:
    assert facts(tmp_path / "file", with_facts({TAKEN: text})).taken is None


def test_only_when_it_was_taken_counts_and_not_when_it_was_scanned_or_changed(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[CHANGED] = "2026:11:21 14:32:05"
    exif.get_ifd(0x8769)[DIGITISED] = "2026:11:21 14:32:05"
    assert facts(tmp_path / "file", encoded(Image.new("RGB", (8, 8)), exif=exif)).taken is None


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({1: "S", 3: "W"}, (-59.9139, -10.7522)),
        ({1: "s"}, (-59.9139, 10.7522)),
        ({2: (90.0, 0.0, 0.0), 4: (180.0, 0.0, 0.0)}, (90.0, 180.0)),
        ({2: (0.0, 0.0, 0.0)}, (0.0, 10.7522)),
    ],
)
def test_a_position_is_on_the_side_that_it_names(changed: dict[int, object], wanted: tuple[float, float], tmp_path: Path) -> None:
    latitude, longitude = wanted
    found = facts(tmp_path / "file", with_facts(gps=OSLO | changed))
    assert found.position == Coordinates(latitude=latitude, longitude=longitude)


@pytest.mark.parametrize(
    "changed",
    [
        {1: None},
        {3: None},
        {1: "E"},
        {1: ""},
        {2: None},
        {4: None},
        {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
        {2: (0.0, 0.0, 0.3), 4: (0.0, 0.0, 0.3)},
        {2: (91.0, 0.0, 0.0)},
        {2: (90.0, 0.0, 1.0)},
        {4: (180.0, 30.0, 0.0)},
        {2: (59.0, 75.0, 0.0)},
        {2: (59.0, 0.0, 75.0)},
        {9: "V"},
    ],
    ids=str,
)
def test_half_a_position_and_none_are_no_position(changed: dict[int, object], tmp_path: Path) -> None:
    gps = {tag: value for tag, value in (OSLO | changed).items() if value is not None}
    assert facts(tmp_path / "file", with_facts(gps=gps)).position is None


def test_a_number_divided_by_nothing_is_no_position(tmp_path: Path) -> None:
    source = with_facts(gps=OSLO | {2: (59.0, 54.0, 50.0)})
    fraction = (50).to_bytes(4, "big") + (1).to_bytes(4, "big")
    if fraction not in source:
        fraction = (50).to_bytes(4, "little") + (1).to_bytes(4, "little")
    assert source.count(fraction) == 1
    assert facts(tmp_path / "file", source).position is not None
    assert facts(tmp_path / "file", source.replace(fraction, fraction[:4] + bytes(4))).position is None


def test_a_file_without_facts_has_none(tmp_path: Path) -> None:
    for source in (encoded(Image.new("RGB", (8, 8))), encoded(Image.new("RGB", (8, 8)), "PNG"), pdf(says("2026-11-21"))):
        assert facts(tmp_path / "file", source) == PictureFacts()


values = (
    st.none()
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | st.integers()
    | st.floats()
    | st.tuples(st.floats(), st.floats(), st.floats())
)


@given(st.dictionaries(st.sampled_from([1, 2, 3, 4, 9, TAKEN, OFFSET]), values))
def test_no_value_of_a_tag_surprises_it(part: dict[int, object]) -> None:
    position, taken = fact_reader._position(part), fact_reader._taken(part)
    assert position is None or (-90 <= position.latitude <= 90 and -180 <= position.longitude <= 180)
    assert taken is None or taken.year >= 2010


@pytest.mark.filterwarnings("ignore")  # Pillow says what is wrong with the block, and goes on
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(rubbish=st.binary(min_size=1, max_size=60), at=st.integers(0, 300))
def test_a_broken_block_of_facts_costs_the_facts_and_not_the_picture(rubbish: bytes, at: int, tmp_path: Path) -> None:
    source = bytearray(with_facts({TAKEN: "2026:11:21 14:32:05", OFFSET: "+01:00"}, OSLO))
    start = source.index(b"Exif\0\0") + 6
    length = int.from_bytes(source[start - 8 : start - 6], "big") - 8
    at %= length
    source[start + at : start + at + min(len(rubbish), length - at)] = rubbish[: length - at]
    assert isinstance(facts(tmp_path / "file", bytes(source)), PictureFacts)
